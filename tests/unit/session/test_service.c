/* SPDX-License-Identifier: MIT
 *
 * The Postfix that runs, beside the files: what it has not read yet, what only a stop and
 * start brings, and the one that is stopped. Told in the status, as the next step, and in
 * the Review, which offers what mends it.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "apply/svc_health.h"
#include "session/internal.h"
#include "session/params.h"
#include "session/review.h"
#include "verify_rungs.h"

/* Time goes on, so that the service is looked at anew. */
static struct ses_status
status_later(struct machine *x)
{
	struct ses_status st;

	x->pf.clock.ms += 2000;
	ses_status(x->s, &st);
	return st;
}

static struct ses_review
review_of(struct machine *x)
{
	struct ses_review review;

	ses_review(x->s, false, &review);
	return review;
}

/* The next step leads to the Review. */
static struct ses_next
next_is_review(struct machine *x)
{
	struct ses_next next;

	ses_next(x->s, &next);
	assert_string_equal(next.screen, "review");
	return next;
}

/* Files that were written after Postfix read them: told everywhere, and a reload offered.
 */
static void
older_settings_are_told_and_a_reload_offered(void **state)
{
	struct says is = {0};
	struct ses_status st;
	struct ses_review review;
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	x.pf.clock.now = time(NULL); /* the files are real ones */
	ses_status(x.s, &st);
	assert_false(st.older_settings); /* not known */
	fake_postfix_reloaded(&x.pf, MASTER, time(NULL) + 60);
	assert_false(status_later(&x).older_settings);
	fake_postfix_reloaded(&x.pf, MASTER, time(NULL) - 60);
	assert_true(status_later(&x).older_settings);
	assert_non_null(strstr(next_is_review(&x).text, "main.cf is newer"));
	review = review_of(&x);
	assert_int_equal(review.nlines, 0);
	assert_string_equal(review.actions[0].what, "reload");
	machine_close(&x);
}

/* inet_interfaces was edited by hand: a reload would leave the sockets as they are. */
static void
sockets_elsewhere_are_told_and_a_restart_offered(void **state)
{
	const struct timespec old[2] = {
		{.tv_sec = time(NULL) - 3600}, {.tv_sec = time(NULL) - 3600}};
	const struct timespec older[2] = {
		{.tv_sec = time(NULL) - 7200}, {.tv_sec = time(NULL) - 7200}};
	struct says is = {0};
	struct ses_status st;
	struct ses_review review;
	struct machine x;
	char *pid, *text, *more;

	(void)state;
	machine_open(&x, &is);
	pid = str_format("%s/pid/master.pid", x.pf.queue);
	machine_listen(&x, "  sl\n   0: 0501A8C0:0019 00000000:0000 0A 0 0 0 0 0 1\n");
	ses_status(x.s, &st);
	assert_false(st.older_settings); /* main.cf is as old as the master */
	assert_int_equal(utimensat(AT_FDCWD, pid, old, 0), 0);
	/* main.cf may be a copy that kept its time */
	text = fake_postfix_read(&x.pf, "conf/main.cf");
	more = str_format("%s# copied\n", text);
	fake_postfix_write(&x.pf, "conf/main.cf", more);
	assert_int_equal(utimensat(AT_FDCWD, st.main_cf, older, 0), 0);
	assert_true(ses_reread(x.s, false, NULL));
	assert_true(status_later(&x).older_settings);
	assert_non_null(strstr(next_is_review(&x).text, "Restart Postfix"));
	assert_true(ses_verify_start(x.s, &(struct ses_verify_opts){0}, NULL));
	ses_verify_wait(x.s, NULL, NULL);
	assert_string_equal(ladder_rung(&x, "listens").screen, "review");
	review = review_of(&x);
	assert_int_equal(review.act, SES_ACT_RESTART);
	assert_string_equal(review.actions[0].what, "stop, start");
	machine_listen(&x, LO_25);
	assert_false(status_later(&x).older_settings);
	free(pid);
	free(text);
	free(more);
	machine_close(&x);
}

/* inet_protocols was edited by hand: of the family that it leaves out the old socket is
 * still there. One that another process has is nobody's business. */
static void
socket_of_a_family_left_out_wants_a_restart(void **state)
{
	const struct timespec old[2] = {
		{.tv_sec = time(NULL) - 3600}, {.tv_sec = time(NULL) - 3600}};
	struct says is = {.nets = "mynetworks = 192.168.1.0/24\ninet_protocols = ipv4\n"};
	char *pid, *dir, *fd, *tcp6, *line;
	struct machine x;
	struct stat st;

	(void)state;
	machine_open(&x, &is);
	pid = str_format("%s/pid/master.pid", x.pf.queue);
	dir = str_format("%s/proc/%d/fd", x.pf.root, MASTER);
	fd = str_format("proc/%d/fd/13", MASTER);
	tcp6 = str_format("proc/%d/net/tcp6", MASTER);
	machine_listen(&x, LO_25);
	assert_int_equal(mkdir(dir, 0700), 0);
	fake_postfix_write(&x.pf, fd, "");
	free(dir);
	dir = str_format("%s/%s", x.pf.root, fd);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(utimensat(AT_FDCWD, pid, old, 0), 0);
	for (int own = 0; own < 2; own++) {
		line = str_format("  sl\n   0: 00000000000000000000000001000000:0019 "
				  "00000000000000000000000000000000:0000 0A "
				  "00000000:00000000 00:00000000 00000000 0 0 %lu 1\n",
			(unsigned long)st.st_ino + !own);
		fake_postfix_write(&x.pf, tcp6, line);
		free(line);
		assert_int_equal(status_later(&x).older_settings, own);
	}
	assert_non_null(strstr(next_is_review(&x).text, "Restart Postfix"));
	assert_int_equal(review_of(&x).act, SES_ACT_RESTART);
	free(pid);
	free(dir);
	free(fd);
	free(tcp6);
	machine_close(&x);
}

static void
a_stopped_one_can_be_started(void **state)
{
	struct says is = {.stopped = true};
	struct ses_status st;
	struct ses_review review;
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	ses_status(x.s, &st);
	assert_true(st.can_start);
	(void)next_is_review(&x);
	ladder_run(&x, NULL, false);
	assert_string_equal(ladder_rung(&x, "runs").screen, "review");
	review = review_of(&x);
	assert_true(review.can_start && !review.start);
	assert_int_equal(review.act, SES_ACT_NONE);
	ses_review_start(x.s, true);
	review = review_of(&x);
	assert_true(review.start);
	assert_int_equal(review.act, SES_ACT_START);
	/* one of another folder than the machine's own is not */
	x.set.config_dir = x.pf.root;
	x.s->gen++;
	review = review_of(&x);
	assert_false(review.can_start);
	assert_int_equal(review.act, SES_ACT_NONE);
	machine_close(&x);
}

/* What inet_interfaces refers to moves it as well, over other names, too; a name that
 * only begins so doesn't, and a circle ends. */
static void
what_moves_the_listeners_by_reference_restarts(void **state)
{
	static const struct {
		const char *main_cf, *name, *value, *what;
	} rows[] = {
		{"inet_interfaces = 127.0.0.1, ${lan}\nlan = 192.168.1.1\n", "la", "1",
			"reload"},
		{"inet_interfaces = 127.0.0.1, ${lan}\nlan = 192.168.1.1\n", "lan",
			"192.168.2.1", "stop, start"},
		{"inet_interfaces = $here\nhere = 127.0.0.1, $(lan)\nlan = 192.168.1.1\n",
			"lan", "192.168.2.1", "stop, start"},
		{"inet_interfaces = $here\nhere = 127.0.0.1, $lan\nlan = $here\n", "way",
			"1", "reload"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct says is = {.nets = rows[i].main_cf};
		struct ses_review review;
		struct machine x;

		machine_open(&x, &is);
		assert_true(ses_param_set(x.s, rows[i].name, rows[i].value, NULL));
		review = review_of(&x);
		assert_string_equal(review.actions[0].what, rows[i].what);
		if (strcmp(rows[i].what, "reload") != 0)
			assert_non_null(strstr(review.actions[0].why, "inet_interfaces"));
		machine_close(&x);
	}
}

static bool
listens_at(struct machine *x, bool before, const char *addr)
{
	struct arena texts = {0};
	const struct svc_listen *at;
	size_t n = ifs_listen(x->s, before, &texts, &at);
	struct ipaddr want;
	bool there = false;

	assert_true(addr_parse(sv_of(addr), &want));
	for (size_t i = 0; i < n; i++)
		there = there ||
			(at[i].fam == want.fam &&
				memcmp(at[i].addr, want.b, want.fam == 4 ? 4 : 16) == 0);
	arena_free(&texts);
	return there;
}

/* One $name that stands for several addresses is all of them; before an edit of what it
 * refers to it stood for others. */
static void
where_it_listens_is_as_postfix_expands_it(void **state)
{
	struct says is = {.nets = "inet_interfaces = $here\nhere = $lan\n"
				  "lan = 192.168.1.1\n"};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	assert_true(ses_param_set(x.s, "here", "127.0.0.1, $lan", NULL));
	assert_false(listens_at(&x, true, "127.0.0.1"));
	assert_true(listens_at(&x, true, "192.168.1.1"));
	assert_true(listens_at(&x, false, "127.0.0.1"));
	assert_true(listens_at(&x, false, "192.168.1.1"));
	machine_close(&x);
}

/* A family that inet_protocols leaves out has no listeners, though named addresses have
 * it; before an edit it had. */
static void
where_it_listens_is_of_the_protocols_used(void **state)
{
	struct says is = {.nets = "inet_interfaces = localhost\nfamilies = all\n"
				  "inet_protocols = $families\n"};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	assert_true(ses_param_set(x.s, "families", "ipv6", NULL));
	assert_true(listens_at(&x, true, "127.0.0.1"));
	assert_false(listens_at(&x, false, "127.0.0.1"));
	machine_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(older_settings_are_told_and_a_reload_offered),
		cmocka_unit_test(sockets_elsewhere_are_told_and_a_restart_offered),
		cmocka_unit_test(socket_of_a_family_left_out_wants_a_restart),
		cmocka_unit_test(a_stopped_one_can_be_started),
		cmocka_unit_test(what_moves_the_listeners_by_reference_restarts),
		cmocka_unit_test(where_it_listens_is_as_postfix_expands_it),
		cmocka_unit_test(where_it_listens_is_of_the_protocols_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
