/* SPDX-License-Identifier: MIT
 *
 * Edits of the Interfaces screen; each tells what the session said of it.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/if_dialog.h"
#include "ui/if_screen.h"
#include "ui/scrkit.h"

static void
tick(struct interfaces *v, size_t i)
{
	const struct ses_if_row *r = if_address(v, i);
	struct diags d = {0};

	if (r) {
		(void)ses_if_tick(v->s, i, !r->ticked, &d);
	}
	scr_say(v->app, &d);
}

static void
next_protocols(struct interfaces *v)
{
	static const char *const all[] = {"all", "ipv4", "ipv6"};
	struct diags d = {0};
	struct ses_param p;
	size_t i = 0;

	(void)ses_param_get(v->s, IF_PROTOCOLS, &p);
	const char *value = if_param_holds(&p, "all"), *deflt = p.deflt ? p.deflt : "all";
	while (i < 3 && strcmp(all[i], value) != 0) {
		i++;
	}
	const char *next = all[(i + 1) % 3];
	if (p.is_new && strcmp(next, deflt) == 0) {
		(void)ses_param_unset(v->s, IF_PROTOCOLS, &d);
	} else {
		(void)ses_param_set(v->s, IF_PROTOCOLS, next, &d);
	}
	scr_say(v->app, &d);
}

void
if_edit_choose(struct interfaces *v, struct if_line l)
{
	struct diags d = {0};

	switch (l.kind) {
	case IF_L_MODE:
		(void)ses_if_set_mode(v->s, (enum ses_if_mode)l.i, &d);
		scr_say(v->app, &d);
		break;
	case IF_L_ADDR:
		tick(v, l.i);
		break;
	case IF_L_PROTO:
		next_protocols(v);
		break;
	case IF_L_BIND:
	case IF_L_BLANK:
	case IF_L_HEADS:
		break;
	}
}

static struct sv
field_value(const struct interfaces *v, struct if_line l)
{
	const struct ses_if_row *r = l.kind == IF_L_ADDR ? if_address(v, l.i) : NULL;
	struct ses_param p;

	if (r) {
		return sv_of(r->addr);
	}
	(void)ses_param_get(v->s, IF_BIND, &p);
	return sv_of(p.origin == SES_FROM_FILE ? p.value : "");
}

/* Only names, addresses on no NIC and the outgoing address are text. */
bool
if_is_text(const struct interfaces *v, struct if_line l)
{
	const struct ses_if_row *r = l.kind == IF_L_ADDR ? if_address(v, l.i) : NULL;

	return l.kind == IF_L_BIND || (r && r->removable);
}

void
if_edit_open(struct interfaces *v, struct if_line l)
{
	if (!if_is_text(v, l)) {
		if_edit_choose(v, l);
	} else if (live_may_edit(v->app, v->s)) {
		live_open(&v->live, l.kind == IF_L_BIND ? (size_t)IF_FIELD_BIND : l.i,
			field_value(v, l), 0);
	}
}

void
if_edit_judge(struct interfaces *v)
{
	char *text = sv_dup(ui_input_text(&v->live.field.in));
	struct diags d = {0};

	if (text[0]) {
		ses_param_judge(v->s,
			v->live.field.id == (size_t)IF_FIELD_BIND ? IF_BIND
								  : "inet_interfaces",
			text, &d);
	}
	live_judged(&v->live, d.n ? scr_state(&d.v[0]) : 0, d.n ? d.v[0].text : NULL,
		d.n ? d.v[0].hint : NULL, NULL);
	diag_clear(&d);
	free(text);
}

/* Another word in the place of an old one: added first, so that a bad one changes
 * nothing. */
static void
replace_word(struct interfaces *v, size_t i, const char *text)
{
	const struct ses_if_row *r = if_address(v, i);
	struct diags d = {0};

	if (!r) {
		return;
	}
	char *old = mem_strdup(r->addr);
	ses_begin(v->s, _("listening address changed"));
	bool done = ses_if_add(v->s, text, &d);
	size_t n = ses_if_rows(v->s, &r);
	for (size_t k = 0; done && k < n; k++) {
		if (r[k].removable && strcmp(r[k].addr, old) == 0) {
			(void)ses_if_remove(v->s, k, &d);
			break;
		}
	}
	ses_end(v->s);
	scr_say(v->app, &d);
	free(old);
}

void
if_edit_accept(struct interfaces *v)
{
	char *text = sv_dup(sv_trim(ui_input_text(&v->live.field.in)));
	struct diags d = {0};

	if (!ui_inline_changed(&v->live.field)) {
		free(text);
		return;
	}
	if (v->live.field.id != (size_t)IF_FIELD_BIND) {
		if (text[0]) {
			replace_word(v, v->live.field.id, text);
		}
	} else if (text[0]) {
		(void)ses_param_set(v->s, IF_BIND, text, &d);
	} else {
		(void)ses_param_unset(v->s, IF_BIND, &d);
	}
	scr_say(v->app, &d);
	free(text);
}

/* The focus goes to the row that has the word, be it a new one or a NIC's. */
static void
on_added(void *self, const char *word)
{
	struct interfaces *v = self;
	const struct ses_if_row *r;
	size_t n = ses_if_rows(v->s, &r);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(r[i].addr, word) == 0) {
			ui_list_select(&v->list, if_rows_first_address(v) + i);
			return;
		}
	}
}

void
if_edit_add(struct interfaces *v, struct sv pasted)
{
	if (live_may_edit(v->app, v->s)) {
		if_dialog_push(&(struct if_dialog){.app = v->app,
			.s = v->s,
			.pasted = pasted,
			.added = on_added,
			.self = v});
	}
}

void
if_edit_remove(struct interfaces *v, struct if_line l)
{
	const struct ses_if_row *r = l.kind == IF_L_ADDR ? if_address(v, l.i) : NULL;
	struct diags d = {0};
	bool done = false;

	if (l.kind == IF_L_BIND || l.kind == IF_L_PROTO) {
		done = ses_param_unset(
			v->s, l.kind == IF_L_BIND ? IF_BIND : IF_PROTOCOLS, &d);
	} else if (r && r->removable) {
		done = ses_if_remove(v->s, l.i, &d);
	} else {
		ui_app_say(v->app, 0,
			_("This address belongs to the machine and stays; Space unticks "
			  "it."),
			NULL);
	}
	if (done) {
		ui_app_say(v->app, 'o', _("Removed; u brings it back."), NULL);
	}
	scr_say(v->app, &d);
}

void
if_edit_mend(struct interfaces *v, struct if_line l)
{
	const struct diag *f = if_finding(v, l);
	const struct ses_if_row *r = l.kind == IF_L_ADDR ? if_address(v, l.i) : NULL;
	struct diags d = {0};

	if (!r || !f || !r->ticked) {
		ui_app_say(v->app, 0, _("Nothing on this row is to be mended."), NULL);
		return;
	}
	if (ses_if_tick(v->s, l.i, false, &d)) {
		ui_app_say(v->app, 'o', _("Unticked; u brings it back."), NULL);
	}
	scr_say(v->app, &d);
}

void
if_edit_paste(struct interfaces *v, struct if_line l, struct sv pasted)
{
	if (l.kind != IF_L_BIND) {
		if_edit_add(v, pasted);
	} else if (live_may_edit(v->app, v->s)) {
		live_paste(&v->live, v->app, IF_FIELD_BIND, field_value(v, l), pasted);
		if_edit_judge(v);
	}
}
