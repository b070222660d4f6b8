/* SPDX-License-Identifier: MIT
 *
 * One question at a time. Each evaluation starts anew and stops where a table must be
 * asked; the answers of tables stay with the question, so the next evaluation comes
 * further. Services without settings of their own share the first one's answer.
 */
#include "session/nettest.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/nettest_view.h"

const char *
ses_net_word(enum ses_net_says says)
{
	static const char *const words[SES_NET_SAYS] = {[SES_NET_ALLOWED] = "allowed",
		[SES_NET_DENIED] = "denied",
		[SES_NET_451] = "451",
		[SES_NET_NO_GREETING] = "no greeting",
		[SES_NET_CANT_TELL] = "can't tell"};

	return words[says];
}

void
nt_question_free(struct session *s, struct net_question **slot)
{
	struct net_question *q = *slot;

	if (!q)
		return;
	nt_lookups_free(s, q);
	free(q->lookup);
	free(q->file);
	free(q->others);
	free(q->who);
	free(q->name);
	arena_free(&q->texts);
	free(q);
	*slot = NULL;
}

void
nettest_free(struct session *s)
{
	nt_question_free(s, &s->nt);
}

static struct net_question *
question(struct session *s, struct net_question **slot, const char *who, bool again)
{
	struct net_question *q = *slot;
	struct sv name;

	if (q && !again && strcmp(q->who, who) == 0)
		return q;
	nt_question_free(s, slot);
	q = *slot = mem_new(1, sizeof(*q));
	q->who = mem_strdup(who);
	q->good = rel_client_parse(sv_of(who), &q->addr, &name);
	q->name = q->good && name.n ? sv_dup(name) : NULL;
	return q;
}

/* --- one service, one state of the files ------------------------------------ */

static bool
names_mynetworks(const struct nt_look *l)
{
	enum cfx_result why;
	const char *list = nt_value(l, "parent_domain_matches_subdomains", &why);
	struct sv rest = sv_of(list ? list : ""), token;

	while (sv_token(&rest, ", \t\r\n", &token))
		if (sv_eq_str(token, "mynetworks"))
			return true;
	return !list ||
	       (list[0] == '\0' && !nt_is_set(l, "parent_domain_matches_subdomains"));
}

/* The client's name, as far as it is known: with lookups off smtpd knows none. */
static const char *
client_name(const struct nt_look *l)
{
	enum cfx_result why;
	const char *look = nt_value(l, "smtpd_peername_lookup", &why);

	return look && strcmp(look, "no") == 0 ? "unknown" : l->q->name;
}

static void
match_words(struct nt_look *l, const struct rel_client *c, struct rel_nets *nets)
{
	struct sv unused;
	struct rel_source src = {.ctx = l,
		.file = nt_file,
		.table = nt_table,
		.kills = nt_kills,
		.texts = &l->q->texts,
		.exact_names = !names_mynetworks(l),
		.bad_kills = l->s->ndefaults &&
			     !default_of(l->s, "enable_long_queue_ids", &unused)};
	struct rel_word *words = NULL;
	size_t n = 0;

	switch (nt_words(l, &words, &n)) {
	case NT_WORDS_OK:
		rel_nets_match(words, n, c, &src, nets);
		break;
	case NT_WORDS_DEAD:
		*nets = (struct rel_nets){.match = REL_MATCH_DEAD};
		break;
	case NT_WORDS_UNKNOWN:
		*nets = (struct rel_nets){.match = REL_MATCH_MAYBE};
		break;
	}
	free(words);
}

static void
judge(struct nt_look *l, struct rel_answer *out)
{
	struct rel_client c = {.addr = l->q->addr, .name = client_name(l)};
	struct rel_policy policy;
	struct rel_nets nets;

	if (!nt_policy(l, &policy, out))
		return;
	match_words(l, &c, &nets);
	rel_judge(&policy, &c, &nets, out);
}

/* --- in words ---------------------------------------------------------------- */

static const char *
why_of_row(const struct rel_answer *r, enum ses_net_says says)
{
	if (!r->nets.row)
		return says == SES_NET_NO_GREETING ? _("smtpd can't read its settings")
						   : _("what Postfix derives while "
						       "mynetworks is not set");
	switch (says) {
	case SES_NET_451:
		return _("this row can't be used");
	case SES_NET_NO_GREETING:
		return _("smtpd dies of this row");
	case SES_NET_CANT_TELL:
		return r->nets.by_name ? _("this row goes by the client's reverse name")
				       : _("what stands in there can't be asked from "
					   "here");
	case SES_NET_ALLOWED:
	case SES_NET_DENIED:
	case SES_NET_SAYS:
		break;
	}
	return "";
}

static const char *
why_of(struct arena *a, const struct rel_answer *r, enum ses_net_says says)
{
	switch (r->reason) {
	case REL_BY_ROW:
		return why_of_row(r, says);
	case REL_BY_UNKNOWN_WORD:
		return arena_fmt(
			a, _("smtpd doesn't know %s (%s)"), r->restriction, r->list);
	case REL_BY_NO_CHECK:
		return _("no restriction refuses strangers, so smtpd dies");
	case REL_BY_NOTHING:
		return _("no row matches, and no restriction refuses");
	case REL_BY_RESTRICTION:
		break;
	}
	if (r->restriction == r->list && says == SES_NET_NO_GREETING)
		return arena_fmt(a, _("smtpd can't read %s"), r->list);
	if (r->restriction == r->list)
		return arena_fmt(a, _("only Postfix can fill in %s"), r->list);
	if (says == SES_NET_CANT_TELL)
		return arena_fmt(a, _("%s (%s) decides, and is not asked here"),
			r->restriction, r->list);
	if (r->nets.match == REL_MATCH_NO)
		return arena_fmt(
			a, _("no row matches: %s (%s)"), r->restriction, r->list);
	return arena_fmt(a, "%s (%s)", r->restriction, r->list);
}

static enum ses_net_says
says_of(enum rel_says says)
{
	switch (says) {
	case REL_ALLOWED:
		return SES_NET_ALLOWED;
	case REL_DENIED:
		return SES_NET_DENIED;
	case REL_451:
		return SES_NET_451;
	case REL_NO_GREETING:
		return SES_NET_NO_GREETING;
	case REL_CANT_TELL:
	case REL_WAITING:
		break;
	}
	return SES_NET_CANT_TELL;
}

static struct ses_net_says_of
in_words(struct nt_look *l, const struct rel_answer *r)
{
	struct ses_net_says_of out = {.says = says_of(r->says),
		.service = l->service ? l->service->name : "smtp",
		.restriction = r->restriction,
		.list = r->list,
		.before = r->nets.before};

	if (r->reason == REL_BY_ROW) {
		out.row = r->nets.row;
		out.file = r->nets.file;
		out.line = r->nets.line;
	}
	out.why = why_of(&l->q->texts, r, out.says);
	return out;
}

/* --- all services -------------------------------------------------------------- */

struct judged {
	struct ses_net_says_of *v;
	size_t n;
	struct mcs_list services;
};

static void
read_services(struct nt_look *l, struct judged *j)
{
	const char *path = arena_fmt(&l->q->texts, "%s/master.cf", l->s->config_dir);
	struct sv bytes;

	if (nt_file(l, path, &bytes) == REL_FILE_OK)
		mcs_parse(bytes, &l->q->texts, &j->services);
	j->n = j->services.n ? j->services.n : 1;
	j->v = arena_new(&l->q->texts, j->n * sizeof(*j->v));
}

/* Ask for every service; false: something is being asked. */
static bool
judge_services(struct nt_look *l, struct judged *j)
{
	bool all = true, plain_known = false;
	struct rel_answer plain, r;

	for (size_t i = 0; i < j->n; i++) {
		l->service = j->services.n ? &j->services.v[i] : NULL;
		if (!l->service || l->service->noptions == 0) {
			if (!plain_known)
				judge(l, &plain);
			plain_known = true;
			r = plain;
		} else {
			judge(l, &r);
		}
		all = all && r.says != REL_WAITING;
		j->v[i] = in_words(l, &r);
	}
	return all;
}

static int
rank(enum ses_net_says says)
{
	static const int order[SES_NET_SAYS] = {[SES_NET_ALLOWED] = 0,
		[SES_NET_CANT_TELL] = 1,
		[SES_NET_DENIED] = 2,
		[SES_NET_451] = 3,
		[SES_NET_NO_GREETING] = 4};

	return order[says];
}

/* The service that answers for the relay: of those on port 25 (of all, if none is there)
 * the one that allows least. */
static size_t
headline(const struct judged *j)
{
	bool on_25 = false;
	size_t best = j->n;

	for (size_t i = 0; i < j->services.n; i++)
		on_25 = on_25 || j->services.v[i].port_25;
	for (size_t i = 0; i < j->n; i++) {
		if (on_25 && !j->services.v[i].port_25)
			continue;
		if (best == j->n || rank(j->v[i].says) > rank(j->v[best].says))
			best = i;
	}
	return best;
}

static bool
is_edited(const struct session *s)
{
	for (size_t i = 0; i < s->nfiles; i++)
		if (s->files[i]->role != ROLE_ALIASES && file_is_edited(s->files[i]))
			return true;
	return false;
}

/* What the files as loaded say for the same service. */
static bool
judge_running(
	struct nt_look *l, const struct judged *j, size_t at, struct ses_net_answer *out)
{
	struct rel_answer r;

	out->running = out->is.says;
	if (l->before || !is_edited(l->s))
		return true;
	l->before = true;
	l->service = j->services.n ? &j->services.v[at] : NULL;
	judge(l, &r);
	if (r.says == REL_WAITING)
		return false;
	out->running = says_of(r.says);
	out->is_new = out->running != out->is.says;
	return true;
}

static void
add_others(struct net_question *q, const struct judged *j, size_t at,
	struct ses_net_answer *out)
{
	q->nothers = 0;
	for (size_t i = 0; i < j->n; i++) {
		if (i == at || j->v[i].says == j->v[at].says)
			continue;
		q->others = mem_grow(
			q->others, &q->others_cap, q->nothers + 1, sizeof(*q->others));
		q->others[q->nothers++] = j->v[i];
	}
	out->others = q->others;
	out->nothers = q->nothers;
}

static bool
evaluate(struct session *s, struct net_question *q, bool before,
	struct ses_net_answer *out)
{
	struct nt_look look = {.s = s, .q = q, .before = before};
	struct judged j = {0};
	bool all;
	size_t at;

	arena_reset(&q->texts);
	q->nfile = 0;
	read_services(&look, &j);
	all = judge_services(&look, &j);
	at = headline(&j);
	out->is = j.v[at];
	all = judge_running(&look, &j, at, out) && all;
	add_others(q, &j, at, out);
	free(j.services.v);
	return all;
}

/* What must be known of Postfix before any evaluation. */
static bool
ready(struct session *s, struct net_question *q)
{
	struct nt_look look = {.s = s, .q = q}, loaded = {.s = s, .q = q, .before = true};
	bool have = ses_ask(s, SES_ASK_DEFAULTS);

	if (!nt_is_set(&look, "mynetworks") || !nt_is_set(&loaded, "mynetworks"))
		have = ses_ask(s, SES_ASK_DERIVED) && have;
	return have;
}

bool
ses_net_test(struct session *s, const char *who, bool again, struct ses_net_answer *out)
{
	struct net_question *q = question(s, &s->nt, who, again);

	*out = (struct ses_net_answer){.bad_address = !q->good};
	return !q->good || (ready(s, q) && evaluate(s, q, false, out));
}

bool
nt_question_ask(struct session *s, struct net_question **slot, const char *who,
	bool before, struct ses_net_answer *out)
{
	struct net_question *q = question(s, slot, who, false);

	*out = (struct ses_net_answer){.bad_address = !q->good};
	return !q->good || (ready(s, q) && evaluate(s, q, before, out));
}

static void
pause_for_one(struct session *s)
{
	const struct run_port *run = &s->world.run;
	struct job *job = NULL;

	for (int i = 0; i < SES_ASKS; i++)
		if (s->asked[i].job)
			job = s->asked[i].job;
	for (size_t i = 0; i < s->nt->nlookup; i++)
		if (s->nt->lookup[i].job)
			job = s->nt->lookup[i].job;
	if (job)
		run->ops->pause(run->self, job, 1000);
}

void
ses_net_test_wait(struct session *s, const char *who, struct ses_net_answer *out)
{
	while (!ses_net_test(s, who, false, out))
		if (!ses_step(s))
			pause_for_one(s);
}
