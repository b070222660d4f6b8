/* SPDX-License-Identifier: MIT
 *
 * inet_interfaces as ticks and as a mode.
 */
#include "session/interfaces.h"
#include "scratch.h"

static void
interfaces_ticks_keep_the_words_that_stay(void **state)
{
	static const struct {
		const char *main_cf;
		const char *untick, *tick1, *tick2, *diff;
	} rows[] = {
		{"inet_interfaces = localhost\n", NULL, "192.168.1.1", "192.168.2.1",
			"-inet_interfaces = localhost\n"
			"+inet_interfaces = localhost, 192.168.1.1, 192.168.2.1\n"},
		{"inet_interfaces = $myhostname  localhost\n", NULL, "192.168.1.1", NULL,
			"-inet_interfaces = $myhostname  localhost\n"
			"+inet_interfaces = $myhostname  localhost  192.168.1.1\n"},
		/* what inet_protocols leaves out is not written along */
		{"inet_protocols = ipv4\ninet_interfaces = all\n", "203.0.113.5", NULL,
			NULL,
			"-inet_interfaces = all\n+inet_interfaces = 127.0.0.1, "
			"192.168.1.1, 192.168.2.1\n"},
		{"inet_interfaces = 127.0.0.1, 192.168.1.1\n", "192.168.1.1", NULL, NULL,
			"-inet_interfaces = 127.0.0.1, 192.168.1.1\n+inet_interfaces = "
			"127.0.0.1\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *const ticks[] = {
			rows[i].untick, rows[i].tick1, rows[i].tick2};
		struct scratch x;

		scratch_open(&x, rows[i].main_cf, "");
		for (size_t k = 0; k < 3; k++) {
			const struct ses_if_row *v;
			size_t n = ses_if_rows(x.s, &v);

			for (size_t r = 0; ticks[k] && r < n; r++)
				if (strcmp(v[r].addr, ticks[k]) == 0) {
					assert_true(ses_if_tick(x.s, r, k > 0, NULL));
					break;
				}
		}
		assert_diff(&x, rows[i].diff);
		scratch_close(&x);
	}
}

static void
interfaces_mode_there_and_back_is_no_change(void **state)
{
	struct scratch x;

	(void)state;
	scratch_open(&x, "inet_interfaces = all\n", "");
	assert_int_equal(ses_if_mode(x.s), SES_IF_ALL);
	assert_true(ses_if_set_mode(x.s, SES_IF_LOOPBACK, NULL));
	assert_diff(&x, "-inet_interfaces = all\n+inet_interfaces = loopback-only\n");
	assert_true(ses_if_set_mode(x.s, SES_IF_ALL, NULL));
	assert_diff(&x, "");
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interfaces_ticks_keep_the_words_that_stay),
		cmocka_unit_test(interfaces_mode_there_and_back_is_no_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
