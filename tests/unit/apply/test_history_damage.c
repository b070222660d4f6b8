/* SPDX-License-Identifier: MIT
 *
 * Entries of the history that somebody changed, or that were cut off: told, left out, and
 * not a byte of them believed.
 */
#include "history_rig.h"

enum { END_TEXT_BYTES = 50 }; /* of an end, at least; line feeds follow */

/* The bytes of an entry's file; the caller frees it. */
static struct str
entry_file(const struct rig *r, const char *no)
{
	struct fs_port real = sys_fs();
	struct readfile f;
	struct str bytes = {0};

	assert_int_equal(readfile_load(&real, in_history(r, no), &f, NULL), READFILE_OK);
	str_add(&bytes, f.bytes, f.n);
	readfile_free(&f);
	return bytes;
}

static void
write_entry(const struct rig *r, const char *no, struct sv bytes)
{
	int fd = open(in_history(r, no), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
	close(fd);
}

/* One byte of an entry becomes another. */
static void
spoil(const struct rig *r, const char *no, size_t at)
{
	struct str bytes = entry_file(r, no);

	assert_true(at < bytes.n);
	bytes.p[at] = (char)(bytes.p[at] == 'z' ? 'y' : 'z');
	write_entry(r, no, str_sv(&bytes));
	str_free(&bytes);
}

/* Where the copies of an entry begin. */
static size_t
copies_of(struct rig *r, const char *no)
{
	struct hist_list l;
	size_t at = 0;

	hist_load(&r->env, false, &l, NULL);
	for (size_t i = 0; i < l.n; i++)
		if (l.v[i].no == (unsigned)atoi(no))
			at = (size_t)l.v[i].copies;
	hist_free(&l);
	return at;
}

static void
damaged_entries_are_told_and_left_out(void **state)
{
	struct rig *r = *state;
	struct hist_list l;
	struct str bytes = {0};
	char text[] = "turn = 0\n";

	rig_write(rig_path(r->etc, "main.cf"), "a\n");
	for (; text[7] < '8'; text[7]++)
		change(r, "main.cf", text, HIST_HEALTHY);
	write_entry(r, "1", sv_of("garbage\n"));
	write_entry(r, "2", sv_of(""));
	assert_int_equal(unlink(in_history(r, "3")), 0);
	assert_int_equal(mkfifo(in_history(r, "3"), 0600), 0);
	spoil(r, "4", 26); /* its end */
	assert_int_equal(chmod(in_history(r, "5"), 0640), 0);
	assert_int_equal(unlink(in_history(r, "6")), 0);
	spoil(r, "7", copies_of(r, "7"));
	assert_int_equal(symlink("8", in_history(r, "9")), 0);
	assert_int_equal(mkdir(in_history(r, "10"), 0700), 0);
	assert_int_equal(mkdir(in_history(r, "010"), 0700), 0);
	assert_int_equal(mkdir(in_history(r, "x"), 0700), 0);
	diag_clear(&r->d);
	hist_load(&r->env, false, &l, &r->d);
	assert_int_equal(l.n, 3);
	assert_int_equal(l.v[0].no, 4);
	assert_int_equal(l.v[0].end, HIST_OPEN);
	assert_int_equal(l.v[1].no, 7);
	assert_int_equal(r->d.n, 6); /* 1, 2, 3, 5, 9 and 10 */
	assert_false(hist_bytes(
		&(struct hist_which){&r->env, &l, 1, 0, false}, &bytes, &r->d));
	assert_int_equal(bytes.n, 0);
	assert_bytes(r, &l, 2, 0, false, "turn = 6\n");
	hist_free(&l);
}

/* Any byte of the notes may be another one; one of the end takes only that away. */
static void
no_changed_byte_of_the_notes_is_believed(void **state)
{
	struct rig *r = *state;
	struct hist_list l;
	struct str was;
	size_t copies;

	rig_write(rig_path(r->etc, "main.cf"), "a\n");
	change(r, "main.cf", "b\n", HIST_HEALTHY);
	copies = copies_of(r, "1");
	was = entry_file(r, "1");
	assert_true(copies > 200 && copies < was.n);
	for (size_t i = 0; i < copies; i++) {
		write_entry(r, "1", str_sv(&was));
		spoil(r, "1", i);
		hist_load(&r->env, false, &l, &r->d);
		assert_int_equal(l.n, i < HIST_END_BYTES ? 1 : 0);
		if (i < END_TEXT_BYTES)
			assert_int_equal(l.v[0].end, HIST_OPEN);
		hist_free(&l);
	}
	str_free(&was);
}

/* A file that ends early, or has more than it should, is none of ours. */
static void
entry_that_is_cut_off_anywhere_is_told(void **state)
{
	struct rig *r = *state;
	struct hist_list l;
	struct str was;

	rig_write(rig_path(r->etc, "main.cf"), "an old line\n");
	change(r, "main.cf", "a newer line\n", HIST_HEALTHY);
	was = entry_file(r, "1");
	for (size_t n = 0; n < was.n; n++) {
		write_entry(r, "1", sv_make(was.p, n));
		diag_clear(&r->d);
		hist_load(&r->env, false, &l, &r->d);
		assert_int_equal(l.n, 0);
		assert_int_equal(r->d.n, 1);
		hist_free(&l);
	}
	str_add_char(&was, '\n');
	write_entry(r, "1", str_sv(&was));
	hist_load(&r->env, false, &l, &r->d);
	assert_int_equal(l.n, 0);
	hist_free(&l);
	/* It is no hindrance to the next. */
	assert_int_equal(change(r, "main.cf", "c\n", HIST_HEALTHY), 2);
	str_free(&was);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEPT(damaged_entries_are_told_and_left_out),
		KEPT(no_changed_byte_of_the_notes_is_believed),
		KEPT(entry_that_is_cut_off_anywhere_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
