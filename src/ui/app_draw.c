/* SPDX-License-Identifier: MIT
 *
 * A frame: title and tabs of the screens, or of a pushed layer that has its own; the body
 * of what is open; message area and keys.
 */
#include "ui/app.h"

#include "base/i18n.h"
#include "ui/app_internal.h"

enum { FRAME_ROWS = 5, MESSAGE_MOST = 4 };

static char
screen_mark(struct ui_app *app, size_t i)
{
	const struct ui_owner *o = &app->owner;

	return o->mark ? o->mark(o->ctx, o->screens[i]) : 0;
}

const struct app_layer *
app_fill_head(struct ui_app *app, struct ui_head *out)
{
	size_t n = app->owner.nscreens < UI_TABS_MAX ? app->owner.nscreens : UI_TABS_MAX;

	*out = (struct ui_head){0};
	for (size_t i = app->nlayer; i-- > 0;) {
		const struct app_layer *l = &app->layer[i];
		if (!l->gone && l->ops->head && l->ops->head(l->self, out)) {
			return l;
		}
	}
	for (size_t i = 0; i < n; i++) {
		const struct ui_screen *s = app->owner.screens[i];
		out->tab[i] = (struct ui_tab){s->digit, _(s->title), screen_mark(app, i)};
	}
	out->n = n;
	out->active = app->at;
	return NULL;
}

static void
draw_head(struct ui_app *app, const struct ui_canvas *all)
{
	struct ui_canvas row = ui_canvas_sub(all, 0, 0, 1, all->w);
	struct ui_title title = {0};
	struct ui_head head;

	app->owner.title(app->owner.ctx, &title);
	if (app_fill_head(app, &head)) {
		title.product = title.state = NULL;
		title.version = head.title;
	}
	ui_frame_title(&row, &title);
	row = ui_canvas_sub(all, 1, 0, 1, all->w);
	ui_frame_tabs(&row, head.tab, head.n, head.active);
}

static void
draw_keys(const struct ui_canvas *all, const struct app_layer *top)
{
	struct ui_canvas row = ui_canvas_sub(all, all->h - 1, 0, 1, all->w);
	struct ui_keybar bar = {.help_key = "?", .help_label = _("help")};

	if (top->ops->keys) {
		top->ops->keys(top->self, &bar);
	}
	ui_frame_keys(&row, &bar);
}

static void
draw_body(struct ui_app *app, const struct ui_canvas *body, const struct app_layer *top)
{
	struct app_layer *pushed = app_top_pushed(app);
	struct app_layer below = app_base_layer(app);

	for (size_t i = 0; pushed && i < app->nlayer; i++) {
		if (!app->layer[i].is_dialog && !app->layer[i].gone) {
			below = app->layer[i];
		}
	}
	if (pushed && pushed->is_dialog) {
		body->paint->hide_focus = true;
		below.ops->draw(below.self, body);
		body->paint->hide_focus = false;
	}
	top->ops->draw(top->self, body);
}

/* Body and message area. The message is known once the body is drawn; where two rows
 * can't hold it, the body is drawn anew with fewer. */
static void
draw_middle(struct ui_app *app, const struct ui_canvas *all, const struct app_layer *top)
{
	struct ui_canvas body = ui_canvas_sub(all, 2, 0, all->h - FRAME_ROWS, all->w);
	struct ui_message own = {0}, *m = app->is_said ? &app->said : &own;

	draw_body(app, &body, top);
	if (m == &own && top->ops->message) {
		top->ops->message(top->self, m);
	}
	int rows = ui_frame_message_rows(m, all->w, MESSAGE_MOST);
	if (rows > 2) {
		ui_clear(&body);
		body.paint->taken = rows - 2;
		body.h -= rows - 2;
		draw_body(app, &body, top);
	}
	struct ui_canvas area = ui_canvas_sub(all, all->h - 1 - rows, 0, rows, all->w);
	ui_frame_message(&area, m);
	ui_message_free(&own);
}

void
app_draw(struct ui_app *app)
{
	int rows = ui_term_rows(app->term), cols = ui_term_cols(app->term);
	struct ui_canvas all = {ui_term_paint(app->term), 0, 0, rows, cols};

	ui_term_begin(app->term);
	if (rows < APP_LEAST_ROWS || cols < APP_LEAST_COLS) {
		ui_put_wrapped(&all, ui_at(0, 0, 0), UI_TEXT,
			sv_of(_("Please make this window 40x12 or larger. Nothing is "
				"lost.")),
			rows);
	} else {
		struct app_layer top = app_top_layer(app);
		draw_head(app, &all);
		draw_middle(app, &all, &top);
		draw_keys(&all, &top);
	}
	ui_term_end(app->term);
}
