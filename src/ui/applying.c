/* SPDX-License-Identifier: MIT
 *
 * Steps with their time while an apply runs, then the result: what is different now, or
 * what is ill in Postfix's own words. Redrawn when a step goes on, and once a second for
 * the time of a running one; not at all afterwards.
 */
#include "ui/applying.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/review.h"
#include "ui/buttons.h"
#include "ui/glyph.h"
#include "ui/list.h"
#include "ui/screens.h"
#include "ui/scrkit.h"
#include "ui/term.h"

enum {
	SECOND_MS = 1000,
	NEEDS_PERSON = 5,
	STEP_X = 4,
	SAID_X = 6,
	TEXT_X = 3,
	WRAP_MOST = 12
};

enum line_kind { L_BLANK, L_STEP, L_SAID, L_HEAD, L_TEXT, L_FINDING, L_HINT };

struct line {
	enum line_kind kind;
	char mark;
	char *text; /* owned */
	int64_t ms; /* L_STEP: -1 none */
};

struct applying {
	struct ui_app *app;
	struct session *s;
	size_t changes;
	char *interruption;
	int64_t shown_at; /* ui_term_now clock: when seconds were drawn */
	struct line *line;
	size_t n, cap;
	int width; /* of the body when it was drawn last */
	struct ui_list list;
	struct buttons buttons;
	bool asked_back, told; /* told: the end was reached, and the focus is there */
};

/* --- lines ---------------------------------------------------------------------------
 */

static void
clear(struct applying *a)
{
	for (size_t i = 0; i < a->n; i++) {
		free(a->line[i].text);
	}
	a->n = 0;
}

static void
add(struct applying *a, enum line_kind kind, char mark, struct sv text, int64_t ms)
{
	a->line = mem_grow(a->line, &a->cap, a->n + 1, sizeof(*a->line));
	a->line[a->n++] = (struct line){kind, mark, sv_dup(text), ms};
}

static char
step_mark(enum ses_step_state state)
{
	switch (state) {
	case SES_STEP_RUNS:
		return '.';
	case SES_STEP_OK:
		return 'o';
	case SES_STEP_DOUBT:
		return '?';
	case SES_STEP_BAD:
		return '!';
	case SES_STEP_WAITS:
		break;
	}
	return 0;
}

/* Text over as many rows as it needs, from column x; only the first has the mark. */
static void
add_wrapped(struct applying *a, enum line_kind kind, char mark, const char *text, int x)
{
	struct sv row[WRAP_MOST];
	size_t n = ui_wrap(sv_of(text), a->width - x - 2, row, WRAP_MOST);

	for (size_t i = 0; i < n && i < WRAP_MOST; i++) {
		add(a, kind, i == 0 ? mark : 0, row[i], -1);
	}
}

/* The running step has had what the others had not. */
static int64_t
ms_of_running(const struct ses_apply_view *v)
{
	int64_t left = v->ms;

	for (size_t i = 0; i < v->nsteps; i++) {
		left -= v->steps[i].state == SES_STEP_RUNS ? 0 : v->steps[i].ms;
	}
	return left > 0 ? left : 0;
}

static void
add_steps(struct applying *a, const struct ses_apply_view *v)
{
	for (size_t i = 0; i < v->nsteps; i++) {
		const struct ses_step_view *st = &v->steps[i];
		bool runs = st->state == SES_STEP_RUNS;
		add(a, L_STEP, step_mark(st->state), sv_of(st->text),
			runs                          ? ms_of_running(v)
			: st->state == SES_STEP_WAITS ? -1
						      : st->ms);
		if (st->said && st->state >= SES_STEP_DOUBT) {
			add_wrapped(a, L_SAID, 0, st->said, SAID_X);
		}
	}
}

static void
add_findings(struct applying *a, const struct diags *d)
{
	for (size_t i = 0; d && i < d->n; i++) {
		const struct diag *f = &d->v[i];
		add_wrapped(a, L_FINDING, scr_state(f), f->text, TEXT_X);
		if (f->hint) {
			add_wrapped(a, L_HINT, 0, f->hint, TEXT_X);
		}
	}
}

static void
build(struct applying *a, const struct ses_apply_view *v)
{
	clear(a);
	add_steps(a, v);
	if (v->running) {
		return;
	}
	if (v->findings && v->findings->n > 0) {
		add(a, L_BLANK, 0, sv_of(""), -1);
		add_findings(a, v->findings);
	}
	if (v->ndifferent > 0) {
		add(a, L_BLANK, 0, sv_of(""), -1);
		add(a, L_HEAD, 0, sv_of(_("What is different now")), -1);
	}
	for (size_t i = 0; i < v->ndifferent; i++) {
		add_wrapped(a, L_TEXT, 0, v->different[i], TEXT_X);
	}
}

/* --- drawing -------------------------------------------------------------------------
 */

static size_t
count(void *self)
{
	return ((const struct applying *)self)->n;
}

static void
put_ms(const struct ui_canvas *c, int64_t ms, bool whole)
{
	char *text = whole ? str_format(_("%lld s"), (long long)(ms / SECOND_MS))
			   : str_format(_("%lld.%lld s"), (long long)(ms / SECOND_MS),
				     (long long)(ms % SECOND_MS / 100));

	ui_put_right(c, ui_at(0, 0, c->w < 76 ? c->w : 75), UI_TEXT, text);
	free(text);
}

static void
draw_line(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	const struct applying *a = self;
	const struct line *l = &a->line[i];
	int room = c->w < 76 ? c->w - 8 : 66;

	(void)row;
	if (l->mark == '.') {
		ui_put(c, ui_at(0, 1, 2), UI_TEXT, "..");
	} else if (l->mark) {
		ui_put_mark(c, 0, 1, l->mark);
	}
	switch (l->kind) {
	case L_STEP:
		ui_put(c, ui_at(0, STEP_X, room - STEP_X), UI_TEXT, l->text);
		if (l->ms >= 0) {
			put_ms(c, l->ms, l->mark == '.');
		}
		break;
	case L_SAID:
		ui_put(c, ui_at(0, SAID_X, 0), UI_TEXT, l->text);
		break;
	case L_HEAD:
		ui_put(c, ui_at(0, 1, 0), UI_STRONG, l->text);
		break;
	case L_TEXT:
	case L_HINT:
	case L_FINDING:
		ui_put(c, ui_at(0, TEXT_X, 0), UI_TEXT, l->text);
		break;
	case L_BLANK:
		break;
	}
}

static const struct ui_list_ops rows = {count, draw_line};

static char *
headline(const struct applying *a, const struct ses_apply_view *v)
{
	struct ses_status st;
	size_t n = a->changes;

	if (v->running) {
		return mem_strdup(_("Applying"));
	}
	if (v->status == NEEDS_PERSON) {
		return mem_strdup(_("Written, but Postfix is not well"));
	}
	if (v->status != 0) {
		return mem_strdup(_("Not applied: nothing was written"));
	}
	ses_status(a->s, &st);
	return st.service == SES_RUNNING
		       ? str_format(P_("Applied: %zu change, Postfix healthy",
					    "Applied: %zu changes, Postfix healthy", n),
				 n)
		       : str_format(
				 P_("Applied: %zu change", "Applied: %zu changes", n), n);
}

static void
draw_head(const struct applying *a, const struct ses_apply_view *v,
	const struct ui_canvas *body, int y)
{
	struct ui_canvas row = ui_canvas_sub(body, y, 0, 1, body->w);
	char *text = headline(a, v);

	ui_put(&row, ui_at(0, 0, row.w - 8), UI_STRONG, text);
	put_ms(&row, v->ms, v->running);
	free(text);
}

/* Once at the end: what went wrong comes into sight, else the steps from their start. */
static void
settle_end(struct applying *a, const struct ses_apply_view *v)
{
	if (a->told || v->running) {
		return;
	}
	a->told = true;
	size_t first = 0;
	while (first < a->n && a->line[first].kind != L_FINDING) {
		first++;
	}
	if (v->status != 0 && first < a->n) {
		ui_list_select(&a->list, a->n - 1);
		ui_list_select(&a->list, first);
	}
}

static void
draw(void *self, const struct ui_canvas *body)
{
	struct applying *a = self;
	struct ses_apply_view v;
	int top = scr_is_low(body) ? 0 : 1;

	ses_apply_view(a->s, &v);
	a->width = body->w;
	build(a, &v);
	a->shown_at = ui_term_now();
	draw_head(a, &v, body, top);
	int foot = v.running ? 0 : scr_is_low(body) ? 1 : 2;
	int room = body->h - top - 1 - foot;
	struct ui_canvas c = ui_canvas_sub(body, top + 1, 0, room, body->w);
	settle_end(a, &v);
	bool hidden = body->paint->hide_focus;
	body->paint->hide_focus = true; /* the rows only stand there */
	ui_list_draw(&a->list, &c);
	body->paint->hide_focus = hidden;
	if (v.running) {
		ui_cursor(body, top, 0);
		return;
	}
	int y = top + 1 + (a->n < (size_t)room ? (int)a->n : room) + (foot > 1 ? 1 : 0);
	buttons_draw(&a->buttons, body, y, true);
}

/* --- events --------------------------------------------------------------------------
 */

static enum ui_result
running_event(struct applying *a, const struct ui_event *ev)
{
	if (ui_event_is(ev, UI_KEY_ESC) && !a->asked_back) {
		a->asked_back = true;
		ses_apply_cancel(a->s);
		ui_app_say(a->app, 0,
			_("Asked to stop: as long as no file is replaced, nothing is "
			  "written."),
			NULL);
	}
	return ui_event_is(ev, UI_KEY_F1) || ui_event_is(ev, UI_CTRL('g')) ? UI_IGNORED
									   : UI_HANDLED;
}

/* Move by one row more than is seen. */
static bool
scroll(struct applying *a, const struct ui_event *ev)
{
	size_t page = a->list.page > 0 ? (size_t)a->list.page : 1;

	if (ui_event_is(ev, UI_KEY_DOWN) || ui_event_is(ev, 'j')) {
		ui_list_select(&a->list, a->list.top + page);
	} else if (ui_event_is(ev, UI_KEY_UP) || ui_event_is(ev, 'k')) {
		ui_list_select(&a->list, a->list.top > 0 ? a->list.top - 1 : 0);
	} else {
		return ui_list_event(&a->list, ev) == UI_LIST_MOVED;
	}
	return true;
}

/* What is done shows on the Overview; what isn't leaves a person where the changes are.
 */
static enum ui_result
close_result(struct applying *a, int status)
{
	if (status == 0 || status == NEEDS_PERSON) {
		(void)scr_go(a->app, a->s, "overview", NULL);
	}
	return UI_DONE;
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct applying *a = self;
	struct ses_apply_view v;

	ses_apply_view(a->s, &v);
	if (v.running) {
		return running_event(a, ev);
	}
	if (ui_event_is(ev, UI_KEY_ENTER) || ui_event_is(ev, UI_KEY_ESC) ||
		buttons_hit(&a->buttons, ev) == 0) {
		return close_result(a, v.status);
	}
	return scroll(a, ev) ? UI_HANDLED : UI_IGNORED;
}

static void
message(void *self, struct ui_message *m)
{
	struct applying *a = self;
	struct ses_apply_view v;

	ses_apply_view(a->s, &v);
	if (v.running) {
		ui_message_set(m, 0,
			a->interruption[0] ? a->interruption
					   : _("Mail goes on meanwhile."),
			_("Leaving the terminal is safe: applying goes on to its end."));
	} else if (v.status == NEEDS_PERSON) {
		ui_message_set(m, '!',
			_("The new files are in place, but Postfix is not well with "
			  "them."),
			_("u takes the last edit back as a new change; then w applies "
			  "it."));
	} else if (v.status != 0) {
		ui_message_set(m, '!',
			_("The files are as they were, and your changes still wait "
			  "here."),
			NULL);
	} else {
		ui_message_set(m, 'o',
			_("Applied; u gives the last edit back as a change "
			  "that waits."),
			NULL);
	}
}

static void
keys(void *self, struct ui_keybar *bar)
{
	struct applying *a = self;
	struct ses_apply_view v;
	const struct ses_change *c;

	ses_apply_view(a->s, &v);
	if (v.running) {
		ui_keybar_add(bar, "Esc", _("stop, if nothing is written yet"));
		bar->help_key = NULL;
		return;
	}
	ui_keybar_add(bar, "Enter", _("done"));
	if (ses_changes(a->s, &c) > 0) {
		ui_keybar_add(bar, "w", _("review again"));
	}
	if (a->list.page > 0 && a->n > (size_t)a->list.page) {
		ui_keybar_add(bar, "j/k", _("scroll"));
	}
	ui_keybar_add(bar, "u", _("undo"));
	ui_keybar_add(bar, "q", _("quit"));
}

static int64_t
deadline(void *self)
{
	struct applying *a = self;
	struct ses_apply_view v;

	ses_apply_view(a->s, &v);
	return v.running ? a->shown_at + SECOND_MS : 0;
}

/* Being called is all: the frame is drawn anew. */
static void
tick(void *self, int64_t now)
{
	((struct applying *)self)->shown_at = now;
}

static void
close_layer(void *self)
{
	struct applying *a = self;

	clear(a);
	free(a->interruption);
	free(a->line);
	free(a);
}

void
applying_push(
	struct ui_app *app, struct session *s, size_t changes, char *take_interruption)
{
	static const struct ui_ops ops = {
		.close = close_layer,
		.draw = draw,
		.event = event,
		.message = message,
		.keys = keys,
		.deadline = deadline,
		.tick = tick,
	};
	struct applying *a = mem_new(1, sizeof(*a));

	a->app = app;
	a->s = s;
	a->changes = changes;
	a->interruption = take_interruption;
	a->width = 80;
	a->shown_at = ui_term_now();
	a->buttons = (struct buttons){.label = {_("Done")}, .n = 1};
	ui_list_init(&a->list, &rows, a);
	ui_app_push(app, &ops, a, false);
}
