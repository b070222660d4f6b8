/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "base/diag.h"

static void
code_every_name_is_unique_and_parses_back(void **state)
{
	(void)state;
	for (int i = 0; i < DIAG_CODES; i++) {
		enum diag_code back;

		assert_non_null(diag_code_name((enum diag_code)i));
		assert_true(diag_code_parse(diag_code_name((enum diag_code)i), &back));
		assert_int_equal(back, i);
	}
}

static void
sort_by_place_keeps_equal_places_in_order(void **state)
{
	static const uint32_t lines[] = {5, 1, 5, 3, 1, 5, 2};
	static const char *const want = "1:b 1:e 2:g 3:d 5:a 5:c 5:f ";
	struct diags d = {0};
	struct str got = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct diag_loc loc = {.file = "f", .line = lines[i]};

		assert_false(diag_add(
			&d, SEV_NOTE, DIAG_USAGE, &loc, NULL, "%c", (int)('a' + i)));
	}
	diag_sort(&d);
	for (size_t i = 0; i < d.n; i++)
		str_addf(&got, "%u:%s ", d.v[i].loc.line, d.v[i].text);
	assert_string_equal(str_c(&got), want);
	str_free(&got);
	diag_clear(&d);
}

static void
format_place_severity_text_code_and_hint(void **state)
{
	struct diag_loc loc = {.file = "/etc/x", .line = 3, .col = 9};
	struct diags d = {0};
	struct str got = {0};

	(void)state;
	diag_add(&d, SEV_WARN, DIAG_NET_HOSTBITS, &loc, "Write this.", "That is %s.",
		"so");
	diag_errno(&d, DIAG_FILE_ACCESS, "/etc/y", EACCES, NULL, "It can't be read.");
	diag_format(&d.v[0], &got);
	assert_string_equal(str_c(&got),
		"/etc/x:3:9: warning: That is so. [PR-NET-004]\n    Write this.\n");
	assert_int_equal(d.v[1].sys_errno, EACCES);
	assert_int_equal(diag_count(&d, SEV_ERROR), 1);
	str_free(&got);
	diag_clear(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_every_name_is_unique_and_parses_back),
		cmocka_unit_test(sort_by_place_keeps_equal_places_in_order),
		cmocka_unit_test(format_place_severity_text_code_and_hint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
