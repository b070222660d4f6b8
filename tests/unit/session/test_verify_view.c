/* SPDX-License-Identifier: MIT
 *
 * The ladder as a next step: the last proof, as long as it is one.
 */
#include "session/internal.h"
#include "verify_rungs.h"

static void
assert_next(struct machine *x, const char *part)
{
	struct ses_next next = {0};

	assert_true(verify_next(x->s, &next));
	assert_string_equal(next.screen, "verify");
	assert_non_null(strstr(next.text, part));
}

static void
the_last_proof_is_the_next_step(void **state)
{
	struct says is = {0};
	struct ses_next next = {0};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	assert_false(verify_next(x.s, &next));
	ladder_run(&x, TARO, false);
	assert_next(&x, "all 12 rungs ok");
	machine_say(&x, " dns ", "error=notfound\n");
	ladder_run(&x, TARO, false);
	assert_next(&x, "failed: name of the upstream");
	ladder_run(&x, NULL, true); /* a probe is no proof */
	assert_false(verify_next(x.s, &next));
	machine_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_proof_is_the_next_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
