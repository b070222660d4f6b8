/* SPDX-License-Identifier: MIT
 *
 * The whole real world at once, for main.c and for tests that need real programs or
 * files. Nothing here has state, so a world may be copied and needs no freeing.
 */
#ifndef PR_SYS_WORLD_H
#define PR_SYS_WORLD_H

#include "port/world.h"

/* Fill *w with this machine. */
void sys_world(struct world *w);

#endif
