/* SPDX-License-Identifier: MIT
 *
 * The dialog that adds an address or a host name to inet_interfaces.
 */
#ifndef PR_UI_IF_DIALOG_H
#define PR_UI_IF_DIALOG_H

#include "session/session.h"
#include "ui/app.h"

/* pasted: what the field begins with, as if it had been pasted. */
void if_dialog_push(struct ui_app *app, struct session *s, struct sv pasted);

#endif
