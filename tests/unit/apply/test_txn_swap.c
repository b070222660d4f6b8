/* SPDX-License-Identifier: MIT
 *
 * Files swapped and put back: both or none, the same inodes again, and nobody else's
 * change is lost on the way.
 */
#include "txn_rig.h"

static void
swap_two_files_replaces_both_and_leaves_nothing(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	rig_want_both(r);
	t = rig_begin(r);
	assert_non_null(t);
	assert_int_equal(access(rig_path(r->etc, "main.cf.tmp"), F_OK), 0);
	assert_true(txn_stage(t, &r->d));
	assert_string_equal(rig_read(txn_temp_path(t, 0)), "new main\n");
	assert_string_equal(rig_text(r, "main.cf"), "old main\n");
	assert_true(txn_arm(t, "RELOAD", true, &r->d));
	assert_string_equal(rig_state_names(r), "apply.lock journal note");
	assert_true(txn_swap(t, &r->d));
	assert_string_equal(rig_text(r, "main.cf"), "new main\n");
	assert_string_equal(rig_read(txn_temp_path(t, 0)), "old main\n");
	assert_true(readfile_is_current(&r->env.fs, r->path[1], txn_new_id(t, 1)));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(rig_text(r, "aliases"), "new aliases\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
	assert_string_equal(rig_state_names(r), "apply.lock");
	assert_int_equal(r->d.n, 0);
}

static void
end_before_swap_leaves_everything_old(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	rig_want_both(r);
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	assert_true(txn_arm(t, NULL, false, &r->d));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(rig_text(r, "main.cf"), "old main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
	assert_string_equal(rig_state_names(r), "apply.lock");
}

static void
put_back_restores_the_same_inodes(void **state)
{
	struct rig *r = *state;
	struct stat before, after;
	struct txn *t;

	assert_int_equal(stat(rig_path(r->etc, "main.cf"), &before), 0);
	rig_want_both(r);
	t = rig_swap(r);
	assert_non_null(t);
	assert_true(txn_put_back(t, &r->d));
	assert_true(txn_end(t, &r->d));
	assert_int_equal(stat(rig_path(r->etc, "main.cf"), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	assert_string_equal(rig_text(r, "main.cf"), "old main\n");
	assert_string_equal(rig_text(r, "aliases"), "old aliases\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
}

static void
put_back_over_foreign_change_keeps_it(void **state)
{
	struct rig *r = *state;
	struct txn_recovered rec;
	struct txn *t;

	rig_want_both(r);
	t = rig_swap(r);
	rig_write(rig_path(r->etc, "aliases"), "somebody's\n");
	assert_false(txn_put_back(t, &r->d));
	assert_false(txn_end(t, &r->d));
	assert_true(rig_says(r, DIAG_APPLY_UNDONE));
	assert_string_equal(rig_text(r, "aliases"), "somebody's\n");
	assert_int_equal(rig_recover(r, TXN_BY_HASH), TXN_ASK);
	txn_recover(&r->env, TXN_KEEP, &rec, &r->d);
	assert_int_equal(rec.found, TXN_KEPT);
	assert_string_equal(rec.actions, "RELOAD");
	assert_true(rec.ran);
	txn_recovered_free(&rec);
	assert_string_equal(rig_text(r, "aliases"), "somebody's\n");
	assert_string_equal(rig_text(r, "main.cf"), "new main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
}

static void
change_on_disk_stops_everything(void **state)
{
	static const struct {
		const char *name, *text; /* NULL: removed */
	} rows[] = {
		{"main.cf", "other main\n"},
		{"main.cf", NULL},
		{"sasl_passwd", "made by somebody\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rig *r = *state;

		rig_write(rig_path(r->etc, "main.cf"), "old main\n");
		rig_want_both(r);
		rig_want(r, "sasl_passwd", "secret\n");
		if (rows[i].text)
			rig_write(rig_path(r->etc, rows[i].name), rows[i].text);
		else
			unlink(rig_path(r->etc, rows[i].name));
		assert_null(rig_begin(r));
		assert_true(rig_says(r, DIAG_FILE_CHANGED));
		assert_string_equal(rig_text(r, "aliases"), "old aliases\n");
		assert_string_equal(rig_text(r, rows[i].name),
			rows[i].text ? rows[i].text : "(none)");
		assert_null(strstr(rig_names(r->etc), "postrelay"));
		assert_null(strstr(rig_names(r->etc), ".tmp"));
		rig_forget(r);
	}
}

static void
change_while_judging_stops_the_swap(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	rig_want_both(r);
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	assert_true(txn_arm(t, "RELOAD", true, &r->d));
	rig_write(rig_path(r->etc, "aliases"), "somebody's\n");
	assert_false(txn_swap(t, &r->d));
	assert_true(rig_says(r, DIAG_FILE_CHANGED));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(rig_text(r, "main.cf"), "old main\n");
	assert_string_equal(rig_text(r, "aliases"), "somebody's\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
}

/* An editor that asks nobody, right between the last look and the exchange. */
static void
editor_saves(void *ctx, const char *call, const char *name)
{
	struct rig *r = ctx;
	const char *own = rig_path(r->dir, "editors");

	if (strcmp(call, "renameat2") != 0 || strcmp(name, "aliases") != 0)
		return;
	r->fs.before = NULL;
	rig_write(own, "somebody's\n");
	assert_int_equal(rename(own, rig_path(r->etc, "aliases")), 0);
}

static void
change_right_before_the_exchange_is_not_lost(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	rig_want_both(r);
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	assert_true(txn_arm(t, "RELOAD", true, &r->d));
	r->fs.before = editor_saves;
	r->fs.ctx = r;
	assert_false(txn_swap(t, &r->d));
	assert_null(r->fs.before);
	assert_true(rig_says(r, DIAG_FILE_CHANGED));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(rig_text(r, "main.cf"), "old main\n");
	assert_string_equal(rig_text(r, "aliases"), "somebody's\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
}

static void
without_exchange_a_copy_goes_back(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	r->fs.exchange_errno = EINVAL;
	r->fs.noreplace_errno = EINVAL;
	rig_want_both(r);
	rig_want(r, "sasl_passwd", "secret\n");
	t = rig_swap(r);
	assert_non_null(t);
	assert_string_equal(rig_text(r, "main.cf"), "new main\n");
	assert_true(txn_put_back(t, &r->d));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(rig_text(r, "main.cf"), "old main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
	t = rig_swap(r);
	assert_true(txn_end(t, &r->d));
	assert_string_equal(rig_text(r, "aliases"), "new aliases\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf sasl_passwd");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TWO(swap_two_files_replaces_both_and_leaves_nothing),
		TWO(end_before_swap_leaves_everything_old),
		TWO(put_back_restores_the_same_inodes),
		TWO(put_back_over_foreign_change_keeps_it),
		TWO(change_on_disk_stops_everything),
		TWO(change_while_judging_stops_the_swap),
		TWO(change_right_before_the_exchange_is_not_lost),
		TWO(without_exchange_a_copy_goes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
