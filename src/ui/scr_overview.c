/* SPDX-License-Identifier: MIT
 *
 * Overview: the picture, and below it what to do next, the problems by severity and the
 * changes that wait. Every row leads to the screen, and where it is known to the field,
 * that it is about.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/history.h"
#include "ui/overview_screen.h"
#include "ui/picture.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

enum { ROOMY = 12, PAUSE_MS = 250 };

/* --- lines ---------------------------------------------------------------------------
 */

static void
add(struct overview *o, enum overview_kind kind, size_t i, const char *text)
{
	o->line = mem_grow(o->line, &o->cap, o->n + 1, sizeof(*o->line));
	o->line[o->n++] = (struct overview_line){kind, i, text};
}

static void
add_head(struct overview *o, const char *text)
{
	if (o->wide) {
		add(o, L_BLANK, 0, NULL);
	}
	if (!o->small) {
		add(o, L_HEAD, 0, text);
	}
}

static void
add_problems(struct overview *o, enum sev sev)
{
	const struct diags *d = ses_findings(o->s);
	struct sv text[2];

	for (size_t i = 0; i < d->n; i++) {
		if (d->v[i].sev != sev) {
			continue;
		}
		add(o, L_PROBLEM, i, NULL);
		if (o->spare > 0 && overview_problem_rows(o, &d->v[i], text) > 1) {
			add(o, L_REST, i, NULL);
			o->spare--;
		}
	}
}

static void
build_lines(struct overview *o)
{
	const struct ses_change *c;
	size_t changes = ses_changes(o->s, &c);

	o->n = 0;
	add_head(o, _("Next step"));
	add(o, L_NEXT, 0, NULL);
	add_head(o, _("Problems"));
	size_t before = o->n;
	add_problems(o, SEV_ERROR);
	add_problems(o, SEV_WARN);
	if (o->n == before && !o->small) {
		add(o, L_TEXT, 0, _("none"));
	}
	if (!o->wide) {
		if (changes > 0) {
			add(o, L_CHANGES, 0, NULL);
		}
		return;
	}
	add_head(o, _("Changes that wait"));
	o->line[o->n - 1].i = changes;
	for (size_t i = 0; i < changes; i++) {
		add(o, L_CHANGE, i, NULL);
	}
	const char *last = changes == 0 ? ses_history_last(o->s) : NULL;
	if (last) {
		add(o, L_LAST, 0, last);
		add(o, L_WHERE, 0, NULL);
	} else if (changes == 0) {
		add(o, L_TEXT, 0, _("none"));
	}
}

/* No problem is cut while rows would stay empty. */
static void
build(struct overview *o)
{
	o->spare = 0;
	build_lines(o);
	if (o->wide && o->n < (size_t)o->h) {
		o->spare = (size_t)o->h - o->n;
		build_lines(o);
	}
}

static size_t
count(void *self)
{
	return ((const struct overview *)self)->n;
}

static bool
can_stop(void *self, size_t i)
{
	const struct overview *o = self;

	return o->line[i].kind >= L_NEXT;
}

/* Make the lines anew and keep the focus on what it is on, wherever that stands now. */
static void
rebuild(struct overview *o)
{
	struct overview_line was = {.kind = L_BLANK};

	if (o->list.focus < o->n) {
		was = o->line[o->list.focus];
	}
	build(o);
	for (size_t i = 0; i < o->n; i++) {
		if (was.kind >= L_NEXT && o->line[i].kind == was.kind &&
			o->line[i].i == was.i) {
			ui_list_select(&o->list, i);
		}
	}
	scr_list_settle(&o->list, can_stop, 1);
}

/* --- drawing -------------------------------------------------------------------------
 */

static const struct ui_list_ops rows = {count, overview_draw_row};

static void
draw(void *self, const struct ui_canvas *body)
{
	struct overview *o = self;

	o->wide = !scr_is_narrow(body) && !scr_is_low(body);
	o->small = ui_usual_h(body) < ROOMY;
	int used = ui_picture_draw(o->s, body, NULL);
	struct ui_canvas c = ui_canvas_sub(body, used, 0, body->h - used, body->w);
	o->w = c.w;
	o->h = c.h;
	rebuild(o);
	ui_list_draw(&o->list, &c);
}

/* --- events --------------------------------------------------------------------------
 */

static void *
open_screen(struct ui_app *app, void *owner)
{
	struct overview *o = mem_new(1, sizeof(*o));

	o->app = app;
	o->s = ((const struct scr_env *)owner)->s;
	o->wide = true;
	ui_list_init(&o->list, &rows, o);
	build(o);
	scr_list_settle(&o->list, can_stop, 1);
	return o;
}

static void
close_screen(void *self)
{
	struct overview *o = self;

	ui_message_free(&o->words);
	free(o->line);
	free(o);
}

static void
go_next(struct overview *o)
{
	struct ses_next next;

	ses_next(o->s, &next);
	if (next.finding) {
		scr_go_finding(o->app, o->s, next.finding);
	} else {
		(void)scr_go(o->app, o->s, next.screen, NULL);
	}
}

static void
go_to_change(struct overview *o, size_t i)
{
	const struct ses_change *v;

	if (i >= ses_changes(o->s, &v)) {
		return;
	}
	char *name = mem_strdup(v[i].name), *file = mem_strdup(v[i].file);
	(void)scr_go(o->app, o->s, v[i].screen,
		&(struct scr_target){.name = name, .file = file});
	free(name);
	free(file);
}

static void
enter(struct overview *o)
{
	const struct overview_line *l = &o->line[o->list.focus];

	switch (l->kind) {
	case L_NEXT:
		go_next(o);
		break;
	case L_PROBLEM:
		scr_go_finding(o->app, o->s, &ses_findings(o->s)->v[l->i]);
		break;
	case L_CHANGE:
		go_to_change(o, l->i);
		break;
	case L_CHANGES:
		(void)scr_go(o->app, o->s, "review", NULL);
		break;
	case L_LAST:
		(void)scr_go(o->app, o->s, "history", NULL);
		break;
	case L_BLANK:
	case L_HEAD:
	case L_TEXT:
	case L_REST:
	case L_WHERE:
		break;
	}
}

static enum ui_result
mend(struct overview *o)
{
	const struct diag *d = overview_finding(o);

	if (!d) {
		return UI_IGNORED;
	}
	scr_mend(o->app, o->s, d);
	rebuild(o);
	return UI_HANDLED;
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct overview *o = self;

	rebuild(o);
	switch (scr_list_event(&o->list, ev, can_stop)) {
	case UI_LIST_ENTER:
		enter(o);
		return UI_HANDLED;
	case UI_LIST_MOVED:
		o->settle_ms = ui_term_now() + PAUSE_MS;
		return UI_HANDLED;
	case UI_LIST_IGNORED:
		break;
	}
	if (ev->kind == UI_EV_KEY && ev->key == 'r') {
		return mend(o);
	}
	if (ui_event_is(ev, 's')) {
		scr_setup_push(o->app, o->s);
		return UI_HANDLED;
	}
	if (ui_event_is(ev, 'u') && scr_history_takes_u(o->s)) {
		(void)scr_history_undo(o->app, o->s);
		return UI_HANDLED;
	}
	return UI_IGNORED;
}

/* Only the Overview has a row for what is on no other screen. */
static bool
is_bad(void *self, size_t i)
{
	const struct overview *o = self;
	const struct overview_line *l = &o->line[i];

	return l->kind == L_PROBLEM &&
	       strcmp(ses_finding_screen(o->s, &ses_findings(o->s)->v[l->i]),
		       "overview") == 0;
}

static bool
problem(void *self, int dir, bool from_edge)
{
	struct overview *o = self;

	rebuild(o);
	bool found = scr_to_bad(&o->list, dir, from_edge, is_bad);
	if (found) {
		o->settle_ms = 0;
	}
	return found;
}

static int64_t
deadline(void *self)
{
	return ((const struct overview *)self)->settle_ms;
}

static void
tick(void *self, int64_t now)
{
	struct overview *o = self;

	if (o->settle_ms && now >= o->settle_ms) {
		o->settle_ms = 0;
	}
}

static void
message(void *self, struct ui_message *m)
{
	struct overview *o = self;

	rebuild(o);
	if (o->settle_ms == 0) {
		ui_message_free(&o->words);
		scr_message(&o->words, overview_finding(o));
		if (overview_is_on_setup(o)) {
			ui_message_set(&o->words, 0,
				_("This relay has its stock settings. Setup asks 7 "
				  "questions, "
				  "proposes an answer to each, and writes nothing before "
				  "you have seen every line that changes."),
				NULL);
		}
	}
	ui_message_set(
		m, o->words.mark, str_c(&o->words.line[0]), str_c(&o->words.line[1]));
}

static void
keys(void *self, struct ui_keybar *bar)
{
	struct overview *o = self;
	const struct ses_change *c;
	struct ses_status st;

	rebuild(o);
	const struct diag *here = overview_finding(o);
	ses_status(o->s, &st);
	ui_keybar_add(bar, "Enter",
		overview_is_on_setup(o) ? _("start set-up") : _("go there"));
	if (here && here->mend != DIAG_MEND_NONE) {
		ui_keybar_add(bar, "r", _("mend"));
	}
	ui_keybar_add(bar, "1-9", _("screen"));
	if (st.errors + st.warnings > 0) {
		ui_keybar_add(bar, "n", _("next problem"));
	}
	if (ses_changes(o->s, &c) > 0) {
		ui_keybar_add(bar, "w", _("review and apply"));
	}
	ui_keybar_add(bar, "u",
		scr_history_takes_u(o->s) ? _("undo the last applied change")
					  : _("undo"));
	ui_keybar_add(bar, "q", _("quit"));
	ui_keybar_add(bar, "R", _("read again"));
}

static const struct ui_ops ops = {
	.open = open_screen,
	.close = close_screen,
	.draw = draw,
	.event = event,
	.message = message,
	.keys = keys,
	.deadline = deadline,
	.tick = tick,
	.problem = problem,
};

const struct ui_screen scr_overview = {"overview", N_("Overview"), '1', &ops};

void
scr_overview_about(void *self, struct scr_about *out)
{
	static const struct scr_key help[] = {
		{"Enter", N_("opens what the row is about")},
		{"r", N_("mends a problem that has a safe repair")},
		{"s", N_("guided set-up, step by step; what is set is kept")},
		{"u", N_("takes the newest applied change back, when nothing waits")},
		{NULL, NULL},
	};
	struct overview *o = self;

	build(o);
	out->purpose =
		_("What this relay does now: who may send to it, where it listens, "
		  "and where it hands all mail to. Below: the step that makes sense "
		  "next, what is wrong or doubtful, and what you changed but did not "
		  "apply yet.");
	out->keys = help;
	out->more = "postrelay(8)";
	out->finding = overview_finding(o);
}
