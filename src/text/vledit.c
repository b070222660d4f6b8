/* SPDX-License-Identifier: MIT
 *
 * Edits of one item. Each is a few splices of the raw bytes, or first the value broken
 * into one item a line and then those splices. Invariant: a token that starts with '#' is
 * never put at the start of a line, where it would become a comment and swallow itself.
 */
#include "text/vlist.h"

#include "text/vlscan.h"

/* Bytes up to *at are copied already. */
struct patch {
	const struct vls *s;
	struct str *out;
	size_t at;
};

static struct patch
start(const struct vls *s, struct str *out)
{
	return (struct patch){s, out, 0};
}

/* Copy up to off, then leave cut bytes out. */
static void
splice(struct patch *p, size_t off, size_t cut)
{
	if (off > p->at)
		str_add_sv(p->out, sv_sub(p->s->t.raw, p->at, off - p->at));
	if (off + cut > p->at)
		p->at = off + cut;
}

static void
finish(struct patch *p)
{
	splice(p, p->s->t.raw.n, 0);
}

/* The note line for a block. Nothing when there is no note. */
static void
add_note(struct str *out, struct sv indent, struct sv note, const char *eol)
{
	size_t from;

	note = sv_trim(note);
	if (note.n == 0)
		return;
	str_add_sv(out, indent);
	str_add_cstr(out, "# ");
	from = out->n;
	str_add_sv(out, note);
	for (size_t i = from; i < out->n; i++)
		if (out->p[i] == '\n' || out->p[i] == '\r' || out->p[i] == '\0')
			out->p[i] = ' ';
	str_add_cstr(out, eol);
}

/* The comma behind the item that becomes the last one that is on goes, if the item `gone`
 * behind it had none: "a, b" and not "a,". Must be the patch's next splice. */
static void
drop_comma_before(struct patch *p, size_t gone)
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
		splice(p, comma, 1);
}

/* A comma behind the last item that is on, because one more comes. */
static void
add_comma_after_last(struct patch *p)
{
	const struct vls *s = p->s;

	if (s->last_on == VLS_NONE || !s->style.commas ||
		vls_comma_after(s, s->last_on) != VLS_NONE)
		return;
	splice(p, vls_end(&s->items.v[s->last_on]), 0);
	str_add_char(p->out, ',');
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

/* A line break where item at begins, guarded against a '#' at the new line's start. */
static void
break_before(struct patch *p, size_t at)
{
	const struct vls *s = p->s;

	str_add_sv(p->out, s->style.indent);
	if (vls_text(s, &s->items.v[at]).p[0] == '#')
		str_add_char(p->out, ',');
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

struct newcomer {
	struct sv text, note;
	bool is_off, may_wrap;
};

/* The lines of a new item: note, indent, '#', text, comma; without the last line end. */
static void
add_block(struct patch *p, const struct newcomer *n, bool comma)
{
	const struct vls_style *st = &p->s->style;

	add_note(p->out, st->indent, n->note, st->eol);
	str_add_sv(p->out, st->indent);
	if (n->is_off)
		str_add_char(p->out, '#');
	str_add_sv(p->out, n->text);
	if (comma && !n->is_off)
		str_add_char(p->out, ',');
}

static size_t
line_width(const struct vls *s, size_t line)
{
	size_t from = s->line[line].start;

	while (from > 0 && s->t.raw.p[from - 1] != '\n')
		from--;
	return s->line[line].end - from;
}

static void
insert_first(struct patch *p, const struct newcomer *n)
{
	const struct vls *s = p->s;
	const struct vls_line *line = &s->line[0];
	size_t at = s->t.off;

	if (at == 0) { /* rows of a file that has none yet */
		add_block(p, n, false);
		str_add_cstr(p->out, s->style.eol);
		finish(p);
		return;
	}
	if (n->is_off || sv_trim(n->note).n) {
		splice(p, at, line->end - at);
		str_add_cstr(p->out, s->style.eol);
		add_block(p, n, false);
		finish(p);
		return;
	}
	at += vls_indent_of(s, 0).n;
	splice(p, at, line->end - at);
	if (at == s->t.off && at >= 2 && is_blank_char(s->t.raw.p[at - 2]))
		str_add_char(p->out, ' ');
	str_add_sv(p->out, n->text);
	finish(p);
}

/* Lines of its own before item at, which begins a line. */
static void
insert_line_before(struct patch *p, size_t at, const struct newcomer *n)
{
	const struct vls *s = p->s;
	bool more = vls_next_on(s, at) != VLS_NONE;

	if (!more && !n->is_off)
		add_comma_after_last(p);
	splice(p, s->line[vls_block_line(s, at)].start, 0);
	add_block(p, n, s->style.commas && more);
	str_add_cstr(p->out, s->style.eol);
	finish(p);
}

/* Before item at, in the middle of its line or on the line of the '='. */
static void
insert_before(struct patch *p, size_t at, const struct newcomer *n)
{
	const struct vls *s = p->s;
	const struct vl_item *ref = &s->items.v[at];
	const struct vls_style *st = &s->style;
	bool own = n->is_off || sv_trim(n->note).n;
	bool wide = n->may_wrap && line_width(s, ref->line) <= VL_WIDTH &&
		    line_width(s, ref->line) + st->sep.n + n->text.n > VL_WIDTH;
	size_t gap = ref->off;

	while (gap > s->t.off &&
		(s->t.raw.p[gap - 1] == ' ' || s->t.raw.p[gap - 1] == '\t'))
		gap--;
	if (own || (wide && vls_joined_prev(s, at))) {
		splice(p, gap, ref->off - gap);
		if (gap > 0)
			str_add_cstr(p->out, st->eol);
		add_block(p, n, own && st->commas);
		if (own) {
			str_add_cstr(p->out, st->eol);
			break_before(p, at);
		} else {
			str_add_sv(p->out, st->sep);
		}
	} else if (wide || (!st->one_line && !st->wrapped)) {
		splice(p, ref->off, 0);
		str_add_sv(p->out, n->text);
		if (st->commas)
			str_add_char(p->out, ',');
		str_add_cstr(p->out, st->eol);
		break_before(p, at);
	} else {
		splice(p, ref->off, 0);
		str_add_sv(p->out, n->text);
		str_add_sv(p->out, st->sep);
	}
	finish(p);
}

static void
insert_last(struct patch *p, const struct newcomer *n)
{
	const struct vls *s = p->s;
	const struct vls_style *st = &s->style;
	const struct vl_item *last = &s->items.v[s->items.n - 1];
	size_t comma = last->is_off ? VLS_NONE : vls_comma_after(s, s->items.n - 1);
	size_t width = line_width(s, last->last_line) + st->sep.n + n->text.n;
	bool tail = s->last_on != VLS_NONE && vls_comma_after(s, s->last_on) != VLS_NONE;
	bool fits = width <= VL_WIDTH || !n->may_wrap ||
		    line_width(s, last->last_line) > VL_WIDTH;

	if (!n->is_off && sv_trim(n->note).n == 0 && !last->is_off &&
		(st->one_line || st->wrapped) && fits) {
		if (comma == VLS_NONE) {
			splice(p, vls_end(last), 0);
			str_add_sv(p->out, st->sep);
		} else {
			splice(p, comma + 1, 0);
			str_add_char(p->out, ' ');
		}
		str_add_sv(p->out, n->text);
		if (comma != VLS_NONE)
			str_add_char(p->out, ',');
		finish(p);
		return;
	}
	if (!n->is_off)
		add_comma_after_last(p);
	splice(p, s->line[last->last_line].end, 0);
	str_add_cstr(p->out, st->eol);
	add_block(p, n, tail);
	finish(p);
}

static void
insert_item(const struct vls *s, size_t at, const struct newcomer *n, struct str *out)
{
	struct patch p = start(s, out);

	if (s->items.n == 0)
		insert_first(&p, n);
	else if (at >= s->items.n)
		insert_last(&p, n);
	else if (!vls_starts_line(s, at) ||
		 (s->style.wrapped && !s->items.v[at].is_off &&
			 !s->items.v[at].note_len && !n->is_off &&
			 sv_trim(n->note).n == 0 &&
			 line_width(s, s->items.v[at].line) + n->text.n + 2 <= VL_WIDTH))
		insert_before(&p, at, n);
	else
		insert_line_before(&p, at, n);
}

bool
vl_insert(const struct vl_text *t, size_t at, struct sv item, struct sv note,
	struct str *out)
{
	struct newcomer n = {.text = item, .note = note, .may_wrap = true};
	struct vls s;

	if (!vl_is_item(item))
		return false;
	vls_scan(&s, t);
	insert_item(&s, at, &n, out);
	vls_free(&s);
	return true;
}

bool
vl_replace(const struct vl_text *t, size_t at, struct sv item, struct str *out)
{
	struct vls s;
	struct patch p;
	bool ok;

	if (!vl_is_item(item))
		return false;
	vls_scan(&s, t);
	ok = at < s.items.n;
	if (ok) {
		p = start(&s, out);
		splice(&p, s.items.v[at].off, s.items.v[at].len);
		str_add_sv(out, item);
		finish(&p);
	}
	vls_free(&s);
	return ok;
}

/* The lines of an item that has them for itself go, its note with them. */
static void
remove_lines(struct patch *p, size_t at)
{
	const struct vls *s = p->s;
	size_t from = s->line[vls_block_line(s, at)].start;

	if (!s->items.v[at].is_off)
		drop_comma_before(p, at);
	splice(p, from, s->line[s->items.v[at].last_line].next - from);
}

static void
remove_item(const struct vls *s, size_t at, struct str *out)
{
	const struct vl_item *it = &s->items.v[at];
	const struct vl_item *next = at + 1 < s->items.n ? it + 1 : NULL;
	struct patch p = start(s, out);

	if (vls_joined_next(s, at)) {
		if (vls_starts_line(s, at) && it->note_len) {
			const struct vls_line *note = &s->line[it->line - 1];

			splice(&p, note->start, note->next - note->start);
		}
		splice(&p, it->off, next->off - it->off);
		if (vls_starts_line(s, at) && s->t.raw.p[next->off] == '#')
			str_add_char(out, ',');
	} else if (vls_joined_prev(s, at)) {
		size_t from = vls_end(it - 1);

		splice(&p, from, vls_end(it) - from);
	} else if (vls_starts_line(s, at)) {
		remove_lines(&p, at);
	} else if (next && !next->is_off && next->line == it->last_line + 1) {
		splice(&p, it->off, next->off - it->off); /* the next one comes up */
	} else {
		splice(&p, s->t.off, s->line[it->last_line].end - s->t.off);
	}
	finish(&p);
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
		struct newcomer n = {.text = vls_text(&s, it),
			.note = sv_sub(t->raw, it->note_off, it->note_len),
			.is_off = it->is_off};

		/* A token with '#' first can't be moved to a line's start. */
		ok = vl_is_item(n.text);
		if (ok) {
			remove_item(&s, from, &tmp);
			rest.raw = str_sv(&tmp);
			vls_scan(&left, &rest);
			left.style = s.style;
			insert_item(&left, to, &n, out);
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
	struct patch p = start(s, out);

	drop_comma_before(&p, at);
	splice(&p, line->start, line->end - line->start);
	if (!vls_starts_line(s, at)) { /* the line of the '=' */
		str_add_cstr(out, s->style.eol);
		str_add_sv(out, s->style.indent);
	} else {
		str_add_sv(out, vls_indent_of(s, it->line));
	}
	str_add_char(out, '#');
	str_add_sv(out, vls_text(s, it));
	finish(&p);
}

static void
turn_on(const struct vls *s, size_t at, struct str *out)
{
	const struct vl_item *it = &s->items.v[at];
	const struct vls_line *line = &s->line[it->line];
	struct sv indent = vls_indent_of(s, it->line);
	struct patch p = start(s, out);
	bool more = vls_next_on(s, at + 1) != VLS_NONE;

	if (!more)
		add_comma_after_last(&p);
	splice(&p, line->start, line->end - line->start);
	str_add_sv(out, indent.n || s->t.off == 0 ? indent : s->style.indent);
	str_add_sv(out, vls_text(s, it));
	if (more && s->style.commas)
		str_add_char(out, ',');
	finish(&p);
}

bool
vl_set_on(const struct vl_text *t, size_t at, bool on, struct str *out)
{
	bool (*accept)(struct sv) = t->accept ? t->accept : vl_looks_like_net;
	struct str tmp = {0};
	struct vls s;
	size_t begin = out->n;
	bool ok;

	vls_scan(&s, t);
	ok = at < s.items.n && vl_is_item(vls_text(&s, &s.items.v[at])) &&
	     accept(vls_text(&s, &s.items.v[at])) &&
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
	struct patch p = start(s, out);
	struct sv indent = s->style.indent;

	if (it->note_len) {
		const struct vls_line *line = &s->line[it->line - 1];

		indent = vls_indent_of(s, it->line - 1);
		if (!sv_eq(sv_sub(s->t.raw, it->note_off, it->note_len), sv_trim(note))) {
			splice(&p, line->start, line->next - line->start);
			add_note(out, indent, note, s->style.eol);
		}
	} else if (vls_starts_line(s, at)) {
		indent = vls_indent_of(s, it->line);
		splice(&p, s->line[it->line].start, 0);
		add_note(out, indent, note, s->style.eol);
	} else {
		splice(&p, s->t.off, it->off - s->t.off);
		str_add_cstr(out, s->style.eol);
		add_note(out, indent, note, s->style.eol);
		str_add_sv(out, indent);
	}
	finish(&p);
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
