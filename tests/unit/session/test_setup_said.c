/* SPDX-License-Identifier: MIT
 *
 * What is said of answers as they stand, be they kept, proposed or given.
 */
#include "setup_rig.h"

/* What is said of an answer as it stands, and of what is emptied. */
struct said_case {
	enum ses_setup_ask ask;
	const char *value; /* NULL: as it is */
	char mark;
	const char *note;
	enum ses_setup_from from;
};

static void
values_say_what_is_wrong_with_them(void **state)
{
	static const struct said_case all[] = {
		{SES_ANS_ROOT, NULL, '?', "nobody", SES_Q_KEPT},
		{SES_ANS_POSTMASTER, NULL, 0, "", SES_Q_KEPT},
		{SES_ANS_USER, NULL, 0, "", SES_Q_KEPT},
		{SES_ANS_USER, "", '?', "no login", SES_Q_ANSWERED},
		{SES_ANS_DESTINATION, "", '?', "none", SES_Q_ANSWERED},
		{SES_ANS_HOSTNAME, "relay", '?', "", SES_Q_ANSWERED},
		{SES_ANS_POSTMASTER, "", '?', "nobody", SES_Q_ANSWERED},
	};
	struct ses_setup_verdict v;
	struct ses_setup_question q;
	struct scratch x;

	(void)state;
	start(&x, BY_HAND);
	scratch_write(x.dir, "sasl_passwd", "mail.test.co.jp:587 me:SECRET\n");
	begin(&x);
	ses_setup_go(x.s, SES_SETUP_PEOPLE);
	for (size_t i = 0; i < N(all); i++) {
		if (all[i].value)
			answer(&x, all[i].ask, all[i].value);
		q = question(&x, all[i].ask);
		if (q.said.mark != all[i].mark || strcmp(q.said.note, all[i].note) != 0 ||
			q.from != all[i].from)
			fail_msg("%zu: '%c' \"%s\" %d %s", i, q.said.mark, q.said.note,
				q.from, q.said.text);
	}
	ses_setup_judge(x.s, SES_ANS_HOSTNAME, "", &v);
	assert_int_equal(v.mark, '!');
	assert_string_equal(v.note, "needed");
	end(&x);
}

/* A login that is kept where no file is shows no user, and is there all the same. */
static void
login_kept_elsewhere_is_told(void **state)
{
	struct ses_setup_question q;
	struct scratch x;

	(void)state;
	begin_on(&x, "relayhost = [mail.test.co.jp]\nsmtp_sasl_auth_enable = yes\n"
		     "smtp_sasl_password_maps = static:me:SECRET\n");
	q = question(&x, SES_ANS_USER);
	assert_string_equal(q.value, "");
	assert_string_equal(q.said.note, "kept elsewhere");
	assert_non_null(strstr(q.said.text, "static:"));
	assert_null(strstr(q.said.text, "SECRET"));
	end(&x);
	begin_on(&x, "relayhost = [mail.test.co.jp]\nsmtp_sasl_auth_enable = yes\n"
		     "smtp_sasl_password_maps = hash:/nonexistent/pw\n");
	q = question(&x, SES_ANS_USER);
	assert_string_equal(q.said.note, "none found");
	assert_int_equal(q.said.mark, 0);
	end(&x);
}

/* What is ticked or added is told at once, and stays marked. */
static void
rows_that_are_wrong_are_told(void **state)
{
	static const struct {
		const char *text;
		char mark;
	} added[] = {{"/etc/no-such-nets", '!'}, {"cidr:/etc/no-such-table", '!'},
		{"192.168.7.0/24", 0}};
	struct diags d = {0};
	struct scratch x;

	(void)state;
	begin_on(&x, STOCK);
	ses_setup_go(x.s, SES_SETUP_CLIENTS);
	assert_true(ses_setup_tick(x.s, SES_ANS_CLIENTS,
		item(&x, SES_ANS_CLIENTS, "203.0.113.0/24"), true, &d));
	assert_int_equal(d.n, 1);
	expect_row(&x, SES_ANS_CLIENTS, "203.0.113.0/24", '!');
	diag_clear(&d);
	for (size_t i = 0; i < N(added); i++) {
		assert_true(ses_setup_add(x.s, SES_ANS_CLIENTS, added[i].text, &d));
		assert_int_equal(d.n, added[i].mark != 0);
		expect_row(&x, SES_ANS_CLIENTS, added[i].text, added[i].mark);
		diag_clear(&d);
	}
	assert_false(ses_setup_add(x.s, SES_ANS_CLIENTS, "192.168.", NULL));
	end(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_say_what_is_wrong_with_them),
		cmocka_unit_test(login_kept_elsewhere_is_told),
		cmocka_unit_test(rows_that_are_wrong_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
