/* SPDX-License-Identifier: MIT
 *
 * The outside world in one place: main.c builds the real one, tests a fake one.
 */
#ifndef PR_PORT_WORLD_H
#define PR_PORT_WORLD_H

#include "port/clock.h"
#include "port/fs.h"
#include "port/net.h"
#include "port/nic.h"
#include "port/run.h"
#include "port/users.h"

struct world {
	struct run_port run;
	struct fs_port fs;
	struct nic_port nic;
	struct net_port net;
	struct clock_port clock;
	struct users_port users; /* ops NULL: nobody can tell */
};

#endif
