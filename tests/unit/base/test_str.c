/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/str.h"

static void
trim_all_blanks_are_removed(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {{"", ""}, {" \t\r\n\v\f", ""}, {" a b ", "a b"}, {"a", "a"},
		{"\ra\r", "a"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(sv_eq_str(sv_trim(sv_of(rows[i].in)), rows[i].out));
}

static void
to_uint_overflow_and_junk_are_refused(void **state)
{
	uint64_t n = 7;

	(void)state;
	assert_true(sv_to_uint(sv_of("18446744073709551615"), UINT64_MAX, &n));
	assert_true(n == UINT64_MAX);
	assert_false(sv_to_uint(sv_of("18446744073709551616"), UINT64_MAX, &n));
	assert_false(sv_to_uint(sv_of("65536"), 65535, &n));
	assert_false(sv_to_uint(sv_of(""), 9, &n));
	assert_false(sv_to_uint(sv_of("-1"), 9, &n));
	assert_false(sv_to_uint(sv_of("1 "), 9, &n));
}

static void
token_separators_and_nul_bytes_are_told_apart(void **state)
{
	struct sv rest = sv_make(", a,b\0c  d ", 11), token;

	(void)state;
	assert_true(sv_token(&rest, ", ", &token) && sv_eq_str(token, "a"));
	assert_true(sv_token(&rest, ", ", &token) && sv_eq(token, sv_make("b\0c", 3)));
	assert_true(sv_token(&rest, ", ", &token) && sv_eq_str(token, "d"));
	assert_false(sv_token(&rest, ", ", &token));
}

static void
line_last_without_feed_is_given(void **state)
{
	struct sv rest = sv_of("a\n\nb"), line;

	(void)state;
	assert_true(sv_line(&rest, &line) && sv_eq_str(line, "a"));
	assert_true(sv_line(&rest, &line) && line.n == 0);
	assert_true(sv_line(&rest, &line) && sv_eq_str(line, "b"));
	assert_false(sv_line(&rest, &line));
}

static void
lines_and_words_are_counted_and_compared(void **state)
{
	static const struct {
		const char *text;
		uint32_t lines;
		bool has_b, is_a_b;
	} rows[] = {
		{"", 0, false, false},
		{"\n", 1, false, false},
		{"a b", 1, true, true},
		{"a\n\t b\r\n", 2, true, true},
		{"a  bb\n\nb", 3, true, false},
		{"b a", 1, true, false},
		{"a b c", 1, true, false},
		{"a", 1, false, false},
		{"a,b", 1, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sv v = sv_of(rows[i].text);

		if (sv_count_lines(v) != rows[i].lines ||
			sv_has_word(v, " \t\r\n", "b") != rows[i].has_b ||
			sv_same_words(v, sv_of("a b")) != rows[i].is_a_b ||
			sv_same_words(sv_of(" a b "), v) != rows[i].is_a_b)
			fail_msg("row %zu", i);
	}
}

static void
str_grows_and_is_terminated(void **state)
{
	struct str s = {0};

	(void)state;
	for (int i = 0; i < 1000; i++)
		str_addf(&s, "%d,", i);
	assert_int_equal(s.n, 3890);
	assert_int_equal(s.p[s.n], 0);
	str_clear(&s);
	assert_string_equal(str_c(&s), "");
	str_free(&s);
	assert_string_equal(str_c(&s), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trim_all_blanks_are_removed),
		cmocka_unit_test(to_uint_overflow_and_junk_are_refused),
		cmocka_unit_test(token_separators_and_nul_bytes_are_told_apart),
		cmocka_unit_test(line_last_without_feed_is_given),
		cmocka_unit_test(lines_and_words_are_counted_and_compared),
		cmocka_unit_test(str_grows_and_is_terminated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
