/* SPDX-License-Identifier: MIT
 *
 * Allocation that ends the process instead of failing. Invariant: a size is multiplied
 * only after the product is known to fit.
 */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*exhausted_hook)(void);

void
mem_on_exhausted(void (*hook)(void))
{
	exhausted_hook = hook;
}

static _Noreturn void
exhausted(void)
{
	static const char text[] = "postrelay: out of memory, nothing was written\n";

	if (exhausted_hook)
		exhausted_hook();
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(3);
	_exit(3);
}

void *
mem_new(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		exhausted();
	return p;
}

void *
mem_resize(void *p, size_t n, size_t size)
{
	void *q;

	if (size && n > SIZE_MAX / size)
		exhausted();
	q = realloc(p, n && size ? n * size : 1);
	if (!q)
		exhausted();
	return q;
}

void *
mem_grow(void *p, size_t *cap, size_t need, size_t size)
{
	size_t n = *cap ? *cap : 8;

	if (need <= *cap)
		return p;
	while (n < need)
		n = n > SIZE_MAX / 2 ? need : n * 2;
	*cap = n;
	return mem_resize(p, n, size);
}

char *
mem_strndup(const char *p, size_t n)
{
	char *copy;

	if (n == SIZE_MAX)
		exhausted();
	copy = mem_resize(NULL, n + 1, 1);
	if (n)
		memcpy(copy, p, n);
	copy[n] = '\0';
	return copy;
}

char *
mem_strdup(const char *s)
{
	return s ? mem_strndup(s, strlen(s)) : NULL;
}

void
mem_keep(char **slot, const char *text)
{
	char *copy = mem_strdup(text);

	free(*slot);
	*slot = copy;
}
