/* SPDX-License-Identifier: MIT
 *
 * The filter of a list: / opens it under the heading, each key filters at once, Enter
 * keeps it and goes back to the rows, Esc drops it. Row: "/[test-   ]  412 shown, name or
 * target      row 3 of 412". The screen asks for its rows with the text.
 */
#ifndef PR_UI_FILTER_H
#define PR_UI_FILTER_H

#include "ui/input.h"
#include "ui/list.h"

struct filter {
	bool typing; /* the field has the keys */
	struct ui_input in;
};

enum filter_result {
	FILTER_IGNORED, /* not for the filter: the list's, or the screen's */
	FILTER_HANDLED,
	FILTER_CHANGED /* the text is another one */
};

/* Whether its row stands on the screen: while typing, and as long as it has a text. */
bool filter_shows(const struct filter *f);

/* The text as a C string, valid until the next event. */
const char *filter_text(const struct filter *f);

/* "/" opens; while open everything that edits text is taken, Enter and Esc close. Esc on
 * the rows drops a kept filter. */
enum filter_result filter_event(struct filter *f, const struct ui_event *ev);

/* Drop it without a key (a row is to be shown that it hides). */
void filter_clear(struct filter *f);

/* One row: field, "n shown, WHAT", and the list's place if it has more than h rows. */
void filter_draw(struct filter *f, const struct ui_canvas *c, int y, const char *shown,
	const struct ui_list *list, int h);

void filter_free(struct filter *f);

#endif
