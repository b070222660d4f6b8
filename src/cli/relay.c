/* SPDX-License-Identifier: MIT
 *
 * relay show, set, unset: relayhost with login and TLS. A password is only ever read from
 * a file, and never printed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/login.h"
#include "session/params.h"
#include "session/relay.h"

static json_t *
json_login(const struct ses_login *l)
{
	json_t *obj = json_object();

	(void)json_object_set_new(obj, "on", json_boolean(l->on));
	out_json_set(obj, "user", l->stored ? l->user : NULL);
	out_json_set(obj, "kept_for", l->stored ? l->key : NULL);
	(void)json_object_set_new(obj, "found", json_boolean(l->fits));
	(void)json_object_set_new(obj, "password", json_boolean(l->has_password));
	out_json_set(obj, "file", l->stored ? l->file : NULL);
	return obj;
}

static json_t *
json_tls(const struct ses_tls *t)
{
	json_t *obj = json_object();

	out_json_set(obj, "level", t->level[0] ? t->level : "none");
	(void)json_object_set_new(obj, "wrappermode", json_boolean(t->wraps));
	out_json_set(obj, "ca", t->ca[0] ? t->ca : NULL);
	return obj;
}

static void
show_json(const struct ses_relay *r, const struct ses_login *l, const struct ses_tls *t)
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
	(void)json_object_set_new(doc, "login", json_login(l));
	(void)json_object_set_new(doc, "tls", json_tls(t));
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

static void
show_login(const struct ses_login *l)
{
	if (!l->on)
		out_line(_("  no login"));
	else if (l->stored && l->fits)
		out_line(_("  login as %s, kept for %s in %s"), l->user, l->key, l->file);
	else if (l->stored)
		out_line(_("  no login: the password of %s is kept for %s in %s"),
			l->user, l->key, l->file);
	else if (l->unread)
		out_line(_("  login unknown: you may not read %s"), l->file);
	else if (!l->file && l->maps[0])
		out_line(_("  login by what %s says"), l->maps);
	else
		out_line(_("  no login: no password is kept for this host"));
}

static void
show_tls(const struct ses_tls *t)
{
	const char *words = ses_tls_words(t->level);

	if (words && t->level[0])
		out_line(_("  TLS %s (%s)"), words, t->level);
	else
		out_line(_("  TLS %s"), words ? words : t->level);
	if (t->wraps)
		out_line(_("  TLS from the first byte"));
	if (t->ca[0])
		out_line(_("  certificates by %s"), t->ca);
}

int
cmd_relay_show(struct cli *c)
{
	struct ses_relay r = {0};
	struct ses_login login;
	struct ses_tls tls;
	struct str finding = {0};

	(void)ses_findings(c->s); /* else the view has none */
	ses_relay_get(c->s, &r);
	ses_login_get(c->s, &login);
	ses_tls_get(c->s, &tls);
	if (c->o->json) {
		show_json(&r, &login, &tls);
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
	show_login(&login);
	show_tls(&tls);
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

/* The command names the only host: spare ones go with that, which is easily forgotten. */
static void
tell_spares(struct cli *c, const char *value, struct diags *d)
{
	struct ses_relay r = {0};
	struct str gone = {0};

	ses_relay_get(c->s, &r);
	for (size_t i = 1; i < r.n; i++)
		str_addf(&gone, "%s%s", gone.n ? ", " : "", r.hops[i].host);
	if (gone.n)
		diag_add(d, SEV_WARN, DIAG_USAGE, NULL,
			_("Name all of them: postrelay set relayhost=\"FIRST, SPARE\"."),
			_("Only %s takes mail from now on: the spare relay hosts go "
			  "(%s)."),
			value, str_c(&gone));
	str_free(&gone);
}

static bool
put_host(struct cli *c, struct diags *d)
{
	struct ses_param now = {0};
	char *value = written(c, d);
	bool good = value != NULL;

	if (good) {
		(void)ses_param_get(c->s, "relayhost", &now);
		if (now.origin != SES_FROM_FILE || strcmp(now.value, value) != 0) {
			tell_spares(c, value, d);
			good = ses_relay_put(c->s, value, d);
		}
	}
	free(value);
	return good;
}

static bool
put_login(struct cli *c, const char *password, struct diags *d)
{
	struct ses_login now;

	if (!c->o->user && !c->o->password_file)
		return true;
	ses_login_get(c->s, &now);
	if (!c->o->user && !now.stored)
		return diag_add(d, SEV_ERROR, DIAG_USAGE, NULL,
			_("Name the user with --user."),
			_("No login is kept for this host, so the password would have no "
			  "user."));
	if (!c->o->password_file && !now.has_password)
		return diag_add(d, SEV_ERROR, DIAG_USAGE, NULL,
			_("Give it with --password-file FILE, or - for standard input."),
			_("No password is kept for this host, so the login would fail."));
	return ses_login_set(c->s, c->o->user, password, d);
}

int
cmd_relay_set(struct cli *c)
{
	struct diags d = {0};
	struct str password = {0};
	bool good = !c->o->password_file ||
		    cli_read_password(c->o->password_file, &password, &d);

	ses_begin(c->s, _("relay host"));
	good = good && put_host(c, &d) &&
	       put_login(c, c->o->password_file ? str_c(&password) : NULL, &d) &&
	       (!c->o->tls || ses_tls_set_level(c->s, c->o->tls, &d));
	ses_end(c->s);
	str_wipe(&password);
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
