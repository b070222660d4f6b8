/* SPDX-License-Identifier: MIT
 *
 * Runs of postrelay that have unsaved changes, and the texts (drafts) that they keep, in
 * the folder runs/ of the state folder. A run holds a lock on ID.run as long as it
 * lives, so the kernel tells the living from the dead; ID.draft outlives it. Only the
 * dead one's draft can be taken, by renaming it, so that one taker gets it.
 */
#ifndef PR_APPLY_RUNS_H
#define PR_APPLY_RUNS_H

#include "apply/txn.h"
#include "base/arena.h"
#include "base/str.h"

struct run;

/* Register this process; about is a text for the others. NULL with a finding. */
struct run *run_begin(const struct txn_env *env, const char *about, struct diags *d);
/* Keep this draft in place of the one before, on disk; an empty one: none. False: the one
 * before stays. */
bool run_keep(struct run *r, struct sv draft, struct diags *d);
/* The draft of a dead run becomes this one's. False: it is gone, or somebody else's. */
bool run_take(struct run *r, const char *id, struct diags *d);
/* keep: the draft stays for whoever starts next. NULL is allowed. */
void run_end(struct run *r, bool keep);

struct run_other {
	const char *id;
	bool lives;
	const char *about; /* lives: what it said of itself; "" unknown */
	const char *draft; /* NULL: none, or it can't be used */
};

struct run_list {
	struct arena texts;
	struct run_other *v; /* oldest first */
	size_t n, cap;
};

/* All others; what the dead have left besides drafts is removed. Drafts that are no
 * ordinary files of ours, damaged or too large are told and not read. No state folder:
 * nobody is there. */
void runs_list(const struct txn_env *env, const struct run *self, struct run_list *out,
	struct diags *d);
void runs_free(struct run_list *l);
/* The draft of a dead run goes. */
bool runs_drop(const struct txn_env *env, const char *id, struct diags *d);

#endif
