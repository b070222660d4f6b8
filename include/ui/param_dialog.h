/* SPDX-License-Identifier: MIT
 *
 * The dialog for a parameter that takes one of a few words: Space goes through them.
 */
#ifndef PR_UI_PARAM_DIALOG_H
#define PR_UI_PARAM_DIALOG_H

#include "session/params.h"
#include "ui/app.h"

/* Push it, if the catalogue has choices for def and value is one of them; else false:
 * the value is then edited as text. */
bool param_dialog_push(struct ui_app *app, struct session *s, const struct cat_def *def,
	const char *value);

#endif
