/* SPDX-License-Identifier: MIT
 *
 * This machine: whether Postfix runs, and with the settings that the files have.
 */
#include "verify_rungs.h"

static const struct rung_case cases[] = {
	{"stopped", {.stopped = true}, "runs", SES_RUNG_FAILED, "stopped",
		"postfix start"},
};

static void
a_postfix_that_is_stopped_is_told(void **state)
{
	(void)state;
	assert_rungs(cases);
}

static void
settings_that_run_are_told_from_older_ones(void **state)
{
	struct says is = {0};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	x.pf.clock.now = time(NULL); /* the files are real ones */
	fake_postfix_reloaded(&x.pf, MASTER, time(NULL) + 60);
	ladder_run(&x, TARO, false);
	assert_rung(&x, "runs", SES_RUNG_OK, ", with these settings");
	fake_postfix_reloaded(&x.pf, MASTER, time(NULL) - 60);
	ladder_run(&x, TARO, false);
	assert_rung(&x, "runs", SES_RUNG_WARN, "older settings");
	machine_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_postfix_that_is_stopped_is_told),
		cmocka_unit_test(settings_that_run_are_told_from_older_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
