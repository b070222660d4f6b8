/* SPDX-License-Identifier: MIT
 *
 * The text lives in the field and nowhere else.
 */
#include "ui/filter.h"

#include "ui/glyph.h"

enum { FIELD_X = 3, FIELD_W = 26, FIELD_W_NARROW = 18, NARROW = 60 };

bool
filter_shows(const struct filter *f)
{
	return f->typing || f->in.text.n > 0;
}

const char *
filter_text(const struct filter *f)
{
	return str_c(&f->in.text);
}

static enum filter_result
typing_event(struct filter *f, const struct ui_event *ev)
{
	if (ui_event_is(ev, UI_KEY_ENTER)) {
		f->typing = false;
		return FILTER_HANDLED;
	}
	if (ui_event_is(ev, UI_KEY_ESC)) {
		filter_clear(f);
		return FILTER_CHANGED;
	}
	switch (ui_input_event(&f->in, ev)) {
	case UI_EDIT_CHANGED:
	case UI_EDIT_CUT:
		return FILTER_CHANGED;
	case UI_EDIT_MOVED:
		return FILTER_HANDLED;
	case UI_EDIT_NONE:
		break;
	}
	return FILTER_IGNORED;
}

enum filter_result
filter_event(struct filter *f, const struct ui_event *ev)
{
	if (f->typing) {
		return typing_event(f, ev);
	}
	if (ui_event_is(ev, '/')) {
		f->typing = true;
		return FILTER_HANDLED;
	}
	if (ui_event_is(ev, UI_KEY_ESC) && f->in.text.n > 0) {
		filter_clear(f);
		return FILTER_CHANGED;
	}
	return FILTER_IGNORED;
}

void
filter_clear(struct filter *f)
{
	ui_input_set(&f->in, sv_of(""));
	f->typing = false;
}

void
filter_draw(struct filter *f, const struct ui_canvas *c, int y, const char *shown,
	const struct ui_list *list, int h)
{
	int w = c->w < NARROW ? FIELD_W_NARROW : FIELD_W, x = FIELD_X + w + 2;

	ui_put(c, ui_at(y, FIELD_X - 1, 1), UI_STRONG, "/");
	ui_input_draw(&f->in, c, ui_at(y, FIELD_X, w), f->typing);
	int used = ui_put(c, ui_at(y, x, 0), UI_TEXT, shown);
	if (x + used + 18 < c->w) {
		ui_list_position(list, c, ui_at(y, x + used, c->w - x - used - 2), h);
	}
}

void
filter_free(struct filter *f)
{
	ui_input_free(&f->in);
}
