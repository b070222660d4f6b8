/* SPDX-License-Identifier: MIT
 *
 * Layout of an alias. An exchange of targets keeps those at both ends that stay, and
 * touches the bytes between them only, so inner comments and odd line breaks survive. The
 * caller checks what came out by parsing it.
 */
#include "text/alstyle.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* An alias text with the places of its targets. */
struct layout {
	struct sv text;
	size_t colon; /* offset behind it */
	struct al_targets t;
	size_t *start, *end; /* of each target, in text */
};

static void
layout_make(struct sv text, struct layout *l)
{
	struct al_map m = {0};
	size_t key_end, value;
	*l = (struct layout){.text = text};
	al_map_make(text, &m);
	al_line_judge(str_sv(&m.line), &key_end, &value);
	l->colon = value ? al_map_phys(&m, value - 1) + 1 : 0;
	al_targets_parse(sv_sub(str_sv(&m.line), value, m.line.n), &l->t);
	l->start = mem_new(l->t.n + 1, sizeof *l->start);
	l->end = mem_new(l->t.n + 1, sizeof *l->end);
	for (size_t i = 0; i < l->t.n; i++) {
		l->start[i] = al_map_phys(&m, value + l->t.v[i].start);
		l->end[i] = al_map_phys(&m, value + l->t.v[i].end - 1) + 1;
	}
	al_map_free(&m);
}

static void
layout_free(struct layout *l)
{
	al_targets_free(&l->t);
	free(l->start);
	free(l->end);
}

static struct sv
between(const struct layout *l, size_t from, size_t to)
{
	return to > from ? sv_sub(l->text, from, to - from) : sv_make("", 0);
}

/* Columns that the last line of text takes: tabs to 8, a UTF-8 sign as one. */
static size_t
last_column(struct sv text)
{
	size_t col = 0, at = text.n;
	while (at > 0 && text.p[at - 1] != '\n')
		at--;
	for (; at < text.n; at++) {
		if (text.p[at] == '\t')
			col += 8 - col % 8;
		else if (((unsigned char)text.p[at] & 0xc0) != 0x80)
			col++;
	}
	return col;
}

/* The blanks that start the last line of a gap. */
static struct sv
indent_of(struct sv gap)
{
	size_t at = gap.n;
	while (at > 0 && gap.p[at - 1] != '\n')
		at--;
	size_t end = at;
	while (end < gap.n && (gap.p[end] == ' ' || gap.p[end] == '\t'))
		end++;
	return sv_sub(gap, at, end - at);
}

static bool
has(struct sv v, char c)
{
	return v.n && memchr(v.p, c, v.n) != NULL;
}

/* The indent of a list that has none yet: below the values, or a small step. */
static void
default_indent(const struct al_style *st, struct str *out)
{
	bool tabs = has(str_sv(&st->sep), '\t');
	size_t width = st->column;
	if (!tabs && (st->sep.n < 2 || width > 32))
		width = 4;
	for (size_t i = 0; tabs && i < (width + 7) / 8; i++)
		str_add_char(out, '\t');
	for (size_t i = 0; !tabs && i < width; i++)
		str_add_char(out, ' ');
}

static void
read_gaps(const struct layout *l, struct al_style *st, struct str *indent)
{
	bool commas = true, broken = false;
	size_t lines = 0;
	struct sv first = between(l, l->colon, l->start[0]);
	if (has(first, '\n')) {
		broken = true;
		str_add_sv(indent, indent_of(first));
	}
	for (size_t i = 0; i + 1 < l->t.n; i++) {
		struct sv gap = between(l, l->end[i], l->start[i + 1]);
		if (i == 0)
			commas = has(gap, ',');
		lines += has(gap, '\n');
		if (has(gap, '\n') && indent->n == 0)
			str_add_sv(indent, indent_of(gap));
		if (!has(gap, '\n') && st->joint.n == 0)
			str_add_sv(&st->joint, gap);
	}
	st->per_line = l->t.n > 1 ? lines == l->t.n - 1 : broken;
	if (st->joint.n == 0 || has(str_sv(&st->joint), '"'))
		str_clear(&st->joint), str_add_cstr(&st->joint, commas ? ", " : " ");
	if (commas)
		str_add_char(&st->brk, ',');
}

void
al_style_read(struct sv text, const char *eol, struct al_style *st)
{
	struct layout l;
	struct str indent = {0};
	*st = (struct al_style){.eol = eol};
	const char *lf = memchr(text.p, '\n', text.n);
	if (lf)
		st->eol = lf > text.p && lf[-1] == '\r' ? "\r\n" : "\n";
	layout_make(text, &l);
	if (l.t.n && l.colon) {
		struct sv sep = between(&l, l.colon, l.start[0]);
		if (!has(sep, '\n'))
			str_add_sv(&st->sep, sep);
		st->column = last_column(sv_sub(text, 0, l.start[0]));
		read_gaps(&l, st, &indent);
	} else {
		str_add_cstr(&st->joint, ", ");
		str_add_char(&st->brk, ',');
	}
	if (st->sep.n == 0 && !(l.t.n && l.colon && l.start[0] == l.colon))
		str_add_char(&st->sep, ' ');
	if (indent.n == 0)
		default_indent(st, &indent);
	str_add_cstr(&st->brk, st->eol);
	str_add_sv(&st->brk, str_sv(&indent));
	str_free(&indent);
	layout_free(&l);
}

void
al_style_free(struct al_style *st)
{
	str_free(&st->sep);
	str_free(&st->joint);
	str_free(&st->brk);
}

/* Append the blanks behind "name:" so that values stand in one column. */
static void
add_sep(const struct al_style *st, struct str *out)
{
	struct sv sep = str_sv(&st->sep);
	if (has(sep, '\t')) {
		do
			str_add_char(out, '\t');
		while (last_column(str_sv(out)) < st->column);
	} else if (sep.n > 1) {
		do
			str_add_char(out, ' ');
		while (last_column(str_sv(out)) < st->column);
	} else {
		str_add_sv(out, sep);
	}
}

/* Append what goes between the last target in out and next: a new line if that would
 * become too long. */
static void
add_joint(const struct al_style *st, struct sv next, struct str *out)
{
	size_t width = last_column(str_sv(out)) + st->joint.n + next.n;
	bool fresh = st->per_line || width >= AL_WIDTH;
	str_add_sv(out, str_sv(fresh ? &st->brk : &st->joint));
}

void
al_style_write(const struct al_style *st, struct sv name,
	const struct al_targets *targets, struct str *out)
{
	str_add_sv(out, name);
	str_add_char(out, ':');
	add_sep(st, out);
	for (size_t i = 0; i < targets->n; i++) {
		struct sv raw = sv_of(targets->v[i].raw);
		if (i > 0)
			add_joint(st, raw, out);
		str_add_sv(out, raw);
	}
	str_add_cstr(out, st->eol);
}

/* An exchange under way: text up to `at` is dealt with. */
struct exchange {
	const struct layout *l;
	const struct al_style *st;
	struct str *out;
	size_t at;
};

static void
keep_to(struct exchange *x, size_t to)
{
	if (to > x->at)
		str_add_sv(x->out, between(x->l, x->at, to));
	x->at = to > x->at ? to : x->at;
}

/* Take old targets first..last away, with what separates them from their neighbours. */
static void
take_out(struct exchange *x, size_t first, size_t last)
{
	const struct layout *l = x->l;
	if (first > 0) {
		keep_to(x, l->end[first - 1]);
		x->at = l->end[last];
	} else {
		keep_to(x, l->start[0]);
		x->at = last + 1 < l->t.n ? l->start[last + 1] : l->end[last];
	}
}

/* Put new targets from..to-1 behind old target number `place` - 1. */
static void
put_in(struct exchange *x, size_t place, const struct al_targets *t, size_t from,
	size_t to)
{
	if (place > 0) {
		keep_to(x, x->l->end[place - 1]);
		for (size_t i = from; i < to; i++) {
			add_joint(x->st, sv_of(t->v[i].raw), x->out);
			str_add_cstr(x->out, t->v[i].raw);
		}
		return;
	}
	keep_to(x, x->l->start[0]);
	for (size_t i = from; i < to; i++) {
		str_add_cstr(x->out, t->v[i].raw);
		add_joint(x->st, sv_of(i + 1 < to ? t->v[i + 1].raw : x->l->t.v[0].raw),
			x->out);
	}
}

static bool
same_raw(const struct al_target *a, const struct al_target *b)
{
	return strcmp(a->raw, b->raw) == 0;
}

void
al_style_exchange(struct sv text, const struct al_style *st,
	const struct al_targets *targets, struct str *out)
{
	struct layout l;
	struct exchange x = {&l, st, out, 0};
	size_t head = 0, tail = 0;
	layout_make(text, &l);
	size_t n = l.t.n, m = targets->n;
	while (head < n && head < m && same_raw(&l.t.v[head], &targets->v[head]))
		head++;
	while (tail < n - head && tail < m - head &&
		same_raw(&l.t.v[n - 1 - tail], &targets->v[m - 1 - tail]))
		tail++;
	size_t both = (n < m ? n : m) - head - tail;
	for (size_t i = head; i < head + both; i++) {
		keep_to(&x, l.start[i]);
		str_add_cstr(out, targets->v[i].raw);
		x.at = l.end[i];
	}
	if (n > m)
		take_out(&x, head + both, n - tail - 1);
	else if (m > n && n > 0)
		put_in(&x, head + both, targets, head + both, m - tail);
	keep_to(&x, text.n);
	layout_free(&l);
}
