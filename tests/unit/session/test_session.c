/* SPDX-License-Identifier: MIT
 *
 * A session as a whole: edits and their undo, what Postfix is asked, and files that
 * somebody else changes meanwhile.
 */
#include "session/aliases.h"
#include "session/params.h"
#include "scratch.h"

static void
undo_and_redo_walk_over_both_files(void **state)
{
	const char *targets[] = {"root"};
	struct ses_alias_edit e = {.name = "test-str-001", .targets = targets, .n = 1};
	uint32_t id = SES_ALIAS_NEW;
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "postmaster: root\n");
	ses_begin(x.s, "both");
	assert_true(ses_param_set(x.s, "relayhost", "[b]", NULL));
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	ses_end(x.s);
	assert_diff(&x, "-relayhost = a\n+relayhost = [b]\n+test-str-001: root\n");
	assert_string_equal(ses_undo(x.s), "both");
	assert_diff(&x, "");
	assert_null(ses_undo(x.s));
	assert_string_equal(ses_redo(x.s), "both");
	assert_diff(&x, "-relayhost = a\n+relayhost = [b]\n+test-str-001: root\n");
	assert_null(ses_redo(x.s));
	scratch_close(&x);
}

static void
changes_set_back_by_hand_are_none(void **state)
{
	const struct ses_change *v;
	struct scratch x;

	(void)state;
	scratch_open(&x, "a = 1\nrelayhost  =x\n", "");
	assert_true(ses_param_set(x.s, "relayhost", "y", NULL));
	assert_int_equal(ses_changes(x.s, &v), 1);
	assert_string_equal(v[0].text, "x -> y");
	assert_int_equal(v[0].mark, '*');
	assert_string_equal(v[0].screen, "relayhost");
	assert_true(ses_param_set(x.s, "relayhost", "x", NULL));
	assert_int_equal(ses_changes(x.s, &v), 0);
	assert_diff(&x, "");
	scratch_close(&x);
}

static void
change_drop_takes_back_one_of_several(void **state)
{
	const struct ses_change *v;
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = x\n", "a: b\n");
	assert_true(ses_param_set(x.s, "relayhost", "y", NULL));
	assert_true(ses_param_set(x.s, "myorigin", "z", NULL));
	assert_int_equal(ses_changes(x.s, &v), 2);
	assert_true(ses_change_drop(x.s, 0, NULL));
	assert_int_equal(ses_changes(x.s, &v), 1);
	assert_diff(&x, "+myorigin = z\n");
	assert_non_null(ses_undo(x.s));
	assert_int_equal(ses_changes(x.s, &v), 2);
	ses_discard(x.s);
	assert_int_equal(ses_changes(x.s, &v), 0);
	scratch_close(&x);
}

/* The first screen holds questions back; what can't wait is asked all the same. */
static void
asking_held_starts_when_let_go(void **state)
{
	struct scratch x;
	int fds[4];

	(void)state;
	scratch_open(&x, "", "");
	ses_hold_asking(x.s, true);
	assert_false(ses_ask(x.s, SES_ASK_DEFAULTS));
	assert_false(ses_step(x.s));
	assert_int_equal(ses_fds(x.s, fds, 4), 0);
	assert_false(ses_ask(x.s, SES_ASK_DEFAULTS));
	ses_hold_asking(x.s, false);
	assert_true(ses_wait(x.s, SES_ASK_DEFAULTS, NULL));
	assert_true(ses_ask(x.s, SES_ASK_DEFAULTS));
	scratch_close(&x);
}

static void
reread_lays_edits_over_outside_changes(void **state)
{
	struct ses_param p;
	const struct ses_clash *clash;
	struct diags d = {0};
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "");
	scratch_write(x.dir, "main.cf", "relayhost = bb\n");
	assert_true(ses_reread(x.s, false, &d));
	ses_param_get(x.s, "relayhost", &p);
	assert_string_equal(p.value, "bb");
	assert_null(ses_others(x.s));
	assert_true(ses_param_set(x.s, "relayhost", "c", NULL));
	scratch_write(x.dir, "main.cf", "relayhost = bb\nmyhostname = ddd\n");
	assert_true(ses_reread(x.s, false, &d));
	assert_int_equal(ses_clashes(x.s, &clash), 0);
	assert_diff(&x, "-relayhost = bb\n+relayhost = c\n");
	assert_non_null(ses_others(x.s));
	assert_non_null(strstr(ses_others(x.s)->v[0].text, "myhostname = ddd"));
	assert_non_null(ses_undo(x.s)); /* all that was laid over is one step */
	assert_int_equal(scratch_changes(&x), 0);
	diag_clear(&d);
	scratch_close(&x);
}

static void
clash_waits_and_is_settled(void **state)
{
	struct ses_param p;
	const struct ses_clash *clash;
	struct diags d = {0};
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "");
	for (int mine = 0; mine < 2; mine++) {
		assert_true(ses_param_set(x.s, "relayhost", "c", NULL));
		scratch_write(x.dir, "main.cf",
			mine ? "relayhost = ee\n" : "relayhost = ddd\n");
		assert_true(ses_reread(x.s, false, &d));
		assert_int_equal(scratch_changes(&x), 0);
		assert_int_equal(ses_clashes(x.s, &clash), 1);
		assert_string_equal(clash[0].mine, "c");
		assert_string_equal(clash[0].theirs, mine ? "ee" : "ddd");
		ses_clashes_tell(x.s, &d);
		assert_int_equal(d.v[0].code, DIAG_FILE_CHANGED);
		diag_clear(&d);
		assert_true(ses_clash_settle(x.s, 0, mine, &d));
		assert_int_equal(ses_clashes(x.s, &clash), 0);
		ses_param_get(x.s, "relayhost", &p);
		assert_string_equal(p.value, mine ? "c" : "ddd");
	}
	assert_true(ses_reread(x.s, true, &d)); /* and discarded */
	scratch_close(&x);
}

static void
reread_keeps_edits_where_the_file_is_gone(void **state)
{
	struct diags d = {0};
	struct scratch x;
	char path[128];

	(void)state;
	scratch_open(&x, "relayhost = a\n", "");
	assert_true(ses_param_set(x.s, "relayhost", "c", NULL));
	(void)snprintf(path, sizeof(path), "%s/main.cf", x.dir);
	assert_int_equal(unlink(path), 0);
	assert_false(ses_reread(x.s, false, &d));
	assert_int_equal(d.v[0].code, DIAG_FILE_MISSING);
	assert_int_equal(scratch_changes(&x), 1);
	diag_clear(&d);
	scratch_close(&x);
}

static void
missing_main_cf_is_a_read_only_session(void **state)
{
	struct ses_status st;
	struct diags d = {0};
	struct scratch x;
	char path[160];

	(void)state;
	scratch_open(&x, "", "");
	snprintf(path, sizeof(path), "%s/main.cf", x.dir);
	unlink(path);
	scratch_reopen(&x);
	ses_status(x.s, &st);
	assert_true(st.read_only);
	assert_non_null(st.why_read_only);
	assert_false(ses_param_set(x.s, "relayhost", "a", &d));
	assert_int_equal(d.v[0].code, DIAG_READ_ONLY);
	diag_clear(&d);
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(undo_and_redo_walk_over_both_files),
		cmocka_unit_test(changes_set_back_by_hand_are_none),
		cmocka_unit_test(change_drop_takes_back_one_of_several),
		cmocka_unit_test(asking_held_starts_when_let_go),
		cmocka_unit_test(reread_lays_edits_over_outside_changes),
		cmocka_unit_test(clash_waits_and_is_settled),
		cmocka_unit_test(reread_keeps_edits_where_the_file_is_gone),
		cmocka_unit_test(missing_main_cf_is_a_read_only_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
