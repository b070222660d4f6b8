/* SPDX-License-Identifier: MIT
 *
 * Several relay hosts: each rung is asked of all, and told of the first; below it stands
 * what it says of the spare ones.
 */
#include "verify_rungs.h"

#define SPARE "[spare.test.co.jp]:587"

/* All rungs of a relay with a spare host; what the spare one says of its name. */
static void
open_with_spare(struct machine *x, const struct says *is, const char *name)
{
	struct says all = *is;

	if (!all.conf)
		all.conf = "relayhost = [mail.test.co.jp]:587, " SPARE "\n" SECURE LOGIN;
	machine_open(x, &all);
	machine_add_first(x, "/proc/self/exe --net-probe dns spare.test.co.jp *", name);
	ladder_run(x, TARO, false);
}

static void
every_relay_host_is_asked(void **state)
{
	struct says is = {0};
	struct machine x;

	(void)state;
	open_with_spare(&x, &is, "addr=198.51.100.26\n");
	assert_ladder(&x, 12, 12);
	assert_rung(&x, "name", SES_RUNG_OK, "mail.test.co.jp = 198.51.100.25");
	assert_rung(&x, "name", SES_RUNG_OK,
		"spare " SPARE ": spare.test.co.jp = 198.51.100.26");
	assert_rung(&x, "encryption", SES_RUNG_OK,
		"spare " SPARE ": TLSv1.3, certificate checked");
	assert_int_equal(machine_asked(&x, "tcp 587 198.51.100.26"), 1);
	assert_int_equal(machine_asked(&x, SPARE "\n"), 1); /* posttls-finger */
	machine_close(&x);
}

static void
a_spare_host_that_is_not_well_is_a_doubt(void **state)
{
	struct says is = {0};
	struct ses_rung connection;
	struct machine x;

	(void)state;
	open_with_spare(&x, &is, "error=notfound\n");
	assert_ladder(&x, 12, 11);
	assert_int_equal(ladder_view(&x).warned, 1);
	assert_string_equal(
		ladder_rung(&x, "name").text, "spare spare.test.co.jp: not found");
	assert_rung(&x, "name", SES_RUNG_WARN, "Mail leaves by the first relay host");
	assert_rung(&x, "name", SES_RUNG_WARN, "spelling"); /* the spare one's way out */
	connection = ladder_rung(&x, "connection");
	assert_false(rung_tells(&connection, "spare"));
	assert_int_equal(machine_asked(&x, "--net-probe tcp"), 1);
	machine_close(&x);
}

/* The first fails: that is told as ever, and of the spare one what it is good for. */
static void
spare_hosts_are_asked_when_the_first_fails(void **state)
{
	struct says is = {.dns = "error=notfound\n"};
	struct machine x;

	(void)state;
	open_with_spare(&x, &is, "addr=198.51.100.26\n");
	assert_rung(&x, "name", SES_RUNG_FAILED, "");
	assert_string_equal(ladder_rung(&x, "name").text, "not found");
	assert_rung(&x, "greeting", SES_RUNG_WAITS, "spare " SPARE ": 220");
	assert_rung(&x, "login", SES_RUNG_WAITS, "");
	/* mended, and everything on the way is asked anew */
	machine_say(&x, " dns mail", "addr=198.51.100.25\n");
	machine_say(&x, " dns ...", "addr=198.51.100.25\n");
	ladder_again(&x, 3);
	assert_rung(&x, "greeting", SES_RUNG_OK, "");
	assert_rung(&x, "message", SES_RUNG_OK, "");
	assert_int_equal(machine_asked(&x, "tcp 587 198.51.100.26"), 2);
	machine_close(&x);
}

/* The first relay host is away, and Postfix goes to the spare one: proven with c. */
static void
mail_that_a_spare_host_takes_is_told(void **state)
{
	struct says is = {.conf = "relayhost = " SPARE ", "
				  "[mail.test.co.jp]:587\n" SECURE LOGIN};
	struct machine x;

	(void)state;
	open_with_spare(&x, &is, "error=notfound\n");
	assert_true(ses_verify_without(x.s, 3));
	ses_verify_wait(x.s, NULL, NULL);
	assert_rung(&x, "login", SES_RUNG_WARN, "");
	assert_string_equal(
		ladder_rung(&x, "login").text, "by the spare [mail.test.co.jp]:587");
	assert_rung(&x, "message", SES_RUNG_OK, "");
	machine_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_relay_host_is_asked),
		cmocka_unit_test(a_spare_host_that_is_not_well_is_a_doubt),
		cmocka_unit_test(spare_hosts_are_asked_when_the_first_fails),
		cmocka_unit_test(mail_that_a_spare_host_takes_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
