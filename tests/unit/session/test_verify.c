/* SPDX-License-Identifier: MIT
 *
 * The ladder itself: which rungs are done, in what order, what stops them, and what is
 * never run. What each rung says has a program of its own.
 */
#include "session/networks.h"
#include "session/params.h"
#include "verify_rungs.h"

static const struct rung_case cases[] = {
	{"stopped, so no login", {.stopped = true}, "login", SES_RUNG_WAITS,
		"Postfix runs", ""},
	{"stopped, greeting all the same", {.stopped = true}, "greeting", SES_RUNG_OK,
		"220", ""},
};

static void
a_stopped_postfix_holds_only_what_needs_it(void **state)
{
	(void)state;
	assert_rungs(cases);
}

static void
a_good_relay_has_twelve_good_rungs(void **state)
{
	struct says is = {0};
	struct ses_verify v;
	struct ses_rung login;
	struct machine x;

	(void)state;
	ladder_open(&x, &is);
	v = ladder_view(&x);
	assert_ladder(&x, 12, 12);
	assert_int_equal(v.failed + v.waits + v.warned, 0);
	assert_false(v.running);
	assert_rung(&x, "encryption", SES_RUNG_OK, "TLSv1.3, certificate checked");
	assert_rung(&x, "login", SES_RUNG_OK, "relay@test.co.jp is let in");
	assert_rung(&x, "message", SES_RUNG_OK, "BBBB2 sent, 250 2.0.0 Ok: queued");
	assert_rung(&x, "people", SES_RUNG_OK, "both reach hanako@example.com");
	/* no secret is told, and none is in any argument */
	login = ladder_rung(&x, "login");
	assert_false(rung_tells(&login, "geheim"));
	assert_int_equal(machine_asked(&x, "geheim"), 0);
	machine_close(&x);
}

static void
the_probe_goes_from_name_to_login(void **state)
{
	struct says is = {0};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	ladder_run(&x, NULL, true);
	assert_ladder(&x, 7, 7);
	assert_string_equal(ladder_view(&x).rungs[6].id, "login");
	machine_close(&x);
}

/* Before it is applied, an upstream can be asked; the login can't be tried. */
static void
edits_are_probed_up_to_the_login(void **state)
{
	static const char *const edits[][2] = {{"myhostname", "relay.test"},
		{"relayhost", "[mail.test.co.jp]:587"},
		{"smtp_tls_security_level", "encrypt"}, {"smtp_sasl_auth_enable", "yes"}};
	struct says is = {.conf = "relayhost =\n"};
	struct diags d = {0};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	ladder_run(&x, NULL, true);
	assert_rung(&x, "name", SES_RUNG_NONE, "");
	for (size_t i = 0; i < N(edits); i++)
		assert_true(ses_param_set(x.s, edits[i][0], edits[i][1], &d));
	assert_true(ses_verify_start(
		x.s, &(struct ses_verify_opts){.probe = true, .edited = true}, &d));
	ses_verify_wait(x.s, NULL, NULL);
	assert_ladder(&x, 5, 4);
	assert_rung(&x, "login", SES_RUNG_WAITS, "once it is applied");
	assert_int_equal(x.probes, 0);
	machine_close(&x);
}

/* While somebody types: what is offered, and what is still missing. */
static void
login_of_edits_says_what_is_true(void **state)
{
	static const struct {
		const char *finger; /* NULL: a login is offered */
		bool user, on;
		enum ses_rung_state state;
		const char *text;
	} logins[] = {
		{NULL, false, false, SES_RUNG_NONE, "offered; no user is named"},
		{NULL, true, false, SES_RUNG_WAITS,
			"offered; its password is still missing"},
		{NULL, true, true, SES_RUNG_WAITS, "offered; tried once it is applied"},
		{NO_AUTH, false, false, SES_RUNG_NONE, "no user is named"},
		{NO_AUTH, true, false, SES_RUNG_WARN, "not offered by the server"},
		{NO_AUTH, true, true, SES_RUNG_WARN, "not offered by the server"},
	};
	struct diags d = {0};

	(void)state;
	for (size_t i = 0; i < N(logins); i++) {
		struct says is = {.conf = "relayhost =\n", .finger = logins[i].finger};
		const struct ses_verify_opts o = {
			.probe = true, .edited = true, .login = logins[i].user};
		struct machine x;

		machine_open(&x, &is);
		assert_true(ses_param_set(x.s, "myhostname", "relay.test", &d));
		assert_true(ses_param_set(x.s, "relayhost", "[mail.test.co.jp]:587", &d));
		assert_true(ses_param_set(x.s, "smtp_tls_security_level", "encrypt", &d));
		assert_true(ses_param_set(
			x.s, "smtp_sasl_auth_enable", logins[i].on ? "yes" : "no", &d));
		assert_true(ses_verify_start(x.s, &o, &d));
		ses_verify_wait(x.s, NULL, NULL);
		assert_rung(&x, "login", logins[i].state, logins[i].text);
		machine_close(&x);
	}
}

static void
edits_that_wait_are_not_judged(void **state)
{
	const struct ses_net_new world = {.text = "0.0.0.0/0", .before = SIZE_MAX};
	struct says is = {0};
	struct diags d = {0};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	assert_true(ses_net_add(x.s, &world, NULL, &d));
	diag_clear(&d);
	ladder_run(&x, "", false);
	assert_int_equal(ladder_view(&x).edits, 1);
	assert_rung(&x, "stranger", SES_RUNG_OK, "");
	machine_close(&x);
}

static void
what_does_not_depend_on_a_failure_is_done(void **state)
{
	struct says is = {.dns = "error=notfound\n"};
	struct machine x;

	(void)state;
	ladder_open(&x, &is);
	assert_int_equal(ladder_view(&x).failed, 1);
	assert_int_equal(ladder_view(&x).waits, 5); /* connection to login, message */
	assert_rung(&x, "stranger", SES_RUNG_OK, "");
	assert_rung(&x, "people", SES_RUNG_OK, "");
	machine_close(&x);
}

static void
stopping_leaves_the_rest_undone(void **state)
{
	struct says is = {0};
	struct ses_verify v;
	struct diags d = {0};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	machine_delay(&x, "", 3000);
	assert_true(ses_verify_start(x.s, &(struct ses_verify_opts){0}, &d));
	(void)ses_step(x.s);
	ses_verify_stop(x.s);
	v = ladder_view(&x);
	assert_true(v.stopped && !v.running);
	assert_int_equal(v.rungs[v.n - 1].state, SES_RUNG_NOT_YET);
	machine_close(&x);
}

static void
who_never_answers_is_given_up_after_ten_seconds(void **state)
{
	struct says is = {0};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	machine_delay(&x, " tcp ", 600000);
	ladder_run(&x, "", false);
	assert_rung(&x, "connection", SES_RUNG_FAILED, "no answer within 10 seconds");
	assert_in_range(ladder_rung(&x, "connection").ms, 10000, 13000);
	assert_rung(&x, "stranger", SES_RUNG_OK, "");
	machine_close(&x);
}

static void
nothing_but_postconf_runs_on_a_folder_that_others_can_write(void **state)
{
	struct says is = {0};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	x.pf.open = "conf/main.cf";
	ladder_run(&x, TARO, false);
	assert_rung(&x, "login", SES_RUNG_WARN, "");
	assert_rung(&x, "people", SES_RUNG_WARN, "");
	assert_rung(&x, "message", SES_RUNG_WARN, "");
	assert_int_equal(machine_asked(&x, "/usr/sbin/sendmail"), 0);
	assert_int_equal(machine_asked(&x, "/postmap "), 0);
	machine_close(&x);
}

static void
addresses_that_are_none_are_refused(void **state)
{
	static const char *const bad[] = {"-bv", "a b@c", "<a@b>", "a@", "@b", "a\n@b"};
	struct says is = {0};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	for (size_t i = 0; i < N(bad); i++) {
		struct diags d = {0};

		assert_false(ses_verify_start(
			x.s, &(struct ses_verify_opts){.to = bad[i]}, &d));
		assert_int_equal(d.v[0].code, DIAG_USAGE);
		diag_clear(&d);
	}
	machine_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stopped_postfix_holds_only_what_needs_it),
		cmocka_unit_test(a_good_relay_has_twelve_good_rungs),
		cmocka_unit_test(the_probe_goes_from_name_to_login),
		cmocka_unit_test(edits_are_probed_up_to_the_login),
		cmocka_unit_test(login_of_edits_says_what_is_true),
		cmocka_unit_test(edits_that_wait_are_not_judged),
		cmocka_unit_test(what_does_not_depend_on_a_failure_is_done),
		cmocka_unit_test(stopping_leaves_the_rest_undone),
		cmocka_unit_test(who_never_answers_is_given_up_after_ten_seconds),
		cmocka_unit_test(
			nothing_but_postconf_runs_on_a_folder_that_others_can_write),
		cmocka_unit_test(addresses_that_are_none_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
