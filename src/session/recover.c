/* SPDX-License-Identifier: MIT
 *
 * Ending what an apply that died has left, as far as a session is concerned: when it is
 * done, and how it is told. Everything found and done is told.
 */
#include "apply/apply.h"
#include "base/i18n.h"
#include "session/review_view.h"

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
	struct arena texts = {0};
	struct svc svc;
	int status;
	const struct apply_recovery how = {.svc = &svc,
		.state_dir = s->state_dir,
		.wish = wish_of(wish),
		.sendmail = way_sendmail(s, &texts),
		.log_ms = s->set->log_ms,
		.no_service = s->no_service};

	session_svc(s, &svc);
	status = apply_recover(&how, d);
	arena_free(&texts);
	return status;
}

static bool
tell_applying(struct diags *d)
{
	return diag_add(d, SEV_WARN, DIAG_FILE_BUSY, NULL,
		_("Read the files again once that has ended."),
		_("Somebody is applying changes right now: files may be old or new, and "
		  "Postfix may be restarting."));
}

bool
ses_began_while_applied(const struct session *s, struct diags *d)
{
	if (s->start_busy)
		tell_applying(d);
	return s->start_busy;
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
	if (d->n == before && status == APPLY_NOT_NOW)
		tell_applying(d);
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
