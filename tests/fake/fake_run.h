/* SPDX-License-Identifier: MIT
 *
 * A runner with a script: what must be run, in which order, and what comes back. Words
 * of `argv` are separated by one blank; "*" stands for any one word, "..." at the end
 * for any that follow. Anything that the script doesn't name can't be started (ENOENT)
 * and is noted in `mismatch`, which a test asserts to be empty.
 */
#ifndef PR_FAKE_RUN_H
#define PR_FAKE_RUN_H

#include "base/str.h"
#include "fake/fake_clock.h"
#include "port/run.h"

struct fake_cmd {
	const char *argv; /* "/usr/sbin/postfix -c * reload" */
	int status;       /* exit status, or the signal with RUN_SIGNALLED */
	const char *out, *err;
	int delay_ms;     /* how long it takes on the fake clock */
	int start_errno;  /* it can't be started; 0: it can */
	enum run_end end; /* RUN_EXITED by default */
	bool always;      /* any number of times, at any place of the order */
	/* Called when it starts, to do on disk what the program would; may be NULL. */
	void (*act)(void *ctx, const struct run_req *req);
};

struct fake_run {
	const struct fake_cmd *script;
	size_t n, next;
	struct fake_clock *clock; /* moved by pauses; may be NULL: nothing takes time */
	void *ctx;                /* given to act */
	struct str log;           /* every command line that was started, one a line */
	struct str mismatch;      /* empty: everything was as the script says */
	size_t tty, never_kill;   /* how many asked for that */
	size_t starts, fail_at;   /* the program started as number fail_at does nothing */
	bool fail_start;          /* ... can't be started; else it ends with status 1 */
};

struct run_port fake_run_port(struct fake_run *f);

/* Was everything run that has no `always`, and nothing else? Prints what was not. */
bool fake_run_done(struct fake_run *f);
void fake_run_free(struct fake_run *f);

#endif
