/* SPDX-License-Identifier: MIT
 *
 * Moving through a form and pressing its buttons. judge and press may add and remove
 * fields, so nothing here keeps a pointer to a field over a callback.
 */
#include "ui/form_internal.h"

#include "base/i18n.h"
#include "ui/dialog.h"
#include "ui/glyph.h"

static size_t
stops(const struct ui_form *f)
{
	return f->nfield + f->nbutton;
}

static bool
is_stop(const struct ui_form *f, size_t i)
{
	return i >= f->nfield ? f->button[i - f->nfield].label != NULL
			      : form_can_focus(&f->field[i]);
}

/* Tell judge that the focused field is being left. */
static void
leave(struct ui_form *f)
{
	int id = ui_form_focus_id(f);

	if (id >= 0) {
		form_judge(f, id, true);
	}
}

/* Put the focus on the next (dir 1) or previous stop, round the ends. */
static void
move(struct ui_form *f, int dir)
{
	int id = ui_form_focus_id(f);
	size_t at = f->focus;

	leave(f);
	bool is_gone = id >= 0 && !ui_form_has(f, id);
	if (is_gone) { /* what followed it stands in its place */
		f->focus = dir > 0 && at > 0 ? at - 1 : at;
	}
	size_t n = stops(f);
	for (size_t k = 0; k < n; k++) {
		f->focus = (f->focus + (dir > 0 ? 1 : n - 1)) % n;
		if (is_stop(f, f->focus)) {
			return;
		}
	}
}

static enum ui_result
press(struct ui_form *f, size_t button)
{
	if (button >= f->nbutton) {
		return UI_HANDLED;
	}
	int id = f->button[button].id;
	leave(f);
	return !f->ops->press || f->ops->press(f->self, f, id) ? UI_DONE : UI_HANDLED;
}

static enum ui_result
press_letter(struct ui_form *f, int letter)
{
	for (size_t i = 0; i < f->nbutton; i++) {
		if (f->button[i].label && f->button[i].letter == letter) {
			return press(f, i);
		}
	}
	return UI_IGNORED;
}

/* --- Esc -----------------------------------------------------------------------------
 */

static size_t
count_filled(const struct ui_form *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->nfield; i++) {
		const struct form_field *field = &f->field[i];
		if (field->def.kind == UI_FIELD_INPUT && field->in.text.n > 0 &&
			!sv_eq(str_sv(&field->in.text), str_sv(&field->initial))) {
			n++;
		}
	}
	return n;
}

/* What Esc comes to: the harmless button where there is one. */
static enum ui_result
give_up(struct ui_form *f)
{
	enum ui_result r = press_letter(f, UI_KEY_ESC);

	if (r != UI_IGNORED) {
		return r;
	}
	if (f->ops->cancel) {
		f->ops->cancel(f->self);
	}
	return UI_DONE;
}

enum { DROP_KEEP, DROP_DROP };

/* The question stands on top of the form, so the form is the next layer to close. */
static void
on_drop(void *self, int button)
{
	struct ui_form *f = self;

	if (button != DROP_DROP) {
		return;
	}
	ui_app_pop(f->app); /* the question */
	if (give_up(f) == UI_DONE) {
		ui_app_pop(f->app);
	}
}

static enum ui_result
escape(struct ui_form *f)
{
	if (count_filled(f) < 2) {
		return give_up(f);
	}
	const struct ui_choice choices[] = {
		{DROP_KEEP, _("Keep typing"), UI_KEY_ESC, NULL},
		{DROP_DROP, _("Drop it"), 'd', NULL},
	};
	const struct ui_question q = {.title = _("Drop what you typed?"),
		.text = _("More than one field was filled in; closing this loses it."),
		.choices = choices,
		.n = 2,
		.done = on_drop,
		.self = f};
	ui_dialog_ask(f->app, &q);
	return UI_HANDLED;
}

/* --- keys ----------------------------------------------------------------------------
 */

static enum ui_result
toggle(struct ui_form *f)
{
	struct form_field *field = form_focused(f);

	if (!field) {
		return press(f, f->focus - f->nfield);
	}
	size_t n = form_choices(field);
	if (field->def.kind == UI_FIELD_TICK) {
		field->def.on = !field->def.on;
	} else if (n > 0 &&
		   field->def.kind != UI_FIELD_RADIO) { /* a RADIO: it is chosen */
		field->def.choice = (field->def.choice + 1) % n;
	} else {
		return UI_IGNORED;
	}
	form_judge(f, field->def.id, true);
	return UI_HANDLED;
}

/* Choose another one of a RADIO; false at both ends, and where nothing is to choose. */
static bool
choose(struct ui_form *f, int dir)
{
	struct form_field *field = form_focused(f);

	if (!field || field->def.kind != UI_FIELD_RADIO) {
		return false;
	}
	size_t n = form_choices(field), i = field->def.choice;
	if (dir < 0 ? i == 0 : i + 1 >= n) {
		return false;
	}
	field->def.choice = dir < 0 ? i - 1 : i + 1;
	form_judge(f, field->def.id, true);
	return true;
}

/* Up or Down: in a column of choices the next one, else another field. */
static enum ui_result
step(struct ui_form *f, int dir)
{
	const struct form_field *field = form_focused(f);

	if (!(field && (field->def.flags & UI_FIELD_ROWS) && choose(f, dir))) {
		move(f, dir);
	}
	return UI_HANDLED;
}

static enum ui_result
input_event(struct ui_form *f, const struct ui_event *ev)
{
	struct form_field *field = form_focused(f);
	enum ui_edit edit = ui_input_event(&field->in, ev);

	if (edit == UI_EDIT_NONE) {
		return UI_IGNORED;
	}
	if (edit == UI_EDIT_CUT) {
		ui_app_say(f->app, '?', _("Only the first line of the paste was taken."),
			NULL);
	}
	if (edit != UI_EDIT_MOVED) {
		form_judge(f, field->def.id, false);
	}
	return UI_HANDLED;
}

static enum ui_result
form_key(struct ui_form *f, int key)
{
	bool on_button = f->focus >= f->nfield;

	if ((f->style & UI_FORM_PAGE) && (key == UI_KEY_ENTER || key == UI_KEY_ESC)) {
		return UI_IGNORED;
	}
	switch (key) {
	case UI_KEY_TAB:
	case UI_KEY_BACKTAB:
		move(f, key == UI_KEY_TAB ? 1 : -1);
		return UI_HANDLED;
	case UI_KEY_DOWN:
	case UI_KEY_UP:
		return step(f, key == UI_KEY_DOWN ? 1 : -1);
	case UI_KEY_LEFT:
	case UI_KEY_RIGHT:
		if (on_button) {
			move(f, key == UI_KEY_RIGHT ? 1 : -1);
		} else {
			(void)choose(f, key == UI_KEY_RIGHT ? 1 : -1);
		}
		return UI_HANDLED;
	case UI_KEY_ENTER:
		return press(f, on_button ? f->focus - f->nfield : f->deflt);
	case UI_KEY_ESC:
		return escape(f);
	case ' ':
		return toggle(f);
	default:
		return press_letter(f, key);
	}
}

static bool
is_hit(int y, int x, int w, const struct ui_event *ev)
{
	return y == ev->y && ev->x >= x && ev->x < x + w;
}

/* The choice of a RADIO that lies under the event; their number: none. */
static size_t
radio_hit(const struct form_field *field, const struct ui_event *ev)
{
	int w = field->x + field->w - field->text_x - 1, row = 0, col = 0;
	size_t n = form_choices(field);

	for (size_t i = 0; i < n; i++) {
		form_radio_at(field, w, i, &row, &col);
		int cols = 4 + ui_width(sv_of(field->def.choices[i]));
		if (is_hit(field->y + row, field->text_x + col, cols, ev)) {
			return i;
		}
	}
	return n;
}

static bool
field_hit(const struct form_field *field, const struct ui_event *ev)
{
	return is_hit(field->y, field->x, field->w, ev) ||
	       (field->def.kind == UI_FIELD_RADIO && field->y >= 0 &&
		       radio_hit(field, ev) < form_choices(field));
}

static enum ui_result
click_field(struct ui_form *f, int id, const struct ui_event *ev)
{
	leave(f);
	ui_form_focus(f, id);
	struct form_field *now = form_focused(f);
	if (!now || now->def.kind == UI_FIELD_INPUT) {
		return UI_HANDLED;
	}
	if (now->def.kind != UI_FIELD_RADIO) {
		return toggle(f);
	}
	size_t i = radio_hit(now, ev);
	if (i < form_choices(now)) {
		now->def.choice = i;
		form_judge(f, id, true);
	}
	return UI_HANDLED;
}

static enum ui_result
form_mouse(struct ui_form *f, const struct ui_event *ev)
{
	if (ev->mouse == UI_MOUSE_WHEEL_UP || ev->mouse == UI_MOUSE_WHEEL_DOWN) {
		return UI_HANDLED;
	}
	for (size_t i = 0; i < f->nbutton; i++) {
		if (f->button[i].label &&
			is_hit(f->button[i].y, f->button[i].x, f->button[i].w, ev)) {
			return press(f, i);
		}
	}
	for (size_t i = f->nfield; i-- > 0;) { /* of one row the rightmost comes first */
		if (form_can_focus(&f->field[i]) && field_hit(&f->field[i], ev)) {
			return click_field(f, f->field[i].def.id, ev);
		}
	}
	return UI_HANDLED;
}

enum ui_result
form_event(void *self, const struct ui_event *ev)
{
	struct ui_form *f = self;

	if (ev->kind == UI_EV_MOUSE) {
		return form_mouse(f, ev);
	}
	const struct form_field *field = form_focused(f);
	if (f->ops->key && f->ops->key(f->self, f, field ? field->def.id : -1, ev)) {
		form_settle(f);
		return UI_HANDLED;
	}
	field = form_focused(f); /* key may have moved the focus */
	if (field && field->def.kind == UI_FIELD_INPUT) {
		enum ui_result r = input_event(f, ev);
		if (r != UI_IGNORED) {
			return r;
		}
	}
	return ev->kind == UI_EV_KEY ? form_key(f, ev->key) : UI_HANDLED;
}

enum ui_result
ui_form_event(struct ui_form *f, const struct ui_event *ev)
{
	return form_event(f, ev);
}

void
ui_form_leave(struct ui_form *f)
{
	leave(f);
}
