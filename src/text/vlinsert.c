/* SPDX-License-Identifier: MIT
 *
 * A new item comes in: on the line of its neighbours where they share one, else on a line
 * of its own. Invariant: a token that starts with '#' is never put at the start of a
 * line, where it would become a comment and swallow itself.
 */
#include "text/vlist.h"

#include "text/vlpatch.h"

void
vlp_splice(struct vlp *p, size_t off, size_t cut)
{
	if (off > p->at)
		str_add_sv(p->out, sv_sub(p->s->t.raw, p->at, off - p->at));
	if (off + cut > p->at)
		p->at = off + cut;
}

void
vlp_finish(struct vlp *p)
{
	vlp_splice(p, p->s->t.raw.n, 0);
}

void
vlp_add_note(struct str *out, struct sv indent, struct sv note, const char *eol)
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

void
vlp_comma_after_last(struct vlp *p)
{
	const struct vls *s = p->s;

	if (s->last_on == VLS_NONE || !s->style.commas ||
		vls_comma_after(s, s->last_on) != VLS_NONE)
		return;
	vlp_splice(p, vls_end(&s->items.v[s->last_on]), 0);
	str_add_char(p->out, ',');
}

/* A line break where item at begins, guarded against a '#' at the new line's start. */
static void
break_before(struct vlp *p, size_t at)
{
	const struct vls *s = p->s;

	str_add_sv(p->out, s->style.indent);
	if (vls_text(s, &s->items.v[at]).p[0] == '#')
		str_add_char(p->out, ',');
}

/* The lines of a new item: note, indent, '#', text, comma; without the last line end. */
static void
add_block(struct vlp *p, const struct vlp_item *n, bool comma)
{
	const struct vls_style *st = &p->s->style;

	vlp_add_note(p->out, st->indent, n->note, st->eol);
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
insert_first(struct vlp *p, const struct vlp_item *n)
{
	const struct vls *s = p->s;
	const struct vls_line *line = &s->line[0];
	size_t at = s->t.off;

	if (at == 0) { /* rows of a file that has none yet */
		add_block(p, n, false);
		str_add_cstr(p->out, s->style.eol);
		vlp_finish(p);
		return;
	}
	if (n->is_off || sv_trim(n->note).n) {
		vlp_splice(p, at, line->end - at);
		str_add_cstr(p->out, s->style.eol);
		add_block(p, n, false);
		vlp_finish(p);
		return;
	}
	at += vls_indent_of(s, 0).n;
	vlp_splice(p, at, line->end - at);
	if (at == s->t.off && at >= 2 && is_blank_char(s->t.raw.p[at - 2]))
		str_add_char(p->out, ' ');
	str_add_sv(p->out, n->text);
	vlp_finish(p);
}

/* Lines of its own before item at, which begins a line. */
static void
insert_line_before(struct vlp *p, size_t at, const struct vlp_item *n)
{
	const struct vls *s = p->s;
	bool more = vls_next_on(s, at) != VLS_NONE;

	if (!more && !n->is_off)
		vlp_comma_after_last(p);
	vlp_splice(p, s->line[vls_block_line(s, at)].start, 0);
	add_block(p, n, s->style.commas && more);
	str_add_cstr(p->out, s->style.eol);
	vlp_finish(p);
}

/* Before item at, in the middle of its line or on the line of the '='. */
static void
insert_before(struct vlp *p, size_t at, const struct vlp_item *n)
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
		vlp_splice(p, gap, ref->off - gap);
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
		vlp_splice(p, ref->off, 0);
		str_add_sv(p->out, n->text);
		if (st->commas)
			str_add_char(p->out, ',');
		str_add_cstr(p->out, st->eol);
		break_before(p, at);
	} else {
		vlp_splice(p, ref->off, 0);
		str_add_sv(p->out, n->text);
		str_add_sv(p->out, st->sep);
	}
	vlp_finish(p);
}

static void
insert_last(struct vlp *p, const struct vlp_item *n)
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
			vlp_splice(p, vls_end(last), 0);
			str_add_sv(p->out, st->sep);
		} else {
			vlp_splice(p, comma + 1, 0);
			str_add_char(p->out, ' ');
		}
		str_add_sv(p->out, n->text);
		if (comma != VLS_NONE)
			str_add_char(p->out, ',');
		vlp_finish(p);
		return;
	}
	if (!n->is_off)
		vlp_comma_after_last(p);
	vlp_splice(p, s->line[last->last_line].end, 0);
	str_add_cstr(p->out, st->eol);
	add_block(p, n, tail);
	vlp_finish(p);
}

void
vlp_insert(const struct vls *s, size_t at, const struct vlp_item *n, struct str *out)
{
	struct vlp p = vlp_start(s, out);

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
	struct vlp_item n = {.text = item, .note = note, .may_wrap = true};
	struct vls s;

	if (!vl_is_item(item))
		return false;
	vls_scan(&s, t);
	vlp_insert(&s, at, &n, out);
	vls_free(&s);
	return true;
}
