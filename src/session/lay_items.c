/* SPDX-License-Identifier: MIT
 *
 * Items of lists, and what makes one list of another: equal ends are passed over, the
 * rest is matched by text; between two items that stayed, one that went and one that came
 * are the same one, edited.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "session/lay.h"
#include "session/nets_view.h"
#include "text/maincf.h"
#include "text/table.h"

#define NOWHERE SIZE_MAX

static struct lay_item *
push_item(struct lay_items *l)
{
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	l->v[l->n] = (struct lay_item){.note = ""};
	return &l->v[l->n++];
}

static void
add_list(struct arena *a, const struct vl_text *t, uint32_t id, struct lay_items *out)
{
	struct vl_list list = {0};

	vl_parse(t, &list);
	for (size_t i = 0; i < list.n; i++) {
		const struct vl_item *it = &list.v[i];
		struct lay_item *item = push_item(out);

		item->text = arena_sv(a, sv_sub(t->raw, it->off, it->len));
		item->note = arena_sv(a, sv_sub(t->raw, it->note_off, it->note_len));
		item->off = it->is_off;
		item->id = id;
		item->at = i;
	}
	vl_free(&list);
}

void
items_of_lines(struct arena *a, struct sv lines, uint32_t id, struct lay_items *out)
{
	struct vl_text t = {.raw = lines};
	size_t name_len;

	mcf_parse_head(lines, &name_len, &t.off);
	add_list(a, &t, id, out);
}

static void
add_row(struct arena *a, const struct ses_file *f, uint32_t id, struct lay_items *out)
{
	bool off = doc_entry(&f->doc, id)->kind == ENTRY_ROW_OFF;
	struct str value = {0};
	struct lay_item *item;
	size_t first = out->n;

	if (f->role == ROLE_NETS && !off) {
		struct vl_text t = nets_list_text(f, id);

		add_list(a, &t, id, out);
	} else {
		item = push_item(out);
		item->text = arena_sv(a, tbl_key(&f->doc, id));
		item->off = off;
		item->id = id;
	}
	if (f->role != ROLE_NETS) {
		tbl_value(&f->doc, id, &value);
		out->v[first].value = arena_sv(a, str_sv(&value));
		str_free(&value);
	}
	if (out->n == first + 1 && !out->v[first].note[0])
		out->v[first].note = arena_sv(a, tbl_note(&f->doc, id));
}

void
items_of_file(struct arena *a, const struct ses_file *f, struct lay_items *out)
{
	size_t pos = 0;
	uint32_t id;

	while (tbl_each(&f->doc, &pos, &id))
		add_row(a, f, id, out);
}

size_t
items_find(const struct lay_items *items, const char *text, bool off)
{
	size_t found = items->n;

	for (size_t i = 0; i < items->n; i++)
		if (strcmp(items->v[i].text, text) == 0) {
			if (items->v[i].off == off)
				return i;
			found = found == items->n ? i : found;
		}
	return found;
}

/* --- matching ------------------------------------------------------------------------
 */

struct matching {
	const struct lay_items *was, *now;
	size_t *to_now, *to_was;
	const char *file;
	struct lay_list *out;
};

static void
pair(struct matching *m, size_t was, size_t now)
{
	m->to_now[was] = now;
	m->to_was[now] = was;
}

struct keyed {
	const char *text;
	size_t i;
};

static int
by_text(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int r = strcmp(x->text, y->text);

	return r ? r : (x->i > y->i) - (x->i < y->i);
}

static struct keyed *
sorted(const struct lay_items *l, size_t from, size_t to)
{
	struct keyed *v = mem_new(to - from + 1, sizeof(*v));

	for (size_t i = from; i < to; i++)
		v[i - from] = (struct keyed){l->v[i].text, i};
	qsort(v, to - from, sizeof(*v), by_text);
	return v;
}

static void
match_middle(struct matching *m, size_t from, size_t was_to, size_t now_to)
{
	struct keyed *was = sorted(m->was, from, was_to),
		     *now = sorted(m->now, from, now_to);
	size_t nwas = was_to - from, nnow = now_to - from, i = 0, k = 0;

	while (i < nwas && k < nnow) {
		int r = strcmp(was[i].text, now[k].text);

		if (r == 0)
			pair(m, was[i++].i, now[k++].i);
		else if (r < 0)
			i++;
		else
			k++;
	}
	free(was);
	free(now);
}

static bool
same_item(const struct matching *m, size_t was, size_t now)
{
	const struct lay_item *a = &m->was->v[was], *b = &m->now->v[now];

	return a->off == b->off && strcmp(a->text, b->text) == 0;
}

static void
match(struct matching *m)
{
	size_t from = 0, was_to = m->was->n, now_to = m->now->n;

	for (size_t i = 0; i < was_to; i++)
		m->to_now[i] = NOWHERE;
	for (size_t i = 0; i < now_to; i++)
		m->to_was[i] = NOWHERE;
	for (; from < was_to && from < now_to && same_item(m, from, from); from++)
		pair(m, from, from);
	while (was_to > from && now_to > from && same_item(m, was_to - 1, now_to - 1))
		pair(m, --was_to, --now_to);
	match_middle(m, from, was_to, now_to);
}

/* --- differences ---------------------------------------------------------------------
 */

static struct lay_form
form_of(const struct lay_item *item)
{
	return (struct lay_form){.there = true,
		.off = item->off,
		.text = item->text,
		.value = item->value,
		.note = item->note};
}

static void
emit(struct matching *m, size_t was, size_t now, bool moved)
{
	struct lay_change c = {.kind = LAY_ITEM, .file = m->file, .moved = moved};

	if (was != NOWHERE)
		c.before = form_of(&m->was->v[was]);
	if (now != NOWHERE)
		c.after = form_of(&m->now->v[now]);
	if (now != NOWHERE && now > 0)
		c.above = m->now->v[now - 1].text;
	c.name = c.before.there ? c.before.text : c.after.text;
	lay_push(m->out, &c);
}

/* Nothing of was in w0 .. w1 stayed where it was, and nothing of now in n0 .. n1. */
static void
gap(struct matching *m, size_t w0, size_t w1, size_t n0, size_t n1)
{
	for (;;) {
		while (w0 < w1 && m->to_now[w0] != NOWHERE)
			w0++;
		while (n0 < n1 && m->to_was[n0] != NOWHERE)
			n0++;
		if (w0 >= w1 && n0 >= n1)
			return;
		emit(m, w0 < w1 ? w0 : NOWHERE, n0 < n1 ? n0 : NOWHERE, false);
		w0 += w0 < w1;
		n0 += n0 < n1;
	}
}

static bool
is_edited(const struct matching *m, size_t was, size_t now)
{
	return !same_item(m, was, now) ||
	       strcmp(m->was->v[was].note, m->now->v[now].note) != 0;
}

static void
walk(struct matching *m)
{
	size_t w0 = 0, n0 = 0;

	for (size_t i = 0; i < m->now->n; i++) {
		size_t was = m->to_was[i];

		if (was == NOWHERE)
			continue;
		if (was < w0) {
			emit(m, was, i, true);
			continue;
		}
		gap(m, w0, was, n0, i);
		if (is_edited(m, was, i))
			emit(m, was, i, false);
		w0 = was + 1;
		n0 = i + 1;
	}
	gap(m, w0, m->was->n, n0, m->now->n);
}

void
items_diff(const struct lay_items *before, const struct lay_items *after,
	const char *file, struct lay_list *l)
{
	struct matching m = {.was = before, .now = after, .file = file, .out = l};

	m.to_now = mem_new(before->n + 1, sizeof(*m.to_now));
	m.to_was = mem_new(after->n + 1, sizeof(*m.to_was));
	match(&m);
	walk(&m);
	free(m.to_now);
	free(m.to_was);
}

bool
items_same(struct sv a, struct sv b)
{
	struct lay_items was = {0}, is = {0};
	struct lay_list steps = {0};
	bool same;

	items_of_lines(&steps.texts, a, DOC_NO_ID, &was);
	items_of_lines(&steps.texts, b, DOC_NO_ID, &is);
	items_diff(&was, &is, "", &steps);
	same = steps.n == 0;
	free(is.v);
	free(was.v);
	lay_free(&steps);
	return same;
}
