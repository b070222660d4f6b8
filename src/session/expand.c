/* SPDX-License-Identifier: MIT
 *
 * Values with their $name references filled in, from the file as it is edited now, then
 * from Postfix's defaults where they have been asked for.
 */
#include "session/internal.h"

#include "model/cfexpr.h"
#include "text/maincf.h"

struct looking {
	struct session *s;
	struct arena texts;
};

static bool
lookup(void *ctx, struct sv name, struct sv *value)
{
	struct looking *l = ctx;
	uint32_t id = mcf_find(main_cf(l->s), name);
	struct str text = {0};
	bool known;

	if (id != DOC_NO_ID) {
		mcf_value(main_cf(l->s), id, &text);
		*value = sv_of(arena_sv(&l->texts, str_sv(&text)));
		str_free(&text);
		return true;
	}
	if (sv_eq_str(name, "config_directory")) {
		*value = sv_of(l->s->config_dir);
		return true;
	}
	str_add_sv(&text, name);
	known = default_of(l->s, str_c(&text), value);
	str_free(&text);
	return known;
}

enum cfx_result
expand_value(struct session *s, struct sv raw, struct str *out)
{
	struct looking l = {.s = s};
	struct cfx_source src = {lookup, &l};
	enum cfx_result r = cfx_expand(raw, &src, out);

	arena_free(&l.texts);
	return r;
}

const char *
ses_param_expanded(struct session *s, const char *name)
{
	struct str raw = {0}, out = {0};
	uint32_t id = mcf_find(main_cf(s), sv_of(name));
	const char *kept = NULL;
	struct sv value;

	if (id != DOC_NO_ID)
		mcf_value(main_cf(s), id, &raw);
	else if (default_of(s, name, &value))
		str_add_sv(&raw, value);
	else
		return NULL;
	if (expand_value(s, str_sv(&raw), &out) == CFX_OK)
		kept = arena_sv(scratch(s), str_sv(&out));
	str_free(&raw);
	str_free(&out);
	return kept;
}
