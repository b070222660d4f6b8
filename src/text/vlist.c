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

void
vl_start(struct vl_scan *s, const struct vl_text *t)
{
	*s = (struct vl_scan){.t = *t};
	if (s->t.off > s->t.raw.n)
		s->t.off = s->t.raw.n;
	s->at = s->end = s->next = s->t.off;
}

/* A note above a line is about the first item of that line. */
static void
keep_note(struct vl_scan *s, struct sv line)
{
	struct sv note = sv_trim(line);

	note = sv_trim(sv_sub(note, 1, note.n));
	s->note_off = (size_t)(note.p - s->t.raw.p);
	s->note_len = note.n;
}

/* The next line, whatever it is; false at the end. */
static bool
next_line(struct vl_scan *s)
{
	struct sv raw = s->t.raw;
	const char *lf = NULL;

	if (s->nline && s->next >= raw.n)
		return false;
	s->note_len = 0;
	if (s->nline && s->kind == VL_LINE_NOTE)
		keep_note(s, sv_sub(raw, s->at, s->end - s->at));
	s->at = s->next;
	if (s->at < raw.n)
		lf = memchr(raw.p + s->at, '\n', raw.n - s->at);
	s->next = lf ? (size_t)(lf - raw.p) + 1 : raw.n;
	s->end = lf ? s->next - 1 : raw.n;
	if (lf && s->end > s->at && raw.p[s->end - 1] == '\r')
		s->end--;
	s->kind = VL_LINE_TEXT;
	if (s->nline || s->t.off == 0)
		s->kind = vl_line_kind(sv_sub(raw, s->at, s->end - s->at), s->t.accept);
	if (s->depth && s->kind != VL_LINE_TEXT)
		s->kind = VL_LINE_COMMENT;
	s->nline++;
	s->starts = true;
	if (s->seen)
		s->seen(s->ctx, s);
	return true;
}

static void
begin_item(struct vl_scan *s, size_t off, struct vl_item *it)
{
	*it = (struct vl_item){
		.off = off, .line = s->nline - 1, .last_line = s->nline - 1};
	if (s->starts && s->note_len) {
		it->note_off = s->note_off;
		it->note_len = s->note_len;
	}
	s->starts = false;
}

static void
take_off(struct vl_scan *s, struct vl_item *it)
{
	struct sv v = behind_hash(sv_sub(s->t.raw, s->at, s->end - s->at));

	begin_item(s, (size_t)(v.p - s->t.raw.p), it);
	it->len = v.n;
	it->is_off = true;
	s->at = s->end;
}

/* The item goes on to a separator outside of braces, or to the end of the line. */
static void
take_text(struct vl_scan *s, struct vl_item *it)
{
	const char *p = s->t.raw.p;
	size_t i = s->at, depth = s->depth;

	for (; i < s->end; i++) {
		if (p[i] == '{')
			depth++;
		else if (p[i] == '}' && depth)
			depth--;
		else if (!depth && is_separator(p[i]))
			break;
	}
	s->at = i;
	s->depth = depth;
	it->len = i - it->off;
	it->last_line = s->nline - 1;
}

bool
vl_next(struct vl_scan *s, struct vl_item *out)
{
	bool begun = false;

	do {
		if (s->kind == VL_LINE_OFF && s->at < s->end) {
			take_off(s, out);
			return true;
		}
		while (!begun && s->at < s->end && is_separator(s->t.raw.p[s->at]))
			s->at++;
		if (s->kind != VL_LINE_TEXT || s->at == s->end)
			continue;
		if (!begun)
			begin_item(s, s->at, out);
		begun = true;
		s->starts = false;
		take_text(s, out);
		if (!s->depth)
			return true;
	} while (next_line(s));
	return begun;
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

static void
keep_line(void *ctx, const struct vl_scan *scan)
{
	struct vls *s = ctx;

	s->line = mem_grow(s->line, &s->line_cap, s->nline + 1, sizeof(*s->line));
	s->line[s->nline++] = (struct vls_line){.start = scan->at,
		.end = scan->end,
		.next = scan->next,
		.kind = scan->kind};
}

static void
scan_items(struct vl_scan *scan, struct vl_list *l)
{
	struct vl_item it;

	while (vl_next(scan, &it)) {
		l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
		l->v[l->n++] = it;
	}
}

void
vls_scan(struct vls *s, const struct vl_text *t)
{
	struct vl_scan scan;

	vl_start(&scan, t);
	*s = (struct vls){.t = scan.t, .last_on = VLS_NONE};
	scan.seen = keep_line;
	scan.ctx = s;
	scan_items(&scan, &s->items);
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
	struct vl_scan scan;

	*out = (struct vl_list){0};
	vl_start(&scan, t);
	scan_items(&scan, out);
}

void
vl_free(struct vl_list *l)
{
	free(l->v);
	*l = (struct vl_list){0};
}
