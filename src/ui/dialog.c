/* SPDX-License-Identifier: MIT
 *
 * Questions are forms without judgement; only the word that danger asks for is a field.
 */
#include "ui/dialog.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/form.h"
#include "ui/glyph.h"

enum { ID_TEXT = 1, ID_BLANK, ID_WORD, ID_LINE = 100 };

struct ask {
	void (*done)(void *self, int choice);
	void *self;
	char *word;
	int harmless; /* id of the choice that needs no word */
	int danger;   /* id of the choice that Enter makes with it */
};

static void
ask_close(void *self)
{
	struct ask *a = self;

	free(a->word);
	free(a);
}

static bool
ask_press(void *self, struct ui_form *f, int button)
{
	struct ask *a = self;

	if (a->word && button != a->harmless &&
		!sv_eq_str(sv_trim(ui_form_text(f, ID_WORD)), a->word)) {
		char *text = str_format(_("Type the word %s first; Esc goes back and "
					  "changes nothing."),
			a->word);
		ui_form_focus(f, ID_WORD);
		ui_app_say(ui_form_app(f), '!', text, NULL);
		free(text);
		return false;
	}
	if (a->done) {
		a->done(a->self, button);
	}
	return true;
}

/* With the word typed, Enter is the dangerous button; without, the harmless one. */
static bool
ask_key(void *self, struct ui_form *f, int id, const struct ui_event *ev)
{
	struct ask *a = self;

	if (!a->word || id != ID_WORD || !ui_event_is(ev, UI_KEY_ENTER)) {
		return false;
	}
	bool said = sv_eq_str(sv_trim(ui_form_text(f, ID_WORD)), a->word);
	ui_form_default(f, said ? a->danger : a->harmless);
	return false;
}

static const struct ui_form_ops ask_ops = {
	.press = ask_press,
	.key = ask_key,
	.close = ask_close,
};

static void
add_text(struct ui_form *f, int id, char mark, const char *text)
{
	ui_form_add(
		f, &(struct ui_field){.id = id, .kind = UI_FIELD_TEXT, .text = text}, -1);
	ui_form_set_mark(f, id, mark);
}

static void
add_lines(struct ui_form *f, const struct ui_question *q)
{
	if (q->text) {
		add_text(f, ID_TEXT, 0, q->text);
	}
	if (q->text && q->nlines > 0) {
		ui_form_add(f, &(struct ui_field){.id = ID_BLANK, .kind = UI_FIELD_BLANK},
			-1);
	}
	for (size_t i = 0; i < q->nlines; i++) {
		add_text(f, ID_LINE + (int)i, q->lines[i].mark, q->lines[i].text);
	}
	if (q->word) {
		ui_form_add(f, &(struct ui_field){.id = ID_BLANK, .kind = UI_FIELD_BLANK},
			-1);
		ui_form_add(f,
			&(struct ui_field){.id = ID_WORD,
				.kind = UI_FIELD_INPUT,
				.label = q->word_label,
				.width = 8},
			-1);
	}
}

void
ui_dialog_ask(struct ui_app *app, const struct ui_question *q)
{
	struct ask *a = mem_new(1, sizeof(*a));
	bool column = q->column;

	a->done = q->done;
	a->harmless = a->danger = -1;
	a->self = q->self;
	a->word = mem_strdup(q->word);
	for (size_t i = 0; i < q->n; i++) {
		column = column || q->choices[i].note;
	}
	struct ui_form *f = ui_form_new(
		&ask_ops, a, q->title, q->word ? 76 : 70, column ? UI_FORM_COLUMN : 0);
	add_lines(f, q);
	for (size_t i = 0; i < q->n; i++) {
		const struct ui_choice *c = &q->choices[i];
		ui_form_button(f, c->id, c->label, c->letter, c->note);
		if (c->letter == UI_KEY_ESC) {
			a->harmless = c->id;
		} else if (a->danger < 0) {
			a->danger = c->id;
		}
	}
	if (q->deflt >= 0 && (size_t)q->deflt < q->n) {
		ui_form_default(f, q->choices[q->deflt].id);
	}
	ui_form_open(f, app);
}

void
ui_dialog_message(struct ui_app *app, const char *title, const char *text)
{
	const struct ui_choice close = {0, _("Close"), UI_KEY_ESC, NULL};
	const struct ui_question q = {
		.title = title, .text = text, .choices = &close, .n = 1};

	ui_dialog_ask(app, &q);
}

/* --- a text to page through ----------------------------------------------------------
 */

struct pager {
	char *title;
	struct str text;
	size_t top, rows; /* rows: all of them at the last width */
	int page;
};

static void
pager_close(void *self)
{
	struct pager *p = self;

	free(p->title);
	str_free(&p->text);
	free(p);
}

static void
pager_draw(void *self, const struct ui_canvas *body)
{
	struct pager *p = self;
	int x = body->w < 60 ? 0 : 2;
	struct ui_canvas box = ui_canvas_sub(body, 0, x, body->h, body->w - 2 * x);
	struct ui_canvas in = ui_canvas_sub(&box, 1, 2, box.h - 2, box.w - 4);

	for (int y = 0; y < body->h; y++) {
		ui_blank(body, ui_at(y, 0, 0));
	}
	p->page = in.h;
	p->rows = ui_wrap(str_sv(&p->text), in.w, NULL, 0);
	size_t most = p->rows > (size_t)in.h ? p->rows - (size_t)in.h : 0;
	p->top = p->top > most ? most : p->top;
	size_t pages = in.h > 0 ? (p->rows + (size_t)in.h - 1) / (size_t)in.h : 1;
	size_t page = in.h > 0 ? (p->top + (size_t)in.h - 1) / (size_t)in.h + 1 : 1;
	char *title = pages > 1 ? str_format(_("%s  %zu of %zu"), p->title, page, pages)
				: mem_strdup(p->title);
	ui_box(&box, title);
	free(title);
	size_t n = p->top + (size_t)in.h;
	n = n > p->rows ? p->rows : n;
	struct sv *row = mem_new(n + 1, sizeof(*row));
	(void)ui_wrap(str_sv(&p->text), in.w, row, n);
	for (size_t i = p->top; i < n; i++) {
		ui_put_sv(&in, ui_at((int)(i - p->top), 0, 0), UI_TEXT, row[i]);
	}
	free(row);
	ui_cursor(&in, 0, 0);
}

static enum ui_result
pager_move(struct pager *p, long by)
{
	size_t step = (size_t)(by < 0 ? -by : by);

	if (by < 0) {
		p->top = p->top > step ? p->top - step : 0;
	} else {
		p->top += step; /* drawing stops it at the end */
	}
	return UI_HANDLED;
}

static enum ui_result
pager_event(void *self, const struct ui_event *ev)
{
	struct pager *p = self;
	long page = p->page > 1 ? p->page - 1 : 1;

	if (ev->kind == UI_EV_MOUSE) {
		return ev->mouse == UI_MOUSE_WHEEL_UP     ? pager_move(p, -3)
		       : ev->mouse == UI_MOUSE_WHEEL_DOWN ? pager_move(p, 3)
							  : UI_HANDLED;
	}
	switch (ev->kind == UI_EV_KEY ? ev->key : 0) {
	case UI_KEY_ESC:
	case UI_KEY_ENTER:
	case 'q':
		return UI_DONE;
	case UI_KEY_DOWN:
	case 'j':
		return pager_move(p, 1);
	case UI_KEY_UP:
	case 'k':
		return pager_move(p, -1);
	case ' ':
	case UI_KEY_PGDN:
		return pager_move(p, page);
	case UI_KEY_PGUP:
		return pager_move(p, -page);
	case UI_KEY_HOME:
	case 'g':
		return pager_move(p, -(long)p->rows);
	case UI_KEY_END:
	case 'G':
		return pager_move(p, (long)p->rows);
	default:
		return UI_HANDLED;
	}
}

void
ui_pager_keys(void *self, struct ui_keybar *bar)
{
	(void)self;
	bar->help_key = NULL;
	ui_keybar_add(bar, _("Space"), _("next page"));
	ui_keybar_add(bar, "j/k", _("scroll"));
	ui_keybar_add(bar, "Esc", _("close"));
}

void
ui_dialog_page(struct ui_app *app, const char *title, struct sv text)
{
	static const struct ui_ops ops = {
		.close = pager_close,
		.draw = pager_draw,
		.event = pager_event,
		.keys = ui_pager_keys,
	};
	struct pager *p = mem_new(1, sizeof(*p));

	p->title = mem_strdup(title);
	str_add_sv(&p->text, text);
	ui_app_push(app, &ops, p, true);
}
