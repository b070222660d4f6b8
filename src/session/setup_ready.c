/* SPDX-License-Identifier: MIT
 *
 * What holds a step of the guided set-up back: only what can't be meant. Everything else
 * is a finding like any other, and errors stop at the apply.
 */
#include "session/setup_parts.h"

#include "base/i18n.h"
#include "session/login.h"

bool
setup_lacks_password(struct session *s)
{
	struct ses_login now;

	if (s->setup->a[SES_ANS_PASSWORD].given ||
		!setup_wanted(s->setup, SES_ANS_USER, NULL)[0])
		return false;
	ses_login_get(s, &now);
	return !now.has_password;
}

struct held {
	enum ses_setup_ask ask;
	const char *text, *hint;
};

static bool
listens_nowhere(const struct setup *st)
{
	const struct setup_rows *rows = &st->base.listen;
	const struct setup_answer *a = &st->a[SES_ANS_LISTEN];

	for (size_t i = 0; i < rows->n; i++)
		if (setup_row_wanted(st, SES_ANS_LISTEN, &rows->v[i]))
			return false;
	for (size_t i = 0; i < a->nadded; i++)
		if (setup_added_wanted(a, a->added[i]))
			return false;
	return a->given;
}

/* Nothing is proposed for a file of answers, so that role alone would close no address.
 */
static bool
is_open_host(const struct setup *st)
{
	return st->only_answers && st->a[SES_ANS_ROLE].given &&
	       !st->a[SES_ANS_LISTEN].given && setup_role(st, NULL) == SES_ROLE_HOST &&
	       setup_wants_others(st, SES_ANS_LISTEN);
}

static bool
upstream_held(struct session *s, struct held *out)
{
	const struct setup *st = s->setup;
	enum ses_setup_from from;
	bool host = setup_wanted(st, SES_ANS_RELAYHOST, NULL)[0],
	     direct = setup_role(st, NULL) == SES_ROLE_DIRECT,
	     user = setup_wanted(st, SES_ANS_USER, &from)[0];

	if (!host && !direct)
		*out = (struct held){SES_ANS_RELAYHOST,
			_("Without a host nothing can be handed on."),
			_("Type the name that your provider gave you, or choose another "
			  "role in step 1.")};
	else if (host && direct && st->a[SES_ANS_ROLE].given)
		*out = (struct held){SES_ANS_RELAYHOST,
			_("With a host, mail doesn't go straight to the Internet."),
			_("Empty this field, or choose another role in step 1.")};
	else if (!direct && st->a[SES_ANS_PASSWORD].given && !user)
		*out = (struct held){SES_ANS_USER, _("The password has no user."),
			_("Type the user, or empty the password.")};
	else if (!direct && setup_lacks_password(s))
		*out = (struct held){SES_ANS_PASSWORD, _("A login needs a password."),
			from == SES_Q_KEPT
				? _("It isn't kept: type it again, or empty the user.")
				: _("Type the password, or empty the user.")};
	else
		return false;
	return true;
}

static bool
is_held(struct session *s, enum ses_setup_step step, struct held *out)
{
	const struct setup *st = s->setup;

	if (step == SES_SETUP_UPSTREAM)
		return upstream_held(s, out);
	if (step == SES_SETUP_LISTEN && listens_nowhere(st))
		*out = (struct held){SES_ANS_LISTEN,
			_("With an empty list Postfix could not start."),
			_("Tick an address.")};
	else if (step == SES_SETUP_LISTEN && is_open_host(st))
		*out = (struct held){SES_ANS_ROLE,
			_("Postfix would still listen to others than this host."),
			_("Add listen = {\"loopback-only\"}, or the addresses that are "
			  "meant.")};
	else if (step == SES_SETUP_LOG && setup_is_open(st, SES_ANS_LOGFILE) &&
		 st->a[SES_ANS_LOGFILE].given && !st->a[SES_ANS_LOGFILE].text[0])
		*out = (struct held){SES_ANS_LOGFILE, _("The log has no file."),
			_("Type a path, or choose the system's log.")};
	else
		return false;
	return true;
}

bool
ses_setup_ready(struct session *s, enum ses_setup_step step, enum ses_setup_ask *which,
	struct diags *d)
{
	struct setup *st = s->setup;
	struct held held;

	setup_now(s);
	if (!st || step >= SES_SETUP_STEPS)
		return true;
	if (is_held(s, step, &held)) {
		*which = held.ask;
		return diag_add(
			d, SEV_ERROR, DIAG_USAGE, NULL, held.hint, "%s", held.text);
	}
	if (!diag_has_error(&st->said) || setup_def(st->said_of)->step != step)
		return true;
	*which = st->said_of;
	for (size_t i = 0; i < st->said.n; i++)
		diag_copy(d, &st->said.v[i]);
	return false;
}
