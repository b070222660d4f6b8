/* SPDX-License-Identifier: MIT
 *
 * The ladder of proof: from "the files can be read" to "a message arrived", rung by rung.
 * What runs is judged, that is the running Postfix and the files on disk; edits that wait
 * are not, unless a probe is to ask the upstream that they name. Postfix's own programs
 * do the work where they exist, and what strangers say is read by a process without
 * rights. Rungs are done one after the other by the session's steps, each within ten
 * seconds; a rung that depends on a failed one waits for it, all others are done. What a
 * rung says comes from servers and logs and is shown escaped.
 */
#ifndef PR_SESSION_VERIFY_H
#define PR_SESSION_VERIFY_H

#include "session/session.h"

enum ses_rung_state {
	SES_RUNG_NOT_YET, /* its turn hasn't come */
	SES_RUNG_RUNS,
	SES_RUNG_OK,
	SES_RUNG_WARN,
	SES_RUNG_FAILED,
	SES_RUNG_WAITS, /* depends on one that failed */
	SES_RUNG_NONE   /* there is nothing to prove, or nobody asked for it */
};

struct ses_rung {
	const char *id;   /* "name": never translated */
	const char *name; /* "name of the upstream" */
	enum ses_rung_state state;
	const char *text; /* in a few words; "" */
	const char *const *words;
	size_t nwords;      /* the server's or Postfix's own, a line each */
	const char *says;   /* what that means, a sentence; "" */
	const char *hint;   /* the way out; "" */
	bool hint_has_keys; /* it names keys of the screen */
	const char *screen; /* where it is mended, or NULL */
	const char *param;  /* the parameter there, or NULL */
	int64_t ms;
	bool can_without; /* ses_verify_without() has something to try */
};

struct ses_verify {
	bool running;
	bool stopped; /* somebody stopped it */
	bool changed; /* a file has changed on disk since it was read */
	size_t edits; /* changes that wait, and are not judged */
	const struct ses_rung *rungs;
	size_t n, at; /* at: the one that runs; n: none */
	size_t ok, warned, failed, waits;
	int64_t ms;
	time_t began;   /* 0: never started in this session */
	const char *to; /* receiver of the test message; "" none */
};

struct ses_verify_opts {
	const char *from; /* sender of the test message; NULL: Postfix's own choice */
	const char *to;   /* NULL or "": no test message */
	bool probe;       /* only the upstream: from its name to the login */
	bool edited; /* with probe: the upstream of the edits that wait; a login can only
			be tried once it is applied, and waits for that */
	bool login;  /* with edited: a user is named, the password may be missing yet */
};

/* Somebody elsewhere to whom a test message can go: who reads root's or postmaster's
 * mail. NULL: nobody is known. */
const char *ses_verify_receiver(struct session *s);
/* Start, all anew. Files that aren't edited are read again first. False with a finding
 * for an address that is none. */
bool ses_verify_start(
	struct session *s, const struct ses_verify_opts *o, struct diags *d);
/* Rows as ses_verify_view() has them. */
/* Try one rung again, and then those that waited for it. */
void ses_verify_again(struct session *s, size_t row);
/* Try what waits for this failed rung, or this rung that waits, all the same. False:
 * there is nothing to try as long as that one fails. */
bool ses_verify_without(struct session *s, size_t row);
/* Stop at once; a message that was handed over stays on its way. */
void ses_verify_stop(struct session *s);
/* As before the first start: what was found is of an earlier state. */
void ses_verify_forget(struct session *s);
/* Rows of the last start; before the first, those that it would have. Strings stay until
 * the next step. */
void ses_verify_view(struct session *s, struct ses_verify *out);
/* Wait to the end (the command line); on_rung is told of each that has ended. */
void ses_verify_wait(struct session *s,
	void (*on_rung)(void *ctx, const struct ses_rung *r), void *ctx);

#endif
