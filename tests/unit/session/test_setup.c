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
#include <errno.h>
#include <sys/stat.h>

#include "base/str.h"
#include "session/draft.h"
#include "session/internal.h"
#include "session/login.h"
#include "session/networks.h"
#include "session/params.h"
#include "session/relay.h"
#include "session/review.h"
#include "session/setup.h"
#include "scratch.h"
#include "setup_postfix.h"

static const struct fake_cmd postfix[] = {
	{.argv = "/usr/sbin/postconf -d", .out = setup_defaults, .always = true},
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
	diag_clear(&d);
}

static void
add(struct scratch *x, enum ses_setup_ask ask, const char *text)
{
	struct diags d = {0};

	if (!ses_setup_add(x->s, ask, text, &d))
		fail_msg("%s: %s", text, d.n ? d.v[0].text : "?");
	diag_clear(&d);
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

struct nics_case {
	const char *nics[6];
	const char *inet, *role, *diff;
};

/* An address of DHCP may go, and then no program of Postfix runs: better listen to all.
 */
static void
addresses_that_may_go_are_not_proposed(void **state)
{
	static const struct nics_case all[] = {
		{{"lo 127.0.0.1/8 up loopback", "eth0 10.0.0.5/24 up transient", NULL},
			"inet_interfaces = localhost\n", "relay",
			"-inet_interfaces = localhost\n+inet_interfaces = all\n"},
		{{"lo 127.0.0.1/8 up loopback", "eth0 10.0.0.5/24 up transient",
			 "eth1 10.1.0.5/24 up", "eth2 10.2.0.5/24", NULL},
			"inet_interfaces = localhost\n", "relay",
			"-inet_interfaces = localhost\n"
			"+inet_interfaces = localhost, 10.1.0.5\n"},
		{{"lo 127.0.0.1/8 up loopback", "eth0 10.0.0.5/24 up", NULL}, "", "relay",
			""},
		{{"lo 127.0.0.1/8 up loopback", "eth0 10.0.0.5/24 up",
			 "eth1 192.0.2.5/24 up", NULL},
			"", "relay", "+inet_interfaces = 127.0.0.1, 10.0.0.5\n"},
		{{"lo 127.0.0.1/8 up loopback", "eth1 192.0.2.5/24 up", NULL}, "", "host",
			"+inet_interfaces = loopback-only\n"},
		{{"lo 127.0.0.1/8 up loopback", "eth0 10.0.0.5/24 up",
			 "eth0 fd00::5/64 up", NULL},
			"inet_interfaces = loopback-only\ninet_protocols = ipv4\n",
			"relay",
			"-inet_interfaces = loopback-only\n"
			"+inet_interfaces = 127.0.0.1, 10.0.0.5\n"},
	};
	struct scratch x;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		start(&x, all[i].inet);
		x.nic.rows = all[i].nics;
		begin(&x);
		assert_string_equal(question(&x, SES_ANS_ROLE).value, all[i].role);
		ses_setup_go(x.s, SES_SETUP_LISTEN);
		expect_diff(&x, all[i].diff);
		end(&x);
	}
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

/* --- what is applied, and opened again --- */

static void
reopen(struct scratch *x)
{
	struct ses_opts o = {
		.config_dir = x->dir, .aliases_file = x->aliases, .state_dir = x->state};

	for (size_t i = 0; i < x->s->nfiles; i++) {
		const struct ses_file *f = x->s->files[i];
		const char *name = strrchr(f->path, '/') + 1;
		struct str bytes = {0};

		doc_bytes(&f->doc, &bytes);
		if (sv_starts(sv_of(f->path), x->dir) && bytes.n)
			scratch_write(x->dir, name, str_c(&bytes));
		str_free(&bytes);
	}
	ses_close(x->s);
	x->s = ses_open(&o, &x->set, &x->world);
	for (int i = 0; i < SES_ASKS; i++)
		(void)ses_wait(x->s, (enum ses_ask)i, NULL);
}

/* Every step with Enter alone. */
static void
enter_through(struct scratch *x)
{
	begin(x);
	for (int step = 1; step <= SES_SETUP_STEPS; step++) {
		enum ses_setup_ask which;
		struct diags d = {0};

		if (!ses_setup_ready(x->s, (enum ses_setup_step)(step - 1), &which, &d))
			fail_msg("step %d: %s", step, d.v[0].text);
		ses_setup_go(x->s, (enum ses_setup_step)step);
	}
	ses_setup_end(x->s);
}

static bool
read_back(struct scratch *x)
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
		print_message("%s:%u: %s\n%s", path, d.v[0].loc.line, d.v[0].text,
			str_c(&text));
	ses_setup_end(x->s);
	(void)unlink(path);
	str_free(&text);
	diag_clear(&d);
	return good;
}

struct role_case {
	const char *role, *host, *user, *diff;
};

static const struct role_case roles[] = {
	{"relay", "mail.test.co.jp:587", NULL,
		"-inet_interfaces = localhost\n"
		"+inet_interfaces = localhost, 192.168.1.1, 192.168.2.1\n"
		"+mynetworks = 127.0.0.1/32, [::1]/128, 192.168.1.0/24, 192.168.2.0/24\n"
		"+relayhost = [mail.test.co.jp]:587\n"},
	{"host", "mail.test.co.jp:587", "relay@test.co.jp",
		"+relayhost = [mail.test.co.jp]:587\n"
		"+smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
		"+smtp_sasl_auth_enable = yes\n"
		"+smtp_sasl_tls_security_options = noanonymous\n"
		"+smtp_tls_security_level = encrypt\n"
		"+[mail.test.co.jp]:587\trelay@test.co.jp:****\n"},
	{"direct", NULL, NULL,
		"-inet_interfaces = localhost\n"
		"+inet_interfaces = localhost, 192.168.1.1, 192.168.2.1\n"
		"+mynetworks = 127.0.0.1/32, [::1]/128, 192.168.1.0/24, "
		"192.168.2.0/24\n"},
};

static void
each_role_writes_what_it_needs_and_nothing_the_second_time(void **state)
{
	struct scratch x;

	(void)state;
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		start(&x, STOCK);
		begin(&x);
		answer(&x, SES_ANS_ROLE, roles[i].role);
		ses_setup_go(x.s, SES_SETUP_UPSTREAM);
		if (roles[i].host)
			answer(&x, SES_ANS_RELAYHOST, roles[i].host);
		if (roles[i].user) {
			answer(&x, SES_ANS_USER, roles[i].user);
			answer(&x, SES_ANS_PASSWORD, "SECRET");
		}
		ses_setup_go(x.s, SES_SETUP_STEPS);
		expect_diff(&x, roles[i].diff);
		reopen(&x);
		assert_int_equal(changes(&x), 0);
		enter_through(&x);
		expect_diff(&x, "");
		assert_true(read_back(&x));
		expect_diff(&x, "");
		begin(&x);
		assert_string_equal(question(&x, SES_ANS_ROLE).value, roles[i].role);
		ses_setup_end(x.s);
		end(&x);
	}
}

/* --- back and forth --- */

static void
going_back_leaves_nothing_behind(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	lan_walk(&x);
	ses_setup_go(x.s, SES_SETUP_UPSTREAM); /* open: still in the picture */
	assert_int_equal(changes(&x), 3);
	ses_setup_go(x.s, SES_SETUP_CLIENTS);
	assert_int_equal(changes(&x), 2);
	ses_setup_go(x.s, SES_SETUP_ROLE);
	assert_int_equal(changes(&x), 0);
	assert_null(ses_redo(x.s));
	answer(&x, SES_ANS_ROLE, "host");
	assert_string_equal(question(&x, SES_ANS_RELAYHOST).value, "mail.test.co.jp:587");
	answer(&x, SES_ANS_ROLE, "relay");
	ses_setup_go(x.s, SES_SETUP_STEPS);
	expect_diff(&x, LAN_DIFF);
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	ses_setup_end(x.s); /* the open step goes */
	assert_int_equal(changes(&x), 2);
	assert_string_equal(ses_undo(x.s), "set-up");
	assert_int_equal(changes(&x), 0);
	end(&x);
}

static void
clients_follow_the_addresses_that_are_ticked(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, "inet_interfaces = loopback-only\n");
	begin(&x);
	ses_setup_go(x.s, SES_SETUP_LISTEN);
	assert_true(ses_setup_tick(x.s, SES_ANS_LISTEN,
		item(&x, SES_ANS_LISTEN, "192.168.2.1"), false, NULL));
	assert_false(is_on(&x, SES_ANS_CLIENTS, "192.168.2.0/24"));
	assert_true(is_on(&x, SES_ANS_CLIENTS, "192.168.1.0/24"));
	assert_true(ses_setup_tick(
		x.s, SES_ANS_LISTEN, item(&x, SES_ANS_LISTEN, "all"), true, NULL));
	assert_true(ses_setup_tick(x.s, SES_ANS_LISTEN,
		item(&x, SES_ANS_LISTEN, "203.0.113.5"), false, NULL));
	assert_false(is_on(&x, SES_ANS_LISTEN, "all"));
	assert_true(is_on(&x, SES_ANS_LISTEN, "192.168.1.1"));
	ses_setup_go(x.s, SES_SETUP_CLIENTS);
	assert_true(ses_setup_tick(x.s, SES_ANS_CLIENTS,
		item(&x, SES_ANS_CLIENTS, "[::1]/128"), false, NULL));
	add(&x, SES_ANS_CLIENTS, "10.1.0.0/16, 10.2.0.0/16");
	assert_true(ses_setup_remove(
		x.s, SES_ANS_CLIENTS, item(&x, SES_ANS_CLIENTS, "10.2.0.0/16")));
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	expect_diff(&x, "-inet_interfaces = loopback-only\n"
			"+inet_interfaces = 127.0.0.1, ::1, 192.168.1.1, 192.168.2.1\n"
			"+mynetworks = 127.0.0.1/32, 192.168.1.0/24, 192.168.2.0/24,\n"
			"+    10.1.0.0/16\n");
	end(&x);
}

static void
change_dropped_in_the_review_comes_back_with_its_step(void **state)
{
	struct scratch x;
	const struct ses_change *v;
	size_t n;

	(void)state;
	start(&x, STOCK);
	lan_walk(&x);
	n = ses_changes(x.s, &v);
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].name, "relayhost") == 0) {
			assert_true(ses_change_drop(x.s, i, NULL));
			break;
		}
	assert_true(is_on(&x, SES_ANS_CLIENTS, "192.168.1.0/24")); /* a look */
	assert_int_equal(changes(&x), n - 1);
	ses_setup_go(x.s, SES_SETUP_LOG);
	ses_setup_go(x.s, SES_SETUP_STEPS);
	expect_diff(&x, LAN_DIFF);
	end(&x);
}

static void
login_and_port_set_tls_and_an_answer_has_the_last_word(void **state)
{
	struct scratch x;
	enum ses_setup_ask which = SES_ANS_ROLE;

	(void)state;
	start(&x, STOCK);
	begin(&x);
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	assert_false(ses_setup_ready(x.s, SES_SETUP_UPSTREAM, &which, NULL));
	assert_int_equal(which, SES_ANS_RELAYHOST);
	answer(&x, SES_ANS_RELAYHOST, "mail.test.co.jp:465");
	assert_string_equal(question(&x, SES_ANS_TLS).value, "encrypt");
	assert_int_equal(question(&x, SES_ANS_TLS).from, SES_Q_PROPOSED);
	answer(&x, SES_ANS_RELAYHOST, "mail.test.co.jp");
	assert_string_equal(question(&x, SES_ANS_TLS).value, "none");
	answer(&x, SES_ANS_USER, "u");
	assert_false(ses_setup_ready(x.s, SES_SETUP_UPSTREAM, &which, NULL));
	assert_int_equal(which, SES_ANS_PASSWORD);
	assert_string_equal(question(&x, SES_ANS_TLS).value, "encrypt");
	assert_int_equal(question(&x, SES_ANS_TLS).from, SES_Q_PROPOSED);
	answer(&x, SES_ANS_PASSWORD, "p");
	assert_true(ses_setup_ready(x.s, SES_SETUP_UPSTREAM, &which, NULL));
	assert_string_equal(question(&x, SES_ANS_TLS).value, "encrypt");
	assert_string_equal(question(&x, SES_ANS_PASSWORD).value, "yes");
	answer(&x, SES_ANS_TLS, "may");
	assert_string_equal(question(&x, SES_ANS_TLS).value, "may");
	answer(&x, SES_ANS_USER, "");
	answer(&x, SES_ANS_PASSWORD, "");
	answer(&x, SES_ANS_TLS, "none");
	expect_diff(&x, "-inet_interfaces = localhost\n"
			"+inet_interfaces = localhost, 192.168.1.1, 192.168.2.1\n"
			"+mynetworks = 127.0.0.1/32, [::1]/128, 192.168.1.0/24, "
			"192.168.2.0/24\n"
			"+relayhost = [mail.test.co.jp]\n");
	end(&x);
}

static void
login_of_before_is_taken_away_as_often_as_answered(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	assert_true(ses_relay_put(x.s, "[mail.test.co.jp]:587", NULL));
	assert_true(ses_login_set(x.s, "u", "p", NULL));
	begin(&x);
	answer(&x, SES_ANS_ROLE, "host");
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	for (int i = 0; i < 3; i++) {
		answer(&x, SES_ANS_USER, "");
		expect_diff(&x, "+relayhost = [mail.test.co.jp]:587\n");
		answer(&x, SES_ANS_USER, "u");
		assert_int_equal(changes(&x), 6);
	}
	end(&x);
}

/* --- what is there already --- */

static const char BY_HAND[] =
	"inet_interfaces = all\nmynetworks = 127.0.0.0/8,\n  192.168.1.0/24 # x\n"
	"relayhost = mail.test.co.jp:587\nsmtp_sasl_auth_enable = yes\n"
	"smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
	"smtp_tls_security_level = verify\nmyorigin = /etc/mailname\n";

static void
relay_made_by_hand_is_kept(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, BY_HAND);
	scratch_write(x.dir, "sasl_passwd", "mail.test.co.jp:587 me:SECRET\n");
	assert_false(ses_setup_offered(x.s));
	enter_through(&x);
	expect_diff(&x, "");
	assert_true(read_back(&x));
	expect_diff(&x, "");
	begin(&x);
	assert_string_equal(question(&x, SES_ANS_ROLE).value, "relay");
	assert_string_equal(question(&x, SES_ANS_MX).value, "yes");
	assert_string_equal(question(&x, SES_ANS_USER).value, "me");
	assert_string_equal(question(&x, SES_ANS_TLS).value, "verify");
	assert_int_equal(question(&x, SES_ANS_TLS).nchoices, 5);
	assert_string_equal(question(&x, SES_ANS_ORIGIN).value, "/etc/mailname");
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	answer(&x, SES_ANS_RELAYHOST, "mail.other.jp:587");
	answer(&x, SES_ANS_MX, "no");
	ses_setup_go(x.s, SES_SETUP_STEPS);
	expect_diff(&x, "-relayhost = mail.test.co.jp:587\n"
			"+relayhost = [mail.other.jp]:587\n"
			"-mail.test.co.jp:587 me:****\n"
			"+[mail.other.jp]:587 me:****\n");
	end(&x);
}

static void
other_role_proposes_anew(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, "inet_interfaces = loopback-only\nrelayhost = [mail.test.co.jp]\n"
		  "mynetworks = 127.0.0.0/8\n");
	begin(&x);
	assert_string_equal(question(&x, SES_ANS_ROLE).value, "host");
	answer(&x, SES_ANS_ROLE, "direct");
	assert_string_equal(question(&x, SES_ANS_RELAYHOST).value, "");
	assert_string_equal(question(&x, SES_ANS_RELAYHOST).now, "mail.test.co.jp");
	ses_setup_go(x.s, SES_SETUP_STEPS);
	expect_diff(&x, "-inet_interfaces = loopback-only\n"
			"-relayhost = [mail.test.co.jp]\n"
			"-mynetworks = 127.0.0.0/8\n"
			"+inet_interfaces = 127.0.0.1, ::1, 192.168.1.1, 192.168.2.1\n"
			"+mynetworks = 127.0.0.0/8, 192.168.1.0/24, 192.168.2.0/24\n");
	ses_setup_go(x.s, SES_SETUP_ROLE);
	answer(&x, SES_ANS_ROLE, "host");
	ses_setup_go(x.s, SES_SETUP_STEPS);
	expect_diff(&x, "");
	end(&x);
}

static void
die_and_take_the_draft(struct scratch *x)
{
	struct ses_opts o = {
		.config_dir = x->dir, .aliases_file = x->aliases, .state_dir = x->state};
	struct ses_draft draft;

	ses_setup_end(x->s);
	assert_true(ses_draft_keep(x->s, NULL));
	ses_draft_end(x->s, true);
	ses_close(x->s);
	x->s = ses_open(&o, &x->set, &x->world);
	for (int i = 0; i < SES_ASKS; i++)
		(void)ses_wait(x->s, (enum ses_ask)i, NULL);
	assert_true(ses_draft_waits(x->s, &draft, NULL));
	assert_true(ses_draft_take(x->s, NULL));
}

/* A draft holds no password: the user stays, and nothing goes on without it. */
static void
password_that_a_draft_lost_is_asked_for(void **state)
{
	enum ses_setup_ask which = SES_ANS_ROLE;
	struct ses_review review;
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	begin(&x);
	answer(&x, SES_ANS_ROLE, "host");
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	answer(&x, SES_ANS_RELAYHOST, "mail.test.co.jp:587");
	answer(&x, SES_ANS_USER, "relay@test.co.jp");
	answer(&x, SES_ANS_PASSWORD, "SECRET");
	ses_setup_go(x.s, SES_SETUP_PEOPLE);
	die_and_take_the_draft(&x);
	ses_review(x.s, false, &review);
	assert_int_equal(review.nholds, 1);
	assert_int_equal(review.holds[0]->code, DIAG_AUTH_EMPTY);
	begin(&x);
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	assert_string_equal(question(&x, SES_ANS_USER).value, "relay@test.co.jp");
	assert_string_equal(question(&x, SES_ANS_PASSWORD).value, "");
	assert_int_equal(question(&x, SES_ANS_PASSWORD).said.mark, '!');
	assert_int_equal(question(&x, SES_ANS_RELAYHOST).said.mark, 0);
	assert_false(ses_setup_ready(x.s, SES_SETUP_UPSTREAM, &which, NULL));
	assert_int_equal(which, SES_ANS_PASSWORD);
	answer(&x, SES_ANS_PASSWORD, "SECRET");
	assert_true(ses_setup_ready(x.s, SES_SETUP_UPSTREAM, &which, NULL));
	ses_setup_go(x.s, SES_SETUP_STEPS);
	ses_review(x.s, false, &review);
	assert_int_equal(review.nholds, 0);
	assert_int_equal(changes(&x), 6);
	ses_draft_end(x.s, false);
	end(&x);
}

static void
left_in_the_middle_and_taken_up_again(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	begin(&x);
	ses_setup_go(x.s, SES_SETUP_LISTEN);
	assert_true(ses_setup_tick(x.s, SES_ANS_LISTEN,
		item(&x, SES_ANS_LISTEN, "192.168.2.1"), false, NULL));
	ses_setup_go(x.s, SES_SETUP_CLIENTS);
	die_and_take_the_draft(&x);
	assert_true(ses_setup_offered(x.s));
	begin(&x);
	assert_int_equal(question(&x, SES_ANS_LISTEN).from, SES_Q_KEPT);
	assert_false(is_on(&x, SES_ANS_LISTEN, "192.168.2.1"));
	assert_true(is_on(&x, SES_ANS_CLIENTS, "192.168.1.0/24"));
	assert_false(is_on(&x, SES_ANS_CLIENTS, "192.168.2.0/24"));
	ses_setup_end(x.s);
	assert_int_equal(changes(&x), 1);
	ses_draft_end(x.s, false);
	end(&x);
}

static void
long_list_is_cut_and_kept(void **state)
{
	struct str cf = {0};
	struct ses_setup_question q;
	struct scratch x;

	(void)state;
	str_add_cstr(&cf, "relayhost = [a.test]\nmynetworks = 127.0.0.0/8");
	for (int i = 0; i < 5000; i++)
		str_addf(&cf, ",\n 10.%d.%d.0/24", i / 256, i % 256);
	str_add_char(&cf, '\n');
	start(&x, str_c(&cf));
	enter_through(&x);
	expect_diff(&x, "");
	assert_true(read_back(&x));
	expect_diff(&x, "");
	begin(&x);
	q = question(&x, SES_ANS_CLIENTS);
	assert_int_equal(q.more, 5001 - 200);
	ses_setup_go(x.s, SES_SETUP_CLIENTS);
	add(&x, SES_ANS_CLIENTS, "172.16.0.0/24");
	assert_int_equal(changes(&x), 1);
	str_free(&cf);
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
	start(&x, STOCK);
	begin(&x);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
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
	assert_int_equal(changes(&x), 0);
	end(&x);
}

static void
read_only_session_has_no_set_up(void **state)
{
	struct ses_opts o = {.read_only = true};
	struct ses_setup_verdict v;
	struct ses_setup_view view;
	struct diags d = {0};
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	ses_close(x.s);
	o.config_dir = x.dir;
	o.aliases_file = x.aliases;
	o.state_dir = x.state;
	x.s = ses_open(&o, &x.set, &x.world);
	assert_false(ses_setup_offered(x.s));
	assert_false(ses_setup_begin(x.s, &d));
	assert_int_equal(d.v[0].code, DIAG_READ_ONLY);
	assert_false(ses_setup_runs(x.s));
	assert_false(ses_setup_answer(x.s, SES_ANS_ROLE, "host", NULL));
	assert_false(ses_setup_tick(x.s, SES_ANS_LISTEN, 0, true, NULL));
	assert_false(ses_setup_remove(x.s, SES_ANS_CLIENTS, 0));
	ses_setup_judge(x.s, SES_ANS_RELAYHOST, "a.test", &v);
	ses_setup_view(x.s, SES_SETUP_ROLE, &view);
	assert_int_equal(view.n, 0);
	ses_setup_go(x.s, SES_SETUP_LOG);
	ses_setup_end(x.s);
	assert_false(ses_setup_read(x.s, x.dir, NULL));
	diag_clear(&d);
	end(&x);
}

static void
people_are_written_where_their_samples_are(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, BY_HAND);
	begin(&x);
	ses_setup_go(x.s, SES_SETUP_PEOPLE);
	assert_string_equal(question(&x, SES_ANS_POSTMASTER).value, "root");
	answer(&x, SES_ANS_ROOT, "hanako@example.co.jp, taro");
	add(&x, SES_ANS_ALIASES, "sales: |/bin/x y");
	expect_diff(&x, "-#root: hanako\n+root: hanako@example.co.jp, taro\n"
			"+sales: \"|/bin/x y\"\n");
	answer(&x, SES_ANS_POSTMASTER, "");
	answer(&x, SES_ANS_ROOT, "");
	expect_diff(&x, "-postmaster: root\n+sales: \"|/bin/x y\"\n");
	end(&x);
}

static void
log_is_asked_where_postfix_can_keep_its_own(void **state)
{
	struct ses_setup_question q;
	struct scratch x;

	(void)state;
	start(&x, BY_HAND);
	begin(&x);
	assert_false(is_asked(&x, SES_ANS_LOG, &q));
	end(&x);
	scratch_open(&x, BY_HAND, ALIASES);
	x.run.script = postfix;
	x.run.n = sizeof(postfix) / sizeof(postfix[0]);
	scratch_write(x.dir, "master.cf", "postlog unix-dgram n - n - 1 postlogd\n");
	for (int i = 0; i < SES_ASKS; i++)
		(void)ses_wait(x.s, (enum ses_ask)i, NULL);
	begin(&x);
	assert_string_equal(question(&x, SES_ANS_LOG).value, "system");
	assert_false(is_asked(&x, SES_ANS_LOGFILE, &q));
	ses_setup_go(x.s, SES_SETUP_LOG);
	answer(&x, SES_ANS_LOG, "file");
	assert_string_equal(question(&x, SES_ANS_LOGFILE).value, "/var/log/postfix.log");
	expect_diff(&x, "+maillog_file = /var/log/postfix.log\n");
	end(&x);
}

static const struct fs_ops *real_fs;

static int
no_system_log(void *self, int dir, const char *path, struct stat *st, int flags)
{
	if (strcmp(path, "/dev/log") == 0 || strstr(path, "/journal/") ||
		sv_starts(sv_of(path), "/var/log/")) {
		errno = ENOENT;
		return -1;
	}
	return real_fs->fstatat(self, dir, path, st, flags);
}

static void
own_log_is_proposed_where_the_system_keeps_none(void **state)
{
	struct fs_ops ops;
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	real_fs = x.world.fs.ops;
	ops = *real_fs;
	ops.fstatat = no_system_log;
	x.s->world.fs.ops = &ops;
	scratch_write(x.dir, "master.cf", "postlog unix-dgram n - n - 1 postlogd\n");
	begin(&x);
	assert_int_equal(question(&x, SES_ANS_LOG).from, SES_Q_PROPOSED);
	assert_string_equal(question(&x, SES_ANS_LOG).value, "file");
	answer(&x, SES_ANS_ROLE, "host");
	ses_setup_go(x.s, SES_SETUP_LOG);
	expect_diff(&x, "+maillog_file = /var/log/postfix.log\n");
	end(&x);
}

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
		{SES_ANS_RELAYHOST, "a:b:c", '!'}, {SES_ANS_HOSTNAME, "relay", '?'},
		{SES_ANS_HOSTNAME, "relay.example.com", 0}, {SES_ANS_USER, "a:b", '!'},
		{SES_ANS_ALIASES, "sales: root", 'k'}, {SES_ANS_ALIASES, "sales", 0},
		{SES_ANS_ALIASES, "a@b: root", '!'}, {SES_ANS_ROOT, "hanako", 0}};
	struct ses_setup_verdict v;
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	begin(&x);
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		ses_setup_judge(x.s, typed[i].ask, typed[i].typed, &v);
		if (v.mark != typed[i].mark)
			fail_msg("%s: '%c' %s", typed[i].typed, v.mark, v.text);
	}
	ses_setup_judge(x.s, SES_ANS_CLIENTS, "192.168.3.0/24", &v);
	assert_string_equal(v.note, "256 addresses");
	assert_non_null(strstr(v.text, "a router must lead there"));
	assert_int_equal(changes(&x), 0);
	end(&x);
}

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
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
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
	start(&x, "relayhost = [mail.test.co.jp]\nsmtp_sasl_auth_enable = yes\n"
		  "smtp_sasl_password_maps = static:me:SECRET\n");
	begin(&x);
	q = question(&x, SES_ANS_USER);
	assert_string_equal(q.value, "");
	assert_string_equal(q.said.note, "kept elsewhere");
	assert_non_null(strstr(q.said.text, "static:"));
	assert_null(strstr(q.said.text, "SECRET"));
	end(&x);
	start(&x, "relayhost = [mail.test.co.jp]\nsmtp_sasl_auth_enable = yes\n"
		  "smtp_sasl_password_maps = hash:/nonexistent/pw\n");
	begin(&x);
	q = question(&x, SES_ANS_USER);
	assert_string_equal(q.said.note, "none found");
	assert_int_equal(q.said.mark, 0);
	end(&x);
}

static void
expect_row(struct scratch *x, enum ses_setup_ask ask, const char *text, char mark)
{
	struct ses_setup_question q = question(x, ask);
	size_t at = item(x, ask, text);

	if (q.items[at].mark != mark || !!q.items[at].says[0] != !!mark)
		fail_msg("%s: '%c' %s", text, q.items[at].mark, q.items[at].says);
}

/* What is ticked or added is told at once, and stays marked. */
static void
rows_that_are_wrong_are_told(void **state)
{
	static const struct {
		const char *text;
		char mark;
	} added[] = {{"/etc/no-such-nets", '?'}, {"cidr:/etc/no-such-table", '?'},
		{"192.168.7.0/24", 0}};
	struct diags d = {0};
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	begin(&x);
	ses_setup_go(x.s, SES_SETUP_CLIENTS);
	assert_true(ses_setup_tick(x.s, SES_ANS_CLIENTS,
		item(&x, SES_ANS_CLIENTS, "203.0.113.0/24"), true, &d));
	assert_int_equal(d.n, 1);
	expect_row(&x, SES_ANS_CLIENTS, "203.0.113.0/24", '!');
	diag_clear(&d);
	for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++) {
		assert_true(ses_setup_add(x.s, SES_ANS_CLIENTS, added[i].text, &d));
		assert_int_equal(d.n, added[i].mark != 0);
		expect_row(&x, SES_ANS_CLIENTS, added[i].text, added[i].mark);
		diag_clear(&d);
	}
	assert_false(ses_setup_add(x.s, SES_ANS_CLIENTS, "192.168.", NULL));
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
	start(&x, "myhostname = relay.example.com\n");
	begin(&x);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		ses_setup_judge(x.s, all[i].ask, all[i].typed, &v);
		if (v.mark != all[i].mark || !strstr(v.text, all[i].says))
			fail_msg("%s: '%c' %s", all[i].typed, v.mark, v.text);
	}
	end(&x);
}

/* The first row that decides counts. */
static void
exception_stands_before_what_it_is_taken_from(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, "relayhost = [a.test]\n"
		  "mynetworks = 127.0.0.0/8, 10.0.0.0/8, 10.0.0.0/16\n");
	begin(&x);
	ses_setup_go(x.s, SES_SETUP_CLIENTS);
	add(&x, SES_ANS_CLIENTS, "!10.0.0.1");
	expect_diff(&x,
		"-mynetworks = 127.0.0.0/8, 10.0.0.0/8, 10.0.0.0/16\n"
		"+mynetworks = 127.0.0.0/8, !10.0.0.1, 10.0.0.0/8, 10.0.0.0/16\n");
	assert_string_equal(question(&x, SES_ANS_CLIENTS)
				    .items[item(&x, SES_ANS_CLIENTS, "!10.0.0.1")]
				    .note,
		"excluded, 1 address");
	end(&x);
}

/* An alias that is there is told, and one name stands there once. */
static void
alias_in_the_place_of_another_is_told(void **state)
{
	struct diags d = {0};
	struct scratch x;

	(void)state;
	start(&x, "relayhost = [a.test]\n");
	begin(&x);
	ses_setup_go(x.s, SES_SETUP_PEOPLE);
	assert_true(ses_setup_add(x.s, SES_ANS_ALIASES, "mailer-daemon: root", &d));
	assert_int_equal(d.n, 1);
	diag_clear(&d);
	expect_row(&x, SES_ANS_ALIASES, "mailer-daemon: root", '?');
	assert_true(ses_setup_add(x.s, SES_ANS_ALIASES, "Mailer-Daemon: postmaster", &d));
	assert_int_equal(d.n, 0);
	assert_int_equal(question(&x, SES_ANS_ALIASES).nitems, 1);
	expect_diff(&x, "");
	assert_true(ses_setup_add(x.s, SES_ANS_ALIASES, "a: b", &d));
	assert_true(ses_setup_add(x.s, SES_ANS_ALIASES, "b: a", &d));
	expect_row(&x, SES_ANS_ALIASES, "b: a", '?');
	assert_true(d.n > 0);
	diag_clear(&d);
	end(&x);
}

static void
addresses_that_postfix_cannot_use_are_left_out(void **state)
{
	static const char *const nics[] = {"lo 127.0.0.1/8 up loopback",
		"eth0 10.0.0.5/24 up", "eth0 fe80::5/64 up", NULL};
	struct ses_setup_question q;
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	x.nic.rows = nics;
	begin(&x);
	q = question(&x, SES_ANS_LISTEN);
	for (size_t i = 0; i < q.nitems; i++)
		assert_null(strstr(q.items[i].text, "fe80"));
	assert_int_equal(q.nitems, 3);
	end(&x);
}

/* --- files of other people --- */

static void
judge_file(const char *path)
{
	struct scratch x;
	static char text[1 << 20];
	FILE *f = fopen(path, "re");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	(void)fclose(f);
	if (memchr(text, '\0', n))
		return;
	text[n] = '\0';
	start(&x, text);
	if (ses_setup_begin(x.s, NULL)) {
		bool stock = ses_setup_offered(x.s);

		ses_setup_end(x.s);
		if (!stock)
			enter_through(&x);
		if (changes(&x) || !read_back(&x) || changes(&x)) {
			char *diff = scratch_diff(&x);

			fail_msg("%s:\n%s", path, diff);
		}
	}
	end(&x);
}

static void
enter_and_its_own_answers_change_no_file_of_others(void **state)
{
	const char *corpus = getenv("PR_CORPUS");
	char *dir = corpus ? str_format("%s/main.cf", corpus) : NULL;
	struct dirent **v;
	int n = dir ? scandir(dir, &v, NULL, alphasort) : -1;

	(void)state;
	if (n < 0) {
		free(dir);
		print_message("skipped: PR_CORPUS is not set\n");
		skip();
	}
	for (int i = 0; i < n; i++) {
		char *path = str_format("%s/%s", dir, v[i]->d_name);

		if (v[i]->d_name[0] != '.')
			judge_file(path);
		free(path);
		free(v[i]);
	}
	free(v);
	free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stock_file_gets_proposals_from_the_machine),
		cmocka_unit_test(addresses_that_may_go_are_not_proposed),
		cmocka_unit_test(set_up_is_the_next_step_until_there_is_a_relay_host),
		cmocka_unit_test(walk_through_the_steps_writes_what_was_answered),
		cmocka_unit_test(
			each_role_writes_what_it_needs_and_nothing_the_second_time),
		cmocka_unit_test(going_back_leaves_nothing_behind),
		cmocka_unit_test(clients_follow_the_addresses_that_are_ticked),
		cmocka_unit_test(change_dropped_in_the_review_comes_back_with_its_step),
		cmocka_unit_test(login_and_port_set_tls_and_an_answer_has_the_last_word),
		cmocka_unit_test(login_of_before_is_taken_away_as_often_as_answered),
		cmocka_unit_test(relay_made_by_hand_is_kept),
		cmocka_unit_test(other_role_proposes_anew),
		cmocka_unit_test(left_in_the_middle_and_taken_up_again),
		cmocka_unit_test(password_that_a_draft_lost_is_asked_for),
		cmocka_unit_test(long_list_is_cut_and_kept),
		cmocka_unit_test(what_is_no_answer_changes_nothing),
		cmocka_unit_test(read_only_session_has_no_set_up),
		cmocka_unit_test(people_are_written_where_their_samples_are),
		cmocka_unit_test(log_is_asked_where_postfix_can_keep_its_own),
		cmocka_unit_test(own_log_is_proposed_where_the_system_keeps_none),
		cmocka_unit_test(typed_text_is_judged_without_a_change),
		cmocka_unit_test(values_say_what_is_wrong_with_them),
		cmocka_unit_test(login_kept_elsewhere_is_told),
		cmocka_unit_test(rows_that_are_wrong_are_told),
		cmocka_unit_test(doubtful_text_is_marked_while_it_is_typed),
		cmocka_unit_test(exception_stands_before_what_it_is_taken_from),
		cmocka_unit_test(alias_in_the_place_of_another_is_told),
		cmocka_unit_test(addresses_that_postfix_cannot_use_are_left_out),
		cmocka_unit_test(enter_and_its_own_answers_change_no_file_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
