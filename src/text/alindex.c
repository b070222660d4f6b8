/* SPDX-License-Identifier: MIT
 *
 * Names to entries. Two parts: `base` holds every loaded alias under its loaded name and
 * never changes (doc_loaded() gives that name for ever); `over` holds what is edited or
 * new now. So undo, redo and deleting need no bookkeeping: whatever is found is asked for
 * its name of today. The document's gen tells when `over` is out of date: our own edits
 * are noted one by one, after others the entry pool is looked through (16 bytes each).
 * Invariant: a chain in next[] goes up in ids, which for loaded entries is file order.
 * A command asks for one name or two. Looking at every entry for them is quicker than
 * building an index of a million, so the first few names are looked for like that.
 */
#include "text/alentry.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

enum { SCANS_MAX = 4 };

/* A link of a chain of edited or new entries of one name. The record is of the time when
 * the node was made, so that a later rename can't tear the chain. */
struct node {
	struct entry as;
	uint32_t id, next;
};

struct al_index {
	unsigned scans; /* names that were looked for without it */
	bool built;
	uint64_t seed, gen;
	struct hash base; /* entry ids */
	uint32_t *next;   /* by id: the next loaded one of that name; NULL: all unique */
	struct al_ids later; /* loaded entries that are not the first of their name */
	struct hash over;    /* indexes of nodes */
	struct node *node;
	size_t n, cap;
};

/* What is looked for while a table is probed. */
struct sought {
	const struct aliases *al;
	const struct al_index *ix;
	struct sv key;
};

static bool
is_plain(struct sv name)
{
	return al_plain_length(name) == name.n;
}

static struct sv
written_name(const struct aliases *al, const struct entry *e)
{
	return sv_sub(
		doc_span(&al->doc, e->text), e->kind == ENTRY_ALIAS_OFF, e->key_len);
}

/* Append the stored form of a name that needs more than small letters. */
static void
slow_key(const struct aliases *al, const struct entry *e, struct str *out)
{
	struct sv text = doc_span(&al->doc, e->text);
	struct str on = {0}, plain = {0};
	struct al_map m = {0};
	size_t key_end, value;
	if (e->kind == ENTRY_ALIAS_OFF)
		al_text_on(text, &on);
	else
		str_add_sv(&on, text);
	al_map_make(str_sv(&on), &m);
	al_line_judge(str_sv(&m.line), &key_end, &value);
	al_name_plain(sv_sub(str_sv(&m.line), 0, key_end), &plain);
	al_name_fold(str_sv(&plain), out);
	al_map_free(&m);
	str_free(&on);
	str_free(&plain);
}

static bool
has_key(const struct aliases *al, const struct entry *e, struct sv key)
{
	struct sv name = written_name(al, e);
	if (is_plain(name))
		return sv_eq_fold(name, key);
	struct str own = {0};
	slow_key(al, e, &own);
	bool same = sv_eq(str_sv(&own), key);
	str_free(&own);
	return same;
}

static uint64_t
entry_sum(const struct aliases *al, const struct entry *e, uint64_t seed)
{
	struct sv name = written_name(al, e);
	if (is_plain(name))
		return hash_bytes(name, true, seed);
	struct str own = {0};
	slow_key(al, e, &own);
	uint64_t sum = hash_bytes(str_sv(&own), true, seed);
	str_free(&own);
	return sum;
}

static bool
same_loaded(void *ctx, uint32_t id)
{
	const struct sought *s = ctx;
	struct entry e;
	return doc_loaded(&s->al->doc, id, &e) && has_key(s->al, &e, s->key);
}

static uint64_t
loaded_sum(void *ctx, uint32_t id)
{
	const struct sought *s = ctx;
	struct entry e = {0};
	doc_loaded(&s->al->doc, id, &e);
	return entry_sum(s->al, &e, s->ix->seed);
}

static bool
same_now(void *ctx, uint32_t node)
{
	const struct sought *s = ctx;
	return has_key(s->al, &s->ix->node[node].as, s->key);
}

static uint64_t
sum_now(void *ctx, uint32_t node)
{
	const struct sought *s = ctx;
	return entry_sum(s->al, &s->ix->node[node].as, s->ix->seed);
}

/* An alias on its way into the table. Its slot is fetched AHEAD aliases before. */
struct coming {
	uint64_t sum;
	uint32_t id;
};

enum { AHEAD = 16 };

static void
add_loaded(struct sought *s, struct al_index *ix, const struct coming *c)
{
	const struct hash_ops ops = {same_loaded, loaded_sum, s};
	struct entry e = {0};
	doc_loaded(&s->al->doc, c->id, &e);
	struct str own = {0};
	s->key = written_name(s->al, &e);
	if (!is_plain(s->key)) {
		slow_key(s->al, &e, &own);
		s->key = str_sv(&own);
	}
	uint32_t former = hash_put(&ix->base, c->sum, c->id, &ops);
	str_free(&own);
	if (former == HASH_NONE)
		return;
	if (!ix->next) {
		size_t n = s->al->doc.npool;
		ix->next = mem_resize(NULL, n, sizeof *ix->next);
		memset(ix->next, 0xff, n * sizeof *ix->next);
	}
	ix->next[c->id] = former;
	al_ids_push(&ix->later, former);
}

static size_t
count_loaded(const struct doc *d)
{
	size_t n = 0;
	for (size_t i = 0; i < d->npool; i++)
		n += !(d->pool[i].flags & ENTRY_NEW) && d->pool[i].kind != ENTRY_BLANK &&
		     d->pool[i].kind != ENTRY_COMMENT;
	return n;
}

/* From the end of the file to its start, so that the first of a name heads its chain. */
static void
build_base(struct aliases *al, struct al_index *ix)
{
	struct sought s = {al, ix, {0}};
	const struct hash_ops ops = {same_loaded, loaded_sum, &s};
	const struct doc *d = &al->doc;
	struct coming ring[AHEAD];
	size_t n = 0, done = 0;
	struct entry e;
	hash_reserve(&ix->base, count_loaded(d), &ops);
	for (size_t i = d->npool; i-- > 0;) {
		if (!doc_loaded(d, (uint32_t)i, &e) ||
			(e.kind != ENTRY_ALIAS && e.kind != ENTRY_ALIAS_OFF))
			continue;
		if (n - done == AHEAD)
			add_loaded(&s, ix, &ring[done++ % AHEAD]);
		ring[n % AHEAD] =
			(struct coming){entry_sum(al, &e, ix->seed), (uint32_t)i};
		hash_expect(&ix->base, ring[n++ % AHEAD].sum);
	}
	while (done < n)
		add_loaded(&s, ix, &ring[done++ % AHEAD]);
}

static void
add_over(struct aliases *al, struct al_index *ix, uint32_t id)
{
	struct sought s = {al, ix, {0}};
	const struct hash_ops ops = {same_now, sum_now, &s};
	struct str key = {0};
	if (!al_is_alias(&al->doc, id))
		return;
	al_key(al, id, &key);
	s.key = str_sv(&key);
	ix->node = mem_grow(ix->node, &ix->cap, ix->n + 1, sizeof *ix->node);
	ix->node[ix->n] = (struct node){*doc_entry(&al->doc, id), id, HASH_NONE};
	uint32_t at = (uint32_t)ix->n++;
	ix->node[at].next =
		hash_put(&ix->over, hash_bytes(s.key, true, ix->seed), at, &ops);
	str_free(&key);
}

static void
build_over(struct aliases *al, struct al_index *ix)
{
	const struct doc *d = &al->doc;
	hash_free(&ix->over);
	ix->n = 0;
	for (size_t i = 0; i < d->npool; i++)
		if (d->pool[i].flags & (ENTRY_EDITED | ENTRY_NEW))
			add_over(al, ix, (uint32_t)i);
	ix->gen = d->gen;
}

static struct al_index *
ready(struct aliases *al)
{
	if (!al->ix)
		al->ix = mem_new(1, sizeof *al->ix);
	if (!al->ix->built) {
		al->ix->built = true;
		al->ix->seed = hash_seed();
		build_base(al, al->ix);
		build_over(al, al->ix);
	} else if (al->ix->gen != al->doc.gen) {
		build_over(al, al->ix);
	}
	return al->ix;
}

void
al_index_noted(struct aliases *al, uint32_t id, uint64_t gen)
{
	if (!al->ix || !al->ix->built || al->ix->gen != gen)
		return;
	if (doc_entry(&al->doc, id)->flags & (ENTRY_EDITED | ENTRY_NEW))
		add_over(al, al->ix, id);
	al->ix->gen = al->doc.gen;
}

void
al_index_free(struct al_index *ix)
{
	if (!ix)
		return;
	hash_free(&ix->base);
	hash_free(&ix->over);
	free(ix->next);
	free(ix->later.v);
	free(ix->node);
	free(ix);
}

/* --- lookup --- */

/* All living aliases of a name, in no order; an id may be there twice. */
static void
collect(struct aliases *al, struct sv key, bool first_loaded, struct al_ids *out)
{
	struct al_index *ix = ready(al);
	struct sought s = {al, ix, key};
	const struct hash_ops loaded = {same_loaded, loaded_sum, &s};
	const struct hash_ops now = {same_now, sum_now, &s};
	uint64_t sum = hash_bytes(key, true, ix->seed);
	const struct doc *d = &al->doc;
	uint32_t id = hash_find(&ix->base, sum, &loaded);
	for (; id != HASH_NONE; id = ix->next ? ix->next[id] : HASH_NONE) {
		const struct entry *e = doc_entry(d, id);
		if (!doc_alive(d, id) || !al_is_alias(d, id) || !has_key(al, e, key))
			continue;
		al_ids_push(out, id);
		if (first_loaded && e->kind == ENTRY_ALIAS)
			break;
	}
	uint32_t at = hash_find(&ix->over, sum, &now);
	for (; at != HASH_NONE; at = ix->node[at].next) {
		id = ix->node[at].id;
		if (doc_alive(d, id) && al_is_alias(d, id) &&
			has_key(al, doc_entry(d, id), key))
			al_ids_push(out, id);
	}
}

struct place {
	size_t at;
	uint32_t id;
};

static int
by_place(const void *a, const void *b)
{
	const struct place *pa = a, *pb = b;
	return (pa->at > pb->at) - (pa->at < pb->at);
}

/* Sort ids from `from` on into file order and drop doubles. */
static void
sort_ids(const struct doc *d, struct al_ids *ids, size_t from)
{
	size_t n = ids->n - from, kept = 0;
	bool fresh = false;
	if (n < 2)
		return;
	for (size_t i = 0; i < n; i++)
		fresh = fresh || (doc_entry(d, ids->v[from + i])->flags & ENTRY_NEW);
	struct place *p = mem_new(n, sizeof *p);
	for (size_t i = 0; i < n; i++) {
		uint32_t id = ids->v[from + i];
		p[i] = (struct place){fresh ? doc_position(d, id) : id, id};
	}
	qsort(p, n, sizeof *p, by_place);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || p[i].id != p[i - 1].id)
			ids->v[from + kept++] = p[i].id;
	ids->n = from + kept;
	free(p);
}

void
al_name_sought(struct sv name, struct str *out)
{
	struct str plain = {0};
	if (name.n && name.p[0] == '"')
		al_name_plain(name, &plain);
	else
		str_add_sv(&plain, name);
	al_name_fold(str_sv(&plain), out);
	str_free(&plain);
}

/* May this name be looked for without the index? */
static bool
may_scan(struct aliases *al)
{
	if (!al->ix)
		al->ix = mem_new(1, sizeof *al->ix);
	return !al->ix->built && al->ix->scans++ < SCANS_MAX;
}

/* As first_of(), by looking at the entries. */
static uint32_t
scan_first(const struct aliases *al, struct sv key, bool also_off)
{
	const struct doc *d = &al->doc;
	uint32_t off = DOC_NO_ID;
	for (size_t i = 0; i < d->norder; i++) {
		uint32_t id = d->order[i];
		if (!doc_alive(d, id) || !al_is_alias(d, id) ||
			!has_key(al, doc_entry(d, id), key))
			continue;
		if (doc_entry(d, id)->kind == ENTRY_ALIAS)
			return id;
		if (off == DOC_NO_ID)
			off = id;
	}
	return also_off ? off : DOC_NO_ID;
}

static uint32_t
first_of(struct aliases *al, struct sv key, bool also_off)
{
	struct al_ids ids = {0};
	uint32_t found = DOC_NO_ID;
	if (may_scan(al))
		return scan_first(al, key, also_off);
	collect(al, key, true, &ids);
	sort_ids(&al->doc, &ids, 0);
	for (size_t i = 0; i < ids.n && found == DOC_NO_ID; i++)
		if (doc_entry(&al->doc, ids.v[i])->kind == ENTRY_ALIAS)
			found = ids.v[i];
	if (found == DOC_NO_ID && also_off && ids.n)
		found = ids.v[0];
	free(ids.v);
	return found;
}

uint32_t
al_find(struct aliases *al, struct sv name)
{
	struct str key = {0};
	al_name_sought(name, &key);
	uint32_t id = first_of(al, str_sv(&key), false);
	str_free(&key);
	return id;
}

uint32_t
al_find_any(struct aliases *al, struct sv name)
{
	struct str key = {0};
	al_name_sought(name, &key);
	uint32_t id = first_of(al, str_sv(&key), true);
	str_free(&key);
	return id;
}

void
al_find_all(struct aliases *al, struct sv name, struct al_ids *out)
{
	struct str key = {0};
	size_t from = out->n;
	al_name_sought(name, &key);
	collect(al, str_sv(&key), false, out);
	sort_ids(&al->doc, out, from);
	str_free(&key);
}

bool
al_is_shadowed(struct aliases *al, uint32_t id)
{
	struct str key = {0};
	if (doc_entry(&al->doc, id)->kind != ENTRY_ALIAS || !doc_alive(&al->doc, id))
		return false;
	al_key(al, id, &key);
	uint32_t first = first_of(al, str_sv(&key), false);
	str_free(&key);
	return first != id;
}

/* All living aliases of id's name but the first one. */
static void
add_rivals(struct aliases *al, uint32_t id, struct al_ids *out)
{
	struct al_ids all = {0};
	struct str key = {0};
	bool first = true;
	al_key(al, id, &key);
	collect(al, str_sv(&key), false, &all);
	sort_ids(&al->doc, &all, 0);
	for (size_t i = 0; i < all.n; i++) {
		if (doc_entry(&al->doc, all.v[i])->kind != ENTRY_ALIAS)
			continue;
		if (!first)
			al_ids_push(out, all.v[i]);
		first = false;
	}
	str_free(&key);
	free(all.v);
}

void
al_index_shadowed(struct aliases *al, struct al_ids *out)
{
	struct al_index *ix = ready(al);
	for (size_t i = ix->later.n; i-- > 0;)
		if (al_is_shadowed(al, ix->later.v[i]))
			al_ids_push(out, ix->later.v[i]);
	for (size_t i = 0; i < ix->n; i++)
		if (doc_alive(&al->doc, ix->node[i].id) &&
			al_is_alias(&al->doc, ix->node[i].id))
			add_rivals(al, ix->node[i].id, out);
}
