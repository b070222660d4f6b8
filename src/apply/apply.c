/* SPDX-License-Identifier: MIT
 *
 * The order of an apply. The steps are laid out from the plan before the first runs, so
 * that a screen can show what is still to come; each function below is one step, and the
 * two halves meet at the swap: before it a failure leaves everything old, after it the
 * way on (apply_after.c) either ends well or turns into the way back (apply_back.c).
 */
#include "apply/apply.h"

#include <stdlib.h>

#include "apply/apply_parts.h"
#include "base/i18n.h"
#include "base/mem.h"

enum { LOG_MS = 2000, LOG_SHORT_MS = 300 };

/* --- before the swap -------------------------------------------------------------------
 */

static bool
lock(struct work *k)
{
	const struct txn_env env = {.fs = k->req->svc->world->fs,
		.clock = k->req->svc->world->clock,
		.state = k->req->state_dir,
		.conf_dir = k->req->svc->config_dir};
	struct diags *d = &k->out->findings;
	size_t from = d->n;
	bool ok;

	apply_begin(k, k->kind[STEP_LOCK]);
	k->txn = txn_begin(&env, k->want, k->nwant, d);
	if (k->txn)
		k->svc->held = txn_held(k->txn);
	ok = k->txn && txn_stage(k->txn, d);
	apply_end(k, k->kind[STEP_LOCK], ok, from);
	return ok;
}

static bool
take_bytes(void *ctx, const char *p, size_t n)
{
	str_add(ctx, p, n);
	return true;
}

/* There was no place to try the change, or no program could be started: a failure of the
 * machine, which says nothing about any main.cf. */
static bool
is_machines(const struct diag *d)
{
	return d->sev == SEV_ERROR && d->sys_errno != 0;
}

static bool
failed_machine(const struct diags *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (is_machines(&d->v[i]))
			return true;
	return false;
}

/* Does the main.cf that is there now have these mistakes too? Then the change didn't
 * bring them, and doesn't have to mend them: they become warnings. Both fail as well
 * where neither could be tried; that is no mistake of either. */
static void
forgive_old(struct work *k, const struct txn_want *want, bool act, struct diags *new)
{
	struct diags old = {0};
	struct str bytes = {0};

	if (want->loaded->exists && svc_slurp(k->req->svc, want->path, &bytes) &&
		!svc_judge(k->req->svc, k->req->state_dir, str_sv(&bytes), act, &old)) {
		for (size_t i = 0; i < new->n; i++)
			for (size_t j = 0; j < old.n; j++)
				if (!is_machines(&new->v[i]) &&
					svc_said_same(&new->v[i], &old.v[j]))
					new->v[i].sev = SEV_WARN;
	}
	diag_clear(&old);
	str_free(&bytes);
}

static bool
judge(struct work *k)
{
	const struct txn_want *want = apply_main_cf(k->req);
	bool act = k->in.service != SVC_UNSAFE;
	struct diags said = {0};
	struct str bytes = {0};
	size_t from = k->out->findings.n;
	bool ok, tried;

	if (k->kind[STEP_JUDGE] == NO_STEP)
		return true;
	apply_begin(k, k->kind[STEP_JUDGE]);
	want->emit(want->src, take_bytes, &bytes);
	ok = svc_judge(k->req->svc, k->req->state_dir, str_sv(&bytes), act, &said);
	tried = true;
	if (!ok) {
		forgive_old(k, want, act, &said);
		ok = !diag_has_error(&said);
		tried = !failed_machine(&said);
		diag_move(&k->out->findings, &said);
	}
	/* Warnings about a file that Postfix takes were there in Review already. */
	diag_clear(&said);
	str_free(&bytes);
	if (ok)
		apply_retext(
			k, k->kind[STEP_JUDGE], _("candidate read by Postfix, no error"));
	apply_end(k, k->kind[STEP_JUDGE], ok, from);
	if (!ok && tried)
		diag_add(&k->out->findings, SEV_ERROR, DIAG_APPLY_HELD, NULL,
			_("Mend what Postfix says, then apply again."),
			_("Nothing is written: Postfix would not take the new main.cf."));
	return ok;
}

static void
look_before(struct work *k)
{
	struct svc_health_req ask = {.addrs = k->req->before.addrs,
		.naddrs = k->req->before.naddrs,
		.maillog_file = k->req->before.maillog_file,
		.log_ms = LOG_SHORT_MS};
	const struct svc *svc = k->req->svc;
	const char *words;
	struct apply_step *step;

	if (k->kind[STEP_BEFORE] == NO_STEP) {
		svc_log_mark(svc, k->req->after.maillog_file, &k->mark);
		return;
	}
	apply_begin(k, k->kind[STEP_BEFORE]);
	svc_log_mark(svc, ask.maillog_file, &k->mark);
	svc_health_ask(svc, &ask, &k->mark, &k->before);
	if (k->kind[STEP_WAY] != NO_STEP && k->req->before.probe_to)
		apply_ask_way(k, &k->req->before, &k->way_before);
	/* Master tells of a daemon that died a second later; that must not be news. */
	if (k->before.n || k->way_before.way == SVC_WAY_DIES)
		ask.log_ms = LOG_MS;
	svc_health_log(svc, &ask, &k->mark, &k->before);
	svc_log_free(&k->mark);
	svc_log_mark(svc, k->req->after.maillog_file, &k->mark);
	words = k->before.n ? k->before.v[0].words : svc_way_ill(&k->way_before);
	step = &k->steps[k->kind[STEP_BEFORE]];
	step->said = mem_strdup(words);
	step->state = words ? APPLY_DOUBT : APPLY_OK;
	step->ms = apply_now_ms(k) - k->began;
	apply_tell(k, k->kind[STEP_BEFORE]);
}

static bool
is_wished_back(struct work *k)
{
	if (!apply_is_wished(k, false))
		return false;
	diag_add(&k->out->findings, SEV_NOTE, DIAG_APPLY_HELD, NULL, NULL,
		_("Nothing is written: it was put back, as wished."));
	return true;
}

/* After a stop that turned out to be for nothing. */
static bool
start_again(struct work *k)
{
	if (!k->stopped)
		return true;
	return apply_act(k, NO_STEP, SVC_START);
}

static bool
arm(struct work *k)
{
	struct str memo = {0};
	bool ok;

	apply_memo_write(k, &memo);
	ok = txn_arm(
		k->txn, str_c(&memo), k->in.service == SVC_RUNNING, &k->out->findings);
	str_free(&memo);
	return ok;
}

static bool
stop(struct work *k)
{
	/* The plan begins with it. */
	return !plan_has(&k->plan, PLAN_STOP) || apply_act(k, k->action[0], SVC_STOP);
}

static bool
swap(struct work *k)
{
	size_t from = k->out->findings.n;
	bool ok;

	apply_begin(k, k->kind[STEP_SWAP]);
	ok = txn_swap(k->txn, &k->out->findings);
	apply_end(k, k->kind[STEP_SWAP], ok, from);
	return ok;
}

/* --- the whole -------------------------------------------------------------------------
 */

static bool
has_code(const struct diags *d, enum diag_code code)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].code == code && d->v[i].sev == SEV_ERROR)
			return true;
	return false;
}

static int
first_half(struct work *k)
{
	if (!lock(k))
		return APPLY_NOT_NOW;
	if (!judge(k) || !apply_aside_build(k))
		return failed_machine(&k->out->findings) ? APPLY_NOT_NOW : APPLY_NO;
	look_before(k);
	if (is_wished_back(k) || !apply_keep(k) || !arm(k) || !stop(k))
		return APPLY_NOT_NOW;
	if (is_wished_back(k) || !swap(k))
		return start_again(k) ? APPLY_NOT_NOW : APPLY_NEEDS_PERSON;
	return APPLY_DONE;
}

static void
keep_ids(struct work *k)
{
	k->out->written = true;
	k->out->nids = k->req->nwant;
	k->out->ids = mem_new(k->req->nwant, sizeof *k->out->ids);
	for (size_t i = 0; i < k->req->nwant; i++)
		k->out->ids[i] = *txn_new_id(k->txn, i);
}

static int
second_half(struct work *k)
{
	bool wished;

	if (!apply_forward(k, &wished))
		return apply_go_back(k, wished);
	keep_ids(k);
	return APPLY_DONE;
}

/* Only the service: nothing is written, so there is nothing to put back either. */
static int
act_only(struct work *k)
{
	bool wished;

	look_before(k);
	if (is_wished_back(k))
		return APPLY_NOT_NOW;
	return apply_forward(k, &wished) || wished ? APPLY_DONE : APPLY_NEEDS_PERSON;
}

/* What runs now, and the plan for that. */
static void
prepare(struct work *k)
{
	const struct svc *svc = k->req->svc;
	enum svc_state state = svc_state(svc, &k->master, &k->whose, &k->out->findings);

	k->in = *k->req->changed;
	k->in.service = state;
	k->in.whose = k->whose;
	plan_make(&k->plan, &k->in, &k->out->findings);
	apply_aside_plan(k);
	if (state == SVC_RUNNING)
		k->unit = svc_unit(svc, &k->master);
	else if (plan_has(&k->plan, PLAN_START))
		k->unit = svc_unit_down(svc);
	if (k->plan.note && !k->in.no_act && state == SVC_FOREIGN)
		diag_add(&k->out->findings, SEV_WARN, DIAG_PF_FOREIGN, NULL, NULL, "%s",
			k->plan.note);
	if (k->plan.note && !k->in.no_act && state == SVC_STOPPED && !k->in.start)
		diag_add(&k->out->findings, SEV_NOTE, DIAG_PF_DOWN, NULL, NULL, "%s",
			k->plan.note);
}

static void
clean(struct work *k)
{
	for (size_t i = 0; i < k->nsteps; i++) {
		free(k->steps[i].text);
		free(k->steps[i].said);
	}
	free(k->steps);
	free(k->action);
	free(k->whose);
	free(k->unit);
	apply_aside_free(k);
	plan_free(&k->plan);
	svc_health_free(&k->before);
	svc_health_free(&k->after);
	svc_way_free(&k->way_before);
	svc_log_free(&k->mark);
}

void
apply_run(const struct apply_req *req, const struct apply_watch *watch,
	struct apply_result *out)
{
	struct svc svc = *req->svc;
	struct apply_req own = *req;
	struct work k = {.req = &own, .svc = &svc, .watch = watch, .out = out};
	bool swapped;

	own.svc = &svc;
	*out = (struct apply_result){0};
	k.started = apply_now_ms(&k);
	prepare(&k);
	apply_lay_out(&k);
	out->status = req->nwant ? first_half(&k) : act_only(&k);
	swapped = req->nwant && out->status == APPLY_DONE;
	if (swapped)
		out->status = second_half(&k);
	apply_keep_end(&k, swapped);
	if (k.txn && !txn_end(k.txn, &out->findings))
		out->status = APPLY_NEEDS_PERSON;
	if (has_code(&out->findings, DIAG_APPLY_UNDONE))
		out->status = APPLY_NEEDS_PERSON;
	clean(&k);
}

void
apply_result_free(struct apply_result *r)
{
	diag_clear(&r->findings);
	free(r->ids);
	*r = (struct apply_result){0};
}
