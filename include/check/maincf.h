/* SPDX-License-Identifier: MIT
 *
 * The parts of chk_maincf(), for the check layer only: the list of definitions that all
 * of them read, made once a run.
 */
#ifndef PR_CHECK_MAINCF_H
#define PR_CHECK_MAINCF_H

#include "check/check.h"

struct chk_def {
	struct sv name;
	uint32_t id, line; /* line: as it would be saved now, from 1 */
	bool last;         /* the effective one of its name */
};

struct chk_run {
	const struct doc *d;
	const struct chk_env *env;
	struct chk_def *defs; /* in file order */
	size_t ndefs, cap;
	struct str value; /* scratch */
	struct diags found;
};

/* The place of a finding about a whole definition. */
struct diag_loc chk_loc(const struct chk_run *run, const struct chk_def *def);

/* Warn of definitions that a later one overrides; sets `last` of all. */
void chk_duplicates(struct chk_run *run);

/* Warn of names that no Postfix knows and nothing refers to. */
void chk_names(struct chk_run *run);

/* Judge the value of each effective definition by its type. */
void chk_types(struct chk_run *run);

#endif
