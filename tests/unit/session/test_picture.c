/* SPDX-License-Identifier: MIT
 *
 * The picture of the relay and the next step that it leads to.
 */
#include "session/params.h"
#include "scratch.h"
#include "verify_machine.h"

static void
next_step_names_what_is_doubtful_when_nothing_is_wrong(void **state)
{
	struct ses_next next;
	struct scratch x;

	(void)state;
	scratch_open(&x,
		"mynetworks = 10.1.0.0/16\nrelayhost = mail.test.co.jp:587\n"
		"compatibility_level = 2\nmyhostname = relay.example.co.jp\n",
		"postmaster: root\nroot: a@b.test\n");
	assert_int_equal(diag_count(ses_findings(x.s), SEV_ERROR), 0);
	assert_true(diag_count(ses_findings(x.s), SEV_WARN) > 0);
	ses_next(x.s, &next);
	assert_non_null(next.finding);
	assert_int_equal(next.finding->sev, SEV_WARN);
	assert_string_equal(next.screen, ses_finding_screen(x.s, next.finding));
	scratch_close(&x);
}

/* Nothing is called closed where a name may stand for it. */
static void
picture_knows_not_what_a_name_in_dns_opens(void **state)
{
	struct ses_picture p;
	struct scratch x;

	(void)state;
	scratch_open(&x, "inet_interfaces = nowhere.invalid, localhost\n", "");
	ses_picture(x.s, &p);
	assert_string_equal(p.closed, "");
	assert_true(ses_param_set(x.s, "inet_interfaces", "localhost", NULL));
	ses_picture(x.s, &p);
	assert_non_null(strstr(p.closed, "lan0"));
	scratch_close(&x);
}

/* That there is a login is shown, though whose it is can't be. */
static void
login_that_is_in_no_file_is_in_the_picture(void **state)
{
	struct ses_picture p;
	struct scratch x;

	(void)state;
	scratch_open(&x,
		"relayhost = [mail.test.co.jp]:587\nsmtp_sasl_auth_enable = yes\n"
		"smtp_sasl_password_maps = static:u:SECRET\n",
		"");
	ses_picture(x.s, &p);
	assert_string_equal(p.upstream_login, "with login");
	assert_true(ses_param_set(x.s, "smtp_sasl_auth_enable", "no", NULL));
	ses_picture(x.s, &p);
	assert_string_equal(p.upstream_login, "");
	scratch_close(&x);
}

/* The host that is meant, not the text that leads to it. */
static void
upstream_is_the_host_that_a_reference_leads_to(void **state)
{
	static const struct {
		const char *conf, *host, *how;
	} rows[] = {{"relayhost = [$hub]:587\nhub = mail.test.co.jp\n", "mail.test.co.jp",
			    "port 587, no MX"},
		{"relayhost = $mydomain\nmydomain = test.co.jp\n", "test.co.jp",
			"port 25, MX asked"},
		{"relayhost = [mail]:submission, [b]\n", "mail",
			"port submission, no MX"},
		{"relayhost = [mail\n", "[mail", ""}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ses_picture p;
		struct scratch x;

		scratch_open(&x, rows[i].conf, "");
		ses_picture(x.s, &p);
		assert_string_equal(p.upstream, rows[i].host);
		assert_string_equal(p.upstream_how, rows[i].how);
		scratch_close(&x);
	}
}

/* A relay of this host only needs no segments of clients. */
static void
no_clients_are_missed_where_nobody_else_is_heard(void **state)
{
	static const struct {
		const char *nets;
		bool missed;
	} rows[] = {{"", false}, {"inet_interfaces = all\n", true}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *nets =
			str_format("mynetworks = 127.0.0.0/8\n" HOP "%s", rows[i].nets);
		struct ses_next next;
		struct machine x;

		machine_open(&x, &(struct says){.nets = nets});
		ses_next(x.s, &next);
		assert_int_equal(strcmp(next.screen, "networks") == 0, rows[i].missed);
		machine_close(&x);
		free(nets);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_step_names_what_is_doubtful_when_nothing_is_wrong),
		cmocka_unit_test(picture_knows_not_what_a_name_in_dns_opens),
		cmocka_unit_test(login_that_is_in_no_file_is_in_the_picture),
		cmocka_unit_test(upstream_is_the_host_that_a_reference_leads_to),
		cmocka_unit_test(no_clients_are_missed_where_nobody_else_is_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
