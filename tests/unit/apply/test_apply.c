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
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/apply.h"
#include "apply/readfile.h"
#include "base/mem.h"
#include "fake/fake_postfix.h"

#define OLD "inet_interfaces = localhost\n"
#define NEW "inet_interfaces = all\n"
#define N(v) (sizeof(v) / sizeof(v)[0])

struct fixture {
	struct fake_postfix pf;
	struct svc svc;
	struct apply_req req;
	struct plan_input in;
	struct plan_file file;
	struct change change;
	struct txn_want want;
	struct fileid loaded;
	struct svc_listen addr;
	char *path;
	struct apply_result r;
	struct str steps; /* one sign a step that ended: o ok, ? doubt, ! bad */
	bool back;
	int backs; /* asked so often */
	int back_at;
};

static enum plan_need
needs(const char *param)
{
	return strcmp(param, "inet_interfaces") == 0 ? PLAN_NEED_RESTART
						     : PLAN_NEED_RELOAD;
}

static bool
emit(const void *src, txn_sink *sink, void *ctx)
{
	return sink(ctx, src, strlen(src));
}

static const char *const well[] = {"S:220 a ESMTP\r\n", "C:EHLO *", "S:250 a\r\n",
	"C:MAIL *", "S:250 Ok\r\n", "C:RCPT *", "S:250 Ok\r\n", "C:RSET\r\n",
	"S:250 Ok\r\n", "C:QUIT\r\n", "S:221 Bye\r\n", NULL};
static const struct fake_service service = {"127.0.0.1", 25, 0, well};

static void
load(struct fixture *x)
{
	struct readfile f;

	assert_int_equal(readfile_load(&x->pf.world.fs, x->path, &f, NULL), READFILE_OK);
	x->loaded = f.id;
	readfile_free(&f);
}

static int
setup(void **state)
{
	struct fixture *x = mem_new(1, sizeof *x);

	fake_postfix_init(&x->pf);
	x->path = str_format("%s/main.cf", x->pf.conf);
	x->svc = (struct svc){.world = &x->pf.world,
		.config_dir = x->pf.conf,
		.command_dir = x->pf.bin,
		.queue_dir = x->pf.queue,
		.proc = x->pf.proc,
		.run_systemd = "/nonexistent"};
	fake_postfix_write(&x->pf, "conf/main.cf", OLD);
	fake_postfix_write(&x->pf, "conf/master.cf", "smtp inet n - n - - smtpd\n");
	fake_postfix_write(&x->pf, "maillog", "");
	x->pf.net = (struct fake_net){.services = &service, .n = 1};
	fake_postfix_start(&x->pf, 4711, NULL);
	load(x);
	x->file = (struct plan_file){.role = PLAN_MAIN_CF, .path = x->path};
	x->change =
		(struct change){CHANGE_PARAM, 0, "inet_interfaces", "localhost", "all"};
	x->in = (struct plan_input){.files = &x->file,
		.nfiles = 1,
		.changes = &x->change,
		.nchanges = 1,
		.needs = needs};
	x->want = (struct txn_want){.path = x->path,
		.loaded = &x->loaded,
		.emit = emit,
		.src = NEW,
		.main_cf = true};
	x->addr = (struct svc_listen){.fam = 4, .addr = {127, 0, 0, 1}};
	x->req = (struct apply_req){.svc = &x->svc,
		.state_dir = x->pf.state,
		.changed = &x->in,
		.want = &x->want,
		.nwant = 1,
		.before = {&x->addr, 1, x->pf.log},
		.after = {&x->addr, 1, x->pf.log}};
	*state = x;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *x = *state;

	apply_result_free(&x->r);
	str_free(&x->steps);
	free(x->path);
	fake_postfix_free(&x->pf);
	free(x);
	return 0;
}

static void
see_step(void *ctx, size_t i, const struct apply_step *s)
{
	struct fixture *x = ctx;

	(void)i;
	if (s->state >= APPLY_OK)
		str_add_char(&x->steps, "wro?!"[s->state]);
}

static bool
wish_back(void *ctx)
{
	struct fixture *x = ctx;

	return ++x->backs == x->back_at;
}

static void
assert_main_cf(struct fixture *x, const char *want)
{
	char *text = fake_postfix_read(&x->pf, "conf/main.cf");

	assert_string_equal(text, want);
	free(text);
}

/* Programs as they are on disk while they run: stop sees the old file, the others the
 * new. */
static void
sees_old_and_stops(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;
	char *text = fake_postfix_read(pf, "conf/main.cf");

	(void)req;
	assert_string_equal(text, OLD);
	fake_postfix_stop(pf, 4711);
	free(text);
}

static void
sees_new_and_starts(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;
	char *text = fake_postfix_read(pf, "conf/main.cf");

	(void)req;
	assert_string_equal(text, NEW);
	fake_postfix_start(pf, 4712, NULL);
	free(text);
}

static void
starts_old(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;
	char *text = fake_postfix_read(pf, "conf/main.cf");

	(void)req;
	assert_string_equal(text, OLD);
	fake_postfix_start(pf, 4711, NULL);
	free(text);
}

static void
says_fatal_in_log(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_write(ctx, "maillog",
		"Nov 24 03:26:09 a postfix/smtpd[77]: fatal: open dictionary\n");
}

#define JUDGE                                                                            \
	{.argv = "postconf -c * -n"},                                                    \
	{                                                                                \
		.argv = "postmap -c * -q x static:x"                                     \
	}

/* Run with this script; argv[0] gets the programs' folder before it. */
static void
run(struct fixture *x, struct fake_cmd *cmds, size_t n)
{
	const struct apply_watch watch = {.ctx = x, .step = see_step, .back = wish_back};

	for (size_t i = 0; i < n; i++)
		cmds[i].argv = str_format("%s/%s", x->pf.bin, cmds[i].argv);
	fake_postfix_script(&x->pf, cmds, n);
	apply_run(&x->req, &watch, &x->r);
	assert_true(fake_run_done(&x->pf.run));
	for (size_t i = 0; i < n; i++)
		free((char *)cmds[i].argv);
}

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
run_failed_start_tells_and_keeps_new_files(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE,
		{.argv = "postfix -c * stop", .act = sees_old_and_stops},
		{.argv = "postfix -c * start",
			.status = 1,
			.err = "postfix/postfix-script: fatal: mail system startup "
			       "failed\n"}};

	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NEEDS_PERSON);
	assert_true(x->r.written);
	assert_main_cf(x, NEW);
	assert_non_null(strstr(x->r.findings.v[0].text, "mail system startup failed"));
	assert_string_equal(str_c(&x->steps), "ooooo!!o");
}

static void
run_ill_log_is_status_5(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE, {.argv = "postfix -c * reload", .act = says_fatal_in_log}};

	x->change.name = "mynetworks";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NEEDS_PERSON);
	assert_non_null(strstr(x->r.findings.v[0].text, "fatal: open dictionary"));
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
		{.argv = "postalias -c * -q root hash:/al", .status = 1}};

	x->file.role = PLAN_ALIASES;
	x->file.in_database = true;
	x->want.main_cf = false;
	x->in.nchanges = 0;
	x->req.lookups = &lookup;
	x->req.nlookups = 1;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NEEDS_PERSON);
	assert_int_equal(x->r.findings.v[0].loc.line, 2);
	assert_int_equal(x->r.findings.v[1].code, DIAG_PF_UNHEALTHY);
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
	struct fake_cmd cmds[] = {
		JUDGE, {.argv = "postfix -c * reload",
			       .status = 1,
			       .err = "postfix: fatal: tab\there \\ back\n"}};
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
	assert_int_equal(r->status, APPLY_NEEDS_PERSON);
	assert_true(r->written);
	assert_int_equal(r->nids, 1);
	assert_true(readfile_is_current(&x->pf.world.fs, x->path, &r->ids[0]));
	assert_int_equal(n, 7);
	assert_int_equal(steps[0].state, APPLY_OK);
	assert_int_equal(steps[4].state, APPLY_BAD);
	assert_non_null(strstr(steps[4].said, "tab\there \\ back"));
	assert_string_equal(steps[4].text, "reload Postfix");
	assert_int_equal(r->findings.v[0].code, DIAG_PF_SAYS);
	assert_int_equal(r->findings.v[0].sev, SEV_ERROR);
	assert_main_cf(x, NEW);
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
	apply_put_back(a);
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
		T(run_refused_candidate_writes_nothing),
		T(run_old_mistake_does_not_hold_back),
		T(run_changed_on_disk_writes_nothing),
		T(run_failed_start_tells_and_keeps_new_files),
		T(run_ill_log_is_status_5),
		T(run_wish_before_stop_writes_nothing),
		T(run_wish_after_stop_starts_again),
		T(run_down_stays_down),
		T(run_foreign_master_is_not_touched),
		T(run_unsafe_folder_runs_postconf_alone),
		T(run_no_act_only_writes),
		T(run_aliases_are_built_and_looked_up),
		T(start_child_tells_steps_and_result),
		T(put_back_before_swap_is_status_3),
		T(start_child_that_dies_needs_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
