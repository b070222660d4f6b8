/* SPDX-License-Identifier: MIT
 *
 * Who may relay, judged as smtpd would and by the files as they are on disk: one address
 * of each segment, and addresses of strangers. A list of questions is worked off, one
 * after the other; Postfix's tables are asked in the background.
 */
#include "session/verify_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/nets.h"
#include "session/nettest_view.h"

enum { SEGMENTS_MAX = 64, SHOWN_MAX = 1, STRANGER_LEAST_V4 = 8, STRANGER_LEAST_V6 = 16 };

struct ask_of {
	char *row; /* segment, "" for a stranger */
	struct ipaddr net;
	char who[ADDR_TEXT_MAX + 16];
	int tried;      /* addresses of the segment so far */
	bool neighbour; /* a stranger out of a public network that this machine is in */
	enum ses_net_says says;
};

struct vr_clients {
	struct ask_of v[SEGMENTS_MAX];
	size_t n, at;
	size_t more; /* rows that are not tried: names, tables */
};

void
vr_clients_free(struct session *s, struct verify *v)
{
	nt_question_free(s, &v->question);
	for (size_t i = 0; v->clients && i < v->clients->n; i++)
		free(v->clients->v[i].row);
	free(v->clients);
	v->clients = NULL;
}

static struct ask_of *
add(struct vr_clients *c, const char *row)
{
	struct ask_of *a;

	if (c->n == SEGMENTS_MAX) {
		c->more++;
		return NULL;
	}
	a = &c->v[c->n++];
	*a = (struct ask_of){.row = mem_strdup(row)};
	return a;
}

/* --- the segments ------------------------------------------------------------------- */

/* The next address of a segment to try: one in the middle, the first, the last but one;
 * an exception may have taken one of them out. False: there is no other. */
static bool
next_address(struct ask_of *a)
{
	struct ipaddr first = addr_first(&a->net), last = addr_last(&a->net), at = first;
	uint8_t *low = &at.b[at.fam == 4 ? 3 : 15];
	unsigned bits = addr_bits(a->net.fam) - a->net.plen;

	if (a->tried > (bits > 1 ? 2 : 0))
		return false;
	if (bits > 1 && a->tried == 0)
		*low = (uint8_t)(*low | 1u << (bits > 8 ? 7 : bits - 1));
	else if (bits > 1 && a->tried == 1)
		*low = (uint8_t)(*low | 1u);
	else if (bits > 1) {
		at = last;
		low = &at.b[at.fam == 4 ? 3 : 15];
		*low = (uint8_t)(*low & ~1u);
	}
	a->tried++;
	(void)addr_format(&at, ADDR_BARE, a->who);
	return true;
}

static void
add_segment(struct vr_clients *c, const char *row, bool open)
{
	struct net_item item;
	struct ask_of *a;

	net_item_parse(sv_of(row), &item);
	if (item.except || (item.kind == NET_FILE && open))
		return;
	if (item.kind != NET_NET && item.kind != NET_HOST) {
		c->more++;
		return;
	}
	if (addr_class_of(&item.addr) == ADDR_LOOPBACK)
		return;
	a = add(c, row);
	if (!a)
		return;
	a->net = item.addr;
	(void)next_address(a);
}

/* Rows that stand in the files on disk. */
static void
add_segments(struct session *s, struct vr_clients *c)
{
	const struct ses_net_row *r;
	size_t n = ses_net_rows(s, &r);

	for (size_t i = 0; i < n; i++)
		if (!r[i].off && !r[i].is_new && !r[i].edited)
			add_segment(c, r[i].text, r[i].open);
}

/* By the files on disk: does Postfix make the list by mynetworks_style? */
static bool
is_derived(const struct session *s)
{
	struct entry e;

	return file_param_before(s->files[0], sv_of("mynetworks"), &e) == DOC_NO_ID;
}

/* Not as long as Postfix is being asked which networks it derives. */
static bool
is_list_known(struct session *s)
{
	return !is_derived(s) || ses_ask(s, SES_ASK_DERIVED);
}

static void
add_derived(struct verify *v, struct vr_clients *c, const char *list)
{
	struct sv rest = sv_of(list), token;

	while (net_token(&rest, &token))
		add_segment(c, arena_sv(&vr_now(v)->texts, token), false);
}

/* Files that are not opened on the screen are for this moment. */
static size_t
open_files(struct session *s, size_t *opened, size_t max)
{
	const struct ses_net_row *r;
	size_t n = ses_net_rows(s, &r), k = 0;

	for (size_t i = 0; i < n && k < max; i++) {
		if (!r[i].expandable || r[i].open || r[i].off)
			continue;
		ses_net_open(s, i, true);
		opened[k++] = i;
		n = ses_net_rows(s, &r);
	}
	return k;
}

static void
collect(struct session *s, struct verify *v, struct vr_clients *c)
{
	enum { FILES = 16 };
	size_t opened[FILES], n;

	if (is_derived(s)) {
		if (s->asked[SES_ASK_DERIVED].ok)
			add_derived(v, c, s->derived);
		return;
	}
	n = open_files(s, opened, FILES);
	add_segments(s, c);
	while (n > 0)
		ses_net_open(s, opened[--n], false);
}

static const char *
in_words(struct verify *v, const struct ses_net_says_of *a)
{
	struct arena *texts = &vr_now(v)->texts;

	if (!a->row)
		return arena_fmt(texts, "%s, %s", ses_net_word(a->says), a->why);
	if (!a->file)
		return arena_fmt(texts, "%s, %s", ses_net_word(a->says), a->row);
	return arena_fmt(
		texts, "%s, %s (%s:%u)", ses_net_word(a->says), a->row, a->file, a->line);
}

static void
name_segments(const struct vr_clients *c, struct str *out)
{
	for (size_t i = 0; i < c->n && i < SHOWN_MAX; i++)
		str_addf(out, "%s%s", i ? " " : "", c->v[i].row);
	if (c->n > SHOWN_MAX)
		str_addf(out, " +%zu", c->n - SHOWN_MAX);
}

static void
end_clients(struct session *s, struct verify *v)
{
	const struct vr_clients *c = v->clients;
	size_t bad = 0, doubt = 0;
	struct str names = {0};

	for (size_t i = 0; i < c->n; i++) {
		bad += c->v[i].says != SES_NET_ALLOWED &&
		       c->v[i].says != SES_NET_CANT_TELL;
		doubt += c->v[i].says == SES_NET_CANT_TELL;
	}
	if (c->more)
		vr_word(v,
			P_("%zu row goes by name or table, and is not tried",
				"%zu rows go by name or table, and are not tried",
				c->more),
			c->more);
	name_segments(c, &names);
	if (bad || doubt) {
		vr_say_keys(v,
			_("Clients of a segment in the list can't send by this relay."),
			_("Enter shows which row decides; Networks is where it stands."));
		vr_where(v, "networks", "mynetworks");
	}
	if (bad)
		vr_end(v, SES_RUNG_FAILED, _("%zu of %zu segments are refused"), bad,
			c->n);
	else if (doubt)
		vr_end(v, SES_RUNG_WARN, _("%zu of %zu segments: can't tell"), doubt,
			c->n);
	else if (c->n)
		vr_end(v, SES_RUNG_OK, _("%s allowed"), str_c(&names));
	else if (is_derived(s) && !s->asked[SES_ASK_DERIVED].ok)
		vr_end(v, SES_RUNG_WARN, "%s", _("can't tell"));
	else
		vr_end(v, SES_RUNG_OK, "%s",
			c->more ? _("none that could be tried")
				: _("no LAN may send, this host only"));
	str_free(&names);
}

static void
poll_clients(struct session *s, struct verify *v)
{
	struct vr_clients *c = v->clients;
	struct ses_net_answer answer;

	(void)nt_question_step(s, v->question);
	while (c->at < c->n) {
		struct ask_of *a = &c->v[c->at];

		if (!nt_question_ask(s, &v->question, a->who, true, &answer))
			return;
		a->says = answer.is.says;
		if (a->says != SES_NET_ALLOWED && answer.is.row &&
			answer.is.row[0] == '!' && next_address(a))
			continue;
		vr_word(v, "%s: %s", a->who, in_words(v, &answer.is));
		c->at++;
	}
	end_clients(s, v);
}

static void
begin_clients(struct session *s, struct verify *v)
{
	v->poll = begin_clients;
	if (!is_list_known(s))
		return;
	collect(s, v, v->clients);
	v->poll = poll_clients;
	poll_clients(s, v);
}

void
vr_begin_clients(struct session *s, struct verify *v)
{
	vr_clients_free(s, v);
	v->clients = mem_new(1, sizeof(*v->clients));
	begin_clients(s, v);
}

/* --- strangers ---------------------------------------------------------------------- */

/* An address that somebody wrote into the list is no stranger's; the whole world is, and
 * so is a public network that nobody wrote there. */
static bool
is_listed(const struct ses_net_says_of *a)
{
	struct net_item item;

	if (a->says != SES_NET_ALLOWED || !a->row || !a->file)
		return false;
	net_item_parse(sv_of(a->row), &item);
	return (item.kind == NET_NET || item.kind == NET_HOST) &&
	       item.addr.plen >=
		       (item.addr.fam == 4 ? STRANGER_LEAST_V4 : STRANGER_LEAST_V6);
}

/* The worst answer of all services. */
static const struct ses_net_says_of *
kindest(const struct ses_net_answer *a)
{
	for (size_t i = 0; i < a->nothers; i++)
		if (a->others[i].says == SES_NET_ALLOWED && !is_listed(&a->others[i]))
			return &a->others[i];
	return &a->is;
}

static void
end_open(struct verify *v, const struct ask_of *a, const struct ses_net_says_of *by)
{
	vr_say_keys(v, _("Danger: strangers may send through this relay, and soon will."),
		_("Enter shows what lets them in; take it out at once."));
	vr_where(v, by->row ? "networks" : "params",
		by->row ? "mynetworks" : "smtpd_relay_restrictions");
	vr_end(v, SES_RUNG_FAILED, _("%s may relay"), a->who);
}

static void
end_stranger(struct verify *v, const struct ask_of *a, const struct ses_net_says_of *by)
{
	switch (by->says) {
	case SES_NET_DENIED:
		if (vr_now(v)->text[0]) /* of IPv4 */
			vr_end(v, SES_RUNG_OK, "%s", vr_now(v)->text);
		else
			vr_end(v, SES_RUNG_OK, _("%s is refused"), a->who);
		break;
	case SES_NET_ALLOWED:
		end_open(v, a, by);
		break;
	case SES_NET_451:
		vr_say_keys(v,
			_("Strangers get \"451 Temporary lookup failure\": not open, but "
			  "broken."),
			_("r mends the row on Networks."));
		vr_where(v, "networks", "mynetworks");
		vr_end(v, SES_RUNG_WARN, "%s: 451", a->who);
		break;
	case SES_NET_NO_GREETING:
		vr_say_keys(v,
			_("smtpd dies as soon as somebody connects: nobody can send."),
			_("Enter shows what it dies of."));
		vr_where(v, "networks", "mynetworks");
		vr_end(v, SES_RUNG_FAILED, "%s", _("no greeting"));
		break;
	case SES_NET_CANT_TELL:
	case SES_NET_SAYS:
		vr_say_keys(v, _("Whether strangers may relay can't be told from here."),
			_("Enter shows what decides."));
		vr_end(v, SES_RUNG_WARN, "%s", _("can't tell"));
		break;
	}
}

static void
poll_stranger(struct session *s, struct verify *v)
{
	struct vr_clients *c = v->clients;
	const struct ses_net_says_of *by;
	struct ses_net_answer answer;

	(void)nt_question_step(s, v->question);
	for (; c->at < c->n; c->at++) {
		struct ask_of *a = &c->v[c->at];

		if (!nt_question_ask(s, &v->question, a->row, true, &answer))
			return;
		by = kindest(&answer);
		if (is_listed(by))
			continue;
		vr_word(v, "%s: %s", a->who, in_words(v, by));
		end_stranger(v, a, by);
		if (by->says != SES_NET_DENIED)
			return;
		/* One IPv4 address of far away is enough, if it is refused. */
		while (c->at + 1 < c->n && !c->v[c->at + 1].neighbour &&
			!strchr(c->v[c->at + 1].who, ':'))
			c->at++;
		vr_now(v)->state = SES_RUNG_RUNS;
		v->poll = poll_stranger;
	}
	if (vr_now(v)->nwords)
		vr_now(v)->state = SES_RUNG_OK;
	else
		vr_end(v, SES_RUNG_WARN, "%s",
			_("no address was found that isn't listed"));
}

static struct ask_of *
add_stranger(struct vr_clients *c, const char *addr)
{
	char *who = str_format("unknown[%s]", addr); /* without a name of its own */
	struct ask_of *a = add(c, who);

	if (a)
		(void)snprintf(a->who, sizeof(a->who), "%s", addr);
	free(who);
	return a;
}

/* Somebody else in the public network of an interface: whoever is next to this machine is
 * a stranger, too, unless somebody wrote that network into the list. */
static void
add_neighbour(struct vr_clients *c, const struct nic_addr *nic)
{
	struct ipaddr own = addr_from_bytes(nic->fam, nic->addr, nic->plen), at;
	char text[ADDR_TEXT_MAX];
	struct ask_of *a;

	if (nic->plen + 2 > addr_bits(nic->fam) || !addr_is_public_range(&own))
		return;
	at = addr_host(&own);
	at.b[at.fam == 4 ? 3 : 15] ^= 3; /* .2 for .1 */
	a = add_stranger(c, addr_format(&at, ADDR_BARE, text));
	if (a)
		a->neighbour = true;
}

static void
begin_strangers(struct session *s, struct verify *v)
{
	v->poll = begin_strangers;
	if (!is_list_known(s))
		return;
	v->poll = poll_stranger;
	poll_stranger(s, v);
}

void
vr_begin_stranger(struct session *s, struct verify *v)
{
	static const char *const v4[] = {
		"198.51.100.200", "203.0.113.200", "192.0.2.200", "8.8.8.8", NULL};
	const struct nic_list *nics = session_nics(s);
	bool six = !strstr(vr_value(v, "inet_protocols"), "ipv4") ||
		   strstr(vr_value(v, "inet_protocols"), "ipv6");

	vr_clients_free(s, v);
	v->clients = mem_new(1, sizeof(*v->clients));
	for (size_t i = 0; v4[i]; i++)
		(void)add_stranger(v->clients, v4[i]);
	if (six)
		(void)add_stranger(v->clients, "2001:db8::200");
	for (size_t i = 0; i < nics->n; i++)
		if (nics->v[i].up && (six || nics->v[i].fam == 4))
			add_neighbour(v->clients, &nics->v[i]);
	begin_strangers(s, v);
}
