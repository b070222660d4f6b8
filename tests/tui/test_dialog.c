/* SPDX-License-Identifier: MIT
 *
 * Dialogs and forms: judged while one types, left without a loss, rows that grow and go.
 */
#include "tui/demo_rig.h"

static void
add_dialog_judges_while_typing(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "a");
	vt_assert_row(v, 7, " Add client segments ");
	vt_assert_row(v, 8, ">Network  [");
	assert_cursor(v, 8, 16);
	assert_int_equal(vt_cell(v, 6, 1).ch, ' '); /* no focus behind a dialog */
	assert_int_equal(vt_cell(v, 6, 1).bg, -1);
	vt_type(v, "192.168.");
	assert_int_equal(vt_cell(v, 8, 56).ch, ' '); /* incomplete is not wrong ... */
	vt_keys(v, "Tab");
	assert_int_equal(vt_cell(v, 8, 56).ch, '?'); /* ... before it is left */
	vt_keys(v, "Shift-Tab");
	vt_type(v, "3.5/24");
	assert_int_equal(vt_cell(v, 8, 56).ch, '!'); /* the mark at once */
	assert_int_equal(vt_cell(v, 8, 56).fg, BRIGHT_RED);
	vt_wait_text(v, 0, "! /24 is a whole segment"); /* the words after a pause */
	assert_true(vt_has(v, 0, "[< Use 192.168.3.0/24 >]"));
	vt_keys(v, "Enter");
	assert_false(vt_has(v, 0, "Add client segments"));
	vt_assert_row(v, 1, "*1");
	vt_assert_row(v, 2, "2Interfaces[3Networks]");
	vt_assert_row(v, 22, "added; u takes it back");
	vt_assert_row(v, 21, ">+   192.168.3.5/24");
	vt_close(v);
}

static void
button_too_early_says_why(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "a Tab Enter");
	assert_true(vt_has(v, 0, "! Nothing to add yet: type a network."));
	vt_assert_row(v, 8, ">Network");
	assert_cursor(v, 8, 16);
	vt_close(v);
}

static void
escape_asks_only_when_much_is_lost(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "a x Esc");
	assert_false(vt_has(v, 0, "Add client segments"));
	vt_keys(v, "a x Tab y Esc");
	assert_true(vt_has(v, 0, "Drop what you typed?"));
	vt_keys(v, "Esc"); /* the harmless button: back, nothing lost */
	vt_assert_row(v, 8, "[x ");
	vt_keys(v, "Esc d");
	assert_false(vt_has(v, 0, "Add client segments"));
	vt_assert_row(v, 6, ">    10.0.0.0/24");
	vt_send(v, "a", 1);
	vt_send(v, "\033", 1); /* alone: decided after a moment */
	vt_wait_gone(v, 0, "Add client segments");
	vt_close(v);
}

static void
form_rows_grow_and_go(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "e Tab Tab");
	vt_type(v, "taro,hanako@example.co.jp,");
	vt_assert_row(v, 10, "  [taro  ");
	vt_assert_row(v, 11, "  [hanako@example.co.jp ");
	vt_assert_row(v, 12, "> [  ");
	vt_keys(v, "Up Ctrl-U Up");
	vt_assert_row(v, 10, "> [taro  ");
	vt_assert_row(v, 11, "  [   ");
	assert_false(vt_has(v, 0, "hanako"));
	vt_close(v);
}

static void
page_has_tabs_and_fields_of_its_own(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "s");
	vt_assert_row(v, 1, "relay.example.co.jp  Setup of the demo  /etc/postfix");
	vt_assert_row(v, 2, "[1Role]2Name 3Listen");
	vt_assert_row(v, 4, " > Role  (x) relay for the LAN");
	vt_assert_row(v, 5, "         ( ) this host only");
	vt_assert_row(
		v, 6, "   Host  [                          ]         [ ] look up MX");
	vt_assert_row(v, 7, "   TLS   (x) required  ( ) if offered  ( ) none");
	vt_keys(v, "Down");
	vt_assert_row(v, 5, " >       (x) this host only");
	vt_keys(v, "Down");
	vt_type(v, "mail");
	vt_wait_text(v, 22, "The host was judged.");
	vt_keys(v, "Tab Space Tab Right Right Right");
	vt_assert_row(v, 6, "[mail                      ]  left   [x] look up MX");
	vt_assert_row(v, 7, " > TLS   ( ) required  ( ) if offered  (x) none");
	vt_assert_row(v, 8, "role 1, TLS 2");
	vt_keys(v, "Enter Enter");
	vt_assert_row(v, 2, "*2Name[3Listen]");
	vt_click(v, 2, 2);
	vt_assert_row(v, 2, "[1Role]2Name");
	vt_click(v, 7, 26);
	vt_assert_row(v, 8, "role 1, TLS 1");
	vt_click(v, 6, 49);
	vt_assert_row(v, 6, " > [ ] look up MX");
	vt_click(v, 4, 12);
	vt_assert_row(v, 8, "role 0, TLS 1");
	assert_int_equal(vt_close(v), 0);
}

static void
page_folds_and_comes_back(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "s");
	vt_resize(v, 20, 42);
	vt_assert_row(v, 2, "[1 Role]");
	vt_assert_row(v, 6, "   Host  [                          ]");
	vt_assert_row(v, 7, "         [ ] look up MX");
	vt_assert_row(v, 8, "   TLS   (x) required  ( ) if offered");
	vt_assert_row(v, 9, "         ( ) none");
	vt_resize(v, 24, 80);
	vt_keys(v, "F1");
	vt_keys(v, "Esc");
	vt_assert_row(v, 22, "The page is seen again.");
	vt_keys(v, "Esc");
	vt_assert_row(v, 1, "Postfix 3.7.11 running");
	vt_assert_row(v, 2, "[3Networks]");
	assert_int_equal(vt_close(v), 0);
}

static void
dialog_small_terminal_takes_the_body(void **state)
{
	struct vt *v = start(LIST, (struct vt_opts){.rows = 12, .cols = 40});

	(void)state;
	vt_keys(v, "a");
	vt_assert_row(v, 3, " Add client segments");
	vt_assert_row(v, 4, ">Network  [");
	assert_false(vt_has(v, 0, "\xe2\x94\x82"));
	assert_true(vt_has(v, 0, "[< Add >]"));
	vt_close(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(add_dialog_judges_while_typing),
		cmocka_unit_test(button_too_early_says_why),
		cmocka_unit_test(escape_asks_only_when_much_is_lost),
		cmocka_unit_test(form_rows_grow_and_go),
		cmocka_unit_test(page_has_tabs_and_fields_of_its_own),
		cmocka_unit_test(page_folds_and_comes_back),
		cmocka_unit_test(dialog_small_terminal_takes_the_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
