/* SPDX-License-Identifier: MIT
 *
 * The state folder and the locks. The kernel drops every lock with its process, so none
 * can be left behind. main.cf is locked as Postfix's own editor does it (edit_file.c):
 * flock on main.cf.tmp, then see that the name still means the file that was locked. Who
 * waits for it opens main.cf only afterwards and so sees the new one.
 */
#include "apply/txn_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "apply/readfile.h"
#include "base/i18n.h"
#include "base/mem.h"

enum { NAP_MS = 50 };

static uint64_t
hash_text(const char *text, size_t n)
{
	return readfile_hash_end(readfile_hash_add(0, text, n), n);
}

void
txn_key(const char *conf_dir, char out[TXN_KEY_BYTES])
{
	size_t n = strlen(conf_dir);

	while (n > 1 && conf_dir[n - 1] == '/')
		n--;
	snprintf(out, TXN_KEY_BYTES, "%016" PRIx64, hash_text(conf_dir, n));
}

static bool
refuse_state(const char *path, int err, struct diags *d)
{
	return diag_errno(d, DIAG_APPLY_STATE, path, err,
		_("The folder must be yours alone: look at its owner and its rights."),
		_("Nothing can be applied: postrelay's own folder %s can't be used."),
		path);
}

static bool
is_own_folder(const struct txn *t, int dir, const char *path, struct diags *d)
{
	struct diag_loc loc = {.file = path};
	struct stat st;

	if (t->fs.ops->fstat(t->fs.self, dir, &st) < 0)
		return refuse_state(path, errno, d);
	if (st.st_uid == geteuid() && !(st.st_mode & 077))
		return true;
	return diag_add(d, SEV_ERROR, DIAG_APPLY_STATE, &loc,
		_("It must belong to you, with rights for nobody else (chmod 0700)."),
		_("Nothing can be applied: others can get at postrelay's own folder %s."),
		path);
}

static int
open_folder(const struct fs_port *fs, int dir, const char *name)
{
	return fs->ops->openat(
		fs->self, dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
}

/* A journal on the disk is found again only if the names of its folders are there, too.
 * False with errno; a folder that is there already is fine. */
static bool
make_folder(const struct fs_port *fs, int dir, const char *name)
{
	if (fs->ops->mkdirat(fs->self, dir, name, 0700) < 0)
		return errno == EEXIST;
	return fs->ops->fsync(fs->self, dir) == 0;
}

/* The missing folder `name` of the folder path. */
static bool
make_folder_in(const struct fs_port *fs, const char *path, const char *name)
{
	int err, dir = fs->ops->openat(
			 fs->self, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	bool ok = dir >= 0 && make_folder(fs, dir, name);

	err = errno;
	if (dir >= 0)
		fs->ops->close(fs->self, dir);
	errno = err;
	return ok;
}

/* Make every missing folder of path; false with errno. */
static bool
make_folders(const struct fs_port *fs, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent;
	bool ok;

	if (!slash || !path[1] || fs_has(fs, path))
		return true;
	if (errno != ENOENT)
		return false;
	parent = slash == path ? mem_strdup("/")
			       : str_format("%.*s", (int)(slash - path), path);
	ok = make_folders(fs, parent) &&
	     (!slash[1] || make_folder_in(fs, parent, slash + 1));
	free(parent);
	return ok;
}

/* A folder in the state folder; -1 with errno. */
static int
open_inner(const struct fs_port *fs, int dir, const char *name, bool make)
{
	int fd = open_folder(fs, dir, name);

	if (fd < 0 && errno == ENOENT && make && make_folder(fs, dir, name))
		fd = open_folder(fs, dir, name);
	return fd;
}

int
txn_open_own(const struct fs_port *fs, int dir, const char *name, bool make)
{
	int fd = open_inner(fs, dir, name, make);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fs->ops->fstat(fs->self, fd, &st) == 0 && st.st_uid == geteuid() &&
		!(st.st_mode & 077))
		return fd;
	fs->ops->close(fs->self, fd);
	errno = EPERM;
	return -1;
}

bool
txn_state_open(struct txn *t, const char *state, bool make, struct diags *d)
{
	char key[TXN_KEY_BYTES];
	int top = open_folder(&t->fs, AT_FDCWD, state);
	bool ok = false;

	if (top < 0 && errno == ENOENT && make && make_folders(&t->fs, state))
		top = open_folder(&t->fs, AT_FDCWD, state);
	if (top < 0)
		return (errno == ENOENT && !make) || refuse_state(state, errno, d);
	txn_key(t->conf_dir, key);
	if (is_own_folder(t, top, state, d)) {
		t->state = open_inner(&t->fs, top, key, make);
		if (t->state >= 0)
			t->locks = open_inner(&t->fs, top, "locks", true);
		ok = t->locks >= 0 || (t->state < 0 && errno == ENOENT && !make) ||
		     refuse_state(state, errno, d);
	}
	t->fs.ops->close(t->fs.self, top);
	return ok;
}

bool
txn_has(const struct txn *t, const char *name)
{
	struct stat st;

	return t->fs.ops->fstatat(t->fs.self, t->state, name, &st, AT_SYMLINK_NOFOLLOW) ==
	       0;
}

/* Lock fd by the deadline; false with errno, EWOULDBLOCK when others hold it. */
static bool
lock_until(const struct txn *t, int fd, int64_t deadline)
{
	while (t->fs.ops->flock(t->fs.self, fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return false;
		if (t->clock.ops->mono_ms(t->clock.self) >= deadline) {
			errno = EWOULDBLOCK;
			return false;
		}
		t->clock.ops->sleep_ms(t->clock.self, NAP_MS);
	}
	return true;
}

static int64_t
deadline_in(const struct txn *t, int ms)
{
	return t->clock.ops->mono_ms(t->clock.self) + ms;
}

static int
open_lock(const struct txn *t, int dir, const char *name)
{
	return t->fs.ops->openat(t->fs.self, dir, name,
		O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
}

/* Is whoever holds the lock of an apply at one, or at ending one? Its note or journal is
 * there then. A reader of the history holds it shared, and a start that finds nothing to
 * be ended holds it, both for an instant. */
static bool
is_at_work(const struct txn *t)
{
	if (t->fs.ops->flock(t->fs.self, t->apply_lock, LOCK_SH | LOCK_NB) == 0) {
		(void)t->fs.ops->flock(t->fs.self, t->apply_lock, LOCK_UN);
		return false;
	}
	return txn_has(t, "note") || txn_has(t, "journal");
}

static bool
lock_apply(const struct txn *t, bool wait_for_work)
{
	int64_t deadline = deadline_in(t, TXN_WAIT_MS);

	while (!lock_until(t, t->apply_lock, wait_for_work ? deadline : 0)) {
		if (errno != EWOULDBLOCK)
			return false;
		if (t->clock.ops->mono_ms(t->clock.self) >= deadline || is_at_work(t)) {
			errno = EWOULDBLOCK;
			return false;
		}
		t->clock.ops->sleep_ms(t->clock.self, NAP_MS);
	}
	return true;
}

bool
txn_lock_apply(struct txn *t, bool wait_for_work, bool *busy, struct diags *d)
{
	*busy = false;
	t->apply_lock = open_lock(t, t->state, "apply.lock");
	if (t->apply_lock < 0)
		return refuse_state("apply.lock", errno, d);
	if (lock_apply(t, wait_for_work))
		return true;
	*busy = errno == EWOULDBLOCK;
	if (!*busy)
		return refuse_state("apply.lock", errno, d);
	return diag_add(d, SEV_ERROR, DIAG_FILE_BUSY, NULL,
		_("Wait until it has ended, then try again."),
		_("Nothing was written: another postrelay is applying changes right "
		  "now."));
}

/* A killed apply leaves the program that it had started at work: a `postfix stop` that is
 * still on its way would stop what recovery has just started. */
bool
txn_lock_work(struct txn *t, int wait_ms, struct diags *d)
{
	char name[TXN_KEY_BYTES + sizeof(".work")];

	txn_key(t->conf_dir, name);
	memcpy(name + TXN_KEY_BYTES - 1, ".work", sizeof(".work"));
	t->work_lock = open_lock(t, t->locks, name);
	if (t->work_lock < 0)
		return refuse_state(name, errno, d);
	if (lock_until(t, t->work_lock, deadline_in(t, wait_ms)))
		return true;
	if (errno != EWOULDBLOCK)
		return refuse_state(name, errno, d);
	return diag_add(d, SEV_ERROR, DIAG_FILE_BUSY, NULL,
		_("Wait until it has ended, or end it; then start postrelay again."),
		_("Nothing was touched: a program of Postfix that an earlier apply has "
		  "started is still at work."));
}

static bool
lock_in_state(struct txn *t, struct txn_target *f, struct diags *d)
{
	struct diag_loc loc = {.file = f->path};
	char name[TXN_KEY_BYTES];

	snprintf(name, sizeof(name), "%016" PRIx64,
		hash_text(f->at.real, strlen(f->at.real)));
	f->lock = open_lock(t, t->locks, name);
	if (f->lock < 0)
		return refuse_state(name, errno, d);
	if (lock_until(t, f->lock, deadline_in(t, TXN_WAIT_MS)))
		return true;
	if (errno != EWOULDBLOCK)
		return refuse_state(name, errno, d);
	return diag_add(d, SEV_ERROR, DIAG_FILE_BUSY, &loc,
		_("Wait until it has ended, then try again."),
		_("Nothing was written: another postrelay is writing %s."), f->path);
}

static bool
refuse_pf_lock(const struct txn_target *f, int err, struct diags *d)
{
	struct diag_loc loc = {.file = f->path};

	if (err == EWOULDBLOCK)
		return diag_add(d, SEV_ERROR, DIAG_FILE_BUSY, &loc,
			_("Wait until it has ended, then try again."),
			_("Nothing was written: another program, such as postconf -e, is "
			  "changing %s."),
			f->path);
	if (err == ELOOP || err == EISDIR || err == ENXIO)
		return diag_add(d, SEV_ERROR, DIAG_FILE_UNSAFE, &loc,
			_("Look who put it there, and remove it."),
			_("Nothing was written: %s.tmp beside it is not an ordinary "
			  "file, "
			  "and Postfix itself locks it for every change."),
			f->path);
	return diag_errno(d,
		err == EACCES || err == EPERM ? DIAG_FILE_ACCESS : DIAG_FILE_WRITE,
		f->path, err, _("See that you may write in its folder."),
		_("Nothing was written: %s can't be locked."), f->path);
}

/* Does the name still mean the file that was locked? False with errno 0 when it doesn't.
 */
static bool
is_still_named(const struct txn *t, int dir, const char *name, int fd, struct stat *st)
{
	struct stat now;

	if (t->fs.ops->fstat(t->fs.self, fd, st) < 0)
		return false;
	if (!S_ISREG(st->st_mode)) {
		errno = ELOOP;
		return false;
	}
	if (t->fs.ops->fstatat(t->fs.self, dir, name, &now, AT_SYMLINK_NOFOLLOW) < 0) {
		errno = errno == ENOENT ? 0 : errno;
		return false;
	}
	errno = 0;
	return st->st_dev == now.st_dev && st->st_ino == now.st_ino;
}

static bool
lock_for_postfix(struct txn *t, struct txn_target *f, struct diags *d)
{
	int64_t deadline = deadline_in(t, TXN_WAIT_MS);
	struct stat st;

	f->pf_name = str_format("%s.tmp", strrchr(f->path, '/') + 1);
	for (;;) {
		f->pf_lock = open_lock(t, f->at.first, f->pf_name);
		if (f->pf_lock < 0)
			return refuse_pf_lock(f, errno, d);
		f->pf_held = lock_until(t, f->pf_lock, deadline);
		if (!f->pf_held)
			return refuse_pf_lock(f, errno, d);
		if (is_still_named(t, f->at.first, f->pf_name, f->pf_lock, &st))
			return true;
		if (errno)
			return refuse_pf_lock(f, errno, d);
		t->fs.ops->close(t->fs.self, f->pf_lock);
		f->pf_lock = -1;
		if (t->clock.ops->mono_ms(t->clock.self) >= deadline)
			return refuse_pf_lock(f, EWOULDBLOCK, d);
	}
}

bool
txn_lock_files(struct txn *t, struct diags *d)
{
	for (size_t i = 0; i < t->n; i++) {
		if (!lock_in_state(t, &t->v[i], d))
			return false;
		if (t->v[i].main_cf && !lock_for_postfix(t, &t->v[i], d))
			return false;
	}
	return true;
}

/* Remove main.cf.tmp while we hold it, and only if it is empty: a full one is what a
 * postconf -e that died has left, and Postfix uses it again. What others hold is theirs
 * to remove. False: it may be ours and stayed. */
static bool
remove_pf_lock(const struct txn *t, const struct txn_target *f)
{
	struct stat st;

	if (!f->pf_held &&
		t->fs.ops->flock(t->fs.self, f->pf_lock, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK;
	if (!is_still_named(t, f->at.first, f->pf_name, f->pf_lock, &st))
		return errno == 0 || errno == ELOOP;
	return st.st_size > 0 ||
	       t->fs.ops->unlinkat(t->fs.self, f->at.first, f->pf_name, 0) == 0;
}

bool
txn_unlock(struct txn *t)
{
	bool gone = true;

	for (size_t i = 0; i < t->n; i++) {
		struct txn_target *f = &t->v[i];

		if (f->pf_lock >= 0) {
			gone = remove_pf_lock(t, f) && gone;
			t->fs.ops->close(t->fs.self, f->pf_lock);
		}
		if (f->lock >= 0)
			t->fs.ops->close(t->fs.self, f->lock);
		f->lock = f->pf_lock = -1;
		f->pf_held = false;
	}
	return gone;
}
