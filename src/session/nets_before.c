/* SPDX-License-Identifier: MIT
 *
 * Which items of a list are those that it had when loaded? Equal beginnings and ends are
 * taken first, then equal texts (also where one was switched on or off), and what is left
 * between two that stayed is paired: such an item was edited. Linear, by a hash of the
 * texts: lists of 100,000 items are edited item by item.
 */
#include "session/nets_before.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

struct matching {
	const struct nets_list *was, *now;
	size_t *at;   /* for each item of now its place before, or NETS_NOWHERE */
	bool *used;   /* of the items before */
	size_t *next; /* chain of items before with the same text and state */
	size_t *head; /* by the first of the chain: its first that isn't used */
	struct hash by_text;
	struct sv sought;
	bool sought_off;
};

struct sv
nets_item_text(const struct nets_list *l, size_t i)
{
	return sv_sub(l->raw, l->list.v[i].off, l->list.v[i].len);
}

static bool
same(const struct matching *m, size_t was, size_t now)
{
	return m->was->list.v[was].is_off == m->now->list.v[now].is_off &&
	       sv_eq(nets_item_text(m->was, was), nets_item_text(m->now, now));
}

static bool
is_sought(void *ctx, uint32_t i)
{
	struct matching *m = ctx;

	return m->was->list.v[i].is_off == m->sought_off &&
	       sv_eq(nets_item_text(m->was, i), m->sought);
}

static uint64_t
hash_of(void *ctx, uint32_t i)
{
	struct matching *m = ctx;

	return hash_bytes(
		nets_item_text(m->was, i), false, m->was->list.v[i].is_off ? 1 : 0);
}

static void
pair(struct matching *m, size_t was, size_t now)
{
	m->at[now] = was;
	m->used[was] = true;
}

/* Equal items at both ends; what is between is from .. to before and now. */
static void
match_ends(struct matching *m, size_t *from, size_t *was_to, size_t *now_to)
{
	*from = 0;
	*was_to = m->was->list.n;
	*now_to = m->now->list.n;
	while (*from < *was_to && *from < *now_to && same(m, *from, *from)) {
		pair(m, *from, *from);
		(*from)++;
	}
	while (*was_to > *from && *now_to > *from && same(m, *was_to - 1, *now_to - 1))
		pair(m, --*was_to, --*now_to);
}

static void
index_rest(struct matching *m, size_t from, size_t to)
{
	struct hash_ops ops = {is_sought, hash_of, m};

	for (size_t k = to; k > from; k--) {
		uint32_t other;

		m->sought = nets_item_text(m->was, k - 1);
		m->sought_off = m->was->list.v[k - 1].is_off;
		other = hash_put(&m->by_text, hash_of(m, (uint32_t)(k - 1)),
			(uint32_t)(k - 1), &ops);
		m->next[k - 1] = other == HASH_NONE ? NETS_NOWHERE : other;
		m->head[k - 1] = k - 1;
	}
}

/* The first item before with this text and state that nobody has taken yet. */
static void
match_text(struct matching *m, size_t now, bool off)
{
	struct hash_ops ops = {is_sought, hash_of, m};
	uint32_t first;

	m->sought = nets_item_text(m->now, now);
	m->sought_off = off;
	first = hash_find(&m->by_text, hash_bytes(m->sought, false, off ? 1 : 0), &ops);
	if (first == HASH_NONE || m->head[first] == NETS_NOWHERE)
		return;
	pair(m, m->head[first], now);
	m->head[first] = m->next[m->head[first]];
}

/* Walk over both lists: an item that was moved or switched is edited, one that was
 * nowhere before takes the place of one that is gone between the same neighbours. */
static void
mark(struct matching *m, struct nets_marks *out)
{
	const struct vl_item *was = m->was->list.v, *now = m->now->list.v;
	size_t old = 0, stop, i = 0;

	while (i <= m->now->list.n) {
		size_t next = i;

		while (next < m->now->list.n &&
			(m->at[next] == NETS_NOWHERE || m->at[next] < old))
			next++;
		stop = next < m->now->list.n ? m->at[next] : m->was->list.n;
		for (; i < next; i++) {
			if (m->at[i] != NETS_NOWHERE) {
				out->of[i] = NETS_EDITED;
				continue;
			}
			while (old < stop && m->used[old])
				old++;
			out->of[i] = old < stop ? NETS_EDITED : NETS_NEW;
			old += old < stop;
		}
		for (; old < stop; old++)
			if (!m->used[old])
				out->gone[out->ngone++] = (struct nets_gone){old, next};
		if (next < m->now->list.n)
			out->of[next] = was[stop].is_off == now[next].is_off
						? NETS_KEPT
						: NETS_EDITED;
		old = stop + 1;
		i = next + 1;
	}
}

void
nets_mark(
	const struct nets_list *was, const struct nets_list *now, struct nets_marks *out)
{
	struct matching m = {.was = was, .now = now};
	size_t from, was_to, now_to;

	*out = (struct nets_marks){.of = mem_new(now->list.n + 1, sizeof(*out->of)),
		.gone = mem_new(was->list.n + 1, sizeof(*out->gone))};
	m.at = mem_new(now->list.n + 1, sizeof(*m.at));
	m.used = mem_new(was->list.n + 1, sizeof(*m.used));
	m.next = mem_new(was->list.n + 1, sizeof(*m.next));
	m.head = mem_new(was->list.n + 1, sizeof(*m.head));
	for (size_t i = 0; i < now->list.n; i++)
		m.at[i] = NETS_NOWHERE;
	match_ends(&m, &from, &was_to, &now_to);
	index_rest(&m, from, was_to);
	for (size_t i = from; i < now_to; i++)
		match_text(&m, i, now->list.v[i].is_off);
	for (size_t i = from; i < now_to; i++)
		if (m.at[i] == NETS_NOWHERE)
			match_text(&m, i, !now->list.v[i].is_off);
	mark(&m, out);
	hash_free(&m.by_text);
	free(m.at);
	free(m.used);
	free(m.next);
	free(m.head);
}

void
nets_marks_free(struct nets_marks *m)
{
	free(m->of);
	free(m->gone);
	*m = (struct nets_marks){0};
}
