/* SPDX-License-Identifier: MIT
 *
 * The way to the upstream, asked by the process without rights: its name as Postfix's
 * smtp client asks for it, and a connection. Lines "name=value" come back.
 */
#include "session/verify_parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/addr.h"

#define DIRECT_PORT 25

static void
keep(char **slot, char *take_text)
{
	free(*slot);
	*slot = take_text;
}

static void
forget_addresses(struct verify *v)
{
	for (size_t i = 0; i < v->up->naddrs; i++)
		free(v->up->addr[i]);
	v->up->naddrs = 0;
	keep(&v->up->server, NULL);
	str_free(&v->up->servers);
}

void
vr_forget_upstream(struct verify *v)
{
	for (size_t i = 0; i < v->nhosts; i++) {
		v->up = &v->host[i];
		forget_addresses(v);
		vr_forget_greeting(v);
		nh_free(&v->up->hop);
		keep(&v->up->hop_text, NULL);
		keep(&v->up->connected, NULL);
		*v->up = (struct vr_host){0};
	}
	v->up = v->host;
	v->nhosts = 0;
	v->direct = false;
}

bool
vr_next_answer(struct sv *rest, struct sv *name, struct sv *value)
{
	struct sv line;
	ptrdiff_t at;

	if (!sv_line(rest, &line))
		return false;
	at = sv_find(line, '=');
	*name = at < 0 ? line : sv_sub(line, 0, (size_t)at);
	*value = at < 0 ? sv_sub(line, line.n, 0) : sv_sub(line, (size_t)at + 1, line.n);
	return true;
}

/* --- name --------------------------------------------------------------------------- */

static bool
is_own(struct session *s, const char *text)
{
	const struct nic_list *nics = session_nics(s);
	struct ipaddr a;

	if (!addr_parse(sv_of(text), &a))
		return false;
	for (size_t i = 0; i < nics->n; i++)
		if (nics->v[i].fam == a.fam &&
			memcmp(nics->v[i].addr, a.b, a.fam == 4 ? 4 : 16) == 0)
			return true;
	return addr_class_of(&a) == ADDR_LOOPBACK;
}

/* Postfix sees its own address on port 25 only; on another port the mail goes round. */
static bool
loops(struct session *s, struct verify *v)
{
	bool own = false;

	for (size_t i = 0; i < v->up->naddrs; i++)
		own = own || is_own(s, v->up->addr[i]);
	if (!own)
		return false;
	vr_where(v, "relayhost", "relayhost");
	if (nh_port(&v->up->hop) == DIRECT_PORT) {
		vr_say(v,
			_("The upstream is this machine itself: mail loops back to it, "
			  "and waits."),
			_("Name the provider's server as relay host."));
		vr_end(v, SES_RUNG_FAILED, _("%s is this machine"), v->up->addr[0]);
	} else {
		vr_say(v,
			_("The upstream is an address of this machine: Postfix doesn't "
			  "see a loop there."),
			_("That is right only if another program listens there."));
		vr_end(v, SES_RUNG_WARN, _("%s is this machine"), v->up->addr[0]);
	}
	return true;
}

static void
end_name(struct session *s, struct verify *v)
{
	const char *text = v->up->addr[0];

	if (v->up->naddrs > 1)
		vr_word(v, _("%zu addresses; the first is %s"), v->up->naddrs, text);
	if (loops(s, v))
		return;
	if (v->direct)
		vr_end(v, SES_RUNG_OK, _("no relay host; %s = %s"), v->up->server, text);
	else if (strcmp(v->up->server, text) == 0)
		vr_end(v, SES_RUNG_OK, _("%s, an address"), text);
	else if (strcmp(v->up->server, v->up->hop.host) != 0)
		vr_end(v, SES_RUNG_OK, _("MX %s = %s"), v->up->server, text);
	else
		vr_end(v, SES_RUNG_OK, "%s = %s", v->up->server, text);
}

/* The fault of a name as Postfix would word it, so that one table explains all. */
static void
end_no_name(struct verify *v, struct sv error)
{
	const char *words = sv_eq_str(error, "nullmx")  ? "does not accept mail (nullMX)"
			    : sv_eq_str(error, "again") ? "Host not found, try again"
			    : sv_eq_str(error, "noaddr")
				    ? "Host found but no data record of requested type"
				    : "Host not found";

	vr_word(v, "DNS: %s: %s", v->up->hop.host, words);
	vr_say_why(v, sv_of(words));
	if (sv_eq_str(error, "noaddr") && v->up->hop.bracketed && !v->direct)
		vr_say(v, _("The name has no address that can be used: mail waits."),
			_("Look at the name; that of a mail domain needs its MX lookup "
			  "on."));
	vr_where(v, "relayhost", "relayhost");
	vr_end(v, SES_RUNG_FAILED, "%s",
		sv_eq_str(error, "nullmx")   ? _("takes no mail (null MX)")
		: sv_eq_str(error, "again")  ? _("DNS doesn't answer")
		: sv_eq_str(error, "noaddr") ? _("has no address")
					     : _("not found"));
}

static void
took_name(struct session *s, struct verify *v, struct run_res *res)
{
	struct sv rest = str_sv(&res->out), name, value, error = {"again", 5};

	while (vr_next_answer(&rest, &name, &value)) {
		ptrdiff_t blank = sv_find(value, ' ');

		if (sv_eq_str(name, "mx") && blank > 0) {
			vr_word(v, "MX %.*s", (int)value.n, value.p);
			str_addf(&v->up->servers, "%.*s ",
				(int)(value.n - (size_t)blank - 1), value.p + blank + 1);
			if (!v->up->server)
				v->up->server =
					sv_dup(sv_sub(value, (size_t)blank + 1, value.n));
		} else if (sv_eq_str(name, "addr") && v->up->naddrs < VR_ADDRS_MAX) {
			v->up->addr[v->up->naddrs++] = sv_dup(value);
		} else if (sv_eq_str(name, "error")) {
			error = value;
		}
	}
	if (!v->up->server)
		v->up->server = mem_strdup(v->up->hop.host);
	if (v->up->naddrs)
		end_name(s, v);
	else
		end_no_name(v, error);
}

static void
flags_of(struct verify *v, char flags[8])
{
	const char *lookup = vr_value(v, "smtp_host_lookup"),
		   *protocols = vr_value(v, "inet_protocols");
	bool no_dns = vr_is_yes(v, "disable_dns_lookups") ||
		      strcmp(vr_value(v, "smtp_dns_support_level"), "disabled") == 0;
	size_t n = 0;

	if (!v->up->hop.bracketed && !no_dns)
		flags[n++] = 'm';
	if (!no_dns && (!lookup[0] || strstr(lookup, "dns")))
		flags[n++] = 'd';
	if (no_dns || strstr(lookup, "native"))
		flags[n++] = 'n';
	if (!strstr(protocols, "ipv6") || strstr(protocols, "ipv4"))
		flags[n++] = '4';
	if (!strstr(protocols, "ipv4") || strstr(protocols, "ipv6"))
		flags[n++] = '6';
	flags[n] = '\0';
}

static void
take_hosts(struct verify *v, struct nexthops *list)
{
	struct str text = {0};

	for (; v->nhosts < list->n && v->nhosts < VR_HOSTS_MAX; v->nhosts++) {
		struct vr_host *h = &v->host[v->nhosts];

		h->hop = list->v[v->nhosts];
		list->v[v->nhosts] = (struct nexthop){0};
		nh_print(&h->hop, &text);
		h->hop_text = str_take(&text);
	}
	if (v->nhosts < list->n)
		vr_word(v, _("of %zu relay hosts the first %zu are tried"), list->n,
			v->nhosts);
}

/* Without a relay host the upstream is that of the receiver's own domain. */
static bool
find_hosts(struct verify *v)
{
	const char *value = vr_value(v, "relayhost"), *at;
	struct nexthops list = {0};
	struct diags d = {0};
	bool good = true;

	if (value[0])
		good = nh_list_parse(sv_of(value), true, &list, NULL, &d) && list.n;
	else if (v->to && !v->probe && (at = strrchr(v->to, '@')) != NULL &&
		 !vr_is_local_domain(v, sv_of(at + 1)))
		v->direct = nh_list_parse(sv_of(at + 1), true, &list, NULL, NULL);
	if (good && list.n) {
		take_hosts(v, &list);
	} else if (!good) {
		vr_word(v, "relayhost = %s", value);
		vr_say(v, d.n ? d.v[0].text : "", d.n ? d.v[0].hint : NULL);
		vr_where(v, "relayhost", "relayhost");
		vr_end(v, SES_RUNG_FAILED, "%s", _("can't be read"));
	} else {
		vr_end(v, SES_RUNG_NONE, "%s", _("no relay host is set"));
	}
	nh_list_free(&list);
	diag_clear(&d);
	return v->nhosts > 0;
}

static void
ask_name(struct session *s, struct verify *v)
{
	char flags[8];
	const char *question[] = {"dns", v->up->hop.host, flags, NULL};

	if (v->up->hop.kind != NH_NAME) {
		v->up->addr[v->up->naddrs++] = mem_strdup(v->up->hop.host);
		v->up->server = mem_strdup(v->up->hop.host);
		end_name(s, v);
		return;
	}
	flags_of(v, flags);
	(void)vr_probe(s, v, question, NULL, took_name);
}

void
vr_begin_name(struct session *s, struct verify *v)
{
	if (v->up == v->host) {
		vr_forget_upstream(v);
		if (!find_hosts(v))
			return;
	}
	ask_name(s, v);
}

bool
vr_has_upstream(struct verify *v)
{
	if (!v->nhosts)
		vr_end(v, SES_RUNG_NONE, "%s", "");
	return v->nhosts > 0;
}

/* --- connection --------------------------------------------------------------------- */

/* What the kernel says when a route (blackhole, prohibit) or a packet filter of this
 * machine forbids it. */
static bool
is_forbidden_here(struct sv reason)
{
	return sv_eq_str(reason, strerror(EINVAL)) ||
	       sv_eq_str(reason, strerror(EACCES)) || sv_eq_str(reason, strerror(EPERM));
}

static void
say_unreachable(struct verify *v, struct sv reason)
{
	unsigned port = nh_port(&v->up->hop);

	vr_where(v, "relayhost", "relayhost");
	if (is_forbidden_here(reason))
		vr_say(v, _("This machine itself lets nothing out to there: mail waits."),
			_("Look at its routes (ip route) and its firewall."));
	else
		vr_say(v, _("No connection comes about: mail waits."),
			_("Look at host and port, and at this machine's routes and "
			  "firewall."));
	vr_say_why(v, reason);
	if (port == DIRECT_PORT && sv_find_sv(reason, sv_of("timed out")) >= 0)
		vr_say(v,
			_("Nobody answers on port 25: from office lines it is often "
			  "blocked."),
			_("Most providers take mail on port 587, with a login."));
	vr_end(v, SES_RUNG_FAILED, "%.*s", (int)reason.n, reason.p);
}

/* A machine without IPv6 tries the next address at once; nothing waits for that. */
static bool
is_only_no_ipv6(struct sv addr, struct sv reason)
{
	return sv_find(addr, ':') >= 0 &&
	       (sv_eq_str(reason, "Network is unreachable") ||
		       sv_eq_str(reason, "Cannot assign requested address") ||
		       sv_eq_str(reason, "Address family not supported by protocol"));
}

static void
took_connection(struct session *s, struct verify *v, struct run_res *res)
{
	struct sv rest = str_sv(&res->out), name, value, reason = {"", 0};
	const char *timed_out = "Connection timed out";
	bool doubt = false;

	(void)s;
	while (vr_next_answer(&rest, &name, &value)) {
		ptrdiff_t blank = sv_find(value, ' ');

		if (sv_eq_str(name, "connected"))
			keep(&v->up->connected, sv_dup(value));
		if (!sv_eq_str(name, "failed") || blank < 0)
			continue;
		reason = sv_sub(value, (size_t)blank + 1, value.n);
		if (sv_eq_str(reason, "timeout"))
			reason = sv_of(timed_out);
		doubt = doubt ||
			!is_only_no_ipv6(sv_sub(value, 0, (size_t)blank), reason);
		vr_word(v, "%.*s port %u: %.*s", (int)blank, value.p,
			nh_port(&v->up->hop), (int)reason.n, reason.p);
	}
	if (!v->up->connected && !reason.n)
		reason = sv_of(timed_out);
	if (!v->up->connected) {
		say_unreachable(v, reason);
	} else if (doubt) {
		vr_say(v, _("Not every address of the upstream answers: mail may wait."),
			_("Tell the provider, or name the server that answers."));
		vr_end(v, SES_RUNG_WARN, _("%s port %u, others fail"), v->up->connected,
			nh_port(&v->up->hop));
	} else {
		vr_end(v, SES_RUNG_OK, _("%s port %u"), v->up->connected,
			nh_port(&v->up->hop));
	}
}

void
vr_begin_connect(struct session *s, struct verify *v)
{
	const char *question[VR_ADDRS_MAX + 3] = {"tcp"};
	char port[8];

	if (!vr_has_upstream(v))
		return;
	keep(&v->up->connected, NULL);
	(void)snprintf(port, sizeof(port), "%u", nh_port(&v->up->hop));
	question[1] = port;
	for (size_t i = 0; i < v->up->naddrs; i++)
		question[i + 2] = v->up->addr[i];
	(void)vr_probe(s, v, question, NULL, took_connection);
}
