/* SPDX-License-Identifier: MIT
 *
 * What can be an answer of the guided set-up, and is hardly meant; and what it means that
 * nothing stands there.
 */
#include "session/setup_parts.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/nexthop.h"
#include "session/login.h"
#include "session/login_view.h"

void
setup_say(struct ses_setup_verdict *out, char mark, const char *text, const char *hint)
{
	out->mark = mark;
	out->text = text;
	out->hint = hint;
}

static bool
is_plain_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* This machine by its name, or by one of its addresses? */
static bool
is_own_host(struct session *s, const char *host)
{
	const struct nic_list *nics = session_nics(s);
	struct ipaddr addr;

	if (!addr_parse(sv_of(host), &addr))
		return sv_eq_fold(sv_of(host), sv_of("localhost")) ||
		       sv_eq_fold(sv_of(host), sv_of(effective(s, "myhostname")));
	for (size_t i = 0; i < nics->n; i++) {
		struct ipaddr own =
			addr_from_bytes(nics->v[i].fam, nics->v[i].addr, addr.plen);

		if (addr_cmp(&own, &addr) == 0)
			return true;
	}
	return addr_class_of(&addr) == ADDR_LOOPBACK;
}

/* What can be written, and is hardly meant. */
void
setup_doubt_host(struct session *s, const char *typed, const char *written,
	struct ses_setup_verdict *out)
{
	struct nexthop h = {0};

	if (nh_parse(sv_of(written), &h) == NH_FINE && nh_port(&h) == 25 &&
		is_own_host(s, h.host))
		setup_say(out, '?',
			scratch_fmt(s,
				_("%s is this machine itself: mail may go round in "
				  "circles."),
				h.host),
			_("Type the host that takes this relay's mail."));
	else if (!is_plain_ascii(written))
		setup_say(out, '?',
			_("Not every Postfix finds a name with such letters."),
			_("Type the name as DNS has it; it begins with xn--."));
	else if (strstr(typed, "://"))
		setup_say(out, '?',
			scratch_fmt(s, _("Only the host of this is kept: %s."), written),
			_("Type HOST or HOST:PORT."));
	nh_free(&h);
}

/* Is the path below one of the places where Postfix writes a log? */
static bool
may_log_to(struct session *s, const char *path)
{
	const char *places = effective(s, "maillog_file_prefixes");
	struct sv rest = sv_of(places[0] ? places : "/var, /dev/stdout"), place;

	while (sv_token(&rest, ", \t\r\n", &place))
		if (sv_starts(sv_of(path), "/") && strncmp(path, place.p, place.n) == 0 &&
			(!path[place.n] || path[place.n] == '/'))
			return true;
	return false;
}

static bool
is_folder(struct session *s, const char *path)
{
	struct stat st;

	return fs_stat(&s->world.fs, path, &st) && S_ISDIR(st.st_mode);
}

void
setup_judge_logfile(struct session *s, const char *typed, struct ses_setup_verdict *out)
{
	char *path = sv_dup(sv_trim(sv_of(typed)));
	const char *slash = strrchr(path, '/');
	char *folder =
		mem_strndup(path, slash && slash > path ? (size_t)(slash - path) : 0);

	out->incomplete = strcmp(path, "/") == 0 || sv_starts(sv_of("/var"), path);
	if (out->incomplete)
		;
	else if (!may_log_to(s, path))
		setup_say(out, '!',
			_("No program of Postfix runs with a log outside /var."),
			_("Type a path such as /var/log/postfix.log."));
	else if (is_folder(s, path))
		setup_say(out, '!', _("Nothing is logged: this is a folder."),
			_("Type a path such as /var/log/postfix.log."));
	else if (folder[0] && strcmp(folder, "/dev") != 0 && !is_folder(s, folder))
		setup_say(out, '!',
			scratch_fmt(s, _("Nothing is logged: there is no folder %s."),
				folder),
			_("Type a path such as /var/log/postfix.log."));
	free(folder);
	free(path);
}

void
setup_doubt_alias(struct session *s, const char *name, const struct al_targets *list,
	struct ses_setup_verdict *out)
{
	const char *before = setup_alias_before(s, name);
	struct al_targets was = {0};

	out->mark = 'k';
	al_targets_typed(sv_of(before), &was);
	if (before[0] && !al_targets_equal(&was, list))
		setup_say(out, '?',
			scratch_fmt(s, _("The mail of %s no longer goes to %s."), name,
				before),
			_("Take another name to keep both."));
	else if (strpbrk(name, " \t"))
		setup_say(out, '?', _("No mail gets there: an address has no blank."),
			_("Write the name without the blank."));
	al_targets_free(&was);
}

/* No user stands there: where a login is all the same, or was. */
static void
judge_no_user(struct session *s, struct ses_setup_verdict *out)
{
	struct login_maps m;
	struct ses_login l;

	login_maps_of(s, &m);
	ses_login_get(s, &l);
	if (s->setup->base.value[SES_ANS_USER][0]) {
		out->note = _("no login");
		setup_say(out, '?',
			_("The login goes: this relay hands mail on without one."),
			_("Type the user to keep it."));
	} else if (l.on && !l.stored && (m.others || m.unread)) {
		out->note = _("kept elsewhere");
		setup_say(out, 0,
			scratch_fmt(s, _("A login is kept in %.*s:..., and stays."),
				(int)strcspn(m.value, ":"), m.value),
			_("Screen 4 shows where."));
	} else if (l.on && !l.stored && l.file && l.host[0]) {
		out->note = _("none found");
		setup_say(out, 0,
			scratch_fmt(s, _("Login is on; %s has no row for this host."),
				l.file),
			_("Type user and password, or leave it as it is."));
	}
}

/* An empty field that says something; what wasn't there before, and needn't be, doesn't.
 */
void
setup_judge_empty(
	struct session *s, enum ses_setup_ask ask, struct ses_setup_verdict *out)
{
	const struct setup *st = s->setup;
	bool was = st->base.value[ask][0];
	enum ses_setup_from from;

	if (ask == SES_ANS_USER) {
		judge_no_user(s, out);
	} else if (ask == SES_ANS_PASSWORD) {
		(void)setup_wanted(st, SES_ANS_USER, &from);
		if (from != SES_Q_KEPT || !setup_lacks_password(s))
			return;
		out->note = _("missing");
		setup_say(out, '!',
			_("The password of this login isn't kept: no mail leaves."),
			_("Type it again, or empty the user."));
	} else if (ask == SES_ANS_ROOT) {
		out->note = _("nobody");
		setup_say(out, '?', _("Nobody reads what this machine reports."),
			_("Type a user or an address; Enter goes on without one."));
	} else if (ask == SES_ANS_POSTMASTER) {
		out->note = _("nobody");
		setup_say(out, '?', _("Nobody reads what others write about mail."),
			_("Type a user or an address; Enter goes on without one."));
	} else if (ask == SES_ANS_LOGFILE) {
		out->note = _("needed");
		setup_say(out, '!', _("The log has no file."),
			_("Type a path, or choose the system's log."));
	} else if (was && (ask == SES_ANS_HOSTNAME || ask == SES_ANS_ORIGIN)) {
		out->note = _("needed");
		setup_say(out, '!', _("Postfix needs a name here."),
			_("Type a name such as relay.example.com."));
	} else if (was && ask == SES_ANS_DESTINATION) {
		out->note = _("none");
		setup_say(out, '?',
			_("No mail stays on this host: all of it is handed on."),
			_("Type the domains whose mail stays here."));
	}
}
