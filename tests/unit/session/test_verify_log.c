/* SPDX-License-Identifier: MIT
 *
 * A message followed in the log file, or in the journal.
 */
#include "verify_rungs.h"

static const struct rung_case cases[] = {
	{"log silent", {.silent = true}, "login", SES_RUNG_WARN, "not known",
		"Only root"},
	{"no log", {.no_log = true}, "message", SES_RUNG_WARN, "not known",
		"maillog_file"},
	{"the journal", {.no_log = true, .journal = true}, "message", SES_RUNG_OK,
		"BBBB2 sent", ""},
	{"the journal tells the first probe again",
		{.no_log = true,
			.journal = true,
			.probe = SAID
			"550 5.7.1 no null sender (in reply to MAIL FROM command))"},
		"login", SES_RUNG_WARN, "is let in", "a report goes to the sender"},
};

static void
what_the_log_tells_is_known_and_no_more(void **state)
{
	(void)state;
	assert_rungs(cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_log_tells_is_known_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
