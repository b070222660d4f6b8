/* SPDX-License-Identifier: MIT
 *
 * A random walk of two people over odd files: neither loses a change, unseen.
 * PR_FUZZ_ROUNDS and PR_FUZZ_SEED as in test_random.c.
 */
#include "base/mem.h"
#include "random_gen.h"
#include "random_view.h"
#include "lay_rig.h"

static const char *const fresh[2][6] = {
	{"10.61.0.0/16", "10.62.0.1", "!10.63.1.1", "[fd0a::]/64", "a.people.test",
		"10.64.0.0/16"},
	{"10.71.0.0/16", "10.72.0.1", "!10.73.1.1", "[fd0b::]/64", "b.people.test",
		"10.74.0.0/16"}};

static void
edit_networks(struct session *s, struct rng *r, int who)
{
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(s, &rows), row = n ? rng_below(r, n) : 0;
	struct ses_net_new new = {.before = SIZE_MAX, .text = RNG_PICK(r, fresh[who])};
	bool there = false;

	for (size_t i = 0; i < n; i++)
		there = there || strcmp(rows[i].text, new.text) == 0;
	switch (there ? rng_below(r, 2) : rng_below(r, 5)) {
	case 0:
		ses_net_remove(s, row, NULL);
		break;
	case 1:
		ses_net_toggle(s, row, NULL);
		break;
	case 2:
		ses_net_edit(s, row, new.text, NULL, NULL);
		break;
	default:
		new.note = rng_one_in(r, 3) ? "who" : NULL;
		new.before = rng_one_in(r, 2) ? row : SIZE_MAX;
		ses_net_add(s, &new, NULL, NULL);
		break;
	}
}

static void
edit_alias(struct session *s, struct rng *r, int who)
{
	const char *targets[] = {who ? "jiro" : "taro", "root"};
	struct ses_alias_edit e = {.name = who ? "neu2" : "neu1",
		.targets = targets,
		.n = 1 + rng_below(r, 2)};
	size_t shown = ses_alias_shown(s);
	uint32_t id = SES_ALIAS_NEW;
	struct ses_alias a;

	if (shown && ses_alias_at(s, rng_below(r, shown), &a) && !a.removed) {
		if (rng_one_in(r, 4)) {
			ses_alias_remove(s, a.id, NULL);
			return;
		}
		if (rng_one_in(r, 4)) {
			ses_alias_enable(s, a.id, rng_one_in(r, 2), NULL);
			return;
		}
		if (rng_one_in(r, 2)) {
			id = a.id;
			e.name = a.name;
			e.note = rng_one_in(r, 2) ? "a note" : NULL;
		}
	}
	if (id != SES_ALIAS_NEW || !ses_alias_find(s, e.name, &(uint32_t){0}))
		ses_alias_set(s, &id, &e, NULL);
}

static void
edit_param(struct session *s, struct rng *r, int who)
{
	static const char *const values[2][3] = {
		{"one", "$mydomain one", ""}, {"two", "two, $mydomain", "x"}};
	const char *name = view_params[rng_below(r, VIEW_PARAMS)];

	switch (rng_below(r, 5)) {
	case 0:
		ses_param_unset(s, name, NULL);
		break;
	case 1:
		ses_param_toggle(s, name, NULL);
		break;
	case 2:
		ses_line_comment_out(s, (uint32_t)rng_below(r, 20), NULL);
		break;
	default:
		ses_param_set(s, name, RNG_PICK(r, values[who]), NULL);
		break;
	}
}

static void
edit_some(struct session *s, struct rng *r, int who)
{
	const struct ses_net_row *rows;

	for (size_t i = 0; i < ses_net_rows(s, &rows); i++)
		ses_net_open(s, i, true);
	for (size_t n = 1 + rng_below(r, 6); n > 0; n--)
		switch (rng_below(r, 3)) {
		case 0:
			edit_networks(s, r, who);
			break;
		case 1:
			edit_alias(s, r, who);
			break;
		default:
			edit_param(s, r, who);
			break;
		}
}

static void
tell(const char *what, const struct lay_list *l, const struct lay_outcome *out)
{
	static const char *const words[] = {"done", "there", "clash"};

	fprintf(stderr, "--- %s\n", what);
	for (size_t i = 0; i < l->n; i++)
		fprintf(stderr, "%s kind %u %s: [%s]%s (%s) -> [%s]%s (%s)\n",
			out ? words[out[i].verdict] : "", l->v[i].kind, l->v[i].name,
			l->v[i].before.text ? l->v[i].before.text : "",
			l->v[i].before.off ? " off" : "", l->v[i].before.note,
			l->v[i].after.text ? l->v[i].after.text : "",
			l->v[i].after.off ? " off" : "", l->v[i].after.note);
}

struct people {
	struct image files;
	struct lay_list mine, theirs;
	struct lay_outcome *out;
	uint64_t seed;
};

static void
wrong(struct people *p, struct session *s, const char *what)
{
	struct image now;

	image_take(s, &now);
	for (size_t i = 0; i < IMAGE_FILES; i++)
		fprintf(stderr, "=== %s\n%s=== now\n%s", image_names[i],
			str_c(&p->files.file[i]), str_c(&now.file[i]));
	tell("mine", &p->mine, p->out);
	tell("theirs", &p->theirs, NULL);
	fprintf(stderr, "seed %llu: %s\n", (unsigned long long)p->seed, what);
	image_free(&now);
	fail();
}

static void
to_folder(struct lay_list *l, const char *dir)
{
	for (size_t i = 0; i < l->n; i++)
		l->v[i].file =
			arena_fmt(&l->texts, "%s%s", dir, strrchr(l->v[i].file, '/'));
}

static void
lay(struct people *p, struct session *s, struct lay_list *l)
{
	free(p->out);
	p->out = mem_new(l->n + 1, sizeof(*p->out));
	lay_over(s, l, &l->texts, p->out);
}

/* Laid over the very files they were made on, changes are all there, and undo takes them
 * away as one. */
static void
same_files_take_all(struct people *p, const struct image *edited)
{
	struct scratch x;
	struct image now;

	image_open(&x, &p->files);
	to_folder(&p->mine, x.dir);
	lay(p, x.s, &p->mine);
	image_take(x.s, &now);
	if (clashes(&p->mine, p->out))
		wrong(p, x.s, "a clash with nobody");
	(void)edited;
	lay(p, x.s, &p->mine);
	for (size_t i = 0; i < p->mine.n; i++)
		if (p->out[i].verdict != LAY_THERE)
			wrong(p, x.s, "laid, but not there");
	if (!image_same(&now, &p->files) && !ses_undo(x.s))
		wrong(p, x.s, "nothing to undo");
	image_free(&now);
	image_take(x.s, &now);
	if (!image_same(&now, &p->files))
		wrong(p, x.s, "undo isn't one step");
	image_free(&now);
	image_close(&x);
}

/* Where they put a list in another order, laying can't tell; its items are all there. */
static bool
has_their_items(struct session *s, const struct lay_change *c)
{
	uint32_t id = mcf_find(main_cf(s), sv_of(c->name));
	struct lay_items is = {0}, want = {0};
	struct arena a = {0};
	bool all = c->kind == LAY_PARAM && c->after.there && id != DOC_NO_ID;

	if (all) {
		items_of_lines(&a, doc_text(main_cf(s), id), id, &is);
		items_of_lines(&a, sv_of(c->after.text), id, &want);
	}
	for (size_t i = 0; all && i < want.n; i++) {
		size_t at = items_find(&is, want.v[i].text, want.v[i].off);

		all = at < is.n && is.v[at].off == want.v[i].off;
	}
	free(is.v);
	free(want.v);
	arena_free(&a);
	return all;
}

/* Laid over files that somebody else changed, what doesn't clash is there, and so is all
 * that the other one did. */
static void
both_are_there(struct people *p, const struct image *edited)
{
	struct scratch x;
	struct lay_outcome *first;

	image_open(&x, edited);
	to_folder(&p->mine, x.dir);
	to_folder(&p->theirs, x.dir);
	lay(p, x.s, &p->theirs);
	for (size_t i = 0; i < p->theirs.n; i++)
		if (p->out[i].verdict != LAY_THERE)
			wrong(p, x.s, "their own file doesn't say what they did");
	lay(p, x.s, &p->mine);
	first = p->out;
	p->out = NULL;
	lay(p, x.s, &p->mine);
	for (size_t i = 0; i < p->mine.n; i++)
		if (first[i].verdict != LAY_CLASH && p->out[i].verdict != LAY_THERE)
			wrong(p, x.s, "mine is laid, but not there");
	free(p->out);
	p->out = first;
	first = mem_new(p->theirs.n + 1, sizeof(*first));
	lay_over(x.s, &p->theirs, &p->theirs.texts, first);
	for (size_t i = 0; i < p->theirs.n; i++)
		if (first[i].verdict != LAY_THERE &&
			!(first[i].verdict == LAY_CLASH &&
				has_their_items(x.s, &p->theirs.v[i])))
			wrong(p, x.s, p->theirs.v[i].name);
	free(first);
	image_close(&x);
}

static bool
has_equal_items(const struct lay_items *l)
{
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(l->v[i].text, l->v[k].text) == 0)
				return true;
	return false;
}

static bool
has_equal_lines(const struct doc *d)
{
	for (uint32_t i = 0; i < d->npool; i++)
		for (uint32_t k = 0; k < i; k++) {
			uint8_t kind = d->pool[i].kind;

			if ((kind == ENTRY_BAD || kind == ENTRY_PARAM) &&
				sv_eq(sv_trim(doc_text(d, i)), sv_trim(doc_text(d, k))))
				return true;
		}
	return false;
}

/* Of two equal things nobody can say later which one was meant. */
static bool
has_twins(struct session *s)
{
	static const char *const lists[] = {"mynetworks", "inet_interfaces"};
	struct arena a = {0};
	struct str name = {0};
	bool twins = has_equal_lines(main_cf(s)) || has_equal_lines(&s->aliases->doc);

	for (size_t i = 0; i < s->nfiles + 2; i++) {
		struct lay_items l = {0};
		uint32_t id = i < 2 ? mcf_find(main_cf(s), sv_of(lists[i])) : DOC_NO_ID;

		if (i >= 2 && s->files[i - 2]->role >= ROLE_NETS)
			items_of_file(&a, s->files[i - 2], &l);
		else if (id != DOC_NO_ID)
			items_of_lines(&a, doc_text(main_cf(s), id), id, &l);
		twins = twins || has_equal_items(&l);
		free(l.v);
	}
	for (uint32_t id = 0; id < s->aliases->doc.npool; id++) {
		struct al_ids ids = {0};

		if (!al_is_row(&s->aliases->al, id))
			continue;
		str_clear(&name);
		al_name_plain(al_name(&s->aliases->al, id), &name);
		al_find_all(&s->aliases->al, str_sv(&name), &ids);
		twins = twins || ids.n > 1;
		free(ids.v);
	}
	str_free(&name);
	arena_free(&a);
	return twins;
}

/* False: these files can't be used. */
static bool
two_people(uint64_t seed)
{
	struct people p = {.seed = seed};
	struct rng r = {seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
	struct scratch x;
	struct image edited;

	for (int i = 0; i < 8; i++)
		rng_next(&r);
	gen_main_cf(&r, &p.files.file[0]);
	gen_aliases(&r, &p.files.file[1]);
	gen_nets_file(&r, &p.files.file[2]);
	gen_table(&r, &p.files.file[3]);
	image_open(&x, &p.files);
	if (has_twins(x.s)) {
		image_close(&x);
		image_free(&p.files);
		return false;
	}
	edit_some(x.s, &r, 0);
	take(x.s, &p.mine);
	image_take(x.s, &edited);
	image_close(&x);
	same_files_take_all(&p, &edited);
	image_free(&edited);
	image_open(&x, &p.files);
	edit_some(x.s, &r, 1);
	take(x.s, &p.theirs);
	image_take(x.s, &edited);
	image_close(&x);
	both_are_there(&p, &edited);
	image_free(&edited);
	image_free(&p.files);
	lay_free(&p.mine);
	lay_free(&p.theirs);
	free(p.out);
	return true;
}

static void
two_people_lose_nothing(void **state)
{
	const char *rounds = getenv("PR_FUZZ_ROUNDS"), *first = getenv("PR_FUZZ_SEED");
	uint64_t n = rounds ? strtoull(rounds, NULL, 10) : 150,
		 seed = first ? strtoull(first, NULL, 10) : 1;

	(void)state;
	while (n > 0)
		n -= two_people(seed++);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_people_lose_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
