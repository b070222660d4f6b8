/* SPDX-License-Identifier: MIT
 *
 * The terminal: entering and leaving full screen, colours, and the one poll loop of the
 * program. Nothing else reads keys or waits. The terminal is given back on every way out:
 * ui_term_close, exit(), lack of memory, and fatal signals. Ctrl-C, Ctrl-Z, Ctrl-S and
 * Ctrl-Q are plain keys. At most one terminal is open at a time; everything belongs to
 * the struct ui_term of ui_term_open.
 */
#ifndef PR_UI_TERM_H
#define PR_UI_TERM_H

#include "base/diag.h"
#include "ui/draw.h"
#include "ui/event.h"

struct ui_term;

struct ui_term_opts {
	bool ascii;    /* --ascii: no line art */
	bool no_mouse; /* leave the mouse to the terminal */
};

/* Enter full screen on stdin and stdout. The caller has called setlocale. NULL with a
 * finding when they are no terminal, TERM is unknown or cannot place the cursor, or there
 * is no room for even one line of text. */
struct ui_term *ui_term_open(const struct ui_term_opts *opts, struct diags *d);

/* Leave full screen and free everything. NULL is allowed. */
void ui_term_close(struct ui_term *t);

/* Give the terminal back for a moment (before printing), and take it again. */
void ui_term_leave(struct ui_term *t);
void ui_term_enter(struct ui_term *t);

int ui_term_rows(const struct ui_term *t);
int ui_term_cols(const struct ui_term *t);
struct ui_paint *ui_term_paint(struct ui_term *t);

/* Milliseconds of a clock that only runs forward. */
int64_t ui_term_now(void);

/* Sleep until an event, until a watched descriptor was served (UI_EV_NONE), or until
 * deadline_ms of that clock (UI_EV_NONE; 0: no deadline). */
void ui_term_next(struct ui_term *t, int64_t deadline_ms, struct ui_event *out);

/* Whether more input waits already, so that drawing would be in vain. */
bool ui_term_pending(struct ui_term *t);

/* Whether output is still on its way: live screens skip a frame then. */
bool ui_term_busy(const struct ui_term *t);

/* Begin a frame: an empty screen, no cursor. End it: send what differs. */
void ui_term_begin(struct ui_term *t);
void ui_term_end(struct ui_term *t);

/* Send the whole screen anew at the next end of a frame. */
void ui_term_redraw(struct ui_term *t);

/* Call ready whenever fd can be read (or was hung up), from within ui_term_next. The fd
 * stays the caller's; unwatch it before closing it. */
void ui_term_watch(
	struct ui_term *t, int fd, void (*ready)(void *self, int fd), void *self);
void ui_term_unwatch(struct ui_term *t, int fd);

#endif
