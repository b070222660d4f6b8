/* SPDX-License-Identifier: MIT
 *
 * Aliases as postalias(1) would store them: a table of what was tried (PR_TRUTH), and
 * files of others (PR_CORPUS).
 */
#include <stdlib.h>
#include <stdio.h>
#include <dirent.h>

#include "aliases_rig.h"

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
		load_bytes(&al, str_sv(&text));
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
		load_bytes(&al, str_sv(&text));
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
		cmocka_unit_test(truth_table_database_is_equal),
		cmocka_unit_test(corpus_database_is_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
