/* SPDX-License-Identifier: MIT
 *
 * A candidate that Postfix's own programs refuse, or that was ill before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "apply_rig.h"

static void
run_refused_candidate_writes_nothing(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "postconf -c * -n", .status = 1, .err = "postconf: fatal: no\n"},
		/* the old one is asked too, and is well */
		JUDGE};

	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NO);
	assert_false(x->r.written);
	assert_main_cf(x, OLD);
	assert_string_equal(str_c(&x->steps), "o!");
}

/* Something that nobody but it can have put there keeps the folder of the candidate. */
static void
stays(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;
	char *name = str_format("%s/more", strrchr(req->argv[2], '/') + 1);
	char *below = str_format("state/%s", name);

	fake_postfix_write(pf, below, "");
	free(below);
	free(name);
}

static void
run_candidate_that_stays_is_told(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postconf -c * -n", .act = stays},
		{.argv = "postmap -c * -q x static:x"}, {.argv = "postfix -c * reload"}};

	x->change.name = "relayhost";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NEEDS_PERSON);
	assert_int_equal(x->r.findings.n, 1);
	assert_int_equal(x->r.findings.v[0].code, DIAG_FILE_WRITE);
	assert_main_cf(x, NEW);
}

static void
run_old_mistake_does_not_hold_back(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "postconf -c * -n", .status = 1, .err = "postconf: fatal: no\n"},
		{.argv = "postconf -c * -n", .status = 1, .err = "postconf: fatal: no\n"},
		{.argv = "postfix -c * reload"}};

	x->change.name = "relayhost";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.v[0].sev, SEV_WARN);
	assert_main_cf(x, NEW);
}

static void
run_reload_that_ignores_an_older_change_is_well(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE, {.argv = "postfix -c * reload", .act = says_ignored_in_log}};

	x->change.name = "relayhost";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.n, 1);
	assert_int_equal(x->r.findings.v[0].sev, SEV_WARN);
	assert_main_cf(x, NEW);
}

static void
run_unsafe_folder_runs_postconf_alone(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postconf -c * -n"}};

	x->pf.open = "/conf/master.cf";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_main_cf(x, NEW);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		APPLY_TEST(run_refused_candidate_writes_nothing),
		APPLY_TEST(run_candidate_that_stays_is_told),
		APPLY_TEST(run_old_mistake_does_not_hold_back),
		APPLY_TEST(run_reload_that_ignores_an_older_change_is_well),
		APPLY_TEST(run_unsafe_folder_runs_postconf_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
