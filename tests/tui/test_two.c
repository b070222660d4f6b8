/* SPDX-License-Identifier: MIT
 *
 * Two people at one main.cf: the file is changed by another hand while a screen has
 * changes that wait.
 */
#include <fcntl.h>
#include <glob.h>
#include <sys/file.h>

#include "tui/scratch.h"

static const char main_cf[] = "# A relay\nmyhostname = relay.example.co.jp\n"
			      "inet_protocols = ipv4\n";
static const char theirs[] = "# A relay\nmyhostname = other.example.co.jp\n"
			     "inet_protocols = ipv4\n";
static const char same_thing[] = "# A relay\nmyhostname = relay.example.co.jp\n"
				 "inet_protocols = ipv4\nrelayhost = [other.test]\n";

static struct vt *
start(struct scratch *s)
{
	scratch_new(s, &(struct scratch_files){.main_cf = main_cf});
	struct vt *v = scratch_start(s, "relayhost", NULL, (struct vt_opts){0});
	vt_keys(v, "Enter Ctrl-U");
	vt_type(v, "mail.test.co.jp:587");
	vt_keys(v, "Enter");
	vt_assert_row(v, 1, "*1");
	return v;
}

static void
apply_is_shown_again_over_the_new_file(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	vt_keys(v, "w");
	scratch_write(&s, "main.cf", theirs, 0644);
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "Changed by somebody else meanwhile");
	vt_assert_row(v, 3, "Review: 1 change in 1 file");
	vt_assert_row(v, 0, "    +relayhost = [mail.test.co.jp]:587");
	vt_assert_row(v, 0, "Line 2 is now: myhostname = other.example.co.jp");
	vt_assert_row(v, 0, "? main.cf was changed on disk by somebody else; these");
	scratch_assert(&s, "main.cf", theirs);
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "Applied: 1 change");
	scratch_assert(&s, "main.cf",
		"# A relay\nmyhostname = other.example.co.jp\n"
		"inet_protocols = ipv4\nrelayhost = [mail.test.co.jp]:587\n");
	scratch_close(&s, v);
}

static void
reading_again_lays_over_and_undo_is_one_step(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	scratch_write(&s, "main.cf", theirs, 0644);
	vt_keys(v, "R");
	vt_assert_row(v, 22, "ok The files were read again.");
	vt_assert_row(v, 23, "what waits here is laid over them");
	vt_assert_row(v, 1, "*1");
	vt_keys(v, "u");
	vt_assert_row(v, 1, "*0");
	scratch_close(&s, v);
}

static void
clash_asks_and_shows_both(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	vt_keys(v, "w");
	scratch_write(&s, "main.cf", same_thing, 0644);
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "relayhost was changed by somebody else, too");
	vt_assert_row(v, 0, "mine:    [mail.test.co.jp]:587");
	vt_assert_row(v, 0, "theirs:  [other.test]");
	vt_assert_row(v, 0, ">[< Decide later >]");
	vt_keys(v, "Esc"); /* it can be asked again */
	vt_assert_row(v, 1, "*1");
	vt_assert_row(v, 22, "? 1 change waits until you decide about it.");
	vt_assert_row(v, 23, "w asks again");
	vt_keys(v, "w m");
	vt_assert_row(v, 1, "*1");
	vt_assert_row(v, 3, "Review: 1 change in 1 file");
	vt_assert_row(v, 0, "    -relayhost = [other.test]");
	vt_assert_row(v, 0, "    +relayhost = [mail.test.co.jp]:587");
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "Applied: 1 change");
	scratch_close(&s, v);
}

static void
clash_may_leave_theirs(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	scratch_write(&s, "main.cf", same_thing, 0644);
	vt_keys(v, "F5");
	vt_assert_row(v, 0, "relayhost was changed by somebody else, too");
	vt_keys(v, "t");
	vt_assert_row(v, 1, "*0");
	vt_keys(v, "w");
	vt_assert_row(v, 22, "ok No change waits");
	scratch_assert(&s, "main.cf", same_thing);
	scratch_close(&s, v);
}

static void
same_change_by_somebody_else_leaves_nothing(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	vt_keys(v, "w");
	scratch_write(&s, "main.cf", "relayhost = [mail.test.co.jp]:587\n", 0644);
	vt_keys(v, "Enter");
	vt_wait_text(v, 22, "ok Somebody else made the same changes");
	vt_assert_row(v, 1, "*0");
	scratch_close(&s, v);
}

/* The lock of an apply, as another process holds it; -1: there is none. */
static int
lock_apply(struct scratch *s)
{
	char pattern[160];
	glob_t g;
	int fd = -1;

	(void)snprintf(pattern, sizeof(pattern), "%s/state/*/apply.lock", s->dir);
	if (glob(pattern, 0, NULL, &g) == 0) {
		fd = open(g.gl_pathv[0], O_RDWR | O_CLOEXEC);
		assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
		globfree(&g);
	}
	return fd;
}

static void
start_while_somebody_applies_is_told(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	vt_keys(v, "w Enter");
	vt_wait_text(v, 4, "Applied: 1 change");
	assert_int_equal(vt_close(v), 0);
	int fd = lock_apply(&s);
	assert_true(fd >= 0);
	v = scratch_start(&s, "relayhost", NULL, (struct vt_opts){0});
	vt_assert_row(v, 22, "? Somebody is applying changes right now");
	vt_assert_row(v, 23, "R reads the files again once that has ended.");
	assert_int_equal(vt_close(v), 0);
	assert_int_equal(close(fd), 0);
	v = scratch_start(&s, "relayhost", NULL, (struct vt_opts){0});
	vt_assert_row(v, 2, "4Relay");
	vt_wait_gone(v, 0, "Somebody is applying");
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(apply_is_shown_again_over_the_new_file),
		cmocka_unit_test(reading_again_lays_over_and_undo_is_one_step),
		cmocka_unit_test(clash_asks_and_shows_both),
		cmocka_unit_test(clash_may_leave_theirs),
		cmocka_unit_test(same_change_by_somebody_else_leaves_nothing),
		cmocka_unit_test(start_while_somebody_applies_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
