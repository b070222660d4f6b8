/* SPDX-License-Identifier: MIT
 *
 * Keeping copies. An entry is put together in the folder "new" and gets its number when
 * it is whole; one that goes loses its notes first, so that what has notes is whole. The
 * copies reach the disk before txn_end lets the old files go, not earlier: the journal
 * and the old files themselves stand in for them until then, and a stopped Postfix
 * needn't wait for them.
 */
#include "apply/history_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "apply/fields.h"
#include "apply/readfile.h"
#include "apply/txn_parts.h"
#include "base/i18n.h"
#include "base/mem.h"

enum {
	DAY_S = 24 * 3600,
	MEGABYTE = 1000 * 1000,
	PRUNE_EACH = 16 /* entries after which all of them are looked at in any case */
};

#define NEW "new"

/* --- folders -----------------------------------------------------------------------
 */

struct folder {
	const struct fs_port *fs;
	int fd;
	bool ok;
};

static bool
remove_name(void *ctx, const char *name)
{
	struct folder *f = ctx;

	if (f->fs->ops->unlinkat(f->fs->self, f->fd, name, 0) < 0 && errno != ENOENT)
		f->ok = false;
	return true;
}

/* An entry with all that is in it; its notes first. False: something stayed. */
static bool
remove_entry(const struct fs_port *fs, int top, const char *name)
{
	struct folder f = {.fs = fs, .fd = hist_open_inner(fs, top, name), .ok = true};

	if (f.fd < 0)
		return errno == ENOENT;
	f.ok = fs->ops->unlinkat(fs->self, f.fd, "meta", 0) == 0 || errno == ENOENT;
	f.ok = f.ok && fs->ops->names(fs->self, f.fd, remove_name, &f) == 0 && f.ok;
	fs->ops->close(fs->self, f.fd);
	return f.ok && fs->ops->unlinkat(fs->self, top, name, AT_REMOVEDIR) == 0;
}

void
hist_sweep(const struct fs_port *fs, int state)
{
	int top = hist_open_top(fs, state, false);

	if (top < 0)
		return;
	remove_entry(fs, top, NEW);
	fs->ops->close(fs->self, top);
}

/* --- one entry ---------------------------------------------------------------------
 */

static bool
any_large(const struct txn *t)
{
	for (size_t i = 0; i < txn_texts(t); i++)
		if (t->v[i].old_id.exists && t->v[i].old_id.size >= HIST_LARGE)
			return true;
	return false;
}

struct keeping {
	const struct txn *t;
	int dir;
	const struct hist_list *earlier;
	struct hist_entry *e;
	struct hist_file *files;
};

static bool
fill_entry(struct keeping *k, const struct hist_about *about)
{
	struct str meta = {0};
	bool ok = true;

	for (size_t i = 0; i < txn_texts(k->t) && ok; i++) {
		const struct txn_target *f = &k->t->v[i];

		k->files[i] = (struct hist_file){.path = f->path,
			.kind = about->kinds ? about->kinds[i] : "",
			.before = f->old_id,
			.after = f->new_id};
		ok = hist_copy_file(
			k->t, i, k->dir, k->earlier, &k->files[i], &k->e->stored);
	}
	if (ok) {
		hist_encode(k->e, &meta);
		ok = fields_write(&k->t->fs, k->dir, "meta", str_sv(&meta), false);
	}
	str_free(&meta);
	return ok;
}

/* All of an entry in the folder "new". */
static bool
make_new(struct txn *t, int top, const struct hist_about *about, const char *actions)
{
	struct hist_list earlier = {0};
	struct hist_entry e = {.when = (int64_t)t->clock.ops->now(t->clock.self),
		.uid = about->uid,
		.who = about->who,
		.terminal = about->terminal,
		.actions = actions,
		.changes = about->changes,
		.nchanges = about->nchanges,
		.total = about->total,
		.nfiles = txn_texts(t)};
	struct keeping k = {.t = t, .dir = -1, .earlier = &earlier, .e = &e};
	unsigned *no = NULL;
	size_t n = 0;
	int err;
	bool ok = remove_entry(&t->fs, top, NEW) &&
		  t->fs.ops->mkdirat(t->fs.self, top, NEW, 0700) == 0;

	if (ok && any_large(t) && hist_numbers(&t->fs, top, &no, &n))
		for (size_t i = 0; i < n; i++)
			hist_read_entry(&t->fs, top, no[i], &earlier, NULL);
	free(no);
	if (ok)
		k.dir = hist_open_inner(&t->fs, top, NEW);
	k.files = mem_new(t->n + 1, sizeof(*k.files));
	e.files = k.files;
	ok = k.dir >= 0 && fill_entry(&k, about);
	err = errno;
	if (k.dir >= 0)
		t->fs.ops->close(t->fs.self, k.dir);
	errno = err;
	hist_free(&earlier);
	free(k.files);
	return ok;
}

static bool
refuse(int err, struct diags *d)
{
	if (err == EPERM || err == ELOOP || err == ENOTDIR)
		return diag_add(d, SEV_ERROR, DIAG_APPLY_STATE, NULL,
			_("Its folder history must belong to you, with rights for nobody "
			  "else (chmod 0700). Look who changed it."),
			_("Nothing was written: postrelay's own folder isn't yours "
			  "alone."));
	if (err == ESTALE)
		return diag_add(d, SEV_ERROR, DIAG_FILE_CHANGED, NULL,
			_("Read the files again, then make your changes anew."),
			_("Nothing was written: somebody is changing the files right "
			  "now."));
	return diag_errno(d, DIAG_APPLY_STATE, NULL, err,
		err == ENOSPC || err == EDQUOT
			? _("Make room in postrelay's own folder, or keep less "
			    "(history_megabytes in postrelay.conf).")
			: _("Look at the disk and at the system's log."),
		_("Nothing was written: the old files could not be copied into the "
		  "history"));
}

/* The highest number so far; false with errno. */
static bool
last_number(const struct fs_port *fs, int top, unsigned *out)
{
	unsigned *no;
	size_t n;
	bool ok = hist_numbers(fs, top, &no, &n);

	*out = n ? no[n - 1] : 0;
	free(no);
	return ok;
}

unsigned
hist_keep_copies(struct txn *t, const struct hist_about *about, const char *actions,
	struct diags *d)
{
	int top = hist_open_top(&t->fs, t->state, true), err;
	char name[HIST_NAME_MAX];
	unsigned last = 0;
	bool ok;

	if (top < 0) {
		refuse(errno, d);
		return 0;
	}
	ok = last_number(&t->fs, top, &last) && make_new(t, top, about, actions) &&
	     t->fs.ops->renameat2(
		     t->fs.self, top, NEW, top, hist_number_name(name, last + 1), 0) == 0;
	err = errno;
	if (!ok)
		remove_entry(&t->fs, top, NEW);
	t->fs.ops->close(t->fs.self, top);
	if (!ok)
		refuse(err, d);
	return ok ? last + 1 : 0;
}

void
hist_drop(struct txn *t, unsigned no)
{
	int top = hist_open_top(&t->fs, t->state, false);
	char name[HIST_NAME_MAX];

	if (top < 0)
		return;
	remove_entry(&t->fs, top, hist_number_name(name, no));
	t->fs.ops->close(t->fs.self, top);
}

/* --- the end of an apply -----------------------------------------------------------
 */

/* Notes and old bytes, which stand nowhere else: an end that is lost reads as cut off,
 * and new bytes are what the file holds or a later entry keeps. */
static bool
must_last(const char *name)
{
	size_t n = strlen(name);

	return strcmp(name, "meta") == 0 || (n > 4 && strcmp(name + n - 4, ".old") == 0);
}

static bool
sync_name(void *ctx, const char *name)
{
	struct folder *f = ctx;
	int fd;

	if (!must_last(name))
		return true;
	fd = f->fs->ops->openat(f->fs->self, f->fd, name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);

	if (fd < 0 || f->fs->ops->fsync(f->fs->self, fd) < 0)
		f->ok = false;
	if (fd >= 0)
		f->fs->ops->close(f->fs->self, fd);
	return true;
}

/* Write how it ended, and wait until what can't be had elsewhere is on disk. */
static bool
seal_entry(const struct fs_port *fs, int top, unsigned no, struct sv end)
{
	char name[HIST_NAME_MAX];
	struct folder f = {.fs = fs, .ok = true};

	f.fd = hist_open_inner(fs, top, hist_number_name(name, no));
	if (f.fd < 0)
		return false;
	f.ok = fields_write(fs, f.fd, "end", end, false);
	if (fs->ops->names(fs->self, f.fd, sync_name, &f) < 0 ||
		fs->ops->fsync(fs->self, f.fd) < 0)
		f.ok = false;
	fs->ops->close(fs->self, f.fd);
	return f.ok && fs->ops->fsync(fs->self, top) == 0;
}

/* Does one of the entries from `first` on need one before it? */
static bool
is_needed(const struct hist_list *l, size_t first)
{
	for (size_t i = first; i < l->n; i++)
		for (size_t k = 0; k < l->v[i].nfiles; k++)
			if (l->v[i].files[k].from &&
				l->v[i].files[k].from < l->v[first].no)
				return true;
	return false;
}

/* How many of the oldest are to go: as many as exceed a limit, but none that a later one
 * is made from. */
static size_t
count_old(const struct hist_list *l, const struct hist_keep *keep, int64_t now)
{
	uint64_t total = 0;
	size_t go = 0;

	for (size_t i = 0; i < l->n; i++)
		total += l->v[i].stored;
	while (go + 1 < l->n &&
		(l->n - go > keep->entries ||
			total > (uint64_t)keep->megabytes * MEGABYTE ||
			l->v[go].when < now - (int64_t)keep->days * DAY_S))
		total -= l->v[go++].stored;
	while (go > 0 && is_needed(l, go))
		go--;
	return go;
}

/* Can a limit be exceeded? Answered from names, the oldest entry and the newest: reading
 * all of them costs more than a change of main.cf does. */
static bool
is_pruning_due(struct txn *t, int top, const unsigned *no, size_t n,
	const struct hist_keep *keep)
{
	int64_t now = (int64_t)t->clock.ops->now(t->clock.self);
	struct hist_list ends = {0};
	bool due = n > keep->entries || (n > 0 && no[n - 1] % PRUNE_EACH == 0);

	if (!due && n > 1 && hist_read_entry(&t->fs, top, no[0], &ends, NULL) &&
		hist_read_entry(&t->fs, top, no[n - 1], &ends, NULL) && ends.n == 2)
		due = ends.v[0].when < now - (int64_t)keep->days * DAY_S ||
		      ends.v[1].stored * keep->entries >
			      (uint64_t)keep->megabytes * MEGABYTE;
	hist_free(&ends);
	return due;
}

static void
prune(struct txn *t, int top, const struct hist_keep *keep)
{
	struct hist_list l = {0};
	char name[HIST_NAME_MAX];
	unsigned *no;
	size_t n, go;

	if (!hist_numbers(&t->fs, top, &no, &n) || !is_pruning_due(t, top, no, n, keep)) {
		free(no);
		return;
	}
	for (size_t i = 0; i < n; i++)
		hist_read_entry(&t->fs, top, no[i], &l, NULL);
	go = count_old(&l, keep, (int64_t)t->clock.ops->now(t->clock.self));
	/* What can't be read goes with the next newer one, not by itself: it may be
	 * readable another time. */
	for (size_t i = 0; i < n && go > 0 && no[i] <= l.v[go - 1].no; i++)
		remove_entry(&t->fs, top, hist_number_name(name, no[i]));
	hist_free(&l);
	free(no);
}

void
hist_close(struct txn *t, unsigned no, enum hist_end end, int64_t ms,
	const struct hist_keep *keep, struct diags *d)
{
	int top = hist_open_top(&t->fs, t->state, false);
	struct str text = {0};
	bool ok = top >= 0;

	hist_encode_end(end, ms, &text);
	if (ok) {
		ok = seal_entry(&t->fs, top, no, str_sv(&text));
		prune(t, top, keep);
		t->fs.ops->close(t->fs.self, top);
	}
	str_free(&text);
	if (!ok)
		diag_add(d, SEV_WARN, DIAG_APPLY_STATE, NULL,
			_("Look at the disk and at the system's log."),
			_("How this ended is not in the history: no. %u can't be "
			  "written to."),
			no);
}
