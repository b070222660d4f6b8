/* SPDX-License-Identifier: MIT
 *
 * The upstream asked by keyboard, on a real Postfix: the tick in Review, a refusal that
 * is put back and leads to the Relay screen, and the tick that stays for the session. It
 * runs on the relay of a sandbox only, started by tests/e2e/test_probe.sh, which judges
 * files and mail; elsewhere it skips.
 */
#include "tui/scratch.h"

static const char inside[] = "/run/postrelay-sandbox";

static void
change_relayhost(struct vt *v, const char *host)
{
	vt_keys(v, "Enter Ctrl-U");
	vt_type(v, host);
	vt_keys(v, "Enter w");
	vt_wait_text(v, 0, "Review: 1 change");
}

static void
tick_asks_and_a_refusal_is_put_back(void **state)
{
	static char bin[4096];
	const char *build = getenv("PR_BUILD"), *argv[] = {bin, "relayhost", NULL};
	struct vt *v;

	(void)state;
	if (access(inside, F_OK) != 0) {
		print_message("skipped: it needs the sandbox; tests/e2e/test_probe.sh "
			      "runs it\n");
		skip();
	}
	(void)snprintf(bin, sizeof(bin), "%s/postrelay", build ? build : "build");
	v = vt_start(&(struct vt_opts){.argv = argv});
	vt_wait_text(v, 2, "[4Relay]");
	change_relayhost(v, "mail.test.co.jp:2525");
	vt_assert_row(v, 0, "[ ] probe     asks the upstream in the end");
	vt_assert_row(v, 24, "p probe");
	vt_keys(v, "p");
	vt_assert_row(v, 0, "[x] probe     asks the upstream in the end");
	vt_assert_row(v, 22,
		"The upstream is asked about postmaster@mail.test.co.jp; no message");
	vt_assert_row(v, 23, "If it refuses, everything is put back.");
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "Not applied: mail would not leave, the old state is back");
	vt_assert_row(v, 0, "!  upstream asked about postmaster@mail.test.co.jp");
	vt_assert_row(v, 0, "Why   The upstream can't be reached: connect to");
	vt_assert_row(v, 0, ">[< Go to relayhost >]  [ Back ]");
	vt_keys(v, "Enter");
	vt_wait_text(v, 2, "[4Relay]");
	change_relayhost(v, "mail.test.co.jp:25");
	vt_assert_row(v, 0, "[x] probe");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "ok upstream asked: deliverable by mail.test.co.jp[");
	vt_wait_text(v, 4, "Applied: 1 change, Postfix healthy");
	vt_keys(v, "q");
	assert_int_equal(vt_wait_exit(v), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tick_asks_and_a_refusal_is_put_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
