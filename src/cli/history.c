/* SPDX-License-Identifier: MIT
 *
 * history list, show, restore: what was applied, and the way back to it.
 */
#include <stdlib.h>
#include <time.h>

#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/history.h"

enum { CONTEXT = 3, WHEN_MAX = 32 };

static const char *
when_text(time_t t, bool utc, char buf[WHEN_MAX])
{
	struct tm tm;

	buf[0] = '\0';
	if (t && (utc ? gmtime_r(&t, &tm) : localtime_r(&t, &tm)))
		(void)strftime(buf, WHEN_MAX,
			utc ? "%Y-%m-%dT%H:%M:%SZ" : "%Y-%m-%d %H:%M", &tm);
	return buf;
}

/* --- list --- */

static void
list_row(struct out_table *t, const struct ses_history_row *r)
{
	char when[WHEN_MAX];
	struct str no = {0}, what = {0};

	if (r->no)
		str_addf(&no, "%u", r->no);
	str_add_cstr(&what, r->changes);
	if (!r->no)
		str_addf(&what, " %s", _("outside postrelay"));
	if (r->of[0])
		str_addf(&what, " (%s)", r->of);
	out_cell(t, r->no ? str_c(&no) : "--");
	out_cell(t, when_text(r->when, false, when));
	out_cell(t, r->who[0] ? r->who : _("unknown"));
	out_cell(t, str_c(&what));
	out_cell(t, r->result);
	str_free(&no);
	str_free(&what);
}

static void
json_texts(json_t *obj, const char *key, const char *const *v, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		bool bad;

		(void)json_array_append_new(list, out_json_text(v[i], &bad));
	}
	(void)json_object_set_new(obj, key, list);
}

static json_t *
json_row(const struct ses_history_row *r)
{
	json_t *obj = json_object();
	char when[WHEN_MAX];

	(void)json_object_set_new(
		obj, "number", r->no ? json_integer(r->no) : json_null());
	out_json_set(obj, "when", r->when ? when_text(r->when, true, when) : NULL);
	out_json_set(obj, "user", r->who[0] ? r->who : NULL);
	out_json_set(obj, "terminal", r->terminal[0] ? r->terminal : NULL);
	json_texts(obj, "changes", r->names, r->nnames);
	(void)json_object_set_new(obj, "total", json_integer((json_int_t)r->nchanges));
	out_json_set(obj, "of", r->of[0] ? r->of : NULL);
	json_texts(obj, "files", r->files, r->nfiles);
	out_json_set(obj, "actions", r->actions);
	(void)json_object_set_new(obj, "ms", json_integer(r->ms));
	out_json_set(obj, "result", r->word);
	return obj;
}

int
cmd_history_list(struct cli *c)
{
	const struct ses_history_row *v;
	struct out_table t = {.ncols = 5};
	json_t *doc = c->o->json ? json_object() : NULL, *list = json_array();
	struct diags d = {0};
	size_t n = ses_history(c->s, NULL, &v, &d);

	if (n && !doc) {
		out_cell(&t, _("No"));
		out_cell(&t, _("When"));
		out_cell(&t, _("Who"));
		out_cell(&t, _("Changes"));
		out_cell(&t, _("Result"));
	}
	for (size_t i = 0; i < n; i++) {
		if (doc)
			(void)json_array_append_new(list, json_row(&v[i]));
		else
			list_row(&t, &v[i]);
	}
	if (doc) {
		(void)json_object_set_new(doc, "entries", list);
		out_json_end(doc);
	} else {
		json_decref(list);
		out_table_end(&t);
	}
	if (diag_has_error(&d))
		return cli_refuse(&d);
	if (n == 0 && !doc)
		out_say(_("Nothing was applied by postrelay yet."));
	cli_warn(&d);
	return CLI_DONE;
}

/* --- show --- */

static bool
read_number(const char *word, unsigned *out, struct diags *d)
{
	uint64_t n;

	if (!sv_to_uint(sv_of(word), 999999999, &n))
		return diag_add(d, SEV_ERROR, DIAG_USAGE, NULL,
			_("`postrelay history list` shows them."),
			_("%s is no number of an entry."), word);
	*out = (unsigned)n;
	return true;
}

static void
head_line(const struct ses_history_row *r)
{
	char when[WHEN_MAX];

	out_line(_("No. %u, %s, by %s: %s"), r->no, when_text(r->when, false, when),
		r->who, r->changes);
	if (r->actions[0] && r->ms)
		out_line(_("%s; %s, %lld.%lld s"), r->result, r->actions,
			(long long)(r->ms / 1000), (long long)(r->ms % 1000 / 100));
	else if (r->actions[0])
		out_line("%s; %s", r->result, r->actions);
	else
		out_line("%s", r->result);
}

static int
show(struct cli *c, const struct ses_history_row *r)
{
	struct diags d = {0};
	struct str diff = {0};
	bool ok = ses_history_text(c->s, r, &diff, &d);

	if (c->o->json) {
		json_t *doc = json_row(r);

		out_json_set(doc, "diff", str_c(&diff));
		out_json_end(doc);
	} else {
		head_line(r);
		out_text(stdout, str_sv(&diff));
	}
	str_free(&diff);
	if (!ok)
		return cli_refuse(&d);
	cli_warn(&d);
	return CLI_DONE;
}

int
cmd_history_show(struct cli *c)
{
	const struct ses_history_row *v;
	struct diags d = {0};
	unsigned no = 0;
	size_t n;

	if (!read_number(c->v[0], &no, &d))
		return cli_refuse(&d);
	n = ses_history(c->s, NULL, &v, NULL);
	for (size_t i = 0; i < n; i++)
		if (v[i].no == no && no)
			return show(c, &v[i]);
	(void)ses_history(c->s, NULL, &v, &d);
	(void)diag_add(&d, SEV_ERROR, DIAG_NOT_FOUND, NULL,
		_("`postrelay history list` shows them."),
		_("The history has no entry no. %u."), no);
	return cli_refuse(&d);
}

/* --- restore --- */

int
cmd_history_restore(struct cli *c)
{
	struct diags d = {0};
	unsigned no = 0;

	if (!read_number(c->v[0], &no, &d) || !ses_history_restore(c->s, no, &d))
		return cli_refuse(&d);
	cli_warn(&d);
	return cli_write(c, _("Nothing to do: the files are as they were then."));
}
