/* SPDX-License-Identifier: MIT
 *
 * The real clocks.
 */
#ifndef PR_SYS_CLOCK_H
#define PR_SYS_CLOCK_H

#include "port/clock.h"

/* The clocks of this machine. */
struct clock_port sys_clock(void);

#endif
