/* SPDX-License-Identifier: MIT
 *
 * The transaction where the disk does what it is told.
 */
#include "txn_rig.h"

#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#define BASE "/tmp"

static int
up(void **state)
{
	struct rig *r = test_malloc(sizeof(*r));

	rig_up(r, BASE);
	rig_write(rig_path(r->etc, "main.cf"), "old main\n");
	rig_write(rig_path(r->etc, "aliases"), "old aliases\n");
	*state = r;
	return 0;
}

static int
down(void **state)
{
	rig_down(*state);
	test_free(*state);
	return 0;
}

static const char *
text_of(struct rig *r, const char *name)
{
	return rig_read(rig_path(r->etc, name));
}

static void
want_both(struct rig *r)
{
	rig_want(r, "main.cf", "new main\n");
	rig_want(r, "aliases", "new aliases\n");
}

static void
swap_two_files_replaces_both_and_leaves_nothing(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	want_both(r);
	t = rig_begin(r);
	assert_non_null(t);
	assert_int_equal(access(rig_path(r->etc, "main.cf.tmp"), F_OK), 0);
	assert_true(txn_stage(t, &r->d));
	assert_string_equal(rig_read(txn_temp_path(t, 0)), "new main\n");
	assert_string_equal(text_of(r, "main.cf"), "old main\n");
	assert_true(txn_arm(t, "RELOAD", true, &r->d));
	assert_string_equal(rig_state_names(r), "apply.lock journal note");
	assert_true(txn_swap(t, &r->d));
	assert_string_equal(text_of(r, "main.cf"), "new main\n");
	assert_string_equal(rig_read(txn_temp_path(t, 0)), "old main\n");
	assert_true(readfile_is_current(&r->env.fs, r->path[1], txn_new_id(t, 1)));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(text_of(r, "aliases"), "new aliases\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
	assert_string_equal(rig_state_names(r), "apply.lock");
	assert_int_equal(r->d.n, 0);
}

static void
end_before_swap_leaves_everything_old(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	want_both(r);
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	assert_true(txn_arm(t, NULL, false, &r->d));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(text_of(r, "main.cf"), "old main\n");
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
	want_both(r);
	t = rig_swap(r);
	assert_non_null(t);
	assert_true(txn_put_back(t, &r->d));
	assert_true(txn_end(t, &r->d));
	assert_int_equal(stat(rig_path(r->etc, "main.cf"), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	assert_string_equal(text_of(r, "main.cf"), "old main\n");
	assert_string_equal(text_of(r, "aliases"), "old aliases\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
}

static void
put_back_over_foreign_change_keeps_it(void **state)
{
	struct rig *r = *state;
	struct txn_recovered rec;
	struct txn *t;

	want_both(r);
	t = rig_swap(r);
	rig_write(rig_path(r->etc, "aliases"), "somebody's\n");
	assert_false(txn_put_back(t, &r->d));
	assert_false(txn_end(t, &r->d));
	assert_true(rig_says(r, DIAG_APPLY_UNDONE));
	assert_string_equal(text_of(r, "aliases"), "somebody's\n");
	txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
	assert_int_equal(rec.found, TXN_ASK);
	txn_recovered_free(&rec);
	txn_recover(&r->env, TXN_KEEP, &rec, &r->d);
	assert_int_equal(rec.found, TXN_KEPT);
	assert_string_equal(rec.actions, "RELOAD");
	assert_true(rec.ran);
	txn_recovered_free(&rec);
	assert_string_equal(text_of(r, "aliases"), "somebody's\n");
	assert_string_equal(text_of(r, "main.cf"), "new main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
}

static void
recover_with_old_wish_puts_old_bytes_back(void **state)
{
	struct rig *r = *state;
	struct txn_recovered rec;
	struct txn *t;

	want_both(r);
	t = rig_swap(r);
	rig_write(rig_path(r->etc, "aliases"), "somebody's\n");
	assert_false(txn_put_back(t, &r->d));
	assert_false(txn_end(t, &r->d));
	txn_recover(&r->env, TXN_OLD, &rec, &r->d);
	assert_int_equal(rec.found, TXN_UNDONE);
	txn_recovered_free(&rec);
	assert_string_equal(text_of(r, "aliases"), "old aliases\n");
	assert_string_equal(text_of(r, "main.cf"), "old main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
}

static void
begin_after_unsettled_apply_is_refused(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	want_both(r);
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
	struct txn_recovered rec;
	struct txn *t;
	char key[TXN_KEY_BYTES], journal[256];

	want_both(r);
	t = rig_swap(r);
	txn_key(r->etc, key);
	snprintf(journal, sizeof(journal), "%s/%s/journal", r->state, key);
	r->fs.fail_at = r->fs.calls + 1;
	r->fs.die = true;
	txn_end(t, &r->d);
	fake_fs_revive(&r->fs);
	assert_int_equal(truncate(journal, 60), 0);
	txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
	assert_int_equal(rec.found, TXN_ASK);
	txn_recovered_free(&rec);
	txn_recover(&r->env, TXN_KEEP, &rec, &r->d);
	assert_int_equal(rec.found, TXN_KEPT);
	txn_recovered_free(&rec);
	assert_string_equal(text_of(r, "main.cf"), "new main\n");
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
recover_while_another_applies_is_busy(void **state)
{
	struct rig *r = *state;
	struct txn_recovered rec;
	struct txn *t;

	want_both(r);
	t = rig_swap(r);
	txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
	assert_int_equal(rec.found, TXN_BUSY);
	assert_int_equal(r->clock.sleeps, 0); /* no start waits for it */
	assert_null(rig_begin(r));
	assert_true(rig_says(r, DIAG_FILE_BUSY));
	assert_true(r->clock.ms >= 2000 && r->clock.ms < 3000);
	assert_true(txn_end(t, &r->d));
	assert_string_equal(text_of(r, "main.cf"), "new main\n");
}

/* A lock that somebody else holds until so many sleeps are over. */
struct other {
	int lock, sleeps;
};

static void
other_ends(void *ctx)
{
	struct other *o = ctx;

	if (--o->sleeps == 0)
		close(o->lock);
}

static void
hold_apply_lock(struct rig *r, struct other *o, int how)
{
	char key[TXN_KEY_BYTES], path[256];

	txn_key(r->etc, key);
	snprintf(path, sizeof(path), "%s/%s/apply.lock", r->state, key);
	o->lock = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(o->lock >= 0);
	assert_int_equal(flock(o->lock, how | LOCK_NB), 0);
	o->sleeps = 2;
	r->clock.on_sleep = other_ends;
	r->clock.ctx = o;
}

/* Somebody reads the history, or starts, in that very instant. */
static void
start_waits_for_others_that_only_look(void **state)
{
	static const int how[] = {LOCK_SH, LOCK_EX};
	struct rig *r = *state;
	struct other o;
	struct txn_recovered rec;

	want_both(r);
	assert_true(txn_end(rig_swap(r), &r->d));
	for (size_t i = 0; i < 2; i++) {
		hold_apply_lock(r, &o, how[i]);
		txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
		assert_int_equal(o.sleeps, 0);
		assert_int_equal(rec.found, TXN_CLEAN);
	}
	assert_int_equal(r->d.n, 0);
}

static void
reader_does_not_keep_a_start_from_recovering(void **state)
{
	struct rig *r = *state;
	struct other o;
	struct txn_recovered rec;
	struct txn *t;

	want_both(r);
	t = rig_swap(r);
	r->fs.fail_at = r->fs.calls + 1;
	r->fs.die = true;
	txn_end(t, &r->d);
	fake_fs_revive(&r->fs);
	hold_apply_lock(r, &o, LOCK_SH);
	txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
	assert_int_equal(o.sleeps, 0);
	assert_int_equal(rec.found, TXN_FINISHED);
	txn_recovered_free(&rec);
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

	want_both(r);
	t = rig_swap(r);
	r->fs.fail_at = r->fs.calls + 1;
	r->fs.die = true;
	txn_end(t, &r->d);
	fake_fs_revive(&r->fs);
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
new_file_is_made_and_taken_away_again(void **state)
{
	struct rig *r = *state;
	struct stat st;
	struct txn *t;

	rig_want(r, "sasl_passwd", "secret\n")->new_mode = 0600;
	t = rig_swap(r);
	assert_non_null(t);
	assert_int_equal(stat(rig_path(r->etc, "sasl_passwd"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(txn_put_back(t, &r->d));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
	t = rig_swap(r);
	assert_true(txn_end(t, &r->d));
	assert_string_equal(text_of(r, "sasl_passwd"), "secret\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf sasl_passwd");
}

static void
owner_mode_and_attributes_are_kept(void **state)
{
	static const uint8_t acl[] = {2, 0, 0, 0, /* user::rw user:7:r group::r mask::r */
		1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 7, 0, 0, 0, 4, 0, 4, 0, 255,
		255, 255, 255, 16, 0, 4, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255,
		255, 255};
	struct rig *r = *state;
	const char *path = rig_path(r->etc, "main.cf");
	char user[16], got[sizeof(acl)];
	bool has_acl, has_user;
	struct stat st;
	struct txn *t;

	if (geteuid() == 0)
		assert_int_equal(chown(path, 65534, 12), 0);
	assert_int_equal(chmod(path, 0640), 0);
	has_user = setxattr(path, "user.note", "kept", 4, 0) == 0;
	has_acl = setxattr(path, "system.posix_acl_access", acl, sizeof(acl), 0) == 0;
	if (!has_user || !has_acl)
		print_message("SKIP: no extended attributes or ACLs in " BASE "\n");
	rig_want(r, "main.cf", "new main\n");
	t = rig_swap(r);
	assert_non_null(t);
	assert_true(txn_end(t, &r->d));
	path = rig_path(r->etc, "main.cf");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	if (geteuid() == 0) {
		assert_int_equal(st.st_uid, 65534);
		assert_int_equal(st.st_gid, 12);
	}
	if (has_user)
		assert_int_equal(getxattr(path, "user.note", user, sizeof(user)), 4);
	if (has_acl) {
		assert_int_equal(
			getxattr(path, "system.posix_acl_access", got, sizeof(got)),
			sizeof(acl));
		assert_memory_equal(got, acl, sizeof(acl));
	}
	assert_string_equal(rig_read(path), "new main\n");
}

/* The folder would give every file in it an ACL; the old file has none. */
static void
default_acl_of_the_folder_is_not_taken_over(void **state)
{
	static const uint8_t acl[] = {2, 0, 0, 0, 1, 0, 7, 0, 255, 255, 255, 255, 2, 0, 6,
		0, 7, 0, 0, 0, 4, 0, 5, 0, 255, 255, 255, 255, 16, 0, 7, 0, 255, 255, 255,
		255, 32, 0, 5, 0, 255, 255, 255, 255};
	struct rig *r = *state;
	char got[sizeof(acl)];
	struct stat st;
	struct txn *t;

	if (setxattr(r->etc, "system.posix_acl_default", acl, sizeof(acl), 0) < 0) {
		print_message("SKIP: no ACLs in " BASE "\n");
		skip();
	}
	rig_want(r, "aliases", "new aliases\n");
	t = rig_swap(r);
	assert_non_null(t);
	assert_true(txn_end(t, &r->d));
	assert_int_equal(stat(rig_path(r->etc, "aliases"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(getxattr(rig_path(r->etc, "aliases"), "system.posix_acl_access",
				 got, sizeof(got)),
		-1);
}

static void
link_stays_a_link_and_its_target_changes(void **state)
{
	struct rig *r = *state;
	struct stat st;
	struct txn *t;

	assert_int_equal(mkdir(rig_path(r->dir, "real"), 0755), 0);
	assert_int_equal(
		rename(rig_path(r->etc, "main.cf"), rig_path(r->dir, "real/the.cf")), 0);
	assert_int_equal(
		symlink("../real/../real/./the.cf", rig_path(r->etc, "main.cf")), 0);
	rig_want(r, "main.cf", "new main\n");
	t = rig_swap(r);
	if (!t)
		rig_show(r);
	assert_non_null(t);
	assert_string_equal(txn_real_path(t, 0), rig_path(r->dir, "real/the.cf"));
	assert_int_equal(access(rig_path(r->etc, "main.cf.tmp"), F_OK), 0);
	assert_true(txn_end(t, &r->d));
	assert_int_equal(lstat(rig_path(r->etc, "main.cf"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_string_equal(rig_read(rig_path(r->dir, "real/the.cf")), "new main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
	assert_string_equal(rig_names(rig_path(r->dir, "real")), "the.cf");
}

static void
link_through_folder_of_others_is_refused(void **state)
{
	static const struct {
		const char *open_to_others;
		mode_t mode;
	} rows[] = {
		{"real", 01777}, /* sticky doesn't help */
		{"real", 0775},
		{"etc", 0757},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rig *r = *state;

		mkdir(rig_path(r->dir, "real"), 0755);
		rig_write(rig_path(r->dir, "real/the.cf"), "old\n");
		unlink(rig_path(r->etc, "main.cf"));
		assert_int_equal(symlink(rig_path(r->dir, "real/the.cf"),
					 rig_path(r->etc, "main.cf")),
			0);
		chmod(rig_path(r->dir, "real"), 0755);
		chmod(rig_path(r->dir, rows[i].open_to_others), rows[i].mode);
		rig_want(r, "main.cf", "new main\n");
		assert_null(rig_begin(r));
		assert_true(rig_says(r, DIAG_FILE_UNSAFE));
		assert_string_equal(rig_read(rig_path(r->dir, "real/the.cf")), "old\n");
		rig_forget(r);
	}
}

static void
path_that_leads_nowhere_is_told(void **state)
{
	struct rig *r = *state;

	assert_int_equal(symlink("loop", rig_path(r->etc, "loop")), 0);
	rig_want(r, "loop", "x");
	assert_null(rig_begin(r));
	assert_true(rig_says(r, DIAG_FILE_KIND));
	rig_forget(r);
	rig_want(r, "no/such/file", "x");
	assert_null(rig_begin(r));
	assert_true(rig_says(r, DIAG_FILE_MISSING));
	rig_forget(r);
	assert_int_equal(mkdir(rig_path(r->etc, "folder"), 0755), 0);
	rig_want(r, "folder", "x")->loaded = &(const struct fileid){.exists = true};
	assert_null(rig_begin(r));
	assert_true(rig_says(r, DIAG_FILE_KIND));
}

static void
same_file_twice_is_refused(void **state)
{
	struct rig *r = *state;

	assert_int_equal(symlink("aliases", rig_path(r->etc, "other")), 0);
	rig_want(r, "aliases", "x");
	rig_want(r, "other", "y");
	assert_null(rig_begin(r));
	assert_true(rig_says(r, DIAG_FILE_KIND));
	assert_string_equal(text_of(r, "aliases"), "old aliases\n");
}

static void
odd_names_survive_the_journal(void **state)
{
	struct rig *r = *state;
	struct txn_recovered rec;
	struct txn *t;
	char name[260];

	memset(name, 'n', 250);
	strcpy(name + 250, "\n% -");
	rig_write(rig_path(r->etc, name), "old\n");
	rig_want(r, name, "new\n");
	t = rig_swap(r);
	assert_non_null(t);
	r->fs.dead = true; /* and here it dies */
	txn_end(t, &r->d);
	fake_fs_revive(&r->fs);
	txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
	assert_int_equal(rec.found, TXN_FINISHED);
	txn_recovered_free(&rec);
	assert_string_equal(text_of(r, name), "new\n");
}

static void
hard_link_is_warned_of(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	assert_int_equal(
		link(rig_path(r->etc, "main.cf"), rig_path(r->etc, "second")), 0);
	rig_want(r, "main.cf", "new main\n");
	t = rig_swap(r);
	assert_non_null(t);
	assert_true(rig_says(r, DIAG_FILE_LINKS));
	assert_false(diag_has_error(&r->d));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(text_of(r, "second"), "old main\n");
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
		want_both(r);
		rig_want(r, "sasl_passwd", "secret\n");
		if (rows[i].text)
			rig_write(rig_path(r->etc, rows[i].name), rows[i].text);
		else
			unlink(rig_path(r->etc, rows[i].name));
		assert_null(rig_begin(r));
		assert_true(rig_says(r, DIAG_FILE_CHANGED));
		assert_string_equal(text_of(r, "aliases"), "old aliases\n");
		assert_string_equal(
			text_of(r, rows[i].name), rows[i].text ? rows[i].text : "(none)");
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

	want_both(r);
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	assert_true(txn_arm(t, "RELOAD", true, &r->d));
	rig_write(rig_path(r->etc, "aliases"), "somebody's\n");
	assert_false(txn_swap(t, &r->d));
	assert_true(rig_says(r, DIAG_FILE_CHANGED));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(text_of(r, "main.cf"), "old main\n");
	assert_string_equal(text_of(r, "aliases"), "somebody's\n");
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

	want_both(r);
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	assert_true(txn_arm(t, "RELOAD", true, &r->d));
	r->fs.before = editor_saves;
	r->fs.ctx = r;
	assert_false(txn_swap(t, &r->d));
	assert_null(r->fs.before);
	assert_true(rig_says(r, DIAG_FILE_CHANGED));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(text_of(r, "main.cf"), "old main\n");
	assert_string_equal(text_of(r, "aliases"), "somebody's\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
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
	assert_string_equal(text_of(r, "main.cf"), "postconf\n");
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
	assert_string_equal(text_of(r, "main.cf.tmp"), "half of it");
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
	assert_string_equal(text_of(r, "aliases"), "old aliases\n");
}

static void
without_exchange_a_copy_goes_back(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	r->fs.exchange_errno = EINVAL;
	r->fs.noreplace_errno = EINVAL;
	want_both(r);
	rig_want(r, "sasl_passwd", "secret\n");
	t = rig_swap(r);
	assert_non_null(t);
	assert_string_equal(text_of(r, "main.cf"), "new main\n");
	assert_true(txn_put_back(t, &r->d));
	assert_true(txn_end(t, &r->d));
	assert_string_equal(text_of(r, "main.cf"), "old main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
	t = rig_swap(r);
	assert_true(txn_end(t, &r->d));
	assert_string_equal(text_of(r, "aliases"), "new aliases\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf sasl_passwd");
}

static void
busy_mount_point_is_told_and_nothing_changes(void **state)
{
	struct rig *r = *state;

	r->fs.exchange_errno = EBUSY;
	want_both(r);
	assert_null(rig_swap(r));
	assert_true(rig_says(r, DIAG_FILE_MOUNT));
	assert_string_equal(text_of(r, "main.cf"), "old main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
}

static void
state_folder_of_others_is_refused(void **state)
{
	struct rig *r = *state;

	assert_int_equal(mkdir(r->state, 0750), 0);
	want_both(r);
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

static void
state_folder_removed_meanwhile_is_survived(void **state)
{
	struct rig *r = *state;
	struct txn *t;

	want_both(r);
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	nftw(r->state, rig_remove, 16, FTW_DEPTH | FTW_PHYS);
	assert_false(txn_arm(t, "RELOAD", true, &r->d));
	assert_true(rig_says(r, DIAG_APPLY_STATE));
	txn_end(t, &r->d);
	assert_string_equal(text_of(r, "main.cf"), "old main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
	t = rig_swap(r); /* it is made again */
	assert_non_null(t);
	assert_true(txn_end(t, &r->d));
}

static void
left_over_temporary_file_is_replaced(void **state)
{
	struct rig *r = *state;
	struct txn *t;
	char temp[512];

	want_both(r);
	t = rig_begin(r);
	snprintf(temp, sizeof(temp), "%s", txn_temp_path(t, 0));
	rig_write(temp, "litter");
	assert_true(txn_stage(t, &r->d));
	assert_string_equal(rig_read(temp), "new main\n");
	assert_true(txn_end(t, &r->d));
	assert_int_equal(access(temp, F_OK), -1);
}

/* In a mount namespace of its own; false: that isn't allowed here. */
static bool
run_in_namespace(struct rig *r, void (*body)(struct rig *))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (unshare(CLONE_NEWNS) < 0 ||
			mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0)
			_exit(77);
		body(r);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		return false;
	assert_int_equal(WEXITSTATUS(status), 0);
	return true;
}

static void
check_or_exit(struct rig *r, bool ok, int line)
{
	if (ok)
		return;
	fprintf(stderr, "line %d\n", line);
	rig_show(r);
	_exit(1);
}

#define CHECK(ok) check_or_exit(r, ok, __LINE__)

static void
try_bind_mount(struct rig *r)
{
	const char *path = rig_path(r->etc, "aliases");

	if (mount(path, path, "none", MS_BIND, NULL) < 0)
		_exit(77);
	want_both(r);
	CHECK(rig_begin(r) == NULL);
	CHECK(rig_says(r, DIAG_FILE_MOUNT));
	CHECK(strcmp(rig_names(r->etc), "aliases main.cf") == 0);
}

/* With consent its bytes change and its inode stays, and so on the way back. */
static void
try_over_bind_mount(struct rig *r)
{
	const char *path = rig_path(r->etc, "aliases");
	struct stat before, now;
	struct txn *t;

	if (mount(path, path, "none", MS_BIND, NULL) < 0)
		_exit(77);
	want_both(r);
	r->want[0].in_place = r->want[1].in_place = true;
	CHECK(stat(path, &before) == 0);
	t = rig_swap(r);
	CHECK(t != NULL);
	CHECK(strcmp(text_of(r, "aliases"), "new aliases\n") == 0);
	CHECK(stat(path, &now) == 0 && now.st_ino == before.st_ino);
	CHECK(readfile_is_current(&r->env.fs, path, txn_new_id(t, 1)));
	CHECK(txn_put_back(t, &r->d));
	CHECK(strcmp(text_of(r, "aliases"), "old aliases\n") == 0);
	CHECK(stat(path, &now) == 0 && now.st_ino == before.st_ino);
	CHECK(txn_end(t, &r->d));
	CHECK(strcmp(rig_names(r->etc), "aliases main.cf") == 0);
}

static void
bind_mounted_file_is_written_over_with_consent(void **state)
{
	if (run_in_namespace(*state, try_over_bind_mount))
		return;
	print_message("SKIP: mounting isn't allowed here\n");
	skip();
}

static void
bind_mounted_file_is_refused_before_anything_stops(void **state)
{
	if (run_in_namespace(*state, try_bind_mount))
		return;
	print_message("SKIP: mounting isn't allowed here\n");
	skip();
}

static void
try_full_disk(struct rig *r)
{
	char *big = test_malloc(1 << 20);
	struct txn *t;

	memset(big, 'x', (1 << 20) - 1);
	big[(1 << 20) - 1] = '\0';
	if (mount("none", r->etc, "tmpfs", 0, "size=256k") < 0)
		_exit(77);
	rig_write(rig_path(r->etc, "main.cf"), "old main\n");
	rig_write(rig_path(r->etc, "aliases"), "old aliases\n");
	rig_want(r, "main.cf", "new main\n");
	rig_want(r, "aliases", big);
	t = rig_begin(r);
	CHECK(t != NULL);
	CHECK(!txn_stage(t, &r->d));
	CHECK(txn_end(t, &r->d));
	CHECK(rig_says(r, DIAG_FILE_WRITE));
	CHECK(strcmp(text_of(r, "main.cf"), "old main\n") == 0);
	CHECK(strcmp(text_of(r, "aliases"), "old aliases\n") == 0);
	CHECK(strcmp(rig_names(r->etc), "aliases main.cf") == 0);
}

static void
full_disk_changes_nothing(void **state)
{
	if (run_in_namespace(*state, try_full_disk))
		return;
	print_message("SKIP: mounting isn't allowed here\n");
	skip();
}

int
main(void)
{
#define TXN_TEST(f) cmocka_unit_test_setup_teardown(f, up, down)
	const struct CMUnitTest tests[] = {
		TXN_TEST(swap_two_files_replaces_both_and_leaves_nothing),
		TXN_TEST(end_before_swap_leaves_everything_old),
		TXN_TEST(put_back_restores_the_same_inodes),
		TXN_TEST(put_back_over_foreign_change_keeps_it),
		TXN_TEST(recover_with_old_wish_puts_old_bytes_back),
		TXN_TEST(begin_after_unsettled_apply_is_refused),
		TXN_TEST(recover_of_unreadable_journal_asks),
		TXN_TEST(recover_without_state_folder_makes_none),
		TXN_TEST(recover_while_another_applies_is_busy),
		TXN_TEST(start_waits_for_others_that_only_look),
		TXN_TEST(reader_does_not_keep_a_start_from_recovering),
		TXN_TEST(recover_waits_for_programs_of_the_dead),
		TXN_TEST(new_file_is_made_and_taken_away_again),
		TXN_TEST(owner_mode_and_attributes_are_kept),
		TXN_TEST(default_acl_of_the_folder_is_not_taken_over),
		TXN_TEST(link_stays_a_link_and_its_target_changes),
		TXN_TEST(link_through_folder_of_others_is_refused),
		TXN_TEST(path_that_leads_nowhere_is_told),
		TXN_TEST(same_file_twice_is_refused),
		TXN_TEST(odd_names_survive_the_journal),
		TXN_TEST(hard_link_is_warned_of),
		TXN_TEST(change_on_disk_stops_everything),
		TXN_TEST(change_while_judging_stops_the_swap),
		TXN_TEST(change_right_before_the_exchange_is_not_lost),
		TXN_TEST(postconf_is_waited_for_and_its_change_seen),
		TXN_TEST(postconf_that_never_ends_makes_it_busy),
		TXN_TEST(postconf_waits_for_us),
		TXN_TEST(left_over_main_cf_tmp_with_text_stays),
		TXN_TEST(main_cf_tmp_that_is_no_file_is_refused),
		TXN_TEST(without_exchange_a_copy_goes_back),
		TXN_TEST(busy_mount_point_is_told_and_nothing_changes),
		TXN_TEST(state_folder_of_others_is_refused),
		TXN_TEST(state_folder_removed_meanwhile_is_survived),
		TXN_TEST(left_over_temporary_file_is_replaced),
		TXN_TEST(bind_mounted_file_is_refused_before_anything_stops),
		TXN_TEST(bind_mounted_file_is_written_over_with_consent),
		TXN_TEST(full_disk_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
