/* SPDX-License-Identifier: MIT
 *
 * Between writing and finding drafts, for src/session/ only.
 */
#ifndef PR_SESSION_DRAFT_VIEW_H
#define PR_SESSION_DRAFT_VIEW_H

#include "apply/runs.h"
#include "session/draft.h"
#include "session/lay.h"

struct draft {
	struct run *run; /* NULL: not registered (yet) */
	struct users_who me;
	bool knows_me;
	uint64_t kept;  /* edits of the session that the draft holds */
	uint64_t tried; /* the same, of the last one that couldn't be written */
	uint64_t seen;  /* edits when the deadline was set */
	int64_t due;    /* monotonic ms; 0: none */
	struct run_list others;
	/* the one that is offered */
	char *id;
	struct lay_list found;
	struct lay_outcome *out;
	struct ses_draft_line *lines;
	struct arena texts;
};

struct draft *draft_of(struct session *s);
struct txn_env draft_env(const struct session *s);
/* Who runs this; asked once. */
const struct users_who *draft_me(struct session *s, struct draft *df);
/* The draft that is offered is no longer. */
void draft_forget(struct draft *df);
/* This run is known to the others. */
bool draft_is_registered(struct session *s, struct draft *df, struct diags *d);

#endif
