/* SPDX-License-Identifier: MIT
 *
 * Whom a test message goes to best: only what leaves this machine proves the way to the
 * upstream. Who reads root's or postmaster's mail elsewhere is known by the aliases.
 */
#include "session/verify_parts.h"

#include "model/nets.h"
#include "session/aliases.h"

enum { DEPTH_MOST = 8 };

bool
vr_is_listed(const char *domains, struct sv domain)
{
	struct sv rest = sv_of(domains), token;

	while (net_token(&rest, &token))
		if (sv_eq_fold(token, domain) || token.p[0] == '/' ||
			sv_find(token, ':') >= 0)
			return true;
	return domain.n == 0;
}

static const char *
local_domains(struct session *s)
{
	const char *value = session_table_list(s, "mydestination");

	return value ? value : "";
}

static const char *reader(struct session *s, const char *name, int depth);

/* An address elsewhere, or that of the alias that it leads to. */
static const char *
reader_of(struct session *s, const struct ses_target *t, int depth)
{
	const char *at = strrchr(t->text, '@');

	if (t->kind != SES_T_USER && t->kind != SES_T_ADDRESS)
		return NULL;
	if (!at)
		return reader(s, t->text, depth);
	if (!vr_is_listed(local_domains(s), sv_of(at + 1)))
		return vr_address_ok(t->text, NULL) ? arena_str(scratch(s), t->text)
						    : NULL;
	return reader(
		s, arena_sv(scratch(s), sv_make(t->text, (size_t)(at - t->text))), depth);
}

static const char *
reader(struct session *s, const char *name, int depth)
{
	struct ses_targets t = {0};
	struct ses_alias alias;
	const char *found = NULL;
	uint32_t id;

	if (depth == DEPTH_MOST || !ses_alias_find(s, name, &id) ||
		!ses_alias_by_id(s, id, &alias) || alias.off ||
		!ses_alias_targets(s, id, &t))
		return NULL;
	for (size_t i = 0; i < t.n && !found; i++)
		found = reader_of(s, &t.v[i], depth + 1);
	ses_targets_free(&t);
	return found;
}

const char *
ses_verify_receiver(struct session *s)
{
	const char *origin = ses_param_expanded(s, "myorigin"),
		   *root = reader(s, "root", 0);

	if (origin && origin[0] && origin[0] != '/' &&
		!vr_is_listed(local_domains(s), sv_of(origin)))
		return scratch_fmt(s, "root@%s", origin);
	return root ? root : reader(s, "postmaster", 0);
}
