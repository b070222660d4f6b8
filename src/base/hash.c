/* SPDX-License-Identifier: MIT
 *
 * Linear probing at a load of at most 2/3. A slot's tag holds the upper bits of its hash,
 * so that a foreign key is compared once in 256 times only. Invariant: at least one slot
 * is free, hence every probe ends.
 */
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/mem.h"

static size_t
cap_for(size_t n)
{
	size_t cap = 16;
	while (cap / 3 * 2 < n)
		cap *= 2;
	return cap;
}

static uint8_t
tag_of(uint64_t sum)
{
	return (uint8_t)(sum >> 56);
}

/* The slot that holds the key, or the free one where it would go. */
static size_t
probe(const struct hash *h, uint64_t sum, const struct hash_ops *ops)
{
	size_t mask = h->cap - 1;
	uint8_t tag = tag_of(sum);
	for (size_t i = (size_t)sum & mask;; i = (i + 1) & mask) {
		if (h->slot[i] == HASH_NONE)
			return i;
		if (h->tag[i] == tag && ops->same(ops->ctx, h->slot[i]))
			return i;
	}
}

/* Put v, whose key is in no slot, into the table. */
static void
place(struct hash *h, uint64_t sum, uint32_t v)
{
	size_t mask = h->cap - 1;
	size_t i = (size_t)sum & mask;
	while (h->slot[i] != HASH_NONE)
		i = (i + 1) & mask;
	h->slot[i] = v;
	h->tag[i] = tag_of(sum);
}

void
hash_reserve(struct hash *h, size_t n, const struct hash_ops *ops)
{
	size_t cap = cap_for(n);
	if (cap <= h->cap)
		return;
	struct hash old = *h;
	h->cap = cap;
	h->slot = mem_resize(NULL, cap, sizeof *h->slot);
	h->tag = mem_resize(NULL, cap, 1);
	memset(h->slot, 0xff, cap * sizeof *h->slot);
	for (size_t i = 0; i < old.cap; i++)
		if (old.slot[i] != HASH_NONE)
			place(h, ops->hash_of(ops->ctx, old.slot[i]), old.slot[i]);
	free(old.slot);
	free(old.tag);
}

void
hash_free(struct hash *h)
{
	free(h->slot);
	free(h->tag);
	*h = (struct hash){0};
}

uint32_t
hash_find(const struct hash *h, uint64_t sum, const struct hash_ops *ops)
{
	return h->cap ? h->slot[probe(h, sum, ops)] : HASH_NONE;
}

uint32_t
hash_put(struct hash *h, uint64_t sum, uint32_t v, const struct hash_ops *ops)
{
	hash_reserve(h, h->n + 1, ops);
	size_t i = probe(h, sum, ops);
	uint32_t former = h->slot[i];
	h->slot[i] = v;
	h->tag[i] = tag_of(sum);
	h->n += former == HASH_NONE;
	return former;
}

static uint64_t
mix(uint64_t x)
{
	x ^= x >> 32;
	x *= 0x9e3779b97f4a7c15u;
	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9u;
	return x ^ (x >> 32);
}

/* Bytes 'A'..'Z' of x become small letters; all eight at once. */
static uint64_t
fold_word(uint64_t x)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t low = x & 0x7f * ones;
	uint64_t ge_a = low + (0x80 - 'A') * ones;
	uint64_t gt_z = low + (0x80 - 'Z' - 1) * ones;
	uint64_t caps = ge_a & ~gt_z & ~x & 0x80 * ones;
	return x | caps >> 2;
}

static uint64_t
load_word(const char *p, size_t n)
{
	uint64_t word = 0;
	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)(unsigned char)p[i] << i * 8;
	return word;
}

/* The last word of eight bytes or more overlaps the one before: no tail to put together
 * byte by byte. */
uint64_t
hash_bytes(struct sv v, bool fold, uint64_t seed)
{
	uint64_t sum = seed ^ (v.n * 0x9e3779b97f4a7c15u), word;
	size_t i = 0;
	for (; i + 8 <= v.n; i += 8) {
		memcpy(&word, v.p + i, 8);
		sum = mix(sum ^ (fold ? fold_word(word) : word));
	}
	if (i < v.n) {
		if (v.n >= 8)
			memcpy(&word, v.p + v.n - 8, 8);
		else
			word = load_word(v.p, v.n);
		sum = mix(sum ^ (fold ? fold_word(word) : word));
	}
	return mix(sum);
}

void
hash_expect(const struct hash *h, uint64_t sum)
{
	size_t i = (size_t)sum & (h->cap - 1);
	if (h->cap == 0)
		return;
	__builtin_prefetch(&h->slot[i]);
	__builtin_prefetch(&h->tag[i]);
}

uint64_t
hash_seed(void)
{
	uint64_t seed = 0;
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed) {
		struct timespec now;
		clock_gettime(CLOCK_MONOTONIC, &now);
		seed = mix((uint64_t)now.tv_nsec ^ (uint64_t)(uintptr_t)&seed);
	}
	return seed;
}
