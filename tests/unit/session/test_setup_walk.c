/* SPDX-License-Identifier: MIT
 *
 * Walks through the guided set-up by chance, over files of several kinds: going back to
 * the first step takes everything back, the same answers always lead to the same bytes,
 * all of it is one undo, and its own answers change nothing.
 */
#include "setup_rig.h"

static const char *const files[] = {
	"",
	"inet_interfaces = localhost\n#mynetworks = 10.0.0.0/8\n",
	"inet_interfaces = loopback-only\nmynetworks = 127.0.0.0/8\nrelayhost = "
	"[a.test]\n",
	"mynetworks = 127.0.0.0/8,\n# off\n  10.1.0.0/16\n\t!10.2.0.1 10.2.0.0/16\n"
	"relayhost = b.test:587\nsmtp_sasl_auth_enable = yes\n"
	"smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
	"smtp_tls_security_level = may\n",
	"inet_interfaces = $myhostname, 127.0.0.1, 192.168.1.1\nmyhostname = localhost\n"
	"relayhost = [a.test], [b.test]\nmynetworks = $config_directory/nets\n",
};

static const struct word {
	enum ses_setup_ask ask;
	const char *text;
} words[] = {{SES_ANS_ROLE, "relay"}, {SES_ANS_ROLE, "host"}, {SES_ANS_ROLE, "direct"},
	{SES_ANS_HOSTNAME, "relay.test"}, {SES_ANS_HOSTNAME, "x"},
	{SES_ANS_ORIGIN, "o.test"}, {SES_ANS_DESTINATION, ""},
	{SES_ANS_DESTINATION, "localhost"}, {SES_ANS_RELAYHOST, ""},
	{SES_ANS_RELAYHOST, "c.test:465"}, {SES_ANS_RELAYHOST, "d.test"},
	{SES_ANS_RELAYHOST, "c.test, d.test"}, {SES_ANS_RELAYHOST, "[192.0.2.1]:25"},
	{SES_ANS_MX, "yes"}, {SES_ANS_MX, "no"}, {SES_ANS_TLS, "may"},
	{SES_ANS_TLS, "none"}, {SES_ANS_TLS, "dane"}, {SES_ANS_USER, "u"},
	{SES_ANS_USER, ""}, {SES_ANS_PASSWORD, "p"}, {SES_ANS_PASSWORD, ""},
	{SES_ANS_ROOT, "hanako@test"}, {SES_ANS_ROOT, ""},
	{SES_ANS_POSTMASTER, "taro, hanako"}, {SES_ANS_POSTMASTER, ""},
	{SES_ANS_LOG, "file"}, {SES_ANS_LOG, "system"}, {SES_ANS_LOGFILE, "/var/log/x"}};

static const struct word added[] = {{SES_ANS_CLIENTS, "10.9.0.0/16"},
	{SES_ANS_CLIENTS, "10.2.0.0/16, 10.3.0.0/16"},
	{SES_ANS_CLIENTS, "[2001:db8::]/32"}, {SES_ANS_ALIASES, "sales: root"},
	{SES_ANS_ALIASES, "Postmaster2: |/bin/x y"}, {SES_ANS_ALIASES, "sales: taro"}};

static uint32_t chance;

static size_t
draw(size_t n)
{
	chance = chance * 1664525u + 1013904223u;
	return (chance >> 8) % n;
}

static void
open_on(struct scratch *x, const char *main_cf)
{
	start_with(x, main_cf, "postmaster: root\n#root: hanako\n",
		"mynetworks = 127.0.0.1/32 203.0.113.0/24 [::1]/128\n");
	scratch_write(x->dir, "nets", "192.168.9.0/24\n");
	scratch_write(x->dir, "sasl_passwd", "b.test:587 me:SECRET\n");
	scratch_write(x->dir, "master.cf", POSTLOG);
	scratch_ask_all(x);
}

static void
one_step(struct scratch *x)
{
	enum ses_setup_ask ask = draw(2) ? SES_ANS_LISTEN : SES_ANS_CLIENTS;
	const struct word *w;

	switch (draw(6)) {
	case 0:
		ses_setup_go(x->s, (enum ses_setup_step)draw(SES_SETUP_STEPS + 1));
		break;
	case 1:
		w = &added[draw(N(added))];
		(void)ses_setup_add(x->s, w->ask, w->text, NULL);
		break;
	case 2:
		(void)ses_setup_tick(x->s, ask, draw(9), draw(2), NULL);
		break;
	case 3:
		ask = draw(2) ? SES_ANS_CLIENTS : SES_ANS_ALIASES;
		(void)ses_setup_remove(x->s, ask, draw(12));
		break;
	default:
		w = &words[draw(N(words))];
		(void)ses_setup_answer(x->s, w->ask, w->text, NULL);
		break;
	}
}

static void
view_all(struct scratch *x)
{
	struct ses_setup_view v;
	enum ses_setup_ask which;

	for (int i = 0; i <= SES_SETUP_STEPS; i++) {
		ses_setup_view(x->s, (enum ses_setup_step)i, &v);
		for (size_t k = 0; k < v.n; k++)
			assert_true(v.q[k].label[0] && v.q[k].value &&
				    (v.q[k].kind != SES_Q_CHOICE ||
					    v.q[k].choice < v.q[k].nchoices));
		(void)ses_setup_ready(x->s, (enum ses_setup_step)i, &which, NULL);
	}
}

static void
own_answers_change_nothing(struct scratch *x, const char *wanted)
{
	struct str text = {0};
	struct diags d = {0};
	char path[200];
	bool good;

	ses_setup_print(x->s, &text);
	scratch_write(x->dir, "answers", str_c(&text));
	snprintf(path, sizeof(path), "%s/answers", x->dir);
	good = ses_setup_read(x->s, path, &d);
	if (!good)
		fail_msg("%s%s", d.n ? d.v[0].text : "", str_c(&text));
	ses_setup_end(x->s);
	assert_diff(x, wanted);
	str_free(&text);
	diag_clear(&d);
}

static void
walk(struct scratch *x)
{
	char *first, *again;

	assert_true(ses_setup_begin(x->s, NULL));
	for (size_t n = 1 + draw(25); n > 0; n--) {
		one_step(x);
		view_all(x);
	}
	ses_setup_go(x->s, SES_SETUP_STEPS);
	first = scratch_diff(x);
	ses_setup_go(x->s, SES_SETUP_ROLE);
	assert_int_equal(scratch_changes(x), 0);
	assert_null(ses_undo(x->s));
	assert_null(ses_redo(x->s));
	ses_setup_go(x->s, SES_SETUP_STEPS);
	ses_setup_end(x->s);
	again = scratch_diff(x);
	assert_string_equal(first, again);
	own_answers_change_nothing(x, first);
	if (first[0])
		assert_string_equal(ses_undo(x->s), "set-up");
	assert_null(ses_undo(x->s));
	assert_int_equal(scratch_changes(x), 0);
	free(first);
	free(again);
}

static void
walks_end_alike_and_leave_nothing(void **state)
{
	const char *more = getenv("PR_FUZZ_ROUNDS");
	unsigned long rounds = more ? strtoul(more, NULL, 10) : 60;
	struct scratch x;

	(void)state;
	for (unsigned long i = 0; i < rounds; i++) {
		chance = (uint32_t)i * 2654435761u + 1;
		open_on(&x, files[i % (N(files))]);
		walk(&x);
		end(&x);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_end_alike_and_leave_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
