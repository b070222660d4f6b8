/* SPDX-License-Identifier: MIT
 *
 * What the fuzzers share. Each is one small libFuzzer program: it takes any bytes, asks
 * what a reader makes of them, and ends the process where a promise does not hold. The
 * sanitizers see to memory and overflow.
 */
#ifndef PR_FUZZ_H
#define PR_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/str.h"
#include "text/doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define FUZZ_HOLDS(what)                                                                 \
	do {                                                                             \
		if (!(what)) {                                                           \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);       \
			abort();                                                         \
		}                                                                        \
	} while (0)

static inline struct sv
fuzz_sv(const uint8_t *data, size_t n)
{
	return sv_make(n ? (const char *)data : "", n);
}

/* A copy that the document frees; ASan guards both of its ends. */
static inline char *
fuzz_copy(struct sv v)
{
	char *p = v.n ? malloc(v.n) : NULL;

	if (p)
		memcpy(p, v.p, v.n);
	return p;
}

/* Every byte belongs to one entry: what was read is what would be written. */
static inline void
fuzz_is_tiled(const struct doc *d, struct sv bytes)
{
	struct str out = {0};

	doc_bytes(d, &out);
	FUZZ_HOLDS(sv_eq(str_sv(&out), bytes));
	FUZZ_HOLDS(doc_is_unchanged(d));
	str_free(&out);
}

/* A finding may point only into the text that it is about. */
static inline void
fuzz_are_whole(const struct diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		FUZZ_HOLDS(d->v[i].text && d->v[i].text[0]);
		FUZZ_HOLDS(d->v[i].code < DIAG_CODES);
	}
}

#endif
