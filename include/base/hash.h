/* SPDX-License-Identifier: MIT
 *
 * An index of u32 values (ids) by keys that live elsewhere: open addressing, the caller
 * says whether the value in a slot has the key that is looked for. It stores 5 bytes a
 * slot and owns nothing but its slots; the values mean something to the caller only.
 * Nothing is ever removed: an id whose key has changed is the caller's to recognise.
 * Allocation cannot fail (mem.h). UINT32_MAX is no value.
 */
#ifndef PR_BASE_HASH_H
#define PR_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define HASH_NONE UINT32_MAX

struct hash {
	uint32_t *slot; /* values, HASH_NONE: free */
	uint8_t *tag;   /* a few bits of each value's hash: most strangers need no call */
	size_t cap;     /* a power of two, or 0 */
	size_t n;
};

/* How the caller tells keys apart: has value v the key that is looked for? hash_of gives
 * the hash of v's own key, needed when the table grows. */
struct hash_ops {
	bool (*same)(void *ctx, uint32_t v);
	uint64_t (*hash_of)(void *ctx, uint32_t v);
	void *ctx;
};

/* Room for n values without growing. */
void hash_reserve(struct hash *h, size_t n, const struct hash_ops *ops);
void hash_free(struct hash *h);

/* The value with hash sum for which ops->same holds, or HASH_NONE. */
uint32_t hash_find(const struct hash *h, uint64_t sum, const struct hash_ops *ops);

/* Put v under hash sum. When a value with the same key is there, v takes its place and
 * the former value is returned; else HASH_NONE. */
uint32_t hash_put(struct hash *h, uint64_t sum, uint32_t v, const struct hash_ops *ops);

/* Hash sum will be asked for or put soon: memory is told. A table of a million is built
 * in less than half the time when this comes a few values ahead. */
void hash_expect(const struct hash *h, uint64_t sum);

/* Hash of the bytes of v; with fold, ASCII capitals count as small letters. seed is any
 * number; a random one keeps a hostile file from choosing collisions. */
uint64_t hash_bytes(struct sv v, bool fold, uint64_t seed);

/* A seed that nobody outside this process knows. */
uint64_t hash_seed(void);

#endif
