/* SPDX-License-Identifier: MIT
 *
 * IPv4 and IPv6 addresses and networks as plain values. An address alone has the full
 * prefix length (32 or 128). Text is read as strictly as Postfix reads it (inet_pton: no
 * leading zeros, no short forms) and written as Postfix wants it: IPv6 in brackets in
 * mynetworks and relayhost, bare in inet_interfaces. Nothing here allocates or fails
 * other than by its result.
 */
#ifndef PR_MODEL_ADDR_H
#define PR_MODEL_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct ipaddr {
	uint8_t fam;   /* 4 or 6 */
	uint8_t plen;  /* prefix length in bits */
	uint8_t b[16]; /* network order; IPv4 in the first four, the rest zero */
};

/* What is wrong with a text, in the order in which Postfix finds it. */
enum addr_fault {
	ADDR_FINE,
	ADDR_NO_BRACKET,  /* '[' without ']' */
	ADDR_GARBAGE,     /* text after ']' */
	ADDR_MASK_VALUE,  /* the part after '/' is no plain number */
	ADDR_MASK_LENGTH, /* more bits than the family has */
	ADDR_VALUE        /* not an address */
};

/* Longest text that addr_format() makes, its NUL included. */
#define ADDR_TEXT_MAX 56

/* Longest text of addr_count(), its NUL included. */
#define ADDR_COUNT_MAX 16

enum addr_form {
	ADDR_BARE,     /* 2001:db8::1, 2001:db8::/32, 192.0.2.1 */
	ADDR_BRACKETED /* [2001:db8::1], [2001:db8::]/32, 192.0.2.1 */
};

enum addr_class {
	ADDR_UNSPECIFIED, /* 0.0.0.0, :: */
	ADDR_LOOPBACK,
	ADDR_PRIVATE,       /* RFC 1918 */
	ADDR_UNIQUE_LOCAL,  /* fc00::/7 */
	ADDR_LINK_LOCAL,    /* 169.254.0.0/16, fe80::/10 */
	ADDR_SHARED,        /* 100.64.0.0/10, carriers' NAT */
	ADDR_DOCUMENTATION, /* RFC 5737, RFC 3849; counts as public */
	ADDR_MULTICAST,
	ADDR_PUBLIC
};

/* An address without prefix, with or without brackets: "192.0.2.1", "::1", "[::1]". */
bool addr_parse(struct sv text, struct ipaddr *out);

/* The addresses that the text of a hosts(5) file gives a name, at most max. */
size_t addr_in_hosts(struct sv text, const char *name, struct ipaddr *out, size_t max);

/* An address or network in any of Postfix's forms: ADDR, ADDR/LEN, [ADDR], [ADDR]/LEN,
 * [ADDR/LEN]. Host bits are kept: see addr_has_host_bits(). Source of the rules and of
 * their order: cidr_match_parse() of Postfix. */
enum addr_fault addr_parse_net(struct sv text, struct ipaddr *out);

/* The address made of the 4 or 16 bytes at p. */
struct ipaddr addr_from_bytes(uint8_t fam, const uint8_t *p, uint8_t plen);

/* Bits of an address of family fam: 32 or 128. */
static inline uint8_t
addr_bits(uint8_t fam)
{
	return fam == 4 ? 32 : 128;
}

/* Is it one address, not a network? */
static inline bool
addr_is_host(const struct ipaddr *a)
{
	return a->plen == addr_bits(a->fam);
}

/* Write a into buf, with "/LEN" if it is a network; returns buf. */
const char *addr_format(
	const struct ipaddr *a, enum addr_form form, char buf[ADDR_TEXT_MAX]);

bool addr_has_host_bits(const struct ipaddr *a);

/* a with its host bits cleared; same prefix length. */
struct ipaddr addr_network(const struct ipaddr *a);

/* First and last address of the network a, each as one address. */
struct ipaddr addr_first(const struct ipaddr *a);
struct ipaddr addr_last(const struct ipaddr *a);

/* The address alone: a with the full prefix length, host bits kept. */
struct ipaddr addr_host(const struct ipaddr *a);

/* Does the network net hold every address of a? (Families differ: no.) */
bool addr_contains(const struct ipaddr *net, const struct ipaddr *a);

/* Have the two any address in common? */
bool addr_overlaps(const struct ipaddr *a, const struct ipaddr *b);

/* Order by family, bytes, then the wider network first: a network comes right before
 * all that it holds. */
int addr_cmp(const struct ipaddr *a, const struct ipaddr *b);

/* How many addresses a has: "1", "256", "4294967296", above that "2^64". */
const char *addr_count(const struct ipaddr *a, char buf[ADDR_COUNT_MAX]);

/* What kind of address the first one of a is (IPv4-mapped IPv6: as that IPv4). */
enum addr_class addr_class_of(const struct ipaddr *a);

/* Is a IPv6 with an IPv4 address inside (::ffff:192.0.2.1)? Then *out is that one. */
bool addr_unmap(const struct ipaddr *a, struct ipaddr *out);

/* Can anybody on the Internet have this address? Documentation ranges count so. */
bool addr_is_public(const struct ipaddr *a);

/* Does the network hold more than one address that is not loopback, private,
 * unique-local, link-local or shared? */
bool addr_is_public_range(const struct ipaddr *a);

#endif
