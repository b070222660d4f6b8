/* SPDX-License-Identifier: MIT
 *
 * Changing several files as one: all of them become new or all stay old, and what a dead
 * process or a dead machine left half done is put right at the next start. No system
 * call renames two files at once, so the promise rests on a journal: every path with the
 * hash of its old and new bytes. The steps are calls of their own, since between them
 * the caller judges the staged files and stops and starts Postfix:
 *
 *   txn_begin (lock, compare) - txn_stage (write beside) - txn_arm (journal) - txn_swap -
 *   [txn_put_back] - txn_end
 *
 * After any false the caller calls txn_end, which leaves everything old, or, where even
 * that was impossible, everything as it is for txn_recover. Nothing of ours stays beside
 * the files. A file keeps owner, mode, ACL and attributes; a link stays a link.
 */
#ifndef PR_APPLY_TXN_H
#define PR_APPLY_TXN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/diag.h"
#include "base/str.h"
#include "port/clock.h"
#include "port/fs.h"

/* Takes the next n bytes of a new file; false: stop, it went wrong. */
typedef bool txn_sink(void *ctx, const char *p, size_t n);

/* One file to be written. Everything is borrowed until txn_end. */
struct txn_want {
	const char *path; /* absolute, as configured; may be a link */
	/* As it was read; exists false: there was none; NULL: whatever is there now. */
	const struct fileid *loaded;
	/* Hands the new bytes to sink in order; false when sink said false. */
	bool (*emit)(const void *src, txn_sink *sink, void *ctx);
	const void *src;
	struct sv
		old; /* the loaded bytes, where emit hands out slices of them; or empty */
	mode_t new_mode; /* of a file that is new; 0: 0644 */
	uid_t new_uid;   /* and its owner, where that isn't us */
	gid_t new_gid;
	/* A program makes the new file (a table) out of these bytes: they stand beside it
	 * as txn_source_path, and txn_take_built takes what was made. Such files come
	 * last. They are derived: nobody's change is lost with one, so they are never
	 * held against what was loaded. */
	bool built;
	/* Where the name is a mount of its own, and so nothing can take its place: write
	 * over it, from a copy. Else such a file is refused (DIAG_FILE_MOUNT). */
	bool in_place;
	bool main_cf; /* keep `postconf -e` out: hold the lock main.cf.tmp beside path */
};

struct txn_env {
	struct fs_port fs;
	struct clock_port clock;
	const char *state;    /* our state folder; made (0700) when missing */
	const char *conf_dir; /* the configuration folder, absolute */
};

struct txn;

/* Is the file that path leads to a mount of its own? False where it can't be told. */
bool txn_path_is_mount(const struct fs_port *fs, const char *path);

/* Lock the files (waiting at most 2 s) and see that they are what was loaded. NULL:
 * nothing was written; the findings tell whether somebody holds a lock (DIAG_FILE_BUSY),
 * whether a file has changed (DIAG_FILE_CHANGED), or that an older apply waits for
 * txn_recover (DIAG_APPLY_UNDONE). Hard links are told as warnings (DIAG_FILE_LINKS). */
struct txn *txn_begin(const struct txn_env *env, const struct txn_want *want, size_t n,
	struct diags *d);

/* Write every new file beside its target, with its owner, mode and attributes, to disk.
 */
bool txn_stage(struct txn *t, struct diags *d);

/* After txn_stage: where the text lies that a built file is to be made from. */
const char *txn_source_path(const struct txn *t, size_t i);

/* The program has made txn_source_path + suffix (".db"): it becomes the staged file, with
 * the owner, mode and attributes of the old one. */
bool txn_take_built(struct txn *t, size_t i, const char *suffix, struct diags *d);

/* The descriptor of a lock that the programs of an apply are to keep while they run. */
int txn_held(const struct txn *t);

/* Absolute path of the staged file, for judging it; of the file that is swapped (links
 * resolved); valid until txn_end. */
const char *txn_temp_path(const struct txn *t, size_t i);
const char *txn_real_path(const struct txn *t, size_t i);

/* Write the journal: the actions (free text, for txn_recover's caller) and whether
 * Postfix ran. From here on a crash is put right by txn_recover. One file without actions
 * needs no journal: it is old or new whatever happens, and none is written. */
bool txn_arm(struct txn *t, const char *actions, bool ran, struct diags *d);

/* Put every new file in its place. False: the old ones are back, or the findings say
 * DIAG_APPLY_UNDONE. */
bool txn_swap(struct txn *t, struct diags *d);

/* After txn_swap: what file i is now, to be kept as `loaded` of the next change. */
const struct fileid *txn_new_id(const struct txn *t, size_t i);

/* After txn_swap: put the old files back, the very same inodes where the file system can.
 * False: one of them has been changed by somebody else meanwhile, or the disk refused;
 * txn_recover has the journal. */
bool txn_put_back(struct txn *t, struct diags *d);

/* Is every file the old one, as far as this transaction goes? */
bool txn_is_old(const struct txn *t);

/* Done, with what is now in place: remove the journal, then what stands beside the files,
 * then the locks. Frees t. False: something had to be left for txn_recover. */
bool txn_end(struct txn *t, struct diags *d);

/* How an unfinished apply is to be ended where the hashes alone don't decide it. */
enum txn_wish {
	TXN_BY_HASH, /* only if every file is exactly the journal's old or new one */
	TXN_KEEP,    /* the files stay as they are now */
	TXN_OLD      /* the old bytes, wherever we still have them */
};

enum txn_found {
	TXN_CLEAN,    /* there was nothing to do */
	TXN_FINISHED, /* all files are new */
	TXN_UNDONE,   /* all files are old */
	TXN_KEPT,     /* TXN_KEEP was asked for */
	TXN_BUSY,     /* another postrelay is at it right now */
	TXN_ASK       /* nothing was touched; DIAG_APPLY_UNDONE or _STATE says why */
};

struct txn_recovered {
	enum txn_found found;
	char *actions; /* owned; the journal's, or NULL */
	bool ran;      /* Postfix ran when that apply began */
	bool rebuild;  /* a built file is neither its old nor its new self */
};

/* At the start: finish or undo what an apply that died has left. A finding says what was
 * done. The caller frees *out with txn_recovered_free(). Makes no state folder. */
void txn_recover(const struct txn_env *env, enum txn_wish wish, struct txn_recovered *out,
	struct diags *d);
/* The same in two halves: the files are settled, but journal, locks and what stands
 * beside the files are kept until txn_end, so that TXN_FINISHED can still be put back.
 * Tells nothing of what it did; txn_recover_tell does. NULL: there is nothing to be
 * ended. */
struct txn *txn_recover_begin(const struct txn_env *env, enum txn_wish wish,
	struct txn_recovered *out, struct diags *d);
void txn_recover_tell(enum txn_found found, struct diags *d);
void txn_recovered_free(struct txn_recovered *r);

/* Name of the folder in the state folder that belongs to a configuration folder. */
#define TXN_KEY_BYTES 17
void txn_key(const char *conf_dir, char out[TXN_KEY_BYTES]);

/* Where svc_judge puts what Postfix is to read, in the state folder; the caller frees it.
 * It belongs to whoever holds the lock of an apply of conf_dir. */
char *txn_judge_folder(const char *state_dir, const char *conf_dir);
/* Remove it with the files in it; it need not be there. False: it is. */
bool txn_judge_remove(const struct fs_port *fs, const char *folder);

#endif
