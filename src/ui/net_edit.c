/* SPDX-License-Identifier: MIT
 *
 * Edits of the Networks screen. The first one of an unset mynetworks needs to know who
 * may relay now; while Postfix is still being asked that, what was typed waits here, so
 * that no key ever blocks.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/params.h"
#include "ui/live.h"
#include "ui/net_dialog.h"
#include "ui/net_screen.h"
#include "ui/scrkit.h"

static bool
is_unset(struct session *s)
{
	struct ses_param p;

	(void)ses_param_get(s, "mynetworks", &p);
	return p.origin != SES_FROM_FILE;
}

/* --- adding --------------------------------------------------------------------------
 */

/* The focus goes to the last row that is new and has one of the texts. */
static void
select_added(struct networks *v, const char *text)
{
	const struct ses_net_row *r;
	size_t n = ses_net_rows(v->s, &r);

	for (size_t i = n; i-- > 0;) {
		struct sv rest = sv_of(text), word;
		while (r[i].is_new && sv_token(&rest, ", \t", &word)) {
			if (sv_eq_str(word, r[i].text)) {
				networks_select(v, i);
				return;
			}
		}
	}
}

static bool
add_now(struct networks *v, const struct ses_net_new *new, struct diags *d)
{
	const char *said = NULL;

	if (!ses_net_add(v->s, new, &said, d)) {
		return false;
	}
	if (said) {
		ui_app_say(v->app, 'o', said, NULL);
	}
	select_added(v, new->text);
	return true;
}

static bool
on_add(void *self, const struct ses_net_new *typed, struct diags *d)
{
	struct networks *v = self;

	if (ses_net_known(v->s) != SES_NET_ASKED) {
		return add_now(v, typed, d);
	}
	v->waiting = mem_grow(
		v->waiting, &v->waiting_cap, v->nwaiting + 1, sizeof(*v->waiting));
	v->waiting[v->nwaiting++] =
		(struct net_waiting){mem_strdup(typed->text), mem_strdup(typed->note)};
	ui_app_say(v->app, 0,
		_("Postfix is asked who may relay now; then this is added by itself."),
		NULL);
	return true;
}

void
net_edit_resume(struct networks *v)
{
	struct diags d = {0};

	if (v->nwaiting == 0 || ses_net_known(v->s) == SES_NET_ASKED) {
		return;
	}
	for (size_t i = 0; i < v->nwaiting; i++) {
		(void)add_now(v,
			&(struct ses_net_new){.text = v->waiting[i].text,
				.note = v->waiting[i].note,
				.before = SIZE_MAX},
			&d);
	}
	net_edit_free(v);
	scr_say(v->app, &d);
}

void
net_edit_free(struct networks *v)
{
	for (size_t i = 0; i < v->nwaiting; i++) {
		free(v->waiting[i].text);
		free(v->waiting[i].note);
	}
	free(v->waiting);
	v->waiting = NULL;
	v->nwaiting = v->waiting_cap = 0;
}

void
net_edit_add(struct networks *v, struct sv pasted)
{
	if (!live_may_edit(v->app, v->s)) {
		return;
	}
	net_dialog_push(&(struct net_dialog){.app = v->app,
		.s = v->s,
		.pasted = pasted,
		.derived = is_unset(v->s),
		.done = on_add,
		.self = v});
}

/* --- changing a row ------------------------------------------------------------------
 */

static bool
on_change(void *self, const struct ses_net_new *typed, struct diags *d)
{
	struct networks *v = self;

	return ses_net_edit(v->s, v->edited_row, typed->text, typed->note, d);
}

void
net_edit_change(struct networks *v, size_t row)
{
	const struct ses_net_row *r;

	if (row >= ses_net_rows(v->s, &r) || !live_may_edit(v->app, v->s)) {
		return;
	}
	if (!r[row].editable || r[row].removed) {
		ui_app_say(v->app, 0, _("This row is to be removed; u brings it back."),
			NULL);
		return;
	}
	v->edited_row = row;
	net_dialog_push(&(struct net_dialog){.app = v->app,
		.s = v->s,
		.edit = true,
		.text = r[row].text,
		.note = r[row].note,
		.derived = r[row].derived,
		.done = on_change,
		.self = v});
}

static void
tell(struct networks *v, bool done, const char *text, struct diags *d)
{
	if (done && text) {
		ui_app_say(v->app, 'o', text, NULL);
	}
	scr_say(v->app, d);
}

void
net_edit_remove(struct networks *v, size_t row)
{
	struct diags d = {0};
	bool done = ses_net_remove(v->s, row, &d);

	tell(v, done, _("Removed; u brings it back."), &d);
}

void
net_edit_toggle(struct networks *v, size_t row)
{
	struct diags d = {0};

	tell(v, ses_net_toggle(v->s, row, &d), NULL, &d);
}

void
net_edit_mend(struct networks *v, size_t row)
{
	struct diags d = {0};

	tell(v, ses_net_mend(v->s, row, &d), NULL, &d);
}

void
net_edit_move(struct networks *v, size_t row, int by)
{
	struct diags d = {0};
	bool done = ses_net_move(v->s, &row, by, &d);

	if (done) {
		networks_select(v, row);
	}
	tell(v, done, NULL, &d);
}
