/* SPDX-License-Identifier: MIT
 *
 * The history: what is kept is the bytes that were there, through every way an apply can
 * end, however odd or large the files, and whatever somebody puts into the folder.
 */
#include "txn_rig.h"

#include "apply/history_parts.h"
#include "base/mem.h"

#define N(v) (sizeof(v) / sizeof(v)[0])

enum { MAX_CALLS = 3000, BIG = 3 << 20 };
enum { END_TEXT_BYTES = 50 }; /* of an end, at least; line feeds follow */

/* What follows a change; none: it needs no journal. */
static const char *actions = "reload";

static const struct hist_change changes[] = {
	{HIST_PARAM, "inet_interfaces"}, {HIST_ALIAS, "sales & \xff\n"}};
static const char *const kinds[RIG_FILES] = {"0", "1", "4 hash", ""};

static struct hist_about
about(void)
{
	return (struct hist_about){.who = "hanako",
		.terminal = "pts/3",
		.as = "a word",
		.uid = 1000,
		.changes = changes,
		.nchanges = N(changes),
		.total = 70,
		.kinds = kinds,
		.keep = {100, 3650, 100}};
}

/* One whole apply of what is wanted; the entry's number, 0 when it was refused. */
static unsigned
apply(struct rig *r, const struct hist_about *a, enum hist_end end)
{
	struct txn *t = rig_begin(r);
	unsigned no = 0;
	bool swapped = false;

	if (!t)
		return 0;
	if (txn_stage(t, &r->d))
		no = hist_keep_copies(t, a, actions, &r->d);
	if (no)
		swapped = txn_arm(t, actions, true, &r->d) && txn_swap(t, &r->d);
	if (swapped && end == HIST_PUT_BACK)
		txn_put_back(t, &r->d);
	if (swapped)
		hist_close(t, no, end, 7800, &a->keep, &r->d);
	else if (no)
		hist_drop(t, no);
	txn_end(t, &r->d);
	return swapped ? no : 0;
}

/* Write text into one file of etc, as an apply of its own. */
static unsigned
change(struct rig *r, const char *name, const char *text, enum hist_end end)
{
	struct hist_about a = about();
	unsigned no;

	rig_forget(r);
	rig_want(r, name, text);
	no = apply(r, &a, end);
	assert_int_not_equal(no, 0);
	return no;
}

static void
assert_bytes(struct rig *r, const struct hist_list *l, size_t entry, size_t file,
	bool after, const char *want)
{
	const struct hist_which w = {&r->env, l, entry, file, after};
	struct str got = {0};

	if (!hist_bytes(&w, &got, &r->d))
		rig_show(r);
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(str_c(&got), want, got.n);
	str_free(&got);
}

/* A path in the folder of the history; in one of a few static buffers. */
static const char *
in_history(const struct rig *r, const char *name)
{
	static char buf[4][300];
	static unsigned turn;
	char key[TXN_KEY_BYTES], *p = buf[turn++ % 4];

	txn_key(r->etc, key);
	snprintf(p, sizeof(buf[0]), "%s/%s/history%s%s", r->state, key,
		name[0] ? "/" : "", name);
	return p;
}

static int
setup(void **state)
{
	struct rig *r = mem_new(1, sizeof(*r));

	actions = "reload";
	rig_up(r, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	rig_down(*state);
	free(*state);
	return 0;
}

/* --- what is kept -------------------------------------------------------------------
 */

static void
kept_entry_is_read_back_whole(void **state)
{
	struct rig *r = *state;
	struct hist_about a = about();
	struct hist_list l;

	rig_write(rig_path(r->etc, "main.cf"), "old = 1\r\n\xef\xbb\xbf no end");
	rig_write(rig_path(r->etc, "aliases"), "a: \xff\x01\n");
	rig_want(r, "main.cf", "old = 2\r\n\xef\xbb\xbf no end");
	rig_want(r, "aliases", "");
	rig_want(r, "sasl passwd", "secret\n");
	r->clock.now = 1764061860;
	assert_int_equal(apply(r, &a, HIST_HEALTHY), 1);
	assert_int_equal(r->d.n, 0);
	hist_load(&r->env, false, &l, &r->d);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.v[0].no, 1);
	assert_int_equal(l.v[0].when, 1764061860);
	assert_int_equal(l.v[0].uid, 1000);
	assert_string_equal(l.v[0].who, "hanako");
	assert_string_equal(l.v[0].terminal, "pts/3");
	assert_string_equal(l.v[0].actions, "reload");
	assert_string_equal(l.v[0].as, "a word");
	assert_int_equal(l.v[0].end, HIST_HEALTHY);
	assert_int_equal(l.v[0].ms, 7800);
	assert_int_equal(l.v[0].nchanges, 2);
	assert_int_equal(l.v[0].total, 70);
	assert_string_equal(l.v[0].changes[1].name, changes[1].name);
	assert_int_equal(l.v[0].nfiles, 3);
	assert_string_equal(l.v[0].files[2].kind, "4 hash");
	assert_string_equal(l.v[0].files[2].path, r->path[2]);
	assert_bytes(r, &l, 0, 0, false, "old = 1\r\n\xef\xbb\xbf no end");
	assert_bytes(r, &l, 0, 0, true, "old = 2\r\n\xef\xbb\xbf no end");
	assert_bytes(r, &l, 0, 1, false, "a: \xff\x01\n");
	assert_bytes(r, &l, 0, 1, true, "");
	assert_false(l.v[0].files[2].before.exists);
	assert_bytes(r, &l, 0, 2, false, "");
	assert_bytes(r, &l, 0, 2, true, "secret\n");
	hist_free(&l);
}

static void
kept_copies_are_for_nobody_else(void **state)
{
	struct rig *r = *state;
	struct stat st;

	rig_write(rig_path(r->etc, "main.cf"), "a\n");
	change(r, "main.cf", "b\n", HIST_HEALTHY);
	assert_int_equal(stat(in_history(r, ""), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(stat(in_history(r, "1"), &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
put_back_and_cut_off_are_told_apart(void **state)
{
	struct rig *r = *state;
	struct hist_about a = about();
	struct hist_list l;
	struct txn *t;

	rig_write(rig_path(r->etc, "main.cf"), "a\n");
	change(r, "main.cf", "b\n", HIST_PUT_BACK);
	rig_forget(r);
	rig_want(r, "main.cf", "c\n");
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	assert_int_equal(hist_keep_copies(t, &a, "", &r->d), 2);
	hist_load(&r->env, true, &l, &r->d);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.v[0].no, 2);
	assert_true(l.v[0].runs);
	hist_free(&l);
	txn_end(t, &r->d);
	hist_load(&r->env, false, &l, &r->d);
	assert_int_equal(l.n, 2);
	assert_int_equal(l.v[0].end, HIST_PUT_BACK);
	assert_bytes(r, &l, 0, 0, false, "a\n");
	assert_int_equal(l.v[1].end, HIST_OPEN);
	assert_false(l.v[1].runs);
	hist_free(&l);
}

/* --- large files --------------------------------------------------------------------
 */

/* A line of a large file that differs from one state to the next. */
static char *
big_text(int turn)
{
	char *text = mem_new(BIG + 1, 1), line[16];

	memset(text, 'x', BIG);
	for (size_t i = 99; i < BIG; i += 100)
		text[i] = '\n';
	snprintf(line, sizeof(line), "%08d", turn);
	memcpy(text + 1000 + (size_t)turn * 300, line, 8);
	return text;
}

static void
large_file_is_kept_as_differences(void **state)
{
	enum { TURNS = 40 };
	struct rig *r = *state;
	struct hist_list l;
	uint64_t stored = 0;
	char *was = big_text(0), *now;

	rig_write(rig_path(r->etc, "aliases"), was);
	for (int i = 1; i <= TURNS; i++) {
		now = big_text(i);
		change(r, "aliases", now, HIST_HEALTHY);
		free(now);
	}
	hist_load(&r->env, false, &l, &r->d);
	assert_int_equal(l.n, TURNS);
	for (int i = 1; i <= TURNS; i++) {
		now = big_text(i);
		assert_bytes(r, &l, (size_t)i - 1, 0, false, was);
		assert_bytes(r, &l, (size_t)i - 1, 0, true, now);
		stored += l.v[i - 1].stored;
		free(was);
		was = now;
	}
	free(was);
	assert_true(stored < 4 * (uint64_t)BIG);
	hist_free(&l);
}

struct pieces {
	struct sv v[3];
};

static bool
emit_pieces(const void *src, txn_sink *sink, void *ctx)
{
	const struct pieces *p = src;

	for (size_t i = 0; i < N(p->v); i++)
		if (!sink(ctx, p->v[i].p, p->v[i].n))
			return false;
	return true;
}

/* A document hands out slices of what was loaded: they needn't be compared again, and
 * what is kept is the same. */
static void
slices_of_the_old_bytes_are_known_to_be_the_same(void **state)
{
	static const char old[] = "abcabcabc", *const middles[] = {
						       "", "x", "abc", "abcabc"};
	struct rig *r = *state;
	struct hist_about a = about();

	for (size_t front = 0; front <= 9; front++)
		for (size_t back = 0; back <= 9; back++)
			for (size_t m = 0; m < N(middles); m++) {
				struct pieces p = {{{old, front}, sv_of(middles[m]),
					{old + 9 - back, back}}};
				struct txn_want *w;
				struct hist_list l;
				char now[32];

				snprintf(now, sizeof(now), "%.*s%s%s", (int)front, old,
					middles[m], old + 9 - back);
				rig_forget(r);
				rig_write(rig_path(r->etc, "main.cf"), old);
				w = rig_want(r, "main.cf", NULL);
				w->emit = emit_pieces;
				w->src = &p;
				w->old = sv_make(old, 9);
				assert_int_not_equal(apply(r, &a, HIST_HEALTHY), 0);
				hist_load(&r->env, true, &l, &r->d);
				assert_bytes(r, &l, 0, 0, false, old);
				assert_bytes(r, &l, 0, 0, true, now);
				hist_free(&l);
			}
}

/* What somebody else made of it in between is kept too. */
static void
large_file_changed_outside_is_kept_whole(void **state)
{
	struct rig *r = *state;
	struct hist_list l;
	char *v[4];

	for (int i = 0; i < 4; i++)
		v[i] = big_text(i);
	rig_write(rig_path(r->etc, "aliases"), v[0]);
	change(r, "aliases", v[1], HIST_HEALTHY);
	rig_write(rig_path(r->etc, "aliases"), v[2]);
	change(r, "aliases", v[3], HIST_HEALTHY);
	hist_load(&r->env, false, &l, &r->d);
	assert_bytes(r, &l, 0, 0, false, v[0]);
	assert_bytes(r, &l, 0, 0, true, v[1]);
	assert_bytes(r, &l, 1, 0, false, v[2]);
	assert_bytes(r, &l, 1, 0, true, v[3]);
	hist_free(&l);
	for (int i = 0; i < 4; i++)
		free(v[i]);
}

static void
prune_keeps_what_a_later_entry_needs(void **state)
{
	enum { TURNS = 40 };
	struct rig *r = *state;
	struct hist_about a = about();
	struct hist_list l;

	a.keep.entries = 5;
	char *text = big_text(0);
	rig_write(rig_path(r->etc, "aliases"), text);
	free(text);
	for (int i = 1; i <= TURNS; i++) {
		rig_forget(r);
		text = big_text(i);
		rig_want(r, "aliases", text);
		assert_int_equal(apply(r, &a, HIST_HEALTHY), i);
		free(text);
	}
	hist_load(&r->env, false, &l, &r->d);
	assert_true(l.n >= 5 && l.n < 25);
	text = big_text((int)l.v[0].no - 1);
	assert_bytes(r, &l, 0, 0, false, text);
	free(text);
	text = big_text(TURNS);
	assert_bytes(r, &l, l.n - 1, 0, true, text);
	free(text);
	hist_free(&l);
}

/* --- how much is kept ---------------------------------------------------------------
 */

static void
many(struct rig *r, const struct hist_about *a, int n)
{
	char text[32];

	for (int i = 0; i < n; i++) {
		rig_forget(r);
		snprintf(text, sizeof(text), "turn = %d\n", i);
		rig_want(r, "main.cf", text);
		assert_int_not_equal(apply(r, a, HIST_HEALTHY), 0);
		r->clock.now += 24 * 3600;
	}
}

static void
prune_by_number_age_and_size(void **state)
{
	struct rig *r = *state;
	struct hist_about a = about();
	struct hist_list l;
	char *text = big_text(0);

	rig_write(rig_path(r->etc, "main.cf"), "a\n");
	a.keep.entries = 3;
	many(r, &a, 8);
	assert_string_equal(rig_names(in_history(r, "")), "6 7 8");
	a.keep = (struct hist_keep){100, 2, 100};
	many(r, &a, 1);
	assert_string_equal(rig_names(in_history(r, "")), "7 8 9");
	a.keep = (struct hist_keep){100, 100, 1};
	rig_forget(r);
	rig_want(r, "main.cf", text);
	assert_int_equal(apply(r, &a, HIST_HEALTHY), 10);
	assert_string_equal(rig_names(in_history(r, "")), "10 7 8 9");
	many(r, &a, 1); /* it keeps 3 MB: too much, but it is the newest */
	assert_string_equal(rig_names(in_history(r, "")), "11");
	hist_load(&r->env, false, &l, &r->d);
	assert_bytes(r, &l, 0, 0, false, text);
	hist_free(&l);
	free(text);
}

struct opened {
	unsigned oldest, newest, others;
};

static void
count_opened(void *ctx, const char *call, const char *name)
{
	struct opened *o = ctx;

	if (strcmp(call, "openat") != 0 || name[0] < '1' || name[0] > '9' ||
		strlen(name) > 2)
		return;
	if (strcmp(name, "1") == 0)
		o->oldest++;
	else if (strcmp(name, "13") == 0)
		o->newest++;
	else
		o->others++;
}

/* Who changes one setting shall not wait for a history to be read. */
static void
full_history_reads_only_what_goes(void **state)
{
	struct rig *r = *state;
	struct hist_about a = about();
	struct opened o = {0};

	a.keep.entries = 12;
	rig_write(rig_path(r->etc, "main.cf"), "a\n");
	many(r, &a, 12);
	r->fs.before = count_opened;
	r->fs.ctx = &o;
	many(r, &a, 1);
	r->fs.before = NULL;
	assert_string_equal(rig_names(in_history(r, "")), "10 11 12 13 2 3 4 5 6 7 8 9");
	assert_int_equal(o.oldest, 1);
	assert_int_equal(o.newest, 1);
	assert_in_range(o.others, 0, 1);
}

/* --- bait and damage ----------------------------------------------------------------
 */

static void
history_that_is_a_link_is_refused(void **state)
{
	struct rig *r = *state;
	struct hist_about a = about();
	struct hist_list l;

	rig_write(rig_path(r->etc, "main.cf"), "a\n");
	change(r, "main.cf", "b\n", HIST_HEALTHY);
	assert_int_equal(rename(in_history(r, ""), rig_path(r->dir, "elsewhere")), 0);
	assert_int_equal(symlink("../../elsewhere", in_history(r, "")), 0);
	rig_forget(r);
	rig_want(r, "main.cf", "c\n");
	assert_int_equal(apply(r, &a, HIST_HEALTHY), 0);
	assert_true(rig_says(r, DIAG_APPLY_STATE));
	assert_string_equal(rig_read(r->path[0]), "b\n");
	assert_string_equal(rig_names(rig_path(r->dir, "elsewhere")), "1");
	diag_clear(&r->d);
	hist_load(&r->env, false, &l, &r->d);
	assert_int_equal(l.n, 0);
	assert_true(rig_says(r, DIAG_APPLY_STATE));
	hist_free(&l);
}

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

/* --- the disk -----------------------------------------------------------------------
 */

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

/* --- each call ----------------------------------------------------------------------
 */

static void
set_up_each(struct rig *r)
{
	rig_up(r, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	rig_write(rig_path(r->etc, "main.cf"), "zero\n");
	rig_write(rig_path(r->etc, "aliases"), "old aliases\n");
	change(r, "main.cf", "old main\n", HIST_HEALTHY);
	rig_forget(r);
	rig_want(r, "main.cf", "new main\n");
	rig_want(r, "aliases", "new aliases\n");
}

/* Every entry that is there can be gone back to. */
static void
assert_history_sound(struct rig *r, int n)
{
	struct hist_list l;
	bool new = strcmp(rig_read(r->path[0]), "new main\n") == 0;

	hist_load(&r->env, false, &l, &r->d);
	if (l.n < 1 || l.n > 2)
		fail_msg("call %d: %zu entries", n, l.n);
	assert_bytes(r, &l, 0, 0, false, "zero\n");
	if (l.n == 2) {
		assert_bytes(r, &l, 1, 0, false, "old main\n");
		assert_bytes(r, &l, 1, 1, false, "old aliases\n");
		assert_bytes(r, &l, 1, 1, true, "new aliases\n");
	} else if (new) {
		fail_msg("call %d: replaced, and nothing is kept", n);
	}
	hist_free(&l);
}

static void
each_failing_call_keeps_a_sound_history(void **state)
{
	struct hist_about a = about();
	bool hit = true;
	int n = 1;

	(void)state;
	for (; hit && n < MAX_CALLS; n++) {
		struct rig r;
		bool done;

		set_up_each(&r);
		r.fs.calls = 0;
		r.fs.fail_at = n;
		r.fs.fail_errno = ENOSPC;
		done = apply(&r, &a, HIST_HEALTHY) != 0;
		hit = r.fs.calls >= n;
		if (!done && r.d.n == 0)
			fail_msg("call %d: refused without a word", n);
		fake_fs_revive(&r.fs);
		if (!done && strcmp(rig_read(r.path[0]), "old main\n") == 0 &&
			strcmp(r.fs.failed ? r.fs.failed : "", "unlinkat") != 0)
			assert_null(strstr(rig_names(in_history(&r, "")), "new"));
		assert_history_sound(&r, n);
		rig_down(&r);
	}
	assert_true(n > 150 && n < MAX_CALLS);
}

static void
death_at_each_call_keeps_a_sound_history(void **state)
{
	struct hist_about a = about();
	bool hit = true;
	int n = 1;

	(void)state;
	for (; hit && n < MAX_CALLS; n++) {
		struct txn_recovered rec;
		struct rig r;

		set_up_each(&r);
		r.fs.calls = 0;
		r.fs.fail_at = n;
		r.fs.die = true;
		apply(&r, &a, HIST_HEALTHY);
		hit = r.fs.dead;
		fake_fs_revive(&r.fs);
		txn_recover(&r.env, TXN_BY_HASH, &rec, &r.d);
		txn_recovered_free(&rec);
		assert_history_sound(&r, n);
		/* What the dead one left is no hindrance, and goes. */
		change(&r, "main.cf", "newest\n", HIST_HEALTHY);
		assert_null(strstr(rig_names(in_history(&r, "")), "new"));
		rig_down(&r);
	}
	assert_true(n > 150 && n < MAX_CALLS);
}

/* Only the entry of that very apply gets its end. */
static void
end_of_a_dead_apply_goes_to_no_other_entry(void **state)
{
	struct rig *r = *state;
	struct hist_about a = about();
	struct hist_list l;
	struct txn *t;

	rig_write(rig_path(r->etc, "main.cf"), "a\n");
	rig_want(r, "main.cf", "b\n");
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	assert_int_equal(hist_keep_copies(t, &a, "", &r->d), 1);
	txn_end(t, &r->d);
	rig_forget(r);
	rig_want(r, "main.cf", "c\n");
	t = rig_begin(r);
	assert_true(txn_stage(t, &r->d));
	hist_settle(t, HIST_PUT_BACK);
	txn_end(t, &r->d);
	hist_load(&r->env, false, &l, &r->d);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.v[0].end, HIST_OPEN);
	hist_free(&l);
}

/* An apply that died while it kept copies: they hold what the files hold. */
static void
recover_removes_an_entry_that_was_never_whole(void **state)
{
	struct rig *r = *state;
	struct txn_recovered rec;

	change(r, "main.cf", "one\n", HIST_WRITTEN);
	rig_write(in_history(r, "new"), "a password\n");
	txn_recover(&r->env, TXN_BY_HASH, &rec, &r->d);
	assert_int_equal(rec.found, TXN_CLEAN);
	txn_recovered_free(&rec);
	assert_int_equal(access(in_history(r, "new"), F_OK), -1);
	assert_int_equal(access(in_history(r, "1"), F_OK), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			kept_entry_is_read_back_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(
			kept_copies_are_for_nobody_else, setup, teardown),
		cmocka_unit_test_setup_teardown(
			put_back_and_cut_off_are_told_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(
			large_file_is_kept_as_differences, setup, teardown),
		cmocka_unit_test_setup_teardown(
			slices_of_the_old_bytes_are_known_to_be_the_same, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			large_file_changed_outside_is_kept_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(
			prune_keeps_what_a_later_entry_needs, setup, teardown),
		cmocka_unit_test_setup_teardown(
			prune_by_number_age_and_size, setup, teardown),
		cmocka_unit_test_setup_teardown(
			full_history_reads_only_what_goes, setup, teardown),
		cmocka_unit_test_setup_teardown(
			history_that_is_a_link_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
			damaged_entries_are_told_and_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(
			no_changed_byte_of_the_notes_is_believed, setup, teardown),
		cmocka_unit_test_setup_teardown(
			entry_that_is_cut_off_anywhere_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(
			copies_are_on_disk_before_the_first_file_is_replaced, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			folders_are_on_disk_before_anything_is_in_them, setup, teardown),
		cmocka_unit_test_setup_teardown(
			simple_change_waits_four_times_for_the_disk, setup, teardown),
		cmocka_unit_test(each_failing_call_keeps_a_sound_history),
		cmocka_unit_test(death_at_each_call_keeps_a_sound_history),
		cmocka_unit_test_setup_teardown(
			end_of_a_dead_apply_goes_to_no_other_entry, setup, teardown),
		cmocka_unit_test_setup_teardown(
			recover_removes_an_entry_that_was_never_whole, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
