/* SPDX-License-Identifier: MIT
 *
 * How an alias is laid out, and writing it in that layout: what stands behind the colon,
 * between targets, before a continued line. Texts here are whole lines of an alias that
 * is on. Used by the aliases module only.
 */
#ifndef PR_TEXT_ALSTYLE_H
#define PR_TEXT_ALSTYLE_H

#include "text/alentry.h"

#define AL_WIDTH 78 /* longer lists go on in the next line */

struct al_style {
	struct str sep;   /* behind the colon */
	struct str joint; /* between targets of one line */
	struct str brk;   /* between targets where a new line starts, with its indent */
	bool per_line;    /* each target has a line of its own */
	size_t column;    /* where values start, from 0 */
	const char *eol;
};

/* The layout of the alias text; eol is for texts of one line without line end. */
void al_style_read(struct sv text, const char *eol, struct al_style *st);
void al_style_free(struct al_style *st);

/* Append a new text: name as written, targets in layout st (padded to its column). */
void al_style_write(const struct al_style *st, struct sv name,
	const struct al_targets *targets, struct str *out);

/* Append text with its targets exchanged for those given; only what differs is touched.
 */
void al_style_exchange(struct sv text, const struct al_style *st,
	const struct al_targets *targets, struct str *out);

#endif
