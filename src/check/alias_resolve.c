/* SPDX-License-Identifier: MIT
 *
 * Where a target leads, as local(8) finds it: the alias of the whole name, then that of
 * the name without its extension, then the user. The alias that is being expanded itself
 * is skipped, so "a: a" is the user a.
 */
#include <string.h>

#include "check/alias_parts.h"

/* No domain has such signs; Postfix sends the mail back. */
static bool
is_no_domain(struct sv domain)
{
	for (size_t i = 0; i < domain.n && domain.p[0] != '['; i++)
		if (strchr(":/ ,;<>()\"", domain.p[i]))
			return true;
	return false;
}

/* A name as local(8) looks it up, with a domain of this machine taken off; empty where
 * nobody can get mail. */
static enum chk_answer
local_name(const struct al_run *run, struct sv *name, bool routed)
{
	const struct chk_al_env *env = run->env;
	bool bare = true;

	for (;;) {
		const char *at = memrchr(name->p, '@', name->n);
		const char *bang =
			routed && env->bang ? memchr(name->p, '!', name->n) : NULL;
		struct sv domain, rest;
		enum chk_answer ours;

		if (!at && routed && env->percent)
			at = memrchr(name->p, '%', name->n);
		if (!at && !bang)
			return bare ? env->bare : CHK_YES;
		if (at) {
			rest = sv_sub(*name, 0, (size_t)(at - name->p));
			domain = sv_sub(*name, rest.n + 1, name->n);
		} else {
			domain = sv_sub(*name, 0, (size_t)(bang - name->p));
			rest = sv_sub(*name, domain.n + 1, name->n);
		}
		if (sv_ends(domain, "."))
			domain.n--;
		if (is_no_domain(domain)) {
			*name = sv_sub(*name, 0, 0);
			return CHK_NO;
		}
		ours = env->domain(env->ctx, domain);
		if (ours != CHK_YES)
			return CHK_CANT_TELL;
		bare = false;
		*name = rest;
	}
}

/* Bytes of the name before its extension; all of it when it has none. */
static size_t
base_length(const char *delimiters, struct sv name)
{
	size_t at = 0;

	if (sv_eq_str(name, "mailer-daemon") || sv_eq_str(name, "postmaster") ||
		sv_eq_str(name, "double-bounce"))
		return name.n;
	while (at < name.n && (name.p[at] == '\0' || !strchr(delimiters, name.p[at])))
		at++;
	return at ? at : name.n;
}

static uint32_t
other_alias(struct al_run *run, struct sv name, uint32_t self)
{
	uint32_t id = al_find(run->al, name);

	return id == self ? DOC_NO_ID : id;
}

static bool
is_a_request(struct sv name)
{
	return sv_starts(name, "owner-") || sv_ends(name, "-request");
}

static void
resolve_name(struct al_run *run, uint32_t self, struct al_dest *dest)
{
	const struct chk_al_env *env = run->env;
	struct sv name = str_sv(&dest->name);
	size_t base = base_length(env->delimiters, name);

	if (strchr(env->delimiters, '-') && is_a_request(name))
		base = name.n;
	dest->alias = other_alias(run, name, self);
	if (dest->alias == DOC_NO_ID && base < name.n)
		dest->alias = other_alias(run, sv_sub(name, 0, base), self);
	if (dest->alias != DOC_NO_ID) {
		dest->kind = AL_DEST_ALIAS;
		return;
	}
	if (base < name.n)
		dest->name.p[dest->name.n = base] = '\0';
	if (run->found >
		AL_CHECK_MAX) { /* nothing more is told; a name service is slow */
		dest->kind = AL_DEST_CANT_TELL;
		return;
	}
	switch (env->user(env->ctx, str_c(&dest->name), &dest->home)) {
	case CHK_YES:
		dest->kind = AL_DEST_USER;
		break;
	case CHK_NO:
		dest->kind = env->other_tables ? AL_DEST_CANT_TELL : AL_DEST_NOBODY;
		break;
	case CHK_CANT_TELL:
		dest->kind = AL_DEST_CANT_TELL;
		break;
	}
}

/* Names that can be an alias or user although they look odd: "alice:bob". */
static bool
is_odd_name(const struct al_target *t)
{
	const char *p = t->plain;

	return p[0] != '\0' && !strchr("/|-@", p[0]) && !strchr(p, '@') &&
	       strncasecmp(p, ":include:", 9) != 0 && strncmp(p, "~/", 2) != 0 &&
	       !strchr(t->raw, '"');
}

static void
resolve_address(struct al_run *run, const struct al_target *t, uint32_t self,
	struct al_dest *dest)
{
	bool routed = !strpbrk(t->raw, "\"\\");
	struct sv name = sv_of(t->plain);
	enum chk_answer ours = local_name(run, &name, routed);

	if (name.n == 0) {
		dest->kind = AL_DEST_BAD;
		return;
	}
	if (ours != CHK_YES) {
		dest->kind = AL_DEST_CANT_TELL;
		return;
	}
	al_name_fold(name, &dest->name);
	resolve_name(run, self, dest);
	if (t->kind == AL_BAD && dest->kind != AL_DEST_ALIAS &&
		dest->kind != AL_DEST_USER)
		dest->kind = AL_DEST_BAD;
}

void
al_resolve(struct al_run *run, const struct al_target *t, uint32_t self,
	struct al_dest *dest)
{
	str_clear(&dest->name);
	dest->home = NULL;
	dest->alias = DOC_NO_ID;
	switch (t->kind) {
	case AL_FILE:
		dest->kind = AL_DEST_FILE;
		break;
	case AL_PIPE:
		dest->kind = AL_DEST_COMMAND;
		break;
	case AL_INCLUDE:
		dest->kind = AL_DEST_LIST;
		break;
	case AL_USER:
	case AL_BACKSLASH:
	case AL_ADDRESS:
		if (t->plain[0] == '-' || strncmp(t->plain, "~/", 2) == 0)
			dest->kind = AL_DEST_BAD;
		else
			resolve_address(run, t, self, dest);
		break;
	case AL_BAD:
		dest->kind = AL_DEST_BAD;
		if (is_odd_name(t))
			resolve_address(run, t, self, dest);
		break;
	}
}
