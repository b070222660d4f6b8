/* SPDX-License-Identifier: MIT
 *
 * Between the two halves of Review, for src/ui/ only: what it shows, and what keys do.
 */
#ifndef PR_UI_REVIEW_SCREEN_H
#define PR_UI_REVIEW_SCREEN_H

#include "session/review.h"
#include "ui/buttons.h"
#include "ui/list.h"

enum vkind {
	V_DIFF,
	V_CHANGED,
	V_OTHER,
	V_THEN,
	V_START,
	V_ACTION,
	V_PROBE,
	V_HOLDS,
	V_HOLD,
	V_STAYS,
	V_STAY,
	V_MORE
};

enum { B_APPLY, B_BACK, B_KEEP };

/* A row, by number into what ses_review tells. */
struct vrow {
	enum vkind kind;
	size_t i;
};

struct review {
	struct ui_app *app;
	struct session *s;
	struct ses_review r;        /* of this frame or event */
	const struct diags *others; /* the same; NULL: none */
	struct vrow *row; /* rows of the diff that aren't folded away, then the rest */
	size_t n, cap, ndiff;
	size_t room;   /* rows between heading and buttons, when last drawn */
	bool one_list; /* the list goes over all rows */
	bool on_lines; /* the rows have the focus, else the buttons */
	bool *folded;  /* by number of the file */
	size_t nfolded;
	struct ui_list list;
	struct buttons buttons;
	bool go; /* start applying as soon as no dialog is open */
};

/* Ask the session anew and make the rows. */
void review_refresh(struct review *v);
/* The number of the file whose lines row i belongs to. */
size_t review_file_of(const struct review *v, size_t i);
void review_draw(void *self, const struct ui_canvas *body);
extern const struct ui_list_ops review_rows;

#endif
