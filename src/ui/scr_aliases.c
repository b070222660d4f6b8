/* SPDX-License-Identifier: MIT
 *
 * Aliases: who gets mail for local names. The list may have a million rows; only what is
 * visible is asked for, and the walk to the next problem goes over the findings, not over
 * the rows.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/aliases.h"
#include "ui/alias_dialog.h"
#include "ui/filter.h"
#include "ui/live.h"
#include "ui/screens.h"
#include "ui/scrkit.h"
#include "ui/stray.h"

enum {
	NAME_X = 5,
	TARGETS_X = 24,
	LINE_W = 8,
	NO_LINE_BELOW = 70,
	SMALL_BELOW = 50,
	NOTE_LEAST = 12, /* rows of the body that leave one for the description */
};

struct aliases {
	struct ui_app *app;
	struct session *s;
	struct ui_list list;
	struct filter filter;
	struct stray stray;
	struct str note;   /* description that is shown */
	int64_t settle_ms; /* the focused row's is shown then; 0: it is */
	uint64_t seen;     /* ses_gen when it was looked up */
};

/* --- drawing -------------------------------------------------------------------------
 */

static size_t
count(void *self)
{
	return ses_alias_shown(((const struct aliases *)self)->s);
}

static int
targets_x(int w)
{
	return w < SMALL_BELOW ? NAME_X + 14 : TARGETS_X;
}

static char
state_of(const struct ses_alias *a)
{
	char mark = a->finding ? scr_state(a->finding) : a->bad ? '!' : 0;

	return mark ? mark : a->off ? '#' : 0;
}

static void
put_line_number(const struct ses_alias *a, const struct ui_canvas *c)
{
	char *text = a->removed  ? mem_strdup(_("removed"))
		     : a->is_new ? mem_strdup(_("new"))
				 : str_format("%u", a->line);

	ui_put_right(c, ui_at(0, c->w - LINE_W - 4, LINE_W), UI_TEXT, text);
	free(text);
}

static void
put_targets(const struct ui_canvas *c, struct ui_at at, const char *targets)
{
	struct str text = {0};

	scr_untab(sv_of(targets), &text);
	ui_put_sv(c, at, UI_TEXT, str_sv(&text));
	str_free(&text);
}

static void
draw_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	const struct aliases *v = self;
	int x = targets_x(c->w);
	int end = c->w >= NO_LINE_BELOW ? c->w - LINE_W - 5 : c->w;
	struct ses_alias a;

	if (!ses_alias_at(v->s, i, &a)) {
		return;
	}
	row->edit = scr_edit(a.is_new, a.removed, a.edited);
	row->state = state_of(&a);
	ui_put(c, ui_at(0, NAME_X, x - NAME_X - 1), UI_TEXT, a.name);
	if (a.off) {
		x += ui_put(c, ui_at(0, x, 0), UI_FAINT, _("off: "));
	}
	put_targets(c, ui_at(0, x, end - x), a.targets);
	if (c->w >= NO_LINE_BELOW) {
		put_line_number(&a, c);
	}
}

static const struct ui_list_ops rows = {count, draw_row};

static void
draw_columns(const struct ui_canvas *body, int y)
{
	ui_put(body, ui_at(y, NAME_X, 0), UI_STRONG, _("Name"));
	ui_put(body, ui_at(y, targets_x(body->w), 0), UI_STRONG, _("Targets"));
	if (body->w > NO_LINE_BELOW) {
		ui_put_right(body, ui_at(y, body->w - LINE_W - 5, LINE_W), UI_STRONG,
			_("Line"));
	}
}

static void
draw_filter(struct aliases *v, const struct ui_canvas *body, int y, int h)
{
	size_t n = ses_alias_shown(v->s);
	char *shown = str_format(body->w < 60 ? P_("%zu shown", "%zu shown", n)
					      : P_("%zu shown, name or target",
							"%zu shown, name or target", n),
		n);

	filter_draw(&v->filter, body, y, shown, &v->list, h);
	free(shown);
}

static void
draw_heading(struct aliases *v, const struct ui_canvas *body, int y, int h)
{
	char *place = str_format("%s, %zu", ses_alias_place(v->s), ses_alias_total(v->s));

	if (filter_shows(&v->filter)) {
		scr_heading(body, y, _("Who gets mail for local names"), place);
	} else {
		scr_heading_list(
			body, y, _("Who gets mail for local names"), place, &v->list, h);
	}
	free(place);
}

static void
draw_note(const struct aliases *v, const struct ui_canvas *body)
{
	if (v->note.n > 0) {
		ui_putf(body, ui_at(body->h - 1, 1, 0), UI_FAINT, "# %s",
			str_c(&v->note));
	}
}

/* Look up the description of the focused row. */
static void
settle(struct aliases *v)
{
	struct ses_alias a;

	v->settle_ms = 0;
	v->seen = ses_gen(v->s);
	str_clear(&v->note);
	if (ses_alias_at(v->s, v->list.focus, &a) && a.note) {
		str_add_cstr(&v->note, a.note);
	}
}

/* Why there is no row. */
static void
draw_empty(struct aliases *v, const struct ui_canvas *c)
{
	const struct diags *d = ses_findings(v->s);
	const char *text = filter_shows(&v->filter) ? _("No alias has that text.")
						    : _("No alias. a adds one.");
	struct ses_status st;

	ses_status(v->s, &st);
	for (size_t i = 0; i < d->n; i++) {
		if (d->v[i].sev == SEV_ERROR && d->v[i].loc.line == 0 && st.aliases &&
			d->v[i].loc.file && strcmp(d->v[i].loc.file, st.aliases) == 0) {
			text = d->v[i].text;
		}
	}
	ui_put_wrapped(c, ui_at(0, NAME_X, 0), UI_TEXT, sv_of(text), c->h);
}

static void
draw(void *self, const struct ui_canvas *body)
{
	struct aliases *v = self;
	bool note = ui_usual_h(body) >= NOTE_LEAST, columns = !scr_is_low(body);
	int y = 1 + (filter_shows(&v->filter) ? 1 : 0) + (columns ? 1 : 0);
	struct ui_canvas c =
		ui_canvas_sub(body, y, 0, body->h - y - (note ? 1 : 0), body->w);

	if (v->settle_ms == 0 && v->seen != ses_gen(v->s)) {
		settle(v);
	}
	ui_list_draw(&v->list, &c);
	if (ses_alias_shown(v->s) == 0) {
		draw_empty(v, &c);
	}
	draw_heading(v, body, 0, c.h);
	if (columns) {
		draw_columns(body, y - 1);
	}
	if (filter_shows(&v->filter)) {
		draw_filter(v, body, 1, c.h);
	}
	if (note) {
		draw_note(v, body);
	}
}

/* --- edits ---------------------------------------------------------------------------
 */

static void
go_to(struct aliases *v, uint32_t id)
{
	size_t row = ses_alias_row_of(v->s, id);

	if (row >= ses_alias_shown(v->s)) {
		filter_clear(&v->filter);
		(void)ses_alias_filter(v->s, "");
		row = ses_alias_row_of(v->s, id);
	}
	ui_list_select(&v->list, row);
	settle(v);
}

static void
on_written(void *self, uint32_t id)
{
	go_to(self, id);
}

static void
open_dialog(struct aliases *v, uint32_t id, struct sv pasted)
{
	if (live_may_edit(v->app, v->s)) {
		alias_dialog_push(&(struct alias_dialog){.app = v->app,
			.s = v->s,
			.id = id,
			.pasted = pasted,
			.done = on_written,
			.self = v});
	}
}

/* The focused row, if something can be done with it; else the screen says why not. */
static bool
focused(struct aliases *v, struct ses_alias *a)
{
	if (!ses_alias_at(v->s, v->list.focus, a)) {
		return false;
	}
	if (a->removed) {
		ui_app_say(v->app, 0, _("This row is removed already; u brings it back."),
			NULL);
	}
	return !a->removed;
}

static void
edit_row(struct aliases *v)
{
	struct ses_alias a;

	if (!focused(v, &a)) {
		return;
	}
	if (a.bad) {
		ui_app_say(v->app, '?',
			_("Postfix drops this line: it has no name and targets to edit."),
			_("d removes it; u brings it back."));
		return;
	}
	open_dialog(v, a.id, sv_of(""));
}

static void
remove_row(struct aliases *v)
{
	struct diags d = {0};
	struct ses_alias a;

	if (focused(v, &a) && ses_alias_remove(v->s, a.id, &d)) {
		ui_app_say(v->app, 'o', _("Removed; u brings it back."), NULL);
	}
	scr_say(v->app, &d);
}

static void
toggle_row(struct aliases *v)
{
	struct diags d = {0};
	struct ses_alias a;

	if (focused(v, &a)) {
		(void)ses_alias_enable(v->s, a.id, a.off, &d);
	}
	scr_say(v->app, &d);
}

static void
mend_row(struct aliases *v)
{
	struct diags d = {0};
	struct ses_alias a;

	if (!focused(v, &a)) {
		return;
	}
	if (!live_may_edit(v->app, v->s)) {
		return;
	}
	if (!ses_alias_repair(v->s, a.id)) {
		ui_app_say(v->app, 0, _("Nothing on this row is to be mended."), NULL);
	} else if (ses_alias_mend(v->s, a.id, &d)) {
		ui_app_say(v->app, 'o', _("Mended; u takes it back."), NULL);
	}
	scr_say(v->app, &d);
}

/* --- the next problem ----------------------------------------------------------------
 */

/* Whether the finding is a marked one about an alias that is shown, and in which row. */
static bool
finding_row(struct aliases *v, const struct diag *d, size_t *row)
{
	if (!scr_state(d) || !d->loc.entry ||
		strcmp(ses_finding_screen(v->s, d), "aliases") != 0) {
		return false;
	}
	*row = ses_alias_row_of(v->s, d->loc.entry - 1);
	return *row < ses_alias_shown(v->s);
}

/* What has a row, even one that the filter hides. */
static bool
shows(void *self, const struct diag *d)
{
	(void)self;
	return d->loc.entry != 0;
}

static const struct diag *
stray(struct aliases *v)
{
	return stray_find(&v->stray, v->s, &(struct stray_rows){"aliases", shows, v});
}

static bool
problem(void *self, int dir, bool from_edge)
{
	struct aliases *v = self;
	size_t shown = ses_alias_shown(v->s), best = SIZE_MAX, row;
	const struct diags *d;

	ses_alias_rest(v->s);
	d = ses_findings(v->s);
	/* Findings are in the order of the file, as rows are: the first one beyond the
	 * focus in the walk's direction is the nearest. */
	for (size_t k = 0; k < d->n && best == SIZE_MAX; k++) {
		size_t i = dir > 0 ? k : d->n - 1 - k;
		if (finding_row(v, &d->v[i], &row) &&
			(from_edge ||
				(dir > 0 ? row > v->list.focus : row < v->list.focus))) {
			best = row;
		}
	}
	if (best < shown) {
		ui_list_select(&v->list, best);
		settle(v);
	}
	return stray_stop(&v->stray, v->app, stray(v), best < shown);
}

/* --- events --------------------------------------------------------------------------
 */

static void
set_filter(struct aliases *v)
{
	struct ses_alias a;
	bool had = ses_alias_at(v->s, v->list.focus, &a);
	uint32_t id = had ? a.id : 0;

	(void)ses_alias_filter(v->s, filter_text(&v->filter));
	if (had && filter_text(&v->filter)[0] == '\0') {
		ui_list_select(&v->list, ses_alias_row_of(v->s, id));
	} else {
		ui_list_select(&v->list, 0);
	}
	v->settle_ms = ui_term_now() + LIVE_PAUSE_MS;
}

static enum ui_result
letter(struct aliases *v, int key)
{
	switch (key) {
	case 'a':
		open_dialog(v, SES_ALIAS_NEW, sv_of(""));
		return UI_HANDLED;
	case 'd':
	case UI_KEY_DELETE:
		remove_row(v);
		return UI_HANDLED;
	case ' ':
		toggle_row(v);
		return UI_HANDLED;
	case 'r':
		mend_row(v);
		return UI_HANDLED;
	default:
		return UI_IGNORED;
	}
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct aliases *v = self;

	switch (filter_event(&v->filter, ev)) {
	case FILTER_CHANGED:
		set_filter(v);
		return UI_HANDLED;
	case FILTER_HANDLED:
		return UI_HANDLED;
	case FILTER_IGNORED:
		break;
	}
	if (ev->kind == UI_EV_PASTE) {
		open_dialog(v, SES_ALIAS_NEW, ev->paste);
		return UI_HANDLED;
	}
	switch (ui_list_event(&v->list, ev)) {
	case UI_LIST_ENTER:
		edit_row(v);
		return UI_HANDLED;
	case UI_LIST_MOVED:
		v->settle_ms = ui_term_now() + LIVE_PAUSE_MS;
		return UI_HANDLED;
	case UI_LIST_IGNORED:
		break;
	}
	return ev->kind == UI_EV_KEY && !v->filter.typing ? letter(v, ev->key)
							  : UI_IGNORED;
}

static void
message(void *self, struct ui_message *m)
{
	struct aliases *v = self;
	struct ses_alias a;

	if (!v->filter.typing && ses_alias_at(v->s, v->list.focus, &a)) {
		scr_message(m, a.finding);
	}
	if (!v->filter.typing) {
		stray_message(m, stray(v));
	}
}

static void
keys(void *self, struct ui_keybar *bar)
{
	const struct aliases *v = self;
	struct ses_alias a;

	if (v->filter.typing) {
		ui_keybar_add(bar, "Enter", _("to the rows"));
		ui_keybar_add(bar, "Esc", _("show all"));
		ui_keybar_add(bar, "Ctrl-U", _("clear"));
		bar->help_key = "F1 Ctrl-G";
		return;
	}
	ui_keybar_add(bar, "a", _("add"));
	ui_keybar_add(bar, "Enter", _("edit"));
	ui_keybar_add(bar, "d", _("remove"));
	ui_keybar_add(bar, _("Space"), _("on/off"));
	if (ses_alias_at(v->s, v->list.focus, &a) && ses_alias_repair(v->s, a.id)) {
		ui_keybar_add(bar, "r", _("mend"));
	}
	ui_keybar_add(bar, "/", _("filter"));
	ui_keybar_add(bar, "n", _("problem"));
	ui_keybar_add(bar, "w", _("apply"));
}

static bool
typing(void *self)
{
	return ((const struct aliases *)self)->filter.typing;
}

static int64_t
deadline(void *self)
{
	return ((const struct aliases *)self)->settle_ms;
}

static void
tick(void *self, int64_t now)
{
	struct aliases *v = self;

	if (v->settle_ms && now >= v->settle_ms) {
		settle(v);
		ses_alias_rest(v->s);
	}
}

static void *
open_screen(struct ui_app *app, void *owner)
{
	struct aliases *v = mem_new(1, sizeof(*v));

	v->app = app;
	v->s = ((const struct scr_env *)owner)->s;
	ui_list_init(&v->list, &rows, v);
	(void)ses_alias_filter(v->s, "");
	v->settle_ms = ui_term_now() + LIVE_PAUSE_MS;
	return v;
}

static void
close_screen(void *self)
{
	struct aliases *v = self;

	filter_free(&v->filter);
	str_free(&v->note);
	free(v);
}

static const struct ui_ops ops = {
	.open = open_screen,
	.close = close_screen,
	.draw = draw,
	.event = event,
	.message = message,
	.keys = keys,
	.typing = typing,
	.deadline = deadline,
	.tick = tick,
	.problem = problem,
};

const struct ui_screen scr_aliases = {"aliases", N_("Aliases"), '5', &ops};

void
scr_aliases_reveal(void *self, const struct scr_target *target)
{
	struct aliases *v = self;
	uint32_t id;

	if (target->finding && target->finding->loc.entry) {
		go_to(v, target->finding->loc.entry - 1);
	} else if (target->name && ses_alias_find(v->s, target->name, &id)) {
		go_to(v, id);
	}
}

void
scr_aliases_about(void *self, struct scr_about *out)
{
	static const struct scr_key help[] = {
		{"a", N_("add an alias")},
		{"Enter", N_("edit")},
		{"d", N_("remove")},
		{"Space", N_("on or off (a # before it)")},
		{"r", N_("mend: write what the message proposes")},
		{"/", N_("filter by name or target, Esc ends it")},
		{NULL, NULL},
	};
	struct aliases *v = self;
	struct ses_alias a;

	if (ses_alias_at(v->s, v->list.focus, &a)) {
		str_add_cstr(&out->row, a.name);
		out->finding = a.finding;
	}
	out->purpose = _("Who gets mail for local names: users, other addresses, files, "
			 "commands or lists (aliases). A name here has no domain. Of two "
			 "entries with one name Postfix takes the first.");
	out->keys = help;
	out->more = "aliases(5)";
}
