/* SPDX-License-Identifier: MIT
 *
 * The dialog of one alias: name, in use or not, comment, and a list of targets that grows
 * while it is typed, each told by kind and judged.
 */
#ifndef PR_UI_ALIAS_DIALOG_H
#define PR_UI_ALIAS_DIALOG_H

#include "session/aliases.h"
#include "ui/app.h"

struct alias_dialog {
	struct ui_app *app;
	struct session *s;
	uint32_t id;      /* the entry, or SES_ALIAS_NEW */
	struct sv pasted; /* into the name of a new one */
	/* The entry was written; id is its number. */
	void (*done)(void *self, uint32_t id);
	void *self; /* borrowed */
};

void alias_dialog_push(const struct alias_dialog *opts);

#endif
