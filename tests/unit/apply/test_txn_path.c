/* SPDX-License-Identifier: MIT
 *
 * Where a path leads: links, folders of others, odd names, the same file twice.
 */
#include "txn_rig.h"

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
	assert_string_equal(rig_text(r, "aliases"), "old aliases\n");
}

static void
odd_names_survive_the_journal(void **state)
{
	struct rig *r = *state;
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
	assert_int_equal(rig_recover(r, TXN_BY_HASH), TXN_FINISHED);
	assert_string_equal(rig_text(r, name), "new\n");
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
	assert_string_equal(rig_text(r, "second"), "old main\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TWO(link_stays_a_link_and_its_target_changes),
		TWO(link_through_folder_of_others_is_refused),
		TWO(path_that_leads_nowhere_is_told),
		TWO(same_file_twice_is_refused),
		TWO(odd_names_survive_the_journal),
		TWO(hard_link_is_warned_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
