/* SPDX-License-Identifier: MIT
 *
 * What the rules share: the definitions of the document, read once, and values by name.
 * The file comes first, then config_directory, then the defaults of the installed
 * Postfix, as in Postfix itself.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "check/maincf.h"
#include "check/memo.h"
#include "check/nets.h"
#include "model/catalog.h"
#include "text/maincf.h"

static int
by_name(const void *pa, const void *pb)
{
	const struct chk_def *const *a = pa, *const *b = pb;
	int r = sv_cmp((*a)->name, (*b)->name);

	return r ? r : (*a < *b ? -1 : *a > *b);
}

static void
sort_defs(struct chk_run *run)
{
	run->byname = mem_new(run->ndefs ? run->ndefs : 1, sizeof(struct chk_def *));
	for (size_t i = 0; i < run->ndefs; i++)
		run->byname[i] = &run->defs[i];
	if (run->ndefs > 1)
		qsort(run->byname, run->ndefs, sizeof(struct chk_def *), by_name);
	for (size_t i = 0; i < run->ndefs; i++)
		run->byname[i]->last =
			i + 1 == run->ndefs ||
			!sv_eq(run->byname[i]->name, run->byname[i + 1]->name);
}

void
chk_begin(struct chk_run *run, const struct doc *d, const struct chk_env *env)
{
	uint32_t line = 1;

	*run = (struct chk_run){.d = d, .env = env, .work = CFX_WORK};
	for (size_t i = 0; i < d->norder; i++) {
		uint32_t id = d->order[i];

		if (!doc_alive(d, id))
			continue;
		if (doc_entry(d, id)->kind == ENTRY_PARAM &&
			!sv_starts(doc_text(d, id), "\xef\xbb\xbf")) {
			run->defs = mem_grow(
				run->defs, &run->cap, run->ndefs + 1, sizeof(*run->defs));
			run->defs[run->ndefs++] = (struct chk_def){
				.name = mcf_name(d, id), .id = id, .line = line};
		}
		line += sv_count_lines(doc_text(d, id));
	}
	sort_defs(run);
}

void
chk_end(struct chk_run *run)
{
	for (size_t i = 0; i < run->ndefs; i++)
		str_free(&run->defs[i].raw);
	free(run->defs);
	free((void *)run->byname);
	str_free(&run->value);
	nets_entries_free(run->nets);
	arena_free(&run->texts);
}

const struct chk_def *
chk_find(struct chk_run *run, struct sv name)
{
	size_t lo = 0, hi = run->ndefs;

	while (lo < hi) { /* the first one behind all of this name */
		size_t mid = lo + (hi - lo) / 2;

		if (sv_cmp(run->byname[mid]->name, name) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0 || !sv_eq(run->byname[lo - 1]->name, name))
		return NULL;
	return run->byname[lo - 1];
}

struct diag_loc
chk_loc(const struct chk_run *run, const struct chk_def *def)
{
	return (struct diag_loc){
		.file = run->env->file, .line = def->line, .entry = def->id + 1};
}

struct diag_loc
chk_at(const struct chk_run *run, const struct chk_param *p)
{
	struct diag_loc loc = {.file = run->env->file};

	if (p->def)
		loc = chk_loc(run, p->def);
	loc.param = p->name;
	return loc;
}

/* The defaults of mydomain and myhostname follow each other where they are in the file:
 * then the rule's answer depends on that too, and on what is named there. */
static void
note_origin(struct chk_run *run, struct sv name)
{
	const char *origin = sv_eq_str(name, "mydomain")     ? "myhostname"
			     : sv_eq_str(name, "myhostname") ? "mydomain"
							     : NULL;
	const struct chk_def *def;
	struct str text = {0};
	struct sv unused;

	if (!origin || !run->memo || run->noting)
		return;
	run->noting = true;
	def = chk_find(run, sv_of(origin));
	memo_note(run->memo, run->d, sv_of(origin), def);
	if (def) {
		mcf_value(run->d, def->id, &text);
		chk_expand(run, str_sv(&text), &unused);
	}
	str_free(&text);
	run->noting = false;
}

/* A definition's value, read once a run. */
static struct sv
raw_of(struct chk_run *run, const struct chk_def *def)
{
	struct str *raw = &run->defs[def - run->defs].raw;

	if (!raw->p)
		mcf_value(run->d, def->id, raw);
	return str_sv(raw);
}

/* The raw value of a name; whether it stands in the file is noted for the rule's memory.
 */
static bool
raw_value(
	struct chk_run *run, struct sv name, const struct chk_def **def, struct sv *value)
{
	*def = chk_find(run, name);
	memo_note(run->memo, run->d, name, *def);
	if (*def) {
		*value = raw_of(run, *def);
		return true;
	}
	note_origin(run, name);
	if (sv_eq_str(name, "config_directory") && run->env->config_dir) {
		*value = sv_of(run->env->config_dir);
		return true;
	}
	return run->env->deflt && run->env->deflt(run->env->ctx, name, value);
}

static bool
lookup(void *ctx, struct sv name, struct sv *value)
{
	const struct chk_def *unused;

	return raw_value(ctx, name, &unused, value);
}

/* A name that the file doesn't define and no Postfix has a default for is empty. */
static bool
is_undefined(void *ctx, struct sv name)
{
	struct chk_run *run = ctx;

	return run->env->defaults_known || !cat_is_known_name(name);
}

enum cfx_result
chk_expand(struct chk_run *run, struct sv raw, struct sv *out)
{
	struct cfx_source src = {.lookup = lookup,
		.ctx = run,
		.undefined = is_undefined,
		.work = &run->work};
	struct str text = {0};
	enum cfx_result how;

	if (!raw.n || !memchr(raw.p, '$', raw.n)) {
		*out = raw;
		return CFX_OK;
	}
	how = cfx_expand(raw, &src, &text);
	*out = how == CFX_OK ? sv_of(arena_sv(&run->texts, str_sv(&text))) : sv_of("");
	str_free(&text);
	return how;
}

bool
chk_get(struct chk_run *run, const char *name, struct chk_param *out)
{
	*out = (struct chk_param){.name = name, .raw = {"", 0}, .value = {"", 0}};
	out->known = raw_value(run, sv_of(name), &out->def, &out->raw);
	out->how = CFX_UNKNOWN;
	if (out->known)
		out->how = chk_expand(run, out->raw, &out->value);
	if (out->how != CFX_OK)
		out->value = sv_of("");
	out->value = sv_trim(out->value);
	return out->how == CFX_OK;
}

struct sv
chk_value_of(struct chk_run *run, const char *name)
{
	struct chk_param p;

	chk_get(run, name, &p);
	return p.value;
}

bool
chk_is_yes(struct chk_run *run, const char *name, bool otherwise)
{
	struct sv v = chk_value_of(run, name);

	if (sv_eq_fold(v, sv_of("yes")))
		return true;
	return !sv_eq_fold(v, sv_of("no")) && otherwise;
}

bool
chk_number(struct chk_run *run, const char *name, int64_t *out)
{
	struct sv v = chk_value_of(run, name);
	bool minus = sv_starts(v, "-");
	uint64_t n;

	if (!sv_to_uint(sv_sub(v, minus, v.n), INT64_MAX, &n))
		return false;
	*out = minus ? -(int64_t)n : (int64_t)n;
	return true;
}

bool
chk_has(struct chk_run *run, const char *name, bool otherwise)
{
	struct sv unused;

	if (!run->env->deflt || !run->env->defaults_known)
		return otherwise;
	return run->env->deflt(run->env->ctx, sv_of(name), &unused);
}

bool
chk_stat_of(struct chk_run *run, const char *path, struct chk_stat *out)
{
	return run->env->stat && run->env->stat(run->env->ctx, path, out);
}

bool
chk_is_own_addr(const struct chk_run *run, const struct ipaddr *a)
{
	const struct nic_list *nics = run->env->nics;
	struct ipaddr host = addr_host(a);

	for (size_t i = 0; nics && i < nics->n; i++) {
		struct ipaddr nic = addr_from_bytes(
			nics->v[i].fam, nics->v[i].addr, addr_bits(nics->v[i].fam));

		if (addr_cmp(&nic, &host) == 0)
			return true;
	}
	return false;
}

int64_t
chk_level(struct chk_run *run)
{
	struct chk_param p;
	struct sv rest, part;
	int64_t level = 0;

	if (!chk_has(run, "compatibility_level", true))
		return -1;
	if (!chk_get(run, "compatibility_level", &p))
		return p.known || !run->env->defaults_known ? -1 : 0;
	rest = p.value;
	for (int i = 0; i < 3; i++) {
		uint64_t n = 0;

		if (sv_token(&rest, ".", &part) && !sv_to_uint(part, 999999, &n))
			return -1;
		level = level * 1000 + (int64_t)n;
	}
	return level;
}
