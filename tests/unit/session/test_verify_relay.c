/* SPDX-License-Identifier: MIT
 *
 * Who may relay: clients of each segment, and strangers.
 */
#include "verify_rungs.h"

static const char *const public_nics[] = {"lo 127.0.0.1/8 up loopback",
	"lan0 192.168.1.1/24 up", "wan0 203.0.113.10/24 up", NULL};

#define DERIVED(list)                                                                    \
	.nets = "", .nics = public_nics, .derived = "mynetworks = " list "\n"

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
	{"derived segments", {DERIVED("127.0.0.0/8 192.168.1.0/24 203.0.113.0/24")},
		"clients", SES_RUNG_OK, "192.168.1.0/24 +1 allowed", ""},
	{"derived, with a public one",
		{DERIVED("127.0.0.0/8 192.168.1.0/24 203.0.113.0/24")}, "stranger",
		SES_RUNG_FAILED, "203.0.113.9 may relay", "Danger"},
	{"derived, this host", {DERIVED("127.0.0.0/8 192.168.1.1/32 203.0.113.10/32")},
		"stranger", SES_RUNG_OK, "198.51.100.200 is refused", ""},
	{"derived, nobody tells", {.nets = "", .derived = "?\n"}, "clients",
		SES_RUNG_WARN, "can't tell", ""},
	{"a public segment that was written",
		{.nics = public_nics, .nets = "mynetworks = 203.0.113.0/24\n"},
		"stranger", SES_RUNG_OK, "198.51.100.200 is refused", ""},
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
