/* SPDX-License-Identifier: MIT
 *
 * Passwords that stand in main.cf show in no list of changes, diff or JSON. Which values
 * may be one the catalogue says (cat_is_secret). For src/session/ and the commands.
 */
#ifndef PR_SESSION_SECRET_H
#define PR_SESSION_SECRET_H

#include "apply/diff.h"
#include "base/arena.h"

/* The value of a parameter for people: **** in place of a secret. NULL stays NULL. */
const char *secret_value(const char *name, const char *value);
/* Replaces the text of lines that go on with the value of a secret; before and after are
 * the two texts that were compared. Lines that begin a value are the caller's. */
void secret_mask_diff(struct diff *d, struct sv before, struct sv after);

/* The lines of a password table's row, or of a comment in it, for people, kept in a: the
 * host and the user stay, **** stands for the rest. */
const char *secret_row(struct arena *a, struct sv lines);
/* The same for every line of a diff of such a table. */
void secret_mask_table(struct diff *d, struct arena *a);

#endif
