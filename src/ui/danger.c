/* SPDX-License-Identifier: MIT
 *
 * See the header. What to call waits in a record of its own, which the answer frees.
 */
#include "ui/danger.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/dialog.h"

enum { BACK, APPLY };

struct asking {
	void (*yes)(void *self);
	void *self;
};

bool
danger_is_all(const struct diag *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!v[i]->danger) {
			return false;
		}
	}
	return n > 0;
}

const char **
danger_codes(const struct diag *const *v, size_t n)
{
	const char **codes = mem_new(n + 1, sizeof(*codes));
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i]->danger) {
			codes[k++] = diag_code_name(v[i]->code);
		}
	}
	return codes;
}

/* Of what kind? */
static bool
is_relay(const struct diag *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i]->code != DIAG_FILE_MOUNT) {
			return true;
		}
	}
	return false;
}

const char *
danger_message(const struct diag *const *v, size_t n)
{
	return is_relay(v, n)
		       ? _("Strangers could relay: applying asks for the word yes.")
		       : _("A file must be written over: applying asks for the word "
			   "yes.");
}

static void
answered(void *self, int choice)
{
	struct asking *a = self;

	if (choice == APPLY) {
		a->yes(a->self);
	}
	free(a);
}

void
danger_ask(struct ui_app *app, const struct diag *const *v, size_t n,
	void (*yes)(void *self), void *self)
{
	const struct ui_choice choices[] = {
		{BACK, _("Back"), UI_KEY_ESC, NULL},
		{APPLY, _("Apply"), 0, NULL},
	};
	struct asking *a = mem_new(1, sizeof(*a));
	struct str text = {0};

	*a = (struct asking){yes, self};
	for (size_t i = 0; i < n; i++) {
		str_addf(&text, "%s%s", i ? "\n" : "", v[i]->text);
	}
	if (v[0]->hint) {
		str_addf(&text, "\n\n%s", v[0]->hint);
	}
	const struct ui_question q = {
		.title = is_relay(v, n) ? _("! Danger: strangers could relay")
					: _("! Danger: a file must be written over"),
		.text = str_c(&text),
		.choices = choices,
		.n = 2,
		.word = _("yes"),
		.word_label = _("Type yes to apply all the same:"),
		.done = answered,
		.self = a,
	};
	ui_dialog_ask(app, &q);
	str_free(&text);
}
