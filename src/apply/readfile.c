/* SPDX-License-Identifier: MIT
 *
 * A file is read twice at most when it changes meanwhile: what is handed out is one state
 * of it, with the times and size that belong to those bytes.
 */
#include "apply/readfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { BIG_BYTES = 2 << 20, CHUNK_BYTES = 256 << 10, TRIES = 3 };

enum got_bytes { BYTES_OK, BYTES_CHANGED, BYTES_ERROR };

/* Every input bit reaches every later bit: rotation brings the high bits, which a
 * multiplication only moves up, back down. */
static uint64_t
mix(uint64_t hash, uint64_t word)
{
	hash = (hash << 27 | hash >> 37) ^ word;
	return hash * UINT64_C(0x9E3779B97F4A7C15);
}

/* Four words at once, so that the processor needn't wait for one multiplication before
 * the next; each is turned by another amount, lest the same change of two of them is
 * lost. */
static uint64_t
mix_block(uint64_t hash, const char *p)
{
	uint64_t w[4];

	memcpy(w, p, sizeof(w));
	w[0] *= UINT64_C(0x9E3779B97F4A7C15);
	w[1] *= UINT64_C(0xC2B2AE3D27D4EB4F);
	w[2] *= UINT64_C(0x165667B19E3779F9);
	w[3] *= UINT64_C(0xD6E8FEB86659FD93);
	return mix(hash, w[0] ^ (w[1] << 17 | w[1] >> 47) ^ (w[2] << 31 | w[2] >> 33) ^
				 (w[3] << 47 | w[3] >> 17));
}

uint64_t
readfile_hash_add(uint64_t hash, const char *p, size_t n)
{
	uint64_t word;

	for (; n >= 32; p += 32, n -= 32)
		hash = mix_block(hash, p);
	for (; n >= sizeof(word); p += sizeof(word), n -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		hash = mix(hash, word);
	}
	if (n > 0) {
		word = 0;
		memcpy(&word, p, n);
		hash = mix(hash, word);
	}
	return hash;
}

uint64_t
readfile_hash_end(uint64_t hash, uint64_t total)
{
	hash = mix(hash, total);
	hash ^= hash >> 32;
	return mix(hash, hash >> 29);
}

static void
free_mapped(char *bytes, size_t n)
{
	if (n > 0)
		munmap(bytes, n);
}

static void
free_small(char *bytes, size_t n)
{
	(void)n;
	free(bytes);
}

/* Memory for n bytes. Big files get whole mappings, in large pages where the kernel has
 * them, which makes reading them several times faster. */
static void
get_memory(struct readfile *f, size_t n)
{
	void *p = MAP_FAILED;

	f->n = n;
	f->free_bytes = free_small;
	if (n >= BIG_BYTES)
		p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);
	if (p == MAP_FAILED) {
		f->bytes = n ? mem_new(n, 1) : NULL;
		return;
	}
	madvise(p, n, MADV_HUGEPAGE);
	f->bytes = p;
	f->free_bytes = free_mapped;
}

void
readfile_free(struct readfile *f)
{
	if (f->free_bytes)
		f->free_bytes(f->bytes, f->n);
	*f = (struct readfile){0};
}

static void
set_stat(struct fileid *id, const struct stat *st)
{
	id->exists = true;
	id->dev = (uint64_t)st->st_dev;
	id->ino = (uint64_t)st->st_ino;
	id->size = (uint64_t)st->st_size;
	id->mtime_s = st->st_mtim.tv_sec;
	id->mtime_ns = st->st_mtim.tv_nsec;
}

static bool
is_same_stat(const struct fileid *id, const struct stat *st)
{
	struct fileid now = {0};

	set_stat(&now, st);
	return id->exists && id->dev == now.dev && id->ino == now.ino &&
	       id->size == now.size && id->mtime_s == now.mtime_s &&
	       id->mtime_ns == now.mtime_ns;
}

/* Exactly f->n bytes and then the end, with the times of before. */
static enum got_bytes
read_bytes(const struct fs_port *fs, int fd, struct readfile *f)
{
	struct stat st;
	size_t at = 0;
	char more;

	while (at < f->n) {
		ssize_t got = fs->ops->read(fs->self, fd, f->bytes + at, f->n - at);

		if (got < 0)
			return BYTES_ERROR;
		if (got == 0)
			return BYTES_CHANGED;
		at += (size_t)got;
	}
	switch (fs->ops->read(fs->self, fd, &more, 1)) {
	case 0:
		break;
	case 1:
		return BYTES_CHANGED;
	default:
		return BYTES_ERROR;
	}
	if (fs->ops->fstat(fs->self, fd, &st) < 0)
		return BYTES_ERROR;
	return is_same_stat(&f->id, &st) ? BYTES_OK : BYTES_CHANGED;
}

static bool
refuse_open(const char *path, int err, struct diags *d)
{
	struct diag_loc loc = {.file = path};

	if (err == ELOOP)
		return diag_add(d, SEV_ERROR, DIAG_FILE_KIND, &loc,
			_("Correct the link."),
			_("%s can't be opened: its links lead in a circle."), path);
	if (err == ENXIO || err == ENODEV)
		return diag_add(d, SEV_ERROR, DIAG_FILE_KIND, &loc,
			_("Name an ordinary file."),
			_("%s can't be opened: it is not an ordinary file."), path);
	if (err == EACCES || err == EPERM)
		return diag_errno(d, DIAG_FILE_ACCESS, path, err,
			_("Start postrelay as root, or ask for the right to read it."),
			_("%s is not shown: you may not read it."), path);
	return diag_errno(d, DIAG_FILE_ACCESS, path, err,
		_("Look at the disk and at the system's log."),
		_("%s is not shown: the system could not read it."), path);
}

static bool
is_fit(const char *path, const struct stat *st, struct diags *d)
{
	struct diag_loc loc = {.file = path};

	if (S_ISDIR(st->st_mode))
		return diag_add(d, SEV_ERROR, DIAG_FILE_KIND, &loc,
			_("Name a file, or put one in its place."),
			_("%s can't be opened: it is a folder, not a file."), path);
	if (!S_ISREG(st->st_mode))
		return diag_add(d, SEV_ERROR, DIAG_FILE_KIND, &loc,
			_("Name an ordinary file."),
			_("%s can't be opened: it is not an ordinary file."), path);
	if (st->st_size > (off_t)READFILE_MAX_BYTES)
		return diag_add(d, SEV_ERROR, DIAG_FILE_TOO_BIG, &loc,
			_("Split it, or keep such data in a database."),
			_("%s is not opened: it is larger than 1 GiB."), path);
	return true;
}

/* One try at the open file; id.exists is false when it changed while it was read. */
static bool
load_fd(const struct fs_port *fs, int fd, const char *path, struct readfile *out,
	struct diags *d)
{
	struct stat st;
	enum got_bytes got;

	if (fs->ops->fstat(fs->self, fd, &st) < 0)
		return refuse_open(path, errno, d);
	if (!is_fit(path, &st, d))
		return false;
	*out = (struct readfile){
		.mode = st.st_mode & 07777, .uid = st.st_uid, .gid = st.st_gid};
	set_stat(&out->id, &st);
	get_memory(out, (size_t)st.st_size);
	got = read_bytes(fs, fd, out);
	if (got == BYTES_ERROR)
		return refuse_open(path, errno, d);
	if (got == BYTES_CHANGED)
		out->id.exists = false;
	return true;
}

static enum readfile_got
give_up(struct readfile *out, enum readfile_got result)
{
	readfile_free(out);
	return result;
}

enum readfile_got
readfile_load(
	const struct fs_port *fs, const char *path, struct readfile *out, struct diags *d)
{
	struct diag_loc loc = {.file = path};

	*out = (struct readfile){0};
	for (int tries = 0; tries < TRIES; tries++) {
		int fd = fs->ops->openat(fs->self, AT_FDCWD, path,
			O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
		bool ok;

		if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
			return READFILE_MISSING;
		ok = fd >= 0 ? load_fd(fs, fd, path, out, d)
			     : refuse_open(path, errno, d);
		if (fd >= 0)
			fs->ops->close(fs->self, fd);
		if (!ok)
			return give_up(out, READFILE_REFUSED);
		if (out->id.exists) {
			out->id.hash = readfile_hash_end(
				readfile_hash_add(0, out->bytes, out->n), out->n);
			out->has_nul = out->n > 0 && memchr(out->bytes, 0, out->n);
			return READFILE_OK;
		}
		readfile_free(out);
	}
	diag_add(d, SEV_ERROR, DIAG_FILE_BUSY, &loc, _("Try again in a moment."),
		_("%s is not shown: another program is writing it."), path);
	return READFILE_REFUSED;
}

bool
readfile_tell_missing(const char *path, struct diags *d)
{
	struct diag_loc loc = {.file = path};

	return diag_add(d, SEV_ERROR, DIAG_FILE_MISSING, &loc,
		_("Look at the path, or create the file."),
		_("%s is not there, so there is nothing to show."), path);
}

/* What has the name may be somebody else's: a FIFO that is fed for ever must not hold us.
 * False with errno. */
static bool
is_ordinary(const struct fs_port *fs, int fd)
{
	struct stat st;

	if (fs->ops->fstat(fs->self, fd, &st) < 0)
		return false;
	errno = S_ISREG(st.st_mode) ? EFBIG : EINVAL;
	return S_ISREG(st.st_mode) && st.st_size <= (off_t)READFILE_MAX_BYTES;
}

bool
readfile_identify(const struct fs_port *fs, int fd, struct fileid *out)
{
	char *buf;
	size_t have = 0;
	uint64_t total = 0, hash = 0;
	struct stat st;
	ssize_t got;

	*out = (struct fileid){0};
	if (!is_ordinary(fs, fd))
		return false;
	buf = mem_resize(NULL, CHUNK_BYTES, 1); /* not cleared: it is seldom filled */
	/* Short reads are put together: only the last piece may be no multiple of 32. */
	while ((got = fs->ops->read(fs->self, fd, buf + have, CHUNK_BYTES - have)) > 0) {
		have += (size_t)got;
		if (have < CHUNK_BYTES)
			continue;
		hash = readfile_hash_add(hash, buf, have);
		total += have;
		have = 0;
		if (total > READFILE_MAX_BYTES) { /* it grows as fast as it is read */
			errno = EFBIG;
			got = -1;
			break;
		}
	}
	if (got == 0) {
		hash = readfile_hash_add(hash, buf, have);
		total += have;
	}
	if (got < 0 || fs->ops->fstat(fs->self, fd, &st) < 0) {
		int err = errno;

		free(buf);
		errno = err;
		return false;
	}
	free(buf);
	set_stat(out, &st);
	out->size = total;
	out->hash = readfile_hash_end(hash, total);
	return true;
}

bool
readfile_is_same(const struct fileid *a, const struct fileid *b)
{
	if (!a->exists || !b->exists)
		return a->exists == b->exists;
	return a->size == b->size && a->hash == b->hash;
}

bool
readfile_is_current(
	const struct fs_port *fs, const char *path, const struct fileid *loaded)
{
	struct stat st;
	struct fileid now;
	bool ok;
	int fd;

	if (!fs_stat(fs, path, &st))
		return (errno == ENOENT || errno == ENOTDIR) && !loaded->exists;
	if (is_same_stat(loaded, &st))
		return true;
	if (!loaded->exists || !S_ISREG(st.st_mode))
		return false;
	fd = fs->ops->openat(fs->self, AT_FDCWD, path,
		O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	if (fd < 0)
		return false;
	ok = readfile_identify(fs, fd, &now) && readfile_is_same(&now, loaded);
	fs->ops->close(fs->self, fd);
	return ok;
}
