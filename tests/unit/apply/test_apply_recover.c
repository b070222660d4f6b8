/* SPDX-License-Identifier: MIT
 *
 * What a killed apply has left is ended by the next start: Postfix is brought to the
 * files and looked at, and files that it is not well with don't stay. The one that dies
 * is a process of its own, which ends where a program would have run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply_rig.h"

static void
dies(void *ctx, const struct run_req *req)
{
	(void)ctx;
	(void)req;
	_exit(9);
}

static void
stops_4711(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_stop(ctx, 4711);
}

/* The apply dies at the last command. */
static void
die_applying(struct fixture *x, struct fake_cmd *cmds, size_t n)
{
	int status = 0;
	pid_t pid;

	cmds[n - 1].act = dies;
	script(x, cmds, n);
	pid = fork();
	if (pid == 0) {
		apply_run(&x->req, NULL, &x->r);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 9);
	unscript(cmds, n);
}

static bool
dies_after_swap(void *ctx, bool swapped)
{
	(void)ctx;
	if (swapped)
		_exit(9);
	return false;
}

/* The apply dies as soon as the files are in place. */
static void
die_looking(struct fixture *x, struct fake_cmd *cmds, size_t n)
{
	const struct apply_watch watch = {.back = dies_after_swap};
	int status = 0;
	pid_t pid;

	script(x, cmds, n);
	pid = fork();
	if (pid == 0) {
		apply_run(&x->req, &watch, &x->r);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 9);
	unscript(cmds, n);
}

/* The status; what was found goes to x->r.findings. */
static int
recover_so(struct fixture *x, bool no_service, struct fake_cmd *cmds, size_t n)
{
	const struct apply_recovery how = {
		.svc = &x->svc, .state_dir = x->pf.state, .no_service = no_service};
	int status;

	diag_clear(&x->r.findings);
	script(x, cmds, n);
	status = apply_recover(&how, &x->r.findings);
	assert_true(fake_run_done(&x->pf.run));
	unscript(cmds, n);
	return status;
}

static int
recover(struct fixture *x, struct fake_cmd *cmds, size_t n)
{
	return recover_so(x, false, cmds, n);
}

/* Nothing of ours is beside the files, and the next recovery has nothing to do. */
static void
assert_settled(struct fixture *x, const char *main_cf)
{
	assert_no_litter(x);
	assert_main_cf(x, main_cf);
	assert_int_equal(recover(x, NULL, 0), APPLY_DONE);
	assert_int_equal(x->r.findings.n, 0);
}

static void
die_at_reload(struct fixture *x)
{
	struct fake_cmd cmds[] = {JUDGE, {.argv = "postfix -c * reload"}};

	x->change.name = "mynetworks";
	die_applying(x, cmds, N(cmds));
	assert_main_cf(x, NEW);
}

static void
die_at_start(struct fixture *x)
{
	struct fake_cmd cmds[] = {JUDGE,
		{.argv = "postfix -c * stop", .act = sees_old_and_stops},
		{.argv = "postfix -c * start"}};

	die_applying(x, cmds, N(cmds));
	assert_main_cf(x, NEW);
}

static void
new_files_stay_where_postfix_is_well(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postfix -c * reload"}};

	die_at_reload(x);
	assert_int_equal(recover(x, cmds, N(cmds)), APPLY_DONE);
	assert_int_equal(x->r.findings.v[0].code, DIAG_APPLY_UNDONE);
	assert_settled(x, NEW);
}

static void
new_files_go_where_postfix_is_ill(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "postfix -c * reload", .act = says_fatal_in_log},
		{.argv = "postfix -c * reload"}};

	die_at_reload(x);
	assert_int_equal(recover(x, cmds, N(cmds)), APPLY_DONE);
	assert_false(diag_has_error(&x->r.findings));
	assert_settled(x, OLD);
}

static void
stopped_postfix_is_started(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "postfix -c * start", .act = sees_new_and_starts}};

	die_at_start(x);
	assert_int_equal(recover(x, cmds, N(cmds)), APPLY_DONE);
	assert_settled(x, NEW);
}

static void
files_with_which_it_does_not_start_go(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "postfix -c * start", .status = 1, .err = "postfix: fatal: a\n"},
		{.argv = "postfix -c * start", .act = starts_old}};

	die_at_start(x);
	assert_int_equal(recover(x, cmds, N(cmds)), APPLY_DONE);
	assert_settled(x, OLD);
}

static void
ill_with_old_files_too_needs_a_person(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "postfix -c * start", .status = 1, .err = "postfix: fatal: a\n"},
		{.argv = "postfix -c * start",
			.status = 1,
			.err = "postfix: fatal: a\n"}};

	die_at_start(x);
	assert_int_equal(recover(x, cmds, N(cmds)), APPLY_NEEDS_PERSON);
	assert_true(diag_has_error(&x->r.findings));
	assert_settled(x, OLD);
}

/* What was ill before that apply is not its fault: the journal remembers. */
static void
old_illness_does_not_count(void **state)
{
	static const char *const ill[] = {"S:451 4.3.0 a\r\n", "...", NULL};
	static const struct fake_service bad = {"127.0.0.1", 25, 0, ill};
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postfix -c * reload"}};

	x->pf.net = (struct fake_net){.services = &bad, .n = 1};
	die_at_reload(x);
	assert_int_equal(recover(x, cmds, N(cmds)), APPLY_DONE);
	assert_settled(x, NEW);
}

/* What joins it while recovery looks is freed once. */
static void
restart_that_was_due_before_does_not_count(void **state)
{
	static const char *const ill[] = {"S:451 4.3.0 a\r\n", "...", NULL};
	static const struct fake_service bad = {"127.0.0.1", 25, 0, ill};
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "postfix -c * reload", .act = says_ignored_in_log}};

	x->pf.net = (struct fake_net){.services = &bad, .n = 1};
	die_at_reload(x);
	assert_int_equal(recover(x, cmds, N(cmds)), APPLY_DONE);
	assert_settled(x, NEW);
}

static void
death_while_recovering_is_recovered(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postfix -c * reload", .act = dies}};
	struct fake_cmd again[] = {
		{.argv = "postfix -c * reload", .act = says_fatal_in_log},
		{.argv = "postfix -c * reload", .act = dies}};
	struct fake_cmd last[] = {{.argv = "postfix -c * reload"}};
	int status;

	die_at_reload(x);
	if (fork() == 0)
		_exit(recover(x, cmds, N(cmds)));
	assert_int_equal(wait(&status) > 0 ? WEXITSTATUS(status) : 0, 9);
	assert_main_cf(x, NEW);
	if (fork() == 0)
		_exit(recover(x, again, N(again)));
	assert_int_equal(wait(&status) > 0 ? WEXITSTATUS(status) : 0, 9);
	assert_main_cf(x, OLD);
	assert_int_equal(recover(x, last, N(last)), APPLY_DONE);
	assert_settled(x, OLD);
}

/* The old main.cf is nowhere any more: it can't come back. */
static void
without_old_bytes_there_is_no_way_back(void **state)
{
	struct fixture *x = *state;
	char *names[] = {x->pf.conf, NULL};
	struct fake_cmd cmds[] = {
		{.argv = "postfix -c * reload", .act = says_fatal_in_log}};
	FTS *t;
	FTSENT *e;

	die_at_reload(x);
	t = fts_open(names, FTS_PHYSICAL, NULL);
	while ((e = fts_read(t)) != NULL)
		if (e->fts_name[0] == '.' && e->fts_level > 0)
			assert_int_equal(unlink(e->fts_path), 0);
	fts_close(t);
	assert_int_equal(recover(x, cmds, N(cmds)), APPLY_NEEDS_PERSON);
	assert_main_cf(x, NEW);
}

/* Killed before the swap, Postfix stopped by then: the old files, and it runs again. */
static void
death_before_swap_starts_what_was_stopped(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE, {.argv = "postfix -c * stop"}};
	struct fake_cmd again[] = {{.argv = "postfix -c * start", .act = starts_old}};

	die_applying(x, cmds, N(cmds));
	stops_4711(&x->pf, NULL);
	assert_int_equal(recover(x, again, N(again)), APPLY_DONE);
	assert_settled(x, OLD);
}

/* Somebody has built the table meanwhile: it is neither the old nor the new one, and is
 * built again from the text that stays. */
static void
table_of_somebody_else_is_built_again(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postalias -c * *", .act = builds},
		{.argv = "postalias -c * -s *", .out = "a\n"}};
	char *again = str_format("postalias -c * hash:%s/al", x->pf.conf);
	struct fake_cmd rebuild[] = {
		{.argv = again, .act = builds}, {.argv = "postfix -c * reload"}};
	change_aliases(x, "hash");
	fake_postfix_write(&x->pf, "conf/al.db", "old table");
	die_looking(x, cmds, N(cmds));
	assert_file(x, "conf/al", NEW);
	assert_file(x, "conf/al.db", NEW);
	fake_postfix_write(&x->pf, "conf/al.db", "somebody's");
	assert_int_equal(recover(x, rebuild, N(rebuild)), APPLY_DONE);
	assert_file(x, "conf/al.db", NEW);
	assert_no_litter(x);
	free(again);
}

/* --- the history -------------------------------------------------------------------
 */

static const struct hist_about about = {
	.who = "", .terminal = "", .keep = {100, 100, 100}};

static void
assert_ended(struct fixture *x, enum hist_end want)
{
	const struct txn_env env = {
		x->pf.world.fs, x->pf.world.clock, x->pf.state, x->pf.conf};
	struct hist_list l;

	hist_load(&env, false, &l, NULL);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.v[0].end, want);
	hist_free(&l);
}

static void
history_tells_what_recovery_made_of_it(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postfix -c * reload"}};

	x->req.history = &about;
	die_at_reload(x);
	assert_ended(x, HIST_OPEN);
	assert_int_equal(recover(x, cmds, N(cmds)), APPLY_DONE);
	assert_ended(x, HIST_HEALTHY);
}

static void
history_tells_that_recovery_put_it_back(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd ill[] = {
		{.argv = "postfix -c * reload", .act = says_fatal_in_log},
		{.argv = "postfix -c * reload"}};

	x->req.history = &about;
	die_at_reload(x);
	assert_int_equal(recover(x, ill, N(ill)), APPLY_DONE);
	assert_ended(x, HIST_PUT_BACK);
}

/* --- the machine went down, too ----------------------------------------------------
 */

/* With the old files it did run; whether it does with the new ones nobody has seen. */
static void
unseen_files_go_before_postfix_is_started(void **state)
{
	struct fixture *x = *state;

	x->req.history = &about;
	die_at_start(x);
	assert_int_equal(recover_so(x, true, NULL, 0), APPLY_DONE);
	assert_ended(x, HIST_PUT_BACK);
	assert_int_equal(x->r.findings.n, 1);
	assert_int_equal(x->r.findings.v[0].code, DIAG_APPLY_UNDONE);
	assert_settled(x, OLD);
}

static void
unseen_table_goes_with_its_text(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "postalias -c * *", .act = builds},
		{.argv = "postalias -c * -s *", .out = "a\n"}};

	change_aliases(x, "hash");
	fake_postfix_write(&x->pf, "conf/al.db", "old table");
	die_looking(x, cmds, N(cmds));
	fake_postfix_stop(&x->pf, 4711);
	assert_int_equal(recover_so(x, true, NULL, 0), APPLY_DONE);
	assert_file(x, "conf/al", OLD);
	assert_file(x, "conf/al.db", "old table");
	assert_no_litter(x);
}

/* A table that was built in place follows its text, without Postfix. */
static void
table_in_place_is_built_before_postfix_is_started(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "newaliases -C *"}};
	struct fake_cmd again[] = {{.argv = "newaliases -C *"}};

	change_aliases(x, "dbm");
	die_applying(x, cmds, N(cmds));
	fake_postfix_stop(&x->pf, 4711);
	assert_int_equal(recover_so(x, true, again, N(again)), APPLY_DONE);
	assert_file(x, "conf/al", OLD);
	assert_no_litter(x);
}

/* Nothing ran when it was cut off: there was nothing to see, as with any apply then. */
static void
files_of_a_stopped_postfix_stay_new(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "newaliases -C *"}};
	struct fake_cmd again[] = {{.argv = "newaliases -C *"}};

	fake_postfix_stop(&x->pf, 4711);
	change_aliases(x, "dbm");
	die_applying(x, cmds, N(cmds));
	assert_int_equal(recover_so(x, true, again, N(again)), APPLY_DONE);
	assert_file(x, "conf/al", NEW);
	assert_no_litter(x);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(new_files_stay_where_postfix_is_well),
		T(new_files_go_where_postfix_is_ill),
		T(stopped_postfix_is_started),
		T(files_with_which_it_does_not_start_go),
		T(ill_with_old_files_too_needs_a_person),
		T(old_illness_does_not_count),
		T(restart_that_was_due_before_does_not_count),
		T(death_while_recovering_is_recovered),
		T(without_old_bytes_there_is_no_way_back),
		T(death_before_swap_starts_what_was_stopped),
		T(table_of_somebody_else_is_built_again),
		T(history_tells_what_recovery_made_of_it),
		T(history_tells_that_recovery_put_it_back),
		T(unseen_files_go_before_postfix_is_started),
		T(unseen_table_goes_with_its_text),
		T(table_in_place_is_built_before_postfix_is_started),
		T(files_of_a_stopped_postfix_stay_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
