/* SPDX-License-Identifier: MIT
 *
 * The service after an apply: its greeting, and what is new in its log.
 */
#include "svc_rig.h"

struct greet_row {
	const char *lines[16];
	const char *words; /* NULL: well */
};

#define HELLO "S:220 a.test ESMTP\r\n", "C:EHLO [127.0.0.1]\r\n"

#define OTHER "C:RCPT TO:<abuse@[127.0.0.1]>\r\n"

#define BYE "C:RSET\r\n", "S:250 Ok\r\n", "C:QUIT\r\n", "S:221 Bye\r\n"

static const struct greet_row greet_rows[] = {
	{{HELLO, "S:250-a.test\r\n250 SIZE\r\n", "C:MAIL FROM:<>\r\n", "S:250 Ok\r\n",
		 "C:RCPT TO:<postmaster@[127.0.0.1]>\r\n", "S:250 Ok\r\n", OTHER,
		 "S:550 5.1.1 unknown\r\n", BYE, NULL},
		NULL},
	{{HELLO, "S:250 a.test\r\n", "C:MAIL FROM:<>\r\n", "S:250 Ok\r\n",
		 "C:RCPT TO:<postmaster@[127.0.0.1]>\r\n", "S:554 5.7.1 no\r\n", OTHER,
		 "S:554 5.7.1 no\r\n", BYE, NULL},
		NULL},
	{{HELLO, "S:250 a.test\r\n", "C:MAIL FROM:<>\r\n", "S:250 Ok\r\n",
		 "C:RCPT TO:<postmaster@[127.0.0.1]>\r\n", "S:250 Ok\r\n", OTHER,
		 "S:451 4.3.0 <abuse>: Temporary lookup failure\r\n", NULL},
		"451 4.3.0 <abuse>: Temporary lookup failure"},
	{{HELLO, "S:250 a.test\r\n", "C:MAIL FROM:<>\r\n", "S:250 Ok\r\n",
		 "C:RCPT TO:<postmaster@[127.0.0.1]>\r\n",
		 "S:451 4.3.0 <postmaster>: Temporary lookup failure\r\n", NULL},
		"451 4.3.0 <postmaster>: Temporary lookup failure"},
	{{"S:421 too busy\r\n", NULL}, "421 too busy"},
	{{NULL}, "no greeting"},
	{{HELLO, NULL}, "the line was cut after EHLO [127.0.0.1]"},
};

static void
greet_dialogues_give_verdict(void **state)
{
	struct fixture *x = *state;

	for (size_t i = 0; i < N(greet_rows); i++) {
		struct fake_service s = {"127.0.0.1", 25, 0, greet_rows[i].lines};
		struct svc_listen at = {.fam = 4, .addr = {127, 0, 0, 1}, .port = 25};
		char *words = NULL;

		fake_net_free(&x->pf.net);
		x->pf.net = (struct fake_net){.services = &s, .n = 1};
		assert_int_equal(svc_greet(&x->svc, &at, NULL, &words),
			greet_rows[i].words == NULL);
		if (greet_rows[i].words)
			assert_string_equal(words, greet_rows[i].words);
		assert_int_equal(x->pf.net.mismatch.n, 0);
		free(words);
	}
}

static void
health_counts_only_what_is_new(void **state)
{
	struct fixture *x = *state;
	const struct svc_listen addrs[] = {
		{.fam = 4, .addr = {127, 0, 0, 1}}, {.fam = 4, .addr = {192, 0, 2, 1}}};
	struct fake_service s = {"127.0.0.1", 25, 0, greet_rows[3].lines};
	struct svc_health_req req = {
		.addrs = addrs, .naddrs = 2, .maillog_file = x->pf.log, .log_ms = 1000};
	struct svc_health before, after;
	struct svc_log mark;

	fake_postfix_start(&x->pf, 4711, NULL);
	fake_postfix_write(
		&x->pf, "maillog", "Nov 24 03:26:07 a postfix/smtpd[1]: fatal: x\n");
	x->pf.net = (struct fake_net){.services = &s, .n = 1};
	svc_log_mark(&x->svc, x->pf.log, &mark);
	svc_health_ask(&x->svc, &req, &mark, &before);
	svc_health_log(&x->svc, &req, &mark, &before);
	/* the greeting is bad, the other address isn't listened on, the old line is old
	 */
	assert_int_equal(before.n, 2);
	assert_int_equal(before.asked, 1);
	fake_postfix_write(&x->pf, "maillog",
		"Nov 24 03:26:07 a postfix/smtpd[1]: fatal: x\n"
		"Nov 24 03:26:09 a postfix/smtpd[77]: fatal: open dictionary\n");
	svc_health_ask(&x->svc, &req, &mark, &after);
	svc_health_log(&x->svc, &req, &mark, &after);
	assert_int_equal(after.n, 3);
	assert_int_equal(svc_health_diags(&after, &before, SVC_HALF_ASKED, &x->d), 0);
	assert_int_equal(svc_health_diags(&after, &before, SVC_HALF_LOG, &x->d), 1);
	assert_int_equal(diag_count(&x->d, SEV_WARN), 2);
	assert_int_equal(svc_health_diags(&after, NULL, SVC_HALF_ASKED, NULL), 2);
	svc_health_free(&before);
	svc_health_free(&after);
	svc_log_free(&mark);
}

static void
health_down_is_ill_and_no_log_is_told(void **state)
{
	struct fixture *x = *state;
	struct svc_health_req req = {.log_ms = 1000};
	struct svc_log mark = {0};
	struct svc_health h;

	svc_health_ask(&x->svc, &req, &mark, &h);
	svc_health_log(&x->svc, &req, &mark, &h);
	assert_int_equal(h.n, 1);
	assert_int_equal(h.v[0].kind, SVC_SICK_MASTER);
	assert_false(h.log_read);
	svc_health_free(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(greet_dialogues_give_verdict),
		T(health_counts_only_what_is_new),
		T(health_down_is_ill_and_no_log_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
