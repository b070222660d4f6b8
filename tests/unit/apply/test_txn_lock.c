/* SPDX-License-Identifier: MIT
 *
 * Locks: against another apply, somebody who only looks, postconf -e and its main.cf.tmp;
 * and the folder that holds them.
 */
#include "txn_rig.h"

static void
recover_while_another_applies_is_busy(void **state)
{
	struct rig *r = *state;
	struct txn_recovered rec;
	struct txn *t;

	rig_want_both(r);
	t = rig_swap(r);
	txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
	assert_int_equal(rec.found, TXN_BUSY);
	assert_int_equal(r->clock.sleeps, 0); /* no start waits for it */
	assert_null(rig_begin(r));
	assert_true(rig_says(r, DIAG_FILE_BUSY));
	assert_true(r->clock.ms >= 2000 && r->clock.ms < 3000);
	assert_true(txn_end(t, &r->d));
	assert_string_equal(rig_text(r, "main.cf"), "new main\n");
}

/* Somebody reads the history, or starts, in that very instant. */
static void
start_waits_for_others_that_only_look(void **state)
{
	static const int how[] = {LOCK_SH, LOCK_EX};
	struct rig *r = *state;
	struct other o;
	struct txn_recovered rec;

	rig_want_both(r);
	assert_true(txn_end(rig_swap(r), &r->d));
	for (size_t i = 0; i < 2; i++) {
		hold_apply_lock(r, &o, how[i]);
		txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
		assert_int_equal(o.sleeps, 0);
		assert_int_equal(rec.found, TXN_CLEAN);
	}
	assert_int_equal(r->d.n, 0);
}

/* Another writer by Postfix's protocol. */
struct writer {
	const char *tmp, *target;
	int fd, sleeps;
};

static void
writer_commits(void *ctx)
{
	struct writer *w = ctx;

	if (++w->sleeps != 3)
		return;
	assert_int_equal(rename(w->tmp, w->target), 0);
	close(w->fd);
}

static void
postconf_is_waited_for_and_its_change_seen(void **state)
{
	struct rig *r = *state;
	char tmp[256];
	struct writer w = {.tmp = tmp, .target = NULL};

	snprintf(tmp, sizeof(tmp), "%s/main.cf.tmp", r->etc);
	w.fd = open(tmp, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(flock(w.fd, LOCK_EX), 0);
	assert_int_equal(write(w.fd, "postconf\n", 9), 9);
	rig_want(r, "main.cf", "new main\n");
	w.target = r->path[0];
	r->clock.on_sleep = writer_commits;
	r->clock.ctx = &w;
	assert_null(rig_begin(r));
	assert_int_equal(w.sleeps, 3);
	assert_true(rig_says(r, DIAG_FILE_CHANGED));
	assert_string_equal(rig_text(r, "main.cf"), "postconf\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
}

static void
postconf_that_never_ends_makes_it_busy(void **state)
{
	struct rig *r = *state;
	const char *tmp = rig_path(r->etc, "main.cf.tmp");
	int fd = open(tmp, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_int_equal(flock(fd, LOCK_EX), 0);
	rig_want(r, "main.cf", "new main\n");
	assert_null(rig_begin(r));
	assert_true(rig_says(r, DIAG_FILE_BUSY));
	assert_true(r->clock.ms >= 2000 && r->clock.ms < 3000);
	assert_int_equal(access(rig_path(r->etc, "main.cf.tmp"), F_OK), 0);
	close(fd);
}

static void
postconf_waits_for_us(void **state)
{
	struct rig *r = *state;
	struct txn *t;
	int fd;

	rig_want(r, "main.cf", "new main\n");
	t = rig_swap(r);
	fd = open(rig_path(r->etc, "main.cf.tmp"), O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
	assert_true(txn_end(t, &r->d));
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	close(fd);
}

static void
left_over_main_cf_tmp_with_text_stays(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	rig_write(rig_path(r->etc, "main.cf.tmp"), "half of it");
	rig_want(r, "main.cf", "new main\n");
	t = rig_swap(r);
	assert_non_null(t);
	assert_true(txn_end(t, &r->d));
	assert_string_equal(rig_text(r, "main.cf.tmp"), "half of it");
}

static void
main_cf_tmp_that_is_no_file_is_refused(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 3; i++) {
		const char *tmp = rig_path(r->etc, "main.cf.tmp");

		if (i == 0)
			assert_int_equal(symlink("aliases", tmp), 0);
		else if (i == 1)
			assert_int_equal(mkfifo(tmp, 0600), 0);
		else
			assert_int_equal(mkdir(tmp, 0700), 0);
		rig_want(r, "main.cf", "new main\n");
		assert_null(rig_begin(r));
		assert_true(rig_says(r, DIAG_FILE_UNSAFE));
		rig_forget(r);
		assert_int_equal(remove(tmp), 0);
	}
	assert_string_equal(rig_text(r, "aliases"), "old aliases\n");
}

static void
state_folder_of_others_is_refused(void **state)
{
	struct rig *r = *state;

	assert_int_equal(mkdir(r->state, 0750), 0);
	rig_want_both(r);
	assert_null(rig_begin(r));
	assert_true(rig_says(r, DIAG_APPLY_STATE));
	assert_int_equal(rename(r->state, rig_path(r->dir, "elsewhere")), 0);
	assert_int_equal(chmod(rig_path(r->dir, "elsewhere"), 0700), 0);
	assert_int_equal(symlink("elsewhere", r->state), 0);
	diag_clear(&r->d);
	assert_null(rig_begin(r));
	assert_true(rig_says(r, DIAG_APPLY_STATE));
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TWO(recover_while_another_applies_is_busy),
		TWO(start_waits_for_others_that_only_look),
		TWO(postconf_is_waited_for_and_its_change_seen),
		TWO(postconf_that_never_ends_makes_it_busy),
		TWO(postconf_waits_for_us),
		TWO(left_over_main_cf_tmp_with_text_stays),
		TWO(main_cf_tmp_that_is_no_file_is_refused),
		TWO(state_folder_of_others_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
