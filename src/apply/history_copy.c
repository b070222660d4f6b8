/* SPDX-License-Identifier: MIT
 *
 * One file's part of an entry: the old bytes as a copy, unless it is large and an earlier
 * entry has them already, and the part in which the new bytes differ. What that is goes
 * into the notes, which stand before the copies, so it is measured first. Both files are
 * read as they stand, the new one still beside the old one; that what was copied is what
 * was loaded is seen by its hash.
 */
#include "apply/history_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "apply/fields.h"
#include "apply/readfile.h"
#include "apply/txn_parts.h"
#include "base/mem.h"

enum {
	CHUNK = 256 << 10,
	DEPTH_MAX = 16 /* entries that one copy of a large file serves */
};

/* --- copying -----------------------------------------------------------------------
 */

/* Fill buf with n bytes, or what is left. False with errno. */
static bool
read_full(const struct fs_port *fs, int fd, char *buf, size_t n, size_t *got)
{
	ssize_t some = 0;

	for (*got = 0; *got < n; *got += (size_t)some) {
		some = fs->ops->read(fs->self, fd, buf + *got, n - *got);
		if (some <= 0)
			break;
	}
	return some >= 0;
}

/* Copy from where `from` stands, at most `most` bytes; what was copied is told in *id. */
static bool
copy(const struct fs_port *fs, int from, int to, uint64_t most, struct fileid *id)
{
	/* Not cleared: that costs more than the copy of a small file. */
	char *buf = mem_resize(NULL, CHUNK, 1);
	uint64_t hash = 0, total = 0;
	size_t got = CHUNK;
	bool ok = true;

	while (ok && got == CHUNK && total < most) {
		uint64_t left = most - total;

		ok = read_full(
			     fs, from, buf, left < CHUNK ? (size_t)left : CHUNK, &got) &&
		     fields_write_all(fs, to, sv_make(buf, got));
		hash = readfile_hash_add(hash, buf, got);
		total += got;
	}
	*id = (struct fileid){
		.exists = true, .size = total, .hash = readfile_hash_end(hash, total)};
	free(buf);
	return ok;
}

static int
open_read(const struct fs_port *fs, int dir, const char *name)
{
	return fs->ops->openat(fs->self, dir, name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
}

/* --- what both ends share ----------------------------------------------------------
 */

struct pair {
	const struct fs_port *fs;
	int a, b; /* old, new */
	uint64_t an, bn, front, back;
	char *buf; /* 2 * CHUNK */
};

static bool
read_both(const struct pair *p, uint64_t a_at, uint64_t b_at, size_t n)
{
	size_t a_got = 0, b_got = 0;

	return p->fs->ops->lseek(p->fs->self, p->a, (off_t)a_at) >= 0 &&
	       p->fs->ops->lseek(p->fs->self, p->b, (off_t)b_at) >= 0 &&
	       read_full(p->fs, p->a, p->buf, n, &a_got) &&
	       read_full(p->fs, p->b, p->buf + CHUNK, n, &b_got) && a_got == n &&
	       b_got == n;
}

static uint64_t
at_most(uint64_t n, uint64_t most)
{
	return n < most ? n : most;
}

static uint64_t
shorter(const struct pair *p)
{
	return at_most(p->an, p->bn);
}

/* How many bytes both begin with; *out begins with what is known. */
static bool
find_prefix(const struct pair *p, uint64_t *out)
{
	uint64_t most = shorter(p);

	while (*out < most) {
		size_t n = most - *out < CHUNK ? (size_t)(most - *out) : CHUNK, i = 0;

		if (!read_both(p, *out, *out, n))
			return false;
		if (memcmp(p->buf, p->buf + CHUNK, n) != 0) {
			while (p->buf[i] == p->buf[CHUNK + i])
				i++;
			*out += i;
			return true;
		}
		*out += n;
	}
	return true;
}

/* How many bytes both end with, beyond the prefix; *out begins with what is known. */
static bool
find_suffix(const struct pair *p, uint64_t prefix, uint64_t *out)
{
	uint64_t most = shorter(p) - prefix;

	while (*out < most) {
		size_t n = most - *out < CHUNK ? (size_t)(most - *out) : CHUNK, i = n;

		if (!read_both(p, p->an - *out - n, p->bn - *out - n, n))
			return false;
		if (memcmp(p->buf, p->buf + CHUNK, n) != 0) {
			while (p->buf[i - 1] == p->buf[CHUNK + i - 1])
				i--;
			*out += n - i;
			return true;
		}
		*out += n;
	}
	return true;
}

/* The part in which the new bytes differ is kept unless it is large. */
static bool
measure_middle(const struct pair *p, struct hist_file *f)
{
	f->prefix = at_most(p->front, shorter(p));
	if (!find_prefix(p, &f->prefix))
		return false;
	f->suffix = at_most(p->back, shorter(p) - f->prefix);
	if (!find_suffix(p, f->prefix, &f->suffix))
		return false;
	f->differs_kept = p->bn - f->prefix - f->suffix <= HIST_LARGE;
	return true;
}

/* --- one file ----------------------------------------------------------------------
 */

/* Was this old state made by an entry from which it can be made again? */
static void
note_origin(const struct hist_list *earlier, struct hist_file *f)
{
	for (size_t i = earlier->n; i > 0; i--) {
		const struct hist_entry *e = &earlier->v[i - 1];

		for (size_t j = 0; j < e->nfiles; j++) {
			const struct hist_file *was = &e->files[j];

			if (strcmp(was->path, f->path) != 0)
				continue;
			if (e->end == HIST_PUT_BACK || !was->differs_kept ||
				was->depth >= DEPTH_MAX ||
				!readfile_is_same(&was->after, &f->before))
				return;
			f->from = e->no;
			f->depth = was->depth + 1;
			return;
		}
	}
}

/* False with errno. */
static bool
open_pair(const struct txn *t, size_t i, struct pair *p)
{
	const struct txn_target *f = &t->v[i];

	*p = (struct pair){.fs = &t->fs,
		.a = -1,
		.an = f->old_id.size,
		.bn = f->new_id.size,
		.front = f->front,
		.back = f->back};
	p->b = open_read(p->fs, f->at.dir, f->temp);
	if (p->b >= 0 && f->old_id.exists)
		p->a = open_read(p->fs, f->at.dir, f->at.name);
	return p->b >= 0 && (p->a >= 0 || !f->old_id.exists);
}

/* Says what it was told; errno stays. */
static bool
close_pair(const struct pair *p, bool ok)
{
	int err = errno;

	if (p->a >= 0)
		p->fs->ops->close(p->fs->self, p->a);
	if (p->b >= 0)
		p->fs->ops->close(p->fs->self, p->b);
	errno = err;
	return ok;
}

bool
hist_measure_file(const struct txn *t, size_t i, const struct hist_list *earlier,
	struct hist_file *out)
{
	struct pair p;
	bool ok = open_pair(t, i, &p);

	if (out->before.exists && out->before.size >= HIST_LARGE)
		note_origin(earlier, out);
	p.buf = mem_resize(NULL, 2, CHUNK);
	ok = ok && measure_middle(&p, out);
	free(p.buf);
	return close_pair(&p, ok);
}

static bool
copy_old(const struct pair *p, int to, const struct hist_file *f)
{
	struct fileid copied;

	if (!copy(p->fs, p->a, to, READFILE_MAX_BYTES, &copied))
		return false;
	errno = ESTALE; /* changed since it was looked at, just now */
	return readfile_is_same(&copied, &f->before);
}

static bool
copy_new(const struct pair *p, int to, const struct hist_file *f)
{
	struct fileid copied;
	uint64_t n = hist_new_bytes(f);

	if (p->fs->ops->lseek(p->fs->self, p->b, (off_t)f->prefix) < 0 ||
		!copy(p->fs, p->b, to, n, &copied))
		return false;
	errno = ESTALE;
	return copied.size == n;
}

bool
hist_copy_file(const struct txn *t, size_t i, int to, const struct hist_file *f)
{
	struct pair p;
	bool ok = open_pair(t, i, &p);

	ok = ok && (!hist_old_bytes(f) || copy_old(&p, to, f)) &&
	     (!hist_new_bytes(f) || copy_new(&p, to, f));
	return close_pair(&p, ok);
}
