/* SPDX-License-Identifier: MIT
 *
 * The rows of the Overview: each with its mark, and at the right the screen that it leads
 * to.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "ui/overview_screen.h"
#include "ui/glyph.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

static int
label_w(const struct overview *o)
{
	return scr_labels_w(o->wide ? 13 : 15);
}

size_t
overview_problem_rows(const struct overview *o, const struct diag *d, struct sv rows[2])
{
	return ui_wrap(sv_of(d->text), o->w - label_w(o) - 5, rows, 2);
}

/* Text from column 4, and at the right the screen that it leads to. Returns whether the
 * text was cut. */
static bool
put_row(const struct overview *o, const struct ui_canvas *c, const char *text,
	const char *screen)
{
	char label[SCR_LABEL_MAX];
	int x = c->w - label_w(o), room = c->w - 3;

	if (!o->small && screen && scr_label(screen, label)[0]) {
		ui_put(c, ui_at(0, x, 0), UI_TEXT, label);
		room = x - 5;
	}
	ui_put(c, ui_at(0, 3, room), UI_TEXT, text);
	return ui_width(sv_of(text)) > room;
}

static bool
put_next(const struct overview *o, const struct ui_canvas *c)
{
	struct ses_next next;

	ses_next(o->s, &next);
	if (!o->small) {
		return put_row(o, c, next.text, next.screen);
	}
	char *text = str_format(_("Next: %s"), next.text);
	bool cut = ui_width(sv_of(text)) > c->w - 2;
	ui_put(c, ui_at(0, 2, 0), UI_TEXT, text);
	free(text);
	return cut;
}

const struct diag *
overview_finding(const struct overview *o)
{
	const struct overview_line *l =
		o->list.focus < o->n ? &o->line[o->list.focus] : NULL;
	struct ses_next next;

	if (l && l->kind == L_PROBLEM) {
		return &ses_findings(o->s)->v[l->i];
	}
	if (l && l->kind == L_NEXT) {
		ses_next(o->s, &next);
		return next.finding;
	}
	return NULL;
}

bool
overview_is_on_setup(const struct overview *o)
{
	const struct overview_line *l =
		o->list.focus < o->n ? &o->line[o->list.focus] : NULL;
	struct ses_next next;

	if (!l || l->kind != L_NEXT) {
		return false;
	}
	ses_next(o->s, &next);
	return strcmp(next.screen, "setup") == 0;
}

static void
put_change(
	const struct overview *o, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	const struct ses_change *v;

	if (i >= ses_changes(o->s, &v)) {
		return;
	}
	row->edit = v[i].mark;
	int used = ui_put(c, ui_at(0, 3, 40), UI_TEXT, v[i].name);
	ui_put(c, ui_at(0, used < 14 ? 18 : 3 + used + 2, 0), UI_TEXT, v[i].text);
}

static void
put_changes(const struct overview *o, struct ui_row *row, const struct ui_canvas *c)
{
	const struct ses_change *v;
	size_t n = ses_changes(o->s, &v);
	char *text = str_format(P_("%zu change waits", "%zu changes wait", n), n);

	row->edit = '*';
	ui_put(c, ui_at(0, 3, 0), UI_TEXT, text);
	if (!o->small) {
		ui_put_right(c, ui_at(0, 3, 0), UI_TEXT, _("w shows them"));
	}
	free(text);
}

/* The row of a problem, or the second one of it. */
static void
put_problem(const struct overview *o, size_t i, const struct ui_canvas *c)
{
	const struct diag *d = &ses_findings(o->s)->v[o->line[i].i];
	bool rest = o->line[i].kind == L_REST;
	bool first = !rest && i + 1 < o->n && o->line[i + 1].kind == L_REST;
	struct sv text[2] = {sv_of(d->text), {0}};

	if (rest || first) {
		(void)overview_problem_rows(o, d, text);
	}
	if (rest) {
		ui_put(c, ui_at(0, 3, c->w - 4), UI_TEXT, text[1].p); /* to the end */
		return;
	}
	char *own = sv_dup(text[0]);
	(void)put_row(o, c, own, ses_finding_screen(o->s, d));
	free(own);
}

void
overview_draw_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	const struct overview *o = self;
	const struct overview_line *l = &o->line[i];
	const struct diags *d = ses_findings(o->s);

	row->cursor_x = 3;
	switch (l->kind) {
	case L_BLANK:
		break;
	case L_HEAD:
		ui_put(c, ui_at(0, 1, 0), UI_STRONG, l->text);
		if (l->i > 0) {
			ui_put_right(c, ui_at(0, 0, c->w - 3), UI_TEXT,
				_("w shows every line"));
		}
		break;
	case L_TEXT:
		ui_put(c, ui_at(0, 3, 0), UI_TEXT, l->text);
		break;
	case L_NEXT:
		(void)put_next(o, c);
		break;
	case L_PROBLEM:
		row->edit = scr_state(&d->v[l->i]);
		put_problem(o, i, c);
		break;
	case L_REST:
		put_problem(o, i, c);
		break;
	case L_CHANGE:
		put_change(o, l->i, row, c);
		break;
	case L_CHANGES:
		put_changes(o, row, c);
		break;
	case L_LAST:
		ui_putf(c, ui_at(0, 3, 0), UI_TEXT, _("none, last applied %s"), l->text);
		break;
	case L_WHERE:
		(void)put_row(o, c, "", "history");
		break;
	}
}
