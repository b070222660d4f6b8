/* SPDX-License-Identifier: MIT
 *
 * The real network interfaces: names, flags and addresses from getifaddrs(3), whether an
 * address is permanent from rtnetlink(7). Where the kernel doesn't answer the second
 * question, every address counts as permanent.
 */
#ifndef PR_SYS_NIC_H
#define PR_SYS_NIC_H

#include "port/nic.h"

/* The interfaces of this machine. */
struct nic_port sys_nic(void);

#endif
