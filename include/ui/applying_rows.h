/* SPDX-License-Identifier: MIT
 *
 * The lines of the layer that shows an apply; only that layer includes this.
 */
#ifndef PR_UI_APPLYING_ROWS_H
#define PR_UI_APPLYING_ROWS_H

#include "session/review.h"
#include "ui/draw.h"

enum apply_kind { L_BLANK, L_STEP, L_SAID, L_HEAD, L_TEXT, L_FINDING, L_HINT, L_LABEL };

struct apply_line {
	enum apply_kind kind;
	char mark;
	char *text;        /* owned */
	int64_t ms;        /* L_STEP: -1 none */
	const char *label; /* L_LABEL: translated, or NULL */
};

struct apply_rows {
	struct apply_line *line;
	size_t n, cap;
	int width; /* of the body when it was drawn last */
};

void apply_rows_build(struct apply_rows *a, const struct ses_apply_view *v, int width);
/* Empty it; line itself is the owner's to free. */
void apply_rows_clear(struct apply_rows *a);
void apply_rows_draw(const struct apply_rows *a, size_t i, const struct ui_canvas *c);

/* Where the way back begins; nsteps: nowhere. */
size_t apply_rows_back(const struct ses_apply_view *v);

/* A time at the right end of a row. */
void apply_rows_put_ms(const struct ui_canvas *c, int64_t ms, bool whole);

/* Does it end with Postfix as ill as it was before? */
bool apply_rows_ill(const struct ses_apply_view *v);

#endif
