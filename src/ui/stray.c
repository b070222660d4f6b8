/* SPDX-License-Identifier: MIT
 *
 * Looked for once after each change: a screen may have many rows.
 */
#include "ui/stray.h"

#include "ui/scrkit.h"

bool
stray_is_same(const struct diag *a, const struct diag *b)
{
	return a && b && a->code == b->code && strcmp(a->text, b->text) == 0;
}

static const struct diag *
look(struct session *s, const struct stray_rows *rows)
{
	const struct diags *d = ses_findings(s);
	const struct diag *worst = NULL;

	for (size_t i = 0; i < d->n; i++) {
		const struct diag *f = &d->v[i];
		if (scr_state(f) && (!worst || f->sev > worst->sev) &&
			strcmp(ses_finding_screen(s, f), rows->screen) == 0 &&
			!rows->shows(rows->self, f)) {
			worst = f;
		}
	}
	return worst;
}

const struct diag *
stray_find(struct stray *c, struct session *s, const struct stray_rows *rows)
{
	(void)ses_findings(s); /* may read files, and so begin a new generation */
	if (!c->looked || c->gen != ses_gen(s)) {
		c->finding = look(s, rows);
		c->gen = ses_gen(s);
		c->looked = true;
	}
	return c->finding;
}

void
stray_message(struct ui_message *m, const struct diag *finding)
{
	if (m->line[0].n == 0) {
		scr_message(m, finding);
	}
}

bool
stray_stop(struct stray *c, struct ui_app *app, const struct diag *finding, bool found)
{
	bool stops = !found && finding && !c->at;

	c->at = stops;
	if (stops) {
		ui_app_say(app, scr_state(finding), finding->text, finding->hint);
	}
	return found || stops;
}
