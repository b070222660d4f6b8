/* SPDX-License-Identifier: MIT
 *
 * Keeping copies. An entry is put together in the file "new", and gets its number once
 * all of it is on the disk: so one that has a number is whole, and before the first file
 * is replaced its old bytes are kept wherever the power goes. Room for its end is taken
 * then, too: a disk that is full meanwhile doesn't matter. All this is done before
 * Postfix is stopped: no client waits for it.
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

enum { DAY_S = 24 * 3600, MEGABYTE = 1000 * 1000 };

#define NEW "new"

/* --- files -------------------------------------------------------------------------
 */

static bool
remove_entry(const struct fs_port *fs, int top, const char *name)
{
	return fs->ops->unlinkat(fs->self, top, name, 0) == 0 || errno == ENOENT;
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

/* What is there is left over from a dead one. */
static int
create_new(const struct fs_port *fs, int top)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

	if (!remove_entry(fs, top, NEW))
		return -1;
	return fs->ops->openat(fs->self, top, NEW, flags, 0600);
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

/* What is to be kept of each file. */
static bool
measure(const struct txn *t, int top, const struct hist_about *about,
	struct hist_file *files)
{
	struct hist_list earlier = {0};
	unsigned *no = NULL;
	size_t n = 0;
	bool ok = true;

	if (any_large(t) && hist_numbers(&t->fs, top, &no, &n))
		for (size_t i = 0; i < n; i++)
			hist_read_entry(&t->fs, top, no[i], &earlier, NULL);
	free(no);
	for (size_t i = 0; i < txn_texts(t) && ok; i++) {
		files[i] = (struct hist_file){.path = t->v[i].path,
			.kind = about->kinds ? about->kinds[i] : "",
			.before = t->v[i].old_id,
			.after = t->v[i].new_id};
		ok = hist_measure_file(t, i, &earlier, &files[i]);
	}
	hist_free(&earlier);
	return ok;
}

/* End, notes and copies, on the disk. */
static bool
write_entry(const struct txn *t, int fd, const struct hist_entry *e)
{
	struct str end = {0}, notes = {0};
	bool ok;

	hist_encode_end(HIST_OPEN, 0, &end);
	hist_encode(e, &notes);
	str_add_sv(&end, str_sv(&notes));
	ok = fields_write_all(&t->fs, fd, str_sv(&end));
	str_free(&end);
	str_free(&notes);
	for (size_t i = 0; i < e->nfiles && ok; i++)
		ok = hist_copy_file(t, i, fd, &e->files[i]);
	return ok && t->fs.ops->fsync(t->fs.self, fd) == 0;
}

static bool
make_new(
	const struct txn *t, int top, const struct hist_about *about, const char *actions)
{
	struct hist_file *files = mem_new(t->n + 1, sizeof(*files));
	const struct hist_entry e = {.when = (int64_t)t->clock.ops->now(t->clock.self),
		.uid = about->uid,
		.who = about->who,
		.terminal = about->terminal,
		.actions = actions,
		.as = about->as,
		.changes = about->changes,
		.nchanges = about->nchanges,
		.total = about->total,
		.files = files,
		.nfiles = txn_texts(t)};
	int err, fd = measure(t, top, about, files) ? create_new(&t->fs, top) : -1;
	bool ok = fd >= 0 && write_entry(t, fd, &e);

	err = errno;
	free(files);
	if (fd >= 0 && t->fs.ops->close(t->fs.self, fd) < 0 && ok)
		return false;
	errno = err;
	return ok;
}

static bool
refuse(int err, struct diags *d)
{
	if (err == EPERM || err == ELOOP || err == ENOTDIR || err == EISDIR)
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

/* The new entry gets its number, on the disk. */
static bool
number_new(const struct fs_port *fs, int top, const char *name)
{
	int err;

	if (fs->ops->renameat2(fs->self, top, NEW, top, name, 0) < 0)
		return false;
	if (fs->ops->fsync(fs->self, top) == 0)
		return true;
	err = errno;
	remove_entry(fs, top, name);
	errno = err;
	return false;
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
	     number_new(&t->fs, top, hist_number_name(name, last + 1));
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

/* --- the oldest go -----------------------------------------------------------------
 */

/* All entries by number, with the sizes of their files. */
struct pruning {
	const struct txn *t;
	int top;
	const struct hist_keep *keep;
	unsigned *no;
	uint64_t *size;
	size_t n;
};

/* Sizes cost a look, notes a file to be opened: so those of the oldest are read, one
 * after the other, and those of the others only where one of these may be what a later
 * one is made from. */
static bool
list_sizes(struct pruning *p, uint64_t *total)
{
	const struct fs_port *fs = &p->t->fs;
	char name[HIST_NAME_MAX];
	struct stat st;

	*total = 0;
	if (!hist_numbers(fs, p->top, &p->no, &p->n))
		return false;
	p->size = mem_new(p->n + 1, sizeof(*p->size));
	for (size_t i = 0; i < p->n; i++) {
		if (fs->ops->fstatat(fs->self, p->top, hist_number_name(name, p->no[i]),
			    &st, AT_SYMLINK_NOFOLLOW) == 0)
			p->size[i] = (uint64_t)st.st_size;
		*total += p->size[i];
	}
	return true;
}

static void
read_from(const struct pruning *p, size_t first, size_t end, struct hist_list *out)
{
	for (size_t i = first; i < end; i++)
		hist_read_entry(&p->t->fs, p->top, p->no[i], out, NULL);
}

/* How many of the oldest exceed a limit; never the newest. One that can't be read has no
 * age: it goes with the next newer one. */
static size_t
count_old(const struct pruning *p, uint64_t total)
{
	int64_t youngest = (int64_t)p->t->clock.ops->now(p->t->clock.self) -
			   (int64_t)p->keep->days * DAY_S;
	size_t go = 0, i = 0;

	for (; i + 1 < p->n && (p->n - i > p->keep->entries ||
				       total > (uint64_t)p->keep->megabytes * MEGABYTE);
		i++) {
		total -= p->size[i];
		go = i + 1;
	}
	for (bool old = true; i + 1 < p->n && old; i++) {
		struct hist_list one = {0};

		read_from(p, i, i + 1, &one);
		old = one.n == 0 || one.v[0].when < youngest;
		if (one.n && old)
			go = i + 1;
		hist_free(&one);
	}
	return go;
}

/* Could later ones be made from one of these? */
static bool
is_any_large(const struct hist_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->v[i].nfiles; k++)
			if (l->v[i].files[k].after.size >= HIST_LARGE)
				return true;
	return false;
}

/* Is one from the number `first` on made from one before it? */
static bool
is_needed(const struct hist_list *l, unsigned first)
{
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; l->v[i].no >= first && k < l->v[i].nfiles; k++)
			if (l->v[i].files[k].from && l->v[i].files[k].from < first)
				return true;
	return false;
}

static void
prune(const struct txn *t, int top, const struct hist_keep *keep)
{
	struct pruning p = {.t = t, .top = top, .keep = keep};
	char name[HIST_NAME_MAX];
	struct hist_list l = {0};
	uint64_t total;
	size_t go = list_sizes(&p, &total) ? count_old(&p, total) : 0;

	read_from(&p, 0, go, &l);
	if (is_any_large(&l)) {
		read_from(&p, go, p.n, &l);
		while (go > 0 && is_needed(&l, p.no[go]))
			go--;
	}
	for (size_t i = 0; i < go; i++)
		remove_entry(&t->fs, top, hist_number_name(name, p.no[i]));
	hist_free(&l);
	free(p.no);
	free(p.size);
}

/* --- the end of an apply -----------------------------------------------------------
 */

/* Over the end that says "open". Without a journal nothing waits for the disk: the one
 * file itself tells whether it was replaced. */
static bool
write_end(const struct txn *t, int top, unsigned no, enum hist_end end, int64_t ms)
{
	struct str text = {0};
	uint64_t size;
	int fd = hist_open_entry(&t->fs, top, no, O_WRONLY, &size);
	bool ok;

	if (fd < 0)
		return false;
	hist_encode_end(end, ms, &text);
	ok = fields_write_all(&t->fs, fd, str_sv(&text)) &&
	     (!t->armed || t->fs.ops->fsync(t->fs.self, fd) == 0);
	str_free(&text);
	return t->fs.ops->close(t->fs.self, fd) == 0 && ok;
}

void
hist_close(struct txn *t, unsigned no, enum hist_end end, int64_t ms,
	const struct hist_keep *keep, struct diags *d)
{
	int top = hist_open_top(&t->fs, t->state, false);
	bool ok = top >= 0 && write_end(t, top, no, end, ms);

	if (top >= 0) {
		prune(t, top, keep);
		t->fs.ops->close(t->fs.self, top);
	}
	if (!ok)
		diag_add(d, SEV_WARN, DIAG_APPLY_STATE, NULL,
			_("What is told of it here holds all the same. Look at the disk "
			  "and "
			  "at the system's log."),
			_("How this ended could not be written: the history shows no. %u "
			  "as interrupted."),
			no);
}

/* Is it the entry of this transaction, whose notes are the journal? */
static bool
is_entry_of(const struct hist_entry *e, const struct txn *t)
{
	if (e->end != HIST_OPEN || e->nfiles != txn_texts(t))
		return false;
	for (size_t i = 0; i < e->nfiles; i++)
		if (strcmp(e->files[i].path, t->v[i].path) != 0 ||
			!readfile_is_same(&e->files[i].before, &t->v[i].old_id) ||
			!readfile_is_same(&e->files[i].after, &t->v[i].new_id))
			return false;
	return true;
}

void
hist_settle(struct txn *t, enum hist_end end)
{
	int top = hist_open_top(&t->fs, t->state, false);
	struct hist_list l = {0};
	unsigned last = 0;

	if (top < 0)
		return;
	if (last_number(&t->fs, top, &last) && last > 0 &&
		hist_read_entry(&t->fs, top, last, &l, NULL) && l.n == 1 &&
		is_entry_of(&l.v[0], t))
		write_end(t, top, last, end, 0);
	hist_free(&l);
	t->fs.ops->close(t->fs.self, top);
}
