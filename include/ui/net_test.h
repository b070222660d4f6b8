/* SPDX-License-Identifier: MIT
 *
 * "May this address relay?" below the rows of the Networks screen: a field that asks with
 * Enter, the answer with the row that decides, and what was asked before. While a table
 * is asked of Postfix the answer is "..", and no key waits for it.
 */
#ifndef PR_UI_NET_TEST_H
#define PR_UI_NET_TEST_H

#include "ui/app.h"

struct networks;
struct net_test;

void net_test_open(struct networks *v);
bool net_test_is_open(const struct networks *v);
void net_test_free(struct networks *v);

/* Rows that it takes from the bottom of a body of h rows; 0: it isn't open. */
int net_test_height(const struct networks *v, int h);
/* Draw it over these rows; the field has the cursor. */
void net_test_draw(struct networks *v, const struct ui_canvas *c);

/* True: the event was the question's. */
bool net_test_event(struct networks *v, const struct ui_event *ev);
void net_test_message(const struct networks *v, struct ui_message *m);
void net_test_keys(struct ui_keybar *bar);
/* Postfix answered something. */
void net_test_stepped(struct networks *v);

#endif
