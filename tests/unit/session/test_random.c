/* SPDX-License-Identifier: MIT
 *
 * A random walk over the facade: odd files, random edits, and after each what must always
 * hold. PR_FUZZ_ROUNDS says how many files, PR_FUZZ_SEED which one is the first; a round
 * that goes wrong says its seed and its edits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <time.h>

#include "base/mem.h"
#include "random_gen.h"
#include "random_model.h"
#include "random_view.h"

#define STEPS 24
#define UNDOS 512

static const char *const file_names[] = {"main.cf", "aliases", "nets", "table"};

struct walk {
	struct rng r;
	struct scratch x;
	struct image loaded;
	struct str story;  /* the edits so far */
	struct model want; /* the rows that an edit of networks must leave */
	const char *param; /* the parameter that the edit was about, or NULL */
	size_t undos;      /* groups that can be undone */
	uint64_t seed;
};

static void
wrong(struct walk *w, const char *what)
{
	struct image now;

	image_take(w->x.s, &now);
	for (size_t i = 0; i < IMAGE_FILES; i++)
		if (w->loaded.file[i].n || now.file[i].n)
			fprintf(stderr, "--- %s as loaded\n%s--- now\n%s", file_names[i],
				str_c(&w->loaded.file[i]), str_c(&now.file[i]));
	fprintf(stderr, "seed %llu\n%s%s\n", (unsigned long long)w->seed,
		str_c(&w->story), what);
	image_free(&now);
	fail();
}

#define HOLDS(w, what)                                                                   \
	do {                                                                             \
		if (!(what))                                                             \
			wrong(w, #what);                                                 \
	} while (0)

/* --- edits ----------------------------------------------------------------------- */

static size_t
any_net_row(struct walk *w)
{
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(w->x.s, &rows);

	return n ? rng_below(&w->r, n) : 0;
}

static const char *
any_net(struct walk *w)
{
	static const char *const odd[] = {"10.99.0.0/16", "10.98.0.1, 10.97.0.1", "",
		"a b", "#x", "[fd01::]/64", "10.99.0.0/16,\n10.96.0.1"};

	return rng_one_in(&w->r, 3) ? RNG_PICK(&w->r, odd) : RNG_PICK(&w->r, gen_items);
}

static bool
net_add(struct walk *w)
{
	struct ses_net_new new = {.text = any_net(w), .before = SIZE_MAX};

	if (rng_one_in(&w->r, 2))
		new.note = RNG_PICK(&w->r, gen_notes);
	if (rng_one_in(&w->r, 2))
		new.before = any_net_row(w);
	new.with_public = rng_one_in(&w->r, 2);
	str_addf(&w->story, "add [%s] note [%s] before %zu\n", new.text,
		new.note ? new.note : "", new.before);
	model_take_value(w->x.s, new.before, &w->want);
	model_insert(&w->want, new.text);
	return ses_net_add(w->x.s, &new, NULL, NULL);
}

static bool
net_edit(struct walk *w)
{
	size_t row = any_net_row(w);
	const char *text = any_net(w),
		   *note = rng_one_in(&w->r, 2) ? NULL : RNG_PICK(&w->r, gen_notes);

	if (rng_one_in(&w->r, 6))
		note = "";
	str_addf(&w->story, "edit row %zu [%s] note [%s]\n", row, text,
		note ? note : "(keep)");
	model_take_row(w->x.s, row, &w->want);
	model_set(&w->want, text);
	return ses_net_edit(w->x.s, row, text, note, NULL);
}

static bool
net_remove(struct walk *w)
{
	size_t row = any_net_row(w);

	str_addf(&w->story, "remove row %zu\n", row);
	model_take_row(w->x.s, row, &w->want);
	model_drop(&w->want);
	return ses_net_remove(w->x.s, row, NULL);
}

static bool
net_toggle(struct walk *w)
{
	size_t row = any_net_row(w);

	str_addf(&w->story, "toggle row %zu\n", row);
	model_take_row(w->x.s, row, &w->want);
	model_toggle(&w->want);
	return ses_net_toggle(w->x.s, row, NULL);
}

static bool
net_move(struct walk *w)
{
	size_t row = any_net_row(w), to = row;
	int by = rng_one_in(&w->r, 2) ? -1 : 1;
	bool done;

	model_take_row(w->x.s, row, &w->want);
	model_move(&w->want, by);
	done = ses_net_move(w->x.s, &to, by, NULL);
	str_addf(&w->story, "move row %zu by %d to %zu\n", row, by, to);
	return done;
}

static bool
net_mend(struct walk *w)
{
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(w->x.s, &rows), row = any_net_row(w);

	for (size_t i = 0; i < n; i++)
		if (rows[i].repair)
			row = i;
	str_addf(&w->story, "mend row %zu\n", row);
	return ses_net_mend(w->x.s, row, NULL);
}

static bool
net_open(struct walk *w)
{
	size_t row = any_net_row(w);
	bool open = !rng_one_in(&w->r, 4);

	str_addf(&w->story, "open row %zu: %d\n", row, open);
	ses_net_open(w->x.s, row, open);
	return true;
}

static bool
if_mode(struct walk *w)
{
	size_t mode = rng_below(&w->r, 3);

	str_addf(&w->story, "if mode %zu\n", mode);
	return ses_if_set_mode(w->x.s, (enum ses_if_mode)mode, NULL);
}

static bool
if_tick(struct walk *w)
{
	const struct ses_if_row *rows;
	size_t n = ses_if_rows(w->x.s, &rows), row = rng_below(&w->r, n + 1);
	bool on = rng_one_in(&w->r, 2);

	str_addf(&w->story, "if tick %zu %d\n", row, on);
	return ses_if_tick(w->x.s, row, on, NULL);
}

static bool
if_add(struct walk *w)
{
	static const char *const words[] = {
		"10.0.0.9", "relay.test", "[fd00::9]", "lan0", "", "a b", "$myhostname"};
	const char *word = RNG_PICK(&w->r, words);

	str_addf(&w->story, "if add [%s]\n", word);
	return ses_if_add(w->x.s, word, NULL);
}

static bool
relay_edit(struct walk *w)
{
	static const char *const hosts[] = {
		"mail.test", "[a.test]:25", "a:587", "192.168.1.9", "::1", "", "a b"};
	const char *host = RNG_PICK(&w->r, hosts);
	size_t i = rng_below(&w->r, 3);
	bool mx = rng_one_in(&w->r, 2);

	str_addf(&w->story, "relay %zu [%s] mx %d\n", i, host, mx);
	switch (rng_below(&w->r, 5)) {
	case 0:
		return ses_relay_set_typed(w->x.s, i, host, mx, NULL);
	case 1:
		return ses_relay_set_port(w->x.s, i, mx ? "587" : "x", NULL);
	case 2:
		return ses_relay_set_mx(w->x.s, i, mx, NULL);
	case 3:
		return ses_relay_remove(w->x.s, i, NULL);
	default:
		return ses_relay_unset(w->x.s, NULL);
	}
}

static bool
param_edit(struct walk *w)
{
	static const char *const values[] = {"", "x", " a,  b ", "a\nb", "$mydomain",
		"10.0.0.0/8, 127.0.0.1", "# x",
		"aaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
		"ccccccccccccccccccccccccccc"};
	const char *name = view_params[rng_below(&w->r, VIEW_PARAMS)],
		   *value = RNG_PICK(&w->r, values);

	w->param = name;
	switch (rng_below(&w->r, 4)) {
	case 0:
		str_addf(&w->story, "unset %s\n", name);
		return ses_param_unset(w->x.s, name, NULL);
	case 1:
		str_addf(&w->story, "toggle %s\n", name);
		return ses_param_toggle(w->x.s, name, NULL);
	default:
		str_addf(&w->story, "set %s [%s]\n", name, value);
		return ses_param_set(w->x.s, name, value, NULL);
	}
}

static bool
line_off(struct walk *w)
{
	uint32_t line = (uint32_t)rng_below(&w->r, 20);

	str_addf(&w->story, "line %u off\n", line);
	return ses_line_comment_out(w->x.s, line, NULL);
}

static bool
alias_edit(struct walk *w)
{
	static const char *const names[] = {
		"root", "new", "sales", "two words", "a@b", "", "x", "abuse", "off"};
	static const char *const targets[] = {"root", "taro", "\"|/bin/cat -x\"",
		"/dev/null", ":include:/etc/l", "a@b.test", "\\root", ""};
	const char *list[3];
	struct ses_alias_edit e = {.name = RNG_PICK(&w->r, names), .targets = list};
	size_t shown = ses_alias_shown(w->x.s);
	uint32_t id = SES_ALIAS_NEW;
	struct ses_alias a;

	if (shown && ses_alias_at(w->x.s, rng_below(&w->r, shown), &a))
		id = a.id;
	switch (rng_below(&w->r, 5)) {
	case 0:
		str_addf(&w->story, "alias %u removed\n", id);
		return ses_alias_remove(w->x.s, id, NULL);
	case 1:
		str_addf(&w->story, "alias %u on/off\n", id);
		return ses_alias_enable(w->x.s, id, rng_one_in(&w->r, 2), NULL);
	case 2:
		id = SES_ALIAS_NEW;
		break;
	default:
		break;
	}
	e.n = rng_below(&w->r, 4);
	for (size_t i = 0; i < e.n; i++)
		list[i] = RNG_PICK(&w->r, targets);
	if (!rng_one_in(&w->r, 3))
		e.note = rng_one_in(&w->r, 3) ? "" : RNG_PICK(&w->r, gen_notes);
	e.off = rng_one_in(&w->r, 4);
	str_addf(&w->story, "alias %d [%s] of %zu [%s] note [%s] off %d\n", (int)id,
		e.name, e.n, e.n ? list[0] : "", e.note ? e.note : "(keep)", e.off);
	return ses_alias_set(w->x.s, &id, &e, NULL);
}

static bool
change_drop(struct walk *w)
{
	const struct ses_change *v;
	size_t n = ses_changes(w->x.s, &v), i = rng_below(&w->r, n + 1), left;
	bool done;

	str_addf(&w->story, "drop change %zu of %zu: %s\n", i, n, i < n ? v[i].name : "");
	done = ses_change_drop(w->x.s, i, NULL);
	left = ses_changes(w->x.s, &v);
	HOLDS(w, done == (i < n));
	HOLDS(w, !done || left < n);
	return done;
}

static bool
discard(struct walk *w)
{
	const struct ses_change *v;

	if (!rng_one_in(&w->r, 6))
		return net_open(w);
	str_addf(&w->story, "discard\n");
	ses_discard(w->x.s);
	HOLDS(w, ses_changes(w->x.s, &v) == 0);
	return true;
}

static bool (*const edits[])(struct walk *w) = {net_add, net_edit, net_remove, net_toggle,
	net_move, net_mend, net_open, if_mode, if_tick, if_add, relay_edit, param_edit,
	param_edit, line_off, alias_edit, alias_edit, change_drop, discard};

/* --- what always holds ----------------------------------------------------------- */

/* No other parameter's lines may differ. */
static void
others_stay(struct walk *w, const struct image *before, const struct image *after)
{
	struct str a = {0}, b = {0};

	if (!w->param)
		return;
	view_others(str_sv(&before->file[0]), w->param, &a);
	view_others(str_sv(&after->file[0]), w->param, &b);
	HOLDS(w, sv_eq(str_sv(&a), str_sv(&b)));
	str_free(&a);
	str_free(&b);
}

/* The rows tell what the file has now and what it had. */
static void
marks_add_up(struct walk *w)
{
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(w->x.s, &rows), kept = 0, new = 0, edited = 0,
	       removed = 0;

	for (size_t i = 0; i < n; i++) {
		if (rows[i].depth || rows[i].derived)
			continue;
		kept += !rows[i].is_new && !rows[i].edited && !rows[i].removed;
		new += rows[i].is_new;
		edited += rows[i].edited;
		removed += rows[i].removed;
	}
	if (kept + new + edited == 0)
		return;
	HOLDS(w, kept + edited + removed ==
			 view_count_networks(str_sv(&w->loaded.file[0])));
}

/* A second session over the written bytes sees the same. */
static void
reads_the_same(struct walk *w, const struct image *now)
{
	struct scratch y;
	struct str mine = {0}, fresh = {0};
	bool notes = !view_has_removed_alias(w->x.s);

	image_open(&y, now);
	view_open_all(w->x.s, y.s);
	view_print(w->x.s, w->x.dir, notes, &mine);
	view_print(y.s, y.dir, notes, &fresh);
	view_tell_difference(str_sv(&mine), str_sv(&fresh));
	HOLDS(w, sv_eq(str_sv(&mine), str_sv(&fresh)));
	str_free(&mine);
	str_free(&fresh);
	image_close(&y);
}

static void
undo_and_redo_bring_back(
	struct walk *w, const struct image *before, const struct image *after)
{
	struct image now;

	HOLDS(w, ses_undo(w->x.s) != NULL);
	image_take(w->x.s, &now);
	HOLDS(w, image_same(&now, before));
	image_free(&now);
	if (rng_one_in(&w->r, 8))
		reads_the_same(w, before);
	HOLDS(w, ses_redo(w->x.s) != NULL);
	image_take(w->x.s, &now);
	HOLDS(w, image_same(&now, after));
	image_free(&now);
}

static void
step(struct walk *w)
{
	struct image before, after;
	const struct ses_change *v;
	size_t which = rng_below(&w->r, sizeof(edits) / sizeof(edits[0]));
	bool done;

	w->param = which < 7     ? "mynetworks"
		   : which < 10  ? "inet_interfaces"
		   : which == 10 ? "relayhost"
				 : NULL;
	if (edits[which] == change_drop || edits[which] == discard)
		w->param = NULL;
	image_take(w->x.s, &before);
	w->want.known = false;
	done = edits[which](w);
	image_take(w->x.s, &after);
	HOLDS(w, done || image_same(&before, &after));
	HOLDS(w, !done || model_holds(w->x.s, &w->want));
	model_free(&w->want);
	others_stay(w, &before, &after);
	HOLDS(w, (ses_changes(w->x.s, &v) == 0) == image_same(&after, &w->loaded));
	if (!image_same(&before, &after))
		undo_and_redo_bring_back(w, &before, &after);
	if (rng_one_in(&w->r, 3)) {
		struct ses_review review;

		marks_add_up(w);
		reads_the_same(w, &after);
		ses_review(w->x.s, true, &review);
		HOLDS(w, (review.nlines == 0) == image_same(&after, &w->loaded));
	}
	if (rng_one_in(&w->r, 40))
		view_ask_postfix(w->x.s, &after);
	image_free(&before);
	image_free(&after);
}

static void
undo_all_gives_the_loaded_bytes(struct walk *w)
{
	struct image last, now;

	image_take(w->x.s, &last);
	while (ses_undo(w->x.s))
		;
	image_take(w->x.s, &now);
	HOLDS(w, image_same(&now, &w->loaded));
	image_free(&now);
	while (ses_redo(w->x.s))
		;
	image_take(w->x.s, &now);
	HOLDS(w, image_same(&now, &last));
	image_free(&now);
	image_free(&last);
}

static void
walk(uint64_t seed)
{
	struct walk w = {.seed = seed};
	struct image files = {0};

	w.r.state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (int i = 0; i < 8; i++)
		rng_next(&w.r);
	gen_main_cf(&w.r, &files.file[0]);
	gen_aliases(&w.r, &files.file[1]);
	gen_nets_file(&w.r, &files.file[2]);
	gen_table(&w.r, &files.file[3]);
	image_open(&w.x, &files);
	w.loaded = files;
	for (int i = 0; i < STEPS; i++)
		step(&w);
	undo_all_gives_the_loaded_bytes(&w);
	image_close(&w.x);
	image_free(&w.loaded);
	str_free(&w.story);
}

static void
random_edits_keep_what_always_holds(void **state)
{
	const char *rounds = getenv("PR_FUZZ_ROUNDS"), *first = getenv("PR_FUZZ_SEED");
	uint64_t n = rounds ? strtoull(rounds, NULL, 10) : 40,
		 seed = first ? strtoull(first, NULL, 10) : 1;

	(void)state;
	for (uint64_t i = 0; i < n; i++)
		walk(seed + i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_edits_keep_what_always_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
