/* SPDX-License-Identifier: MIT
 *
 * Between the three files of the Relay host screen: scr_relayhost.c reads keys,
 * relay_draw.c knows rows and draws them, relay_edit.c edits.
 */
#ifndef PR_UI_RELAY_SCREEN_H
#define PR_UI_RELAY_SCREEN_H

#include "session/params.h"
#include "session/relay.h"
#include "ui/app.h"
#include "ui/list.h"
#include "ui/live.h"
#include "ui/stray.h"

/* What a row is about; P_MORE is the first of the further hosts. */
enum part { P_HOST, P_PORT, P_MX, P_MORE, P_RAW };

struct relayhost {
	struct ui_app *app;
	struct session *s;
	struct ui_list list;
	struct live live; /* its id is the row */
	bool adding;      /* the row of a host that is being added */
	struct stray stray;
	struct ses_relay r; /* of this frame or event */
};

/* Ask the session anew; before anything else in a frame or an event. */
void relayhost_refresh(struct relayhost *v);
/* relayhost can't be taken apart: its one row is the value as it stands. */
bool relayhost_is_raw(const struct relayhost *v);
/* Rows, for the list. */
size_t relayhost_count(void *self);
extern const struct ui_list_ops relayhost_rows;
enum part relayhost_part(const struct relayhost *v, size_t row);
const char *relayhost_label(enum part part, size_t row);
/* Number of the host that a row is about; the host, NULL when there is none. */
size_t relayhost_hop_of(size_t row);
const struct ses_hop *relayhost_hop(const struct relayhost *v, size_t i);
bool relayhost_mx(const struct relayhost *v, size_t i);
/* A host as a person types it: "[mail.test.co.jp]:587"; the caller frees it. */
char *relayhost_typed(const struct ses_hop *h);

void relayhost_draw(void *self, const struct ui_canvas *body);

/* Open the row's field (MX: the other choice), with pasted text or as it stands; add a
 * further host. */
void relay_edit_open(struct relayhost *v, size_t row);
void relay_edit_paste(struct relayhost *v, size_t row, struct sv pasted);
void relay_edit_add(struct relayhost *v);
/* The open field's text changed; it was accepted, and false: it is open again. */
void relay_edit_judge(struct relayhost *v);
bool relay_edit_accept(struct relayhost *v);
void relay_edit_space(struct relayhost *v, size_t row);
void relay_edit_remove(struct relayhost *v, size_t row);
void relay_edit_mend(struct relayhost *v);
/* Swap with the host above (-1) or below (1). */
void relay_edit_move(struct relayhost *v, size_t row, int by);

#endif
