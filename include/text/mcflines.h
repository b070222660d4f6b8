/* SPDX-License-Identifier: MIT
 *
 * The layout of one main.cf definition, for mcfedit only: a value on several lines gets
 * another value with as few lines touched as possible, and a definition is written as a
 * comment. Pure functions over the bytes of an entry.
 */
#ifndef PR_TEXT_MCFLINES_H
#define PR_TEXT_MCFLINES_H

#include "base/str.h"

/* The definition text, whose value begins at off, with another value; lines whose fields
 * stay are kept with their comments, the others are written in the style of the old ones.
 * Appended to out. The caller reads the result back to be sure. */
void mcf_write_lines(struct sv text, size_t off, struct sv value, struct str *out);

/* Each line of text with '#' before it, so that mcf_bring_back() finds all of them. */
void mcf_write_off(struct sv text, struct str *out);

#endif
