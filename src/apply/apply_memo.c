/* SPDX-License-Identifier: MIT
 *
 * What a recovery must know of an apply that died, in lines of a word and its rest: the
 * actions ("postmap hash:/etc/x"), where Postfix answered before and should answer after
 * ("after 4 192.168.1.1"), its log, what was ill before ("ill smtp 4 25 451"), and whom
 * the upstream is to be asked about, with the answer of before ("way 4 connect to ...").
 * Lines that aren't understood are passed over.
 */
#include "apply/apply_parts.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/mem.h"

enum { ILLS_MOST = 32 };

static const char *const words[] = {
	"before", "after", "log-before", "log-after", "ill", "aside", "probe", "way"};

enum word {
	W_BEFORE,
	W_AFTER,
	W_LOG_BEFORE,
	W_LOG_AFTER,
	W_ILL,
	W_ASIDE,
	W_PROBE,
	W_WAY,
	WORDS
};

static void
add_line(struct str *out, const char *word, const char *rest)
{
	if (rest && strchr(rest, '\n'))
		return;
	str_add_cstr(out, word);
	if (rest && rest[0])
		str_addf(out, " %s", rest);
	str_add_char(out, '\n');
}

static void
add_place(struct str *out, const struct apply_place *at, enum word addr, enum word log)
{
	for (size_t i = 0; i < at->naddrs && i < MEMO_ADDRS; i++) {
		char text[INET6_ADDRSTRLEN];

		if (inet_ntop(at->addrs[i].fam == 4 ? AF_INET : AF_INET6,
			    at->addrs[i].addr, text, sizeof text))
			add_line(out, words[addr], text);
	}
	if (at->maillog_file)
		add_line(out, words[log], at->maillog_file);
}

/* "aside postalias hash:/etc/aliases": built again only where it must be. */
static void
add_aside(struct str *out, const struct apply_table *t)
{
	char *rest = str_format("%s %s:%s",
		plan_act_name(t->act == PLAN_POSTMAP ? PLAN_POSTMAP : PLAN_POSTALIAS),
		t->type, t->path);

	add_line(out, words[W_ASIDE], rest);
	free(rest);
}

static void
add_way(struct str *out, const struct work *k)
{
	const struct svc_way_res *was = &k->way_before;
	char *rest = str_format("%d %s", (int)was->way, was->words ? was->words : "");

	add_line(out, words[W_PROBE], k->req->after.probe_to);
	if (was->asked)
		add_line(out, words[W_WAY], rest);
	free(rest);
}

void
apply_memo_write(const struct work *k, struct str *out)
{
	size_t mark = out->n;

	for (size_t i = 0; i < k->plan.n; i++)
		if (k->plan.v[i].act != PLAN_WRITE && !k->is_aside[i])
			add_line(out, plan_act_name(k->plan.v[i].act),
				k->plan.v[i].target);
	for (size_t i = 0; i < k->naside; i++)
		add_aside(out, k->aside[i].table);
	/* Without an action there is nothing to do or to look at. */
	if (out->n == mark)
		return;
	add_place(out, &k->req->before, W_BEFORE, W_LOG_BEFORE);
	add_place(out, &k->req->after, W_AFTER, W_LOG_AFTER);
	for (size_t i = 0; i < k->before.n && i < ILLS_MOST; i++)
		add_line(out, words[W_ILL], k->before.v[i].key);
	if (k->kind[STEP_WAY] != NO_STEP)
		add_way(out, k);
}

/* --- reading ---------------------------------------------------------------------------
 */

static void
take_addr(struct apply_place *at, struct svc_listen *addrs, const char *text)
{
	struct svc_listen *v = addrs + at->naddrs;

	if (at->naddrs == MEMO_ADDRS)
		return;
	at->addrs = addrs;
	v->fam = inet_pton(AF_INET, text, v->addr) == 1    ? 4
		 : inet_pton(AF_INET6, text, v->addr) == 1 ? 6
							   : 0;
	at->naddrs += v->fam != 0;
}

static void
take_ill(struct memo *m, const char *key)
{
	m->ill.v = mem_grow(m->ill.v, &m->ill.cap, m->ill.n + 1, sizeof *m->ill.v);
	m->ill.v[m->ill.n++] = (struct svc_sick){
		.kind = SVC_SICK_MASTER, .key = mem_strdup(key), .words = NULL};
}

/* "4 connect to ...": the number of what it proved, and the words. */
static void
take_way(struct svc_way_res *out, const char *text)
{
	struct sv rest = sv_of(text), number;
	uint64_t way;

	if (out->asked || !sv_token(&rest, " ", &number) ||
		!sv_to_uint(number, SVC_WAY_DIES, &way))
		return;
	*out = (struct svc_way_res){.asked = true, .way = (enum svc_way)way};
	if (rest.n > 1)
		out->words = sv_dup(sv_sub(rest, 1, rest.n));
}

static void
take_action(struct memo *m, struct sv word, const char *target)
{
	static const enum plan_act acts[] = {PLAN_STOP, PLAN_POSTMAP, PLAN_POSTALIAS,
		PLAN_NEWALIASES, PLAN_RELOAD, PLAN_START};

	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
		struct plan *p = &m->plan;

		if (!sv_eq_str(word, plan_act_name(acts[i])))
			continue;
		p->v = mem_grow(p->v, &p->cap, p->n + 1, sizeof *p->v);
		p->v[p->n++] = (struct plan_action){
			.act = acts[i], .target = mem_strdup(target)};
		p->acts = true;
	}
}

static void
take_line(struct memo *m, struct sv line, bool rebuild)
{
	ptrdiff_t blank = sv_find(line, ' ');
	struct sv word = blank < 0 ? line : sv_sub(line, 0, (size_t)blank);
	const char *rest = arena_sv(&m->texts,
		blank < 0 ? sv_of("") : sv_sub(line, (size_t)blank + 1, line.n));
	size_t w = 0;

	while (w < WORDS && !sv_eq_str(word, words[w]))
		w++;
	switch ((enum word)w) {
	case W_BEFORE:
		take_addr(&m->before, m->addrs[0], rest);
		break;
	case W_AFTER:
		take_addr(&m->after, m->addrs[1], rest);
		break;
	case W_LOG_BEFORE:
		m->before.maillog_file = rest;
		break;
	case W_LOG_AFTER:
		m->after.maillog_file = rest;
		break;
	case W_ILL:
		take_ill(m, rest);
		break;
	case W_ASIDE:
		m->plan.acts = true;
		if (rebuild)
			take_line(m, sv_of(rest), false);
		break;
	case W_PROBE:
		m->after.probe_to = rest;
		break;
	case W_WAY:
		take_way(&m->way, rest);
		break;
	case WORDS:
		take_action(m, word, rest);
		break;
	}
}

void
apply_memo_read(const char *text, bool rebuild, struct memo *out)
{
	struct sv rest = sv_of(text ? text : ""), line;

	*out = (struct memo){0};
	while (sv_line(&rest, &line))
		take_line(out, line, rebuild);
}

void
apply_memo_free(struct memo *m)
{
	plan_free(&m->plan);
	svc_health_free(&m->ill);
	svc_way_free(&m->way);
	arena_free(&m->texts);
}
