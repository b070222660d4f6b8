/* SPDX-License-Identifier: MIT
 *
 * When the upstream's certificate ends, by openssl.
 */
#include "verify_rungs.h"

static const struct rung_case cases[] = {
	{"out of date",
		{.finger = FINGER(
			 "posttls-finger: certificate verification "
			 "failed for mail[1]:587: certificate has expired\n" UNTRUSTED),
			.cert = "notAfter=Sep 20 15:00:00 2026 GMT\n"},
		"encryption", SES_RUNG_FAILED, "out of date",
		"certificate: to 2026-09-20"},
	{"a certificate for long", {.cert = "notAfter=Feb  7 09:00:00 2027 GMT\n"},
		"encryption", SES_RUNG_OK, "TLSv1.3, certificate to 2027-02",
		"certificate: to 2027-02-07, checked"},
	{"one day more than is told", {.cert = "notAfter=Oct  5 14:13:21 2026 GMT\n"},
		"encryption", SES_RUNG_OK, "certificate to 2026-10", ""},
	{"a certificate that ends soon", {.cert = "notAfter=Oct  5 14:13:20 2026 GMT\n"},
		"encryption", SES_RUNG_WARN, "certificate ends 2026-10-05",
		"within 14 days: from then"},
	{"ends soon, and nobody minds",
		{.conf = HOP "smtp_tls_security_level = encrypt\n" LOGIN,
			.cert = "notAfter=Sep 21 15:00:00 2026 GMT\n",
			.finger = FINGER(UNTRUSTED)},
		"encryption", SES_RUNG_WARN, "within 1 day. Postfix doesn't mind",
		"provider"},
	{"out of date, and nobody minds",
		{.conf = HOP "smtp_tls_security_level = encrypt\n" LOGIN,
			.cert = "notAfter=Sep 20 15:00:00 2026 GMT\n",
			.finger = FINGER(UNTRUSTED)},
		"encryption", SES_RUNG_WARN, "certificate ended 2026-09-20",
		"sends all the same"},
	{"no openssl", {.cert = "error=No such file or directory\n"}, "encryption",
		SES_RUNG_OK, "TLSv1.3, certificate checked", ""},
	{"a date that is none", {.cert = "notAfter=Bad time value\n"}, "encryption",
		SES_RUNG_OK, "TLSv1.3, certificate checked", ""},
};

static void
certificates_say_how_long_they_last(void **state)
{
	(void)state;
	assert_rungs(cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificates_say_how_long_they_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
