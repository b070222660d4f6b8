/* SPDX-License-Identifier: MIT
 *
 * Notes and warnings that aren't told: those that the settings silence by code, and that
 * a login is missing which was just taken away. Errors are always told.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "session/login_view.h"

static bool
is_silenced(const struct settings *set, const struct diag *d)
{
	for (size_t i = 0; set->silence && set->silence[i]; i++)
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
findings_silence(struct session *s, struct diags *d)
{
	const char *off = login_taken_away(s);
	struct diags kept = {0}, gone = {0};

	for (size_t i = 0; i < d->n; i++) {
		const struct diag *f = &d->v[i];
		bool silent =
			f->sev != SEV_ERROR &&
			(is_silenced(s->set, f) || (off && f->code == DIAG_AUTH_KEY &&
							   strstr(f->text, off)));

		push(silent ? &gone : &kept, f);
	}
	free(d->v);
	*d = kept;
	diag_clear(&gone);
}
