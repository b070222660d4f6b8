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

/* Values that have a rule of their own, with places for each item. */
static bool
has_own_rule(struct sv name)
{
	static const char *const names[] = {"mynetworks", "inet_interfaces", "relayhost"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (sv_eq_str(name, names[i]))
			return true;
	return false;
}

/* Names outside of the catalogue that every program refuses when they are empty (3.7;
 * get_mail_conf_str_table() with a least length of 1). */
static void
judge_empty(struct chk_run *run, const struct chk_def *def)
{
	static const char *const names[] = {"command_directory", "daemon_directory",
		"data_directory", "default_privs", "hash_queue_names", "mail_name",
		"mail_owner", "process_id_directory", "queue_directory", "setgid_group"};
	struct diag_loc loc = chk_loc(run, def);
	struct sv value;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!sv_eq_str(def->name, names[i]))
			continue;
		str_clear(&run->value);
		mcf_value(run->d, def->id, &run->value);
		if (chk_expand(run, str_sv(&run->value), &value) != CFX_OK ||
			sv_trim(value).n)
			return;
		loc.param = names[i];
		diag_add(run->out, SEV_ERROR, DIAG_TYPE_EMPTY, &loc,
			_("Remove the line to get the default value."),
			_("Every Postfix program stops with an error: %s is empty."),
			names[i]);
		diag_offer(run->out, DIAG_MEND_PARAMS, names[i]);
	}
}

static void
judge_one(struct chk_run *run, const struct chk_def *def, const struct cat_def *cat)
{
	struct diag_loc loc = chk_loc(run, def);
	struct sv value;

	loc.param = cat->name;
	str_clear(&run->value);
	mcf_value(run->d, def->id, &run->value);
	if (chk_expand(run, str_sv(&run->value), &value) != CFX_OK)
		value = str_sv(&run->value);
	judge_value(cat, value, run->env, &loc, run->out);
}

static void
judge_uncatalogued(struct chk_run *run, const struct chk_def *def)
{
	struct cat_def cat = {.name = NULL};

	judge_empty(run, def);
	if (!chk_type_by_default(def->name, run->env, &cat))
		return;
	cat.name = arena_sv(&run->texts, def->name);
	judge_one(run, def, &cat);
}

void
chk_types(struct chk_run *run)
{
	for (size_t i = 0; i < run->ndefs; i++) {
		const struct chk_def *def = &run->defs[i];
		const struct cat_def *cat = def->last ? cat_find(def->name) : NULL;

		if (!cat && def->last)
			judge_uncatalogued(run, def);
		else if (cat && !has_own_rule(def->name))
			judge_one(run, def, cat);
	}
}

bool
chk_value(struct sv name, struct sv value, const struct chk_env *env, struct diags *diags)
{
	const struct cat_def *cat = cat_find(name);
	struct diag_loc loc = {.file = env->file};
	bool fine = chk_typed_references(name, value, env, diags);
	struct cat_def other = {.name = NULL};
	char *text = sv_dup(name);

	if (!cat && chk_type_by_default(name, env, &other)) {
		other.name = text;
		cat = &other;
	}
	loc.param = text;
	if (cat)
		fine = judge_value(cat, value, env, &loc, diags) && fine;
	free(text);
	return fine;
}
