/* SPDX-License-Identifier: MIT
 *
 * Encryption, by the words of posttls-finger.
 */
#include "verify_rungs.h"

#define BEGUN "posttls-finger: > STARTTLS\n"

static const struct rung_case cases[] = {
	{"no relay host, no TLS rung", {.conf = PLAIN, .to = ""}, "encryption",
		SES_RUNG_NONE, "", ""},
	{"TLS not offered", {.smtp = "greeting=220 x\nehlo=250 DSN\n"}, "encryption",
		SES_RUNG_FAILED, "not offered", "587"},
	{"no TLS, with a login", {.conf = HOP PLAIN LOGIN}, "encryption", SES_RUNG_WARN,
		"unencrypted", "required"},
	{"no TLS, though it is offered", {.conf = HOP PLAIN}, "encryption", SES_RUNG_WARN,
		"offered, not used", "smtp_tls_security_level = may"},
	{"no TLS, as somebody wants it", {.conf = HOP "smtp_tls_security_level = none\n"},
		"encryption", SES_RUNG_OK, "plain text", ""},
	{"no TLS, which isn't offered",
		{.conf = HOP PLAIN, .smtp = "greeting=220 x\nehlo=250 DSN\n"},
		"encryption", SES_RUNG_OK, "plain text", ""},
	{"may, not offered",
		{.conf = HOP "smtp_tls_security_level = may\n",
			.smtp = "greeting=220 x\nehlo=250 DSN\n"},
		"encryption", SES_RUNG_OK, "plain text", ""},
	{"dane, not offered",
		{.conf = HOP "smtp_tls_security_level = dane\n",
			.smtp = "greeting=220 x\nehlo=250 DSN\n"},
		"encryption", SES_RUNG_WARN, "plain text", "encrypt"},
	{"dane, no records",
		{.conf = HOP "smtp_tls_security_level = dane\n",
			.finger = FINGER("posttls-finger: certificate verification "
					 "failed for mail[1]:587: untrusted issuer "
					 "/CN=Test CA\n" UNTRUSTED)},
		"encryption", SES_RUNG_OK, "TLSv1", ""},
	{"dane, records that don't fit",
		{.conf = HOP "smtp_tls_security_level = dane\n",
			.finger = FINGER("posttls-finger: certificate verification "
					 "failed for mail[1]:587: not trusted by local "
					 "or TLSA policy\n" UNTRUSTED)},
		"encryption", SES_RUNG_FAILED, "certificate refused", ""},
	{"no such level", {.conf = HOP "smtp_tls_security_level = bogus\n"}, "encryption",
		SES_RUNG_FAILED, "bogus", "encrypt or secure"},
	{"nobody signed it",
		{.finger = FINGER("posttls-finger: certificate verification "
				  "failed for mail[1]:587: untrusted issuer /CN=Test "
				  "CA\n" UNTRUSTED)},
		"encryption", SES_RUNG_FAILED, "certificate refused", "smtp_tls_CAfile"},
	{"another name",
		{.finger = FINGER("posttls-finger: server certificate "
				  "verification failed for mail[1]:587: num=62:hostname "
				  "mismatch\n" UNTRUSTED)},
		"encryption", SES_RUNG_FAILED, "another name", ""},
	{"another name, which is told",
		{.cert = "notAfter=Dec 27 19:43:48 2036 GMT\n"
			 "            X509v3 Subject Alternative Name: \n"
			 "                DNS:smtp.test.co.jp\n",
			.finger = FINGER(
				"posttls-finger: server certificate "
				"verification failed for mail[1]:587: num=62:hostname "
				"mismatch\n" UNTRUSTED)},
		"encryption", SES_RUNG_FAILED, "DNS:smtp.test.co.jp", "2036-12-27"},
	{"not yet valid",
		{.finger = FINGER("posttls-finger: server certificate verification "
				  "failed for mail[1]:587: certificate not yet "
				  "valid\n" UNTRUSTED)},
		"encryption", SES_RUNG_FAILED, "clock", "date and time"},
	{"STARTTLS refused",
		{.finger = FINGER(
			 BEGUN "posttls-finger: < 454 4.7.0 not now\n"
			       "posttls-finger: STARTTLS rejected: 454 4.7.0 not now\n")},
		"encryption", SES_RUNG_FAILED, "454 4.7.0 not now", "refuses to begin"},
	{"STARTTLS refused, may",
		{.conf = HOP "smtp_tls_security_level = may\n",
			.finger = FINGER(BEGUN "posttls-finger: STARTTLS rejected: 454 "
					       "4.7.0 not now\n")},
		"encryption", SES_RUNG_OK, "plain text", "454 4.7.0"},
	{"STARTTLS, then garbage",
		{.finger = FINGER(
			 BEGUN "posttls-finger: SSL_connect error to mail[1]:587: "
			       "-1\nposttls-finger: warning: TLS library problem: "
			       "error:0A00010B:"
			       "SSL routines::wrong version number:x.c:350:\n")},
		"encryption", SES_RUNG_FAILED, "what follows is no TLS", "provider"},
	{"STARTTLS, then hung up",
		{.finger = FINGER(
			 BEGUN "posttls-finger: SSL_connect error to mail[1]:587: "
			       "lost connection\n")},
		"encryption", SES_RUNG_FAILED, "what follows is no TLS", "provider"},
	{"not asked for",
		{.conf = HOP "smtp_tls_security_level = encrypt\n" LOGIN,
			.finger = FINGER(UNTRUSTED)},
		"encryption", SES_RUNG_OK, "unchecked", ""},
	{"roots can't be read",
		{.finger = "posttls-finger: cannot load Certification "
			   "Authority data, CAfile=\"/x\": disabling TLS support\n"},
		"encryption", SES_RUNG_FAILED, "trusted roots", "PEM"},
	{"main.cf is for root only",
		{.finger = "posttls-finger: fatal: open "
			   "/etc/postfix/main.cf: Permission denied\n"},
		"encryption", SES_RUNG_WARN, "can't be tried", "without rights"},
	{"plain port, TLS first",
		{.conf = HOP "smtp_tls_security_level = encrypt\n"
			     "smtp_tls_wrappermode = yes\n",
			.finger = "posttls-finger: SSL_connect error to mail[1]:587: -1\n"
				  "posttls-finger: warning: TLS library problem: "
				  "error:0A00010B:SSL "
				  "routines::wrong version number:x.c:350:\n"},
		"greeting", SES_RUNG_FAILED, "plain text", "465"},
	{"wrapped is good",
		{.conf = "relayhost = [mail.test.co.jp]:465\n"
			 "smtp_tls_security_level = secure\nsmtp_tls_wrappermode = "
			 "yes\n"},
		"encryption", SES_RUNG_OK, "certificate checked", ""},
	{"wrapped, greeting",
		{.conf = "relayhost = [mail.test.co.jp]:465\n"
			 "smtp_tls_security_level = secure\nsmtp_tls_wrappermode = "
			 "yes\n"},
		"greeting", SES_RUNG_OK, "220 mail.test.co.jp", ""},
	{"wrapped without TLS",
		{.conf = "relayhost = [mail.test.co.jp]:465\n"
			 "smtp_tls_security_level =\nsmtp_tls_wrappermode = yes\n"},
		"encryption", SES_RUNG_FAILED, "level: none", "encrypt"},
};

static void
encryption_says_what_came_and_whether_it_is_enough(void **state)
{
	(void)state;
	assert_rungs(cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encryption_says_what_came_and_whether_it_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
