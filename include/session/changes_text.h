/* SPDX-License-Identifier: MIT
 *
 * The words of changes, for src/session/ only.
 */
#ifndef PR_SESSION_CHANGES_TEXT_H
#define PR_SESSION_CHANGES_TEXT_H

#include "base/arena.h"

/* The screen where a parameter is edited: "networks", "params", ... */
const char *change_screen(const char *param);

/* "mail.a -> [mail.a]:587", "+192.168.2.1 -10.0.0.0/8"; before and after may be NULL
 * (not both). The text lives in a or is constant. */
const char *change_param_text(
	struct arena *a, const char *name, const char *before, const char *after);

#endif
