/* SPDX-License-Identifier: MIT
 *
 * The guided set-up of a Postfix just installed, in a folder of the test's own: beginning
 * it, answering, and looking at a question and at what would be written.
 */
#ifndef PR_TEST_SETUP_RIG_H
#define PR_TEST_SETUP_RIG_H

#include "base/str.h"
#include "session/setup.h"
#include "scratch.h"

#define N(v) (sizeof(v) / sizeof(v)[0])

static const char setup_defaults[] =
	"default_database_type = hash\nmail_version = 3.7.11\n"
	"inet_interfaces = all\nmydestination = $myhostname, localhost\n"
	"myhostname = relay.example.com\nmyorigin = $myhostname\n"
	"maillog_file = \nmynetworks = \nrelayhost = \n"
	"info_log_address_format = external\n"
	"smtp_sasl_auth_enable = no\nsmtp_sasl_password_maps = \n"
	"smtp_sasl_security_options = noplaintext, noanonymous\n"
	"smtp_sasl_tls_security_options = $smtp_sasl_security_options\n"
	"smtp_tls_CAfile = \nsmtp_tls_CApath = \n"
	"smtp_tls_security_level = \nsmtp_tls_wrappermode = no\n";

/* A service that keeps a log of Postfix's own. */
#define POSTLOG "postlog unix-dgram n - n - 1 postlogd\n"

static const char STOCK[] = "compatibility_level = 2\ninet_interfaces = localhost\n"
			    "#mynetworks = 10.0.0.0/8\n#relayhost = $mydomain\n"
			    "alias_database = hash:/etc/aliases\n";
static const char ALIASES[] =
	"postmaster: root\nmailer-daemon: postmaster\n#root: hanako\n";
static const char BY_HAND[] =
	"inet_interfaces = all\nmynetworks = 127.0.0.0/8,\n  192.168.1.0/24 # x\n"
	"relayhost = mail.test.co.jp:587\nsmtp_sasl_auth_enable = yes\n"
	"smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
	"smtp_tls_security_level = verify\nmyorigin = /etc/mailname\n";

/* derived: the clients that Postfix trusts by itself. */
static inline void
start_with(
	struct scratch *x, const char *main_cf, const char *aliases, const char *derived)
{
	static struct fake_cmd postconf[] = {
		{.argv = "/usr/sbin/postconf -d", .out = setup_defaults, .always = true},
		{.argv = "/usr/sbin/postconf -c * -m",
			.out = "btree\ncidr\nhash\nstatic\ntexthash\n",
			.always = true},
		{.argv = "/usr/sbin/postconf -c * mynetworks", .always = true},
	};

	scratch_open(x, main_cf, aliases);
	postconf[2].out = derived;
	x->run.script = postconf;
	x->run.n = N(postconf);
}

static inline void
start(struct scratch *x, const char *main_cf)
{
	start_with(x, main_cf, ALIASES, "mynetworks = 127.0.0.1/32 [::1]/128\n");
	scratch_ask_all(x);
}

static inline void
end(struct scratch *x)
{
	static const char *const names[] = {
		"sasl_passwd", "master.cf", "answers", "pw", "link"};
	char path[200];

	for (size_t i = 0; i < N(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", x->dir, names[i]);
		(void)unlink(path);
	}
	scratch_close(x);
}

static inline void
begin(struct scratch *x)
{
	assert_true(ses_setup_begin(x->s, NULL));
}

static inline void
begin_on(struct scratch *x, const char *main_cf)
{
	start(x, main_cf);
	begin(x);
}

static inline void
answer(struct scratch *x, enum ses_setup_ask ask, const char *value)
{
	struct diags d = {0};

	if (!ses_setup_answer(x->s, ask, value, &d))
		fail_msg("%s: %s", value, d.n ? d.v[0].text : "?");
	diag_clear(&d);
}

static inline void
add(struct scratch *x, enum ses_setup_ask ask, const char *text)
{
	struct diags d = {0};

	if (!ses_setup_add(x->s, ask, text, &d))
		fail_msg("%s: %s", text, d.n ? d.v[0].text : "?");
	diag_clear(&d);
}

static inline bool
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

static inline struct ses_setup_question
question(struct scratch *x, enum ses_setup_ask ask)
{
	struct ses_setup_question q = {0};

	assert_true(is_asked(x, ask, &q));
	return q;
}

static inline size_t
item(struct scratch *x, enum ses_setup_ask ask, const char *text)
{
	struct ses_setup_question q = question(x, ask);

	for (size_t i = 0; i < q.nitems; i++)
		if (strcmp(q.items[i].text, text) == 0)
			return i;
	fail_msg("no item %s", text);
	return 0;
}

static inline bool
is_on(struct scratch *x, enum ses_setup_ask ask, const char *text)
{
	size_t at = item(x, ask, text);

	return question(x, ask).items[at].on;
}

static inline void
expect_row(struct scratch *x, enum ses_setup_ask ask, const char *text, char mark)
{
	struct ses_setup_question q = question(x, ask);
	size_t at = item(x, ask, text);

	if (q.items[at].mark != mark || !!q.items[at].says[0] != !!mark)
		fail_msg("%s: '%c' %s", text, q.items[at].mark, q.items[at].says);
}

static inline void
tick(struct scratch *x, enum ses_setup_ask ask, const char *text, bool on)
{
	assert_true(ses_setup_tick(x->s, ask, item(x, ask, text), on, NULL));
}

#define assert_value(x, ask, want) assert_string_equal(question(x, ask).value, want)
#define assert_from(x, ask, want) assert_int_equal(question(x, ask).from, want)

/* Every step with Enter alone. */
static inline void
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

static inline bool
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

#endif
