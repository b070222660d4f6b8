/* SPDX-License-Identifier: MIT
 *
 * The promise of a whole apply, tried at every call that it makes of the file system and
 * at every program that it runs: whatever fails, and wherever the process ends, the files
 * are all old or all new, nothing of ours is left, Postfix runs, and nothing goes wrong
 * without a word. What the apply itself can't settle, the next start does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply_rig.h"
#include "sys/fs.h"

enum { MOST = 2000, PID = 4711 };

struct scenario {
	const char *name, *param; /* param: of main.cf; NULL: the aliases change */
	const char *type;
};

static const struct scenario scenarios[] = {
	{"reload", "mynetworks", NULL},
	{"stop and start", "inet_interfaces", NULL},
	{"table aside", NULL, "hash"},
	{"table in place", NULL, "dbm"},
};

/* How one run goes wrong. */
struct fault {
	int call;      /* of the file system; 0: none */
	int err;       /* with this; 0: the process dies there */
	int program;   /* started as number so and so; 0: none */
	bool no_start; /* it isn't even there */
};

static void
no_signal_reaches_a_real_process(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;

	(void)req;
	if (!pf->fs.dead)
		fake_postfix_stop(pf, PID);
}

static bool
terminates(void *ctx, pid_t pid)
{
	(void)pid;
	no_signal_reaches_a_real_process(ctx, NULL);
	return true;
}

static void
starts(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;

	(void)req;
	if (!pf->fs.dead)
		fake_postfix_start(pf, PID, NULL);
}

static void
builds_alive(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;

	if (!pf->fs.dead)
		builds(ctx, req);
}

static const struct fake_cmd programs[] = {
	{.argv = "postconf -c * -n"},
	{.argv = "postmap -c * -q x static:x"},
	{.argv = "postfix -c * reload"},
	{.argv = "postfix -c * stop", .act = no_signal_reaches_a_real_process},
	{.argv = "postfix -c * start", .act = starts},
	{.argv = "newaliases -C *"},
	{.argv = "postalias -c * -s *", .out = "a b\n"},
	{.argv = "postalias -c * *", .act = builds_alive},
};

/* A disk that is never waited for. */
static int
no_fsync(void *self, int fd)
{
	(void)self;
	(void)fd;
	return 0;
}

struct run {
	struct fixture *x;
	struct fake_cmd cmds[N(programs)];
	struct fs_ops quick;
	struct fileid db;
};

static void
set_up(struct run *r, const struct scenario *s)
{
	void *state;

	setup(&state);
	r->x = state;
	r->quick = *sys_fs().ops;
	r->quick.fsync = no_fsync;
	r->x->pf.fs.real.ops = &r->quick;
	r->x->svc.terminate = terminates;
	r->x->svc.terminate_ctx = &r->x->pf;
	for (size_t i = 0; i < N(programs); i++) {
		r->cmds[i] = programs[i];
		r->cmds[i].argv = str_format("%s/%s", r->x->pf.bin, programs[i].argv);
		r->cmds[i].always = true;
	}
	fake_postfix_script(&r->x->pf, r->cmds, N(programs));
	r->x->change.name = s->param;
	if (s->param)
		return;
	fake_postfix_write(&r->x->pf, "conf/al.db", OLD);
	change_aliases(r->x, s->type);
}

static void
tear_down(struct run *r)
{
	void *state = r->x;

	for (size_t i = 0; i < N(programs); i++)
		free((char *)r->cmds[i].argv);
	teardown(&state);
}

static void
fail_here(
	struct run *r, const struct scenario *s, const struct fault *f, const char *what)
{
	struct str found = {0};

	for (size_t i = 0; i < r->x->r.findings.n; i++)
		diag_format(&r->x->r.findings.v[i], &found);
	print_message("%s\n%s\n", str_c(&found), str_c(&r->x->pf.run.log));
	str_free(&found);
	fail_msg("%s: call %d (%s), program %d, status %d: %s", s->name, f->call,
		r->x->pf.fs.failed ? r->x->pf.fs.failed : "-", f->program, r->x->r.status,
		what);
}

/* Where Postfix can't be seen to be ours, only files are written, and that is told. */
static bool
is_left_alone(const struct run *r)
{
	for (size_t i = 0; i < r->x->r.findings.n; i++)
		if (r->x->r.findings.v[i].code == DIAG_PF_FOREIGN)
			return true;
	return false;
}

/* 0: all old, 1: all new, -1: neither. */
static int
stand(struct run *r, const struct scenario *s)
{
	const char *text = s->param ? "conf/main.cf" : "conf/al";
	char *now = fake_postfix_read(&r->x->pf, text);
	char *db = fake_postfix_read(&r->x->pf, "conf/al.db");
	int new = strcmp(now, NEW) == 0 ? 1 : strcmp(now, OLD) == 0 ? 0 : -1;
	bool aside = s->type && strcmp(s->type, "hash") == 0;

	if (aside && !is_left_alone(r) && strcmp(db, new ? NEW : OLD) != 0)
		new = -1;
	free(now);
	free(db);
	return new;
}

static bool
is_noted(const struct run *r)
{
	char key[TXN_KEY_BYTES];
	char *note, *journal;
	bool is;

	txn_key(r->x->pf.conf, key);
	note = str_format("%s/%s/note", r->x->pf.state, key);
	journal = str_format("%s/%s/journal", r->x->pf.state, key);
	is = access(note, F_OK) == 0 || access(journal, F_OK) == 0;
	free(note);
	free(journal);
	return is;
}

static bool
is_littered(const struct run *r)
{
	char *names[] = {r->x->pf.conf, NULL};
	FTS *t = fts_open(names, FTS_PHYSICAL, NULL);
	FTSENT *e;
	bool is = false;

	while ((e = fts_read(t)) != NULL)
		is = is || (e->fts_name[0] == '.' && e->fts_level > 0) ||
		     strcmp(e->fts_name, "main.cf.tmp") == 0;
	fts_close(t);
	return is;
}

/* What must be true of an apply that has come to its end by itself. */
static void
check_end(struct run *r, const struct scenario *s, const struct fault *f)
{
	const struct apply_result *res = &r->x->r;
	int new = stand(r, s);

	if (res->status != APPLY_DONE && res->findings.n == 0)
		fail_here(r, s, f, "not a word");
	if (is_noted(r) && res->status == APPLY_DONE)
		fail_here(r, s, f, "said done, and something is left");
	if (is_littered(r) && !is_noted(r))
		fail_here(r, s, f, "something is left, and it isn't noted");
	if (new < 0 && !is_noted(r))
		fail_here(r, s, f, "neither old nor new");
	if (res->status == APPLY_DONE && new != 1)
		fail_here(r, s, f, "said done, and isn't");
	if (res->written && new != 1)
		fail_here(r, s, f, "said written, and isn't");
	if ((res->status == APPLY_NO || res->status == APPLY_NOT_NOW ||
		    res->status == APPLY_PUT_BACK) &&
		new != 0)
		fail_here(r, s, f, "not all old");
}

/* The next start, where nothing fails any more. */
static void
check_next_start(struct run *r, const struct scenario *s, const struct fault *f)
{
	struct svc_master m;
	bool noted = is_noted(r);
	int status;

	r->x->pf.run.fail_at = 0;
	fake_fs_revive(&r->x->pf.fs);
	status = apply_recover(
		&(struct apply_recovery){.svc = &r->x->svc, .state_dir = r->x->pf.state},
		&r->x->r.findings);
	if (noted && status != APPLY_DONE)
		fail_here(r, s, f, "the next start didn't settle it");
	if (stand(r, s) < 0)
		fail_here(r, s, f, "neither old nor new after the next start");
	if (is_littered(r) || is_noted(r))
		fail_here(r, s, f, "something is left after the next start");
	svc_quick_state(&r->x->svc, &m);
	if ((noted || r->x->r.status != APPLY_NEEDS_PERSON) && m.state != SVC_RUNNING)
		fail_here(r, s, f, "Postfix doesn't run");
}

/* False when there are fewer calls or programs than that. */
static bool
try(const struct scenario *s, struct fault f)
{
	struct run r = {0};
	bool hit;

	set_up(&r, s);
	r.x->pf.fs.fail_at = f.call;
	r.x->pf.fs.fail_errno = f.err;
	r.x->pf.fs.die = f.call && !f.err;
	r.x->pf.run.fail_at = (size_t)f.program;
	r.x->pf.run.fail_start = f.no_start;
	apply_run(&r.x->req, NULL, &r.x->r);
	hit = f.call ? r.x->pf.fs.calls >= f.call
		     : r.x->pf.run.starts >= (size_t)f.program;
	if (!r.x->pf.fs.dead)
		check_end(&r, s, &f);
	check_next_start(&r, s, &f);
	tear_down(&r);
	return hit;
}

static void
nothing_fails(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(scenarios); i++) {
		struct run r = {0};

		set_up(&r, &scenarios[i]);
		apply_run(&r.x->req, NULL, &r.x->r);
		assert_int_equal(r.x->r.status, APPLY_DONE);
		assert_true(fake_run_done(&r.x->pf.run));
		assert_int_equal(stand(&r, &scenarios[i]), 1);
		tear_down(&r);
	}
}

static void
each_failing_call_leaves_all_old_or_all_new(void **state)
{
	static const int errors[] = {EIO, ENOSPC, EROFS, EACCES};

	(void)state;
	for (size_t i = 0; i < N(scenarios); i++) {
		int n = 1;

		while (n < MOST && try(&scenarios[i], (struct fault){.call = n,
							      .err = errors[n % 4]}))
			n++;
		assert_true(n > 100 && n < MOST);
	}
}

static void
death_at_each_call_is_recovered(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(scenarios); i++) {
		int n = 1;

		while (n < MOST && try(&scenarios[i], (struct fault){.call = n}))
			n++;
		assert_true(n > 100 && n < MOST);
	}
}

static void
each_failing_program_leaves_all_old_or_all_new(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(scenarios); i++)
		for (int k = 0; k < 2; k++) {
			int n = 1;

			while (try(&scenarios[i],
				(struct fault){.program = n, .no_start = k == 1}))
				n++;
			assert_true(n > 1);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_fails),
		cmocka_unit_test(each_failing_program_leaves_all_old_or_all_new),
		cmocka_unit_test(each_failing_call_leaves_all_old_or_all_new),
		cmocka_unit_test(death_at_each_call_is_recovered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
