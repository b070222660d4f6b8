/* SPDX-License-Identifier: MIT
 *
 * When the history waits for the disk: before the first file is replaced, and no more
 * often than it must.
 */
#include "history_rig.h"

/* What has reached the disk of a new entry when the first file is replaced. */
struct disk {
	bool written, synced, named, on_disk; /* file; its name */
	unsigned fsyncs, swaps, ends, unsafe;
};

static bool
leads_to(const char *path, const char *name)
{
	return sv_ends(sv_of(path), name);
}

static void
watch_disk(void *ctx, const char *call, const char *name)
{
	struct disk *k = ctx;

	if (strcmp(call, "write") == 0 && leads_to(name, "/history/new")) {
		k->written = true;
		k->synced = false;
	} else if (strcmp(call, "write") == 0 && leads_to(name, "/history/2")) {
		k->synced = false;
		k->ends++;
	} else if (strcmp(call, "fsync") == 0) {
		k->fsyncs++;
		k->synced = k->synced || leads_to(name, "/history/new") ||
			    leads_to(name, "/history/2");
		k->on_disk = k->on_disk || (k->named && leads_to(name, "/history"));
	} else if (strcmp(call, "renameat2") == 0 && leads_to(name, "2")) {
		k->named = k->synced;
	} else if (strcmp(call, "renameat2") == 0 &&
		   (strcmp(name, "main.cf") == 0 || strcmp(name, "aliases") == 0)) {
		k->swaps++;
		if (!k->written || !k->synced || !k->on_disk)
			k->unsafe++;
	} else if (strcmp(call, "unlinkat") == 0 && strcmp(name, "journal") == 0 &&
		   !(k->ends && k->synced)) {
		k->unsafe++;
	}
}

static struct disk
apply_watched(struct rig *r, enum hist_end end)
{
	struct hist_about a = about();
	struct disk k = {0};

	r->fs.before = watch_disk;
	r->fs.ctx = &k;
	assert_int_equal(apply(r, &a, end), 2);
	r->fs.before = NULL;
	return k;
}

static void
copies_are_on_disk_before_the_first_file_is_replaced(void **state)
{
	struct rig *r = *state;
	struct disk k;

	rig_write(rig_path(r->etc, "main.cf"), "a\n");
	rig_write(rig_path(r->etc, "aliases"), "a: b\n");
	change(r, "main.cf", "b\n", HIST_HEALTHY);
	rig_forget(r);
	rig_want(r, "main.cf", "c\n");
	rig_want(r, "aliases", "a: c\n");
	k = apply_watched(r, HIST_HEALTHY);
	assert_int_equal(k.swaps, 2);
	assert_int_equal(k.unsafe, 0);
	assert_int_equal(k.ends, 1);
}

struct made {
	unsigned folders, unsafe;
	bool pending; /* made, its name not on the disk yet */
};

static void
watch_folders(void *ctx, const char *call, const char *name)
{
	struct made *m = ctx;

	(void)name;
	if (strcmp(call, "fsync") == 0)
		m->pending = false;
	if (m->pending && (strcmp(call, "write") == 0 || strcmp(call, "mkdirat") == 0))
		m->unsafe++;
	if (strcmp(call, "mkdirat") == 0) {
		m->folders++;
		m->pending = true;
	}
}

/* Else the first entry of all, or the first journal, is lost with its folder. */
static void
folders_are_on_disk_before_anything_is_in_them(void **state)
{
	struct rig *r = *state;
	struct made m = {0};

	rig_write(rig_path(r->etc, "main.cf"), "a\n");
	r->fs.before = watch_folders;
	r->fs.ctx = &m;
	change(r, "main.cf", "b\n", HIST_HEALTHY);
	r->fs.before = NULL;
	assert_int_equal(m.folders, 4); /* state, that of etc, locks, history */
	assert_int_equal(m.unsafe, 0);
}

/* One file, nothing to do afterwards: what somebody waits for most often. New file,
 * entry, and the folders of both. */
static void
simple_change_waits_four_times_for_the_disk(void **state)
{
	struct rig *r = *state;
	struct disk k;

	rig_write(rig_path(r->etc, "main.cf"), "a\n");
	actions = "";
	change(r, "main.cf", "b\n", HIST_WRITTEN);
	rig_forget(r);
	rig_want(r, "main.cf", "c\n");
	k = apply_watched(r, HIST_WRITTEN);
	assert_int_equal(k.swaps, 1);
	assert_int_equal(k.unsafe, 0);
	assert_int_equal(k.fsyncs, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEPT(copies_are_on_disk_before_the_first_file_is_replaced),
		KEPT(folders_are_on_disk_before_anything_is_in_them),
		KEPT(simple_change_waits_four_times_for_the_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
