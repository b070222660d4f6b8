/* SPDX-License-Identifier: MIT
 *
 * The history when a call of an apply fails, or the process dies there.
 */
#include "history_rig.h"

enum { MAX_CALLS = 3000 };

static void
set_up_each(struct rig *r)
{
	rig_up(r, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	rig_write(rig_path(r->etc, "main.cf"), "zero\n");
	rig_write(rig_path(r->etc, "aliases"), "old aliases\n");
	change(r, "main.cf", "old main\n", HIST_HEALTHY);
	rig_forget(r);
	rig_want(r, "main.cf", "new main\n");
	rig_want(r, "aliases", "new aliases\n");
}

/* Every entry that is there can be gone back to. */
static void
assert_history_sound(struct rig *r, int n)
{
	struct hist_list l;
	bool new = strcmp(rig_read(r->path[0]), "new main\n") == 0;

	hist_load(&r->env, false, &l, &r->d);
	if (l.n < 1 || l.n > 2)
		fail_msg("call %d: %zu entries", n, l.n);
	assert_bytes(r, &l, 0, 0, false, "zero\n");
	if (l.n == 2) {
		assert_bytes(r, &l, 1, 0, false, "old main\n");
		assert_bytes(r, &l, 1, 1, false, "old aliases\n");
		assert_bytes(r, &l, 1, 1, true, "new aliases\n");
	} else if (new) {
		fail_msg("call %d: replaced, and nothing is kept", n);
	}
	hist_free(&l);
}

static void
each_failing_call_keeps_a_sound_history(void **state)
{
	struct hist_about a = about();
	bool hit = true;
	int n = 1;

	(void)state;
	for (; hit && n < MAX_CALLS; n++) {
		struct rig r;
		bool done;

		set_up_each(&r);
		r.fs.calls = 0;
		r.fs.fail_at = n;
		r.fs.fail_errno = ENOSPC;
		done = apply(&r, &a, HIST_HEALTHY) != 0;
		hit = r.fs.calls >= n;
		if (!done && r.d.n == 0)
			fail_msg("call %d: refused without a word", n);
		fake_fs_revive(&r.fs);
		if (!done && strcmp(rig_read(r.path[0]), "old main\n") == 0 &&
			strcmp(r.fs.failed ? r.fs.failed : "", "unlinkat") != 0)
			assert_null(strstr(rig_names(in_history(&r, "")), "new"));
		assert_history_sound(&r, n);
		rig_down(&r);
	}
	assert_true(n > 150 && n < MAX_CALLS);
}

static void
death_at_each_call_keeps_a_sound_history(void **state)
{
	struct hist_about a = about();
	bool hit = true;
	int n = 1;

	(void)state;
	for (; hit && n < MAX_CALLS; n++) {
		struct txn_recovered rec;
		struct rig r;

		set_up_each(&r);
		r.fs.calls = 0;
		r.fs.fail_at = n;
		r.fs.die = true;
		apply(&r, &a, HIST_HEALTHY);
		hit = r.fs.dead;
		fake_fs_revive(&r.fs);
		txn_recover(&r.env, TXN_BY_HASH, &rec, &r.d);
		txn_recovered_free(&rec);
		assert_history_sound(&r, n);
		/* What the dead one left is no hindrance, and goes. */
		change(&r, "main.cf", "newest\n", HIST_HEALTHY);
		assert_null(strstr(rig_names(in_history(&r, "")), "new"));
		rig_down(&r);
	}
	assert_true(n > 150 && n < MAX_CALLS);
}

/* Only the entry of that very apply gets its end. */
static void
end_of_a_dead_apply_goes_to_no_other_entry(void **state)
{
	struct rig *r = *state;
	struct hist_about a = about();
	struct hist_list l;
	struct txn *t;

	rig_write(rig_path(r->etc, "main.cf"), "a\n");
	rig_want(r, "main.cf", "b\n");
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	assert_int_equal(hist_keep_copies(t, &a, "", &r->d), 1);
	txn_end(t, &r->d);
	rig_forget(r);
	rig_want(r, "main.cf", "c\n");
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	hist_settle(t, HIST_PUT_BACK);
	txn_end(t, &r->d);
	hist_load(&r->env, false, &l, &r->d);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.v[0].end, HIST_OPEN);
	hist_free(&l);
}

/* An apply that died while it kept copies: they hold what the files hold. */
static void
recover_removes_an_entry_that_was_never_whole(void **state)
{
	struct rig *r = *state;
	struct txn_recovered rec;

	change(r, "main.cf", "one\n", HIST_WRITTEN);
	rig_write(in_history(r, "new"), "a password\n");
	txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
	assert_int_equal(rec.found, TXN_CLEAN);
	txn_recovered_free(&rec);
	assert_int_equal(access(in_history(r, "new"), F_OK), -1);
	assert_int_equal(access(in_history(r, "1"), F_OK), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_failing_call_keeps_a_sound_history),
		cmocka_unit_test(death_at_each_call_keeps_a_sound_history),
		KEPT(end_of_a_dead_apply_goes_to_no_other_entry),
		KEPT(recover_removes_an_entry_that_was_never_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
