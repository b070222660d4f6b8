/* SPDX-License-Identifier: MIT
 *
 * Comparing the files with what was loaded, and writing the new ones beside them. A new
 * file is created for nobody but us (0600), and gets its owner before its rights and
 * attributes, so that at no moment somebody can read it who could not read the old one.
 */
#include "apply/txn_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply/readfile.h"
#include "base/i18n.h"
#include "base/mem.h"

enum {
	BUFFER_BYTES = 256 << 10,
	WRITE_OUT_BYTES = 4 << 20,
	ATTR_LIST_BYTES = 1 << 16,
	ATTR_BYTES = 1 << 16
};

#define ACL_NAME "system.posix_acl_access"

/* Gathers small pieces: few large writes, and whole words for the hash. */
struct out {
	const struct fs_port *fs;
	int fd;
	char *buf;
	size_t have;
	uint64_t total, hash;
	uint64_t out;  /* bytes that are on their way to the disk */
	struct sv old; /* bytes of the old file, which pieces may be slices of */
	uint64_t front, back;
	int err; /* errno of the first failure */
};

bool
txn_refuse_write(const struct txn_target *f, int err, struct diags *d)
{
	if (err == ENOSPC || err == EDQUOT)
		return diag_errno(d, DIAG_FILE_WRITE, f->path, err,
			_("Make room there, then try again."),
			_("Nothing was changed: there is no room for the new %s."),
			f->path);
	if (err == EACCES || err == EPERM)
		return diag_errno(d, DIAG_FILE_ACCESS, f->path, err,
			_("Start postrelay as root."),
			_("Nothing was changed: you may not write %s."), f->path);
	return diag_errno(d, DIAG_FILE_WRITE, f->path, err,
		_("Look at the disk and at the system's log."),
		_("Nothing was changed: the new %s could not be written to the disk."),
		f->path);
}

bool
txn_identify(const struct txn *t, const struct txn_target *f, const char *name,
	struct fileid *out)
{
	bool ok;
	int err, fd = t->fs.ops->openat(t->fs.self, f->at.dir, name,
			 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);

	*out = (struct fileid){0};
	if (fd < 0)
		return errno == ENOENT;
	ok = readfile_identify(&t->fs, fd, out);
	err = errno;
	t->fs.ops->close(t->fs.self, fd);
	errno = err;
	return ok;
}

static bool
tell_changed(const struct txn_target *f, bool exists, struct diags *d)
{
	struct diag_loc loc = {.file = f->path};

	if (!exists)
		return diag_add(d, SEV_ERROR, DIAG_FILE_CHANGED, &loc,
			_("Read the files again, then make your changes anew."),
			_("Nothing was written: %s has been removed since it was read."),
			f->path);
	if (!f->old_id.exists)
		return diag_add(d, SEV_ERROR, DIAG_FILE_CHANGED, &loc,
			_("Read the files again, then make your changes anew."),
			_("Nothing was written: %s was not there, and somebody has made "
			  "it "
			  "since."),
			f->path);
	return diag_add(d, SEV_ERROR, DIAG_FILE_CHANGED, &loc,
		_("Read the files again, then make your changes anew."),
		_("Nothing was written: somebody has changed %s since it was read."),
		f->path);
}

static bool
is_replaceable(const struct txn *t, struct txn_target *f, bool in_place, struct diags *d)
{
	struct diag_loc loc = {.file = f->path};

	if (!S_ISREG(f->st.st_mode))
		return diag_add(d, SEV_ERROR, DIAG_FILE_KIND, &loc,
			_("Name an ordinary file."),
			_("Nothing was written: %s is not an ordinary file."), f->path);
	f->in_place = txn_is_mount(&t->fs, f->at.real);
	if (f->in_place && !in_place)
		return diag_add(d, SEV_ERROR, DIAG_FILE_MOUNT, &loc,
			_("Change the file at its source, or mount its folder instead."),
			_("Nothing was written: %s is mounted by itself (a bind mount), "
			  "so a "
			  "new file can't take its place."),
			f->path);
	if (f->st.st_nlink > 1 && !f->in_place)
		diag_add(d, SEV_WARN, DIAG_FILE_LINKS, &loc,
			_("Make the other names symbolic links if they should follow."),
			_("The other names (hard links) of %s keep the old text."),
			f->path);
	return true;
}

static bool
verify_one(struct txn *t, struct txn_target *f, const struct txn_want *w, struct diags *d)
{
	const struct fileid *loaded = w->loaded;
	struct fileid now;

	f->old_id = loaded ? *loaded : (struct fileid){0};
	if (t->fs.ops->fstatat(
		    t->fs.self, f->at.dir, f->at.name, &f->st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT)
			return txn_refuse_write(f, errno, d);
		return !loaded || !loaded->exists || tell_changed(f, false, d);
	}
	if (loaded && !loaded->exists)
		return tell_changed(f, true, d);
	if (!is_replaceable(t, f, w->in_place, d))
		return false;
	if (!txn_identify(t, f, f->at.name, &now))
		return txn_refuse_write(f, errno, d);
	if (loaded && !readfile_is_same(&now, loaded))
		return tell_changed(f, now.exists, d);
	f->old_id = now;
	return true;
}

/* Every file is looked at, so that one message names all that have changed. */
bool
txn_verify(struct txn *t, struct diags *d)
{
	bool ok = true;

	for (size_t i = 0; i < t->n; i++)
		if (!verify_one(t, &t->v[i], &t->want[i], d))
			ok = false;
	return ok;
}

static bool
write_all(struct out *o, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t put = o->fs->ops->write(o->fs->self, o->fd, p, n);

		if (put <= 0) {
			o->err = put < 0 ? errno : EIO;
			return false;
		}
		p += put;
		n -= (size_t)put;
	}
	return true;
}

static bool
flush(struct out *o)
{
	size_t n = o->have;

	o->hash = readfile_hash_add(o->hash, o->buf, n);
	o->total += n;
	o->have = 0;
	if (!write_all(o, o->buf, n))
		return false;
	if (o->total - o->out >= WRITE_OUT_BYTES) {
		o->fs->ops->write_out(
			o->fs->self, o->fd, (off_t)o->out, (off_t)(o->total - o->out));
		o->out = o->total;
	}
	return true;
}

/* A piece that is the old file's first or last one needn't be compared to be known. */
static void
note_ends(struct out *o, const char *p, size_t n)
{
	if (!o->old.n)
		return;
	if (o->total + o->have == 0 && p == o->old.p)
		o->front = n;
	o->back = p + n == o->old.p + o->old.n ? n : 0;
}

static bool
take_bytes(void *ctx, const char *p, size_t n)
{
	struct out *o = ctx;

	note_ends(o, p, n);
	while (n > 0) {
		size_t some = BUFFER_BYTES - o->have;

		if (some > n)
			some = n;
		memcpy(o->buf + o->have, p, some);
		o->have += some;
		p += some;
		n -= some;
		if (o->have == BUFFER_BYTES && !flush(o))
			return false;
	}
	return true;
}

/* Made anew by the kernel for each file from its content; a copy would be wrong. Rights
 * of a program are taken away by every other writer, too. */
static bool
is_copied_attribute(const char *name)
{
	static const char *const left_out[] = {
		"security.ima", "security.evm", "security.capability"};

	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		if (strcmp(name, left_out[i]) == 0)
			return false;
	return true;
}

/* One attribute; false with errno. Nothing is written where it is the same already: for
 * SELinux even setting the same label is a right of its own. */
static bool
copy_attribute(const struct fs_port *fs, int from, int to, const char *name)
{
	char *a = mem_new(ATTR_BYTES, 1), *b = mem_new(ATTR_BYTES, 1);
	ssize_t n = fs->ops->fgetxattr(fs->self, from, name, a, ATTR_BYTES);
	bool ok = false;
	int err = errno;

	if (n < 0) {
		ok = err == ENODATA;
	} else if (fs->ops->fgetxattr(fs->self, to, name, b, ATTR_BYTES) == n &&
		   memcmp(a, b, (size_t)n) == 0) {
		ok = true;
	} else {
		ok = fs->ops->fsetxattr(fs->self, to, name, a, (size_t)n) == 0;
		err = errno;
	}
	free(a);
	free(b);
	errno = err;
	return ok;
}

/* The folder may have given the new file an ACL that the old one doesn't have. */
static bool
drop_inherited_acl(const struct fs_port *fs, int fd)
{
	return fs->ops->fremovexattr(fs->self, fd, ACL_NAME) == 0 || errno == ENODATA ||
	       errno == ENOTSUP;
}

static bool
copy_attributes(const struct fs_port *fs, int from, int to)
{
	char *list = mem_new(ATTR_LIST_BYTES, 1);
	ssize_t n = fs->ops->flistxattr(fs->self, from, list, ATTR_LIST_BYTES);
	bool ok = n >= 0 || errno == ENOTSUP, has_acl = false;

	for (ssize_t at = 0; ok && at < n; at += (ssize_t)strlen(list + at) + 1) {
		if (strcmp(list + at, ACL_NAME) == 0)
			has_acl = true;
		if (is_copied_attribute(list + at))
			ok = copy_attribute(fs, from, to, list + at);
	}
	if (ok && !has_acl)
		ok = drop_inherited_acl(fs, to);
	if (!ok) {
		int err = errno;

		free(list);
		errno = err;
		return false;
	}
	free(list);
	return true;
}

/* Owner first: changing it clears some rights; the mode last: it is the ACL's mask. */
static bool
copy_rights(const struct txn *t, const struct txn_target *f, int from, int to)
{
	struct stat st;

	if (t->fs.ops->fstat(t->fs.self, to, &st) < 0)
		return false;
	if ((st.st_uid != f->st.st_uid || st.st_gid != f->st.st_gid) &&
		t->fs.ops->fchown(t->fs.self, to, f->st.st_uid, f->st.st_gid) < 0)
		return false;
	if (!copy_attributes(&t->fs, from, to))
		return false;
	return t->fs.ops->fchmod(t->fs.self, to, f->st.st_mode & 07777) == 0;
}

static bool
give_new_rights(const struct txn *t, const struct txn_want *w, int to)
{
	mode_t mode = w && w->new_mode ? w->new_mode : 0644;

	if (w && (w->new_uid || w->new_gid) &&
		t->fs.ops->fchown(t->fs.self, to, w->new_uid, w->new_gid) < 0)
		return false;
	return drop_inherited_acl(&t->fs, to) &&
	       t->fs.ops->fchmod(t->fs.self, to, mode) == 0;
}

static bool
give_rights(
	const struct txn *t, const struct txn_target *f, const struct txn_want *w, int to)
{
	bool ok;
	int from, err;

	if (!f->old_id.exists)
		return give_new_rights(t, w, to);
	from = t->fs.ops->openat(t->fs.self, f->at.dir, f->at.name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	if (from < 0)
		return false;
	ok = copy_rights(t, f, from, to);
	err = errno;
	t->fs.ops->close(t->fs.self, from);
	errno = err;
	return ok;
}

/* We hold the lock of this file, so what has the name is left over from a dead one. */
int
txn_create(const struct txn *t, const struct txn_target *f, const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = t->fs.ops->openat(t->fs.self, f->at.dir, name, flags, 0600);

	if (fd >= 0 || errno != EEXIST)
		return fd;
	if (t->fs.ops->unlinkat(t->fs.self, f->at.dir, name, 0) < 0)
		return -1;
	return t->fs.ops->openat(t->fs.self, f->at.dir, name, flags, 0600);
}

bool
txn_seal(const struct txn *t, const struct txn_target *f, const struct txn_want *w,
	int fd, struct stat *st)
{
	bool ok = give_rights(t, f, w, fd) && t->fs.ops->fsync(t->fs.self, fd) == 0 &&
		  t->fs.ops->fstat(t->fs.self, fd, st) == 0;
	int err = errno;

	if (t->fs.ops->close(t->fs.self, fd) < 0 && ok)
		return false;
	errno = err;
	return ok;
}

/* The wanted bytes into a new file beside the target; o->fd is open then. */
static bool
write_beside(struct txn *t, struct txn_target *f, const struct txn_want *w,
	const char *name, struct out *o)
{
	bool ok;

	*o = (struct out){.fs = &t->fs, .old = w->old, .fd = txn_create(t, f, name)};
	o->err = errno;
	if (o->fd < 0)
		return false;
	o->err = 0;
	o->buf = mem_new(BUFFER_BYTES, 1);
	ok = w->emit(w->src, take_bytes, o) && flush(o);
	free(o->buf);
	if (!ok) {
		o->err = o->err ? o->err : EIO;
		t->fs.ops->close(t->fs.self, o->fd);
	}
	return ok;
}

static bool
write_new(struct txn *t, struct txn_target *f, const struct txn_want *w, struct diags *d)
{
	struct out o;
	struct stat st;

	if (!write_beside(t, f, w, f->temp, &o))
		return txn_refuse_write(f, o.err, d);
	if (!txn_seal(t, f, w, o.fd, &st))
		return txn_refuse_write(f, errno, d);
	f->new_id = (struct fileid){.exists = true,
		.dev = (uint64_t)st.st_dev,
		.ino = (uint64_t)st.st_ino,
		.size = o.total,
		.mtime_s = st.st_mtim.tv_sec,
		.mtime_ns = st.st_mtim.tv_nsec,
		.hash = readfile_hash_end(o.hash, o.total)};
	if (w->old.n == f->old_id.size) {
		f->front = o.front;
		f->back = o.back;
	}
	return true;
}

/* For a program to read, and gone before the swap: no rights, no waiting for the disk. A
 * builder writes into what has the name of its table, and through a link there into any
 * file: so nothing may have it. */
static bool
write_source(
	struct txn *t, struct txn_target *f, const struct txn_want *w, struct diags *d)
{
	struct out o;

	if (!txn_sweep_source(t, f))
		return txn_refuse_write(f, errno, d);
	if (!write_beside(t, f, w, f->source, &o))
		return txn_refuse_write(f, o.err, d);
	return t->fs.ops->close(t->fs.self, o.fd) == 0 || txn_refuse_write(f, errno, d);
}

bool
txn_stage(struct txn *t, struct diags *d)
{
	for (size_t i = 0; i < t->n; i++)
		if (!(t->v[i].built ? write_source : write_new)(
			    t, &t->v[i], &t->want[i], d))
			return false;
	return true;
}

bool
txn_copy_bytes(const struct txn *t, const struct txn_target *f, const char *name, int to,
	off_t *size)
{
	char *buf = mem_new(BUFFER_BYTES, 1);
	struct out o = {.fs = &t->fs, .fd = to};
	bool ok = true;
	ssize_t got = -1;
	int err, from = t->fs.ops->openat(t->fs.self, f->at.dir, name,
			 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);

	*size = 0;
	while (ok && from >= 0 &&
		(got = t->fs.ops->read(t->fs.self, from, buf, BUFFER_BYTES)) > 0) {
		ok = write_all(&o, buf, (size_t)got);
		*size += got;
	}
	err = o.err ? o.err : errno;
	if (from >= 0)
		t->fs.ops->close(t->fs.self, from);
	free(buf);
	errno = err;
	return ok && got == 0;
}

/* The old file's twin, for file systems that can't exchange names. */
bool
txn_copy_old(struct txn *t, struct txn_target *f, struct diags *d)
{
	struct stat st;
	off_t size;
	int fd = txn_create(t, f, f->backup);

	if (fd < 0)
		return txn_refuse_write(f, errno, d);
	if (!txn_copy_bytes(t, f, f->at.name, fd, &size)) {
		int err = errno;

		t->fs.ops->close(t->fs.self, fd);
		return txn_refuse_write(f, err, d);
	}
	return txn_seal(t, f, NULL, fd, &st) || txn_refuse_write(f, errno, d);
}
