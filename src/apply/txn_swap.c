/* SPDX-License-Identifier: MIT
 *
 * Putting new files in and old ones back. Exchanging two names is one system call, keeps
 * the old inode under the temporary name, and the way back is the same call. Where the
 * file system has no exchange, the old file is copied first and then renamed over.
 * Invariant: `stand` of a target is what is true on disk, whatever failed.
 */
#include "apply/txn_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>

#include "apply/readfile.h"
#include "base/i18n.h"

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1u
#endif
#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2u
#endif

static bool
is_unsupported(int err)
{
	return err == EINVAL || err == ENOSYS || err == EOPNOTSUPP;
}

static int
rename_in(const struct txn *t, const struct txn_target *f, const char *from,
	const char *to, unsigned flags)
{
	return t->fs.ops->renameat2(t->fs.self, f->at.dir, from, f->at.dir, to, flags);
}

/* Rename without replacing; where the kernel can't promise that, look first. */
static int
rename_new(
	const struct txn *t, const struct txn_target *f, const char *from, const char *to)
{
	struct stat st;

	if (rename_in(t, f, from, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (!is_unsupported(errno))
		return -1;
	if (t->fs.ops->fstatat(t->fs.self, f->at.dir, to, &st, AT_SYMLINK_NOFOLLOW) ==
		0) {
		errno = EEXIST;
		return -1;
	}
	return errno == ENOENT ? rename_in(t, f, from, to, 0) : -1;
}

/* What the name means now is the very file that id describes, untouched. */
static bool
is_untouched(const struct txn *t, const struct txn_target *f, const char *name,
	const struct fileid *id)
{
	struct stat st;

	if (t->fs.ops->fstatat(t->fs.self, f->at.dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT && !id->exists;
	return id->exists && (uint64_t)st.st_ino == id->ino &&
	       (uint64_t)st.st_dev == id->dev && (uint64_t)st.st_size == id->size &&
	       st.st_mtim.tv_sec == id->mtime_s && st.st_mtim.tv_nsec == id->mtime_ns;
}

/* Untouched, or at least the same bytes. A table that somebody has built anew meanwhile
 * is nobody's change. */
static bool
is_still_at(const struct txn *t, const struct txn_target *f, const char *name,
	const struct fileid *id)
{
	struct fileid now;

	if (f->built || is_untouched(t, f, name, id))
		return true;
	return txn_identify(t, f, name, &now) && readfile_is_same(&now, id);
}

static bool
is_still(const struct txn *t, const struct txn_target *f, const struct fileid *id)
{
	return is_still_at(t, f, f->at.name, id);
}

static bool
refuse_swap(const struct txn_target *f, int err, struct diags *d)
{
	struct diag_loc loc = {.file = f->path};

	if (err == EBUSY)
		return diag_add(d, SEV_ERROR, DIAG_FILE_MOUNT, &loc,
			_("Change the file at its source, or mount its folder instead."),
			_("Nothing was changed: %s is mounted by itself (a bind mount), "
			  "so a "
			  "new file can't take its place."),
			f->path);
	if (err == EEXIST || err == ENOENT)
		return diag_add(d, SEV_ERROR, DIAG_FILE_CHANGED, &loc,
			_("Read the files again, then make your changes anew."),
			_("Nothing was changed: somebody has changed %s meanwhile."),
			f->path);
	return diag_errno(d, DIAG_FILE_WRITE, f->path, err,
		_("Look at the disk and at the system's log."),
		_("Nothing was changed: the new %s could not take its place."), f->path);
}

static bool
refuse_changed(const struct txn_target *f, struct diags *d)
{
	return refuse_swap(f, EEXIST, d);
}

/* No exchange here: a copy of the old file first, then one rename over it. */
static bool
swap_by_copy(struct txn *t, struct txn_target *f, struct diags *d)
{
	if (!txn_copy_old(t, f, d))
		return false;
	if (t->fs.ops->fsync(t->fs.self, f->at.dir) < 0 ||
		rename_in(t, f, f->temp, f->at.name, 0) < 0)
		return refuse_swap(f, errno, d);
	f->stand = STAND_COPIED;
	return true;
}

/* A mount can't be renamed over. What stands is told before the first byte is written, so
 * that the way back is known whatever becomes of the rest. */
static bool
swap_over(struct txn *t, struct txn_target *f, struct diags *d)
{
	if (!txn_copy_old(t, f, d))
		return false;
	if (t->fs.ops->fsync(t->fs.self, f->at.dir) < 0)
		return refuse_swap(f, errno, d);
	f->stand = STAND_OVER;
	if (!txn_write_over(t, f, f->temp) || !txn_identify(t, f, f->at.name, &f->new_id))
		return refuse_swap(f, errno, d);
	return true;
}

/* An editor that doesn't ask for locks may have put its file there since the last look.
 * Then that is what we hold now, and it has to go back. */
static bool
swap_by_exchange(struct txn *t, struct txn_target *f, struct diags *d)
{
	f->stand = STAND_EXCHANGED;
	if (!is_still_at(t, f, f->temp, &f->old_id))
		return refuse_changed(f, d);
	txn_age_replaced(t, f, true);
	return true;
}

static bool
swap_one(struct txn *t, struct txn_target *f, struct diags *d)
{
	if (!is_still(t, f, &f->old_id))
		return refuse_changed(f, d);
	if (!f->old_id.exists) {
		if (rename_new(t, f, f->temp, f->at.name) < 0)
			return refuse_swap(f, errno, d);
		f->stand = STAND_CREATED;
		return true;
	}
	if (f->in_place)
		return swap_over(t, f, d);
	if (rename_in(t, f, f->temp, f->at.name, RENAME_EXCHANGE) == 0)
		return swap_by_exchange(t, f, d);
	return is_unsupported(errno) ? swap_by_copy(t, f, d) : refuse_swap(f, errno, d);
}

/* Put one old file back, whatever way it went; false with a finding. */
bool
txn_back_one(struct txn *t, struct txn_target *f, struct diags *d)
{
	int rc = 0;

	switch (f->stand) {
	case STAND_OLD:
		return true;
	case STAND_EXCHANGED:
		rc = rename_in(t, f, f->temp, f->at.name, RENAME_EXCHANGE);
		break;
	case STAND_COPIED:
		rc = rename_in(t, f, f->backup, f->at.name, 0);
		break;
	case STAND_CREATED:
		rc = rename_new(t, f, f->at.name, f->temp);
		break;
	case STAND_OVER:
		rc = txn_write_over(t, f, f->backup) ? 0 : -1;
		break;
	}
	if (rc < 0)
		return diag_errno(d, DIAG_FILE_WRITE, f->path, errno,
			_("Look at the disk and at the system's log."),
			_("%s is still the new one: the old one could not be put back."),
			f->path);
	if (f->stand == STAND_EXCHANGED)
		txn_age_replaced(t, f, false);
	f->stand = STAND_OLD;
	return true;
}

bool
txn_sync_folders(struct txn *t, struct diags *d)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->fs.ops->fsync(t->fs.self, t->v[i].at.dir) < 0)
			return diag_errno(d, DIAG_FILE_WRITE, t->v[i].path, errno,
				_("Look at the disk and at the system's log."),
				_("The disk did not confirm the folder of %s."),
				t->v[i].path);
	return true;
}

bool
txn_arm(struct txn *t, const char *actions, bool ran, struct diags *d)
{
	for (size_t i = 0; i < t->n; i++)
		if (!is_still(t, &t->v[i], &t->v[i].old_id))
			return refuse_changed(&t->v[i], d);
	/* One file and nothing to do afterwards: the exchange itself is all or nothing,
	 * so no journal has to tell what belongs where. */
	if (t->n == 1 && !t->v[0].in_place && (!actions || !actions[0]))
		return true;
	if (!txn_sync_folders(t, d))
		return false;
	t->actions = str_format("%s", actions ? actions : "");
	t->ran = ran;
	return txn_journal_write(t, d);
}

/* A half-done apply whose way back is barred: the journal stays and decides later. */
static bool
tell_stuck(struct txn *t, struct diags *d)
{
	t->stuck = true;
	return diag_add(d, SEV_ERROR, DIAG_APPLY_UNDONE, NULL,
		_("Start postrelay again when the cause is gone: it has noted what "
		  "belongs "
		  "where."),
		_("The files are partly new and partly old."));
}

static bool
put_all_back(struct txn *t, struct diags *d)
{
	bool ok = true;

	for (size_t i = t->n; i-- > 0;)
		if (!txn_back_one(t, &t->v[i], d))
			ok = false;
	if (!ok)
		return tell_stuck(t, d);
	return txn_sync_folders(t, d);
}

bool
txn_swap(struct txn *t, struct diags *d)
{
	for (size_t i = 0; i < t->n; i++) {
		if (swap_one(t, &t->v[i], d))
			continue;
		put_all_back(t, d);
		return false;
	}
	if (txn_sync_folders(t, d))
		return true;
	put_all_back(t, d);
	return false;
}

/* The old file goes back only over our own new one: what somebody has written there
 * meanwhile is not ours to take away. */
bool
txn_put_back(struct txn *t, struct diags *d)
{
	if (t->lost) {
		t->stuck = true;
		return diag_add(d, SEV_ERROR, DIAG_APPLY_UNDONE, NULL,
			_("Look at the files, then start postrelay again."),
			_("The old files can't be put back: not all of them are there "
			  "any more."));
	}
	for (size_t i = 0; i < t->n; i++) {
		struct diag_loc loc = {.file = t->v[i].path};

		if (t->v[i].stand == STAND_OLD || is_still(t, &t->v[i], &t->v[i].new_id))
			continue;
		t->stuck = true;
		return diag_add(d, SEV_ERROR, DIAG_APPLY_UNDONE, &loc,
			_("Look at the file, then start postrelay again."),
			_("The old files are not put back: somebody has changed %s "
			  "meanwhile."),
			t->v[i].path);
	}
	return put_all_back(t, d);
}
