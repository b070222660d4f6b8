/* SPDX-License-Identifier: MIT
 *
 * Reading a list value: physical lines, then items, then its style. Invariant: an item
 * that is off has a line of its own, so only items that are on are ever joined; braces
 * are counted over line ends, and lines inside them are nobody's notes.
 */
#include "text/vlist.h"

#include <stdlib.h>

#include "base/mem.h"
#include "text/lline.h"
#include "text/vlscan.h"

/* Lookup table types of Postfix 2.6 to 3.12. */
static const char *const map_types[] = {"btree", "cdb", "cidr", "dbm", "environ", "fail",
	"hash", "inline", "internal", "ldap", "lmdb", "memcache", "mongodb", "mysql",
	"netinfo", "nis", "nisplus", "pcre", "pgsql", "pipemap", "proxy", "randmap",
	"regexp", "sdbm", "socketmap", "sqlite", "static", "tcp", "texthash", "unionmap"};

static bool
is_table(struct sv v)
{
	ptrdiff_t colon = sv_find(v, ':');

	if (colon <= 0 || (size_t)colon + 1 >= v.n)
		return false;
	for (size_t i = 0; i < sizeof(map_types) / sizeof(*map_types); i++)
		if (sv_eq_str(sv_sub(v, 0, (size_t)colon), map_types[i]))
			return true;
	return false;
}

/* Only signs of set, at least `least` times must_have in it. */
static bool
made_of(struct sv v, const char *set, char must_have, size_t least)
{
	size_t n = 0;

	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '\0' || !strchr(set, v.p[i]))
			return false;
		n += v.p[i] == must_have;
	}
	return n >= least;
}

bool
vl_looks_like_net(struct sv v)
{
	while (v.n && v.p[0] == '!')
		v = sv_sub(v, 1, v.n);
	if (v.n < 2)
		return false;
	if (v.p[0] == '/' || v.p[0] == '$')
		return true;
	if (v.p[0] == '[')
		return made_of(v, "0123456789abcdefABCDEF:./[]", ']', 1);
	return made_of(v, "0123456789./", '.', 1) ||
	       made_of(v, "0123456789abcdefABCDEF:./", ':', 2) || is_table(v);
}

static bool
is_separator(char c)
{
	return c == ',' || is_blank_char(c);
}

bool
vl_is_item(struct sv v)
{
	size_t depth = 0;

	if (v.n == 0 || v.p[0] == '#')
		return false;
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '\0' || v.p[i] == '\n' || v.p[i] == '\r')
			return false;
		if (depth == 0 && is_separator(v.p[i]))
			return false;
		depth += v.p[i] == '{';
		depth -= v.p[i] == '}' && depth > 0;
	}
	return depth == 0;
}

/* What stands behind the '#' of a comment line, without a comma at its end. */
static struct sv
behind_hash(struct sv line)
{
	struct sv v = sv_trim(line);

	v = sv_trim(sv_sub(v, 1, v.n));
	while (v.n && (v.p[v.n - 1] == ',' || is_blank_char(v.p[v.n - 1])))
		v.n--;
	return v;
}

enum vl_line
vl_line_kind(struct sv line, bool (*accept)(struct sv item))
{
	struct sv v = sv_trim(line), rest;

	if (v.n == 0)
		return VL_LINE_BLANK;
	if (v.p[0] != '#')
		return VL_LINE_TEXT;
	if (v.n == 1)
		return VL_LINE_COMMENT;
	if (is_blank_char(v.p[1]))
		return VL_LINE_NOTE;
	rest = behind_hash(line);
	if (!accept)
		accept = vl_looks_like_net;
	return vl_is_item(rest) && accept(rest) ? VL_LINE_OFF : VL_LINE_COMMENT;
}

static struct vl_item *
push_item(struct vls *s, size_t off, size_t line)
{
	struct vl_list *l = &s->items;
	struct vl_item *it;

	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	it = &l->v[l->n++];
	*it = (struct vl_item){
		.off = off, .line = (uint32_t)line, .last_line = (uint32_t)line};
	if (line > 0 && s->line[line - 1].kind == VL_LINE_NOTE) {
		const struct vls_line *above = &s->line[line - 1];
		struct sv note = sv_trim(
			sv_sub(s->t.raw, above->start, above->end - above->start));

		note = sv_trim(sv_sub(note, 1, note.n));
		it->note_off = (size_t)(note.p - s->t.raw.p);
		it->note_len = note.n;
	}
	return it;
}

/* Items of one text line. depth counts braces; above 0 at its end the last item goes on.
 */
static void
scan_text_line(struct vls *s, size_t line, size_t *depth)
{
	size_t i = s->line[line].start, end = s->line[line].end;
	struct sv raw = s->t.raw;
	bool first = true;

	while (i < end) {
		struct vl_item *it;

		if (*depth == 0) {
			while (i < end && is_separator(raw.p[i]))
				i++;
			if (i == end)
				break;
			it = push_item(s, i, line);
			if (!first)
				it->note_len = 0; /* a note is about the first item */
		} else {
			it = &s->items.v[s->items.n - 1];
			it->last_line = (uint32_t)line;
		}
		first = false;
		for (; i < end && (*depth || !is_separator(raw.p[i])); i++) {
			*depth += raw.p[i] == '{';
			*depth -= raw.p[i] == '}' && *depth > 0;
		}
		it->len = i - it->off;
	}
}

static void
scan_off_line(struct vls *s, size_t line)
{
	const struct vls_line *l = &s->line[line];
	struct sv v = behind_hash(sv_sub(s->t.raw, l->start, l->end - l->start));
	struct vl_item *it = push_item(s, (size_t)(v.p - s->t.raw.p), line);

	it->len = v.n;
	it->is_off = true;
}

static void
scan_lines(struct vls *s)
{
	struct sv raw = s->t.raw;
	size_t at = s->t.off, depth = 0;

	do {
		const char *lf = at < raw.n ? memchr(raw.p + at, '\n', raw.n - at) : NULL;
		struct vls_line l = {.start = at, .kind = VL_LINE_TEXT};

		l.next = lf ? (size_t)(lf - raw.p) + 1 : raw.n;
		l.end = lf ? l.next - 1 : raw.n;
		if (lf && l.end > at && raw.p[l.end - 1] == '\r')
			l.end--;
		if (s->nline > 0 || s->t.off == 0)
			l.kind = vl_line_kind(sv_sub(raw, at, l.end - at), s->t.accept);
		if (depth && l.kind != VL_LINE_TEXT)
			l.kind = VL_LINE_COMMENT;
		s->line = mem_grow(s->line, &s->line_cap, s->nline + 1, sizeof(*s->line));
		s->line[s->nline++] = l;
		if (l.kind == VL_LINE_TEXT)
			scan_text_line(s, s->nline - 1, &depth);
		else if (l.kind == VL_LINE_OFF)
			scan_off_line(s, s->nline - 1);
		at = l.next;
	} while (at < raw.n);
}

static void
find_style(struct vls *s)
{
	struct vls_style *st = &s->style;
	size_t on = 0, comma = 0;

	*st = (struct vls_style){.eol = "\n", .sep = {NULL, 0}, .one_line = true};
	if (s->line[0].end < s->t.raw.n && s->t.raw.p[s->line[0].end] == '\r')
		st->eol = "\r\n";
	for (size_t i = 0; i < s->items.n; i++) {
		const struct vl_item *it = &s->items.v[i];

		st->one_line = st->one_line && it->last_line == 0 && !it->is_off;
		if (it->is_off)
			continue;
		s->last_on = i;
		on++;
		comma += vls_comma_after(s, i) != VLS_NONE;
		if (!vls_joined_prev(s, i))
			continue;
		st->wrapped = true;
		if (!st->sep.p)
			st->sep = sv_sub(
				s->t.raw, vls_end(it - 1), it->off - vls_end(it - 1));
	}
	st->commas = comma > 0 || (on < 2 && s->t.off > 0);
	if (!st->sep.p)
		st->sep = sv_of(st->commas ? ", " : " ");
	if (s->items.n == 0 || (s->t.off == 0 && s->items.n < 2))
		st->one_line = false;
	st->indent = sv_of(s->t.off ? "    " : "");
	for (size_t l = 1; l < s->nline && s->t.off; l++) {
		enum vl_line kind = s->line[l].kind;
		struct sv blanks = vls_indent_of(s, l);

		if ((kind == VL_LINE_TEXT || kind == VL_LINE_OFF) && blanks.n) {
			st->indent = blanks;
			break;
		}
	}
}

void
vls_scan(struct vls *s, const struct vl_text *t)
{
	*s = (struct vls){.t = *t, .last_on = VLS_NONE};
	if (s->t.off > s->t.raw.n)
		s->t.off = s->t.raw.n;
	scan_lines(s);
	find_style(s);
}

void
vls_free(struct vls *s)
{
	free(s->line);
	vl_free(&s->items);
	*s = (struct vls){0};
}

bool
vls_joined_prev(const struct vls *s, size_t at)
{
	return at > 0 && !s->items.v[at].is_off && !s->items.v[at - 1].is_off &&
	       s->items.v[at - 1].last_line == s->items.v[at].line;
}

bool
vls_joined_next(const struct vls *s, size_t at)
{
	return at + 1 < s->items.n && vls_joined_prev(s, at + 1);
}

bool
vls_starts_line(const struct vls *s, size_t at)
{
	if (s->items.v[at].line == 0 && s->t.off > 0)
		return false;
	return !vls_joined_prev(s, at);
}

size_t
vls_next_on(const struct vls *s, size_t at)
{
	while (at < s->items.n && s->items.v[at].is_off)
		at++;
	return at < s->items.n ? at : VLS_NONE;
}

size_t
vls_comma_after(const struct vls *s, size_t at)
{
	const struct vl_item *it = &s->items.v[at];
	size_t i = vls_end(it), line = it->last_line;
	size_t next = at + 1 < s->items.n ? s->items.v[at + 1].off : s->t.raw.n;

	for (; line < s->nline; line++) {
		if (s->line[line].kind != VL_LINE_TEXT)
			break; /* far enough: each line is looked at once or twice */
		for (; i < s->line[line].end && i < next; i++)
			if (s->t.raw.p[i] == ',')
				return i;
		if (i >= next)
			break;
		i = s->line[line].next;
	}
	return VLS_NONE;
}

size_t
vls_block_line(const struct vls *s, size_t at)
{
	const struct vl_item *it = &s->items.v[at];

	return it->note_len ? it->line - 1 : it->line;
}

struct sv
vls_indent_of(const struct vls *s, size_t line)
{
	size_t from = s->line[line].start, i = from;

	while (i < s->line[line].end && (s->t.raw.p[i] == ' ' || s->t.raw.p[i] == '\t'))
		i++;
	return sv_sub(s->t.raw, from, i - from);
}

void
vl_parse(const struct vl_text *t, struct vl_list *out)
{
	struct vls s;

	vls_scan(&s, t);
	*out = s.items;
	s.items = (struct vl_list){0};
	vls_free(&s);
}

void
vl_free(struct vl_list *l)
{
	free(l->v);
	*l = (struct vl_list){0};
}
