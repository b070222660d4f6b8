/* SPDX-License-Identifier: MIT
 *
 * Reading files whole, and telling whether they are still what they were.
 */
#include "txn_rig.h"

#include <sys/time.h>

#include "base/mem.h"

#define BASE "/tmp"

static int
up(void **state)
{
	struct rig *r = test_malloc(sizeof(*r));

	rig_up(r, BASE);
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

static void
load_gives_bytes_and_identity(void **state)
{
	struct rig *r = *state;
	const char *path = rig_path(r->etc, "f");
	struct readfile f;
	struct stat st;

	rig_write(path, "a = b\n");
	chmod(path, 0640);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(readfile_load(&r->env.fs, path, &f, &r->d), READFILE_OK);
	assert_int_equal(f.n, 6);
	assert_memory_equal(f.bytes, "a = b\n", 6);
	assert_true(f.id.exists && f.id.ino == st.st_ino && f.id.size == 6);
	assert_int_equal(f.mode, 0640);
	assert_int_equal(f.uid, geteuid());
	assert_false(f.has_nul);
	assert_true(readfile_is_current(&r->env.fs, path, &f.id));
	readfile_free(&f);
	assert_int_equal(r->d.n, 0);
}

static void
load_empty_and_big_files_works(void **state)
{
	static const size_t sizes[] = {0, 1, 7, 8, 9, 4096, 2 << 20, (2 << 20) + 4097};
	struct rig *r = *state;
	const char *path = rig_path(r->etc, "f");

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t n = sizes[i];
		char *bytes = mem_new(n + 1, 1);
		struct fileid id;
		struct readfile f;
		int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		for (size_t k = 0; k < n; k++)
			bytes[k] = (char)('a' + k % 23);
		assert_int_equal(write(fd, bytes, n), (ssize_t)n);
		assert_int_equal(readfile_load(&r->env.fs, path, &f, &r->d), READFILE_OK);
		assert_int_equal(f.n, n);
		assert_true(n == 0 || memcmp(f.bytes, bytes, n) == 0);
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		assert_true(readfile_identify(&r->env.fs, fd, &id));
		assert_true(id.hash == f.id.hash);
		assert_true(readfile_is_same(&id, &f.id));
		close(fd);
		readfile_free(&f);
		free(bytes);
	}
}

static void
load_sees_nul(void **state)
{
	struct rig *r = *state;
	const char *path = rig_path(r->etc, "f");
	struct readfile f;
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_int_equal(write(fd, "a\0b", 3), 3);
	close(fd);
	assert_int_equal(readfile_load(&r->env.fs, path, &f, &r->d), READFILE_OK);
	assert_true(f.has_nul);
	readfile_free(&f);
}

static void
load_of_what_is_no_file_is_refused(void **state)
{
	static const struct {
		const char *name;
		enum diag_code code;
	} rows[] = {
		{"folder", DIAG_FILE_KIND},
		{"fifo", DIAG_FILE_KIND},
		{"loop", DIAG_FILE_KIND},
		{"huge", DIAG_FILE_TOO_BIG},
		{"/dev/null", DIAG_FILE_KIND},
	};
	struct rig *r = *state;
	struct readfile f;
	int fd;

	assert_int_equal(mkdir(rig_path(r->etc, "folder"), 0700), 0);
	assert_int_equal(mkfifo(rig_path(r->etc, "fifo"), 0600), 0);
	assert_int_equal(symlink("loop", rig_path(r->etc, "loop")), 0);
	fd = open(rig_path(r->etc, "huge"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(ftruncate(fd, ((off_t)1 << 30) + 1), 0);
	close(fd);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *path = rows[i].name[0] == '/'
					   ? rows[i].name
					   : rig_path(r->etc, rows[i].name);

		assert_int_equal(
			readfile_load(&r->env.fs, path, &f, &r->d), READFILE_REFUSED);
		assert_true(rig_says(r, rows[i].code));
		assert_null(f.bytes);
		diag_clear(&r->d);
	}
}

static void
load_of_nothing_is_told_apart(void **state)
{
	struct rig *r = *state;
	struct readfile f;

	assert_int_equal(readfile_load(&r->env.fs, rig_path(r->etc, "none"), &f, &r->d),
		READFILE_MISSING);
	assert_false(f.id.exists);
	assert_int_equal(r->d.n, 0);
	assert_true(readfile_is_current(&r->env.fs, rig_path(r->etc, "none"), &f.id));
	rig_write(rig_path(r->etc, "none"), "");
	assert_false(readfile_is_current(&r->env.fs, rig_path(r->etc, "none"), &f.id));
	assert_false(readfile_tell_missing("/x", &r->d));
	assert_true(rig_says(r, DIAG_FILE_MISSING));
}

static void
load_without_right_says_so(void **state)
{
	struct rig *r = *state;
	struct readfile f;

	rig_write(rig_path(r->etc, "f"), "x");
	r->fs.fail_at = 1;
	r->fs.fail_errno = EACCES;
	assert_int_equal(readfile_load(&r->env.fs, rig_path(r->etc, "f"), &f, &r->d),
		READFILE_REFUSED);
	assert_true(rig_says(r, DIAG_FILE_ACCESS));
}

/* Each failing call gives a finding, never half a file. */
static void
load_with_any_failing_call_is_refused(void **state)
{
	struct rig *r = *state;
	bool hit = true;
	int n = 1;

	rig_write(rig_path(r->etc, "f"), "some text\n");
	for (; hit; n++) {
		struct readfile f;
		enum readfile_got got;

		fake_fs_revive(&r->fs);
		r->fs.fail_at = n;
		r->fs.fail_errno = EIO;
		got = readfile_load(&r->env.fs, rig_path(r->etc, "f"), &f, &r->d);
		hit = r->fs.failed != NULL;
		if (got == READFILE_OK)
			assert_int_equal(f.n, 10);
		else
			assert_true(hit && diag_has_error(&r->d));
		readfile_free(&f);
		diag_clear(&r->d);
	}
	assert_true(n > 5);
}

struct grower {
	const char *path;
	int times;
};

static void
grow(void *ctx, const char *call, const char *name)
{
	struct grower *g = ctx;
	int fd;

	(void)name;
	if (strcmp(call, "read") != 0 || g->times-- <= 0)
		return;
	fd = open(g->path, O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_int_equal(write(fd, "+", 1), 1);
	close(fd);
}

static void
load_while_written_takes_one_state_of_it(void **state)
{
	struct rig *r = *state;
	struct grower g = {.path = rig_path(r->etc, "f"), .times = 2};
	struct readfile f;

	rig_write(g.path, "x");
	r->fs.before = grow;
	r->fs.ctx = &g;
	assert_int_equal(readfile_load(&r->env.fs, g.path, &f, &r->d), READFILE_OK);
	assert_int_equal(f.n, f.id.size);
	assert_int_equal(f.n, 3);
	readfile_free(&f);
	g.times = 1000;
	assert_int_equal(readfile_load(&r->env.fs, g.path, &f, &r->d), READFILE_REFUSED);
	assert_true(rig_says(r, DIAG_FILE_BUSY));
}

static void
touched_file_is_current_and_edited_one_is_not(void **state)
{
	struct rig *r = *state;
	const char *path = rig_path(r->etc, "f");
	const struct timeval past[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
	struct readfile f;

	rig_write(path, "abc");
	assert_int_equal(readfile_load(&r->env.fs, path, &f, &r->d), READFILE_OK);
	assert_int_equal(utimes(path, past), 0);
	assert_true(readfile_is_current(&r->env.fs, path, &f.id));
	rig_write(path, "abd");
	assert_false(readfile_is_current(&r->env.fs, path, &f.id));
	unlink(path);
	assert_false(readfile_is_current(&r->env.fs, path, &f.id));
	readfile_free(&f);
}

/* A file's place can be taken by anything while an apply runs. */
static void
identify_of_what_is_no_file_is_refused(void **state)
{
	struct rig *r = *state;
	const char *path = rig_path(r->etc, "f");
	struct fileid id;
	int fd;

	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	assert_int_equal(write(fd, "abc", 3), 3);
	assert_false(readfile_identify(&r->env.fs, fd, &id));
	assert_int_equal(errno, EINVAL);
	assert_false(id.exists);
	close(fd);
	fd = open(rig_path(r->etc, "big"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(ftruncate(fd, (off_t)READFILE_MAX_BYTES + 1), 0);
	assert_false(readfile_identify(&r->env.fs, fd, &id));
	assert_int_equal(errno, EFBIG);
	close(fd);
}

/* One flipped bit anywhere, two flipped high bits, swapped words: all are seen. */
static void
hash_sees_small_changes(void **state)
{
	char a[64], b[64];
	uint64_t h;

	(void)state;
	for (size_t i = 0; i < sizeof(a); i++)
		a[i] = (char)(i * 37 + 1);
	h = readfile_hash_end(readfile_hash_add(0, a, sizeof(a)), sizeof(a));
	for (size_t i = 0; i < sizeof(a) * 8; i++) {
		memcpy(b, a, sizeof(a));
		b[i / 8] = (char)(b[i / 8] ^ (1 << i % 8));
		assert_true(h != readfile_hash_end(
					 readfile_hash_add(0, b, sizeof(b)), sizeof(b)));
		b[(i / 8 + 8) % 64] = (char)(b[(i / 8 + 8) % 64] ^ (1 << i % 8));
		assert_true(h != readfile_hash_end(
					 readfile_hash_add(0, b, sizeof(b)), sizeof(b)));
	}
	memcpy(b, a + 8, 8);
	memcpy(b + 8, a, 8);
	memcpy(b + 16, a + 16, 48);
	assert_true(
		h != readfile_hash_end(readfile_hash_add(0, b, sizeof(b)), sizeof(b)));
	assert_true(readfile_hash_end(readfile_hash_add(0, "a", 1), 1) !=
		    readfile_hash_end(readfile_hash_add(0, "a\0", 2), 2));
}

int
main(void)
{
#define READ_TEST(f) cmocka_unit_test_setup_teardown(f, up, down)
	const struct CMUnitTest tests[] = {
		READ_TEST(load_gives_bytes_and_identity),
		READ_TEST(load_empty_and_big_files_works),
		READ_TEST(load_sees_nul),
		READ_TEST(load_of_what_is_no_file_is_refused),
		READ_TEST(load_of_nothing_is_told_apart),
		READ_TEST(load_without_right_says_so),
		READ_TEST(load_with_any_failing_call_is_refused),
		READ_TEST(load_while_written_takes_one_state_of_it),
		READ_TEST(touched_file_is_current_and_edited_one_is_not),
		READ_TEST(identify_of_what_is_no_file_is_refused),
		cmocka_unit_test(hash_sees_small_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
