/* SPDX-License-Identifier: MIT
 *
 * What is to be said of an answer as it stands, be it kept, proposed or given: the same
 * as while it was typed, and what the rules find in the files as they would be written.
 */
#include "session/setup_parts.h"

#include <stdlib.h>

#include "session/networks.h"

static bool
is_worse(const struct diag *a, const struct diag *b)
{
	return a && a->sev >= SEV_WARN && (!b || a->sev > b->sev);
}

/* What is wrong with a login is told of the parameter relayhost, but is not the host's.
 */
static bool
is_of_login(const struct diag *d)
{
	return strncmp(diag_code_name(d->code), "PR-AUTH-", 8) == 0;
}

static const struct diag *
param_finding(struct session *s, const char *name)
{
	const struct diags *d = ses_findings(s);
	const struct diag *worst = NULL;

	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].loc.param && strcmp(d->v[i].loc.param, name) == 0 &&
			!is_of_login(&d->v[i]) && is_worse(&d->v[i], worst))
			worst = &d->v[i];
	return worst;
}

static const struct diag *
alias_finding(struct session *s, const char *name)
{
	struct ses_alias al;
	uint32_t id;

	if (!ses_alias_find(s, name, &id) || !ses_alias_by_id(s, id, &al))
		return NULL;
	return is_worse(al.finding, NULL) ? al.finding : NULL;
}

static const struct diag *
client_finding(struct session *s, const char *text)
{
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(s, &rows);

	for (size_t i = 0; i < n; i++)
		if (rows[i].depth == 0 && !rows[i].removed && !rows[i].off &&
			strcmp(rows[i].text, text) == 0)
			return is_worse(rows[i].finding, NULL) ? rows[i].finding : NULL;
	return NULL;
}

const struct diag *
setup_row_finding(struct session *s, enum ses_setup_ask ask, const char *text)
{
	const struct diag *found = NULL;
	struct al_targets list = {0};
	char *name = NULL;

	(void)ses_findings(s); /* rows have none before */
	if (ask == SES_ANS_CLIENTS)
		return client_finding(s, text);
	if (ask == SES_ANS_ALIASES && setup_alias_parse(s, text, &name, &list, NULL))
		found = alias_finding(s, name);
	free(name);
	al_targets_free(&list);
	return found;
}

void
setup_verdict_of(
	struct session *s, const struct diag *finding, struct ses_setup_verdict *out)
{
	out->mark = finding->sev == SEV_ERROR ? '!' : finding->sev == SEV_WARN ? '?' : 0;
	out->text = arena_str(scratch(s), finding->text);
	out->hint = finding->hint ? arena_str(scratch(s), finding->hint) : "";
}

static const struct diag *
finding_of(struct session *s, enum ses_setup_ask ask)
{
	if (ask == SES_ANS_ROOT || ask == SES_ANS_POSTMASTER)
		return alias_finding(s, setup_def(ask)->id);
	return setup_param(ask) ? param_finding(s, setup_param(ask)) : NULL;
}

void
setup_said(struct session *s, enum ses_setup_ask ask, const char *value,
	struct ses_setup_verdict *out)
{
	bool secret = setup_def(ask)->kind == SES_Q_SECRET;
	const struct diag *found = NULL;

	ses_setup_judge(s, ask, secret ? "" : value, out);
	if (out->mark == 'k' || out->incomplete || (!out->mark && value[0]))
		*out = (struct ses_setup_verdict){.note = "", .text = "", .hint = ""};
	if (out->mark)
		out->note = value[0] ? "" : out->note;
	/* Only steps that were taken, and the open one, are in the files. */
	if (setup_def(ask)->step <= s->setup->at)
		found = finding_of(s, ask);
	if (found && (!out->mark || (out->mark == '?' && found->sev == SEV_ERROR)))
		setup_verdict_of(s, found, out);
}
