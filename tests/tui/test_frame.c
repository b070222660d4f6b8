/* SPDX-License-Identifier: MIT
 *
 * The frame of the full screen: title, tabs, keys, the focus, and what the mouse reaches.
 */
#include "tui/demo_rig.h"

static void
frame_at_80_shows_title_tabs_keys(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	assert_string_equal(vt_row(v, 1),
		"relay.example.co.jp  Postfix 3.7.11 running  /etc/postfix             "
		"  !1 ?0 *0");
	assert_string_equal(
		vt_row(v, 2), " 1Overview 2Interfaces[3Networks]4Relay 5Aliases?6Params");
	assert_string_equal(vt_row(v, 24),
		"a add  Enter edit  d remove  Space on/off  n problem  w apply  ? help");
	assert_true(vt_cell(v, 2, 23).reverse);
	assert_true(vt_cell(v, 1, 1).bold);
	assert_int_equal(vt_cell(v, 1, 73).fg, BRIGHT_RED);
	assert_int_equal(vt_cell(v, 1, 76).fg, -1);
	vt_keys(v, "q");
	assert_int_equal(vt_wait_exit(v), 0);
	vt_close(v);
}

static void
frame_narrow_folds(void **state)
{
	struct vt *v = start(LIST, (struct vt_opts){.rows = 20, .cols = 60});

	(void)state;
	assert_string_equal(vt_row(v, 1),
		"relay.example.co.jp  3.7.11 running                 !1 ?0 *0");
	assert_string_equal(vt_row(v, 2), " 1 2[3 Networks]4 5? 6");
	vt_assert_row(v, 20, "?");
	vt_resize(v, 12, 40);
	vt_assert_row(v, 1, "!1 ?0 *0");
	vt_assert_row(v, 2, " 1 2[3 Networks]4 5? 6");
	vt_close(v);
}

static void
resize_keeps_focus_field_and_scroll(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	for (int i = 0; i < 30; i++) {
		vt_keys(v, "Down");
	}
	vt_resize(v, 10, 30);
	assert_false(vt_has(v, 0, "10.0.30.0"));
	assert_true(vt_has(v, 0, "40x12"));
	vt_keys(v, "Down"); /* nobody sees what it would do: nothing */
	vt_resize(v, 24, 80);
	vt_assert_row(v, 21, ">    10.0.30.0/24");
	assert_cursor(v, 21, 6);
	vt_keys(v, "4 Enter");
	vt_type(v, "xyz");
	vt_resize(v, 12, 40);
	vt_assert_row(v, 5, "<st.co.jpxyz    ]");
	vt_resize(v, 24, 80);
	vt_assert_row(v, 5, "[mail.test.co.jpxyz  ]");
	assert_cursor(v, 5, 41);
	vt_close(v);
}

static void
focus_is_reverse_sign_and_cursor(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "Down");
	for (int col = 1; col <= 4; col++) {
		assert_int_equal(vt_cell(v, 7, col).bg, 6);
		assert_int_equal(vt_cell(v, 6, col).bg, -1);
	}
	assert_int_equal(vt_cell(v, 7, 5).bg, -1);
	assert_int_equal(vt_cell(v, 7, 1).ch, '>');
	assert_cursor(v, 7, 6);
	vt_click(v, 10, 20);
	vt_assert_row(v, 10, "> !  10.0.4.0/24");
	vt_assert_row(v, 22, "! Clients after this row");
	assert_int_equal(vt_cell(v, 22, 1).fg, BRIGHT_RED);
	vt_click(v, 10, 20); /* the second click of a double one */
	assert_true(vt_has(v, 0, "Add client segments"));
	vt_close(v);
}

static void
next_problem_walks_over_screens(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "n");
	vt_assert_row(v, 10, "> !  10.0.4.0/24");
	vt_keys(v, "n");
	vt_assert_row(v, 20, "> !  10.0.14.0/24");
	vt_keys(v, "N");
	vt_assert_row(v, 10, "> !  10.0.4.0/24");
	vt_keys(v, "N"); /* none before it here: the last one of the screen before */
	vt_assert_row(v, 2, "[5Aliases]");
	vt_assert_row(v, 4, "row 405 of 412");
	vt_close(v);
}

static void
unknown_letter_is_told(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "y");
	vt_assert_row(v, 22, "Enter edits this");
	vt_keys(v, "Down");
	assert_string_equal(vt_row(v, 22), "");
	vt_close(v);
}

static void
quit_question_has_letters(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "a 1 Enter q");
	assert_true(vt_has(v, 0, ">[< Review and apply >]  w"));
	assert_true(vt_has(v, 0, "[  Keep as draft     ]  k   found again"));
	assert_true(vt_has(v, 0, "[  Stay              ]  Esc"));
	vt_keys(v, "Down Down");
	assert_true(vt_has(v, 0, ">[< Discard          >]  x   gone for good"));
	vt_keys(v, "Esc");
	assert_false(vt_has(v, 0, "Discard"));
	vt_keys(v, "q x");
	assert_int_equal(vt_wait_exit(v), 0);
	assert_true(vt_sent(v, "\033[?1049l", 8)); /* and the terminal given back */
	vt_close(v);
}

static void
help_pages_through_its_text(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "?");
	assert_true(vt_has(v, 0, " Help  1 of 3 "));
	assert_true(vt_has(v, 0, "help line 1"));
	vt_keys(v, "Space");
	assert_false(vt_has(v, 0, "help line 10 "));
	vt_keys(v, "G");
	assert_true(vt_has(v, 0, "help line 40"));
	vt_keys(v, "Esc");
	vt_assert_row(v, 6, ">    10.0.0.0/24");
	vt_close(v);
}

static void
mouse_reaches_tabs_fields_buttons(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "a");
	vt_click(v, 13, 7); /* the suggestion */
	vt_assert_row(v, 13, ">[x] 192.168.2.0/24");
	vt_click(v, 10, 20); /* Note */
	vt_assert_row(v, 10, ">Note");
	vt_click(v, 18, 17); /* Cancel */
	assert_false(vt_has(v, 0, "Add client segments"));
	vt_click(v, 2, 35);
	vt_assert_row(v, 2, "[4Relay]");
	vt_close(v);
}

static void
watched_descriptor_is_served(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "R");
	vt_wait_text(v, 22, "ok the job is done");
	vt_keys(v, "Down F5");
	vt_wait_text(v, 22, "ok the job is done");
	vt_close(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame_at_80_shows_title_tabs_keys),
		cmocka_unit_test(frame_narrow_folds),
		cmocka_unit_test(resize_keeps_focus_field_and_scroll),
		cmocka_unit_test(focus_is_reverse_sign_and_cursor),
		cmocka_unit_test(next_problem_walks_over_screens),
		cmocka_unit_test(unknown_letter_is_told),
		cmocka_unit_test(quit_question_has_letters),
		cmocka_unit_test(help_pages_through_its_text),
		cmocka_unit_test(mouse_reaches_tabs_fields_buttons),
		cmocka_unit_test(watched_descriptor_is_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
