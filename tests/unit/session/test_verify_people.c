/* SPDX-License-Identifier: MIT
 *
 * Whom root's and postmaster's mail reaches.
 */
#include "verify_rungs.h"

static const struct rung_case cases[] = {
	{"root's box", {.aliases = "postmaster:\troot\n"}, "people", SES_RUNG_WARN,
		"root reaches nobody", "alias root"},
	{"dropped", {.aliases = "root:\t/dev/null\npostmaster:\thanako@example.com\n"},
		"people", SES_RUNG_WARN, "root reaches nobody", ""},
	{"in a circle", {.aliases = "root:\ta\na:\troot\npostmaster:\ta\n"}, "people",
		SES_RUNG_WARN, "reaches nobody", ""},
};

static void
people_who_are_not_reached_are_told(void **state)
{
	(void)state;
	assert_rungs(cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_who_are_not_reached_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
