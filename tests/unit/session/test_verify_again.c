/* SPDX-License-Identifier: MIT
 *
 * Rungs that are tried once more, after something was mended or although something
 * failed.
 */
#include "verify_rungs.h"

enum { NAME = 3, CONNECTION = 4, LOGIN_ROW = 7, MESSAGE = 11 }; /* rows */

static void
again_does_a_rung_and_what_waited_for_it(void **state)
{
	struct says is = {.dns = "error=notfound\n"};
	struct machine x;

	(void)state;
	ladder_open(&x, &is);
	machine_say(&x, " dns ", "addr=198.51.100.25\n");
	ladder_again(&x, CONNECTION); /* it waits for the name */
	assert_ladder(&x, 12, 12);
	machine_close(&x);
}

/* A failed name: no connection can be tried, but Postfix's own way can. */
static void
without_a_failed_rung_the_others_are_tried(void **state)
{
	struct says is = {.dns = "error=notfound\n"};
	struct machine x;

	(void)state;
	ladder_open(&x, &is);
	assert_true(ladder_rung(&x, "name").can_without);
	assert_false(ladder_rung(&x, "connection").can_without);
	assert_false(ladder_rung(&x, "stranger").can_without);
	assert_false(ses_verify_without(x.s, CONNECTION)); /* no address */
	assert_true(ses_verify_without(x.s, NAME));
	ses_verify_wait(x.s, NULL, NULL);
	assert_rung(&x, "connection", SES_RUNG_WAITS, "");
	assert_rung(&x, "greeting", SES_RUNG_WAITS, "");
	assert_rung(&x, "encryption", SES_RUNG_OK, "");
	assert_rung(&x, "login", SES_RUNG_OK, "");
	assert_rung(&x, "message", SES_RUNG_OK, "");
	/* mended, it counts again */
	machine_say(&x, " dns ", "addr=198.51.100.25\n");
	ladder_again(&x, CONNECTION);
	assert_ladder(&x, 12, 12);
	machine_close(&x);
}

/* Only the rung that waits, when the focus is there. */
static void
a_rung_that_waits_is_tried_by_itself(void **state)
{
	struct says is = {.passwords = "", .passwords_err = "postmap: fatal: open x\n"};
	struct machine x;

	(void)state;
	ladder_open(&x, &is);
	assert_rung(&x, "login", SES_RUNG_FAILED, "");
	assert_rung(&x, "message", SES_RUNG_WAITS, "");
	assert_true(ses_verify_without(x.s, MESSAGE));
	ses_verify_wait(x.s, NULL, NULL);
	assert_rung(&x, "login", SES_RUNG_FAILED, "");
	assert_rung(&x, "message", SES_RUNG_OK, "");
	assert_false(ses_verify_without(x.s, LOGIN_ROW));
	machine_close(&x);
}

/* A probe has no row for where Postfix listens: the rows after it are others. */
static void
rows_of_a_probe_are_its_own(void **state)
{
	struct says is = {.dns = "error=notfound\n"};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	ladder_run(&x, "", true);
	machine_say(&x, " dns ", "addr=198.51.100.25\n");
	ladder_again(&x, NAME - 1);
	assert_ladder(&x, 7, 7);
	machine_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(again_does_a_rung_and_what_waited_for_it),
		cmocka_unit_test(without_a_failed_rung_the_others_are_tried),
		cmocka_unit_test(a_rung_that_waits_is_tried_by_itself),
		cmocka_unit_test(rows_of_a_probe_are_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
