/* SPDX-License-Identifier: MIT
 *
 * Rules on aliases, over a small machine that exists in tables only; what Postfix itself
 * does is in tests/e2e/test_oracle_aliases.sh. With PR_TRUTH: no error on a file that
 * postalias takes without a word, unless its target is one that delivery refuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "check/aliases.h"

#include "../model/truth.h"

#define NOBODY 65534

static const struct {
	const char *path;
	mode_t mode;
	uid_t uid;
} disk[] = {
	{"/", S_IFDIR | 0755, 0},
	{"/bin", S_IFDIR | 0755, 0},
	{"/bin/cat", S_IFREG | 0755, 0},
	{"/t", S_IFDIR | 0755, 0},
	{"/t/ok", S_IFREG | 0755, 0},
	{"/t/plain", S_IFREG | 0644, 0},
	{"/t/mine", S_IFREG | 0700, 0},
	{"/t/any", S_IFREG | 0757, 0},
	{"/t/file", S_IFREG | 0644, 0},
	{"/t/nobodys", S_IFREG | 0600, NOBODY},
	{"/t/closed", S_IFDIR | 0700, 0},
	{"/t/closed/ok", S_IFREG | 0755, 0},
	{"/t/open", S_IFDIR | 0777, 0},
	{"/t/md", S_IFDIR | 0755, 0},
	{"/t/md/tmp", S_IFDIR | 0777, 0},
	{"/t/md/new", S_IFDIR | 0777, 0},
	{"/t/md/cur", S_IFDIR | 0777, 0},
	{"/t/list", S_IFREG | 0644, 0},
	{"/t/empty", S_IFREG | 0644, 0},
	{"/t/openlist", S_IFREG | 0666, 0},
	{"/dev", S_IFDIR | 0755, 0},
	{"/dev/null", S_IFCHR | 0666, 0},
	{"/forward/.forward", S_IFREG | 0644, 0},
};

static int
fake_stat(void *ctx, const char *path, struct stat *st)
{
	size_t n = strlen(path);

	(void)ctx;
	while (n > 1 && path[n - 1] == '/')
		n--;
	*st = (struct stat){0};
	for (size_t i = 0; i < sizeof(disk) / sizeof(disk[0]); i++)
		if (sv_eq_str(sv_make(path, n), disk[i].path)) {
			st->st_mode = disk[i].mode;
			st->st_uid = disk[i].uid;
			return 0;
		}
	return ENOENT;
}

static bool
fake_read(void *ctx, const char *path, struct str *bytes)
{
	(void)ctx;
	str_add_cstr(bytes, strcmp(path, "/t/empty") == 0 ? "# none\n\n" : "alice\n");
	return true;
}

static int asked;

static enum chk_answer
fake_user(void *ctx, const char *name, const char **home)
{
	static const char *const users[] = {"root", "alice", "bob", "daemon"};

	asked++;
	*home = ctx;
	if (strcmp(name, "ldap") == 0)
		return CHK_CANT_TELL;
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
		if (strcmp(users[i], name) == 0)
			return CHK_YES;
	return CHK_NO;
}

static enum chk_answer
fake_domain(void *ctx, struct sv domain)
{
	(void)ctx;
	if (sv_eq_fold(domain, sv_of("here.test")))
		return CHK_YES;
	return sv_eq_str(domain, "table.test") ? CHK_CANT_TELL : CHK_NO;
}

static const struct chk_al_env stock = {
	.file = "a",
	.here = true,
	.bare = CHK_YES,
	.delimiters = "+",
	.percent = true,
	.bang = true,
	.commands = true,
	.files = true,
	.rights_known = true,
	.uid = NOBODY,
	.gid = NOBODY,
	.user = fake_user,
	.domain = fake_domain,
	.stat = fake_stat,
	.read = fake_read,
};

static void
load(struct aliases *al, const char *text, size_t n)
{
	al_load(al, mem_strndup(text, n), n, NULL);
}

static void
check(const char *text, const struct chk_al_env *env, struct diags *d)
{
	struct aliases al;

	load(&al, text, strlen(text));
	chk_aliases(&al, env, d);
	diag_sort(d);
	al_free(&al);
}

/* "E 009 1:1, W 010 2:4": what the findings are, in the order of the file. */
static void
assert_found(const char *text, const struct chk_al_env *env, const char *want)
{
	struct diags d = {0};
	struct str got = {0};

	check(text, env, &d);
	for (size_t i = 0; i < d.n; i++)
		str_addf(&got, "%s%c %s %u:%u", i ? ", " : "", "NWE"[d.v[i].sev],
			diag_code_name(d.v[i].code) + 6, d.v[i].loc.line, d.v[i].loc.col);
	if (strcmp(str_c(&got), want) != 0)
		fail_msg("%s\n  got  %s\n  want %s", text, str_c(&got), want);
	str_free(&got);
	diag_clear(&d);
}

struct row {
	const char *text, *want;
};

static void
assert_rows(const struct row *rows, size_t n, const struct chk_al_env *env)
{
	for (size_t i = 0; i < n; i++)
		assert_found(rows[i].text, env, rows[i].want);
}

#define ASSERT_ROWS(rows, env) assert_rows(rows, sizeof(rows) / sizeof(rows[0]), env)

static void
targets_that_nobody_has_are_warned_of(void **state)
{
	static const struct row rows[] = {
		{"", ""},
		{"a: alice\n", ""},
		{"a: Alice, BOB\n", ""},
		{"a: nosuch\n", "W 010 1:4"},
		{"a: alice,\n  nosuch\n", "W 010 2:3"},
		{"a: alice,\n# note\n\n\tnosuch\n", "W 010 4:2"},
		{"a: nosuch@here.test\n", "W 010 1:4"},
		{"a: nosuch@HERE.test.\n", "W 010 1:4"},
		{"a: nosuch@there.test\n", ""},
		{"a: nosuch@table.test\n", ""},
		{"a: nosuch%here.test\n", "W 010 1:4"},
		{"a: here.test!nosuch\n", "W 010 1:4"},
		{"a: alice+x, nosuch+x\n", "W 010 1:13"},
		{"a+x: alice\nb: a+x\n", ""},
		{"a: A\n", "W 010 1:4"},
		{"alice: alice, \\Alice\n", ""},
		{"a: \\b\nb: alice\n", "W 007 1:4"},
		{"a: ldap\n", ""},
		{"a: mailer-daemon\n", "W 010 1:4"},
		{"a: x/y\n", "W 010 1:4"},
		{"a: [alice]\n", "W 010 1:4"},
		{"a: <alice>, \"A B\" <bob>\n", ""},
		{"a: nosuch\nA: alice\n", "W 010 1:4"},
		{"#a: nosuch\nb: alice\n", ""},
		{"a: alice\na: nosuch\n", ""},
	};

	(void)state;
	ASSERT_ROWS(rows, &stock);
}

static void
targets_that_name_nobody_are_errors(void **state)
{
	static const struct row rows[] = {
		{"a: @\n", "E 007 1:4"},
		{"a: b@\n", "E 007 1:4"},
		{"a: \"\"\n", "E 007 1:4"},
		{"a: |\n", "E 007 1:4"},
		{"a: -x\n", "E 007 1:4"},
		{"a: alice)\n", "E 007 1:4"},
		{"a: alice:bob\n", "E 007 1:4"},
		{"\"alice:bob\": bob\na: alice:bob\n", ""},
		{"a: alice@here.test :x\n", "E 007 1:4"},
		{"a: ,\n", "E 003 1:3"},
		{"a: (x)\n", "E 003 1:3"},
		{"a: \"alice\n", "W 007 1:4"},
		{"a: \"nosuch\n", "W 007 1:4, W 010 1:4"},
		{"a: ~/x\n", "E 017 1:4"},
		{"a: :include:t/list\n", "E 017 1:4"},
	};

	(void)state;
	ASSERT_ROWS(rows, &stock);
}

static void
comments_and_words_of_commands_are_told_once(void **state)
{
	static const struct row rows[] = {
		{"a: alice # nosuch, x\n", "E 011 1:10"},
		{"a: alice #nosuch\n", "E 011 1:10"},
		{"\"#x\": bob\na: #x\n", ""},
		{"a: |/t/ok nosuch\n", "E 012 1:4"},
		{"a: |/t/ok -q 3, alice\n", "E 012 1:4"},
		{"a: |/t/ok alice\n", "W 012 1:4"},
		{"a: |/t/ok, alice\n", ""},
		{"a: \"|/t/ok x\"\n", ""},
		{"a: |\"/t/ok x\"\n", ""},
		{"a: alice,\n  |/t/ok -v\n", "E 012 2:3"},
		{"a: |/t/no x\n", "E 013 1:4, E 012 1:4"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct diags d = {0};

		assert_found(rows[i].text, &stock, rows[i].want);
		check(rows[i].text, &stock, &d);
		for (size_t k = 0; k < d.n; k++)
			if (d.v[k].code == DIAG_AL_WORDS ||
				d.v[k].code == DIAG_AL_COMMENT)
				assert_non_null(d.v[k].repair);
		diag_clear(&d);
	}
}

static void
commands_are_looked_for(void **state)
{
	static const struct row rows[] = {
		{"a: |/t/ok\n", ""},
		{"a: |/t/none\n", "E 013 1:4"},
		{"a: \"|/t/none x\"\n", "E 013 1:4"},
		{"a: \"|/t/none || exit 75\"\n", "W 013 1:4"},
		{"a: \"|exec /t/none\"\n", "E 013 1:4"},
		{"a: \"|exec /t/ok && x\"\n", ""},
		{"a: \"|X=1 /t/none\"\n", ""},
		{"a: \"|$HOME/x\"\n", ""},
		{"a: |/t/plain\n", "E 013 1:4"},
		{"a: |/t/open\n", "E 013 1:4"},
		{"a: |/t/mine\n", "W 013 1:4"},
		{"a: |/t/closed/ok\n", "W 013 1:4"},
		{"a: |/t/any\n", "W 014 1:4"},
		{"a: |cat\n", ""},
		{"a: |nosuch\n", "W 013 1:4"},
		{"a: |true\n", ""},
		{"a: |t/ok\n", "W 017 1:4"},
	};
	static const struct row elsewhere[] = {
		{"a: nosuch\n", "N 010 1:4"},
		{"a: |/t/none\n", "W 013 1:4"},
		{"a: :include:/t/none\n", "W 015 1:4"},
		{"a: /t/none/x\n", "W 016 1:4"},
	};
	struct chk_al_env env = stock;

	(void)state;
	ASSERT_ROWS(rows, &stock);
	env.here = false;
	ASSERT_ROWS(elsewhere, &env);
	env = stock;
	env.commands = env.files = false;
	assert_found("a: |/t/ok, /dev/null\n", &env, "E 019 1:4, E 019 1:12");
	env = stock;
	env.uid = 0;
	assert_found("a: |/t/mine\n", &env, "");
	env.uid = NOBODY;
	env.rights_known = false;
	assert_found("a: |/t/mine, /t/file\n", &env, "");
}

static void
files_and_lists_are_looked_for(void **state)
{
	static const struct row rows[] = {
		{"a: /dev/null\n", ""},
		{"a: /t/nobodys\n", ""},
		{"a: /t/file\n", "W 016 1:4"},
		{"a: /t/ok\n", "E 016 1:4"},
		{"a: /t/open\n", "E 016 1:4"},
		{"a: /t/open/\n", ""},
		{"a: /t/open/new\n", ""},
		{"a: /t/new\n", "W 016 1:4"},
		{"a: /t/none/new\n", "E 016 1:4"},
		{"a: /t/md/\n", ""},
		{"a: /t/closed/\n", "W 016 1:4"},
		{"a: /t/file/\n", "E 016 1:4"},
		{"a: /t/closed/x\n", "W 016 1:4"},
		{"a: :include:/t/list\n", ""},
		{"a: :include:/t/none\n", "E 015 1:4"},
		{"a: :include:/t/open\n", "E 015 1:4"},
		{"a: :include:/t/openlist\n", "E 015 1:4"},
		{"a: :include:/t/empty\n", "W 015 1:4"},
		{"a: \":include:/t/list\"\n", ""},
	};

	(void)state;
	ASSERT_ROWS(rows, &stock);
}

static void
loops_of_any_length_are_errors(void **state)
{
	static const struct row rows[] = {
		{"a: b\nb: a\n", "E 009 1:1, E 009 2:1"},
		{"a: b\nb: c, alice\nc: d\nd: b\n", "E 009 2:1, E 009 3:1, E 009 4:1"},
		{"a: B@here.test\nb: \\A+x\n", "E 009 1:1, E 009 2:1, W 007 2:4"},
		{"alice: alice\n", ""},
		{"alice: alice, b\nb: alice\n", "E 009 1:1, E 009 2:1"},
		{"a: b, c\nb: alice\nc: b\n", ""},
		{"a: b\nb: a@there.test\n", ""},
		{"#a: b\nb: a\n", "W 010 2:4"},
		{"a: alice # b\nb: a\n", "E 009 1:1, E 011 1:10, E 009 2:1"},
	};
	struct chk_al_env env = stock;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_found(rows[i].text, &stock, rows[i].want);
	env.other_tables = true;
	assert_found("a: b\nb: a\n", &env, "W 009 1:1, W 009 2:1");
}

/* n aliases, each of which leads to the next; the last one to `end`. */
static char *
chain(size_t n, const char *end)
{
	struct str text = {0};

	for (size_t i = 1; i < n; i++)
		str_addf(&text, "c%zu: c%zu\n", i, i + 1);
	str_addf(&text, "c%zu: %s\n", n, end);
	return str_take(&text);
}

static void
chains_are_followed_as_far_as_postfix_does(void **state)
{
	static const struct {
		size_t n;
		const char *end, *want;
	} rows[] = {
		{24, "alice", ""},
		{25, "alice", "E 009 1:1"},
		{25, "x@there.test", ""},
		{26, "x@there.test", "E 009 1:1"},
		{30, "alice", "E 009 6:1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = chain(rows[i].n, rows[i].end);

		assert_found(text, &stock, rows[i].want);
		free(text);
	}
}

static void
a_long_chain_needs_no_deep_stack(void **state)
{
	char *text = chain(200000, "c1");
	struct diags d = {0};

	(void)state;
	check(text, &stock, &d);
	assert_int_equal(d.n, AL_CHECK_MAX + 1);
	assert_int_equal(d.v[AL_CHECK_MAX].sev, SEV_NOTE);
	assert_string_equal(d.v[0].text,
		"Mail for this alias goes back to its sender: the way by \"c2\" leads "
		"back here.");
	diag_clear(&d);
	free(text);
}

static void
somebody_must_read_what_root_gets(void **state)
{
	static const struct row rows[] = {
		{"", "W 018 0:0, W 018 0:0"},
		{"root: alice\n", "W 018 1:1"},
		{"root: alice\npostmaster: root\n", ""},
		{"postmaster: root\n", "W 018 1:1"},
		{"# x\nroot: root\npostmaster: root\n", "W 018 2:1"},
		{"#root: you\npostmaster: root\n", "W 018 1:1"},
		{"root: root, x@there.test\npostmaster: root\n", ""},
		{"root: a\na: b\nb: root\npostmaster: alice\n", "E 009 1:1, E 009 2:1, E "
								"009 3:1"},
		{"root: alice\npostmaster: a\na: \\root@here.test, root@there.test\n",
			""},
		{"root: |/t/ok\npostmaster: alice\n", ""},
		{"root: ldap\npostmaster: bob\n", ""},
	};
	struct chk_al_env env = stock;

	(void)state;
	env.boxes = true;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_found(rows[i].text, &env, rows[i].want);
	env.ctx = (void *)(uintptr_t) "/forward";
	assert_found("postmaster: root\n", &env, "");
	env.ctx = NULL;
	env.bare = CHK_NO;
	assert_found("", &env, "");
}

static void
what_cannot_be_told_has_no_finding(void **state)
{
	struct chk_al_env env = stock;

	(void)state;
	env.bare = CHK_CANT_TELL;
	assert_found("a: nosuch, b\nb: a\n", &env, "");
	env = stock;
	env.other_tables = true;
	assert_found("a: nosuch\n", &env, "");
	env = stock;
	env.catch_all = true;
	assert_found("a: nosuch # x\n", &env, "W 011 1:11");
}

static void
mends_leave_what_was_meant(void **state)
{
	static const struct {
		const char *text;
		enum diag_code code;
		const char *targets, *comment;
	} rows[] = {
		{"a: alice # b, c\n", DIAG_AL_COMMENT, "alice;", "b, c"},
		{"a: alice, bob ## x\n", DIAG_AL_COMMENT, "alice;bob;", "x"},
		{"a: # x\n", DIAG_AL_COMMENT, NULL, NULL},
		{"a: |/t/ok -q 'a b', alice\n", DIAG_AL_WORDS,
			"\"|/t/ok -q 'a b'\";alice;", ""},
		{"a: |/t/ok x, |/t/ok y\n", DIAG_AL_WORDS, "\"|/t/ok x\";\"|/t/ok y\";",
			""},
		{"a: alice\n", DIAG_AL_LOOP, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct al_targets list = {0};
		struct str comment = {0}, got = {0};
		struct aliases al;
		bool done;

		load(&al, rows[i].text, strlen(rows[i].text));
		done = chk_al_mend(&al, 0, rows[i].code, &list, &comment);
		assert_int_equal(done, rows[i].targets != NULL);
		for (size_t k = 0; k < list.n; k++)
			str_addf(&got, "%s;", list.v[k].raw);
		if (done) {
			assert_string_equal(str_c(&got), rows[i].targets);
			assert_string_equal(str_c(&comment), rows[i].comment);
		}
		al_targets_free(&list);
		str_free(&comment);
		str_free(&got);
		al_free(&al);
	}
}

/* --- tables */

static int
table_stat(void *ctx, const char *path, struct stat *st)
{
	(void)ctx;
	*st = (struct stat){.st_mode = S_IFREG};
	if (strcmp(path, "/e/good") == 0 || strcmp(path, "/e/good.db") == 0)
		st->st_mtime = 1000;
	else if (strcmp(path, "/e/old") == 0)
		st->st_mtime = 2000;
	else if (strcmp(path, "/e/old.db") == 0)
		st->st_mtime = 1899;
	else if (strcmp(path, "/e/unbuilt") != 0)
		return ENOENT;
	return 0;
}

static void
tables_are_built_read_and_known(void **state)
{
	static const char *const types[] = {"hash", "btree", "nis", "texthash", NULL};
	static const struct {
		const char *maps, *database, *want;
	} rows[] = {
		{"hash:/e/good", "hash:/e/good", ""},
		{"/e/good", "hash:/e/good", ""},
		{"hash:/e/good, nis:x", "hash:/e/good", "N 023"},
		{"hash:/e/old", "hash:/e/old", "W 021"},
		{"hash:/e/unbuilt", "hash:/e/unbuilt", "E 021"},
		{"hash:/e/none", "hash:/e/none", "W 021"},
		{"lmdb:/e/good", "lmdb:/e/good", "E 022"},
		{"hash:/e/good", "hash:/e/good lmdb:/x", "E 022"},
		{"hash:/e/good", "nis:mail.aliases", "W 020, E 022"},
		{"texthash:/e/good", "texthash:/e/good", "E 022"},
		{"hash:/e/good", "hash:/e/old", "W 020, W 020"},
		{"hash:/e/good", "", ""},
		{"", "hash:/e/good", "W 020"},
		{NULL, NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct chk_al_db db = {.maps = rows[i].maps,
			.database = rows[i].database,
			.maps_set = true,
			.types = types,
			.default_type = "hash",
			.here = true,
			.used = true,
			.stat = table_stat};
		struct diags d = {0};
		struct str got = {0};

		chk_alias_tables(&db, &d);
		for (size_t k = 0; k < d.n; k++)
			str_addf(&got, "%s%c %s", k ? ", " : "", "NWE"[d.v[k].sev],
				diag_code_name(d.v[k].code) + 6);
		assert_string_equal(str_c(&got), rows[i].want);
		str_free(&got);
		diag_clear(&d);
	}
}

static void
a_default_says_nothing_of_another_machine(void **state)
{
	struct chk_al_db db = {.maps = "hash:/e/none", .stat = table_stat};
	struct diags d = {0};

	(void)state;
	chk_alias_tables(&db, &d);
	assert_int_equal(d.n, 0);
	db.maps_set = true;
	chk_alias_tables(&db, &d);
	assert_int_equal(d.n, 1);
	assert_int_equal(d.v[0].sev, SEV_WARN);
	diag_clear(&d);
}

static size_t
unescape_bytes(char *p, size_t n)
{
	size_t o = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\\' && i + 3 < n && p[i + 1] == 'x') {
			char hex[3] = {p[i + 2], p[i + 3], '\0'};

			p[o++] = (char)strtol(hex, NULL, 16);
			i += 3;
		} else if (p[i] == '\\' && i + 1 < n && strchr("tnr\\", p[i + 1])) {
			i++;
			p[o++] = p[i] == 't'   ? '\t'
				 : p[i] == 'n' ? '\n'
				 : p[i] == 'r' ? '\r'
					       : '\\';
		} else {
			p[o++] = p[i];
		}
	}
	return o;
}

/* What postalias says while it builds; what delivery does is another question, so errors
 * of targets don't count here. */
static void
lines_agree_with_postalias(void **state)
{
	FILE *f = truth_open("aliases.tsv");
	char *buf = mem_new(1, 1 << 16);
	struct sv col[TRUTH_COLUMNS];
	size_t rows = 0;

	(void)state;
	if (!f) {
		free(buf);
		print_message("SKIP: PR_TRUTH is not set\n");
		skip();
	}
	while (truth_row(f, buf, 1 << 16, col)) {
		char *text = sv_dup(col[0]);
		size_t n = unescape_bytes(text, col[0].n);
		struct aliases al;
		struct diags d = {0};
		bool warn = sv_eq_str(col[1], "warn");

		load(&al, text, n);
		al_check(&al, "a", &d);
		if ((d.n > 0) != warn)
			fail_msg("%s: postalias %s, findings %zu", text,
				warn ? "warns" : "says nothing", d.n);
		assert_false(diag_has_error(&d));
		chk_aliases(&al, &stock, &d);
		for (size_t i = 0; i < d.n; i++)
			if (d.v[i].sev == SEV_ERROR && d.v[i].code != DIAG_AL_TARGET &&
				d.v[i].code != DIAG_AL_EMPTY &&
				d.v[i].code != DIAG_AL_COMMENT &&
				d.v[i].code != DIAG_AL_WORDS &&
				d.v[i].code != DIAG_AL_LOOP &&
				d.v[i].code != DIAG_AL_RELATIVE &&
				!strstr(d.v[i].text, "isn't there"))
				fail_msg("%s: %s", text, d.v[i].text);
		rows++;
		diag_clear(&d);
		al_free(&al);
		free(text);
	}
	print_message("%zu rows\n", rows);
	assert_true(rows > 90);
	fclose(f);
	free(buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets_that_nobody_has_are_warned_of),
		cmocka_unit_test(targets_that_name_nobody_are_errors),
		cmocka_unit_test(comments_and_words_of_commands_are_told_once),
		cmocka_unit_test(commands_are_looked_for),
		cmocka_unit_test(files_and_lists_are_looked_for),
		cmocka_unit_test(loops_of_any_length_are_errors),
		cmocka_unit_test(chains_are_followed_as_far_as_postfix_does),
		cmocka_unit_test(a_long_chain_needs_no_deep_stack),
		cmocka_unit_test(somebody_must_read_what_root_gets),
		cmocka_unit_test(what_cannot_be_told_has_no_finding),
		cmocka_unit_test(mends_leave_what_was_meant),
		cmocka_unit_test(tables_are_built_read_and_known),
		cmocka_unit_test(a_default_says_nothing_of_another_machine),
		cmocka_unit_test(lines_agree_with_postalias),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
