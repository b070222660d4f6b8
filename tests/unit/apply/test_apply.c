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
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void
run_refused_candidate_writes_nothing(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "postconf -c * -n", .status = 1, .err = "postconf: fatal: no\n"},
		/* the old one is asked too, and is well */
		JUDGE};

	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NO);
	assert_false(x->r.written);
	assert_main_cf(x, OLD);
	assert_string_equal(str_c(&x->steps), "o!");
}

/* Something that nobody but it can have put there keeps the folder of the candidate. */
static void
stays(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;
	char *name = str_format("%s/more", strrchr(req->argv[2], '/') + 1);
	char *below = str_format("state/%s", name);

	fake_postfix_write(pf, below, "");
	free(below);
	free(name);
}

static void
run_candidate_that_stays_is_told(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postconf -c * -n", .act = stays},
		{.argv = "postmap -c * -q x static:x"}, {.argv = "postfix -c * reload"}};

	x->change.name = "relayhost";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NEEDS_PERSON);
	assert_int_equal(x->r.findings.n, 1);
	assert_int_equal(x->r.findings.v[0].code, DIAG_FILE_WRITE);
	assert_main_cf(x, NEW);
}

static void
run_old_mistake_does_not_hold_back(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "postconf -c * -n", .status = 1, .err = "postconf: fatal: no\n"},
		{.argv = "postconf -c * -n", .status = 1, .err = "postconf: fatal: no\n"},
		{.argv = "postfix -c * reload"}};

	x->change.name = "relayhost";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.v[0].sev, SEV_WARN);
	assert_main_cf(x, NEW);
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

static void
sees_old_and_stops_4712(void *ctx, const struct run_req *req)
{
	sees_old_and_stops(ctx, req);
	fake_postfix_stop(ctx, 4712);
}

static void
sees_old(void *ctx, const struct run_req *req)
{
	char *text = fake_postfix_read(ctx, "conf/main.cf");

	(void)req;
	assert_string_equal(text, OLD);
	free(text);
}

/* All is as before: bytes, inode, and nothing of ours beside it. */
static void
assert_back(struct fixture *x)
{
	assert_main_cf(x, OLD);
	assert_false(x->r.written);
	assert_true(x->r.put_back);
	assert_true(readfile_is_current(&x->pf.world.fs, x->path, &x->loaded));
	assert_no_litter(x);
}

static void
run_failed_start_puts_everything_back(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE,
		{.argv = "postfix -c * stop", .act = sees_old_and_stops},
		{.argv = "postfix -c * start",
			.status = 1,
			.err = "postfix/postfix-script: fatal: mail system startup "
			       "failed\n"},
		{.argv = "postfix -c * start", .act = starts_old},
	};

	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_PUT_BACK);
	assert_back(x);
	assert_non_null(strstr(x->r.findings.v[0].text, "mail system startup failed"));
	/* lock, judge, look, stop, swap, start; files, start, ask, log */
	assert_string_equal(str_c(&x->steps), "ooooo!<oooo");
}

static void
run_ill_log_puts_back_by_reload(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE,
		{.argv = "postfix -c * reload", .act = says_fatal_in_log},
		{.argv = "postfix -c * reload", .act = sees_old},
	};

	x->change.name = "mynetworks";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_PUT_BACK);
	assert_back(x);
	assert_non_null(strstr(x->r.findings.v[0].text, "fatal: open dictionary"));
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
throttles(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_write(ctx, "maillog",
		"Nov 24 03:26:09 a postfix/smtpd[77]: fatal: open dictionary\n"
		"Nov 24 03:26:10 a postfix/master[4711]: warning: "
		"/usr/lib/postfix/sbin/smtpd: bad command startup -- throttling\n");
}

static void
run_throttled_service_is_stopped_and_started(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE,
		{.argv = "postfix -c * reload", .act = throttles},
		{.argv = "postfix -c * stop", .act = sees_old_and_stops},
		{.argv = "postfix -c * start", .act = starts_old},
	};

	x->change.name = "mynetworks";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_PUT_BACK);
	assert_back(x);
}

static void
run_still_ill_with_old_files_needs_a_person(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE,
		{.argv = "postfix -c * reload", .act = says_fatal_in_log},
		{.argv = "postfix -c * reload",
			.status = 1,
			.err = "postfix: fatal: x\n"},
	};

	x->change.name = "mynetworks";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NEEDS_PERSON);
	assert_back(x);
}

/* Somebody else writes the file meanwhile: that is not ours to undo. */
static void
somebody_edits(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_write(ctx, "conf/main.cf", "somebody = else\n");
}

static void
run_file_changed_meanwhile_is_not_put_back(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE,
		{.argv = "postfix -c * reload",
			.act = somebody_edits,
			.status = 1,
			.err = "postfix: fatal: x\n"},
	};

	x->change.name = "mynetworks";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NEEDS_PERSON);
	assert_false(x->r.put_back);
	assert_main_cf(x, "somebody = else\n");
}

static void
starts_new(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_start(ctx, 4712, NULL);
}

static void
run_wish_after_swap_puts_back(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE,
		{.argv = "postfix -c * stop", .act = sees_old_and_stops},
		{.argv = "postfix -c * start", .act = starts_new},
		{.argv = "postfix -c * stop", .act = sees_old_and_stops_4712},
		{.argv = "postfix -c * start", .act = starts_old},
	};

	x->back_at = 5; /* after start */
	x->late = true;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NOT_NOW);
	assert_back(x);
	assert_int_equal(x->r.findings.v[x->r.findings.n - 1].code, DIAG_APPLY_BACK);
	assert_string_equal(str_c(&x->steps), "oooooo<ooooo");
}

static void
run_early_wish_is_not_heard_after_swap(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE, {.argv = "postfix -c * reload"}};

	x->change.name = "relayhost";
	x->back_at = 3;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_main_cf(x, NEW);
}

static void
run_wish_before_stop_writes_nothing(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE};

	x->back_at = 1;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NOT_NOW);
	assert_main_cf(x, OLD);
}

static void
run_wish_after_stop_starts_again(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE,
		{.argv = "postfix -c * stop", .act = sees_old_and_stops},
		{.argv = "postfix -c * start", .act = starts_old}};

	x->back_at = 2;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NOT_NOW);
	assert_false(x->r.written);
	assert_main_cf(x, OLD);
}

static void
run_down_stays_down(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE};

	fake_postfix_stop(&x->pf, 4711);
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.v[0].code, DIAG_PF_DOWN);
	assert_main_cf(x, NEW);
}

static void
run_down_is_started_where_asked(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE, {.argv = "postfix -c * start", .act = sees_new_and_starts}};

	fake_postfix_stop(&x->pf, 4711);
	x->in.start = true;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.n, 0);
	assert_string_equal(str_c(&x->steps), "oooooo");
	assert_main_cf(x, NEW);
}

static void
starts_ill(void *ctx, const struct run_req *req)
{
	sees_new_and_starts(ctx, req);
	says_fatal_in_log(ctx, req);
}

static void
stops_4712(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_stop(ctx, 4712);
}

/* What was down before is down again, and no client was cut off by it. */
static void
run_down_that_starts_ill_is_down_again(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE,
		{.argv = "postfix -c * start", .act = starts_ill},
		{.argv = "postfix -c * stop", .act = stops_4712}};

	fake_postfix_stop(&x->pf, 4711);
	x->in.start = true;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_PUT_BACK);
	assert_int_equal(x->r.cut_off_ms, 0);
	assert_back(x);
}

static void
run_down_that_does_not_start_is_put_back(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE, {.argv = "postfix -c * start", .status = 1, .err = "fatal: no\n"}};

	fake_postfix_stop(&x->pf, 4711);
	x->in.start = true;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_PUT_BACK);
	assert_back(x);
}

/* systemd starts what it will stop at the next shutdown. */
static void
run_down_is_started_by_systemd(void **state)
{
	static const struct {
		const char *says, *unit;
	} units[] = {
		{"Type=forking\nLoadState=loaded\n", "postfix.service"},
		{"Type=oneshot\nLoadState=loaded\n", "postfix@-.service"},
		{"Type=simple\nLoadState=not-found\n", NULL},
	};
	struct fixture *x = *state;
	char *unit;

	x->svc.run_systemd = "/";
	for (size_t i = 0; i < N(units); i++) {
		const struct fake_cmd cmd = {.argv = "/usr/bin/systemctl show -p "
						     "LoadState -p Type postfix.service",
			.out = units[i].says};

		fake_postfix_script(&x->pf, &cmd, 1);
		unit = svc_unit_down(&x->svc);
		assert_int_equal(unit != NULL, units[i].unit != NULL);
		if (unit)
			assert_string_equal(unit, units[i].unit);
		free(unit);
	}
}

static void
run_reload_that_ignores_an_older_change_is_well(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE, {.argv = "postfix -c * reload", .act = says_ignored_in_log}};

	x->change.name = "relayhost";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.n, 1);
	assert_int_equal(x->r.findings.v[0].sev, SEV_WARN);
	assert_main_cf(x, NEW);
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
run_unsafe_folder_runs_postconf_alone(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postconf -c * -n"}};

	x->pf.open = "/conf/master.cf";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
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

static void
run_aliases_are_built_and_looked_up(void **state)
{
	struct fixture *x = *state;
	const struct apply_lookup lookup = {"hash:/al", "root", true};
	struct fake_cmd cmds[] = {{.argv = "newaliases -C *",
					  .err = "postalias: warning: /al, line 2: need "
						 "name:value pair\n"},
		{.argv = "postalias -c * -q root hash:/al", .status = 1},
		{.argv = "newaliases -C *"}, /* for the old text */
		{.argv = "postfix -c * reload"}};

	x->file.role = PLAN_ALIASES;
	x->file.in_database = true;
	x->want.main_cf = false;
	x->in.nchanges = 0;
	x->req.lookups = &lookup;
	x->req.nlookups = 1;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_PUT_BACK);
	assert_back(x);
	assert_int_equal(x->r.findings.v[0].loc.line, 2);
	assert_int_equal(x->r.findings.v[1].code, DIAG_PF_UNHEALTHY);
}

/* --- tables aside ----------------------------------------------------------------------
 */

#define BUILD_ARGV "postalias -c * *"
#define COUNT                                                                            \
	{                                                                                \
		.argv = "postalias -c * -s *", .out = "a b\n"                            \
	}

static void
run_table_is_built_aside_and_swapped(void **state)
{
	struct fixture *x = *state;
	char *typefile;
	struct apply_lookup lookup = {.key = "root", .want = true};
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds},
		{.argv = "postalias -c * -q root *", .out = "x\n"}, COUNT};
	struct stat st;
	char *db = str_format("%s/al.db", x->pf.conf);

	fake_postfix_write(&x->pf, "conf/al.db", "old table");
	assert_int_equal(chmod(db, 0640), 0);
	change_aliases(x, "hash");
	lookup.typefile = typefile = str_format("hash:%s", x->path);
	x->req.lookups = &lookup;
	x->req.nlookups = 1;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.n, 0);
	assert_file(x, "conf/al", NEW);
	assert_file(x, "conf/al.db", NEW);
	assert_int_equal(stat(db, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_no_litter(x);
	assert_int_equal(x->r.nids, 1);
	free(db);
	free(typefile);
}

static char table_aside[512];

static void
remembers_its_table(void *ctx, const struct run_req *req)
{
	(void)ctx;
	snprintf(
		table_aside, sizeof(table_aside), "%s.db", strchr(req->argv[3], ':') + 1);
}

/* A builder would write through it. */
static void
run_table_is_not_built_through_a_link(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd first[] = {
		{.argv = BUILD_ARGV, .act = remembers_its_table, .status = 1}};
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds}, COUNT};
	char *other = str_format("%s/other", x->pf.conf);

	fake_postfix_write(&x->pf, "conf/other", "somebody's");
	change_aliases(x, "hash");
	run(x, first, N(first));
	apply_result_free(&x->r);
	assert_int_equal(symlink(other, table_aside), 0);
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_file(x, "conf/other", "somebody's");
	assert_file(x, "conf/al.db", NEW);
	assert_no_litter(x);
	free(other);
}

static void
run_table_that_is_not_built_writes_nothing(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV,
		.act = builds,
		.status = 1,
		.err = "postalias: fatal: no room\n"}};

	fake_postfix_write(&x->pf, "conf/al.db", "old table");
	change_aliases(x, "hash");
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NO);
	assert_file(x, "conf/al", OLD);
	assert_file(x, "conf/al.db", "old table");
	assert_no_litter(x);
}

static void
run_table_without_the_name_writes_nothing(void **state)
{
	struct fixture *x = *state;
	char *typefile;
	struct apply_lookup lookup = {.key = "root", .want = true};
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds},
		{.argv = "postalias -c * -q root *", .status = 1}};

	change_aliases(x, "hash");
	lookup.typefile = typefile = str_format("hash:%s", x->path);
	x->req.lookups = &lookup;
	x->req.nlookups = 1;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NO);
	assert_non_null(strstr(x->r.findings.v[0].text, typefile));
	assert_file(x, "conf/al", OLD);
	assert_no_litter(x);
	free(typefile);
}

static void
run_table_that_is_not_whole_writes_nothing(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = BUILD_ARGV, .act = builds}, {.argv = "postalias -c * -s *"}};

	change_aliases(x, "hash");
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NO);
	assert_file(x, "conf/al", OLD);
	assert_no_litter(x);
}

static void
run_table_that_cannot_be_counted_writes_nothing(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds},
		{.argv = "postalias -c * -s *", .start_errno = EAGAIN}};

	change_aliases(x, "hash");
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NOT_NOW);
	assert_int_equal(x->r.findings.v[0].code, DIAG_PF_MISSING);
	assert_file(x, "conf/al", OLD);
	assert_no_litter(x);
}

static void
run_table_of_a_type_that_lists_nothing_is_taken(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds},
		{.argv = "postalias -c * -s *", .status = 1}};

	change_aliases(x, "hash");
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.n, 0);
}

/* What the builder says names the real file and its lines. */
static void
run_warnings_of_a_table_aside_name_the_file(void **state)
{
	struct fixture *x = *state;
	char *err;
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds}, COUNT};

	change_aliases(x, "hash");
	err = str_format("postalias: warning: %s/.al.db.postrelay-%s.src, line 2: need "
			 "name:value pair\n",
		x->pf.conf, "0");
	cmds[0].err = err;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.v[0].loc.line, 2);
	free(err);
}

static void
run_table_goes_back_with_its_text(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds}, COUNT,
		{.argv = "postfix -c * reload"}};

	fake_postfix_write(&x->pf, "conf/al.db", "old table");
	change_aliases(x, "hash");
	x->back_at = 3; /* after the look */
	x->late = true;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NOT_NOW);
	assert_file(x, "conf/al", OLD);
	assert_file(x, "conf/al.db", "old table");
	assert_no_litter(x);
}

static void
run_other_types_are_built_in_place(void **state)
{
	static const char *const types[] = {"dbm", "sdbm", "proxy"};

	for (size_t i = 0; i < N(types); i++) {
		struct fixture *x = *state;
		struct fake_cmd cmds[] = {{.argv = "newaliases -C *"}};

		change_aliases(x, types[i]);
		run(x, cmds, N(cmds));
		assert_int_equal(x->r.status, APPLY_DONE);
		assert_no_litter(x);
		apply_result_free(&x->r);
	}
}

static void
run_text_that_is_missing_writes_nothing(void **state)
{
	struct fixture *x = *state;
	const struct apply_table tables[] = {
		{PLAN_NEWALIASES, "hash", "/nonexistent/al", SIZE_MAX}};
	struct fake_cmd cmds[] = {JUDGE};

	x->change.name = "alias_database";
	x->req.tables = tables;
	x->req.ntables = 1;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NO);
	assert_int_equal(x->r.findings.v[0].code, DIAG_FILE_MISSING);
	assert_main_cf(x, OLD);
}

/* --- the process of its own ------------------------------------------------------------
 */

static void
wait_done(struct apply *a)
{
	while (!apply_is_done(a)) {
		struct pollfd p = {.fd = apply_fd(a), .events = POLLIN};

		assert_int_equal(poll(&p, 1, 20000), 1);
		apply_read(a);
	}
}

static void
start_child_tells_steps_and_result(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE,
		{.argv = "postfix -c * reload",
			.status = 1,
			.err = "postfix: fatal: tab\there \\ back\n"},
		{.argv = "postfix -c * reload"}};
	const struct apply_step *steps;
	const struct apply_result *r;
	struct apply *a;
	size_t n;

	x->change.name = "relayhost";
	for (size_t i = 0; i < N(cmds); i++)
		cmds[i].argv = str_format("%s/%s", x->pf.bin, cmds[i].argv);
	fake_postfix_script(&x->pf, cmds, N(cmds));
	a = apply_start(&x->req, NULL);
	assert_non_null(a);
	wait_done(a);
	r = apply_result(a);
	steps = apply_steps(a, &n);
	assert_int_equal(r->status, APPLY_PUT_BACK);
	assert_false(r->written);
	assert_true(r->put_back);
	assert_int_equal(n, 12);
	assert_int_equal(steps[7].state, APPLY_BACK);
	assert_string_equal(steps[8].text, "main.cf as before (byte for byte)");
	assert_int_equal(steps[11].state, APPLY_OK);
	assert_int_equal(steps[0].state, APPLY_OK);
	assert_int_equal(steps[4].state, APPLY_BAD);
	assert_non_null(strstr(steps[4].said, "tab\there \\ back"));
	assert_string_equal(steps[4].text, "reload Postfix");
	assert_int_equal(r->findings.v[0].code, DIAG_PF_SAYS);
	assert_int_equal(r->findings.v[0].sev, SEV_ERROR);
	assert_main_cf(x, OLD);
	apply_close(a);
	for (size_t i = 0; i < N(cmds); i++)
		free((char *)cmds[i].argv);
}

/* Wait at the first program until the wish is in the pipe. By name: the process of its
 * own keeps no descriptor of ours. */
static void
waits_for_gate(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;
	char *text = fake_postfix_read(pf, "gate");

	(void)req;
	free(text);
}

static void
put_back_before_swap_is_status_3(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postconf -c * -n", .act = waits_for_gate},
		{.argv = "postmap -c * -q x static:x"}};
	char *gate = str_format("%s/gate", x->pf.root);
	struct apply *a;

	for (size_t i = 0; i < N(cmds); i++)
		cmds[i].argv = str_format("%s/%s", x->pf.bin, cmds[i].argv);
	fake_postfix_script(&x->pf, cmds, N(cmds));
	assert_int_equal(mkfifo(gate, 0600), 0);
	a = apply_start(&x->req, NULL);
	apply_put_back(a, false);
	fake_postfix_write(&x->pf, "gate", "x");
	wait_done(a);
	assert_int_equal(apply_result(a)->status, APPLY_NOT_NOW);
	assert_main_cf(x, OLD);
	apply_close(a);
	free(gate);
	for (size_t i = 0; i < N(cmds); i++)
		free((char *)cmds[i].argv);
}

static void
dies(void *ctx, const struct run_req *req)
{
	(void)ctx;
	(void)req;
	_exit(9);
}

static void
start_child_that_dies_needs_a_person(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postconf -c * -n", .act = dies}};
	struct apply *a;

	cmds[0].argv = str_format("%s/%s", x->pf.bin, cmds[0].argv);
	fake_postfix_script(&x->pf, cmds, N(cmds));
	a = apply_start(&x->req, NULL);
	wait_done(a);
	assert_int_equal(apply_result(a)->status, APPLY_NEEDS_PERSON);
	assert_int_equal(apply_result(a)->findings.v[0].code, DIAG_APPLY_UNDONE);
	apply_close(a);
	free((char *)cmds[0].argv);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(run_restart_stops_under_old_files),
		T(run_reload_for_other_parameters),
		T(run_end_that_is_not_kept_is_told_and_no_failure),
		T(run_without_files_only_reloads),
		T(run_without_files_that_ends_ill_needs_a_person),
		T(run_refused_candidate_writes_nothing),
		T(run_candidate_that_stays_is_told),
		T(run_old_mistake_does_not_hold_back),
		T(run_without_a_place_to_judge_writes_nothing),
		T(run_changed_on_disk_writes_nothing),
		T(run_failed_start_puts_everything_back),
		T(run_ill_log_puts_back_by_reload),
		T(run_what_died_before_and_after_is_kept),
		T(run_throttled_service_is_stopped_and_started),
		T(run_still_ill_with_old_files_needs_a_person),
		T(run_file_changed_meanwhile_is_not_put_back),
		T(run_wish_after_swap_puts_back),
		T(run_early_wish_is_not_heard_after_swap),
		T(run_wish_before_stop_writes_nothing),
		T(run_wish_after_stop_starts_again),
		T(run_down_stays_down),
		T(run_down_is_started_where_asked),
		T(run_down_that_starts_ill_is_down_again),
		T(run_down_that_does_not_start_is_put_back),
		T(run_down_is_started_by_systemd),
		T(run_reload_that_ignores_an_older_change_is_well),
		T(run_foreign_master_is_not_touched),
		T(run_unsafe_folder_runs_postconf_alone),
		T(run_no_act_only_writes),
		T(run_aliases_are_built_and_looked_up),
		T(run_table_is_built_aside_and_swapped),
		T(run_table_is_not_built_through_a_link),
		T(run_table_that_is_not_built_writes_nothing),
		T(run_table_without_the_name_writes_nothing),
		T(run_table_that_is_not_whole_writes_nothing),
		T(run_table_that_cannot_be_counted_writes_nothing),
		T(run_table_of_a_type_that_lists_nothing_is_taken),
		T(run_warnings_of_a_table_aside_name_the_file),
		T(run_table_goes_back_with_its_text),
		T(run_other_types_are_built_in_place),
		T(run_text_that_is_missing_writes_nothing),
		T(start_child_tells_steps_and_result),
		T(put_back_before_swap_is_status_3),
		T(start_child_that_dies_needs_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
