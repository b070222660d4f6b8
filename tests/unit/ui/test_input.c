/* SPDX-License-Identifier: MIT
 *
 * The one-line editor, without a screen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <cmocka.h>

#include "ui/input.h"

/* Keys: letters are themselves; these stand for others. */
static int
key_of(char c)
{
	switch (c) {
	case '<':
		return UI_KEY_LEFT;
	case '>':
		return UI_KEY_RIGHT;
	case '^':
		return UI_KEY_HOME;
	case '$':
		return UI_KEY_END;
	case 'B':
		return UI_KEY_BACKSPACE;
	case 'D':
		return UI_KEY_DELETE;
	case 'U':
	case 'K':
	case 'W':
		return UI_CTRL(c);
	case 'N':
		return 0x65e5;
	default:
		return c;
	}
}

static const struct {
	const char *start, *keys, *text;
	size_t cur;
} table[] = {
	{"", "abc", "abc", 3}, {"abc", "<<x", "axbc", 2}, {"abc", "^x$y", "xabcy", 5},
	{"abc", "BB", "a", 1}, {"abc", "^DD", "c", 0}, {"abc", "^BD", "bc", 0},
	{"abc", "<U", "", 0}, {"abc def", "^>>K", "ab", 2}, {"one, two", "W", "one, ", 5},
	{"one, two", "WW", "", 0}, {"a", "NN", "a\xe6\x97\xa5\xe6\x97\xa5", 7},
	{"a\xe6\x97\xa5"
	 "b",
		"<<B",
		"\xe6\x97\xa5"
		"b",
		0},
	{"a\xe6\x97\xa5"
	 "b",
		"<B", "ab", 1},
	{"a\xff\xfe"
	 "b",
		"<B",
		"a\xff"
		"b",
		2},                   /* foreign bytes go one at a time */
	{"e\xcc\x81x", "<B", "x", 0}, /* a sign goes with its marks */
};

static void
event_keys_edit_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct ui_input in;
		ui_input_init(&in, 0);
		ui_input_set(&in, sv_of(table[i].start));
		for (const char *k = table[i].keys; *k; k++) {
			struct ui_event ev = {.kind = UI_EV_KEY, .key = key_of(*k)};
			ui_input_event(&in, &ev);
		}
		assert_string_equal(str_c(&in.text), table[i].text);
		assert_int_equal(in.cur, table[i].cur);
		ui_input_free(&in);
	}
}

static const struct {
	unsigned flags;
	const char *paste, *text;
	enum ui_edit result;
} pastes[] = {
	{UI_INPUT_LIST, "a\nb\r\n\n c\n", "a, b, c", UI_EDIT_CHANGED},
	{UI_INPUT_LIST, "a,\nb", "a, b", UI_EDIT_CHANGED},
	{0, "one\ntwo", "one", UI_EDIT_CUT},
	{0, "one\n", "one", UI_EDIT_CHANGED},
	{0, "a\tb", "a b", UI_EDIT_CHANGED},
	{0, "\n", "", UI_EDIT_MOVED},
	{0, "\xff\033", "\xff\033", UI_EDIT_CHANGED},
};

static void
event_paste_becomes_one_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pastes) / sizeof(pastes[0]); i++) {
		struct ui_input in;
		struct ui_event ev = {
			.kind = UI_EV_PASTE, .paste = sv_of(pastes[i].paste)};
		ui_input_init(&in, pastes[i].flags);
		assert_int_equal(ui_input_event(&in, &ev), pastes[i].result);
		assert_string_equal(str_c(&in.text), pastes[i].text);
		ui_input_free(&in);
	}
}

static void
event_first_key_replaces_stored_password(void **state)
{
	struct ui_input in;
	struct ui_event ev = {.kind = UI_EV_KEY, .key = 'x'};

	(void)state;
	ui_input_init(&in, UI_INPUT_PASSWORD | UI_INPUT_STORED);
	assert_int_equal(ui_input_event(&in, &ev), UI_EDIT_CHANGED);
	assert_int_equal(in.flags & UI_INPUT_STORED, 0);
	assert_string_equal(str_c(&in.text), "x");
	ui_input_free(&in);
}

static void
inline_escape_gives_old_value_back(void **state)
{
	struct ui_inline f = {0};
	struct ui_event x = {.kind = UI_EV_KEY, .key = 'x'};
	struct ui_event esc = {.kind = UI_EV_KEY, .key = UI_KEY_ESC};
	struct ui_event enter = {.kind = UI_EV_KEY, .key = UI_KEY_ENTER};

	(void)state;
	assert_int_equal(ui_inline_event(&f, &x), UI_INLINE_CLOSED);
	ui_inline_open(&f, 3, sv_of("old"), 0);
	assert_int_equal(ui_inline_event(&f, &x), UI_INLINE_CHANGED);
	assert_true(ui_inline_changed(&f));
	assert_int_equal(ui_inline_event(&f, &esc), UI_INLINE_CANCEL);
	assert_true(sv_eq_str(ui_input_text(&f.in), "old"));
	ui_inline_paste(&f, 3, sv_of("old"), 0, sv_of("new\nrest"));
	assert_true(f.cut);
	assert_int_equal(ui_inline_event(&f, &enter), UI_INLINE_ACCEPT);
	assert_true(sv_eq_str(ui_input_text(&f.in), "new"));
	assert_false(f.open);
	ui_inline_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(event_keys_edit_text),
		cmocka_unit_test(event_paste_becomes_one_line),
		cmocka_unit_test(event_first_key_replaces_stored_password),
		cmocka_unit_test(inline_escape_gives_old_value_back),
	};
	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
