/* SPDX-License-Identifier: MIT
 *
 * Findings over a main.cf: each with its code, severity, line and column; and (with
 * PR_CORPUS) no error in files that a real postconf reads without a word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "check/check.h"
#include "text/maincf.h"

static bool
known_name(void *ctx, struct sv name)
{
	(void)ctx;
	return sv_eq_str(name, "brand_new_name");
}

static struct nic_addr own[] = {
	{.name = "lo",
		.fam = 4,
		.addr = {127, 0, 0, 1},
		.plen = 8,
		.up = true,
		.loopback = true},
	{.name = "lan0", .fam = 4, .addr = {192, 168, 1, 1}, .plen = 24, .up = true},
};
static const struct nic_list nics = {own, 2};
static const struct chk_env stock = {.file = "/etc/postfix/main.cf",
	.nics = &nics,
	.relayhost_list_ok = true,
	.known_name = known_name};

static void
check(const char *text, size_t n, const struct chk_env *env, struct diags *d)
{
	struct doc doc;

	mcf_load(&doc, mem_strndup(text, n), n, NULL);
	chk_maincf(&doc, env, d);
	doc_free(&doc);
}

/* "W CF-004 1:0, E NET-004 2:5": what the findings are, in their order. */
static void
assert_findings(const char *text, size_t n, const char *want)
{
	struct diags d = {0};
	struct str got = {0};

	check(text, n, &stock, &d);
	for (size_t i = 0; i < d.n; i++)
		str_addf(&got, "%s%c %s %u:%u", i ? ", " : "", "NWE"[d.v[i].sev],
			diag_code_name(d.v[i].code) + 3, d.v[i].loc.line, d.v[i].loc.col);
	if (strcmp(str_c(&got), want) != 0)
		fail_msg("%s\n  got  %s\n  want %s", text, str_c(&got), want);
	str_free(&got);
	diag_clear(&d);
}

static void
findings_have_code_severity_and_place(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", ""},
		{"# note\n\nmyhostname = a.test\n", ""},
		{"a\n", "E CF-001 1:0"},
		{"\n# c\nmyhostname = a.test\n= x\n", "E CF-002 4:0"},
		{"foo bar = x\n", "E CF-001 1:0"},
		{"  x = y\nmyhostname = a.test\n", "W CF-003 1:0"},
		{"relayhost = a\nmyhostname = a.test\nrelayhost =\n", "W CF-004 1:0"},
		{"relayhost = [a\nrelayhost = [b]\n", "W CF-004 1:0"},
		{"relay_host = a\n", "W CF-005 1:0"},
		{"lan = 10.0.0.0/8\nmynetworks = $lan\n", ""},
		{"lan = 10.0.0.0/8\nmynetworks = $$lan\n", "W CF-005 1:0"},
		{"lan = 10.0.0.0/8\nmynetworks = ${foo?{$(lan)}}\n", ""},
		{"strict = reject\nsmtpd_restriction_classes = strict, x\n", ""},
		{"brand_new_name = 1\n", ""},
		{"slow_destination_concurrency_limit = 1\n", ""},
		{"\xef\xbb\xbf# c\nmyhostname = a.test\n", "E CF-007 1:0"},
		{"\xef\xbb\xbfmyhostname = a.test\n", "W CF-007 1:0"},
		{"soft_bounce = maybe\n", "E TYPE-001 1:0"},
		{"mynetworks =\n 127.0.0.1\n\nsoft_bounce = maybe\n", "E TYPE-001 4:0"},
		{"soft_bounce = $x\n", "E TYPE-001 1:0"},
		{"message_size_limit = 10MB\n", "E TYPE-004 1:0"},
		{"mynetworks = 127.0.0.0/8, 192.168.3.5/24\n", "E NET-004 1:27"},
		{"\nmynetworks =\n\t127.0.0.0/8\n# c\n\t::1\n\t#10.0.0.1/8\n\tfoo;bar\n",
			"E NET-003 5:2, W NET-001 7:2"},
		{"mynetworks = 10.0.0.0/8 10.1.0.0/16\n", "W NET-006 1:25"},
		{"mynetworks = 10.0.0.0/8 # 10.0.0.1/8\n", "W NET-001 1:25"},
		{"mynetworks = nosuch:/x hash:/y\n", "E NET-001 1:14"},
		{"inet_interfaces = lan0\n", "E IF-001 1:19"},
		{"inet_interfaces = all, 127.0.0.1\n", "E IF-001 1:19"},
		{"inet_interfaces = $myhostname, localhost\n", ""},
		{"relayhost = [mail:25]\n", "E NH-001 1:0"},
		{"relayhost = mail:587\n", "W NH-002 1:0"},
		{"relayhost = [mail]:587, [b]\n", ""},
		{"relayhost = $myhostname\nmyhostname = a.test\n", "E NH-004 1:0"},
		{"myhostname = A.test\nrelayhost = a.test\n", "E NH-004 2:0"},
		{"myhostname = a.test\nrelayhost = [a.test]\n", ""},
		{"relayhost =\nmyhostname = a.test\n", ""},
		{"relayhost = $other\nother = x\n", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_findings(rows[i].text, strlen(rows[i].text), rows[i].want);
	assert_findings("myhostname = a\0b\n", 17, "W CF-006 1:0");
}

static void
duplicate_names_both_lines(void **state)
{
	static const char text[] = "relayhost = a\nmyhostname = x.test\nrelayhost = b\n";
	struct diags d = {0};

	(void)state;
	check(text, strlen(text), &stock, &d);
	assert_int_equal(d.n, 1);
	assert_non_null(strstr(d.v[0].text, "1"));
	assert_non_null(strstr(d.v[0].text, "3"));
	assert_string_equal(d.v[0].loc.param, "relayhost");
	assert_string_equal(d.v[0].loc.file, stock.file);
	assert_int_equal(d.v[0].loc.entry, 1);
	diag_clear(&d);
}

static void
unknown_name_hints_at_the_nearest(void **state)
{
	static const char text[] = "mynetwork = 10.0.0.0/8\n";
	struct diags d = {0};

	(void)state;
	check(text, strlen(text), &stock, &d);
	assert_non_null(strstr(d.v[0].hint, "mynetworks"));
	diag_clear(&d);
}

static void
old_postfix_takes_one_relayhost_only(void **state)
{
	struct chk_env env = stock;
	struct diags d = {0};

	(void)state;
	env.relayhost_list_ok = false;
	check("relayhost = [a] [b]\n", 20, &env, &d);
	assert_int_equal(d.n, 1);
	assert_int_equal(d.v[0].code, DIAG_NH_LIST);
	diag_clear(&d);
}

static void
lines_follow_edits(void **state)
{
	static const char text[] = "# c\nmyhostname = a.test\nsoft_bounce = maybe\n";
	struct diags d = {0};
	struct doc doc;

	(void)state;
	mcf_load(&doc, mem_strdup(text), strlen(text), NULL);
	doc_delete(&doc, doc.order[0]);
	chk_maincf(&doc, &stock, &d);
	assert_int_equal(d.n, 1);
	assert_int_equal(d.v[0].loc.line, 2);
	diag_clear(&d);
	doc_free(&doc);
}

static void
value_alone_is_judged_like_in_the_file(void **state)
{
	struct diags d = {0};

	(void)state;
	assert_true(chk_value(sv_of("relayhost"), sv_of("[a]:25"), &stock, &d));
	assert_false(chk_value(sv_of("relayhost"), sv_of("a:587"), &stock, &d));
	assert_false(chk_value(sv_of("mynetworks"), sv_of("::1"), &stock, &d));
	assert_false(chk_value(sv_of("inet_interfaces"), sv_of("lan0"), &stock, &d));
	assert_true(chk_value(sv_of("whatever"), sv_of("x"), &stock, &d));
	assert_int_equal(d.n, 3);
	diag_clear(&d);
}

static char *
slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "re");
	struct str s = {0};
	char buf[4096];
	size_t got;

	assert_non_null(f);
	while ((got = fread(buf, 1, sizeof(buf), f)) > 0)
		str_add(&s, buf, got);
	fclose(f);
	*n = s.n;
	return str_take(&s);
}

/* A file of a real machine may hold mistakes, but reading it must end, and each finding
 * must have a place in it. */
static void
corpus_findings_are_inside_the_files(void **state)
{
	const char *dir = getenv("PR_CORPUS");
	char path[4096];
	struct dirent *e;
	size_t files = 0, found = 0;
	DIR *folder;

	(void)state;
	if (!dir) {
		print_message("PR_CORPUS is not set: left out\n");
		skip();
	}
	snprintf(path, sizeof(path), "%s/main.cf", dir);
	folder = opendir(path);
	assert_non_null(folder);
	while ((e = readdir(folder))) {
		struct diags d = {0};
		struct doc doc;
		size_t n, lines = 1;
		char *text;

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/main.cf/%s", dir, e->d_name);
		text = slurp(path, &n);
		for (size_t i = 0; i < n; i++)
			lines += text[i] == '\n';
		mcf_load(&doc, text, n, NULL);
		chk_maincf(&doc, &stock, &d);
		for (size_t i = 0; i < d.n; i++) {
			assert_in_range(d.v[i].loc.line, 1, lines);
			if (getenv("PR_VERBOSE"))
				print_message("%s:%u: %s\n", e->d_name, d.v[i].loc.line,
					d.v[i].text);
		}
		files++;
		found += d.n;
		diag_clear(&d);
		doc_free(&doc);
	}
	closedir(folder);
	print_message("%zu files, %zu findings\n", files, found);
	assert_true(files > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings_have_code_severity_and_place),
		cmocka_unit_test(duplicate_names_both_lines),
		cmocka_unit_test(unknown_name_hints_at_the_nearest),
		cmocka_unit_test(old_postfix_takes_one_relayhost_only),
		cmocka_unit_test(lines_follow_edits),
		cmocka_unit_test(value_alone_is_judged_like_in_the_file),
		cmocka_unit_test(corpus_findings_are_inside_the_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
