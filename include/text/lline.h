/* SPDX-License-Identifier: MIT
 *
 * Logical lines as Postfix's readllines(3) cuts them, the same for main.cf, aliases and
 * tables: a line that starts with white space continues the one before; empty and comment
 * lines inside a logical line belong to it and do not end it; trailing ones do not.
 * Indented text with nothing before it is an orphan (ignored by Postfix, continuation
 * lines included).
 */
#ifndef PR_TEXT_LLINE_H
#define PR_TEXT_LLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum ll_kind { LL_BLANK, LL_COMMENT, LL_ORPHAN, LL_TEXT };

struct lline {
	enum ll_kind kind;
	struct sv text; /* whole physical lines, line ends included; blank and comment
			   lines one each */
	uint32_t line;  /* first physical line, from 1 */
};

struct ll_scan {
	struct sv rest;
	uint32_t line;
};

/* What one physical line is by itself, with or without its line end; LL_ORPHAN: indented
 * text, which continues whatever stands before it. */
enum ll_kind ll_line_kind(struct sv line);

void ll_start(struct ll_scan *s, struct sv bytes);

/* The next piece; the pieces tile the bytes. False at the end. */
bool ll_next(struct ll_scan *s, struct lline *out);

/* The logical text of a LL_TEXT piece as Postfix sees it: inner comment and blank lines
 * skipped, line ends removed, leading blanks of continuation lines kept, cut at a NUL,
 * trailing white space (CR included) trimmed. Appended to out. */
void ll_logical(struct sv text, struct str *out);

#endif
