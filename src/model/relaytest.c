/* SPDX-License-Identifier: MIT
 *
 * The list is flattened first, because what kills smtpd does so wherever it stands, and
 * then matched. Items of a file have no references any more: a '$' there is a sign like
 * any other.
 */
#include "model/relaytest.h"

#include <stdlib.h>

#include "base/mem.h"
#include "text/lline.h"
#include "text/vlist.h"

enum { MAX_DEPTH = 20, MAX_ITEMS = 4000000 };

struct flat {
	struct net_item item;
	const char *row, *file;
	uint32_t line;
	bool except;  /* all '!' counted, those before a file's name too */
	bool missing; /* the file isn't there: 451 for everybody */
	bool hidden;  /* can't be read here, or only Postfix knows what stands there */
};

struct list {
	struct flat *v;
	size_t n, cap;
	size_t dead; /* number of the item that kills smtpd; SIZE_MAX: none */
	const struct rel_source *src;
};

static struct flat *
push(struct list *l, const struct flat *f)
{
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	l->v[l->n] = *f;
	return &l->v[l->n++];
}

static void
kill_at(struct list *l)
{
	if (l->dead == SIZE_MAX)
		l->dead = l->n - 1;
}

/* After expansion '$' means nothing: with ':' it is a table of an unknown type, else text
 * that no client has. */
static void
parse_literally(struct sv text, struct net_item *item)
{
	net_item_parse(text, item);
	if (item->kind == NET_FILE && !sv_starts(item->body, "/"))
		item->kind = NET_REF;
	if (item->kind != NET_REF)
		return;
	item->kind = NET_BAD;
	item->verdict = NET_NO_MATCH;
	if (item->body.p[0] != '[' && sv_find(item->body, ':') > 0)
		item->verdict = NET_451;
}

static void add_file(struct list *l, const struct flat *named, int depth);

/* One item; false when the rest of its line is a comment. */
static bool
add_item(struct list *l, struct sv text, const struct flat *place, int depth)
{
	struct flat f = *place;

	parse_literally(text, &f.item);
	if (f.item.kind == NET_COMMENT)
		return false;
	f.except = place->except != f.item.except;
	if (l->n >= MAX_ITEMS)
		return false;
	if (f.item.kind == NET_FILE) {
		add_file(l, &f, depth);
		return true;
	}
	push(l, &f);
	if (f.item.verdict == NET_NO_GREETING ||
		(f.item.kind == NET_TABLE && l->src->kills &&
			l->src->kills(l->src->ctx, f.item.body)))
		kill_at(l);
	return true;
}

/* The items of one logical line of a file, each with its own physical line. */
static void
add_line(struct list *l, const struct lline *ll, const struct flat *named, int depth)
{
	struct vl_text t = {.raw = ll->text};
	struct vl_list items = {0};
	struct flat place = {.file = named->file, .except = named->except};
	bool going = true;

	vl_parse(&t, &items);
	for (size_t i = 0; going && i < items.n; i++) {
		struct sv text = sv_sub(ll->text, items.v[i].off, items.v[i].len);

		if (items.v[i].is_off)
			continue;
		place.row = arena_sv(l->src->texts, text);
		place.line = ll->line + items.v[i].line;
		going = add_item(l, sv_of(place.row), &place, depth);
	}
	vl_free(&items);
}

static void
add_file(struct list *l, const struct flat *named, int depth)
{
	char *path = arena_sv(l->src->texts, named->item.body);
	enum rel_file got = REL_FILE_HIDDEN;
	struct flat f = *named;
	struct ll_scan scan;
	struct lline ll;
	struct sv bytes = {"", 0};

	if (depth < MAX_DEPTH && l->src->file)
		got = l->src->file(l->src->ctx, path, &bytes);
	if (got == REL_FILE_OK) {
		f.file = path;
		ll_start(&scan, bytes);
		while (ll_next(&scan, &ll))
			if (ll.kind == LL_TEXT)
				add_line(l, &ll, &f, depth + 1);
		return;
	}
	f.missing = got == REL_FILE_MISSING;
	f.hidden = got == REL_FILE_HIDDEN;
	push(l, &f);
	if (got == REL_FILE_FOLDER)
		kill_at(l);
}

static void
flatten(struct list *l, const struct rel_word *words, size_t n)
{
	bool going = true;

	for (size_t i = 0; i < n; i++) {
		struct flat place = {.row = words[i].row,
			.file = words[i].file,
			.line = words[i].line};
		struct sv rest = sv_of(words[i].text), token;

		if (!words[i].same_line)
			going = true;
		if (words[i].unknown && going) {
			place.hidden = true;
			place.item.text = place.item.body = sv_of(words[i].row);
			push(l, &place);
		}
		while (going && !words[i].unknown && net_token(&rest, &token))
			going = add_item(l, token, &place, 0);
	}
}

/* --- matching one item ----------------------------------------------------- */

static bool
name_matches(const struct rel_source *src, const struct net_item *item,
	const struct rel_client *c)
{
	struct sv name = sv_of(c->name);

	if (!src->exact_names)
		return net_item_match(item, &c->addr, c->name) == NET_YES;
	if (sv_eq_fold(item->body, name))
		return true;
	return item->body.n && item->body.p[0] == '.' && name.n > item->body.n &&
	       sv_eq_fold(item->body, sv_sub(name, name.n - item->body.n, item->body.n));
}

static bool
may_be_name(const struct rel_source *src, const struct net_item *item)
{
	return item->kind == NET_NAME ||
	       (src->exact_names && item->fault == NET_NOBODY &&
		       sv_starts(item->body, ".") && sv_find(item->body, '/') < 0);
}

static enum rel_hit
match_item(const struct flat *f, const struct rel_client *c, const struct rel_source *src)
{
	if (f->hidden)
		return REL_MAYBE;
	if (f->missing)
		return REL_ERROR;
	if (may_be_name(src, &f->item)) {
		if (!c->name)
			return REL_MAYBE;
		return name_matches(src, &f->item, c) ? REL_YES : REL_NO;
	}
	switch (net_item_match(&f->item, &c->addr, c->name ? c->name : "")) {
	case NET_YES:
		return REL_YES;
	case NET_TEMPFAIL:
	case NET_DEAD:
		return REL_ERROR;
	case NET_ASK:
		return src->table ? src->table(src->ctx, f->item.body, c) : REL_MAYBE;
	case NET_NO:
		break;
	}
	return REL_NO;
}

static void
decide(struct rel_nets *out, enum rel_match match, const struct list *l, size_t i)
{
	*out = (struct rel_nets){.match = match, .before = i};
	if (i == l->n)
		return;
	out->row = l->v[i].row;
	out->file = l->v[i].file;
	out->line = l->v[i].line;
	out->except = l->v[i].except;
	out->by_name = may_be_name(l->src, &l->v[i].item);
}

/* The rows one after the other. A row that may match is remembered for what it would
 * mean; the answer is sure when the rest of the list means the same. */
static void
match_all(const struct list *l, const struct rel_client *c, struct rel_nets *out)
{
	size_t may_allow = SIZE_MAX, may_refuse = SIZE_MAX, i;
	enum rel_match match = REL_MATCH_NO;
	enum rel_hit hit = REL_NO;

	for (i = 0; i < l->n; i++) {
		hit = match_item(&l->v[i], c, l->src);
		if (hit == REL_YES || hit == REL_ERROR || hit == REL_WAIT)
			break;
		if (hit == REL_MAYBE && l->v[i].except && may_refuse == SIZE_MAX)
			may_refuse = i;
		if (hit == REL_MAYBE && !l->v[i].except && may_allow == SIZE_MAX)
			may_allow = i;
	}
	if (i < l->n && hit == REL_WAIT)
		match = REL_MATCH_WAIT;
	else if (i < l->n && hit == REL_ERROR)
		match = l->src->bad_kills ? REL_MATCH_DEAD : REL_MATCH_451;
	else if (i < l->n)
		match = l->v[i].except ? REL_MATCH_NO : REL_MATCH_YES;
	if (match == REL_MATCH_YES)
		may_allow = SIZE_MAX;
	if (match == REL_MATCH_NO)
		may_refuse = SIZE_MAX;
	if (match != REL_MATCH_WAIT && may_allow != may_refuse) {
		i = may_allow < may_refuse ? may_allow : may_refuse;
		match = REL_MATCH_MAYBE;
	}
	decide(out, match, l, i);
}

void
rel_nets_match(const struct rel_word *words, size_t n, const struct rel_client *c,
	const struct rel_source *src, struct rel_nets *out)
{
	struct list l = {.dead = SIZE_MAX, .src = src};

	flatten(&l, words, n);
	if (l.dead != SIZE_MAX)
		decide(out, REL_MATCH_DEAD, &l, l.dead);
	else
		match_all(&l, c, out);
	free(l.v);
}

bool
rel_client_parse(struct sv text, struct ipaddr *addr, struct sv *name)
{
	struct ipaddr inner;
	ptrdiff_t open, scope;

	text = sv_trim(text);
	open = sv_find(text, '[');
	*name = sv_sub(text, 0, open > 0 ? (size_t)open : 0);
	text = sv_sub(text, name->n, text.n);
	if (sv_starts(text, "[") && sv_ends(text, "]"))
		text = sv_sub(text, 1, text.n - 2);
	scope = sv_find(text, '%');
	if (scope > 0 && sv_find(text, ':') >= 0)
		text = sv_sub(text, 0, (size_t)scope);
	if (text.n == 0 || sv_find(text, '[') >= 0 || !addr_parse(text, addr))
		return false;
	if (addr_unmap(addr, &inner))
		*addr = inner;
	return true;
}
