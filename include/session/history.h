/* SPDX-License-Identifier: MIT
 *
 * What was applied before, by whom, with what outcome, and the way back. Going back is an
 * edit like any other: it waits, is reviewed, undone and applied as all edits are. What
 * somebody changed by other means stands between the entries, as far as it is known.
 */
#ifndef PR_SESSION_HISTORY_H
#define PR_SESSION_HISTORY_H

#include <time.h>

#include "session/review.h"
#include "session/session.h"

struct ses_history_row {
	unsigned no;              /* 0: changed outside postrelay */
	time_t when;              /* 0: not known */
	const char *who;          /* "hanako", "uid 1000"; "" not known */
	const char *terminal;     /* "pts/3", or "" */
	const char *changes;      /* "relayhost, alias sales"; outside: the file's path */
	const char *const *names; /* the first of them one by one; outside: none */
	size_t nnames, nchanges, nfiles;
	const char *const *files; /* paths */
	const char *of;           /* "undo of no. 12", "back to no. 9", or "" */
	const char *actions;      /* "stop, start", or "" */
	int64_t ms;
	const char *word;   /* healthy, written, not-well, put-back, interrupted, running,
			       outside: never translated */
	const char *result; /* the same for people, or how many lines changed outside */
	char mark;          /* '!', '?' or 0 */
};

/* Newest first; filter: rows that have this text in what is shown, or NULL. What couldn't
 * be read is added to d, which may be NULL. The history is read once, and again after
 * ses_history_again(), an apply, or reading files again. */
size_t ses_history(struct session *s, const char *filter,
	const struct ses_history_row **v, struct diags *d);
void ses_history_again(struct session *s);

/* The newest applied change in a few words, read without the others (it costs a fraction
 * of a millisecond): "2026-11-24 09:11 by hanako: relayhost, mynetworks +2 more". NULL:
 * none. */
const char *ses_history_last(struct session *s);
/* The number of the newest entry, 0 when there is none. */
unsigned ses_history_newest(struct session *s);

/* The lines that row i of the unfiltered list changed, SES_R_FILE before each file's;
 * secrets are ****. Valid until the next call. */
size_t ses_history_diff(struct session *s, const struct ses_history_row *row,
	unsigned context, const struct ses_rline **v, struct diags *d);
/* The same as a unified diff. False: it can't be told. */
bool ses_history_text(struct session *s, const struct ses_history_row *row,
	struct str *out, struct diags *d);

/* Make the files what they were after entry no (one less than the oldest: before it), as
 * edits that wait. Warnings in d say what else that takes back. False: nothing was
 * edited. */
bool ses_history_restore(struct session *s, unsigned no, struct diags *d);
/* The same for the state before the newest change that took effect. */
bool ses_history_undo(struct session *s, struct diags *d);

#endif
