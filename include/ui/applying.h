/* SPDX-License-Identifier: MIT
 *
 * The layer that shows an apply while it runs, and its result.
 */
#ifndef PR_UI_APPLYING_H
#define PR_UI_APPLYING_H

#include "session/session.h"
#include "ui/app.h"

/* Show the apply that ses_apply_start has just begun; changes: how many it applies;
 * interruption: what Review said of it, "" nothing. */
void applying_push(
	struct ui_app *app, struct session *s, size_t changes, char *take_interruption);

#endif
