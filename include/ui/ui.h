/* SPDX-License-Identifier: MIT
 *
 * The full screen as main.c sees it: one call that returns when the person quits.
 */
#ifndef PR_UI_UI_H
#define PR_UI_UI_H

#include <stdbool.h>

#include "base/diag.h"

struct session;

struct ui_opts {
	const char *screen; /* "overview", "networks", ...; NULL: overview */
	bool ascii;         /* --ascii or the settings: no line art */
	bool no_colour;     /* NO_COLOR or the settings */
	/* What was wrong with the settings, to be told in the message area; may be NULL.
	 */
	const struct diags *said;
};

/* Run the full screen over s. Returns the exit status; where no full screen can be had,
 * why was said on stderr and it is 2. */
int ui_main(struct session *s, const struct ui_opts *o);

#endif
