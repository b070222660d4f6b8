/* SPDX-License-Identifier: MIT
 *
 * The first rung: postconf reads the files on disk. What it says of the parameters that
 * the other rungs go by is kept, so that they judge what runs and no edit that waits.
 */
#include "session/verify_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/params.h"

static const char *const names[] = {"alias_maps", "disable_dns_lookups", "inet_protocols",
	"maillog_file", "message_size_limit", "mydestination", "mydomain", "myhostname",
	"mynetworks", "myorigin", "relayhost", "sendmail_path", "smtp_dns_support_level",
	"smtp_enforce_tls", "smtp_helo_name", "smtp_helo_timeout", "smtp_host_lookup",
	"smtp_sasl_auth_enable", "smtp_sasl_password_maps", "smtp_sasl_security_options",
	"smtp_tls_CAfile", "smtp_tls_CApath", "smtp_tls_policy_maps",
	"smtp_tls_security_level", "smtp_tls_wrappermode", "smtp_use_tls", NULL};

const char *
vr_value(struct verify *v, const char *name)
{
	struct sv value;

	if (!v->conf_known || !svc_conf_value(str_sv(&v->conf), name, &value))
		return "";
	return arena_sv(&vr_now(v)->texts, value);
}

bool
vr_is_yes(struct verify *v, const char *name)
{
	return strcmp(vr_value(v, name), "yes") == 0;
}

bool
vr_may_act(struct session *s, struct verify *v)
{
	struct diags d = {0};
	struct svc svc;
	bool safe;

	session_svc(s, &svc);
	safe = svc_folder_safe(&svc, NULL, &d);
	if (!safe) {
		vr_say(v, d.n ? d.v[0].text : "", d.n ? d.v[0].hint : NULL);
		vr_end(v, SES_RUNG_WARN, "%s", _("can't be tried"));
	}
	diag_clear(&d);
	return safe;
}

/* The aliases file is read by the session itself; that there is none is no fault. */
static bool
aliases_readable(struct session *s, struct verify *v)
{
	struct diags d = {0};
	bool good = ses_readable(s, true, &d);

	for (size_t i = 0; !good && i < d.n; i++) {
		if (d.v[i].code == DIAG_AL_NO_FILE || d.v[i].sev != SEV_ERROR)
			continue;
		vr_say(v, d.v[i].text, d.v[i].hint);
		vr_where(v, "aliases", NULL);
		diag_clear(&d);
		return false;
	}
	diag_clear(&d);
	return true;
}

bool
vr_says_client(struct session *s, struct verify *v)
{
	const struct diags *d = v->edited ? NULL : ses_findings(s);

	/* The set-up's probe looks for nothing else meanwhile. */
	for (size_t i = 0; d && i < d->n; i++) {
		if (d->v[i].code != DIAG_NH_CLIENT)
			continue;
		vr_say(v, d->v[i].text, d->v[i].hint);
		vr_where(v, "relayhost", NULL);
		return true;
	}
	return false;
}

static void
end_files(struct session *s, struct verify *v)
{
	if (!aliases_readable(s, v))
		vr_end(v, SES_RUNG_FAILED, "%s", _("the aliases can't be read"));
	else if (v->changed)
		vr_end(v, SES_RUNG_WARN, "%s", _("changed on disk since they were read"));
	else if (vr_says_client(s, v))
		vr_end(v, SES_RUNG_WARN, "%s", _("master.cf goes before main.cf"));
	else
		vr_end(v, SES_RUNG_OK, "%s", "");
	if (v->changed && vr_now(v)->state == SES_RUNG_WARN)
		vr_say(v, _("A file is another one now than the one that you edit."),
			_("Apply or drop your changes, then look again."));
}

static void
took_values(struct session *s, struct verify *v, struct run_res *res)
{
	struct sv first = svc_said_first(str_sv(&res->err)), unused;

	if (res->end == RUN_EXITED && res->code == 0 &&
		svc_conf_value(str_sv(&res->out), "myhostname", &unused)) {
		str_free(&v->conf);
		v->conf = res->out;
		res->out = (struct str){0};
		v->conf_known = true;
		end_files(s, v);
		return;
	}
	vr_word(v, "postfix: %.*s", (int)first.n, first.n ? first.p : "");
	vr_say_keys(v,
		_("Postfix can't read its settings: every program of it ends with this."),
		_("The Parameters screen shows the line; n goes there."));
	vr_where(v, "params", NULL);
	vr_end(v, SES_RUNG_FAILED, "%s", _("can't be read"));
}

void
vr_take_edits(struct session *s, struct verify *v)
{
	str_clear(&v->conf);
	for (size_t i = 0; names[i]; i++) {
		const char *value = ses_param_expanded(s, names[i]);

		if (value)
			str_addf(&v->conf, "%s = %s\n", names[i], value);
	}
	if (!ses_param_expanded(s, "myhostname")) {
		struct ses_status status;

		ses_status(s, &status);
		str_addf(&v->conf, "myhostname = %s\n", status.host);
	}
	v->conf_known = true;
}

void
vr_begin_files(struct session *s, struct verify *v)
{
	char *prog = str_format("%s/postconf", s->set->command_dir);
	const char *argv[4 + sizeof(names) / sizeof(names[0])] = {
		prog, "-c", s->config_dir};
	const struct run_req req = {.argv = argv};
	unsigned version = session_version(s);
	size_t n = 3;

	v->conf_known = false;
	if (!version || version >= 210) /* -x is younger than 2.9 */
		argv[n++] = "-x";
	for (size_t i = 0; names[i]; i++)
		argv[n++] = names[i];
	(void)vr_run(s, v, &req, took_values);
	free(prog);
}
