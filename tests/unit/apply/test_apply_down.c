/* SPDX-License-Identifier: MIT
 *
 * An apply while no Postfix runs: it stays down, or is started where that was asked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "apply_rig.h"

static void
run_down_stays_down(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE};

	fake_postfix_stop(&x->pf, 4711);
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.v[0].code, DIAG_PF_DOWN);
	assert_main_cf(x, NEW);
}

static void
run_down_is_started_where_asked(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE, {.argv = "postfix -c * start", .act = sees_new_and_starts}};

	fake_postfix_stop(&x->pf, 4711);
	x->in.start = true;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.n, 0);
	assert_string_equal(str_c(&x->steps), "oooooo");
	assert_main_cf(x, NEW);
}

static void
starts_ill(void *ctx, const struct run_req *req)
{
	sees_new_and_starts(ctx, req);
	says_fatal_in_log(ctx, req);
}

static void
stops_4712(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_stop(ctx, 4712);
}

/* What was down before is down again, and no client was cut off by it. */
static void
run_down_that_starts_ill_is_down_again(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE,
		{.argv = "postfix -c * start", .act = starts_ill},
		{.argv = "postfix -c * stop", .act = stops_4712}};

	fake_postfix_stop(&x->pf, 4711);
	x->in.start = true;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_PUT_BACK);
	assert_int_equal(x->r.cut_off_ms, 0);
	assert_back(x);
}

static void
run_down_that_does_not_start_is_put_back(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE, {.argv = "postfix -c * start", .status = 1, .err = "fatal: no\n"}};

	fake_postfix_stop(&x->pf, 4711);
	x->in.start = true;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_PUT_BACK);
	assert_back(x);
}

/* systemd starts what it will stop at the next shutdown. */
static void
run_down_is_started_by_systemd(void **state)
{
	static const struct {
		const char *says, *unit;
	} units[] = {
		{"Type=forking\nLoadState=loaded\n", "postfix.service"},
		{"Type=oneshot\nLoadState=loaded\n", "postfix@-.service"},
		{"Type=simple\nLoadState=not-found\n", NULL},
	};
	struct fixture *x = *state;
	char *unit;

	x->svc.run_systemd = "/";
	for (size_t i = 0; i < N(units); i++) {
		const struct fake_cmd cmd = {.argv = "/usr/bin/systemctl show -p "
						     "LoadState -p Type postfix.service",
			.out = units[i].says};

		fake_postfix_script(&x->pf, &cmd, 1);
		unit = svc_unit_down(&x->svc);
		assert_int_equal(unit != NULL, units[i].unit != NULL);
		if (unit)
			assert_string_equal(unit, units[i].unit);
		free(unit);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		APPLY_TEST(run_down_stays_down),
		APPLY_TEST(run_down_is_started_where_asked),
		APPLY_TEST(run_down_that_starts_ill_is_down_again),
		APPLY_TEST(run_down_that_does_not_start_is_put_back),
		APPLY_TEST(run_down_is_started_by_systemd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
