/* SPDX-License-Identifier: MIT
 *
 * Invariant: cur and left lie at starts of signs as ui_glyph_next sees them; after each
 * edit both are put back to such places, since typing a combining mark can join signs.
 */
#include "ui/input.h"

#include <stdlib.h>

#include "base/mem.h"
#include "ui/glyph.h"

void
ui_input_init(struct ui_input *in, unsigned flags)
{
	*in = (struct ui_input){.flags = flags};
}

void
ui_input_free(struct ui_input *in)
{
	if (in->text.p) {
		explicit_bzero(in->text.p, in->text.cap); /* it may be a password */
	}
	str_free(&in->text);
	in->cur = in->left = 0;
}

void
ui_input_set(struct ui_input *in, struct sv text)
{
	struct str copy = {0};

	str_add_sv(&copy, text); /* text may be a part of our own */
	str_free(&in->text);
	in->text = copy;
	in->cur = copy.n;
	in->left = 0;
}

struct sv
ui_input_text(const struct ui_input *in)
{
	return str_sv(&in->text);
}

static bool
is_stars(const struct ui_input *in)
{
	return (in->flags & UI_INPUT_PASSWORD) && !in->shown;
}

static size_t
glyph_after(const struct ui_input *in, size_t at)
{
	struct sv rest = sv_sub(str_sv(&in->text), at, in->text.n);
	struct ui_glyph g;

	return ui_glyph_next(&rest, &g) ? at + g.n : in->text.n;
}

/* The start of the sign that byte at belongs to. */
static size_t
glyph_start(const struct ui_input *in, size_t at)
{
	struct sv text = str_sv(&in->text);

	return at >= text.n ? text.n : ui_glyph_before(text, at + 1);
}

/* Replace bytes from..to by text; the cursor goes behind it. */
static void
splice(struct ui_input *in, size_t from, size_t to, struct sv text)
{
	struct str out = {0};
	struct sv old = str_sv(&in->text);

	str_add_sv(&out, sv_sub(old, 0, from));
	str_add_sv(&out, text);
	str_add_sv(&out, sv_sub(old, to, old.n));
	if (in->text.p) {
		explicit_bzero(in->text.p, in->text.cap);
	}
	str_free(&in->text);
	in->text = out;
	in->cur = from + text.n;
	if (in->cur < out.n) {
		in->cur = glyph_start(in, in->cur);
	}
	in->left = in->left > in->cur ? in->cur : glyph_start(in, in->left);
	in->flags &= ~(unsigned)(UI_INPUT_STORED | UI_INPUT_FRESH);
}

static enum ui_edit
cut_text(struct ui_input *in, size_t from, size_t to)
{
	if (from == to && !(in->flags & UI_INPUT_STORED)) {
		return UI_EDIT_MOVED;
	}
	splice(in, from, to, sv_of(""));
	return UI_EDIT_CHANGED;
}

static bool
is_word_end(char c)
{
	return is_blank_char(c) || c == ',';
}

static size_t
word_start(const struct ui_input *in)
{
	size_t at = in->cur;

	while (at > 0 && is_word_end(in->text.p[at - 1])) {
		at--;
	}
	while (at > 0 && !is_word_end(in->text.p[at - 1])) {
		at--;
	}
	return at;
}

/* Where typed or pasted text begins to take the place of what is there. */
static size_t
replaced_from(const struct ui_input *in)
{
	return (in->flags & UI_INPUT_FRESH) ? 0 : in->cur;
}

static enum ui_edit
type_char(struct ui_input *in, int key)
{
	char bytes[16] = {0};
	mbstate_t state;

	memset(&state, 0, sizeof(state));
	size_t n = wcrtomb(bytes, (wchar_t)key, &state);
	if (n == (size_t)-1 || n > sizeof(bytes)) {
		return UI_EDIT_MOVED;
	}
	splice(in, replaced_from(in), in->cur, sv_make(bytes, n));
	return UI_EDIT_CHANGED;
}

/* Pasted text as one line: line ends become ", " in list fields, else end it; a tab is a
 * blank. A last line end is none. */
static enum ui_edit
paste_text(struct ui_input *in, struct sv text)
{
	struct str out = {0};
	bool is_cut = false;

	text = sv_trim(text);
	for (size_t i = 0; i < text.n && !is_cut; i++) {
		char c = text.p[i];
		if (c == '\n' || c == '\r') {
			bool more = (in->flags & UI_INPUT_LIST) != 0;
			while (i + 1 < text.n && is_blank_char(text.p[i + 1])) {
				i++;
			}
			bool comma = out.n > 0 && out.p[out.n - 1] == ',';
			str_add_cstr(&out, !more ? "" : comma ? " " : ", ");
			is_cut = !more;
		} else if (c != '\0') {
			str_add_char(&out, c == '\t' ? ' ' : c);
		}
	}
	if (out.n > 0) {
		splice(in, replaced_from(in), in->cur, str_sv(&out));
	}
	bool none = out.n == 0;
	str_free(&out);
	return is_cut ? UI_EDIT_CUT : none ? UI_EDIT_MOVED : UI_EDIT_CHANGED;
}

static enum ui_edit
go(struct ui_input *in, size_t at)
{
	in->cur = at;
	in->flags &= ~(unsigned)UI_INPUT_FRESH;
	return UI_EDIT_MOVED;
}

static enum ui_edit
edit_key(struct ui_input *in, int key)
{
	struct sv text = str_sv(&in->text);

	switch (key) {
	case UI_KEY_LEFT:
		return go(in, ui_glyph_before(text, in->cur));
	case UI_KEY_RIGHT:
		return go(in, glyph_after(in, in->cur));
	case UI_KEY_HOME:
	case UI_CTRL('a'):
		return go(in, 0);
	case UI_KEY_END:
	case UI_CTRL('e'):
		return go(in, text.n);
	case UI_KEY_BACKSPACE:
		return cut_text(in, ui_glyph_before(text, in->cur), in->cur);
	case UI_KEY_DELETE:
		return cut_text(in, in->cur, glyph_after(in, in->cur));
	case UI_CTRL('u'):
		return cut_text(in, 0, text.n);
	case UI_CTRL('k'):
		return cut_text(in, in->cur, text.n);
	case UI_CTRL('w'):
		return cut_text(in, word_start(in), in->cur);
	case UI_CTRL('t'):
		if (in->flags & UI_INPUT_PASSWORD) {
			in->shown = !in->shown;
			return UI_EDIT_MOVED;
		}
		return UI_EDIT_NONE;
	default:
		return UI_EDIT_NONE;
	}
}

enum ui_edit
ui_input_event(struct ui_input *in, const struct ui_event *ev)
{
	if (ev->kind == UI_EV_PASTE) {
		return paste_text(in, ev->paste);
	}
	if (ui_event_is_text(ev)) {
		return type_char(in, ev->key);
	}
	return ev->kind == UI_EV_KEY ? edit_key(in, ev->key) : UI_EDIT_NONE;
}

/* --- drawing -------------------------------------------------------------------------
 */

/* Columns of the text between two places. */
static int
columns(const struct ui_input *in, size_t from, size_t to)
{
	struct sv part = sv_sub(str_sv(&in->text), from, to - from);
	struct ui_glyph g;
	int w = 0;

	if (!is_stars(in)) {
		return ui_width(part);
	}
	while (ui_glyph_next(&part, &g)) {
		w++;
	}
	return w;
}

/* Bring the cursor into the w columns of the field, by half of them at a time. */
static void
scroll(struct ui_input *in, int w)
{
	int half = w / 2 > 0 ? w / 2 : 1;

	if (columns(in, 0, in->text.n) < w) {
		in->left = 0;
		return;
	}
	while (in->left > 0 && in->cur <= in->left && in->cur < in->text.n) {
		size_t was = in->left;
		while (in->left > 0 && columns(in, in->left, was) < half) {
			in->left = ui_glyph_before(str_sv(&in->text), in->left);
		}
		if (in->cur > in->left || in->left == 0) {
			break;
		}
	}
	if (in->cur < in->left) {
		in->left = in->cur;
	}
	while (columns(in, in->left, in->cur) > w - 1) {
		size_t was = in->left;
		while (columns(in, was, in->left) < half && in->left < in->cur) {
			in->left = glyph_after(in, in->left);
		}
	}
}

/* The visible text from a place on, as it is drawn, and whether more follows. */
static bool
visible(const struct ui_input *in, size_t left, int w, struct str *out)
{
	struct sv rest = sv_sub(str_sv(&in->text), left, in->text.n);
	struct ui_glyph g;
	int used = 0;

	if ((in->flags & UI_INPUT_STORED) && in->text.n == 0) {
		str_add_cstr(out, "********");
		return false;
	}
	while (ui_glyph_next(&rest, &g)) {
		int gw = is_stars(in) ? 1 : g.w;
		if (used + gw > w) {
			return true;
		}
		used += gw;
		if (is_stars(in)) {
			str_add_char(out, '*');
		} else {
			str_add(out, g.p, g.n);
		}
	}
	return false;
}

void
ui_input_draw(
	struct ui_input *in, const struct ui_canvas *c, struct ui_at at, bool focused)
{
	int room = c->w - at.x - 1; /* its mark stands after it */
	int w = (at.w < room ? at.w : room) - 2;
	struct str out = {0};

	if (w < 1) {
		return;
	}
	if (focused) {
		scroll(in, w);
	}
	size_t left =
		focused ? in->left : 0; /* nobody types: it is seen from its start */
	bool more = visible(in, left, w, &out);
	ui_put(c, ui_at(at.y, at.x, 1), UI_TEXT, left > 0 ? "<" : "[");
	ui_blank(c, ui_at(at.y, at.x + 1, w));
	ui_put_sv(c, ui_at(at.y, at.x + 1, w), UI_TEXT, str_sv(&out));
	ui_put(c, ui_at(at.y, at.x + 1 + w, 1), UI_TEXT, more ? ">" : "]");
	ui_put_mark(c, at.y, at.x + 2 + w, in->mark);
	if (focused) {
		ui_cursor(c, at.y, at.x + 1 + columns(in, left, in->cur));
	}
	if (out.p) {
		explicit_bzero(out.p, out.cap);
	}
	str_free(&out);
}

/* --- in place on a row ---------------------------------------------------------------
 */

void
ui_inline_open(struct ui_inline *f, size_t id, struct sv value, unsigned flags)
{
	struct str old = {0};

	str_add_sv(&old, value);
	ui_inline_free(f);
	f->old = old;
	f->open = true;
	f->id = id;
	ui_input_init(&f->in, flags);
	ui_input_set(&f->in, str_sv(&f->old));
}

void
ui_inline_paste(
	struct ui_inline *f, size_t id, struct sv value, unsigned flags, struct sv pasted)
{
	ui_inline_open(f, id, value, flags);
	ui_input_set(&f->in, sv_of(""));
	f->cut = paste_text(&f->in, pasted) == UI_EDIT_CUT;
}

enum ui_inline_result
ui_inline_event(struct ui_inline *f, const struct ui_event *ev)
{
	if (!f->open) {
		return UI_INLINE_CLOSED;
	}
	f->cut = false;
	if (ui_event_is(ev, UI_KEY_ENTER)) {
		f->open = false;
		return UI_INLINE_ACCEPT;
	}
	if (ui_event_is(ev, UI_KEY_ESC)) {
		ui_input_set(&f->in, str_sv(&f->old));
		f->open = false;
		return UI_INLINE_CANCEL;
	}
	switch (ui_input_event(&f->in, ev)) {
	case UI_EDIT_NONE:
		return UI_INLINE_IGNORED;
	case UI_EDIT_CUT:
		f->cut = true;
		return UI_INLINE_CHANGED;
	case UI_EDIT_CHANGED:
		return UI_INLINE_CHANGED;
	case UI_EDIT_MOVED:
		break;
	}
	return UI_INLINE_HELD;
}

bool
ui_inline_changed(const struct ui_inline *f)
{
	return !sv_eq(str_sv(&f->old), str_sv(&f->in.text));
}

bool
ui_inline_draw(struct ui_inline *f, size_t id, const struct ui_canvas *c, struct ui_at at)
{
	if (!f->open || f->id != id) {
		return false;
	}
	ui_input_draw(&f->in, c, at, true);
	return true;
}

void
ui_inline_free(struct ui_inline *f)
{
	ui_input_free(&f->in);
	if (f->old.p) {
		explicit_bzero(f->old.p, f->old.cap);
	}
	str_free(&f->old);
	f->open = false;
}
