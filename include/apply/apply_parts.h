/* SPDX-License-Identifier: MIT
 *
 * What apply's own files share; nobody else includes this. A struct work is one apply
 * from its first look to its end.
 */
#ifndef PR_APPLY_APPLY_PARTS_H
#define PR_APPLY_APPLY_PARTS_H

#include "apply/apply.h"

/* Steps that aren't an action of the plan. */
enum { STEP_LOCK, STEP_JUDGE, STEP_BEFORE, STEP_SWAP, STEP_ASK, STEP_LOG, STEP_KINDS };

enum { NO_STEP = -1 };

struct work {
	const struct apply_req *req;
	const struct apply_watch *watch;
	struct apply_result *out;
	struct plan_input in;
	struct plan plan;
	struct svc_master master; /* as it was before */
	char *whose, *unit;
	struct apply_step *steps;
	size_t nsteps, cap;
	int kind[STEP_KINDS]; /* index of that step, or NO_STEP */
	int *action;          /* index of the step of plan.v[i], or NO_STEP */
	int64_t began;        /* of the step that runs */
	struct txn *txn;
	struct svc_health before, after;
	struct svc_log mark;
	bool stopped; /* by us, and not started again */
};

/* apply_layout.c: the steps, and telling them. */
void apply_lay_out(struct work *k);
int64_t apply_now_ms(const struct work *k);
void apply_tell(struct work *k, int step);
void apply_begin(struct work *k, int step);
/* The step is over; the findings from findings_before on are its words. */
void apply_end(struct work *k, int step, bool ok, size_t findings_before);
/* Another text for a step, before it is told again. */
void apply_retext(struct work *k, int step, const char *text);
/* Is Postfix looked at before and afterwards? */
bool apply_looks(const struct work *k);
/* The wanted main.cf, or NULL. */
const struct txn_want *apply_main_cf(const struct apply_req *req);

#endif
