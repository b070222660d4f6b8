/* SPDX-License-Identifier: MIT
 *
 * Which characters of foreign text may reach a terminal: one rule for the screens and for
 * the commands, whatever the C library says of a character.
 */
#ifndef PR_BASE_SHOWN_H
#define PR_BASE_SHOWN_H

#include <stdbool.h>
#include <wchar.h>

/* Is it a control character, or one that hides, breaks or turns what stands around it?
 * Then its bytes are shown instead. */
bool shown_is_hostile(wchar_t wc);

#endif
