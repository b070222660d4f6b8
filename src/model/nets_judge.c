/* SPDX-License-Identifier: MIT
 *
 * What a faulty item of mynetworks costs, and what to write instead. One row a fault;
 * the sentence says who suffers before it says why.
 */
#include "model/nets.h"

#include <stdlib.h>

#include "base/i18n.h"

/* Why it is so, and the way out where there is no safe repair. With the repair ("Write
 * %s.") each fits the one row that screens have for it. */
static const struct {
	enum diag_code code;
	const char *why, *hint;
} faults[] = {
	[NET_FINE] = {DIAG_NET_SYNTAX, NULL, NULL},
	[NET_HOST_BITS] = {DIAG_NET_HOSTBITS,
		N_("It names a segment, but its address is one machine in it."),
		N_("Write the segment's first address, or leave out \"/\".")},
	[NET_MASK_VALUE] = {DIAG_NET_MASK,
		N_("After \"/\" comes a plain number of bits."),
		N_("Write it such as /24.")},
	[NET_MASK_LENGTH] = {DIAG_NET_MASK, N_("It has more bits than an address has."),
		N_("IPv4 has at most /32, IPv6 at most /128.")},
	[NET_NETWORK] = {DIAG_NET_SYNTAX, N_("It does not hold a whole address."),
		N_("Write all parts, such as 10.0.0.0/8.")},
	[NET_NO_BRACKETS] = {DIAG_NET_BRACKETS,
		N_("Without brackets it is read as a table."),
		N_("Write [ADDRESS] or [ADDRESS]/BITS.")},
	[NET_OPEN_BRACKET] = {DIAG_NET_BRACKETS, N_("It lacks the closing \"]\"."),
		N_("Write [ADDRESS] or [ADDRESS]/BITS.")},
	[NET_GARBAGE] = {DIAG_NET_SYNTAX, N_("It has text after its \"]\"."),
		N_("Write [ADDRESS] or [ADDRESS]/BITS.")},
	[NET_LONE_MARK] = {DIAG_NET_SYNTAX, N_("It excludes nothing."),
		N_("Put the \"!\" right before an address, without a blank.")},
	[NET_NO_TYPE] = {DIAG_NET_SYNTAX,
		N_("With a \":\" it must be a table, TYPE:NAME."),
		N_("Write the type and the name.")},
	[NET_UNKNOWN_TYPE] = {DIAG_NET_SYNTAX,
		N_("It is read as a table of a type that Postfix does not have."),
		N_("\"postconf -m\" lists types.")},
	[NET_SHORT] = {DIAG_NET_SYNTAX, N_("It is not a whole address."),
		N_("Write all four numbers, and /BITS for a segment.")},
	[NET_RANGE] = {DIAG_NET_SYNTAX, N_("Postfix knows no ranges."),
		N_("Write networks (192.168.1.0/28) or single addresses.")},
	[NET_SEMICOLON] = {DIAG_NET_SYNTAX, N_("The \";\" separates nothing here."),
		N_("Separate by a comma or a blank.")},
	[NET_MAPPED] = {DIAG_NET_SYNTAX,
		N_("Postfix sees such clients by their IPv4 address."),
		N_("Write that one.")},
	[NET_HASH] = {DIAG_NET_SYNTAX, N_("Postfix stops reading at the \"#\"."),
		N_("Give the comment a line of its own.")},
	[NET_NOBODY] = {DIAG_NET_SYNTAX,
		N_("It is no address, network, host name, file or table."),
		N_("Write e.g. 192.168.1.0/24.")},
};

/* Who suffers, the entry named first. */
static const char *
consequence(const struct net_item *item, enum net_verdict verdict)
{
	switch (verdict) {
	case NET_OK:
		return N_("\"%s\" is not seen as it is written.");
	case NET_NO_MATCH:
		return N_("\"%s\" matches no client.");
	case NET_451:
		if (item->families == NET_V4)
			return N_("\"%s\": IPv4 clients after it get \"451 Temporary "
				  "lookup failure\".");
		if (item->families == NET_V6)
			return N_("\"%s\": IPv6 clients after it get \"451 Temporary "
				  "lookup failure\".");
		return N_(
			"\"%s\": clients after it get \"451 Temporary lookup failure\".");
	case NET_NO_GREETING:
		return N_("\"%s\": the mail server dies at every start, nobody gets "
			  "through.");
	}
	return "%s";
}

/* pattern with its "%s" replaced by v; the patterns stand in a table, so not printf. */
static void
fill(struct str *out, const char *pattern, struct sv v)
{
	ptrdiff_t at = sv_find_sv(sv_of(pattern), sv_of("%s"));

	if (at < 0) {
		str_add_cstr(out, pattern);
		return;
	}
	str_add(out, pattern, (size_t)at);
	str_add_sv(out, v);
	str_add_cstr(out, pattern + at + 2);
}

/* An IPv4-mapped entry is harmless: it counts again once Postfix speaks IPv6 only. */
static enum sev
severity(const struct net_item *item, enum net_verdict verdict)
{
	if (item->fault == NET_MAPPED)
		return SEV_NOTE;
	return verdict == NET_NO_MATCH ? SEV_WARN : SEV_ERROR;
}

static bool
tell(const struct net_item *item, enum net_verdict verdict, const struct diag_loc *loc,
	struct diags *diags)
{
	struct str hint = {0}, fix = {0}, text = {0};

	str_addf(&hint, "%s ", _(faults[item->fault].why));
	if (net_item_repair(item, &fix))
		str_addf(&hint, _("Write %s."), str_c(&fix));
	else
		str_add_cstr(&hint, _(faults[item->fault].hint));
	fill(&text, _(consequence(item, verdict)), item->text);
	diag_add(diags, severity(item, verdict), faults[item->fault].code, loc,
		str_c(&hint), "%s", str_c(&text));
	str_free(&text);
	str_free(&hint);
	str_free(&fix);
	return false;
}

/* [::ffff:127.0.0.0]/104, which distributions write into every main.cf. */
static bool
is_stock_mapped(const struct net_item *item)
{
	return item->fault == NET_MAPPED && addr_class_of(&item->addr) == ADDR_LOOPBACK;
}

bool
net_item_judge(const struct net_item *item, const struct net_env *env,
	const struct diag_loc *loc, struct diags *diags)
{
	enum net_verdict verdict = item->verdict;
	struct net_item bad = *item;

	if (item->kind == NET_TABLE) {
		struct sv type = sv_sub(item->body, 0, (size_t)sv_find(item->body, ':'));

		if (net_type_is_known(type, env))
			return true;
		bad.fault = NET_UNKNOWN_TYPE;
		verdict = NET_451;
	} else if (item->fault == NET_FINE || is_stock_mapped(item))
		return true;
	if (env && env->fatal && verdict == NET_451)
		verdict = NET_NO_GREETING;
	return tell(&bad, verdict, loc, diags);
}

static void
add_address(const struct net_item *item, const struct ipaddr *a, struct str *out)
{
	char buf[ADDR_TEXT_MAX];

	if (item->except)
		str_add_char(out, '!');
	str_add_cstr(out, addr_format(a, ADDR_BRACKETED, buf));
}

/* "10.0.0.0/255.0.0.0" -> 10.0.0.0/8, if the mask is one run of bits. */
static bool
repair_netmask(struct sv body, struct ipaddr *out)
{
	ptrdiff_t slash = sv_find(body, '/');
	struct ipaddr mask;
	uint32_t bits;

	if (slash < 0 || !addr_parse(sv_sub(body, 0, (size_t)slash), out) ||
		!addr_parse(sv_sub(body, (size_t)slash + 1, body.n), &mask) ||
		out->fam != 4 || mask.fam != 4)
		return false;
	bits = (uint32_t)mask.b[0] << 24 | (uint32_t)mask.b[1] << 16 |
	       (uint32_t)mask.b[2] << 8 | mask.b[3];
	if (bits & (~bits >> 1))
		return false;
	for (out->plen = 0; bits; bits <<= 1)
		out->plen++;
	*out = addr_network(out);
	return true;
}

/* "192.168.1", "192.168.1.", "192.168.1.*" -> /24; "127.0.0.02" -> 127.0.0.2. */
static bool
repair_short(struct sv body, struct ipaddr *out)
{
	struct sv part;
	size_t n = 0;

	*out = (struct ipaddr){.fam = 4, .plen = 32};
	while (sv_token(&body, ".", &part)) {
		uint64_t value;

		if (n == 3 && sv_eq_str(part, "*"))
			continue;
		if (n == 4 || !sv_to_uint(part, 255, &value))
			return false;
		out->b[n++] = (uint8_t)value;
	}
	if (n == 3)
		out->plen = 24;
	return n >= 3;
}

bool
net_item_repair(const struct net_item *item, struct str *out)
{
	struct ipaddr a = item->addr;
	bool has = a.fam != 0;

	switch (item->fault) {
	case NET_HOST_BITS:
	case NET_NO_BRACKETS:
		a = addr_network(&a);
		break;
	case NET_MAPPED:
		has = addr_unmap(&item->addr, &a);
		break;
	case NET_MASK_VALUE:
		has = repair_netmask(item->body, &a);
		break;
	case NET_SHORT:
		has = repair_short(item->body, &a);
		break;
	case NET_FINE:
	case NET_MASK_LENGTH:
	case NET_NETWORK:
	case NET_OPEN_BRACKET:
	case NET_GARBAGE:
	case NET_LONE_MARK:
	case NET_NO_TYPE:
	case NET_UNKNOWN_TYPE:
	case NET_RANGE:
	case NET_SEMICOLON:
	case NET_HASH:
	case NET_NOBODY:
		has = false;
		break;
	}
	if (has)
		add_address(item, &a, out);
	return has;
}

bool
net_item_repair_host(const struct net_item *item, struct str *out)
{
	struct ipaddr a;

	if (item->fault != NET_HOST_BITS)
		return false;
	a = addr_host(&item->addr);
	add_address(item, &a, out);
	return true;
}

void
net_item_print(const struct net_item *item, struct str *out)
{
	if (item->fault == NET_FINE && item->addr.fam)
		add_address(item, &item->addr, out);
	else
		str_add_sv(out, item->text);
}

const char *
net_kind_label(const struct net_item *item)
{
	if (item->except)
		return _("except");
	switch (item->kind) {
	case NET_NET:
		return _("net");
	case NET_HOST:
		return _("host");
	case NET_FILE:
		return _("file");
	case NET_TABLE:
		return _("table");
	case NET_NAME:
		return _("name");
	case NET_REF:
	case NET_COMMENT:
	case NET_BAD:
		break;
	}
	return "?";
}

const char *
net_count_label(const struct net_item *item, char buf[ADDR_COUNT_MAX])
{
	return item->addr.fam ? addr_count(&item->addr, buf) : "?";
}

bool
net_range_label(const struct net_item *item, struct str *out)
{
	char first[ADDR_TEXT_MAX], last[ADDR_TEXT_MAX], count[ADDR_COUNT_MAX];
	struct ipaddr a, z;

	if (!item->addr.fam)
		return false;
	a = addr_first(&item->addr);
	z = addr_last(&item->addr);
	addr_format(&a, ADDR_BARE, first);
	if (addr_is_host(&item->addr))
		str_addf(out, _("%s, 1 address"), first);
	else
		str_addf(out, _("%s - %s, %s addresses"), first,
			addr_format(&z, ADDR_BARE, last), addr_count(&item->addr, count));
	return true;
}

bool
net_item_is_public(const struct net_item *item)
{
	return item->addr.fam && !item->except && addr_is_public_range(&item->addr);
}

enum net_danger
net_item_danger(const struct net_item *item)
{
	if (item->except)
		return NET_SAFE;
	if (item->addr.fam && !addr_is_host(&item->addr) && item->addr.plen == 0)
		return NET_WORLD;
	if (item->kind == NET_TABLE && sv_starts(item->body, "static:"))
		return NET_WORLD;
	if (net_item_is_public(item))
		return NET_PUBLIC;
	if (item->kind != NET_NAME)
		return NET_SAFE;
	if (sv_eq_fold(item->body, sv_of("unknown")))
		return NET_UNKNOWN;
	if (sv_find(item->body, '.') < 0 && !sv_eq_fold(item->body, sv_of("localhost")))
		return NET_TOP;
	return NET_SAFE;
}

/* Is name the item's name or below it? */
static bool
name_matches(struct sv body, struct sv name)
{
	size_t off;

	if (sv_eq_fold(body, name))
		return true;
	if (name.n <= body.n)
		return false;
	off = name.n - body.n;
	return name.p[off - 1] == '.' && sv_eq_fold(sv_sub(name, off, body.n), body);
}

enum net_answer
net_item_match(const struct net_item *item, const struct ipaddr *client, const char *name)
{
	uint8_t family = client->fam == 4 ? NET_V4 : NET_V6;

	if (item->verdict == NET_NO_GREETING)
		return NET_DEAD;
	if (item->verdict == NET_451)
		return item->families & family ? NET_TEMPFAIL : NET_NO;
	if (item->verdict == NET_NO_MATCH)
		return NET_NO;
	switch (item->kind) {
	case NET_NET:
	case NET_HOST:
		return addr_contains(&item->addr, client) ? NET_YES : NET_NO;
	case NET_NAME:
		return name_matches(item->body, sv_of(name)) ? NET_YES : NET_NO;
	case NET_FILE:
	case NET_TABLE:
	case NET_REF:
		return NET_ASK;
	case NET_COMMENT:
	case NET_BAD:
		break;
	}
	return NET_NO;
}
