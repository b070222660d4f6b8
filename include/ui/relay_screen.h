/* SPDX-License-Identifier: MIT
 *
 * Between the files of the Relay host screen: scr_relayhost.c reads keys, relay_rows.c
 * knows which rows there are and what is found about each, relay_draw.c and
 * relay_login_draw.c draw them, relay_edit.c and relay_login.c edit.
 */
#ifndef PR_UI_RELAY_SCREEN_H
#define PR_UI_RELAY_SCREEN_H

#include "session/login.h"
#include "session/params.h"
#include "session/relay.h"
#include "ui/app.h"
#include "ui/list.h"
#include "ui/live.h"
#include "ui/stray.h"

/* What a row is about; P_MORE is each of the further hosts. */
enum part {
	P_HOST,
	P_PORT,
	P_MX,
	P_MORE,
	P_RAW, /* a relayhost that can't be taken apart, as it stands */
	P_LOGIN,
	P_USER,
	P_PASSWORD,
	P_KEPT,
	P_TLS,
	P_WRAPS,
	P_ROOTS,
	P_OVERRULED,
	P_LOGIN_HEAD, /* from here on rows that only stand there */
	P_TLS_HEAD,
	P_GAP,
	P_PARTS
};

struct relay_row {
	enum part part;
	size_t hop; /* of P_MORE: 1, 2, ... */
};

enum { RELAY_ROWS = 96, RELAY_VALUE_X = 22, RELAY_VALUE_X_NARROW = 21 };

struct relayhost {
	struct ui_app *app;
	struct session *s;
	struct ui_list list;
	struct live live; /* its id is relay_id() of the row */
	bool adding;      /* the row of a host that is being added */
	bool logs_in;     /* the rows of a login that is being typed */
	bool shows;       /* the password in the clear */
	bool close;       /* no room for blank rows */
	struct stray stray;
	bool probing; /* p was pressed, and its end not told yet */
	/* of this frame or event */
	struct ses_relay r;
	struct ses_login login;
	struct ses_tls tls;
	const struct diag *found[P_PARTS]; /* the worst finding of each part */
	struct relay_row rows[RELAY_ROWS];
	size_t nrows;
};

/* Ask the session anew; before anything else in a frame or an event. The focus stays on
 * what it was on. */
void relayhost_refresh(struct relayhost *v);
/* relayhost can't be taken apart: its one row is the value as it stands. */
bool relayhost_is_raw(const struct relayhost *v);
bool relayhost_can_stop(void *self, size_t row);
extern const struct ui_list_ops relayhost_rows;
enum part relayhost_part(const struct relayhost *v, size_t row);
const char *relayhost_label(const struct relay_row *row);
/* The row of a part, where it is shown; else 0. */
size_t relayhost_row_of(const struct relayhost *v, enum part part, size_t hop);
/* A number for part and hop that stays when rows come and go. */
size_t relay_id(const struct relay_row *row);
struct relay_row relay_row_of_id(size_t id);
/* A further host; NULL when there is none. */
const struct ses_hop *relayhost_hop(const struct relayhost *v, size_t i);
bool relayhost_mx(const struct relayhost *v, size_t i);
/* A host as a person types it: "[mail.test.co.jp]:587"; the caller frees it. */
char *relayhost_typed(const struct ses_hop *h);
/* Is a login shown, on or off? */
bool relayhost_has_login(const struct relayhost *v);

void relayhost_draw(void *self, const struct ui_canvas *body);
void relayhost_draw_row(
	void *self, size_t i, struct ui_row *row, const struct ui_canvas *c);
/* Value of a row of login or TLS, drawn from column x. */
void relay_login_put(
	struct relayhost *v, enum part part, const struct ui_canvas *c, int x);

/* Open the row's field (a choice: the next one), with pasted text or as it stands; add a
 * further host. */
void relay_edit_open(struct relayhost *v, size_t row);
void relay_edit_paste(struct relayhost *v, size_t row, const struct ui_event *ev);
void relay_edit_add(struct relayhost *v);
/* The open field's text changed; it was accepted (false: it stays open, and says why). */
void relay_edit_judge(struct relayhost *v);
bool relay_edit_accept(struct relayhost *v);
/* Esc: nothing of what was typed stays. */
void relay_edit_cancel(struct relayhost *v);
void relay_edit_space(struct relayhost *v, size_t row);
void relay_edit_remove(struct relayhost *v, size_t row);
void relay_edit_mend(struct relayhost *v, size_t row);
/* Swap with the host above (-1) or below (1). */
void relay_edit_move(struct relayhost *v, size_t row, int by);

/* --- login and TLS, relay_login.c --- */

bool relay_login_is_choice(enum part part);
/* The next choice of a row. */
void relay_login_next(struct relayhost *v, enum part part);
/* Text that a field of this part opens with, and its flags; the caller frees it. */
char *relay_login_text(const struct relayhost *v, enum part part, unsigned *flags);
void relay_login_judge(struct relayhost *v, enum part part, const char *text);
bool relay_login_accept(
	struct relayhost *v, enum part part, const char *text, struct diags *d);
void relay_login_remove(struct relayhost *v, enum part part);
/* Forget what was typed into a password field. */
void relay_login_wipe(struct relayhost *v);

#endif
