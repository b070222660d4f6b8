/* SPDX-License-Identifier: MIT
 *
 * Drawing goes to ncurses' standard screen, sign by sign, each clipped to its canvas; a
 * two-column sign that would be cut in half becomes a blank. ncurses then sends only what
 * differs from what the terminal shows.
 */
#include "ui/draw.h"

#include <curses.h>
#include <stdarg.h>
#include <stdlib.h>

#include "ui/glyph.h"

struct ui_canvas
ui_canvas_sub(const struct ui_canvas *c, int y, int x, int h, int w)
{
	y = y < 0 ? 0 : y > c->h ? c->h : y;
	x = x < 0 ? 0 : x > c->w ? c->w : x;
	h = h > c->h - y ? c->h - y : h;
	w = w > c->w - x ? c->w - x : w;
	return (struct ui_canvas){
		c->paint, c->y + y, c->x + x, h < 0 ? 0 : h, w < 0 ? 0 : w};
}

/* Columns from at.x that the place and the canvas leave; 0 when the row is outside. */
static int
room(const struct ui_canvas *c, struct ui_at at)
{
	if (at.y < 0 || at.y >= c->h || at.x < 0 || at.x >= c->w) {
		return 0;
	}
	int left = c->w - at.x;
	return at.w > 0 && at.w < left ? at.w : left;
}

static void
put_cell(const struct ui_canvas *c, int y, int x, enum ui_role role, const wchar_t *wc)
{
	unsigned both = c->paint->attr[role];
	cchar_t cell;

	setcchar(&cell, wc, both & (unsigned)~A_COLOR, (short)PAIR_NUMBER((int)both),
		NULL);
	mvadd_wch(c->y + y, c->x + x, &cell);
}

static int
put_glyph(const struct ui_canvas *c, struct ui_at at, enum ui_role role,
	const struct ui_glyph *g)
{
	if (!g->escaped) {
		put_cell(c, at.y, at.x, role, g->wc);
		return g->w;
	}
	for (int i = 0; i < g->w; i++) {
		const wchar_t one[2] = {g->wc[i], 0};
		put_cell(c, at.y, at.x + i, role, one);
	}
	return g->w;
}

/* Draw the signs of text that fit into w columns. */
static int
put_signs(const struct ui_canvas *c, struct ui_at at, enum ui_role role, struct sv text)
{
	struct ui_glyph g;
	int used = 0;

	while (ui_glyph_next(&text, &g) && used + g.w <= at.w) {
		used += put_glyph(c, ui_at(at.y, at.x + used, 0), role, &g);
	}
	return used;
}

int
ui_put_sv(const struct ui_canvas *c, struct ui_at at, enum ui_role role, struct sv text)
{
	int used = 0;

	at.w = room(c, at);
	if (at.w <= 0) {
		return 0;
	}
	size_t fits = ui_fit(text, at.w, &used);
	if (fits == text.n) {
		return put_signs(c, at, role, text);
	}
	at.w--;
	used = put_signs(c, at, role, text);
	for (; used < at.w; used++) {
		put_cell(c, at.y, at.x + used, role, L" ");
	}
	put_cell(c, at.y, at.x + used, role, L"~");
	return used + 1;
}

int
ui_put(const struct ui_canvas *c, struct ui_at at, enum ui_role role, const char *text)
{
	return ui_put_sv(c, at, role, sv_of(text));
}

int
ui_putf(const struct ui_canvas *c, struct ui_at at, enum ui_role role, const char *fmt,
	...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		return 0;
	}
	int used = ui_put_sv(c, at, role, sv_make(text, (size_t)n));
	free(text);
	return used;
}

int
ui_put_right(
	const struct ui_canvas *c, struct ui_at at, enum ui_role role, const char *text)
{
	int w = ui_width(sv_of(text));
	int have = room(c, at);

	if (w < have) {
		at.x += have - w;
		at.w = w;
	}
	ui_put(c, at, role, text);
	return at.x;
}

int
ui_put_wrapped(const struct ui_canvas *c, struct ui_at at, enum ui_role role,
	struct sv text, int max_rows)
{
	struct sv row;
	int y = 0;

	at.w = room(c, at);
	while (text.n > 0 && y < max_rows && at.w > 0) {
		if (y == max_rows - 1) {
			ui_put_sv(c, ui_at(at.y + y, at.x, at.w), role, text);
			return y + 1;
		}
		(void)ui_wrap(text, at.w, &row, 1);
		put_signs(c, ui_at(at.y + y, at.x, at.w), role, row);
		size_t used = row.n;
		if (used < text.n && (text.p[used] == ' ' || text.p[used] == '\n')) {
			used++;
		}
		text = sv_make(text.p + used, text.n - used);
		y++;
		if (at.y + y >= c->h) {
			break;
		}
	}
	return y;
}

enum ui_role
ui_mark_role(char mark)
{
	switch (mark) {
	case '!':
		return UI_BAD;
	case '?':
		return UI_DOUBT;
	case '*':
	case '+':
	case '-':
		return UI_EDIT;
	case '#':
		return UI_FAINT;
	case 'o':
		return UI_GOOD;
	default:
		return UI_TEXT;
	}
}

char
ui_mark_worse(char a, char b)
{
	static const char order[] = "!?*";

	for (size_t i = 0; order[i]; i++) {
		if (a == order[i] || b == order[i]) {
			return order[i];
		}
	}
	return a && a != ' ' ? a : b;
}

int
ui_mark_width(char mark)
{
	return mark == 'o' || mark == '.' ? 2 : 1;
}

void
ui_put_mark(const struct ui_canvas *c, int y, int x, char mark)
{
	const char text[2] = {mark ? mark : ' ', '\0'};
	const char *shown = mark == 'o' ? "ok" : mark == '.' ? ".." : text;

	ui_put(c, ui_at(y, x, ui_mark_width(mark)), ui_mark_role(mark), shown);
}

void
ui_blank(const struct ui_canvas *c, struct ui_at at)
{
	int w = room(c, at);

	for (int i = 0; i < w; i++) {
		put_cell(c, at.y, at.x + i, UI_TEXT, L" ");
	}
}

void
ui_clear(const struct ui_canvas *c)
{
	for (int y = 0; y < c->h; y++) {
		ui_blank(c, ui_at(y, 0, 0));
	}
}

void
ui_cursor(const struct ui_canvas *c, int y, int x)
{
	struct ui_paint *p = c->paint;

	if (y < 0 || y >= c->h) {
		return;
	}
	p->anchor_y = c->y + y;
	if (p->hide_focus) {
		return;
	}
	p->has_cursor = true;
	p->cursor_y = c->y + y;
	p->cursor_x = c->x + (x < 0 ? 0 : x >= c->w ? c->w - 1 : x);
}

void
ui_focus(const struct ui_canvas *c, int y, int x, int cursor_x)
{
	unsigned both = c->paint->attr[UI_FOCUS];
	int w = room(c, ui_at(y, x, 4));

	ui_cursor(c, y, cursor_x);
	if (c->paint->hide_focus || w <= 0) {
		return;
	}
	put_cell(c, y, x, UI_FOCUS, L">");
	mvchgat(c->y + y, c->x + x, w, both & (unsigned)~A_COLOR,
		(short)PAIR_NUMBER((int)both), NULL);
}

void
ui_box(const struct ui_canvas *c, const char *title)
{
	static const wchar_t art[2][6][2] = {
		{L"\x250c", L"\x2510", L"\x2514", L"\x2518", L"\x2500", L"\x2502"},
		{L"+", L"+", L"+", L"+", L"-", L"|"},
	};
	const wchar_t(*a)[2] = art[c->paint->ascii ? 1 : 0];
	int bottom = c->h - 1, right = c->w - 1;

	if (c->h < 2 || c->w < 2) {
		return;
	}
	for (int x = 1; x < right; x++) {
		put_cell(c, 0, x, UI_TEXT, a[4]);
		put_cell(c, bottom, x, UI_TEXT, a[4]);
	}
	for (int y = 1; y < bottom; y++) {
		put_cell(c, y, 0, UI_TEXT, a[5]);
		put_cell(c, y, right, UI_TEXT, a[5]);
	}
	put_cell(c, 0, 0, UI_TEXT, a[0]);
	put_cell(c, 0, right, UI_TEXT, a[1]);
	put_cell(c, bottom, 0, UI_TEXT, a[2]);
	put_cell(c, bottom, right, UI_TEXT, a[3]);
	if (title && c->w > 8) {
		put_cell(c, 0, 2, UI_TEXT, L" ");
		int used = ui_put(c, ui_at(0, 3, c->w - 6), UI_STRONG, title);
		put_cell(c, 0, 3 + used, UI_TEXT, L" ");
	}
}

bool
ui_canvas_hit(const struct ui_canvas *c, int y, int x, int *row, int *col)
{
	*row = y - c->y;
	*col = x - c->x;
	return *row >= 0 && *row < c->h && *col >= 0 && *col < c->w;
}
