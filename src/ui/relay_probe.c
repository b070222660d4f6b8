/* SPDX-License-Identifier: MIT
 *
 * The answer is one or two sentences; the whole of it stands on the Verify screen. While
 * a change of the upstream waits, that upstream is asked, up to the login: Postfix can
 * only log in with what is applied.
 */
#include "ui/relay_probe.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/str.h"
#include "session/verify.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

static void
tell_bad(struct ui_app *app, const struct ses_rung *r)
{
	char *first = str_format("%s: %s. %s", r->name, r->text, r->says);

	ui_app_say(app, r->state == SES_RUNG_FAILED ? '!' : '?', first, r->hint);
	free(first);
}

/* The first rung that failed, else the first that is doubtful. */
static const struct ses_rung *
worst(const struct ses_verify *v)
{
	const struct ses_rung *bad = NULL;

	for (size_t i = 0; i < v->n; i++) {
		const struct ses_rung *r = &v->rungs[i];
		if (r->state == SES_RUNG_FAILED) {
			return r;
		}
		bad = !bad && r->state == SES_RUNG_WARN ? r : bad;
	}
	return bad;
}

static bool
has_host(const struct ses_verify *v)
{
	for (size_t i = 0; i < v->n; i++) {
		if (strcmp(v->rungs[i].id, "name") == 0) {
			return v->rungs[i].state != SES_RUNG_NONE;
		}
	}
	return false;
}

static void
tell(struct ui_app *app, const struct ses_verify *v)
{
	const struct ses_rung *bad = worst(v), *login = &v->rungs[v->n - 1];
	char label[SCR_LABEL_MAX];

	if (bad) {
		tell_bad(app, bad);
	} else if (!has_host(v)) {
		ui_app_say(app, 0, _("Nothing to probe: no relay host is set."), NULL);
	} else {
		char *second = str_format(
			_("%s has every rung of it."), scr_label("verify", label));
		ui_app_say(app, 'o',
			login->state == SES_RUNG_WAITS
				? _("The upstream answers; the login is tried once it is "
				    "applied.")
			: login->state == SES_RUNG_NONE
				? _("The upstream answers; no login is used.")
				: _("The upstream answers, from its name to the "
				    "login."),
			second);
		free(second);
	}
}

void
relay_probe_stepped(struct ui_app *app, struct session *s, bool *waits)
{
	struct ses_verify v;

	if (!*waits) {
		return;
	}
	ses_verify_view(s, &v);
	if (v.running) {
		return;
	}
	*waits = false;
	if (!v.stopped && v.began != 0 && v.n > 0) { /* an apply drops it */
		tell(app, &v);
	}
}

static bool
changes_upstream(struct session *s)
{
	const struct ses_change *c;
	size_t n = ses_changes(s, &c);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(c[i].screen, "relayhost") == 0) {
			return true;
		}
	}
	return false;
}

void
relay_probe_start(struct ui_app *app, struct session *s, bool *waits)
{
	const struct ses_verify_opts o = {.probe = true, .edited = changes_upstream(s)};
	struct diags d = {0};

	*waits = ses_verify_start(s, &o, &d);
	if (*waits) {
		ui_app_say(app, '.',
			_("The upstream is being asked, ten seconds a rung at "
			  "the most."),
			NULL);
	}
	scr_say(app, &d);
	relay_probe_stepped(app, s, waits);
}
