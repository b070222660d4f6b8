/* SPDX-License-Identifier: MIT
 *
 * get, set, unset. get is called from scripts in loops: what stands in main.cf is
 * answered from main.cf alone, and Postfix is asked only for what doesn't.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/networks.h"
#include "session/params.h"
#include "session/secret.h"

struct answer {
	char *value; /* owned; NULL: not known */
	bool from_file, unknown_name;
	uint32_t line;
};

/* mynetworks as Postfix derives it, in its own notation. */
static char *
derived_networks(struct session *s)
{
	const struct ses_net_row *rows;
	struct str out = {0};
	size_t n = ses_net_rows(s, &rows);

	for (size_t i = 0; i < n; i++)
		if (rows[i].derived) {
			if (out.n)
				str_add_char(&out, ' ');
			str_add_cstr(&out, rows[i].text);
		}
	return str_take(&out);
}

static bool
find_value(struct session *s, const char *name, struct answer *a, struct diags *d)
{
	struct ses_param p = {0};

	(void)ses_param_get(s, name, &p);
	if (p.origin != SES_FROM_FILE && strcmp(name, "mynetworks") == 0) {
		if (!ses_wait(s, SES_ASK_DERIVED, d))
			return false;
		a->value = derived_networks(s);
		return true;
	}
	if (p.origin != SES_FROM_FILE) {
		if (!ses_wait(s, SES_ASK_DEFAULTS, d))
			return false;
		(void)ses_param_get(s, name, &p);
	}
	a->from_file = p.origin == SES_FROM_FILE;
	a->unknown_name = p.origin == SES_NO_SUCH_NAME;
	a->line = p.line;
	if (a->from_file)
		a->value = mem_strdup(p.value);
	else if (!a->unknown_name)
		a->value = mem_strdup(p.deflt);
	return true;
}

/* What Postfix would have to be asked for, in this order, until the value can be told. */
static const char *
expanded_value(struct session *s, const char *name, struct diags *d)
{
	const enum ses_ask asks[] = {SES_ASK_DEFAULTS, SES_ASK_DERIVED};
	const char *full = ses_param_expand(s, name, d);

	for (size_t i = 0; i < 2 && !full && !diag_has_error(d); i++) {
		if (!ses_wait(s, asks[i], d))
			return NULL;
		full = ses_param_expand(s, name, d);
	}
	return full;
}

/* -x: what postconf -x prints. */
static bool
expand(struct session *s, const char *name, struct answer *a, struct diags *d)
{
	struct diags said = {0};
	const char *full = expanded_value(s, name, &said);

	free(a->value);
	a->value = mem_strdup(full);
	if (!full)
		diag_move(d, &said);
	diag_clear(&said);
	if (!full && !diag_has_error(d))
		diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL,
			_("postconf -x asks Postfix itself."),
			_("What %s comes to, only Postfix can tell."), name);
	return full != NULL;
}

static bool
answer_for(struct cli *c, const char *name, struct answer *a, struct diags *d)
{
	*a = (struct answer){0};
	if (!find_value(c->s, name, a, d))
		return false;
	if (a->unknown_name || !a->value)
		return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
			_("Neither main.cf nor Postfix knows a parameter %s."), name);
	if (c->o->expanded && sv_find(sv_of(a->value), '$') >= 0)
		return expand(c->s, name, a, d);
	return true;
}

static void
show(struct cli *c, const char *name, const struct answer *a, json_t *list)
{
	const char *value = secret_value(name, a->value);

	if (list) {
		json_t *obj = json_object();

		out_json_set(obj, "name", name);
		out_json_set(obj, "value", value);
		out_json_set(obj, "origin", a->from_file ? "file" : "default");
		(void)json_object_set_new(
			obj, "line", a->from_file ? json_integer(a->line) : json_null());
		(void)json_array_append_new(list, obj);
	} else if (c->o->value_only) {
		out_line("%s", a->value);
	} else {
		out_line("%s = %s", name, value);
	}
}

int
cmd_get(struct cli *c)
{
	json_t *list = c->o->json ? json_array() : NULL;
	int status = CLI_DONE;

	for (int i = 0; i < c->n; i++) {
		struct diags d = {0};
		struct answer a;

		if (answer_for(c, c->v[i], &a, &d)) {
			show(c, c->v[i], &a, list);
			diag_clear(&d);
		} else {
			int bad = cli_refuse(&d);

			status = bad > status ? bad : status;
		}
		free(a.value);
	}
	if (list) {
		json_t *doc = json_object();

		(void)json_object_set_new(doc, "parameters", list);
		out_json_end(doc);
	}
	return status;
}

/* "name = value", as postconf -e takes it. */
static bool
split(const char *arg, char **name, char **value, struct diags *d)
{
	struct sv whole = sv_of(arg);
	ptrdiff_t at = sv_find(whole, '=');
	struct sv left = sv_trim(sv_sub(whole, 0, at < 0 ? 0 : (size_t)at));

	if (at < 0 || !left.n)
		return diag_add(d, SEV_ERROR, DIAG_USAGE, NULL,
			_("Write it as NAME=VALUE; unset NAME goes back to the default."),
			_("%s does not say what is to be set."), arg);
	*name = sv_dup(left);
	*value = sv_dup(sv_trim(sv_sub(whole, (size_t)at + 1, whole.n)));
	return true;
}

static bool
set_one(struct cli *c, const char *arg, struct diags *d)
{
	char *name = NULL, *value = NULL;
	struct ses_param p = {0};
	bool good = true;

	if (!split(arg, &name, &value, d) || !name || !value)
		return false;
	(void)ses_param_get(c->s, name, &p);
	if (p.origin != SES_FROM_FILE || strcmp(p.value, value) != 0)
		good = ses_param_set(c->s, name, value, d);
	free(name);
	free(value);
	return good;
}

int
cmd_set(struct cli *c)
{
	struct diags d = {0};
	bool good = true;

	ses_begin(c->s, "set");
	for (int i = 0; i < c->n && good; i++)
		good = set_one(c, c->v[i], &d);
	ses_end(c->s);
	if (!good)
		return cli_refuse(&d);
	cli_warn(&d);
	return cli_write(c, P_("Nothing to do: it has that value already.",
				    "Nothing to do: they have these values already.",
				    (unsigned long)c->n));
}

int
cmd_unset(struct cli *c)
{
	struct diags d = {0};
	bool good = true;

	ses_begin(c->s, "unset");
	for (int i = 0; i < c->n && good; i++) {
		struct ses_param p = {0};

		(void)ses_param_get(c->s, c->v[i], &p);
		if (p.origin == SES_FROM_FILE)
			good = ses_param_unset(c->s, c->v[i], &d);
	}
	ses_end(c->s);
	if (!good)
		return cli_refuse(&d);
	cli_warn(&d);
	return cli_write(
		c, P_("Nothing to do: it is not set.", "Nothing to do: they are not set.",
			   (unsigned long)c->n));
}
