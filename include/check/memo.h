/* SPDX-License-Identifier: MIT
 *
 * What a rule was made of, for the check layer only: each name it looked up with the
 * definition that counted then. A document never changes bytes in place, so entry and
 * span say whether a definition is still the same one.
 */
#ifndef PR_CHECK_MEMO_H
#define PR_CHECK_MEMO_H

#include "base/diag.h"
#include "check/maincf.h"

struct memo_dep {
	char *name;  /* owned */
	uint32_t id; /* DOC_NO_ID: not in the file */
	struct span text;
};

struct rule_memo {
	bool ran;
	struct memo_dep *dep;
	size_t n, cap;
	struct diags found;
	uint32_t *line; /* of each finding's entry when it was found */
};

/* The rule looks at name, whose effective definition is def (NULL: none). memo may be
 * NULL. */
void memo_note(struct rule_memo *memo, const struct doc *d, struct sv name,
	const struct chk_def *def);

/* Is all that the rule looked at still the same? */
bool memo_holds(const struct rule_memo *memo, struct chk_run *run);

void memo_clear(struct rule_memo *memo);

#endif
