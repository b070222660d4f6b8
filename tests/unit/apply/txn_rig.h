/* SPDX-License-Identifier: MIT
 *
 * A configuration folder, a state folder and a transaction over them, for the tests of
 * txn. Everything lives in a folder of its own that rig_down() removes.
 */
#ifndef PR_TXN_RIG_H
#define PR_TXN_RIG_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "apply/readfile.h"
#include "apply/txn.h"
#include "base/str.h"
#include "fake/fake_clock.h"
#include "fake/fake_fs.h"
#include "sys/fs.h"

enum { RIG_FILES = 4 };

struct rig {
	char dir[64], etc[96], state[96];
	struct fake_fs fs;
	struct fake_clock clock;
	struct txn_env env;
	struct diags d;
	struct txn_want want[RIG_FILES];
	struct fileid loaded[RIG_FILES];
	char *path[RIG_FILES];
	size_t n;
};

static inline const char *
rig_path(const char *dir, const char *name)
{
	static char buf[8][512];
	static unsigned turn;
	char *p = buf[turn++ % 8];

	snprintf(p, sizeof(buf[0]), "%s/%s", dir, name);
	return p;
}

static inline void
rig_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

/* The text of a file, "(none)" for a missing one; in one of a few static buffers. */
static inline const char *
rig_read(const char *path)
{
	static char buf[4][4096];
	static unsigned turn;
	char *p = buf[turn++ % 4];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return "(none)";
	n = read(fd, p, sizeof(buf[0]) - 1);
	assert_true(n >= 0);
	p[n] = '\0';
	close(fd);
	return p;
}

/* Base: a folder in which nothing needs to reach a disk. */
static inline void
rig_up(struct rig *r, const char *base)
{
	*r = (struct rig){.n = 0};
	snprintf(r->dir, sizeof(r->dir), "%s/pr-txn-XXXXXX", base);
	assert_non_null(mkdtemp(r->dir));
	snprintf(r->etc, sizeof(r->etc), "%s/etc", r->dir);
	snprintf(r->state, sizeof(r->state), "%s/state", r->dir);
	assert_int_equal(mkdir(r->etc, 0755), 0);
	fake_fs_init(&r->fs, sys_fs());
	fake_fs_trust(&r->fs, base);
	r->env = (struct txn_env){.fs = fake_fs_port(&r->fs),
		.clock = fake_clock_port(&r->clock),
		.state = r->state,
		.conf_dir = r->etc};
}

static int
rig_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void
rig_forget(struct rig *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->path[i]);
	r->n = 0;
	diag_clear(&r->d);
}

static inline void
rig_down(struct rig *r)
{
	assert_int_equal(fake_fs_open(&r->fs), 0);
	rig_forget(r);
	nftw(r->dir, rig_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static inline bool
rig_emit(const void *src, txn_sink *sink, void *ctx)
{
	return sink(ctx, src, strlen(src));
}

/* etc/NAME is to become text; loaded as it is now. */
static inline struct txn_want *
rig_want(struct rig *r, const char *name, const char *text)
{
	struct fs_port real = sys_fs();
	struct readfile f;
	size_t i = r->n++;

	r->path[i] = str_format("%s/%s", r->etc, name);
	readfile_load(&real, r->path[i], &f, NULL);
	r->loaded[i] = f.id;
	readfile_free(&f);
	r->want[i] = (struct txn_want){.path = r->path[i],
		.loaded = &r->loaded[i],
		.emit = rig_emit,
		.src = text,
		.main_cf = strcmp(name, "main.cf") == 0};
	return &r->want[i];
}

static inline struct txn *
rig_begin(struct rig *r)
{
	return txn_begin(&r->env, r->want, r->n, &r->d);
}

/* Begin to swap; NULL (and everything ended) when a step said no. */
static inline struct txn *
rig_swap(struct rig *r)
{
	struct txn *t = rig_begin(r);

	if (t && txn_stage(t, &r->d) && txn_arm(t, "RELOAD", true, &r->d) &&
		txn_swap(t, &r->d))
		return t;
	if (t)
		txn_end(t, &r->d);
	return NULL;
}

/* The process dies before it can end what it swapped. */
static inline void
rig_die(struct rig *r, struct txn *t)
{
	r->fs.fail_at = r->fs.calls + 1;
	r->fs.die = true;
	txn_end(t, &r->d);
	fake_fs_revive(&r->fs);
}

/* What a start finds, and does about it as it is wished. */
static inline enum txn_found
rig_recover(struct rig *r, enum txn_wish wish)
{
	struct txn_recovered rec;
	enum txn_found found;

	txn_recover(&r->env, wish, &rec, &r->d);
	found = rec.found;
	txn_recovered_free(&rec);
	return found;
}

/* Print the findings when something else came than was expected. */
static inline void
rig_show(const struct rig *r)
{
	struct str s = {0};

	for (size_t i = 0; i < r->d.n; i++)
		diag_format(&r->d.v[i], &s);
	if (s.n)
		print_message("%s\n", s.p);
	str_free(&s);
}

static inline bool
rig_says(const struct rig *r, enum diag_code code)
{
	for (size_t i = 0; i < r->d.n; i++)
		if (r->d.v[i].code == code)
			return true;
	rig_show(r);
	return false;
}

/* Names in a folder, sorted, blank between: "aliases main.cf". */
static inline const char *
rig_names(const char *dir)
{
	static char buf[2048];
	struct dirent **v;
	int n = scandir(dir, &v, NULL, alphasort);
	size_t at = 0;

	buf[0] = '\0';
	for (int i = 0; i < n; i++) {
		if (strcmp(v[i]->d_name, ".") != 0 && strcmp(v[i]->d_name, "..") != 0)
			at += (size_t)snprintf(buf + at, sizeof(buf) - at, "%s%s",
				at ? " " : "", v[i]->d_name);
		free(v[i]);
	}
	if (n >= 0)
		free(v);
	return buf;
}

/* Names in our state folder for this configuration. */
static inline const char *
rig_state_names(const struct rig *r)
{
	char key[TXN_KEY_BYTES];

	txn_key(r->etc, key);
	return rig_names(rig_path(r->state, key));
}

/* A lock that somebody else holds until so many sleeps are over. */
struct other {
	int lock, sleeps;
};

static inline void
other_ends(void *ctx)
{
	struct other *o = ctx;

	if (--o->sleeps == 0)
		close(o->lock);
}

static inline void
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

static inline const char *
rig_text(struct rig *r, const char *name)
{
	return rig_read(rig_path(r->etc, name));
}

static inline void
rig_want_both(struct rig *r)
{
	rig_want(r, "main.cf", "new main\n");
	rig_want(r, "aliases", "new aliases\n");
}

/* A main.cf and aliases that have their old texts, for a program of such tests. */
#define RIG_BASE "/tmp"

static inline int
rig_two_up(void **state)
{
	struct rig *r = test_malloc(sizeof(*r));

	rig_up(r, RIG_BASE);
	rig_write(rig_path(r->etc, "main.cf"), "old main\n");
	rig_write(rig_path(r->etc, "aliases"), "old aliases\n");
	*state = r;
	return 0;
}

static inline int
rig_two_down(void **state)
{
	rig_down(*state);
	test_free(*state);
	return 0;
}

#define TWO(test) cmocka_unit_test_setup_teardown(test, rig_two_up, rig_two_down)

#endif
