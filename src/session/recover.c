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
	struct svc svc;

	session_svc(s, &svc);
	return apply_recover(&svc, s->state_dir, wish_of(wish), s->set->log_ms, d);
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
