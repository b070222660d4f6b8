/* SPDX-License-Identifier: MIT
 *
 * Waiting for a program, with the scripted runner and with the real one; and what the
 * scripted runner promises to the tests that use it.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "fake/fake_run.h"
#include "sys/run.h"

#define ARGV(...) ((const char *const[]){__VA_ARGS__, NULL})

static void
run_wait_gives_what_the_script_says(void **state)
{
	static const struct fake_cmd script[] = {
		{.argv = "/bin/any ...", .out = "x", .always = true},
		{.argv = "/bin/a *",
			.status = 3,
			.out = "o",
			.err = "e",
			.delay_ms = 5000},
		{.argv = "/bin/b", .start_errno = EACCES},
	};
	struct fake_clock clock = {0};
	struct fake_run f = {.script = script, .n = 3, .clock = &clock};
	struct run_port port = fake_run_port(&f);
	struct run_res res;

	(void)state;
	assert_true(
		run_wait(&port, &(struct run_req){.argv = ARGV("/bin/a", "1")}, &res));
	assert_int_equal(res.end, RUN_EXITED);
	assert_int_equal(res.code, 3);
	assert_string_equal(str_c(&res.out), "o");
	assert_string_equal(str_c(&res.err), "e");
	assert_int_equal(res.ms, 5000);
	run_res_free(&res);
	assert_true(run_wait(
		&port, &(struct run_req){.argv = ARGV("/bin/any", "1", "2")}, &res));
	run_res_free(&res);
	assert_false(run_wait(&port, &(struct run_req){.argv = ARGV("/bin/b")}, &res));
	assert_int_equal(res.end, RUN_NOT_STARTED);
	assert_int_equal(res.sys_errno, EACCES);
	assert_true(fake_run_done(&f));
	assert_string_equal(str_c(&f.log), "/bin/a 1\n/bin/any 1 2\n/bin/b\n");
	fake_run_free(&f);
}

static void
fake_run_notes_what_is_not_in_the_script(void **state)
{
	static const struct fake_cmd script[] = {{.argv = "/bin/a"}};
	struct fake_run f = {.script = script, .n = 1};
	struct run_port port = fake_run_port(&f);
	struct run_res res;

	(void)state;
	assert_false(
		run_wait(&port, &(struct run_req){.argv = ARGV("/bin/a", "b")}, &res));
	assert_string_equal(str_c(&f.mismatch), "ran: /bin/a b\nexpected: /bin/a\n");
	fake_run_free(&f);
}

static void
run_wait_works_on_real_programs(void **state)
{
	struct run_port port = sys_run();
	struct run_res res;

	(void)state;
	assert_true(run_wait(
		&port, &(struct run_req){.argv = ARGV("/bin/echo", "a", "b")}, &res));
	assert_string_equal(str_c(&res.out), "a b\n");
	run_res_free(&res);
	assert_false(run_wait(&port, &(struct run_req){.argv = ARGV("/no/such")}, &res));
	assert_int_equal(res.sys_errno, ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_wait_gives_what_the_script_says),
		cmocka_unit_test(fake_run_notes_what_is_not_in_the_script),
		cmocka_unit_test(run_wait_works_on_real_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
