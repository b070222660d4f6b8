/* SPDX-License-Identifier: MIT
 *
 * What goes over the line: as few bytes as the budgets allow, signs that any terminal can
 * show, nothing foreign, and the terminal given back.
 */
#include <sys/wait.h>

#include "tui/demo_rig.h"

/* Budgets, in bytes at 80x24. */
enum { FIRST_MOST = 2400, DOWN_MOST = 60, CHAR_MOST = 25, DIALOG_MOST = 1500 };

static size_t
bytes_of(struct vt *v, const char *keys)
{
	vt_count_reset(v);
	vt_keys(v, keys);
	return vt_count(v);
}

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
		cmocka_unit_test(bytes_stay_in_budget),
		cmocka_unit_test(burst_of_keys_is_one_output),
		cmocka_unit_test(scroll_uses_the_terminals_own),
		cmocka_unit_test(idle_has_no_deadline),
		cmocka_unit_test(mono_focus_is_reverse),
		cmocka_unit_test(ascii_has_no_line_art),
		cmocka_unit_test(hostile_text_is_escaped),
		cmocka_unit_test(unknown_terminal_is_told),
		cmocka_unit_test(signals_give_the_terminal_back),
		cmocka_unit_test(control_keys_are_plain_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
