/* SPDX-License-Identifier: MIT
 *
 * The file system, one call a system call, so that a test can let the n-th of them fail
 * or end the process there. Each returns what the call returns, with errno set. Paths are
 * resolved by the caller; the at-calls work on folder descriptors so that nobody can swap
 * a folder meanwhile.
 */
#ifndef PR_PORT_FS_H
#define PR_PORT_FS_H

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/diag.h"

/* What a file was when it was read: enough to see that somebody changed it. */
struct fileid {
	bool exists;
	uint64_t dev, ino, size;
	int64_t mtime_s, mtime_ns;
	uint64_t hash; /* of the bytes */
};

struct fs_ops {
	int (*openat)(void *self, int dir, const char *path, int flags, mode_t mode);
	int (*close)(void *self, int fd);
	ssize_t (*read)(void *self, int fd, void *buf, size_t n);
	ssize_t (*write)(void *self, int fd, const void *buf, size_t n);
	int (*fsync)(void *self, int fd);
	/* A hint: what was written there goes to the disk from now on, so that a later
	 * fsync has less to wait for. */
	void (*write_out)(void *self, int fd, off_t from, off_t n);
	int (*ftruncate)(void *self, int fd, off_t n);
	int (*fstat)(void *self, int fd, struct stat *st);
	int (*fstatat)(void *self, int dir, const char *path, struct stat *st, int flags);
	int (*fchown)(void *self, int fd, uid_t uid, gid_t gid);
	int (*fchmod)(void *self, int fd, mode_t mode);
	int (*futimens)(void *self, int fd, const struct timespec t[2]);
	ssize_t (*flistxattr)(void *self, int fd, char *list, size_t n);
	ssize_t (*fgetxattr)(void *self, int fd, const char *name, void *buf, size_t n);
	int (*fsetxattr)(void *self, int fd, const char *name, const void *buf, size_t n);
	int (*fremovexattr)(void *self, int fd, const char *name);
	int (*renameat2)(
		void *self, int od, const char *o, int nd, const char *n, unsigned flags);
	int (*unlinkat)(void *self, int dir, const char *path, int flags);
	int (*mkdirat)(void *self, int dir, const char *path, mode_t mode);
	ssize_t (*readlinkat)(void *self, int dir, const char *path, char *buf, size_t n);
	int (*flock)(void *self, int fd, int op);
	off_t (*lseek)(void *self, int fd, off_t to); /* from the start of the file */
	/* The names in an open folder, without . and .., until each says false. -1 only
	 * when they could not be read. */
	int (*names)(void *self, int dir, bool (*each)(void *ctx, const char *name),
		void *ctx);
};

struct fs_port {
	const struct fs_ops *ops;
	void *self;
};

/* What a path leads to, over links; false with errno when nothing is there, or that can't
 * be told. */
static inline bool
fs_stat(const struct fs_port *fs, const char *path, struct stat *st)
{
	return fs->ops->fstatat(fs->self, AT_FDCWD, path, st, 0) == 0;
}

static inline bool
fs_has(const struct fs_port *fs, const char *path)
{
	struct stat st;

	return fs_stat(fs, path, &st);
}

#endif
