/* SPDX-License-Identifier: MIT
 *
 * The real runner with small real programs.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/run.h"

#define SH(text)                                                                         \
	(const char *const[])                                                            \
	{                                                                                \
		"/bin/sh", "-c", text, NULL                                              \
	}

static struct job *
start(const struct run_req *req)
{
	struct run_port port = sys_run();
	int why = 0;
	struct job *j = port.ops->start(port.self, req, &why);

	assert_int_equal(why, 0);
	assert_non_null(j);
	return j;
}

static struct run_res
end(struct job *j)
{
	struct run_port port = sys_run();
	struct run_res res;

	while (!port.ops->step(port.self, j))
		port.ops->pause(port.self, j, 10000);
	port.ops->finish(port.self, j, &res);
	return res;
}

static struct run_res
run(const struct run_req *req)
{
	return end(start(req));
}

static void
done(struct run_res *res)
{
	str_free(&res->out);
	str_free(&res->err);
}

static void
expect(const struct run_req *req, int code, const char *out, const char *err)
{
	struct run_res res = run(req);

	assert_int_equal(res.end, RUN_EXITED);
	assert_int_equal(res.code, code);
	assert_string_equal(str_c(&res.out), out);
	assert_string_equal(str_c(&res.err), err);
	done(&res);
}

static void
run_program_gives_status_and_both_outputs(void **state)
{
	static const struct {
		const char *script, *input, *out, *err;
		int code;
	} rows[] = {
		{"echo a b", NULL, "a b\n", "", 0},
		{"echo x >&2; exit 7", NULL, "", "x\n", 7},
		{"cat", NULL, "", "", 0},
		{"cat", "given\non stdin", "given\non stdin", "", 0},
		{"printf 'o\\r\\n'; printf 'e\\r\\n' >&2", NULL, "o\r\n", "e\r\n", 0},
		{"[ -t 2 ] && echo tty", NULL, "", "", 1},
		{"ls /proc/self/fd | wc -l", NULL, "4\n", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(&(struct run_req){.argv = SH(rows[i].script),
			       .input = sv_of(rows[i].input)},
			rows[i].code, rows[i].out, rows[i].err);
}

static void
run_environment_is_rebuilt(void **state)
{
	const char *const env[] = {"MAIL_CONFIG=/x", "LD_PRELOAD=/x.so", NULL};

	(void)state;
	setenv("PR_TEST_LEAK", "1", 1);
	expect(&(struct run_req){.argv = (const char *const[]){"/usr/bin/env", NULL},
		       .env = env},
		0, "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nLC_ALL=C\nMAIL_CONFIG=/x\n", "");
}

static void
run_leaked_descriptor_is_not_handed_on(void **state)
{
	int fd = open("/dev/null", O_RDONLY);

	(void)state;
	assert_true(fd > 2);
	expect(&(struct run_req){.argv = SH("ls /proc/self/fd | wc -l")}, 0, "4\n", "");
	close(fd);
}

static void
run_with_tty_speaks_without_controlling_terminal(void **state)
{
	(void)state;
	expect(&(struct run_req){.argv = SH("[ -t 2 ] && ! [ -t 1 ] && echo told >&2;"
					    "(: </dev/tty) 2>/dev/null || echo none"),
		       .tty = true},
		0, "none\n", "told\n");
}

static void
run_with_tty_takes_carriage_returns_away(void **state)
{
	(void)state;
	expect(&(struct run_req){.argv = SH("printf 'a\\r\\nb\\n' >&2"), .tty = true}, 0,
		"", "a\nb\n");
}

static void
run_signals_are_default_in_the_child(void **state)
{
	struct run_res res;
	sigset_t term, old;

	(void)state;
	signal(SIGTERM, SIG_IGN);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &old);
	res = run(&(struct run_req){.argv = SH("kill -TERM $$; echo alive")});
	sigprocmask(SIG_SETMASK, &old, NULL);
	signal(SIGTERM, SIG_DFL);
	assert_int_equal(res.end, RUN_SIGNALLED);
	assert_int_equal(res.code, SIGTERM);
	assert_int_equal(res.out.n, 0);
	done(&res);
}

static void
start_missing_program_says_why(void **state)
{
	static const struct {
		const char *path;
		int why;
	} rows[] = {
		{"/nonexistent/program", ENOENT},
		{"/etc/passwd", EACCES},
		{"echo", EINVAL},
	};
	struct run_port port = sys_run();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int why = 0;
		struct run_req req = {.argv = (const char *const[]){rows[i].path, NULL}};

		assert_null(port.ops->start(port.self, &req, &why));
		assert_int_equal(why, rows[i].why);
	}
}

static void
run_past_limit_is_ended(void **state)
{
	static const char *const scripts[] = {
		"echo before; exec sleep 600",
		"trap '' TERM; echo before; sleep 600; sleep 600",
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct run_res res =
			run(&(struct run_req){.argv = SH(scripts[i]), .timeout_ms = 300});

		assert_int_equal(res.end, RUN_TIMEOUT);
		assert_string_equal(str_c(&res.out), "before\n");
		done(&res);
	}
}

/* The daemon that a child leaves behind holds both descriptors: the end is the exit. */
static void
run_background_child_does_not_keep_the_job(void **state)
{
	char pid[32];
	bool tty[] = {false, true};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct run_res res = run(&(struct run_req){
			.argv = SH("sleep 600 & echo $!; echo said >&2"),
			.tty = tty[i],
			.timeout_ms = 30000});

		assert_int_equal(res.end, RUN_EXITED);
		assert_string_equal(str_c(&res.err), "said\n");
		assert_true(res.out.n > 1 && res.out.n < sizeof(pid));
		memcpy(pid, res.out.p, res.out.n + 1);
		assert_int_equal(kill((pid_t)strtol(pid, NULL, 10), SIGKILL), 0);
		done(&res);
	}
}

static void
run_never_kill_past_limit_goes_on(void **state)
{
	char dir[] = "/tmp/pr-run-XXXXXX", script[256];
	struct run_port port = sys_run();
	struct stat st;
	struct job *j;
	struct run_res res;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(script, sizeof(script),
		"while ! [ -e %s/go ]; do sleep 0.05; done; echo late; echo late >&2; "
		": >%s/done",
		dir, dir);
	j = start(&(struct run_req){
		.argv = SH(script), .never_kill = true, .timeout_ms = 100});
	port.ops->cancel(port.self, j);
	res = end(j);
	assert_int_equal(res.end, RUN_TIMEOUT);
	done(&res);
	snprintf(script, sizeof(script),
		": >%s/go; while ! [ -e %s/done ]; do sleep 0.05; done", dir, dir);
	expect(&(struct run_req){.argv = SH(script), .timeout_ms = 20000}, 0, "", "");
	snprintf(script, sizeof(script), "%s/done", dir);
	assert_int_equal(stat(script, &st), 0);
	snprintf(script, sizeof(script), "rm -r %s", dir);
	expect(&(struct run_req){.argv = SH(script)}, 0, "", "");
}

static void
cancel_ends_the_whole_group(void **state)
{
	struct run_port port = sys_run();
	struct run_res res;
	struct job *j = start(&(struct run_req){.argv = SH("sleep 600 | sleep 600")});

	(void)state;
	port.ops->cancel(port.self, j);
	res = end(j);
	assert_int_equal(res.end, RUN_SIGNALLED);
	assert_int_equal(res.code, SIGTERM);
	done(&res);
}

static void
finish_before_the_end_ends_it(void **state)
{
	struct run_port port = sys_run();
	struct run_res res;
	struct job *j = start(&(struct run_req){.argv = SH("exec sleep 600")});

	(void)state;
	port.ops->finish(port.self, j, &res);
	assert_int_equal(res.end, RUN_TIMEOUT);
	done(&res);
}

static void
run_long_output_is_cut_and_told(void **state)
{
	struct run_res res;

	(void)state;
	res = run(&(struct run_req){
		.argv = SH("i=0; while [ $i -lt 40000 ]; do echo 0123456789; "
			   "i=$((i+1)); done; echo end >&2"),
		.out_max = 1000});
	assert_int_equal(res.end, RUN_EXITED);
	assert_int_equal(res.out.n, 1000);
	assert_true(res.truncated);
	assert_string_equal(str_c(&res.err), "end\n");
	done(&res);
}

static void
run_large_input_and_output_do_not_block(void **state)
{
	const size_t n = 3 << 20;
	char *big = test_malloc(n);
	struct run_res res;

	(void)state;
	memset(big, 'x', n);
	res = run(&(struct run_req){.argv = SH("cat"), .input = sv_make(big, n)});
	assert_int_equal(res.end, RUN_EXITED);
	assert_int_equal(res.out.n, n);
	assert_false(res.truncated);
	done(&res);
	test_free(big);
}

static void
run_with_closed_standard_descriptors_works(void **state)
{
	int keep = fcntl(0, F_DUPFD_CLOEXEC, 10);

	(void)state;
	close(0);
	expect(&(struct run_req){.argv = SH("cat; echo o; echo e >&2"),
		       .input = sv_of("i\n")},
		0, "i\no\n", "e\n");
	if (keep >= 0) {
		dup2(keep, 0);
		close(keep);
	}
}

static void
run_held_lock_lasts_as_long_as_the_program(void **state)
{
	char path[] = "/tmp/pr-held-XXXXXX";
	int held = mkostemp(path, O_CLOEXEC), other = open(path, O_RDWR | O_CLOEXEC);
	struct run_port port = sys_run();
	struct run_res res;
	struct job *j;

	(void)state;
	assert_true(held >= 0 && other >= 0);
	assert_int_equal(flock(held, LOCK_EX | LOCK_NB), 0);
	expect(&(struct run_req){.argv = SH("cat"), .held = held}, 0, "", "");
	j = start(&(struct run_req){.argv = SH("exec sleep 600"), .held = held});
	close(held); /* as the death of its owner does */
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
	port.ops->cancel(port.self, j);
	res = end(j);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
	done(&res);
	close(other);
	unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_program_gives_status_and_both_outputs),
		cmocka_unit_test(run_environment_is_rebuilt),
		cmocka_unit_test(run_leaked_descriptor_is_not_handed_on),
		cmocka_unit_test(run_with_tty_speaks_without_controlling_terminal),
		cmocka_unit_test(run_with_tty_takes_carriage_returns_away),
		cmocka_unit_test(run_signals_are_default_in_the_child),
		cmocka_unit_test(start_missing_program_says_why),
		cmocka_unit_test(run_past_limit_is_ended),
		cmocka_unit_test(run_background_child_does_not_keep_the_job),
		cmocka_unit_test(run_never_kill_past_limit_goes_on),
		cmocka_unit_test(cancel_ends_the_whole_group),
		cmocka_unit_test(finish_before_the_end_ends_it),
		cmocka_unit_test(run_long_output_is_cut_and_told),
		cmocka_unit_test(run_large_input_and_output_do_not_block),
		cmocka_unit_test(run_with_closed_standard_descriptors_works),
		cmocka_unit_test(run_held_lock_lasts_as_long_as_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
