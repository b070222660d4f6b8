/* SPDX-License-Identifier: MIT
 *
 * Login, by Postfix's own smtp client and the table of passwords.
 */
#include "verify_rungs.h"

static const struct rung_case cases[] = {
	{"roots are for root only",
		{.finger = "posttls-finger: cannot load Certification "
			   "Authority data, CAfile=\"/x\": disabling TLS "
			   "support\nposttls-finger: "
			   "warning: TLS library problem: error:8000000D:system "
			   "library::Permission "
			   "denied:x.c:67:calling fopen(/x, r):\n"},
		"login", SES_RUNG_OK, "is let in", ""},
	{"another address of the same name", {.dns = "addr=198.51.100.77\n"}, "login",
		SES_RUNG_OK, "is let in", ""},
	{"another of the mail servers",
		{.conf = "relayhost = test.co.jp:587\n" SECURE LOGIN,
			.dns = "mx=5 a.test.co.jp\naddr=198.51.100.77\nmx=10 "
			       "mail.test.co.jp\n",
			.passwords = "test.co.jp\tu:p\n"},
		"login", SES_RUNG_OK, "u is let in", ""},
	{"another way than the relay host",
		{.conf = "relayhost = [other.test]:587\n" SECURE,
			.dns = "addr=198.51.100.77\n"},
		"login", SES_RUNG_WARN, "by mail.test.co.jp", "transport_maps"},
	{"login refused",
		{.probe = "undeliverable (SASL authentication failed; server "
			  "mail.test.co.jp[1] said: 535 5.7.8 Error: authentication "
			  "failed)"},
		"login", SES_RUNG_FAILED, "535 5.7.8", "refuses this user and password"},
	{"login refused, no message",
		{.probe = "undeliverable (SASL authentication "
			  "failed; server mail.test.co.jp[1] said: 535 5.7.8 Error)"},
		"message", SES_RUNG_WAITS, "login", ""},
	{"no mechanism",
		{.probe = "undeliverable (SASL authentication failed; cannot "
			  "authenticate to server x[1]: no mechanism available)"},
		"login", SES_RUNG_FAILED, "No method of login", "libsasl2-modules"},
	{"login wanted",
		{.conf = HOP SECURE,
			.probe = SAID
			"530 5.7.0 Authentication required (in reply to MAIL FROM "
			"command))",
			.real = SAID
			"530 5.7.0 Authentication required (in reply to MAIL FROM "
			"command))"},
		"login", SES_RUNG_FAILED, "wants a login", "user and password"},
	{"master.cf goes before main.cf",
		{.client = "smtp unix - - n - - smtp -o smtp_tls_security_level=may\n",
			.probe = SAID "530 5.7.0 Must issue a STARTTLS command first (in "
				      "reply to MAIL FROM command))"},
		"login", SES_RUNG_FAILED, "smtp_tls_security_level = may",
		"postconf -PX smtp/unix/"},
	{"no relay there",
		{.conf = HOP SECURE,
			.probe = SAID
			"554 5.7.1 <x>: Relay access denied (in reply to RCPT TO "
			"command))"},
		"login", SES_RUNG_FAILED, "doesn't relay", "ask the provider"},
	{"the empty sender",
		{.probe = SAID "550 5.7.1 no null sender (in reply to MAIL FROM "
			       "command))"},
		"login", SES_RUNG_WARN, "is let in, bounces not",
		"a report goes to the sender"},
	{"not now",
		{.probe = "undeliverable (SASL authentication failed; server "
			  "mail.test.co.jp[1] said: 454 4.7.0 Temporary failure)"},
		"login", SES_RUNG_FAILED, "not now", "can't check a login now"},
	{"OAuth only",
		{.finger = FINGER("posttls-finger: Verified TLS connection established "
				  "to mail[1]:587: TLSv1.3 with cipher X\n"
				  "posttls-finger: > EHLO x\n"
				  "posttls-finger: < 250 AUTH XOAUTH2\n"),
			.probe = "undeliverable (SASL authentication failed; cannot "
				 "authenticate to server x[1]: no mechanism available)"},
		"login", SES_RUNG_FAILED, "OAuth", "app password"},
	{"no login, and the receiver refused",
		{.conf = HOP SECURE,
			.probe = SAID "550 5.1.1 <x>: User unknown (in reply to RCPT TO "
				      "command))"},
		"login", SES_RUNG_WARN, "no login is used", "no such receiver"},
	{"receiver unknown",
		{.probe = SAID "550 5.1.1 <x>: User unknown (in reply to RCPT TO "
			       "command))"},
		"login", SES_RUNG_WARN, "let in, the receiver not", "no such receiver"},
	{"452 at the receiver",
		{.probe = SAID "452 4.3.1 Insufficient system storage (in "
			       "reply to RCPT TO command))"},
		"login", SES_RUNG_WARN, "no room now", ""},
	{"smtp dies",
		{.probe = "fatal: specify a password table via the "
			  "`smtp_sasl_password_maps' configuration parameter"},
		"login", SES_RUNG_FAILED, "smtp client dies", "user and password"},
	{"no table of passwords", {.conf = HOP SECURE "smtp_sasl_auth_enable = yes\n"},
		"login", SES_RUNG_FAILED, "no passwords are kept", ""},
	{"another key, and a login is wanted",
		{.passwords = "",
			.probe = SAID
			"554 5.7.1 <x>: Recipient address rejected: Access denied (in "
			"reply to RCPT TO command))"},
		"login", SES_RUNG_FAILED, "refused", "No password is kept"},
	{"another key", {.passwords = ""}, "login", SES_RUNG_WARN,
		"no password for [mail.test.co.jp]:587", "as it is written"},
	{"passwords not built",
		{.passwords = "",
			.passwords_err = "postmap: fatal: open database /etc/sasl.db: No "
					 "such file "
					 "or directory\n"},
		"login", SES_RUNG_FAILED, "can't be read", "postmap builds it"},
	{"AUTH not offered", {.finger = NO_AUTH}, "login", SES_RUNG_WARN, "not offered",
		"goes without one"},
	{"only root",
		{.passwords = "",
			.passwords_err = "postmap: fatal: open database "
					 "/etc/sasl.db: Permission denied\n"},
		"login", SES_RUNG_WARN, "can't be tried", "Only root"},
};

static void
logins_say_whether_they_are_let_in(void **state)
{
	(void)state;
	assert_rungs(cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logins_say_whether_they_are_let_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
