/* SPDX-License-Identifier: MIT
 *
 * Mail that waits, tried from the result of an apply, by keyboard, on a real Postfix. It
 * runs on the relay of a sandbox only, with two messages deferred, started by
 * tests/e2e/test_waits.sh, which judges that they arrive; elsewhere it skips.
 */
#include "tui/scratch.h"

static const char inside[] = "/run/postrelay-sandbox";

static void
a_new_way_out_offers_to_try_what_waits(void **state)
{
	static char bin[4096];
	const char *build = getenv("PR_BUILD"), *argv[] = {bin, "relayhost", NULL};
	struct vt *v;

	(void)state;
	if (access(inside, F_OK) != 0) {
		print_message("skipped: it needs the sandbox; tests/e2e/test_waits.sh "
			      "runs it\n");
		skip();
	}
	(void)snprintf(bin, sizeof(bin), "%s/postrelay", build ? build : "build");
	v = vt_start(&(struct vt_opts){.argv = argv});
	vt_wait_text(v, 2, "[4Relay]");
	vt_keys(v, "Enter Ctrl-U");
	vt_type(v, "mail.test.co.jp:587");
	vt_keys(v, "Enter w");
	vt_wait_text(v, 0, "Review: 1 change");
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "Applied: 1 change, Postfix healthy");
	vt_assert_row(v, 0, "2 messages wait: they could not leave so far.");
	vt_assert_row(v, 0, ">[< Verify >]  [ Try them now ]  [ Done ]");
	vt_keys(v, "Tab");
	vt_assert_row(v, 24, "Enter try them");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "Postfix tries the messages that waited.");
	vt_assert_row(v, 0, ">[< Verify >]  [ Done ]");
	assert_false(vt_has(v, 0, "Try them now"));
	vt_keys(v, "q");
	assert_int_equal(vt_wait_exit(v), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_way_out_offers_to_try_what_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
