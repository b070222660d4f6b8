/* SPDX-License-Identifier: MIT
 *
 * Who may relay seen as a whole: what decides while mynetworks is unset, and whom the
 * list leaves out although the relay listens for them.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "check/listen.h"
#include "check/nets.h"

enum style { STYLE_UNKNOWN, STYLE_HOST, STYLE_SUBNET, STYLE_CLASS };

static enum style
style_of(struct chk_run *run)
{
	struct sv v = chk_value_of(run, "mynetworks_style");

	return sv_eq_str(v, "host")     ? STYLE_HOST
	       : sv_eq_str(v, "subnet") ? STYLE_SUBNET
	       : sv_eq_str(v, "class")  ? STYLE_CLASS
					: STYLE_UNKNOWN;
}

/* The network that Postfix derives from an address of this machine. */
static struct ipaddr
derived_net(enum style style, const struct ipaddr *addr)
{
	struct ipaddr net = *addr;

	if (style == STYLE_CLASS && addr->fam == 4)
		net.plen = addr->b[0] < 128 ? 8 : addr->b[0] < 192 ? 16 : 24;
	return addr_network(&net);
}

static void
tell_derived(struct chk_run *run, enum style style, const struct ipaddr *net)
{
	struct diag_loc loc = {.file = run->env->file, .param = "mynetworks"};
	char text[ADDR_TEXT_MAX], count[ADDR_COUNT_MAX];

	addr_format(net, ADDR_BRACKETED, text);
	diag_add(run->out, SEV_ERROR, DIAG_NET_DERIVED, &loc,
		_("Set mynetworks to the networks whose machines are yours."),
		_("Strangers can relay: mynetworks is unset, so mynetworks_style = %s "
		  "lets in %s, %s public addresses."),
		style == STYLE_CLASS ? "class" : "subnet", text, addr_count(net, count));
	diag_endanger(run->out);
}

static void
judge_derived(struct chk_run *run)
{
	enum style style = style_of(run);
	struct if_set set;

	if (!listen_set(run, &set) || style == STYLE_HOST || style == STYLE_UNKNOWN ||
		!nets_count(run)) {
		if_free(&set);
		return;
	}
	for (size_t i = 0; i < set.nrows; i++) {
		struct ipaddr net = derived_net(style, &set.rows[i].addr);

		if (set.rows[i].kind == IF_NIC && if_row_listens(&set, i) &&
			addr_is_public_range(&net))
			tell_derived(run, style, &net);
	}
	if_free(&set);
}

void
rule_nets_style(struct chk_run *run)
{
	struct chk_param nets, style;
	struct diag_loc loc;

	chk_get(run, "mynetworks", &nets);
	chk_get(run, "mynetworks_style", &style);
	if (!nets.def) {
		judge_derived(run);
		return;
	}
	if (!style.def)
		return;
	loc = chk_at(run, &style);
	diag_add(run->out, SEV_WARN, DIAG_NET_STYLE, &loc,
		_("Remove this line, or mynetworks."),
		_("mynetworks_style has no effect: mynetworks itself is set."));
	diag_offer(run->out, DIAG_MEND_PARAMS, "mynetworks_style");
}

/* --- who is left out --- */

/* Networks that are asked about, and whether any entry says something of them. */
struct asked {
	struct ipaddr *net;
	bool *mentioned;
	size_t n;
	bool whole; /* no file, table, name or unknown reference among the entries */
	bool empty;
};

static void
compare(struct asked *a, const struct ipaddr *entry)
{
	for (size_t i = 0; i < a->n; i++)
		if (!a->mentioned[i] && addr_overlaps(entry, &a->net[i]))
			a->mentioned[i] = true;
}

/* One pass over all entries; there may be a hundred thousand. */
static void
ask_entries(struct chk_run *run, const struct chk_param *p, struct asked *a)
{
	const struct net_items *l = &nets_entries(run, p)->items;

	a->whole = p->how == CFX_OK;
	a->empty = p->value.n == 0;
	for (size_t i = 0; a->whole && i < l->n; i++) {
		const struct net_item *item = &l->v[i];

		if (item->kind == NET_COMMENT)
			return;
		if (item->kind != NET_NET && item->kind != NET_HOST)
			a->whole = false;
		else if (item->addr.fam)
			compare(a, &item->addr);
	}
}

static void
tell_loopback(struct chk_run *run, const struct chk_param *p, bool empty)
{
	struct diag_loc loc = chk_at(run, p);

	diag_add(run->out, empty ? SEV_NOTE : SEV_WARN, DIAG_NET_LOOPBACK, &loc,
		_("Add 127.0.0.0/8."),
		_("Programs on this host that connect to 127.0.0.1 can't send mail "
		  "elsewhere."));
	diag_offer(run->out, DIAG_MEND_ADD, "127.0.0.0/8");
}

static void
tell_segment(struct chk_run *run, const struct chk_param *p, const struct ipaddr *net,
	const char *nic)
{
	struct diag_loc loc = chk_at(run, p);
	char text[ADDR_TEXT_MAX];

	addr_format(net, ADDR_BRACKETED, text);
	diag_add(run->out, SEV_NOTE, DIAG_NET_OWN, &loc,
		_("Add the network if its machines shall send mail through this relay."),
		_("Clients in %s can't relay, though this relay listens on %s."), text,
		nic);
	diag_offer(run->out, DIAG_MEND_ADD, text);
}

/* The segments of inner NICs where the relay listens; net 0 is the loopback address. */
static void
ask_segments(const struct if_set *set, struct asked *a, const char **nic)
{
	for (size_t i = 0; i < set->nrows; i++) {
		const struct if_row *r = &set->rows[i];

		if (r->kind != IF_NIC || r->reach != IF_PRIVATE ||
			!if_row_listens(set, i) || addr_is_host(&r->addr))
			continue;
		nic[a->n] = r->nic;
		a->net[a->n++] = addr_network(&r->addr);
	}
}

void
rule_nets_left_out(struct chk_run *run)
{
	unsigned used = listen_families(run);
	struct asked a = {.n = 1};
	struct chk_param p;
	struct if_set set;
	const char **nic;
	bool known;

	chk_get(run, "mynetworks", &p);
	if (!p.def)
		return;
	known = listen_set(run, &set);
	a.net = arena_new(&run->texts, (set.nrows + 1) * sizeof(*a.net));
	a.mentioned = arena_new(&run->texts, (set.nrows + 1) * sizeof(*a.mentioned));
	nic = arena_new(&run->texts, (set.nrows + 1) * sizeof(*nic));
	(void)addr_parse(sv_of("127.0.0.1"), &a.net[0]);
	a.mentioned[0] = used && !(used & LISTEN_V4);
	if (known)
		ask_segments(&set, &a, nic);
	ask_entries(run, &p, &a);
	if (a.whole && !a.mentioned[0])
		tell_loopback(run, &p, a.empty);
	for (size_t i = 1; a.whole && i < a.n; i++)
		if (!a.mentioned[i])
			tell_segment(run, &p, &a.net[i], nic[i]);
	if_free(&set);
}
