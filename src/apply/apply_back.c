/* SPDX-License-Identifier: MIT
 *
 * The way back. Files come first and by file operations alone: with a bad
 * inet_interfaces even `postfix stop` dies. Then Postfix is brought to the old files, and
 * looked at like after any change. After "bad command startup -- throttling" master lets
 * a service rest for a minute, reload or not, so then it is stopped and started, and also
 * where there is no log that could tell.
 */
#include "apply/apply_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

/* The steps of it; those that aren't needed are NO_STEP. */
struct way {
	int files, stop, serve, ask, log;
	int *build; /* of plan.v[i] */
};

static const struct way no_steps = {NO_STEP, NO_STEP, NO_STEP, NO_STEP, NO_STEP, NULL};

static bool
is_build(enum plan_act act)
{
	return act == PLAN_POSTMAP || act == PLAN_POSTALIAS || act == PLAN_NEWALIASES;
}

static bool
is_throttled(const struct work *k)
{
	struct str news = {0};
	bool yes;

	svc_log_since(k->req->svc, &k->mark, &news);
	yes = sv_find_sv(str_sv(&news), sv_of("-- throttling")) >= 0;
	str_free(&news);
	return yes;
}

bool
apply_must_restart(const struct work *k)
{
	return plan_has(&k->plan, PLAN_STOP) || is_throttled(k) ||
	       (!k->mark.path && k->after.n > 0);
}

static bool
is_running(const struct work *k)
{
	struct svc_master m;

	svc_quick_state(k->req->svc, &m);
	return m.state == SVC_RUNNING;
}

/* What is logged from now on is of the files as they are now. */
static void
mark_again(struct work *k, const struct apply_place *at)
{
	svc_log_free(&k->mark);
	svc_log_mark(k->req->svc, at->maillog_file, &k->mark);
}

/* --- Postfix follows the files ---------------------------------------------------------
 */

static bool
build_all(struct work *k, const int *steps)
{
	bool ok = true;

	for (size_t i = 0; i < k->plan.n; i++)
		if (is_build(k->plan.v[i].act) && (!steps || steps[i] != NO_STEP))
			ok = apply_build(k, i, steps ? steps[i] : NO_STEP, false) && ok;
	return ok;
}

/* A reload hits daemons that are still about the files of before: what they say while it
 * is done counts only against new files. */
static bool
serve(struct work *k, const struct apply_place *at, bool restart, const struct way *w)
{
	bool ok, start = !is_running(k);

	if (!start && restart)
		start = apply_act(k, w->stop, SVC_STOP);
	if (start) {
		mark_again(k, at);
		return apply_act(k, w->serve, SVC_START);
	}
	ok = apply_act(k, w->serve, SVC_RELOAD) && !restart;
	if (at == &k->req->before)
		mark_again(k, at);
	return ok;
}

static bool
bring_up(struct work *k, const struct apply_place *at, bool restart, const struct way *w)
{
	bool ok = build_all(k, w->build);

	if (k->woken && is_running(k)) /* it was down before, with these files */
		return apply_act(k, w->stop, SVC_STOP) && ok;
	if (k->in.service != SVC_RUNNING)
		return ok;
	ok = serve(k, at, restart, w) && ok;
	return apply_look(k, at, w->ask, NO_STEP, w->log) && ok;
}

bool
apply_bring_up(struct work *k, const struct apply_place *at, bool restart)
{
	return bring_up(k, at, restart, &no_steps);
}

/* --- the steps -------------------------------------------------------------------------
 */

static char *
files_text(const struct work *k)
{
	char *names = apply_file_names(k);
	char *text = str_format(_("%s as before (byte for byte)"), names);

	free(names);
	return text;
}

/* Tables that were built, or begun, for the new files. */
static int *
lay_out_builds(struct work *k)
{
	int *steps = mem_new(k->plan.n + 1, sizeof *steps);

	for (size_t i = 0; i < k->plan.n; i++) {
		const struct plan_action *a = &k->plan.v[i];

		steps[i] = NO_STEP;
		if (is_build(a->act) && !k->is_aside[i] &&
			k->steps[k->action[i]].state != APPLY_WAITS)
			steps[i] = apply_add_step(k, apply_action_text(a));
	}
	return steps;
}

static void
lay_out(struct work *k, bool restart, struct way *w)
{
	int heading = apply_add_step(k, mem_strdup(_("putting back")));
	bool runs = is_running(k);

	k->steps[heading].state = APPLY_BACK;
	apply_tell(k, heading);
	*w = no_steps;
	w->files = apply_add_step(k, files_text(k));
	w->build = lay_out_builds(k);
	if (!apply_looks(k))
		return;
	if (runs && (restart || k->woken))
		w->stop = apply_add_step(k, mem_strdup(_("stop Postfix")));
	if (k->woken)
		return;
	w->serve = apply_add_step(k,
		mem_strdup(runs && !restart ? _("reload Postfix") : _("start Postfix")));
	w->ask = apply_add_step(k, apply_ask_text(&k->req->before));
	w->log = apply_add_step(k, mem_strdup(_("log read")));
}

/* --- the whole -------------------------------------------------------------------------
 */

static void
tell_back(struct work *k, bool wished)
{
	diag_add(&k->out->findings, SEV_NOTE, DIAG_APPLY_BACK, NULL, NULL,
		wished ? _("It was put back, as wished: every file is as it was before.")
		       : _("Everything was put back: every file is as it was before."));
}

static int
tell_ill(struct work *k)
{
	diag_add(&k->out->findings, SEV_ERROR, DIAG_APPLY_BACK, NULL,
		_("Look at what Postfix says above, and at its log."),
		_("The old files are back, but Postfix is not well with them either."));
	return APPLY_NEEDS_PERSON;
}

/* Somebody must look at the files; until then at least a stopped Postfix runs again. */
static int
stay_here(struct work *k)
{
	if (k->stopped)
		apply_act(k, NO_STEP, SVC_START);
	return APPLY_NEEDS_PERSON;
}

static bool
put_files_back(struct work *k, int step)
{
	size_t from = k->out->findings.n;

	apply_begin(k, step);
	k->out->put_back = txn_put_back(k->txn, &k->out->findings);
	apply_end(k, step, k->out->put_back, from);
	return k->out->put_back;
}

int
apply_go_back(struct work *k, bool wished)
{
	bool restart = apply_must_restart(k);
	struct way w;
	bool ok;

	lay_out(k, restart, &w);
	ok = put_files_back(k, w.files);
	if (ok && apply_looks(k))
		ok = bring_up(k, &k->req->before, restart, &w);
	else if (ok)
		ok = build_all(k, w.build);
	free(w.build);
	if (k->cut_from && !k->woken)
		k->out->cut_off_ms = apply_now_ms(k) - k->cut_from;
	if (!k->out->put_back)
		return stay_here(k);
	if (!ok)
		return tell_ill(k);
	tell_back(k, wished);
	return wished ? APPLY_NOT_NOW : APPLY_PUT_BACK;
}
