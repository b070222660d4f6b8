/* SPDX-License-Identifier: MIT
 *
 * A change that Postfix is not well with, by keyboard, on a real Postfix: first stopped
 * with Esc, then left to itself; it is put back both times, still waits, and one key
 * leads to it. And files that Postfix hasn't read lead to a reload. It runs on the relay
 * of a sandbox only, started by tests/e2e/test_undo.sh, which judges files and mail;
 * elsewhere it skips. PR_ILL: Postfix is ill there already.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "tui/scratch.h"

static const char inside[] = "/run/postrelay-sandbox";

static struct vt *
start_with_bad_change(void)
{
	static char bin[4096];
	const char *build = getenv("PR_BUILD"), *argv[] = {bin, "params", NULL};
	struct vt *v;

	(void)snprintf(bin, sizeof(bin), "%s/postrelay", build ? build : "build");
	v = vt_start(&(struct vt_opts){.argv = argv});
	vt_wait_text(v, 2, "[6Params]");
	vt_keys(v, "/");
	vt_type(v, "smtpd_helo_restrictions");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "1 shown");
	vt_keys(v, "Enter Ctrl-U");
	vt_type(v, "check_helo_access hash:/etc/postfix/none");
	vt_keys(v, "Enter");
	vt_wait_text(v, 1, "*1");
	return v;
}

static void
skip_outside(void)
{
	if (access(inside, F_OK) == 0)
		return;
	print_message("skipped: it needs the sandbox; tests/e2e/test_undo.sh runs it\n");
	skip();
}

static void
esc_puts_back_and_ill_health_does(void **state)
{
	struct vt *v;

	(void)state;
	skip_outside();
	v = start_with_bad_change();
	vt_keys(v, "w Enter");
	vt_wait_text(v, 0, ".. reload Postfix");
	vt_assert_row(v, 23, "Esc stops after this step and puts everything back.");
	vt_keys(v, "Esc");
	vt_wait_text(v, 4, "Not applied: put back, as you asked");
	vt_assert_row(v, 0, "ok main.cf as before (byte for byte)");
	vt_assert_row(v, 0, "Kept  Your 1 change still waits here");
	vt_assert_row(v, 1, "*1");
	vt_keys(v, "w");
	vt_wait_text(v, 0, "Review: 1 change");
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "Not applied: Postfix was not well, the old state is back");
	vt_assert_row(v, 0, "Why   Postfix is not well: 127.0.0.1 port 25");
	vt_assert_row(v, 0, "Now   The old settings run.");
	vt_assert_row(v, 0, ">[< Go to smtpd_helo_restrictions >]  [ Back ]  [ Show P");
	vt_assert_row(v, 1, "*1");
	vt_keys(v, "Tab Tab");
	vt_assert_row(v, 0, ">[< Show Postfix's whole log >]");
	vt_assert_row(v, 24, "Enter read the log");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "Postfix's log since this began");
	vt_assert_row(v, 0, "postfix/smtpd[");
	vt_keys(v, "Esc");
	vt_wait_text(v, 4, "Not applied: Postfix was not well, the old state is back");
	vt_keys(v, "Tab Enter"); /* round to the first */
	vt_wait_text(v, 2, "[6Params]");
	vt_assert_row(v, 0, ">+   smtpd_helo_restrictions");
	vt_keys(v, "q");
	vt_wait_text(v, 0, "1 change is not applied yet");
	vt_keys(v, "x");
	assert_int_equal(vt_wait_exit(v), 0);
}

static void
touch_main_cf(int seconds)
{
	struct timespec t = {.tv_sec = time(NULL) + seconds};

	assert_int_equal(utimensat(AT_FDCWD, "/etc/postfix/main.cf",
				 (const struct timespec[2]){t, t}, 0),
		0);
}

static void
files_that_are_newer_lead_to_a_reload(void **state)
{
	static char bin[4096];
	const char *build = getenv("PR_BUILD"), *argv[] = {bin, NULL};
	struct vt *v;

	(void)state;
	skip_outside();
	(void)snprintf(bin, sizeof(bin), "%s/postrelay", build ? build : "build");
	touch_main_cf(60);
	v = vt_start(&(struct vt_opts){.argv = argv});
	vt_wait_text(v, 0, "? Postfix runs with");
	vt_assert_row(v, 0, ">  Reload Postfix: main.cf is newer than what it runs with");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "Review: no change, but a reload is due");
	vt_assert_row(v, 0, ">[< Reload >]  [ Back ]");
	vt_keys(v, "Enter");
	touch_main_cf(-60);
	vt_wait_text(v, 4, "Reloaded: Postfix healthy");
	vt_assert_row(v, 22, "Postfix runs with the files as they are now.");
	vt_keys(v, "Tab Enter");
	vt_wait_text(v, 0, "ok Postfix runs");
	vt_keys(v, "w");
	vt_wait_text(v, 22, "No change waits: there is nothing to apply.");
	vt_keys(v, "q");
	assert_int_equal(vt_wait_exit(v), 0);
}

/* Postfix was not well before, either: nothing is put back, and nobody is told that it is
 * healthy. */
static void
illness_of_before_is_not_called_health(void **state)
{
	static char bin[4096];
	const char *build = getenv("PR_BUILD"), *argv[] = {bin, NULL};
	struct vt *v;

	(void)state;
	skip_outside();
	(void)snprintf(bin, sizeof(bin), "%s/postrelay", build ? build : "build");
	touch_main_cf(60);
	v = vt_start(&(struct vt_opts){.argv = argv});
	vt_wait_text(v, 0, "? Postfix runs with");
	vt_keys(v, "w");
	vt_wait_text(v, 0, "Review: no change, but a reload is due");
	vt_keys(v, "Enter");
	touch_main_cf(-60);
	vt_wait_text(v, 4, "Done, but Postfix is not well, as before");
	vt_assert_row(v, 0, "127.0.0.1 port 25 answers clients with: 451");
	vt_keys(v, "Esc q");
	assert_int_equal(vt_wait_exit(v), 0);
}

int
main(void)
{
	const struct CMUnitTest ill[] = {
		cmocka_unit_test(illness_of_before_is_not_called_health),
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(esc_puts_back_and_ill_health_does),
		cmocka_unit_test(files_that_are_newer_lead_to_a_reload),
	};

	return getenv("PR_ILL") ? cmocka_run_group_tests(ill, NULL, NULL)
				: cmocka_run_group_tests(tests, NULL, NULL);
}
