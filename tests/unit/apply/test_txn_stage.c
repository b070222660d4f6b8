/* SPDX-License-Identifier: MIT
 *
 * The new file beside the old one: made, with owner, mode and attributes of the old.
 */
#include "txn_rig.h"

#include <sys/xattr.h>

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
	assert_string_equal(rig_text(r, "sasl_passwd"), "secret\n");
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
		print_message("SKIP: no extended attributes or ACLs in " RIG_BASE "\n");
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
		print_message("SKIP: no ACLs in " RIG_BASE "\n");
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
left_over_temporary_file_is_replaced(void **state)
{
	struct rig *r = *state;
	struct txn *t;
	char temp[512];

	rig_want_both(r);
	t = rig_begin(r);
	snprintf(temp, sizeof(temp), "%s", txn_temp_path(t, 0));
	rig_write(temp, "litter");
	assert_true(txn_stage(t, &r->d));
	assert_string_equal(rig_read(temp), "new main\n");
	assert_true(txn_end(t, &r->d));
	assert_int_equal(access(temp, F_OK), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TWO(new_file_is_made_and_taken_away_again),
		TWO(owner_mode_and_attributes_are_kept),
		TWO(default_acl_of_the_folder_is_not_taken_over),
		TWO(left_over_temporary_file_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
