/* SPDX-License-Identifier: MIT
 *
 * The promise of txn, tried at every single system call: whatever call fails, and
 * wherever the process ends, the files are all old or all new afterwards, by themselves
 * or after txn_recover, and nothing of ours is left beside them.
 */
#include "txn_rig.h"

#include <sys/xattr.h>

enum { MAX_CALLS = 2000 };

enum flow { FLOW_APPLY, FLOW_PUT_BACK };

struct scenario {
	const char *name;
	enum flow flow;
	bool no_exchange;
	bool mount; /* aliases is a mount of its own, and may be written over */
};

static const struct scenario scenarios[] = {
	{"apply", FLOW_APPLY, false, false},
	{"apply without exchange", FLOW_APPLY, true, false},
	{"put back", FLOW_PUT_BACK, false, false},
	{"put back without exchange", FLOW_PUT_BACK, true, false},
	{"apply over a mount", FLOW_APPLY, false, true},
	{"put back over a mount", FLOW_PUT_BACK, false, true},
};

static const struct {
	const char *name, *old, *new;
} files[] = {
	{"main.cf", "old main\n", "new main\n"}, /* a link to real/main.cf */
	{"aliases", "old aliases\n", "new\n"},   /* shorter: cut off, it has an old end */
	{"sasl_passwd", "(none)", "secret\n"},
	{"aliases.db", "old table\n", "new table\n"}, /* what a builder makes */
};

enum { BUILT = 3, FILES = sizeof(files) / sizeof(files[0]) };

static const char *
base(void)
{
	return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

/* As far as txn can see. */
static void
mount_aliases(struct rig *r)
{
	static char path[512];
	char *line = str_format("1 2 0:3 / %s/aliases rw - ext4 /dev/vda rw\n", r->etc);

	snprintf(path, sizeof(path), "%s/mountinfo", r->dir);
	rig_write(path, line);
	r->fs.mountinfo = path;
	free(line);
}

static void
set_up(struct rig *r, const struct scenario *s)
{
	rig_up(r, base());
	assert_int_equal(mkdir(rig_path(r->dir, "real"), 0755), 0);
	rig_write(rig_path(r->dir, "real/main.cf"), files[0].old);
	assert_int_equal(symlink("../real/main.cf", rig_path(r->etc, "main.cf")), 0);
	rig_write(rig_path(r->etc, "aliases"), files[1].old);
	setxattr(rig_path(r->etc, "aliases"), "user.note", "kept", 4, 0);
	rig_write(rig_path(r->etc, "aliases.db"), files[BUILT].old);
	for (size_t i = 0; i < FILES; i++)
		rig_want(r, files[i].name, files[i].new);
	for (size_t i = 0; i < FILES; i++)
		r->want[i].in_place = s->mount;
	if (s->mount)
		mount_aliases(r);
	r->want[BUILT].built = true;
	r->want[BUILT].loaded = NULL;
	if (s->no_exchange)
		r->fs.exchange_errno = r->fs.noreplace_errno = EINVAL;
}

/* The builder is a program of its own: it writes past the counted calls, and leaves files
 * of its own behind, one of them under a name of libdb's. */
static bool
build(struct rig *r, struct txn *t)
{
	char *table = str_format("%s.db", txn_source_path(t, BUILT));
	char *left = str_format("%s.cdb.tmp", txn_source_path(t, BUILT));
	const char *slash = strrchr(left, '/');
	char *db = str_format("%.*s/__db.%s.db", (int)(slash - left), left,
		strrchr(txn_source_path(t, BUILT), '/') + 1);

	if (!r->fs.dead) {
		rig_write(table, files[BUILT].new);
		rig_write(left, "x");
		rig_write(db, "");
	}
	free(table);
	free(left);
	free(db);
	return txn_take_built(t, BUILT, ".db", &r->d);
}

/* The way of a caller; true when every step said so. */
static bool
go(struct rig *r, enum flow flow)
{
	struct txn *t = rig_begin(r);
	bool ok;

	if (!t)
		return false;
	ok = txn_stage(t, &r->d) && build(r, t) && txn_arm(t, "RELOAD", true, &r->d) &&
	     txn_swap(t, &r->d);
	if (ok && flow == FLOW_PUT_BACK)
		ok = txn_put_back(t, &r->d);
	return txn_end(t, &r->d) && ok;
}

static void
fail_here(const struct rig *r, const char *what, const struct scenario *s, int n)
{
	rig_show(r);
	print_message("etc: %s\n", rig_names(r->etc));
	print_message("state: %s\n", rig_state_names(r));
	fail_msg("%s: call %d (%s): %s", s->name, n, r->fs.failed ? r->fs.failed : "-",
		what);
}

static bool
is_noted(const struct rig *r)
{
	return strstr(rig_state_names(r), "note") ||
	       strstr(rig_state_names(r), "journal");
}

/* How many files are new; every file must be its old or its new self. */
static size_t
count_new(struct rig *r, const struct scenario *s, int n)
{
	size_t new = 0;

	/* What is written over is torn for a moment, and only recovery may mend it. */
	if (s->mount && (r->fs.dead || is_noted(r)))
		return 0;
	for (size_t i = 0; i < FILES; i++) {
		const char *now = rig_read(r->path[i]);

		if (strcmp(now, files[i].new) == 0)
			new ++;
		else if (strcmp(now, files[i].old) != 0)
			fail_here(r, "a file is neither old nor new", s, n);
	}
	return new;
}

static bool
is_clean(const struct rig *r)
{
	return !strstr(rig_names(r->etc), "postrelay") &&
	       !strstr(rig_names(r->etc), ".tmp") &&
	       strcmp(rig_names(rig_path(r->dir, "real")), "main.cf") == 0;
}

static void
recover_fully(struct rig *r, const struct scenario *s, int n)
{
	const char *failed = r->fs.failed;
	struct txn_recovered rec;
	size_t new;

	fake_fs_revive(&r->fs);
	r->fs.failed = failed;
	txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
	if (rec.found == TXN_ASK || rec.found == TXN_BUSY)
		fail_here(r, "recover couldn't settle it", s, n);
	new = count_new(r, s, n);
	if (new != 0 && new != FILES)
		fail_here(r, "partly new after recover", s, n);
	if (rec.found == TXN_UNDONE && new != 0)
		fail_here(r, "said undone, but isn't", s, n);
	if (rec.found == TXN_FINISHED && new != FILES)
		fail_here(r, "said finished, but isn't", s, n);
	txn_recovered_free(&rec);
	if (!is_clean(r) || is_noted(r))
		fail_here(r, "something was left after recover", s, n);
}

/* One run in which call n fails once. False when there were fewer calls. */
static bool
fail_once(const struct scenario *s, int n, int err)
{
	struct rig r;
	bool ok, hit, undone = false;
	size_t new;

	set_up(&r, s);
	r.fs.fail_at = n;
	r.fs.fail_errno = err;
	ok = go(&r, s->flow);
	hit = r.fs.calls >= n;
	new = count_new(&r, s, n);
	for (size_t i = 0; i < r.d.n; i++)
		undone |= r.d.v[i].code == DIAG_APPLY_UNDONE;
	if (ok && new != (s->flow == FLOW_APPLY ? FILES : 0))
		fail_here(&r, "said done, but isn't", s, n);
	if (!ok && r.d.n == 0)
		fail_here(&r, "failed without a word", s, n);
	if (!undone && new != 0 && new != FILES)
		fail_here(&r, "partly new", s, n);
	if (ok && (!is_clean(&r) || is_noted(&r)))
		fail_here(&r, "said done, but something was left", s, n);
	if (!is_clean(&r) && !is_noted(&r))
		fail_here(&r, "something was left and not noted", s, n);
	recover_fully(&r, s, n);
	rig_down(&r);
	return hit;
}

/* One run that ends at call n, and a recover that ends at its call m (0: lives). */
static bool
die_at(const struct scenario *s, int n, int m, bool *recover_hit)
{
	struct rig r;
	struct txn_recovered rec;
	bool hit;

	set_up(&r, s);
	r.fs.fail_at = n;
	r.fs.die = true;
	go(&r, s->flow);
	hit = r.fs.dead;
	count_new(&r, s, n);
	if (m > 0) {
		fake_fs_revive(&r.fs);
		r.fs.fail_at = m;
		r.fs.die = true;
		txn_recover(&r.env, TXN_BY_HASH, &rec, &r.d);
		*recover_hit = r.fs.dead;
		txn_recovered_free(&rec);
		count_new(&r, s, n);
	}
	recover_fully(&r, s, n);
	rig_down(&r);
	return hit;
}

static void
each_failing_call_leaves_all_old_or_all_new(void **state)
{
	static const int errors[] = {EIO, ENOSPC};

	(void)state;
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		for (size_t k = 0; k < 2; k++) {
			int n = 1;

			while (n < MAX_CALLS && fail_once(&scenarios[i], n, errors[k]))
				n++;
			assert_true(n > 100 && n < MAX_CALLS);
		}
}

static void
death_at_each_call_is_recovered(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		int n = 1;

		while (n < MAX_CALLS && die_at(&scenarios[i], n, 0, NULL))
			n++;
		assert_true(n > 100 && n < MAX_CALLS);
	}
}

/* The recovery itself may die too: every 7th death, and each call of what follows it. */
static void
death_while_recovering_is_recovered(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		bool hit = true;

		for (int n = 1; n < MAX_CALLS && hit; n += 7) {
			bool again = true;

			for (int m = 1; m < MAX_CALLS && again; m += 3)
				hit = die_at(&scenarios[i], n, m, &again);
		}
		assert_false(hit);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_failing_call_leaves_all_old_or_all_new),
		cmocka_unit_test(death_at_each_call_is_recovered),
		cmocka_unit_test(death_while_recovering_is_recovered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
