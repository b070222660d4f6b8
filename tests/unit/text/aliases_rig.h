/* SPDX-License-Identifier: MIT
 *
 * A file of aliases(5), loaded, and its bytes after an edit.
 */
#ifndef PR_ALIASES_RIG_H
#define PR_ALIASES_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/aliases.h"

#define N_OF(a) (sizeof(a) / sizeof *(a))

static inline void
load_bytes(struct aliases *al, struct sv bytes)
{
	al_load(al, mem_strndup(bytes.p, bytes.n), bytes.n, NULL);
}

static inline void
load(struct aliases *al, const char *text)
{
	al_load(al, mem_strdup(text), strlen(text), NULL);
}

static inline void
assert_bytes(const struct aliases *al, const char *want)
{
	struct str got = {0};
	doc_bytes(&al->doc, &got);
	assert_string_equal(str_c(&got), want);
	str_free(&got);
}

static const char sample[] = "# head\n"
			     "\n"
			     "Root: a\n"                      /* 2 */
			     "\"a b\": c\n"                   /* 3 */
			     "root: b\n"                      /* 4 */
			     "#off: x\n"                      /* 5 */
			     "#root: y\n"                     /* 6 */
			     "bad line\n"                     /* 7 */
			     "news:\n\tgames\n# in\n\tROOT\n" /* 8 */
			     "\xc3\x89va: x\n";               /* 9 */

#endif
