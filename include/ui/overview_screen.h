/* SPDX-License-Identifier: MIT
 *
 * Between the two halves of the Overview, for src/ui/ only: scr_overview.c makes its
 * lines and reads keys, overview_draw.c draws them.
 */
#ifndef PR_UI_OVERVIEW_SCREEN_H
#define PR_UI_OVERVIEW_SCREEN_H

#include "session/session.h"
#include "ui/app.h"
#include "ui/list.h"

enum overview_kind {
	L_BLANK,
	L_HEAD,
	L_TEXT,
	L_REST,  /* second row of the problem above */
	L_WHERE, /* the screen that the row above leads to */
	L_NEXT,  /* from here on the focus can stop */
	L_PROBLEM,
	L_CHANGE,
	L_CHANGES,
	L_LAST
};

struct overview_line {
	enum overview_kind kind;
	size_t i;         /* finding or change; of the last HEAD: how many changes */
	const char *text; /* HEAD, TEXT, LAST */
};

struct overview {
	struct ui_app *app;
	struct session *s;
	struct ui_list list;
	struct overview_line *line; /* made anew for each frame and event */
	size_t n, cap;
	bool wide; /* boxes, blank rows, labels far right */
	bool small;
	int w, h;          /* of the rows, when last drawn */
	size_t spare;      /* rows that would stay empty: for problems in two rows */
	int64_t settle_ms; /* the words of the row are shown then; 0: they are */
	struct ui_message words; /* shown until then: those of the row before */
};

/* A problem's text in at most two rows, beside the name of its screen. */
size_t overview_problem_rows(
	const struct overview *o, const struct diag *d, struct sv rows[2]);
/* What the row with the focus is about, or NULL. */
const struct diag *overview_finding(const struct overview *o);
/* The focus is on the next step, and that is the guided set-up. */
bool overview_is_on_setup(const struct overview *o);
/* For its list. */
void overview_draw_row(
	void *self, size_t i, struct ui_row *row, const struct ui_canvas *c);

#endif
