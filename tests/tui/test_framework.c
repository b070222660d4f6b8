/* SPDX-License-Identifier: MIT
 *
 * The full-screen framework, looked at through a terminal: cells, cursor, bytes sent.
 * PR_BUILD names the build folder, where tests/tui/demo is.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "tui/vt.h"

/* Budgets of screens.md, in bytes at 80x24. */
enum { FIRST_MOST = 2400, DOWN_MOST = 60, CHAR_MOST = 25, DIALOG_MOST = 1500 };

enum { LIST = '3', VALUES = '4', HOSTILE = '1', BRIGHT_RED = 9 };

static struct vt *
start(char screen, struct vt_opts o)
{
	static char path[4096], arg[] = "--screen=3";
	static const char *argv[4];
	const char *build = getenv("PR_BUILD");

	snprintf(path, sizeof(path), "%s/tests/tui/demo", build ? build : "build");
	arg[9] = screen;
	argv[0] = path;
	argv[1] = arg;
	argv[2] = o.argv ? o.argv[0] : NULL;
	argv[3] = NULL;
	o.argv = argv;
	return vt_start(&o);
}

static struct vt *
start_plain(char screen)
{
	return start(screen, (struct vt_opts){0});
}

static void
assert_cursor(struct vt *v, int row, int col)
{
	int r = 0, c = 0;

	vt_cursor(v, &r, &c);
	if (r != row || c != col) {
		print_message(
			"cursor at %d,%d; the screen is:\n%s\n", r, c, vt_screen(v));
	}
	assert_int_equal(r, row);
	assert_int_equal(c, col);
}

static size_t
bytes_of(struct vt *v, const char *keys)
{
	vt_count_reset(v);
	vt_keys(v, keys);
	return vt_count(v);
}

/* --- frame ---------------------------------------------------------------------------
 */

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

/* --- budgets -------------------------------------------------------------------------
 */

static void
bytes_stay_in_budget(void **state)
{
	static const char *const term[] = {"xterm-256color", "vt100", "linux"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct vt *v = start(LIST, (struct vt_opts){.term = term[i]});
		assert_in_range(vt_count(v), 1, FIRST_MOST);
		assert_in_range(bytes_of(v, "Down"), 1, DOWN_MOST);
		assert_in_range(bytes_of(v, "Down"), 1, DOWN_MOST);
		assert_in_range(bytes_of(v, "a"), 1, DIALOG_MOST);
		assert_in_range(bytes_of(v, "1"), 1, CHAR_MOST);
		vt_keys(v, "9 2 . 1 6 8 . 3 .");
		assert_in_range(bytes_of(v, "5"), 1, CHAR_MOST);
		vt_wait_text(v, 0, "It will be written.");
		assert_in_range(bytes_of(v, "/"), 1, CHAR_MOST + 20); /* its mark */
		vt_close(v);
	}
}

static void
burst_of_keys_is_one_output(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_count_reset(v);
	vt_type(v, "jjjjjjjjkkkkkkkk");
	assert_in_range(vt_count(v), 0, DOWN_MOST);
	vt_assert_row(v, 6, ">    10.0.0.0/24");
	vt_close(v);
}

static void
scroll_uses_the_terminals_own(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "G");
	vt_assert_row(v, 4, "row 412 of 412");
	vt_assert_row(v, 21, ">    10.1.155.0/24");
	vt_keys(v, "g");
	for (int i = 0; i < 16; i++) {
		vt_keys(v, "j");
	}
	assert_in_range(bytes_of(v, "j"), 1, 200); /* sixteen rows would cost 900 */
	vt_assert_row(v, 21, ">    10.0.17.0/24");
	vt_close(v);
}

/* Asleep in poll without a time limit: nothing wakes it while nothing happens. */
static void
idle_has_no_deadline(void **state)
{
	struct vt *v = start_plain(LIST);
	char path[64], text[256] = "";
	unsigned long number = 0, fds = 0, n = 0, timeout = 0;

	(void)state;
	vt_keys(v, "Down");
	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)vt_pid(v));
	FILE *f = fopen(path, "re");
	if (!f || !fgets(text, sizeof(text), f) ||
		sscanf(text, "%lu %lx %lx %lx", &number, &fds, &n, &timeout) != 4) {
		print_message("skipped: /proc/PID/syscall can't be read here\n");
	} else {
		assert_int_equal(n, 2);
		assert_int_equal((int32_t)(uint32_t)timeout, -1);
	}
	if (f) {
		fclose(f);
	}
	vt_close(v);
}

/* --- focus, lists --------------------------------------------------------------------
 */

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
mono_focus_is_reverse(void **state)
{
	const char *const no_color[] = {"NO_COLOR=1", NULL};
	const struct vt_opts opts[] = {{.term = "vt100"}, {.env = no_color}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct vt *v = start(LIST, opts[i]);
		assert_true(vt_cell(v, 6, 1).reverse);
		assert_true(vt_cell(v, 6, 4).reverse);
		assert_false(vt_cell(v, 6, 6).reverse);
		assert_true(vt_cell(v, 10, 3).bold);
		assert_int_equal(vt_cell(v, 10, 3).fg, -1);
		assert_int_equal(vt_cell(v, 6, 1).bg, -1);
		vt_close(v);
	}
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

/* --- dialogs -------------------------------------------------------------------------
 */

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

/* --- fields --------------------------------------------------------------------------
 */

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

/* --- terminals -----------------------------------------------------------------------
 */

static void
ascii_has_no_line_art(void **state)
{
	static const char *const ascii[] = {"--ascii", NULL};
	const struct vt_opts opts[] = {{.argv = ascii}, {.locale = "C"}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct vt *v = start(LIST, opts[i]);
		vt_keys(v, "a");
		vt_assert_row(v, 7, "+- Add client segments ---");
		for (const char *c = vt_screen(v); *c; c++) {
			assert_true((unsigned char)*c < 0x80);
		}
		vt_close(v);
	}
}

static void
hostile_text_is_escaped(void **state)
{
	struct vt *v = start_plain(HOSTILE);

	(void)state;
	assert_string_equal(vt_row(v, 3), "a\\x1B[31mred\\x07\\x09\\xFF\\xE2\\x80\\xAE"
					  "end");
	assert_string_equal(vt_row(v, 4),
		"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e~"); /* cut to seven columns */
	assert_string_equal(vt_row(v, 5), "e\xcc\x81|");
	assert_int_equal(vt_cell(v, 5, 2).ch, '|');
	assert_false(vt_sent(v, "\033[31mred", 8));
	assert_false(vt_sent(v, "\007", 1));
	vt_close(v);
}

static void
unknown_terminal_is_told(void **state)
{
	static const char *const term[] = {"nosuchterm", "dumb", ""};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct vt *v = start(LIST, (struct vt_opts){.term = term[i]});
		assert_int_equal(vt_wait_exit(v), 3);
		assert_true(vt_has(v, 0, "Set TERM"));
		vt_close(v);
	}
	struct vt *v = start(LIST, (struct vt_opts){.rows = 1, .cols = 15});
	assert_int_equal(vt_wait_exit(v), 3);
	vt_close(v);
}

static void
signals_give_the_terminal_back(void **state)
{
	static const struct {
		int number, status;
	} table[] = {{SIGTERM, 0}, {SIGHUP, 0}, {SIGSEGV, 128 + SIGSEGV}};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct vt *v = start_plain(LIST);
		kill(vt_pid(v), table[i].number);
		assert_int_equal(vt_wait_exit(v), table[i].status);
		assert_true(vt_sent(v, "\033[?1049l", 8));
		assert_true(vt_sent(v, "\033[?2004l", 8));
		vt_close(v);
	}
}

static void
control_keys_are_plain_keys(void **state)
{
	struct vt *v = start_plain(LIST);

	(void)state;
	vt_keys(v, "Ctrl-C Ctrl-Z Ctrl-S Ctrl-Q Down");
	vt_assert_row(v, 7, ">    10.0.1.0/24");
	assert_in_range(bytes_of(v, "Ctrl-L"), 1000, FIRST_MOST); /* all anew */
	vt_close(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame_at_80_shows_title_tabs_keys),
		cmocka_unit_test(frame_narrow_folds),
		cmocka_unit_test(resize_keeps_focus_field_and_scroll),
		cmocka_unit_test(bytes_stay_in_budget),
		cmocka_unit_test(burst_of_keys_is_one_output),
		cmocka_unit_test(scroll_uses_the_terminals_own),
		cmocka_unit_test(idle_has_no_deadline),
		cmocka_unit_test(focus_is_reverse_sign_and_cursor),
		cmocka_unit_test(mono_focus_is_reverse),
		cmocka_unit_test(next_problem_walks_over_screens),
		cmocka_unit_test(unknown_letter_is_told),
		cmocka_unit_test(add_dialog_judges_while_typing),
		cmocka_unit_test(button_too_early_says_why),
		cmocka_unit_test(escape_asks_only_when_much_is_lost),
		cmocka_unit_test(form_rows_grow_and_go),
		cmocka_unit_test(page_has_tabs_and_fields_of_its_own),
		cmocka_unit_test(page_folds_and_comes_back),
		cmocka_unit_test(quit_question_has_letters),
		cmocka_unit_test(help_pages_through_its_text),
		cmocka_unit_test(dialog_small_terminal_takes_the_body),
		cmocka_unit_test(mouse_reaches_tabs_fields_buttons),
		cmocka_unit_test(watched_descriptor_is_served),
		cmocka_unit_test(field_in_place_edits_and_gives_back),
		cmocka_unit_test(field_scrolls_by_half_and_keeps_wide_signs),
		cmocka_unit_test(field_password_shows_stars),
		cmocka_unit_test(paste_is_text_and_never_keys),
		cmocka_unit_test(ascii_has_no_line_art),
		cmocka_unit_test(hostile_text_is_escaped),
		cmocka_unit_test(unknown_terminal_is_told),
		cmocka_unit_test(signals_give_the_terminal_back),
		cmocka_unit_test(control_keys_are_plain_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
