/* SPDX-License-Identifier: MIT
 *
 * The way to the upstream: its name, a connection, its greeting.
 */
#include "verify_rungs.h"

static const struct rung_case names[] = {
	{"no such name", {.dns = "error=notfound\n"}, "name", SES_RUNG_FAILED,
		"not found", "spelling"},
	{"no name server", {.dns = "error=again\n"}, "name", SES_RUNG_FAILED,
		"DNS doesn't answer", "resolv.conf"},
	{"null MX", {.dns = "error=nullmx\n", .conf = "relayhost = test.co.jp\n" PLAIN},
		"name", SES_RUNG_FAILED, "null MX", "takes no mail"},
	{"no address", {.dns = "error=noaddr\n"}, "name", SES_RUNG_FAILED, "no address",
		"MX lookup"},
	{"no address by MX",
		{.dns = "error=noaddr\n", .conf = "relayhost = test.co.jp\n" PLAIN},
		"name", SES_RUNG_FAILED, "no address", "inet_protocols"},
	{"the child died", {.dns = ""}, "name", SES_RUNG_FAILED, "DNS doesn't answer",
		""},
	{"MX",
		{.conf = "relayhost = test.co.jp:587\n" PLAIN,
			.dns = "mx=10 "
			       "mail.test.co.jp\naddr=198.51.100.25\naddr=198.51.100."
			       "26\n"},
		"name", SES_RUNG_OK, "MX mail.test.co.jp = 198.51.100.25", "2 addresses"},
	{"malformed", {.conf = "relayhost = [mail\n" PLAIN}, "name", SES_RUNG_FAILED,
		"can't be read", "relayhost = [mail"},
	{"loop", {.conf = "relayhost = [192.168.1.1]\n" PLAIN}, "name", SES_RUNG_FAILED,
		"this machine", "loops back"},
	{"loop on another port", {.conf = "relayhost = [127.0.0.1]:10025\n" PLAIN},
		"name", SES_RUNG_WARN, "this machine", "another program"},
	{"no relay host", {.conf = PLAIN, .to = ""}, "name", SES_RUNG_NONE,
		"no relay host is set", ""},
};

static void
names_say_how_they_are_found(void **state)
{
	(void)state;
	assert_rungs(names);
}

static const struct rung_case connections[] = {
	{"refused", {.tcp = "failed=198.51.100.25 Connection refused\n"}, "connection",
		SES_RUNG_FAILED, "Connection refused", "nothing listens"},
	{"timed out", {.tcp = "failed=198.51.100.25 timeout\n"}, "connection",
		SES_RUNG_FAILED, "timed out", "firewall"},
	{"port 25 timed out",
		{.conf = "relayhost = [mail.test.co.jp]\n" PLAIN,
			.tcp = "failed=198.51.100.25 timeout\n"},
		"connection", SES_RUNG_FAILED, "often blocked", "587"},
	{"a route that swallows", {.tcp = "failed=198.51.100.25 Invalid argument\n"},
		"connection", SES_RUNG_FAILED, "Invalid argument", "ip route"},
	{"something new under the sun", {.tcp = "failed=198.51.100.25 Out of cheese\n"},
		"connection", SES_RUNG_FAILED, "mail waits", "firewall"},
	{"no route", {.tcp = "failed=198.51.100.25 No route to host\n"}, "connection",
		SES_RUNG_FAILED, "No route", "routes"},
	{"one of two", {.tcp = "failed=198.51.100.24 timeout\nconnected=198.51.100.25\n"},
		"connection", SES_RUNG_WARN, "others fail", "198.51.100.24"},
	{"no IPv6 here",
		{.tcp = "failed=2001:db8::1 Network is unreachable\n"
			"connected=198.51.100.25\n"},
		"connection", SES_RUNG_OK, "198.51.100.25 port 587", "2001:db8::1"},
};

static void
connections_say_who_answers(void **state)
{
	(void)state;
	assert_rungs(connections);
}

static const struct rung_case greetings[] = {
	{"slow, or silent", {.smtp = "error=timeout\n"}, "greeting", SES_RUNG_WARN,
		"slow", "smtp_helo_timeout"},
	{"slow, and TLS isn't known",
		{.smtp = "error=timeout\n",
			.finger = "posttls-finger: Connected to mail[1]:587\n"
				  "posttls-finger: conversation with mail[1]:587 timed "
				  "out while receiving the initial server greeting\n"},
		"encryption", SES_RUNG_WARN, "slow", ""},
	{"slow, and mail goes all the same",
		{.smtp = "error=timeout\n",
			.finger = "posttls-finger: Connected to mail[1]:587\n"
				  "posttls-finger: conversation with mail[1]:587 timed "
				  "out while receiving the initial server greeting\n"},
		"message", SES_RUNG_OK, "sent", ""},
	{"EHLO refused, HELO taken",
		{.conf = HOP PLAIN, .smtp = "greeting=220 x\nehlo=502 no\nhelo=250 x\n"},
		"greeting", SES_RUNG_OK, "HELO only", "502 no"},
	{"EHLO and HELO refused",
		{.smtp = "greeting=220 x\nehlo=502 no\nhelo=550 go away\n"}, "greeting",
		SES_RUNG_FAILED, "550 go away", ""},
	{"busy", {.smtp = "greeting=421 too busy\nerror=closed\n"}, "greeting",
		SES_RUNG_FAILED, "421 too busy", "tried again by itself"},
	{"small messages only",
		{.conf = HOP SECURE LOGIN "message_size_limit = 10240000\n",
			.smtp = "greeting=220 x\nehlo=250-SIZE 1000\nehlo=250 "
				"STARTTLS\n"},
		"greeting", SES_RUNG_OK, "up to 1000 bytes", "10240000"},
	{"hangs up", {.smtp = "greeting=220 x\nerror=closed\n"}, "greeting",
		SES_RUNG_FAILED, "hangs up", "filter"},
	{"not wanted, and hung up",
		{.smtp = "greeting=554-no\ngreeting=554 5.7.1 go away\n"
			 "error=closed\n"},
		"greeting", SES_RUNG_FAILED, "554 5.7.1 go away", "Its words tell why"},
	{"not wanted", {.smtp = "greeting=554 5.7.1 go away\n"}, "greeting",
		SES_RUNG_FAILED, "554 5.7.1 go away", ""},
};

static void
greetings_say_whether_mail_is_wanted(void **state)
{
	(void)state;
	assert_rungs(greetings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_say_how_they_are_found),
		cmocka_unit_test(connections_say_who_answers),
		cmocka_unit_test(greetings_say_whether_mail_is_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
