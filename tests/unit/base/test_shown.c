/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/shown.h"

static void
hostile_control_direction_and_hidden_characters(void **state)
{
	static const wchar_t bad[] = {0x00, 0x0a, 0x1b, 0x7f, 0x85, 0x9b, 0x9f, 0xad,
		0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060,
		0x2066, 0x2069, 0x3164, 0xd800, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xe0001};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(shown_is_hostile(bad[i]));
}

static void
hostile_no_text_that_people_write(void **state)
{
	static const wchar_t good[] = {0x20, L'~', 0xa0, 0xe9, 0x301, 0x5d0, 0x627,
		0x3042, 0x30fc, 0xff5e, 0x1f600};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_false(shown_is_hostile(good[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_control_direction_and_hidden_characters),
		cmocka_unit_test(hostile_no_text_that_people_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
