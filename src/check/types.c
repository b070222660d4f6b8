/* SPDX-License-Identifier: MIT
 *
 * Rules over values. Only the effective definition of a name is judged, for Postfix reads
 * no other. The items of mynetworks are told with their own line and column, by reading
 * the raw lines.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "check/maincf.h"
#include "model/catalog.h"
#include "model/ifaces.h"
#include "model/nets.h"
#include "model/nexthop.h"
#include "text/maincf.h"
#include "text/vlist.h"

static bool
judge_interfaces(struct sv value, const struct nic_list *nics, const struct diag_loc *loc,
	struct diags *diags)
{
	struct sv rest = value, word;
	size_t n = 0;
	bool fine = true;

	while (sv_token(&rest, ", \t\r\n", &word))
		n++;
	rest = value;
	while (sv_token(&rest, ", \t\r\n", &word))
		fine = if_word_judge(word, n == 1, nics, loc, diags) && fine;
	return fine;
}

/* One next hop that asks for MX hosts on a port that they hardly serve. */
static bool
judge_mx(struct sv value, const struct diag_loc *loc, struct diags *diags)
{
	struct sv rest = value, token;
	bool fine = true;

	if (sv_find(value, '$') >= 0)
		return true;
	while (sv_token(&rest, ", \t\r\n", &token)) {
		struct nexthop nh;

		if (nh_parse(token, &nh) == NH_FINE)
			fine = nh_judge_mx(&nh, loc, diags) && fine;
		nh_free(&nh);
	}
	return fine;
}

static bool
judge_value(const struct cat_def *def, struct sv value, const struct chk_env *env,
	const struct diag_loc *loc, struct diags *diags)
{
	struct cat_env cat = {.map_types = env->map_types,
		.old_smtpd = env->old_smtpd,
		.one_relayhost = !env->relayhost_list_ok};

	if (sv_eq_str(sv_of(def->name), "inet_interfaces"))
		return judge_interfaces(value, env->nics, loc, diags);
	if (!cat_judge(def, value, &cat, loc, diags))
		return false;
	if (sv_eq_str(sv_of(def->name), "relayhost"))
		return judge_mx(value, loc, diags);
	return true;
}

/* Where item it of an entry is in the file. */
static struct diag_loc
item_loc(const struct chk_run *run, const struct chk_def *def, const struct vl_item *it)
{
	struct sv raw = doc_text(run->d, def->id);
	struct diag_loc loc = chk_loc(run, def);
	size_t start = it->off;

	while (start > 0 && raw.p[start - 1] != '\n')
		start--;
	loc.line += it->line;
	loc.col = (uint32_t)(it->off - start + 1);
	loc.param = "mynetworks";
	return loc;
}

/* The items that are on, up to a comment at the end of a line, where Postfix stops. */
static size_t
read_items(const struct chk_run *run, const struct chk_def *def,
	const struct vl_list *list, struct net_item *items, uint32_t *places)
{
	struct sv raw = doc_text(run->d, def->id);
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i].is_off)
			continue;
		net_item_parse(sv_sub(raw, list->v[i].off, list->v[i].len), &items[n]);
		places[n++] = (uint32_t)i;
		if (items[n - 1].kind == NET_COMMENT)
			break;
	}
	return n;
}

static void
judge_networks(struct chk_run *run, const struct chk_def *def)
{
	struct vl_text text = {.raw = doc_text(run->d, def->id),
		.off = mcf_value_offset(run->d, def->id)};
	struct net_env env = {
		.map_types = run->env->map_types, .fatal = run->env->old_smtpd};
	struct vl_list list = {0};
	struct net_overlap *overlaps;
	struct net_item *items;
	uint32_t *places;
	size_t n;

	vl_parse(&text, &list);
	items = mem_new(list.n, sizeof(*items));
	places = mem_new(list.n, sizeof(*places));
	overlaps = mem_new(list.n, sizeof(*overlaps));
	n = read_items(run, def, &list, items, places);
	net_overlaps(items, n, overlaps);
	for (size_t i = 0; i < n; i++) {
		struct diag_loc loc;

		if (items[i].kind != NET_TABLE && items[i].fault == NET_FINE &&
			overlaps[i].relation == NET_ALONE)
			continue;
		loc = item_loc(run, def, &list.v[places[i]]);
		if (net_item_judge(&items[i], &env, &loc, &run->found))
			net_overlap_judge(items, i, &overlaps[i], &loc, &run->found);
	}
	free(overlaps);
	free(places);
	free(items);
	vl_free(&list);
}

/* The effective definition of name, or NULL. */
static const struct chk_def *
effective(const struct chk_run *run, const char *name)
{
	for (size_t i = 0; i < run->ndefs; i++)
		if (run->defs[i].last && sv_eq_str(run->defs[i].name, name))
			return &run->defs[i];
	return NULL;
}

/* Postfix compares the two texts after expansion, and every program dies if they are
 * equal; "[NAME]" escapes. Only what can be told without expansion is told here. */
static void
judge_identity(struct chk_run *run)
{
	const struct chk_def *relay = effective(run, "relayhost");
	const struct chk_def *own = effective(run, "myhostname");
	struct str other = {0};
	struct diag_loc loc;
	struct sv value;
	bool same;

	if (!relay)
		return;
	str_clear(&run->value);
	mcf_value(run->d, relay->id, &run->value);
	if (own)
		mcf_value(run->d, own->id, &other);
	value = sv_trim(str_sv(&run->value));
	same = sv_eq_str(value, "$myhostname") || sv_eq_str(value, "${myhostname}") ||
	       (value.n && sv_eq_fold(value, sv_trim(str_sv(&other))));
	str_free(&other);
	if (!same)
		return;
	loc = chk_loc(run, relay);
	loc.param = "relayhost";
	diag_add(&run->found, SEV_ERROR, DIAG_NH_SYNTAX, &loc,
		_("Write the name of another machine, or remove the line."),
		_("Every Postfix program stops with an error: this relay is its own next "
		  "host."));
}

void
chk_types(struct chk_run *run)
{
	judge_identity(run);
	for (size_t i = 0; i < run->ndefs; i++) {
		const struct chk_def *def = &run->defs[i];
		const struct cat_def *cat = def->last ? cat_find(def->name) : NULL;
		struct diag_loc loc;

		if (!cat)
			continue;
		if (sv_eq_str(def->name, "mynetworks")) {
			judge_networks(run, def);
			continue;
		}
		loc = chk_loc(run, def);
		loc.param = cat->name;
		str_clear(&run->value);
		mcf_value(run->d, def->id, &run->value);
		judge_value(cat, str_sv(&run->value), run->env, &loc, &run->found);
	}
}

bool
chk_value(struct sv name, struct sv value, const struct chk_env *env, struct diags *diags)
{
	const struct cat_def *cat = cat_find(name);
	struct diag_loc loc = {.file = env->file};

	if (!cat)
		return true;
	loc.param = cat->name;
	return judge_value(cat, value, env, &loc, diags);
}
