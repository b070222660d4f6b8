/* SPDX-License-Identifier: MIT
 *
 * Edits of login and TLS on the Relay host screen. A new login asks for the user, then
 * for the password; what is typed there is wiped from the field when it closes.
 */
#include "ui/relay_screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/scrkit.h"

bool
relay_login_is_choice(enum part part)
{
	return part == P_LOGIN || part == P_TLS || part == P_WRAPS;
}

/* --- choices --- */

static void
next_login(struct relayhost *v)
{
	const struct ses_login *l = &v->login;
	struct diags d = {0};

	if (!live_may_edit(v->app, v->s)) {
		return;
	}
	if (l->on && (l->stored || relayhost_has_login(v))) {
		if (ses_login_off(v->s, &d)) {
			ui_app_say(v->app, 'o', _("No login; u brings it back."), NULL);
		}
	} else if (l->stored) {
		(void)ses_login_set(v->s, NULL, NULL, &d);
	} else if (!l->host[0]) {
		ui_app_say(v->app, '?', _("There is no relay host to log in at."),
			_("Type the host first."));
	} else {
		v->logs_in = true;
		relayhost_refresh(v);
		ui_list_select(&v->list, relayhost_row_of(v, P_USER, 0));
		relay_edit_open(v, v->list.focus);
	}
	scr_say(v->app, &d);
}

static const char *
next_level(const char *level)
{
	static const char *const order[] = {"none", "may", "encrypt", "secure", "none"};

	for (size_t i = 0; i + 1 < sizeof(order) / sizeof(order[0]); i++) {
		if (strcmp(level[0] ? level : "none", order[i]) == 0) {
			return order[i + 1];
		}
	}
	return "encrypt";
}

void
relay_login_next(struct relayhost *v, enum part part)
{
	struct diags d = {0};

	if (part == P_LOGIN) {
		next_login(v);
	} else if (part == P_TLS) {
		(void)ses_tls_set_level(v->s, next_level(v->tls.level), &d);
	} else if (part == P_WRAPS) {
		(void)ses_tls_set_wraps(v->s, !v->tls.wraps, &d);
	}
	scr_say(v->app, &d);
}

/* --- fields --- */

char *
relay_login_text(const struct relayhost *v, enum part part, unsigned *flags)
{
	const char *text = part == P_USER    ? v->login.user
			   : part == P_ROOTS ? v->tls.ca
					     : "";

	*flags = text[0] ? UI_INPUT_FRESH : 0;
	if (part == P_PASSWORD) {
		*flags = UI_INPUT_PASSWORD |
			 (v->login.has_password ? UI_INPUT_STORED : 0u);
	}
	return mem_strdup(text);
}

void
relay_login_judge(struct relayhost *v, enum part part, const char *text)
{
	struct diags d = {0};

	if (part == P_USER && text[0]) {
		(void)ses_login_judge_user(text, &d);
	} else if (part == P_PASSWORD && text[0]) {
		(void)ses_login_judge_password(text, &d);
	}
	live_judged(&v->live, d.n ? scr_state(&d.v[0]) : 0, d.n ? d.v[0].text : NULL,
		d.n ? d.v[0].hint : NULL, NULL);
	diag_clear(&d);
}

/* The password is asked for next, where there is none. */
static bool
accept_user(struct relayhost *v, const char *text, struct diags *d)
{
	if (!ses_login_set(v->s, text, NULL, d)) {
		return false;
	}
	v->logs_in = false;
	v->live.field.open = false;
	relayhost_refresh(v);
	if (!v->login.has_password) {
		ui_list_select(&v->list, relayhost_row_of(v, P_PASSWORD, 0));
		relay_edit_open(v, v->list.focus);
	}
	return true;
}

bool
relay_login_accept(struct relayhost *v, enum part part, const char *text, struct diags *d)
{
	if (part == P_USER) {
		return accept_user(v, text, d);
	}
	if (part == P_PASSWORD) {
		return ses_login_set(v->s, NULL, text, d);
	}
	return part != P_ROOTS || ses_tls_set_ca(v->s, text, d);
}

void
relay_login_remove(struct relayhost *v, enum part part)
{
	struct diags d = {0};

	if (part == P_ROOTS) {
		(void)ses_tls_set_ca(v->s, "", &d);
	} else if (part >= P_LOGIN && part <= P_KEPT && relayhost_has_login(v)) {
		if (ses_login_off(v->s, &d)) {
			ui_app_say(v->app, 'o', _("No login; u brings it back."), NULL);
		}
	} else {
		ui_app_say(v->app, 0, _("Space changes this."), NULL);
	}
	scr_say(v->app, &d);
}

static void
wipe(struct str *s)
{
	if (s->p) {
		explicit_bzero(s->p, s->cap);
	}
	str_clear(s);
}

void
relay_login_wipe(struct relayhost *v)
{
	if (relay_row_of_id(v->live.field.id).part == P_PASSWORD) {
		wipe(&v->live.field.in.text);
		wipe(&v->live.field.old);
	}
}
