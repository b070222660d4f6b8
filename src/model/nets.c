/* SPDX-License-Identifier: MIT
 *
 * Reading an item of mynetworks. The order of the questions is Postfix's own: comment,
 * '!', file, type:name, and then a pattern, which is a name, an address compared as text,
 * or a net. A text that is none of them is silently ignored by smtpd.
 */
#include "model/nets.h"

#include <stdlib.h>

#include "base/mem.h"

#define DIGITS_DOT "0123456789."
#define ADDRESS_SIGNS "0123456789.abcdefABCDEF:[]/"

/* Every type that a Postfix from 2.6 to 3.12 may have, plug-ins included. Sorted. */
static const char *const all_types[] = {"btree", "cdb", "cidr", "dbm", "debug", "environ",
	"fail", "hash", "inline", "internal", "ldap", "lmdb", "memcache", "mongodb",
	"mysql", "nis", "nisplus", "non-existent", "pcre", "pgsql", "pipemap", "proxy",
	"randmap", "regexp", "sdbm", "socketmap", "sqlite", "static", "tcp", "texthash",
	"unionmap", "unix", NULL};

static size_t
span_of(struct sv v, const char *set)
{
	size_t n = 0;

	while (n < v.n && v.p[n] && strchr(set, v.p[n]))
		n++;
	return n;
}

static void
set_fault(struct net_item *item, enum net_kind kind, enum net_fault fault,
	enum net_verdict verdict)
{
	item->kind = kind;
	item->fault = fault;
	item->verdict = verdict;
}

bool
net_type_is_known(struct sv type, const struct net_env *env)
{
	const char *const *t = env && env->map_types ? env->map_types : all_types;

	for (; *t; t++)
		if (sv_eq_str(type, *t))
			return true;
	return false;
}

/* Two colons or more and only the signs of an address: IPv6 that lacks its brackets. */
static bool
looks_like_v6(struct sv v)
{
	size_t colons = 0;

	for (size_t i = 0; i < v.n; i++)
		colons += v.p[i] == ':';
	return colons >= 2 && span_of(v, ADDRESS_SIGNS) == v.n;
}

/* Text with a colon and no leading '[': smtpd takes it for type:name. */
static void
parse_table(struct net_item *item)
{
	struct sv v = item->body;
	size_t colon = (size_t)sv_find(v, ':');
	bool dies = colon == 0 || colon + 1 == v.n;
	enum net_verdict verdict = dies ? NET_NO_GREETING : NET_451;

	item->families = NET_ALL;
	if (looks_like_v6(v)) {
		if (addr_parse_net(v, &item->addr) != ADDR_FINE)
			set_fault(item, NET_BAD, NET_NO_BRACKETS, verdict);
		else
			set_fault(item, addr_is_host(&item->addr) ? NET_HOST : NET_NET,
				NET_NO_BRACKETS, verdict);
		return;
	}
	if (dies)
		set_fault(item, NET_BAD, NET_NO_TYPE, verdict);
	else if (!net_type_is_known(sv_sub(v, 0, colon), NULL))
		set_fault(item, NET_BAD, NET_UNKNOWN_TYPE, verdict);
	else
		item->kind = NET_TABLE;
}

/* A host name as a client can have it; blanks and separators can't be in it. */
static bool
looks_like_name(struct sv v)
{
	bool letter = false;

	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];
		char next = i + 1 < v.n ? v.p[i + 1] : '\0';
		bool edge = i == 0 || v.p[i - 1] == '.' || next == '.' || next == '\0';

		if (is_alpha_char(c) || c == '_' || (unsigned char)c >= 0x80)
			letter = true;
		else if (!is_digit_char(c) && ((c != '-' && c != '.') || edge))
			return false;
	}
	return letter && v.n <= 255;
}

/* Text without ':' and '/': compared as text with the client's address, else a name. */
static void
parse_plain(struct net_item *item)
{
	struct sv v = item->body;

	if (addr_parse(v, &item->addr))
		item->kind = NET_HOST;
	else if (looks_like_name(v))
		item->kind = NET_NAME;
	else if (span_of(v, DIGITS_DOT "*[]") == v.n)
		set_fault(item, NET_BAD, NET_SHORT, NET_NO_MATCH);
	else if (span_of(v, DIGITS_DOT "-") == v.n)
		set_fault(item, NET_BAD, NET_RANGE, NET_NO_MATCH);
	else if (sv_find(v, ';') >= 0)
		set_fault(item, NET_BAD, NET_SEMICOLON, NET_NO_MATCH);
	else
		set_fault(item, NET_BAD, NET_NOBODY, NET_NO_MATCH);
}

/* Text that smtpd hands to cidr_match_parse(), for clients of its own family only. */
static void
parse_cidr(struct net_item *item)
{
	static const enum net_fault faults[] = {[ADDR_NO_BRACKET] = NET_OPEN_BRACKET,
		[ADDR_GARBAGE] = NET_GARBAGE,
		[ADDR_MASK_VALUE] = NET_MASK_VALUE,
		[ADDR_MASK_LENGTH] = NET_MASK_LENGTH,
		[ADDR_VALUE] = NET_NETWORK};
	enum addr_fault fault = addr_parse_net(item->body, &item->addr);
	struct ipaddr inner;

	item->families = sv_find(item->body, ':') >= 0 ? NET_V6 : NET_V4;
	if (fault != ADDR_FINE) {
		set_fault(item, NET_BAD, faults[fault], NET_451);
		return;
	}
	item->kind = addr_is_host(&item->addr) ? NET_HOST : NET_NET;
	if (addr_has_host_bits(&item->addr))
		set_fault(item, item->kind, NET_HOST_BITS, NET_451);
	else if (addr_unmap(&item->addr, &inner))
		set_fault(item, item->kind, NET_MAPPED, NET_NO_MATCH);
}

static void
parse_pattern(struct net_item *item)
{
	struct sv v = item->body;

	if (sv_find(v, ':') < 0 && sv_find(v, '/') < 0)
		parse_plain(item);
	else if (span_of(v, ADDRESS_SIGNS) == v.n)
		parse_cidr(item);
	else
		set_fault(item, NET_BAD,
			sv_find(v, ';') >= 0 ? NET_SEMICOLON : NET_NOBODY, NET_NO_MATCH);
}

static bool
is_file(struct sv v)
{
	return sv_starts(v, "/") || sv_starts(v, "$config_directory/") ||
	       sv_starts(v, "${config_directory}/") ||
	       sv_starts(v, "$(config_directory)/");
}

/* The plain form of nearly all items of long lists, 10.1.2.0/24: numbers of at most 255
 * without leading zeros, and nothing else has to be asked of it. False: it may still be
 * anything. */
static bool
parse_plain_v4(struct net_item *item)
{
	struct sv v = item->text;
	unsigned part[5] = {0}, n = 0, digits = 0;

	for (size_t i = 0; i < v.n; i++) {
		if (is_digit_char(v.p[i])) {
			if (digits++ && part[n] == 0)
				return false;
			part[n] = part[n] * 10 + (unsigned)(v.p[i] - '0');
			if (part[n] > 255)
				return false;
		} else if (digits && v.p[i] == (n < 3 ? '.' : '/') && n < 4) {
			n++;
			digits = 0;
		} else {
			return false;
		}
	}
	if (!digits || n < 3 || part[4] > 32)
		return false;
	item->addr = (struct ipaddr){.fam = 4,
		.plen = n == 4 ? (uint8_t)part[4] : 32,
		.b = {(uint8_t)part[0], (uint8_t)part[1], (uint8_t)part[2],
			(uint8_t)part[3]}};
	if (n == 4)
		item->families = NET_V4;
	item->kind = addr_is_host(&item->addr) ? NET_HOST : NET_NET;
	if (addr_has_host_bits(&item->addr))
		set_fault(item, item->kind, NET_HOST_BITS, NET_451);
	return true;
}

void
net_item_parse(struct sv text, struct net_item *item)
{
	*item = (struct net_item){.text = text, .body = text, .families = NET_ALL};
	if (text.n && is_digit_char(text.p[0]) && parse_plain_v4(item))
		return;
	if (sv_starts(text, "#")) {
		set_fault(item, NET_COMMENT, NET_HASH, NET_NO_MATCH);
		return;
	}
	while (sv_starts(item->body, "!")) {
		item->except = !item->except;
		item->body = sv_sub(item->body, 1, item->body.n);
	}
	if (item->body.n == 0)
		set_fault(item, NET_BAD, text.n ? NET_LONE_MARK : NET_NOBODY,
			text.n ? NET_NO_GREETING : NET_NO_MATCH);
	else if (is_file(item->body))
		item->kind = NET_FILE;
	else if (sv_starts(item->body, "$"))
		item->kind = NET_REF;
	else if (item->body.p[0] != '[' && sv_find(item->body, ':') >= 0)
		parse_table(item);
	else if (sv_find(item->body, '$') >= 0)
		item->kind = NET_REF;
	else
		parse_pattern(item);
}

bool
net_token(struct sv *rest, struct sv *token)
{
	size_t i = 0, from, level = 0;

	while (i < rest->n && (is_blank_char(rest->p[i]) || rest->p[i] == ','))
		i++;
	from = i;
	for (; i < rest->n; i++) {
		char c = rest->p[i];

		if (c == '{')
			level++;
		else if (c == '}' && level > 0)
			level--;
		else if (level == 0 && (c == ',' || is_blank_char(c)))
			break;
	}
	*token = sv_sub(*rest, from, i - from);
	*rest = sv_sub(*rest, i, rest->n);
	return token->n > 0;
}

void
net_items_parse(struct sv text, struct net_items *list)
{
	struct sv token;

	while (net_token(&text, &token)) {
		list->v = mem_grow(list->v, &list->cap, list->n + 1, sizeof(*list->v));
		net_item_parse(token, &list->v[list->n++]);
	}
}

void
net_items_free(struct net_items *list)
{
	free(list->v);
	*list = (struct net_items){0};
}

/* Up to four numbers of at most 255 with dots between, the last one not finished. */
static bool
is_v4_start(struct sv v)
{
	size_t dots = 0, digits = 0;
	unsigned value = 0;

	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '.') {
			if (digits == 0 || ++dots > 3)
				return false;
			digits = 0;
			value = 0;
			continue;
		}
		if (!is_digit_char(v.p[i]) || (digits && value == 0))
			return false;
		value = value * 10 + (unsigned)(v.p[i] - '0');
		digits++;
		if (value > 255)
			return false;
	}
	return dots < 3 || digits == 0;
}

/* ADDR/ or ADDR/N where another digit makes a mask that fits. */
static bool
is_mask_start(struct sv v)
{
	ptrdiff_t slash = sv_find(v, '/');
	struct ipaddr a;
	struct sv mask;

	if (slash < 0)
		return false;
	mask = sv_sub(v, (size_t)slash + 1, v.n);
	if (mask.n == 0)
		return addr_parse(sv_sub(v, 0, (size_t)slash), &a);
	if (addr_parse_net(v, &a) != ADDR_FINE || !addr_has_host_bits(&a))
		return false;
	return a.fam == 4 ? mask.n == 1 && a.plen >= 1 && a.plen <= 3
			  : a.plen >= 1 && a.plen <= 12;
}

bool
net_is_incomplete(struct sv text)
{
	ptrdiff_t colon;

	while (sv_starts(text, "!"))
		text = sv_sub(text, 1, text.n);
	if (text.n == 0)
		return true;
	if (is_v4_start(text) || is_mask_start(text))
		return true;
	if (text.p[0] == '[')
		return sv_find(text, ']') < 0 &&
		       span_of(text, "[" ADDRESS_SIGNS) == text.n;
	colon = sv_find(text, ':');
	return colon > 0 && (size_t)colon + 1 == text.n &&
	       net_type_is_known(sv_sub(text, 0, (size_t)colon), NULL);
}
