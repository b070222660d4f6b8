/* SPDX-License-Identifier: MIT
 *
 * The steps of an apply: laid out from the plan before the first runs, so that a screen
 * can show what is still to come, and told as they go.
 */
#include "apply/apply_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

/* --- telling ---------------------------------------------------------------------------
 */

int64_t
apply_now_ms(const struct work *k)
{
	const struct clock_port *c = &k->req->svc->world->clock;

	return c->ops->mono_ms(c->self);
}

void
apply_tell(struct work *k, int step)
{
	if (k->watch && k->watch->step && step != NO_STEP)
		k->watch->step(k->watch->ctx, (size_t)step, &k->steps[step]);
}

void
apply_begin(struct work *k, int step)
{
	k->began = apply_now_ms(k);
	if (step == NO_STEP)
		return;
	k->steps[step].state = APPLY_RUNS;
	apply_tell(k, step);
}

/* The words of the first error among the findings that this step added. */
static const char *
words_since(const struct work *k, size_t from)
{
	const struct diags *d = &k->out->findings;
	const char *warning = NULL;

	for (size_t i = from; i < d->n; i++) {
		if (d->v[i].sev == SEV_ERROR)
			return d->v[i].text;
		if (d->v[i].sev == SEV_WARN && !warning)
			warning = d->v[i].text;
	}
	return warning;
}

void
apply_end(struct work *k, int step, bool ok, size_t findings_before)
{
	const char *words = words_since(k, findings_before);
	struct apply_step *s;

	if (step == NO_STEP)
		return;
	s = &k->steps[step];
	s->state = !ok ? APPLY_BAD : words ? APPLY_DOUBT : APPLY_OK;
	s->ms = apply_now_ms(k) - k->began;
	free(s->said);
	s->said = mem_strdup(words);
	apply_tell(k, step);
}

/* --- laying out ------------------------------------------------------------------------
 */

static int
add_step(struct work *k, char *take_text)
{
	k->steps = mem_grow(k->steps, &k->cap, k->nsteps + 1, sizeof *k->steps);
	k->steps[k->nsteps] = (struct apply_step){.text = take_text};
	return (int)k->nsteps++;
}

int
apply_add_step(struct work *k, char *take_text)
{
	int step = add_step(k, take_text);

	apply_tell(k, step);
	return step;
}

void
apply_retext(struct work *k, int step, const char *text)
{
	if (step == NO_STEP)
		return;
	free(k->steps[step].text);
	k->steps[step].text = mem_strdup(text);
}

char *
apply_file_names(const struct work *k)
{
	struct str names = {0};

	for (size_t i = 0; i < k->req->nwant; i++)
		str_addf(&names, "%s%s", i ? ", " : "", path_file(k->req->want[i].path));
	return str_take(&names);
}

static char *
swap_text(const struct work *k)
{
	char *names = apply_file_names(k), *text = str_format(_("%s replaced"), names);

	free(names);
	return text;
}

char *
apply_action_text(const struct plan_action *a)
{
	switch (a->act) {
	case PLAN_STOP:
		return mem_strdup(_("stop Postfix"));
	case PLAN_START:
		return mem_strdup(_("start Postfix"));
	case PLAN_RELOAD:
		return mem_strdup(_("reload Postfix"));
	case PLAN_POSTMAP:
	case PLAN_POSTALIAS:
		return str_format("%s %s", plan_act_name(a->act), a->target);
	case PLAN_NEWALIASES:
	case PLAN_WRITE:
	default:
		return mem_strdup(plan_act_name(a->act));
	}
}

bool
apply_looks(const struct work *k)
{
	return k->plan.acts && plan_ends_running(&k->plan, &k->in);
}

const struct txn_want *
apply_main_cf(const struct apply_req *req)
{
	for (size_t i = 0; i < req->nwant; i++)
		if (req->want[i].main_cf)
			return &req->want[i];
	return NULL;
}

char *
apply_ask_text(const struct apply_place *at)
{
	return str_format(
		P_("greeting on %zu address", "greeting on %zu addresses", at->naddrs),
		at->naddrs);
}

/* A large table takes a while: its size says why. */
static char *
aside_text(const struct work *k, size_t action)
{
	size_t n = apply_aside_entries(k, action);
	char *what = apply_action_text(&k->plan.v[action]);
	char *text = str_format(P_("%s, %zu entry", "%s, %zu entries", n), what, n);

	free(what);
	return text;
}

void
apply_lay_out(struct work *k)
{
	for (int i = 0; i < STEP_KINDS; i++)
		k->kind[i] = NO_STEP;
	k->action = mem_new(k->plan.n + 1, sizeof *k->action);
	if (k->req->nwant)
		k->kind[STEP_LOCK] = add_step(
			k, mem_strdup(_("lock taken, files unchanged since read")));
	if (apply_main_cf(k->req) && k->in.service != SVC_ABSENT && !k->req->skip_judge)
		k->kind[STEP_JUDGE] =
			add_step(k, mem_strdup(_("candidate read by Postfix")));
	for (size_t i = 0; i < k->plan.n; i++)
		if (k->is_aside[i])
			k->action[i] = add_step(k, aside_text(k, i));
	if (apply_looks(k) && k->in.service == SVC_RUNNING)
		k->kind[STEP_BEFORE] =
			add_step(k, mem_strdup(_("looked at Postfix as it is now")));
	if (k->req->history)
		k->kind[STEP_KEEP] = add_step(k, mem_strdup(_("copies kept")));
	for (size_t i = 0; i < k->plan.n; i++) {
		const struct plan_action *a = &k->plan.v[i];

		if (k->is_aside[i])
			continue;
		if (a->act != PLAN_WRITE)
			k->action[i] = add_step(k, apply_action_text(a));
		else if (k->kind[STEP_SWAP] == NO_STEP)
			k->action[i] = k->kind[STEP_SWAP] = add_step(k, swap_text(k));
		else
			k->action[i] = NO_STEP;
	}
	if (apply_looks(k)) {
		k->kind[STEP_ASK] = add_step(k, apply_ask_text(&k->req->after));
		if (k->req->after.probe_to)
			k->kind[STEP_WAY] =
				add_step(k, str_format(_("upstream asked about %s"),
						    k->req->after.probe_to));
		k->kind[STEP_LOG] = add_step(k, mem_strdup(_("log read")));
	}
	for (size_t i = 0; i < k->nsteps; i++)
		apply_tell(k, (int)i);
}
