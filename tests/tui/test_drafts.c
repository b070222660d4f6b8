/* SPDX-License-Identifier: MIT
 *
 * Drafts of the full screen: what was typed survives the line and the process, and the
 * next start offers exactly that.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>

#include "tui/scratch.h"

static const char main_cf[] = "# A relay\nmyhostname = relay.example.co.jp\n"
			      "inet_protocols = ipv4\n";

static struct vt *
start(struct scratch *s)
{
	scratch_new(s, &(struct scratch_files){.main_cf = main_cf});
	return scratch_start(s, "relayhost", NULL, (struct vt_opts){0});
}

static struct vt *
again(struct scratch *s)
{
	return scratch_start(s, "relayhost", NULL, (struct vt_opts){0});
}

static void
change_relayhost(struct vt *v, const char *host)
{
	vt_keys(v, "4 Enter Ctrl-U");
	vt_type(v, host);
	vt_keys(v, "Enter");
}

static void
add_alias(struct vt *v, const char *name)
{
	vt_keys(v, "5 a");
	vt_type(v, name);
	vt_keys(v, "Tab");
	vt_type(v, "taro");
	vt_keys(v, "Enter");
}

/* How many files of the folder runs end so; any: the name of one. */
static size_t
runs(struct scratch *s, const char *end, char *any)
{
	char path[512];
	size_t n = 0;
	struct dirent *e;
	DIR *top = opendir(scratch_path(s, "state"));

	while (top && (e = readdir(top))) {
		struct dirent *f;
		DIR *d;

		if (strlen(e->d_name) != 16)
			continue;
		(void)snprintf(path, sizeof(path), "%s/state/%s/runs", s->dir, e->d_name);
		d = opendir(path);
		while (d && (f = readdir(d))) {
			size_t len = strlen(f->d_name), k = strlen(end);

			if (len < k || strcmp(f->d_name + len - k, end) != 0)
				continue;
			n++;
			if (any)
				(void)snprintf(any, 1024, "%s/%s", path, f->d_name);
		}
		if (d)
			(void)closedir(d);
	}
	if (top)
		(void)closedir(top);
	return n;
}

/* Wait until the draft has all of n texts. */
static void
wait_for_draft(struct scratch *s, const char *text)
{
	for (int i = 0; i < 1000; i++) {
		char path[1024] = "", buf[8192];
		FILE *f = runs(s, ".draft", path) ? fopen(path, "r") : NULL;
		size_t got = f ? fread(buf, 1, sizeof(buf) - 1, f) : 0;

		buf[got] = '\0';
		if (f)
			(void)fclose(f);
		if (strstr(buf, text))
			return;
		(void)usleep(10000);
	}
	fail_msg("no draft with %s came", text);
}

static void
kill_it(struct vt *v)
{
	assert_int_equal(kill(vt_pid(v), SIGKILL), 0);
	assert_int_equal(vt_wait_exit(v), 128 + SIGKILL);
	(void)vt_close(v);
}

static void
hangup_keeps_all_and_the_next_start_offers_it(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	add_alias(v, "sales");
	(void)vt_close(v); /* at once: no second has passed */
	assert_int_equal(runs(&s, ".run", NULL), 0);
	assert_int_equal(runs(&s, ".draft", NULL), 1);
	v = again(&s);
	vt_assert_row(v, 0, "A draft of yours waits");
	vt_assert_row(v, 0, "2 changes were kept:");
	vt_assert_row(v, 0, "+ relayhost        [mail.test.co.jp]:587");
	vt_assert_row(v, 0, "+ sales            taro");
	vt_assert_row(v, 0, ">[< Take it up      >]  t");
	vt_keys(v, "Enter");
	vt_assert_row(v, 1, "*2");
	vt_keys(v, "w");
	vt_assert_row(v, 3, "Review: 2 changes in 2 files");
	vt_assert_row(v, 0, "    +relayhost = [mail.test.co.jp]:587");
	vt_assert_row(v, 0, "    +sales: taro");
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "Applied: 2 changes");
	vt_keys(v, "q");
	assert_int_equal(vt_wait_exit(v), 0);
	(void)vt_close(v);
	assert_int_equal(runs(&s, "", NULL), 2); /* . and .. */
	scratch_end(&s);
}

static void
killed_run_leaves_what_is_older_than_a_second(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	wait_for_draft(&s, "mail.test.co.jp");
	kill_it(v);
	assert_int_equal(runs(&s, ".run", NULL), 1); /* nobody could remove it */
	v = again(&s);
	assert_int_equal(runs(&s, ".run", NULL), 0); /* ... but the next start */
	vt_assert_row(v, 0, "1 change was kept:");
	vt_keys(v, "Esc");
	vt_assert_row(v, 1, "*0");
	vt_keys(v, "q");
	assert_int_equal(vt_wait_exit(v), 0);
	(void)vt_close(v);
	v = again(&s); /* left for later */
	vt_assert_row(v, 0, "1 change was kept:");
	vt_keys(v, "x");
	vt_assert_row(v, 22, "The draft is gone.");
	vt_keys(v, "q");
	assert_int_equal(vt_wait_exit(v), 0);
	(void)vt_close(v);
	assert_int_equal(runs(&s, ".draft", NULL), 0);
	scratch_end(&s);
}

/* The lock that an apply of this folder holds. */
static int
lock_apply(struct scratch *s)
{
	char path[1024], *slash;
	int fd;

	assert_int_equal(runs(s, ".draft", path), 1);
	for (int i = 0; i < 2; i++)
		if ((slash = strrchr(path, '/')))
			*slash = '\0';
	(void)strncat(path, "/apply.lock", sizeof(path) - strlen(path) - 1);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	return fd;
}

/* The line dropped while the changes were applied: they are in the file, and may be put
 * back yet. */
static void
draft_outlives_an_apply_that_is_put_back(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);
	char *before;
	int fd;

	(void)state;
	before = scratch_read(&s, "main.cf");
	change_relayhost(v, "mail.test.co.jp:587");
	(void)vt_close(v);
	fd = lock_apply(&s);
	scratch_write(&s, "main.cf",
		"myhostname = relay.example.co.jp\nrelayhost = "
		"[mail.test.co.jp]:587\n",
		0644);
	v = again(&s);
	vt_keys(v, "q");
	assert_int_equal(vt_wait_exit(v), 0);
	(void)vt_close(v);
	assert_int_equal(runs(&s, ".draft", NULL), 1);
	scratch_write(&s, "main.cf", before, 0644);
	free(before);
	(void)close(fd);
	v = again(&s);
	vt_assert_row(v, 0, "+ relayhost        [mail.test.co.jp]:587");
	(void)vt_close(v);
	scratch_end(&s);
}

/* Taken up and killed before it was written anew: still there. */
static void
taken_up_draft_is_not_lost_either(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	(void)vt_close(v);
	v = again(&s);
	vt_keys(v, "t");
	vt_assert_row(v, 1, "*1");
	kill_it(v);
	v = again(&s);
	vt_assert_row(v, 0, "+ relayhost        [mail.test.co.jp]:587");
	(void)vt_close(v);
	scratch_end(&s);
}

/* --- the password table --- */

static const char login_cf[] = "relayhost = [mail.test.co.jp]:587\n"
			       "smtp_sasl_auth_enable = yes\n"
			       "smtp_sasl_password_maps = "
			       "texthash:$config_directory/sasl\n"
			       "smtp_sasl_tls_security_options = noanonymous\n"
			       "smtp_tls_security_level = encrypt\n";

static struct vt *
start_login(struct scratch *s)
{
	scratch_new(s, &(struct scratch_files){.main_cf = login_cf});
	scratch_write(s, "sasl", "# ours\n[mail.test.co.jp]:587\trelay:Geheim\n", 0600);
	return again(s);
}

/* Kill it once the draft has this text, and no password; the next start. */
static struct vt *
kill_and_start(struct scratch *s, struct vt *v, const char *text)
{
	char path[1024] = "", buf[8192] = "";
	FILE *f;

	wait_for_draft(s, text);
	kill_it(v);
	assert_int_equal(runs(s, ".draft", path), 1);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(buf, 1, sizeof(buf) - 1, f) > 0);
	assert_int_equal(fclose(f), 0);
	assert_null(strstr(buf, "Geheim"));
	assert_null(strstr(buf, "neues"));
	return again(s);
}

static void
apply_and_end(struct scratch *s, struct vt *v, const char *said, const char *table)
{
	char *now;

	vt_keys(v, "w Enter");
	vt_wait_text(v, 4, said);
	now = scratch_read(s, "sasl");
	assert_string_equal(now, table);
	free(now);
	(void)vt_close(v);
	scratch_end(s);
}

static void
moved_login_is_offered_and_keeps_its_password(void **state)
{
	struct scratch s;
	struct vt *v = start_login(&s);

	(void)state;
	vt_keys(v, "Down Enter Ctrl-U");
	vt_type(v, "2525");
	vt_keys(v, "Enter");
	v = kill_and_start(&s, v, "2525");
	vt_assert_row(v, 0, "2 changes were kept:");
	vt_assert_row(v, 0, "* [mail.test.co.jp]:2525  relay, with the password of  ");
	vt_assert_row(v, 0, "  [mail.test.co.jp]:587  ");
	assert_false(vt_has(v, 0, "was not kept"));
	vt_keys(v, "Enter");
	vt_assert_row(v, 13, "Password         ********");
	vt_assert_row(v, 14, "Kept for         [mail.test.co.jp]:2525");
	apply_and_end(&s, v, "Applied: 2 changes",
		"# ours\n[mail.test.co.jp]:2525\trelay:Geheim\n");
}

static void
new_password_is_offered_and_asked_anew(void **state)
{
	struct scratch s;
	struct vt *v = start_login(&s);

	(void)state;
	vt_keys(v, "Down Down Down Down Down Enter Ctrl-U");
	vt_type(v, "sales");
	vt_keys(v, "Enter Down Enter Ctrl-U");
	vt_type(v, "neues");
	vt_keys(v, "Enter");
	vt_assert_row(v, 13, "Password         ********");
	v = kill_and_start(&s, v,
		"\"after\":{\"text\":\"[mail.test.co.jp]:587\",\"value\":"
		"\"sales:\"");
	vt_assert_row(v, 0, "1 change was kept:");
	vt_assert_row(v, 0, "sales, its password is to be typed again");
	vt_keys(v, "Enter");
	vt_assert_row(v, 12, "User             sales");
	vt_assert_row(v, 13, " *!  Password");
	vt_keys(v, "Down Down Down Down Down Down Enter");
	vt_type(v, "neues");
	vt_keys(v, "Enter");
	apply_and_end(&s, v, "Applied: 1 change",
		"# ours\n[mail.test.co.jp]:587\tsales:neues\n");
}

static void
login_taken_away_is_offered(void **state)
{
	struct scratch s;
	struct vt *v = start_login(&s);

	(void)state;
	vt_keys(v, "Down Down Down Down d");
	vt_assert_row(v, 11, "Log in           no");
	v = kill_and_start(&s, v, "\"login\"");
	vt_assert_row(v, 0, "- [mail.test.co.jp]:587  removed");
	vt_keys(v, "Enter");
	vt_assert_row(v, 11, "Log in           no");
	apply_and_end(&s, v, "Applied:", "# ours\n");
}

static void
draft_goes_when_nothing_waits(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	wait_for_draft(&s, "mail.test.co.jp");
	vt_keys(v, "u");
	for (int i = 0; i < 1000 && runs(&s, ".draft", NULL) > 0; i++)
		(void)usleep(10000);
	assert_int_equal(runs(&s, ".draft", NULL), 0);
	vt_keys(v, "Ctrl-R q x"); /* discarded by hand */
	assert_int_equal(vt_wait_exit(v), 0);
	(void)vt_close(v);
	assert_int_equal(runs(&s, "", NULL), 2);
	scratch_end(&s);
}

static void
quit_may_keep_as_draft(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	vt_keys(v, "q");
	vt_assert_row(v, 0, "[  Keep as draft     ]  k");
	vt_keys(v, "k");
	assert_int_equal(vt_wait_exit(v), 0);
	(void)vt_close(v);
	v = again(&s);
	vt_assert_row(v, 0, "It was put aside on");
	vt_keys(v, "t w");
	vt_assert_row(v, 0, "[ Keep as draft ]");
	vt_keys(v, "Right Right Enter");
	assert_int_equal(vt_wait_exit(v), 0);
	(void)vt_close(v);
	assert_int_equal(runs(&s, ".draft", NULL), 1);
	scratch_end(&s);
}

static void
clash_with_the_disk_is_shown_and_asked(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	add_alias(v, "sales");
	(void)vt_close(v);
	scratch_write(&s, "aliases", "postmaster: root\nsales: jiro\n", 0644);
	v = again(&s);
	vt_assert_row(v, 0, "! sales            changed on disk, too");
	vt_assert_row(v, 0, ">[< Take up the 1 that fits >]  t");
	vt_keys(v, "t");
	vt_assert_row(v, 1, "*2");
	vt_assert_row(v, 0, "sales was changed by somebody else, too");
	vt_assert_row(v, 0, "mine:    taro");
	vt_assert_row(v, 0, "theirs:  jiro");
	(void)vt_close(v); /* not even now is it lost */
	v = again(&s);
	vt_assert_row(v, 0, "! sales            changed on disk, too");
	vt_keys(v, "t m");
	vt_assert_row(v, 1, "*2");
	(void)vt_close(v);
	scratch_end(&s);
}

static void
living_run_is_announced_not_offered(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	wait_for_draft(&s, "mail.test.co.jp");
	struct vt *w = again(&s);
	vt_assert_row(w, 0, "is changing this relay too");
	vt_assert_row(w, 0, "has 1 change that is not");
	vt_assert_row(w, 0, ">[< Go on     >]  Esc edit as usual");
	vt_keys(w, "l");
	vt_assert_row(w, 1, "read-only");
	vt_keys(w, "Enter");
	vt_assert_row(w, 22, "only looks");
	(void)vt_close(w);
	w = again(&s);
	vt_keys(w, "Enter");
	assert_false(vt_has(w, 0, "A draft of"));
	vt_assert_row(w, 1, "*0");
	vt_keys(w, "q");
	assert_int_equal(vt_wait_exit(w), 0);
	(void)vt_close(w);
	w = again(&s);
	vt_keys(w, "q"); /* the dialog's own */
	assert_int_equal(vt_wait_exit(w), 0);
	(void)vt_close(w);
	(void)vt_close(v);
	assert_int_equal(runs(&s, ".draft", NULL), 1);
	scratch_end(&s);
}

static void
sessions_that_only_look_or_try_keep_nothing(void **state)
{
	static const char *const options[] = {"-R", "-n"};
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	(void)vt_close(v);
	for (size_t i = 0; i < 2; i++) {
		v = scratch_start(&s, "relayhost", options[i], (struct vt_opts){0});
		assert_false(vt_has(v, 0, "A draft of"));
		if (i == 1) {
			change_relayhost(v, "other.test");
			vt_keys(v, "q");
			assert_false(vt_has(v, 0, "Keep as draft"));
		}
		(void)vt_close(v);
		assert_int_equal(runs(&s, ".draft", NULL), 1);
		assert_int_equal(runs(&s, ".run", NULL), 0);
	}
	scratch_end(&s);
}

static void
bad_drafts_are_refused_with_a_message(void **state)
{
	static const char *const texts[] = {"", "junk\n", "postrelay-draft 1\n{}\n"};
	struct scratch s;
	struct vt *v = start(&s);
	char path[1024];

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	(void)vt_close(v);
	assert_int_equal(runs(&s, ".draft", path), 1);
	for (size_t i = 0; i < 4; i++) {
		if (i < 3) {
			FILE *f = fopen(path, "w");

			assert_non_null(f);
			assert_true(fputs(texts[i], f) >= 0);
			assert_int_equal(fclose(f), 0);
		} else {
			assert_int_equal(unlink(path), 0);
			assert_int_equal(symlink("/etc/passwd", path), 0);
		}
		v = again(&s);
		assert_false(vt_has(v, 0, "A draft of"));
		assert_true(vt_has(v, 0, "can't be used: it is damaged"));
		vt_keys(v, "q");
		assert_int_equal(vt_wait_exit(v), 0);
		(void)vt_close(v);
	}
	scratch_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hangup_keeps_all_and_the_next_start_offers_it),
		cmocka_unit_test(killed_run_leaves_what_is_older_than_a_second),
		cmocka_unit_test(taken_up_draft_is_not_lost_either),
		cmocka_unit_test(draft_outlives_an_apply_that_is_put_back),
		cmocka_unit_test(moved_login_is_offered_and_keeps_its_password),
		cmocka_unit_test(new_password_is_offered_and_asked_anew),
		cmocka_unit_test(login_taken_away_is_offered),
		cmocka_unit_test(draft_goes_when_nothing_waits),
		cmocka_unit_test(quit_may_keep_as_draft),
		cmocka_unit_test(clash_with_the_disk_is_shown_and_asked),
		cmocka_unit_test(living_run_is_announced_not_offered),
		cmocka_unit_test(sessions_that_only_look_or_try_keep_nothing),
		cmocka_unit_test(bad_drafts_are_refused_with_a_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
