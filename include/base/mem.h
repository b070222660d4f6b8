/* SPDX-License-Identifier: MIT
 *
 * Checked allocation. Running out of memory is the one failure that is not a value: the
 * hook (which gives the terminal back) runs, a line goes to stderr, and the process ends
 * with 3. So none of these returns NULL. Sizes are products that cannot overflow unseen.
 */
#ifndef PR_BASE_MEM_H
#define PR_BASE_MEM_H

#include <stddef.h>

/* Memory of n * size bytes, zeroed. The caller frees it with free(). */
void *mem_new(size_t n, size_t size);

/* p resized to n * size bytes; new bytes are not cleared. The caller frees the result. */
void *mem_resize(void *p, size_t n, size_t size);

/* p grown (doubling) so that *cap >= need elements of size bytes; *cap is updated. */
void *mem_grow(void *p, size_t *cap, size_t need, size_t size);

/* A NUL-terminated copy of s, or NULL when s is NULL. The caller frees it. */
char *mem_strdup(const char *s);

/* A NUL-terminated copy of the n bytes at p. The caller frees it. */
char *mem_strndup(const char *p, size_t n);

/* *slot becomes a copy of text, or NULL as text is; what was there is freed, after text
 * was read. */
void mem_keep(char **slot, const char *text);

/* Name what must happen before the process ends for lack of memory (NULL: nothing). */
void mem_on_exhausted(void (*hook)(void));

#endif
