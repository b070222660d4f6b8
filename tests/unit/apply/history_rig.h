/* SPDX-License-Identifier: MIT
 *
 * Applies whose old files the history keeps, and looking at what it kept.
 */
#ifndef PR_HISTORY_RIG_H
#define PR_HISTORY_RIG_H

#include "txn_rig.h"

#include "apply/history_parts.h"
#include "base/mem.h"

#define N(v) (sizeof(v) / sizeof(v)[0])

enum { BIG = 3 << 20 };

/* What follows a change; none: it needs no journal. */
static const char *actions = "reload";

static const struct hist_change changes[] = {
	{HIST_PARAM, "inet_interfaces"}, {HIST_ALIAS, "sales & \xff\n"}};

static const char *const kinds[RIG_FILES] = {"0", "1", "4 hash", ""};

static inline struct hist_about
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
static inline unsigned
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
static inline unsigned
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

static inline void
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
static inline const char *
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

static inline int
setup(void **state)
{
	struct rig *r = mem_new(1, sizeof(*r));

	actions = "reload";
	rig_up(r, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	*state = r;
	return 0;
}

static inline int
teardown(void **state)
{
	rig_down(*state);
	free(*state);
	return 0;
}

/* A line of a large file that differs from one state to the next. */
static inline char *
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

#define KEPT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
