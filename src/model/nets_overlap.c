/* SPDX-License-Identifier: MIT
 *
 * Which items of mynetworks say nothing new. Networks either nest or are apart, so after
 * sorting (wider first) those around an item are a stack. The first item of the file that
 * holds an address decides for it: the lowest index on the stack.
 */
#include "model/nets.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

struct row {
	struct ipaddr net;
	uint32_t index;
	uint32_t first; /* lowest index of this row and all around it */
};

struct text_row {
	struct sv text;
	uint32_t index;
};

static int
by_net(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;
	int r = addr_cmp(&a->net, &b->net);

	return r ? r : (a->index > b->index) - (a->index < b->index);
}

static int
by_text(const void *pa, const void *pb)
{
	const struct text_row *a = pa, *b = pb;
	int r = sv_cmp(a->text, b->text);

	return r ? r : (a->index > b->index) - (a->index < b->index);
}

static void
relate(const struct net_item *v, uint32_t i, uint32_t other, struct net_overlap *out)
{
	bool same = v[i].except == v[other].except;

	if (other > i && !same)
		return; /* an exception before its network: as it should be */
	out->other = other;
	if (!same)
		out->relation = NET_SHADOWED;
	else if (v[i].addr.plen == v[other].addr.plen)
		out->relation = NET_DUPLICATE;
	else
		out->relation = NET_WITHIN;
}

static void
compare_nets(
	const struct net_item *v, struct row *rows, size_t n, struct net_overlap *out)
{
	uint32_t *stack = mem_new(n, sizeof(*stack));
	size_t depth = 0;

	for (size_t k = 0; k < n; k++) {
		struct row *r = &rows[k];

		while (depth && !addr_contains(&rows[stack[depth - 1]].net, &r->net))
			depth--;
		r->first = r->index;
		if (depth) {
			uint32_t around = rows[stack[depth - 1]].first;

			relate(v, r->index, around, &out[r->index]);
			if (around < r->first)
				r->first = around;
		}
		stack[depth++] = (uint32_t)k;
	}
	free(stack);
}

static void
compare_texts(const struct net_item *v, struct text_row *rows, size_t n,
	struct net_overlap *out)
{
	size_t head = 0;

	for (size_t k = 1; k < n; k++) {
		const struct text_row *a = &rows[head], *b = &rows[k];

		if (!sv_eq(a->text, b->text)) {
			head = k;
			continue;
		}
		out[b->index].other = a->index;
		out[b->index].relation = v[a->index].except == v[b->index].except
						 ? NET_DUPLICATE
						 : NET_SHADOWED;
	}
}

/* Where the rows that are in order from `from` on end. */
static size_t
run_end(const struct row *nets, size_t from, size_t n)
{
	size_t end = from < n ? from + 1 : n;

	while (end < n && by_net(&nets[end - 1], &nets[end]) < 0)
		end++;
	return end;
}

/* Two neighbours that are each in order become one; spare has room for the first. */
static void
merge(struct row *first, struct row *second, const struct row *end, struct row *spare)
{
	size_t n = (size_t)(second - first), i = 0;

	memcpy(spare, first, n * sizeof(*spare));
	while (i < n)
		if (second < end && by_net(second, &spare[i]) < 0)
			*first++ = *second++;
		else
			*first++ = spare[i++];
}

/* Long lists are often in order already, but for the loopback networks before the rest.
 */
static void
sort_nets(struct row *nets, size_t n)
{
	size_t mid = run_end(nets, 0, n);
	struct row *spare;

	if (mid == n)
		return;
	if (run_end(nets, mid, n) < n)
		qsort(&nets[mid], n - mid, sizeof(*nets), by_net);
	spare = mem_new(mid, sizeof(*spare));
	merge(nets, &nets[mid], &nets[n], spare);
	free(spare);
}

void
net_overlaps(const struct net_item *v, size_t n, struct net_overlap *out)
{
	struct row *nets = mem_new(n, sizeof(*nets));
	struct text_row *texts = mem_new(n, sizeof(*texts));
	size_t nnets = 0, ntexts = 0;

	for (size_t i = 0; i < n; i++) {
		out[i] = (struct net_overlap){NET_ALONE, 0};
		if (v[i].addr.fam)
			nets[nnets++] = (struct row){
				.net = addr_network(&v[i].addr), .index = (uint32_t)i};
		else if (v[i].kind != NET_COMMENT)
			texts[ntexts++] = (struct text_row){v[i].body, (uint32_t)i};
	}
	sort_nets(nets, nnets);
	if (ntexts > 1)
		qsort(texts, ntexts, sizeof(*texts), by_text);
	compare_nets(v, nets, nnets, out);
	compare_texts(v, texts, ntexts, out);
	free(nets);
	free(texts);
}

bool
net_overlap_judge(const struct net_item *v, size_t i, const struct net_overlap *o,
	const struct diag_loc *loc, struct diags *diags)
{
	char *item = sv_dup(v[i].text), *other;
	const char *hint = _("Remove the one that is not needed.");

	if (o->relation == NET_ALONE) {
		free(item);
		return true;
	}
	other = sv_dup(v[o->other].text);
	if (o->relation == NET_DUPLICATE)
		diag_add(diags, SEV_WARN, DIAG_NET_DUPLICATE, loc, hint,
			_("\"%s\" changes nothing: \"%s\" says the same already."), item,
			other);
	else if (o->relation == NET_WITHIN)
		diag_add(diags, SEV_WARN, DIAG_NET_DUPLICATE, loc, hint,
			_("\"%s\" changes nothing: it is in \"%s\" already."), item,
			other);
	else
		diag_add(diags, SEV_WARN, DIAG_NET_DUPLICATE, loc,
			_("The first entry that fits decides: move this one before the "
			  "other."),
			_("\"%s\" has no effect: \"%s\" comes before it and decides "
			  "first."),
			item, other);
	free(item);
	free(other);
	return false;
}
