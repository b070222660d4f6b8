/* SPDX-License-Identifier: MIT
 *
 * The screen table. A screen that isn't built has no row, and its digit stays free.
 */
#include "ui/screens.h"

#include <stdio.h>

#include "base/i18n.h"
#include "ui/glyph.h"

static const struct scr_def defs[] = {
	{&scr_overview, scr_overview_about, NULL, NULL},
	{&scr_interfaces, scr_interfaces_about, scr_interfaces_reveal, NULL},
	{&scr_networks, scr_networks_about, scr_networks_reveal, scr_networks_stepped},
	{&scr_relayhost, scr_relayhost_about, scr_relayhost_reveal,
		scr_relayhost_stepped},
	{&scr_aliases, scr_aliases_about, scr_aliases_reveal, NULL},
	{&scr_params, scr_params_about, scr_params_reveal, NULL},
	{&scr_verify, scr_verify_about, NULL, scr_verify_stepped},
	{&scr_history, scr_history_about, NULL, NULL},
};

enum { SCREENS = sizeof(defs) / sizeof(defs[0]) };

const struct scr_def *
scr_defs(size_t *n)
{
	*n = SCREENS;
	return defs;
}

const struct ui_screen *const *
scr_table(size_t *n)
{
	static const struct ui_screen *table[SCREENS];

	for (size_t i = 0; i < SCREENS; i++) {
		table[i] = defs[i].screen;
	}
	*n = SCREENS;
	return table;
}

bool
scr_go(struct ui_app *app, struct session *s, const char *id,
	const struct scr_target *target)
{
	if (strcmp(id, "review") == 0) {
		scr_review_push(app, s);
		return true;
	}
	if (strcmp(id, "setup") == 0) {
		scr_setup_push(app, s);
		return true;
	}
	size_t i = ui_app_find(app, id);
	if (i >= SCREENS) {
		return false;
	}
	ui_app_go(app, i);
	if (target && defs[i].reveal) {
		defs[i].reveal(ui_app_screen(app, i), target);
	}
	return true;
}

/* The finding is copied: opening a screen may make all findings anew. */
void
scr_go_finding(struct ui_app *app, struct session *s, const struct diag *f)
{
	struct diags one = {0};

	diag_copy(&one, f);
	(void)scr_go(app, s, ses_finding_screen(s, f),
		&(struct scr_target){.finding = &one.v[0]});
	diag_clear(&one);
}

const char *
scr_label(const char *id, char buf[SCR_LABEL_MAX])
{
	buf[0] = '\0';
	for (size_t i = 0; i < SCREENS; i++) {
		const struct ui_screen *s = defs[i].screen;
		if (strcmp(s->id, id) == 0) {
			(void)snprintf(
				buf, SCR_LABEL_MAX, "%c %s", s->digit, _(s->title));
		}
	}
	return buf;
}

int
scr_labels_w(int least)
{
	char label[SCR_LABEL_MAX];

	for (size_t i = 0; i < SCREENS; i++) {
		int w = ui_width(sv_of(scr_label(defs[i].screen->id, label)));
		least = w > least ? w : least;
	}
	return least;
}
