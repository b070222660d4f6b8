/* SPDX-License-Identifier: MIT
 *
 * What a session does with an apply that died: a process of the test's own that stops
 * where a kill -9 would have stopped it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "apply/readfile.h"
#include "apply/txn.h"
#include "session/review.h"
#include "scratch.h"

static bool
emit(const void *src, txn_sink *sink, void *ctx)
{
	return sink(ctx, src, strlen(src));
}

/* In the child: everything up to the swap, and not a step further. */
static void
die_applying(const struct scratch *x, const char *main_cf, bool swap)
{
	struct txn_env env = {x->world.fs, x->world.clock, x->state, x->dir};
	struct readfile old;
	struct txn_want want = {
		.emit = emit, .src = "relayhost = new\n", .main_cf = true};
	struct txn *t;

	want.path = main_cf;
	want.loaded = &old.id;
	if (readfile_load(&env.fs, main_cf, &old, NULL) != READFILE_OK)
		_exit(1);
	t = txn_begin(&env, &want, 1, NULL);
	if (!t || !txn_stage(t, NULL) || !txn_arm(t, "reload", false, NULL))
		_exit(1);
	_exit(swap && !txn_swap(t, NULL));
}

/* A session over files that an apply has left half done. */
static void
open_after_death(struct scratch *x, bool swap, struct ses_opts *o)
{
	char path[200], judge[200];
	char *folder;
	int status = 1;
	pid_t pid;

	scratch_open(x, "relayhost = old\n", "");
	ses_close(x->s);
	snprintf(path, sizeof(path), "%s/main.cf", x->dir);
	pid = fork();
	if (pid == 0)
		die_applying(x, path, swap);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	folder = txn_judge_folder(x->state, x->dir);
	assert_int_equal(mkdir(folder, 0700), 0);
	snprintf(judge, sizeof(judge), "%s/main.cf", folder);
	fclose(fopen(judge, "w"));
	free(folder);
	o->config_dir = x->dir;
	o->state_dir = x->state;
	x->s = ses_open(o, &x->set, &x->world);
}

static bool
has_judge(const struct scratch *x)
{
	char *folder = txn_judge_folder(x->state, x->dir);
	bool there = access(folder, F_OK) == 0;

	free(folder);
	return there;
}

static void
close_all(struct scratch *x)
{
	const char *const argv[] = {"/bin/rm", "-rf", x->state, x->dir, NULL};
	pid_t pid;

	scratch_close(x);
	pid = fork();
	if (pid == 0) {
		execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

static void
death_before_swap_is_told_and_leaves_nothing(void **state)
{
	struct ses_opts o = {0};
	struct diags d = {0};
	struct scratch x;

	(void)state;
	open_after_death(&x, false, &o);
	assert_non_null(ses_recovered(x.s));
	assert_false(has_judge(&x));
	assert_int_equal(ses_recover(x.s, SES_RECOVER_AUTO, &d), 0);
	assert_true(d.n > 0);
	assert_int_equal(d.v[0].code, DIAG_APPLY_UNDONE);
	diag_clear(&d);
	close_all(&x);
}

static void
death_after_swap_is_told(void **state)
{
	struct ses_opts o = {0};
	struct scratch x;

	(void)state;
	open_after_death(&x, true, &o);
	assert_non_null(ses_recovered(x.s));
	assert_int_equal(ses_recovered(x.s)->v[0].code, DIAG_APPLY_UNDONE);
	close_all(&x);
}

static void
session_that_only_looks_recovers_nothing(void **state)
{
	struct ses_opts looks[] = {{.read_only = true}, {.dry_run = true}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct diags d = {0};
		struct scratch x;

		open_after_death(&x, true, &looks[i]);
		assert_null(ses_recovered(x.s));
		assert_int_equal(ses_recover(x.s, SES_RECOVER_OLD, &d), 3);
		assert_int_equal(d.v[0].code, DIAG_READ_ONLY);
		assert_true(has_judge(&x));
		diag_clear(&d);
		close_all(&x);
	}
}

static void
nothing_half_done_says_nothing(void **state)
{
	struct diags d = {0};
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = old\n", "");
	assert_null(ses_recovered(x.s));
	assert_int_equal(ses_recover(x.s, SES_RECOVER_AUTO, &d), 0);
	assert_int_equal(d.n, 0);
	scratch_close(&x);
}

/* A process that holds the locks of an apply until it is told to go on. */
static pid_t
apply_elsewhere(const struct scratch *x, int ready[2], int go[2])
{
	struct txn_env env = {x->world.fs, x->world.clock, x->state, x->dir};
	char path[200], byte = 0;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/main.cf", x->dir);
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
	pid = fork();
	if (pid == 0) {
		struct txn_want want = {.path = path, .emit = emit, .src = ""};
		struct txn *t = txn_begin(&env, &want, 1, NULL);

		close(go[1]);
		if (!t || write(ready[1], "r", 1) != 1 || read(go[0], &byte, 1) != 0)
			_exit(1);
		txn_end(t, NULL);
		_exit(0);
	}
	close(go[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	return pid;
}

/* What is read meanwhile may be half of it: whoever starts then is told. */
static void
start_while_somebody_applies_is_told(void **state)
{
	struct ses_opts o = {0};
	struct diags d = {0};
	int ready[2], go[2], status = 1;
	struct scratch x;
	pid_t pid;

	(void)state;
	scratch_open(&x, "relayhost = old\n", "");
	assert_false(ses_began_while_applied(x.s, &d));
	ses_close(x.s);
	pid = apply_elsewhere(&x, ready, go);
	o.config_dir = x.dir;
	o.state_dir = x.state;
	x.s = ses_open(&o, &x.set, &x.world);
	assert_true(ses_began_while_applied(x.s, &d));
	assert_int_equal(d.n, 1);
	assert_int_equal(d.v[0].code, DIAG_FILE_BUSY);
	diag_clear(&d);
	assert_int_equal(ses_recover(x.s, SES_RECOVER_AUTO, &d), 3);
	assert_int_equal(d.n, 1);
	assert_int_equal(d.v[0].code, DIAG_FILE_BUSY);
	diag_clear(&d);
	assert_null(ses_recovered(x.s));
	close(go[1]);
	close(ready[0]);
	close(ready[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(ses_recover(x.s, SES_RECOVER_AUTO, &d), 0);
	assert_int_equal(d.n, 0);
	close_all(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(death_before_swap_is_told_and_leaves_nothing),
		cmocka_unit_test(death_after_swap_is_told),
		cmocka_unit_test(session_that_only_looks_recovers_nothing),
		cmocka_unit_test(nothing_half_done_says_nothing),
		cmocka_unit_test(start_while_somebody_applies_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
