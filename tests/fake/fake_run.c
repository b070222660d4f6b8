/* SPDX-License-Identifier: MIT
 *
 * A job here is a line of the script and the time at which it ends.
 */
#include "fake/fake_run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

struct job {
	const struct fake_cmd *cmd;
	int64_t begun, end;
	bool cancelled;
};

static int64_t
now(const struct fake_run *f)
{
	return f->clock ? f->clock->ms : 0;
}

static void
add_line(struct str *s, const char *const *argv)
{
	for (size_t i = 0; argv[i]; i++)
		str_addf(s, "%s%s", i ? " " : "", argv[i]);
}

static bool
is_match(const char *pattern, const char *const *argv)
{
	struct sv rest = sv_of(pattern), word;
	size_t i = 0;

	while (sv_token(&rest, " ", &word)) {
		if (sv_eq_str(word, "..."))
			return true;
		if (!argv[i] || !(sv_eq_str(word, "*") || sv_eq_str(word, argv[i])))
			return false;
		i++;
	}
	return !argv[i];
}

static const struct fake_cmd *
find(struct fake_run *f, const char *const *argv)
{
	while (f->next < f->n && f->script[f->next].always)
		f->next++;
	if (f->next < f->n && is_match(f->script[f->next].argv, argv))
		return &f->script[f->next++];
	for (size_t i = 0; i < f->n; i++)
		if (f->script[i].always && is_match(f->script[i].argv, argv))
			return &f->script[i];
	return NULL;
}

static void
tell_mismatch(struct fake_run *f, const char *const *argv)
{
	str_add_cstr(&f->mismatch, "ran: ");
	add_line(&f->mismatch, argv);
	str_addf(&f->mismatch, "\nexpected: %s\n",
		f->next < f->n ? f->script[f->next].argv : "(nothing)");
}

static const struct fake_cmd failing = {
	.argv = "", .status = 1, .err = "program: fatal: it failed\n"};
static const struct fake_cmd missing = {.argv = "", .start_errno = ENOENT};

static struct job *
do_start(void *self, const struct run_req *req, int *why)
{
	struct fake_run *f = self;
	const struct fake_cmd *cmd = find(f, req->argv);
	struct job *j;

	add_line(&f->log, req->argv);
	str_add_char(&f->log, '\n');
	f->tty += req->tty;
	f->never_kill += req->never_kill;
	if (!cmd)
		tell_mismatch(f, req->argv);
	if (++f->starts == f->fail_at && cmd)
		cmd = f->fail_start ? &missing : &failing;
	if (!cmd || cmd->start_errno) {
		*why = cmd ? cmd->start_errno : ENOENT;
		return NULL;
	}
	/* What the program does on disk is done at once: req may not outlive this call.
	 */
	if (cmd->act)
		cmd->act(f->ctx, req);
	j = mem_new(1, sizeof(*j));
	j->cmd = cmd;
	j->begun = now(f);
	j->end = j->begun + (f->clock ? cmd->delay_ms : 0);
	return j;
}

static int
do_fds(void *self, const struct job *j, int *fds, int max)
{
	(void)self;
	(void)j;
	(void)fds;
	(void)max;
	return 0;
}

static bool
do_step(void *self, struct job *j)
{
	return j->cancelled || now(self) >= j->end;
}

static void
do_cancel(void *self, struct job *j)
{
	(void)self;
	j->cancelled = true;
}

static void
do_finish(void *self, struct job *j, struct run_res *res)
{
	*res = (struct run_res){.end = j->cmd->end, .code = j->cmd->status};
	res->ms = now(self) - j->begun;
	if (j->cancelled) {
		res->end = RUN_SIGNALLED;
		res->code = SIGTERM;
	} else {
		str_add_cstr(&res->out, j->cmd->out ? j->cmd->out : "");
		str_add_cstr(&res->err, j->cmd->err ? j->cmd->err : "");
	}
	free(j);
}

static void
do_pause(void *self, struct job *j, int ms)
{
	struct fake_run *f = self;

	if (!f->clock)
		return;
	if (j->end > f->clock->ms && j->end - f->clock->ms < ms)
		ms = (int)(j->end - f->clock->ms);
	f->clock->ms += ms;
}

struct run_port
fake_run_port(struct fake_run *f)
{
	static const struct run_ops ops = {
		.start = do_start,
		.fds = do_fds,
		.step = do_step,
		.cancel = do_cancel,
		.finish = do_finish,
		.pause = do_pause,
	};

	return (struct run_port){&ops, f};
}

bool
fake_run_done(struct fake_run *f)
{
	while (f->next < f->n && f->script[f->next].always)
		f->next++;
	if (f->next < f->n)
		str_addf(&f->mismatch, "never ran: %s\n", f->script[f->next].argv);
	if (f->mismatch.n)
		fprintf(stderr, "%s", f->mismatch.p);
	return f->mismatch.n == 0;
}

void
fake_run_free(struct fake_run *f)
{
	str_free(&f->log);
	str_free(&f->mismatch);
}
