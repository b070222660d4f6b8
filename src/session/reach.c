/* SPDX-License-Identifier: MIT
 *
 * Which names a parameter's value refers to as $name, ${name...} or $(name...), and those
 * that their values refer to, each once: a change of one of them changes it, too.
 */
#include "session/review_view.h"

bool
reach_has(const struct reach *r, struct sv name)
{
	for (size_t i = 0; i < r->n; i++)
		if (sv_eq(r->name[i], name))
			return true;
	return false;
}

static void
add_names(struct reach *r, const char *value)
{
	while ((value = strchr(value, '$')) != NULL) {
		size_t n = 0;

		value += 1 + (value[1] == '{' || value[1] == '(');
		while (is_alpha_char(value[n]) || is_digit_char(value[n]) ||
			value[n] == '_')
			n++;
		if (n > 0 && r->n < REACH_MAX && !reach_has(r, sv_make(value, n)))
			r->name[r->n++] = sv_make(value, n);
	}
}

void
reach_of(struct session *s, const char *name, struct reach *out)
{
	struct ses_param p;

	*out = (struct reach){{sv_of(name)}, 1};
	for (size_t i = 0; i < out->n; i++) {
		(void)ses_param_get(s, arena_sv(scratch(s), out->name[i]), &p);
		add_names(out, p.value);
	}
}
