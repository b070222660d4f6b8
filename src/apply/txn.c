/* SPDX-License-Identifier: MIT
 *
 * Beginning and ending a transaction. Order at the end: the journal goes first, since it
 * is what would undo; then what stands beside the files; then main.cf.tmp; and the note
 * that names all this last. Wherever that is cut off, the note finds the rest.
 */
#include "apply/txn_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "apply/readfile.h"
#include "base/i18n.h"
#include "base/mem.h"

enum { NAME_KEPT = 100 }; /* bytes of a file's name that its temporary one shows */

struct txn *
txn_new(const struct txn_env *env)
{
	struct txn *t = mem_new(1, sizeof(*t));

	t->fs = env->fs;
	t->clock = env->clock;
	t->state_dir = env->state;
	t->conf_dir = env->conf_dir;
	t->state = t->locks = t->apply_lock = t->work_lock = -1;
	return t;
}

struct txn_target *
txn_add_target(struct txn *t)
{
	struct txn_target *f;

	t->v = mem_resize(t->v, t->n + 1, sizeof(*t->v));
	f = &t->v[t->n++];
	*f = (struct txn_target){
		.at = {.dir = -1, .first = -1}, .lock = -1, .pf_lock = -1};
	return f;
}

/* The names beside the target follow from its path and the configuration folder, so that
 * two configurations that share a file never take each other's. */
void
txn_name_target(struct txn *t, struct txn_target *f)
{
	char key[TXN_KEY_BYTES];
	uint64_t h = readfile_hash_add(0, f->at.real, strlen(f->at.real));
	const char *slash = strrchr(f->at.real, '/');

	txn_key(t->conf_dir, key);
	h = readfile_hash_end(readfile_hash_add(h, key, strlen(key)), sizeof(key));
	f->temp = str_format(
		".%.*s.postrelay-%08" PRIx32, NAME_KEPT, f->at.name, (uint32_t)(h >> 32));
	f->backup = str_format("%s~", f->temp);
	f->temp_path =
		str_format("%.*s/%s", (int)(slash - f->at.real), f->at.real, f->temp);
	f->source = str_format("%s.src", f->temp);
	f->source_path = str_format("%s.src", f->temp_path);
}

void
txn_drop_targets(struct txn *t)
{
	txn_unlock(t);
	for (size_t i = 0; i < t->n; i++) {
		struct txn_target *f = &t->v[i];

		txn_place_free(&t->fs, &f->at);
		free(f->path);
		free(f->temp);
		free(f->backup);
		free(f->temp_path);
		free(f->source);
		free(f->source_path);
		free(f->pf_name);
	}
	free(t->v);
	t->v = NULL;
	t->n = 0;
}

void
txn_free(struct txn *t)
{
	const int fds[] = {t->work_lock, t->apply_lock, t->locks, t->state};

	txn_drop_targets(t);
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			t->fs.ops->close(t->fs.self, fds[i]);
	free(t->actions);
	free(t);
}

bool
txn_sweep(struct txn *t)
{
	bool ok = true;

	for (size_t i = 0; i < t->n; i++) {
		const struct txn_target *f = &t->v[i];
		const char *const names[] = {f->temp, f->backup};

		if (f->at.dir < 0 || !f->temp)
			continue;
		for (size_t k = 0; k < 2; k++)
			if (t->fs.ops->unlinkat(t->fs.self, f->at.dir, names[k], 0) < 0 &&
				errno != ENOENT)
				ok = false;
		ok = txn_sweep_source(t, f) && ok;
	}
	return ok;
}

static bool
add_wants(struct txn *t, const struct txn_want *want, size_t n, struct diags *d)
{
	for (size_t i = 0; i < n; i++) {
		struct txn_target *f = txn_add_target(t);
		struct diag_loc loc = {.file = want[i].path};

		f->path = mem_strdup(want[i].path);
		f->main_cf = want[i].main_cf;
		f->built = want[i].built;
		if (!txn_resolve(&t->fs, f->path, &f->at, d))
			return false;
		txn_name_target(t, f);
		for (size_t k = 0; k < i; k++)
			if (strcmp(t->v[k].at.real, f->at.real) == 0)
				return diag_add(d, SEV_ERROR, DIAG_FILE_KIND, &loc,
					_("Give each its own file."),
					_("Nothing was written: %s and %s are the same "
					  "file."),
					t->v[k].path, f->path);
	}
	return true;
}

static bool
is_without_journal(struct txn *t, struct diags *d)
{
	struct stat st;

	if (t->fs.ops->fstatat(
		    t->fs.self, t->state, "journal", &st, AT_SYMLINK_NOFOLLOW) < 0 &&
		errno == ENOENT)
		return true;
	return diag_add(d, SEV_ERROR, DIAG_APPLY_UNDONE, NULL,
		_("Start postrelay again and settle that one first."),
		_("Nothing was written: an earlier apply was cut off and is not "
		  "settled."));
}

static bool
begin_steps(struct txn *t, const struct txn_env *env, size_t n, struct diags *d)
{
	bool busy;

	return txn_state_open(t, env->state, true, d) &&
	       txn_lock_apply(t, true, &busy, d) && txn_lock_work(t, TXN_WAIT_MS, d) &&
	       is_without_journal(t, d) && txn_clean_note(t, d) &&
	       add_wants(t, t->want, n, d) && txn_note_write(t, d) &&
	       txn_lock_files(t, d) && txn_verify(t, d);
}

struct txn *
txn_begin(
	const struct txn_env *env, const struct txn_want *want, size_t n, struct diags *d)
{
	struct txn *t = txn_new(env);

	t->want = want;
	if (begin_steps(t, env, n, d))
		return t;
	txn_end(t, d);
	return NULL;
}

int
txn_held(const struct txn *t)
{
	return t->work_lock;
}

const char *
txn_temp_path(const struct txn *t, size_t i)
{
	return t->v[i].temp_path;
}

const char *
txn_real_path(const struct txn *t, size_t i)
{
	return t->v[i].at.real;
}

const struct fileid *
txn_new_id(const struct txn *t, size_t i)
{
	return &t->v[i].new_id;
}

bool
txn_is_old(const struct txn *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].stand != STAND_OLD)
			return false;
	return true;
}

/* Remove what is ours, in the order that the head of this file gives. */
static bool
clean_up(struct txn *t)
{
	bool swept;

	if (t->armed && !txn_journal_remove(t))
		return false;
	if (!t->noted)
		return true;
	swept = txn_sweep(t);
	swept = txn_sweep_judge(t) && swept;
	return txn_unlock(t) && swept && txn_note_remove(t);
}

bool
txn_tell_left(struct diags *d)
{
	return diag_add(d, SEV_WARN, DIAG_FILE_WRITE, NULL,
		_("Look at the disk and at the system's log; the next start of "
		  "postrelay tries again."),
		_("A temporary file of postrelay could not be removed."));
}

bool
txn_end(struct txn *t, struct diags *d)
{
	bool ok = t->stuck || clean_up(t);

	if (!ok)
		txn_tell_left(d);
	ok = ok && !t->stuck;
	txn_free(t);
	return ok;
}
