/* SPDX-License-Identifier: MIT
 *
 * The few things that term.c asks of terminfo: whether TERM is known and can place the
 * cursor, one string capability, and what the keys send. Strings belong to terminfo.
 * Only term.c has a use for it.
 */
#ifndef PR_UI_TERMKEYS_H
#define PR_UI_TERMKEYS_H

#include "ui/keys.h"

/* Load the description of $TERM; false when there is none or it cannot place a cursor. */
bool ui_termkeys_known(void);

/* A string capability by its terminfo name; NULL when the terminal has none. */
const char *ui_termkeys_string(const char *cap);

/* Teach k what the terminal's keys send. */
void ui_termkeys_learn(struct ui_keys *k);

#endif
