/* SPDX-License-Identifier: MIT
 *
 * The diff: unified forms of small texts, line ends, cost bound, and a property over
 * made-up texts: the lines of each side put together give that side again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "apply/diff.h"
#include "base/mem.h"

struct row {
	const char *before, *after;
	unsigned context;
	const char *want;
};

#define HEAD "--- a\n+++ b\n"

static const struct row rows[] = {
	{"a\nb\n", "a\nb\n", 3, ""},
	{"", "", 0, ""},
	{"a\nb\nc\n", "a\nB\nc\n", 0, HEAD "@@ -2 +2 @@\n-b\n+B\n"},
	{"a\nb\nc\n", "a\nB\nc\n", 1, HEAD "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
	{"a\nc\n", "a\nb\nc\n", 0, HEAD "@@ -1,0 +2 @@\n+b\n"},
	{"a\nb\nc\n", "a\nc\n", 0, HEAD "@@ -2 +1,0 @@\n-b\n"},
	{"", "a\nb\n", 3, HEAD "@@ -0,0 +1,2 @@\n+a\n+b\n"},
	{"a\n", "", 3, HEAD "@@ -1 +0,0 @@\n-a\n"},
	{"a\nb", "a\nb\n", 1,
		HEAD "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
	{"a\nb", "x\na\nb", 3,
		HEAD "@@ -1,2 +1,3 @@\n+x\n a\n b\n\\ No newline at end of file\n"},
	{"x = 1\r\n", "x = 2\r\n", 0, HEAD "@@ -1 +1 @@\n-x = 1\r\n+x = 2\r\n"},
	/* the common end begins in the middle of a line on one side */
	{"b\n", "ab\n", 0, HEAD "@@ -1 +1 @@\n-b\n+ab\n"},
	{"p\nb\n", "p\nq\np\nb\n", 0, HEAD "@@ -1,0 +2,2 @@\n+q\n+p\n"},
	/* two changes: apart, and joined by their context */
	{"1\n2\n3\n4\n5\n", "x\n2\n3\n4\ny\n", 1,
		HEAD "@@ -1,2 +1,2 @@\n-1\n+x\n 2\n@@ -4,2 +4,2 @@\n 4\n-5\n+y\n"},
	{"1\n2\n3\n4\n", "x\n2\n3\ny\n", 1,
		HEAD "@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n-4\n+y\n"},
	{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n", 99,
		HEAD "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
};

static void
make_pairs_give_unified_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct diff d;
		struct str out = {0};

		diff_make(
			&d, sv_of(rows[i].before), sv_of(rows[i].after), rows[i].context);
		diff_print(&d, "a", "b", &out);
		assert_string_equal(str_c(&out), rows[i].want);
		str_free(&out);
		diff_free(&d);
	}
}

static void
make_line_numbers_count_in_whole_text(void **state)
{
	struct str a = {0}, b = {0};
	struct diff d;

	(void)state;
	for (int i = 1; i <= 5000; i++) {
		str_addf(&a, "line %d\n", i);
		str_addf(&b, i == 4321 ? "changed %d\n" : "line %d\n", i);
	}
	diff_make(&d, str_sv(&a), str_sv(&b), 0);
	assert_int_equal(d.n, 3);
	assert_int_equal(d.v[1].kind, '-');
	assert_int_equal(d.v[1].old_line, 4321);
	assert_int_equal(d.v[1].new_line, 0);
	assert_int_equal(d.v[2].new_line, 4321);
	assert_int_equal(d.added, 1);
	assert_int_equal(d.removed, 1);
	diff_free(&d);
	str_free(&a);
	str_free(&b);
}

static void
rebuild(const struct diff *d, struct sv before, char skip, struct str *out)
{
	/* Lines between hunks are the same on both sides: copy them from before. */
	struct sv rest = before, line;
	uint32_t at = 1;

	for (size_t i = 0; i < d->n; i++) {
		const struct diff_line *l = &d->v[i];

		if (l->kind == '@') {
			uint32_t stop = l->old_line + (l->old_count == 0);

			for (; at < stop && sv_line(&rest, &line); at++)
				str_addf(out, "%.*s\n", (int)line.n, line.p);
			continue;
		}
		if (l->kind != '+') {
			assert_int_equal(l->old_line, at);
			assert_true(sv_line(&rest, &line));
			at++;
		}
		if (l->kind != skip)
			str_addf(out, l->no_eol ? "%.*s" : "%.*s\n", (int)l->text.n,
				l->text.p);
	}
	while (sv_line(&rest, &line))
		str_addf(out, "%.*s\n", (int)line.n, line.p);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static void
make_any_texts_rebuild_both_sides(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 400; round++) {
		struct str a = {0}, b = {0}, got = {0};
		struct diff d;
		uint32_t n = next_random(&seed) % 30;

		for (uint32_t i = 0; i < n; i++)
			str_addf(&a, "%u\n", next_random(&seed) % 6);
		for (uint32_t i = next_random(&seed) % 30; i > 0; i--)
			str_addf(&b, "%u\n", next_random(&seed) % 6);
		diff_make(&d, str_sv(&a), str_sv(&b), next_random(&seed) % 4);
		rebuild(&d, str_sv(&a), '-', &got);
		assert_string_equal(str_c(&got), str_c(&b));
		str_clear(&got);
		rebuild(&d, str_sv(&a), '+', &got);
		assert_string_equal(str_c(&got), str_c(&a));
		diff_free(&d);
		str_free(&a);
		str_free(&b);
		str_free(&got);
	}
}

static void
make_all_different_is_bounded(void **state)
{
	struct str a = {0}, b = {0};
	struct diff d;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		str_addf(&a, "old %d\n", i);
		str_addf(&b, "new %d\n", i);
	}
	diff_make(&d, str_sv(&a), str_sv(&b), 3);
	assert_int_equal(d.removed, 20000);
	assert_int_equal(d.added, 20000);
	assert_int_equal(d.v[1].kind, '-');
	assert_int_equal(d.v[20001].kind, '+');
	diff_free(&d);
	str_free(&a);
	str_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(make_pairs_give_unified_form),
		cmocka_unit_test(make_line_numbers_count_in_whole_text),
		cmocka_unit_test(make_any_texts_rebuild_both_sides),
		cmocka_unit_test(make_all_different_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
