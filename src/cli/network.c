/* SPDX-License-Identifier: MIT
 *
 * network list, add, remove: mynetworks, and the files behind it.
 */
#include <string.h>

#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/networks.h"
#include "session/params.h"

/* Opening inserts rows behind the one that is opened. */
size_t
cli_all_networks(struct session *s, const struct ses_net_row **rows)
{
	size_t n = ses_net_rows(s, rows);

	for (size_t i = 0; i < n; i++)
		if ((*rows)[i].expandable && !(*rows)[i].open) {
			ses_net_open(s, i, true);
			n = ses_net_rows(s, rows);
		}
	return n;
}

static void
show_json(struct session *s)
{
	const struct ses_net_row *rows;
	json_t *doc = json_object(), *list = json_array();
	size_t n;

	(void)ses_findings(s); /* else the rows have none */
	n = cli_all_networks(s, &rows);
	(void)json_object_set_new(doc, "derived", json_boolean(n && rows[0].derived));
	for (size_t i = 0; i < n; i++) {
		json_t *obj = json_object();

		out_json_set(obj, "network", rows[i].text);
		out_json_set(obj, "kind", rows[i].kind);
		(void)json_object_set_new(obj, "enabled", json_boolean(!rows[i].off));
		(void)json_object_set_new(obj, "derived", json_boolean(rows[i].derived));
		(void)json_object_set_new(obj, "depth", json_integer(rows[i].depth));
		out_json_set(obj, "note", rows[i].note);
		out_json_set(obj, "file", rows[i].file);
		(void)json_object_set_new(obj, "line", json_integer(rows[i].line));
		(void)json_object_set_new(obj, "finding",
			rows[i].finding ? out_json_finding(rows[i].finding)
					: json_null());
		(void)json_array_append_new(list, obj);
	}
	(void)json_object_set_new(doc, "networks", list);
	out_json_end(doc);
}

static void
show_row(struct out_table *t, const struct ses_net_row *r)
{
	struct str name = {0};

	str_addf(&name, "%s%s%s", r->depth ? "  " : "", r->off ? "#" : "", r->text);
	out_cell(t, str_c(&name));
	out_cell(t, r->kind);
	out_cell(t, r->count);
	out_cell(t, r->finding ? r->finding->text : r->who);
	str_free(&name);
}

int
cmd_network_list(struct cli *c)
{
	struct out_table t = {.ncols = 4};
	const struct ses_net_row *rows;
	struct ses_param p = {0};
	struct diags d = {0};
	size_t n;

	/* No rows would say that nobody may relay. */
	(void)ses_param_get(c->s, "mynetworks", &p);
	if (p.origin != SES_FROM_FILE && !ses_wait(c->s, SES_ASK_DERIVED, &d))
		return cli_refuse(&d);
	diag_clear(&d);
	if (c->o->json) {
		show_json(c->s);
		return CLI_DONE;
	}
	(void)ses_findings(c->s);
	out_line(_("Clients that may relay without login  (mynetworks, %s)"),
		ses_net_place(c->s));
	n = cli_all_networks(c->s, &rows);
	for (size_t i = 0; i < n; i++)
		show_row(&t, &rows[i]);
	out_table_end(&t);
	return CLI_DONE;
}

static bool
stands_there(struct session *s, const char *text, const char *file)
{
	const struct ses_net_row *rows;
	size_t n = cli_all_networks(s, &rows);

	for (size_t i = 0; i < n; i++)
		if (!rows[i].off && !rows[i].derived && !rows[i].removed &&
			strcmp(rows[i].text, text) == 0 &&
			(!file || (rows[i].file && strcmp(rows[i].file, file) == 0)))
			return true;
	return false;
}

static bool
accepts_public(const struct cli_opts *o)
{
	for (int i = 0; i < o->nconsent; i++)
		if (o->consent_danger[i] &&
			strcmp(o->consent[i], diag_code_name(DIAG_NET_PUBLIC)) == 0)
			return true;
	return false;
}

int
cmd_network_add(struct cli *c)
{
	struct ses_net_new new = {.to_file = c->o->to_file,
		.before = SIZE_MAX,
		.with_public = accepts_public(c->o)};
	const char *said = NULL;
	struct str text = {0};
	struct diags d = {0};
	bool good = true;

	/* All in one call: what they hold needs no row of its own. */
	for (int i = 0; i < c->n; i++)
		if (!stands_there(c->s, c->v[i], new.to_file))
			str_addf(&text, "%s%s", text.n ? ", " : "", c->v[i]);
	new.text = str_c(&text);
	if (text.n)
		good = ses_net_add(c->s, &new, &said, &d);
	if (good && said)
		out_say("%s", said);
	str_free(&text);
	if (!good)
		return cli_refuse(&d);
	cli_warn(&d);
	return cli_write(c, _("Nothing to do: it stands there already."));
}

int
cmd_network_remove(struct cli *c)
{
	struct diags d = {0};
	bool good = true;

	ses_begin(c->s, "network remove");
	for (int i = 0; i < c->n && good; i++)
		good = ses_net_remove_text(c->s, c->v[i], &d);
	ses_end(c->s);
	if (!good)
		return cli_refuse(&d);
	cli_warn(&d);
	return cli_write(c, _("Nothing to do: it stands there no more."));
}
