/* SPDX-License-Identifier: MIT
 *
 * Strings and arrays that live together and go together: views hand out text from an
 * arena and drop it all at once when they are built anew. Nothing in it is freed alone.
 */
#ifndef PR_BASE_ARENA_H
#define PR_BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

struct arena_block;

struct arena {
	struct arena_block *head; /* newest block; NULL: nothing yet */
	size_t used;              /* bytes used of it */
};

/* n bytes, zeroed, aligned for any object; valid until arena_reset. */
void *arena_new(struct arena *a, size_t n);

/* A NUL-terminated copy of v. */
char *arena_sv(struct arena *a, struct sv v);

/* A copy of s, NULL for NULL. */
char *arena_str(struct arena *a, const char *s);

char *arena_fmt(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Bytes of memory that it holds. */
size_t arena_size(const struct arena *a);

/* Drop everything; one block is kept for the next use. */
void arena_reset(struct arena *a);
void arena_free(struct arena *a);

#endif
