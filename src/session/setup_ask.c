/* SPDX-License-Identifier: MIT
 *
 * The questions, and what is wanted of each: the answer, else a proposal, else what is in
 * effect. A proposal is made only where nobody has decided yet, or where another role is
 * chosen than the relay has; and never over an edit that waits. Those of the clients
 * follow what is wanted of the addresses, so they are made anew each time.
 */
#include "session/setup_parts.h"

#include "base/i18n.h"
#include "model/nets.h"

static const char *const OWN_LOG = "/var/log/postfix.log";

static const struct setup_def defs[SES_SETUP_QUESTIONS] = {
	[SES_ANS_ROLE] = {SES_SETUP_ROLE, SES_Q_CHOICE, "role", N_("Role"),
		N_("It decides what is proposed on the following pages.")},
	[SES_ANS_HOSTNAME] = {SES_SETUP_NAME, SES_Q_TEXT, "hostname", N_("Host name"),
		N_("The full name of this machine, as other servers see it "
		   "(myhostname).")},
	[SES_ANS_ORIGIN] = {SES_SETUP_NAME, SES_Q_TEXT, "origin", N_("Sender domain"),
		N_("Stands behind the @ where programs of this host give none "
		   "(myorigin).")},
	[SES_ANS_DESTINATION] = {SES_SETUP_NAME, SES_Q_TEXT, "destination",
		N_("Kept here"),
		N_("Domains whose mail stays on this host (mydestination).")},
	[SES_ANS_LISTEN] = {SES_SETUP_LISTEN, SES_Q_TICKS, "listen", N_("Addresses"),
		N_("Clients can connect to what is ticked (inet_interfaces).")},
	[SES_ANS_CLIENTS] = {SES_SETUP_CLIENTS, SES_Q_TICKS, "clients", N_("Clients"),
		N_("A segment such as 192.168.3.0/24, or one address (mynetworks).")},
	[SES_ANS_RELAYHOST] = {SES_SETUP_UPSTREAM, SES_Q_TEXT, "relayhost", N_("Host"),
		N_("HOST or HOST:PORT, as your provider names it (relayhost).")},
	[SES_ANS_MX] = {SES_SETUP_UPSTREAM, SES_Q_YESNO, "mx", N_("Look up MX"),
		N_("Asks DNS for the mail servers of that name; rarely meant with a "
		   "port.")},
	[SES_ANS_TLS] = {SES_SETUP_UPSTREAM, SES_Q_CHOICE, "tls", N_("TLS"),
		N_("Encryption to that host (smtp_tls_security_level).")},
	[SES_ANS_USER] = {SES_SETUP_UPSTREAM, SES_Q_TEXT, "user", N_("User"),
		N_("For the login at that host; empty: no login.")},
	[SES_ANS_PASSWORD] = {SES_SETUP_UPSTREAM, SES_Q_SECRET, "password",
		N_("Password"), N_("Kept in a file that only root can read.")},
	[SES_ANS_ROOT] = {SES_SETUP_PEOPLE, SES_Q_TEXT, "root", N_("root"),
		N_("Who reads the mail of this machine: a user or an address.")},
	[SES_ANS_POSTMASTER] = {SES_SETUP_PEOPLE, SES_Q_TEXT, "postmaster",
		N_("postmaster"), N_("Who reads what other servers write about mail.")},
	[SES_ANS_ALIASES] = {SES_SETUP_PEOPLE, SES_Q_TICKS, "aliases", N_("Aliases"),
		N_("NAME: TARGETS, such as sales: hanako@example.co.jp")},
	[SES_ANS_LOG] = {SES_SETUP_LOG, SES_Q_CHOICE, "log", N_("Log"),
		N_("Where Postfix tells what became of each message.")},
	[SES_ANS_LOGFILE] = {SES_SETUP_LOG, SES_Q_TEXT, "logfile", N_("Log file"),
		N_("A file below /var (maillog_file).")},
};

const struct setup_def *
setup_def(enum ses_setup_ask ask)
{
	return &defs[ask];
}

/* --- role --- */

static const char *const role_ids[] = {
	[SES_ROLE_LAN] = "relay", [SES_ROLE_HOST] = "host", [SES_ROLE_DIRECT] = "direct"};

const char *
setup_role_id(enum ses_setup_role role)
{
	return role_ids[role];
}

bool
setup_wants_others(const struct setup *st, enum ses_setup_ask ask)
{
	const struct setup_rows *rows = setup_rows(st, ask);
	const struct setup_answer *a = &st->a[ask];

	for (size_t i = 0; i < rows->n; i++)
		if (!rows->v[i].is_self && setup_row_wanted(st, ask, &rows->v[i]))
			return true;
	for (size_t i = 0; i < a->nadded; i++)
		if (setup_added_wanted(a, a->added[i]))
			return true;
	return ask == SES_ANS_CLIENTS && st->base.more;
}

/* A file of answers needn't name it: the other answers tell. */
static enum ses_setup_role
role_of_answers(const struct setup *st)
{
	const struct setup_answer *host = &st->a[SES_ANS_RELAYHOST];
	const char *relay = host->given ? host->text : st->base.value[SES_ANS_RELAYHOST];

	if (!relay[0])
		return SES_ROLE_DIRECT;
	return setup_wants_others(st, SES_ANS_LISTEN) ? SES_ROLE_LAN : SES_ROLE_HOST;
}

enum ses_setup_role
setup_role(const struct setup *st, enum ses_setup_from *from)
{
	const struct setup_answer *a = &st->a[SES_ANS_ROLE];
	enum ses_setup_from unused;

	if (!from)
		from = &unused;
	for (int i = 0; a->given && i <= SES_ROLE_DIRECT; i++)
		if (strcmp(a->text, role_ids[i]) == 0) {
			*from = SES_Q_ANSWERED;
			return (enum ses_setup_role)i;
		}
	*from = st->base.has_role ? SES_Q_KEPT : SES_Q_PROPOSED;
	return st->only_answers ? role_of_answers(st) : st->base.role;
}

/* --- proposals --- */

static bool
proposes(const struct setup *st, enum ses_setup_ask ask)
{
	return !st->only_answers && !st->base.touched[ask] &&
	       (st->base.is_stock || setup_role(st, NULL) != st->base.role);
}

static const char *
proposal(const struct setup *st, enum ses_setup_ask ask)
{
	const struct setup_base *b = &st->base;

	if (ask == SES_ANS_LOGFILE && !b->value[ask][0])
		return OWN_LOG;
	if (ask == SES_ANS_LOG && proposes(st, ask) && b->can_log && !b->has_system_log)
		return "file";
	if (ask == SES_ANS_RELAYHOST && proposes(st, ask) &&
		setup_role(st, NULL) == SES_ROLE_DIRECT)
		return "";
	return b->value[ask];
}

const char *
setup_wanted(const struct setup *st, enum ses_setup_ask ask, enum ses_setup_from *from)
{
	const struct setup_answer *a = &st->a[ask];
	const char *now = st->base.value[ask], *wanted;
	enum ses_setup_from unused;

	if (!from)
		from = &unused;
	if (ask == SES_ANS_ROLE)
		return role_ids[setup_role(st, from)];
	if (a->given && defs[ask].kind == SES_Q_SECRET) {
		*from = SES_Q_ANSWERED;
		return "yes";
	}
	wanted = a->given ? a->text : proposal(st, ask);
	*from = strcmp(wanted, now) == 0 ? SES_Q_KEPT
		: a->given               ? SES_Q_ANSWERED
					 : SES_Q_PROPOSED;
	return wanted;
}

bool
setup_wants(const struct setup *st, enum ses_setup_ask ask, const char *wanted)
{
	return strcmp(setup_wanted(st, ask, NULL), wanted) == 0;
}

bool
setup_is_open(const struct setup *st, enum ses_setup_ask ask)
{
	bool direct = setup_role(st, NULL) == SES_ROLE_DIRECT;

	switch (ask) {
	case SES_ANS_RELAYHOST:
		return !direct || st->a[ask].given || st->base.value[ask][0];
	case SES_ANS_MX:
		return !direct &&
		       !setup_is_whole(setup_wanted(st, SES_ANS_RELAYHOST, NULL));
	case SES_ANS_USER:
	case SES_ANS_PASSWORD:
		return !direct;
	case SES_ANS_LOG:
		return st->base.can_log;
	case SES_ANS_LOGFILE:
		return st->base.can_log && setup_wants(st, SES_ANS_LOG, "file");
	case SES_ANS_ROLE:
	case SES_ANS_HOSTNAME:
	case SES_ANS_ORIGIN:
	case SES_ANS_DESTINATION:
	case SES_ANS_LISTEN:
	case SES_ANS_CLIENTS:
	case SES_ANS_TLS:
	case SES_ANS_ROOT:
	case SES_ANS_POSTMASTER:
	case SES_ANS_ALIASES:
	case SES_SETUP_QUESTIONS:
		break;
	}
	return true;
}

/* --- rows --- */

const struct setup_rows *
setup_rows(const struct setup *st, enum ses_setup_ask ask)
{
	static const struct setup_rows none = {0};

	return ask == SES_ANS_LISTEN    ? &st->base.listen
	       : ask == SES_ANS_CLIENTS ? &st->base.clients
					: &none;
}

/* A list that names nothing beyond this host is nobody's decision yet. */
static bool
names_self_only(const struct setup_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].on && !rows->v[i].is_self && !rows->v[i].is_public)
			return false;
	return true;
}

static bool
has_good(const struct setup_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].is_good)
			return true;
	return false;
}

enum listen_plan { LISTEN_AS_NOW, LISTEN_SELF, LISTEN_GOOD, LISTEN_ALL };

/* Listening to all is as good as naming the addresses where all of them are private. */
static bool
all_are_good(const struct setup_rows *rows)
{
	for (size_t i = 1; i < rows->n; i++)
		if (rows->v[i].on && !rows->v[i].is_self && !rows->v[i].is_good)
			return false;
	return true;
}

/* This host alone; or its private addresses that stay, or all where none of them stays:
 * with an address that has gone, no program of Postfix would run. */
static enum listen_plan
listen_plan(const struct setup *st)
{
	const struct setup_base *b = &st->base;

	if (!proposes(st, SES_ANS_LISTEN))
		return LISTEN_AS_NOW;
	if (setup_role(st, NULL) == SES_ROLE_HOST)
		return LISTEN_SELF;
	if (b->listens_to_all ? b->is_set[SES_ANS_LISTEN] : !names_self_only(&b->listen))
		return LISTEN_AS_NOW;
	if (!has_good(&b->listen))
		return b->has_transient ? LISTEN_ALL : LISTEN_AS_NOW;
	return b->listens_to_all && all_are_good(&b->listen) ? LISTEN_AS_NOW
							     : LISTEN_GOOD;
}

static bool
listens_to_self(const struct setup_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].is_self && rows->v[i].on)
			return true;
	return false;
}

static bool
listen_proposal(const struct setup *st, const struct setup_row *row)
{
	switch (listen_plan(st)) {
	case LISTEN_AS_NOW:
		break;
	case LISTEN_SELF:
		return row->is_self && (row->on || !listens_to_self(&st->base.listen));
	case LISTEN_GOOD:
		return row->is_self ? row->on : row->is_good;
	case LISTEN_ALL:
		return true;
	}
	return row->on;
}

/* The network of an address where it listens from now on? */
static bool
is_own_segment(const struct setup *st, const struct setup_row *row)
{
	const struct setup_rows *rows = &st->base.listen;
	struct ipaddr net, addr;

	if (addr_parse_net(sv_of(row->text), &net) != ADDR_FINE)
		return false;
	for (size_t i = 0; i < rows->n; i++)
		if (addr_parse(sv_of(rows->v[i].text), &addr) &&
			addr_contains(&net, &addr) &&
			setup_row_wanted(st, SES_ANS_LISTEN, &rows->v[i]))
			return true;
	return false;
}

static bool
client_proposal(const struct setup *st, const struct setup_row *row)
{
	if (!proposes(st, SES_ANS_CLIENTS) || st->base.more ||
		setup_role(st, NULL) == SES_ROLE_HOST)
		return row->on;
	if (row->is_hint)
		return names_self_only(&st->base.clients) && !row->is_public &&
		       is_own_segment(st, row);
	return row->on && !row->is_public;
}

bool
setup_row_wanted(
	const struct setup *st, enum ses_setup_ask ask, const struct setup_row *row)
{
	const struct setup_tick *t = setup_tick_of(&st->a[ask], row->text);

	if (ask == SES_ANS_LISTEN && row != st->base.listen.v && row->can_tick &&
		setup_row_wanted(st, ask, st->base.listen.v))
		return row->on || !st->base.listens_to_all;
	if (t)
		return t->on;
	return ask == SES_ANS_LISTEN ? listen_proposal(st, row)
				     : client_proposal(st, row);
}

bool
setup_added_wanted(const struct setup_answer *a, const char *text)
{
	const struct setup_tick *t = setup_tick_of(a, text);

	return !t || t->on;
}

bool
setup_rows_differ(const struct setup *st, enum ses_setup_ask ask)
{
	const struct setup_rows *rows = setup_rows(st, ask);

	for (size_t i = 0; i < rows->n; i++)
		if (setup_row_wanted(st, ask, &rows->v[i]) != rows->v[i].on)
			return true;
	return st->a[ask].nadded > 0;
}
