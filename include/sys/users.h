/* SPDX-License-Identifier: MIT
 *
 * The real users of this machine, by getpwnam_r(3).
 */
#ifndef PR_SYS_USERS_H
#define PR_SYS_USERS_H

#include "port/users.h"

/* The users of this machine. It has no state to free. */
struct users_port sys_users(void);

#endif
