/* SPDX-License-Identifier: MIT
 *
 * One change of the history whole, with the lines around what it changed, in place of the
 * screens until Esc.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/history_screen.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

enum { CONTEXT = 3, MARK_X = 4 };

struct whole {
	struct ui_app *app;
	struct session *s;
	unsigned no;
	char *title;
	struct history_lines lines;
	struct ui_list list;
};

static size_t
count(void *self)
{
	return ((const struct whole *)self)->lines.n;
}

static void
draw_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	const struct whole *v = self;

	row->cursor_x = MARK_X;
	history_line_put(c, 0, MARK_X, &v->lines.v[i]);
}

static const struct ui_list_ops rows = {count, draw_row};

static void
draw(void *self, const struct ui_canvas *body)
{
	struct whole *v = self;
	int top = scr_is_low(body) ? 0 : 1;
	struct ui_canvas c = ui_canvas_sub(body, top + 1, 0, body->h - top - 1, body->w);

	ui_list_draw(&v->list, &c);
	scr_heading_list(body, top, v->title, "", &v->list, c.h);
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct whole *v = self;

	if (ui_event_is(ev, UI_KEY_ESC) || ui_event_is(ev, UI_KEY_ENTER)) {
		return UI_DONE;
	}
	if (ui_event_is(ev, 'b') && v->no) {
		return history_go_back(v->app, v->s, v->no) ? UI_DONE : UI_HANDLED;
	}
	return ui_list_event(&v->list, ev) == UI_LIST_IGNORED ? UI_IGNORED : UI_HANDLED;
}

static void
keys(void *self, struct ui_keybar *bar)
{
	const struct whole *v = self;

	ui_keybar_add(bar, "Esc", _("back to the list"));
	ui_keybar_add(bar, "j/k", _("scroll"));
	if (v->no) {
		ui_keybar_add(bar, "b", _("back to this state"));
	}
}

static void
close_layer(void *self)
{
	struct whole *v = self;

	history_lines_free(&v->lines);
	free(v->title);
	free(v);
}

void
history_diff_push(struct ui_app *app, struct session *s, const struct ses_history_row *r)
{
	static const struct ui_ops ops = {
		.close = close_layer,
		.draw = draw,
		.event = event,
		.keys = keys,
	};
	struct whole *v = mem_new(1, sizeof(*v));

	v->app = app;
	v->s = s;
	v->no = r->no;
	v->title = history_title(r);
	history_lines_make(s, r, CONTEXT, &v->lines);
	ui_list_init(&v->list, &rows, v);
	ui_app_push(app, &ops, v, false);
}
