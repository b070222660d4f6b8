/* SPDX-License-Identifier: MIT
 *
 * Applying: lock, try, stop, swap, build, start, look, in this order. apply_run() does it
 * in the process that calls it; apply_start() in a process of its own, which goes on to
 * its end whatever becomes of the screen or the line, and tells its progress over a pipe.
 *
 * Tables are built aside, before the swap, and swapped with their texts, so that none is
 * ever empty and a failed build has written nothing. Before the swap any failure, or the
 * wish to put back, leaves every file as it was. After it the same puts every old file
 * back, and Postfix is brought to them again. What a process that died has left is ended
 * by apply_recover(). All that a request points to is borrowed until apply_run() returns;
 * apply_start() needs it only during the call.
 */
#ifndef PR_APPLY_APPLY_H
#define PR_APPLY_APPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apply/history.h"
#include "apply/plan.h"
#include "apply/svc.h"
#include "apply/svc_health.h"
#include "apply/txn.h"
#include "base/diag.h"

/* Exit status (product.md). */
enum {
	APPLY_DONE = 0,
	APPLY_NO = 1,          /* Postfix refuses the candidate; nothing was written */
	APPLY_NOT_NOW = 3,     /* busy, changed on disk, no room, put back as wished */
	APPLY_PUT_BACK = 4,    /* Postfix or a table was not well; all is as before */
	APPLY_NEEDS_PERSON = 5 /* the way back is barred, or leads to an ill Postfix */
};

/* A key to look up in a built table afterwards. */
struct apply_lookup {
	const char *typefile, *key; /* "hash:/etc/aliases", "root" */
	bool want;                  /* should it be there? */
};

/* A table that an action of the plan builds. */
struct apply_table {
	enum plan_act act;       /* POSTMAP, POSTALIAS, or NEWALIASES */
	const char *type, *path; /* "hash", and the text that it is made from */
	size_t text;             /* that is want[text]; SIZE_MAX: it isn't changed */
};

/* Where Postfix should answer, and where it logs. */
struct apply_place {
	const struct svc_listen *addrs; /* addresses of inet_interfaces; ports not used */
	size_t naddrs;
	const char *maillog_file; /* expanded; NULL: not set */
	const char *probe_to; /* whom the upstream is asked about; NULL: it isn't asked */
};

struct apply_req {
	const struct svc *svc;
	const char *state_dir; /* as txn_env.state */
	const struct plan_input
		*changed; /* files[i] is want[i]; service is asked again */
	const struct txn_want *want;
	size_t nwant; /* 0: only the plan's actions */
	struct apply_place before, after;
	const struct apply_lookup *lookups;
	size_t nlookups;
	const struct hist_about *history; /* NULL: no copies are kept */
	const struct apply_table *tables;
	size_t ntables;
	const char *sendmail; /* for the probe; NULL: /usr/sbin/sendmail */
	int log_ms;      /* how long the log is read after stop/start or reload; 0: 2 s */
	bool in_place;   /* the caller consents to writing over a mount (bind mount) */
	bool skip_judge; /* the caller consents to what Postfix refuses (--force) */
};

enum apply_state {
	APPLY_WAITS,
	APPLY_RUNS,
	APPLY_OK,
	APPLY_DOUBT,
	APPLY_BAD,
	APPLY_BACK /* no step: a heading, the steps after it are the way back */
};

struct apply_step {
	enum apply_state state;
	char *text; /* translated, owned */
	char *said; /* Postfix's words, owned, or NULL */
	int64_t ms;
};

/* Who is told, and who may wish to have it put back. */
struct apply_watch {
	void *ctx;
	/* Step i is now this; all steps are told once, as APPLY_WAITS, before the first
	 * runs. Those of a way back follow when it begins. */
	void (*step)(void *ctx, size_t i, const struct apply_step *s);
	/* Asked between steps; swapped: the files are in place by now. NULL: never. */
	bool (*back)(void *ctx, bool swapped);
};

struct apply_result {
	int status;
	struct diags findings;
	bool written;       /* the new files are in place */
	bool put_back;      /* they were, and the old ones are back */
	int64_t cut_off_ms; /* put_back: how long clients found no sound Postfix */
	struct fileid *ids; /* written: what each file is now, in the order of want */
	size_t nids;
	unsigned history; /* the number of its entry; 0: none */
};

void apply_run(const struct apply_req *req, const struct apply_watch *watch,
	struct apply_result *out);
void apply_result_free(struct apply_result *r);

/* --- in a process of its own -----------------------------------------------------------
 */

struct apply;

/* NULL with a finding when no process can be made. The caller frees it with
 * apply_close(). */
struct apply *apply_start(const struct apply_req *req, struct diags *d);

/* Descriptor to poll for reading. */
int apply_fd(const struct apply *a);

/* Take what has come; never blocks. True when something is new. */
bool apply_read(struct apply *a);

bool apply_is_done(const struct apply *a);
const struct apply_step *apply_steps(const struct apply *a, size_t *n);

/* The result once it is done (a process that died without a word: status 5). */
const struct apply_result *apply_result(const struct apply *a);

/* The wish to put everything back: heard between steps, then the status is 3. late: also
 * once the files are in place; else it comes too late then. */
void apply_put_back(struct apply *a, bool late);

/* Forget it. A process that still runs goes on to its end. */
void apply_close(struct apply *a);

/* --- what one that died has left -------------------------------------------------------
 */

struct apply_recovery {
	const struct svc *svc;
	const char *state_dir;
	enum txn_wish wish;
	const char *sendmail; /* these two as apply_req's */
	int log_ms;
	/* The machine is starting, and Postfix is somebody else's to start: it is neither
	 * touched nor asked. Tables are built all the same. */
	bool no_service;
};

/* End it: files that are all new stay if Postfix is well with them, anything else goes
 * back to old as far as the old bytes are there; then tables and service follow. Returns
 * an exit status: 0 done, or there was nothing; 3 another apply is at it; 5 see d. */
int apply_recover(const struct apply_recovery *how, struct diags *d);

#endif
