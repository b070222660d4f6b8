/* SPDX-License-Identifier: MIT
 *
 * The one place where bytes become columns: drawing, editing and wrapping all walk over
 * text with ui_glyph_next, so they always agree.
 */
#include "ui/glyph.h"

#include "base/shown.h"

/* Bytes of the character at the start of v, 0 when it cannot be shown. */
static size_t
decode(struct sv v, wchar_t *wc, int *w)
{
	mbstate_t state;

	if ((unsigned char)v.p[0] < 0x80) {
		*wc = (wchar_t)v.p[0];
		*w = 1;
		return v.p[0] >= 0x20 && v.p[0] < 0x7f ? 1 : 0;
	}
	memset(&state, 0, sizeof(state));
	size_t n = mbrtowc(wc, v.p, v.n, &state);
	if (n == 0 || n > v.n || shown_is_hostile(*wc)) {
		return 0;
	}
	*w = wcwidth(*wc);
	return *w >= 0 ? n : 0;
}

static void
escape(struct sv v, struct ui_glyph *out)
{
	static const wchar_t digits[] = L"0123456789ABCDEF";
	unsigned byte = (unsigned char)v.p[0];

	*out = (struct ui_glyph){.p = v.p, .n = 1, .w = 4, .escaped = true};
	out->wc[0] = L'\\';
	out->wc[1] = L'x';
	out->wc[2] = digits[byte >> 4];
	out->wc[3] = digits[byte & 15];
}

bool
ui_glyph_next(struct sv *rest, struct ui_glyph *out)
{
	wchar_t wc = 0;
	int w = 0;

	if (rest->n == 0) {
		return false;
	}
	size_t n = decode(*rest, &wc, &w);
	if (n == 0 || w == 0) { /* a combining mark with nothing before it, too */
		escape(*rest, out);
		*rest = sv_make(rest->p + 1, rest->n - 1);
		return true;
	}
	*out = (struct ui_glyph){.p = rest->p, .n = n, .w = w, .wc = {wc}};
	*rest = sv_make(rest->p + n, rest->n - n);
	for (size_t i = 1; rest->n > 0 && (unsigned char)rest->p[0] >= 0x80; i++) {
		n = decode(*rest, &wc, &w);
		if (n == 0 || w != 0 || i >= UI_GLYPH_WIDE) {
			break;
		}
		out->wc[i] = wc;
		out->n += n;
		*rest = sv_make(rest->p + n, rest->n - n);
	}
	return true;
}

size_t
ui_glyph_before(struct sv text, size_t at)
{
	struct sv rest = text;
	struct ui_glyph g;
	size_t from = 0;

	while (ui_glyph_next(&rest, &g)) {
		size_t start = (size_t)(g.p - text.p);
		if (start >= at) {
			break;
		}
		from = start;
	}
	return from;
}

int
ui_width(struct sv text)
{
	struct ui_glyph g;
	int w = 0;

	while (ui_glyph_next(&text, &g)) {
		w += g.w;
	}
	return w;
}

size_t
ui_fit(struct sv text, int w, int *used)
{
	struct sv rest = text;
	struct ui_glyph g;
	size_t n = 0;

	*used = 0;
	while (ui_glyph_next(&rest, &g) && *used + g.w <= w) {
		*used += g.w;
		n += g.n;
	}
	return n;
}

/* Signs that may not begin a row (closing brackets, full stops, small kana, ...). */
static bool
is_no_start(wchar_t wc)
{
	return wcschr(L"\x3001\x3002\xff0c\xff0e\x300d\x300f\xff09\x3011\x3015\x3009"
		      L"\x300b\xff5d\xff3d\x30fb\xff1a\xff1b\xff1f\xff01\x30fc\x2026"
		      L"\x3063\x3083\x3085\x3087\x30c3\x30e3\x30e5\x30e7\x3005"
		      L"\x3041\x3043\x3045\x3047\x3049\x30a1\x30a3\x30a5\x30a7\x30a9"
		      L"\x3005!),.:;?]}",
		       wc) != NULL;
}

static bool
is_no_end(wchar_t wc)
{
	return wcschr(L"\x300c\x300e\xff08\x3010\x3014\x3008\x300a\xff5b\xff3b([{", wc) !=
	       NULL;
}

/* Whether a row may end between a and b (neither is a blank). */
static bool
can_break(const struct ui_glyph *a, const struct ui_glyph *b)
{
	if (a->w != 2 && b->w != 2) {
		return false;
	}
	return !a->escaped && !b->escaped && !is_no_end(a->wc[0]) &&
	       !is_no_start(b->wc[0]);
}

/* Bytes of the first row of v, without the blank or line feed that ends it; *skip is what
 * lies between it and the next row. */
static size_t
row_length(struct sv v, int w, size_t *skip)
{
	struct sv rest = v;
	struct ui_glyph g, last = {0};
	size_t brk = 0, brk_skip = 0;
	int used = 0;

	*skip = 0;
	while (rest.n > 0) {
		size_t at = (size_t)(rest.p - v.p);
		if (rest.p[0] == '\n') {
			*skip = 1;
			return at;
		}
		(void)ui_glyph_next(&rest, &g);
		bool blank = g.n == 1 && g.p[0] == ' ';
		if (blank && at > 0) {
			brk = at;
			brk_skip = 1;
		} else if (last.n > 0 && last.p[0] != ' ' && can_break(&last, &g)) {
			brk = at;
			brk_skip = 0;
		}
		if (used + g.w > w && !(blank && used == w)) {
			*skip = brk ? brk_skip : 0;
			return brk ? brk : at ? at : g.n;
		}
		used += blank && used == w ? 0 : g.w;
		last = g;
	}
	return v.n;
}

size_t
ui_wrap(struct sv text, int w, struct sv *rows, size_t max)
{
	size_t n = 0;

	while (text.n > 0) {
		size_t skip = 0;
		size_t len = row_length(text, w > 0 ? w : 1, &skip);
		if (n < max) {
			rows[n] = sv_make(text.p, len);
		}
		n++;
		text = sv_make(text.p + len + skip, text.n - len - skip);
	}
	return n;
}
