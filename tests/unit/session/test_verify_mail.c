/* SPDX-License-Identifier: MIT
 *
 * The test message: how it ended, and whether that proves something.
 */
#include "verify_rungs.h"

static const struct rung_case cases[] = {
	{"deferred",
		{.message = "deferred (host mail[1] said: 452 4.3.1 Insufficient "
			    "system storage (in reply to DATA command))"},
		"message", SES_RUNG_FAILED, "deferred", "no room now"},
	{"bounced",
		{.message = "bounced (host mail[1] said: 550 5.1.1 <x>: User unknown (in "
			    "reply to RCPT TO command))"},
		"message", SES_RUNG_FAILED, "returned", "no such receiver"},
	{"loops back", {.message = "deferred (mail for x loops back to myself)"},
		"message", SES_RUNG_FAILED, "deferred", "this machine itself"},
	{"nobody to send to", {.to = ""}, "message", SES_RUNG_NONE, "no receiver",
		"m names a receiver"},
};

static void
messages_say_how_they_ended(void **state)
{
	(void)state;
	assert_rungs(cases);
}

/* A message that never left proves nothing of the upstream, whoever has it here. */
static void
a_message_that_stayed_here_is_doubtful(void **state)
{
	static const char *const here[] = {
		"local", "virtual", "none", "procmail", "relay.test[private/lmtp]"};
	struct machine x;

	(void)state;
	for (size_t i = 0; i < N(here); i++) {
		ladder_open(&x, &(struct says){.relay = here[i], .to = "root"});
		assert_rung(
			&x, "message", SES_RUNG_WARN, "proves nothing of the upstream");
		machine_close(&x);
	}
	/* without an upstream there is nothing else to prove */
	ladder_open(&x, &(struct says){.conf = SECURE, .relay = "local", .to = "root"});
	assert_rung(&x, "message", SES_RUNG_OK, "");
	machine_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_say_how_they_ended),
		cmocka_unit_test(a_message_that_stayed_here_is_doubtful),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
