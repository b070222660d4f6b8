/* SPDX-License-Identifier: MIT
 *
 * Between the three files of the Interfaces screen: if_rows.c knows the lines and draws
 * them, if_edit.c edits, scr_interfaces.c is the screen.
 */
#ifndef PR_UI_IF_SCREEN_H
#define PR_UI_IF_SCREEN_H

#include "session/interfaces.h"
#include "session/params.h"
#include "ui/list.h"
#include "ui/live.h"
#include "ui/stray.h"

#define IF_PROTOCOLS "inet_protocols"
#define IF_BIND "smtp_bind_address"

enum { IF_FIELD_BIND = 1000000 }; /* the field's id; else an address row's number */

enum if_line_kind { IF_L_MODE, IF_L_BLANK, IF_L_HEADS, IF_L_ADDR, IF_L_PROTO, IF_L_BIND };

struct if_line {
	enum if_line_kind kind;
	size_t i; /* mode or address row */
};

struct interfaces {
	struct ui_app *app;
	struct session *s;
	struct ui_list list;
	struct live live;
	struct stray stray;
	bool low; /* no blank rows */
};

extern const struct ui_list_ops if_rows;

size_t if_rows_count(void *self);
size_t if_rows_first_address(const struct interfaces *v);
struct if_line if_line_at(const struct interfaces *v, size_t i);
struct if_line if_focused(const struct interfaces *v);
bool if_can_stop(void *self, size_t i);

/* The address row with that number, or NULL. */
const struct ses_if_row *if_address(const struct interfaces *v, size_t i);
const struct diag *if_finding(const struct interfaces *v, struct if_line l);

/* The value that holds, the default included. */
const char *if_param_holds(const struct ses_param *p, const char *if_unknown);

/* "Will be written: ..." on the last row of the body, if anything will. */
void if_draw_preview(const struct interfaces *v, const struct ui_canvas *body);

/* Only names, addresses on no NIC and the outgoing address are text. */
bool if_is_text(const struct interfaces *v, struct if_line l);

void if_edit_open(struct interfaces *v, struct if_line l);
void if_edit_paste(struct interfaces *v, struct if_line l, struct sv pasted);
void if_edit_choose(struct interfaces *v, struct if_line l);
void if_edit_add(struct interfaces *v, struct sv pasted);
void if_edit_remove(struct interfaces *v, struct if_line l);
void if_edit_mend(struct interfaces *v, struct if_line l);
void if_edit_judge(struct interfaces *v);
void if_edit_accept(struct interfaces *v);

#endif
