/* SPDX-License-Identifier: MIT
 *
 * Notes and warnings that the settings silence by code. Errors are always told.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "session/internal.h"

static bool
is_silenced(const struct settings *set, const struct diag *d)
{
	if (d->sev == SEV_ERROR)
		return false;
	for (size_t i = 0; set->silence[i]; i++)
		if (strcmp(set->silence[i], diag_code_name(d->code)) == 0)
			return true;
	return false;
}

static void
push(struct diags *to, const struct diag *d)
{
	to->v = mem_grow(to->v, &to->cap, to->n + 1, sizeof(*to->v));
	to->v[to->n++] = *d;
}

void
findings_silence(const struct settings *set, struct diags *d)
{
	struct diags kept = {0}, gone = {0};

	if (!set->silence)
		return;
	for (size_t i = 0; i < d->n; i++)
		push(is_silenced(set, &d->v[i]) ? &gone : &kept, &d->v[i]);
	free(d->v);
	*d = kept;
	diag_clear(&gone);
}
