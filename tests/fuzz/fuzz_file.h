/* SPDX-License-Identifier: MIT
 *
 * A file system in which every file holds the same bytes.
 */
#ifndef PR_FUZZ_FILE_H
#define PR_FUZZ_FILE_H

#include "port/fs.h"

static struct sv fuzz_file, fuzz_left; /* what stands there, and is still to be read */

static int
fuzz_open(void *self, int dir, const char *path, int flags, mode_t mode)
{
	(void)self, (void)dir, (void)path, (void)flags, (void)mode;
	fuzz_left = fuzz_file;
	return 3;
}

static int
fuzz_close(void *self, int fd)
{
	(void)self, (void)fd;
	return 0;
}

static ssize_t
fuzz_read(void *self, int fd, void *buf, size_t n)
{
	(void)self, (void)fd;
	if (n > fuzz_left.n)
		n = fuzz_left.n;
	memcpy(buf, fuzz_left.p, n);
	fuzz_left = sv_sub(fuzz_left, n, fuzz_left.n);
	return (ssize_t)n;
}

#endif
