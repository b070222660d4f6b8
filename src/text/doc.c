/* SPDX-License-Identifier: MIT
 *
 * The byte store behind every document. Invariants: `orig` never changes and `added` only
 * grows, so a span stays good for ever; ids are indexes into `pool` and never move. A
 * loaded entry that has been edited keeps its loaded record: the record is written to
 * `added` right before the new text, where doc_loaded() finds it without any index.
 */
#include "text/doc.h"

#include <stdlib.h>

#include "base/mem.h"

#define EOL_SAMPLE 65536u /* bytes looked at to learn how lines end */

static bool
most_lines_are_crlf(struct sv bytes)
{
	size_t lf = 0, crlf = 0, at = 0;

	bytes = sv_sub(bytes, 0, EOL_SAMPLE);
	while (at < bytes.n) {
		const char *hit = memchr(bytes.p + at, '\n', bytes.n - at);

		if (!hit)
			break;
		at = (size_t)(hit - bytes.p) + 1;
		lf++;
		crlf += at >= 2 && bytes.p[at - 2] == '\r';
	}
	return crlf * 2 > lf;
}

void
doc_init(struct doc *d, char *take_bytes, size_t n, void (*free_orig)(char *, size_t))
{
	*d = (struct doc){.orig = take_bytes, .orig_len = n, .free_orig = free_orig};
	d->crlf = most_lines_are_crlf(sv_make(take_bytes, n));
}

void
doc_free(struct doc *d)
{
	if (d->free_orig && d->orig)
		d->free_orig(d->orig, d->orig_len);
	else
		free(d->orig);
	str_free(&d->added);
	free(d->pool);
	free(d->order);
	*d = (struct doc){0};
}

static uint32_t
push_entry(struct doc *d, const struct entry *e)
{
	if (d->npool == d->pool_cap)
		d->pool = mem_grow(d->pool, &d->pool_cap, d->npool + 1, sizeof(*d->pool));
	d->pool[d->npool] = *e;
	return (uint32_t)d->npool++;
}

uint32_t
doc_add_loaded(struct doc *d, const struct entry *e)
{
	uint32_t id = push_entry(d, e);

	if (d->norder == d->order_cap)
		d->order = mem_grow(
			d->order, &d->order_cap, d->norder + 1, sizeof(*d->order));
	d->order[d->norder++] = id;
	return id;
}

struct sv
doc_span(const struct doc *d, struct span s)
{
	if (s.off & DOC_SPAN_ADDED)
		return sv_make(d->added.p + (s.off & ~DOC_SPAN_ADDED), s.len);
	return sv_make(d->orig ? d->orig + s.off : "", s.len);
}

struct sv
doc_text(const struct doc *d, uint32_t id)
{
	return doc_span(d, d->pool[id].text);
}

/* Append text to `added`, after the record head if there is one. The text may be a slice
 * of `added` itself, which may move. */
static struct span
add_text(struct doc *d, const struct entry *head, struct sv text)
{
	uintptr_t base = (uintptr_t)d->added.p, p = (uintptr_t)text.p;
	bool inside = d->added.p && p >= base && p < base + d->added.n;
	size_t from = inside ? (size_t)(p - base) : 0;
	size_t need = d->added.n + sizeof(*head) + text.n + 1;
	struct span s;

	if (need >= DOC_SPAN_ADDED)
		free(mem_resize(NULL, SIZE_MAX, 2)); /* ends the process: memory is out */
	d->added.p = mem_grow(d->added.p, &d->added.cap, need, 1);
	if (inside)
		text.p = d->added.p + from;
	if (head)
		str_add(&d->added, (const char *)head, sizeof(*head));
	s = (struct span){(uint32_t)d->added.n | DOC_SPAN_ADDED, (uint32_t)text.n};
	str_add_sv(&d->added, text);
	return s;
}

bool
doc_loaded(const struct doc *d, uint32_t id, struct entry *out)
{
	const struct entry *e = &d->pool[id];

	if (e->flags & ENTRY_NEW)
		return false;
	*out = *e;
	if (e->text.off & DOC_SPAN_ADDED)
		memcpy(out, d->added.p + (e->text.off & ~DOC_SPAN_ADDED) - sizeof(*out),
			sizeof(*out));
	out->flags = 0;
	return true;
}

static void
change(struct doc *d, uint32_t id, const struct entry *after)
{
	struct doc_edit edit = {id, d->pool[id], *after};

	d->pool[id] = *after;
	d->gen++;
	if (d->on_edit)
		d->on_edit(d->edit_ctx, d, &edit);
}

void
doc_replace(
	struct doc *d, uint32_t id, struct sv text, enum entry_kind kind, size_t key_len)
{
	struct entry loaded, e = d->pool[id];
	bool is_loaded = doc_loaded(d, id, &loaded);

	if (is_loaded && sv_eq(doc_span(d, loaded.text), text)) {
		change(d, id, &loaded);
		return;
	}
	e.text = add_text(d, is_loaded ? &loaded : NULL, text);
	e.kind = (uint8_t)kind;
	e.key_len = (uint16_t)(key_len > UINT16_MAX ? 0 : key_len);
	e.flags = (uint8_t)((e.flags & ~ENTRY_DELETED) | ENTRY_EDITED);
	change(d, id, &e);
}

uint32_t
doc_insert(
	struct doc *d, size_t pos, struct sv text, enum entry_kind kind, size_t key_len)
{
	struct entry e = {.kind = (uint8_t)kind,
		.key_len = (uint16_t)(key_len > UINT16_MAX ? 0 : key_len),
		.flags = ENTRY_NEW | ENTRY_DELETED};
	uint32_t id;

	e.text = add_text(d, NULL, text);
	id = push_entry(d, &e);
	d->order = mem_grow(d->order, &d->order_cap, d->norder + 1, sizeof(*d->order));
	if (pos > d->norder)
		pos = d->norder;
	memmove(d->order + pos + 1, d->order + pos,
		(d->norder - pos) * sizeof(*d->order));
	d->order[pos] = id;
	d->norder++;
	e.flags = ENTRY_NEW;
	change(d, id, &e);
	return id;
}

void
doc_delete(struct doc *d, uint32_t id)
{
	struct entry e = d->pool[id];

	if (e.flags & ENTRY_DELETED)
		return;
	e.flags |= ENTRY_DELETED;
	change(d, id, &e);
}

void
doc_restore(struct doc *d, uint32_t id, const struct entry *e)
{
	change(d, id, e);
}

size_t
doc_position(const struct doc *d, uint32_t id)
{
	if (id < d->norder && d->order[id] == id) /* nothing new stands before it */
		return id;
	for (size_t i = 0; i < d->norder; i++)
		if (d->order[i] == id)
			return i;
	return d->norder;
}

/* Entries that can end without a line feed: the loaded file's last one and added text. */
static bool
lacks_line_end(const struct doc *d, struct span s)
{
	struct sv text;

	if (s.len == 0)
		return false;
	if (!(s.off & DOC_SPAN_ADDED) && s.off + s.len < d->orig_len)
		return false;
	text = doc_span(d, s);
	return !sv_ends(text, "\n");
}

static uint32_t
lines_of(const struct doc *d, uint32_t id)
{
	const struct entry *e = &d->pool[id];
	struct sv rest = doc_text(d, id), line;
	uint32_t n = 0;

	/* Loaded entries tile, so the next one tells how many lines this one has. */
	if (e->line && !(e->flags & ENTRY_EDITED) && id + 1 < d->npool &&
		d->pool[id + 1].line > e->line)
		return d->pool[id + 1].line - e->line;
	while (sv_line(&rest, &line))
		n++;
	return n;
}

uint32_t
doc_line_now(const struct doc *d, uint32_t id)
{
	size_t end = doc_position(d, id);
	uint32_t line = 1;

	for (size_t i = 0; i < end; i++)
		if (doc_alive(d, d->order[i]))
			line += lines_of(d, d->order[i]);
	return line;
}

const char *
doc_eol(const struct doc *d)
{
	return d->crlf ? "\r\n" : "\n";
}

/* Does something follow position at? */
static bool
has_more(const struct doc *d, size_t at)
{
	for (; at < d->norder; at++)
		if (doc_alive(d, d->order[at]) && d->pool[d->order[at]].text.len)
			return true;
	return false;
}

bool
doc_write_part(const struct doc *d, size_t from, size_t to,
	bool (*sink)(void *ctx, const char *p, size_t n), void *ctx)
{
	struct span run = {0, 0};
	const char *eol = doc_eol(d);
	bool pending = false; /* the run ends without a line end */

	for (size_t i = from; i < to; i++) {
		const struct entry *e = &d->pool[d->order[i]];

		if ((e->flags & ENTRY_DELETED) || e->text.len == 0)
			continue;
		if (!pending && run.len && run.off + run.len == e->text.off) {
			run.len += e->text.len;
		} else {
			if (run.len && !sink(ctx, doc_span(d, run).p, run.len))
				return false;
			if (pending && !sink(ctx, eol, strlen(eol)))
				return false;
			run = e->text;
		}
		pending = lacks_line_end(d, e->text);
	}
	if (run.len && !sink(ctx, doc_span(d, run).p, run.len))
		return false;
	return !pending || !has_more(d, to) || sink(ctx, eol, strlen(eol));
}

bool
doc_write(
	const struct doc *d, bool (*sink)(void *ctx, const char *p, size_t n), void *ctx)
{
	return doc_write_part(d, 0, d->norder, sink, ctx);
}

static bool
append_run(void *ctx, const char *p, size_t n)
{
	str_add(ctx, p, n);
	return true;
}

void
doc_bytes(const struct doc *d, struct str *out)
{
	doc_write(d, append_run, out);
}

struct compare {
	struct sv rest;
};

static bool
compare_run(void *ctx, const char *p, size_t n)
{
	struct compare *c = ctx;

	if (p != c->rest.p && !sv_eq(sv_make(p, n), sv_sub(c->rest, 0, n)))
		return false;
	if (n > c->rest.n)
		return false;
	c->rest = sv_sub(c->rest, n, c->rest.n);
	return true;
}

bool
doc_is_unchanged(const struct doc *d)
{
	struct compare c = {sv_make(d->orig, d->orig_len)};

	if (d->gen == 0)
		return true;
	return doc_write(d, compare_run, &c) && c.rest.n == 0;
}
