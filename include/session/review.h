/* SPDX-License-Identifier: MIT
 *
 * What will change, what follows, and doing it. Applying runs in a process of its own:
 * the death of the screen or the line doesn't stop it.
 */
#ifndef PR_SESSION_REVIEW_H
#define PR_SESSION_REVIEW_H

#include "session/session.h"

enum ses_rline_kind { SES_R_FILE, SES_R_HUNK, SES_R_DEL, SES_R_ADD, SES_R_SAME };

struct ses_rline {
	enum ses_rline_kind kind;
	const char *text; /* without line end; secrets are **** */
	uint32_t line;    /* old line for DEL, new line for ADD */
	size_t change;    /* index into ses_changes, SIZE_MAX none */
};

struct ses_action {
	const char *what,
		*why; /* "stop, start", "because inet_interfaces changed; ..." */
};

enum ses_service_act {
	SES_ACT_NONE,
	SES_ACT_BUILD, /* of tables alone */
	SES_ACT_RELOAD,
	SES_ACT_RESTART,
	SES_ACT_START
};

struct ses_review {
	const struct ses_rline *lines;
	size_t nlines;
	const struct ses_action *actions;
	size_t nactions;
	const char *look; /* how it is looked at afterwards; "" when no action */
	size_t changes, files;
	const struct diag *const *stays; /* findings that stay */
	size_t nstays;
	const struct diag *const *holds; /* new errors that hold the apply back */
	size_t nholds;
	const char *interruption; /* "Mail stops for about 3 seconds; ..." or "" */
	/* Where a setting changes by which mail leaves, the upstream can be asked in the
	 * end whether it would take mail for this receiver; NULL: it can't. */
	const char *probe_to;
	bool probe; /* it will be */
	/* Postfix is down, and this machine's own: it can be started with the new files.
	 */
	bool can_start;
	bool start;               /* it will be */
	enum ses_service_act act; /* what happens to Postfix */
};
/* no_act: only the files are written. */
void ses_review(struct session *s, bool no_act, struct ses_review *out);
/* Ask the upstream in each apply of this session that offers it, and put everything back
 * if it refuses: Postfix logs in there and names a receiver, but sends no message. */
void ses_review_probe(struct session *s, bool on);
/* Start a Postfix that is down in an apply, and look at it then. Holds until it is taken
 * back. */
void ses_review_start(struct session *s, bool on);
/* Build a table whose text doesn't change, "TYPE:PATH"; NULL: none. Holds like that. */
void ses_review_build(struct session *s, const char *table);
bool ses_review_builds(const struct session *s);
/* The unified diff of every file as text, for the command line. Appended to out. */
void ses_review_diff(struct session *s, struct str *out);

struct ses_apply_opts {
	bool no_act;
	const char *const *consent; /* codes given with --accept and --force,
				       NULL-terminated or NULL */
};

enum ses_step_state {
	SES_STEP_WAITS,
	SES_STEP_RUNS,
	SES_STEP_OK,
	SES_STEP_DOUBT,
	SES_STEP_BAD,
	SES_STEP_BACK /* no step: a heading, what follows is the way back */
};
struct ses_step_view {
	enum ses_step_state state;
	const char *text;
	const char *said; /* Postfix's words, or NULL */
	int64_t ms;
};
struct ses_apply_view {
	bool running;
	int status; /* exit status of product.md, once it isn't running */
	const struct ses_step_view *steps;
	size_t nsteps;
	int64_t ms;
	const struct diags *findings;
	bool changed; /* nothing was written, since a file changed on disk: ses_reread()
			 lays the changes over it, then they can be applied again */
	enum ses_service_act act; /* what was planned for Postfix */
	const char *const
		*different; /* what is different now, whole lines; after success */
	size_t ndifferent;
	/* Where mail leaves another way now: messages that were deferred before, as a
	 * whole sentence or NULL, and how many; ses_apply_flush() tries them. */
	const char *waits;
	size_t deferred;
	bool can_flush;
	bool written;     /* the new files are in place */
	unsigned history; /* its number in the history; 0: none */
	/* Once it has ended otherwise, whole sentences or NULL. */
	bool put_back; /* the files were new for a while */
	bool no_way;   /* ... and then mail did not leave */
	bool has_log;  /* Postfix was acted on, and ses_apply_log() may tell why */
	const char *why, *now; /* what was ill, and how it stands */
	const char *kept;      /* what is left of the changes */
	const char *screen;    /* where the change is that Postfix complains of, */
	const char *name;      /* its parameter, network or alias, */
	const char *file;      /* and its file; NULL all: not known */
};
/* Start applying. Without changes that is a reload, where Postfix runs with older
 * settings than the files have. False (with findings) when it is held back or impossible;
 * nothing is written. *status is then the exit status. Progress comes through
 * ses_fds/ses_step. */
bool ses_apply_start(
	struct session *s, const struct ses_apply_opts *o, int *status, struct diags *d);
void ses_apply_view(struct session *s, struct ses_apply_view *out);
/* What Postfix has logged since it began, as it stands there. */
void ses_apply_log(struct session *s, struct str *out);
/* Let Postfix try now what waits; once. False with findings: it didn't begin. */
bool ses_apply_flush(struct session *s, struct diags *d);
/* The wish to put everything back after the current step. late: also once the new files
 * are in place; else it counts only until then, and nothing is written. */
void ses_apply_cancel(struct session *s, bool late);
/* Wait to the end (the command line); on_step is told of each change of a step. */
int ses_apply_wait(struct session *s,
	void (*on_step)(void *ctx, const struct ses_step_view *v), void *ctx);

#endif
