/* SPDX-License-Identifier: MIT
 *
 * Aliases for the guided set-up: a person types targets, or a whole line of aliases(5);
 * what is there already in the same words is left alone.
 */
#include "session/setup_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

bool
setup_targets(
	struct session *s, const char *typed, struct al_targets *out, struct diags *d)
{
	struct ses_target_verdict v;

	al_targets_typed(sv_of(typed), out);
	for (size_t i = 0; i < out->n; i++) {
		ses_target_judge(s, out->v[i].raw, &v);
		if (!v.good && !v.quoted)
			return diag_add(
				d, SEV_ERROR, DIAG_AL_TARGET, NULL, v.hint, "%s", v.text);
	}
	return true;
}

static bool
no_alias(struct diags *d)
{
	return diag_add(d, SEV_ERROR, DIAG_AL_NO_COLON, NULL,
		_("Type a name, a colon and who gets its mail: sales: hanako"),
		_("That is no alias."));
}

bool
setup_alias_parse(struct session *s, const char *typed, char **name,
	struct al_targets *targets, struct diags *d)
{
	struct sv line = sv_trim(sv_of(typed));
	struct str plain = {0};
	size_t key_end = 0, value = 0;
	enum al_fault fault = al_line_judge(line, &key_end, &value);
	const char *why;
	char *rest;
	bool good;

	if (fault == AL_NO_COLON || fault == AL_NO_NAME || fault == AL_NO_TARGET)
		return no_alias(d);
	al_name_plain(sv_trim(sv_sub(line, 0, key_end)), &plain);
	why = fault == AL_OK ? "" : ses_alias_name_judge(s, str_c(&plain), SES_ALIAS_NEW);
	rest = sv_dup(sv_sub(line, value, line.n));
	good = fault == AL_OK && setup_targets(s, rest, targets, d) && targets->n;
	if (fault == AL_OK && !good && !targets->n)
		no_alias(d);
	if (fault != AL_OK)
		diag_add(d, SEV_ERROR, DIAG_AL_NAME, NULL,
			_("Type a name, a colon and who gets its mail: sales: hanako"),
			"%s",
			why[0] ? why : _("Postfix would drop an alias with this name."));
	free(rest);
	*name = str_take(&plain);
	if (!good) {
		free(*name);
		*name = NULL;
	}
	return good;
}

/* The entry of that name that counts; off: one that is commented out. */
static uint32_t
find(struct session *s, const char *name, bool *off)
{
	struct ses_alias al;
	uint32_t id = SES_ALIAS_NEW;

	*off = false;
	if (!ses_alias_find(s, name, &id) || !ses_alias_by_id(s, id, &al))
		return SES_ALIAS_NEW;
	*off = al.off;
	return id;
}

const char *
setup_alias_now(struct session *s, const char *name)
{
	struct ses_alias al;
	bool off;
	uint32_t id = find(s, name, &off);

	if (id == SES_ALIAS_NEW || off || !ses_alias_by_id(s, id, &al))
		return "";
	return al.targets;
}

const char *
setup_alias_before(struct session *s, const char *name)
{
	const struct setup_rows *was = &s->setup->base.was;

	for (size_t i = 0; i < was->n; i++)
		if (sv_eq_fold(sv_of(was->v[i].text), sv_of(name)))
			return was->v[i].note;
	return setup_alias_now(s, name);
}

static bool
has_targets(struct session *s, uint32_t id, const struct al_targets *targets)
{
	struct al_targets now = {0};
	bool same;

	al_targets_get(&s->aliases->al, id, &now);
	same = al_targets_equal(&now, targets);
	al_targets_free(&now);
	return same;
}

bool
setup_alias_put(struct session *s, const char *name, const struct al_targets *targets,
	struct diags *d)
{
	bool off, done;
	uint32_t id = find(s, name, &off);
	const char **v;
	struct ses_alias_edit e = {.name = name, .n = targets->n};

	if (id != SES_ALIAS_NEW && !off && has_targets(s, id, targets))
		return true;
	v = mem_new(targets->n + 1, sizeof(*v));
	for (size_t i = 0; i < targets->n; i++)
		v[i] = targets->v[i].raw;
	e.targets = v;
	done = ses_alias_set(s, &id, &e, d);
	free((void *)v);
	return done;
}

bool
setup_alias_drop(struct session *s, const char *name, struct diags *d)
{
	bool off;
	uint32_t id = find(s, name, &off);

	return id == SES_ALIAS_NEW || off || ses_alias_remove(s, id, d);
}
