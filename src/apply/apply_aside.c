/* SPDX-License-Identifier: MIT
 *
 * Tables built aside, before anything is swapped. postalias and postmap empty a table and
 * fill it in place; killed meanwhile they leave it empty or in part, and mail bounces. So
 * they work on a copy of the text beside the table, what they made is judged (their own
 * words, the number of entries, the names that changed), and it takes its place in the
 * same transaction as the text. An action is done this way only where all of its tables
 * can be: of a type with one file, in a folder that only root can write.
 */
#include "apply/apply_parts.h"

#include <fcntl.h>
#include <stdlib.h>

#include "apply/readfile.h"
#include "base/i18n.h"
#include "base/mem.h"

enum { COUNTED_MOST = 256 << 10 }; /* bytes of a text whose table is listed */

static const struct {
	const char *type, *suffix;
} kinds[] = {{"hash", ".db"}, {"btree", ".db"}, {"cdb", ".cdb"}, {"lmdb", ".lmdb"}};

/* --- which
 * ------------------------------------------------------------------------------
 */

static const char *
suffix_of(const char *type)
{
	for (size_t i = 0; type && i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(type, kinds[i].type) == 0)
			return kinds[i].suffix;
	return NULL;
}

static bool
is_of(const struct apply_table *t, const struct plan_action *a)
{
	return t->act == a->act && (a->act == PLAN_NEWALIASES || t->text == a->file);
}

static bool
is_folder_safe(const struct work *k, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = mem_strndup(path, slash == path ? 1 : (size_t)(slash - path));
	bool safe = svc_path_safe(k->req->svc, folder);

	free(folder);
	return safe;
}

static bool
can_be_aside(const struct work *k, const struct apply_table *t)
{
	return suffix_of(t->type) && t->path[0] == '/' && is_folder_safe(k, t->path);
}

/* Some tables belong to the action, and every one can be built aside. */
static bool
is_all_aside(const struct work *k, const struct plan_action *a)
{
	size_t n = 0;

	for (size_t i = 0; i < k->req->ntables; i++) {
		if (!is_of(&k->req->tables[i], a))
			continue;
		if (!can_be_aside(k, &k->req->tables[i]))
			return false;
		n++;
	}
	return n > 0;
}

/* --- as targets of the transaction -----------------------------------------------------
 */

static bool
emit_text(const void *src, txn_sink *sink, void *ctx)
{
	const struct text_file *f = src;
	struct readfile r;
	bool ok = readfile_load(&f->svc->world->fs, f->path, &r, NULL) == READFILE_OK &&
		  sink(ctx, r.n ? r.bytes : "", r.n);

	readfile_free(&r);
	return ok;
}

/* A table that wasn't there is for those who may read its text. */
static void
set_new_rights(const struct work *k, const struct apply_table *t, struct txn_want *w)
{
	const struct fs_port *fs = &k->req->svc->world->fs;
	struct stat st;

	if (t->text < k->req->nwant)
		w->new_mode = k->req->want[t->text].new_mode;
	if (!fs_stat(fs, t->path, &st))
		return;
	w->new_mode = st.st_mode & 0666;
	w->new_uid = st.st_uid;
	w->new_gid = st.st_gid;
}

static bool
is_missing(const struct work *k, const struct apply_table *t)
{
	const struct fs_port *fs = &k->req->svc->world->fs;

	return t->text >= k->req->nwant && !fs_has(fs, t->path);
}

static bool
is_wanted(const struct work *k, const char *db)
{
	for (size_t i = 0; i < k->nwant; i++)
		if (strcmp(k->want[i].path, db) == 0)
			return true;
	return false;
}

static void
add_aside(struct work *k, const struct apply_table *t)
{
	struct aside *a = &k->aside[k->naside];
	struct txn_want *w = &k->want[k->nwant];

	a->suffix = suffix_of(t->type);
	a->db = str_format("%s%s", t->path, a->suffix);
	if (is_wanted(k, a->db)) {
		free(a->db);
		return;
	}
	a->table = t;
	a->text = (struct text_file){k->req->svc, t->path};
	a->missing = is_missing(k, t);
	k->naside++;
	if (a->missing)
		return;
	a->target = k->nwant;
	*w = (struct txn_want){.path = a->db,
		.emit = emit_text,
		.src = &a->text,
		.built = true,
		.in_place = k->req->in_place};
	if (t->text < k->req->nwant) {
		w->emit = k->req->want[t->text].emit;
		w->src = k->req->want[t->text].src;
	}
	set_new_rights(k, t, w);
	k->nwant++;
}

void
apply_aside_plan(struct work *k)
{
	const struct apply_req *req = k->req;

	k->is_aside = mem_new(k->plan.n + 1, sizeof *k->is_aside);
	k->aside = mem_new(req->ntables + 1, sizeof *k->aside);
	k->want = mem_new(req->nwant + req->ntables + 1, sizeof *k->want);
	for (size_t i = 0; i < req->nwant; i++) {
		k->want[i] = req->want[i];
		k->want[i].in_place = req->in_place;
	}
	k->nwant = req->nwant;
	for (size_t i = 0; i < k->plan.n; i++) {
		k->is_aside[i] = is_all_aside(k, &k->plan.v[i]);
		for (size_t t = 0; k->is_aside[i] && t < req->ntables; t++)
			if (is_of(&req->tables[t], &k->plan.v[i]))
				add_aside(k, &req->tables[t]);
	}
}

void
apply_aside_free(struct work *k)
{
	for (size_t i = 0; i < k->naside; i++)
		free(k->aside[i].db);
	free(k->aside);
	free(k->is_aside);
	free(k->want);
}

/* --- judging what was built ------------------------------------------------------------
 */

/* What can be wrong with one table is told in the names of the real one. */
struct judge {
	struct svc svc; /* reads the candidate main.cf */
	struct svc_said_map map;
	char *typefile, *shown;
	enum svc_program program;
};

static bool
look_up_keys(const struct work *k, const struct judge *j, struct diags *d)
{
	bool ok = true;

	for (size_t i = 0; i < k->req->nlookups; i++) {
		const struct apply_lookup *l = &k->req->lookups[i];

		if (strcmp(l->typefile, j->shown) == 0 ||
			strcmp(l->typefile, j->map.to) == 0)
			ok = svc_table_has(&j->svc, j->typefile, j->shown, l->key,
				     l->want, d) &&
			     ok;
	}
	return ok;
}

/* Lines that begin an entry. */
struct count {
	size_t lines, bytes;
	bool inside; /* a line that has begun */
};

static bool
count_lines(void *ctx, const char *p, size_t n)
{
	struct count *c = ctx;

	c->bytes += n;
	for (size_t i = 0; i < n; i++) {
		if (!c->inside)
			c->lines += !is_blank_char(p[i]) && p[i] != '#';
		c->inside = p[i] != '\n';
	}
	return true;
}

size_t
apply_aside_entries(const struct work *k, size_t action)
{
	struct count c = {0};

	for (size_t i = 0; i < k->naside; i++) {
		const struct aside *a = &k->aside[i];
		const struct txn_want *w = &k->want[a->target];

		if (!a->missing && is_of(a->table, &k->plan.v[action]))
			w->emit(w->src, count_lines, &c);
	}
	return c.lines;
}

/* Each entry is in the table, or the builder has said why not. */
static bool
is_full(const struct work *k, const struct aside *a, const struct judge *j, size_t told,
	struct diags *d)
{
	const struct txn_want *w = &k->want[a->target];
	struct count wanted = {0};
	size_t there;

	/* A builder that was cut off has said so; listing a large table takes long. */
	if (!w->emit(w->src, count_lines, &wanted) || wanted.bytes > COUNTED_MOST)
		return true;
	if (!svc_table_count(&j->svc, j->program, j->typefile, &there, d))
		return false;
	if (there >= wanted.lines || told >= wanted.lines - there)
		return true;
	return diag_add(d, SEV_ERROR, DIAG_PF_UNHEALTHY, NULL,
		_("Look at the disk and at the system's log, then try again."),
		_("The built table %s is not whole: it has %zu entries of %zu."),
		j->shown, there, wanted.lines);
}

/* --- building --------------------------------------------------------------------------
 */

static bool
build_one(struct work *k, const struct aside *a, const struct svc *svc)
{
	const struct apply_table *t = a->table;
	const char *source = txn_source_path(k->txn, a->target);
	struct diags *d = &k->out->findings;
	struct judge j = {.svc = *svc,
		.map = {.from = source,
			.to = t->path,
			.from2 = svc->config_dir,
			.to2 = k->req->svc->config_dir},
		.typefile = str_format("%s:%s", t->type, source),
		.shown = str_format("%s:%s", t->type, t->path),
		.program = t->act == PLAN_POSTMAP ? SVC_POSTMAP : SVC_POSTALIAS};
	size_t from = d->n;
	bool ok = svc_build(&j.svc, j.program, j.typefile, &j.map, d) &&
		  look_up_keys(k, &j, d) && is_full(k, a, &j, d->n - from, d) &&
		  txn_take_built(k->txn, a->target, a->suffix, d);

	free(j.typefile);
	free(j.shown);
	return ok;
}

static bool
build_action(struct work *k, size_t action, const struct svc *svc)
{
	size_t from = k->out->findings.n;
	bool ok = true;

	apply_begin(k, k->action[action]);
	for (size_t i = 0; ok && i < k->naside; i++) {
		const struct aside *a = &k->aside[i];

		if (!is_of(a->table, &k->plan.v[action]))
			continue;
		ok = a->missing ? readfile_tell_missing(a->table->path, &k->out->findings)
				: build_one(k, a, svc);
	}
	apply_end(k, k->action[action], ok, from);
	return ok;
}

static bool
take_bytes(void *ctx, const char *p, size_t n)
{
	str_add(ctx, p, n);
	return true;
}

/* The folder whose main.cf the builders read: the candidate's, where it is sound, for the
 * old one may be what this change mends. NULL: the configuration folder itself. */
static bool
candidate(struct work *k, char **folder)
{
	const struct txn_want *want = apply_main_cf(k->req);
	struct str bytes = {0};

	*folder = NULL;
	if (!want || k->kind[STEP_JUDGE] == NO_STEP)
		return true;
	want->emit(want->src, take_bytes, &bytes);
	*folder = svc_candidate(
		k->req->svc, k->req->state_dir, str_sv(&bytes), &k->out->findings);
	str_free(&bytes);
	return *folder != NULL;
}

bool
apply_aside_build(struct work *k)
{
	struct svc svc = *k->req->svc;
	char *folder = NULL;
	bool ok = k->naside == 0 || candidate(k, &folder);

	if (folder)
		svc.config_dir = folder;
	for (size_t i = 0; ok && i < k->plan.n; i++)
		if (k->is_aside[i])
			ok = build_action(k, i, &svc);
	if (folder)
		txn_judge_remove(&svc.world->fs, folder);
	free(folder);
	if (!ok)
		diag_add(&k->out->findings, SEV_ERROR, DIAG_APPLY_HELD, NULL,
			_("Mend what Postfix says, then apply again."),
			_("Nothing is written: a table could not be built."));
	return ok;
}
