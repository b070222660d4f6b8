/* SPDX-License-Identifier: MIT
 *
 * inet_interfaces and inet_protocols: does every word stand for an address that this
 * machine has, in a family that is used? Nearly every mistake here keeps all of Postfix's
 * programs from running, `postfix stop` included. What listens is then compared with what
 * the NICs are for.
 */
#include "check/listen.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

#define MAX_ADDRS 32

/* Where names get their addresses from, and the families that count (0: all). */
struct names {
	struct chk_run *run;
	unsigned families;
};

static unsigned
family_bit(const struct ipaddr *a)
{
	return a->fam == 4 ? LISTEN_V4 : LISTEN_V6;
}

/* The address as it is seen with these families; false: not at all. To a program that
 * uses IPv4 only, ::1 of /etc/hosts is 127.0.0.1 (glibc). */
static bool
as_seen(struct ipaddr *a, unsigned families, bool in_hosts)
{
	if (!families || (family_bit(a) & families))
		return true;
	return in_hosts && a->fam == 6 && addr_class_of(a) == ADDR_LOOPBACK &&
	       addr_parse(sv_of("127.0.0.1"), a);
}

/* /etc/hosts, then what DNS has said so far, as getaddrinfo() would. */
static size_t
resolve(void *ctx, const char *name, struct ipaddr *out, size_t max)
{
	const struct names *names = ctx;
	const struct chk_env *env = names->run->env;
	size_t n = env->hosts ? env->hosts(env->ctx, name, out, max) : 0, kept = 0;
	bool in_hosts = n > 0;

	if (n == 0 && env->dns_addrs)
		n = env->dns_addrs(env->ctx, name, out, max);
	for (size_t i = 0; i < n && i < max; i++)
		if (as_seen(&out[i], names->families, in_hosts))
			out[kept++] = out[i];
	return kept;
}

static struct if_world
world_of(struct names *names)
{
	static const struct nic_list none;
	const struct chk_env *env = names->run->env;

	return (struct if_world){env->nics ? env->nics : &none,
		env->hosts || env->dns_addrs ? resolve : NULL, names};
}

unsigned
listen_families(struct chk_run *run)
{
	struct sv rest = chk_value_of(run, "inet_protocols"), word;
	unsigned families = 0;

	while (sv_token(&rest, ", \t\r\n", &word)) {
		if (sv_eq_fold(word, sv_of("all")))
			families |= LISTEN_V4 | LISTEN_V6;
		else if (sv_eq_fold(word, sv_of("ipv4")))
			families |= LISTEN_V4;
		else if (sv_eq_fold(word, sv_of("ipv6")))
			families |= LISTEN_V6;
		else
			return 0;
	}
	return families;
}

bool
listen_set(struct chk_run *run, struct if_set *set)
{
	struct names names = {run, listen_families(run)};
	struct if_world world = world_of(&names);
	struct if_input all = {sv_of("all"), sv_of("all")}, *words;
	struct chk_item *items;
	struct chk_param p;
	bool whole;
	size_t n;

	*set = (struct if_set){0};
	chk_get(run, "inet_interfaces", &p);
	if (!run->env->nics)
		return false;
	if (!p.known) { /* Postfix's own default, in every version */
		if_build(set, &world, &all, 1);
		return true;
	}
	n = chk_items(run, &p, &items, &whole);
	words = mem_new(n ? n : 1, sizeof(*words));
	for (size_t i = 0; i < n; i++)
		words[i] = (struct if_input){items[i].text, items[i].text};
	if_build(set, &world, words, n);
	free(words);
	return whole;
}

static enum chk_dns
dns_of(struct chk_run *run, struct sv name)
{
	char *text = sv_dup(name);
	enum chk_dns answer =
		run->env->dns ? run->env->dns(run->env->ctx, text) : CHK_DNS_NO_ANSWER;

	for (size_t i = 0; i < name.n; i++) /* Postfix asks for these bytes as they are */
		if ((unsigned char)name.p[i] >= 0x80)
			answer = CHK_DNS_NOT_FOUND;

	free(text);
	return answer;
}

/* The families of a name's addresses: of those that count, or of all if none does. */
static unsigned
families_of(struct chk_run *run, const char *name)
{
	struct names names = {run, listen_families(run)};
	struct ipaddr a[MAX_ADDRS];
	unsigned families = 0;
	size_t n = resolve(&names, name, a, MAX_ADDRS);

	if (n == 0) {
		names.families = 0;
		n = resolve(&names, name, a, MAX_ADDRS);
	}
	for (size_t i = 0; i < n; i++)
		families |= family_bit(&a[i]);
	return families;
}

/* One word whose shape is fine. */
static void
judge_word(struct chk_run *run, const struct chk_item *item, unsigned *families)
{
	struct names names = {run, listen_families(run)};
	struct if_world world = world_of(&names);
	struct if_input word = {item->text, item->text};
	struct if_set set;
	char *text = sv_dup(item->text);
	bool any = false;

	if_build(&set, &world, &word, 1);
	for (size_t i = 0; i < set.nrows; i++) {
		if (!set.rows[i].ticked)
			continue;
		any = any || set.rows[i].addr.fam;
		if (set.rows[i].kind == IF_NAME)
			*families |= families_of(run, text);
		else if (set.rows[i].addr.fam)
			*families |= family_bit(&set.rows[i].addr);
		if_row_judge(&set, i, &item->loc, run->out);
	}
	if (!any && !*families && dns_of(run, item->text) == CHK_DNS_NOT_FOUND)
		diag_add(run->out, SEV_ERROR, DIAG_IF_GONE, &item->loc,
			_("Write one of this machine's addresses."),
			_("No Postfix program can run, not even stop: there is no host "
			  "\"%s\"."),
			text);
	free(text);
	if_free(&set);
}

/* "all" or "loopback-only", with not even a comma beside it. */
static bool
is_mode(const struct chk_param *p)
{
	struct sv value = sv_trim(p->value);

	return sv_eq_str(value, "all") || sv_eq_str(value, "loopback-only");
}

/* Does a service of master.cf leave the address to inet_interfaces? */
static bool
is_needed(const struct chk_run *run)
{
	if (!run->env->services_known)
		return true;
	for (size_t i = 0; i < run->env->nservices; i++)
		if (!run->env->services[i].host || !run->env->services[i].host[0])
			return true;
	return false;
}

static void
tell_none(struct chk_run *run, const struct chk_param *p)
{
	struct diag_loc loc = chk_at(run, p);

	if (!is_needed(run))
		return;
	diag_add(run->out, SEV_ERROR, DIAG_IF_NONE, &loc,
		_("Write all, loopback-only, or this machine's addresses."),
		_("The mail server can't start: no address is chosen to listen on."));
	diag_offer(run->out, DIAG_MEND_PARAMS, "inet_interfaces");
}

/* Postfix drops the addresses of a family that inet_protocols leaves out; a word without
 * any left is "host not found". */
static void
tell_family(struct chk_run *run, const struct chk_item *item, unsigned has, unsigned used)
{
	char *text;

	if (!has || !used || (has & used))
		return;
	text = sv_dup(item->text);
	diag_add(run->out, SEV_ERROR, DIAG_IF_FAMILY, &item->loc,
		_("Change inet_protocols, or remove the address."),
		_("No Postfix program can run, not even stop: inet_protocols leaves "
		  "\"%s\" "
		  "out."),
		text);
	free(text);
}

void
rule_listen(struct chk_run *run)
{
	unsigned used = listen_families(run);
	struct chk_item *items;
	struct chk_param p;
	bool whole;
	size_t n;

	chk_get(run, "inet_interfaces", &p);
	if (!p.def)
		return;
	n = chk_items(run, &p, &items, &whole);
	if (n == 0 && whole)
		tell_none(run, &p);
	for (size_t i = 0; i < n; i++) {
		unsigned has = 0;

		if (is_mode(&p) ||
			!if_word_judge(items[i].text, false, run->env->nics,
				&items[i].loc, run->out) ||
			!run->env->nics)
			continue;
		judge_word(run, &items[i], &has);
		tell_family(run, &items[i], has, used);
	}
}

static bool
nic_has(const struct chk_run *run, uint8_t fam)
{
	for (size_t i = 0; i < run->env->nics->n; i++)
		if (run->env->nics->v[i].fam == fam && run->env->nics->v[i].up)
			return true;
	return false;
}

void
rule_families(struct chk_run *run)
{
	unsigned used = listen_families(run);
	struct sv rest, word;
	struct diag_loc loc;
	struct chk_param p;

	chk_get(run, "inet_protocols", &p);
	loc = chk_at(run, &p);
	rest = p.value;
	if (p.def && p.how == CFX_OK && !sv_token(&rest, ", \t\r\n", &word)) {
		diag_add(run->out, SEV_ERROR, DIAG_IF_FAMILY, &loc,
			_("Write inet_protocols = all."),
			_("The relay listens nowhere and sends nothing: inet_protocols "
			  "is "
			  "empty."));
		diag_offer(run->out, DIAG_MEND_PARAMS, "inet_protocols = all");
		return;
	}
	if (!run->env->nics || !run->env->nics->n || !used ||
		used == (LISTEN_V4 | LISTEN_V6))
		return;
	if (nic_has(run, used == LISTEN_V4 ? 4 : 6))
		return;
	diag_add(run->out, SEV_ERROR, DIAG_IF_FAMILY, &loc,
		_("Write inet_protocols = all."),
		used == LISTEN_V4
			? _("No Postfix program can run: this machine has no IPv4 "
			    "address.")
			: _("No Postfix program can run: this machine has no IPv6 "
			    "address."));
	diag_offer(run->out, DIAG_MEND_PARAMS, "inet_protocols = all");
}

/* --- what the listening addresses mean --- */

struct census {
	size_t loopback, private, public, unknown;
	size_t family[2]; /* non-loopback, IPv4 and IPv6 */
	char one[ADDR_TEXT_MAX], open[ADDR_TEXT_MAX];
};

static void
take_census(const struct if_set *set, struct census *c)
{
	*c = (struct census){0};
	for (size_t i = 0; i < set->nrows; i++) {
		const struct if_row *r = &set->rows[i];
		struct ipaddr host;

		if (!if_row_listens(set, i))
			continue;
		if (!r->addr.fam) {
			c->unknown++;
			continue;
		}
		host = addr_host(&r->addr);
		if (r->reach == IF_SELF || addr_class_of(&host) == ADDR_LOOPBACK) {
			c->loopback++;
			continue;
		}
		c->family[host.fam == 6]++;
		addr_format(&host, ADDR_BARE, c->one);
		if (addr_is_public(&host)) {
			c->public ++;
			addr_format(&host, ADDR_BARE, c->open);
		} else {
			c->private ++;
		}
	}
}

void
rule_source(struct chk_run *run)
{
	struct diag_loc loc;
	struct chk_param p;
	struct if_set set;
	struct census c;

	chk_get(run, "inet_interfaces", &p);
	if (!listen_set(run, &set) || set.mode != IF_CHOSEN) {
		if_free(&set);
		return;
	}
	take_census(&set, &c);
	if_free(&set);
	loc = chk_at(run, &p);
	if (c.unknown || !(c.private + c.public))
		return;
	if (!c.loopback) {
		diag_add(run->out, SEV_WARN, DIAG_IF_NO_LOOPBACK, &loc,
			_("Add 127.0.0.1, unless no program here sends mail by SMTP."),
			_("Programs on this host that connect to localhost can't send "
			  "mail."));
		diag_offer(run->out, DIAG_MEND_ADD, "127.0.0.1");
	}
	if (c.private + c.public == 1 && !c.loopback &&
		!chk_value_of(
			run, c.family[0] ? "smtp_bind_address" : "smtp_bind_address6")
			 .n)
		diag_add(run->out, SEV_NOTE, DIAG_IF_SOURCE, &loc,
			_("Listen on a second address, such as 127.0.0.1, to let the "
			  "kernel choose."),
			_("Outgoing mail leaves from %s, too: it is the only address "
			  "here."),
			c.one);
}

void
rule_public_nic(struct chk_run *run)
{
	struct diag_loc loc;
	struct chk_param p;
	struct if_set set;
	struct census c;

	chk_get(run, "inet_interfaces", &p);
	if (!listen_set(run, &set)) {
		if_free(&set);
		return;
	}
	take_census(&set, &c);
	if_free(&set);
	if (!c.public || !c.private)
		return;
	loc = chk_at(run, &p);
	diag_add(run->out, SEV_NOTE, DIAG_IF_PUBLIC, &loc,
		_("Listen on the inner addresses only, if no mail comes from outside."),
		_("The Internet can connect to %s."), c.open);
}
