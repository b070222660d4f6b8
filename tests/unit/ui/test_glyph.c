/* SPDX-License-Identifier: MIT
 *
 * Columns, escapes, line breaking.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <cmocka.h>

#include "ui/glyph.h"

static const struct {
	const char *text;
	int w;
} widths[] = {
	{"abc", 3}, {"\xe6\x97\xa5\xe6\x9c\xac", 4}, {"e\xcc\x81", 1}, {"\xff", 4},
	{"\033[m", 6}, {"\xe2\x80\xae", 12}, /* right-to-left override */
	{"a\xe2\x80\xae", 13},               /* and not taken for a mark of the a */
	{"\xe2\x80\x8b", 12},                /* zero-width space */
	{"\xcc\x81", 8},                     /* a combining mark alone */
	{"\xe6\x97", 8},                     /* half a character */
	{"\xc2\x9b", 8},                     /* C1 control: CSI in one character */
};

static void
width_counts_columns_of_what_is_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		assert_int_equal(ui_width(sv_of(widths[i].text)), widths[i].w);
	}
}

/* Rows are given with | between them. */
static const struct {
	const char *text;
	int w;
	const char *rows;
} wraps[] = {
	{"plain words break", 6, "plain|words|break"},
	{"plain words", 11, "plain words"},
	{"exact fit", 5, "exact|fit"},
	{"unbreakable", 4, "unbr|eaka|ble"},
	{"two\nlines", 20, "two|lines"},
	{"a\n\nb", 20, "a||b"},
	/* 日本語。文 at 6: the full stop may not begin a row, so its neighbour goes along
	 */
	{"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x80\x82\xe6\x96\x87", 6,
		"\xe6\x97\xa5\xe6\x9c\xac|\xe8\xaa\x9e\xe3\x80\x82\xe6\x96\x87"},
	/* 日「本」 at 4: an opening bracket may not end a row */
	{"\xe6\x97\xa5\xe3\x80\x8c\xe6\x9c\xac\xe3\x80\x8d", 4,
		"\xe6\x97\xa5|\xe3\x80\x8c\xe6\x9c\xac|\xe3\x80\x8d"},
	/* an odd column stays free */
	{"\xe6\x97\xa5\xe6\x9c\xac", 3, "\xe6\x97\xa5|\xe6\x9c\xac"},
};

static void
wrap_rows_break_where_they_may(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wraps) / sizeof(wraps[0]); i++) {
		struct sv row[8];
		struct str got = {0};
		size_t n = ui_wrap(sv_of(wraps[i].text), wraps[i].w, row, 8);
		for (size_t j = 0; j < n; j++) {
			str_add_cstr(&got, j ? "|" : "");
			str_add_sv(&got, row[j]);
		}
		assert_string_equal(str_c(&got), wraps[i].rows);
		str_free(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(width_counts_columns_of_what_is_shown),
		cmocka_unit_test(wrap_rows_break_where_they_may),
	};
	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
