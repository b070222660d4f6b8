/* SPDX-License-Identifier: MIT
 *
 * Between the files of the History screen: scr_history.c reads keys and goes back,
 * history_draw.c draws rows and the strip, history_diff.c shows one change whole.
 */
#ifndef PR_UI_HISTORY_SCREEN_H
#define PR_UI_HISTORY_SCREEN_H

#include "session/history.h"
#include "ui/app.h"
#include "ui/filter.h"
#include "ui/list.h"

/* A line of a diff, as it is shown. */
struct history_line {
	enum ses_rline_kind kind;
	char *text;  /* owned; of a file its path */
	char *place; /* owned; "main.cf 132", or NULL */
};

struct history_lines {
	struct history_line *v;
	size_t n, cap;
};

struct history {
	struct ui_app *app;
	struct session *s;
	struct ui_list list;
	struct filter filter;
	const struct ses_history_row *row; /* of this frame or event */
	size_t n;
	unsigned newest, at_no; /* the newest entry, and that of the focused row */
	char *strip;            /* heading of what the strip shows, or NULL */
	const void *strip_of;   /* tells which row that is */
	struct history_lines lines;
	char *words;       /* second line of the message for that row */
	int64_t settle_ms; /* the focused row's is shown then; 0: it is */
};

/* Ask the session anew; before anything else in a frame or an event. */
void history_refresh(struct history *v);
extern const struct ui_list_ops history_rows;
/* Show the focused row's lines from now on. */
void history_settle(struct history *v);
void history_draw(void *self, const struct ui_canvas *body);

/* "No. 17, 4 changes in 2 files, stop, start, 7.8 s"; the caller frees it. */
char *history_title(const struct ses_history_row *r);
/* The lines that a row changed, context lines around; what can't be told is a line. */
void history_lines_make(struct session *s, const struct ses_history_row *r,
	unsigned context, struct history_lines *out);
void history_lines_free(struct history_lines *l);
/* One of them with its mark, from column x. */
void history_line_put(
	const struct ui_canvas *c, int y, int x, const struct history_line *l);

/* Push the whole diff of a row over the screens. */
void history_diff_push(
	struct ui_app *app, struct session *s, const struct ses_history_row *r);
/* Go back to the state after no. and show the Review; false when that can't be. */
bool history_go_back(struct ui_app *app, struct session *s, unsigned no);

#endif
