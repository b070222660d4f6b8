/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a row of signs that may be shown. A sign is one character of the locale
 * with its combining marks, 1 or 2 columns wide by wcwidth; or, where the bytes are no
 * text (not of the locale, control characters, zero-width and direction controls), one
 * byte, shown as \xNN in 4 columns. So no foreign byte reaches the terminal as it is.
 */
#ifndef PR_UI_GLYPH_H
#define PR_UI_GLYPH_H

#include <wchar.h>

#include "base/str.h"

enum { UI_GLYPH_WIDE = 5 };

struct ui_glyph {
	const char *p; /* its bytes in the text */
	size_t n;
	int w;                         /* columns: 1, 2, or 4 when escaped */
	wchar_t wc[UI_GLYPH_WIDE + 1]; /* what is shown, NUL-terminated */
	bool escaped;
};

/* Take the next sign off *rest; false at the end. */
bool ui_glyph_next(struct sv *rest, struct ui_glyph *out);

/* Where the sign before byte offset at begins (0 at the start). */
size_t ui_glyph_before(struct sv text, size_t at);

/* Columns that text takes. */
int ui_width(struct sv text);

/* How many bytes of text fit into w columns, and in *used the columns they take. */
size_t ui_fit(struct sv text, int w, int *used);

/* Break text into rows of at most w columns: at blanks, between CJK signs (but no row
 * begins with a closing sign or ends with an opening one), at line feeds, else anywhere.
 * Fills at most max slices of text; returns how many rows there are. */
size_t ui_wrap(struct sv text, int w, struct sv *rows, size_t max);

#endif
