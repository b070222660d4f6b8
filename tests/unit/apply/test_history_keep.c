/* SPDX-License-Identifier: MIT
 *
 * What an apply keeps in the history: the bytes that were there, however odd or large the
 * files, and for nobody else.
 */
#include "history_rig.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEPT(kept_entry_is_read_back_whole),
		KEPT(kept_copies_are_for_nobody_else),
		KEPT(put_back_and_cut_off_are_told_apart),
		KEPT(large_file_is_kept_as_differences),
		KEPT(slices_of_the_old_bytes_are_known_to_be_the_same),
		KEPT(large_file_changed_outside_is_kept_whole),
		KEPT(history_that_is_a_link_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
