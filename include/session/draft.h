/* SPDX-License-Identifier: MIT
 *
 * Drafts: unsaved changes of a full screen, on disk within a second, for whoever starts
 * next; and who else has unsaved changes right now. Passwords are left out. Sessions that
 * only look (-R) or try (-n) keep none and see none.
 */
#ifndef PR_SESSION_DRAFT_H
#define PR_SESSION_DRAFT_H

#include "session/session.h"

/* --- one's own --- */

/* Does this session keep drafts? */
bool ses_draft_can(const struct session *s);
/* Milliseconds until ses_draft_save() wants to be called; -1: nothing is to be kept. Only
 * an edit makes it ask. */
int ses_draft_due(struct session *s);
/* Put what waits on disk, if it isn't there. False: it can't be kept. */
bool ses_draft_save(struct session *s, struct diags *d);
/* Put it aside by a person's wish, for the next start. False: it can't be kept, or there
 * is nothing in it that may be. */
bool ses_draft_keep(struct session *s, struct diags *d);
/* The session ends; keep: what waits shall be found at the next start. */
void ses_draft_end(struct session *s, bool keep);

/* --- others --- */

struct ses_person {
	const char *user, *terminal; /* "" unknown; foreign text */
	int pid;
	time_t since;    /* of the first change */
	time_t last_key; /* 0 unknown */
	size_t changes;
};
/* Who else has changes that wait, the newest one; false: nobody. Strings live until the
 * next call. */
bool ses_person(struct session *s, struct ses_person *out);
/* From now on this session only looks. */
void ses_look_only(struct session *s);

/* --- what a dead run has left --- */

struct ses_draft_line {
	char mark; /* '+', '-', '*', or '!' for one that clashes */
	const char *name, *text;
};
struct ses_draft {
	const char *user; /* "" unknown */
	bool own;         /* of the very user that runs this */
	bool by_hand;     /* else its connection or process was lost */
	time_t when;
	const struct ses_draft_line *lines;
	size_t n, fit, clash;
	size_t left_out; /* changes with a password, which were not kept */
};
/* Is there one to offer? The newest; laid over the files on trial. Those of which every
 * change is done already go by themselves. What can't be used is told to d. */
bool ses_draft_waits(struct session *s, struct ses_draft *out, struct diags *d);
/* Take it up: what fits becomes edits, the rest is in ses_clashes(). */
bool ses_draft_take(struct session *s, struct diags *d);
bool ses_draft_discard(struct session *s, struct diags *d);

#endif
