/* SPDX-License-Identifier: MIT
 *
 * A terminal for tests: runs a program on a pty, keeps its screen with libvterm, sends
 * keys, counts bytes. vt_settle waits until the program has read everything that was
 * sent, sleeps, and has nothing more to say; vt_wait_* wait for a condition. Neither
 * guesses a time; both give up (and fail the test, showing the screen) after 10 seconds.
 */
#ifndef PR_TUI_VT_H
#define PR_TUI_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct vt;

struct vt_opts {
	const char *const *argv; /* argv[0] is the path; NULL-ended */
	int rows, cols;          /* 0: 24, 80 */
	const char *term;        /* NULL: xterm-256color */
	const char *locale;      /* LC_ALL; NULL: C.UTF-8 */
	const char *const *env;  /* more "NAME=value"; NULL-ended, or NULL */
	const char *dir;         /* working directory; NULL: ours */
};

/* Start it; returns after the first settled screen. */
struct vt *vt_start(const struct vt_opts *opts);

/* Hang up, wait for its end, free. Returns the exit status (128 + signal when killed). */
int vt_close(struct vt *v);

/* The line drops: the terminal goes away and the kernel tells it. What the program does
 * then is waited for with vt_wait_exit. */
void vt_hang_up(struct vt *v);

/* Wait for the program's end by itself (fails the test if it does not come). */
int vt_wait_exit(struct vt *v);

/* Keys by name ("Down", "Enter", "Esc", "Ctrl-A", "F5", "Shift-Tab", "a", "Space"),
 * separated by blanks, each followed by a settle. */
void vt_keys(struct vt *v, const char *names);

/* Text as it is typed, sign by sign but in one write; then settle. */
void vt_type(struct vt *v, const char *text);

/* The same as a bracketed paste. */
void vt_paste(struct vt *v, const char *text);

/* Raw bytes, then settle. */
void vt_send(struct vt *v, const char *bytes, size_t n);

void vt_click(struct vt *v, int row, int col); /* from 1 */
void vt_resize(struct vt *v, int rows, int cols);
void vt_settle(struct vt *v);

/* Row (from 1) without trailing blanks, as UTF-8; valid until the next call. The second
 * column of a wide sign is left out. */
const char *vt_row(struct vt *v, int row);

/* The whole screen, a row a line; valid until the next call. */
const char *vt_screen(struct vt *v);

/* Whether the text is in that row (0: in any). Waits until it is (or is not). */
bool vt_has(struct vt *v, int row, const char *text);
void vt_wait_text(struct vt *v, int row, const char *text);
void vt_wait_gone(struct vt *v, int row, const char *text);

struct vt_cell {
	unsigned ch; /* 0: second column of a wide sign */
	bool bold, reverse, underline;
	int fg, bg; /* 0-255 of the palette; -1: the terminal's own */
};
struct vt_cell vt_cell(struct vt *v, int row, int col); /* from 1 */
void vt_cursor(struct vt *v, int *row, int *col);       /* from 1 */

/* Bytes that the program sent since its start, or since the last vt_count_reset. */
size_t vt_count(struct vt *v);
void vt_count_reset(struct vt *v);

/* Whether these bytes are in the output since the last vt_count_reset. */
bool vt_sent(struct vt *v, const char *bytes, size_t n);

pid_t vt_pid(const struct vt *v);

/* Fails the test unless the row has the text; shows the screen then. */
#define vt_assert_row(v, row, text) vt_assert_row_at(v, row, text, __FILE__, __LINE__)
void vt_assert_row_at(
	struct vt *v, int row, const char *text, const char *file, int line);

#endif
