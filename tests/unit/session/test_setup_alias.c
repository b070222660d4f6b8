/* SPDX-License-Identifier: MIT
 *
 * Aliases of the guided set-up: where they are written, and what they stand in the place
 * of.
 */
#include "setup_rig.h"

static void
people_are_written_where_their_samples_are(void **state)
{
	struct scratch x;

	(void)state;
	begin_on(&x, BY_HAND);
	ses_setup_go(x.s, SES_SETUP_PEOPLE);
	assert_value(&x, SES_ANS_POSTMASTER, "root");
	answer(&x, SES_ANS_ROOT, "hanako@example.co.jp, taro");
	add(&x, SES_ANS_ALIASES, "sales: |/bin/x y");
	assert_diff(&x, "-#root: hanako\n+root: hanako@example.co.jp, taro\n"
			"+sales: \"|/bin/x y\"\n");
	answer(&x, SES_ANS_POSTMASTER, "");
	answer(&x, SES_ANS_ROOT, "");
	assert_diff(&x, "-postmaster: root\n+sales: \"|/bin/x y\"\n");
	end(&x);
}

/* An alias that is there is told, and one name stands there once. */
static void
alias_in_the_place_of_another_is_told(void **state)
{
	struct diags d = {0};
	struct scratch x;

	(void)state;
	begin_on(&x, "relayhost = [a.test]\n");
	ses_setup_go(x.s, SES_SETUP_PEOPLE);
	assert_true(ses_setup_add(x.s, SES_ANS_ALIASES, "mailer-daemon: root", &d));
	assert_int_equal(d.n, 1);
	diag_clear(&d);
	expect_row(&x, SES_ANS_ALIASES, "mailer-daemon: root", '?');
	assert_true(ses_setup_add(x.s, SES_ANS_ALIASES, "Mailer-Daemon: postmaster", &d));
	assert_int_equal(d.n, 0);
	assert_int_equal(question(&x, SES_ANS_ALIASES).nitems, 1);
	assert_diff(&x, "");
	assert_true(ses_setup_add(x.s, SES_ANS_ALIASES, "a: b", &d));
	assert_true(ses_setup_add(x.s, SES_ANS_ALIASES, "b: a", &d));
	expect_row(&x, SES_ANS_ALIASES, "b: a", '?');
	assert_true(d.n > 0);
	diag_clear(&d);
	end(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_are_written_where_their_samples_are),
		cmocka_unit_test(alias_in_the_place_of_another_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
