/* SPDX-License-Identifier: MIT
 *
 * One system call a function. A call that a signal interrupted is made again, except
 * close: on Linux the descriptor is gone even then.
 */
#include "sys/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

static int
fs_openat(void *self, int dir, const char *path, int flags, mode_t mode)
{
	int fd;

	(void)self;
	do
		fd = openat(dir, path, flags | O_CLOEXEC, mode);
	while (fd < 0 && errno == EINTR);
	return fd;
}

static int
fs_close(void *self, int fd)
{
	(void)self;
	if (close(fd) < 0 && errno != EINTR)
		return -1;
	return 0;
}

static ssize_t
fs_read(void *self, int fd, void *buf, size_t n)
{
	ssize_t got;

	(void)self;
	do
		got = read(fd, buf, n);
	while (got < 0 && errno == EINTR);
	return got;
}

static ssize_t
fs_write(void *self, int fd, const void *buf, size_t n)
{
	ssize_t put;

	(void)self;
	do
		put = write(fd, buf, n);
	while (put < 0 && errno == EINTR);
	return put;
}

static int
fs_fsync(void *self, int fd)
{
	int rc;

	(void)self;
	do
		rc = fsync(fd);
	while (rc < 0 && errno == EINTR);
	return rc;
}

static void
fs_write_out(void *self, int fd, off_t from, off_t n)
{
	(void)self;
	sync_file_range(fd, from, n, SYNC_FILE_RANGE_WRITE);
}

static int
fs_ftruncate(void *self, int fd, off_t n)
{
	int rc;

	(void)self;
	do
		rc = ftruncate(fd, n);
	while (rc < 0 && errno == EINTR);
	return rc;
}

static int
fs_fstat(void *self, int fd, struct stat *st)
{
	(void)self;
	return fstat(fd, st);
}

static int
fs_fstatat(void *self, int dir, const char *path, struct stat *st, int flags)
{
	(void)self;
	return fstatat(dir, path, st, flags);
}

static int
fs_fchown(void *self, int fd, uid_t uid, gid_t gid)
{
	(void)self;
	return fchown(fd, uid, gid);
}

static int
fs_fchmod(void *self, int fd, mode_t mode)
{
	(void)self;
	return fchmod(fd, mode);
}

static int
fs_futimens(void *self, int fd, const struct timespec t[2])
{
	(void)self;
	return futimens(fd, t);
}

static ssize_t
fs_flistxattr(void *self, int fd, char *list, size_t n)
{
	(void)self;
	return flistxattr(fd, list, n);
}

static ssize_t
fs_fgetxattr(void *self, int fd, const char *name, void *buf, size_t n)
{
	(void)self;
	return fgetxattr(fd, name, buf, n);
}

static int
fs_fsetxattr(void *self, int fd, const char *name, const void *buf, size_t n)
{
	(void)self;
	return fsetxattr(fd, name, buf, n, 0);
}

static int
fs_fremovexattr(void *self, int fd, const char *name)
{
	(void)self;
	return fremovexattr(fd, name);
}

/* The system call itself: old C libraries have no wrapper, and musl's wrapper for other
 * names would turn flags into an error. */
static int
fs_renameat2(void *self, int od, const char *o, int nd, const char *n, unsigned flags)
{
	(void)self;
	if (flags == 0)
		return renameat(od, o, nd, n);
#ifdef SYS_renameat2
	return (int)syscall(SYS_renameat2, od, o, nd, n, flags);
#else
	errno = ENOSYS;
	return -1;
#endif
}

static int
fs_unlinkat(void *self, int dir, const char *path, int flags)
{
	(void)self;
	return unlinkat(dir, path, flags);
}

static int
fs_mkdirat(void *self, int dir, const char *path, mode_t mode)
{
	(void)self;
	return mkdirat(dir, path, mode);
}

static ssize_t
fs_readlinkat(void *self, int dir, const char *path, char *buf, size_t n)
{
	(void)self;
	return readlinkat(dir, path, buf, n);
}

static int
fs_flock(void *self, int fd, int op)
{
	int rc;

	(void)self;
	do
		rc = flock(fd, op);
	while (rc < 0 && errno == EINTR);
	return rc;
}

static off_t
fs_lseek(void *self, int fd, off_t to)
{
	(void)self;
	return lseek(fd, to, SEEK_SET);
}

static int
fs_names(void *self, int dir, bool (*each)(void *ctx, const char *name), void *ctx)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *names = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	int why = errno;

	(void)self;
	if (!names) {
		if (fd >= 0)
			close(fd);
		errno = why;
		return -1;
	}
	do {
		errno = 0;
		e = readdir(names);
		why = e ? 0 : errno;
	} while (e && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
			      each(ctx, e->d_name)));
	closedir(names);
	errno = why;
	return why ? -1 : 0;
}

struct fs_port
sys_fs(void)
{
	static const struct fs_ops ops = {
		.openat = fs_openat,
		.close = fs_close,
		.read = fs_read,
		.write = fs_write,
		.fsync = fs_fsync,
		.write_out = fs_write_out,
		.ftruncate = fs_ftruncate,
		.fstat = fs_fstat,
		.fstatat = fs_fstatat,
		.fchown = fs_fchown,
		.fchmod = fs_fchmod,
		.futimens = fs_futimens,
		.flistxattr = fs_flistxattr,
		.fgetxattr = fs_fgetxattr,
		.fsetxattr = fs_fsetxattr,
		.fremovexattr = fs_fremovexattr,
		.renameat2 = fs_renameat2,
		.unlinkat = fs_unlinkat,
		.mkdirat = fs_mkdirat,
		.readlinkat = fs_readlinkat,
		.flock = fs_flock,
		.lseek = fs_lseek,
		.names = fs_names,
	};

	return (struct fs_port){&ops, NULL};
}
