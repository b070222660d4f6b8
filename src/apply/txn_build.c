/* SPDX-License-Identifier: MIT
 *
 * Files that a program makes: tables. Postfix's own builders empty a table and fill it in
 * place, and mail bounces while it is empty; so the text lies beside the target under a
 * name of ours, the program builds beside that, and what it made becomes the staged file
 * of the target. From there on it is swapped and put back like any other.
 */
#include "apply/txn_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "apply/readfile.h"

/* What builders leave beside a source: the tables, and what they call them while they
 * write. A __db file that a dead one has left lets the next one wait for 100 s. */
static const struct {
	const char *before, *behind;
} made[] = {{"", ""}, {"", ".db"}, {"__db.", ".db"}, {"", ".cdb"}, {"", ".cdb.tmp"},
	{"", ".lmdb"}, {"", ".lmdb-lock"}};

const char *
txn_source_path(const struct txn *t, size_t i)
{
	return t->v[i].source_path;
}

size_t
txn_texts(const struct txn *t)
{
	size_t n = 0;

	while (n < t->n && !t->v[n].built)
		n++;
	return n;
}

bool
txn_sweep_source(const struct txn *t, const struct txn_target *f)
{
	int err = 0;

	for (size_t i = 0; f->built && i < sizeof(made) / sizeof(made[0]); i++) {
		char *name =
			str_format("%s%s%s", made[i].before, f->source, made[i].behind);

		if (t->fs.ops->unlinkat(t->fs.self, f->at.dir, name, 0) < 0 &&
			errno != ENOENT)
			err = errno;
		free(name);
	}
	errno = err;
	return err == 0;
}

/* A daemon looks at the table that it has open: at its time, and whether it has a name
 * left. A replaced one keeps a name of ours until all is well, so its time must tell. */
void
txn_age_replaced(const struct txn *t, const struct txn_target *f, bool replaced)
{
	struct timespec times[2] = {f->st.st_atim, f->st.st_mtim};
	int fd;

	if (!f->built || f->st.st_mtim.tv_sec == 0)
		return;
	fd = t->fs.ops->openat(t->fs.self, f->at.dir, replaced ? f->temp : f->at.name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
	if (fd < 0)
		return;
	times[1].tv_sec += replaced;
	t->fs.ops->futimens(t->fs.self, fd, times);
	t->fs.ops->close(t->fs.self, fd);
}

/* Rights, disk, and what it is now. */
static bool
finish(struct txn *t, struct txn_target *f, const struct txn_want *w, const char *name)
{
	struct stat st;
	int fd = t->fs.ops->openat(t->fs.self, f->at.dir, name,
		O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);

	if (fd < 0)
		return false;
	if (!readfile_identify(&t->fs, fd, &f->new_id)) {
		int err = errno;

		t->fs.ops->close(t->fs.self, fd);
		errno = err;
		return false;
	}
	return txn_seal(t, f, w, fd, &st);
}

bool
txn_take_built(struct txn *t, size_t i, const char *suffix, struct diags *d)
{
	struct txn_target *f = &t->v[i];
	char *name = str_format("%s%s", f->source, suffix);
	bool ok = finish(t, f, &t->want[i], name) &&
		  t->fs.ops->renameat2(
			  t->fs.self, f->at.dir, name, f->at.dir, f->temp, 0) == 0 &&
		  t->fs.ops->unlinkat(t->fs.self, f->at.dir, f->source, 0) == 0;
	int err = errno;

	free(name);
	return ok || txn_refuse_write(f, err, d);
}
