/* SPDX-License-Identifier: MIT
 *
 * The first rung: what postconf says of the files.
 */
#include "verify_rungs.h"

static const struct rung_case cases[] = {
	{"files",
		{.postconf_status = 1,
			.postconf_err =
				"postconf: fatal: /x/main.cf, line 3: missing '=' after "
				"attribute name: \"garbage\"\n"},
		"files", SES_RUNG_FAILED, "missing '='", "every program"},
	{"the smtp client's own",
		{.client = "smtp unix - - n - - smtp -o smtp_tls_security_level=may\n"},
		"files", SES_RUNG_WARN, "smtp_tls_security_level = may", "postconf -PX"},
	{"the smtp client's own, and TLS",
		{.client = "smtp unix - - n - - smtp -o smtp_tls_security_level=may\n"},
		"encryption", SES_RUNG_WARN, "not as master.cf does", ""},
};

static void
files_that_postfix_cannot_read_are_told(void **state)
{
	(void)state;
	assert_rungs(cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_that_postfix_cannot_read_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
