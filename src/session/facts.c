/* SPDX-License-Identifier: MIT
 *
 * Answers for the rules. Invariant: `number` grows whenever an answer is forgotten or a
 * new one comes, so that findings made of old answers are made anew.
 */
#include "session/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "apply/readfile.h"
#include "apply/svc_parse.h"
#include "base/mem.h"
#include "session/facts_view.h"

#define MAX_TEXT (4u << 20) /* bytes of a file that a rule reads */

struct facts *
facts_of(struct session *s)
{
	if (!s->facts)
		s->facts = mem_new(1, sizeof(*s->facts));
	return s->facts;
}

/* --- files --- */

/* A file that the session has open counts as it is edited. */
static struct ses_file *
opened(struct session *s, const char *path)
{
	struct ses_file *f = file_find(s, path);

	return f && f->role != ROLE_ALIASES && f->role != ROLE_MAIN_CF ? f : NULL;
}

static bool
look(struct session *s, const char *path, struct chk_stat *out)
{
	struct stat st;

	*out = (struct chk_stat){0};
	if (!fs_stat(&s->world.fs, path, &st))
		return errno == ENOENT || errno == ENOTDIR;
	*out = (struct chk_stat){.exists = true,
		.is_folder = S_ISDIR(st.st_mode),
		.mode = st.st_mode & 07777,
		.gid = (uint32_t)st.st_gid,
		.mtime = st.st_mtim.tv_sec};
	return true;
}

/* A new table of passwords, and the database of one that is edited, are there once what
 * waits is applied. */
static bool
is_coming(struct session *s, const char *path)
{
	for (size_t i = 1; i < s->nfiles; i++) {
		struct ses_file *f = s->files[i];
		size_t n = strlen(f->path);

		if ((f->role == ROLE_LOGIN || f->role == ROLE_INDEXED) &&
			strncmp(f->path, path, n) == 0 &&
			(path[n] ? path[n] == '.' : !f->loaded.exists) &&
			file_is_edited(f))
			return true;
	}
	return false;
}

static bool
stat_file(void *ctx, const char *path, struct chk_stat *out)
{
	struct session *s = ctx;
	struct facts *f = facts_of(s);
	struct facts_stat *new;

	if (is_coming(s, path)) {
		*out = (struct chk_stat){
			.exists = true, .mode = 0600, .mtime = INT64_MAX};
		return true;
	}

	for (size_t i = 0; i < f->nstats; i++)
		if (strcmp(f->stats[i].path, path) == 0) {
			*out = f->stats[i].st;
			return f->stats[i].known;
		}
	f->stats = mem_grow(f->stats, &f->stats_cap, f->nstats + 1, sizeof(*f->stats));
	new = &f->stats[f->nstats++];
	new->path = mem_strdup(path);
	new->known = look(s, path, &new->st);
	*out = new->st;
	return new->known;
}

static bool
read_text(void *ctx, const char *path, struct sv *bytes)
{
	struct session *s = ctx;
	struct facts *f = facts_of(s);
	struct ses_file *open = opened(s, path);
	struct readfile r = {0};
	struct chk_stat st;

	str_clear(&f->text);
	if (open) {
		doc_bytes(&open->doc, &f->text);
	} else {
		if (!stat_file(s, path, &st) || !st.exists || st.is_folder ||
			readfile_load(&s->world.fs, path, &r, NULL) != READFILE_OK)
			return false;
		if (r.n <= MAX_TEXT)
			str_add(&f->text, r.bytes, r.n);
		readfile_free(&r);
	}
	*bytes = str_sv(&f->text);
	return f->text.n <= MAX_TEXT;
}

/* --- names --- */

static void
read_hosts(struct session *s, struct facts *f)
{
	struct readfile r = {0};

	f->hosts_read = true;
	if (readfile_load(&s->world.fs, "/etc/hosts", &r, NULL) != READFILE_OK)
		return;
	if (r.n <= MAX_TEXT)
		str_add(&f->hosts, r.bytes, r.n);
	readfile_free(&r);
}

static size_t
in_hosts(void *ctx, const char *name, struct ipaddr *out, size_t max)
{
	struct session *s = ctx;
	struct facts *f = facts_of(s);

	if (!f->hosts_read)
		read_hosts(s, f);
	return addr_in_hosts(str_sv(&f->hosts), name, out, max);
}

/* --- master.cf --- */

static bool
has_postlog(struct sv text)
{
	struct sv line, first, second;

	while (sv_line(&text, &line))
		if (sv_token(&line, " \t", &first) && sv_token(&line, " \t", &second) &&
			sv_eq_str(first, "postlog") && sv_eq_str(second, "unix-dgram"))
			return true;
	return false;
}

static void
read_master(struct session *s, struct facts *f)
{
	char *path = str_format("%s/master.cf", s->config_dir);
	struct readfile r = {0};

	f->master_read = true;
	if (readfile_load(&s->world.fs, path, &r, NULL) == READFILE_OK) {
		struct sv text = sv_make(r.bytes ? r.bytes : "", r.n);

		f->inet = mem_new(SVC_INET_MAX, sizeof(*f->inet));
		f->ninet = svc_inet_parse(text, f->inet, SVC_INET_MAX);
		f->master_known = f->ninet < SVC_INET_MAX;
		f->has_postlog = has_postlog(text);
		for (size_t i = 0; i < f->ninet; i++)
			f->services[i] = (struct chk_service){
				f->inet[i].host, f->inet[i].port, f->inet[i].smtp};
		readfile_free(&r);
	}
	free(path);
}

/* --- all together --- */

static bool
known_name(void *ctx, struct sv name)
{
	struct str text = {0};
	struct sv unused;
	bool known;

	str_add_sv(&text, name);
	known = default_of(ctx, str_c(&text), &unused);
	str_free(&text);
	return known;
}

static bool
default_value_of(void *ctx, struct sv name, struct sv *value)
{
	char text[128];

	if (name.n >= sizeof(text))
		return false;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	return default_now(ctx, name, value) || default_of(ctx, text, value);
}

/* Everything that can change without facts_forget(): what was asked, and other files. */
static uint64_t
facts_number(struct session *s, const struct facts *f)
{
	uint64_t n = f->number;

	for (int i = 0; i < SES_ASKS; i++)
		n = n * 31 + s->asked[i].done + (s->asked[i].ok ? 2 : 0);
	for (size_t i = 1; i < s->nfiles; i++)
		n = n * 1000003 + s->files[i]->doc.gen;
	return n * 31 + s->nfiles;
}

void
session_check_env(struct session *s, struct chk_env *env)
{
	struct facts *f = facts_of(s);
	struct sv unused;

	if (!f->master_read)
		read_master(s, f);
	*env = (struct chk_env){
		.file = s->files[0]->path,
		.config_dir = s->config_dir,
		.hostname = s->hostname,
		.nics = session_nics(s),
		.version = session_version(s),
		.relayhost_list_ok = session_relay_list_ok(s),
		.map_types = s->types,
		.known_name = known_name,
		.known_ctx = s,
		.deflt = default_value_of,
		.defaults_known = s->asked[SES_ASK_DEFAULTS].ok,
		.stat = stat_file,
		.read = read_text,
		.hosts = in_hosts,
		.dns = facts_dns,
		.dns_addrs = facts_dns_addrs,
		.services = f->services,
		.nservices = f->ninet,
		.services_known = f->master_known,
		.has_postlog = f->has_postlog,
		.ctx = s,
	};
	env->old_smtpd =
		env->defaults_known && !default_of(s, "enable_long_queue_ids", &unused);
	if (!s->nics.n)
		env->nics = NULL;
	env->facts = facts_number(s, f);
}

void
facts_run_rules(struct session *s, bool before, struct diags *out)
{
	struct chk_env env;

	session_check_env(s, &env);
	rules_run(main_cf(s), &env, before ? NULL : &facts_of(s)->kept, out);
}

void
facts_forget(struct session *s)
{
	struct facts *f = s->facts;

	if (!f)
		return;
	for (size_t i = 0; i < f->nstats; i++)
		free(f->stats[i].path);
	f->nstats = 0;
	str_free(&f->hosts);
	free(f->inet);
	f->inet = NULL;
	f->ninet = 0;
	f->hosts_read = f->master_read = f->master_known = false;
	facts_dns_forget(s);
	f->number++;
}

void
facts_free(struct session *s)
{
	struct facts *f = s->facts;

	if (!f)
		return;
	facts_forget(s);
	rules_kept_free(&f->kept);
	free(f->stats);
	free(f->dns);
	str_free(&f->text);
	free(f);
	s->facts = NULL;
}
