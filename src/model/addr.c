/* SPDX-License-Identifier: MIT
 *
 * Addresses and networks. Invariant: bytes past the family's own are zero, so two values
 * can be compared over all 16.
 */
#include "model/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

struct block {
	struct ipaddr net;
	enum addr_class class;
};

/* First fitting row counts. Longer prefixes than 16 bits are told apart in class_v4. */
static const struct block blocks[] = {
	{{4, 8, {127, 0}}, ADDR_LOOPBACK},
	{{4, 8, {10, 0}}, ADDR_PRIVATE},
	{{4, 12, {172, 16}}, ADDR_PRIVATE},
	{{4, 16, {192, 168}}, ADDR_PRIVATE},
	{{4, 16, {169, 254}}, ADDR_LINK_LOCAL},
	{{4, 10, {100, 64}}, ADDR_SHARED},
	{{4, 4, {224, 0}}, ADDR_MULTICAST},
	{{6, 7, {0xfc, 0}}, ADDR_UNIQUE_LOCAL},
	{{6, 10, {0xfe, 0x80}}, ADDR_LINK_LOCAL},
	{{6, 8, {0xff, 0}}, ADDR_MULTICAST},
};

static const uint8_t doc_v4[][3] = {{192, 0, 2}, {198, 51, 100}, {203, 0, 113}};
static const uint8_t doc_v6[4] = {0x20, 0x01, 0x0d, 0xb8};
static const uint8_t loop_v6[16] = {[15] = 1};
static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

/* The address without brackets or prefix; family by the presence of a colon. */
static bool
parse_bare(struct sv text, struct ipaddr *out)
{
	char buf[INET6_ADDRSTRLEN];
	struct ipaddr a = {.fam = sv_find(text, ':') >= 0 ? 6 : 4};

	if (text.n == 0 || text.n >= sizeof(buf) || memchr(text.p, '\0', text.n))
		return false;
	memcpy(buf, text.p, text.n);
	buf[text.n] = '\0';
	a.plen = addr_bits(a.fam);
	if (inet_pton(a.fam == 4 ? AF_INET : AF_INET6, buf, a.b) != 1)
		return false;
	*out = a;
	return true;
}

bool
addr_parse(struct sv text, struct ipaddr *out)
{
	if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = sv_sub(text, 1, text.n - 2);
	return parse_bare(text, out);
}

size_t
addr_in_hosts(struct sv text, const char *name, struct ipaddr *out, size_t max)
{
	struct sv line, word;
	size_t n = 0;

	while (n < max && sv_line(&text, &line)) {
		ptrdiff_t hash = sv_find(line, '#');
		struct ipaddr addr;
		bool found = false;

		if (hash >= 0)
			line = sv_sub(line, 0, (size_t)hash);
		if (!sv_token(&line, " \t\r", &word) || !addr_parse(word, &addr))
			continue;
		while (!found && sv_token(&line, " \t\r", &word))
			found = sv_eq_fold(word, sv_of(name));
		if (found)
			out[n++] = addr;
	}
	return n;
}

/* Cut text into the address and the mask after '/'; has_mask tells whether one is there.
 */
static enum addr_fault
split_mask(struct sv text, struct sv *addr, struct sv *mask, bool *has_mask)
{
	struct sv search = text;
	ptrdiff_t at;

	if (text.n && text.p[0] == '[') {
		ptrdiff_t close;

		text = sv_sub(text, 1, text.n);
		close = sv_find(text, ']');
		if (close < 0)
			return ADDR_NO_BRACKET;
		search = sv_sub(text, (size_t)close + 1, text.n);
		text = sv_sub(text, 0, (size_t)close);
		if (search.n && search.p[0] != '/')
			return ADDR_GARBAGE;
		if (search.n == 0)
			search = text;
	}
	at = sv_find(search, '/');
	*has_mask = at >= 0;
	*mask = *has_mask ? sv_sub(search, (size_t)at + 1, search.n) : sv_of("");
	*addr = text;
	if (*has_mask && search.p == text.p)
		*addr = sv_sub(text, 0, (size_t)at);
	return ADDR_FINE;
}

enum addr_fault
addr_parse_net(struct sv text, struct ipaddr *out)
{
	struct sv addr, mask;
	bool has_mask;
	enum addr_fault fault = split_mask(text, &addr, &mask, &has_mask);
	uint64_t bits = 0;
	struct ipaddr a;

	if (fault != ADDR_FINE)
		return fault;
	if (!has_mask)
		return parse_bare(addr, out) ? ADDR_FINE : ADDR_VALUE;
	if (mask.n == 0)
		return ADDR_MASK_VALUE;
	for (size_t i = 0; i < mask.n; i++)
		if (!is_digit_char(mask.p[i]))
			return ADDR_MASK_VALUE;
	if (!sv_to_uint(mask, sv_find(addr, ':') >= 0 ? 128 : 32, &bits))
		return ADDR_MASK_LENGTH;
	if (!parse_bare(addr, &a))
		return ADDR_VALUE;
	a.plen = (uint8_t)bits;
	*out = a;
	return ADDR_FINE;
}

struct ipaddr
addr_from_bytes(uint8_t fam, const uint8_t *p, uint8_t plen)
{
	struct ipaddr a = {.fam = fam, .plen = plen};

	memcpy(a.b, p, fam == 4 ? 4 : 16);
	return a;
}

const char *
addr_format(const struct ipaddr *a, enum addr_form form, char buf[ADDR_TEXT_MAX])
{
	char text[INET6_ADDRSTRLEN] = "?";
	bool brackets = form == ADDR_BRACKETED && a->fam == 6;

	if (!inet_ntop(a->fam == 4 ? AF_INET : AF_INET6, a->b, text, sizeof(text)))
		text[0] = '?';
	if (addr_is_host(a))
		snprintf(buf, ADDR_TEXT_MAX, brackets ? "[%s]" : "%s", text);
	else
		snprintf(buf, ADDR_TEXT_MAX, brackets ? "[%s]/%u" : "%s/%u", text,
			(unsigned)a->plen);
	return buf;
}

/* The bits of byte i that belong to the host part. */
static uint8_t
host_mask(const struct ipaddr *a, size_t i)
{
	size_t from = i * 8;

	if (from >= addr_bits(a->fam) || a->plen >= from + 8)
		return 0;
	if (a->plen <= from)
		return 0xff;
	return (uint8_t)(0xffu >> (a->plen - from));
}

bool
addr_has_host_bits(const struct ipaddr *a)
{
	for (size_t i = a->plen / 8; i < addr_bits(a->fam) / 8; i++)
		if (a->b[i] & host_mask(a, i))
			return true;
	return false;
}

struct ipaddr
addr_network(const struct ipaddr *a)
{
	struct ipaddr n = *a;

	for (size_t i = a->plen / 8; i < addr_bits(a->fam) / 8; i++)
		n.b[i] = (uint8_t)(n.b[i] & ~host_mask(a, i));
	return n;
}

struct ipaddr
addr_host(const struct ipaddr *a)
{
	struct ipaddr h = *a;

	h.plen = addr_bits(a->fam);
	return h;
}

struct ipaddr
addr_first(const struct ipaddr *a)
{
	struct ipaddr n = addr_network(a);

	return addr_host(&n);
}

struct ipaddr
addr_last(const struct ipaddr *a)
{
	struct ipaddr n = addr_host(a);

	for (size_t i = 0; i < 16; i++)
		n.b[i] = (uint8_t)(n.b[i] | host_mask(a, i));
	return n;
}

bool
addr_contains(const struct ipaddr *net, const struct ipaddr *a)
{
	size_t whole = net->plen / 8;

	if (net->fam != a->fam || net->plen > a->plen)
		return false;
	for (size_t i = 0; i < whole; i++) /* mostly the first one tells */
		if (net->b[i] != a->b[i])
			return false;
	return net->plen % 8 == 0 ||
	       ((net->b[whole] ^ a->b[whole]) & (uint8_t)~host_mask(net, whole)) == 0;
}

bool
addr_overlaps(const struct ipaddr *a, const struct ipaddr *b)
{
	return addr_contains(a, b) || addr_contains(b, a);
}

int
addr_cmp(const struct ipaddr *a, const struct ipaddr *b)
{
	if (a->fam != b->fam)
		return a->fam < b->fam ? -1 : 1;
	for (size_t i = 0; i < sizeof(a->b); i++)
		if (a->b[i] != b->b[i])
			return a->b[i] < b->b[i] ? -1 : 1;
	return (a->plen > b->plen) - (a->plen < b->plen);
}

const char *
addr_count(const struct ipaddr *a, char buf[ADDR_COUNT_MAX])
{
	unsigned bits = (unsigned)addr_bits(a->fam) - a->plen;

	if (bits > 32)
		snprintf(buf, ADDR_COUNT_MAX, "2^%u", bits);
	else
		snprintf(buf, ADDR_COUNT_MAX, "%llu", 1ull << bits);
	return buf;
}

bool
addr_unmap(const struct ipaddr *a, struct ipaddr *out)
{
	if (a->fam != 6 || a->plen < 96 || memcmp(a->b, mapped, sizeof(mapped)) != 0)
		return false;
	*out = addr_from_bytes(4, a->b + 12, (uint8_t)(a->plen - 96));
	return true;
}

static bool
is_documentation(const struct ipaddr *a)
{
	if (a->fam == 6)
		return memcmp(a->b, doc_v6, sizeof(doc_v6)) == 0;
	for (size_t i = 0; i < sizeof(doc_v4) / sizeof(*doc_v4); i++)
		if (memcmp(a->b, doc_v4[i], 3) == 0)
			return true;
	return false;
}

enum addr_class
addr_class_of(const struct ipaddr *a)
{
	static const uint8_t zero[16];
	struct ipaddr h = addr_host(a), inner;

	if (addr_unmap(&h, &inner))
		h = inner;
	if (memcmp(h.b, zero, sizeof(zero)) == 0)
		return ADDR_UNSPECIFIED;
	if (h.fam == 6 && memcmp(h.b, loop_v6, sizeof(loop_v6)) == 0)
		return ADDR_LOOPBACK;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
		if (addr_contains(&blocks[i].net, &h))
			return blocks[i].class;
	return is_documentation(&h) ? ADDR_DOCUMENTATION : ADDR_PUBLIC;
}

bool
addr_is_public(const struct ipaddr *a)
{
	enum addr_class c = addr_class_of(a);

	return c == ADDR_PUBLIC || c == ADDR_DOCUMENTATION;
}

bool
addr_is_public_range(const struct ipaddr *a)
{
	struct ipaddr net = addr_network(a), inner;
	struct ipaddr loop = addr_from_bytes(6, loop_v6, 128);

	if (addr_unmap(&net, &inner))
		net = inner;
	if (addr_is_host(&net))
		return false;
	if (net.plen == 127 && addr_contains(&net, &loop))
		return false; /* :: and ::1, one of them local */
	for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
		if (blocks[i].class != ADDR_MULTICAST &&
			addr_contains(&blocks[i].net, &net))
			return false;
	return true;
}
