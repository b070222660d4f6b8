/* SPDX-License-Identifier: MIT
 *
 * What master.cf gives the smtp client itself ("-o NAME=VALUE" of the transport that
 * hands mail on): it goes before main.cf, so that login and TLS aren't what main.cf says.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "check/maincf.h"
#include "model/mastercf.h"

static const char *const MAPS = "smtp_sasl_password_maps";

static const char *const names[] = {"smtp_sasl_auth_enable", "smtp_sasl_password_maps",
	"smtp_sasl_security_options", "smtp_sasl_tls_security_options",
	"smtp_tls_security_level", "smtp_tls_wrappermode", "smtp_tls_policy_maps",
	"smtp_tls_CAfile", "smtp_tls_CApath"};

static bool
is_none(struct sv v)
{
	return !v.n || sv_eq_fold(v, sv_of("no")) || sv_eq_fold(v, sv_of("none"));
}

/* Does main.cf say the same? */
static bool
is_same(struct chk_run *run, const char *name, const char *own)
{
	struct sv here = chk_value_of(run, name), there;

	if (chk_expand(run, sv_of(own), &there) != CFX_OK)
		return false;
	there = sv_trim(there);
	return sv_eq_fold(here, there) || (is_none(here) && is_none(there));
}

/* "NAME = VALUE, ..." of what differs; the first name, or NULL. */
static const char *
list_own(struct chk_run *run, const struct mcs_service *service, struct str *out)
{
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *own = mcs_option(service, sv_of(names[i]));

		if (!own || is_same(run, names[i], own))
			continue;
		first = first ? first : names[i];
		str_addf(out, "%s%s = %s", out->n ? ", " : "", names[i],
			names[i] == MAPS ? "****" : own); /* may hold a password */
	}
	return first;
}

static void
judge_service(struct chk_run *run, struct sv master, const char *path, const char *name)
{
	struct diag_loc loc = {.file = path};
	struct mcs_service service;
	struct str list = {0};
	char *hint;

	if (!mcs_client(master, &run->texts, name, &service))
		return;
	loc.line = service.line;
	loc.param = list_own(run, &service, &list);
	hint = str_format(_("Take it out there: postconf -PX %s/unix/NAME"), name);
	if (loc.param)
		diag_add(run->out, SEV_WARN, DIAG_NH_CLIENT, &loc, hint,
			_("main.cf doesn't count here: for mail that leaves by \"%s\" "
			  "master.cf says %s."),
			name, str_c(&list));
	free(hint);
	str_free(&list);
}

/* The service of a transport, "smtp" of "smtp:[mail.example]". */
static const char *
service_of(struct chk_run *run, const char *transport)
{
	struct sv rest = chk_value_of(run, transport), name;

	return sv_token(&rest, ":", &name) ? arena_sv(&run->texts, sv_trim(name)) : "";
}

void
rule_client(struct chk_run *run)
{
	const char *usual = service_of(run, "default_transport"), *relay, *path;
	struct sv master;

	if (!run->env->read || !run->env->config_dir)
		return;
	path = arena_fmt(&run->texts, "%s/master.cf", run->env->config_dir);
	if (!run->env->read(run->env->ctx, path, &master))
		return;
	master = sv_of(arena_sv(&run->texts, master));
	usual = usual[0] ? usual : "smtp";
	judge_service(run, master, path, usual);
	relay = service_of(run, "relay_transport");
	if (chk_value_of(run, "relay_domains").n && relay[0] && strcmp(relay, usual) != 0)
		judge_service(run, master, path, relay);
}
