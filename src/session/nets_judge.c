/* SPDX-License-Identifier: MIT
 *
 * What somebody types into the network field, judged on every key; and the segments of
 * this machine's NICs that could be added.
 */
#include "session/nets_view.h"

#include "base/i18n.h"
#include "base/mem.h"

static void
first_fault(struct session *s, const struct net_item *item, struct ses_net_verdict *out)
{
	struct diags d = {0};
	struct str text = {0};

	out->good = net_item_judge(item, NULL, NULL, &d);
	if (out->good)
		chk_net_typed(item, &d);
	if (d.n && (!out->good || !out->text[0])) {
		out->sev = d.v[0].sev;
		out->text = arena_str(scratch(s), d.v[0].text);
		out->hint = d.v[0].hint ? arena_str(scratch(s), d.v[0].hint) : "";
	}
	if (net_item_repair(item, &text))
		out->repair = arena_sv(scratch(s), str_sv(&text));
	str_clear(&text);
	if (net_item_repair_host(item, &text))
		out->other = arena_sv(scratch(s), str_sv(&text));
	str_clear(&text);
	if (net_range_label(item, &text))
		out->covers = arena_sv(scratch(s), str_sv(&text));
	str_free(&text);
	diag_clear(&d);
}

void
ses_net_judge(struct session *s, const char *typed, struct ses_net_verdict *out)
{
	struct sv v = sv_trim(sv_of(typed)), rest = v, token;
	size_t n = 0;

	*out = (struct ses_net_verdict){.covers = "", .text = "", .hint = ""};
	out->empty = v.n == 0;
	out->incomplete = net_is_incomplete(v);
	out->good = true;
	for (; out->good && net_token(&rest, &token); n++) {
		struct net_item item;

		net_item_parse(token, &item);
		first_fault(s, &item, out);
		if (token.n != v.n) {
			out->other = NULL;
			out->repair = NULL;
		}
	}
	if (n > 1) /* none of them is what all cover */
		out->covers =
			out->good ? scratch_fmt(s, P_("%zu entry", "%zu entries", n), n)
				  : "";
}

static bool
lets_in(const struct net_item *item, const struct ipaddr *net)
{
	return !item->except && (item->kind == NET_NET || item->kind == NET_HOST) &&
	       addr_contains(&item->addr, net);
}

/* The rows of a file that is closed aren't among those of the view. */
static bool
is_in_file(const struct ses_file *f, const struct ipaddr *net)
{
	bool found = false;

	for (size_t i = 0; i < f->doc.norder && !found; i++) {
		uint32_t id = f->doc.order[i];
		struct vl_text t = nets_list_text(f, id);
		struct vl_list list = {0};

		if (!doc_alive(&f->doc, id) || doc_entry(&f->doc, id)->kind != ENTRY_ROW)
			continue;
		vl_parse(&t, &list);
		for (size_t k = 0; k < list.n && !found; k++) {
			const struct vl_item *it = &list.v[k];
			struct net_item item;

			net_item_parse(sv_sub(t.raw, it->off, it->len), &item);
			found = !it->is_off && lets_in(&item, net);
		}
		vl_free(&list);
	}
	return found;
}

/* Does a row let this whole network in already? */
static bool
is_covered(const struct nets_view *v, const struct ipaddr *net)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct ses_file *f = v->from[i].behind;
		struct net_item item;

		if (v->rows[i].off || v->rows[i].removed)
			continue;
		net_item_parse(sv_of(v->rows[i].text), &item);
		if (lets_in(&item, net) ||
			(f && f->role == ROLE_NETS && !item.except && is_in_file(f, net)))
			return true;
	}
	return false;
}

static bool
is_hinted(const struct nets_view *v, const char *text)
{
	for (size_t i = 0; i < v->nhints; i++)
		if (strcmp(v->hints[i].text, text) == 0)
			return true;
	return false;
}

size_t
ses_net_hints(struct session *s, const struct ses_net_hint **out)
{
	struct nets_view *v = nets_now(s);
	const struct nic_list *nics = session_nics(s);
	char text[ADDR_TEXT_MAX];

	v->nhints = 0;
	for (size_t i = 0; i < nics->n; i++) {
		const struct nic_addr *n = &nics->v[i];
		struct ipaddr addr = addr_from_bytes(n->fam, n->addr, n->plen),
			      net = addr_network(&addr);

		if (n->loopback || n->link_local || is_covered(v, &net))
			continue;
		addr_format(&net, ADDR_BRACKETED, text);
		if (is_hinted(v, text))
			continue;
		v->hints = mem_grow(
			v->hints, &v->hints_cap, v->nhints + 1, sizeof(*v->hints));
		v->hints[v->nhints++] = (struct ses_net_hint){
			.text = arena_str(scratch(s), text),
			.why = scratch_fmt(s, _("%s's own segment"), n->name),
			.is_public = addr_is_public_range(&net),
		};
	}
	*out = v->hints;
	return v->nhints;
}
