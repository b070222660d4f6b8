/* SPDX-License-Identifier: MIT
 *
 * An apply in a process of its own: its steps, its result, and its death.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "apply_rig.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		APPLY_TEST(start_child_tells_steps_and_result),
		APPLY_TEST(put_back_before_swap_is_status_3),
		APPLY_TEST(start_child_that_dies_needs_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
