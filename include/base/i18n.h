/* SPDX-License-Identifier: MIT
 *
 * Translation. _() at use, N_() in tables, P_() where a number decides. Whole sentences
 * only: a sentence is never put together from pieces. Files, logs and commands are never
 * translated.
 */
#ifndef PR_BASE_I18N_H
#define PR_BASE_I18N_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) text
#define P_(one, many, n) ngettext(one, many, n)

#endif
