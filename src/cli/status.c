/* SPDX-License-Identifier: MIT
 *
 * status: what runs, and from which files.
 */
#include <time.h>

#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/session.h"

static const char *
service_word(enum ses_service service)
{
	switch (service) {
	case SES_RUNNING:
		return "running";
	case SES_STOPPED:
		return "stopped";
	case SES_FOREIGN:
		return "foreign";
	case SES_NOT_INSTALLED:
		return "not-installed";
	case SES_HIDDEN:
	case SES_UNKNOWN:
		break;
	}
	return "unknown";
}

static const char *
service_sentence(enum ses_service service)
{
	switch (service) {
	case SES_RUNNING:
		return _("running");
	case SES_STOPPED:
		return _("stopped");
	case SES_FOREIGN:
		return _(
			"a Postfix with another configuration folder runs on this queue");
	case SES_NOT_INSTALLED:
		return _("Postfix is not installed");
	case SES_HIDDEN:
		return _("not known: only root can see whether Postfix runs");
	case SES_UNKNOWN:
		break;
	}
	return _("not known");
}

static void
show_json(const struct ses_status *st)
{
	json_t *doc = json_object();

	out_json_set(doc, "host", st->host);
	out_json_set(doc, "version", st->version && st->version[0] ? st->version : NULL);
	out_json_set(doc, "service", service_word(st->service));
	(void)json_object_set_new(
		doc, "since", st->since ? json_integer(st->since) : json_null());
	(void)json_object_set_new(
		doc, "older_settings", json_boolean(st->older_settings));
	out_json_set(doc, "config_dir", st->config_dir);
	out_json_set(doc, "main_cf", st->main_cf);
	out_json_set(doc, "aliases", st->aliases);
	(void)json_object_set_new(doc, "read_only", json_boolean(st->read_only));
	out_json_set(doc, "why_read_only", st->why_read_only);
	(void)json_object_set_new(doc, "errors", json_integer((json_int_t)st->errors));
	(void)json_object_set_new(
		doc, "warnings", json_integer((json_int_t)st->warnings));
	out_json_end(doc);
}

static void
cell_row(struct out_table *t, const char *name, const char *value)
{
	out_cell(t, name);
	out_cell(t, value);
}

static void
show_service(struct out_table *t, const struct ses_status *st)
{
	struct str text = {0};
	struct tm tm;
	char when[32];

	str_add_cstr(&text, service_sentence(st->service));
	if (st->since && localtime_r(&st->since, &tm) &&
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm))
		str_addf(&text, _(", since %s"), when);
	if (st->older_settings)
		str_add_cstr(&text, _(", with older settings than the files have"));
	cell_row(t, _("Service"), str_c(&text));
	str_free(&text);
}

static void
show_table(const struct ses_status *st)
{
	struct out_table t = {.ncols = 2};
	struct str count = {0};

	cell_row(&t, _("Host"), st->host);
	cell_row(&t, "Postfix",
		st->version && st->version[0] ? st->version : _("not known"));
	show_service(&t, st);
	cell_row(&t, _("Folder"), st->config_dir);
	cell_row(&t, "main.cf", st->main_cf);
	cell_row(&t, _("Aliases"),
		st->aliases ? st->aliases : _("alias_database names no file"));
	str_addf(&count, P_("%zu error", "%zu errors", st->errors), st->errors);
	str_add_cstr(&count, ", ");
	str_addf(&count, P_("%zu warning", "%zu warnings", st->warnings), st->warnings);
	cell_row(&t, _("Findings"), str_c(&count));
	str_free(&count);
	if (st->read_only)
		cell_row(&t, _("Read-only"), st->why_read_only);
	out_table_end(&t);
}

int
cmd_status(struct cli *c)
{
	struct ses_status st = {0};

	/* For the version; "not installed" is an answer, too. */
	(void)ses_wait(c->s, SES_ASK_DEFAULTS, NULL);
	ses_status(c->s, &st);
	if (c->o->json)
		show_json(&st);
	else
		show_table(&st);
	return CLI_DONE;
}
