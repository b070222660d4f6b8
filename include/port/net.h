/* SPDX-License-Identifier: MIT
 *
 * Plain TCP to this machine's own services, for asking whether they are well.
 */
#ifndef PR_PORT_NET_H
#define PR_PORT_NET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct net_ops {
	/* Connect to addr (4 or 16 bytes, network order); a descriptor, or -1 with errno.
	 */
	int (*connect)(void *self, uint8_t fam, const uint8_t *addr, uint16_t port,
		int timeout_ms);
	/* Read what is there, at most n; 0 at the end, -1 with errno (ETIMEDOUT past the
	 * limit). */
	ssize_t (*read)(void *self, int fd, void *buf, size_t n, int timeout_ms);
	ssize_t (*write)(void *self, int fd, const void *buf, size_t n, int timeout_ms);
	void (*close)(void *self, int fd);
};

struct net_port {
	const struct net_ops *ops;
	void *self;
};

#endif
