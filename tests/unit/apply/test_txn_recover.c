/* SPDX-License-Identifier: MIT
 *
 * What an apply that died left behind, and how the next start ends it.
 */
#include "txn_rig.h"

static void
recover_with_old_wish_puts_old_bytes_back(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	rig_want_both(r);
	t = rig_swap(r);
	rig_write(rig_path(r->etc, "aliases"), "somebody's\n");
	assert_false(txn_put_back(t, &r->d));
	assert_false(txn_end(t, &r->d));
	assert_int_equal(rig_recover(r, TXN_OLD), TXN_UNDONE);
	assert_string_equal(rig_text(r, "aliases"), "old aliases\n");
	assert_string_equal(rig_text(r, "main.cf"), "old main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
}

static void
begin_after_unsettled_apply_is_refused(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	rig_want_both(r);
	t = rig_swap(r);
	rig_write(rig_path(r->etc, "aliases"), "somebody's\n");
	assert_false(txn_put_back(t, &r->d));
	txn_end(t, &r->d);
	diag_clear(&r->d);
	assert_null(rig_begin(r));
	assert_true(rig_says(r, DIAG_APPLY_UNDONE));
	assert_string_equal(rig_state_names(r), "apply.lock journal note");
}

static void
recover_of_unreadable_journal_asks(void **state)
{
	struct rig *r = *state;
	struct txn *t;
	char key[TXN_KEY_BYTES], journal[256];

	rig_want_both(r);
	t = rig_swap(r);
	txn_key(r->etc, key);
	snprintf(journal, sizeof(journal), "%s/%s/journal", r->state, key);
	rig_die(r, t);
	assert_int_equal(truncate(journal, 60), 0);
	assert_int_equal(rig_recover(r, TXN_BY_HASH), TXN_ASK);
	assert_int_equal(rig_recover(r, TXN_KEEP), TXN_KEPT);
	assert_string_equal(rig_text(r, "main.cf"), "new main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
	assert_string_equal(rig_state_names(r), "apply.lock");
}

/* Whoever opens a pipe to write into it waits for a reader, for ever. */
static void
pipe_where_the_journal_goes_is_refused(void **state)
{
	struct rig *r = *state;
	char key[TXN_KEY_BYTES], path[256];
	struct txn *t;

	rig_want_both(r);
	t = rig_begin(r);
	assert_non_null(t);
	assert_true(txn_stage(t, &r->d));
	txn_key(r->etc, key);
	snprintf(path, sizeof(path), "%s/%s/journal.new", r->state, key);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(txn_arm(t, "RELOAD", true, &r->d));
	assert_true(rig_says(r, DIAG_APPLY_STATE));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
	assert_string_equal(rig_state_names(r), "apply.lock");
}

static void
recover_without_state_folder_makes_none(void **state)
{
	struct rig *r = *state;
	struct txn_recovered rec;

	txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
	assert_int_equal(rec.found, TXN_CLEAN);
	assert_int_equal(r->d.n, 0);
	assert_int_equal(access(r->state, F_OK), -1);
}

static void
reader_does_not_keep_a_start_from_recovering(void **state)
{
	struct rig *r = *state;
	struct other o;
	struct txn *t;

	rig_want_both(r);
	t = rig_swap(r);
	rig_die(r, t);
	hold_apply_lock(r, &o, LOCK_SH);
	assert_int_equal(rig_recover(r, TXN_BY_HASH), TXN_FINISHED);
	assert_int_equal(o.sleeps, 0);
}

static int
lock_as_program(struct rig *r)
{
	char key[TXN_KEY_BYTES], path[256];
	int fd;

	txn_key(r->etc, key);
	snprintf(path, sizeof(path), "%s/locks/%s.work", r->state, key);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	return fd;
}

static void
recover_waits_for_programs_of_the_dead(void **state)
{
	struct rig *r = *state;
	struct other p = {.sleeps = 0};
	struct txn_recovered rec;
	struct txn *t;

	rig_want_both(r);
	t = rig_swap(r);
	rig_die(r, t);
	p.lock = lock_as_program(r);
	txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
	assert_int_equal(rec.found, TXN_BUSY); /* it goes on and on: told, not touched */
	assert_true(rig_says(r, DIAG_FILE_BUSY));
	assert_string_equal(rig_state_names(r), "apply.lock journal note");
	txn_recovered_free(&rec);
	p.sleeps = 3;
	r->clock.on_sleep = other_ends;
	r->clock.ctx = &p;
	txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
	assert_int_equal(p.sleeps, 0);
	assert_int_equal(rec.found, TXN_FINISHED);
	txn_recovered_free(&rec);
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
}

static void
state_folder_removed_meanwhile_is_survived(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	rig_want_both(r);
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	nftw(r->state, rig_remove, 16, FTW_DEPTH | FTW_PHYS);
	assert_false(txn_arm(t, "RELOAD", true, &r->d));
	assert_true(rig_says(r, DIAG_APPLY_STATE));
	txn_end(t, &r->d);
	assert_string_equal(rig_text(r, "main.cf"), "old main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
	t = rig_swap(r); /* it is made again */
	assert_non_null(t);
	assert_true(txn_end(t, &r->d));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TWO(recover_with_old_wish_puts_old_bytes_back),
		TWO(begin_after_unsettled_apply_is_refused),
		TWO(recover_of_unreadable_journal_asks),
		TWO(pipe_where_the_journal_goes_is_refused),
		TWO(recover_without_state_folder_makes_none),
		TWO(reader_does_not_keep_a_start_from_recovering),
		TWO(recover_waits_for_programs_of_the_dead),
		TWO(state_folder_removed_meanwhile_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
