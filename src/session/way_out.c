/* SPDX-License-Identifier: MIT
 *
 * Asking the upstream after an apply: offered where a setting changes by which mail
 * leaves, and there is a relay host that can be asked. Whom it is asked about is Verify's
 * choice, too: its own postmaster, whom every server has.
 */
#include "session/review_view.h"

#include "base/mem.h"
#include "model/nexthop.h"

/* What smtp reads, or what leads mail to it (postfix's trivial-rewrite). */
static bool
is_of_way(const char *name)
{
	static const char *const names[] = {"relayhost", "transport_maps",
		"default_transport", "sender_dependent_relayhost_maps",
		"sender_dependent_default_transport_maps", "disable_dns_lookups"};

	if (strncmp(name, "smtp_", 5) == 0)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

bool
way_changes(struct session *s)
{
	const struct review_view *v = s->rv;

	for (size_t i = 0; i < v->nchanges; i++)
		if (v->files[v->changes[i].file].role == PLAN_MAIN_CF &&
			is_of_way(v->changes[i].name))
			return true;
	for (size_t i = 0; i < s->nfiles; i++)
		if (s->files[i]->role == ROLE_LOGIN && file_is_edited(s->files[i]))
			return true;
	return false;
}

const char *
way_postmaster(struct arena *a, const struct nexthop *hop)
{
	if (hop->kind == NH_NAME)
		return arena_fmt(a, "postmaster@%s", hop->host);
	return arena_fmt(a,
		hop->kind == NH_IPV6 ? "postmaster@[IPv6:%s]" : "postmaster@[%s]",
		hop->host);
}

/* The smtp client may die of such a mistake, and is let rest for a minute then: it must
 * not be called just before the change that mends it. */
static bool
was_broken(const struct review_view *v)
{
	for (size_t i = 0; i < v->before.n; i++)
		if (v->before.v[i].sev == SEV_ERROR && v->before.v[i].loc.param &&
			is_of_way(v->before.v[i].loc.param))
			return true;
	return false;
}

/* Of the first of the hosts; NULL: there is none, or it can't be read. */
static const char *
receiver(struct session *s, struct arena *a, const char *relayhost)
{
	struct nexthops list = {0};
	struct str value = {0};
	const char *to = NULL;

	if (relayhost && expand_value(s, sv_of(relayhost), &value) == CFX_OK &&
		nh_list_parse(
			str_sv(&value), session_relay_list_ok(s), &list, NULL, NULL) &&
		list.n > 0)
		to = way_postmaster(a, &list.v[0]);
	nh_list_free(&list);
	str_free(&value);
	return to;
}

void
way_offer(struct session *s, bool runs)
{
	struct review_view *v = s->rv;
	const char *now = ses_param_expanded(s, "relayhost");

	v->probe_to = v->probe_before = NULL;
	if (!runs || !v->plan.acts || !way_changes(s))
		return;
	v->probe_to = receiver(s, &v->texts, now);
	if (!was_broken(v))
		v->probe_before =
			receiver(s, &v->texts, param_before(s, &v->texts, "relayhost"));
}

const char *
way_sendmail(struct session *s, struct arena *a)
{
	const char *path = ses_param_expanded(s, "sendmail_path");

	return path && path[0] == '/' ? arena_str(a, path) : NULL;
}

void
ses_review_probe(struct session *s, bool on)
{
	s->probe_way = on;
}
