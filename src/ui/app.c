/* SPDX-License-Identifier: MIT
 *
 * Layers and dispatch. A layer that is popped during its own event is only marked, and
 * freed after the call returns, so callbacks may pop and push freely.
 */
#include "ui/app.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/app_internal.h"

struct ui_app *
ui_app_new(struct ui_term *term, const struct ui_owner *owner)
{
	struct ui_app *app = mem_new(1, sizeof(*app));

	app->term = term;
	app->owner = *owner;
	app->screen = mem_new(owner->nscreens + 1, sizeof(*app->screen));
	app->opened = mem_new(owner->nscreens + 1, sizeof(*app->opened));
	return app;
}

/* --- layers --------------------------------------------------------------------------
 */

static void
layer_close(const struct app_layer *l)
{
	if (l->ops->close) {
		l->ops->close(l->self);
	}
}

/* Free what was popped, and tell the layer that is now the top one. Called only from the
 * loop, never below a callback. */
static void
sweep(struct ui_app *app)
{
	size_t n = 0, before = app->nlayer;

	for (size_t i = 0; i < app->nlayer; i++) {
		struct app_layer l = app->layer[i];
		if (l.gone) {
			layer_close(&l);
		} else {
			app->layer[n++] = l;
		}
	}
	app->nlayer = n;
	if (n > 0 && n < before && app->layer[n - 1].ops->show) {
		app->layer[n - 1].ops->show(app->layer[n - 1].self, true);
	}
}

struct app_layer *
app_top_pushed(const struct ui_app *app)
{
	for (size_t i = app->nlayer; i-- > 0;) {
		if (!app->layer[i].gone) {
			return &app->layer[i];
		}
	}
	return NULL;
}

struct app_layer
app_base_layer(struct ui_app *app)
{
	return (struct app_layer){.ops = app->owner.screens[app->at]->ops,
		.self = ui_app_screen(app, app->at)};
}

struct app_layer
app_top_layer(struct ui_app *app)
{
	struct app_layer *l = app_top_pushed(app);

	return l ? *l : app_base_layer(app);
}

void
ui_app_push(struct ui_app *app, const struct ui_ops *ops, void *take_self, bool is_dialog)
{
	app->layer = mem_grow(
		app->layer, &app->caplayer, app->nlayer + 1, sizeof(*app->layer));
	app->layer[app->nlayer++] =
		(struct app_layer){.ops = ops, .self = take_self, .is_dialog = is_dialog};
}

void
ui_app_pop(struct ui_app *app)
{
	struct app_layer *l = app_top_pushed(app);

	if (l) {
		l->gone = true;
	}
}

bool
ui_app_is_covered(const struct ui_app *app)
{
	return app_top_pushed(app) != NULL;
}

bool
ui_app_is_replaced(const struct ui_app *app)
{
	for (size_t i = 0; i < app->nlayer; i++) {
		if (!app->layer[i].gone && !app->layer[i].is_dialog) {
			return true;
		}
	}
	return false;
}

/* --- screens -------------------------------------------------------------------------
 */

void *
ui_app_screen(struct ui_app *app, size_t i)
{
	const struct ui_ops *ops = app->owner.screens[i]->ops;

	if (!app->opened[i]) {
		app->opened[i] = true;
		app->screen[i] = ops->open ? ops->open(app, app->owner.ctx) : NULL;
	}
	return app->screen[i];
}

static void
show(struct ui_app *app, bool visible)
{
	struct app_layer base = app_base_layer(app);

	if (base.ops->show) {
		base.ops->show(base.self, visible);
	}
}

void
ui_app_go(struct ui_app *app, size_t i)
{
	if (i >= app->owner.nscreens) {
		return;
	}
	for (size_t l = 0; l < app->nlayer; l++) {
		app->layer[l].gone = true;
	}
	if (i != app->at) {
		show(app, false);
		app->at = i;
		show(app, true);
	}
}

size_t
ui_app_at(const struct ui_app *app)
{
	return app->at;
}

size_t
ui_app_find(const struct ui_app *app, const char *id)
{
	size_t i = 0;

	while (i < app->owner.nscreens && strcmp(app->owner.screens[i]->id, id) != 0) {
		i++;
	}
	return i;
}

struct ui_term *
ui_app_term(struct ui_app *app)
{
	return app->term;
}

void
ui_app_say(struct ui_app *app, char mark, const char *first, const char *second)
{
	ui_message_set(&app->said, mark, first, second);
	app->is_said = true;
}

bool
ui_app_had_key(const struct ui_app *app)
{
	return app->had_key;
}

void
ui_app_stop(struct ui_app *app)
{
	app->stop = true;
}

/* --- events --------------------------------------------------------------------------
 */

void
ui_app_command(struct ui_app *app, enum ui_command cmd)
{
	app->owner.command(app->owner.ctx, app, cmd);
}

/* Walk to the next problem: the rest of this screen, the others, then this one again. */
static void
next_problem(struct ui_app *app, int dir)
{
	size_t n = app->owner.nscreens;

	for (size_t k = 0; k <= n; k++) {
		size_t i = (app->at + (dir > 0 ? k : n + n - k)) % n;
		const struct ui_ops *ops = app->owner.screens[i]->ops;
		if (ops->problem && ops->problem(ui_app_screen(app, i), dir, k > 0)) {
			ui_app_go(app, i);
			return;
		}
	}
	ui_app_say(app, 'o', _("No problem left on any screen."), NULL);
}

static bool
twin_key(struct ui_app *app, int key)
{
	switch (key) {
	case UI_KEY_F1:
	case UI_CTRL('g'):
		ui_app_command(app, UI_CMD_HELP);
		return true;
	case UI_KEY_F2:
	case UI_CTRL('o'):
		ui_app_command(app, UI_CMD_REVIEW);
		return true;
	case UI_KEY_F5:
		ui_app_command(app, UI_CMD_REREAD);
		return true;
	case UI_KEY_F10:
	case UI_CTRL('x'):
		ui_app_command(app, UI_CMD_QUIT);
		return true;
	default:
		return false;
	}
}

static bool
letter_key(struct ui_app *app, int key)
{
	switch (key) {
	case '?':
		ui_app_command(app, UI_CMD_HELP);
		return true;
	case 'w':
		ui_app_command(app, UI_CMD_REVIEW);
		return true;
	case 'R':
		ui_app_command(app, UI_CMD_REREAD);
		return true;
	case 'q':
		ui_app_command(app, UI_CMD_QUIT);
		return true;
	case 'u':
		ui_app_command(app, UI_CMD_UNDO);
		return true;
	case UI_CTRL('r'):
		ui_app_command(app, UI_CMD_REDO);
		return true;
	case 'n':
	case 'N':
		next_problem(app, key == 'n' ? 1 : -1);
		return true;
	default:
		return false;
	}
}

/* A tab was chosen: of the screens, or of the layer that has its own. */
static void
pick(struct ui_app *app, const struct app_layer *own, size_t i)
{
	if (!own) {
		ui_app_go(app, i);
		return;
	}
	for (const struct app_layer *l = own + 1; l < app->layer + app->nlayer; l++) {
		app->layer[l - app->layer].gone = true;
	}
	own->ops->pick(own->self, i);
}

static bool
digit_key(struct ui_app *app, int key)
{
	struct ui_head head;
	const struct app_layer *own = app_fill_head(app, &head);

	for (size_t i = 0; i < head.n; i++) {
		if (head.tab[i].digit == key) {
			pick(app, own, i);
			return true;
		}
	}
	return false;
}

/* A click on the tab row. */
static bool
tab_click(struct ui_app *app, const struct ui_event *ev)
{
	struct ui_head head;

	if (ev->kind != UI_EV_MOUSE || ev->y != 1 || ev->mouse == UI_MOUSE_WHEEL_UP ||
		ev->mouse == UI_MOUSE_WHEEL_DOWN) {
		return false;
	}
	const struct app_layer *own = app_fill_head(app, &head);
	size_t i = ui_frame_tab_at(
		ui_term_cols(app->term), head.tab, head.n, head.active, ev->x);
	if (i < head.n) {
		pick(app, own, i);
	}
	return true;
}

/* What would work on a screen must not just be dead on a dialog. */
static void
dialog_key(struct ui_app *app, int key)
{
	if (key == UI_KEY_F2 || key == UI_CTRL('o') || key == UI_KEY_F5 ||
		key == UI_KEY_F10 || key == UI_CTRL('x')) {
		ui_app_say(app, 0, _("Esc closes this first."), NULL);
	}
}

static void
dispatch(struct ui_app *app, const struct ui_event *ev)
{
	struct app_layer top = app_top_layer(app);
	bool is_dialog = top.is_dialog;
	bool typing = top.ops->typing && top.ops->typing(top.self);
	enum ui_result r = top.ops->event ? top.ops->event(top.self, ev) : UI_IGNORED;

	if (r == UI_DONE) {
		for (size_t i = 0; i < app->nlayer; i++) {
			if (app->layer[i].self == top.self &&
				app->layer[i].ops == top.ops) {
				app->layer[i].gone = true;
			}
		}
		return;
	}
	if (r == UI_HANDLED || (!is_dialog && tab_click(app, ev))) {
		return;
	}
	if (ev->kind == UI_EV_KEY) {
		if (ev->key == UI_KEY_F1 || ev->key == UI_CTRL('g')) {
			ui_app_command(app, UI_CMD_HELP);
		} else if (is_dialog) {
			dialog_key(app, ev->key);
		} else if (!twin_key(app, ev->key) && !typing &&
			   !letter_key(app, ev->key) && !digit_key(app, ev->key) &&
			   ui_event_is_text(ev)) {
			ui_app_say(app, 0,
				_("Enter edits this; ? shows every key that works here."),
				NULL);
		}
	}
}

static void
handle(struct ui_app *app, const struct ui_event *ev)
{
	switch (ev->kind) {
	case UI_EV_QUIT:
		ui_app_command(app, UI_CMD_HANGUP);
		app->stop = true;
		break;
	case UI_EV_KEY:
	case UI_EV_PASTE:
	case UI_EV_MOUSE:
		app->is_said = false;
		app->had_key = true;
		if (ui_term_rows(app->term) < APP_LEAST_ROWS ||
			ui_term_cols(app->term) < APP_LEAST_COLS) {
			break; /* nobody sees what a key would do */
		}
		if (ui_event_is(ev, UI_CTRL('l'))) {
			ui_term_redraw(app->term);
		} else {
			dispatch(app, ev);
		}
		break;
	case UI_EV_NONE:
	case UI_EV_RESIZE:
		break;
	}
}

/* --- the loop ------------------------------------------------------------------------
 */

static void
sooner(int64_t *until, const struct app_layer *l)
{
	int64_t at = l->ops->deadline ? l->ops->deadline(l->self) : 0;

	if (at && (*until == 0 || at < *until)) {
		*until = at;
	}
}

static int64_t
next_deadline(struct ui_app *app)
{
	struct app_layer base = app_base_layer(app);
	int64_t until = 0;

	sooner(&until, &base);
	for (size_t i = 0; i < app->nlayer; i++) {
		sooner(&until, &app->layer[i]);
	}
	return until;
}

static void
tick_layer(const struct app_layer *l, int64_t now)
{
	int64_t at = l->ops->deadline ? l->ops->deadline(l->self) : 0;

	if (at && at <= now && l->ops->tick) {
		l->ops->tick(l->self, now);
	}
}

static void
tick(struct ui_app *app)
{
	struct app_layer base = app_base_layer(app);
	int64_t now = ui_term_now();

	tick_layer(&base, now);
	for (size_t i = 0; i < app->nlayer; i++) {
		struct app_layer l = app->layer[i];
		if (!l.gone) {
			tick_layer(&l, now);
		}
	}
}

void
ui_app_run(struct ui_app *app, size_t first)
{
	struct ui_event ev;

	app->at = first < app->owner.nscreens ? first : 0;
	show(app, true);
	while (!app->stop) {
		sweep(app);
		if (!ui_term_pending(app->term)) {
			app_draw(app);
		}
		int64_t until = next_deadline(app);
		int64_t owner = app->owner.before_wait
					? app->owner.before_wait(app->owner.ctx, app)
					: 0;
		until = owner && (until == 0 || owner < until) ? owner : until;
		ui_term_next(app->term, until, &ev);
		handle(app, &ev);
		tick(app);
	}
	sweep(app);
}

void
ui_app_destroy(struct ui_app *app)
{
	if (!app) {
		return;
	}
	while (app->nlayer > 0) {
		layer_close(&app->layer[--app->nlayer]);
	}
	for (size_t i = 0; i < app->owner.nscreens; i++) {
		const struct ui_ops *ops = app->owner.screens[i]->ops;
		if (app->opened[i] && ops->close) {
			ops->close(app->screen[i]);
		}
	}
	ui_message_free(&app->said);
	free(app->layer);
	free(app->screen);
	free(app->opened);
	free(app);
}
