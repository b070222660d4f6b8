/* SPDX-License-Identifier: MIT
 *
 * The ladder as front ends see it: rows, how many came out how, the next step that it
 * leads to, and waiting for its end.
 */
#include "session/verify_parts.h"

#include <time.h>

#include "base/i18n.h"

enum { WAIT_MS = 100 };

static void
count(struct ses_verify *out, const struct rung *r)
{
	out->ok += r->state == SES_RUNG_OK;
	out->warned += r->state == SES_RUNG_WARN;
	out->failed += r->state == SES_RUNG_FAILED;
	out->waits += r->state == SES_RUNG_WAITS;
	out->ms += r->ms;
}

void
ses_verify_view(struct session *s, struct ses_verify *out)
{
	struct verify *v = s->vf;
	const struct ses_change *unused;
	struct ses_rung *rows;
	size_t n = 0;

	*out = (struct ses_verify){.to = "", .at = RUNGS};
	rows = arena_new(scratch(s), RUNGS * sizeof(*rows));
	out->rungs = rows;
	for (; !v && out->n < RUNGS; out->n++)
		rows[out->n] = (struct ses_rung){.id = vr_defs[out->n].id,
			.name = _(vr_defs[out->n].name),
			.text = "",
			.says = "",
			.hint = ""};
	if (!v)
		return;
	for (size_t i = 0; i < RUNGS; i++) {
		const struct rung *r = &v->rung[i];

		if (!(v->chosen & 1u << i))
			continue;
		if (i == v->at)
			out->at = n;
		rows[n++] = (struct ses_rung){vr_defs[i].id, _(vr_defs[i].name), r->state,
			r->text, r->word, r->nwords, r->says, r->hint, r->hint_has_keys,
			r->screen, r->param, r->ms, vr_can_without(v, i)};
		count(out, r);
	}
	out->n = n;
	out->running = v->running;
	out->stopped = v->stopped;
	out->changed = v->changed;
	out->edits = v->edited ? 0 : ses_changes(s, &unused);
	out->began = v->began;
	out->to = v->to ? v->to : "";
}

bool
verify_next(struct session *s, struct ses_next *out)
{
	struct ses_verify v;
	struct tm tm;
	char at[16] = "";

	ses_verify_view(s, &v);
	if (!s->vf || v.running || v.stopped || s->vf->probe)
		return false;
	if (localtime_r(&v.began, &tm))
		(void)strftime(at, sizeof(at), "%H:%M", &tm);
	*out = (struct ses_next){.screen = "verify"};
	for (size_t i = 0; !out->text && i < v.n; i++)
		if (v.rungs[i].state == SES_RUNG_FAILED)
			out->text = scratch_fmt(
				s, _("The proof at %s failed: %s"), at, v.rungs[i].name);
	if (!out->text && v.warned)
		out->text = scratch_fmt(s,
			P_("The proof at %s left %zu doubt",
				"The proof at %s left %zu doubts", v.warned),
			at, v.warned);
	if (!out->text)
		out->text = scratch_fmt(s,
			_("Nothing to do. Last proof: all %zu rungs ok, at %s"), v.ok,
			at);
	return true;
}

/* --- waiting (the command line) ----------------------------------------------------- */

static void
tell_ended(struct session *s, unsigned *told,
	void (*on_rung)(void *ctx, const struct ses_rung *r), void *ctx)
{
	struct ses_verify view;

	ses_verify_view(s, &view);
	for (size_t i = 0; on_rung && i < view.n; i++) {
		enum ses_rung_state state = view.rungs[i].state;

		if (*told & 1u << i || state == SES_RUNG_NOT_YET ||
			state == SES_RUNG_RUNS)
			continue;
		*told |= 1u << i;
		on_rung(ctx, &view.rungs[i]);
	}
}

static void
pause_a_little(struct session *s)
{
	const struct clock_port *clock = &s->world.clock;

	if (s->vf->job)
		s->world.run.ops->pause(s->world.run.self, s->vf->job, WAIT_MS);
	else
		clock->ops->sleep_ms(clock->self, WAIT_MS);
}

void
ses_verify_wait(struct session *s, void (*on_rung)(void *ctx, const struct ses_rung *r),
	void *ctx)
{
	unsigned told = 0;

	while (s->vf && s->vf->running) {
		tell_ended(s, &told, on_rung, ctx);
		if (!ses_step(s))
			pause_a_little(s);
	}
	tell_ended(s, &told, on_rung, ctx);
}
