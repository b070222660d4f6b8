/* SPDX-License-Identifier: MIT
 *
 * What is wanted, written: by the very calls that the screens use, in the order of the
 * steps, so that both ways lead to the same bytes. What is in effect as wanted is left
 * alone.
 */
#include "session/setup_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/nets.h"
#include "model/nexthop.h"
#include "session/login.h"
#include "session/login_view.h"
#include "session/nets_view.h"

static bool
differs(const struct setup *st, enum ses_setup_ask ask)
{
	enum ses_setup_from from;

	(void)setup_wanted(st, ask, &from);
	return from != SES_Q_KEPT;
}

static bool
write_param(struct session *s, enum ses_setup_ask ask, struct diags *d)
{
	struct setup *st = s->setup;

	return !differs(st, ask) ||
	       ses_param_set(s, setup_param(ask), setup_wanted(st, ask, NULL), d);
}

/* --- where it listens --- */

static bool
tick_address(struct session *s, const char *addr, bool on, struct diags *d)
{
	const struct ses_if_row *rows;
	size_t n = ses_if_rows(s, &rows);

	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].addr, addr) == 0)
			return rows[i].ticked == on || ses_if_tick(s, i, on, d);
	return !on || ses_if_add(s, addr, d);
}

/* Only ticked ones first: at no time is the list empty. */
static bool
tick_addresses(struct session *s, bool on, struct diags *d)
{
	const struct setup *st = s->setup;
	const struct setup_rows *rows = &st->base.listen;
	const struct setup_answer *a = &st->a[SES_ANS_LISTEN];
	bool done = true;

	for (size_t i = 1; done && i < rows->n; i++)
		if (setup_row_wanted(st, SES_ANS_LISTEN, &rows->v[i]) == on)
			done = tick_address(s, rows->v[i].text, on, d);
	for (size_t i = 0; done && on && i < a->nadded; i++)
		if (setup_added_wanted(a, a->added[i]))
			done = tick_address(s, a->added[i], true, d);
	return done;
}

static bool
wants_self_alone(const struct setup *st)
{
	const struct setup_rows *rows = &st->base.listen;
	const struct setup_answer *a = &st->a[SES_ANS_LISTEN];

	for (size_t i = 0; i < rows->n; i++)
		if (setup_row_wanted(st, SES_ANS_LISTEN, &rows->v[i]) !=
			rows->v[i].is_self)
			return false;
	return a->nadded == 0;
}

static bool
write_listen(struct session *s, struct diags *d)
{
	const struct setup *st = s->setup;
	const struct setup_rows *rows = &st->base.listen;

	if (!setup_rows_differ(st, SES_ANS_LISTEN))
		return true;
	if (rows->n && setup_row_wanted(st, SES_ANS_LISTEN, &rows->v[0]))
		return ses_if_set_mode(s, SES_IF_ALL, d);
	if (wants_self_alone(st))
		return ses_if_set_mode(s, SES_IF_LOOPBACK, d);
	return ses_if_set_mode(s, SES_IF_CHOSEN, d) && tick_addresses(s, true, d) &&
	       tick_addresses(s, false, d);
}

/* --- who may send --- */

/* The row of the value with this text, or the number of rows. */
static size_t
client_at(struct session *s, const char *text)
{
	const struct nets_view *v = nets_now(s);

	for (size_t i = 0; i < v->n; i++)
		if (v->rows[i].depth == 0 && !v->rows[i].removed &&
			strcmp(v->rows[i].text, text) == 0)
			return i;
	return v->n;
}

/* The first row that decides counts: an exception stands before the networks that it is
 * taken from, and before what can't be looked into. */
static size_t
place_of(struct session *s, const char *text)
{
	const struct nets_view *v = nets_now(s);
	struct net_item new, row;

	net_item_parse(sv_of(text), &new);
	for (size_t i = 0; new.except &&i < v->n; i++) {
		net_item_parse(sv_of(v->rows[i].text), &row);
		if (v->rows[i].depth == 0 && !v->rows[i].removed && !v->rows[i].off &&
			!row.except &&
			((row.kind != NET_NET && row.kind != NET_HOST) ||
				addr_contains(&row.addr, &new.addr)))
			return i;
	}
	return SIZE_MAX;
}

static bool
add_clients(struct session *s, const char *text, size_t before, struct diags *d)
{
	struct ses_net_new new = {.text = text, .before = before};

	return ses_net_add(s, &new, NULL, d);
}

static bool
add_waiting(struct session *s, struct str *waiting, struct diags *d)
{
	bool done = waiting->n == 0 || add_clients(s, str_c(waiting), SIZE_MAX, d);

	str_clear(waiting);
	return done;
}

/* Those that go to the end wait for each other: each addition makes the rows anew. An
 * exception needs to see them. */
static bool
add_client(struct session *s, const char *text, struct str *waiting, struct diags *d)
{
	if (client_at(s, text) < s->nets->n)
		return true;
	if (text[0] == '!')
		return add_waiting(s, waiting, d) &&
		       add_clients(s, text, place_of(s, text), d);
	str_addf(waiting, "%s%s", waiting->n ? ", " : "", text);
	return true;
}

static bool
add_new_clients(struct session *s, struct diags *d)
{
	const struct setup *st = s->setup;
	const struct setup_rows *rows = &st->base.clients;
	const struct setup_answer *a = &st->a[SES_ANS_CLIENTS];
	struct str waiting = {0};
	bool done = true;

	for (size_t i = 0; done && i < rows->n; i++)
		if (rows->v[i].is_hint &&
			setup_row_wanted(st, SES_ANS_CLIENTS, &rows->v[i]))
			done = add_client(s, rows->v[i].text, &waiting, d);
	for (size_t i = 0; done && i < a->nadded; i++)
		if (setup_added_wanted(a, a->added[i]))
			done = add_client(s, a->added[i], &waiting, d);
	done = done && add_waiting(s, &waiting, d);
	str_free(&waiting);
	return done;
}

static bool
set_client(struct session *s, const struct setup_row *row, bool on, struct diags *d)
{
	size_t at = client_at(s, row->text);

	if (at == s->nets->n)
		return !on || add_clients(s, row->text, SIZE_MAX, d);
	if (on)
		return !s->nets->rows[at].off || ses_net_toggle(s, at, d);
	return s->nets->rows[at].off || ses_net_remove(s, at, d);
}

/* New ones first: what Postfix derives while nothing is set is written along with them.
 */
static bool
write_clients(struct session *s, struct diags *d)
{
	const struct setup *st = s->setup;
	const struct setup_rows *rows = &st->base.clients;
	bool done = true, wanted;

	if (!setup_rows_differ(st, SES_ANS_CLIENTS))
		return true;
	done = add_new_clients(s, d);
	for (size_t i = 0; done && i < rows->n; i++) {
		wanted = setup_row_wanted(st, SES_ANS_CLIENTS, &rows->v[i]);
		if (!rows->v[i].is_hint &&
			(wanted != rows->v[i].on || (wanted && rows->v[i].is_public)))
			done = set_client(s, &rows->v[i], wanted, d);
	}
	return done;
}

/* --- upstream --- */

static bool
write_host(struct session *s, struct diags *d)
{
	const struct setup *st = s->setup;
	const char *typed = setup_wanted(st, SES_ANS_RELAYHOST, NULL);
	bool mx = setup_wants(st, SES_ANS_MX, "yes");
	struct ses_relay_verdict v;

	if (!differs(st, SES_ANS_RELAYHOST) && !differs(st, SES_ANS_MX))
		return true;
	if (!typed[0])
		return !st->base.is_set[SES_ANS_RELAYHOST] || ses_relay_unset(s, d);
	if (setup_is_whole(typed))
		return ses_relay_put(s, typed, d);
	ses_relay_judge(s, typed, mx, &v);
	return ses_relay_put(s, v.written, d);
}

/* A login without a password waits for it; but naming the user is enough to require TLS.
 */
static bool
write_login(struct session *s, struct diags *d)
{
	const struct setup *st = s->setup;
	const struct setup_answer *secret = &st->a[SES_ANS_PASSWORD];
	const char *user = setup_wanted(st, SES_ANS_USER, NULL);
	struct ses_login now;

	if (!setup_wanted(st, SES_ANS_RELAYHOST, NULL)[0] ||
		(!differs(st, SES_ANS_USER) && !secret->given))
		return true;
	ses_login_get(s, &now);
	if (!user[0])
		return !now.on || !now.stored || ses_login_off(s, d);
	if (!secret->given && !now.has_password)
		return login_asks_tls(s, d);
	return ses_login_set(s, user, secret->given ? secret->text : NULL, d);
}

static bool
write_tls(struct session *s, struct diags *d)
{
	const struct setup_answer *a = &s->setup->a[SES_ANS_TLS];

	return !a->given || strcmp(setup_tls_now(s), a->text) == 0 ||
	       ses_tls_set_level(s, a->text, d);
}

/* --- people and log --- */

static bool
write_reader(struct session *s, enum ses_setup_ask ask, struct diags *d)
{
	const char *typed = setup_wanted(s->setup, ask, NULL), *name = setup_def(ask)->id;
	struct al_targets list = {0};
	bool done;

	if (!differs(s->setup, ask))
		return true;
	done = setup_targets(s, typed, &list, d) &&
	       (list.n ? setup_alias_put(s, name, &list, d)
		       : setup_alias_drop(s, name, d));
	al_targets_free(&list);
	return done;
}

static bool
write_aliases(struct session *s, struct diags *d)
{
	const struct setup_answer *a = &s->setup->a[SES_ANS_ALIASES];
	bool done = true;

	for (size_t i = 0; done && i < a->nadded; i++) {
		struct al_targets list = {0};
		char *name = NULL;

		done = setup_alias_parse(s, a->added[i], &name, &list, d) &&
		       setup_alias_put(s, name, &list, d);
		free(name);
		al_targets_free(&list);
	}
	return done;
}

static bool
write_log(struct session *s, struct diags *d)
{
	const struct setup *st = s->setup;
	const char *file = setup_wanted(st, SES_ANS_LOGFILE, NULL);

	if (setup_wants(st, SES_ANS_LOG, "file"))
		return strcmp(file, st->base.value[SES_ANS_LOGFILE]) == 0 ||
		       ses_param_set(s, setup_param(SES_ANS_LOGFILE), file, d);
	return !differs(st, SES_ANS_LOG) ||
	       ses_param_unset(s, setup_param(SES_ANS_LOG), d);
}

/* --- all --- */

static bool
write_ask(struct session *s, enum ses_setup_ask ask, struct diags *d)
{
	switch (ask) {
	case SES_ANS_HOSTNAME:
	case SES_ANS_ORIGIN:
	case SES_ANS_DESTINATION:
		return write_param(s, ask, d);
	case SES_ANS_LISTEN:
		return write_listen(s, d);
	case SES_ANS_CLIENTS:
		return write_clients(s, d);
	case SES_ANS_RELAYHOST:
		return write_host(s, d);
	case SES_ANS_USER:
		return write_login(s, d);
	case SES_ANS_ROOT:
	case SES_ANS_POSTMASTER:
		return write_reader(s, ask, d);
	case SES_ANS_ALIASES:
		return write_aliases(s, d);
	case SES_ANS_LOG:
		return write_log(s, d);
	case SES_ANS_TLS:
	case SES_ANS_ROLE:     /* written by the others, */
	case SES_ANS_MX:       /* with the host, */
	case SES_ANS_PASSWORD: /* with the user, */
	case SES_ANS_LOGFILE:  /* with the log */
	case SES_SETUP_QUESTIONS:
		break;
	}
	return true;
}

bool
setup_write(struct session *s, enum ses_setup_step end, enum ses_setup_ask *of,
	struct diags *d)
{
	bool done = true;

	ses_begin(s, _("set-up"));
	for (int i = 0; done && i < SES_SETUP_QUESTIONS; i++) {
		*of = (enum ses_setup_ask)i;
		if (setup_def(*of)->step > end)
			break;
		if (setup_is_open(s->setup, *of))
			done = write_ask(s, *of, d);
		/* A login has made TLS required; an answer has the last word. */
		if (done && *of == SES_ANS_PASSWORD)
			done = write_tls(s, d);
	}
	ses_end(s);
	return done;
}
