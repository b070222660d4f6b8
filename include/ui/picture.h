/* SPDX-License-Identifier: MIT
 *
 * The overview's picture: clients -> this relay -> upstream, as three boxes where there
 * is room, else upright.
 */
#ifndef PR_UI_PICTURE_H
#define PR_UI_PICTURE_H

#include "session/session.h"
#include "ui/draw.h"

/* Draw it at the top of the body; returns the rows used. */
int ui_picture_draw(struct session *s, const struct ui_canvas *body);

#endif
