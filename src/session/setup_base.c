/* SPDX-License-Identifier: MIT
 *
 * What the guided set-up finds: the values in effect, the rows of the two lists, and
 * whether anybody has decided anything yet. It is built while none of the set-up's own
 * edits is in the files, so that going back to a question shows what was there before.
 */
#include "session/setup_parts.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/nets.h"
#include "session/login.h"
#include "session/nets_view.h"

void
setup_base_free(struct setup_base *b)
{
	free(b->listen.v);
	free(b->clients.v);
	free(b->was.v);
	arena_free(&b->texts);
	*b = (struct setup_base){0};
}

static struct setup_row *
push(struct setup_rows *rows, const struct setup_row *row)
{
	rows->v = mem_grow(rows->v, &rows->cap, rows->n + 1, sizeof(*rows->v));
	rows->v[rows->n] = *row;
	return &rows->v[rows->n++];
}

static char
mark_of(const struct diag *finding)
{
	if (!finding || finding->sev == SEV_NOTE)
		return 0;
	return finding->sev == SEV_ERROR ? '!' : '?';
}

/* --- stock --- */

static bool
is_self(struct sv text)
{
	struct ipaddr addr;

	if (sv_eq_fold(text, sv_of("localhost")) ||
		sv_eq_fold(text, sv_of("loopback-only")))
		return true;
	return addr_parse_net(text, &addr) == ADDR_FINE &&
	       addr_class_of(&addr) == ADDR_LOOPBACK;
}

/* Did the loaded file name nothing there but this host? Unset is fine, too. */
static bool
named_self_only(struct session *s, struct arena *a, const char *name)
{
	const char *was = param_before(s, a, name);
	struct sv rest = sv_of(was ? was : ""), token;

	while (sv_token(&rest, ", \t\r\n", &token))
		if (!is_self(token))
			return false;
	return true;
}

bool
setup_is_stock(struct session *s)
{
	struct arena a = {0};
	const char *relay = param_before(s, &a, "relayhost");
	bool stock = !relay || sv_trim(sv_of(relay)).n == 0;

	stock = stock && named_self_only(s, &a, "mynetworks") &&
		named_self_only(s, &a, "inet_interfaces");
	arena_free(&a);
	return stock;
}

/* --- single values --- */

const char *
setup_param(enum ses_setup_ask ask)
{
	static const char *const names[SES_SETUP_QUESTIONS] = {
		[SES_ANS_HOSTNAME] = "myhostname",
		[SES_ANS_ORIGIN] = "myorigin",
		[SES_ANS_DESTINATION] = "mydestination",
		[SES_ANS_LISTEN] = "inet_interfaces",
		[SES_ANS_CLIENTS] = "mynetworks",
		[SES_ANS_RELAYHOST] = "relayhost",
		[SES_ANS_MX] = "relayhost",
		[SES_ANS_LOG] = "maillog_file",
		[SES_ANS_LOGFILE] = "maillog_file",
	};

	return names[ask];
}

static void
params_now(struct session *s, struct setup_base *b)
{
	for (int i = 0; i < SES_SETUP_QUESTIONS; i++) {
		const char *name = setup_param((enum ses_setup_ask)i);
		struct ses_param p;

		b->value[i] = "";
		if (!name)
			continue;
		(void)ses_param_get(s, name, &p);
		b->value[i] = arena_str(&b->texts, p.value);
		b->is_set[i] = p.origin == SES_FROM_FILE;
		b->touched[i] = p.edited || p.is_new || p.removed;
	}
}

/* "mail.test 587": a number is no host, so it can only be meant as the port. */
static bool
is_host_and_port(const char *typed)
{
	struct sv rest = sv_of(typed), host, port, more;
	uint64_t number;

	return !strpbrk(typed, ",$") && sv_token(&rest, " \t", &host) &&
	       sv_token(&rest, " \t", &port) && !sv_token(&rest, " \t", &more) &&
	       sv_find(host, ':') < 0 && sv_to_uint(port, UINT16_MAX, &number);
}

bool
setup_is_whole(const char *relayhost)
{
	return strpbrk(relayhost, ", \t$") && !is_host_and_port(relayhost);
}

/* One host as a person types it, if that gives the very value back; else the value. */
static const char *
typed_host(struct session *s, struct arena *a, const struct ses_relay *r)
{
	struct ses_relay_verdict v;
	const struct ses_hop *h = r->hops;
	const char *typed;
	bool six;

	if (!r->readable || r->n != 1)
		return arena_str(a, r->raw);
	six = strchr(h->host, ':') != NULL;
	typed = arena_fmt(a, "%s%s%s%s%s", six ? "[" : "", h->host, six ? "]" : "",
		h->port[0] ? ":" : "", h->port);
	ses_relay_judge(s, typed, h->mx, &v);
	return strcmp(v.written, r->raw) == 0 ? typed : arena_str(a, r->raw);
}

const char *
setup_tls_now(struct session *s)
{
	struct ses_tls tls;

	ses_tls_get(s, &tls);
	return tls.level[0] ? tls.level : "none";
}

static void
upstream_now(struct session *s, struct setup_base *b)
{
	struct ses_relay r;
	struct ses_login l;

	ses_relay_get(s, &r);
	b->is_set[SES_ANS_RELAYHOST] = r.set;
	b->value[SES_ANS_RELAYHOST] = r.set ? typed_host(s, &b->texts, &r) : "";
	b->value[SES_ANS_MX] = r.set && r.n == 1 && r.hops[0].mx ? "yes" : "no";
	b->value[SES_ANS_TLS] = arena_str(&b->texts, setup_tls_now(s));
	b->is_set[SES_ANS_TLS] = strcmp(b->value[SES_ANS_TLS], "none") != 0;
	ses_login_get(s, &l);
	if (!l.on || !l.stored)
		return;
	b->is_set[SES_ANS_USER] = true;
	b->value[SES_ANS_USER] = arena_str(&b->texts, l.user);
	b->value[SES_ANS_PASSWORD] = l.has_password ? "yes" : "";
}

/* maillog_file came with Postfix 3.4, and wants a service of its own. */
static void
log_now(struct session *s, struct setup_base *b)
{
	static const char *const usual[] = {"/dev/log", "/run/systemd/journal/socket",
		"/var/log/mail.log", "/var/log/maillog"};
	struct chk_env env;
	bool set = b->value[SES_ANS_LOGFILE][0];

	session_check_env(s, &env);
	b->can_log = set || (env.services_known && env.has_postlog && env.version >= 304);
	b->value[SES_ANS_LOG] = set ? "file" : "system";
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		b->has_system_log = b->has_system_log || fs_has(&s->world.fs, usual[i]);
}

/* What the aliases that are added would take the place of. */
static void
aliases_before(struct session *s, struct setup_base *b)
{
	const struct setup_answer *a = s->setup ? &s->setup->a[SES_ANS_ALIASES] : NULL;

	for (size_t i = 0; a && i < a->nadded; i++) {
		struct al_targets list = {0};
		char *name = NULL;

		if (setup_alias_parse(s, a->added[i], &name, &list, NULL))
			push(&b->was,
				&(struct setup_row){.text = arena_str(&b->texts, name),
					.note = arena_str(
						&b->texts, setup_alias_now(s, name))});
		free(name);
		al_targets_free(&list);
	}
}

static void
people_now(struct session *s, struct setup_base *b)
{
	b->value[SES_ANS_ROOT] = arena_str(&b->texts, setup_alias_now(s, "root"));
	b->value[SES_ANS_POSTMASTER] =
		arena_str(&b->texts, setup_alias_now(s, "postmaster"));
	b->is_set[SES_ANS_ROOT] = b->value[SES_ANS_ROOT][0];
	b->is_set[SES_ANS_POSTMASTER] = b->value[SES_ANS_POSTMASTER][0];
	b->aliases = ses_alias_total(s);
	aliases_before(s, b);
}

/* --- where it listens --- */

static const struct nic_addr *
nic_of(struct session *s, const struct ipaddr *addr)
{
	const struct nic_list *nics = session_nics(s);

	for (size_t i = 0; i < nics->n; i++) {
		struct ipaddr own =
			addr_from_bytes(nics->v[i].fam, nics->v[i].addr, addr->plen);

		if (addr_cmp(&own, addr) == 0)
			return &nics->v[i];
	}
	return NULL;
}

static void
listen_row(struct session *s, struct setup_base *b, const struct ses_if_row *r)
{
	struct setup_row row = {.text = arena_str(&b->texts, r->addr),
		.on = b->listens_to_all ? r->listens : r->ticked,
		.can_tick = r->can_tick,
		.mark = mark_of(r->finding)};
	const struct nic_addr *nic = NULL;
	struct ipaddr addr;
	bool private = false;

	if (addr_parse(sv_of(r->addr), &addr)) {
		enum addr_class class = addr_class_of(&addr);

		nic = nic_of(s, &addr);
		row.is_self = class == ADDR_LOOPBACK;
		private = nic && nic->up &&
			  (class == ADDR_PRIVATE || class == ADDR_UNIQUE_LOCAL);
		row.is_good =
			private && !nic->transient && ifs_family_used(s, addr.fam, false);
	}
	b->has_transient = b->has_transient || (private && nic->transient);
	row.note = r->note[0]
			   ? arena_fmt(&b->texts, "%s, %s, %s", r->nic, r->reach, r->note)
			   : arena_fmt(&b->texts, "%s, %s", r->nic, r->reach);
	push(&b->listen, &row);
}

static void
listen_now(struct session *s, struct setup_base *b)
{
	const struct ses_if_row *rows;
	size_t n = ses_if_rows(s, &rows);

	b->listens_to_all = ses_if_mode(s) == SES_IF_ALL;
	push(&b->listen, &(struct setup_row){.text = "all",
				 .note = _("every address, also those that come later"),
				 .on = b->listens_to_all,
				 .can_tick = true});
	/* A link-local address that isn't in the list can't be put there. */
	for (size_t i = 0; i < n; i++)
		if (rows[i].can_tick || rows[i].ticked)
			listen_row(s, b, &rows[i]);
}

/* --- who may send --- */

static void
client_row(struct session *s, struct setup_base *b, const struct ses_net_row *r)
{
	const char *who = r->who;
	struct setup_row row = {.text = arena_str(&b->texts, r->text),
		.on = !r->off,
		.can_tick = r->derived || r->editable,
		.mark = mark_of(r->finding)};
	struct net_item item;

	net_item_parse(sv_of(row.text), &item);
	row.is_self = !item.except && is_self(item.body);
	row.is_public = r->derived && net_item_is_public(&item);
	if (r->derived)
		who = nets_who(s, &b->texts, &item);
	if (item.except)
		row.note = arena_fmt(&b->texts, _("excluded, %s addresses"), r->count);
	else if (row.is_self || strcmp(r->count, "?") == 0)
		row.note = arena_str(&b->texts, who);
	else if (!who[0])
		row.note = arena_fmt(&b->texts, _("%s addresses"), r->count);
	else
		row.note = arena_fmt(&b->texts, _("%s, %s addresses"), who, r->count);
	push(&b->clients, &row);
}

static void
hint_row(struct setup_base *b, const struct ses_net_hint *h)
{
	struct setup_row row = {.text = arena_str(&b->texts, h->text),
		.can_tick = true,
		.is_hint = true,
		.is_public = h->is_public};
	struct net_item item;
	char count[ADDR_COUNT_MAX];

	net_item_parse(sv_of(row.text), &item);
	row.note = h->is_public ? arena_fmt(&b->texts, _("%s, PUBLIC"), h->why)
				: arena_fmt(&b->texts, _("%s, %s addresses"), h->why,
					  net_count_label(&item, count));
	push(&b->clients, &row);
}

static void
clients_now(struct session *s, struct setup_base *b)
{
	const struct ses_net_row *rows;
	const struct ses_net_hint *hints;
	size_t n = ses_net_rows(s, &rows), nhints;

	for (size_t i = 0; i < n; i++) {
		if (rows[i].depth > 0 || rows[i].removed)
			continue;
		if (b->clients.n < SETUP_ITEMS)
			client_row(s, b, &rows[i]);
		else
			b->more++;
	}
	nhints = ses_net_hints(s, &hints);
	for (size_t i = 0; i < nhints; i++)
		hint_row(b, &hints[i]);
}

/* --- the role --- */

static bool
has_others(const struct setup_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].on && !rows->v[i].is_self)
			return true;
	return false;
}

static bool
has_good(const struct setup_base *b)
{
	bool good = b->has_transient;

	for (size_t i = 0; i < b->listen.n; i++)
		good = good || b->listen.v[i].is_good;
	return good;
}

static void
role_now(struct session *s, struct setup_base *b)
{
	bool relay = b->value[SES_ANS_RELAYHOST][0];

	b->is_stock = setup_is_stock(s);
	b->has_role = !b->is_stock || relay;
	if (!b->has_role)
		b->role = has_good(b) ? SES_ROLE_LAN : SES_ROLE_HOST;
	else if (!relay)
		b->role = SES_ROLE_DIRECT;
	else
		b->role = has_others(&b->listen) ? SES_ROLE_LAN : SES_ROLE_HOST;
}

void
setup_base_build(struct session *s, struct setup_base *out)
{
	setup_base_free(out);
	params_now(s, out);
	upstream_now(s, out);
	people_now(s, out);
	listen_now(s, out);
	clients_now(s, out);
	log_now(s, out);
	role_now(s, out);
	out->value[SES_ANS_ROLE] = setup_role_id(out->role);
}
