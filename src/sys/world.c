/* SPDX-License-Identifier: MIT
 *
 * The real implementations, bundled.
 */
#include "sys/world.h"

#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/net.h"
#include "sys/nic.h"
#include "sys/run.h"
#include "sys/users.h"

void
sys_world(struct world *w)
{
	*w = (struct world){
		.run = sys_run(),
		.fs = sys_fs(),
		.nic = sys_nic(),
		.net = sys_net(),
		.clock = sys_clock(),
		.users = sys_users(),
	};
}
