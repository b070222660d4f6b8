/* SPDX-License-Identifier: MIT
 *
 * The difference of two texts by lines, as people read it: lines that go, lines that
 * come, and up to three lines around them. What both texts have at their ends is passed
 * over in one run, so one changed line in 41 MB costs one reading of both. The cost of
 * the middle is bounded: where too much differs it is shown as all old lines, then all
 * new ones.
 *
 * Lines are slices of the two texts, which must live as long as the diff. Nothing here
 * can fail. Masking secrets is the caller's work: it may replace `text` of a line.
 */
#ifndef PR_APPLY_DIFF_H
#define PR_APPLY_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define DIFF_CONTEXT_MAX 3u

struct diff_line {
	char kind;      /* ' ' both, '-' only before, '+' only after, '@' a hunk begins */
	bool no_eol;    /* the text ended here without a line feed */
	struct sv text; /* without its line feed (a CR stays); empty for '@' */
	uint32_t old_line, new_line;   /* from 1; 0: not on that side. '@': where the hunk
					  begins, as in the unified form */
	uint32_t old_count, new_count; /* '@' only: lines of the hunk on each side */
};

struct diff {
	struct diff_line *v;
	size_t n, cap;
	size_t removed, added; /* lines */
};

/* Compare; out is overwritten. context is cut to DIFF_CONTEXT_MAX. Equal texts give no
 * lines. Texts of 4 GiB and more are not for this (DOC_MAX_BYTES is below). */
void diff_make(struct diff *out, struct sv before, struct sv after, unsigned context);
void diff_free(struct diff *d);

/* Append the unified form ("--- OLD", "+++ NEW", "@@ -1,2 +1,3 @@" ...) to out; nothing
 * for an empty diff. "/dev/null" is the custom for a side that doesn't exist. */
void diff_print(const struct diff *d, const char *old_name, const char *new_name,
	struct str *out);

/* Append one line of the unified form with its line feed to out. */
void diff_print_line(const struct diff_line *l, struct str *out);

#endif
