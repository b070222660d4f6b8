/* SPDX-License-Identifier: MIT
 *
 * The machine's network interfaces and their addresses.
 */
#ifndef PR_PORT_NIC_H
#define PR_PORT_NIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nic_addr {
	char name[32];
	uint8_t fam;      /* 4 or 6 */
	uint8_t addr[16]; /* network order */
	uint8_t plen;     /* prefix length, bits */
	bool up, loopback, link_local;
	bool transient; /* not permanent: DHCP, router advertisement, privacy
			   (IFA_F_PERMANENT unset) */
};

struct nic_list {
	struct nic_addr
		*v; /* in the kernel's order: by NIC, IPv4 before IPv6 within a NIC */
	size_t n;
};

struct nic_ops {
	/* False with *why = errno. The caller frees list->v with free(). */
	bool (*list)(void *self, struct nic_list *list, int *why);
};

struct nic_port {
	const struct nic_ops *ops;
	void *self;
};

#endif
