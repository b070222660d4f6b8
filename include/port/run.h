/* SPDX-License-Identifier: MIT
 *
 * Running other programs. Never a shell: argv[0] is an absolute path. The child gets a
 * rebuilt environment (PATH, LC_ALL=C and what env adds), stdin from /dev/null,
 * `input` or `held`, and a process group of its own. A job is stepped by its owner's poll
 * loop; run_wait() does that for callers that have nothing else to do.
 */
#ifndef PR_PORT_RUN_H
#define PR_PORT_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/str.h"

struct run_req {
	const char *const *argv; /* NULL-terminated */
	const char *const *env;  /* additional NAME=value, NULL-terminated; may be NULL */
	struct sv input;         /* given on stdin; empty: /dev/null */
	bool tty; /* stderr on a pty: `postfix` up to 3.7 speaks only to a terminal */
	bool never_kill; /* `postfix start`, newaliases: past the time limit only told */
	int held;        /* > 0: a descriptor that is its stdin instead, so that a lock
			    on it lasts as long as the program and what it starts */
	int timeout_ms;  /* 0: 60 s */
	size_t out_max;  /* bytes kept of stdout and of stderr; 0: 16 MiB */
};

enum run_end { RUN_EXITED, RUN_SIGNALLED, RUN_TIMEOUT, RUN_NOT_STARTED };

struct run_res {
	enum run_end end;
	int code;            /* exit status or signal */
	int sys_errno;       /* RUN_NOT_STARTED: why */
	struct str out, err; /* err: the pty's text (CR removed) where tty was asked */
	bool truncated;
	int64_t ms;
};

struct job;

struct run_ops {
	/* Start; NULL when the program can't be started, *why = errno. */
	struct job *(*start)(void *self, const struct run_req *req, int *why);
	/* Fill fds (at most max) to poll for reading; returns how many. */
	int (*fds)(void *self, const struct job *j, int *fds, int max);
	/* Read what is there and look whether it ended; true once it has. Never blocks.
	 */
	bool (*step)(void *self, struct job *j);
	/* Ask it to end: SIGTERM to the group, SIGKILL 2 s later; nothing for never_kill.
	 */
	void (*cancel)(void *self, struct job *j);
	/* Move the result out and free the job. */
	void (*finish)(void *self, struct job *j, struct run_res *res);
	/* Sleep until something of j may have happened, at most ms. */
	void (*pause)(void *self, struct job *j, int ms);
};

struct run_port {
	const struct run_ops *ops;
	void *self;
};

/* Run to the end. False with RUN_NOT_STARTED; an exit status other than 0 is not a
 * failure here. The caller frees res with run_res_free(). */
bool run_wait(
	const struct run_port *port, const struct run_req *req, struct run_res *res);

void run_res_free(struct run_res *res);

#endif
