/* SPDX-License-Identifier: MIT
 *
 * Bytes in, events out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <stdlib.h>
#include <cmocka.h>

#include "ui/keys.h"

/* Decode all of bytes; keys into out (paste: -1, mouse: -2 - kind). */
static size_t
decode(const char *bytes, size_t n, bool over, int *out, size_t max)
{
	struct ui_keys *k = ui_keys_new();
	struct ui_event ev;
	size_t got = 0;

	ui_keys_learn(k, "\033[9q", UI_KEY_F12);
	ui_keys_feed(k, bytes, n);
	while (got < max && ui_keys_next(k, over, 1000, &ev)) {
		out[got++] = ev.kind == UI_EV_KEY     ? ev.key
			     : ev.kind == UI_EV_PASTE ? -1
						      : -2 - (int)ev.mouse;
	}
	ui_keys_destroy(k);
	return got;
}

static const struct {
	const char *bytes;
	int key[3];
} table[] = {
	{"a", {'a'}},
	{"\r", {UI_KEY_ENTER}},
	{"\t", {UI_KEY_TAB}},
	{"\177", {UI_KEY_BACKSPACE}},
	{"\b", {UI_KEY_BACKSPACE}},
	{"\007", {UI_CTRL('g')}},
	{"\033[A", {UI_KEY_UP}},
	{"\033OA", {UI_KEY_UP}},
	{"\033[1;5B", {UI_KEY_DOWN}},
	{"\033[H", {UI_KEY_HOME}},
	{"\033[7~", {UI_KEY_HOME}},
	{"\033[4~", {UI_KEY_END}},
	{"\033[3~", {UI_KEY_DELETE}},
	{"\033[Z", {UI_KEY_BACKTAB}},
	{"\033OP", {UI_KEY_F1}},
	{"\033[11~", {UI_KEY_F1}},
	{"\033[[A", {UI_KEY_F1}},
	{"\033[[E", {UI_KEY_F5}},
	{"\033[21~", {UI_KEY_F10}},
	{"\033[9q", {UI_KEY_F12}},
	{"\033[9x", {0}},
	{"\033\033", {UI_KEY_ESC}},
	{"\033\033a", {UI_KEY_ESC, 'a'}},
	{"\033a", {UI_KEY_ESC, 'a'}},
	{"\033\033[A", {UI_KEY_UP}},
	{"\xe6\x97\xa5x", {0x65e5, 'x'}},
	{"\xff"
	 "a",
		{'a'}},
	{"\033[200~q\033[A\033[201~b", {-1, 'b'}},
	{"\033[<0;3;4M\033[<0;3;4m", {-2 - UI_MOUSE_CLICK}},
	{"\033[<0;3;4M\033[<0;3;4M", {-2 - UI_MOUSE_CLICK, -2 - UI_MOUSE_DOUBLE}},
	{"\033[<64;3;4M", {-2 - UI_MOUSE_WHEEL_UP}},
	{"\033[M !!z", {'z'}},
};

static void
next_known_bytes_give_events(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		int got[3] = {0};
		decode(table[i].bytes, strlen(table[i].bytes), false, got, 3);
		for (size_t j = 0; j < 3; j++) {
			if (got[j] != table[i].key[j]) {
				print_message("row %zu, event %zu\n", i, j);
			}
			assert_int_equal(got[j], table[i].key[j]);
		}
	}
}

static void
next_unfinished_waits_until_over(void **state)
{
	static const char *const part[] = {
		"\033", "\033[", "\033[1;", "\033O", "\xe6\x97"};
	int got[3];

	(void)state;
	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		assert_int_equal(decode(part[i], strlen(part[i]), false, got, 3), 0);
	}
	assert_int_equal(decode("\033", 1, true, got, 3), 1);
	assert_int_equal(got[0], UI_KEY_ESC);
	assert_int_equal(decode("\033[1;", 4, true, got, 3), 0);
}

static void
next_paste_in_pieces_is_one_event(void **state)
{
	static const char bytes[] = "\033[200~one\033[20\ntwo\033[201~";
	struct ui_keys *k = ui_keys_new();
	struct ui_event ev;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(bytes); i++) {
		assert_false(ui_keys_next(k, false, 0, &ev));
		ui_keys_feed(k, bytes + i, 1);
	}
	assert_true(ui_keys_next(k, false, 0, &ev));
	assert_int_equal(ev.kind, UI_EV_PASTE);
	assert_true(sv_eq_str(ev.paste, "one\033[20\ntwo"));
	assert_false(ui_keys_next(k, true, 0, &ev));
	ui_keys_destroy(k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_known_bytes_give_events),
		cmocka_unit_test(next_unfinished_waits_until_over),
		cmocka_unit_test(next_paste_in_pieces_is_one_event),
	};
	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
