/* SPDX-License-Identifier: MIT
 *
 * What the rules on aliases are told of this machine and its main.cf, and their answers
 * kept as long as neither changes: a file of a few megabytes takes a moment, and findings
 * are asked for after every edit anywhere.
 */
#include "session/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <strings.h>

#include "base/hash.h"
#include "base/mem.h"
#include "check/aliases.h"
#include "session/alias_check.h"
#include "text/maincf.h"

/* Users asked for by the way; the name service may be slow. */
#define USERS_BY_THE_WAY 2000

#define LIST_MAX (1u << 20) /* bytes read of a list or file of domains */

#define SEPS ", \t\r\n"

struct user {
	char *name;
	enum chk_answer answer;
	struct users_entry e;
};

struct alias_check {
	/* Made for these: */
	uint64_t doc_gen, cf_gen;
	bool deep, defaults;
	bool ready;
	struct diags found;

	bool all; /* the caller wants to wait for everything */
	struct user *user;
	size_t nuser, user_cap;
	struct hash users;
	uint64_t seed;
	struct str domains; /* mydestination, for as long as the rules run */
	bool tables;        /* it names tables or files */
	bool asked_for; /* by a person: users are asked for, however many there were */
};

/* --- users, each asked once */

struct sought {
	const struct alias_check *c;
	const char *name;
};

static bool
same_user(void *ctx, uint32_t v)
{
	const struct sought *s = ctx;

	return strcmp(s->c->user[v].name, s->name) == 0;
}

static uint64_t
user_sum(void *ctx, uint32_t v)
{
	const struct sought *s = ctx;

	return hash_bytes(sv_of(s->c->user[v].name), false, s->c->seed);
}

static const struct user *
find_user(struct session *s, const char *name)
{
	static const struct user unknown = {.answer = CHK_CANT_TELL};
	static const enum chk_answer answers[] = {
		[USERS_NO] = CHK_NO,
		[USERS_YES] = CHK_YES,
		[USERS_CANT_TELL] = CHK_CANT_TELL,
	};
	struct alias_check *c = s->ac;
	struct sought sought = {c, name};
	struct hash_ops ops = {same_user, user_sum, &sought};
	uint64_t sum = hash_bytes(sv_of(name), false, c->seed);
	uint32_t at = hash_find(&c->users, sum, &ops);
	struct user *u;

	if (at != HASH_NONE)
		return &c->user[at];
	if (!s->world.users.ops ||
		(!c->deep && !c->asked_for && c->nuser >= USERS_BY_THE_WAY))
		return &unknown;
	c->user = mem_grow(c->user, &c->user_cap, c->nuser + 1, sizeof(*c->user));
	u = &c->user[c->nuser];
	*u = (struct user){.name = mem_strdup(name)};
	u->answer = answers[s->world.users.ops->find(s->world.users.self, name, &u->e)];
	hash_put(&c->users, sum, (uint32_t)c->nuser++, &ops);
	return u;
}

static enum chk_answer
ask_user(void *ctx, const char *name, const char **home)
{
	const struct user *u = find_user(ctx, name);

	*home = u->e.home[0] ? u->e.home : NULL;
	return u->answer;
}

/* --- files */

static int
ask_stat(void *ctx, const char *path, struct stat *st)
{
	struct session *s = ctx;

	return fs_stat(&s->world.fs, path, st) ? 0 : errno;
}

static bool
read_small(void *ctx, const char *path, struct str *bytes)
{
	struct session *s = ctx;
	const struct fs_port *fs = &s->world.fs;
	int fd = fs->ops->openat(fs->self, AT_FDCWD, path, O_RDONLY | O_NONBLOCK, 0);
	struct stat st;
	char buf[8192];
	ssize_t n = -1;

	if (fd < 0)
		return false;
	if (fs->ops->fstat(fs->self, fd, &st) == 0 && S_ISREG(st.st_mode))
		while ((n = fs->ops->read(fs->self, fd, buf, sizeof(buf))) > 0 &&
			bytes->n < LIST_MAX)
			str_add(bytes, buf, (size_t)n);
	fs->ops->close(fs->self, fd);
	return n == 0;
}

/* --- main.cf */

static const char *
value_of(struct session *s, const char *name, const char *otherwise)
{
	const char *value = ses_param_expanded(s, name);

	return value ? value : otherwise;
}

static bool
is_set(struct session *s, const char *name)
{
	return sv_trim(sv_of(value_of(s, name, ""))).n > 0;
}

/* Is mail to the domain delivered by local(8)? Ones in tables can't be told. */
static enum chk_answer
ask_domain(void *ctx, struct sv domain)
{
	struct session *s = ctx;
	struct sv rest = str_sv(&s->ac->domains), word;

	while (sv_token(&rest, SEPS, &word))
		if (sv_eq_fold(word, domain))
			return CHK_YES;
	if (s->ac->tables || (domain.n && domain.p[0] == '['))
		return CHK_CANT_TELL;
	return CHK_NO;
}

/* The domain that names without one get: a name, or the first line of a file. */
static enum chk_answer
is_bare_local(struct session *s)
{
	const char *origin = ses_param_expanded(s, "myorigin");
	struct str bytes = {0};
	enum chk_answer answer = CHK_CANT_TELL;
	struct sv rest, line;

	if (!origin)
		return CHK_CANT_TELL;
	if (origin[0] != '/')
		return ask_domain(s, sv_trim(sv_of(origin)));
	rest = (struct sv){0};
	if (read_small(s, origin, &bytes)) {
		rest = str_sv(&bytes);
		while (answer == CHK_CANT_TELL && sv_line(&rest, &line)) {
			line = sv_trim(line);
			if (line.n && line.p[0] != '#')
				answer = ask_domain(s, line);
		}
	}
	str_free(&bytes);
	return answer;
}

/* Does alias_maps name other tables than the file of this session? nis: without a NIS
 * domain is none. */
static bool
has_other_tables(struct session *s)
{
	const char *maps = ses_param_expanded(s, "alias_maps");
	struct sv rest = sv_of(maps), word, type, path;
	bool own = false;

	while (sv_token(&rest, SEPS, &word)) {
		chk_table_split(word, &type, &path);
		if (sv_eq_str(path, s->aliases->path)) {
			own = true;
		} else if (!sv_eq_str(type, "nis") || !s->world.users.ops ||
			   s->world.users.ops->nis_domain(s->world.users.self)) {
			return true;
		}
	}
	return !own;
}

/* Commands and files run with the rights of default_privs, or of the database's owner
 * where that isn't root. */
static void
take_rights(struct session *s, struct chk_al_env *env)
{
	static const char *const suffixes[] = {".db", ".lmdb", ".cdb", ""};
	const struct user *u;
	struct stat st;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		char *path = str_format("%s%s", s->aliases->path, suffixes[i]);
		bool there = ask_stat(s, path, &st) == 0;

		free(path);
		if (there && st.st_uid != 0) {
			env->rights_known = true;
			env->uid = st.st_uid;
			env->gid = st.st_gid;
			return;
		}
		if (there)
			break;
	}
	u = find_user(s, value_of(s, "default_privs", "nobody"));
	env->rights_known = u->answer == CHK_YES;
	env->uid = u->e.uid;
	env->gid = u->e.gid;
}

static bool
is_this_machine(const struct session *s)
{
	return s->set->config_dir && strcmp(s->set->config_dir, s->config_dir) == 0;
}

static bool
is_delivered_by_local(struct session *s)
{
	struct sv transport = sv_of(value_of(s, "local_transport", "local:$myhostname"));

	return sv_starts(transport, "local:") || sv_eq_str(transport, "local");
}

static void
fill(struct session *s, struct chk_al_env *env)
{
	const char *domains = ses_param_expanded(s, "mydestination");
	bool local = domains && is_delivered_by_local(s);

	str_clear(&s->ac->domains);
	if (local)
		str_add_cstr(&s->ac->domains, domains);
	s->ac->tables = !local || sv_find(sv_of(domains), '/') >= 0 ||
			sv_find(sv_of(domains), ':') >= 0;
	*env = (struct chk_al_env){.file = s->aliases->path,
		.here = is_this_machine(s),
		.bare = local ? is_bare_local(s) : CHK_CANT_TELL,
		.delimiters = value_of(s, "recipient_delimiter", ""),
		.percent =
			strcasecmp(value_of(s, "allow_percent_hack", "yes"), "yes") == 0,
		.bang = strcasecmp(value_of(s, "swap_bangpath", "yes"), "yes") == 0,
		.other_tables = has_other_tables(s) || is_set(s, "transport_maps"),
		.commands =
			sv_has_word(sv_of(value_of(s, "allow_mail_to_commands", "alias")),
				SEPS, "alias"),
		.files = sv_has_word(sv_of(value_of(s, "allow_mail_to_files", "alias")),
			SEPS, "alias"),
		.user = ask_user,
		.domain = ask_domain,
		.stat = ask_stat,
		.read = read_small,
		.ctx = s};
	env->boxes =
		!is_set(s, "mailbox_transport") && !is_set(s, "mailbox_transport_maps");
	env->catch_all = !env->boxes || is_set(s, "luser_relay") ||
			 is_set(s, "fallback_transport") ||
			 is_set(s, "fallback_transport_maps");
	take_rights(s, env);
}

/* --- the findings */

static struct alias_check *
check_of(struct session *s)
{
	if (!s->ac) {
		s->ac = mem_new(1, sizeof(*s->ac));
		s->ac->seed = hash_seed();
	}
	return s->ac;
}

void
alias_check_others(struct session *s, struct sv text, struct diags *out)
{
	struct alias_check *c = check_of(s);
	struct aliases al = {0};
	struct chk_al_env env;

	al_load(&al, mem_strndup(text.p, text.n), text.n, NULL);
	c->asked_for = true;
	fill(s, &env);
	chk_aliases(&al, &env, out);
	c->asked_for = false;
	al_free(&al);
}

/* Without SMTPUTF8 postalias takes any bytes: then these lines are as good as others. */
static void
drop_utf8(struct diags *found)
{
	struct diags kept = {0};

	for (size_t i = 0; i < found->n; i++)
		if (found->v[i].code != DIAG_AL_UTF8)
			diag_copy(&kept, &found->v[i]);
	diag_clear(found);
	*found = kept;
}

static void
make(struct session *s, bool deep)
{
	struct alias_check *c = s->ac;
	struct chk_al_env env;

	c->doc_gen = s->aliases->doc.gen;
	c->cf_gen = main_cf(s)->gen;
	c->deep = deep;
	c->defaults = s->asked[SES_ASK_DEFAULTS].done;
	c->ready = true;
	diag_clear(&c->found);
	al_check(&s->aliases->al, s->aliases->path, &c->found);
	if (strcasecmp(value_of(s, "smtputf8_enable", "yes"), "yes") != 0)
		drop_utf8(&c->found);
	if (deep || s->aliases->loaded.size <= ALIASES_BIG) {
		fill(s, &env);
		chk_aliases(&s->aliases->al, &env, &c->found);
	}
}

void
alias_findings(struct session *s, struct diags *out)
{
	struct alias_check *c = check_of(s);

	if (!s->aliases->loaded.exists && s->aliases->doc.norder == 0)
		return;
	if (!c->ready || c->doc_gen != s->aliases->doc.gen ||
		c->cf_gen != main_cf(s)->gen || c->deep != c->all ||
		c->defaults != s->asked[SES_ASK_DEFAULTS].done)
		make(s, c->all);
	for (size_t i = 0; i < c->found.n; i++)
		diag_copy(out, &c->found.v[i]);
}

void
ses_alias_judge_all(struct session *s)
{
	if (check_of(s)->all)
		return;
	s->ac->all = true;
	session_touch(s);
}

bool
alias_judge_wanted(const struct session *s)
{
	return s->ac && s->ac->all;
}

static struct diag_loc
param_loc(struct session *s, const char *name)
{
	uint32_t id = mcf_find(main_cf(s), sv_of(name));
	struct diag_loc loc = {.param = name};

	if (id == DOC_NO_ID)
		return loc;
	loc.file = s->files[0]->path;
	loc.line = doc_line_now(main_cf(s), id);
	loc.col = 1;
	loc.entry = id + 1;
	return loc;
}

void
alias_table_findings(struct session *s, struct diags *out)
{
	struct chk_al_db db = {.maps = ses_param_expanded(s, "alias_maps"),
		.database = ses_param_expanded(s, "alias_database"),
		.default_type = ses_param_expanded(s, "default_database_type"),
		.maps_at = param_loc(s, "alias_maps"),
		.database_at = param_loc(s, "alias_database"),
		.maps_set = mcf_find(main_cf(s), sv_of("alias_maps")) != DOC_NO_ID,
		.types = s->types,
		.here = is_this_machine(s),
		.used = is_set(s, "mydestination") && is_delivered_by_local(s),
		.stat = ask_stat,
		.ctx = s};

	db.nis_domain = !s->world.users.ops ||
			s->world.users.ops->nis_domain(s->world.users.self);
	chk_alias_tables(&db, out);
}

static void
forget_users(struct alias_check *c)
{
	for (size_t i = 0; i < c->nuser; i++)
		free(c->user[i].name);
	c->nuser = 0;
	hash_free(&c->users);
	c->users = (struct hash){0};
}

void
alias_check_forget(struct session *s)
{
	if (!s->ac)
		return;
	forget_users(s->ac);
	s->ac->ready = false;
}

void
alias_check_free(struct session *s)
{
	if (!s->ac)
		return;
	forget_users(s->ac);
	free(s->ac->user);
	diag_clear(&s->ac->found);
	str_free(&s->ac->domains);
	free(s->ac);
	s->ac = NULL;
}
