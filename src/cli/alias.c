/* SPDX-License-Identifier: MIT
 *
 * alias list, get, set, add, remove, enable, disable. One argument is one target; the
 * quotes that it needs in the file are put there. Of duplicates the first one counts, as
 * for Postfix.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/aliases.h"

/* Targets as they will stand in the file. */
struct wanted {
	char **v; /* owned */
	size_t n, cap;
};

static void
wanted_add(struct wanted *w, const char *text)
{
	w->v = mem_grow(w->v, &w->cap, w->n + 1, sizeof(*w->v));
	w->v[w->n++] = mem_strdup(text);
}

static bool
wanted_has(const struct wanted *w, const char *text)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->v[i], text) == 0)
			return true;
	return false;
}

static void
wanted_free(struct wanted *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->v[i]);
	free(w->v);
	*w = (struct wanted){0};
}

/* What was typed, judged and with the quotes it needs. The caller frees it; NULL (with a
 * finding) when Postfix could do nothing with it. */
static char *
target_written(struct session *s, const char *typed, struct diags *d)
{
	struct ses_target_verdict v = {0};

	ses_target_judge(s, typed, &v);
	if (!v.good && !v.quoted) {
		diag_add(d, SEV_ERROR, DIAG_AL_TARGET, NULL,
			v.hint && v.hint[0] ? v.hint : NULL, "%s",
			v.text && v.text[0] ? v.text : _("A target is empty."));
		return NULL;
	}
	return mem_strdup(v.quoted ? v.quoted : typed);
}

static bool
wanted_typed(struct wanted *w, struct cli *c, struct diags *d)
{
	for (int i = 1; i < c->n; i++) {
		char *text = target_written(c->s, c->v[i], d);

		if (!text)
			return false;
		if (!wanted_has(w, text))
			wanted_add(w, text);
		free(text);
	}
	return true;
}

static void
wanted_now(struct wanted *w, struct session *s, uint32_t id)
{
	struct ses_targets t = {0};

	if (!ses_alias_targets(s, id, &t))
		return;
	for (size_t i = 0; i < t.n; i++)
		wanted_add(w, t.v[i].text);
	ses_targets_free(&t);
}

static bool
same_targets(const struct wanted *a, const struct wanted *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return false;
	return true;
}

static bool
not_found(const char *name, struct diags *d)
{
	return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
		_("There is no alias %s."), name);
}

static bool
store(struct session *s, uint32_t id, const char *name, const struct wanted *w, bool off,
	struct diags *d)
{
	struct ses_alias_edit e = {.name = name,
		.targets = (const char *const *)w->v,
		.n = w->n,
		.off = off};

	return ses_alias_set(s, &id, &e, d);
}

/* The name as it stands in the file, which lasts over edits; the caller frees it. */
static char *
name_of(struct session *s, uint32_t id, const char *typed)
{
	struct ses_alias a = {0};

	return mem_strdup(ses_alias_by_id(s, id, &a) ? a.name : typed);
}

static bool
is_off(struct session *s, uint32_t id)
{
	struct ses_alias a = {0};

	return ses_alias_by_id(s, id, &a) && a.off;
}

/* --- showing --- */

static json_t *
json_targets(struct session *s, uint32_t id)
{
	static const char *const kinds[] = {
		[SES_T_EMPTY] = "empty",
		[SES_T_USER] = "user",
		[SES_T_ADDRESS] = "address",
		[SES_T_FILE] = "file",
		[SES_T_PIPE] = "command",
		[SES_T_INCLUDE] = "include",
		[SES_T_BAD] = "bad",
	};
	json_t *list = json_array();
	struct ses_targets t = {0};

	if (!ses_alias_targets(s, id, &t))
		return list;
	for (size_t i = 0; i < t.n; i++) {
		json_t *obj = json_object();

		out_json_set(obj, "target", t.v[i].text);
		out_json_set(obj, "kind", kinds[t.v[i].kind]);
		(void)json_array_append_new(list, obj);
	}
	ses_targets_free(&t);
	return list;
}

static json_t *
json_alias(struct session *s, const struct ses_alias *a)
{
	json_t *obj = json_object();
	uint32_t id = a->id;

	out_json_set(obj, "name", a->name);
	(void)json_object_set_new(obj, "enabled", json_boolean(!a->off));
	(void)json_object_set_new(obj, "line", json_integer(a->line));
	out_json_set(obj, "note", a->note);
	(void)json_object_set_new(
		obj, "finding", a->finding ? out_json_finding(a->finding) : json_null());
	(void)json_object_set_new(obj, "targets", json_targets(s, id));
	return obj;
}

static void
add_line(struct str *out, const struct ses_alias *a)
{
	if (a->off)
		str_add_char(out, '#');
	str_add_cstr(out, a->name);
	str_add_cstr(out, ": ");
	str_add_cstr(out, a->targets);
	str_add_char(out, '\n');
}

/* Element by element: a million of them would not be kept as one document. */
static void
list_json(struct session *s, size_t n)
{
	const char *comma = "";

	(void)fputs("{\"aliases\": [", stdout);
	for (size_t i = 0; i < n; i++) {
		struct ses_alias a = {0};
		json_t *obj;
		char *text;

		if (!ses_alias_at(s, i, &a))
			continue;
		obj = json_alias(s, &a);
		text = json_dumps(obj, JSON_COMPACT | JSON_ENSURE_ASCII);
		json_decref(obj);
		(void)printf("%s\n%s", comma, text ? text : "null");
		free(text);
		comma = ",";
	}
	(void)fputs("\n]}\n", stdout);
}

/* In large pieces: there may be a million. */
static void
list_lines(struct session *s, size_t n)
{
	enum { PIECE = 1 << 16 };
	struct str text = {0};

	for (size_t i = 0; i < n && !ferror(stdout); i++) {
		struct ses_alias a = {0};

		if (ses_alias_at(s, i, &a))
			add_line(&text, &a);
		if (text.n < PIECE)
			continue;
		out_text(stdout, str_sv(&text));
		str_clear(&text);
	}
	out_text(stdout, str_sv(&text));
	str_free(&text);
}

int
cmd_alias_list(struct cli *c)
{
	size_t n = ses_alias_filter(c->s, c->o->filter ? c->o->filter : "");

	if (c->o->json)
		list_json(c->s, n);
	else
		list_lines(c->s, n);
	return CLI_DONE;
}

int
cmd_alias_get(struct cli *c)
{
	struct ses_alias a = {0};
	struct str text = {0};
	struct diags d = {0};
	uint32_t id;

	if (!ses_alias_find(c->s, c->v[0], &id) || !ses_alias_by_id(c->s, id, &a)) {
		not_found(c->v[0], &d);
		return cli_refuse(&d);
	}
	if (c->o->json) {
		out_json_end(json_alias(c->s, &a));
	} else {
		add_line(&text, &a);
		out_text(stdout, str_sv(&text));
		str_free(&text);
	}
	return CLI_DONE;
}

/* --- changing --- */

/* A new alias; its name must be one that Postfix looks up. */
static bool
create(struct cli *c, const struct wanted *w, struct diags *d)
{
	const char *why = ses_alias_name_judge(c->s, c->v[0], SES_ALIAS_NEW);

	if (why[0])
		return diag_add(d, SEV_ERROR, DIAG_AL_NAME, NULL, NULL, "%s", why);
	return store(c->s, SES_ALIAS_NEW, c->v[0], w, false, d);
}

static bool
set_targets(struct cli *c, struct diags *d)
{
	struct wanted want = {0}, now = {0};
	uint32_t id;
	bool good = wanted_typed(&want, c, d);

	if (good && ses_alias_find(c->s, c->v[0], &id)) {
		char *name = name_of(c->s, id, c->v[0]);

		wanted_now(&now, c->s, id);
		if (is_off(c->s, id) || !same_targets(&want, &now))
			good = store(c->s, id, name, &want, false, d);
		free(name);
	} else if (good) {
		good = create(c, &want, d);
	}
	wanted_free(&want);
	wanted_free(&now);
	return good;
}

int
cmd_alias_set(struct cli *c)
{
	struct diags d = {0};

	if (!set_targets(c, &d))
		return cli_refuse(&d);
	cli_warn(&d);
	return cli_write(c, _("Nothing to do: the alias has these targets already."));
}

static bool
add_targets(struct cli *c, struct diags *d)
{
	struct wanted want = {0};
	uint32_t id;
	size_t before = 0;
	char *name = NULL;
	bool off = false, good;

	if (ses_alias_find(c->s, c->v[0], &id)) {
		wanted_now(&want, c->s, id);
		before = want.n;
		off = is_off(c->s, id);
		name = name_of(c->s, id, c->v[0]);
	}
	good = wanted_typed(&want, c, d);
	if (good && !name)
		good = create(c, &want, d);
	else if (good && want.n > before)
		good = store(c->s, id, name, &want, off, d);
	if (good && off)
		out_say(_("%s is disabled and stays so; alias enable brings it back."),
			name);
	wanted_free(&want);
	free(name);
	return good;
}

int
cmd_alias_add(struct cli *c)
{
	struct diags d = {0};

	if (!add_targets(c, &d))
		return cli_refuse(&d);
	cli_warn(&d);
	return cli_write(c, _("Nothing to do: the alias has these targets already."));
}

/* A target goes by as it is written, or as it was typed once and got its quotes. */
static bool
take_out(struct wanted *w, struct session *s, const char *typed, struct diags *d)
{
	struct ses_target_verdict v = {0};

	ses_target_judge(s, typed, &v);
	for (size_t i = 0; i < w->n; i++) {
		if (strcmp(w->v[i], typed) != 0 &&
			(!v.quoted || strcmp(w->v[i], v.quoted) != 0))
			continue;
		free(w->v[i]);
		memmove(&w->v[i], &w->v[i + 1], (w->n - i - 1) * sizeof(*w->v));
		w->n--;
		return true;
	}
	return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
		_("%s is no target of this alias."), typed);
}

static bool
remove_targets(struct cli *c, uint32_t id, struct diags *d)
{
	struct wanted left = {0};
	char *name = name_of(c->s, id, c->v[0]);
	bool good = true;

	wanted_now(&left, c->s, id);
	for (int i = 1; i < c->n && good; i++)
		good = take_out(&left, c->s, c->v[i], d);
	if (good && !left.n)
		good = diag_add(d, SEV_ERROR, DIAG_AL_EMPTY, NULL,
			_("alias remove with the name alone removes the whole alias."),
			_("Without a target Postfix would drop %s."), name);
	if (good)
		good = store(c->s, id, name, &left, is_off(c->s, id), d);
	wanted_free(&left);
	free(name);
	return good;
}

int
cmd_alias_remove(struct cli *c)
{
	struct diags d = {0};
	uint32_t id;
	bool good;

	if (!ses_alias_find(c->s, c->v[0], &id))
		good = not_found(c->v[0], &d);
	else if (c->n > 1)
		good = remove_targets(c, id, &d);
	else
		good = ses_alias_remove(c->s, id, &d);
	if (!good)
		return cli_refuse(&d);
	cli_warn(&d);
	return cli_write(c, _("Nothing to do: it is not there."));
}

static int
enable(struct cli *c, bool on, const char *same)
{
	struct diags d = {0};
	uint32_t id;
	bool good = true;

	if (!ses_alias_find(c->s, c->v[0], &id))
		good = not_found(c->v[0], &d);
	else if (is_off(c->s, id) == on)
		good = ses_alias_enable(c->s, id, on, &d);
	if (!good)
		return cli_refuse(&d);
	cli_warn(&d);
	return cli_write(c, same);
}

int
cmd_alias_enable(struct cli *c)
{
	return enable(c, true, _("Nothing to do: the alias is in use."));
}

int
cmd_alias_disable(struct cli *c)
{
	return enable(c, false, _("Nothing to do: the alias is disabled already."));
}
