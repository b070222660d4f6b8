/* SPDX-License-Identifier: MIT
 *
 * Net changes as another process would read them.
 */
#ifndef PR_LAY_RIG_H
#define PR_LAY_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/lay.h"

/* What waits in s, as another process would read it. */
static inline void
take(struct session *s, struct lay_list *out)
{
	struct lay_list mine = {0};
	json_t *array;
	char *text;

	*out = (struct lay_list){0};
	lay_take(s, NULL, &mine);
	array = lay_to_json(&mine);
	text = json_dumps(array, 0);
	assert_non_null(text);
	json_decref(array);
	array = json_loads(text, 0, NULL);
	assert_non_null(array);
	if (!lay_from_json(array, out)) {
		fprintf(stderr, "%s\n", json_dumps(array, 0));
		fail();
	}
	assert_int_equal(out->n, mine.n);
	json_decref(array);
	free(text);
	lay_free(&mine);
}

static inline size_t
clashes(const struct lay_list *l, const struct lay_outcome *out)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += out[i].verdict == LAY_CLASH;
	return n;
}

#endif
