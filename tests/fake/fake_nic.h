/* SPDX-License-Identifier: MIT
 *
 * Interfaces from a table, written as a person would:
 * "eth0 192.0.2.10/24 up", "lo 127.0.0.1/8 up loopback", "eth1 2001:db8::1/64 transient".
 */
#ifndef PR_FAKE_NIC_H
#define PR_FAKE_NIC_H

#include "port/nic.h"

struct fake_nic {
	const char *const
		*rows;  /* NULL-terminated; a row that can't be read ends the test */
	int fail_errno; /* the list can't be had; 0: it can */
	int calls;
};

struct nic_port fake_nic_port(struct fake_nic *f);

#endif
