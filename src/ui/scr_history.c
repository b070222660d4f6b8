/* SPDX-License-Identifier: MIT
 *
 * History: what was applied, newest first, with the lines of the focused row below. Going
 * back makes changes that wait and opens the Review: nothing is written from here.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/history_screen.h"
#include "ui/live.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

/* --- going back --------------------------------------------------------------------
 */

/* Show what came of it: the Review, and what else is taken back. */
static bool
show_way_back(struct ui_app *app, struct session *s, bool done, struct diags *d)
{
	const struct ses_change *c;
	bool shown = done && ses_changes(s, &c) > 0;

	if (shown) {
		scr_review_push(app, s);
	} else if (done) {
		ui_app_say(app, 0, _("Nothing to do: the files are as they were then."),
			NULL);
	}
	scr_say(app, d);
	return shown;
}

bool
history_go_back(struct ui_app *app, struct session *s, unsigned no)
{
	struct diags d = {0};
	bool done = ses_history_restore(s, no, &d);

	return show_way_back(app, s, done, &d);
}

bool
scr_history_undo(struct ui_app *app, struct session *s)
{
	struct diags d = {0};
	bool done = ses_history_undo(s, &d);

	return show_way_back(app, s, done, &d);
}

bool
scr_history_takes_u(struct session *s)
{
	const struct ses_change *c;

	return ses_changes(s, &c) == 0 && ses_history_newest(s) > 0;
}

/* --- events ------------------------------------------------------------------------
 */

static void
moved(struct history *v)
{
	v->settle_ms = ui_term_now() + LIVE_PAUSE_MS;
}

static const struct ses_history_row *
here(const struct history *v)
{
	return v->list.focus < v->n ? &v->row[v->list.focus] : NULL;
}

static enum ui_result
letter(struct history *v, int key)
{
	const struct ses_history_row *r = here(v);

	if (key == 'u' && scr_history_takes_u(v->s)) {
		(void)scr_history_undo(v->app, v->s);
		return UI_HANDLED;
	}
	if (key != 'b' || !r) {
		return UI_IGNORED;
	}
	if (r->no) {
		(void)history_go_back(v->app, v->s, r->no);
	} else {
		ui_app_say(v->app, 0,
			_("Only what postrelay applied can be gone back to."),
			_("Choose the row above or below it."));
	}
	return UI_HANDLED;
}

static enum ui_result
rows_event(struct history *v, const struct ui_event *ev)
{
	switch (ui_list_event(&v->list, ev)) {
	case UI_LIST_ENTER:
		if (here(v)) {
			history_diff_push(v->app, v->s, here(v));
		}
		return UI_HANDLED;
	case UI_LIST_MOVED:
		moved(v);
		return UI_HANDLED;
	case UI_LIST_IGNORED:
		break;
	}
	return ev->kind == UI_EV_KEY && !v->filter.typing ? letter(v, ev->key)
							  : UI_IGNORED;
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct history *v = self;

	history_refresh(v);
	switch (filter_event(&v->filter, ev)) {
	case FILTER_CHANGED:
		ui_list_select(&v->list, 0);
		moved(v);
		return UI_HANDLED;
	case FILTER_HANDLED:
		return UI_HANDLED;
	case FILTER_IGNORED:
		break;
	}
	return rows_event(v, ev);
}

static void
message(void *self, struct ui_message *m)
{
	struct history *v = self;

	history_refresh(v);
	if (!v->filter.typing && v->words) {
		ui_message_set(m, 0,
			_("Going back to a state is a change like any other: you see its "
			  "diff first."),
			v->words);
	}
}

static void
keys(void *self, struct ui_keybar *bar)
{
	struct history *v = self;
	const struct ses_change *c;

	if (v->filter.typing) {
		ui_keybar_add(bar, "Enter", _("to the rows"));
		ui_keybar_add(bar, "Esc", _("show all"));
		ui_keybar_add(bar, "Ctrl-U", _("clear"));
		bar->help_key = "F1 Ctrl-G";
		return;
	}
	history_refresh(v);
	if (v->n > 0) {
		ui_keybar_add(bar, "Enter", _("whole diff"));
		ui_keybar_add(bar, "b", _("back to this state"));
	}
	if (scr_history_takes_u(v->s)) {
		ui_keybar_add(bar, "u", _("undo newest"));
	}
	if (ses_changes(v->s, &c) > 0) {
		ui_keybar_add(bar, "w", _("apply"));
	}
	ui_keybar_add(bar, "/", _("filter"));
}

static bool
typing(void *self)
{
	return ((const struct history *)self)->filter.typing;
}

static int64_t
deadline(void *self)
{
	return ((const struct history *)self)->settle_ms;
}

static void
tick(void *self, int64_t now)
{
	struct history *v = self;

	if (v->settle_ms && now >= v->settle_ms) {
		history_refresh(v);
		history_settle(v);
	}
}

/* Another process may have applied something meanwhile. */
static void
show(void *self, bool visible)
{
	struct history *v = self;

	if (visible) {
		ses_history_again(v->s);
	}
}

static void *
open_screen(struct ui_app *app, void *owner)
{
	struct history *v = mem_new(1, sizeof(*v));
	struct diags d = {0};

	v->app = app;
	v->s = ((const struct scr_env *)owner)->s;
	ui_list_init(&v->list, &history_rows, v);
	(void)ses_history(v->s, NULL, &v->row, &d);
	scr_say(app, &d);
	return v;
}

static void
close_screen(void *self)
{
	struct history *v = self;

	filter_free(&v->filter);
	history_lines_free(&v->lines);
	free(v->strip);
	free(v->words);
	free(v);
}

static const struct ui_ops ops = {
	.open = open_screen,
	.close = close_screen,
	.draw = history_draw,
	.event = event,
	.message = message,
	.keys = keys,
	.typing = typing,
	.deadline = deadline,
	.tick = tick,
	.show = show,
};

const struct ui_screen scr_history = {"history", N_("History"), '9', &ops};

void
scr_history_about(void *self, struct scr_about *out)
{
	static const struct scr_key help[] = {
		{"Enter", N_("the whole diff of the row")},
		{"b", N_("back to the state after this change, as a change that waits")},
		{"u", N_("take the newest change back, when nothing waits")},
		{"/", N_("show only rows with a text, Esc ends it")},
		{NULL, NULL},
	};
	struct history *v = self;

	history_refresh(v);
	if (here(v)) {
		char *title = history_title(here(v));
		str_add_cstr(&out->row, title);
		free(title);
	}
	out->purpose =
		_("Every change that was applied, with the old files as they were. A row "
		  "-- is a change that somebody made by other means. Going back takes "
		  "back what came later; you see every line of it in the Review "
		  "first.");
	out->keys = help;
	out->more = "postrelay(8) history";
}
