/* SPDX-License-Identifier: MIT
 *
 * A list of blocks, filled one after the other. Invariant: only the newest has room.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define BLOCK_BYTES 16384u

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(max_align_t) char bytes[];
};

void *
arena_new(struct arena *a, size_t n)
{
	const size_t unit = _Alignof(max_align_t);
	void *p;

	n = (n + unit - 1) / unit * unit;
	if (!a->head || a->head->size - a->used < n) {
		size_t size = n > BLOCK_BYTES ? n : BLOCK_BYTES;
		struct arena_block *b = mem_resize(NULL, sizeof(*b) + size, 1);

		b->next = a->head;
		b->size = size;
		a->head = b;
		a->used = 0;
	}
	p = a->head->bytes + a->used;
	a->used += n;
	return memset(p, 0, n);
}

char *
arena_sv(struct arena *a, struct sv v)
{
	char *p = arena_new(a, v.n + 1);

	if (v.n)
		memcpy(p, v.p, v.n);
	return p;
}

char *
arena_str(struct arena *a, const char *s)
{
	return s ? arena_sv(a, sv_of(s)) : NULL;
}

char *
arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list args, again;
	char *p;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): va_start above */
	n = vsnprintf(NULL, 0, fmt, args);
	p = arena_new(a, n > 0 ? (size_t)n + 1 : 1);
	if (n > 0)
		/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): a copy */
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(args);
	return p;
}

static void
free_from(struct arena_block *b)
{
	while (b) {
		struct arena_block *next = b->next;

		free(b);
		b = next;
	}
}

size_t
arena_size(const struct arena *a)
{
	size_t n = 0;

	for (const struct arena_block *b = a->head; b; b = b->next)
		n += b->size;
	return n;
}

void
arena_reset(struct arena *a)
{
	if (!a->head)
		return;
	free_from(a->head->next);
	a->head->next = NULL;
	a->used = 0;
}

void
arena_free(struct arena *a)
{
	free_from(a->head);
	*a = (struct arena){0};
}
