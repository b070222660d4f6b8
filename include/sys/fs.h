/* SPDX-License-Identifier: MIT
 *
 * The real file system, one system call a function, interrupted calls repeated. Every
 * descriptor is close-on-exec.
 */
#ifndef PR_SYS_FS_H
#define PR_SYS_FS_H

#include "port/fs.h"

/* The file system of this machine. */
struct fs_port sys_fs(void);

#endif
