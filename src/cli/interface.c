/* SPDX-License-Identifier: MIT
 *
 * interface list, interface set.
 */
#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/interfaces.h"

static const char *
mode_sentence(enum ses_if_mode mode)
{
	switch (mode) {
	case SES_IF_ALL:
		return _("Postfix listens on every address of this machine (all).");
	case SES_IF_LOOPBACK:
		return _("Postfix listens on this host only (loopback-only).");
	case SES_IF_CHOSEN:
		return _("Postfix listens on the addresses ticked here.");
	}
	return "";
}

static void
show_json(struct cli *c, const struct ses_if_row *rows, size_t n)
{
	static const char *const modes[] = {
		[SES_IF_ALL] = "all",
		[SES_IF_LOOPBACK] = "loopback-only",
		[SES_IF_CHOSEN] = "chosen",
	};
	json_t *doc = json_object(), *list = json_array();

	out_json_set(doc, "mode", modes[ses_if_mode(c->s)]);
	for (size_t i = 0; i < n; i++) {
		json_t *obj = json_object();

		out_json_set(obj, "interface", rows[i].nic);
		out_json_set(obj, "address", rows[i].addr);
		out_json_set(obj, "state", rows[i].state);
		out_json_set(obj, "reach", rows[i].reach);
		(void)json_object_set_new(obj, "listens", json_boolean(rows[i].listens));
		out_json_set(obj, "note", rows[i].note);
		(void)json_object_set_new(obj, "finding",
			rows[i].finding ? out_json_finding(rows[i].finding)
					: json_null());
		(void)json_array_append_new(list, obj);
	}
	(void)json_object_set_new(doc, "addresses", list);
	out_json_end(doc);
}

int
cmd_interface_list(struct cli *c)
{
	const struct ses_if_row *rows;
	struct out_table t = {.ncols = 6};
	size_t n;

	(void)ses_findings(c->s); /* else the rows have none */
	n = ses_if_rows(c->s, &rows);
	if (c->o->json) {
		show_json(c, rows, n);
		return CLI_DONE;
	}
	out_line("%s  (inet_interfaces, %s)", mode_sentence(ses_if_mode(c->s)),
		ses_if_place(c->s));
	(void)ses_if_rows(c->s, &rows);
	for (size_t i = 0; i < n; i++) {
		out_cell(&t, rows[i].ticked ? "[x]" : "[ ]");
		out_cell(&t, rows[i].nic);
		out_cell(&t, rows[i].addr);
		out_cell(&t, rows[i].state);
		out_cell(&t, rows[i].reach);
		out_cell(&t, rows[i].finding ? rows[i].finding->text : rows[i].note);
	}
	out_table_end(&t);
	return CLI_DONE;
}

int
cmd_interface_set(struct cli *c)
{
	struct diags d = {0};

	if (!ses_if_set(c->s, (const char *const *)c->v, (size_t)c->n, &d))
		return cli_refuse(&d);
	cli_warn(&d);
	return cli_write(c, _("Nothing to do: Postfix listens there already."));
}
