/* SPDX-License-Identifier: MIT
 *
 * What a main.cf value means once its $name references are filled in: $name, ${name},
 * $(name),
 * ${name?text}, ${name:text}, ${name?{a}:{b}} and $$ (postconf(5), "main.cf syntax").
 * Comparisons ${{a} == {b} ? {x} : {y}} are left to Postfix: the answer is then "can't
 * tell".
 */
#ifndef PR_MODEL_CFEXPR_H
#define PR_MODEL_CFEXPR_H

#include <stdbool.h>

#include "base/str.h"

enum cfx_result {
	CFX_OK,
	CFX_UNKNOWN, /* a name or form that only Postfix can answer */
	CFX_SYNTAX,  /* Postfix dies: truncated or empty reference */
	CFX_NESTING  /* Postfix dies: a value refers to itself */
};

struct cfx_source {
	/* The raw value of name; false when it isn't known. */
	bool (*lookup)(void *ctx, struct sv name, struct sv *value);
	void *ctx;
};

/* Append the expansion of raw to out. */
enum cfx_result cfx_expand(struct sv raw, const struct cfx_source *src, struct str *out);

#endif
