/* SPDX-License-Identifier: MIT
 *
 * Consent to what lets strangers relay, or can be seen half done: a dialog that wants the
 * word "yes", because Enter alone is pressed too easily.
 */
#ifndef PR_UI_DANGER_H
#define PR_UI_DANGER_H

#include "base/diag.h"
#include "ui/app.h"

/* Is there any finding, and is each a danger? Others must be mended, not consented to. */
bool danger_is_all(const struct diag *const *v, size_t n);

/* The codes of the dangers, NULL at their end, as an apply wants them; the caller frees
 * the array. */
const char **danger_codes(const struct diag *const *v, size_t n);

/* That it will be asked for, in one sentence. */
const char *danger_message(const struct diag *const *v, size_t n);

/* Ask for the word; yes is called (before the dialog is closed) when it was typed and
 * applying chosen. The findings are copied; self is borrowed and must outlive the dialog.
 */
void danger_ask(struct ui_app *app, const struct diag *const *v, size_t n,
	void (*yes)(void *self), void *self);

#endif
