/* SPDX-License-Identifier: MIT
 *
 * Who may relay: clients of each segment, and strangers.
 */
#include "verify_rungs.h"

static const struct rung_case cases[] = {
	{"open to the world", {.nets = "mynetworks = 192.168.1.0/24 0.0.0.0/0\n"},
		"stranger", SES_RUNG_FAILED, "198.51.100.200 may relay", "Danger"},
	{"public net of one's own", {.nets = "mynetworks = 198.51.100.0/24\n"},
		"stranger", SES_RUNG_OK, "203.0.113.200 is refused", ""},
	{"host bits", {.nets = "mynetworks = 192.168.1.5/24\n"}, "clients",
		SES_RUNG_FAILED, "1 of 1", "451"},
	{"an exception", {.nets = "mynetworks = !192.168.1.128 192.168.1.0/24\n"},
		"clients", SES_RUNG_OK, "192.168.1.0/24 allowed", ""},
	{"this host only", {.nets = "mynetworks = 127.0.0.0/8\n"}, "clients", SES_RUNG_OK,
		"this host only", ""},
};

static void
clients_may_and_strangers_may_not(void **state)
{
	(void)state;
	assert_rungs(cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clients_may_and_strangers_may_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
