/* SPDX-License-Identifier: MIT
 *
 * Files that are mounts, and a disk that is full, in a namespace of the test's own.
 */
#include "txn_rig.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

static void
busy_mount_point_is_told_and_nothing_changes(void **state)
{
	struct rig *r = *state;

	r->fs.exchange_errno = EBUSY;
	rig_want_both(r);
	assert_null(rig_swap(r));
	assert_true(rig_says(r, DIAG_FILE_MOUNT));
	assert_string_equal(rig_text(r, "main.cf"), "old main\n");
	assert_string_equal(rig_names(r->etc), "aliases main.cf");
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
	rig_want_both(r);
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
	rig_want_both(r);
	r->want[0].in_place = r->want[1].in_place = true;
	CHECK(stat(path, &before) == 0);
	t = rig_swap(r);
	CHECK(t != NULL);
	CHECK(strcmp(rig_text(r, "aliases"), "new aliases\n") == 0);
	CHECK(stat(path, &now) == 0 && now.st_ino == before.st_ino);
	CHECK(readfile_is_current(&r->env.fs, path, txn_new_id(t, 1)));
	CHECK(txn_put_back(t, &r->d));
	CHECK(strcmp(rig_text(r, "aliases"), "old aliases\n") == 0);
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
	CHECK(strcmp(rig_text(r, "main.cf"), "old main\n") == 0);
	CHECK(strcmp(rig_text(r, "aliases"), "old aliases\n") == 0);
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
	const struct CMUnitTest tests[] = {
		TWO(busy_mount_point_is_told_and_nothing_changes),
		TWO(bind_mounted_file_is_written_over_with_consent),
		TWO(bind_mounted_file_is_refused_before_anything_stops),
		TWO(full_disk_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
