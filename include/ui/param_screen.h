/* SPDX-License-Identifier: MIT
 *
 * Between the two files of the Parameters screen: scr_params.c reads keys and edits,
 * param_draw.c knows rows and draws them.
 */
#ifndef PR_UI_PARAM_SCREEN_H
#define PR_UI_PARAM_SCREEN_H

#include "session/params.h"
#include "ui/app.h"
#include "ui/filter.h"
#include "ui/list.h"
#include "ui/live.h"
#include "ui/stray.h"

enum { PARAMS_BAD_MOST = 64 };

struct params {
	struct ui_app *app;
	struct session *s;
	struct ui_list list;
	struct filter filter;
	bool only_set;
	struct stray stray;
	struct live live;            /* its id is the row */
	struct ses_param_list names; /* of this frame or event */
	size_t bad[PARAMS_BAD_MOST],
		nbad;      /* numbers of findings about lines without a name */
	char *strip;       /* the name that the strip describes, or NULL */
	int64_t settle_ms; /* the focused row's is described then; 0: it is */
};

/* Ask the session anew; before anything else in a frame or an event. */
void params_refresh(struct params *v);
/* Rows, for the list: lines that Postfix refuses, then names. */
size_t params_count(void *self);
extern const struct ui_list_ops params_rows;
/* The finding about the line that row i is, or NULL when it is a parameter. */
const struct diag *params_bad_line(const struct params *v, size_t i);
/* The name in row i, NULL for a line without one; valid until the next edit. */
const char *params_name_at(const struct params *v, size_t i);
bool params_param_at(const struct params *v, size_t i, struct ses_param *p);
/* May the value hold a password? */
bool params_is_secret(const struct ses_param *p, const char *value);

/* Describe the focused row from now on. */
void params_settle(struct params *v);
void params_draw(void *self, const struct ui_canvas *body);

#endif
