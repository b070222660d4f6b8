/* SPDX-License-Identifier: MIT
 *
 * The overview: clients -> this relay -> upstream, each with its state, and the one step
 * that makes sense next. Everything here is derived from the rows of the other views.
 */
#include "apply/svc.h"
#include "session/internal.h"
#include "session/login.h"
#include "session/setup.h"

#include "base/i18n.h"
#include "model/addr.h"
#include "model/nets.h"
#include "model/nexthop.h"

static char
worse(char mark, const struct diag *finding)
{
	if (!finding)
		return mark;
	if (finding->sev == SEV_ERROR)
		return '!';
	return finding->sev == SEV_WARN && mark != '!' ? '?' : mark;
}

/* The worst of a mark and of what is found on a screen, whether a row has it or not. */
static char
worst_of(struct session *s, char mark, const char *screen)
{
	const struct diags *d = ses_findings(s);

	for (size_t i = 0; i < d->n; i++)
		if (strcmp(ses_finding_screen(s, &d->v[i]), screen) == 0)
			mark = worse(mark, &d->v[i]);
	return mark;
}

static bool
is_segment(const struct ses_net_row *r)
{
	struct net_item item;

	if (r->off || r->removed)
		return false;
	net_item_parse(sv_of(r->text), &item);
	if (item.except)
		return false;
	if (item.kind == NET_NET || item.kind == NET_HOST)
		return addr_class_of(&item.addr) != ADDR_LOOPBACK;
	return item.kind == NET_TABLE || item.kind == NET_NAME ||
	       (item.kind == NET_FILE && r->depth == 0);
}

static void
clients(struct session *s, struct ses_picture *out)
{
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(s, &rows);
	char mark = ' ';

	for (size_t i = 0; i < n; i++) {
		mark = worse(mark, rows[i].finding);
		if (!is_segment(&rows[i]))
			continue;
		out->segments++;
		if (out->nclients < sizeof(out->clients) / sizeof(out->clients[0]))
			out->clients[out->nclients++] =
				arena_str(scratch(s), rows[i].text);
	}
	mark = worst_of(s, mark, "networks");
	out->clients_mark = mark == ' ' && out->segments ? 'k' : mark;
}

static void
listening(struct session *s, struct ses_picture *out)
{
	const struct ses_if_row *rows;
	size_t n = ses_if_rows(s, &rows);
	struct str open = {0}, closed = {0};
	bool known = true;
	char mark = ' ';

	for (size_t i = 0; i < n; i++) {
		mark = worse(mark, rows[i].finding);
		known = known && !(rows[i].ticked && rows[i].unknown);
		if ((rows[i].ticked || rows[i].named) &&
			!sv_has_word(str_sv(&open), " ",
				rows[i].removable ? rows[i].addr : rows[i].nic))
			str_addf(&open, "%s%s", open.n ? " " : "",
				rows[i].removable ? rows[i].addr : rows[i].nic);
	}
	/* A name that only DNS knows may stand for any of them. */
	for (size_t i = 0; known && i < n; i++)
		if (!rows[i].ticked && rows[i].can_tick && !rows[i].removable &&
			!sv_has_word(str_sv(&open), " ", rows[i].nic) &&
			!sv_has_word(str_sv(&closed), " ", rows[i].nic))
			str_addf(&closed, "%s%s", closed.n ? " " : "", rows[i].nic);
	mark = worst_of(s, mark, "interfaces");
	out->listens = arena_sv(scratch(s), str_sv(&open));
	out->closed = arena_sv(scratch(s), str_sv(&closed));
	out->relay_mark = mark == ' ' && s->service == SES_RUNNING ? 'k' : mark;
	if (s->service == SES_STOPPED || s->service == SES_FOREIGN ||
		s->service == SES_NOT_INSTALLED || s->service == SES_HIDDEN)
		out->relay_mark = '?';
	if ((s->service_newer || s->service_elsewhere) && out->relay_mark != '!')
		out->relay_mark = '?';
	str_free(&open);
	str_free(&closed);
}

/* The box has room for one word about a certificate. */
static const char *
tls_brief(const char *level)
{
	const char *words = ses_tls_words(level);

	if (sv_eq_fold(sv_of(level), sv_of("secure")) ||
		sv_eq_fold(sv_of(level), sv_of("verify")))
		return _("checked");
	return words ? words : level;
}

static void
upstream_trust(struct session *s, struct ses_picture *out)
{
	struct ses_login login;
	struct ses_tls tls;

	ses_login_get(s, &login);
	ses_tls_get(s, &tls);
	if (login.on && login.stored)
		out->upstream_login = scratch_fmt(s, _("login %s"), login.user);
	else if (login.on && login.maps[0] && (!login.file || login.unread))
		out->upstream_login = _("with login"); /* the user isn't to be seen */
	if (tls.level[0] && strcmp(tls.level, "none") != 0)
		out->upstream_tls = scratch_fmt(s, _("TLS %s"), tls_brief(tls.level));
}

/* The first host as Postfix reads it, with $name filled in. */
static void
upstream_host(struct session *s, struct ses_picture *out)
{
	const char *value = ses_param_expanded(s, "relayhost");
	struct nexthops list = {0};

	if (value && nh_list_parse(sv_of(value), true, &list, NULL, NULL) && list.n) {
		const struct nexthop *h = &list.v[0];
		bool mx = !h->bracketed && h->kind == NH_NAME;
		const char *port = h->service;

		if (!port)
			port = scratch_fmt(s, "%u", (unsigned)nh_port(h));
		out->upstream = arena_str(scratch(s), h->host);
		out->upstream_how = scratch_fmt(
			s, mx ? _("port %s, MX asked") : _("port %s, no MX"), port);
	}
	nh_list_free(&list);
}

static void
upstream(struct session *s, struct ses_picture *out)
{
	struct ses_relay r;

	ses_relay_get(s, &r);
	out->upstream = "";
	out->upstream_how = out->upstream_login = out->upstream_tls = "";
	out->upstream_mark = r.set ? worse('k', r.finding) : '?';
	out->upstream_mark = worst_of(s, out->upstream_mark, "relayhost");
	if (!r.set)
		return;
	upstream_trust(s, out);
	out->upstream = r.raw;
	upstream_host(s, out);
}

void
ses_picture(struct session *s, struct ses_picture *out)
{
	*out = (struct ses_picture){0};
	clients(s, out);
	listening(s, out);
	upstream(s, out);
}

static const struct diag *
first_finding(struct session *s, enum sev sev)
{
	const struct diags *d = ses_findings(s);

	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].sev == sev)
			return &d->v[i];
	return NULL;
}

/* Everything is set and nothing is wrong; at most something is doubtful. */
static void
next_of_good(struct session *s, struct ses_next *out)
{
	const struct diag *doubt = first_finding(s, SEV_WARN);
	size_t n = diag_count(ses_findings(s), SEV_WARN);

	if (!doubt && verify_next(s, out))
		return;
	if (!doubt)
		*out = (struct ses_next){_("Nothing to do"), "", NULL};
	else
		*out = (struct ses_next){
			scratch_fmt(s,
				P_("Nothing is wrong; one thing is doubtful: look at it",
					"Nothing is wrong; %zu things are doubtful: look "
					"at them",
					n),
				n),
			ses_finding_screen(s, doubt), doubt};
}

/* A relay of this host only: nobody else is meant to send, and it has where to. */
static bool
is_for_itself(struct session *s, const struct ses_picture *p)
{
	const struct ses_if_row *rows;
	const struct svc_listen *at;
	size_t n = ses_if_rows(s, &rows), nat = ifs_listen(s, false, scratch(s), &at);

	for (size_t i = 0; i < n; i++)
		if (rows[i].ticked && rows[i].removable) /* a name, or no NIC's */
			return false;
	for (size_t i = 0; i < nat; i++) {
		struct ipaddr a =
			addr_from_bytes(at[i].fam, at[i].addr, addr_bits(at[i].fam));

		if (addr_class_of(&a) != ADDR_LOOPBACK)
			return false;
	}
	return nat > 0 && p->upstream[0] != '\0';
}

void
ses_next(struct session *s, struct ses_next *out)
{
	const struct diag *bad = first_finding(s, SEV_ERROR);
	const struct ses_change *unused;
	size_t changes = ses_changes(s, &unused);
	bool fresh = ses_setup_offered(s);
	struct ses_picture p;

	ses_picture(s, &p);
	if (fresh && (!bad || !changes))
		*out = (struct ses_next){_("Set up this relay: who may send, where mail "
					   "goes, and proof of both"),
			"setup", NULL};
	else if (bad)
		*out = (struct ses_next){scratch_fmt(s, _("Mend: %s"), bad->text),
			ses_finding_screen(s, bad), bad};
	else if (changes)
		*out = (struct ses_next){
			scratch_fmt(s,
				P_("Review and apply the change that waits",
					"Review and apply the %zu changes that wait",
					changes),
				changes),
			"review", NULL};
	else if (s->service_elsewhere)
		*out = (struct ses_next){_("Restart Postfix: it doesn't listen where "
					   "main.cf says"),
			"review", NULL};
	else if (s->service_newer)
		*out = (struct ses_next){
			scratch_fmt(s,
				_("Reload Postfix: %s is newer than what it runs with"),
				s->service_newer),
			"review", NULL};
	else if (service_can_start(s))
		*out = (struct ses_next){
			_("Postfix is stopped; start it when you are ready"), "review",
			NULL};
	else if (!p.segments && !is_for_itself(s, &p))
		*out = (struct ses_next){
			_("Say who may send: add the segments of your clients"),
			"networks", NULL};
	else if (!p.upstream[0])
		*out = (struct ses_next){
			_("Say where mail goes: name the relay host"), "relayhost", NULL};
	else
		next_of_good(s, out);
}
