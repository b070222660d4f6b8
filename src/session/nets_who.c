/* SPDX-License-Identifier: MIT
 *
 * Who an item of mynetworks lets in, as far as it is known without being told: by what
 * kind of item it is, and by this machine's own network interfaces.
 */
#include "session/nets_view.h"

#include "base/i18n.h"

const char *
nets_who(struct session *s, struct arena *a, const struct net_item *item)
{
	const struct nic_list *nics = session_nics(s);
	struct ipaddr net;

	if (item->except)
		return _("refused: stands before its net");
	if (item->kind == NET_NAME)
		return _("by reverse DNS");
	if (item->kind == NET_REF)
		return _("another parameter");
	if (item->kind != NET_NET && item->kind != NET_HOST)
		return "";
	if (addr_class_of(&item->addr) == ADDR_LOOPBACK)
		return item->addr.fam == 4 ? _("programs on this host")
					   : _("programs on this host, IPv6");
	for (size_t i = 0; i < nics->n; i++) {
		struct ipaddr nic =
			addr_from_bytes(nics->v[i].fam, nics->v[i].addr, nics->v[i].plen);

		net = addr_network(&nic);
		if (addr_cmp(&net, &item->addr) == 0)
			return arena_fmt(a, _("%s's own segment"), nics->v[i].name);
	}
	return "";
}
