/* SPDX-License-Identifier: MIT
 *
 * Values of the rows of login and TLS.
 */
#include <string.h>

#include "base/i18n.h"
#include "ui/relay_screen.h"

enum { HINT_X = 47, WIDE = 70 };

/* The value, and behind it in faint what else is to be said. */
static int
put(const struct ui_canvas *c, int x, const char *value, const char *note)
{
	int used = ui_put(c, ui_at(0, x, 0), UI_TEXT, value);

	if (note && note[0]) {
		used += ui_put(c, ui_at(0, x + used + (used > 0 ? 2 : 0), 0), UI_FAINT,
				note) +
			2;
	}
	return x + used;
}

static void
put_hint(const struct ui_canvas *c, int end, const char *hint)
{
	if (end < HINT_X && c->w > WIDE) {
		ui_put(c, ui_at(0, HINT_X, 0), UI_FAINT, hint);
	}
}

/* Is a login on that Postfix has no password for, by what is found of it? */
static bool
is_not_found(const struct relayhost *v)
{
	return (v->login.stored && !v->login.fits) ||
	       (v->found[P_KEPT] && v->found[P_KEPT]->code == DIAG_AUTH_KEY);
}

static void
put_login(const struct relayhost *v, const struct ui_canvas *c, int x)
{
	const struct ses_login *l = &v->login;

	if (v->logs_in && !l->stored) {
		put(c, x, _("yes"), NULL);
	} else if (l->on && relayhost_has_login(v)) {
		put(c, x, _("yes"), is_not_found(v) ? _("but not found") : NULL);
	} else if (l->stored) {
		put(c, x, _("no"), _("a login is kept, but switched off"));
	} else if (l->on && l->host[0]) {
		put(c, x, _("no"), _("no password is kept for this host"));
	} else {
		put(c, x, _("no"), NULL);
	}
}

/* What stands where nothing is stored that can be shown. */
static const char *
not_there(const struct relayhost *v)
{
	return v->login.file && !v->login.unread ? _("none yet") : _("not shown here");
}

static void
put_password(const struct relayhost *v, const struct ui_canvas *c, int x)
{
	struct str password = {0};

	if (!v->login.has_password) {
		put(c, x, "", not_there(v));
	} else if (v->shows && ses_login_password(v->s, &password)) {
		ui_put_sv(c, ui_at(0, x, 0), UI_TEXT, str_sv(&password));
	} else {
		put(c, x, "********", _("(v shows it)"));
	}
	str_wipe(&password);
}

static void
put_kept(const struct relayhost *v, const struct ui_canvas *c, int x)
{
	const struct ses_login *l = &v->login;
	const char *key = l->stored ? l->key : l->host;
	int used;

	if (!l->file) { /* what is masked stands in main.cf itself */
		put(c, x, strcmp(l->maps, "****") == 0 ? "main.cf" : l->maps, NULL);
		return;
	}
	if (l->unread && !l->stored) {
		put(c, x, l->file, _("you may not read it"));
		return;
	}
	used = ui_put(c, ui_at(0, x, 0), UI_TEXT, key);
	if (l->is_new) {
		ui_putf(c, ui_at(0, x + used + 2, 0), UI_FAINT, _("in %s, new"), l->file);
	} else {
		ui_putf(c, ui_at(0, x + used + 2, 0), UI_FAINT, _("in %s, %04o"), l->file,
			l->mode);
	}
}

static void
put_tls(const struct relayhost *v, const struct ui_canvas *c, int x)
{
	const char *level = v->tls.level, *words = ses_tls_words(level);
	int used = ui_put(c, ui_at(0, x, 0), UI_TEXT, words ? words : level);

	if (words && level[0]) {
		used += ui_putf(c, ui_at(0, x + used, 0), UI_TEXT, " (%s)", level);
	}
	put_hint(c, x + used, _("Space: none, if offered,"));
}

static void
put_roots(const struct relayhost *v, const struct ui_canvas *c, int x)
{
	put(c, x, v->tls.ca, v->tls.ca[0] ? NULL : _("none named"));
}

void
relay_login_put(struct relayhost *v, enum part part, const struct ui_canvas *c, int x)
{
	if (part == P_LOGIN) {
		put_login(v, c, x);
	} else if (part == P_USER) {
		put(c, x, v->login.user, v->login.user[0] ? NULL : not_there(v));
	} else if (part == P_PASSWORD) {
		put_password(v, c, x);
	} else if (part == P_KEPT) {
		put_kept(v, c, x);
	} else if (part == P_TLS) {
		put_tls(v, c, x);
	} else if (part == P_WRAPS) {
		put_hint(c,
			put(c, x, v->tls.wraps ? _("yes") : _("no"),
				_("(port 465 only)")),
			_("required, + certificate checked"));
	} else if (part == P_ROOTS) {
		put_roots(v, c, x);
	}
}
