/* SPDX-License-Identifier: MIT
 *
 * An apply and its entry in the history: made when nothing has been touched yet, taken
 * away again when nothing was, and ended with how it went while the old files are still
 * there.
 */
#include "apply/apply_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

/* "stop, postalias hash:/etc/aliases, start"; the caller frees it. */
static char *
action_names(const struct plan *plan)
{
	struct str names = {0};

	for (size_t i = 0; i < plan->n; i++)
		if (plan->v[i].act != PLAN_WRITE)
			str_addf(&names, "%s%s%s%s", names.n ? ", " : "",
				plan_act_name(plan->v[i].act),
				plan->v[i].target[0] ? " " : "", plan->v[i].target);
	return str_take(&names);
}

bool
apply_keep(struct work *k)
{
	size_t from = k->out->findings.n;
	char *actions, *text;
	bool ok;

	if (!k->req->history)
		return true;
	apply_begin(k, k->kind[STEP_KEEP]);
	actions = action_names(&k->plan);
	k->out->history =
		hist_keep_copies(k->txn, k->req->history, actions, &k->out->findings);
	free(actions);
	ok = k->out->history != 0;
	text = str_format(_("copies kept: history no. %u"), k->out->history);
	if (ok)
		apply_retext(k, k->kind[STEP_KEEP], text);
	free(text);
	apply_end(k, k->kind[STEP_KEEP], ok, from);
	return ok;
}

static enum hist_end
end_of(const struct work *k)
{
	if (txn_is_old(k->txn))
		return HIST_PUT_BACK;
	if (k->out->status != APPLY_DONE)
		return HIST_ILL;
	return apply_looks(k) ? HIST_HEALTHY : HIST_WRITTEN;
}

void
apply_keep_end(struct work *k, bool swapped)
{
	if (!k->out->history)
		return;
	if (swapped) {
		hist_close(k->txn, k->out->history, end_of(k),
			apply_now_ms(k) - k->started, &k->req->history->keep,
			&k->out->findings);
	} else if (txn_is_old(k->txn)) {
		hist_drop(k->txn, k->out->history);
		k->out->history = 0;
	}
}
