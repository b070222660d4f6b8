/* SPDX-License-Identifier: MIT
 *
 * A finding that belongs to a screen but to none of its rows, such as a table that isn't
 * built, or a public net that mynetworks_style lets in. Its words stand in the message
 * area while the row with the focus has none of its own, and walking through problems
 * stops at it after the rows.
 */
#ifndef PR_UI_STRAY_H
#define PR_UI_STRAY_H

#include "session/session.h"
#include "ui/app.h"

/* Kept in the screen's own struct, zero at first. */
struct stray {
	uint64_t gen;
	const struct diag *finding; /* the worst one, or NULL; of that gen */
	bool looked, at;            /* at: walking has just stopped there */
};

/* What a screen's rows show. */
struct stray_rows {
	const char *screen;
	bool (*shows)(void *self, const struct diag *d);
	void *self;
};

/* The worst marked finding of the screen that no row shows, or NULL; valid until the next
 * edit or answer. */
const struct diag *stray_find(
	struct stray *c, struct session *s, const struct stray_rows *rows);

/* Its words, where m is empty. */
void stray_message(struct ui_message *m, const struct diag *finding);

/* For problem(): found says whether a row was found. Else the walk may stop at the stray
 * finding, once. */
bool stray_stop(
	struct stray *c, struct ui_app *app, const struct diag *finding, bool found);

/* The same thing said? Rows keep copies. */
bool stray_is_same(const struct diag *a, const struct diag *b);

#endif
