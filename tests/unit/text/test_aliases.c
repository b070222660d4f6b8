/* SPDX-License-Identifier: MIT
 *
 * Loading, lookup, filter and findings. With PR_TRUTH and PR_CORPUS set, what we take to
 * be in the database is compared with what postalias put there.
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
#include "text/aliases.h"

#define N_OF(a) (sizeof(a) / sizeof *(a))

static void
load(struct aliases *al, struct sv bytes)
{
	al_load(al, mem_strndup(bytes.p, bytes.n), bytes.n, NULL);
}

/* One letter an entry: kinds, with the names of aliases. */
static void
describe(const struct aliases *al, struct str *out)
{
	static const char letters[] = "_#oPADRrBX";
	for (size_t i = 0; i < al->doc.norder; i++) {
		uint32_t id = al->doc.order[i];
		uint8_t kind = doc_entry(&al->doc, id)->kind;
		str_add_char(out, letters[kind]);
		if (kind == ENTRY_ALIAS || kind == ENTRY_ALIAS_OFF) {
			struct str value = {0};
			al_value(al, id, &value);
			struct sv name = al_name(al, id);
			str_addf(out, "(%.*s=%s)", (int)name.n, name.p, str_c(&value));
			str_free(&value);
		}
	}
}

static void
load_cuts_entries_by_kind(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"root: a\n", "A(root=a)"},
		{"root : a, b", "A(root=a, b)"},
		{"\n# x\n\nroot:a\r\n", "_#_A(root=a)"},
		{"  x: y\n", "o"},
		{"a:\n\tb\n\n# c\n d\n", "A(a=b d)"},
		{"a\n : b\n", "A(a=b)"},
		{"bad\nroot:\na@b: c\n", "BBB"},
		{"#a: b\n", "D(a=b)"},
		{"#a: b,\n#\tc\n#\td\n# prose\n", "D(a=b, c d)#"},
		{"#a: b,\n# c\n", "D(a=b, c)"},
		{"#a: b\n# Note: c\n", "D(a=b)#"},
		{"#a:\n#\tb\n", "D(a=b)"},
		{"#a: b\n## why c\n#\tc\n## end\n", "D(a=b c)#"},
		{"# Note: x\n", "#"},
		{"#Note\n", "#"},
		{"#See also: x\n", "#"},
		{"#http://a.b/c\n", "#"},
		{"##a: b\n", "#"},
		{" #a: b\n", "#"},
		{"#\"a b\": c\n", "D(\"a b\"=c)"},
		{"#a@b: c\n", "#"},
		{"#root:\t\tmarc\n", "D(root=marc)"},
		{"#a: b\n#c: d\n", "D(a=b)D(c=d)"},
		{"a: b\n#c: d\n", "A(a=b)D(c=d)"},
		{"a: b\n#c: d\n e\n", "A(a=b e)"},
		{"", ""},
		{"\n", "_"},
		{"\xef\xbb\xbf"
		 "a: b\n",
			"A(\xef\xbb\xbf"
			"a=b)"},
		{"\xe9: b\n", "B"},
		{":include:/x\n", "B"},
	};
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct aliases al;
		struct str got = {0}, bytes = {0};
		load(&al, sv_of(rows[i].text));
		describe(&al, &got);
		assert_string_equal(str_c(&got), rows[i].want);
		doc_bytes(&al.doc, &bytes);
		assert_string_equal(str_c(&bytes), rows[i].text);
		str_free(&got);
		str_free(&bytes);
		al_free(&al);
	}
}

static void
load_very_long_name_is_raw(void **state)
{
	struct aliases al;
	struct str text = {0};
	(void)state;
	for (int i = 0; i < 70000; i++)
		str_add_char(&text, 'a');
	str_add_cstr(&text, ": b\nc: d\n");
	load(&al, str_sv(&text));
	assert_int_equal(doc_entry(&al.doc, 0)->kind, ENTRY_RAW);
	assert_int_equal(al_find(&al, sv_of("c")), 1);
	al_free(&al);
	str_free(&text);
}

static const char sample[] = "# head\n"
			     "\n"
			     "Root: a\n"                      /* 2 */
			     "\"a b\": c\n"                   /* 3 */
			     "root: b\n"                      /* 4 */
			     "#off: x\n"                      /* 5 */
			     "#root: y\n"                     /* 6 */
			     "bad line\n"                     /* 7 */
			     "news:\n\tgames\n# in\n\tROOT\n" /* 8 */
			     "\xc3\x89va: x\n";               /* 9 */

static void
find_first_of_equal_names_counts(void **state)
{
	static const struct {
		const char *name;
		uint32_t find, any;
		size_t all;
	} rows[] = {
		{"root", 2, 2, 3},
		{"ROOT", 2, 2, 3},
		{"a b", 3, 3, 1},
		{"\"a b\"", 3, 3, 1},
		{"off", DOC_NO_ID, 5, 1},
		{"\xc3\xa9va", 9, 9, 1},
		{"nobody", DOC_NO_ID, DOC_NO_ID, 0},
		{"bad line", DOC_NO_ID, DOC_NO_ID, 0},
		{"", DOC_NO_ID, DOC_NO_ID, 0},
	};
	struct aliases al;
	(void)state;
	load(&al, sv_of(sample));
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct al_ids all = {0};
		struct aliases once; /* one question: answered without an index */
		load(&once, sv_of(sample));
		assert_int_equal(al_find(&once, sv_of(rows[i].name)), rows[i].find);
		assert_int_equal(al_find_any(&once, sv_of(rows[i].name)), rows[i].any);
		al_free(&once);
		assert_int_equal(al_find(&al, sv_of(rows[i].name)), rows[i].find);
		assert_int_equal(al_find_any(&al, sv_of(rows[i].name)), rows[i].any);
		al_find_all(&al, sv_of(rows[i].name), &all);
		assert_int_equal(all.n, rows[i].all);
		for (size_t k = 1; k < all.n; k++)
			assert_true(all.v[k - 1] < all.v[k]);
		free(all.v);
	}
	assert_false(al_is_shadowed(&al, 2));
	assert_true(al_is_shadowed(&al, 4));
	assert_false(al_is_shadowed(&al, 6));
	al_free(&al);
}

/* The first few names are looked for without the index. */
static void
follow_edits_and_undo(bool with_index)
{
	struct aliases al;
	struct al_targets t = {0};
	load(&al, sv_of(sample));
	for (int i = 0; with_index && i < 9; i++)
		al_find(&al, sv_of("boss"));
	al_targets_add(&t, sv_of("z"));
	assert_int_equal(al_find(&al, sv_of("root")), 2);

	struct entry was = *doc_entry(&al.doc, 2);
	uint32_t id = 2;
	const struct al_edit rename = {.name = sv_of("boss"), .targets = &t};
	assert_true(al_set(&al, &id, &rename, NULL));
	assert_int_equal(al_find(&al, sv_of("boss")), 2);
	assert_int_equal(al_find(&al, sv_of("root")), 4);
	assert_false(al_is_shadowed(&al, 4));

	struct entry is = *doc_entry(&al.doc, 2);
	doc_restore(&al.doc, 2, &was);
	assert_int_equal(al_find(&al, sv_of("boss")), DOC_NO_ID);
	assert_int_equal(al_find(&al, sv_of("root")), 2);
	doc_restore(&al.doc, 2, &is);
	assert_int_equal(al_find(&al, sv_of("boss")), 2);

	uint32_t added = DOC_NO_ID;
	const struct al_edit fresh = {.name = sv_of("boss"), .targets = &t};
	assert_true(al_set(&al, &added, &fresh, NULL));
	assert_true(al_is_shadowed(&al, added));
	doc_delete(&al.doc, 2);
	assert_int_equal(al_find(&al, sv_of("boss")), added);
	assert_true(al_enable(&al, 6, NULL));
	assert_true(al_is_shadowed(&al, 6));
	doc_delete(&al.doc, 4);
	assert_int_equal(al_find(&al, sv_of("root")), 6);
	al_targets_free(&t);
	al_free(&al);
}

static void
find_follows_edits_and_undo(void **state)
{
	(void)state;
	follow_edits_and_undo(false);
	follow_edits_and_undo(true);
}

/* A million equal names are as quick as different ones: nothing here is quadratic. */
static void
find_survives_equal_names(void **state)
{
	struct aliases al;
	struct str text = {0};
	struct diags d = {0};
	(void)state;
	for (int i = 0; i < 200000; i++)
		str_add_cstr(&text, "a: b\n");
	load(&al, str_sv(&text));
	assert_int_equal(al_find(&al, sv_of("a")), 0);
	al_check(&al, "f", &d);
	assert_int_equal(d.n, AL_CHECK_MAX + 1);
	diag_clear(&d);
	al_free(&al);
	str_free(&text);
}

static void
rows_are_aliases_bad_and_pending(void **state)
{
	struct aliases al;
	struct al_ids rows = {0};
	struct al_targets t = {0};
	uint32_t added = DOC_NO_ID;
	(void)state;
	load(&al, sv_of(sample));
	al_targets_add(&t, sv_of("z"));
	const struct al_edit e = {.name = sv_of("n"), .targets = &t};
	assert_true(al_set(&al, &added, &e, NULL));
	al_remove(&al, 3);
	al_rows(&al, &rows);
	assert_int_equal(rows.n, 9);
	assert_int_equal(rows.v[0], 2);
	assert_int_equal(rows.v[1], 3);
	assert_int_equal(rows.v[8], added);
	al_remove(&al, added);
	rows.n = 0;
	al_rows(&al, &rows);
	assert_int_equal(rows.n, 8);
	free(rows.v);
	al_targets_free(&t);
	al_free(&al);
}

static void
filter_finds_names_and_targets(void **state)
{
	static const struct {
		const char *needle, *want;
	} rows[] = {
		{"root", "2 4 6 8 "},
		{"ROOT", "2 4 6 8 "},
		{"roo", "2 4 6 8 "},
		{"", "2 3 4 5 6 7 8 9 "},
		{"games", "8 "},
		{"in", "7 "},
		{"head", ""},
		{"off", "5 "},
		{"bad", "7 "},
		{"x", "5 9 "},
		{"zzz", ""},
		{"#", ""},
		{"a b", "3 "},
		{"news: games", ""},
		{"\xc3\x89va", "9 "},
		{"this needle is longer than the whole of the sample text, by far, so "
		 "there is "
		 "no place for it at all in this file of aliases, which has few lines "
		 "only",
			""},
	};
	struct aliases al;
	struct al_filter grown = {0};
	(void)state;
	load(&al, sv_of(sample));
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct al_filter f = {0};
		struct str got = {0};
		al_filter(&al, sv_of(rows[i].needle), &f);
		for (size_t k = 0; k < f.hits.n; k++)
			str_addf(&got, "%u ", f.hits.v[k]);
		assert_string_equal(str_c(&got), rows[i].want);
		al_filter(&al, sv_of(rows[i].needle), &grown);
		assert_int_equal(grown.hits.n, f.hits.n);
		str_free(&got);
		al_filter_free(&f);
	}
	al_filter_free(&grown);
	al_free(&al);
}

/* Letter by letter, the kept answer is that of a fresh question; also after edits. */
static void
filter_grown_equals_fresh(void **state)
{
	struct aliases al;
	struct al_filter grown = {0};
	struct str text = {0};
	struct al_targets t = {0};
	(void)state;
	for (int i = 0; i < 3000; i++)
		str_addf(&text, "n%d: user%d,\n  Q%d@x\n# c%d\n", i, i * 7 % 1000, i % 13,
			i);
	load(&al, str_sv(&text));
	al_targets_add(&t, sv_of("needle@x"));
	for (uint32_t id = 100; id < 2000; id += 37)
		if (doc_entry(&al.doc, id)->kind == ENTRY_ALIAS)
			assert_true(al_add_targets(&al, id, &t, NULL));
	static const char *const words[] = {"n", "ne", "needle", "user99", "user999",
		"q12", "q12@", "n2999", "c5", ","};
	for (size_t w = 0; w < N_OF(words); w++)
		for (size_t n = 1; n <= strlen(words[w]); n++) {
			struct al_filter f = {0};
			struct sv needle = sv_make(words[w], n);
			size_t hits = 0;
			al_filter(&al, needle, &grown);
			al_filter(&al, needle, &f);
			assert_int_equal(grown.hits.n, f.hits.n);
			for (uint32_t id = 0; id < al.doc.npool; id++) {
				struct str line = {0}, low = {0};
				if (!al_is_row(&al, id))
					continue;
				al_value(&al, id, &line);
				str_add_char(&line, '\1');
				str_add_sv(&line, al_name(&al, id));
				al_name_fold(str_sv(&line), &low);
				hits += sv_find_sv(str_sv(&low), needle) >= 0;
				str_free(&line);
				str_free(&low);
			}
			assert_int_equal(f.hits.n, hits);
			al_filter_free(&f);
		}
	al_filter_free(&grown);
	al_targets_free(&t);
	str_free(&text);
	al_free(&al);
}

static void
check_tells_code_and_line(void **state)
{
	static const char text[] = "  orphan\n"
				   "root: a\n"
				   "no colon\n"
				   "empty:\n"
				   "a@b: c\n"
				   "a,b: c\n"
				   "x\xff: c\n"
				   "y: a,\n"
				   "  b\n"
				   "ROOT: b\n"
				   "#root: c\n";
	static const struct {
		enum diag_code code;
		uint32_t line;
	} want[] = {
		{DIAG_AL_ORPHAN, 1},
		{DIAG_AL_NO_COLON, 3},
		{DIAG_AL_EMPTY, 4},
		{DIAG_AL_NAME, 5},
		{DIAG_AL_NAME, 6},
		{DIAG_AL_UTF8, 7},
		{DIAG_AL_DUPLICATE, 10},
	};
	struct aliases al;
	struct diags d = {0};
	(void)state;
	load(&al, sv_of(text));
	al_check(&al, "aliases", &d);
	assert_int_equal(d.n, N_OF(want));
	for (size_t i = 0; i < d.n; i++) {
		assert_int_equal(d.v[i].code, want[i].code);
		assert_int_equal(d.v[i].loc.line, want[i].line);
		assert_true(d.v[i].loc.entry > 0);
	}
	diag_clear(&d);
	/* Lines move with edits above; a rename can shadow an entry that was alone. */
	al_remove(&al, 1);
	al_check(&al, "aliases", &d);
	assert_int_equal(d.n, N_OF(want) - 1);
	assert_int_equal(d.v[1].loc.line, 2);
	diag_clear(&d);
	struct al_targets t = {0};
	uint32_t id = al_find(&al, sv_of("y"));
	al_targets_add(&t, sv_of("a"));
	const struct al_edit e = {.name = sv_of("root"), .targets = &t};
	assert_true(al_set(&al, &id, &e, NULL));
	al_check(&al, "aliases", &d);
	assert_int_equal(d.v[d.n - 1].code, DIAG_AL_DUPLICATE);
	assert_int_equal(d.v[d.n - 1].loc.line, 8);
	diag_clear(&d);
	al_targets_free(&t);
	al_free(&al);
}

/* --- postalias as the judge --- */

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct lines {
	char **v;
	size_t n, cap;
};

static void
lines_add(struct lines *l, char *take_line)
{
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = take_line;
}

static void
lines_free(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
}

static bool
is_own_row(struct sv line)
{
	return sv_eq_str(line, "@:\t@") || sv_starts(line, "YP_LAST_MODIFIED:") ||
	       sv_starts(line, "YP_MASTER_NAME:");
}

/* What postalias -s would print of us. */
static void
effective(struct aliases *al, struct lines *out)
{
	for (size_t i = 0; i < al->doc.norder; i++) {
		uint32_t id = al->doc.order[i];
		struct str line = {0}, value = {0};
		if (doc_entry(&al->doc, id)->kind != ENTRY_ALIAS ||
			al_is_shadowed(al, id))
			continue;
		al_key(al, id, &line);
		str_add_cstr(&line, ":\t");
		al_value(al, id, &value);
		al_value_stored(str_sv(&value), &line);
		lines_add(out, str_take(&line));
		str_free(&value);
	}
}

/* Compare and say what differs; the number of differences. */
static size_t
compare(const char *what, struct lines *got, struct lines *want)
{
	size_t i = 0, k = 0, bad = 0;
	if (got->n)
		qsort(got->v, got->n, sizeof *got->v, by_text);
	if (want->n)
		qsort(want->v, want->n, sizeof *want->v, by_text);
	while (i < got->n || k < want->n) {
		int c = i == got->n    ? 1
			: k == want->n ? -1
				       : strcmp(got->v[i], want->v[k]);
		if (c != 0) {
			print_message("%s: %s %s\n", what,
				c < 0 ? "only ours:" : "missing:",
				c < 0 ? got->v[i] : want->v[k]);
			bad++;
		}
		i += c <= 0;
		k += c >= 0;
	}
	return bad;
}

static unsigned
hex(char c)
{
	return (unsigned)(is_digit_char(c) ? c - '0' : fold_char(c) - 'a' + 10);
}

/* The bytes of a field of the truth table: \n \r \t \\ \xNN. */
static void
unescape(struct sv field, struct str *out)
{
	for (size_t i = 0; i < field.n; i++) {
		if (field.p[i] != '\\' || i + 1 == field.n) {
			str_add_char(out, field.p[i]);
			continue;
		}
		char c = field.p[++i];
		if (c == 'x' && i + 2 < field.n) {
			str_add_char(out,
				(char)(hex(field.p[i + 1]) << 4 | hex(field.p[i + 2])));
			i += 2;
		} else {
			str_add_char(out, c == 'n'   ? '\n'
					  : c == 'r' ? '\r'
					  : c == 't' ? '\t'
						     : c);
		}
	}
}

static bool
read_file(const char *path, struct str *out)
{
	FILE *f = fopen(path, "re");
	char buf[4096];
	size_t n;
	if (!f)
		return false;
	while ((n = fread(buf, 1, sizeof buf, f)) > 0)
		str_add(out, buf, n);
	fclose(f);
	return true;
}

/* The dump column: rows split at " ; ". */
static void
dumped(struct sv field, struct lines *out)
{
	while (field.n) {
		ptrdiff_t at = sv_find_sv(field, sv_of(" ; "));
		struct sv part = sv_sub(field, 0, at < 0 ? field.n : (size_t)at);
		struct str row = {0};
		unescape(part, &row);
		if (is_own_row(str_sv(&row)))
			str_free(&row);
		else
			lines_add(out, str_take(&row));
		field = sv_sub(field, at < 0 ? field.n : (size_t)at + 3, field.n);
	}
}

static struct sv
column(struct sv line, int n)
{
	ptrdiff_t at;
	for (; n > 0 && (at = sv_find(line, '\t')) >= 0; n--)
		line = sv_sub(line, (size_t)at + 1, line.n);
	at = sv_find(line, '\t');
	return sv_sub(line, 0, at < 0 ? line.n : (size_t)at);
}

static void
truth_table_database_is_equal(void **state)
{
	const char *folder = getenv("PR_TRUTH");
	struct str table = {0};
	struct sv rest, line;
	size_t rows = 0, bad = 0;
	(void)state;
	if (!folder)
		skip();
	char *path = str_format("%s/aliases.tsv", folder);
	assert_true(read_file(path, &table));
	free(path);
	rest = str_sv(&table);
	sv_line(&rest, &line);
	while (sv_line(&rest, &line)) {
		struct str text = {0};
		struct lines got = {0}, want = {0};
		struct aliases al;
		if (sv_find_sv(line, sv_of(" bytes)")) >= 0)
			continue;
		unescape(column(line, 0), &text);
		dumped(column(line, 4), &want);
		load(&al, str_sv(&text));
		effective(&al, &got);
		bad += compare(str_c(&text), &got, &want);
		rows++;
		al_free(&al);
		lines_free(&got);
		lines_free(&want);
		str_free(&text);
	}
	print_message("truth: %zu rows\n", rows);
	assert_true(rows > 90);
	assert_int_equal(bad, 0);
	str_free(&table);
}

static size_t
compare_corpus_file(const char *folder, const char *name)
{
	struct str text = {0}, dump = {0};
	struct lines got = {0}, want = {0};
	struct aliases al;
	struct sv rest, line;
	char *file = str_format("%s/aliases/%s", folder, name);
	char *out = str_format("%s/oracle/aliases/%s.s.out", folder, name);
	size_t bad = 0;
	assert_true(read_file(file, &text));
	if (read_file(out, &dump)) {
		rest = str_sv(&dump);
		while (sv_line(&rest, &line))
			if (!is_own_row(line))
				lines_add(&want, sv_dup(line));
		load(&al, str_sv(&text));
		assert_true(doc_is_unchanged(&al.doc));
		effective(&al, &got);
		bad = compare(name, &got, &want);
		al_free(&al);
	}
	lines_free(&got);
	lines_free(&want);
	str_free(&text);
	str_free(&dump);
	free(file);
	free(out);
	return bad;
}

static void
corpus_database_is_equal(void **state)
{
	const char *folder = getenv("PR_CORPUS");
	struct dirent *entry;
	size_t files = 0, bad = 0;
	(void)state;
	if (!folder)
		skip();
	char *path = str_format("%s/aliases", folder);
	DIR *dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.') {
			bad += compare_corpus_file(folder, entry->d_name);
			files++;
		}
	closedir(dir);
	free(path);
	print_message("corpus: %zu files\n", files);
	assert_true(files > 10);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(load_cuts_entries_by_kind),
		cmocka_unit_test(load_very_long_name_is_raw),
		cmocka_unit_test(find_first_of_equal_names_counts),
		cmocka_unit_test(find_follows_edits_and_undo),
		cmocka_unit_test(find_survives_equal_names),
		cmocka_unit_test(rows_are_aliases_bad_and_pending),
		cmocka_unit_test(filter_finds_names_and_targets),
		cmocka_unit_test(filter_grown_equals_fresh),
		cmocka_unit_test(check_tells_code_and_line),
		cmocka_unit_test(truth_table_database_is_equal),
		cmocka_unit_test(corpus_database_is_equal),
	};
	return cmocka_run_group_tests_name("aliases", tests, NULL, NULL);
}
