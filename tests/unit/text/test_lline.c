/* SPDX-License-Identifier: MIT
 *
 * Logical lines: kinds, continuation, orphans, and that the pieces tile any bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/lline.h"

struct scan_case {
	const char *bytes;
	const char *pieces; /* kind letter and number of bytes, blank separated */
};

static void
next_piece_has_kind_and_extent(void **state)
{
	static const struct scan_case cases[] = {
		{"", ""},
		{"\n", "B1"},
		{" \t\r\n", "B4"},
		{"# c\n", "C4"},
		{"  # c\n", "C6"},
		{"a = b\n", "T6"},
		{"a = b", "T5"},
		{"a\n b\nc\n", "T5 T2"},
		{"a\n\n b\n", "T6"},
		{"a\n#x\n b\n", "T8"},
		{"a\n  #x\n b\n", "T10"},
		{"a\n\n#x\nb\n", "T2 B1 C3 T2"},
		{"a\n#x\n", "T2 C3"},
		{"a\n\n", "T2 B1"},
		{" x\n y\nb\n", "O6 T2"},
		{"#c\n x\n#d\n y\nb\n", "C3 O9 T2"},
		{"a\n\vb\n", "T5"},
		{"a\r\n b\r\n", "T7"},
		{"=\n#", "T2 C1"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ll_scan s;
		struct lline l;
		struct str got = {0};

		ll_start(&s, sv_of(cases[i].bytes));
		while (ll_next(&s, &l))
			str_addf(&got, "%s%c%zu", got.n ? " " : "", "BCOT"[l.kind],
				l.text.n);
		assert_string_equal(str_c(&got), cases[i].pieces);
		str_free(&got);
	}
}

static void
logical_text_is_what_postfix_reads(void **state)
{
	static const char *const cases[][2] = {
		{"a = b\n", "a = b"},
		{"a = b  \r\n", "a = b"},
		{"a =\n  b,\n\t c\n", "a =  b,\t c"},
		{"a = 1\n# no\n\n   # no\n 2\n", "a = 1 2"},
		{"a = b # c\n", "a = b # c"},
		{"a,\r\n b\r\n", "a,\r b"},
	};
	struct str out = {0};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		str_clear(&out);
		ll_logical(sv_of(cases[i][0]), &out);
		assert_string_equal(str_c(&out), cases[i][1]);
	}
	str_clear(&out);
	ll_logical(sv_make("a = b \0c\n d\n", 12), &out);
	assert_string_equal(str_c(&out), "a = b");
	assert_int_equal(out.n, 5);
	str_free(&out);
}

static void
line_numbers_count_every_physical_line(void **state)
{
	static const uint32_t want[] = {1, 2, 4, 5, 6};
	struct ll_scan s;
	struct lline l;
	(void)state;

	ll_start(&s, sv_of("# c\na\n b\n\n# d\ne"));
	for (size_t i = 0; i < 5; i++) {
		assert_true(ll_next(&s, &l));
		assert_int_equal(l.line, want[i]);
	}
	assert_false(ll_next(&s, &l));
}

static void
pieces_of_any_bytes_tile_them(void **state)
{
	static const char alphabet[] = "a=# \t\n\n\r\0\xff";
	unsigned seed = 7;
	(void)state;

	for (int round = 0; round < 3000; round++) {
		size_t n = (size_t)rand_r(&seed) % 40, at = 0;
		char *bytes = mem_new(n + 1, 1);
		uint32_t line = 1;
		struct ll_scan s;
		struct lline l;

		for (size_t i = 0; i < n; i++)
			bytes[i] =
				alphabet[(size_t)rand_r(&seed) % (sizeof(alphabet) - 1)];
		ll_start(&s, sv_make(bytes, n));
		while (ll_next(&s, &l)) {
			assert_ptr_equal(l.text.p, bytes + at);
			assert_int_equal(l.line, line);
			assert_true(l.text.n > 0);
			for (size_t i = 0; i < l.text.n; i++)
				line += l.text.p[i] == '\n';
			at += l.text.n;
		}
		assert_int_equal(at, n);
		free(bytes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_piece_has_kind_and_extent),
		cmocka_unit_test(logical_text_is_what_postfix_reads),
		cmocka_unit_test(line_numbers_count_every_physical_line),
		cmocka_unit_test(pieces_of_any_bytes_tile_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
