/* SPDX-License-Identifier: MIT
 *
 * A table of passwords that nobody has built, by keyboard on a real Postfix: Verify leads
 * to the password, r there shows a Review that only builds, and what Verify says next is
 * good. It runs on the relay of a sandbox only, started by tests/e2e/test_login.sh, which
 * takes the table away before; elsewhere it skips.
 */
#include "tui/scratch.h"

static const char inside[] = "/run/postrelay-sandbox";

static void
r_builds_what_the_login_misses(void **state)
{
	static char bin[4096];
	const char *build = getenv("PR_BUILD"), *argv[] = {bin, "verify", NULL};
	struct vt *v;

	(void)state;
	if (access(inside, F_OK) != 0) {
		print_message("skipped: it needs the sandbox; tests/e2e/test_login.sh "
			      "runs it\n");
		skip();
	}
	(void)snprintf(bin, sizeof(bin), "%s/postrelay", build ? build : "build");
	v = vt_start(&(struct vt_opts){.argv = argv});
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "1 wait"); /* its end */
	vt_keys(v, "g");
	for (int i = 0; i < 16 && !vt_has(v, 0, ">!  login"); i++) {
		vt_keys(v, "Down");
	}
	vt_keys(v, "Enter");
	if (!vt_has(v, 2, "[4Relay]")) { /* the words come first */
		vt_keys(v, "Enter");
	}
	vt_assert_row(v, 2, "[4Relay]");
	vt_assert_row(v, 0, "> ?  Password         ********");
	vt_keys(v, "r");
	vt_assert_row(v, 3, "Review: no change, but a table is to be built");
	vt_assert_row(v, 5, "postmap ");
	vt_assert_row(v, 5, "because it isn't built");
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "The table is built");
	vt_keys(v, "Enter"); /* proves it anew */
	vt_wait_text(v, 0, "ok login");
	vt_keys(v, "q");
	assert_int_equal(vt_wait_exit(v), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(r_builds_what_the_login_misses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
