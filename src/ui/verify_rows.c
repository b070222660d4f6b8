/* SPDX-License-Identifier: MIT
 *
 * What the Verify screen shows: a copy of the ladder, a row a rung, and below an opened
 * one the words of servers and of Postfix.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/glyph.h"
#include "ui/scrkit.h"
#include "ui/verify_screen.h"

enum {
	NAME_X = 4,
	TEXT_X = 35,
	WORD_X = 7,
	TIME_W = 7,
	NARROW_X = 26,
	SMALL = 50,
	WORD_ROWS = 4
};

/* --- the copy ------------------------------------------------------------------------
 */

static const char *
own(struct verify_screen *v, const char *text)
{
	if (!text) {
		return NULL;
	}
	v->own = mem_grow(v->own, &v->own_cap, v->nown + 1, sizeof(*v->own));
	return v->own[v->nown++] = mem_strdup(text);
}

static void
disown(struct verify_screen *v)
{
	for (size_t i = 0; i < v->nown; i++) {
		free(v->own[i]);
	}
	v->nown = 0;
	v->v.n = 0;
}

void
verify_rows_free(struct verify_screen *v)
{
	disown(v);
	free(v->own);
}

static void
copy_rung(struct verify_screen *v, size_t at, const struct ses_rung *from)
{
	struct ses_rung *to = &v->rung[at];

	*to = *from;
	to->text = own(v, from->text);
	to->says = own(v, from->says);
	to->hint = own(v, from->hint);
	to->nwords = from->nwords < VERIFY_WORDS_MAX ? from->nwords : VERIFY_WORDS_MAX;
	for (size_t i = 0; i < to->nwords; i++) {
		v->words[at][i] = own(v, from->words[i]);
	}
	to->words = v->words[at];
}

static void
add_line(struct verify_screen *v, struct verify_line line)
{
	if (v->nlines < VERIFY_LINES_MAX) {
		v->line[v->nlines++] = line;
	}
}

static void
add_word(struct verify_screen *v, size_t rung, const char *word)
{
	struct sv rows[WORD_ROWS];
	size_t n = ui_wrap(sv_of(word), v->width - WORD_X - 2, rows, WORD_ROWS);

	/* The words are a stranger's: more than fits is left out. */
	for (size_t i = 0; i < n && i < WORD_ROWS; i++) {
		add_line(v, (struct verify_line){rung, true, rows[i]});
	}
}

static void
make_lines(struct verify_screen *v)
{
	v->nlines = 0;
	for (size_t i = 0; i < v->v.n; i++) {
		add_line(v, (struct verify_line){.rung = i});
		for (size_t k = 0; v->open[i] && k < v->rung[i].nwords; k++) {
			add_word(v, i, v->words[i][k]);
		}
	}
}

static bool
is_bad(const struct ses_rung *r)
{
	return r->state == SES_RUNG_FAILED || r->state == SES_RUNG_WARN;
}

/* Words of what has just gone wrong are opened, and closed when it goes well. */
static void
open_words(struct verify_screen *v, const enum ses_rung_state *was, size_t nwas)
{
	for (size_t i = 0; i < v->v.n; i++) {
		if (i < nwas && was[i] == v->rung[i].state) {
			continue;
		}
		v->open[i] = v->rung[i].state == SES_RUNG_FAILED;
	}
}

/* Where the focus goes by itself: with the rung that runs, at last to what went wrong. */
static size_t
wanted(const struct verify_screen *v)
{
	if (v->v.running) {
		return v->v.at;
	}
	for (size_t i = 0; i < v->v.n; i++) {
		if (v->rung[i].state == SES_RUNG_FAILED) {
			return i;
		}
	}
	for (size_t i = 0; i < v->v.n; i++) {
		if (is_bad(&v->rung[i])) {
			return i;
		}
	}
	return v->v.n ? v->v.n - 1 : 0;
}

void
verify_select(struct verify_screen *v, size_t rung)
{
	for (size_t i = 0; i < v->nlines; i++) {
		if (v->line[i].rung == rung && !v->line[i].is_word) {
			ui_list_select(&v->list, i);
		}
	}
}

void
verify_take(struct verify_screen *v)
{
	enum ses_rung_state was[VERIFY_RUNGS_MAX];
	size_t nwas = v->v.n, at = 0;
	struct ses_verify now;

	(void)verify_focused(v, &at);
	for (size_t i = 0; i < nwas; i++) {
		was[i] = v->rung[i].state;
	}
	disown(v);
	ses_verify_view(v->s, &now);
	v->v = now;
	v->v.rungs = v->rung;
	v->v.n = now.n < VERIFY_RUNGS_MAX ? now.n : VERIFY_RUNGS_MAX;
	v->v.to = "";
	for (size_t i = 0; i < v->v.n; i++) {
		copy_rung(v, i, &now.rungs[i]);
	}
	open_words(v, was, nwas);
	make_lines(v);
	verify_select(v, v->follow ? wanted(v) : at);
	v->follow = v->follow && v->v.running;
	v->stale = false;
	v->taken_ms = ui_term_now();
}

const struct ses_rung *
verify_focused(const struct verify_screen *v, size_t *i)
{
	if (v->list.focus >= v->nlines) {
		return NULL;
	}
	*i = v->line[v->list.focus].rung;
	return *i < v->v.n ? &v->rung[*i] : NULL;
}

bool
verify_can_stop(void *self, size_t line)
{
	const struct verify_screen *v = self;

	return line < v->nlines && !v->line[line].is_word;
}

/* --- drawing -------------------------------------------------------------------------
 */

static size_t
count(void *self)
{
	return ((const struct verify_screen *)self)->nlines;
}

static void
put_time(const struct ses_rung *r, const struct ui_canvas *c)
{
	bool took = r->state == SES_RUNG_OK || is_bad(r);

	if (took && c->w >= SMALL) {
		char *text = str_format(_("%lld.%lld s"), (long long)r->ms / 1000,
			(long long)r->ms / 100 % 10);
		ui_put_right(c, ui_at(0, 0, c->w - 5), UI_TEXT, text);
		free(text);
	}
}

static void
put_mark(const struct ses_rung *r, struct ui_row *row, const struct ui_canvas *c)
{
	switch (r->state) {
	case SES_RUNG_OK:
		row->state = 'o';
		break;
	case SES_RUNG_RUNS:
		row->state = '.';
		break;
	case SES_RUNG_WARN:
		row->edit = '?';
		break;
	case SES_RUNG_FAILED:
		row->edit = '!';
		break;
	case SES_RUNG_WAITS:
		ui_put(c, ui_at(0, 1, 2), UI_TEXT, "--");
		break;
	case SES_RUNG_NONE:
		ui_put(c, ui_at(0, 1, 2), UI_TEXT, "-");
		break;
	case SES_RUNG_NOT_YET:
		break;
	}
}

static void
put_rung(const struct ses_rung *r, struct ui_row *row, const struct ui_canvas *c)
{
	bool wide = c->w + 1 >= 80;
	int x = wide ? TEXT_X : NARROW_X,
	    room = c->w - x - (c->w >= SMALL ? TIME_W + 5 : 0);
	int name_w = x - NAME_X - 1, need = ui_width(sv_of(r->name));
	bool alone = r->text[0] == '\0';

	put_mark(r, row, c);
	ui_put(c, ui_at(0, NAME_X, alone ? c->w - NAME_X - TIME_W : name_w),
		r->state == SES_RUNG_NOT_YET || r->state == SES_RUNG_NONE ? UI_FAINT
									  : UI_TEXT,
		r->name);
	if (!alone && need > name_w) { /* a long name pushes its text to the right */
		int by = wide && need + 2 < room ? need - name_w + 1 : 0;
		x += by;
		room -= by;
		if (by) {
			ui_put(c, ui_at(0, NAME_X, need), UI_TEXT, r->name);
		}
	}
	if (!alone && room > 0) {
		ui_put(c, ui_at(0, x, room), UI_TEXT, r->text);
	}
	put_time(r, c);
}

static void
draw_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	const struct verify_screen *v = self;
	const struct verify_line *l = &v->line[i];

	row->cursor_x = NAME_X;
	if (l->is_word) {
		ui_put_sv(c, ui_at(0, WORD_X, 0), UI_TEXT, l->text);
	} else {
		put_rung(&v->rung[l->rung], row, c);
	}
}

const struct ui_list_ops verify_rows = {count, draw_row};

/* "10 ok, 1 failed, 1 waits", "12 ok, 0 failed, in 6.4 s". */
static void
sum_up(const struct verify_screen *v, struct str *out)
{
	const struct ses_verify *w = &v->v;

	if (w->began == 0) {
		return;
	}
	str_addf(out, _("%zu ok, %zu failed"), w->ok, w->failed);
	if (w->warned) {
		str_addf(out, _(", %zu doubtful"), w->warned);
	}
	if (w->waits) {
		str_addf(out, P_(", %zu waits", ", %zu wait", w->waits), w->waits);
	}
	if (w->stopped) {
		str_add_cstr(out, _(", stopped"));
	} else if (!w->running && !w->waits) {
		str_addf(out, _(", in %lld.%lld s"), (long long)w->ms / 1000,
			(long long)w->ms / 100 % 10);
	}
}

void
verify_draw(void *self, const struct ui_canvas *body)
{
	struct verify_screen *v = self;
	struct str sum = {0};
	int top = scr_is_low(body) ? 0 : 1;

	if (!v->v.running || ui_term_now() - v->taken_ms >= 1000) {
		if (v->stale || v->v.n == 0) {
			verify_take(v);
		}
	}
	if (v->width != body->w) {
		size_t at = 0;
		v->width = body->w;
		(void)verify_focused(v, &at);
		make_lines(v);
		verify_select(v, at);
	}
	sum_up(v, &sum);
	scr_heading(body, top, _("Proof from file to inbox"), str_c(&sum));
	struct ui_canvas c = ui_canvas_sub(body, top + 1, 0, body->h - top - 1, body->w);
	ui_list_draw(&v->list, &c);
	str_free(&sum);
}
