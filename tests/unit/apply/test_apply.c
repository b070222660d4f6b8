/* SPDX-License-Identifier: MIT
 *
 * The whole apply over a pretended machine: the order of what happens, what is on disk
 * whenever a program runs, and what is left after each failure.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include "apply_rig.h"

static void
run_restart_stops_under_old_files(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE,
		{.argv = "postfix -c * stop", .act = sees_old_and_stops},
		{.argv = "postfix -c * start", .act = sees_new_and_starts}};

	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.n, 0);
	assert_string_equal(str_c(&x->steps), "oooooooo");
	assert_main_cf(x, NEW);
	assert_true(x->r.written);
	assert_int_equal(x->r.nids, 1);
	assert_true(readfile_is_current(&x->pf.world.fs, x->path, &x->r.ids[0]));
}

static void
run_reload_for_other_parameters(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE, {.argv = "postfix -c * reload"}};

	x->change.name = "relayhost";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_main_cf(x, NEW);
}

/* The disk refuses as soon as the entry is opened again, for how it ended. */
static void
refuse_end(void *ctx, const char *call, const char *name)
{
	struct fake_fs *f = ctx;

	if (strcmp(call, "openat") != 0 || strcmp(name, "1") != 0)
		return;
	f->fail_at = f->calls + 1;
	f->fail_errno = EIO;
}

/* What was applied is applied: a script that is told otherwise would do it again. */
static void
run_end_that_is_not_kept_is_told_and_no_failure(void **state)
{
	static const struct hist_about about = {
		.who = "", .terminal = "", .keep = {100, 100, 100}};
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE, {.argv = "postfix -c * reload"}};

	x->change.name = "relayhost";
	x->req.history = &about;
	x->pf.fs.before = refuse_end;
	x->pf.fs.ctx = &x->pf.fs;
	run(x, cmds, N(cmds));
	assert_string_equal(x->pf.fs.failed, "openat");
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.history, 1);
	assert_int_equal(x->r.findings.n, 1);
	assert_int_equal(x->r.findings.v[0].code, DIAG_APPLY_STATE);
	assert_int_equal(x->r.findings.v[0].sev, SEV_WARN);
	assert_main_cf(x, NEW);
}

/* Nothing is written, no copy kept, no lock taken: only the service follows. */
static void
run_without_files_only_reloads(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postfix -c * reload"}};
	struct stat st;

	x->req.nwant = x->in.nfiles = x->in.nchanges = 0;
	x->in.newer = "main.cf";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_string_equal(str_c(&x->steps), "oooo");
	assert_false(x->r.written);
	assert_main_cf(x, OLD);
	assert_int_not_equal(stat(x->pf.state, &st), 0);
}

static void
run_without_files_that_ends_ill_needs_a_person(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "postfix -c * reload", .act = says_fatal_in_log}};

	x->req.nwant = x->in.nfiles = x->in.nchanges = 0;
	x->in.newer = "main.cf";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NEEDS_PERSON);
	assert_false(x->r.put_back);
	assert_true(diag_has_error(&x->r.findings));
}

/* A full disk takes no folder for the candidate, however often that is tried. */
static void
refuse_folders(void *ctx, const char *call, const char *name)
{
	struct fake_fs *f = ctx;

	if (strcmp(call, "mkdirat") != 0 || !strstr(name, "/judge."))
		return;
	f->fail_at = f->calls + 1;
	f->fail_errno = ENOSPC;
}

/* The old file can't be tried then either, which must not pass for the same mistake. */
static void
run_without_a_place_to_judge_writes_nothing(void **state)
{
	struct fixture *x = *state;

	x->change.name = "relayhost";
	x->pf.fs.before = refuse_folders;
	x->pf.fs.ctx = &x->pf.fs;
	run(x, NULL, 0);
	assert_int_equal(x->r.status, APPLY_NOT_NOW);
	assert_int_equal(x->r.findings.n, 1);
	assert_int_equal(x->r.findings.v[0].code, DIAG_APPLY_STATE);
	assert_int_equal(x->r.findings.v[0].sev, SEV_ERROR);
	assert_main_cf(x, OLD);
	assert_string_equal(str_c(&x->steps), "o!");
}

static void
run_changed_on_disk_writes_nothing(void **state)
{
	struct fixture *x = *state;

	fake_postfix_write(&x->pf, "conf/main.cf", "somebody = else\n");
	run(x, NULL, 0);
	assert_int_equal(x->r.status, APPLY_NOT_NOW);
	assert_int_equal(x->r.findings.v[0].code, DIAG_FILE_CHANGED);
	assert_main_cf(x, "somebody = else\n");
}

/* Each second another smtpd has died, and master tells so. */
static void
dies_each_second(void *ctx)
{
	struct fake_postfix *pf = ctx;
	struct str log = {0};

	for (int64_t i = 1; i * 1000 <= pf->clock.ms; i++)
		str_addf(&log,
			"Nov 24 03:26:09 a postfix/master[4711]: warning: process "
			"/usr/lib/postfix/sbin/smtpd pid %d exit status 1\n",
			300 + (int)i);
	fake_postfix_write(pf, "maillog", str_c(&log));
	str_free(&log);
}

/* It was ill before, which the log of then tells a second late. */
static void
run_what_died_before_and_after_is_kept(void **state)
{
	static const char *const ill[] = {"S:451 4.3.0 no\r\n", NULL};
	const struct fake_service sick = {"127.0.0.1", 25, 0, ill};
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE, {.argv = "postfix -c * reload"}};

	x->change.name = "mynetworks";
	x->pf.net.services = &sick;
	x->pf.clock.on_sleep = dies_each_second;
	x->pf.clock.ctx = &x->pf;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_main_cf(x, NEW);
	assert_int_equal(diag_count(&x->r.findings, SEV_ERROR), 0);
	assert_int_equal(diag_count(&x->r.findings, SEV_WARN), 2);
}

static void
run_foreign_master_is_not_touched(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE};

	fake_postfix_start(&x->pf, 4711, "/srv/live");
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.v[0].code, DIAG_PF_FOREIGN);
	assert_non_null(strstr(x->r.findings.v[0].text, "/srv/live"));
	assert_main_cf(x, NEW);
}

static void
run_no_act_only_writes(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE};

	x->in.no_act = true;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_main_cf(x, NEW);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		APPLY_TEST(run_restart_stops_under_old_files),
		APPLY_TEST(run_reload_for_other_parameters),
		APPLY_TEST(run_end_that_is_not_kept_is_told_and_no_failure),
		APPLY_TEST(run_without_files_only_reloads),
		APPLY_TEST(run_without_files_that_ends_ill_needs_a_person),
		APPLY_TEST(run_without_a_place_to_judge_writes_nothing),
		APPLY_TEST(run_changed_on_disk_writes_nothing),
		APPLY_TEST(run_what_died_before_and_after_is_kept),
		APPLY_TEST(run_foreign_master_is_not_touched),
		APPLY_TEST(run_no_act_only_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
