/* SPDX-License-Identifier: MIT
 *
 * The process without rights that port/probe.h tells of.
 */
#ifndef PR_SYS_PROBE_H
#define PR_SYS_PROBE_H

#include "port/probe.h"

/* argv[0] is the question. The exit status: 0 an answer was told (errors too), 2 usage or
 * no way to give up the rights. */
int sys_probe_main(int argc, char **argv);

#endif
