/* SPDX-License-Identifier: MIT
 *
 * The real clocks.
 */
#ifndef PR_SYS_CLOCK_H
#define PR_SYS_CLOCK_H

#include "port/clock.h"

/* Milliseconds of the clock that nobody sets. */
int64_t sys_mono_ms(void);

/* The clocks of this machine. */
struct clock_port sys_clock(void);

#endif
