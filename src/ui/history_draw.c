/* SPDX-License-Identifier: MIT
 *
 * Rows of the history, and below them what the focused one changed. The strip is made
 * when no key came for a while: a large file takes longer to look into than a key.
 */
#include "ui/history_screen.h"

#include <stdlib.h>
#include <time.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/glyph.h"
#include "ui/scrkit.h"

enum {
	NO_X = 4,
	NO_W = 3,
	WHEN_X = 9,
	DATE_W = 10,
	WHO_X = 27,
	STRIP_ROWS = 9,
	STRIP_LEAST = 15, /* rows of the body that leave room for the strip */
	PLACE_X = 2,
	LINE_X = 15,
	TINY_W = 60
};

/* Where columns begin; 0: not shown. */
struct columns {
	int when_w, who, changes, result;
};

static struct columns
columns(int w)
{
	if (w >= 76) {
		return (struct columns){16, WHO_X, 37, w - 11};
	}
	if (w >= TINY_W - 4) {
		return (struct columns){DATE_W, 0, 21, w - 11};
	}
	return (struct columns){DATE_W, 0, 21, 0};
}

/* --- texts -------------------------------------------------------------------------
 */

char *
history_title(const struct ses_history_row *r)
{
	struct str out = {0};
	char *files;

	if (!r->no) {
		return str_format(_("%s, changed outside postrelay"), r->changes);
	}
	files = str_format(P_("in %zu file", "in %zu files", r->nfiles), r->nfiles);
	str_addf(&out, _("No. %u"), r->no);
	str_addf(&out, P_(", %zu change %s", ", %zu changes %s", r->nchanges),
		r->nchanges, files);
	if (r->actions[0]) {
		str_addf(&out, ", %s", r->actions);
	}
	if (r->ms) { /* nobody knows how long one took that was cut off */
		str_addf(&out, _(", %lld.%lld s"), (long long)(r->ms / 1000),
			(long long)(r->ms % 1000 / 100));
	}
	if (r->of[0]) {
		str_addf(&out, " (%s)", r->of);
	}
	free(files);
	return str_take(&out);
}

static char *
what_changed(const struct ses_history_row *r)
{
	if (!r->no) {
		return str_format(_("%s outside postrelay"), path_file(r->changes));
	}
	return r->of[0] ? str_format("%s: %s", r->of, r->changes)
			: mem_strdup(r->changes);
}

/* Narrow columns hold the day alone. */
static void
when_text(time_t t, int w, char *buf, size_t room)
{
	struct tm tm;

	buf[0] = '\0';
	if (t && localtime_r(&t, &tm)) {
		(void)strftime(
			buf, room, w > DATE_W ? "%Y-%m-%d %H:%M" : "%Y-%m-%d", &tm);
	}
}

/* --- lines of a diff ---------------------------------------------------------------
 */

static void
push_line(struct history_lines *l, enum ses_rline_kind kind, const char *text,
	char *take_place)
{
	struct str shown = {0};

	scr_untab(sv_of(text), &shown);
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = (struct history_line){kind, str_take(&shown), take_place};
}

void
history_lines_free(struct history_lines *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].text);
		free(l->v[i].place);
	}
	free(l->v);
	*l = (struct history_lines){0};
}

void
history_lines_make(struct session *s, const struct ses_history_row *r, unsigned context,
	struct history_lines *out)
{
	const struct ses_rline *line;
	struct diags d = {0};
	size_t n = ses_history_diff(s, r, context, &line, &d);
	const char *file = "";

	history_lines_free(out);
	for (size_t i = 0; i < n; i++) {
		if (line[i].kind == SES_R_FILE) {
			file = path_file(line[i].text);
		}
		push_line(out, line[i].kind, line[i].text,
			line[i].line ? str_format("%s %u", file, line[i].line) : NULL);
	}
	for (size_t i = 0; i < d.n; i++) {
		push_line(out, SES_R_SAME, d.v[i].text, NULL);
	}
	diag_clear(&d);
}

void
history_line_put(const struct ui_canvas *c, int y, int x, const struct history_line *l)
{
	char mark = l->kind == SES_R_DEL ? '-' : l->kind == SES_R_ADD ? '+' : 0;

	switch (l->kind) {
	case SES_R_FILE:
		ui_put(c, ui_at(y, x + 1, 0), UI_STRONG, l->text);
		break;
	case SES_R_HUNK:
		ui_put(c, ui_at(y, x, 0), UI_FAINT, l->text);
		break;
	case SES_R_DEL:
	case SES_R_ADD:
	case SES_R_SAME:
		ui_put_mark(c, y, x, mark);
		ui_put(c, ui_at(y, x + 1, 0), UI_TEXT, l->text);
		break;
	}
}

/* --- rows --------------------------------------------------------------------------
 */

/* New entries come in at the top: the focus stays on its row. */
static void
follow(struct history *v)
{
	unsigned newest = ses_history_newest(v->s);

	for (size_t i = 0; newest != v->newest && v->at_no && i < v->n; i++) {
		if (v->row[i].no == v->at_no) {
			ui_list_select(&v->list, i);
		}
	}
	v->newest = newest;
	v->at_no = v->list.focus < v->n ? v->row[v->list.focus].no : 0;
}

static size_t
count(void *self)
{
	return ((const struct history *)self)->n;
}

static void
draw_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	const struct history *v = self;
	const struct ses_history_row *r = &v->row[i];
	struct columns at = columns(c->w);
	char when[32], *what = what_changed(r), *no = str_format("%u", r->no);

	row->state = r->mark;
	when_text(r->when, at.when_w, when, sizeof(when));
	ui_put_right(c, ui_at(0, NO_X, NO_W), UI_TEXT, r->no ? no : "--");
	ui_put(c, ui_at(0, WHEN_X, at.when_w), UI_TEXT, when);
	if (at.who) {
		ui_put(c, ui_at(0, at.who, at.changes - at.who - 1), UI_TEXT,
			r->who[0] ? r->who : _("unknown"));
	}
	ui_put(c, ui_at(0, at.changes, at.result ? at.result - at.changes - 1 : 0),
		UI_TEXT, what);
	if (at.result) {
		ui_put(c, ui_at(0, at.result, 0), UI_TEXT, r->result);
	}
	free(what);
	free(no);
}

const struct ui_list_ops history_rows = {count, draw_row};

/* --- the strip ---------------------------------------------------------------------
 */

/* What going back to this row would take along. */
static char *
words_for(const struct history *v)
{
	const struct ses_history_row *r = &v->row[v->list.focus];
	unsigned newest = ses_history_newest(v->s);

	if (!r->no) {
		return mem_strdup(
			_("Somebody changed the file by other means; u and b say "
			  "when they take that back."));
	}
	if (r->no == newest) {
		return mem_strdup(_("u takes the newest change back."));
	}
	if (r->no + 1 == newest) {
		return str_format(_("Restoring %u would also take back what came after "
				    "it, that is no. %u."),
			r->no, newest);
	}
	return str_format(
		_("Restoring %u would also take back what came after it, that is "
		  "no. %u to %u."),
		r->no, r->no + 1, newest);
}

void
history_settle(struct history *v)
{
	v->settle_ms = 0;
	free(v->strip);
	free(v->words);
	v->strip = v->words = NULL;
	v->strip_of = NULL;
	history_lines_free(&v->lines);
	if (v->list.focus >= v->n) {
		return;
	}
	v->strip_of = v->row[v->list.focus].files;
	v->strip = history_title(&v->row[v->list.focus]);
	v->words = words_for(v);
	history_lines_make(v->s, &v->row[v->list.focus], 0, &v->lines);
}

/* The place of line i, unless the line before it has the same. */
static const char *
place_of(const struct history *v, size_t i)
{
	const char *place = v->lines.v[i].place;
	const char *before = i > 0 ? v->lines.v[i - 1].place : NULL;

	return place && before && strcmp(place, before) == 0 ? NULL : place;
}

/* Is the strip about another row than the focused one, and no key pending? */
static bool
is_stale(const struct history *v)
{
	const void *row = v->list.focus < v->n ? v->row[v->list.focus].files : NULL;

	return v->settle_ms == 0 && v->strip_of != row;
}

void
history_refresh(struct history *v)
{
	v->n = ses_history(v->s, filter_text(&v->filter), &v->row, NULL);
	follow(v);
	if (is_stale(v)) {
		history_settle(v);
	}
}

/* Only lines that changed: which file they are of stands before each. */
static void
draw_strip(const struct history *v, const struct ui_canvas *body)
{
	int y = body->h - STRIP_ROWS + 1;
	bool place = body->w >= TINY_W;

	if (!v->strip) {
		return;
	}
	ui_put(body, ui_at(y++, 1, 0), UI_STRONG, v->strip);
	for (size_t i = 0; i < v->lines.n; i++) {
		const struct history_line *l = &v->lines.v[i];

		if (l->kind == SES_R_FILE || l->kind == SES_R_HUNK) {
			continue;
		}
		if (y == body->h) {
			ui_put(body, ui_at(y - 1, body->w - 1, 1), UI_TEXT, "v");
			return;
		}
		if (place && place_of(v, i)) {
			ui_put(body, ui_at(y, PLACE_X, LINE_X - PLACE_X - 1), UI_TEXT,
				place_of(v, i));
		}
		struct ui_canvas c = ui_canvas_sub(body, y++, 0, 1, body->w - 1);
		history_line_put(&c, 0, place ? LINE_X : PLACE_X, l);
	}
}

/* --- the whole ---------------------------------------------------------------------
 */

static void
draw_columns(const struct ui_canvas *body, int y)
{
	struct columns at = columns(body->w - 1);

	ui_put_right(body, ui_at(y, NO_X, NO_W), UI_STRONG, _("No"));
	ui_put(body, ui_at(y, WHEN_X, at.when_w), UI_STRONG, _("When"));
	if (at.who) {
		ui_put(body, ui_at(y, at.who, 0), UI_STRONG, _("Who"));
	}
	ui_put(body, ui_at(y, at.changes, 0), UI_STRONG, _("Changes"));
	if (at.result) {
		ui_put(body, ui_at(y, at.result, 0), UI_STRONG, _("Result"));
	}
}

static void
draw_filter(struct history *v, const struct ui_canvas *body, int y, int h)
{
	char *text = str_format(P_("%zu shown", "%zu shown", v->n), v->n);

	filter_draw(&v->filter, body, y, text, &v->list, h);
	free(text);
}

void
history_draw(void *self, const struct ui_canvas *body)
{
	struct history *v = self;
	bool low = scr_is_low(body), strip = ui_usual_h(body) >= STRIP_LEAST;
	int top = low ? 0 : 1, y = top + 1 + (filter_shows(&v->filter) ? 1 : 0);

	history_refresh(v);
	if (v->n == 0 && !filter_shows(&v->filter)) {
		scr_heading(body, top, _("What was applied"), "");
		ui_put(body, ui_at(top + 1, 5, 0), UI_TEXT,
			_("nothing yet, by postrelay"));
		return;
	}
	if (!low) {
		draw_columns(body, y++);
	}
	struct ui_canvas c = ui_canvas_sub(
		body, y, 0, body->h - y - (strip ? STRIP_ROWS : 0), body->w);
	ui_list_draw(&v->list, &c);
	if (filter_shows(&v->filter)) {
		scr_heading(body, top, _("What was applied"), "");
		draw_filter(v, body, top + 1, c.h);
	} else {
		scr_heading_list(body, top, _("What was applied"), "", &v->list, c.h);
	}
	if (strip) {
		draw_strip(v, body);
	}
}
