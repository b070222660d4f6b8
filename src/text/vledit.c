/* SPDX-License-Identifier: MIT
 *
 * Edits of one item. Each is a few splices of the raw bytes, or first the value broken
 * into one item a line and then those splices. Invariant: a token that starts with '#' is
 * never put at the start of a line, where it would become a comment and swallow itself.
 */
#include "text/vlist.h"

#include <assert.h>

#include "text/vlpatch.h"

/* The comma behind the item that becomes the last one that is on goes, if the item `gone`
 * behind it had none: "a, b" and not "a,". Must be the patch's next splice. */
static void
drop_comma_before(struct vlp *p, size_t gone)
{
	const struct vls *s = p->s;
	size_t prev = gone, comma;

	if (gone != s->last_on || vls_comma_after(s, gone) != VLS_NONE)
		return;
	while (prev > 0 && s->items.v[prev - 1].is_off)
		prev--;
	if (prev == 0)
		return;
	comma = vls_comma_after(s, prev - 1);
	if (comma != VLS_NONE && comma < s->line[vls_block_line(s, gone)].start)
		vlp_splice(p, comma, 1);
}

/* Each item on a line of its own, comment lines where they are. */
static void
break_lines(const struct vls *s, struct str *out)
{
	size_t i = 0;

	str_add_sv(out, sv_sub(s->t.raw, 0, s->t.off));
	for (size_t l = 0; l < s->nline; l++) {
		const struct vls_line *line = &s->line[l];
		bool begun = false;

		if (i > 0 && l <= s->items.v[i - 1].last_line &&
			l > s->items.v[i - 1].line &&
			!(i < s->items.n && s->items.v[i].line == l))
			continue; /* inside the braces of an item that is written */
		if (line->kind != VL_LINE_TEXT || (l == 0 && s->items.n == 0) ||
			(l == 0 && s->items.v[0].line > 0)) {
			str_add_sv(out,
				sv_sub(s->t.raw, line->start, line->next - line->start));
			i += line->kind == VL_LINE_OFF;
			continue;
		}
		for (; i < s->items.n && s->items.v[i].line == l; i++) {
			struct sv text = vls_text(s, &s->items.v[i]);

			if (begun && text.p[0] == '#') {
				out->n -= strlen(s->style.eol);
				str_add_char(out, ' ');
			} else if (begun || l > 0) {
				str_add_sv(out, s->style.indent);
			} else {
				str_add_sv(out, vls_indent_of(s, 0));
			}
			str_add_sv(out, text);
			if (s->style.commas &&
				(i != s->last_on || vls_comma_after(s, i) != VLS_NONE))
				str_add_char(out, ',');
			str_add_cstr(out, s->style.eol);
			begun = true;
		}
	}
	if (!sv_ends(s->t.raw, "\n"))
		out->n = sv_trim(str_sv(out)).n;
}

/* Scan t with each item on a line of its own into *s; raw is kept in tmp. */
static void
scan_broken(struct vls *s, const struct vl_text *t, struct str *tmp)
{
	struct vl_text broken = *t;
	struct vls_style style;
	struct vls whole;

	vls_scan(&whole, t);
	style = whole.style;
	break_lines(&whole, tmp);
	broken.raw = str_sv(tmp);
	vls_scan(s, &broken);
	s->style.commas = style.commas;
	vls_free(&whole);
}

/* In a file a row that has lost its first line must not begin with a blank: it would
 * continue the row before it. from: where the new text starts in out. */
static void
mend_row_start(const struct vl_text *t, struct str *out, size_t from)
{
	while (t->off == 0 && from < out->n) {
		const char *lf = memchr(out->p + from, '\n', out->n - from);
		size_t next = lf ? (size_t)(lf - out->p) + 1 : out->n, i = from;

		if (vl_line_kind(sv_make(out->p + from, next - from), t->accept) !=
			VL_LINE_TEXT) {
			from = next;
			continue;
		}
		while (is_blank_char(out->p[i]) || out->p[i] == ',')
			i++;
		memmove(out->p + from, out->p + i, out->n - i + 1);
		out->n -= i - from;
		return;
	}
}

/* Would item behind a '#' be taken for one that is off? */
static bool
may_be_off(const struct vl_text *t, struct sv item)
{
	return t->accept ? t->accept(item) : vl_looks_like_net(item);
}

bool
vl_replace(const struct vl_text *t, size_t at, struct sv item, struct str *out)
{
	struct vls s;
	struct vlp p;
	bool ok;

	if (!vl_is_item(item))
		return false;
	vls_scan(&s, t);
	ok = at < s.items.n && (!s.items.v[at].is_off || may_be_off(t, item));
	if (ok) {
		p = vlp_start(&s, out);
		vlp_splice(&p, s.items.v[at].off, s.items.v[at].len);
		str_add_sv(out, item);
		vlp_finish(&p);
	}
	vls_free(&s);
	return ok;
}

/* The lines of an item that has them for itself go, its note with them. */
static void
remove_lines(struct vlp *p, size_t at)
{
	const struct vls *s = p->s;
	size_t from = s->line[vls_block_line(s, at)].start;

	assert(s->items.v);
	if (!s->items.v[at].is_off)
		drop_comma_before(p, at);
	vlp_splice(p, from, s->line[s->items.v[at].last_line].next - from);
}

static void
remove_item(const struct vls *s, size_t at, struct str *out)
{
	const struct vl_item *it = &s->items.v[at];
	const struct vl_item *next = at + 1 < s->items.n ? it + 1 : NULL;
	struct vlp p = vlp_start(s, out);

	assert(s->items.v && at < s->items.n);
	if (next && vls_joined_next(s, at)) {
		if (vls_starts_line(s, at) && it->note_len) {
			const struct vls_line *note = &s->line[it->line - 1];

			vlp_splice(&p, note->start, note->next - note->start);
		}
		vlp_splice(&p, it->off, next->off - it->off);
		if (vls_starts_line(s, at) && s->t.raw.p[next->off] == '#')
			str_add_char(out, ',');
	} else if (vls_joined_prev(s, at)) {
		size_t from = vls_end(it - 1);

		vlp_splice(&p, from, vls_end(it) - from);
	} else if (vls_starts_line(s, at)) {
		remove_lines(&p, at);
	} else if (next && !next->is_off && next->line == it->last_line + 1) {
		vlp_splice(&p, it->off, next->off - it->off); /* the next one comes up */
	} else {
		vlp_splice(&p, s->t.off, s->line[it->last_line].end - s->t.off);
	}
	vlp_finish(&p);
}

bool
vl_remove(const struct vl_text *t, size_t at, struct str *out)
{
	struct vls s;
	size_t begin = out->n;
	bool ok;

	vls_scan(&s, t);
	ok = at < s.items.n;
	if (ok)
		remove_item(&s, at, out);
	mend_row_start(t, out, begin);
	vls_free(&s);
	return ok;
}

bool
vl_move(const struct vl_text *t, size_t from, size_t to, struct str *out)
{
	struct str tmp = {0};
	struct vl_text rest = *t;
	struct vls s, left;
	size_t begin = out->n;
	bool ok;

	vls_scan(&s, t);
	ok = from < s.items.n && to < s.items.n;
	if (ok && from == to) {
		str_add_sv(out, t->raw);
	} else if (ok) {
		const struct vl_item *it = &s.items.v[from];
		struct vlp_item n = {.text = vls_text(&s, it),
			.note = sv_sub(t->raw, it->note_off, it->note_len),
			.is_off = it->is_off};

		/* A token with '#' first can't be moved to a line's start. */
		ok = vl_is_item(n.text);
		if (ok) {
			remove_item(&s, from, &tmp);
			rest.raw = str_sv(&tmp);
			vls_scan(&left, &rest);
			left.style = s.style;
			vlp_insert(&left, to, &n, out);
			vls_free(&left);
		}
	}
	mend_row_start(t, out, begin);
	vls_free(&s);
	str_free(&tmp);
	return ok;
}

static void
turn_off(const struct vls *s, size_t at, struct str *out)
{
	const struct vl_item *it = &s->items.v[at];
	const struct vls_line *line = &s->line[it->line];
	struct vlp p = vlp_start(s, out);

	drop_comma_before(&p, at);
	vlp_splice(&p, line->start, line->end - line->start);
	if (!vls_starts_line(s, at)) { /* the line of the '=' */
		str_add_cstr(out, s->style.eol);
		str_add_sv(out, s->style.indent);
	} else {
		str_add_sv(out, vls_indent_of(s, it->line));
	}
	str_add_char(out, '#');
	str_add_sv(out, vls_text(s, it));
	vlp_finish(&p);
}

static void
turn_on(const struct vls *s, size_t at, struct str *out)
{
	const struct vl_item *it = &s->items.v[at];
	const struct vls_line *line = &s->line[it->line];
	struct sv indent = vls_indent_of(s, it->line);
	struct vlp p = vlp_start(s, out);
	bool more = vls_next_on(s, at + 1) != VLS_NONE;

	if (!more)
		vlp_comma_after_last(&p);
	vlp_splice(&p, line->start, line->end - line->start);
	str_add_sv(out, indent.n || s->t.off == 0 ? indent : s->style.indent);
	str_add_sv(out, vls_text(s, it));
	if (more && s->style.commas)
		str_add_char(out, ',');
	vlp_finish(&p);
}

bool
vl_set_on(const struct vl_text *t, size_t at, bool on, struct str *out)
{
	struct str tmp = {0};
	struct vls s;
	size_t begin = out->n;
	bool ok;

	vls_scan(&s, t);
	ok = at < s.items.n && vl_is_item(vls_text(&s, &s.items.v[at])) &&
	     may_be_off(t, vls_text(&s, &s.items.v[at])) &&
	     s.items.v[at].line == s.items.v[at].last_line;
	if (ok && on != s.items.v[at].is_off) {
		str_add_sv(out, t->raw);
	} else if (ok && on) {
		turn_on(&s, at, out);
	} else if (ok) {
		if (vls_joined_prev(&s, at) || vls_joined_next(&s, at)) {
			vls_free(&s);
			scan_broken(&s, t, &tmp);
		}
		if (vls_joined_prev(&s, at) || vls_joined_next(&s, at))
			ok = false; /* tied to a token that must not begin a line */
		else
			turn_off(&s, at, out);
	}
	mend_row_start(t, out, begin);
	vls_free(&s);
	str_free(&tmp);
	return ok;
}

static void
write_note(const struct vls *s, size_t at, struct sv note, struct str *out)
{
	const struct vl_item *it = &s->items.v[at];
	struct vlp p = vlp_start(s, out);
	struct sv indent = s->style.indent;

	if (it->note_len) {
		const struct vls_line *line = &s->line[it->line - 1];

		indent = vls_indent_of(s, it->line - 1);
		if (!sv_eq(sv_sub(s->t.raw, it->note_off, it->note_len), sv_trim(note))) {
			vlp_splice(&p, line->start, line->next - line->start);
			vlp_add_note(out, indent, note, s->style.eol);
		}
	} else if (vls_starts_line(s, at)) {
		indent = vls_indent_of(s, it->line);
		vlp_splice(&p, s->line[it->line].start, 0);
		vlp_add_note(out, indent, note, s->style.eol);
	} else {
		vlp_splice(&p, s->t.off, it->off - s->t.off);
		str_add_cstr(out, s->style.eol);
		vlp_add_note(out, indent, note, s->style.eol);
		str_add_sv(out, indent);
	}
	vlp_finish(&p);
}

bool
vl_set_note(const struct vl_text *t, size_t at, struct sv note, struct str *out)
{
	struct str tmp = {0};
	struct vls s;
	size_t begin = out->n;
	bool ok;

	vls_scan(&s, t);
	ok = at < s.items.n;
	if (ok && s.items.v[at].note_len == 0 && sv_trim(note).n == 0) {
		str_add_sv(out, t->raw);
	} else if (ok) {
		if (!s.items.v[at].note_len && !vls_starts_line(&s, at) &&
			(vls_joined_prev(&s, at) || vls_joined_next(&s, at))) {
			vls_free(&s);
			scan_broken(&s, t, &tmp);
		}
		ok = !vls_joined_prev(&s, at) && vl_is_item(vls_text(&s, &s.items.v[at]));
		if (ok)
			write_note(&s, at, note, out);
	}
	mend_row_start(t, out, begin);
	vls_free(&s);
	str_free(&tmp);
	return ok;
}
