/* SPDX-License-Identifier: MIT
 *
 * The guided set-up as data: what is proposed to a Postfix just installed, what each role
 * writes, that nothing is left behind by going back, and that a relay that is set up is
 * changed by nothing but answers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <sys/stat.h>

#include "base/str.h"
#include "session/draft.h"
#include "session/login.h"
#include "session/networks.h"
#include "session/params.h"
#include "session/relay.h"
#include "session/review.h"
#include "session/setup.h"
#include "scratch.h"

static const struct fake_cmd postfix[] = {
	{.argv = "/usr/sbin/postconf -d",
		.out = "default_database_type = hash\nmail_version = 3.7.11\n"
		       "inet_interfaces = all\nmydestination = $myhostname, localhost\n"
		       "myhostname = relay.example.com\nmyorigin = $myhostname\n"
		       "maillog_file = \nmynetworks = \nrelayhost = \n"
		       "info_log_address_format = external\n"
		       "smtp_sasl_auth_enable = no\nsmtp_sasl_password_maps = \n"
		       "smtp_sasl_security_options = noplaintext, noanonymous\n"
		       "smtp_sasl_tls_security_options = $smtp_sasl_security_options\n"
		       "smtp_tls_CAfile = \nsmtp_tls_CApath = \n"
		       "smtp_tls_security_level = \nsmtp_tls_wrappermode = no\n",
		.always = true},
	{.argv = "/usr/sbin/postconf -c * -m",
		.out = "btree\ncidr\nhash\nstatic\ntexthash\n",
		.always = true},
	{.argv = "/usr/sbin/postconf -c * mynetworks",
		.out = "mynetworks = 127.0.0.1/32 [::1]/128\n",
		.always = true},
};

static const char STOCK[] = "compatibility_level = 2\ninet_interfaces = localhost\n"
			    "#mynetworks = 10.0.0.0/8\n#relayhost = $mydomain\n"
			    "alias_database = hash:/etc/aliases\n";
static const char ALIASES[] =
	"postmaster: root\nmailer-daemon: postmaster\n#root: hanako\n";

static void
start(struct scratch *x, const char *main_cf)
{
	scratch_open(x, main_cf, ALIASES);
	x->run.script = postfix;
	x->run.n = sizeof(postfix) / sizeof(postfix[0]);
	for (int i = 0; i < SES_ASKS; i++)
		(void)ses_wait(x->s, (enum ses_ask)i, NULL);
}

static void
end(struct scratch *x)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/sasl_passwd", x->dir);
	(void)unlink(path);
	snprintf(path, sizeof(path), "%s/master.cf", x->dir);
	(void)unlink(path);
	scratch_close(x);
}

static void
begin(struct scratch *x)
{
	assert_true(ses_setup_begin(x->s, NULL));
}

static void
answer(struct scratch *x, enum ses_setup_ask ask, const char *value)
{
	struct diags d = {0};

	if (!ses_setup_answer(x->s, ask, value, &d))
		fail_msg("%s: %s", value, d.n ? d.v[0].text : "?");
}

static void
add(struct scratch *x, enum ses_setup_ask ask, const char *text)
{
	struct diags d = {0};

	if (!ses_setup_add(x->s, ask, text, &d))
		fail_msg("%s: %s", text, d.n ? d.v[0].text : "?");
}

static void
expect_diff(struct scratch *x, const char *want)
{
	char *diff = scratch_diff(x);

	assert_string_equal(diff, want);
	free(diff);
}

static size_t
changes(struct scratch *x)
{
	const struct ses_change *v;

	return ses_changes(x->s, &v);
}

static bool
is_asked(struct scratch *x, enum ses_setup_ask ask, struct ses_setup_question *out)
{
	struct ses_setup_view v;

	for (int step = 0; step < SES_SETUP_STEPS; step++) {
		ses_setup_view(x->s, (enum ses_setup_step)step, &v);
		for (size_t i = 0; i < v.n; i++)
			if (v.q[i].ask == ask) {
				*out = v.q[i];
				return true;
			}
	}
	return false;
}

static struct ses_setup_question
question(struct scratch *x, enum ses_setup_ask ask)
{
	struct ses_setup_question q = {0};

	assert_true(is_asked(x, ask, &q));
	return q;
}

static size_t
item(struct scratch *x, enum ses_setup_ask ask, const char *text)
{
	struct ses_setup_question q = question(x, ask);

	for (size_t i = 0; i < q.nitems; i++)
		if (strcmp(q.items[i].text, text) == 0)
			return i;
	fail_msg("no item %s", text);
	return 0;
}

static bool
is_on(struct scratch *x, enum ses_setup_ask ask, const char *text)
{
	size_t at = item(x, ask, text);

	return question(x, ask).items[at].on;
}

/* --- proposals --- */

static void
stock_file_gets_proposals_from_the_machine(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	assert_true(ses_setup_offered(x.s));
	begin(&x);
	assert_int_equal(ses_setup_role(x.s), SES_ROLE_LAN);
	assert_int_equal(question(&x, SES_ANS_ROLE).from, SES_Q_PROPOSED);
	assert_int_equal(question(&x, SES_ANS_HOSTNAME).from, SES_Q_KEPT);
	assert_int_equal(question(&x, SES_ANS_LISTEN).from, SES_Q_PROPOSED);
	assert_string_equal(question(&x, SES_ANS_LISTEN).now, "localhost");
	assert_true(is_on(&x, SES_ANS_LISTEN, "127.0.0.1"));
	assert_true(is_on(&x, SES_ANS_LISTEN, "192.168.1.1"));
	assert_false(is_on(&x, SES_ANS_LISTEN, "203.0.113.5"));
	assert_false(is_on(&x, SES_ANS_LISTEN, "all"));
	assert_true(is_on(&x, SES_ANS_CLIENTS, "127.0.0.1/32"));
	assert_true(is_on(&x, SES_ANS_CLIENTS, "192.168.2.0/24"));
	assert_false(is_on(&x, SES_ANS_CLIENTS, "203.0.113.0/24"));
	assert_int_equal(changes(&x), 0);
	end(&x);
}

static void
set_up_is_the_next_step_until_there_is_a_relay_host(void **state)
{
	struct ses_next next;
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	ses_next(x.s, &next);
	assert_string_equal(next.screen, "setup");
	assert_true(ses_param_set(x.s, "inet_interfaces", "all", NULL));
	ses_next(x.s, &next);
	assert_string_equal(next.screen, "setup");
	assert_true(ses_param_set(x.s, "relayhost", "[mail.test.co.jp]", NULL));
	assert_false(ses_setup_offered(x.s));
	ses_next(x.s, &next);
	assert_string_not_equal(next.screen, "setup");
	end(&x);
}

static void
lan_walk(struct scratch *x)
{
	begin(x);
	ses_setup_go(x->s, SES_SETUP_NAME);
	ses_setup_go(x->s, SES_SETUP_LISTEN);
	ses_setup_go(x->s, SES_SETUP_CLIENTS);
	add(x, SES_ANS_CLIENTS, "192.168.3.0/24");
	ses_setup_go(x->s, SES_SETUP_UPSTREAM);
	answer(x, SES_ANS_RELAYHOST, "mail.test.co.jp:587");
	ses_setup_go(x->s, SES_SETUP_PEOPLE);
	add(x, SES_ANS_ALIASES, "test-str-001: root");
	ses_setup_go(x->s, SES_SETUP_LOG);
	ses_setup_go(x->s, SES_SETUP_STEPS);
}

static const char LAN_DIFF[] =
	"-inet_interfaces = localhost\n"
	"+inet_interfaces = localhost, 192.168.1.1, 192.168.2.1\n"
	"+mynetworks = 127.0.0.1/32, [::1]/128, 192.168.1.0/24, 192.168.2.0/24,\n"
	"+    192.168.3.0/24\n"
	"+relayhost = [mail.test.co.jp]:587\n"
	"+test-str-001: root\n";

static void
walk_through_the_steps_writes_what_was_answered(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	lan_walk(&x);
	expect_diff(&x, LAN_DIFF);
	ses_setup_end(x.s);
	expect_diff(&x, LAN_DIFF);
	assert_string_equal(ses_undo(x.s), "set-up");
	assert_int_equal(changes(&x), 0);
	assert_null(ses_undo(x.s));
	assert_string_equal(ses_redo(x.s), "set-up");
	expect_diff(&x, LAN_DIFF);
	end(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stock_file_gets_proposals_from_the_machine),
		cmocka_unit_test(set_up_is_the_next_step_until_there_is_a_relay_host),
		cmocka_unit_test(walk_through_the_steps_writes_what_was_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
