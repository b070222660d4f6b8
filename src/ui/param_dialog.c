/* SPDX-License-Identifier: MIT
 *
 * The choices are copied from the catalogue's one string, and live as long as the form.
 */
#include "ui/param_dialog.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/form.h"
#include "ui/scrkit.h"

enum { F_HELP = 1, F_VALUE, B_SET = 1, B_CANCEL, CHOICES_MOST = 24 };

struct dialog {
	struct ui_app *app;
	struct session *s;
	char *name;
	char *word[CHOICES_MOST + 1]; /* NULL-ended */
	size_t n, was;
};

static void
close_dialog(void *self)
{
	struct dialog *g = self;

	for (size_t i = 0; i < g->n; i++) {
		free(g->word[i]);
	}
	free(g->name);
	free(g);
}

static bool
press(void *self, struct ui_form *f, int button)
{
	struct dialog *g = self;
	size_t i = ui_form_choice(f, F_VALUE);
	struct diags d = {0};

	if (button == B_SET && i != g->was) {
		(void)ses_param_set(g->s, g->name, g->word[i], &d);
	}
	scr_say(g->app, &d);
	return true;
}

static void
keys(void *self, struct ui_keybar *bar)
{
	(void)self;
	ui_keybar_add(bar, _("Space"), _("next choice"));
	ui_keybar_add(bar, "Enter", _("set"));
	ui_keybar_add(bar, "Esc", _("cancel"));
}

/* Take the choices apart; false when the value isn't one of them. */
static bool
fill(struct dialog *g, const struct cat_def *def, const char *value)
{
	struct sv rest = sv_of(def->type == CAT_BOOL ? "yes no" : def->choices), word;
	bool found = false;

	while (g->n < CHOICES_MOST && sv_token(&rest, " ", &word)) {
		if (sv_eq_str(word, value)) {
			g->was = g->n;
			found = true;
		}
		g->word[g->n++] = sv_dup(word);
	}
	return found;
}

bool
param_dialog_push(struct ui_app *app, struct session *s, const struct cat_def *def,
	const char *value)
{
	static const struct ui_form_ops ops = {
		.press = press, .close = close_dialog, .keys = keys};
	bool few = def && !(def->flags & CAT_LIST) &&
		   (def->type == CAT_BOOL || (def->type == CAT_ENUM && def->choices));

	if (!few) {
		return false;
	}
	struct dialog *g = mem_new(1, sizeof(*g));
	g->app = app;
	g->s = s;
	g->name = mem_strdup(def->name);
	if (!fill(g, def, value)) {
		close_dialog(g);
		return false;
	}
	struct ui_form *f = ui_form_new(&ops, g, def->name, 0, UI_FORM_AT_FOCUS);
	ui_form_add(f,
		&(struct ui_field){
			.id = F_HELP, .kind = UI_FIELD_TEXT, .text = _(def->help)},
		-1);
	ui_form_add(f, &(struct ui_field){.kind = UI_FIELD_BLANK}, -1);
	ui_form_add(f,
		&(struct ui_field){.id = F_VALUE,
			.kind = UI_FIELD_CHOICE,
			.label = _("Value"),
			.choices = (const char *const *)g->word,
			.choice = g->was},
		-1);
	ui_form_button(f, B_SET, _("Set"), 0, NULL);
	ui_form_button(f, B_CANCEL, _("Cancel"), UI_KEY_ESC, NULL);
	ui_form_open(f, app);
	return true;
}
