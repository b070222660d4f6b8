/* SPDX-License-Identifier: MIT
 *
 * mynetworks: each entry as smtpd takes it, how entries relate, and what strangers could
 * do with them. The rows of files and tables are judged in rule_nets_file.c.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "check/nets.h"

/* Does any list that decides about relaying ask for mynetworks? True where that can't be
 * told: danger is better told once too often. */
bool
nets_count(struct chk_run *run)
{
	static const char *const lists[] = {
		"smtpd_relay_restrictions", "smtpd_recipient_restrictions"};

	for (size_t i = 0; i < 2; i++) {
		struct chk_param p;

		if (!chk_get(run, lists[i], &p))
			return true;
		if (sv_find_sv(p.value, sv_of("permit_mynetworks")) >= 0)
			return true;
	}
	return chk_value_of(run, "smtpd_restriction_classes").n > 0;
}

/* Top-level domains that come to mind first, and those that the tests of mail systems
 * use; two letters are a country. */
bool
nets_is_top_domain(struct sv name)
{
	static const char *const tops[] = {"com", "net", "org", "edu", "gov", "mil",
		"int", "arpa", "info", "biz", "name", "pro", "dev", "app", "cloud",
		"online", "site", "xyz", "test", "example"};

	if (name.n == 2 && is_alpha_char(name.p[0]) && is_alpha_char(name.p[1]))
		return true;
	for (size_t i = 0; i < sizeof(tops) / sizeof(*tops); i++)
		if (sv_eq_fold(name, sv_of(tops[i])))
			return true;
	return false;
}

static void
tell_danger(struct nets_judge *j, const struct net_item *item, const struct diag_loc *loc,
	enum diag_code code, const char *what)
{
	struct diags *out = j->run->out;
	enum sev sev = j->counts ? SEV_ERROR : SEV_WARN;
	char *text = sv_dup(item->text);

	diag_add(out, sev, code, loc,
		_("Such a relay is found within hours and then blocked by others. Write "
		  "only the networks whose machines are yours."),
		_("\"%s\" lets strangers relay: %s"), text, what);
	if (j->counts)
		diag_endanger(out);
	free(text);
}

static void
tell_public(struct nets_judge *j, const struct net_item *item, const struct diag_loc *loc)
{
	char count[ADDR_COUNT_MAX];
	char *what = str_format(
		_("it is a public range of %s addresses, hardly all of them yours."),
		addr_count(&item->addr, count));

	tell_danger(j, item, loc, DIAG_NET_PUBLIC, what);
	free(what);
}

static void
tell_name(struct nets_judge *j, const struct net_item *item, const struct diag_loc *loc)
{
	char *name = sv_dup(item->body);

	if (sv_eq_fold(item->body, sv_of("localhost")))
		diag_add(j->run->out, SEV_NOTE, DIAG_NET_NAME, loc,
			_("Write 127.0.0.0/8 and [::1]/128 for programs on this host."),
			_("\"%s\" is looked for in reverse DNS, not by address."), name);
	else if (nets_is_top_domain(item->body))
		tell_danger(j, item, loc, DIAG_NET_UNKNOWN,
			_("it fits every client whose reverse DNS name ends with it."));
	else if (!item->except)
		diag_add(j->run->out, SEV_WARN, DIAG_NET_NAME, loc,
			_("Write the address or network instead."),
			_("\"%s\" lets in whoever has this name, or one below it, in "
			  "reverse DNS."),
			name);
	free(name);
}

/* What is to be said of an entry that smtpd takes without complaint. */
static void
judge_good(struct nets_judge *j, const struct net_item *item, const struct diag_loc *loc)
{
	char *text;

	switch (net_item_danger(item)) {
	case NET_WORLD:
		tell_danger(j, item, loc, DIAG_NET_WORLD,
			_("every address of the Internet is in it."));
		return;
	case NET_PUBLIC:
		tell_public(j, item, loc);
		return;
	case NET_UNKNOWN:
		tell_danger(j, item, loc, DIAG_NET_UNKNOWN,
			_("it means every client without a reverse DNS name."));
		return;
	case NET_TOP:
	case NET_SAFE:
		break;
	}
	if (item->kind == NET_NAME) {
		tell_name(j, item, loc);
	} else if (item->kind == NET_HOST && !item->except &&
		   addr_is_public(&item->addr)) {
		text = sv_dup(item->text);
		diag_add(j->run->out, SEV_NOTE, DIAG_NET_ONE_PUBLIC, loc, NULL,
			_("%s is one public address: its machine may relay from the "
			  "Internet."),
			text);
		free(text);
	}
}

void
chk_net_typed(const struct net_item *item, struct diags *diags)
{
	struct chk_run run = {.out = diags};
	struct nets_judge j = {.run = &run, .counts = true};

	judge_good(&j, item, NULL);
}

bool
nets_judge_item(struct nets_judge *j, const struct net_item *item,
	const struct diag_loc *loc, bool as_written)
{
	struct net_env env = {
		.map_types = j->run->env->map_types, .fatal = j->run->env->old_smtpd};
	struct str repair = {0};

	if (net_item_judge(item, &env, loc, j->run->out)) {
		judge_good(j, item, loc);
		return true;
	}
	if (as_written && net_item_repair(item, &repair))
		diag_offer(j->run->out, DIAG_MEND_ITEM, str_c(&repair));
	str_free(&repair);
	return false;
}

const struct nets_entries *
nets_entries(struct chk_run *run, const struct chk_param *p)
{
	struct nets_entries *e = run->nets;
	struct chk_words words;
	struct chk_item at;

	if (e)
		return e;
	e = run->nets = mem_new(1, sizeof(*e));
	chk_words_start(&words, run, p);
	while (chk_words_next(&words, &at)) {
		struct net_items *l = &e->items;

		l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
		e->place = mem_grow(e->place, &e->place_cap, l->n + 1, sizeof(*e->place));
		e->place[l->n] = (struct nets_place){
			at.loc.line, at.loc.col, sv_eq(at.raw, at.text)};
		net_item_parse(at.text, &l->v[l->n++]);
		if (l->v[l->n - 1].kind == NET_COMMENT)
			break;
	}
	return e;
}

void
nets_entries_free(struct nets_entries *e)
{
	if (!e)
		return;
	net_items_free(&e->items);
	free(e->place);
	free(e);
}

/* An entry that another one makes useless; the repair takes it out. */
static void
judge_overlap(struct nets_judge *j, const struct nets_entries *e, size_t i,
	const struct net_overlap *o, const struct diag_loc *loc)
{
	const struct net_item *v = e->items.v;
	struct diags *out = j->run->out;
	bool late = o->relation == NET_SHADOWED && v[i].except;

	if (net_overlap_judge(v, i, o, loc, out))
		return;
	if (late)
		out->v[out->n - 1].code = DIAG_NET_LATE;
	else if (e->place[i].as_written)
		diag_offer(out, DIAG_MEND_ITEM, "");
}

/* The usual case of a hundred thousand: nothing has to be said. */
static bool
is_quiet(const struct net_item *item, const struct net_overlap *o)
{
	bool plain = item->kind == NET_NET || item->kind == NET_HOST;

	return plain && item->fault == NET_FINE && o->relation == NET_ALONE &&
	       !addr_is_public(&item->addr) && item->addr.plen;
}

void
rule_nets(struct chk_run *run)
{
	struct nets_judge j = {.run = run, .counts = nets_count(run)};
	const struct nets_entries *e;
	struct net_overlap *overlaps;
	const struct net_item *v;
	struct chk_param p;

	chk_get(run, "mynetworks", &p);
	if (!p.def)
		return;
	e = nets_entries(run, &p);
	v = e->items.v;
	overlaps = mem_new(e->items.n, sizeof(*overlaps));
	net_overlaps(v, e->items.n, overlaps);
	for (size_t i = 0; i < e->items.n; i++) {
		struct diag_loc loc;

		if (is_quiet(&v[i], &overlaps[i]))
			continue;
		loc = chk_at(run, &p);
		loc.line = e->place[i].line;
		loc.col = e->place[i].col;
		if (!nets_judge_item(&j, &v[i], &loc, e->place[i].as_written))
			continue;
		judge_overlap(&j, e, i, &overlaps[i], &loc);
		nets_judge_behind(&j, &v[i], &loc);
	}
	free(overlaps);
}
