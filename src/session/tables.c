/* SPDX-License-Identifier: MIT
 *
 * Which tables the actions of a plan build: that of each indexed file that changes, and
 * for newaliases those of alias_database: the changed text's own, or all of them where a
 * parameter decides anew what they are.
 */
#include "session/review_view.h"

#include "apply/apply.h"

enum { TABLES_MOST = 32 };

struct tables {
	struct session *s;
	struct arena *a;
	struct apply_table v[TABLES_MOST];
	size_t n;
};

static void
add(struct tables *t, enum plan_act act, const char *type, const char *path, size_t text)
{
	if (!type)
		type = session_table_list(t->s, "default_database_type");
	if (type && t->n < TABLES_MOST)
		t->v[t->n++] = (struct apply_table){
			act, arena_str(t->a, type), arena_str(t->a, path), text};
}

/* The number of the edited file with that path; SIZE_MAX: it isn't edited. */
static size_t
edited(const struct review_view *v, const char *path)
{
	for (size_t i = 0; i < v->nfiles; i++)
		if (strcmp(v->files[i].path, path) == 0)
			return i;
	return SIZE_MAX;
}

static bool
is_any_changed(const struct review_view *v)
{
	static const char *const params[] = {
		"alias_database", "alias_maps", "default_database_type"};

	for (size_t i = 0; i < v->nchanges; i++)
		for (size_t k = 0; v->changes[i].kind <= CHANGE_LIST_ITEM && k < 3; k++)
			if (strcmp(v->changes[i].name, params[k]) == 0)
				return true;
	return false;
}

/* "hash:/etc/aliases" or "/etc/aliases". */
static void
add_database(struct tables *t, struct sv item, bool all)
{
	ptrdiff_t colon = sv_find(item, ':');
	const char *type =
		colon > 0 ? arena_sv(t->a, sv_sub(item, 0, (size_t)colon)) : NULL;
	const char *path = arena_sv(
		t->a, colon < 0 ? item : sv_sub(item, (size_t)colon + 1, item.n));
	size_t text = edited(t->s->rv, path);

	if (all || text != SIZE_MAX)
		add(t, PLAN_NEWALIASES, type, path, text);
}

static void
add_databases(struct tables *t)
{
	const char *list = session_table_list(t->s, "alias_database");
	struct sv rest = sv_of(list ? list : ""), item;
	bool all = is_any_changed(t->s->rv);

	while (sv_token(&rest, ", \t\r\n", &item))
		add_database(t, item, all);
}

size_t
session_tables(struct session *s, struct arena *a, const struct apply_table **out)
{
	struct tables t = {.s = s, .a = a};
	const struct review_view *v = s->rv;
	struct apply_table *kept;

	for (size_t i = 0; i < v->nfiles; i++) {
		const struct plan_file *f = &v->files[i];

		if (f->role == PLAN_TABLE)
			add(&t, PLAN_POSTMAP, f->type, f->path, i);
		else if (f->role == PLAN_ALIASES && !f->in_database)
			add(&t, PLAN_POSTALIAS, f->type, f->path, i);
	}
	add_databases(&t);
	kept = arena_new(a, (t.n ? t.n : 1) * sizeof(*kept));
	memcpy(kept, t.v, t.n * sizeof(*kept));
	*out = kept;
	return t.n;
}
