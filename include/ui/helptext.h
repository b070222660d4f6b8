/* SPDX-License-Identifier: MIT
 *
 * Why a finding matters, in a sentence or two, by its code; and what a step of the set-up
 * is about: for the help.
 */
#ifndef PR_UI_HELPTEXT_H
#define PR_UI_HELPTEXT_H

#include "base/diag.h"
#include "session/setup.h"

/* Translated; NULL when its text says all. */
const char *ui_help_code(enum diag_code code);

/* Translated. */
const char *ui_help_setup(enum ses_setup_step step);

#endif
