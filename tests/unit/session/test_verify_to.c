/* SPDX-License-Identifier: MIT
 *
 * Whom a test message is proposed to go to: somebody elsewhere, by the aliases.
 */
#include "verify_rungs.h"

static const struct {
	const char *aliases, *conf, *want;
} receivers[] = {
	{"root: hanako@example.com\n", "", "hanako@example.com"},
	{"root: taro, \\root, x@relay.test\nx: |/bin/cat\ntaro: a@example.com\n", "",
		"a@example.com"},
	{"root: taro\ntaro: root\n", "", NULL},
	{"#root: hanako@example.com\n", "", NULL},
	{"postmaster: p@example.com\n", "", "p@example.com"},
	{"root: root@localhost\n", "", NULL},
	{"root: taro\n", "myorigin = example.co.jp\n", "root@example.co.jp"},
};

static void
a_receiver_elsewhere_is_proposed(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(receivers); i++) {
		char *nets = str_format(
			"mydestination = relay.test, localhost\n%s", receivers[i].conf);
		const char *want = receivers[i].want, *to;
		struct machine x;

		machine_open(&x, &(struct says){.nets = nets});
		fake_postfix_write(&x.pf, "aliases", receivers[i].aliases);
		to = ses_verify_receiver(x.s);
		if (!to != !want || (to && strcmp(to, want) != 0))
			fail_msg("%s: %s", receivers[i].aliases, to ? to : "nobody");
		machine_close(&x);
		free(nets);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_receiver_elsewhere_is_proposed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
