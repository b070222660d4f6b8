/* SPDX-License-Identifier: MIT
 *
 * Reading what Postfix says: lines of every version, and, where PR_SAMPLES names the
 * folder of real outputs, those.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <arpa/inet.h>

#include "apply/svc_parse.h"
#include "base/mem.h"

struct said_row {
	const char *line;
	bool says;
	enum sev sev;
	const char *file;
	uint32_t at;
	const char *text;
};

/* clang-format off: it doesn't find rest over strings that go on */
static const struct said_row said_rows[] = {
	{"", false, SEV_NOTE, "", 0, ""},
	{"postfix: Postfix is using backwards-compatible default settings", false,
		SEV_NOTE, "", 0, ""},
	{"postfix: Postfix is running with backwards-compatible default settings\r",
		false, SEV_NOTE, "", 0, ""},
	{"postfix: See https://www.postfix.org/COMPATIBILITY_README.html for details",
		false, SEV_NOTE, "", 0, ""},
	{"postfix/postlog: starting the Postfix mail system", true, SEV_NOTE, "", 0,
		"starting the Postfix mail system"},
	{"postlog: fatal: the Postfix mail system is not running", true, SEV_ERROR, "", 0,
		"the Postfix mail system is not running"},
	{"postconf: fatal: /etc/postfix/main.cf, line 20: missing '=' after attribute "
	 "name: "
	 "\"garbage line\"",
		true, SEV_ERROR, "/etc/postfix/main.cf", 20,
		"missing '=' after attribute name: \"garbage line\""},
	{"/usr/sbin/postconf: fatal: file /etc/postfix/master.cf: line 128: bad field "
	 "count",
		true, SEV_ERROR, "/etc/postfix/master.cf", 128, "bad field count"},
	{"postfix: fatal: file /etc/postfix/main.cf: parameter myhostname: bad parameter "
	 "value: "
	 "a b",
		true, SEV_ERROR, "/etc/postfix/main.cf", 0,
		"parameter myhostname: bad parameter value: a b"},
	{"postfix: fatal: config variable inet_interfaces: host not found: eth0", true,
		SEV_ERROR, "", 0,
		"config variable inet_interfaces: host not found: eth0"},
	{"postalias: warning: /etc/aliases.db: duplicate entry: \"root\"", true, SEV_WARN,
		"/etc/aliases", 0, "duplicate entry: \"root\""},
	{"postalias: warning: /etc/aliases, line 7: need name:value pair", true, SEV_WARN,
		"/etc/aliases", 7, "need name:value pair"},
	{"postalias: warning: /etc/aliases: logical line must not start with whitespace: "
	 "\"  x: y\"",
		true, SEV_WARN, "/etc/aliases", 0,
		"logical line must not start with whitespace: \"  x: y\""},
	{"postmap: fatal: bad numerical configuration: message_size_limit = 10MB", true,
		SEV_ERROR, "", 0,
		"bad numerical configuration: message_size_limit = 10MB"},
	{"postconf: warning: /etc/postfix/main.cf: unused parameter: foo=bar", true,
		SEV_WARN, "/etc/postfix/main.cf", 0, "unused parameter: foo=bar"},
};
/* clang-format on */

static void
said_parse_lines_give_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof said_rows / sizeof said_rows[0]; i++) {
		const struct said_row *r = &said_rows[i];
		struct svc_said s;
		bool says = svc_said_parse(sv_of(r->line), &s);

		assert_int_equal(says, r->says);
		if (!says)
			continue;
		assert_int_equal(s.sev, r->sev);
		assert_true(sv_eq_str(s.file, r->file));
		assert_int_equal(s.line, r->at);
		assert_true(sv_eq_str(s.text, r->text));
	}
}

static void
said_diags_repeats_are_told_once_with_real_names(void **state)
{
	const char *err =
		"postconf: warning: /s/judge.1/main.cf: unused parameter: foo=bar\n"
		"postconf: warning: /s/judge.1/main.cf: unused parameter: foo=bar\n"
		"postconf: fatal: open /s/judge.1/main.cf: Permission denied\n";
	const struct svc_said_map map = {.from = "/s/judge.1", .to = "/etc/postfix"};
	struct diags d = {0};

	(void)state;
	assert_int_equal(svc_said_diags(sv_of(err), &map, &d), 1);
	assert_int_equal(d.n, 2);
	assert_string_equal(d.v[0].loc.file, "/etc/postfix/main.cf");
	assert_int_equal(d.v[0].code, DIAG_PF_SAYS);
	assert_non_null(strstr(d.v[1].text, "/etc/postfix/main.cf"));
	assert_null(strstr(d.v[1].text, "judge"));
	diag_clear(&d);
}

/* 2.11 to 3.5 report both directions while main.cf is hot; only the later line is true.
 */
static void
said_diags_false_duplicate_is_left_out(void **state)
{
	const char *err = "postconf: warning: /etc/postfix/main.cf, line 3: overriding "
			  "earlier entry: x=1\n"
			  "postconf: warning: /etc/postfix/main.cf, line 1: overriding "
			  "earlier entry: x=2\n"
			  "postconf: warning: /etc/postfix/main.cf, line 3: overriding "
			  "earlier entry: x=1\n";
	const struct svc_said_map map = {.main_cf = sv_of("x = 1\nxy = 3\nx = 2\n")};
	struct diags d = {0};

	(void)state;
	svc_said_diags(sv_of(err), &map, &d);
	assert_int_equal(d.n, 1);
	assert_int_equal(d.v[0].loc.line, 3);
	diag_clear(&d);
	svc_said_diags(sv_of(err), NULL, &d);
	assert_int_equal(d.n, 0);
}

static void
conf_value_lines_are_found_by_name(void **state)
{
	struct sv v;
	struct sv out = sv_of("mail_version = 3.7.11\nrelayhost = \nalias_maps =\n");

	(void)state;
	assert_true(svc_conf_value(out, "mail_version", &v));
	assert_true(sv_eq_str(v, "3.7.11"));
	assert_true(svc_conf_value(out, "relayhost", &v));
	assert_int_equal(v.n, 0);
	assert_true(svc_conf_value(out, "alias_maps", &v));
	assert_false(svc_conf_value(out, "mail", &v));
}

static void
unit_parse_only_system_services(void **state)
{
	struct sv u;

	(void)state;
	assert_true(svc_unit_parse(
		sv_of("0::/system.slice/system-postfix.slice/postfix@-.service\n"), &u));
	assert_true(sv_eq_str(u, "postfix@-.service"));
	assert_true(svc_unit_parse(sv_of("3:cpu:/\n1:name=systemd:/system.slice/"
					 "postfix.service\n"),
		&u));
	assert_true(sv_eq_str(u, "postfix.service"));
	assert_false(svc_unit_parse(
		sv_of("0::/user.slice/user-0.slice/session-3.scope\n"), &u));
	assert_false(svc_unit_parse(
		sv_of("0::/user.slice/user-1000.slice/user@1000.service/app.service\n"),
		&u));
	assert_false(svc_unit_parse(sv_of("0::/\n"), &u));
}

static void
environ_value_whole_names_only(void **state)
{
	static const char env[] = "XMAIL_CONFIG=/a\0MAIL_CONFIG=/etc/postfix\0LANG=C";
	struct sv v;

	(void)state;
	assert_true(svc_environ_value(sv_make(env, sizeof env), "MAIL_CONFIG", &v));
	assert_true(sv_eq_str(v, "/etc/postfix"));
	assert_false(svc_environ_value(sv_make(env, sizeof env), "CONFIG", &v));
	assert_true(svc_environ_value(sv_make(env, sizeof env), "LANG", &v));
	assert_true(sv_eq_str(v, "C"));
}

static void
inet_parse_reads_services(void **state)
{
	const char *text =
		"# smtp inet n - y - - smtpd\n"
		"smtp      inet  n       -       y       -       -       smtpd\n"
		"smtps     inet  n       -       y       -       -       smtpd\n"
		"  -o syslog_name=postfix/smtps\n"
		"  -o smtpd_tls_wrappermode=yes\n"
		"127.0.0.1:10025 inet n - n - - smtpd -o x=y\n"
		"[::1]:2525 inet n - n - 1 postscreen\n"
		"pickup    unix  n       -       y       60      1       pickup\n"
		"9998 inet n n n - 0 spawn\n";
	struct svc_inet v[8];

	(void)state;
	assert_int_equal(svc_inet_parse(sv_of(text), v, 8), 5);
	assert_int_equal(v[0].port, 25);
	assert_string_equal(v[0].host, "");
	assert_true(v[0].smtp && !v[0].wrapped);
	assert_int_equal(v[1].port, 465);
	assert_true(v[1].wrapped);
	assert_string_equal(v[2].host, "127.0.0.1");
	assert_int_equal(v[2].port, 10025);
	assert_string_equal(v[3].host, "::1");
	assert_int_equal(v[3].port, 2525);
	assert_true(v[3].smtp);
	assert_int_equal(v[4].port, 9998);
	assert_false(v[4].smtp);
	assert_int_equal(svc_inet_parse(sv_of(text), v, 2), 2);
}

static void
listen_parse_only_listeners(void **state)
{
	const char *tcp =
		"  sl  local_address rem_address   st tx_queue rx_queue\n"
		"   0: 0101A8C0:0019 00000000:0000 0A 00000000:00000000 00:00000000\n"
		"   1: 0101A8C0:0019 0201A8C0:C001 01 00000000:00000000 00:00000000\n";
	const char *tcp6 = "  sl\n   0: 00000000000000000000000000000000:024B "
			   "00000000000000000000000000000000:0000 0A 0\n";
	struct svc_listen *v = NULL;
	struct svc_listen want = {.fam = 4, .port = 25};
	size_t n = 0, cap = 0;

	(void)state;
	svc_listen_parse(sv_of(tcp), 4, &v, &n, &cap);
	svc_listen_parse(sv_of(tcp6), 6, &v, &n, &cap);
	assert_int_equal(n, 2);
	inet_pton(AF_INET, "192.168.1.1", want.addr);
	assert_true(svc_listen_has(v, n, &want));
	inet_pton(AF_INET, "192.168.1.2", want.addr);
	assert_false(svc_listen_has(v, n, &want));
	want = (struct svc_listen){.fam = 6, .port = 587};
	inet_pton(AF_INET6, "2001:db8::7", want.addr);
	assert_true(svc_listen_has(v, n, &want));
	want.port = 25;
	assert_false(svc_listen_has(v, n, &want));
	free(v);
}

struct log_row {
	const char *line;
	const char *words; /* NULL: well */
};

/* clang-format off */
static const struct log_row log_rows[] = {
	{"Nov 24 03:26:07 relay postfix/master[620]: warning: service smtp: ignoring "
	 "inet_interfaces change",
		"warning: service smtp: ignoring inet_interfaces change"},
	{"2026-11-24T03:28:49.988827+00:00 relay postfix/smtpd[7]: fatal: open dictionary: "
	 "expecting \"type:name\" form instead of \"::1\"",
		"fatal: open dictionary: expecting \"type:name\" form instead of \"::1\""},
	{"Nov 24 03:26:07 relay postfix/master[620]: warning: /usr/libexec/postfix/smtpd: bad "
	 "command startup -- throttling",
		"warning: /usr/libexec/postfix/smtpd: bad command startup -- throttling"},
	{"Nov 24 03:26:07 relay postfix/master[62]: warning: process /usr/libexec/postfix/smtpd "
	 "pid 9 killed by signal 11",
		"warning: process /usr/libexec/postfix/smtpd pid 9 killed by signal 11"},
	{"Nov 24 03:26:07 relay postfix/master[620]: reload -- version 3.5.25, configuration "
	 "/etc/postfix",
		NULL},
	{"Nov 24 03:26:07 relay postfix/postqueue[9]: fatal: Flush service is not configured",
		NULL},
	{"Nov 24 03:26:07 relay postfix/postfix-script[9]: fatal: the Postfix mail system is "
	 "not running",
		NULL},
	{"Nov 24 03:26:07 relay postfix/smtp[9]: A1: to=<a@b>, status=deferred (host x[1] said: "
	 "fatal: panic -- throttling)",
		NULL},
	{"Nov 24 03:26:07 relay postfix/smtp[9]: A1: to=<x]: fatal: y@b>, status=sent (ok)",
		NULL},
	{"Nov 24 03:26:07 relay kernel: fatal: something", NULL},
	{"", NULL},
};
/* clang-format on */

static void
log_ill_tells_illness_from_quotes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof log_rows / sizeof log_rows[0]; i++) {
		struct sv words;
		bool ill = svc_log_ill(sv_of(log_rows[i].line), &words);

		if (ill != (log_rows[i].words != NULL))
			print_error("%s\n", log_rows[i].line);
		assert_int_equal(ill, log_rows[i].words != NULL);
		if (ill)
			assert_true(sv_eq_str(words, log_rows[i].words));
	}
}

static void
pid_parse_padded_number(void **state)
{
	(void)state;
	assert_int_equal(svc_pid_parse(sv_of("             26881\n")), 26881);
	assert_int_equal(svc_pid_parse(sv_of("")), 0);
	assert_int_equal(svc_pid_parse(sv_of("12x\n")), 0);
	assert_int_equal(svc_pid_parse(sv_of("-5\n")), 0);
}

/* --- real outputs ----------------------------------------------------------------------
 */

static char *
sample(const char *version, const char *name)
{
	const char *dir = getenv("PR_SAMPLES");
	char *path = str_format("%s/%s/%s", dir, version, name);
	FILE *f = fopen(path, "rbe");
	struct str s = {0};
	char buf[4096];
	size_t n;

	free(path);
	if (!f)
		return NULL;
	while ((n = fread(buf, 1, sizeof buf, f)) > 0)
		str_add(&s, buf, n);
	fclose(f);
	return str_take(&s);
}

static const char *const versions[] = {
	"2.6.6", "2.10.1", "3.5.25", "3.8.16", "3.10.5", "3.11.6", "3.12-20260821"};

static void
samples_of_every_version_are_understood(void **state)
{
	(void)state;
	if (!getenv("PR_SAMPLES")) {
		print_message("PR_SAMPLES is not set: real outputs are not read\n");
		skip();
	}
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
		char *text = sample(versions[i], "status-stopped.pty.txt");
		char *list = sample(versions[i], "postconf-M.txt");
		char *types = sample(versions[i], "postconf-m.txt");
		char *usage = sample(versions[i], "postconf-usage.txt");
		char *reload = sample(versions[i], "reload-stopped.pty.txt");
		struct svc_inet v[8];
		struct sv value;
		char *defaults = sample(versions[i], "postconf-d.txt");
		struct sv first = svc_said_first(sv_of(reload));

		assert_non_null(text);
		assert_true(svc_conf_value(sv_of(defaults), "mail_version", &value));
		assert_true(sv_eq_str(value, versions[i]));
		assert_int_equal(svc_conf_value(sv_of(defaults),
					 "info_log_address_format", &value),
			i >= 2);
		assert_true(svc_list_has(sv_of(types), "hash"));
		assert_false(svc_list_has(sv_of(types), "has"));
		assert_int_equal(svc_usage_has(sv_of(usage), 'M'), i >= 1);
		assert_int_equal(svc_usage_has(sv_of(usage), 'H'), i >= 2);
		assert_true(sv_eq_str(first, "the Postfix mail system is not running"));
		if (list) {
			assert_int_equal(svc_inet_parse(sv_of(list), v, 8), 1);
			assert_int_equal(v[0].port, 25);
			assert_true(v[0].smtp);
		}
		free(text);
		free(list);
		free(types);
		free(usage);
		free(reload);
		free(defaults);
	}
}

static void
samples_alias_warnings_become_findings(void **state)
{
	(void)state;
	if (!getenv("PR_SAMPLES"))
		skip();
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
		char *text = sample(versions[i], "session-aliases.txt");
		struct sv rest = sv_of(text), line;
		size_t lines = 0, places = 0;

		while (sv_line(&rest, &line)) {
			struct svc_said s;
			ptrdiff_t at = sv_find_sv(line, sv_of("postalias: warning: "));

			if (at < 0)
				continue;
			lines++;
			assert_true(svc_said_parse(
				sv_sub(line, (size_t)at, line.n - (size_t)at), &s));
			assert_int_equal(s.sev, SEV_WARN);
			places += sv_starts(s.file, "/etc/al");
		}
		assert_true(lines > 3);
		assert_true(places + 2 >= lines);
		free(text);
	}
}

static void
samples_ignored_changes_are_ill_and_logs_are_well(void **state)
{
	(void)state;
	if (!getenv("PR_SAMPLES"))
		skip();
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
		char *text = sample(versions[i], "session-reload-ignored.txt");
		struct sv rest = sv_of(text), line, words;
		size_t ill = 0;

		while (sv_line(&rest, &line))
			ill += svc_log_ill(line, &words);
		assert_int_equal(ill, 2);
		free(text);
		text = sample(versions[i], "maillog-iso.txt");
		rest = sv_of(text);
		while (sv_line(&rest, &line))
			if (svc_log_ill(line, &words) &&
				!sv_starts(words, "fatal: in parameter"))
				print_message(
					"%s: %.*s\n", versions[i], (int)words.n, words.p);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(said_parse_lines_give_parts),
		cmocka_unit_test(said_diags_repeats_are_told_once_with_real_names),
		cmocka_unit_test(said_diags_false_duplicate_is_left_out),
		cmocka_unit_test(conf_value_lines_are_found_by_name),
		cmocka_unit_test(unit_parse_only_system_services),
		cmocka_unit_test(environ_value_whole_names_only),
		cmocka_unit_test(inet_parse_reads_services),
		cmocka_unit_test(listen_parse_only_listeners),
		cmocka_unit_test(log_ill_tells_illness_from_quotes),
		cmocka_unit_test(pid_parse_padded_number),
		cmocka_unit_test(samples_of_every_version_are_understood),
		cmocka_unit_test(samples_alias_warnings_become_findings),
		cmocka_unit_test(samples_ignored_changes_are_ill_and_logs_are_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
