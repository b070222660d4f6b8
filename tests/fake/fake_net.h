/* SPDX-License-Identifier: MIT
 *
 * Services that follow a script. A dialogue is a list of lines: "S:220 hi\r\n" is said by
 * the service, "C:QUIT\r\n" must be what the client writes next ("C:EHLO *" : anything
 * after EHLO), "T:" lets the client's next read run into its limit. After the last line
 * the service hangs up.
 */
#ifndef PR_FAKE_NET_H
#define PR_FAKE_NET_H

#include "base/str.h"
#include "port/net.h"

enum { FAKE_NET_CONNS = 16 };

struct fake_service {
	const char *addr; /* "127.0.0.1" or "2001:db8::1" */
	uint16_t port;
	int connect_errno;        /* it can't be reached; 0: it can */
	const char *const *lines; /* NULL-terminated */
};

struct fake_net {
	const struct fake_service *services; /* what isn't here refuses the connection */
	size_t n;
	size_t connects;
	struct str mismatch; /* what a client wrote against the script; empty: nothing */
	struct {
		const struct fake_service *service;
		size_t line, at; /* at: bytes of an S: line that were read */
	} conn[FAKE_NET_CONNS];
};

struct net_port fake_net_port(struct fake_net *f);
void fake_net_free(struct fake_net *f);

#endif
