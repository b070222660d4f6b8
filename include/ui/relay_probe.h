/* SPDX-License-Identifier: MIT
 *
 * "p probe now" of the Relay host screen: the rungs of the ladder from the upstream's
 * name to the login, and how they came out in the message area.
 */
#ifndef PR_UI_RELAY_PROBE_H
#define PR_UI_RELAY_PROBE_H

#include "session/session.h"
#include "ui/app.h"

/* Start it. *waits becomes true until its end has been told. */
void relay_probe_start(struct ui_app *app, struct session *s, bool *waits);

/* Something went on: tell the end, if that is it. */
void relay_probe_stepped(struct ui_app *app, struct session *s, bool *waits);

#endif
