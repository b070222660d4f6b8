/* SPDX-License-Identifier: MIT
 *
 * getifaddrs(3) gives names, flags, addresses and masks; only rtnetlink says which
 * addresses are permanent (IFA_F_PERMANENT; DHCP, router advertisements and privacy
 * extensions set a lifetime instead). An address that netlink didn't name counts as
 * permanent.
 */
#include "sys/nic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

enum { NETLINK_WAIT_MS = 500, NETLINK_BUF = 8192 };

/* An address that has a lifetime. */
struct leased {
	char name[IF_NAMESIZE];
	uint8_t fam, addr[16];
};

struct leases {
	struct leased *v;
	size_t n, cap;
};

/* Interfaces in the order in which getifaddrs first names them: the kernel's. */
struct names {
	char (*v)[IF_NAMESIZE];
	size_t n, cap;
};

static size_t
addr_bytes(uint8_t fam)
{
	return fam == 4 ? 4 : 16;
}

/* The attributes of one message, from at to end; each is aligned to 4 bytes. */
static void
read_attributes(const char *at, const char *end, uint32_t *flags, struct leased *l)
{
	struct rtattr a;

	while ((size_t)(end - at) >= sizeof(a)) {
		const char *data = at + RTA_LENGTH(0);
		size_t len;

		memcpy(&a, at, sizeof(a));
		if (a.rta_len < RTA_LENGTH(0) || a.rta_len > end - at)
			return;
		len = a.rta_len - RTA_LENGTH(0);
		if (a.rta_type == IFA_FLAGS && len == sizeof(*flags))
			memcpy(flags, data, sizeof(*flags));
		/* IFA_LOCAL is ours where both are given (point to point). */
		if ((a.rta_type == IFA_ADDRESS || a.rta_type == IFA_LOCAL) &&
			len == addr_bytes(l->fam))
			memcpy(l->addr, data, len);
		if (RTA_ALIGN(a.rta_len) >= (size_t)(end - at))
			return;
		at += RTA_ALIGN(a.rta_len);
	}
}

static void
read_message(struct leases *ls, const char *at, const char *end)
{
	struct ifaddrmsg m;
	struct leased l = {.fam = 0};
	uint32_t flags;

	if ((size_t)(end - at) < sizeof(m))
		return;
	memcpy(&m, at, sizeof(m));
	if (m.ifa_family != AF_INET && m.ifa_family != AF_INET6)
		return;
	flags = m.ifa_flags;
	l.fam = m.ifa_family == AF_INET ? 4 : 6;
	read_attributes(at + NLMSG_ALIGN(sizeof(m)), end, &flags, &l);
	if ((flags & IFA_F_PERMANENT) || !if_indextoname(m.ifa_index, l.name))
		return;
	ls->v = mem_grow(ls->v, &ls->cap, ls->n + 1, sizeof(*ls->v));
	ls->v[ls->n++] = l;
}

/* One datagram; true when more are to come. */
static bool
read_datagram(struct leases *ls, const char *at, size_t n)
{
	struct nlmsghdr h;

	while (n >= sizeof(h)) {
		size_t step;

		memcpy(&h, at, sizeof(h));
		if (h.nlmsg_len < NLMSG_HDRLEN || h.nlmsg_len > n ||
			h.nlmsg_type == NLMSG_DONE || h.nlmsg_type == NLMSG_ERROR)
			return false;
		if (h.nlmsg_type == RTM_NEWADDR)
			read_message(ls, at + NLMSG_HDRLEN, at + h.nlmsg_len);
		step = NLMSG_ALIGN(h.nlmsg_len);
		if (step >= n)
			return true;
		at += step;
		n -= step;
	}
	return true;
}

static bool
ask_addresses(int fd)
{
	struct {
		struct nlmsghdr h;
		struct ifaddrmsg m;
	} ask = {
		.h = {.nlmsg_len = sizeof(ask),
			.nlmsg_type = RTM_GETADDR,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			.nlmsg_seq = 1},
		.m = {.ifa_family = AF_UNSPEC},
	};
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};

	return sendto(fd, &ask, sizeof(ask), 0, (const struct sockaddr *)&kernel,
		       sizeof(kernel)) == (ssize_t)sizeof(ask);
}

static void
find_leases(struct leases *ls)
{
	char buf[NETLINK_BUF];
	struct pollfd p;
	bool more;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return;
	p = (struct pollfd){.fd = fd, .events = POLLIN};
	more = ask_addresses(fd);
	while (more) {
		struct sockaddr_nl from = {0};
		socklen_t flen = sizeof(from);
		ssize_t got;

		if (poll(&p, 1, NETLINK_WAIT_MS) <= 0)
			break;
		got = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &flen);
		if (got <= 0)
			break;
		if (from.nl_pid == 0) /* the kernel; another process may write too */
			more = read_datagram(ls, buf, (size_t)got);
	}
	close(fd);
}

static bool
is_leased(const struct leases *ls, const struct nic_addr *a)
{
	for (size_t i = 0; i < ls->n; i++)
		if (ls->v[i].fam == a->fam && strcmp(ls->v[i].name, a->name) == 0 &&
			memcmp(ls->v[i].addr, a->addr, addr_bytes(a->fam)) == 0)
			return true;
	return false;
}

static uint8_t
mask_bits(const uint8_t *mask, size_t n)
{
	uint8_t bits = 0;

	for (size_t i = 0; i < n; i++)
		for (unsigned m = mask[i]; m & 0x80u; m = (m << 1) & 0xffu)
			bits++;
	return bits;
}

/* The bytes of a socket address; false for families other than IPv4 and IPv6. */
static bool
copy_addr(const struct sockaddr *sa, uint8_t *fam, uint8_t out[16])
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (!sa)
		return false;
	if (sa->sa_family == AF_INET) {
		memcpy(&v4, sa, sizeof(v4));
		memcpy(out, &v4.sin_addr, 4);
		*fam = 4;
		return true;
	}
	if (sa->sa_family != AF_INET6)
		return false;
	memcpy(&v6, sa, sizeof(v6));
	memcpy(out, &v6.sin6_addr, 16);
	*fam = 6;
	return true;
}

static bool
is_link_local(const struct nic_addr *a)
{
	if (a->fam == 4)
		return a->addr[0] == 169 && a->addr[1] == 254;
	return a->addr[0] == 0xfe && (a->addr[1] & 0xc0) == 0x80;
}

static bool
make_row(const struct ifaddrs *i, const struct leases *ls, struct nic_addr *a)
{
	uint8_t mask[16] = {0}, mask_fam;

	*a = (struct nic_addr){.fam = 0};
	if (!copy_addr(i->ifa_addr, &a->fam, a->addr))
		return false;
	memcpy(a->name, i->ifa_name, strnlen(i->ifa_name, sizeof(a->name) - 1));
	a->name[strcspn(a->name, ":")] = '\0'; /* eth0:1 is a label, not a NIC */
	if (copy_addr(i->ifa_netmask, &mask_fam, mask) && mask_fam == a->fam)
		a->plen = mask_bits(mask, addr_bytes(a->fam));
	else
		a->plen = (uint8_t)(addr_bytes(a->fam) * 8);
	a->up = (i->ifa_flags & IFF_UP) != 0;
	a->loopback = (i->ifa_flags & IFF_LOOPBACK) != 0;
	a->link_local = is_link_local(a);
	a->transient = is_leased(ls, a);
	return true;
}

static void
note_name(struct names *ns, const char *name)
{
	size_t len = strcspn(name, ":");

	if (len >= IF_NAMESIZE)
		len = IF_NAMESIZE - 1;
	for (size_t i = 0; i < ns->n; i++)
		if (strncmp(ns->v[i], name, len) == 0 && ns->v[i][len] == '\0')
			return;
	ns->v = mem_grow(ns->v, &ns->cap, ns->n + 1, sizeof(*ns->v));
	memcpy(ns->v[ns->n], name, len);
	ns->v[ns->n++][len] = '\0';
}

/* getifaddrs gives all links, then all IPv4, then all IPv6 addresses. */
static void
collect(const struct ifaddrs *all, const struct leases *ls, struct nic_list *list)
{
	struct names ns = {0};
	struct nic_addr a;
	size_t cap = 0;

	for (const struct ifaddrs *i = all; i; i = i->ifa_next)
		note_name(&ns, i->ifa_name);
	for (size_t k = 0; k < 2 * ns.n; k++) {
		for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
			if (!make_row(i, ls, &a) || a.fam != (k % 2 ? 6 : 4) ||
				strcmp(a.name, ns.v[k / 2]) != 0)
				continue;
			list->v = mem_grow(list->v, &cap, list->n + 1, sizeof(*list->v));
			list->v[list->n++] = a;
		}
	}
	free(ns.v);
}

static bool
nic_list_all(void *self, struct nic_list *list, int *why)
{
	struct leases ls = {0};
	struct ifaddrs *all;

	(void)self;
	*list = (struct nic_list){0};
	if (getifaddrs(&all) < 0) {
		*why = errno;
		return false;
	}
	find_leases(&ls);
	collect(all, &ls, list);
	freeifaddrs(all);
	free(ls.v);
	return true;
}

struct nic_port
sys_nic(void)
{
	static const struct nic_ops ops = {.list = nic_list_all};

	return (struct nic_port){&ops, NULL};
}
