/* SPDX-License-Identifier: MIT
 *
 * relay show, set, unset: relayhost.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/params.h"
#include "session/relay.h"

static void
show_json(const struct ses_relay *r)
{
	json_t *doc = json_object(), *list = json_array();

	(void)json_object_set_new(doc, "set", json_boolean(r->set));
	out_json_set(doc, "relayhost", r->set ? r->raw : NULL);
	(void)json_object_set_new(doc, "line", json_integer(r->line));
	for (size_t i = 0; r->readable && i < r->n; i++) {
		json_t *obj = json_object();

		out_json_set(obj, "host", r->hops[i].host);
		out_json_set(obj, "port", r->hops[i].port[0] ? r->hops[i].port : "25");
		(void)json_object_set_new(obj, "mx", json_boolean(r->hops[i].mx));
		(void)json_array_append_new(list, obj);
	}
	(void)json_object_set_new(doc, "hosts", list);
	(void)json_object_set_new(
		doc, "finding", r->finding ? out_json_finding(r->finding) : json_null());
	out_json_end(doc);
}

static void
show_hop(const struct ses_hop *h)
{
	const char *port = h->port[0] ? h->port : "25";

	if (h->is_address)
		out_line(_("  to %s, port %s"), h->host, port);
	else if (h->mx)
		out_line(_("  to the mail servers (MX) of %s, port %s"), h->host, port);
	else
		out_line(_("  to %s itself, port %s"), h->host, port);
}

int
cmd_relay_show(struct cli *c)
{
	struct ses_relay r = {0};
	struct str finding = {0};

	(void)ses_findings(c->s); /* else the view has none */
	ses_relay_get(c->s, &r);
	if (c->o->json) {
		show_json(&r);
		return CLI_DONE;
	}
	if (!r.set) {
		out_line(_("No relay host: mail leaves directly, each to its receiver's "
			   "host."));
		return CLI_DONE;
	}
	out_line("relayhost = %s", r.raw);
	for (size_t i = 0; r.readable && i < r.n; i++)
		show_hop(&r.hops[i]);
	if (r.finding)
		cli_format(r.finding, &finding);
	out_text(stderr, str_sv(&finding));
	str_free(&finding);
	return CLI_DONE;
}

/* The value that what was typed stands for; NULL (with a finding) when there is none. */
static char *
written(struct cli *c, struct diags *d)
{
	struct ses_relay_verdict v = {0};

	ses_relay_judge(c->s, c->v[0], c->o->mx, &v);
	if (v.empty || (!v.good && v.sev == SEV_ERROR) || !v.written || !v.written[0]) {
		diag_add(d, SEV_ERROR, DIAG_NH_SYNTAX, NULL,
			v.hint && v.hint[0] ? v.hint : NULL, "%s",
			v.text && v.text[0] ? v.text
					    : _("This names no host to hand mail to."));
		return NULL;
	}
	if (!v.good)
		diag_add(d, v.sev, DIAG_NH_SYNTAX, NULL,
			v.hint && v.hint[0] ? v.hint : NULL, "%s", v.text);
	return mem_strdup(v.written);
}

int
cmd_relay_set(struct cli *c)
{
	struct diags d = {0};
	struct ses_param now = {0};
	char *value = written(c, &d);
	bool good = value != NULL;

	if (good) {
		(void)ses_param_get(c->s, "relayhost", &now);
		if (now.origin != SES_FROM_FILE || strcmp(now.value, value) != 0)
			good = ses_param_set(c->s, "relayhost", value, &d);
	}
	free(value);
	if (!good)
		return cli_refuse(&d);
	cli_warn(&d);
	return cli_write(c, _("Nothing to do: mail goes there already."));
}

int
cmd_relay_unset(struct cli *c)
{
	struct diags d = {0};
	struct ses_relay r = {0};

	ses_relay_get(c->s, &r);
	if (r.set && !ses_relay_unset(c->s, &d))
		return cli_refuse(&d);
	cli_warn(&d);
	return cli_write(c, _("Nothing to do: no relay host is set."));
}
