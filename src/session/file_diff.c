/* SPDX-License-Identifier: MIT
 *
 * The diff of an edited file, made from the part of it that holds what was edited and a
 * few lines around: one alias of a million doesn't cost two copies of the file. Both
 * sides have the same entries in the same order, so the part begins at the same line of
 * either.
 */
#include "session/review_view.h"

#include <stdlib.h>

#include "base/mem.h"
#include "session/secret.h"

/* Whole entries that both sides share, kept around the edits: each has a line or more. */
enum { AROUND = DIFF_CONTEXT_MAX + 1 };

/* Positions of the order. */
struct part {
	size_t from, to;
};

static bool
add_bytes(void *ctx, const char *p, size_t n)
{
	str_add(ctx, p, n);
	return true;
}

/* A bit for each entry whose text differs, by id. */
static uint8_t *
edited_bits(const struct ses_file *f)
{
	uint8_t *bits = mem_new(f->doc.npool / 8 + 1, 1);

	for (size_t i = 0; i < f->nbase; i++) {
		uint32_t id = f->base[i].id;

		if (!file_entry_same(f, &f->base[i].e, doc_entry(&f->doc, id)))
			bits[id / 8] |= (uint8_t)(1u << id % 8);
	}
	return bits;
}

static bool
is_shown(const struct doc *d, size_t at)
{
	const struct entry *e = doc_entry(d, d->order[at]);

	return !(e->flags & ENTRY_DELETED) && e->text.len;
}

/* From the first edited entry to the last one, and what is kept around. */
static struct part
edited_part(const struct ses_file *f)
{
	const struct doc *d = &f->doc;
	uint8_t *bits = edited_bits(f);
	struct part p = {d->norder, 0};

	for (size_t i = 0; i < d->norder; i++) {
		uint32_t id = d->order[i];

		if (!(bits[id / 8] & 1u << id % 8))
			continue;
		if (p.to == 0)
			p.from = i;
		p.to = i + 1;
	}
	free(bits);
	for (int more = AROUND; more > 0 && p.from > 0; p.from--)
		more -= is_shown(d, p.from - 1);
	for (int more = AROUND; more > 0 && p.to < d->norder; p.to++)
		more -= is_shown(d, p.to);
	return p;
}

static void
write_part(struct ses_file *f, struct part p, struct file_diff *out)
{
	doc_write_part(&f->doc, p.from, p.to, add_bytes, &out->after);
	file_swap_base(f);
	doc_write_part(&f->doc, p.from, p.to, add_bytes, &out->before);
	file_swap_base(f);
}

static uint32_t
moved(const struct diff_line *l, uint32_t line, uint32_t by)
{
	return line || l->kind == '@' ? line + by : 0;
}

void
file_diff_make(struct ses_file *f, unsigned context, struct file_diff *out)
{
	struct part p = edited_part(f);
	uint32_t by = 0;

	*out = (struct file_diff){0};
	write_part(f, p, out);
	diff_make(&out->diff, str_sv(&out->before), str_sv(&out->after), context);
	if (f->role == ROLE_LOGIN)
		secret_mask_table(&out->diff, &out->masked);
	else
		secret_mask_diff(&out->diff, str_sv(&out->before), str_sv(&out->after));
	if (p.from > 0)
		by = doc_line_now(&f->doc, f->doc.order[p.from]) - 1;
	for (size_t i = 0; by && i < out->diff.n; i++) {
		struct diff_line *l = &out->diff.v[i];

		l->old_line = moved(l, l->old_line, by);
		l->new_line = moved(l, l->new_line, by);
	}
}

void
file_diff_free(struct file_diff *d)
{
	diff_free(&d->diff);
	arena_free(&d->masked);
	str_wipe(&d->before);
	str_wipe(&d->after);
}
