/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cli/out.h"

static void
check_escape(const char *in, size_t n, const char *out)
{
	struct str got = {0};

	out_escape(&got, sv_make(in, n), true);
	assert_string_equal(str_c(&got), out);
	str_free(&got);
}

static void
escape_nothing_hostile_gets_through(void **state)
{
	(void)state;
	check_escape("plain\ttext\n", 11, "plain\ttext\n");
	check_escape("\x1b[2J\a\r\x7f", 7, "\\x1B[2J\\x07\\x0D\\x7F");
	check_escape("a\0b", 3, "a\\x00b");
	check_escape("\xff\xfe", 2, "\\xFF\\xFE");
	/* cut off in the middle of a sign */
	check_escape("\xe3\x81", 2, "\\xE3\\x81");
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	check_escape("\xe3\x81\x82", 3, "\xe3\x81\x82");
	/* C1 control sequence introducer, and right-to-left override */
	check_escape("\xc2\x9b"
		     "2J",
		4, "\\xC2\\x9B2J");
	check_escape("\xe2\x80\xae", 3, "\\xE2\\x80\\xAE");
	/* line separator, byte order mark, blank without a width */
	check_escape("\xe2\x80\xa8", 3, "\\xE2\\x80\\xA8");
	check_escape("\xef\xbb\xbf", 3, "\\xEF\\xBB\\xBF");
	check_escape("\xe2\x80\x8b", 3, "\\xE2\\x80\\x8B");
	check_escape("\xe3\x81", 2, "\\xE3\\x81");
	(void)setlocale(LC_CTYPE, "C");
	check_escape("\xe3\x81\x82", 3, "\\xE3\\x81\\x82");
}

static void
escape_line_feed_in_a_cell_is_shown(void **state)
{
	struct str got = {0};

	(void)state;
	out_escape(&got, sv_of("a\nb"), false);
	assert_string_equal(str_c(&got), "a\\x0Ab");
	str_free(&got);
}

static void
json_bytes_that_are_no_utf8_are_kept(void **state)
{
	static const struct {
		const char *in, *text, *bytes;
	} rows[] = {
		{"plain", "plain", NULL},
		{"\xe3\x81\x82", "\xe3\x81\x82", NULL},
		{"a\xff", "a\xef\xbf\xbd", "Yf8="},
		{"\xff", "\xef\xbf\xbd", "/w=="},
		{"ab\xff", "ab\xef\xbf\xbd", "YWL/"},
		{"\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd", "wIA="},
		{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "7aCA"},
		{"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
			"9JCAgA=="},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *obj = json_object();
		const char *bytes;

		out_json_set(obj, "value", rows[i].in);
		assert_string_equal(
			json_string_value(json_object_get(obj, "value")), rows[i].text);
		bytes = json_string_value(json_object_get(obj, "bytes"));
		if (rows[i].bytes)
			assert_string_equal(bytes, rows[i].bytes);
		else
			assert_null(bytes);
		json_decref(obj);
	}
}

static void
json_second_bad_field_has_bytes_of_its_own(void **state)
{
	json_t *obj = json_object();

	(void)state;
	out_json_set(obj, "name", "\xff");
	out_json_set(obj, "note", "a\xff");
	assert_string_equal(json_string_value(json_object_get(obj, "bytes")), "/w==");
	assert_string_equal(
		json_string_value(json_object_get(obj, "note_bytes")), "Yf8=");
	json_decref(obj);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escape_nothing_hostile_gets_through),
		cmocka_unit_test(escape_line_feed_in_a_cell_is_shown),
		cmocka_unit_test(json_bytes_that_are_no_utf8_are_kept),
		cmocka_unit_test(json_second_bad_field_has_bytes_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
