/* SPDX-License-Identifier: MIT
 *
 * The dialog that adds an address or a host name to inet_interfaces.
 */
#ifndef PR_UI_IF_DIALOG_H
#define PR_UI_IF_DIALOG_H

#include "session/session.h"
#include "ui/app.h"

struct if_dialog {
	struct ui_app *app;
	struct session *s;
	struct sv pasted; /* what the field begins with, as if it had been pasted */
	void (*added)(void *self, const char *word);
	void *self; /* borrowed */
};

void if_dialog_push(const struct if_dialog *opts);

#endif
