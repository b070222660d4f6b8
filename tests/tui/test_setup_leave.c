/* SPDX-License-Identifier: MIT
 *
 * Leaving the guided set-up, and taking it up again: no answer is lost on the way.
 */
#include "tui/setup_walk.h"

static void
text_to_be_added_is_not_lost(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 4);

	(void)state;
	vt_type(v, "192.168.78.0/24");
	vt_keys(v, "Esc");
	assert_step(v, 3);
	vt_assert_row(v, 1, "*0");
	vt_keys(v, "Enter");
	vt_assert_row(v, 0, " > Another  [192.168.78.0/24           ]");
	vt_keys(v, "Up");
	vt_keys(v, "Enter"); /* not in the field: it is added, and the step taken */
	assert_step(v, 5);
	vt_assert_row(v, 1, "*1");
	scratch_close(&s, v);
}

static void
leaving_asks_what_becomes_of_the_answers(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 4);

	(void)state;
	type_enter(v, "192.168.77.0/24");
	walk(v, 4, 6);
	retype(v, "taro@example.co.jp");
	vt_keys(v, "Tab");
	vt_type(v, "sales: hanako@example.co.jp");
	vt_keys(v, "Ctrl-X");
	vt_wait_text(v, 0, "Leave the set-up?");
	vt_keys(v, "k");
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 1, "*3");
	vt_assert_row(
		v, 22, "Set-up was left; 3 changes wait, and nothing is written yet.");
	vt_keys(v, "s");
	walk(v, 1, 4);
	vt_assert_row(v, 0, "   [x] 192.168.77.0/24");
	vt_assert_row(v, 0, " > Another  [                          ]  kept");
	vt_keys(v, "Ctrl-X"); /* nothing was answered this time */
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 1, "*3");
	vt_keys(v, "q k");
	assert_int_equal(vt_wait_exit(v), 0);
	(void)vt_close(v);

	v = scratch_start(&s, "setup", NULL, (struct vt_opts){0});
	vt_wait_text(v, 0, "A draft of yours waits");
	vt_keys(v, "Enter");
	wait_step(v, 1);
	vt_assert_row(v, 1, "*3");
	walk(v, 1, 4);
	vt_assert_row(v, 0, "   [x] 192.168.77.0/24");
	assert_files_as_before(&s, set_up);
	scratch_close(&s, v);
}

/* What can't be an answer isn't dropped behind the person's back. */
static void
leaving_is_held_by_what_cannot_be_kept(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 6);

	(void)state;
	retype(v, "a b|");
	vt_keys(v, "Ctrl-X k");
	vt_wait_gone(v, 0, "Leave the set-up?");
	assert_step(v, 6);
	vt_assert_row(v, 22, "! Nobody can get mail under this target.");
	vt_keys(v, "Ctrl-X x");
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 1, "*0");
	vt_keys(v, "s");
	walk(v, 1, 6);
	vt_keys(v, "Tab");
	vt_type(v, "sales"); /* to whom? */
	for (int i = 0; i < 6; i++) {
		vt_keys(v, "Esc");
	}
	vt_wait_text(v, 0, "Leave the set-up?");
	vt_keys(v, "k");
	assert_step(v, 6);
	vt_wait_text(v, 0, " > Another alias  [sales");
	vt_type(v, ": root");
	for (int i = 0; i < 6; i++) {
		vt_keys(v, "Esc");
	}
	vt_keys(v, "k");
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 1, "*1");
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_to_be_added_is_not_lost),
		cmocka_unit_test(leaving_asks_what_becomes_of_the_answers),
		cmocka_unit_test(leaving_is_held_by_what_cannot_be_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
