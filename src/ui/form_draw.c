/* SPDX-License-Identifier: MIT
 *
 * Layout of a form: fields, a blank, two rows of words (more once long ones were shown),
 * a blank, buttons, in a box placed below the row that has the focus, or centred; below
 * 60x16 it takes the whole body. When rows are scarce first the blank ones go, then the
 * fields scroll.
 */
#include "ui/form_internal.h"

#include "ui/glyph.h"

enum {
	WIDEST = 76,
	USUAL = 70,
	WHOLE_COLS = 60,
	WHOLE_ROWS = 16,
	LEAST_CELLS = 12,
	PAGE_CELLS = 50,
	WORDS_MOST = 4,
	TICK_COLS = 5,
	NOTE_LEAST = 8
};

/* Rows of the parts, and columns that all fields share. */
struct layout {
	int fields, gap1, words, gap2, buttons;
	bool blanks; /* BLANK fields have a row */
	bool column; /* buttons below each other */
	int text_x;  /* where values begin, after the longest label */
	int note_x;  /* where notes of ticks begin */
};

static int
label_width(const struct form_field *field)
{
	return field->def.label ? ui_width(sv_of(field->def.label)) : 0;
}

static int
indent_of(const struct form_field *field)
{
	return field->def.indent > 0 ? field->def.indent : 1;
}

/* Whether it stands right of the field before it, in w columns. */
static bool
is_same_row(const struct form_field *field, int w)
{
	return (field->def.flags & UI_FIELD_SAME_ROW) &&
	       indent_of(field) + label_width(field) + TICK_COLS <= w;
}

/* A row of label and value that takes part in the common value column. */
static bool
has_value(const struct form_field *field)
{
	if (!field->def.label || (field->def.flags & UI_FIELD_SAME_ROW)) {
		return false;
	}
	return field->def.kind == UI_FIELD_INPUT || field->def.kind == UI_FIELD_CHOICE ||
	       field->def.kind == UI_FIELD_RADIO ||
	       (field->def.kind == UI_FIELD_TEXT && field->def.text);
}

static void
columns(const struct ui_form *f, struct layout *l)
{
	bool marked = false;

	l->text_x = 1;
	l->note_x = 0;
	for (size_t i = 0; i < f->nfield; i++) {
		const struct form_field *field = &f->field[i];
		int end = indent_of(field) + label_width(field) + 2;
		if (has_value(field) && end > l->text_x) {
			l->text_x = end;
		}
		if (field->def.kind == UI_FIELD_TICK && end + 4 > l->note_x) {
			l->note_x = end + 4;
		}
		marked = marked || (field->def.kind == UI_FIELD_TICK && field->mark);
	}
	l->note_x += marked ? 1 : 0; /* a blank between the longest one's mark and note */
}

/* The mark of a static text stands before it; that of an input behind. */
static int
text_x(const struct form_field *field, const struct layout *l)
{
	bool marked = field->mark && field->def.kind == UI_FIELD_TEXT;

	return has_value(field) ? l->text_x : indent_of(field) + (marked ? 2 : 0);
}

void
form_radio_at(const struct form_field *field, int w, size_t i, int *row, int *col)
{
	*row = *col = 0;
	for (size_t k = 0; k <= i; k++) {
		int need = 4 + ui_width(sv_of(field->def.choices[k]));
		bool is_next = (field->def.flags & UI_FIELD_ROWS) || *col + need > w;
		if (k > 0 && is_next) {
			++*row;
			*col = 0;
		}
		*col += k < i ? need + 2 : 0;
	}
}

/* The row of the choice that is taken, counted from its first one. */
static int
radio_row(const struct form_field *field, int w)
{
	int row = 0, col;

	if (field->def.kind == UI_FIELD_RADIO && form_choices(field) > 0) {
		form_radio_at(field, w, field->def.choice, &row, &col);
	}
	return row;
}

static int
radio_rows(const struct form_field *field, int w)
{
	size_t n = form_choices(field);
	int row = 0, col;

	if (n > 0) {
		form_radio_at(field, w, n - 1, &row, &col);
	}
	return row + 1;
}

static int
field_rows(const struct form_field *field, const struct layout *l, int w)
{
	if (is_same_row(field, w)) {
		return 0;
	}
	if (field->def.kind == UI_FIELD_BLANK) {
		return l->blanks ? 1 : 0;
	}
	if (field->def.kind == UI_FIELD_RADIO) {
		return radio_rows(field, w - text_x(field, l) - 1);
	}
	if (field->def.kind != UI_FIELD_TEXT || field->text_shown.n == 0) {
		return 1;
	}
	size_t n = ui_wrap(str_sv(&field->text_shown), w - text_x(field, l) - 1, NULL, 0);
	return n > 0 ? (int)n : 1;
}

static int
fields_rows(const struct ui_form *f, const struct layout *l, int w)
{
	int n = 0;

	for (size_t i = 0; i < f->nfield; i++) {
		n += field_rows(&f->field[i], l, w);
	}
	return n;
}

static int
buttons_width(const struct ui_form *f)
{
	int w = 1;

	for (size_t i = 0; i < f->nbutton; i++) {
		w += f->button[i].shown ? ui_width(sv_of(f->button[i].shown)) + 6 : 0;
	}
	return w + 2;
}

static int
buttons_shown(const struct ui_form *f)
{
	int n = 0;

	for (size_t i = 0; i < f->nbutton; i++) {
		n += f->button[i].shown != NULL;
	}
	return n;
}

static int
total(const struct layout *l)
{
	return l->fields + l->gap1 + l->words + l->gap2 + l->buttons;
}

/* Rows of each part for an inside of w columns and at most h rows. */
static struct layout
lay_out(struct ui_form *f, int w, int h)
{
	struct layout l = {.blanks = true};
	int need = ui_frame_words_rows(&f->words_shown, w - 2, WORDS_MOST);

	f->words_rows = need > f->words_rows ? need : f->words_rows;

	columns(f, &l);
	l.column = (f->style & UI_FORM_COLUMN) || buttons_width(f) > w;
	l.buttons = l.column ? buttons_shown(f) : f->nbutton ? 1 : 0;
	l.words = f->ops->judge ? 2 : 0;
	if (l.words && f->words_rows > 2 && h - l.buttons - f->words_rows >= 2) {
		l.words = f->words_rows;
	}
	l.gap1 = l.words ? 1 : 0;
	l.gap2 = l.buttons ? 1 : 0;
	l.fields = fields_rows(f, &l, w);
	if (total(&l) > h) {
		l.gap2 = l.words ? 0 : l.gap2;
	}
	if (total(&l) > h) {
		l.gap1 = l.gap2 = 0;
	}
	if (total(&l) > h) {
		l.blanks = false;
		l.fields = fields_rows(f, &l, w);
	}
	if (total(&l) > h) {
		int left = h - (total(&l) - l.fields);
		l.fields = left > 1 ? left : 1;
	}
	return l;
}

/* --- drawing -------------------------------------------------------------------------
 */

/* Columns between the brackets of a field. On a page it grows to what it began with, so
 * that a long value is seen from end to end and typing moves nothing. */
static int
cells(const struct ui_form *f, const struct form_field *field, bool shares)
{
	int need = ui_width(str_sv(&field->initial)) + 1, w = field->def.width;

	if (!(f->style & UI_FORM_PAGE) || shares || need <= w) {
		return w;
	}
	return need < PAGE_CELLS ? need : PAGE_CELLS;
}

/* Field i, whose note ends before what stands right of it, or is left out. */
static void
draw_input(struct ui_form *f, size_t i, const struct ui_canvas *c, struct ui_at at)
{
	struct form_field *field = &f->field[i];
	bool shares = i + 1 < f->nfield && is_same_row(&f->field[i + 1], c->w);
	int end = shares ? indent_of(&f->field[i + 1]) : c->w;
	int room = c->w - at.x - 2; /* its mark stands after it */
	int w = field->def.width > 0 ? cells(f, field, shares) + 2 : room;

	w = w > room ? room : w;
	w = w < LEAST_CELLS ? LEAST_CELLS : w;
	ui_input_draw(&field->in, c, ui_at(at.y, at.x, w), i == f->focus);
	int left = end - at.x - w - 3;
	struct sv note = str_sv(&field->note_shown);
	bool fits = ui_width(note) <= left || (!shares && left >= NOTE_LEAST);
	if (note.n > 0 && left > 0 && fits) {
		ui_put_sv(c, ui_at(at.y, at.x + w + 2, left), UI_TEXT, note);
	}
}

static void
draw_tick(const struct form_field *field, const struct ui_canvas *c, struct ui_at at,
	int note_x)
{
	struct sv note = field->note_shown.n ? str_sv(&field->note_shown)
					     : str_sv(&field->text_shown);

	int used = ui_putf(c, at, UI_TEXT, "[%c] %s", field->def.on ? 'x' : ' ',
		field->def.label ? field->def.label : "");
	if (note.n > 0 && !(field->def.flags & UI_FIELD_SAME_ROW)) {
		int least = at.x + used + (field->mark ? 3 : 2);
		int x = note_x > at.x + used ? note_x : least;
		ui_put_sv(c, ui_at(at.y, x, c->w - x - 1), UI_TEXT, note);
	}
	if (field->mark) {
		ui_put_mark(c, at.y, at.x + used + 1, field->mark);
	}
}

static void
draw_choice(const struct form_field *field, const struct ui_canvas *c, struct ui_at at)
{
	const char *const *all = field->def.choices;
	const char *text = all && all[field->def.choice] ? all[field->def.choice] : "";

	int used = ui_put(c, at, UI_TEXT, text);
	ui_put_mark(c, at.y, at.x + used, field->mark);
	if (field->note_shown.n > 0) {
		ui_put_sv(c, ui_at(at.y, at.x + used + 2, 0), UI_FAINT,
			str_sv(&field->note_shown));
	}
}

/* All choices; in rows the note stands behind the one that is chosen, where it fits.
 * Returns the row of that one. */
static int
draw_radio(struct form_field *field, const struct ui_canvas *c, struct ui_at at)
{
	struct sv note = str_sv(&field->note_shown);
	bool rows = field->def.flags & UI_FIELD_ROWS;
	int row = 0, col = 0, used = 0, chosen = 0;

	field->text_x = c->x + at.x;
	for (size_t i = 0; i < form_choices(field); i++) {
		form_radio_at(field, c->w - at.x - 1, i, &row, &col);
		used = ui_putf(c, ui_at(at.y + row, at.x + col, 0), UI_TEXT, "(%c) %s",
			i == field->def.choice ? 'x' : ' ', field->def.choices[i]);
		if (i != field->def.choice) {
			continue;
		}
		chosen = row;
		int x = at.x + col + used + 2;
		if (rows && x + ui_width(note) < c->w) {
			ui_put_sv(c, ui_at(at.y + row, x, 0), UI_FAINT, note);
		}
	}
	return chosen;
}

static void
draw_text(const struct form_field *field, const struct ui_canvas *c, struct ui_at at)
{
	bool heading = field->def.flags & UI_FIELD_HEADING;

	if (field->mark && !has_value(field)) {
		ui_put_mark(c, at.y, indent_of(field), field->mark);
	}
	ui_put_wrapped(c, ui_at(at.y, at.x, c->w - at.x - 1),
		heading ? UI_STRONG : UI_TEXT, str_sv(&field->text_shown), c->h - at.y);
}

/* The column of the chosen one's sign. */
static int
radio_cursor(const struct form_field *field, const struct ui_canvas *c, int x)
{
	int row = 0, col = 0;

	if (form_choices(field) > 0) {
		form_radio_at(field, c->w - x - 1, field->def.choice, &row, &col);
	}
	return x + col + 1;
}

/* One field on row y of c; its place is remembered for the mouse. */
static void
draw_field(struct ui_form *f, size_t i, const struct layout *l, const struct ui_canvas *c,
	int y)
{
	struct form_field *field = &f->field[i];
	bool focused = i == f->focus;
	bool heading = field->def.flags & UI_FIELD_HEADING;
	bool is_moved =
		(field->def.flags & UI_FIELD_SAME_ROW) && !is_same_row(field, c->w);
	int x = is_moved ? l->text_x : indent_of(field);
	int at = is_moved ? x : text_x(field, l), row = 0;

	if (field->def.label && field->def.kind != UI_FIELD_TICK) {
		ui_put(c, ui_at(y, x, 0), heading ? UI_STRONG : UI_TEXT,
			field->def.label);
	}
	switch (field->def.kind) {
	case UI_FIELD_INPUT:
		draw_input(f, i, c, ui_at(y, at, 0));
		break;
	case UI_FIELD_TICK:
		draw_tick(field, c, ui_at(y, x, 0), l->note_x);
		break;
	case UI_FIELD_CHOICE:
		draw_choice(field, c, ui_at(y, at, 0));
		break;
	case UI_FIELD_RADIO:
		row = draw_radio(field, c, ui_at(y, at, 0));
		break;
	case UI_FIELD_TEXT:
		draw_text(field, c, ui_at(y, at, 0));
		break;
	case UI_FIELD_BLANK:
		break;
	}
	field->y = c->y + y;
	field->x = c->x + x;
	field->w = c->w - x;
	if (focused) {
		const struct ui_paint *p = c->paint;
		int cursor = field->def.kind == UI_FIELD_INPUT  ? p->cursor_x - c->x
			     : field->def.kind == UI_FIELD_TICK ? x + 1
			     : field->def.kind == UI_FIELD_RADIO
				     ? radio_cursor(field, c, at)
				     : at;
		ui_focus(c, y + row, x > 1 ? x - 2 : 0, cursor);
	}
}

/* The row of the focused field, counted from the first field. */
static int
focus_row(const struct ui_form *f, const struct layout *l, int w)
{
	int y = 0;

	for (size_t i = 0; i < f->nfield; i++) {
		const struct form_field *field = &f->field[i];
		if (i == f->focus) {
			bool same = is_same_row(field, w);
			return (same && y > 0 ? y - 1 : y) +
			       radio_row(field, w - text_x(field, l) - 1);
		}
		y += field_rows(&f->field[i], l, w);
	}
	return y > 0 ? y - 1 : 0;
}

static void
draw_fields(struct ui_form *f, const struct layout *l, const struct ui_canvas *c)
{
	int row = focus_row(f, l, c->w), y = 0, last = 0;

	f->top = row < f->top ? row : row >= f->top + c->h ? row - c->h + 1 : f->top;
	int all = fields_rows(f, l, c->w);
	f->top = f->top + c->h > all ? (all > c->h ? all - c->h : 0) : f->top;
	for (size_t i = 0; i < f->nfield; i++) {
		bool same = is_same_row(&f->field[i], c->w);
		int at = (same ? last : y) - f->top;
		f->field[i].y = -1;
		int rows = field_rows(&f->field[i], l, c->w);
		bool seen = at >= 0 ||
			    (f->field[i].def.kind == UI_FIELD_RADIO && at + rows > 0);
		if (seen && at < c->h && (same || rows > 0)) {
			draw_field(f, i, l, c, at);
		}
		last = same ? last : y;
		y += rows;
	}
}

static void
draw_button(struct ui_form *f, size_t i, const struct ui_canvas *c, struct ui_at at)
{
	struct form_button *b = &f->button[i];
	bool focused = f->focus == f->nfield + i;
	bool is_enter = focused || (f->focus < f->nfield && f->deflt_shown == i);
	int w = ui_width(sv_of(b->shown));
	int inside = at.w > 0 ? at.w : w; /* of a column: all the same */
	bool wide = is_enter || at.w > 0;

	ui_put(c, ui_at(at.y, at.x, 0), UI_TEXT, is_enter ? "[< " : wide ? "[  " : "[ ");
	int x = at.x + (wide ? 3 : 2);
	ui_put(c, ui_at(at.y, x, 0), UI_TEXT, b->shown);
	ui_put(c, ui_at(at.y, x + inside, 0), UI_TEXT,
		is_enter ? " >]"
		: wide   ? "  ]"
			 : " ]");
	b->y = c->y + at.y;
	b->x = c->x + at.x;
	b->w = inside + (wide ? 6 : 4);
	if (focused) {
		ui_focus(c, at.y, at.x - 1, x);
	}
}

static void
draw_letter(const struct form_button *b, const struct ui_canvas *c, int y, int x)
{
	const char letter[2] = {(char)b->letter, '\0'};

	if (b->letter) {
		ui_put(c, ui_at(y, x, 0), UI_STRONG,
			b->letter == UI_KEY_ESC ? "Esc" : letter);
	}
	if (b->note) {
		ui_put(c, ui_at(y, x + 4, c->w - x - 5), UI_TEXT, b->note);
	}
}

static void
draw_buttons(struct ui_form *f, const struct layout *l, const struct ui_canvas *c)
{
	int widest = 0, x = 1, y = 0;

	for (size_t i = 0; i < f->nbutton; i++) {
		int w = ui_width(sv_of(f->button[i].shown));
		widest = w > widest ? w : widest;
	}
	for (size_t i = 0; i < f->nbutton; i++) {
		if (!f->button[i].shown) {
			continue;
		}
		if (l->column) {
			draw_button(f, i, c, ui_at(y, 2, widest));
			draw_letter(&f->button[i], c, y++, widest + 10);
		} else {
			draw_button(f, i, c, ui_at(0, x, 0));
			x += f->button[i].w + 2;
		}
	}
}

static void
draw_inside(struct ui_form *f, const struct layout *l, const struct ui_canvas *c)
{
	int y = l->fields;
	struct ui_canvas part = ui_canvas_sub(c, 0, 0, y, c->w);

	draw_fields(f, l, &part);
	y += l->gap1;
	part = ui_canvas_sub(c, y, 1, l->words, c->w - 2);
	if (l->words) {
		ui_frame_words(&part, &f->words_shown);
	}
	y += l->words + l->gap2;
	part = ui_canvas_sub(c, y, 0, l->buttons, c->w);
	draw_buttons(f, l, &part);
}

/* The row of the body where a box of h rows goes. */
static int
place(const struct ui_form *f, const struct ui_canvas *body, int h)
{
	int anchor = body->paint->anchor_y - body->y;
	int y = (body->h - h) / 2;

	if ((f->style & UI_FORM_AT_FOCUS) && anchor >= 0 && anchor < body->h) {
		y = anchor + 1;
	}
	y = y > body->h - h ? body->h - h : y;
	return y < 0 ? 0 : y;
}

void
form_draw(void *self, const struct ui_canvas *body)
{
	struct ui_form *f = self;
	bool whole = body->w < WHOLE_COLS || body->h + 5 < WHOLE_ROWS;
	int w = f->width > 0 ? f->width : USUAL;

	w = w > WIDEST ? WIDEST : w;
	w = w > body->w - 2 ? body->w - 2 : w;
	w = whole ? body->w : w;
	struct layout l = lay_out(f, whole ? w : w - 2, body->h - (whole ? 1 : 2));
	int h = whole ? body->h : total(&l) + 2;
	int y = whole ? 0 : place(f, body, h);
	int x = (body->w - w) / 2;
	x = (f->style & UI_FORM_AT_FOCUS) && x > 3 ? 3 : x;
	for (int i = 0; i < h; i++) {
		ui_blank(body, ui_at(y + i, 0, 0));
	}
	struct ui_canvas box = ui_canvas_sub(body, y, x, h, w), inside;
	if (whole) {
		ui_put(&box, ui_at(0, 1, 0), UI_STRONG, f->title);
		inside = ui_canvas_sub(&box, 1, 0, h - 1, w);
	} else {
		ui_box(&box, f->title);
		inside = ui_canvas_sub(&box, 1, 1, h - 2, w - 2);
	}
	draw_inside(f, &l, &inside);
}

int
ui_form_draw(struct ui_form *f, const struct ui_canvas *c)
{
	struct layout l = {.blanks = true};

	columns(f, &l);
	if (fields_rows(f, &l, c->w) > c->h) {
		l.blanks = false;
	}
	int rows = fields_rows(f, &l, c->w);
	draw_fields(f, &l, c);
	if (f->top > 0) {
		ui_put(c, ui_at(0, c->w - 1, 1), UI_TEXT, "^");
	}
	if (rows > f->top + c->h) {
		ui_put(c, ui_at(c->h - 1, c->w - 1, 1), UI_TEXT, "v");
	}
	return rows < c->h ? rows : c->h;
}
