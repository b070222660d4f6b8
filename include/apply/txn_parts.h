/* SPDX-License-Identifier: MIT
 *
 * What the files of txn share among themselves; nobody else includes this. A target is
 * one file of the transaction: its folder is held open from the first look on, and only
 * plain names inside that folder are used afterwards.
 *
 *   target  before the swap the old file, after it the new one
 *   temp    before the swap the new file, after an exchange the old inode
 *   backup  a copy of the old file, only where the file system can't exchange
 *           or the target is a mount and is written over
 *   source  of a built target: the text that it is made from, gone before the swap
 */
#ifndef PR_APPLY_TXN_PARTS_H
#define PR_APPLY_TXN_PARTS_H

#include <dirent.h>

#include "apply/txn.h"
#include "base/str.h"

/* Where a path leads once every link in it has been followed. */
struct txn_place {
	int dir;    /* the folder, open for reading; -1: none */
	int first;  /* folder in which the path itself, link or not, stands */
	char *real; /* absolute path without links */
	char *name; /* its last part */
};

enum txn_stand {
	STAND_OLD,
	STAND_EXCHANGED,
	STAND_COPIED,
	STAND_CREATED,
	STAND_OVER /* written over, or about to be */
};

struct txn_target {
	char *path; /* as configured */
	struct txn_place at;
	char *temp, *backup; /* names beside at.name */
	char *temp_path;
	char *source, *source_path;
	bool main_cf;
	bool built, in_place;
	int lock;     /* in our state folder; -1: none */
	int pf_lock;  /* main.cf.tmp; -1: none */
	bool pf_held; /* ... and it is locked */
	char *pf_name;
	struct stat st; /* of the old file */
	struct fileid old_id, new_id;
	uint64_t front, back; /* bytes known to be the same at both ends */
	enum txn_stand stand;
};

struct txn {
	struct fs_port fs;
	struct clock_port clock;
	const struct txn_want *want; /* NULL in txn_recover */
	const char *state_dir, *conf_dir;
	int state;      /* our folder for this configuration; -1: none */
	int locks;      /* folder of the locks on files */
	int apply_lock; /* one apply for a configuration at a time */
	int work_lock;  /* kept by the programs that it starts, too */
	struct txn_target *v;
	size_t n;
	bool noted;   /* the note of what may stand beside the files exists */
	bool armed;   /* the journal exists */
	bool stuck;   /* neither all old nor all new: the journal must stay */
	bool rebuild; /* a built file is neither old nor new */
	bool lost;    /* old bytes are nowhere any more: there is no way back */
	char *actions;
	bool ran;
};

enum { TXN_WAIT_MS = 2000 };

/* txn.c */
bool txn_tell_left(struct diags *d); /* false: something of ours stays for the next one */
bool txn_sweep_judge(const struct txn *t);

/* txn_path.c */
bool txn_resolve(const struct fs_port *fs, const char *path, struct txn_place *out,
	struct diags *d);
void txn_place_free(const struct fs_port *fs, struct txn_place *p);
bool txn_is_mount(const struct fs_port *fs, const char *real);

/* txn_lock.c: state folder and locks. open: make false: a missing one is no finding,
 * t->state stays -1. Each lock is waited for a moment, that of an apply only where it is
 * wanted: *busy tells that one goes on, or is being ended. */
bool txn_state_open(struct txn *t, const char *state, bool make, struct diags *d);
/* Is there something of this name in our folder? */
bool txn_has(const struct txn *t, const char *name);
/* A folder in it that is ours alone; -1 with errno, EPERM where it isn't. */
int txn_open_own(const struct fs_port *fs, int dir, const char *name, bool make);
bool txn_lock_apply(struct txn *t, bool wait_for_work, bool *busy, struct diags *d);
bool txn_lock_work(struct txn *t, int wait_ms, struct diags *d);
bool txn_lock_files(struct txn *t, struct diags *d);
bool txn_unlock(struct txn *t); /* false: main.cf.tmp of ours stayed */

/* txn_build.c */
bool txn_sweep_source(const struct txn *t, const struct txn_target *f);
/* Let daemons that have the replaced table open see that it is not the one any more. */
void txn_age_replaced(const struct txn *t, const struct txn_target *f, bool replaced);
/* Targets that aren't built: they come first. */
size_t txn_texts(const struct txn *t);

/* txn_over.c */
/* Write over the target with the bytes of a name beside it. False with errno. */
bool txn_write_over(const struct txn *t, const struct txn_target *f, const char *from);
/* Did we die while writing over it? Then its beginning is one of old and new, and the
 * rest the other. */
bool txn_is_torn(const struct txn *t, const struct txn_target *f);

/* txn_stage.c */
/* The file name, made anew and open for writing; -1 with errno. */
int txn_create(const struct txn *t, const struct txn_target *f, const char *name);
/* Rights, disk, close: the end of every file that we write. False with errno. */
bool txn_seal(const struct txn *t, const struct txn_target *f, const struct txn_want *w,
	int fd, struct stat *st);
bool txn_refuse_write(const struct txn_target *f, int err, struct diags *d);
bool txn_identify(const struct txn *t, const struct txn_target *f, const char *name,
	struct fileid *out);
bool txn_verify(struct txn *t, struct diags *d);
/* The bytes of a name beside the target into fd; how many. False with errno. */
bool txn_copy_bytes(const struct txn *t, const struct txn_target *f, const char *name,
	int to, off_t *size);
bool txn_copy_old(struct txn *t, struct txn_target *f, struct diags *d);

/* txn_swap.c */
bool txn_back_one(struct txn *t, struct txn_target *f, struct diags *d);
bool txn_sync_folders(struct txn *t, struct diags *d);

/* txn_journal.c. The note names what may stand beside the files, the journal decides. */
enum txn_read { TXN_READ_NONE, TXN_READ_OK, TXN_READ_BAD };
bool txn_note_write(struct txn *t, struct diags *d);
bool txn_journal_write(struct txn *t, struct diags *d);
enum txn_read txn_note_read(struct txn *t);
enum txn_read txn_journal_read(struct txn *t);
bool txn_journal_remove(struct txn *t);
bool txn_note_remove(struct txn *t);

/* txn_recover.c */
bool txn_clean_note(struct txn *t, struct diags *d);

/* txn.c */
struct txn *txn_new(const struct txn_env *env);
struct txn_target *txn_add_target(struct txn *t);
void txn_name_target(struct txn *t, struct txn_target *f);
void txn_drop_targets(struct txn *t);
/* Remove temp and backup of every target; false when one stayed. */
bool txn_sweep(struct txn *t);
void txn_free(struct txn *t);

#endif
