/* SPDX-License-Identifier: MIT
 *
 * Writing over a file that is a mount of its own (a bind mount, as containers have them):
 * no rename can replace it. A copy of the old bytes lies beside it, the journal knows,
 * and the bytes are written from the first to the last, so that what a dead process has
 * left is told from what somebody else wrote: it begins like one of both and ends like
 * the other.
 */
#include "apply/txn_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/mem.h"

enum { BUFFER_BYTES = 256 << 10 };

static int
open_beside(const struct txn *t, const struct txn_target *f, const char *name, int how)
{
	return t->fs.ops->openat(t->fs.self, f->at.dir, name,
		how | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
}

/* From the first byte to the last, then the end where it belongs, and to disk. */
bool
txn_write_over(const struct txn *t, const struct txn_target *f, const char *from)
{
	int out = open_beside(t, f, f->at.name, O_WRONLY), err;
	off_t size;
	bool ok = out >= 0 && txn_copy_bytes(t, f, from, out, &size) &&
		  t->fs.ops->ftruncate(t->fs.self, out, size) == 0 &&
		  t->fs.ops->fsync(t->fs.self, out) == 0;

	err = errno;
	if (out >= 0 && t->fs.ops->close(t->fs.self, out) < 0 && ok) {
		err = errno;
		ok = false;
	}
	errno = err;
	return ok;
}

static bool
read_all(const struct txn *t, const struct txn_target *f, const char *name,
	struct str *out)
{
	char *buf = mem_new(BUFFER_BYTES, 1);
	int fd = open_beside(t, f, name, O_RDONLY);
	ssize_t got = -1;

	while (fd >= 0 && (got = t->fs.ops->read(t->fs.self, fd, buf, BUFFER_BYTES)) > 0)
		str_add(out, buf, (size_t)got);
	if (fd >= 0)
		t->fs.ops->close(t->fs.self, fd);
	free(buf);
	return got == 0;
}

/* Is now what writing `over` over `under` leaves when it is cut off? */
static bool
is_cut_off(struct sv now, struct sv over, struct sv under)
{
	size_t k = 0;

	while (k < now.n && k < over.n && now.p[k] == over.p[k])
		k++;
	/* All of it is written, and the old end stands there still; or a part is. */
	return sv_eq(sv_sub(now, k, now.n), sv_sub(under, k, under.n)) ||
	       (k == now.n && k > under.n);
}

bool
txn_is_torn(const struct txn *t, const struct txn_target *f)
{
	struct str now = {0}, new = {0}, old = {0};
	bool torn = read_all(t, f, f->at.name, &now) && read_all(t, f, f->temp, &new) &&
		    read_all(t, f, f->backup, &old) &&
		    (is_cut_off(str_sv(&now), str_sv(&new), str_sv(&old)) ||
			    is_cut_off(str_sv(&now), str_sv(&old), str_sv(&new)));

	str_free(&now);
	str_free(&new);
	str_free(&old);
	return torn;
}
