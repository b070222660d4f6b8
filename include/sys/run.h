/* SPDX-License-Identifier: MIT
 *
 * Runs real programs (port/run.h says what a caller may rely on). Each child gets a
 * session of its own, so no signal and no hang-up of our terminal reaches it, and signals
 * to its group reach its own children. A child that must never be killed and outlives its
 * limit is left alone; its descriptors stay open so that it doesn't die of a closed pipe.
 */
#ifndef PR_SYS_RUN_H
#define PR_SYS_RUN_H

#include "port/run.h"

/* The runner of this machine. It has no state to free. */
struct run_port sys_run(void);

#endif
