/* SPDX-License-Identifier: MIT
 *
 * A row of buttons on a screen of its own (Review, its result), drawn as those of a
 * dialog: [< Apply >]  [ Back ]. The owner keeps which one has the focus, and what they
 * do.
 */
#ifndef PR_UI_BUTTONS_H
#define PR_UI_BUTTONS_H

#include "ui/draw.h"
#include "ui/event.h"

enum { BUTTONS_MAX = 4 };

struct buttons {
	const char *label[BUTTONS_MAX]; /* translated, borrowed */
	size_t n;
	size_t at; /* what Enter presses */
	struct ui_canvas last;
};

/* focused: the row has the focus; else only [< >] says what Enter does. */
void buttons_draw(struct buttons *b, const struct ui_canvas *c, int y, bool focused);

/* The button that a click is on; n when it is on none. */
size_t buttons_hit(const struct buttons *b, const struct ui_event *ev);

/* Left and Right move between them: true when that was the key. */
bool buttons_move(struct buttons *b, const struct ui_event *ev);

#endif
