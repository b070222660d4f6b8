/* SPDX-License-Identifier: MIT
 *
 * Real TCP connections with a time limit on every step. Descriptors are non-blocking and
 * close-on-exec; a peer that goes away is an error value, never a signal.
 */
#ifndef PR_SYS_NET_H
#define PR_SYS_NET_H

#include "port/net.h"

/* The network of this machine. */
struct net_port sys_net(void);

#endif
