/* SPDX-License-Identifier: MIT
 *
 * The dialog that adds networks to mynetworks, or changes a row of it, and judges what is
 * typed as smtpd would.
 */
#ifndef PR_UI_NET_DIALOG_H
#define PR_UI_NET_DIALOG_H

#include "session/networks.h"
#include "ui/app.h"

struct net_dialog {
	struct ui_app *app;
	struct session *s;
	bool edit;        /* change a row: text, note */
	const char *text; /* copied; what the field begins with, NULL: nothing */
	const char *note; /* copied; NULL: none */
	struct sv pasted; /* into the field, line ends become ", " */
	bool derived;     /* mynetworks is unset: public rows are offered */
	/* What was typed is to be done; false (with findings): the dialog stays open.
	 * The derived public rows that were ticked stand in text, too. */
	bool (*done)(void *self, const struct ses_net_new *typed, struct diags *d);
	void *self; /* borrowed */
};

void net_dialog_push(const struct net_dialog *opts);

#endif
