/* SPDX-License-Identifier: MIT
 *
 * Every call passes the gate first, which counts it and decides whether it is made.
 */
#include "fake/fake_fs.h"

#include <errno.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 512 };

/* May this call be made? False with errno. */
static bool
gate(struct fake_fs *f, const char *call, const char *name)
{
	if (f->dead) {
		errno = FAKE_FS_DEAD;
		return false;
	}
	if (f->before)
		f->before(f->ctx, call, name);
	if (++f->calls != f->fail_at)
		return true;
	f->failed = call;
	f->dead = f->die;
	errno = f->die ? FAKE_FS_DEAD : f->fail_errno;
	return false;
}

/* Where a descriptor leads, for whoever is called before; NULL for nobody. */
static const char *
path_of(const struct fake_fs *f, int fd, char buf[PATH_BYTES])
{
	char link[32];
	ssize_t n;

	if (!f->before)
		return NULL;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, buf, PATH_BYTES - 1);
	buf[n > 0 ? n : 0] = '\0';
	return buf;
}

static void
show_trusted(const struct fake_fs *f, struct stat *st)
{
	if (f->trusted_ino == 0 || st->st_dev != f->trusted_dev ||
		st->st_ino != f->trusted_ino)
		return;
	st->st_uid = 0;
	st->st_mode &= ~(mode_t)(S_IWGRP | S_IWOTH);
}

static void
note_open(struct fake_fs *f, int fd, bool open)
{
	if (fd >= 0 && fd < FAKE_FS_FDS)
		f->open[fd] = open;
}

static int
do_openat(void *self, int dir, const char *path, int flags, mode_t mode)
{
	struct fake_fs *f = self;
	int fd;

	if (!gate(f, "openat", path))
		return -1;
	if (f->mountinfo && strcmp(path, "/proc/self/mountinfo") == 0)
		path = f->mountinfo;
	fd = f->real.ops->openat(f->real.self, dir, path, flags, mode);
	note_open(f, fd, true);
	return fd;
}

static int
do_close(void *self, int fd)
{
	struct fake_fs *f = self;

	/* A close that fails gives the descriptor up all the same, as on Linux; a dead
	 * process's stays open until fake_fs_revive(). */
	if (!gate(f, "close", NULL)) {
		int err = errno;

		if (!f->dead) {
			note_open(f, fd, false);
			f->real.ops->close(f->real.self, fd);
		}
		errno = err;
		return -1;
	}
	note_open(f, fd, false);
	return f->real.ops->close(f->real.self, fd);
}

static ssize_t
do_read(void *self, int fd, void *buf, size_t n)
{
	struct fake_fs *f = self;

	if (!gate(f, "read", NULL))
		return -1;
	return f->real.ops->read(f->real.self, fd, buf, n);
}

static ssize_t
do_write(void *self, int fd, const void *buf, size_t n)
{
	struct fake_fs *f = self;
	char path[PATH_BYTES];

	if (!gate(f, "write", path_of(f, fd, path)))
		return -1;
	return f->real.ops->write(f->real.self, fd, buf, n);
}

static int
do_fsync(void *self, int fd)
{
	struct fake_fs *f = self;
	char path[PATH_BYTES];

	if (!gate(f, "fsync", path_of(f, fd, path)))
		return -1;
	return f->real.ops->fsync(f->real.self, fd);
}

static void
do_write_out(void *self, int fd, off_t from, off_t n)
{
	struct fake_fs *f = self;

	f->real.ops->write_out(f->real.self, fd, from, n);
}

static int
do_ftruncate(void *self, int fd, off_t n)
{
	struct fake_fs *f = self;

	if (!gate(f, "ftruncate", NULL))
		return -1;
	return f->real.ops->ftruncate(f->real.self, fd, n);
}

static int
do_fstat(void *self, int fd, struct stat *st)
{
	struct fake_fs *f = self;
	int rc;

	if (!gate(f, "fstat", NULL))
		return -1;
	rc = f->real.ops->fstat(f->real.self, fd, st);
	if (rc == 0)
		show_trusted(f, st);
	return rc;
}

static int
do_fstatat(void *self, int dir, const char *path, struct stat *st, int flags)
{
	struct fake_fs *f = self;
	int rc;

	if (!gate(f, "fstatat", path))
		return -1;
	rc = f->real.ops->fstatat(f->real.self, dir, path, st, flags);
	if (rc == 0)
		show_trusted(f, st);
	return rc;
}

static int
do_fchown(void *self, int fd, uid_t uid, gid_t gid)
{
	struct fake_fs *f = self;

	if (!gate(f, "fchown", NULL))
		return -1;
	return f->real.ops->fchown(f->real.self, fd, uid, gid);
}

static int
do_fchmod(void *self, int fd, mode_t mode)
{
	struct fake_fs *f = self;

	if (!gate(f, "fchmod", NULL))
		return -1;
	return f->real.ops->fchmod(f->real.self, fd, mode);
}

static int
do_futimens(void *self, int fd, const struct timespec t[2])
{
	struct fake_fs *f = self;

	if (!gate(f, "futimens", NULL))
		return -1;
	return f->real.ops->futimens(f->real.self, fd, t);
}

static ssize_t
do_flistxattr(void *self, int fd, char *list, size_t n)
{
	struct fake_fs *f = self;

	if (!gate(f, "flistxattr", NULL))
		return -1;
	return f->real.ops->flistxattr(f->real.self, fd, list, n);
}

static ssize_t
do_fgetxattr(void *self, int fd, const char *name, void *buf, size_t n)
{
	struct fake_fs *f = self;

	if (!gate(f, "fgetxattr", name))
		return -1;
	return f->real.ops->fgetxattr(f->real.self, fd, name, buf, n);
}

static int
do_fsetxattr(void *self, int fd, const char *name, const void *buf, size_t n)
{
	struct fake_fs *f = self;

	if (!gate(f, "fsetxattr", name))
		return -1;
	return f->real.ops->fsetxattr(f->real.self, fd, name, buf, n);
}

static int
do_fremovexattr(void *self, int fd, const char *name)
{
	struct fake_fs *f = self;

	if (!gate(f, "fremovexattr", name))
		return -1;
	return f->real.ops->fremovexattr(f->real.self, fd, name);
}

static int
do_renameat2(void *self, int od, const char *o, int nd, const char *n, unsigned flags)
{
	struct fake_fs *f = self;

	if (!gate(f, "renameat2", n))
		return -1;
	if ((flags == RENAME_EXCHANGE && f->exchange_errno) ||
		(flags == RENAME_NOREPLACE && f->noreplace_errno)) {
		errno = flags == RENAME_EXCHANGE ? f->exchange_errno : f->noreplace_errno;
		return -1;
	}
	return f->real.ops->renameat2(f->real.self, od, o, nd, n, flags);
}

static int
do_unlinkat(void *self, int dir, const char *path, int flags)
{
	struct fake_fs *f = self;

	if (!gate(f, "unlinkat", path))
		return -1;
	return f->real.ops->unlinkat(f->real.self, dir, path, flags);
}

static int
do_mkdirat(void *self, int dir, const char *path, mode_t mode)
{
	struct fake_fs *f = self;

	if (!gate(f, "mkdirat", path))
		return -1;
	return f->real.ops->mkdirat(f->real.self, dir, path, mode);
}

static ssize_t
do_readlinkat(void *self, int dir, const char *path, char *buf, size_t n)
{
	struct fake_fs *f = self;

	if (!gate(f, "readlinkat", path))
		return -1;
	return f->real.ops->readlinkat(f->real.self, dir, path, buf, n);
}

static off_t
do_lseek(void *self, int fd, off_t to)
{
	struct fake_fs *f = self;

	return gate(f, "lseek", NULL) ? f->real.ops->lseek(f->real.self, fd, to) : -1;
}

static int
do_names(void *self, int dir, bool (*each)(void *ctx, const char *name), void *ctx)
{
	struct fake_fs *f = self;

	return gate(f, "names", NULL) ? f->real.ops->names(f->real.self, dir, each, ctx)
				      : -1;
}

static int
do_flock(void *self, int fd, int op)
{
	struct fake_fs *f = self;

	if (!gate(f, "flock", NULL))
		return -1;
	return f->real.ops->flock(f->real.self, fd, op);
}

void
fake_fs_init(struct fake_fs *f, struct fs_port real)
{
	*f = (struct fake_fs){.real = real};
}

struct fs_port
fake_fs_port(struct fake_fs *f)
{
	static const struct fs_ops ops = {
		.openat = do_openat,
		.close = do_close,
		.read = do_read,
		.write = do_write,
		.fsync = do_fsync,
		.write_out = do_write_out,
		.ftruncate = do_ftruncate,
		.fstat = do_fstat,
		.fstatat = do_fstatat,
		.fchown = do_fchown,
		.fchmod = do_fchmod,
		.futimens = do_futimens,
		.flistxattr = do_flistxattr,
		.fgetxattr = do_fgetxattr,
		.fsetxattr = do_fsetxattr,
		.fremovexattr = do_fremovexattr,
		.renameat2 = do_renameat2,
		.unlinkat = do_unlinkat,
		.mkdirat = do_mkdirat,
		.readlinkat = do_readlinkat,
		.flock = do_flock,
		.lseek = do_lseek,
		.names = do_names,
	};

	return (struct fs_port){&ops, f};
}

void
fake_fs_trust(struct fake_fs *f, const char *folder)
{
	struct stat st;

	if (stat(folder, &st) < 0)
		return;
	f->trusted_dev = st.st_dev;
	f->trusted_ino = st.st_ino;
}

void
fake_fs_revive(struct fake_fs *f)
{
	for (int fd = 0; fd < FAKE_FS_FDS; fd++)
		if (f->open[fd])
			close(fd);
	memset(f->open, 0, sizeof(f->open));
	f->calls = f->fail_at = 0;
	f->dead = f->die = false;
	f->failed = NULL;
}

int
fake_fs_open(const struct fake_fs *f)
{
	int n = 0;

	for (int fd = 0; fd < FAKE_FS_FDS; fd++)
		n += f->open[fd];
	return n;
}
