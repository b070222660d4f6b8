/* SPDX-License-Identifier: MIT
 *
 * Between the two files of the Networks screen: scr_networks.c draws and reads keys,
 * net_edit.c edits.
 */
#ifndef PR_UI_NET_SCREEN_H
#define PR_UI_NET_SCREEN_H

#include "session/networks.h"
#include "ui/app.h"
#include "ui/filter.h"
#include "ui/list.h"
#include "ui/net_test.h"
#include "ui/stray.h"

/* What was typed while Postfix was still being asked who may relay now. */
struct net_waiting {
	char *text, *note;
};

struct networks {
	struct ui_app *app;
	struct session *s;
	struct ui_list list; /* over shown */
	size_t *shown;       /* numbers of the rows that the filter lets through */
	size_t n, cap;
	struct filter filter;
	struct net_waiting *waiting;
	size_t nwaiting, waiting_cap;
	size_t edited_row; /* that the dialog is about */
	struct stray stray;
	struct net_test *test; /* the question below the rows; NULL: never asked */
};

/* The number of the session's row that has the focus, and the row; NULL: there is none.
 */
const struct ses_net_row *networks_focused(struct networks *v, size_t *row);

/* Make shown anew. */
void networks_filter(struct networks *v);

/* Put the focus on the session's row, dropping the filter if it hides it. */
void networks_select(struct networks *v, size_t row);

void net_edit_add(struct networks *v, struct sv pasted);
void net_edit_change(struct networks *v, size_t row);
void net_edit_remove(struct networks *v, size_t row);
void net_edit_toggle(struct networks *v, size_t row);
void net_edit_mend(struct networks *v, size_t row);
void net_edit_move(struct networks *v, size_t row, int by);
/* Postfix answered: add what waits. */
void net_edit_resume(struct networks *v);
void net_edit_free(struct networks *v);

#endif
