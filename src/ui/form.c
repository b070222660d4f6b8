/* SPDX-License-Identifier: MIT
 *
 * Fields, buttons and words of a form. Marks are shown as they are set; notes, static
 * texts and words have a waiting and a shown form, so that typing sends one cell and not
 * a sentence a key.
 */
#include "ui/form.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/form_internal.h"

enum { PAUSE_MS = 250 };

size_t
form_index(const struct ui_form *f, int id)
{
	size_t i = 0;

	while (i < f->nfield && f->field[i].def.id != id) {
		i++;
	}
	return i;
}

static struct form_field *
find(const struct ui_form *f, int id)
{
	size_t i = form_index(f, id);

	return i < f->nfield ? &f->field[i] : NULL;
}

struct form_field *
form_focused(const struct ui_form *f)
{
	return f->focus < f->nfield ? &f->field[f->focus] : NULL;
}

bool
form_can_focus(const struct form_field *field)
{
	return field->def.kind == UI_FIELD_INPUT || field->def.kind == UI_FIELD_TICK ||
	       field->def.kind == UI_FIELD_CHOICE || field->def.kind == UI_FIELD_RADIO;
}

size_t
form_choices(const struct form_field *field)
{
	size_t n = 0;

	while (field->def.choices && field->def.choices[n]) {
		n++;
	}
	return n;
}

/* --- making --------------------------------------------------------------------------
 */

struct ui_form *
ui_form_new(const struct ui_form_ops *ops, void *take_self, const char *title, int width,
	unsigned style)
{
	struct ui_form *f = mem_new(1, sizeof(*f));

	f->ops = ops;
	f->self = take_self;
	f->title = mem_strdup(title);
	f->width = width;
	f->style = style;
	return f;
}

static void
field_free(struct form_field *field)
{
	union {
		const char *c;
		char *p;
	} label = {field->def.label}, text = {field->def.text}; /* our own copies */

	free(label.p);
	free(text.p);
	ui_input_free(&field->in);
	if (field->initial.p) {
		explicit_bzero(field->initial.p, field->initial.cap);
	}
	str_free(&field->initial);
	str_free(&field->note);
	str_free(&field->note_shown);
	str_free(&field->text_shown);
}

static void
str_set(struct str *s, struct sv text)
{
	struct str copy = {0};

	str_add_sv(&copy, text);
	str_free(s);
	*s = copy;
}

static unsigned
input_flags(unsigned flags)
{
	return (flags & UI_FIELD_LIST ? (unsigned)UI_INPUT_LIST : 0) |
	       (flags & UI_FIELD_PASSWORD ? (unsigned)UI_INPUT_PASSWORD : 0) |
	       (flags & UI_FIELD_STORED ? (unsigned)UI_INPUT_STORED : 0);
}

void
ui_form_add(struct ui_form *f, const struct ui_field *def, int before)
{
	size_t at = before < 0 ? f->nfield : form_index(f, before);
	struct form_field field = {.def = *def, .y = -1};

	field.def.label = mem_strdup(def->label);
	field.def.text = mem_strdup(def->text);
	ui_input_init(&field.in, input_flags(def->flags));
	if (def->kind == UI_FIELD_INPUT && def->text) {
		ui_input_set(&field.in, sv_of(def->text));
		str_set(&field.initial, sv_of(def->text));
	}
	str_set(&field.text_shown, sv_of(def->text));
	f->field = mem_grow(f->field, &f->capfield, f->nfield + 1, sizeof(*f->field));
	memmove(&f->field[at + 1], &f->field[at], (f->nfield - at) * sizeof(*f->field));
	f->field[at] = field;
	f->nfield++;
	if (f->app && f->focus >= at) {
		f->focus++;
	}
}

void
ui_form_remove(struct ui_form *f, int id)
{
	size_t at = form_index(f, id);

	if (at == f->nfield) {
		return;
	}
	field_free(&f->field[at]);
	f->nfield--;
	memmove(&f->field[at], &f->field[at + 1], (f->nfield - at) * sizeof(*f->field));
	if (f->focus > at) {
		f->focus--;
	}
	while (f->focus < f->nfield && !form_can_focus(&f->field[f->focus])) {
		f->focus++;
	}
}

void
ui_form_clear(struct ui_form *f)
{
	while (f->nfield > 0) {
		field_free(&f->field[--f->nfield]);
	}
	f->focus = f->nfield;
}

bool
ui_form_has(const struct ui_form *f, int id)
{
	return form_index(f, id) < f->nfield;
}

size_t
ui_form_count(const struct ui_form *f)
{
	return f->nfield;
}

int
ui_form_id_at(const struct ui_form *f, size_t i)
{
	return i < f->nfield ? f->field[i].def.id : -1;
}

static size_t
button_index(const struct ui_form *f, int id)
{
	size_t i = 0;

	while (i < f->nbutton && f->button[i].id != id) {
		i++;
	}
	return i;
}

void
ui_form_button(struct ui_form *f, int id, const char *label, int letter, const char *note)
{
	size_t i = button_index(f, id);

	if (i == f->nbutton) {
		f->button = mem_grow(f->button, &f->capbutton, i + 1, sizeof(*f->button));
		f->button[i] = (struct form_button){.id = id};
		f->nbutton++;
	}
	struct form_button *b = &f->button[i];
	char *own_label = mem_strdup(label), *own_note = mem_strdup(note);
	free(b->label);
	free(b->note);
	b->label = own_label;
	b->note = own_note;
	b->letter = letter;
}

void
ui_form_default(struct ui_form *f, int id)
{
	size_t i = button_index(f, id);

	f->deflt = i < f->nbutton ? i : f->deflt;
}

/* --- reading and setting -------------------------------------------------------------
 */

struct ui_app *
ui_form_app(struct ui_form *f)
{
	return f->app;
}

struct sv
ui_form_text(const struct ui_form *f, int id)
{
	const struct form_field *field = find(f, id);

	if (!field) {
		return sv_of("");
	}
	return field->def.kind == UI_FIELD_INPUT ? ui_input_text(&field->in)
						 : sv_of(field->def.text);
}

bool
ui_form_on(const struct ui_form *f, int id)
{
	const struct form_field *field = find(f, id);

	return field && field->def.on;
}

size_t
ui_form_choice(const struct ui_form *f, int id)
{
	const struct form_field *field = find(f, id);

	return field ? field->def.choice : 0;
}

int
ui_form_focus_id(const struct ui_form *f)
{
	const struct form_field *field = form_focused(f);

	return field ? field->def.id : -1;
}

void
ui_form_set_text(struct ui_form *f, int id, struct sv text)
{
	struct form_field *field = find(f, id);

	if (field && field->def.kind == UI_FIELD_INPUT) {
		ui_input_set(&field->in, text);
	} else if (field) {
		union {
			const char *c;
			char *p;
		} old = {field->def.text};
		field->def.text = sv_dup(text);
		free(old.p);
	}
}

void
ui_form_load_text(struct ui_form *f, int id, struct sv text)
{
	struct form_field *field = find(f, id);

	ui_form_set_text(f, id, text);
	if (field) {
		str_set(&field->initial, text);
	}
}

void
ui_form_paste(struct ui_form *f, int id, struct sv text)
{
	struct form_field *field = find(f, id);

	if (field && field->def.kind == UI_FIELD_INPUT) {
		(void)ui_input_event(&field->in,
			&(struct ui_event){.kind = UI_EV_PASTE, .paste = text});
	}
}

void
ui_form_set_on(struct ui_form *f, int id, bool on)
{
	struct form_field *field = find(f, id);

	if (field) {
		field->def.on = on;
	}
}

void
ui_form_set_choice(struct ui_form *f, int id, size_t choice)
{
	struct form_field *field = find(f, id);

	if (field) {
		field->def.choice = choice;
	}
}

void
ui_form_set_mark(struct ui_form *f, int id, char mark)
{
	struct form_field *field = find(f, id);

	if (field) {
		field->mark = field->in.mark = mark;
	}
}

void
ui_form_set_note(struct ui_form *f, int id, const char *note)
{
	struct form_field *field = find(f, id);

	if (field) {
		str_set(&field->note, sv_of(note));
	}
}

void
ui_form_words(struct ui_form *f, char mark, const char *first, const char *second)
{
	ui_message_set(&f->words, mark, first, second);
}

void
ui_form_focus(struct ui_form *f, int id)
{
	size_t i = form_index(f, id);

	if (i < f->nfield && form_can_focus(&f->field[i])) {
		f->focus = i;
	}
}

void
ui_form_hold(struct ui_form *f, int id, const char *first, const char *second)
{
	ui_form_focus(f, id);
	ui_form_words(f, '!', first, second);
	form_settle(f);
}

/* --- judging -------------------------------------------------------------------------
 */

void
form_settle(struct ui_form *f)
{
	f->settle_ms = 0;
	ui_message_set(&f->words_shown, f->words.mark, str_c(&f->words.line[0]),
		str_c(&f->words.line[1]));
	for (size_t i = 0; i < f->nfield; i++) {
		struct form_field *field = &f->field[i];
		str_set(&field->note_shown, str_sv(&field->note));
		str_set(&field->text_shown, sv_of(field->def.text));
	}
	for (size_t i = 0; i < f->nbutton; i++) {
		free(f->button[i].shown);
		f->button[i].shown = mem_strdup(f->button[i].label);
	}
	f->deflt_shown = f->deflt;
}

void
ui_form_settle(struct ui_form *f)
{
	form_settle(f);
}

void
form_judge(struct ui_form *f, int id, bool left)
{
	if (f->ops->judge) {
		f->ops->judge(f->self, f, id, left);
	}
	if (left) {
		form_settle(f);
	} else {
		f->settle_ms = ui_term_now() + PAUSE_MS;
	}
}

/* --- as a layer ----------------------------------------------------------------------
 */

void
ui_form_destroy(struct ui_form *f)
{
	if (!f) {
		return;
	}
	if (f->ops->close) {
		f->ops->close(f->self);
	}
	for (size_t i = 0; i < f->nfield; i++) {
		field_free(&f->field[i]);
	}
	for (size_t i = 0; i < f->nbutton; i++) {
		free(f->button[i].label);
		free(f->button[i].note);
		free(f->button[i].shown);
	}
	ui_message_free(&f->words);
	ui_message_free(&f->words_shown);
	free(f->field);
	free(f->button);
	free(f->title);
	free(f);
}

static void
form_close(void *self)
{
	ui_form_destroy(self);
}

static bool
form_typing(void *self)
{
	const struct form_field *field = form_focused(self);

	return field && field->def.kind == UI_FIELD_INPUT;
}

int64_t
ui_form_deadline(const struct ui_form *f)
{
	return f->settle_ms;
}

void
ui_form_tick(struct ui_form *f, int64_t now)
{
	if (f->settle_ms && now >= f->settle_ms) {
		form_settle(f);
	}
}

static int64_t
form_deadline(void *self)
{
	return ui_form_deadline(self);
}

static void
form_tick(void *self, int64_t now)
{
	ui_form_tick(self, now);
}

static void
form_keys(void *self, struct ui_keybar *bar)
{
	struct ui_form *f = self;
	size_t at = f->focus < f->nfield ? f->deflt_shown : f->focus - f->nfield;

	bar->help_key = "F1 Ctrl-G";
	if (f->ops->keys) {
		f->ops->keys(f->self, bar);
		return;
	}
	if (at < f->nbutton) {
		ui_keybar_add(bar, "Enter", f->button[at].shown);
	}
	if (f->nfield == 0 || !form_typing(self)) {
		ui_keybar_add(
			bar, f->style & UI_FORM_COLUMN ? "Up/Down" : "Tab", _("next"));
	} else {
		ui_keybar_add(bar, "Tab", _("next field"));
	}
	ui_keybar_add(bar, "Esc", _("cancel"));
	if (form_typing(self)) {
		ui_keybar_add(bar, "Ctrl-U", _("clear"));
	}
}

static const struct ui_ops form_ops = {
	.close = form_close,
	.draw = form_draw,
	.event = form_event,
	.keys = form_keys,
	.typing = form_typing,
	.deadline = form_deadline,
	.tick = form_tick,
};

void
ui_form_begin(struct ui_form *f, struct ui_app *app)
{
	f->app = app;
	f->focus = 0;
	while (f->focus < f->nfield && !form_can_focus(&f->field[f->focus])) {
		f->focus++;
	}
	if (f->focus == f->nfield) {
		f->focus += f->deflt;
	}
	if (f->ops->judge) {
		f->ops->judge(f->self, f, -1, false);
	}
	form_settle(f);
}

void
ui_form_open(struct ui_form *f, struct ui_app *app)
{
	ui_app_push(app, &form_ops, f, true);
	ui_form_begin(f, app);
}

void
ui_form_message(const struct ui_form *f, struct ui_message *out)
{
	const struct ui_message *m = &f->words_shown;

	if (m->line[0].n > 0) {
		ui_message_set(out, m->mark, m->line[0].p, str_c(&m->line[1]));
	}
}
