/* SPDX-License-Identifier: MIT
 *
 * What Review shows. Where there is room, only the diff scrolls; on low terminals
 * everything is one list.
 */
#include "ui/review_screen.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/glyph.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

enum {
	TEXT_X = 4,
	WHY_X = 17,
	LABEL_W = 14,
	BUTTONS_W = 60, /* for all three of them with long labels */
	PLACE_W = 20,   /* "row 12 of 345", and a gap */
	FINDINGS_MOST = 3,
	DIFF_LEAST = 4,
	ONE_LIST_BELOW = 14
};

/* --- rows ----------------------------------------------------------------------------
 */

static void
push(struct review *v, enum vkind kind, size_t i)
{
	v->row = mem_grow(v->row, &v->cap, v->n + 1, sizeof(*v->row));
	v->row[v->n++] = (struct vrow){kind, i};
}

static bool
is_folded(const struct review *v, size_t file)
{
	return file < v->nfolded && v->folded[file];
}

static void
push_diff(struct review *v)
{
	size_t file = SIZE_MAX; /* the first heading makes it 0 */

	for (size_t i = 0; i < v->r.nlines; i++) {
		bool heading = v->r.lines[i].kind == SES_R_FILE;
		file += heading ? 1 : 0;
		if (heading || !is_folded(v, file)) {
			push(v, V_DIFF, i);
		}
	}
	v->ndiff = v->n;
}

/* Few, so that the diff is seen; more where rows would stay empty. */
static void
push_findings(
	struct review *v, enum vkind head, enum vkind kind, size_t n, size_t free_rows)
{
	size_t most = free_rows > FINDINGS_MOST ? free_rows : FINDINGS_MOST;
	size_t shown = v->one_list || n <= most ? n : most - 1;

	if (n > 0) {
		push(v, head, 0);
	}
	for (size_t i = 0; i < shown; i++) {
		push(v, kind, i);
	}
	if (shown < n) {
		push(v, V_MORE, n - shown);
	}
}

void
review_refresh(struct review *v)
{
	ses_review(v->s, false, &v->r);
	v->others = ses_others(v->s);
	v->n = 0;
	push_diff(v);
	push_findings(v, V_CHANGED, V_OTHER, v->others ? v->others->n : 0, 0);
	push_findings(v, V_HOLDS, V_HOLD, v->r.nholds, 0);
	if (v->r.nactions > 0 || v->r.can_start) {
		push(v, V_THEN, 0);
	}
	if (v->r.can_start) {
		push(v, V_START, 0);
	}
	for (size_t i = 0; i < v->r.nactions; i++) {
		push(v, V_ACTION, i);
	}
	if (v->r.probe_to) {
		push(v, V_PROBE, 0);
	}
	size_t used = v->n + 1; /* its heading */
	push_findings(
		v, V_STAYS, V_STAY, v->r.nstays, v->room > used ? v->room - used : 0);
}

static size_t
count(void *self)
{
	const struct review *v = self;

	return v->one_list ? v->n : v->ndiff;
}

/* The number of the file whose lines row i belongs to. */
size_t
review_file_of(const struct review *v, size_t i)
{
	size_t file = SIZE_MAX;

	for (size_t k = 0; k < v->r.nlines; k++) {
		file += v->r.lines[k].kind == SES_R_FILE ? 1 : 0;
		if (i < v->ndiff && v->row[i].i == k) {
			return file;
		}
	}
	return file;
}

/* --- drawing -------------------------------------------------------------------------
 */

static void
put_text(const struct ui_canvas *c, const char *line)
{
	struct str text = {0};

	scr_untab(sv_of(line), &text);
	ui_put_sv(c, ui_at(0, TEXT_X + 1, 0), UI_TEXT, str_sv(&text));
	str_free(&text);
}

static void
put_diff(const struct review *v, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	const struct ses_rline *l = &v->r.lines[v->row[i].i];
	char mark = l->kind == SES_R_DEL ? '-' : l->kind == SES_R_ADD ? '+' : 0;

	row->cursor_x = TEXT_X;
	switch (l->kind) {
	case SES_R_FILE:
		row->cursor_x = TEXT_X + 1;
		ui_putf(c, ui_at(0, TEXT_X + 1, 0), UI_STRONG, "%s%s",
			is_folded(v, review_file_of(v, i)) ? "[+] " : "", l->text);
		break;
	case SES_R_HUNK:
		ui_put(c, ui_at(0, TEXT_X, 0), UI_FAINT, l->text);
		break;
	case SES_R_DEL:
	case SES_R_ADD:
	case SES_R_SAME:
		ui_put_mark(c, 0, TEXT_X, mark);
		put_text(c, l->text);
		break;
	}
}

static void
put_action(const struct ui_canvas *c, const char *what, const char *why)
{
	int used = ui_put(c, ui_at(0, 3, 0), UI_TEXT, what);
	int x = 3 + used < WHY_X ? WHY_X : 3 + used + 2;

	ui_put(c, ui_at(0, x, 0), UI_TEXT, why);
}

static void
put_finding(const struct review *v, const struct diag *d, const struct ui_canvas *c)
{
	char label[SCR_LABEL_MAX];
	int room = c->w - 3;

	ui_put_mark(c, 0, 1, scr_state(d));
	if (c->w >= 60 && scr_label(ses_finding_screen(v->s, d), label)[0]) {
		int w = scr_labels_w(LABEL_W);
		ui_put(c, ui_at(0, c->w - w, 0), UI_TEXT, label);
		room = c->w - w - 5;
	}
	ui_put(c, ui_at(0, 3, room), UI_TEXT, d->text);
}

static void
put_more(const struct ui_canvas *c, size_t n)
{
	char *text = str_format(P_("and %zu more", "and %zu more", n), n);

	ui_put(c, ui_at(0, 3, 0), UI_TEXT, text);
	free(text);
}

static void
draw_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	const struct review *v = self;
	const struct vrow *r = &v->row[i];

	row->cursor_x = 3;
	switch (r->kind) {
	case V_DIFF:
		put_diff(v, i, row, c);
		break;
	case V_THEN:
		ui_put(c, ui_at(0, 1, 0), UI_STRONG, _("Then"));
		break;
	case V_HOLDS:
		ui_put(c, ui_at(0, 1, 0), UI_STRONG, _("Holds the apply back"));
		break;
	case V_STAYS:
		ui_put(c, ui_at(0, 1, 0), UI_STRONG, _("Stays"));
		break;
	case V_ACTION:
		put_action(c, v->r.actions[r->i].what, v->r.actions[r->i].why);
		break;
	case V_START:
		row->cursor_x = 4;
		put_action(c, v->r.start ? _("[x] start") : _("[ ] start"),
			v->r.start
				? _("because Postfix is not running (s leaves it down)")
				: _("Postfix is not running (s has it started)"));
		break;
	case V_PROBE:
		row->cursor_x = 4;
		put_action(c, v->r.probe ? _("[x] probe") : _("[ ] probe"),
			_("asks the upstream in the end if it takes mail; sends none "
			  "(p)"));
		break;
	case V_HOLD:
		put_finding(v, v->r.holds[r->i], c);
		break;
	case V_STAY:
		put_finding(v, v->r.stays[r->i], c);
		break;
	case V_CHANGED:
		ui_put(c, ui_at(0, 1, 0), UI_STRONG,
			_("Changed by somebody else meanwhile"));
		break;
	case V_OTHER:
		ui_put(c, ui_at(0, 3, 0), UI_TEXT, v->others->v[r->i].text);
		break;
	case V_MORE:
		put_more(c, r->i);
		break;
	}
}

const struct ui_list_ops review_rows = {count, draw_row};

static const char *
only_act(const struct review *v)
{
	return v->r.act == SES_ACT_BUILD
		       ? _("Review: no change, but a table is to be built")
	       : v->r.can_start ? _("Review: no change, but Postfix is down")
	       : v->r.act == SES_ACT_RESTART
		       ? _("Review: no change, but a restart is due")
	       : v->r.act == SES_ACT_RELOAD ? _("Review: no change, but a reload is due")
					    : _("Review: no change waits");
}

static void
draw_head(struct review *v, const struct ui_canvas *body, int y, int h)
{
	const struct ses_change *c;
	size_t changes = ses_changes(v->s, &c);
	char *many = str_format(
		P_("Review: %zu change", "Review: %zu changes", changes), changes);
	char *files =
		str_format(P_("in %zu file", "in %zu files", v->r.files), v->r.files);
	char *brief = str_format("%s %s", many, files);
	char *text = changes == 0 ? mem_strdup(only_act(v))
				  : str_format(_("%s %s, nothing is written yet"), many,
					    files);
	int place = count(v) > (size_t)h ? PLACE_W : 0;
	bool fits = ui_width(sv_of(text)) + place <= body->w;

	scr_heading_list(body, y, changes == 0 || fits ? text : brief, "", &v->list, h);
	free(brief);
	free(text);
	free(files);
	free(many);
}

/* Rows that the list has: all that the rest leaves, but not more than it needs. */
static int
list_rows(struct review *v, int room)
{
	size_t n = count(v);
	int rest = v->one_list ? 0 : (int)(v->n - v->ndiff);
	int h = room - rest;

	h = h < DIFF_LEAST ? DIFF_LEAST : h;
	h = h > room ? room : h;
	return n < (size_t)h ? (int)n : h;
}

static void
draw_list(struct review *v, const struct ui_canvas *c)
{
	bool hidden = c->paint->hide_focus;

	c->paint->hide_focus = hidden || !v->on_lines;
	ui_list_draw(&v->list, c);
	c->paint->hide_focus = hidden;
}

void
review_draw(void *self, const struct ui_canvas *body)
{
	struct review *v = self;
	struct ui_row unused = {0};

	v->one_list = ui_usual_h(body) < ONE_LIST_BELOW;
	v->room = body->h > 3 ? (size_t)body->h - 3 : 0; /* a blank row, too */
	review_refresh(v);
	int room = body->h - 2, h = list_rows(v, room), y = 1 + h;
	struct ui_canvas c = ui_canvas_sub(body, 1, 0, h, body->w);
	draw_list(v, &c);
	draw_head(v, body, 0, h);
	for (size_t i = v->ndiff; !v->one_list && i < v->n && y < body->h - 1; i++) {
		struct ui_canvas line = ui_canvas_sub(body, y++, 0, 1, body->w);
		draw_row(v, i, &unused, &line);
	}
	y += y < body->h - 1 ? 1 : 0;
	v->buttons.label[B_KEEP] = body->w < BUTTONS_W ? _("Keep") : _("Keep as draft");
	buttons_draw(&v->buttons, body, y, !v->on_lines);
}
