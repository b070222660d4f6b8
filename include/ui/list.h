/* SPDX-License-Identifier: MIT
 *
 * A list of any length that stores no rows: it asks its source how many there are and has
 * each visible one drawn. It knows the focus and the first row shown, and nothing else.
 * Rows are columns 1-4 (focus, edit mark, state mark, blank) and text from column 6 on,
 * or column 4 where the text has a box of its own. Up and down cost two short rows.
 */
#ifndef PR_UI_LIST_H
#define PR_UI_LIST_H

#include "ui/draw.h"
#include "ui/event.h"

/* A row being drawn; the source sets what it wants otherwise. */
struct ui_row {
	bool focus;   /* set by the list: this row has the focus */
	char edit;    /* column 2: * + - or 0 */
	char state;   /* column 3: ! ? # or 0; 'o' and '.' (ok, ..) take columns 2-3 */
	int cursor_x; /* where the row's first letter stands; 5 unless set */
};

struct ui_list_ops {
	size_t (*count)(void *self);
	/* Draw row i on c, one row high and without the last column; fill *row. */
	void (*row)(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c);
};

struct ui_list {
	const struct ui_list_ops *ops;
	void *self;
	size_t focus, top;
	struct ui_canvas last; /* where it was drawn last, for the mouse */
	int page;              /* rows shown then */
};

enum ui_list_result {
	UI_LIST_IGNORED,
	UI_LIST_MOVED, /* the focus may be on another row */
	UI_LIST_ENTER  /* Enter or a double click on the focused row */
};

void ui_list_init(struct ui_list *l, const struct ui_list_ops *ops, void *self);

/* Draw over the whole of c; its last column holds ^ and v when there is more. */
void ui_list_draw(struct ui_list *l, const struct ui_canvas *c);

/* Up Down PageUp PageDown Home End g G j k, wheel and click. */
enum ui_list_result ui_list_event(struct ui_list *l, const struct ui_event *ev);

/* Put the focus on row i (the last one if there are fewer). */
void ui_list_select(struct ui_list *l, size_t i);

/* "row 3 of 412" at the right end of the place, if the list is longer than h rows. */
void ui_list_position(
	const struct ui_list *l, const struct ui_canvas *c, struct ui_at at, int h);

#endif
