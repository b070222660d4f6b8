/* SPDX-License-Identifier: MIT
 *
 * Loading, and what an entry says. A line of the usual kind (one physical line, plain
 * name) is judged in place by looking at each byte once; anything else goes the long way
 * over the logical line. Invariant: key_len bytes of an entry's text, behind the '#' of
 * a disabled one, are the name as written.
 */
#include "text/aliases.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/alentry.h"
#include "text/lline.h"

#define NAME_MAX_BYTES 65535u

void
al_ids_push(struct al_ids *ids, uint32_t id)
{
	if (ids->n == ids->cap)
		ids->v = mem_grow(ids->v, &ids->cap, ids->n + 1, sizeof *ids->v);
	ids->v[ids->n++] = id;
}

void
al_map_make(struct sv text, struct al_map *m)
{
	struct sv rest = text, line;
	while (sv_line(&rest, &line)) {
		enum ll_kind kind = ll_line_kind(line);
		if (kind == LL_BLANK || kind == LL_COMMENT)
			continue;
		m->seg = mem_grow(m->seg, &m->cap, m->n + 1, sizeof *m->seg);
		m->seg[m->n++] = (struct al_seg){m->line.n, (size_t)(line.p - text.p)};
		const char *nul = memchr(line.p, '\0', line.n);
		str_add(&m->line, line.p, nul ? (size_t)(nul - line.p) : line.n);
		if (nul)
			break;
	}
	while (m->line.n > 0 && is_blank_char(m->line.p[m->line.n - 1]))
		m->line.n--;
}

void
al_map_free(struct al_map *m)
{
	str_free(&m->line);
	free(m->seg);
	*m = (struct al_map){0};
}

size_t
al_map_phys(const struct al_map *m, size_t at)
{
	size_t i = m->n;
	while (i > 1 && m->seg[i - 1].log > at)
		i--;
	return i ? m->seg[i - 1].phys + (at - m->seg[i - 1].log) : at;
}

void
al_text_on(struct sv text, struct str *out)
{
	while (text.n) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t n = lf ? (size_t)(lf - text.p) + 1 : text.n;
		size_t skip = text.p[0] == '#';
		str_add(out, text.p + skip, n - skip);
		text = sv_sub(text, n, text.n);
	}
}

void
al_text_off(struct sv text, struct str *out)
{
	while (text.n) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t n = lf ? (size_t)(lf - text.p) + 1 : text.n;
		str_add_char(out, '#');
		str_add(out, text.p, n);
		text = sv_sub(text, n, text.n);
	}
}

/* Does the rest of a line (8 bytes at a time) hold only ASCII and no NUL? */
static bool
is_clean(const char *p, size_t n)
{
	const uint64_t ones = 0x0101010101010101u, high = 0x80 * ones;
	uint64_t word, bad = 0;
	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&word, p, 8);
		bad |= (word | (word - ones)) & high;
	}
	for (; n; p++, n--)
		bad |= *p <= 0;
	return bad == 0;
}

size_t
al_plain_length(struct sv text)
{
	/* a bit a byte: A-Z a-z 0-9 + - . / = _ */
	static const uint64_t plain[4] = {
		UINT64_C(0x23ffe80000000000), UINT64_C(0x7fffffe87fffffe)};
	size_t n = 0;

	for (; n < text.n; n++) {
		unsigned char c = (unsigned char)text.p[n];
		if (!(plain[c >> 6] >> (c & 63) & 1))
			break;
	}
	return n;
}

/* The quick judgement of "name: something"; 0 when it takes the long way. More lines only
 * add to what is something already: they are there because they continue it. */
static size_t
simple_key(struct sv text)
{
	size_t key = al_plain_length(text);
	if (key == 0 || key >= text.n || text.p[key] != ':' || key > NAME_MAX_BYTES)
		return 0;
	size_t at = key + 1;
	while (at < text.n && is_blank_char(text.p[at]))
		at++;
	return at < text.n && is_clean(text.p + at, text.n - at) ? key : 0;
}

enum entry_kind
al_text_kind(struct sv text, size_t *key_len)
{
	*key_len = simple_key(text);
	if (*key_len)
		return ENTRY_ALIAS;
	struct al_map m = {0};
	size_t key_end, value;
	al_map_make(text, &m);
	enum al_fault fault = al_line_judge(str_sv(&m.line), &key_end, &value);
	*key_len = key_end ? al_map_phys(&m, key_end - 1) + 1 : 0;
	al_map_free(&m);
	if (*key_len > NAME_MAX_BYTES)
		return ENTRY_RAW;
	return fault == AL_OK ? ENTRY_ALIAS : ENTRY_BAD;
}

static struct sv
first_line(struct sv bytes)
{
	const char *lf = memchr(bytes.p, '\n', bytes.n);
	return sv_sub(bytes, 0, lf ? (size_t)(lf - bytes.p) + 1 : bytes.n);
}

/* Prose like "#see http://x" or "#See also: y" is no alias: a name has no bare blank, and
 * what follows it is no URL. */
static bool
is_off_head(struct sv line)
{
	size_t key_end, value;
	if (line.n < 2 || line.p[0] != '#' || line.p[1] == '#' ||
		is_blank_char(line.p[1]))
		return false;
	if (!memchr(line.p, ':', line.n) || memchr(line.p, '\0', line.n))
		return false;
	line = sv_trim(sv_sub(line, 1, line.n));
	enum al_fault fault = al_line_judge(line, &key_end, &value);
	if (fault != AL_OK && fault != AL_NO_TARGET)
		return false;
	struct sv rest = sv_sub(line, value, line.n);
	if (rest.n >= 2 && rest.p[0] == '/' && rest.p[1] == '/')
		return false;
	for (size_t i = 0; i < key_end && line.p[0] != '"'; i++)
		if (is_blank_char(line.p[i]))
			return false;
	return true;
}

bool
al_is_off_continuation(struct sv line, bool after_comma)
{
	if (line.n < 3 || line.p[0] != '#' || !is_blank_char(line.p[1]))
		return false;
	struct sv rest = sv_trim(sv_sub(line, 1, line.n));
	if (rest.n == 0 || rest.p[0] == '#')
		return false;
	return line.p[1] == '\t' || is_blank_char(line.p[2]) || after_comma;
}

static bool
ends_in_comma(struct sv line)
{
	line = sv_trim(line);
	return line.n && line.p[line.n - 1] == ',';
}

size_t
al_off_length(struct sv bytes, size_t *key_len)
{
	struct sv line = first_line(bytes);
	if (!is_off_head(line))
		return 0;
	size_t end = line.n;
	for (size_t at = end; at < bytes.n; at += line.n) {
		bool comma = ends_in_comma(line);
		line = first_line(sv_sub(bytes, at, bytes.n));
		if (line.n > 1 && line.p[0] == '#' && line.p[1] == '#')
			continue; /* a comment inside, if the alias goes on behind it */
		if (!al_is_off_continuation(line, comma))
			break;
		end = at + line.n;
	}
	struct str on = {0};
	al_text_on(sv_sub(bytes, 0, end), &on);
	bool ok = al_text_kind(str_sv(&on), key_len) == ENTRY_ALIAS;
	str_free(&on);
	return ok ? end : 0;
}

static enum entry_kind
plain_kind(enum ll_kind kind)
{
	switch (kind) {
	case LL_BLANK:
		return ENTRY_BLANK;
	case LL_COMMENT:
		return ENTRY_COMMENT;
	case LL_ORPHAN:
		return ENTRY_ORPHAN;
	case LL_TEXT:
		break;
	}
	return ENTRY_BAD;
}

/* Take the lines of a disabled alias that starts with *piece; s moves behind them. */
static void
take_off(struct ll_scan *s, struct lline *piece, struct entry *e)
{
	size_t key_len, n;
	struct sv ahead = sv_make(piece->text.p, piece->text.n + s->rest.n);
	n = al_off_length(ahead, &key_len);
	if (n == 0)
		return;
	e->kind = ENTRY_ALIAS_OFF;
	e->key_len = (uint16_t)key_len;
	while (piece->text.n < n) {
		struct lline more;
		ll_next(s, &more);
		piece->text.n += more.text.n;
	}
}

void
al_load(struct aliases *al, char *take_bytes, size_t n, void (*free_orig)(char *, size_t))
{
	struct ll_scan s;
	struct lline piece;
	*al = (struct aliases){0};
	doc_init(&al->doc, take_bytes, n, free_orig);
	ll_start(&s, sv_make(take_bytes, n));
	while (ll_next(&s, &piece)) {
		struct entry e = {.line = piece.line};
		size_t key_len = 0;
		if (piece.kind == LL_TEXT)
			e.kind = (uint8_t)al_text_kind(piece.text, &key_len);
		else
			e.kind = (uint8_t)plain_kind(piece.kind);
		if (key_len <= NAME_MAX_BYTES)
			e.key_len = (uint16_t)key_len;
		if (piece.kind == LL_COMMENT && piece.text.p[0] == '#')
			take_off(&s, &piece, &e);
		e.text.off = (uint32_t)(piece.text.p - al->doc.orig);
		e.text.len = (uint32_t)piece.text.n;
		doc_add_loaded(&al->doc, &e);
	}
}

void
al_free(struct aliases *al)
{
	al_index_free(al->ix);
	doc_free(&al->doc);
	*al = (struct aliases){0};
}

bool
al_is_alias(const struct doc *d, uint32_t id)
{
	uint8_t kind = doc_entry(d, id)->kind;
	return kind == ENTRY_ALIAS || kind == ENTRY_ALIAS_OFF;
}

bool
al_is_row(const struct aliases *al, uint32_t id)
{
	const struct entry *e = doc_entry(&al->doc, id);
	if ((e->flags & ENTRY_DELETED) && (e->flags & ENTRY_NEW))
		return false;
	return e->kind == ENTRY_ALIAS || e->kind == ENTRY_ALIAS_OFF ||
	       e->kind == ENTRY_BAD || e->kind == ENTRY_RAW;
}

void
al_rows(const struct aliases *al, struct al_ids *out)
{
	const struct doc *d = &al->doc;
	for (size_t i = 0; i < d->norder; i++)
		if (al_is_row(al, d->order[i]))
			al_ids_push(out, d->order[i]);
}

struct sv
al_name(const struct aliases *al, uint32_t id)
{
	const struct entry *e = doc_entry(&al->doc, id);
	return sv_sub(doc_text(&al->doc, id), e->kind == ENTRY_ALIAS_OFF, e->key_len);
}

void
al_entry_on(const struct aliases *al, uint32_t id, struct str *out)
{
	struct sv text = doc_text(&al->doc, id);
	if (doc_entry(&al->doc, id)->kind == ENTRY_ALIAS_OFF)
		al_text_on(text, out);
	else
		str_add_sv(out, text);
}

size_t
al_entry_line(const struct aliases *al, uint32_t id, struct str *out)
{
	struct str on = {0};
	size_t key_end, value;
	al_entry_on(al, id, &on);
	ll_logical(str_sv(&on), out);
	str_free(&on);
	al_line_judge(str_sv(out), &key_end, &value);
	return value;
}

void
al_key(const struct aliases *al, uint32_t id, struct str *out)
{
	struct sv name = al_name(al, id);
	struct str plain = {0}, line = {0};
	if (memchr(name.p, '\n', name.n)) { /* a name that goes over several lines */
		size_t value = al_entry_line(al, id, &line);
		name = sv_sub(str_sv(&line), 0, value ? value - 1 : 0);
	}
	al_name_plain(name, &plain);
	al_name_fold(str_sv(&plain), out);
	str_free(&plain);
	str_free(&line);
}

void
al_value(const struct aliases *al, uint32_t id, struct str *out)
{
	struct str line = {0};
	size_t value = al_entry_line(al, id, &line), pos = 0, end = 0;
	struct sv text = sv_sub(str_sv(&line), value, line.n);
	struct al_tok tok;
	while (al_tok_next(text, &pos, &tok)) {
		if (end > 0 && tok.start > end)
			str_add_char(out, ' ');
		str_add_sv(out, sv_sub(text, tok.start, tok.end - tok.start));
		end = tok.end;
	}
	str_free(&line);
}

void
al_targets_get(const struct aliases *al, uint32_t id, struct al_targets *out)
{
	struct str line = {0};
	if (al_is_alias(&al->doc, id)) {
		size_t value = al_entry_line(al, id, &line);
		al_targets_parse(sv_sub(str_sv(&line), value, line.n), out);
	}
	str_free(&line);
}

enum al_fault
al_fault_of(const struct aliases *al, uint32_t id)
{
	struct str line = {0};
	size_t key_end, value;
	if (doc_entry(&al->doc, id)->kind != ENTRY_BAD)
		return AL_OK;
	ll_logical(doc_text(&al->doc, id), &line);
	enum al_fault fault = al_line_judge(str_sv(&line), &key_end, &value);
	str_free(&line);
	return fault;
}
