/* SPDX-License-Identifier: MIT
 *
 * The overview's picture: clients -> this relay -> upstream, as three boxes where there
 * is room, else upright.
 */
#ifndef PR_UI_PICTURE_H
#define PR_UI_PICTURE_H

#include "session/session.h"
#include "ui/draw.h"

/* The set-up draws the same picture while it grows: the number of the step that will fill
 * a box, or 0 where it is filled. */
struct ui_picture_grows {
	int clients, relay, upstream;
	const char *probe; /* last line of the upstream's box; "" none */
	bool bad;          /* the upstream doesn't do what is asked of it */
};

/* Draw it at the top of the body; returns the rows used. grows: NULL on the Overview. */
int ui_picture_draw(struct session *s, const struct ui_canvas *body,
	const struct ui_picture_grows *grows);

#endif
