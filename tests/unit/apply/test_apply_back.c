/* SPDX-License-Identifier: MIT
 *
 * What is put back: after a start that failed, an ill log, or by somebody's wish.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "apply_rig.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		APPLY_TEST(run_failed_start_puts_everything_back),
		APPLY_TEST(run_ill_log_puts_back_by_reload),
		APPLY_TEST(run_throttled_service_is_stopped_and_started),
		APPLY_TEST(run_still_ill_with_old_files_needs_a_person),
		APPLY_TEST(run_file_changed_meanwhile_is_not_put_back),
		APPLY_TEST(run_wish_after_swap_puts_back),
		APPLY_TEST(run_early_wish_is_not_heard_after_swap),
		APPLY_TEST(run_wish_before_stop_writes_nothing),
		APPLY_TEST(run_wish_after_stop_starts_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
