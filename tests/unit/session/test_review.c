/* SPDX-License-Identifier: MIT
 *
 * The Review: what holds an apply, its diff, and that no secret is in it.
 */
#include "session/aliases.h"
#include "session/params.h"
#include "scratch.h"

static void
review_new_error_holds_old_one_does_not(void **state)
{
	struct ses_review r;
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = 10.0.0.5/8\nsoft_bounce = maybe\n", "");
	assert_true(ses_param_set(x.s, "relayhost", "[b]", NULL));
	ses_review(x.s, false, &r);
	assert_int_equal(r.nholds, 0);
	assert_true(r.nstays >= 2);
	assert_true(ses_param_set(x.s, "relayhost", "b.", NULL));
	ses_review(x.s, false, &r);
	assert_int_equal(r.nholds, 1);
	assert_int_equal(r.changes, 1);
	scratch_close(&x);
}

/* What is judged for the review holds for the apply that follows at once. */
static void
review_is_made_once_for_its_apply(void **state)
{
	const struct ses_apply_opts o = {.no_act = true};
	struct ses_review r;
	struct scratch x;
	int status = 0;
	uint64_t gen;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "postmaster: root\n");
	assert_true(ses_param_set(x.s, "relayhost", "b.", NULL));
	ses_review(x.s, true, &r);
	assert_true(r.nholds > 0);
	gen = ses_gen(x.s);
	assert_false(ses_apply_start(x.s, &o, &status, NULL));
	assert_int_equal(status, 1);
	assert_int_equal(ses_gen(x.s), gen);
	scratch_close(&x);
}

/* Only the part with the edits is compared; its lines are counted from the file's start.
 */
static void
review_diff_of_edits_far_apart(void **state)
{
	const char *targets[] = {"new"};
	struct ses_alias_edit e = {.name = "a60", .targets = targets, .n = 1};
	struct str text = {0}, diff = {0};
	struct scratch x;
	uint32_t id, gone;

	(void)state;
	for (int i = 1; i <= 60; i++)
		str_addf(&text, "a%d: t%s", i, i < 60 ? "\n" : "");
	scratch_open(&x, "", str_c(&text));
	assert_true(ses_alias_find(x.s, "a40", &gone));
	assert_true(ses_alias_remove(x.s, gone, NULL));
	assert_true(ses_alias_find(x.s, "a60", &id));
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	ses_review_diff(x.s, &diff);
	assert_non_null(strstr(str_c(&diff),
		"@@ -37,7 +37,6 @@\n a37: t\n a38: t\n a39: t\n-a40: t\n a41: t\n"));
	assert_non_null(strstr(
		str_c(&diff), "@@ -57,4 +56,4 @@\n a57: t\n a58: t\n a59: t\n-a60: t\n"));
	assert_null(strstr(str_c(&diff), "a36"));
	str_free(&diff);
	str_free(&text);
	scratch_close(&x);
}

static void
secrets_in_main_cf_are_masked(void **state)
{
	struct ses_review r;
	struct scratch x;

	(void)state;
	scratch_open(&x, "smtp_sasl_password_maps = static:user:geheim\n", "");
	assert_true(ses_param_set(
		x.s, "smtp_sasl_password_maps", "static:user:anders", NULL));
	ses_review(x.s, false, &r);
	for (size_t i = 0; i < r.nlines; i++) {
		assert_null(strstr(r.lines[i].text, "geheim"));
		assert_null(strstr(r.lines[i].text, "anders"));
	}
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(review_new_error_holds_old_one_does_not),
		cmocka_unit_test(review_is_made_once_for_its_apply),
		cmocka_unit_test(review_diff_of_edits_far_apart),
		cmocka_unit_test(secrets_in_main_cf_are_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
