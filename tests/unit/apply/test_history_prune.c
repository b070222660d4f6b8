/* SPDX-License-Identifier: MIT
 *
 * What goes from the history: the oldest entries, but nothing that a later one needs.
 */
#include "history_rig.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEPT(prune_keeps_what_a_later_entry_needs),
		KEPT(prune_by_number_age_and_size),
		KEPT(full_history_reads_only_what_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
