/* SPDX-License-Identifier: MIT
 *
 * relayhost: its form, whether it leads back to this machine, and whether it is used at
 * all. A form that Postfix can't read leaves the whole queue stuck without a word in it.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "check/listen.h"
#include "model/nexthop.h"

#define MAX_ADDRS 16

static const char *const NAME = "relayhost";

/* Offer "relayhost = ..." with the list as it stands in list. */
static void
offer_list(struct diags *out, const struct nexthops *list)
{
	struct str text = {0};

	str_add_cstr(&text, "relayhost = ");
	nh_list_print(list, &text);
	diag_offer(out, DIAG_MEND_PARAMS, str_c(&text));
	str_free(&text);
}

/* The one readable form of a value that can't be read as it is. */
static void
offer_typed(struct chk_run *run, struct sv value)
{
	struct nexthops list = {0};
	struct nexthop one = {0};

	if (nh_from_typed(value, false, &one, NULL)) {
		list = (struct nexthops){&one, 1, 1};
		offer_list(run->out, &list);
	}
	nh_free(&one);
}

/* Every program refuses to run when the two texts are the same; "[NAME]" escapes. */
static bool
judge_identity(struct chk_run *run, const struct chk_param *p)
{
	struct diag_loc loc = chk_at(run, p);

	if (!p->value.n || !sv_eq_fold(p->value, chk_value_of(run, "myhostname")))
		return true;
	return diag_add(run->out, SEV_ERROR, DIAG_NH_SELF, &loc,
		_("Write the name of another machine, or remove the line."),
		_("Every Postfix program stops with an error: this relay is its own next "
		  "host."));
}

/* "mail test": a word behind a blank that looks like a piece of the first. */
static void
judge_blank(struct chk_run *run, const struct nexthops *list, const struct chk_param *p)
{
	struct diag_loc loc = chk_at(run, p);

	if (memchr(p->value.p, ',', p->value.n))
		return;
	for (size_t i = 1; i < list->n; i++) {
		if (list->v[i].bracketed || strchr(list->v[i].host, '.'))
			continue;
		diag_add(run->out, SEV_WARN, DIAG_NH_WORDS, &loc,
			_("Write one host without blanks, or commas between several."),
			_("The blank makes two hosts: mail that \"%s\" doesn't take goes "
			  "to \"%s\"."),
			list->v[0].host, list->v[i].host);
		return;
	}
}

void
rule_hop(struct chk_run *run)
{
	struct nexthops list = {0};
	struct diag_loc loc;
	struct chk_param p;

	if (!chk_get(run, NAME, &p) || !p.def || !judge_identity(run, &p))
		return;
	loc = chk_at(run, &p);
	if (!nh_list_parse(p.value, run->env->relayhost_list_ok, &list, &loc, run->out)) {
		if (sv_eq(p.raw, p.value))
			offer_typed(run, p.value);
		nh_list_free(&list);
		return;
	}
	for (size_t i = 0; i < list.n; i++) {
		if (nh_judge_mx(&list.v[i], &loc, run->out))
			continue;
		list.v[i].bracketed = true;
		offer_list(run->out, &list);
		list.v[i].bracketed = false;
	}
	judge_blank(run, &list, &p);
	nh_list_free(&list);
}

/* --- this machine as its own next hop --- */

static bool
asks_dns_only(struct chk_run *run)
{
	struct sv how = chk_value_of(run, "smtp_host_lookup");

	if (sv_eq_fold(chk_value_of(run, "smtp_dns_support_level"), sv_of("disabled")) ||
		chk_is_yes(run, "disable_dns_lookups", false))
		return false;
	return how.n == 0 || sv_eq_fold(how, sv_of("dns"));
}

/* The name as the smtp client asks for it; by itself it tries no domains of resolv.conf.
 * The caller frees it. */
static char *
dns_name(struct chk_run *run, const struct nexthop *hop)
{
	return str_format("%s%s", hop->host, asks_dns_only(run) ? "." : "");
}

/* Fill the addresses that are known by now; how many. */
static size_t
addresses_of(struct chk_run *run, const struct nexthop *hop, struct ipaddr *out)
{
	size_t n;

	if (addr_parse(sv_of(hop->host), &out[0]))
		return 1;
	n = run->env->hosts ? run->env->hosts(run->env->ctx, hop->host, out, MAX_ADDRS)
			    : 0;
	if (n == 0 && run->env->dns_addrs) {
		char *whole = dns_name(run, hop);

		n = run->env->dns_addrs(run->env->ctx, whole, out, MAX_ADDRS);
		free(whole);
	}
	if (n == 0 && sv_eq_fold(sv_of(hop->host), sv_of("localhost")))
		return addr_parse(sv_of("127.0.0.1"), &out[0]) ? 1 : 0;
	return n < MAX_ADDRS ? n : MAX_ADDRS;
}

/* An address outside that a router hands on to this machine. */
static bool
is_proxied(struct chk_run *run, const struct ipaddr *a)
{
	struct sv rest = chk_value_of(run, "proxy_interfaces"), word;
	struct ipaddr own;

	while (sv_token(&rest, ", \t\r\n", &word))
		if (addr_parse(word, &own) && addr_cmp(&own, a) == 0)
			return true;
	return false;
}

static bool
is_this_machine(struct chk_run *run, const struct nexthop *hop)
{
	struct ipaddr a[MAX_ADDRS];
	size_t n = addresses_of(run, hop, a);

	if (n && addr_class_of(&a[0]) == ADDR_UNSPECIFIED)
		return true; /* 0.0.0.0: the kernel connects to this machine */

	if (sv_eq_fold(sv_of(hop->host), chk_value_of(run, "myhostname")))
		return true;
	for (size_t i = 0; i < n; i++)
		if (chk_is_own_addr(run, &a[i]) || is_proxied(run, &a[i]))
			return true;
	return false;
}

enum own_port { OWN_PORT, MAYBE_OWN_PORT, OTHER_PORT };

/* Does this machine's own smtpd answer at the port? */
static enum own_port
own_port(const struct chk_run *run, uint16_t port)
{
	if (!run->env->services_known)
		return port == 25 ? OWN_PORT : MAYBE_OWN_PORT;
	for (size_t i = 0; i < run->env->nservices; i++)
		if (run->env->services[i].smtp && run->env->services[i].port == port)
			return OWN_PORT;
	return port == 25 ? MAYBE_OWN_PORT : OTHER_PORT;
}

/* Does the relay listen at one of the addresses? It recognises itself at those only. True
 * where that isn't known. */
static bool
listens_at(struct chk_run *run, const struct nexthop *hop)
{
	struct ipaddr a[MAX_ADDRS];
	size_t n = addresses_of(run, hop, a);
	struct if_set set;
	bool known = listen_set(run, &set), hit = n == 0;

	for (size_t i = 0; known && i < set.nrows; i++)
		for (size_t k = 0; k < n; k++) {
			struct ipaddr own = addr_host(&set.rows[i].addr);

			hit = hit ||
			      (if_row_listens(&set, i) && addr_cmp(&own, &a[k]) == 0);
		}
	for (size_t k = 0; k < n; k++)
		hit = hit || is_proxied(run, &a[k]);
	if_free(&set);
	return !known || hit;
}

/* Where others stand beside it, mail goes to those when Postfix sees that it would come
 * back, and it sees that at port 25 only. */
static void
tell_self(struct chk_run *run, const struct nexthops *list, size_t i,
	const struct diag_loc *loc)
{
	const struct nexthop *hop = &list->v[i];
	uint16_t port = nh_port(hop);
	enum own_port own = own_port(run, port);

	const char *hint = _("Write the host that takes this relay's mail.");

	if (own == OWN_PORT && !listens_at(run, hop))
		own = MAYBE_OWN_PORT;
	if (own == OTHER_PORT)
		return;
	if (own == OWN_PORT && list->n > 1 && port == 25)
		diag_add(run->out, SEV_WARN, DIAG_NH_SELF, loc, hint,
			_("%s takes no mail, only the other hosts do: it is this machine "
			  "itself."),
			hop->host);
	else if (own == MAYBE_OWN_PORT || i > 0)
		diag_add(run->out, SEV_WARN, DIAG_NH_SELF, loc, hint,
			_("Mail may go round in circles: %s is this machine itself, port "
			  "%u."),
			hop->host, port);
	else if (port == 25)
		diag_add(run->out, SEV_ERROR, DIAG_NH_SELF, loc, hint,
			_("All mail stays in the queue: %s is this machine itself."),
			hop->host);
	else
		diag_add(run->out, SEV_ERROR, DIAG_NH_SELF, loc, hint,
			_("Mail goes round for ever: %s port %u is this relay itself."),
			hop->host, port);
}

/* --- names --- */

static enum chk_dns
dns_of(struct chk_run *run, const struct nexthop *hop)
{
	char *name = dns_name(run, hop);
	enum chk_dns dns = run->env->dns(run->env->ctx, name);

	free(name);
	return dns;
}

/* A name that DNS knows, but with addresses of a kind alone that Postfix doesn't use. */
static void
judge_family(struct chk_run *run, const struct nexthop *hop, const struct diag_loc *loc)
{
	unsigned families = listen_families(run), has = 0;
	struct ipaddr a[MAX_ADDRS];
	size_t n = hop->bracketed ? addresses_of(run, hop, a) : 0; /* else by its MX */

	for (size_t i = 0; i < n; i++)
		has |= a[i].fam == 4 ? LISTEN_V4 : LISTEN_V6;
	if (!families || !n || n == MAX_ADDRS || has & families)
		return;
	diag_add(run->out, SEV_WARN, DIAG_NH_NOT_FOUND, loc,
		_("Set inet_protocols = all, or name a host that has such an address."),
		_("Mail stays in the queue: %s has no address of the kind that "
		  "inet_protocols allows."),
		hop->host);
}

static void
judge_lookup(struct chk_run *run, const struct nexthop *hop, const struct diag_loc *loc)
{
	struct ipaddr a[MAX_ADDRS];
	enum chk_dns dns = CHK_DNS_NO_ANSWER;
	size_t n;

	if (hop->kind != NH_NAME || sv_eq_fold(sv_of(hop->host), sv_of("localhost")))
		return;
	n = run->env->hosts ? run->env->hosts(run->env->ctx, hop->host, a, MAX_ADDRS) : 0;
	if (run->env->dns)
		dns = dns_of(run, hop);
	if (dns == CHK_DNS_FOUND && n == 0)
		judge_family(run, hop, loc);
	if (dns == CHK_DNS_FOUND || (dns == CHK_DNS_NO_ANSWER && run->env->dns))
		return;
	if (n && asks_dns_only(run)) {
		diag_add(run->out, SEV_WARN, DIAG_NH_HOSTS, loc,
			_("Let Postfix read /etc/hosts, too: smtp_host_lookup = dns, "
			  "native."),
			_("Mail stays in the queue unless DNS knows %s: Postfix doesn't "
			  "look into /etc/hosts."),
			hop->host);
		diag_offer(run->out, DIAG_MEND_PARAMS, "smtp_host_lookup = dns, native");
	} else if (!n && dns == CHK_DNS_NOT_FOUND) {
		diag_add(run->out, SEV_WARN, DIAG_NH_NOT_FOUND, loc,
			_("Look at how it is spelt, and at /etc/resolv.conf."),
			hop->bracketed
				? _("Mail stays in the queue as long as DNS doesn't know "
				    "%s.")
				: _("Mail stays in the queue unless DNS has a mail "
				    "server (MX) for %s: it has no address."),
			hop->host);
	}
}

/* Providers that take their customers' mail at a submission port only. */
static bool
is_provider(struct sv host)
{
	static const char *const names[] = {"smtp.gmail.com", "smtp.office365.com",
		"smtp-mail.outlook.com", "smtp.mail.yahoo.com", "smtp.mail.yahoo.co.jp",
		"smtp.sendgrid.net", "smtp.mailgun.org", "smtp.eu.mailgun.org",
		"smtp.postmarkapp.com", "smtp.mandrillapp.com", "smtp.sparkpostmail.com",
		"in-v3.mailjet.com", "smtp.zoho.com", "smtp.zoho.eu", "smtp.fastmail.com",
		"smtp.mail.me.com", "smtp-relay.brevo.com", "smtp-relay.sendinblue.com",
		"mail.gmx.net", "smtp.web.de", "smtp.ionos.de", "smtp.ionos.com"};
	char *text = sv_dup(host);
	bool is = false;

	for (char *c = text; *c; c++)
		*c = fold_char(*c);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		is = is || strcmp(text, names[i]) == 0;
	is = is || (sv_starts(sv_of(text), "email-smtp.") &&
			   sv_ends(sv_of(text), ".amazonaws.com"));
	free(text);
	return is;
}

static void
judge_provider(
	struct chk_run *run, struct nexthops *list, size_t i, const struct diag_loc *loc)
{
	struct nexthop *hop = &list->v[i];
	bool had = hop->bracketed;

	if (nh_port(hop) != 25 || !is_provider(sv_of(hop->host)))
		return;
	diag_add(run->out, SEV_WARN, DIAG_NH_PROVIDER, loc,
		_("Write the port: [HOST]:587, and log in."),
		_("Mail is hardly taken: %s takes mail of its customers at port 587."),
		hop->host);
	nh_set_port(hop, 587);
	hop->bracketed = true;
	offer_list(run->out, list);
	nh_set_port(hop, 0);
	hop->bracketed = had;
}

void
rule_hop_names(struct chk_run *run)
{
	struct nexthops list = {0};
	struct diag_loc loc;
	struct chk_param p;

	if (!chk_get(run, NAME, &p) || !p.def ||
		sv_eq_fold(p.value, chk_value_of(run, "myhostname")))
		return;
	loc = chk_at(run, &p);
	if (nh_list_parse(p.value, true, &list, NULL, NULL))
		for (size_t i = 0; i < list.n; i++) {
			if (is_this_machine(run, &list.v[i]))
				tell_self(run, &list, i, &loc);
			else
				judge_lookup(run, &list.v[i], &loc);
			judge_provider(run, &list, i, &loc);
		}
	nh_list_free(&list);
}

/* --- what goes before relayhost --- */

static void
tell_over(struct chk_run *run, enum sev sev, const struct chk_param *by, const char *text)
{
	struct diag_loc loc = chk_at(run, by);

	diag_add(run->out, sev, DIAG_NH_OVERRIDDEN, &loc,
		_("Remove what isn't meant; relayhost is for all the rest."), "%s", text);
}

void
rule_hop_overridden(struct chk_run *run)
{
	struct chk_param p;
	ptrdiff_t colon;

	if (!chk_value_of(run, NAME).n)
		return;
	chk_get(run, "default_transport", &p);
	colon = sv_find(p.value, ':');
	if (p.def && colon >= 0 && (size_t)colon + 1 < p.value.n)
		tell_over(run, SEV_WARN, &p,
			_("relayhost isn't used: default_transport names a host "
			  "itself."));
	else if (p.def && p.value.n && !sv_eq_str(sv_trim(p.value), "smtp") &&
		 (sv_starts(p.value, "error") || sv_starts(p.value, "discard") ||
			 sv_starts(p.value, "local")))
		tell_over(run, SEV_WARN, &p,
			_("relayhost isn't used: default_transport sends no mail out."));
	chk_get(run, "transport_maps", &p);
	if (p.value.n)
		tell_over(run, SEV_NOTE, &p,
			_("Rows of transport_maps go before relayhost."));
	chk_get(run, "sender_dependent_relayhost_maps", &p);
	if (p.value.n)
		tell_over(run, SEV_NOTE, &p,
			_("Senders in sender_dependent_relayhost_maps go before "
			  "relayhost."));
}
