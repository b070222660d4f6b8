/* SPDX-License-Identifier: MIT
 *
 * Files and tables that mynetworks names, for one question. Text we read ourselves, as
 * edited where it is edited; all else Postfix's own postmap is asked for, where it may
 * run at all (facts of svc_folder_safe), as a job that the session steps.
 */
#include "session/nettest_view.h"

#include <errno.h>
#include <stdlib.h>

#include "apply/readfile.h"
#include "apply/svc.h"
#include "apply/svc_parse.h"
#include "base/mem.h"
#include "model/maptext.h"
#include "session/review_view.h"

/* --- files ------------------------------------------------------------------ */

static bool
add_bytes(void *ctx, const char *p, size_t n)
{
	str_add(ctx, p, n);
	return true;
}

static void
from_session(const struct nt_look *l, struct ses_file *f, struct nt_file *out)
{
	struct str bytes = {0};

	if (l->before)
		file_base_bytes(f, &bytes);
	else
		doc_write(&f->doc, add_bytes, &bytes);
	out->got = REL_FILE_OK;
	out->bytes = sv_make(arena_sv(&l->q->texts, str_sv(&bytes)), bytes.n);
	str_free(&bytes);
}

static void
from_disk(const struct nt_look *l, struct nt_file *out)
{
	const struct fs_port *fs = &l->s->world.fs;
	struct readfile r = {0};
	struct diags said = {0};
	struct stat st;

	out->got = REL_FILE_HIDDEN;
	if (fs_stat(fs, out->path, &st) && S_ISDIR(st.st_mode)) {
		out->got = REL_FILE_FOLDER;
		return;
	}
	switch (readfile_load(fs, out->path, &r, &said)) {
	case READFILE_OK:
		out->got = REL_FILE_OK;
		out->bytes = sv_make(arena_sv(&l->q->texts, sv_make(r.bytes, r.n)), r.n);
		readfile_free(&r);
		break;
	case READFILE_MISSING:
		out->got = REL_FILE_MISSING;
		break;
	case READFILE_REFUSED:
		break;
	}
	diag_clear(&said);
}

enum rel_file
nt_file(void *ctx, const char *path, struct sv *bytes)
{
	struct nt_look *l = ctx;
	struct net_question *q = l->q;
	struct ses_file *open = file_find(l->s, path);
	struct nt_file f = {.path = arena_str(&q->texts, path), .before = l->before};

	for (size_t i = 0; i < q->nfile; i++)
		if (q->file[i].before == l->before &&
			strcmp(q->file[i].path, path) == 0) {
			*bytes = q->file[i].bytes;
			return q->file[i].got;
		}
	if (open && open->loaded.exists)
		from_session(l, open, &f);
	else
		from_disk(l, &f);
	q->file = mem_grow(q->file, &q->file_cap, q->nfile + 1, sizeof(*q->file));
	q->file[q->nfile++] = f;
	*bytes = f.bytes;
	return f.got;
}

/* --- tables that are asked -------------------------------------------------- */

static bool
may_ask(const struct nt_look *l, struct svc *svc)
{
	struct net_question *q = l->q;

	session_svc(l->s, svc);
	if (!q->looked_safe)
		q->safe = svc_folder_safe(svc, NULL, NULL);
	q->looked_safe = true;
	return q->safe;
}

/* The keys in the order of smtpd's questions, one a line. */
static void
keys_for(struct sv type, const struct rel_client *c, struct str *out)
{
	static const char *const patterns[] = {"regexp", "pcre", "cidr", "tcp", NULL};
	char addr[ADDR_TEXT_MAX];
	bool pattern = false;
	const char *name = c->name;

	for (size_t i = 0; patterns[i]; i++)
		pattern = pattern || sv_eq_str(type, patterns[i]);
	str_addf(out, "%s\n", addr_format(&c->addr, ADDR_BARE, addr));
	while (name && *name) {
		str_addf(out, "%s\n", name);
		name = pattern ? NULL : strchr(name, '.');
		name = name ? name + 1 : NULL;
	}
}

static struct job *
start_postmap(const struct nt_look *l, const char *table, struct sv keys)
{
	const struct run_port *run = &l->s->world.run;
	struct svc svc;
	struct job *job = NULL;
	char *path;
	int why = 0;

	if (!may_ask(l, &svc))
		return NULL;
	path = svc_find(&svc, SVC_POSTMAP);
	if (path) {
		const char *const argv[] = {
			path, "-c", l->s->config_dir, "-q", "-", table, NULL};
		struct run_req req = {
			.argv = argv, .input = keys, .timeout_ms = svc.limit_ms};

		job = run->ops->start(run->self, &req, &why);
	}
	free(path);
	/* cppcheck-suppress returnDanglingLifetime; a runner keeps nothing of the request
	 */
	return job;
}

static enum rel_hit
ask_postmap(const struct nt_look *l, struct sv type, struct sv table,
	const struct rel_client *c)
{
	struct net_question *q = l->q;
	struct nt_lookup *u;
	struct str keys = {0};

	for (size_t i = 0; i < q->nlookup; i++)
		if (sv_eq_str(table, q->lookup[i].table))
			return q->lookup[i].hit;
	q->lookup = mem_grow(q->lookup, &q->lookup_cap, q->nlookup + 1, sizeof(*u));
	u = &q->lookup[q->nlookup++];
	*u = (struct nt_lookup){.table = sv_dup(table), .hit = REL_WAIT};
	keys_for(type, c, &keys);
	u->job = start_postmap(l, u->table, str_sv(&keys));
	if (!u->job)
		u->hit = REL_MAYBE;
	str_free(&keys);
	return u->hit;
}

/* An error that is about the table makes smtpd answer 451; one that is about Postfix's
 * settings tells nothing of the table. */
static enum rel_hit
hit_of_errors(struct sv err, struct sv table)
{
	ptrdiff_t colon = sv_find(table, ':');
	struct sv name = sv_sub(table, (size_t)colon + 1, table.n), line;
	enum rel_hit hit = REL_NO;

	while (sv_line(&err, &line)) {
		struct svc_said said;

		if (!svc_said_parse(line, &said) || said.sev != SEV_ERROR)
			continue;
		if (sv_find_sv(line, name) >= 0 ||
			sv_find_sv(line, sv_of("unsupported dictionary type")) >= 0)
			return REL_ERROR;
		hit = REL_MAYBE;
	}
	return hit;
}

static enum rel_hit
hit_of(const struct nt_lookup *u, const struct run_res *res)
{
	if (res->end != RUN_EXITED)
		return REL_MAYBE;
	if (res->code == 0 && res->out.n > 0)
		return REL_YES;
	return hit_of_errors(str_sv(&res->err), sv_of(u->table));
}

static bool
step_lookup(struct session *s, struct nt_lookup *u)
{
	const struct run_port *run = &s->world.run;
	struct run_res res = {0};

	if (!u->job || !run->ops->step(run->self, u->job))
		return false;
	run->ops->finish(run->self, u->job, &res);
	u->job = NULL;
	u->hit = hit_of(u, &res);
	run_res_free(&res);
	return true;
}

bool
nt_question_step(struct session *s, struct net_question *q)
{
	bool any = false;

	for (size_t i = 0; q && i < q->nlookup; i++)
		any = step_lookup(s, &q->lookup[i]) || any;
	return any;
}

bool
nettest_step(struct session *s)
{
	return nt_question_step(s, s->nt);
}

int
nt_question_fds(struct session *s, struct net_question *q, int *fds, int max)
{
	const struct run_port *run = &s->world.run;
	int n = 0;

	for (size_t i = 0; q && i < q->nlookup; i++)
		if (q->lookup[i].job && n < max)
			n += run->ops->fds(run->self, q->lookup[i].job, fds + n, max - n);
	return n;
}

int
nettest_fds(struct session *s, int *fds, int max)
{
	return nt_question_fds(s, s->nt, fds, max);
}

void
nt_lookups_free(struct session *s, struct net_question *q)
{
	const struct run_port *run = &s->world.run;

	for (size_t i = 0; i < q->nlookup; i++) {
		struct run_res res = {0};

		if (q->lookup[i].job) {
			run->ops->cancel(run->self, q->lookup[i].job);
			run->ops->finish(run->self, q->lookup[i].job, &res);
			run_res_free(&res);
		}
		free(q->lookup[i].table);
	}
	q->nlookup = 0;
}

/* --- any table -------------------------------------------------------------- */

/* A table's file; smtpd starts in the queue folder, so a relative name is below that. */
static const char *
table_path(const struct nt_look *l, struct sv name)
{
	struct arena *a = &l->q->texts;
	enum cfx_result why;
	const char *queue;

	if (name.p[0] == '/')
		return arena_sv(a, name);
	queue = nt_value(l, "queue_directory", &why);
	return arena_fmt(
		a, "%s/%.*s", queue ? queue : "/var/spool/postfix", (int)name.n, name.p);
}

static enum rel_hit
text_table(struct nt_look *l, struct sv type, struct sv name, const struct rel_client *c)
{
	struct sv bytes = {"", 0};

	if (sv_eq_str(type, "static") || sv_eq_str(type, "inline") ||
		(sv_eq_str(type, "cidr") && sv_starts(name, "{")))
		return map_text_match(type, name, name, c);
	switch (nt_file(l, table_path(l, name), &bytes)) {
	case REL_FILE_OK:
		return map_text_match(type, name, bytes, c);
	case REL_FILE_MISSING:
	case REL_FILE_FOLDER:
		return REL_ERROR;
	case REL_FILE_HIDDEN:
		break;
	}
	return REL_MAYBE;
}

/* The source of an indexed table, where it can't be newer than what was built of it. */
static enum rel_hit
by_source(struct nt_look *l, struct sv type, const char *path, const struct rel_client *c)
{
	const struct fs_port *fs = &l->s->world.fs;
	const char *end = sv_eq_str(type, "lmdb")                               ? "lmdb"
			  : sv_eq_str(type, "cdb")                              ? "cdb"
			  : sv_eq_str(type, "hash") || sv_eq_str(type, "btree") ? "db"
										: "pag";
	const char *built = arena_fmt(&l->q->texts, "%s.%s", path, end);
	struct stat db, source;
	struct sv bytes;

	if (!fs_stat(fs, built, &db))
		return errno == ENOENT ? REL_ERROR : REL_MAYBE;
	if (!fs_stat(fs, path, &source) || source.st_mtime > db.st_mtime)
		return REL_MAYBE;
	return nt_file(l, path, &bytes) == REL_FILE_OK ? map_source_match(bytes, c)
						       : REL_MAYBE;
}

/* hash: and its like: what waits will be built when it is applied; else what is built. */
static enum rel_hit
indexed_table(struct nt_look *l, struct sv table, struct sv type, struct sv name,
	const struct rel_client *c)
{
	const char *path = table_path(l, name);
	struct ses_file *f = file_find(l->s, path);
	enum rel_hit hit = REL_MAYBE;
	struct sv bytes;

	if (f && !l->before && file_is_edited(f) &&
		nt_file(l, path, &bytes) == REL_FILE_OK)
		return map_source_match(bytes, c);
	if (name.p[0] == '/')
		hit = ask_postmap(l, type, table, c);
	if (hit == REL_MAYBE || (hit == REL_NO && !c->name))
		return by_source(l, type, path, c);
	return hit;
}

enum rel_hit
nt_table(void *ctx, struct sv table, const struct rel_client *c)
{
	struct nt_look *l = ctx;
	struct net_env env = {.map_types = l->s->types};
	struct sv type, name;
	ptrdiff_t colon;
	enum rel_hit hit;

	if (sv_starts(table, "proxy:"))
		table = sv_sub(table, strlen("proxy:"), table.n);
	colon = sv_find(table, ':');
	if (colon <= 0 || (size_t)colon + 1 >= table.n)
		return REL_ERROR;
	type = sv_sub(table, 0, (size_t)colon);
	name = sv_sub(table, (size_t)colon + 1, table.n);
	if (l->s->types && !net_type_is_known(type, &env))
		return REL_ERROR;
	if (map_is_text(type))
		return text_table(l, type, name, c);
	if (plan_type_is_built(type))
		return indexed_table(l, table, type, name, c);
	hit = ask_postmap(l, type, table, c);
	return hit == REL_NO && !c->name ? REL_MAYBE : hit;
}

/* proxymap reads only what proxy_read_maps names, by main.cf alone, and smtpd dies of any
 * other proxy: table. */
bool
nt_kills(void *ctx, struct sv table)
{
	struct nt_look common = *(const struct nt_look *)ctx;
	enum cfx_result why;
	struct sv rest, token;
	const char *maps;

	if (!sv_starts(table, "proxy:"))
		return false;
	common.service = NULL;
	maps = nt_value(&common, "proxy_read_maps", &why);
	rest = sv_of(maps ? maps : "");
	while (net_token(&rest, &token))
		if (sv_eq(token, table))
			return false;
	return maps && maps[0];
}
