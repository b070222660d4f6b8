/* SPDX-License-Identifier: MIT
 *
 * See include/check/memo.h.
 */
#include "check/memo.h"

#include <stdlib.h>

#include "base/mem.h"

static struct memo_dep
dep_of(const struct doc *d, const struct chk_def *def)
{
	struct memo_dep dep = {.id = DOC_NO_ID};

	if (def) {
		dep.id = def->id;
		dep.text = doc_entry(d, def->id)->text;
	}
	return dep;
}

void
memo_note(struct rule_memo *memo, const struct doc *d, struct sv name,
	const struct chk_def *def)
{
	if (!memo)
		return;
	for (size_t i = 0; i < memo->n; i++)
		if (sv_eq_str(name, memo->dep[i].name))
			return;
	memo->dep = mem_grow(memo->dep, &memo->cap, memo->n + 1, sizeof(*memo->dep));
	memo->dep[memo->n] = dep_of(d, def);
	memo->dep[memo->n++].name = sv_dup(name);
}

bool
memo_holds(const struct rule_memo *memo, struct chk_run *run)
{
	if (!memo->ran)
		return false;
	for (size_t i = 0; i < memo->n; i++) {
		const struct memo_dep *was = &memo->dep[i];
		struct memo_dep now = dep_of(run->d, chk_find(run, sv_of(was->name)));

		if (now.id != was->id || now.text.off != was->text.off ||
			now.text.len != was->text.len)
			return false;
	}
	return true;
}

void
memo_clear(struct rule_memo *memo)
{
	for (size_t i = 0; i < memo->n; i++)
		free(memo->dep[i].name);
	free(memo->dep);
	free(memo->line);
	diag_clear(&memo->found);
	*memo = (struct rule_memo){0};
}
