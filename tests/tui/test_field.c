/* SPDX-License-Identifier: MIT
 *
 * Fields: edited in place, scrolled, pasted into, and without a password on the screen.
 */
#include "tui/demo_rig.h"

static void
field_in_place_edits_and_gives_back(void **state)
{
	struct vt *v = start_plain(VALUES);

	(void)state;
	vt_assert_row(v, 5, ">    Host             mail.test.co.jp");
	vt_keys(v, "Enter");
	vt_assert_row(v, 5, ">    Host            [mail.test.co.jp     ]");
	assert_cursor(v, 5, 38);
	vt_type(v, "q1?"); /* letters and digits are text now */
	vt_assert_row(v, 5, "[mail.test.co.jpq1?  ]");
	vt_keys(v, "Esc");
	vt_assert_row(v, 5, "Host             mail.test.co.jp");
	vt_keys(v, "Enter Ctrl-U");
	vt_type(v, "a!");
	vt_assert_row(v, 5, "[a!                  ]!");
	vt_keys(v, "Enter");
	vt_assert_row(v, 5, "Host             a!");
	vt_close(v);
}

static void
field_scrolls_by_half_and_keeps_wide_signs(void **state)
{
	struct vt *v = start_plain(VALUES);

	(void)state;
	vt_keys(v, "Down Enter");
	vt_type(v, "0123456789012345678");
	vt_assert_row(v, 6, "[0123456789012345678 ]");
	vt_type(v, "9");
	vt_assert_row(v, 6, "<0123456789          ]");
	vt_keys(v, "Home");
	vt_assert_row(v, 6, "[01234567890123456789]");
	vt_keys(v, "Ctrl-U");
	vt_type(v, "x\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
		   "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5");
	vt_keys(v, "Home");
	vt_assert_row(v, 6, "\xe6\x97\xa5 >"); /* a blank fills the odd cell */
	vt_close(v);
}

static void
field_password_shows_stars(void **state)
{
	struct vt *v = start_plain(VALUES);

	(void)state;
	vt_keys(v, "Down Down Enter");
	vt_type(v, "s\xe6\x97\xa5t");
	vt_assert_row(v, 7, "[***                 ]");
	assert_cursor(v, 7, 26);
	vt_keys(v, "Ctrl-T");
	vt_assert_row(v, 7, "[s\xe6\x97\xa5t");
	vt_close(v);
}

static void
paste_is_text_and_never_keys(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_paste(v, "10.1.0.0/16\nq\n4\n");
	vt_assert_row(v, 8, "[10.1.0.0/16, q, 4  ");
	vt_keys(v, "Esc 4");
	vt_paste(v, "one\nq");
	vt_assert_row(v, 5, "[one                 ]");
	vt_assert_row(v, 22, "Only the first line");
	vt_keys(v, "Esc");
	vt_assert_row(v, 5, "mail.test.co.jp");
	vt_close(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(field_in_place_edits_and_gives_back),
		cmocka_unit_test(field_scrolls_by_half_and_keeps_wide_signs),
		cmocka_unit_test(field_password_shows_stars),
		cmocka_unit_test(paste_is_text_and_never_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
