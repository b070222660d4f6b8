/* SPDX-License-Identifier: MIT
 *
 * A field for each question of a step. Its id is the question and which of its items: 0
 * is the question itself, or for ticks the field in which one more is typed.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/glyph.h"
#include "ui/setup_screen.h"

enum { INDENT = 3, NARROW = 26, WIDE = 34, MX_COLUMN = 46, ROW_COLS = 64 };

int
setup_id(enum ses_setup_ask ask, size_t item)
{
	return ((int)ask + 1) * SETUP_ID_STEP + (int)item;
}

const struct ses_setup_question *
setup_question(const struct ses_setup_view *v, enum ses_setup_ask ask)
{
	for (size_t i = 0; i < v->n; i++) {
		if (v->q[i].ask == ask) {
			return &v->q[i];
		}
	}
	return NULL;
}

/* The question of a field, and which of its items. */
const struct ses_setup_question *
setup_question_of(const struct ses_setup_view *v, int id, size_t *item)
{
	if (id < SETUP_ID_STEP) {
		return NULL;
	}
	*item = (size_t)(id % SETUP_ID_STEP);
	return setup_question(v, (enum ses_setup_ask)(id / SETUP_ID_STEP - 1));
}

size_t
setup_items(const struct ses_setup_question *q)
{
	return q->nitems < SETUP_ID_STEP - 2 ? q->nitems : SETUP_ID_STEP - 2;
}

/* --- fields --------------------------------------------------------------------------
 */

/* "kept", where there is anything, or in place of what it stands there. Which rows of a
 * list are proposed is seen by their ticks. */
char *
setup_from(const struct ses_setup_question *q)
{
	bool list = q->kind == SES_Q_TICKS;

	if (q->ask == SES_ANS_ALIASES && q->more > 0) {
		return str_format(
			P_("beside %zu other, kept", "beside %zu others, kept", q->more),
			q->more);
	}
	switch (q->from) {
	case SES_Q_KEPT:
		return mem_strdup(q->value[0] || q->nitems > 0 ? _("kept") : "");
	case SES_Q_PROPOSED:
		return list                  ? mem_strdup("")
		       : q->now && q->now[0] ? str_format(_("proposed (now: %s)"), q->now)
					     : mem_strdup(_("proposed"));
	case SES_Q_ANSWERED:
		break;
	}
	return mem_strdup("");
}

void
setup_free_words(struct setup_screen *u, enum ses_setup_ask ask)
{
	char **word = u->choice[ask];

	for (size_t i = 0; word && word[i]; i++) {
		free(word[i]);
	}
	free(word);
	u->choice[ask] = NULL;
}

/* The words of a choice as the form borrows them; how many columns they take in a row. */
static int
keep_words(struct setup_screen *u, const struct ses_setup_question *q)
{
	int w = 0;

	setup_free_words(u, q->ask);
	u->choice[q->ask] = mem_new(q->nchoices + 1, sizeof(char *));
	for (size_t i = 0; i < q->nchoices; i++) {
		u->choice[q->ask][i] = mem_strdup(q->choices[i].words);
		w += 6 + ui_width(sv_of(q->choices[i].words));
	}
	return w;
}

static void
add_choice(struct setup_screen *u, const struct ses_setup_question *q)
{
	bool rows = keep_words(u, q) > ROW_COLS;

	ui_form_add(u->form,
		&(struct ui_field){.id = setup_id(q->ask, 0),
			.kind = UI_FIELD_RADIO,
			.flags = rows ? UI_FIELD_ROWS : 0,
			.label = q->label,
			.indent = INDENT,
			.choices = (const char *const *)u->choice[q->ask],
			.choice = q->choice},
		-1);
}

static void
add_text(struct setup_screen *u, const struct ses_setup_question *q)
{
	bool secret = q->kind == SES_Q_SECRET;
	bool narrow = secret || q->ask == SES_ANS_RELAYHOST || q->ask == SES_ANS_USER;
	bool stored = secret && strcmp(q->value, "yes") == 0;

	ui_form_add(u->form,
		&(struct ui_field){.id = setup_id(q->ask, 0),
			.kind = UI_FIELD_INPUT,
			.flags = (secret ? UI_FIELD_PASSWORD : 0U) |
				 (stored ? UI_FIELD_STORED : 0U),
			.label = q->label,
			.text = secret ? NULL : q->value,
			.width = narrow ? NARROW : WIDE,
			.indent = INDENT},
		-1);
}

static void
add_yes_no(struct setup_screen *u, const struct ses_setup_question *q)
{
	ui_form_add(u->form,
		&(struct ui_field){.id = setup_id(q->ask, 0),
			.kind = UI_FIELD_TICK,
			.flags = q->ask == SES_ANS_MX ? UI_FIELD_SAME_ROW : 0,
			.label = q->label,
			.indent = q->ask == SES_ANS_MX ? MX_COLUMN : INDENT,
			.on = strcmp(q->value, "yes") == 0},
		-1);
}

/* One that can't be ticked only stands there, unless it can be taken away again. */
static void
add_item(struct setup_screen *u, const struct ses_setup_question *q, size_t i)
{
	const struct ses_setup_item *it = &q->items[i];
	bool ticks = it->can_tick || it->is_new;
	char *text = str_format("%s  %s", it->text, it->note);

	ui_form_add(u->form,
		&(struct ui_field){.id = setup_id(q->ask, i + 1),
			.kind = ticks ? UI_FIELD_TICK : UI_FIELD_TEXT,
			.label = ticks ? it->text : NULL,
			.text = ticks ? it->note : text,
			.indent = ticks ? INDENT : INDENT + 4,
			.on = it->can_tick ? it->on : it->is_new},
		-1);
	ui_form_set_mark(u->form, setup_id(q->ask, i + 1), it->mark);
	free(text);
}

static void
add_ticks(struct setup_screen *u, const struct ses_setup_question *q)
{
	bool alias = q->ask == SES_ANS_ALIASES;
	const char *pending = u->pending[q->ask];

	for (size_t i = 0; i < setup_items(q); i++) {
		add_item(u, q, i);
	}
	if (q->more > 0 && !alias) {
		char *text = str_format(
			P_("and %zu more, kept", "and %zu more, kept", q->more), q->more);
		ui_form_add(u->form,
			&(struct ui_field){.kind = UI_FIELD_TEXT,
				.text = text,
				.indent = INDENT + 4},
			-1);
		free(text);
	}
	if (!q->can_add) {
		return;
	}
	if (q->nitems > 0 || (q->more > 0 && !alias)) {
		ui_form_add(u->form, &(struct ui_field){.kind = UI_FIELD_BLANK}, -1);
	}
	ui_form_add(u->form,
		&(struct ui_field){.id = setup_id(q->ask, 0),
			.kind = UI_FIELD_INPUT,
			.flags = alias ? 0 : UI_FIELD_LIST,
			.label = alias ? _("Another alias") : _("Another"),
			.text = pending ? pending : "",
			.width = alias ? WIDE : NARROW,
			.indent = INDENT},
		-1);
}

static void
add_question(struct setup_screen *u, const struct ses_setup_question *q)
{
	switch (q->kind) {
	case SES_Q_CHOICE:
		add_choice(u, q);
		break;
	case SES_Q_TEXT:
	case SES_Q_SECRET:
		add_text(u, q);
		break;
	case SES_Q_YESNO:
		add_yes_no(u, q);
		break;
	case SES_Q_TICKS:
		add_ticks(u, q);
		break;
	}
}

/* What the fields are made of: all but the values that they hold. */
void
setup_shape(const struct ses_setup_view *v, struct str *out)
{
	str_clear(out);
	for (size_t i = 0; i < v->n; i++) {
		const struct ses_setup_question *q = &v->q[i];
		str_addf(out, "%d %zu\n", (int)q->ask, q->more);
		for (size_t k = 0; k < setup_items(q); k++) {
			str_addf(out, "%s\n%s\n%d\n", q->items[k].text, q->items[k].note,
				q->items[k].can_tick);
		}
		for (size_t k = 0; k < q->nchoices; k++) {
			str_addf(out, "%s\n", q->choices[k].words);
		}
	}
}

void
setup_make_fields(struct setup_screen *u, const struct ses_setup_view *v)
{
	int focus = ui_form_focus_id(u->form);
	char *refused = sv_dup(ui_form_text(u->form, u->refused));
	const struct ses_setup_question *last = setup_question(v, SES_ANS_POSTMASTER);

	ui_form_clear(u->form);
	for (size_t i = 0; i < v->n; i++) {
		if (v->q[i].ask != SES_ANS_POSTMASTER) {
			add_question(u, &v->q[i]);
		}
	}
	if (last) { /* seldom another one: it stands behind what is typed here */
		add_question(u, last);
	}
	if (u->refused) {
		ui_form_load_text(u->form, u->refused, sv_of(refused));
	}
	explicit_bzero(refused, strlen(refused));
	free(refused);
	ui_form_focus(u->form, focus);
	if (ui_form_focus_id(u->form) < 0 &&
		focus >= SETUP_ID_STEP) { /* an item that went */
		ui_form_focus(u->form, focus / SETUP_ID_STEP * SETUP_ID_STEP);
	}
	for (size_t i = 0; ui_form_focus_id(u->form) < 0 && i < ui_form_count(u->form);
		i++) {
		ui_form_focus(u->form, ui_form_id_at(u->form, i));
	}
}
