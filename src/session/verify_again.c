/* SPDX-License-Identifier: MIT
 *
 * Rungs that are tried once more: one with those that waited for it, or what waits for a
 * failed one all the same. For the second, failed rungs are let pass, and so are those
 * that wait and can't even be tried: without an address there is no connection, but
 * Postfix's own way to the upstream may be another, and its login can be asked for.
 */
#include "session/verify_parts.h"

/* The rung of a row; RUNGS: there is none. */
static size_t
rung_of(const struct verify *v, size_t row)
{
	for (size_t i = 0; i < RUNGS; i++)
		if (v->chosen & NEEDS(i) && row-- == 0)
			return i;
	return RUNGS;
}

static void
begin_again(struct session *s, struct verify *v)
{
	v->stopped = false;
	s->gen++;
	if (v->running)
		return;
	v->running = true;
	vr_go_on(s, v);
}

/* Does this one go by what the other finds out anew? On the way to the upstream one rung
 * takes up where the one before has come to. */
static bool
follows(const struct verify *v, size_t rung, size_t before)
{
	enum ses_rung_state state = v->rung[rung].state;

	if (!(vr_defs[rung].needs & NEEDS(before)))
		return false;
	return state == SES_RUNG_WAITS ||
	       (RUNGS_OF_WAY & NEEDS(rung) && RUNGS_OF_WAY & NEEDS(before) &&
		       state != SES_RUNG_NOT_YET && state != SES_RUNG_RUNS);
}

/* A rung, what it needs and doesn't have, and what follows from any of them. */
static void
renew(struct verify *v, size_t rung)
{
	vr_clear(&v->rung[rung]);
	for (size_t i = 0; i < RUNGS; i++)
		if ((vr_defs[rung].needs & NEEDS(i) && vr_blocks(v, i)) ||
			follows(v, i, rung))
			renew(v, i);
}

void
ses_verify_again(struct session *s, size_t row)
{
	struct verify *v = s->vf;
	size_t rung = v ? rung_of(v, row) : RUNGS;

	if (rung == RUNGS || v->rung[rung].state == SES_RUNG_RUNS)
		return;
	v->without = 0;
	renew(v, rung);
	begin_again(s, v);
}

/* --- without what has failed -------------------------------------------------------- */

/* Is there anything to ask, as far as earlier rungs have found out? */
static bool
can_try(const struct verify *v, size_t rung)
{
	switch ((enum rung_no)rung) {
	case RUNG_CONNECT:
		return v->up->naddrs > 0;
	case RUNG_GREETING:
		return v->up->connected != NULL;
	case RUNG_TLS:
		return v->up->hop_text != NULL;
	case RUNG_LOGIN:
	case RUNG_MESSAGE:
		return v->conf_known && !v->edited;
	case RUNG_NAME:
	case RUNG_CLIENTS:
	case RUNG_STRANGER:
	case RUNG_PEOPLE:
		return v->conf_known;
	case RUNG_FILES:
	case RUNG_RUNS:
	case RUNG_LISTENS:
	case RUNGS:
		break;
	}
	return true;
}

/* What would be let pass, and what be tried, without this one. */
static void
look_on(const struct verify *v, size_t rung, unsigned *pass, unsigned *try)
{
	*pass = NEEDS(rung);
	*try = 0;
	for (size_t i = rung + 1; i < RUNGS; i++) {
		if (v->rung[i].state != SES_RUNG_WAITS || !(vr_defs[i].needs & *pass))
			continue;
		if (can_try(v, i))
			*try |= NEEDS(i);
		else
			*pass |= NEEDS(i);
	}
}

/* The same for one that waits itself: it is tried, and nothing else. */
static void
look_back(const struct verify *v, size_t rung, unsigned *pass, unsigned *try)
{
	*pass = *try = 0;
	for (size_t i = 0; i < rung; i++)
		if (vr_defs[rung].needs & NEEDS(i) && vr_blocks(v, i))
			*pass |= NEEDS(i);
	if (*pass && can_try(v, rung))
		*try = NEEDS(rung);
}

static unsigned
plan_without(const struct verify *v, size_t rung, unsigned *pass)
{
	unsigned try = 0;

	*pass = 0;
	if (v->rung[rung].state == SES_RUNG_FAILED)
		look_on(v, rung, pass, &try);
	else if (v->rung[rung].state == SES_RUNG_WAITS)
		look_back(v, rung, pass, &try);
	return try;
}

bool
vr_can_without(const struct verify *v, size_t rung)
{
	unsigned pass;

	return plan_without(v, rung, &pass) != 0;
}

/* As if it hadn't been tried, with all that waits for it. */
static void
renew_on(struct verify *v, size_t rung)
{
	vr_clear(&v->rung[rung]);
	for (size_t i = rung + 1; i < RUNGS; i++)
		if (vr_defs[i].needs & NEEDS(rung) && v->rung[i].state == SES_RUNG_WAITS)
			renew_on(v, i);
}

bool
ses_verify_without(struct session *s, size_t row)
{
	struct verify *v = s->vf;
	size_t rung = v ? rung_of(v, row) : RUNGS;
	unsigned pass = 0, try = rung < RUNGS ? plan_without(v, rung, &pass) : 0;

	if (!try)
		return false;
	v->without |= pass;
	for (size_t i = 0; i < RUNGS; i++)
		if (try & NEEDS(i))
			renew_on(v, i);
	begin_again(s, v);
	return true;
}
