/* SPDX-License-Identifier: MIT
 *
 * Ending what an apply that died has left. Files that are all new were never seen to
 * work: the journal, and the old files beside them, stay until Postfix has been looked
 * at, and where it is not well the old ones come back. So a recovery that dies itself
 * leaves the same work to the next one. Where Postfix ran and can't be looked at, since
 * the machine is only starting, the old ones come back as well: with those it did run.
 */
#include <stdlib.h>

#include "apply/apply_parts.h"
#include "base/i18n.h"

/* A person sees what was wrong, but it is not so any more. */
static void
soften(struct diags *d, size_t from)
{
	for (size_t i = from; i < d->n; i++)
		if (d->v[i].sev == SEV_ERROR)
			d->v[i].sev = SEV_WARN;
}

static bool
bring_up(struct work *k, enum txn_found found)
{
	bool old = found == TXN_UNDONE;

	return apply_bring_up(
		k, old ? &k->req->before : &k->req->after, apply_must_restart(k));
}

/* True when files and Postfix agree in the end; *found may become TXN_UNDONE. */
static bool
settle(struct work *k, enum txn_found *found)
{
	struct diags *d = &k->out->findings;
	size_t from = d->n;
	bool well = bring_up(k, *found);

	if (well || *found != TXN_FINISHED)
		return well;
	if (!txn_put_back(k->txn, d))
		return false;
	*found = TXN_UNDONE;
	well = bring_up(k, *found);
	if (well)
		soften(d, from);
	return well;
}

/* The same without a look at Postfix. */
static bool
settle_unseen(struct work *k, enum txn_found *found)
{
	bool seen = k->in.service != SVC_RUNNING; /* there was nothing to see */

	k->in.service = SVC_STOPPED;
	if (*found == TXN_FINISHED && !seen) {
		if (!txn_put_back(k->txn, &k->out->findings))
			return false;
		*found = TXN_UNDONE;
	}
	return bring_up(k, *found);
}

static int
tell(bool well, bool no_service, enum txn_found found, struct diags *d)
{
	txn_recover_tell(found, d);
	if (well)
		return APPLY_DONE;
	if (no_service)
		diag_add(d, SEV_ERROR, DIAG_APPLY_UNDONE, NULL,
			_("Look at what is said above, and start postrelay once Postfix "
			  "runs."),
			_("An earlier apply was cut off, and not all of it could be "
			  "settled."));
	else
		diag_add(d, SEV_ERROR, DIAG_PF_UNHEALTHY, NULL,
			_("Look at what Postfix says above, and at its log."),
			_("An earlier apply was cut off, and Postfix is not well now."));
	return APPLY_NEEDS_PERSON;
}

/* Does anything follow from the files, and may we do it? */
static bool
is_ours(struct work *k, const struct memo *m)
{
	enum svc_state state =
		svc_state(k->req->svc, &k->master, &k->whose, &k->out->findings);

	return m->plan.acts && (state == SVC_RUNNING || state == SVC_STOPPED);
}

/* True when Postfix needs nothing, or is well in the end. */
static bool
end(struct work *k, struct txn_recovered *r, struct memo *m, bool no_service)
{
	if (!is_ours(k, m)) {
		k->in.service = SVC_STOPPED; /* it isn't looked at */
		return true;
	}
	if (no_service)
		return settle_unseen(k, &r->found);
	k->unit = svc_unit(k->req->svc, &k->master);
	svc_log_mark(k->req->svc, m->after.maillog_file, &k->mark);
	return settle(k, &r->found);
}

/* The history tells what came of it, before the journal goes. */
static void
note_end(const struct work *k, enum txn_found found, bool well)
{
	if (found == TXN_UNDONE)
		hist_settle(k->txn, HIST_PUT_BACK);
	else if (found == TXN_FINISHED && !well)
		hist_settle(k->txn, HIST_ILL);
	else if (found == TXN_FINISHED)
		hist_settle(k->txn,
			k->in.service == SVC_RUNNING ? HIST_HEALTHY : HIST_WRITTEN);
}

int
apply_recover(const struct apply_recovery *how, struct diags *d)
{
	const struct world *w = how->svc->world;
	const struct txn_env env = {
		w->fs, w->clock, how->state_dir, how->svc->config_dir};
	struct apply_result out = {0};
	struct svc held = *how->svc;
	struct apply_req req = {.svc = &held,
		.state_dir = how->state_dir,
		.log_ms = how->log_ms,
		.sendmail = how->sendmail};
	struct work k = {.req = &req, .out = &out};
	struct txn_recovered r;
	struct memo m;
	bool well;

	k.txn = txn_recover_begin(&env, how->wish, &r, d);
	if (!k.txn) {
		/* Without a transaction there are no actions to be freed. */
		return r.found == TXN_ASK    ? APPLY_NEEDS_PERSON
		       : r.found == TXN_BUSY ? APPLY_NOT_NOW
					     : APPLY_DONE;
	}
	held.held = txn_held(k.txn);
	apply_memo_read(r.actions, r.rebuild, &m);
	req.before = m.before;
	req.after = m.after;
	if (r.found == TXN_KEPT) /* whatever the upstream says to it */
		req.after.probe_to = NULL;
	k.plan = m.plan;
	k.before = m.ill; /* and may grow */
	m.ill = (struct svc_health){0};
	k.way_before = m.way;
	k.in.service = r.ran ? SVC_RUNNING : SVC_STOPPED;
	well = end(&k, &r, &m, how->no_service);
	out.status = tell(well, how->no_service, r.found, d);
	diag_move(d, &out.findings);
	note_end(&k, r.found, well);
	if (!txn_end(k.txn, d))
		out.status = APPLY_NEEDS_PERSON;
	svc_health_free(&k.before);
	svc_health_free(&k.after);
	svc_log_free(&k.mark);
	free(k.whose);
	free(k.unit);
	apply_memo_free(&m);
	txn_recovered_free(&r);
	return out.status;
}
