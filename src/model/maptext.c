/* SPDX-License-Identifier: MIT
 *
 * Keys are looked at one by one; a key that is no address may be a client's name, so
 * where the name isn't known such a key makes the answer a "maybe".
 */
#include "model/maptext.h"

#include "text/lline.h"

enum { MAX_IF = 32 };

bool
map_is_text(struct sv type)
{
	return sv_eq_str(type, "static") || sv_eq_str(type, "inline") ||
	       sv_eq_str(type, "cidr") || sv_eq_str(type, "texthash");
}

/* Is key the client's address, its name, or a domain above its name? */
static enum rel_hit
match_key(struct sv key, const struct rel_client *c, bool fold)
{
	char text[ADDR_TEXT_MAX];
	struct sv addr = sv_of(addr_format(&c->addr, ADDR_BARE, text)), name;
	struct ipaddr a;

	if (fold ? sv_eq_fold(key, addr) : sv_eq(key, addr))
		return REL_YES;
	if (!c->name)
		return addr_parse(key, &a) || sv_find(key, '/') >= 0 ? REL_NO : REL_MAYBE;
	name = sv_of(c->name);
	for (;;) {
		ptrdiff_t dot;

		if (fold ? sv_eq_fold(key, name) : sv_eq(key, name))
			return REL_YES;
		dot = sv_find(name, '.');
		if (dot < 0)
			return REL_NO;
		name = sv_sub(name, (size_t)dot + 1, name.n);
	}
}

static void
worse(enum rel_hit *sum, enum rel_hit hit)
{
	if (hit == REL_YES || (hit == REL_MAYBE && *sum == REL_NO))
		*sum = hit;
}

/* --- key and value lines --------------------------------------------------- */

/* Cut a logical line at its first blank; false when nothing stands behind. */
static bool
key_of(struct sv line, struct sv *key, struct sv *value)
{
	size_t n = 0;

	line = sv_trim(line);
	while (n < line.n && !is_blank_char(line.p[n]))
		n++;
	*key = sv_sub(line, 0, n);
	*value = sv_trim(sv_sub(line, n, line.n));
	return key->n && value->n;
}

static enum rel_hit
match_lines(struct sv text, const struct rel_client *c, bool fold)
{
	enum rel_hit sum = REL_NO;
	struct ll_scan scan;
	struct lline ll;

	ll_start(&scan, text);
	while (sum != REL_YES && ll_next(&scan, &ll)) {
		struct str logical = {0};
		struct sv key, value;

		if (ll.kind != LL_TEXT)
			continue;
		ll_logical(ll.text, &logical);
		if (key_of(str_sv(&logical), &key, &value))
			worse(&sum, match_key(key, c, fold));
		str_free(&logical);
	}
	return sum;
}

enum rel_hit
map_source_match(struct sv text, const struct rel_client *c)
{
	return match_lines(text, c, true);
}

/* --- inline: ---------------------------------------------------------------- */

/* The inside of {...}; false when it isn't such. */
static bool
inside(struct sv v, struct sv *out)
{
	v = sv_trim(v);
	if (v.n < 2 || v.p[0] != '{' || v.p[v.n - 1] != '}')
		return false;
	*out = sv_trim(sv_sub(v, 1, v.n - 2));
	return true;
}

static enum rel_hit
match_inline(struct sv name, const struct rel_client *c)
{
	enum rel_hit sum = REL_NO;
	struct sv rest, token;
	bool any = false;

	if (!inside(name, &rest))
		return REL_ERROR;
	while (net_token(&rest, &token)) {
		ptrdiff_t at;

		if (token.p[0] == '{' && !inside(token, &token))
			return REL_ERROR;
		at = sv_find(token, '=');
		if (at <= 0)
			return REL_ERROR;
		any = true;
		worse(&sum, match_key(sv_trim(sv_sub(token, 0, (size_t)at)), c, false));
	}
	return any ? sum : REL_ERROR;
}

/* --- cidr: ------------------------------------------------------------------ */

struct cidr {
	const struct rel_client *c;
	bool on[MAX_IF + 1]; /* for each open `if`: do the rules in it count? */
	size_t depth;
};

/* [!]PATTERN: does it match; *good: is it one? */
static bool
cidr_pattern(const struct cidr *t, struct sv pattern, bool *good)
{
	bool wanted = true;
	struct ipaddr net;

	while (sv_starts(pattern, "!")) {
		wanted = !wanted;
		pattern = sv_trim(sv_sub(pattern, 1, pattern.n));
	}
	*good = addr_parse_net(pattern, &net) == ADDR_FINE && !addr_has_host_bits(&net);
	return *good && net.fam == t->c->addr.fam &&
	       addr_contains(&net, &t->c->addr) == wanted;
}

/* One rule; true when it matches the client. Broken ones are skipped, as Postfix does. */
static bool
cidr_rule(struct cidr *t, struct sv line)
{
	struct sv key, value;
	bool full = key_of(line, &key, &value), good, match;

	if (sv_eq_fold(key, sv_of("endif"))) {
		t->depth -= t->depth > 0;
		return false;
	}
	if (sv_eq_fold(key, sv_of("if"))) {
		match = cidr_pattern(t, value, &good);
		if (good && t->depth < MAX_IF) {
			t->on[t->depth + 1] = t->on[t->depth] && match;
			t->depth++;
		}
		return false;
	}
	match = cidr_pattern(t, key, &good);
	return full && good && match && t->on[t->depth];
}

static enum rel_hit
match_cidr(struct sv text, const struct rel_client *c)
{
	struct cidr t = {.c = c, .on = {true}};
	struct ll_scan scan;
	struct lline ll;
	bool hit = false;

	ll_start(&scan, text);
	while (!hit && ll_next(&scan, &ll)) {
		struct str logical = {0};

		if (ll.kind != LL_TEXT)
			continue;
		ll_logical(ll.text, &logical);
		hit = cidr_rule(&t, str_sv(&logical));
		str_free(&logical);
	}
	return hit ? REL_YES : REL_NO;
}

static enum rel_hit
match_cidr_inline(struct sv name, const struct rel_client *c)
{
	struct cidr t = {.c = c, .on = {true}};
	struct sv rest, token, rule;
	bool hit = false;

	if (!inside(name, &rest))
		return REL_ERROR;
	while (!hit && net_token(&rest, &token)) {
		if (!inside(token, &rule))
			return REL_ERROR;
		hit = cidr_rule(&t, rule);
	}
	return hit ? REL_YES : REL_NO;
}

enum rel_hit
map_text_match(struct sv type, struct sv name, struct sv text, const struct rel_client *c)
{
	if (sv_eq_str(type, "static"))
		return REL_YES;
	if (sv_eq_str(type, "inline"))
		return match_inline(name, c);
	if (sv_eq_str(type, "cidr"))
		return sv_starts(name, "{") ? match_cidr_inline(name, c)
					    : match_cidr(text, c);
	return match_lines(text, c, false);
}
