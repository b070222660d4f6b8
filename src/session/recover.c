/* SPDX-License-Identifier: MIT
 *
 * Ending what an apply that died has left. The files are finished or undone by their
 * hashes; then the actions that the journal names are run for the files as they are now,
 * if Postfix ran when that apply began. Everything found and done is told.
 */
#include <stdlib.h>

#include "apply/svc.h"
#include "apply/txn.h"
#include "base/i18n.h"
#include "session/review_view.h"

static bool
names(const char *actions, const char *action)
{
	struct sv rest = sv_of(actions ? actions : ""), one;

	while (sv_token(&rest, ";", &one))
		if (sv_starts(sv_trim(one), action))
			return true;
	return false;
}

/* "postmap hash:/etc/postfix/x" and the like: what was built may be of the other files.
 */
static bool
rebuild(const struct svc *svc, const char *actions, struct diags *d)
{
	struct sv rest = sv_of(actions ? actions : ""), one;
	bool good = true;

	while (sv_token(&rest, ";", &one)) {
		struct str typefile = {0};
		struct sv v = sv_trim(one);
		bool map = sv_starts(v, "postmap "), alias = sv_starts(v, "postalias ");

		if (map || alias) {
			str_add_sv(&typefile,
				sv_trim(sv_sub(v, (size_t)sv_find(v, ' '), v.n)));
			good = svc_build(svc, map ? SVC_POSTMAP : SVC_POSTALIAS,
				       str_c(&typefile), d) &&
			       good;
		} else if (sv_starts(v, "newaliases")) {
			good = svc_newaliases(svc, d) && good;
		}
		str_free(&typefile);
	}
	return good;
}

/* Bring the service to the files as they are now: it ran before. */
static bool
serve(const struct svc *svc, const char *actions, struct diags *d)
{
	struct svc_master m = {0};
	char *whose = NULL, *unit;
	enum svc_state state = svc_state(svc, &m, &whose, d);
	bool good;

	free(whose);
	if (state != SVC_RUNNING && state != SVC_STOPPED)
		return true;
	unit = svc_unit(svc, &m);
	if (state == SVC_STOPPED)
		good = svc_act(svc, SVC_START, &m, unit, d);
	else if (names(actions, "stop"))
		good = svc_act(svc, SVC_STOP, &m, unit, d) &&
		       svc_act(svc, SVC_START, &m, unit, d);
	else
		good = svc_act(svc, SVC_RELOAD, &m, unit, d);
	free(unit);
	return good;
}

static enum txn_wish
wish_of(enum ses_recover_wish wish)
{
	switch (wish) {
	case SES_RECOVER_KEEP:
		return TXN_KEEP;
	case SES_RECOVER_OLD:
		return TXN_OLD;
	case SES_RECOVER_AUTO:
		break;
	}
	return TXN_BY_HASH;
}

int
session_recover(struct session *s, enum ses_recover_wish wish, struct diags *d)
{
	struct txn_env env = {s->world.fs, s->world.clock, s->state_dir, s->config_dir};
	struct txn_recovered r = {0};
	struct svc svc;
	int status = 0;

	txn_recover(&env, wish_of(wish), &r, d);
	if (r.found == TXN_ASK)
		status = 5;
	else if (r.found == TXN_BUSY)
		status = 3;
	if (r.found == TXN_FINISHED || r.found == TXN_UNDONE || r.found == TXN_KEPT) {
		session_svc(s, &svc);
		if (svc_folder_safe(&svc, NULL, d) &&
			(!rebuild(&svc, r.actions, d) ||
				(r.ran && !serve(&svc, r.actions, d))))
			status = 5;
	}
	txn_recovered_free(&r);
	return status;
}

int
ses_recover(struct session *s, enum ses_recover_wish wish, struct diags *d)
{
	size_t before = d->n;
	int status;

	if (s->only_looks || s->dry_run)
		return diag_add(d, SEV_ERROR, DIAG_READ_ONLY, NULL,
			       _("Start it without -R and -n."),
			       _("Nothing is recovered: this session only looks."))
			       ? 0
			       : 3;
	if (s->read_only && !s->files[0]->loaded.exists)
		return diag_add(d, SEV_ERROR, DIAG_READ_ONLY, NULL, NULL, "%s",
			       s->why_read_only)
			       ? 0
			       : 3;
	status = session_recover(s, wish, d);
	/* Usually the start has done it already, just before. */
	if (d->n == before && ses_recovered(s)) {
		for (size_t i = 0; i < s->start.n; i++)
			diag_copy(d, &s->start.v[i]);
		status = s->start_status;
	}
	ses_reread(s, true, d);
	return status;
}

const struct diags *
ses_recovered(const struct session *s)
{
	for (size_t i = 0; i < s->start.n; i++)
		if (s->start.v[i].code == DIAG_APPLY_UNDONE)
			return &s->start;
	return NULL;
}
