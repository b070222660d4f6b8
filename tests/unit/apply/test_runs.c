/* SPDX-License-Identifier: MIT
 *
 * Runs and their drafts: who is seen, what the dead leave, who gets it, and every call
 * of the file system failing once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply/runs.h"
#include "fake/fake_clock.h"
#include "fake/fake_fs.h"
#include "sys/fs.h"

struct rig {
	char dir[64], state[96];
	struct fake_clock clock;
	struct fake_fs fs;
	struct txn_env env;
};

static void
rig_open(struct rig *r)
{
	memset(r, 0, sizeof(*r));
	strcpy(r->dir, "/tmp/postrelay-runs-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	snprintf(r->state, sizeof(r->state), "%s/state", r->dir);
	fake_fs_init(&r->fs, sys_fs());
	r->env = (struct txn_env){fake_fs_port(&r->fs), fake_clock_port(&r->clock),
		r->state, "/etc/postfix"};
}

static void
rig_close(struct rig *r)
{
	char cmd[128];

	fake_fs_revive(&r->fs);
	snprintf(cmd, sizeof(cmd), "rm -rf -- %s", r->dir);
	assert_int_equal(system(cmd), 0);
}

static size_t
files(const struct rig *r, const char *end, char *first)
{
	char pattern[200];
	glob_t g = {0};
	size_t n;

	snprintf(pattern, sizeof(pattern), "%s/*/runs/*%s", r->state, end);
	n = glob(pattern, 0, NULL, &g) == 0 ? g.gl_pathc : 0;
	if (n && first)
		strcpy(first, g.gl_pathv[0]);
	globfree(&g);
	return n;
}

static struct sv
text(const char *s)
{
	return sv_of(s);
}

/* One that began and died without a word: its lock is gone with it. */
static void
dead_run(struct rig *r, const char *draft)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		struct run *run = run_begin(&r->env, "about", NULL);

		_exit(run && run_keep(run, text(draft), NULL) ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	r->clock.now++;
}

static void
living_run_is_seen_and_its_draft_is_not_to_be_had(void **state)
{
	struct rig r;
	struct run_list l;
	struct run *a, *b;

	(void)state;
	rig_open(&r);
	a = run_begin(&r.env, "taro on pts/3", NULL);
	assert_non_null(a);
	assert_true(run_keep(a, text("first"), NULL));
	assert_true(run_keep(a, text("second"), NULL));
	b = run_begin(&r.env, "b", NULL);
	runs_list(&r.env, b, &l, NULL);
	assert_int_equal(l.n, 1);
	assert_true(l.v[0].lives);
	assert_string_equal(l.v[0].about, "taro on pts/3");
	assert_string_equal(l.v[0].draft, "second");
	runs_free(&l);
	run_end(a, false);
	runs_list(&r.env, b, &l, NULL);
	assert_int_equal(l.n, 0);
	runs_free(&l);
	run_end(b, true);
	assert_int_equal(files(&r, "", NULL), 0);
	rig_close(&r);
}

static void
draft_of_the_dead_is_taken_by_one(void **state)
{
	struct rig r;
	struct run_list l;
	struct run *a, *b;

	(void)state;
	rig_open(&r);
	dead_run(&r, "left behind");
	assert_int_equal(files(&r, ".run", NULL), 1);
	a = run_begin(&r.env, "a", NULL);
	b = run_begin(&r.env, "b", NULL);
	runs_list(&r.env, a, &l, NULL);
	assert_int_equal(files(&r, ".run", NULL), 2); /* the dead one's is swept */
	assert_int_equal(l.n, 2);
	assert_false(l.v[0].lives);
	assert_string_equal(l.v[0].draft, "left behind");
	assert_true(run_take(a, l.v[0].id, NULL));
	assert_false(run_take(b, l.v[0].id, NULL));
	assert_true(runs_drop(&r.env, l.v[0].id, NULL)); /* nothing is left to drop */
	runs_free(&l);
	run_end(b, false);
	run_end(a, true);
	runs_list(&r.env, NULL, &l, NULL);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.v[0].draft, "left behind");
	assert_true(runs_drop(&r.env, l.v[0].id, NULL));
	runs_free(&l);
	assert_int_equal(files(&r, "", NULL), 0);
	rig_close(&r);
}

static void
nobody_looking_makes_no_folder(void **state)
{
	struct rig r;
	struct run_list l;
	struct diags d = {0};

	(void)state;
	rig_open(&r);
	runs_list(&r.env, NULL, &l, &d);
	assert_int_equal(l.n, 0);
	assert_int_equal(d.n, 0);
	assert_int_equal(access(r.state, F_OK), -1);
	runs_free(&l);
	rig_close(&r);
}

static void
bent_files_are_told_and_not_read(void **state)
{
	static const char *const texts[] = {"", "x", "postrelay-draft 1\nleft\nsum 0\n"};
	struct rig r;
	char path[200];

	(void)state;
	rig_open(&r);
	dead_run(&r, "left behind");
	assert_int_equal(files(&r, ".draft", path), 1);
	for (size_t i = 0; i < 6; i++) {
		struct run_list l;
		struct diags d = {0};
		int fd;

		unlink(path);
		if (i < 3) {
			fd = open(path, O_WRONLY | O_CREAT, 0600);
			assert_int_equal(write(fd, texts[i], strlen(texts[i])),
				(ssize_t)strlen(texts[i]));
			close(fd);
		} else if (i == 3) {
			assert_int_equal(symlink("/etc/passwd", path), 0);
		} else if (i == 4) {
			assert_int_equal(mkfifo(path, 0600), 0);
		} else {
			fd = open(path, O_WRONLY | O_CREAT, 0600);
			assert_int_equal(ftruncate(fd, 1 << 30), 0);
			close(fd);
		}
		runs_list(&r.env, NULL, &l, &d);
		assert_int_equal(d.n, 1);
		assert_int_equal(d.v[0].code, DIAG_FILE_KIND);
		assert_true(l.n == 0 || !l.v[0].draft);
		runs_free(&l);
		diag_clear(&d);
	}
	rig_close(&r);
}

static void
folder_that_others_can_write_is_refused(void **state)
{
	struct rig r;
	struct diags d = {0};
	char path[200];

	(void)state;
	rig_open(&r);
	dead_run(&r, "left behind");
	assert_int_equal(files(&r, ".draft", path), 1);
	*strrchr(path, '/') = '\0';
	assert_int_equal(chmod(path, 0777), 0);
	assert_null(run_begin(&r.env, "a", &d));
	assert_int_equal(d.v[0].code, DIAG_APPLY_STATE);
	diag_clear(&d);
	rig_close(&r);
}

/* Whatever fails, the draft is the one before or the new one, and it is told. */
static void
each_call_failing_leaves_the_old_or_the_new_draft(void **state)
{
	static const int errors[] = {ENOSPC, EIO, EROFS, EDQUOT, EACCES};

	(void)state;
	for (size_t e = 0; e < sizeof(errors) / sizeof(errors[0]); e++)
		for (int n = 1;; n++) {
			struct rig r;
			struct run_list l;
			struct diags d = {0};
			struct run *run;
			bool kept = false, failed;

			rig_open(&r);
			dead_run(&r, "other");
			run = run_begin(&r.env, "a", NULL);
			assert_true(run_keep(run, text("old"), NULL));
			r.fs.calls = 0;
			r.fs.fail_at = n;
			r.fs.fail_errno = errors[e];
			kept = run_keep(run, text("new"), &d);
			failed = r.fs.failed != NULL;
			r.fs.fail_at = 0;
			assert_true(kept || d.n == 1);
			run_end(run, true);
			runs_list(&r.env, NULL, &l, NULL);
			assert_int_equal(l.n, 2);
			assert_string_equal(l.v[0].draft, "other");
			assert_true(strcmp(l.v[1].draft, "new") == 0 ||
				    (!kept && strcmp(l.v[1].draft, "old") == 0));
			assert_int_equal(files(&r, ".new", NULL), 0);
			runs_free(&l);
			diag_clear(&d);
			rig_close(&r);
			if (!failed)
				break;
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(living_run_is_seen_and_its_draft_is_not_to_be_had),
		cmocka_unit_test(draft_of_the_dead_is_taken_by_one),
		cmocka_unit_test(nobody_looking_makes_no_folder),
		cmocka_unit_test(bent_files_are_told_and_not_read),
		cmocka_unit_test(folder_that_others_can_write_is_refused),
		cmocka_unit_test(each_call_failing_leaves_the_old_or_the_new_draft),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
