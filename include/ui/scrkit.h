/* SPDX-License-Identifier: MIT
 *
 * What several screens do alike: the heading row, marks and words of a finding, telling
 * what an edit said, walking to the next problem, and lists with rows that only stand
 * there (headings, blank rows).
 */
#ifndef PR_UI_SCRKIT_H
#define PR_UI_SCRKIT_H

#include "session/session.h"
#include "ui/app.h"
#include "ui/list.h"

/* '!' error, '?' warning, 0: nothing that is marked. */
char scr_state(const struct diag *finding);

/* '+', '-', '*' or 0. */
char scr_edit(bool is_new, bool removed, bool edited);

/* The message area for a finding: consequence, way out. NULL: empty. */
void scr_message(struct ui_message *m, const struct diag *finding);

/* The same, and that r mends it where there is a safe repair. */
void scr_message_mend(struct ui_message *m, const struct diag *finding);

/* Do the safe repair of a finding and say so; what hinders it is told. */
void scr_mend(struct ui_app *app, struct session *s, const struct diag *finding);

/* Where main.cf couldn't be read and m is empty: that the values shown aren't its own. */
void scr_message_unread(struct ui_message *m, struct session *s);

/* Tell the worst of what an edit said, and empty the list. Nothing when it is empty. */
void scr_say(struct ui_app *app, struct diags *d);

/* Left in plain words, right Postfix's name and place; right goes first when narrow. */
void scr_heading(
	const struct ui_canvas *body, int y, const char *left, const char *right);

/* The same with "row 3 of 412" of a list that shows h rows between them; where not all
 * fits, right gives way. */
void scr_heading_list(const struct ui_canvas *body, int y, const char *left,
	const char *right, const struct ui_list *list, int h);

/* Fewer than 20 rows, or 80 columns, on the terminal; as seen from the body. */
bool scr_is_low(const struct ui_canvas *body);
bool scr_is_narrow(const struct ui_canvas *body);

/* Select the next (1) or previous (-1) row that is bad; from_edge: the first or last one.
 * False when there is none further. */
bool scr_to_bad(
	struct ui_list *l, int dir, bool from_edge, bool (*is_bad)(void *self, size_t i));

/* ui_list_event for a list of which only some rows can have the focus. */
enum ui_list_result scr_list_event(struct ui_list *l, const struct ui_event *ev,
	bool (*can_stop)(void *self, size_t i));

/* Put the focus on a row that can have it, the nearest from where it is. */
void scr_list_settle(struct ui_list *l, bool (*can_stop)(void *self, size_t i), int dir);

/* Text for one row: tabs become blanks up to the next eighth column. Appended to out. */
void scr_untab(struct sv text, struct str *out);

#endif
