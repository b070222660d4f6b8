/* SPDX-License-Identifier: MIT
 *
 * Filter as you type. Whole runs of neighbouring entries are scanned as bytes, eight at a
 * time, for the two signs of the needle that are rarest in this file; the first proper
 * hit in an entry ends the look at it. Only entries with inner lines, or hits across the
 * colon, go the long way. When the needle grows, few earlier hits are looked at instead.
 */
#include "text/alentry.h"

#include <stdlib.h>
#include <string.h>

#include "text/lline.h"

#define ONES 0x0101010101010101u
#define HIGH 0x8080808080808080u
#define SAMPLE_STEP 512u

/* A needle made ready: small letters, and the places of its two rarest signs. */
struct needle {
	struct sv low;
	size_t a, b;
	uint64_t sign_a, sign_b, fold_a, fold_b;
};

static uint64_t
fold_mask(char low)
{
	return is_alpha_char(low) ? 0x20 * ONES : 0;
}

/* How often a sign stands in the loaded bytes, from a sample. */
static void
count_signs(const struct doc *d, uint32_t *count)
{
	size_t step = d->orig_len / 65536 + 1;
	for (size_t i = 0; i < d->orig_len; i += step * SAMPLE_STEP)
		for (size_t k = i; k < d->orig_len && k < i + SAMPLE_STEP; k++)
			count[(unsigned char)fold_char(d->orig[k])]++;
}

static void
needle_make(const struct doc *d, struct sv low, struct needle *nd)
{
	uint32_t count[256] = {0};
	count_signs(d, count);
	*nd = (struct needle){.low = low};
	for (size_t i = 1; i < low.n; i++)
		if (count[(unsigned char)low.p[i]] < count[(unsigned char)low.p[nd->a]])
			nd->a = i;
	nd->b = nd->a == 0 && low.n > 1 ? 1 : 0;
	for (size_t i = 0; i < low.n; i++)
		if (i != nd->a && count[(unsigned char)low.p[i]] <
					  count[(unsigned char)low.p[nd->b]])
			nd->b = i;
	nd->sign_a = (unsigned char)low.p[nd->a] * ONES;
	nd->sign_b = (unsigned char)low.p[nd->b] * ONES;
	nd->fold_a = fold_mask(low.p[nd->a]);
	nd->fold_b = fold_mask(low.p[nd->b]);
}

static uint64_t
load_word(const char *p)
{
	uint64_t w;
	memcpy(&w, p, sizeof w);
	return w;
}

/* 0x80 in each byte of x that is zero, exactly. */
static uint64_t
zero_bytes(uint64_t x)
{
	return ~(((x & ~HIGH) + ~HIGH) | x | ~HIGH);
}

static bool
equal_at(const char *p, struct sv low)
{
	for (size_t i = 0; i < low.n; i++)
		if (fold_char(p[i]) != low.p[i])
			return false;
	return true;
}

static size_t
lowest_byte(uint64_t mask)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (size_t)__builtin_ctzll(mask) / 8;
#else
	return (size_t)__builtin_clzll(mask) / 8;
#endif
}

static uint64_t
drop_byte(uint64_t mask, size_t byte)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return mask & ~((uint64_t)0xff << byte * 8);
#else
	return mask & ~((uint64_t)0xff << (56 - byte * 8));
#endif
}

/* Offset of the needle in text from at on; text.n if it isn't there. */
static size_t
seek(struct sv text, size_t at, const struct needle *nd)
{
	if (text.n < nd->low.n)
		return text.n;
	size_t last = text.n - nd->low.n; /* no hit starts behind it */
	for (; at + 7 <= last; at += 8) {
		uint64_t a = load_word(text.p + at + nd->a) | nd->fold_a;
		uint64_t b = load_word(text.p + at + nd->b) | nd->fold_b;
		uint64_t hits = zero_bytes(a ^ nd->sign_a) & zero_bytes(b ^ nd->sign_b);
		while (hits) {
			size_t byte = lowest_byte(hits);
			if (equal_at(text.p + at + byte, nd->low))
				return at + byte;
			hits = drop_byte(hits, byte);
		}
	}
	for (; at <= last; at++)
		if (equal_at(text.p + at, nd->low))
			return at;
	return text.n;
}

/* The long way: over the name and the value, without inner comments. */
static bool
matches_slowly(const struct aliases *al, uint32_t id, const struct needle *nd)
{
	struct str line = {0};
	size_t value = al_entry_line(al, id, &line);
	struct sv name = sv_sub(str_sv(&line), 0, value ? value - 1 : 0);
	struct sv rest = sv_sub(str_sv(&line), value, line.n);
	bool hit = seek(name, 0, nd) < name.n || seek(rest, 0, nd) < rest.n;
	str_free(&line);
	return hit;
}

/* Is a hit at offset at, behind the first line, in a line that isn't an inner comment? */
static bool
is_in_continuation(struct sv text, size_t at, size_t n)
{
	const char *before = memrchr(text.p, '\n', at);
	size_t start = before ? (size_t)(before - text.p) + 1 : 0;
	struct sv line = sv_sub(text, start, at + n - start);
	return !memchr(line.p, '\n', line.n) && ll_line_kind(line) != LL_COMMENT;
}

/* Does text hold the byte before offset n? Few bytes: a call would cost more. */
static bool
holds_before(const char *text, char c, size_t n)
{
	for (; n >= 8; text += 8, n -= 8)
		if (zero_bytes(load_word(text) ^ (unsigned char)c * ONES))
			return true;
	for (; n; text++, n--)
		if (*text == c)
			return true;
	return false;
}

/* Is the hit at offset at of the entry's text in its name or targets? */
static bool
is_proper(const struct aliases *al, uint32_t id, struct sv text, size_t at,
	const struct needle *nd)
{
	const struct entry *e = doc_entry(&al->doc, id);
	size_t name = e->kind == ENTRY_ALIAS_OFF, n = nd->low.n;
	size_t key_end = name + e->key_len;
	bool clear = e->key_len > 0 && key_end < text.n && at >= name &&
		     (at + n <= key_end || at > key_end) &&
		     !holds_before(text.p + at, ':', n) &&
		     !holds_before(text.p, '\n', key_end + 1);
	if (clear && (at + n <= key_end ||
			     !holds_before(text.p + key_end, '\n', at + n - key_end)))
		return true;
	if (clear && e->kind == ENTRY_ALIAS && is_in_continuation(text, at, n))
		return true;
	return matches_slowly(al, id, nd);
}

/* Scan the entries order[i..end), whose texts follow each other in memory. */
static void
scan_run(const struct aliases *al, size_t i, size_t end, const struct needle *nd,
	struct al_ids *out)
{
	const struct doc *d = &al->doc;
	const char *base = doc_text(d, d->order[i]).p;
	struct sv last = doc_text(d, d->order[end - 1]);
	struct sv run = sv_make(base, (size_t)(last.p - base) + last.n);
	size_t at = seek(run, 0, nd), start = 0;
	while (at < run.n) {
		const struct entry *e = doc_entry(d, d->order[i]);
		size_t next = start + e->text.len;
		while (next <= at) {
			start = next;
			e = doc_entry(d, d->order[++i]);
			next += e->text.len;
		}
		uint32_t id = d->order[i];
		bool inside = at + nd->low.n <= next;
		if (inside && al_is_row(al, id) &&
			is_proper(al, id, sv_make(base + start, e->text.len), at - start,
				nd))
			al_ids_push(out, id);
		/* Whatever the answer: it was about the whole entry, and a hit that goes
		 * over its end has none behind it. */
		at = seek(run, next, nd);
	}
}

static void
scan_all(const struct aliases *al, const struct needle *nd, struct al_ids *out)
{
	const struct doc *d = &al->doc;
	size_t i = 0;
	while (i < d->norder) {
		struct span s = doc_entry(d, d->order[i])->text;
		size_t end = i + 1;
		uint32_t next = s.off + s.len;
		for (; end < d->norder; end++) {
			struct span t = doc_entry(d, d->order[end])->text;
			if (t.off != next)
				break;
			next += t.len;
		}
		scan_run(al, i, end, nd, out);
		i = end;
	}
}

/* Keep those of the hits that hold the longer needle, too. */
static void
refine(const struct aliases *al, const struct needle *nd, struct al_ids *hits)
{
	size_t kept = 0;
	for (size_t i = 0; i < hits->n; i++) {
		uint32_t id = hits->v[i];
		struct sv text = doc_text(&al->doc, id);
		size_t at = seek(text, 0, nd);
		if (at < text.n && is_proper(al, id, text, at, nd))
			hits->v[kept++] = id;
	}
	hits->n = kept;
}

void
al_filter(const struct aliases *al, struct sv needle, struct al_filter *f)
{
	struct str low = {0};
	struct needle nd;
	for (size_t i = 0; i < needle.n; i++)
		str_add_char(&low, fold_char(needle.p[i]));
	bool grown = f->ready && f->gen == al->doc.gen && f->needle.n > 0 &&
		     sv_find_sv(str_sv(&low), str_sv(&f->needle)) >= 0 &&
		     f->hits.n < al->doc.norder / 8;
	if (low.n == 0) {
		f->hits.n = 0;
		al_rows(al, &f->hits);
	} else {
		needle_make(&al->doc, str_sv(&low), &nd);
		if (grown) {
			refine(al, &nd, &f->hits);
		} else {
			f->hits.n = 0;
			scan_all(al, &nd, &f->hits);
		}
	}
	str_free(&f->needle);
	f->needle = low;
	f->gen = al->doc.gen;
	f->ready = true;
}

void
al_filter_free(struct al_filter *f)
{
	free(f->hits.v);
	str_free(&f->needle);
	*f = (struct al_filter){0};
}
