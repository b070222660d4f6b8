/* SPDX-License-Identifier: MIT
 *
 * A file of answers: what each word does, that a mistake is told with its line and then
 * nothing is done, and that no password is ever printed.
 */
#include <sys/stat.h>

#include "session/login.h"
#include "session/params.h"
#include "session/review.h"
#include "setup_rig.h"

static const char FRESH[] = "inet_interfaces = localhost\nmydestination = localhost\n";

static void
open_on(struct scratch *x, const char *main_cf)
{
	start_with(x, main_cf, "postmaster: root\n", "mynetworks = 127.0.0.1/32\n");
}

static bool
take(struct scratch *x, const char *text, struct diags *d)
{
	char path[200];
	bool good;

	scratch_write(x->dir, "answers", text);
	snprintf(path, sizeof(path), "%s/answers", x->dir);
	good = ses_setup_read(x->s, path, d);
	assert_int_equal(ses_setup_runs(x->s), good);
	ses_setup_end(x->s);
	return good;
}

static void
expect(struct scratch *x, const char *text, const char *want)
{
	struct diags d = {0};

	if (!take(x, text, &d))
		fail_msg("line %u: %s", d.v[0].loc.line, d.v[0].text);
	assert_diff(x, want);
	diag_clear(&d);
}

static void
only_what_is_named_is_written(void **state)
{
	struct scratch x;

	(void)state;
	open_on(&x, FRESH);
	expect(&x, "# nothing\n", "");
	expect(&x, "clients = {\"192.168.3.0/24\"}\n",
		"+mynetworks = 127.0.0.1/32, 192.168.3.0/24\n");
	assert_string_equal(ses_undo(x.s), "set-up");
	expect(&x,
		"role = relay\nhostname = \"relay.test.co.jp\"\n"
		"listen = {\"127.0.0.1\", \"192.168.1.1\"}\n"
		"clients = {\"192.168.1.0/24\", \"192.168.3.0/24\"}\n"
		"relayhost = \"mail.test.co.jp:587\"\ntls = 'may'\n"
		"root = \"hanako@test.co.jp\"\naliases = {\"sales: root, taro\"}\n",
		"-inet_interfaces = localhost\n"
		"+inet_interfaces = localhost, 192.168.1.1\n"
		"+mynetworks = 127.0.0.1/32, 192.168.1.0/24, 192.168.3.0/24\n"
		"+myhostname = relay.test.co.jp\n"
		"+relayhost = [mail.test.co.jp]:587\n"
		"+smtp_tls_security_level = may\n"
		"+root: hanako@test.co.jp\n+sales: root, taro\n");
	end(&x);
}

static void
clients_are_all_clients_but_this_host_stays(void **state)
{
	struct scratch x;

	(void)state;
	open_on(&x, "mynetworks = 127.0.0.0/8, 10.1.0.0/16, 10.2.0.0/16\n"
		    "relayhost = [a.test]\n");
	expect(&x, "clients = {10.2.0.0/16, 10.3.0.0/16}\n",
		"-mynetworks = 127.0.0.0/8, 10.1.0.0/16, 10.2.0.0/16\n"
		"+mynetworks = 127.0.0.0/8, 10.2.0.0/16, 10.3.0.0/16\n");
	(void)ses_undo(x.s);
	expect(&x, "clients = {}\n",
		"-mynetworks = 127.0.0.0/8, 10.1.0.0/16, 10.2.0.0/16\n"
		"+mynetworks = 127.0.0.0/8\n");
	end(&x);
}

static void
addresses_may_be_words_of_the_value(void **state)
{
	struct scratch x;

	(void)state;
	open_on(&x, "inet_interfaces = localhost, 192.168.1.1\nrelayhost = [a.test]\n");
	expect(&x, "listen = {localhost, \"192.168.1.1\"}\n", "");
	expect(&x, "listen = {all}\n",
		"-inet_interfaces = localhost, 192.168.1.1\n+inet_interfaces = all\n");
	(void)ses_undo(x.s);
	expect(&x, "listen = {loopback-only}\n",
		"-inet_interfaces = localhost, 192.168.1.1\n"
		"+inet_interfaces = loopback-only\n");
	end(&x);
}

static void
role_of_this_host_alone_leaves_no_open_address(void **state)
{
	static const char role[] = "role = host\nrelayhost = \"mail.test.co.jp\"\n";
	struct scratch x;
	struct diags d = {0};

	(void)state;
	open_on(&x, "mydestination = localhost\n");
	assert_false(take(&x, role, &d));
	assert_int_equal(d.v[0].code, DIAG_USAGE);
	assert_int_equal(d.v[0].loc.line, 1);
	diag_clear(&d);
	expect(&x,
		"role = host\nrelayhost = \"mail.test.co.jp\"\n"
		"listen = {\"loopback-only\"}\n",
		"+relayhost = [mail.test.co.jp]\n"
		"+inet_interfaces = loopback-only\n");
	end(&x);
	open_on(&x, FRESH);
	expect(&x, role, "+relayhost = [mail.test.co.jp]\n");
	end(&x);
}

/* A text with its NUL, and more behind it. */
static void
write_cut(const char *dir, const char *name, const char *text, size_t n, const char *tail)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_true(fputs(tail, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
password_stands_in_a_file_of_its_own(void **state)
{
	struct str out = {0}, answers = {0};
	struct scratch x;

	(void)state;
	open_on(&x, FRESH);
	str_addf(&answers,
		"relayhost = \"[mail.test.co.jp]:587\"\nuser = \"relay\"\n"
		"password_file = \"%s/pw\"\n",
		x.dir);
	write_cut(x.dir, "pw", "SEC:RET1", sizeof("SEC:RET1"), "tail\n");
	assert_false(take(&x, str_c(&answers), NULL));
	scratch_write(x.dir, "pw", "SEC:RET1\nmore\n");
	assert_true(take(&x, str_c(&answers), NULL));
	assert_true(ses_login_password(x.s, &out));
	assert_string_equal(str_c(&out), "SEC:RET1");
	str_clear(&out);
	ses_setup_print(x.s, &out);
	assert_non_null(strstr(str_c(&out), "user = \"relay\"\n"));
	assert_null(strstr(str_c(&out), "SEC"));
	str_free(&out);
	str_free(&answers);
	end(&x);
}

static void
role_that_no_client_reaches_is_told(void **state)
{
	static const struct {
		const char *text;
		size_t warnings;
	} all[] = {{"role = relay\nrelayhost = a.test\n", 2},
		{"role = relay\nrelayhost = a.test\nlisten = {all}\n", 1},
		{"role = direct\nlisten = {all}\nclients = {10.0.0.0/8}\n", 0},
		{"role = host\nrelayhost = a.test\n", 0}, {"# nothing\n", 1},
		{"relayhost = a.test\n", 0}};
	struct scratch x;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct diags d = {0};

		open_on(&x, FRESH);
		assert_true(take(&x, all[i].text, &d));
		assert_int_equal(diag_count(&d, SEV_WARN), all[i].warnings);
		diag_clear(&d);
		end(&x);
	}
}

struct mistake {
	const char *text;
	uint32_t line;
	enum diag_code code;
};

static void
mistake_is_told_with_its_line_and_nothing_is_done(void **state)
{
	static const struct mistake all[] = {
		{"hostname = a.test\nhostnam = b\n", 2, DIAG_SET_SYNTAX},
		{"hostname = \"a.test\n", 2, DIAG_SET_SYNTAX},
		{"hostname = \"${HOME}\"\n", 1, DIAG_SET_SYNTAX},
		{"mx = perhaps\n", 1, DIAG_SET_SYNTAX},
		{"password = secret\n", 1, DIAG_SET_SYNTAX},
		{"hostname = a.test\nrole = router\n", 2, DIAG_USAGE},
		{"\nclients = {10.0.0.0/8,\n\"a b c,\"}\nrelayhost = \"a:b:c\"\n", 4,
			DIAG_NH_SYNTAX},
		{"clients = {\"#\"}\n", 1, DIAG_NET_SYNTAX},
		{"listen = {all, \"192.168.1.1\"}\n", 1, DIAG_IF_SYNTAX},
		{"listen = {}\n", 0, DIAG_IF_NONE},
		{"aliases = {\"sales\"}\n", 1, DIAG_AL_NO_COLON},
		{"aliases = {\"root: taro\"}\n", 1, DIAG_USAGE},
		{"role = relay\n", 1, DIAG_USAGE},
		{"aliases = {\"sales: (remark)\"}\n", 1, DIAG_AL_NO_COLON},
		{"relayhost = \",\"\n", 1, DIAG_NH_SYNTAX},
		{"role = direct\nrelayhost = a.test\n", 2, DIAG_USAGE},
		{"relayhost = a.test\nuser = u\n", 2, DIAG_USAGE},
		{"user = u\n", 1, DIAG_USAGE},
		{"relayhost = a.test\nuser = u\npassword_file = /nonexistent\n", 3,
			DIAG_FILE_MISSING},
		{"relayhost = a.test\nuser = u\npassword_file = /dev/null\n", 3,
			DIAG_FILE_KIND},
		{"log = file\n", 1, DIAG_USAGE},
		{"tls = strong\n", 1, DIAG_USAGE},
	};
	struct scratch x;

	(void)state;
	open_on(&x, FRESH);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const struct ses_change *v;
		struct diags d = {0};

		if (take(&x, all[i].text, &d))
			fail_msg("taken: %s", all[i].text);
		if (d.n == 0 || d.v[0].code != all[i].code ||
			d.v[0].loc.line != all[i].line)
			fail_msg("%s -> line %u, %s: %s", all[i].text,
				d.n ? d.v[0].loc.line : 0,
				d.n ? diag_code_name(d.v[0].code) : "-",
				d.n ? d.v[0].text : "");
		assert_true(!d.v[0].hint || !strstr(d.v[0].hint, "step"));
		assert_int_equal(ses_changes(x.s, &v), 0);
		assert_null(ses_undo(x.s));
		diag_clear(&d);
	}
	end(&x);
}

static void
file_that_is_none_is_not_read(void **state)
{
	struct diags d = {0};
	struct scratch x;
	char path[200], link[200];

	(void)state;
	open_on(&x, FRESH);
	snprintf(path, sizeof(path), "%s/answers", x.dir);
	snprintf(link, sizeof(link), "%s/link", x.dir);
	assert_false(ses_setup_read(x.s, path, &d));
	assert_int_equal(d.v[0].code, DIAG_FILE_MISSING);
	diag_clear(&d);
	assert_false(ses_setup_read(x.s, x.dir, &d));
	assert_int_equal(d.v[0].code, DIAG_FILE_KIND);
	diag_clear(&d);
	scratch_write(x.dir, "answers", "hostname = a.test\n");
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(ses_setup_read(x.s, link, &d), geteuid() != 0);
	ses_setup_end(x.s);
	diag_clear(&d);
	end(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_named_is_written),
		cmocka_unit_test(clients_are_all_clients_but_this_host_stays),
		cmocka_unit_test(addresses_may_be_words_of_the_value),
		cmocka_unit_test(role_of_this_host_alone_leaves_no_open_address),
		cmocka_unit_test(password_stands_in_a_file_of_its_own),
		cmocka_unit_test(role_that_no_client_reaches_is_told),
		cmocka_unit_test(mistake_is_told_with_its_line_and_nothing_is_done),
		cmocka_unit_test(file_that_is_none_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
