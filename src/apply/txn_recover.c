/* SPDX-License-Identifier: MIT
 *
 * Ending what a dead process began. Without a journal nothing was swapped: what the note
 * names is removed. With one, every file must be exactly its old or its new bytes: all
 * new stays new, anything less goes back to old as far as the old bytes are still beside
 * the files. Everything is looked at before anything is moved.
 */
#include "apply/txn_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "apply/history_parts.h"
#include "apply/readfile.h"
#include "base/i18n.h"
#include "base/mem.h"

enum { WORK_MS = 15000 }; /* the longest that `postfix stop` is waited for elsewhere */

/* What the files of a journal are now. */
struct state_of_files {
	size_t is_old, is_new, is_other;
	size_t lost;       /* not old, and the old bytes are nowhere */
	size_t torn;       /* we died while writing over it */
	size_t to_rebuild; /* built, and neither old nor new: no matter */
};

static bool
tell_unsure(const char *file, struct diags *d)
{
	struct diag_loc loc = {.file = file};

	return diag_add(d, SEV_ERROR, DIAG_APPLY_UNDONE, file ? &loc : NULL,
		_("Look at the files, then choose: keep them as they are, or put the old "
		  "ones "
		  "back."),
		_("An earlier apply was cut off, and by its notes alone it can't be told "
		  "what the files should be. Nothing was touched."));
}

/* Open and lock every target that note or journal named. */
static bool
find_targets(struct txn *t, struct diags *d)
{
	for (size_t i = 0; i < t->n; i++) {
		struct txn_target *f = &t->v[i];
		struct txn_place place;

		if (!txn_resolve(&t->fs, f->path, &place, d))
			return false;
		if (strcmp(place.real, f->at.real) != 0) {
			txn_place_free(&t->fs, &place);
			return tell_unsure(f->path, d);
		}
		free(f->at.real);
		f->at = place;
		txn_name_target(t, f);
	}
	return txn_lock_files(t, d);
}

/* A note without journal: nothing was swapped, so only neighbours are removed. A note
 * that can't be read was cut off before there were any. */
bool
txn_clean_note(struct txn *t, struct diags *d)
{
	enum txn_read got = txn_note_read(t);
	bool ok = true;

	if (got == TXN_READ_NONE)
		return true;
	if (got == TXN_READ_OK) {
		ok = find_targets(t, d) && txn_sweep(t);
		ok = txn_unlock(t) && ok;
	}
	txn_drop_targets(t);
	free(t->actions);
	t->actions = NULL;
	t->noted = false; /* what is left is for the next one, not for txn_end */
	if (!ok)
		return diag_add(d, SEV_ERROR, DIAG_FILE_WRITE, NULL,
			_("Look at the disk and at the system's log."),
			_("What an earlier apply has left behind could not be removed."));
	return txn_note_remove(t) ||
	       diag_errno(d, DIAG_APPLY_STATE, NULL, errno,
		       _("Look at the disk and at the system's log."),
		       _("postrelay's own folder takes no changes."));
}

/* Where are the old bytes? stand tells txn_back_one which way leads back. */
static bool
find_old(struct txn *t, struct txn_target *f)
{
	struct fileid temp, backup;

	if (!f->old_id.exists) {
		f->stand = STAND_CREATED;
		return true;
	}
	if (!txn_identify(t, f, f->temp, &temp) ||
		!txn_identify(t, f, f->backup, &backup))
		return false;
	if (readfile_is_same(&temp, &f->old_id))
		f->stand = STAND_EXCHANGED;
	else if (readfile_is_same(&backup, &f->old_id))
		f->stand = f->in_place ? STAND_OVER : STAND_COPIED;
	return f->stand != STAND_OLD;
}

static bool
look_at_files(struct txn *t, struct state_of_files *s, struct diags *d)
{
	*s = (struct state_of_files){0};
	for (size_t i = 0; i < t->n; i++) {
		struct txn_target *f = &t->v[i];
		struct fileid now;

		f->stand = STAND_OLD;
		if (!txn_identify(t, f, f->at.name, &now))
			return tell_unsure(f->path, d);
		if (readfile_is_same(&now, &f->old_id)) {
			s->is_old++;
			continue;
		}
		if (readfile_is_same(&now, &f->new_id))
			s->is_new++;
		else if (f->in_place && txn_is_torn(t, f))
			s->torn++;
		else if (f->built)
			s->to_rebuild++;
		else
			s->is_other++;
		if (!find_old(t, f) && !f->built)
			s->lost++;
	}
	return true;
}

/* What is to become of the files; TXN_CLEAN: can't be told. */
static enum txn_found
decide(const struct state_of_files *s, enum txn_wish wish)
{
	if (wish == TXN_KEEP)
		return TXN_KEPT;
	if (wish == TXN_OLD)
		return s->lost == 0 ? TXN_UNDONE : TXN_CLEAN;
	if (s->is_other > 0)
		return TXN_CLEAN;
	if (s->is_old == 0 && s->torn == 0)
		return TXN_FINISHED;
	return s->lost == 0 ? TXN_UNDONE : TXN_CLEAN;
}

static bool
move_files(struct txn *t, enum txn_found found, struct diags *d)
{
	if (found == TXN_UNDONE)
		for (size_t i = 0; i < t->n; i++)
			if (!txn_back_one(t, &t->v[i], d))
				return false;
	return txn_sync_folders(t, d);
}

/* Journal and files are ours alone here. */
static enum txn_found
settle(struct txn *t, enum txn_wish wish, struct diags *d)
{
	struct state_of_files s;
	enum txn_found found;

	if (!look_at_files(t, &s, d))
		return TXN_ASK;
	found = decide(&s, wish);
	if (found == TXN_CLEAN) {
		tell_unsure(NULL, d);
		return TXN_ASK;
	}
	if (!move_files(t, found, d))
		return TXN_ASK;
	t->lost = s.lost > 0;
	t->rebuild = s.to_rebuild > 0;
	t->stuck = false; /* txn_end clears away */
	return found;
}

/* The journal can't be read, or its files can't be reached: nothing can be judged. All
 * that is left is to forget it, where that is asked for. */
static enum txn_found
settle_blind(struct txn *t, enum txn_wish wish, struct diags *d)
{
	txn_drop_targets(t);
	if (wish != TXN_KEEP || !txn_journal_remove(t)) {
		tell_unsure(NULL, d);
		return TXN_ASK;
	}
	if (!txn_clean_note(t, d))
		txn_note_remove(t);
	t->stuck = false;
	return TXN_KEPT;
}

char *
txn_judge_folder(const char *state_dir, const char *conf_dir)
{
	char key[TXN_KEY_BYTES];

	txn_key(conf_dir, key);
	return str_format("%s/judge.%s", state_dir, key);
}

static bool
remove_folder(const struct fs_port *fs, const char *folder)
{
	return fs->ops->unlinkat(fs->self, AT_FDCWD, folder, AT_REMOVEDIR) == 0 ||
	       errno == ENOENT;
}

bool
txn_judge_remove(const struct fs_port *fs, const char *folder)
{
	static const char *const names[] = {"main.cf", "master.cf", "dynamicmaps.cf"};

	if (remove_folder(fs, folder))
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = str_format("%s/%s", folder, names[i]);

		fs->ops->unlinkat(fs->self, AT_FDCWD, path, 0);
		free(path);
	}
	return remove_folder(fs, folder);
}

/* A copy of main.cf, with the passwords in it: a dead one's, or one that stayed. */
bool
txn_sweep_judge(const struct txn *t)
{
	char *folder = txn_judge_folder(t->state_dir, t->conf_dir);
	bool gone = txn_judge_remove(&t->fs, folder);

	free(folder);
	return gone;
}

static enum txn_found
recover_locked(struct txn *t, enum txn_wish wish, struct diags *d)
{
	if ((txn_has(t, "journal") || txn_has(t, "note")) &&
		!txn_lock_work(t, WORK_MS, d))
		return TXN_BUSY;
	switch (txn_journal_read(t)) {
	case TXN_READ_NONE:
		txn_drop_targets(t);
		t->stuck = !txn_clean_note(t, d);
		return t->stuck ? TXN_ASK : TXN_CLEAN;
	case TXN_READ_BAD:
		return settle_blind(t, wish, d);
	case TXN_READ_OK:
		break;
	}
	t->noted = true;
	if (find_targets(t, d))
		return settle(t, wish, d);
	return wish == TXN_KEEP ? settle_blind(t, wish, d) : TXN_ASK;
}

void
txn_recover_tell(enum txn_found found, struct diags *d)
{
	if (found == TXN_FINISHED)
		diag_add(d, SEV_WARN, DIAG_APPLY_UNDONE, NULL, NULL,
			_("An earlier apply was cut off after its files were written: "
			  "they "
			  "stay as it made them."));
	else if (found == TXN_UNDONE)
		diag_add(d, SEV_WARN, DIAG_APPLY_UNDONE, NULL,
			_("Make the changes anew if they are still wanted."),
			_("An earlier apply was cut off: its files are as they were "
			  "before "
			  "it."));
	else if (found == TXN_KEPT)
		diag_add(d, SEV_NOTE, DIAG_APPLY_UNDONE, NULL, NULL,
			_("The earlier apply that was cut off is settled: the files stay "
			  "as "
			  "they are."));
}

struct txn *
txn_recover_begin(const struct txn_env *env, enum txn_wish wish,
	struct txn_recovered *out, struct diags *d)
{
	struct txn *t = txn_new(env);
	struct diags quiet = {0};
	bool busy = false;

	*out = (struct txn_recovered){.found = TXN_ASK};
	t->stuck = true; /* until it is settled nothing is cleared away */
	if (!txn_state_open(t, env->state, false, d)) {
		txn_free(t);
		return NULL;
	}
	if (t->state < 0) {
		out->found = TXN_CLEAN;
	} else if (txn_lock_apply(t, false, &busy, &quiet)) {
		if (!txn_sweep_judge(t))
			txn_tell_left(d);
		hist_sweep(&t->fs, t->state);
		out->found = recover_locked(t, wish, d);
		out->actions = t->actions;
		out->ran = t->ran;
		out->rebuild = t->rebuild;
		t->actions = NULL;
	} else if (busy) {
		out->found = TXN_BUSY;
	} else {
		diag_move(d, &quiet);
	}
	diag_clear(&quiet);
	if (out->found == TXN_FINISHED || out->found == TXN_UNDONE ||
		out->found == TXN_KEPT)
		return t;
	txn_end(t, d);
	return NULL;
}

void
txn_recover(const struct txn_env *env, enum txn_wish wish, struct txn_recovered *out,
	struct diags *d)
{
	struct txn *t = txn_recover_begin(env, wish, out, d);

	if (!t)
		return;
	txn_recover_tell(out->found, d);
	txn_end(t, d);
}

void
txn_recovered_free(struct txn_recovered *r)
{
	free(r->actions);
	*r = (struct txn_recovered){.found = TXN_CLEAN};
}
