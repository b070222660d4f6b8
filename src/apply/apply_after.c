/* SPDX-License-Identifier: MIT
 *
 * What follows once files are in place: build, stop, start or reload, and look. The same
 * steps serve the way on, the way back and recovery; each says only whether it went well,
 * what comes of that is the caller's. The first that goes wrong ends the way on, since
 * everything after it would only keep clients out for longer.
 */
#include "apply/apply_parts.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { LOG_MS = 2000, LOG_SHORT_MS = 300, RELOAD_MS = 2000, NAP_MS = 100 };

bool
apply_is_wished(const struct work *k, bool swapped)
{
	return k->watch && k->watch->back && k->watch->back(k->watch->ctx, swapped);
}

/* `postfix reload` only sends a signal. Until master has taken it, and its daemons have
 * gone, clients are still served by the settings of before, and a look would be about
 * those. Master says when; without a log there is just the time. */
static void
wait_for_reload(struct work *k, const struct svc_log *mark)
{
	const struct clock_port *clock = &k->req->svc->world->clock;
	int64_t end = apply_now_ms(k) + RELOAD_MS;
	bool taken = false;

	while (!taken && apply_now_ms(k) < end) {
		struct str news = {0};

		clock->ops->sleep_ms(clock->self, NAP_MS);
		svc_log_since(k->req->svc, mark, &news);
		taken = sv_find_sv(str_sv(&news), sv_of(": reload -- ")) >= 0;
		str_free(&news);
	}
	clock->ops->sleep_ms(clock->self, NAP_MS);
}

bool
apply_act(struct work *k, int step, enum svc_verb verb)
{
	size_t from = k->out->findings.n;
	struct svc_log mark;
	struct svc_master m;
	bool ok;

	apply_begin(k, step);
	svc_log_mark(k->req->svc, k->req->after.maillog_file, &mark);
	if (!k->cut_from)
		k->cut_from = k->began;
	k->woken = k->woken || (verb == SVC_START && k->in.service == SVC_STOPPED);
	svc_quick_state(k->req->svc, &m);
	ok = svc_act(k->req->svc, verb, &m, k->unit, &k->out->findings);
	if (verb != SVC_RELOAD)
		k->stopped = verb == SVC_STOP && ok;
	else if (ok)
		wait_for_reload(k, &mark);
	svc_log_free(&mark);
	apply_end(k, step, ok, from);
	return ok;
}

/* --- tables ----------------------------------------------------------------------------
 */

/* Daemons tell a new table by whole seconds: one that is built twice within a second
 * stays unseen for good. So a table of this very second is left alone until the next. */
static void
wait_a_second(struct work *k, const char *text_file)
{
	const struct world *w = k->req->svc->world;
	char *db = str_format("%s.db", text_file);
	struct stat st;

	if (fs_stat(&w->fs, db, &st) && st.st_mtime >= w->clock.ops->now(w->clock.self))
		w->clock.ops->sleep_ms(w->clock.self, 1000);
	free(db);
}

static bool
look_up_keys(struct work *k)
{
	bool ok = true;

	for (size_t i = 0; i < k->req->nlookups; i++) {
		const struct apply_lookup *l = &k->req->lookups[i];

		ok = svc_table_has(k->req->svc, l->typefile, l->typefile, l->key, l->want,
			     &k->out->findings) &&
		     ok;
	}
	return ok;
}

bool
apply_build(struct work *k, size_t action, int step, bool look_up)
{
	const struct plan_action *a = &k->plan.v[action];
	size_t from = k->out->findings.n;
	struct diags *d = &k->out->findings;
	bool ok;

	apply_begin(k, step);
	for (size_t f = 0; f < k->in.nfiles; f++)
		if (k->in.files[f].role == PLAN_ALIASES ||
			k->in.files[f].role == PLAN_TABLE)
			wait_a_second(k, k->in.files[f].path);
	if (a->act == PLAN_NEWALIASES)
		ok = svc_newaliases(k->req->svc, d);
	else
		ok = svc_build(k->req->svc,
			a->act == PLAN_POSTMAP ? SVC_POSTMAP : SVC_POSTALIAS, a->target,
			NULL, d);
	if (ok && look_up && a->act != PLAN_POSTMAP)
		ok = look_up_keys(k);
	apply_end(k, step, ok, from);
	return ok;
}

/* --- the look --------------------------------------------------------------------------
 */

void
apply_ask_way(struct work *k, const struct apply_place *at, struct svc_way_res *out)
{
	const struct svc_way_req req = {k->req->sendmail, at->probe_to, at->maillog_file};

	svc_way_ask(k->req->svc, &req, out);
}

/* It goes before the log is read, which has what it provokes. */
static bool
look_at_way(struct work *k, const struct apply_place *at, int step)
{
	size_t from = k->out->findings.n;
	struct svc_way_res now;
	char *text;
	bool ok;

	if (at == &k->req->before || !at->probe_to)
		return true;
	apply_begin(k, step);
	apply_ask_way(k, at, &now);
	ok = svc_way_tell(&now, &k->way_before, at->probe_to, &k->out->findings);
	if (now.way == SVC_WAY_GOES && k->out->findings.n == from) {
		text = str_format(_("upstream asked: deliverable by %s"), now.relay);
		apply_retext(k, step, text);
		free(text);
	}
	apply_end(k, step, ok, from);
	svc_way_free(&now);
	return ok;
}

/* Each is a step of its own. */
bool
apply_look(struct work *k, const struct apply_place *at, int ask_step, int way_step,
	int log_step)
{
	int log_ms = k->req->log_ms > 0 ? k->req->log_ms : LOG_MS;
	struct svc_health_req ask = {.addrs = at->addrs,
		.naddrs = at->naddrs,
		.maillog_file = at->maillog_file,
		.log_ms = k->cut_from ? log_ms : LOG_SHORT_MS};
	const struct svc *svc = k->req->svc;
	struct diags *d = &k->out->findings;
	size_t from = d->n, sick, ill;
	bool leaves;

	svc_health_free(&k->after);
	apply_begin(k, ask_step);
	svc_health_ask(svc, &ask, &k->mark, &k->after);
	sick = svc_health_diags(&k->after, &k->before, SVC_HALF_ASKED, d);
	apply_end(k, ask_step, sick == 0, from);
	leaves = look_at_way(k, at, way_step);
	from = d->n;
	apply_begin(k, log_step);
	svc_health_log(svc, &ask, &k->mark, &k->after);
	if (!plan_has(&k->plan, PLAN_STOP))
		svc_health_note_ignored(&k->before, &k->after);
	ill = svc_health_diags(&k->after, &k->before, SVC_HALF_LOG, d);
	if (!k->after.log_read)
		apply_retext(k, log_step, _("no log found: judged by sockets only"));
	else if (ill == 0)
		apply_retext(k, log_step, _("log read, nothing fatal"));
	apply_end(k, log_step, ill == 0, from);
	return sick == 0 && leaves && ill == 0;
}

/* --- the way on ------------------------------------------------------------------------
 */

static bool
go_on(struct work *k, size_t i)
{
	if (k->is_aside[i])
		return true;
	switch (k->plan.v[i].act) {
	case PLAN_POSTMAP:
	case PLAN_POSTALIAS:
	case PLAN_NEWALIASES:
		return apply_build(k, i, k->action[i], true);
	case PLAN_RELOAD:
		return apply_act(k, k->action[i], SVC_RELOAD);
	case PLAN_START:
		return apply_act(k, k->action[i], SVC_START);
	case PLAN_STOP:
	case PLAN_WRITE:
	default:
		return true;
	}
}

bool
apply_forward(struct work *k, bool *wished)
{
	*wished = false;
	for (size_t i = 0; i < k->plan.n && !*wished; i++) {
		if (!go_on(k, i))
			return false;
		if (k->action[i] != NO_STEP && !k->is_aside[i])
			*wished = apply_is_wished(k, true);
	}
	if (*wished)
		return false;
	if (!apply_looks(k))
		return true;
	if (!apply_look(k, &k->req->after, k->kind[STEP_ASK], k->kind[STEP_WAY],
		    k->kind[STEP_LOG]))
		return false;
	*wished = apply_is_wished(k, true);
	return !*wished;
}
