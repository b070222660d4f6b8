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

struct allowed {
	struct net_item *v;
	size_t n;
	bool whole; /* no file, table, name or unknown reference among them */
};

static void
read_allowed(struct chk_run *run, const struct chk_param *p, struct allowed *a)
{
	struct chk_item *items;
	size_t n = chk_items(run, p, &items, &a->whole);

	a->v = arena_new(&run->texts, (n ? n : 1) * sizeof(*a->v));
	a->n = 0;
	for (size_t i = 0; i < n; i++) {
		struct net_item *item = &a->v[a->n++];

		net_item_parse(items[i].text, item);
		if (item->kind == NET_COMMENT)
			break;
		if (item->kind != NET_NET && item->kind != NET_HOST)
			a->whole = false;
	}
}

/* Does any entry say something of the addresses of net? */
static bool
is_mentioned(const struct allowed *a, const struct ipaddr *net)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].addr.fam && addr_overlaps(&a->v[i].addr, net))
			return true;
	return false;
}

static void
judge_loopback(struct chk_run *run, const struct chk_param *p, const struct allowed *a)
{
	struct diag_loc loc = chk_at(run, p);
	unsigned used = listen_families(run);
	struct ipaddr own;

	if ((used && !(used & LISTEN_V4)) || !addr_parse(sv_of("127.0.0.1"), &own) ||
		is_mentioned(a, &own))
		return;
	diag_add(run->out, a->n ? SEV_WARN : SEV_NOTE, DIAG_NET_LOOPBACK, &loc,
		_("Add 127.0.0.0/8."),
		_("Programs on this host that connect to 127.0.0.1 can't send mail "
		  "elsewhere."));
	diag_offer(run->out, DIAG_MEND_ADD, "127.0.0.0/8");
}

static void
judge_segment(struct chk_run *run, const struct chk_param *p, const struct allowed *a,
	const struct if_row *row)
{
	struct diag_loc loc = chk_at(run, p);
	struct ipaddr net = addr_network(&row->addr);
	char text[ADDR_TEXT_MAX];

	if (addr_is_host(&row->addr) || row->reach != IF_PRIVATE || is_mentioned(a, &net))
		return;
	addr_format(&net, ADDR_BRACKETED, text);
	diag_add(run->out, SEV_NOTE, DIAG_NET_OWN, &loc,
		_("Add the network if its machines shall send mail through this relay."),
		_("Clients in %s can't relay, though this relay listens on %s."), text,
		row->nic);
	diag_offer(run->out, DIAG_MEND_ADD, text);
}

void
rule_nets_left_out(struct chk_run *run)
{
	struct allowed a;
	struct chk_param p;
	struct if_set set;

	chk_get(run, "mynetworks", &p);
	if (!p.def)
		return;
	read_allowed(run, &p, &a);
	if (!a.whole)
		return;
	judge_loopback(run, &p, &a);
	if (listen_set(run, &set))
		for (size_t i = 0; i < set.nrows; i++)
			if (set.rows[i].kind == IF_NIC && if_row_listens(&set, i))
				judge_segment(run, &p, &a, &set.rows[i]);
	if_free(&set);
}
