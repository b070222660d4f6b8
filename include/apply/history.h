/* SPDX-License-Identifier: MIT
 *
 * What was applied: one file of postrelay's state folder for each change, history/N, with
 * the old bytes of every file that it wrote, who wrote it and when, and how it ended. The
 * process that applies makes it, after the lock and before the first file is replaced, so
 * that what is replaced is kept already, on the disk. Small files are kept as plain
 * copies; of a large one only what differs from the state before, as long as that is
 * kept.
 *
 *   end     how it ended, always as long; the only part that is written again
 *   notes   times, names, files with the sizes and hashes of old and new bytes
 *   copies  of each file the old bytes, then the part in which the new ones differ
 */
#ifndef PR_APPLY_HISTORY_H
#define PR_APPLY_HISTORY_H

#include "apply/txn.h"
#include "base/arena.h"
#include "base/str.h"

enum hist_end {
	HIST_OPEN,    /* it runs, or its process died */
	HIST_HEALTHY, /* Postfix was looked at and is well */
	HIST_WRITTEN, /* nothing to look at: it doesn't run, or was left alone */
	HIST_ILL,     /* the new files are there, and something is not well */
	HIST_PUT_BACK /* the old files came back */
};

/* How much is kept: whatever exceeds one of them goes, oldest first, never the newest. */
struct hist_keep {
	unsigned entries, days, megabytes;
};

enum hist_kind {
	HIST_PARAM = 'p',
	HIST_ALIAS = 'a',
	HIST_ROW = 'r',
	HIST_LOGIN = 'l' /* a password's row, by its key */
};

struct hist_change {
	enum hist_kind kind;
	const char *name;
};

/* What the caller knows of a change; borrowed. */
struct hist_about {
	const char *who, *terminal; /* "" unknown */
	const char *as; /* what the whole of it is, the caller's word, or "" */
	unsigned uid;
	const struct hist_change *changes;
	size_t nchanges, total;   /* names given; changes that there are */
	const char *const *kinds; /* what each wanted file is, the caller's own words */
	struct hist_keep keep;
};

/* Keep the old bytes of a staged transaction as a new entry, on the disk. Its number; 0:
 * nothing was kept, nothing of it is left, and the findings say why. */
unsigned hist_keep_copies(struct txn *t, const struct hist_about *about,
	const char *actions, struct diags *d);
/* Nothing was replaced: the entry goes again. */
void hist_drop(struct txn *t, unsigned no);
/* Tell how it ended, and let the oldest go. Before txn_end: of an apply with a journal
 * the end is on the disk before that goes. An end that can't be written is told, with
 * what the history will say instead; what was applied stays. */
void hist_close(struct txn *t, unsigned no, enum hist_end end, int64_t ms,
	const struct hist_keep *keep, struct diags *d);
/* Recovery has settled an apply that died: its entry, the newest one, gets this end. If
 * that can't be written, it stays one that was interrupted, which is true. */
void hist_settle(struct txn *t, enum hist_end end);

/* --- reading -----------------------------------------------------------------------
 */

struct hist_file {
	const char *path, *kind;
	struct fileid before, after; /* exists, size, hash; before.mtime_s */
	unsigned from;               /* old bytes are what that entry has made; 0: kept */
	unsigned depth;              /* entries to go through for them */
	bool differs_kept;           /* the new bytes can be made from the old ones */
	uint64_t prefix, suffix;     /* bytes that both begin and end with */
};

struct hist_entry {
	unsigned no;
	int64_t when; /* UTC */
	unsigned uid;
	const char *who, *terminal, *actions, *as;
	const struct hist_change *changes;
	size_t nchanges, total; /* as in hist_about */
	const struct hist_file *files;
	size_t nfiles;
	uint64_t stored; /* bytes of its file */
	uint64_t copies; /* where in it the copies begin */
	enum hist_end end;
	bool runs; /* HIST_OPEN: its process is at it */
	int64_t ms;
};

/* Oldest first; everything in it lives in texts. */
struct hist_list {
	struct arena texts;
	struct hist_entry *v;
	size_t n, cap;
};

/* Read the entries; only_newest: that one alone, which costs little. What can't be read
 * is told and left out. Writes nothing. */
void hist_load(const struct txn_env *env, bool only_newest, struct hist_list *out,
	struct diags *d);
void hist_free(struct hist_list *l);

/* A file of an entry, before or after it. */
struct hist_which {
	const struct txn_env *env;
	const struct hist_list *list;
	size_t entry, file;
	bool after;
};

/* out becomes its bytes. False: they aren't kept, or damaged; the findings say so. A file
 * that wasn't there gives none. */
bool hist_bytes(const struct hist_which *w, struct str *out, struct diags *d);

#endif
