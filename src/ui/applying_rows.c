/* SPDX-License-Identifier: MIT
 *
 * From what a session tells of an apply to lines: steps, the words under those that went
 * wrong, findings, and the outcome, wrapped to the width of the body. Steps that an apply
 * never came to are left out once it has ended or turned back.
 */
#include "ui/applying_rows.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/glyph.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

enum {
	SECOND_MS = 1000,
	STEP_X = 4,
	SAID_X = 6,
	TEXT_X = 3,
	LABEL_X = 7,
	WRAP_MOST = 12
};

/* --- lines ---------------------------------------------------------------------------
 */

void
apply_rows_clear(struct apply_rows *a)
{
	for (size_t i = 0; i < a->n; i++) {
		free(a->line[i].text);
	}
	a->n = 0;
}

static void
add(struct apply_rows *a, enum apply_kind kind, char mark, struct sv text, int64_t ms)
{
	a->line = mem_grow(a->line, &a->cap, a->n + 1, sizeof(*a->line));
	a->line[a->n++] = (struct apply_line){kind, mark, sv_dup(text), ms, NULL};
}

static char
step_mark(enum ses_step_state state)
{
	switch (state) {
	case SES_STEP_RUNS:
	case SES_STEP_BACK:
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
add_wrapped(
	struct apply_rows *a, enum apply_kind kind, char mark, const char *text, int x)
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

size_t
apply_rows_back(const struct ses_apply_view *v)
{
	size_t i = 0;

	while (i < v->nsteps && v->steps[i].state != SES_STEP_BACK) {
		i++;
	}
	return i;
}

static void
add_steps(struct apply_rows *a, const struct ses_apply_view *v)
{
	size_t back = apply_rows_back(v);

	for (size_t i = 0; i < v->nsteps; i++) {
		const struct ses_step_view *st = &v->steps[i];
		bool runs = st->state == SES_STEP_RUNS;
		bool waits = st->state == SES_STEP_WAITS;
		if (waits && (!v->running || (back < v->nsteps && i < back))) {
			continue; /* it never came to that */
		}
		add(a, L_STEP, step_mark(st->state), sv_of(st->text),
			runs                 ? ms_of_running(v)
			: waits || i == back ? -1
					     : st->ms);
		if (st->said && st->state >= SES_STEP_DOUBT) {
			add_wrapped(a, L_SAID, 0, st->said, SAID_X);
		}
	}
}

static void
add_findings(struct apply_rows *a, const struct diags *d)
{
	for (size_t i = 0; d && i < d->n; i++) {
		const struct diag *f = &d->v[i];
		add_wrapped(a, L_FINDING, scr_state(f), f->text, TEXT_X);
		if (f->hint) {
			add_wrapped(a, L_HINT, 0, f->hint, TEXT_X);
		}
	}
}

/* Where all this can be read again. */
static void
add_history(struct apply_rows *a, unsigned no)
{
	char label[SCR_LABEL_MAX];
	char *text = str_format(
		_("To be read again: %s, no. %u"), scr_label("history", label), no);

	add_wrapped(a, L_TEXT, 0, text, TEXT_X);
	free(text);
}

/* A word at the left, and its text beside it. */
static void
add_labelled(struct apply_rows *a, const char *label, const char *text)
{
	size_t first = a->n;

	if (!text) {
		return;
	}
	add_wrapped(a, L_LABEL, 0, text, LABEL_X);
	a->line[first].label = label;
}

static bool
is_back(const struct ses_apply_view *v)
{
	return v->put_back && v->now;
}

void
apply_rows_build(struct apply_rows *a, const struct ses_apply_view *v, int width)
{
	a->width = width;
	apply_rows_clear(a);
	add_steps(a, v);
	if (v->running) {
		return;
	}
	if (is_back(v)) {
		add(a, L_BLANK, 0, sv_of(""), -1);
		add_labelled(a, _("Why"), v->why);
		add_labelled(a, _("Now"), v->now);
		add_labelled(a, _("Kept"), v->kept);
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
	if (v->waits) {
		add_wrapped(a, L_TEXT, 0, v->waits, TEXT_X);
	}
	if (v->history) {
		add_history(a, v->history);
	}
}

/* --- drawing -------------------------------------------------------------------------
 */

void
apply_rows_put_ms(const struct ui_canvas *c, int64_t ms, bool whole)
{
	char *text = whole ? str_format(_("%lld s"), (long long)(ms / SECOND_MS))
			   : str_format(_("%lld.%lld s"), (long long)(ms / SECOND_MS),
				     (long long)(ms % SECOND_MS / 100));

	ui_put_right(c, ui_at(0, 0, c->w < 76 ? c->w : 75), UI_TEXT, text);
	free(text);
}

void
apply_rows_draw(const struct apply_rows *a, size_t i, const struct ui_canvas *c)
{
	const struct apply_line *l = &a->line[i];
	int room = c->w < 76 ? c->w - 8 : 66;

	if (l->mark == '.') {
		ui_put(c, ui_at(0, 1, 2), UI_TEXT, "..");
	} else if (l->mark) {
		ui_put_mark(c, 0, 1, l->mark);
	}
	switch (l->kind) {
	case L_STEP:
		ui_put(c, ui_at(0, STEP_X, room - STEP_X), UI_TEXT, l->text);
		if (l->ms >= 0) {
			apply_rows_put_ms(c, l->ms, l->mark == '.');
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
	case L_LABEL:
		ui_put(c, ui_at(0, 1, LABEL_X - 2), UI_STRONG, l->label ? l->label : "");
		ui_put(c, ui_at(0, LABEL_X, 0), UI_TEXT, l->text);
		break;
	case L_BLANK:
		break;
	}
}

/* An illness that was there before doesn't hold a change back. */
bool
apply_rows_ill(const struct ses_apply_view *v)
{
	for (size_t i = 0; v->findings && i < v->findings->n; i++) {
		if (v->findings->v[i].code == DIAG_PF_UNHEALTHY) {
			return true;
		}
	}
	return false;
}
