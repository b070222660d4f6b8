/* SPDX-License-Identifier: MIT
 *
 * relayhost as it is typed: brackets, ports, several hosts.
 */
#include "session/relay.h"
#include "scratch.h"

static void
relay_typed_text_becomes_brackets_and_port(void **state)
{
	struct ses_relay r;
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = 127.0.0.0/8\n", "");
	assert_true(ses_relay_set_typed(x.s, 0, "mail.test.co.jp:587", false, NULL));
	assert_diff(&x, "+relayhost = [mail.test.co.jp]:587\n");
	ses_relay_get(x.s, &r);
	assert_int_equal(r.n, 1);
	assert_string_equal(r.hops[0].host, "mail.test.co.jp");
	assert_string_equal(r.hops[0].port, "587");
	assert_false(r.hops[0].mx);
	assert_true(ses_relay_set_typed(x.s, 0, "other.test", false, NULL));
	assert_diff(&x, "+relayhost = [other.test]:587\n");
	assert_true(ses_relay_set_mx(x.s, 0, true, NULL));
	assert_diff(&x, "+relayhost = other.test:587\n");
	assert_true(ses_relay_set_port(x.s, 0, "", NULL));
	assert_diff(&x, "+relayhost = other.test\n");
	assert_true(ses_relay_set_typed(x.s, 1, "[192.0.2.1]", false, NULL));
	assert_diff(&x, "+relayhost = other.test, [192.0.2.1]\n");
	assert_false(ses_relay_set_port(x.s, 0, "1, a.test", NULL)); /* a host */
	assert_false(ses_relay_set_typed(x.s, 1, "a.test b.test", false, NULL));
	assert_true(ses_relay_set_port(x.s, 0, "99999", NULL));
	assert_diff(&x, "+relayhost = other.test:99999, [192.0.2.1]\n");
	ses_relay_get(x.s, &r);
	assert_false(r.readable);
	assert_int_equal(diag_count(ses_findings(x.s), SEV_ERROR), 1);
	ses_undo(x.s);
	assert_true(ses_relay_set_typed(x.s, 1, "[half", false, NULL));
	assert_diff(&x, "+relayhost = other.test, [half\n");
	ses_undo(x.s);
	assert_true(ses_relay_remove(x.s, 0, NULL));
	assert_true(ses_relay_unset(x.s, NULL));
	assert_diff(&x, "");
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relay_typed_text_becomes_brackets_and_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
