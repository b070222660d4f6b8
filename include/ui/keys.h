/* SPDX-License-Identifier: MIT
 *
 * Bytes of a terminal in, events out. No descriptor and no clock in here: the caller
 * feeds what it read and says when the 100 ms after a lone Esc are over. Knows the
 * sequences of xterm, rxvt, the Linux console, PuTTY, tmux and vt100, plus those that are
 * added from terminfo; bracketed paste; SGR mouse. What it does not know is swallowed
 * whole.
 */
#ifndef PR_UI_KEYS_H
#define PR_UI_KEYS_H

#include "ui/event.h"

struct ui_keys;

struct ui_keys *ui_keys_new(void);
void ui_keys_destroy(struct ui_keys *k);

/* Let bytes (a whole sequence, as terminfo has it) mean key. */
void ui_keys_learn(struct ui_keys *k, const char *bytes, int key);

void ui_keys_feed(struct ui_keys *k, const char *bytes, size_t n);

/* The next event, if the bytes so far hold one. over: nothing more came for 100 ms, so
 * that an unfinished sequence is decided now. now_ms tells a double click. */
bool ui_keys_next(struct ui_keys *k, bool over, int64_t now_ms, struct ui_event *out);

/* Whether an unfinished sequence waits for its rest or for the 100 ms. */
bool ui_keys_unfinished(const struct ui_keys *k);

#endif
