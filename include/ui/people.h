/* SPDX-License-Identifier: MIT
 *
 * What full screens ask because of others, or of an earlier run: somebody else has
 * unsaved changes, a draft waits, a file was changed meanwhile, two changes clash. For
 * the owner of the screen; every question is a dialog.
 */
#ifndef PR_UI_PEOPLE_H
#define PR_UI_PEOPLE_H

#include "session/session.h"
#include "ui/app.h"

struct people {
	struct ui_app *app;
	struct session *s;
	void (*review)(void *self); /* shows Review */
	void *self;
	bool review_next; /* once the clashes are settled */
};

/* Before the first key: who else is at it, then what an earlier run has left. */
void people_start(struct people *p);

/* Ask about the first clash, and then about the others; with review, Review is shown
 * afterwards. False: there is none. */
bool people_ask_clash(struct people *p, bool review);

/* R, F5: read the files again. */
void people_reread(struct people *p);

/* An apply wrote nothing, since a file is another one now. */
void people_changed(struct people *p);

#endif
