/* SPDX-License-Identifier: MIT
 *
 * What the terminal can show: the attributes of the eight roles (colours on the
 * terminal's own background; bold and reverse where there are none, or NO_COLOR is set),
 * and whether line art may be used. Only term.c has a use for it.
 */
#ifndef PR_UI_TERMLOOK_H
#define PR_UI_TERMLOOK_H

#include "ui/draw.h"

/* Fill p for the terminal that ncurses has open. ascii: no line art in any case. */
void ui_termlook_set(struct ui_paint *p, bool ascii);

#endif
