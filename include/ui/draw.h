/* SPDX-License-Identifier: MIT
 *
 * Putting text on the screen. A canvas is a rectangle: places count from its own top left
 * corner, and nothing is drawn outside it. Everything is drawn anew each time; the
 * terminal gets only the cells that differ. Text may hold any bytes (see glyph.h) and is
 * cut with ~ where it does not fit. A canvas with the focus hidden (behind a dialog)
 * draws no focus and places no cursor.
 */
#ifndef PR_UI_DRAW_H
#define PR_UI_DRAW_H

#include "base/str.h"

/* The eight roles of the screens; ACTIVE is the open tab (reverse). */
enum ui_role {
	UI_TEXT,
	UI_STRONG,
	UI_FAINT,
	UI_FOCUS,
	UI_GOOD,
	UI_DOUBT,
	UI_BAD,
	UI_EDIT,
	UI_ACTIVE,
	UI_ROLES
};

/* What all canvases of one terminal share; term.c fills it, app.c resets it per frame. */
struct ui_paint {
	unsigned attr[UI_ROLES]; /* curses attributes and colour pair */
	bool ascii;              /* no line art */
	bool hide_focus;         /* drawing what lies behind a dialog */
	bool has_cursor;         /* something placed the cursor in this frame */
	int cursor_y, cursor_x;  /* on the screen */
	int anchor_y; /* screen row of the focus, also while hidden; -1: none */
	int taken;    /* rows that long words took from the body */
};

struct ui_canvas {
	struct ui_paint *paint;
	int y, x, h, w; /* on the screen */
};

/* A place in a canvas: row y, from column x, at most w columns (0: to the right end). */
struct ui_at {
	int y, x, w;
};

static inline struct ui_at
ui_at(int y, int x, int w)
{
	return (struct ui_at){y, x, w};
}

/* The rows of a body as it is without long words: layouts fold by the terminal's size. */
static inline int
ui_usual_h(const struct ui_canvas *body)
{
	return body->h + body->paint->taken;
}

/* The part of c that is named, cut to c. */
struct ui_canvas ui_canvas_sub(const struct ui_canvas *c, int y, int x, int h, int w);

/* Draw text and return the columns used. The rest of the place is left as it is. */
int ui_put(
	const struct ui_canvas *c, struct ui_at at, enum ui_role role, const char *text);
int ui_put_sv(
	const struct ui_canvas *c, struct ui_at at, enum ui_role role, struct sv text);
int ui_putf(const struct ui_canvas *c, struct ui_at at, enum ui_role role,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Draw text so that it ends at the place's right end (numbers, positions). Returns the
 * column where it begins. */
int ui_put_right(
	const struct ui_canvas *c, struct ui_at at, enum ui_role role, const char *text);

/* Draw text wrapped into the place's columns, over at most max_rows rows from at.y, the
 * last one cut with ~ if more follows. Returns the rows used. */
int ui_put_wrapped(const struct ui_canvas *c, struct ui_at at, enum ui_role role,
	struct sv text, int max_rows);

/* A mark (! ? * + - #, 'o' for the word ok, '.' for .. running) in its colour; ' ' and 0
 * draw a blank. */
void ui_put_mark(const struct ui_canvas *c, int y, int x, char mark);

/* Columns that a mark takes: 2 for ok and .., else 1. */
int ui_mark_width(char mark);

/* The role that colours a mark. */
enum ui_role ui_mark_role(char mark);

/* The worse of two state marks: ! over ? over * over none. */
char ui_mark_worse(char a, char b);

/* Blank the place. */
void ui_blank(const struct ui_canvas *c, struct ui_at at);

/* The whole canvas becomes blank. */
void ui_clear(const struct ui_canvas *c);

/* The focus: > at column x, that and the next three cells in the focus colour, and the
 * terminal's cursor on column cursor_x. Call it after the row's text is drawn. */
void ui_focus(const struct ui_canvas *c, int y, int x, int cursor_x);

/* Place the terminal's cursor (a text field has it at its insertion point). */
void ui_cursor(const struct ui_canvas *c, int y, int x);

/* A box round the whole canvas, with a title in its upper border (NULL: none). */
void ui_box(const struct ui_canvas *c, const char *title);

/* Whether the screen place y, x lies in c; *row and *col are then relative to c. */
bool ui_canvas_hit(const struct ui_canvas *c, int y, int x, int *row, int *col);

#endif
