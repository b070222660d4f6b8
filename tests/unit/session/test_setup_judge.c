/* SPDX-License-Identifier: MIT
 *
 * What is typed into the guided set-up: the mark that it has on every key, and what is no
 * answer at all.
 */
#include "setup_rig.h"

static void
typed_text_is_judged_without_a_change(void **state)
{
	static const struct {
		enum ses_setup_ask ask;
		const char *typed;
		char mark;
	} typed[] = {{SES_ANS_CLIENTS, "192.168.3.0/24", 'k'},
		{SES_ANS_CLIENTS, "192.168.3.5/24", '!'}, {SES_ANS_CLIENTS, "192.", 0},
		{SES_ANS_RELAYHOST, "mail.test.co.jp:587", 'k'},
		{SES_ANS_RELAYHOST, "mail.test.co.jp 587", 'k'},
		{SES_ANS_RELAYHOST, "a:b:c", '!'}, {SES_ANS_HOSTNAME, "relay", '?'},
		{SES_ANS_HOSTNAME, "relay.example.com", 0}, {SES_ANS_USER, "a:b", '!'},
		{SES_ANS_ALIASES, "sales: root", 'k'}, {SES_ANS_ALIASES, "sales", 0},
		{SES_ANS_ALIASES, "a@b: root", '!'}, {SES_ANS_ROOT, "hanako", 0}};
	struct ses_setup_verdict v;
	struct scratch x;

	(void)state;
	begin_on(&x, STOCK);
	for (size_t i = 0; i < N(typed); i++) {
		ses_setup_judge(x.s, typed[i].ask, typed[i].typed, &v);
		if (v.mark != typed[i].mark)
			fail_msg("%s: '%c' %s", typed[i].typed, v.mark, v.text);
	}
	ses_setup_judge(x.s, SES_ANS_CLIENTS, "192.168.3.0/24", &v);
	assert_string_equal(v.note, "256 addresses");
	assert_non_null(strstr(v.text, "a router must lead there"));
	assert_int_equal(scratch_changes(&x), 0);
	end(&x);
}

/* What can be written, and is hardly meant, has its mark while it is typed. */
static void
doubtful_text_is_marked_while_it_is_typed(void **state)
{
	static const struct {
		enum ses_setup_ask ask;
		const char *typed;
		char mark;
		const char *says;
	} all[] = {
		{SES_ANS_CLIENTS, "!10.0.0.1", 'k', "10.0.0.1, 1 address may not send."},
		{SES_ANS_CLIENTS, "::/0", '!', "every address of the Internet"},
		{SES_ANS_RELAYHOST, "mail test co", '?', "several hosts"},
		{SES_ANS_RELAYHOST, "a.test, b.test", 0, ""},
		{SES_ANS_RELAYHOST, "\xe6\x97\xa5.jp", '?', "such letters"},
		{SES_ANS_RELAYHOST, "127.0.0.1", '?', "this machine itself"},
		{SES_ANS_RELAYHOST, "192.168.1.1:25", '?', "this machine itself"},
		{SES_ANS_RELAYHOST, "relay.example.com", '?', "this machine itself"},
		{SES_ANS_RELAYHOST, "smtp://mail.test.co.jp", '?', "[mail.test.co.jp]"},
		{SES_ANS_ALIASES, "mailer-daemon: taro", '?', "no longer goes to"},
		{SES_ANS_ALIASES, "mailer-daemon: postmaster", 'k', ""},
		{SES_ANS_ALIASES, "sa les: root", '?', "has no blank"},
		{SES_ANS_LOGFILE, "/etc/shadow", '!', "outside /var"},
		{SES_ANS_LOGFILE, "/tmp/x", '!', "outside /var"},
		{SES_ANS_LOGFILE, "mail log", '!', "outside /var"},
		{SES_ANS_LOGFILE, "/variant/x", '!', "outside /var"},
		{SES_ANS_LOGFILE, "/var", 0, ""},
		{SES_ANS_LOGFILE, "/var/log", '!', "a folder"},
		{SES_ANS_LOGFILE, "/var/no-such-dir/x", '!', "no folder"},
		{SES_ANS_LOGFILE, "/var/log/postfix.log", 0, ""},
	};
	struct ses_setup_verdict v;
	struct scratch x;

	(void)state;
	begin_on(&x, "myhostname = relay.example.com\n");
	for (size_t i = 0; i < N(all); i++) {
		ses_setup_judge(x.s, all[i].ask, all[i].typed, &v);
		if (v.mark != all[i].mark || !strstr(v.text, all[i].says))
			fail_msg("%s: '%c' %s", all[i].typed, v.mark, v.text);
	}
	end(&x);
}

static void
what_is_no_answer_changes_nothing(void **state)
{
	static const struct {
		enum ses_setup_ask ask;
		const char *value;
	} none[] = {{SES_ANS_ROLE, "router"}, {SES_ANS_HOSTNAME, " "},
		{SES_ANS_HOSTNAME, "a\nb"}, {SES_ANS_MX, "maybe"},
		{SES_ANS_RELAYHOST, "a:b:c"}, {SES_ANS_TLS, "strong"},
		{SES_ANS_USER, "a:b"}, {SES_ANS_PASSWORD, "x "},
		{SES_ANS_LOG, "journal"}};
	struct scratch x;

	(void)state;
	begin_on(&x, STOCK);
	for (size_t i = 0; i < N(none); i++) {
		struct diags d = {0};

		if (ses_setup_answer(x.s, none[i].ask, none[i].value, &d) || d.n == 0)
			fail_msg("%s was taken", none[i].value);
		diag_clear(&d);
	}
	assert_false(ses_setup_answer(x.s, SES_ANS_LISTEN, "all", NULL));
	assert_false(ses_setup_add(x.s, SES_ANS_ALIASES, "no colon", NULL));
	assert_false(ses_setup_add(x.s, SES_ANS_ALIASES, "root: x", NULL));
	assert_false(ses_setup_add(x.s, SES_ANS_CLIENTS, "", NULL));
	assert_false(ses_setup_tick(x.s, SES_ANS_CLIENTS, 99, true, NULL));
	assert_int_equal(scratch_changes(&x), 0);
	end(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typed_text_is_judged_without_a_change),
		cmocka_unit_test(doubtful_text_is_marked_while_it_is_typed),
		cmocka_unit_test(what_is_no_answer_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
