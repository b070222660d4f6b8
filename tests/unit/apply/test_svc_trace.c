/* SPDX-License-Identifier: MIT
 *
 * A message followed in the log, and what its end proves: lines as Postfix 3.7 wrote them
 * in the sandbox, and such that only look like it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "apply/svc_trace.h"
#include "base/mem.h"

#define TO "postmaster@mail.test.co.jp"
#define N(v) (sizeof(v) / sizeof(v)[0])

/* "%u" of text is our uid. */
static void
take(struct svc_trace *t, const char *text)
{
	char uid[16], *whole;
	const char *at = strstr(text, "%u");

	snprintf(uid, sizeof uid, "%u", (unsigned)geteuid());
	whole = at ? str_format("%.*s%s%s", (int)(at - text), text, uid, at + 2)
		   : mem_strdup(text);
	svc_trace_take(t, sv_of(whole));
	free(whole);
}

#define PICKED "Nov 27 19:47:21 relay postfix/pickup[268]: D106C2B: uid=%u from=<>\n"
#define SENT_BY(qid, end)                                                                \
	"Nov 27 19:47:21 relay postfix/smtp[279]: " qid ": to=<" TO                      \
	">, relay=mail.test.co.jp[198.51.100.25]:587, delay=0.04, dsn=2.1.5, " end "\n"

static void
take_probe_by_uid_and_receiver(void **state)
{
	struct svc_trace t = {.rcpt = TO};

	(void)state;
	take(&t, "Nov 27 19:47:21 relay postfix/pickup[268]: AAAA1: uid=%u9 from=<>\n");
	take(&t, SENT_BY("AAAA1", "status=bounced (somebody else's)"));
	assert_false(svc_trace_ended(&t));
	take(&t, PICKED SENT_BY("D106C2B", "status=deliverable (250 2.1.5 Ok)"));
	assert_true(svc_trace_ended(&t));
	assert_string_equal(str_c(&t.qids), "D106C2B");
	assert_string_equal(str_c(&t.reason), "250 2.1.5 Ok");
	assert_string_equal(str_c(&t.relay), "mail.test.co.jp[198.51.100.25]:587");
	svc_trace_free(&t);
}

static void
take_dead_client_ends(void **state)
{
	struct svc_trace t = {.rcpt = TO};

	(void)state;
	take(&t, "Nov 27 19:47:26 relay postfix/smtpd[361]: fatal: not of smtp\n");
	assert_false(svc_trace_ended(&t));
	take(&t,
		"Nov 27 19:47:26 relay postfix/smtp[361]: fatal: missing \"]\" in server "
		"description: [mail.test.co.jp\n");
	assert_true(svc_trace_ended(&t));
	assert_int_equal(svc_trace_way(&t), SVC_WAY_DIES);
	svc_trace_free(&t);
}

static const struct {
	const char *end; /* "STATUS (REASON)" */
	enum svc_way way;
} ways[] = {
	{"deliverable (250 2.1.5 Ok)", SVC_WAY_GOES},
	{"undeliverable (host m[1.2.3.4] said: 550 5.1.1 <x>: User unknown (in reply to "
	 "RCPT TO command))",
		SVC_WAY_RECEIVER},
	{"undeliverable (host m[1.2.3.4] said: 452 4.3.1 full (in reply to RCPT TO "
	 "command))",
		SVC_WAY_RECEIVER},
	{"undeliverable (host m[1.2.3.4] said: 454 4.7.1 <x>: Relay access denied (in "
	 "reply to RCPT TO command))",
		SVC_WAY_REFUSED},
	{"undeliverable (host m[1.2.3.4] said: 530 5.7.0 Authentication required (in "
	 "reply to MAIL FROM command))",
		SVC_WAY_REFUSED},
	{"undeliverable (host m[1.2.3.4] said: 550 5.7.1 <>: Access denied (in reply to "
	 "MAIL FROM command))",
		SVC_WAY_SENDER},
	{"undeliverable (host m[1.2.3.4] said: 451 4.3.0 later (in reply to MAIL FROM "
	 "command))",
		SVC_WAY_UNREACHED},
	{"undeliverable (SASL authentication failed; server m[1.2.3.4] said: 535 5.7.8 "
	 "cannot connect to the backend)",
		SVC_WAY_REFUSED},
	{"undeliverable (SASL authentication failed; server m[1.2.3.4] said: 454 4.7.0 "
	 "Temporary authentication failure)",
		SVC_WAY_UNREACHED},
	{"undeliverable (SASL authentication failed; cannot authenticate to server "
	 "m[1.2.3.4]: no mechanism available)",
		SVC_WAY_REFUSED},
	{"undeliverable (connect to m[1.2.3.4]:587: Connection refused)",
		SVC_WAY_UNREACHED},
	{"undeliverable (connect to m[1.2.3.4]:587: Connection timed out)",
		SVC_WAY_UNREACHED},
	{"undeliverable (conversation with m[1.2.3.4] timed out while receiving the "
	 "initial server greeting)",
		SVC_WAY_UNREACHED},
	{"undeliverable (lost connection with m[1.2.3.4] while performing the EHLO "
	 "handshake)",
		SVC_WAY_UNREACHED},
	{"undeliverable (host m[1.2.3.4] refused to talk to me: 421 4.7.0 busy)",
		SVC_WAY_UNREACHED},
	{"undeliverable (host m[1.2.3.4] refused to talk to me: 554 5.7.1 listed)",
		SVC_WAY_REFUSED},
	{"undeliverable (Host or domain name not found. Name service error for name=m "
	 "type=AAAA: Host not found, try again)",
		SVC_WAY_UNREACHED},
	{"undeliverable (Host or domain name not found. Name service error for name=m "
	 "type=AAAA: Host not found)",
		SVC_WAY_REFUSED},
	{"undeliverable (TLS is required, but was not offered by host m[1.2.3.4])",
		SVC_WAY_REFUSED},
	{"undeliverable (Cannot start TLS: handshake failure)", SVC_WAY_REFUSED},
	{"undeliverable (mail for m loops back to myself)", SVC_WAY_REFUSED},
	{"undeliverable (delivery temporarily suspended: connect to m[1.2.3.4]:587: "
	 "Connection refused)",
		SVC_WAY_UNKNOWN},
};

static void
way_is_told_by_postfix_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(ways); i++) {
		struct svc_trace t = {.rcpt = TO};
		char *line = str_format("Nov 27 19:47:21 relay postfix/smtp[279]: "
					"D106C2B: to=<" TO
					">, relay=none, dsn=4.4.1, status=%s\n",
			ways[i].end);

		assert_int_equal(svc_trace_way(&t), SVC_WAY_UNKNOWN);
		take(&t, PICKED);
		take(&t, line);
		if (svc_trace_way(&t) != ways[i].way)
			print_error("%s", line);
		assert_int_equal(svc_trace_way(&t), ways[i].way);
		free(line);
		svc_trace_free(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(take_probe_by_uid_and_receiver),
		cmocka_unit_test(take_dead_client_ends),
		cmocka_unit_test(way_is_told_by_postfix_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
