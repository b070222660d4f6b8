/* SPDX-License-Identifier: MIT
 *
 * The order of an apply. The steps are laid out from the plan before the first runs, so
 * that a screen can show what is still to come; each function below is one step, and the
 * two halves meet at the swap: before it a failure leaves everything old, after it the
 * new files stay and the way on is forward (build, start, look), whatever was ill.
 */
#include "apply/apply.h"

#include <errno.h>
#include <fcntl.h>
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
	k->txn = txn_begin(&env, k->req->want, k->req->nwant, d);
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

/* Does the main.cf that is there now have these mistakes too? Then the change didn't
 * bring them, and doesn't have to mend them: they become warnings. */
static void
forgive_old(struct work *k, const struct txn_want *want, bool act, struct diags *new)
{
	struct diags old = {0};
	struct str bytes = {0};

	if (want->loaded->exists && svc_slurp(k->req->svc, want->path, &bytes) &&
		!svc_judge(k->req->svc, k->req->state_dir, str_sv(&bytes), act, &old)) {
		for (size_t i = 0; i < new->n; i++)
			for (size_t j = 0; j < old.n; j++)
				if (svc_said_same(&new->v[i], &old.v[j]))
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
	bool ok;

	if (k->kind[STEP_JUDGE] == NO_STEP)
		return true;
	apply_begin(k, k->kind[STEP_JUDGE]);
	want->emit(want->src, take_bytes, &bytes);
	ok = svc_judge(k->req->svc, k->req->state_dir, str_sv(&bytes), act, &said);
	if (!ok) {
		forgive_old(k, want, act, &said);
		ok = !diag_has_error(&said);
		diag_move(&k->out->findings, &said);
	}
	/* Warnings about a file that Postfix takes were there in Review already. */
	diag_clear(&said);
	str_free(&bytes);
	if (ok)
		apply_retext(
			k, k->kind[STEP_JUDGE], _("candidate read by Postfix, no error"));
	apply_end(k, k->kind[STEP_JUDGE], ok, from);
	if (!ok)
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

	if (k->kind[STEP_BEFORE] == NO_STEP)
		return;
	apply_begin(k, k->kind[STEP_BEFORE]);
	svc_log_mark(svc, ask.maillog_file, &k->mark);
	svc_health_ask(svc, &ask, &k->mark, &k->before);
	svc_health_log(svc, &ask, &k->mark, &k->before);
	svc_log_free(&k->mark);
	svc_log_mark(svc, k->req->after.maillog_file, &k->mark);
	k->steps[k->kind[STEP_BEFORE]].said =
		k->before.n ? mem_strdup(k->before.v[0].words) : NULL;
	k->steps[k->kind[STEP_BEFORE]].state = k->before.n ? APPLY_DOUBT : APPLY_OK;
	k->steps[k->kind[STEP_BEFORE]].ms = apply_now_ms(k) - k->began;
	apply_tell(k, k->kind[STEP_BEFORE]);
}

static bool
is_wished_back(struct work *k)
{
	if (!k->watch || !k->watch->back || !k->watch->back(k->watch->ctx))
		return false;
	diag_add(&k->out->findings, SEV_NOTE, DIAG_APPLY_HELD, NULL, NULL,
		_("Nothing is written: it was put back, as wished."));
	return true;
}

static bool
act(struct work *k, size_t i, enum svc_verb verb)
{
	size_t from = k->out->findings.n;
	bool ok;

	apply_begin(k, k->action[i]);
	ok = svc_act(k->req->svc, verb, &k->master, k->unit, &k->out->findings);
	apply_end(k, k->action[i], ok, from);
	return ok;
}

/* After a stop that turned out to be for nothing. */
static bool
start_again(struct work *k)
{
	if (!k->stopped)
		return true;
	k->stopped = false;
	return svc_act(k->req->svc, SVC_START, &k->master, k->unit, &k->out->findings);
}

static bool
arm(struct work *k)
{
	struct str names = {0};
	bool ok;

	for (size_t i = 0; i < k->plan.n; i++)
		if (k->plan.v[i].act != PLAN_WRITE)
			str_addf(&names, "%s%s%s%s", names.n ? "; " : "",
				plan_act_name(k->plan.v[i].act),
				k->plan.v[i].target[0] ? " " : "", k->plan.v[i].target);
	ok = txn_arm(
		k->txn, str_c(&names), k->in.service == SVC_RUNNING, &k->out->findings);
	str_free(&names);
	return ok;
}

static bool
stop(struct work *k)
{
	if (!plan_has(&k->plan, PLAN_STOP))
		return true;
	/* The plan begins with it. */
	k->stopped = act(k, 0, SVC_STOP);
	return k->stopped;
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

/* --- after the swap --------------------------------------------------------------------
 */

/* Daemons tell a new table by whole seconds: one that is built twice within a second
 * stays unseen for good. So a table of this very second is left alone until the next. */
static void
settle(struct work *k, const char *text_file)
{
	const struct world *w = k->req->svc->world;
	char *db = str_format("%s.db", text_file);
	struct stat st;

	if (w->fs.ops->fstatat(w->fs.self, AT_FDCWD, db, &st, 0) == 0 &&
		st.st_mtime >= w->clock.ops->now(w->clock.self))
		w->clock.ops->sleep_ms(w->clock.self, 1000);
	free(db);
}

static bool
look_up(struct work *k)
{
	bool ok = true;

	for (size_t i = 0; i < k->req->nlookups; i++) {
		const struct apply_lookup *l = &k->req->lookups[i];

		ok = svc_table_has(k->req->svc, l->typefile, l->key, l->want,
			     &k->out->findings) &&
		     ok;
	}
	return ok;
}

static bool
build(struct work *k, size_t i)
{
	const struct plan_action *a = &k->plan.v[i];
	size_t from = k->out->findings.n;
	struct diags *d = &k->out->findings;
	bool ok;

	apply_begin(k, k->action[i]);
	for (size_t f = 0; f < k->in.nfiles; f++)
		if (k->in.files[f].role == PLAN_ALIASES ||
			k->in.files[f].role == PLAN_TABLE)
			settle(k, k->in.files[f].path);
	if (a->act == PLAN_NEWALIASES)
		ok = svc_newaliases(k->req->svc, d);
	else
		ok = svc_build(k->req->svc,
			a->act == PLAN_POSTMAP ? SVC_POSTMAP : SVC_POSTALIAS, a->target,
			d);
	if (ok && a->act != PLAN_POSTMAP)
		ok = look_up(k);
	apply_end(k, k->action[i], ok, from);
	return ok;
}

/* Build, start or reload; goes on to the end, whatever fails. */
static bool
go_on(struct work *k)
{
	bool ok = true;

	for (size_t i = 0; i < k->plan.n; i++) {
		switch (k->plan.v[i].act) {
		case PLAN_POSTMAP:
		case PLAN_POSTALIAS:
		case PLAN_NEWALIASES:
			ok = build(k, i) && ok;
			break;
		case PLAN_RELOAD:
			ok = act(k, i, SVC_RELOAD) && ok;
			break;
		case PLAN_START:
			ok = act(k, i, SVC_START) && ok;
			k->stopped = false;
			break;
		case PLAN_STOP:
		case PLAN_WRITE:
		default:
			break;
		}
	}
	return ok;
}

/* Look, and tell both halves as steps of their own. */
static bool
look_after(struct work *k)
{
	bool soft = !plan_has(&k->plan, PLAN_START) && !plan_has(&k->plan, PLAN_RELOAD);
	int log_ms = k->req->log_ms > 0 ? k->req->log_ms : LOG_MS;
	struct svc_health_req ask = {.addrs = k->req->after.addrs,
		.naddrs = k->req->after.naddrs,
		.maillog_file = k->req->after.maillog_file,
		.log_ms = soft ? LOG_SHORT_MS : log_ms};
	const struct svc *svc = k->req->svc;
	struct diags *d = &k->out->findings;
	size_t from = d->n, sick, ill;

	if (!apply_looks(k))
		return true;
	apply_begin(k, k->kind[STEP_ASK]);
	svc_health_ask(svc, &ask, &k->mark, &k->after);
	sick = svc_health_diags(&k->after, &k->before, SVC_HALF_ASKED, d);
	apply_end(k, k->kind[STEP_ASK], sick == 0, from);
	from = d->n;
	apply_begin(k, k->kind[STEP_LOG]);
	svc_health_log(svc, &ask, &k->mark, &k->after);
	ill = svc_health_diags(&k->after, &k->before, SVC_HALF_LOG, d);
	if (!k->after.log_read)
		apply_retext(
			k, k->kind[STEP_LOG], _("no log found: judged by sockets only"));
	else if (ill == 0)
		apply_retext(k, k->kind[STEP_LOG], _("log read, nothing fatal"));
	apply_end(k, k->kind[STEP_LOG], ill == 0, from);
	return sick == 0 && ill == 0;
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
	if (!judge(k))
		return APPLY_NO;
	look_before(k);
	if (is_wished_back(k) || !arm(k) || !stop(k))
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
	bool ok;

	keep_ids(k);
	ok = go_on(k);
	ok = look_after(k) && ok;
	return ok ? APPLY_DONE : APPLY_NEEDS_PERSON;
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
	if (state == SVC_RUNNING)
		k->unit = svc_unit(svc, &k->master);
	if (k->plan.note && !k->in.no_act && state == SVC_FOREIGN)
		diag_add(&k->out->findings, SEV_WARN, DIAG_PF_FOREIGN, NULL, NULL, "%s",
			k->plan.note);
	if (k->plan.note && !k->in.no_act && state == SVC_STOPPED)
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
	plan_free(&k->plan);
	svc_health_free(&k->before);
	svc_health_free(&k->after);
	svc_log_free(&k->mark);
}

void
apply_run(const struct apply_req *req, const struct apply_watch *watch,
	struct apply_result *out)
{
	struct work k = {.req = req, .watch = watch, .out = out};

	*out = (struct apply_result){0};
	prepare(&k);
	apply_lay_out(&k);
	out->status = first_half(&k);
	if (out->status == APPLY_DONE)
		out->status = second_half(&k);
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
