/* SPDX-License-Identifier: MIT
 *
 * Tables that parameters name: is the file there, and is the database that Postfix reads
 * as new as its text? What isn't there is a mistake where all mail stops for it, else a
 * warning: it may be made before Postfix needs it. The tables of aliases have rules of
 * their own.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "check/tables.h"
#include "model/catalog.h"

static const struct {
	const char *type, *suffix; /* "": no database */
} types[] = {
	{"hash", ".db"},
	{"btree", ".db"},
	{"lmdb", ".lmdb"},
	{"cdb", ".cdb"},
	{"dbm", ".dir"},
	{"sdbm", ".dir"},
	{"texthash", ""},
	{"cidr", ""},
	{"regexp", ""},
	{"pcre", ""},
	{"pcre2", ""},
};

bool
table_parse(struct chk_run *run, struct sv text, struct table *out)
{
	ptrdiff_t colon;
	struct sv name;

	while (sv_starts(text, "proxy:"))
		text = sv_sub(text, strlen("proxy:"), text.n);
	colon = sv_find(text, ':');
	if (colon <= 0)
		return false;
	out->type = sv_sub(text, 0, (size_t)colon);
	name = sv_sub(text, (size_t)colon + 1, text.n);
	if (!sv_starts(name, "/"))
		return false;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (!sv_eq_str(out->type, types[i].type))
			continue;
		out->path = arena_sv(&run->texts, name);
		out->built = types[i].suffix[0] != '\0';
		out->database =
			arena_fmt(&run->texts, "%s%s", out->path, types[i].suffix);
		return true;
	}
	return false;
}

bool
table_each_row(struct chk_run *run, const struct table *t,
	void (*take)(void *ctx, struct sv key, struct sv value), void *ctx)
{
	struct sv bytes, line, key;

	if (!run->env->read || !run->env->read(run->env->ctx, t->path, &bytes))
		return false;
	while (sv_line(&bytes, &line)) {
		if (!line.n || is_blank_char(line.p[0]) || line.p[0] == '#')
			continue;
		/* Postfix drops a row without a value */
		if (sv_token(&line, " \t\r", &key) && sv_trim(line).n)
			take(ctx, key, sv_trim(line));
	}
	return true;
}

bool
table_each_inline(struct sv text, void (*take)(void *ctx, struct sv key, struct sv value),
	void *ctx)
{
	static const char head[] = "inline:{";
	struct sv rest, word;
	ptrdiff_t at;

	if (!sv_starts(text, head) || !sv_ends(text, "}"))
		return false;
	rest = sv_sub(text, strlen(head), text.n - strlen(head) - 1);
	while (chk_word(&rest, &word)) {
		if (sv_starts(word, "{") && sv_ends(word, "}"))
			word = sv_trim(sv_sub(word, 1, word.n - 2));
		if ((at = sv_find(word, '=')) > 0)
			take(ctx, sv_trim(sv_sub(word, 0, (size_t)at)),
				sv_trim(sv_sub(word, (size_t)at + 1, word.n)));
	}
	return true;
}

/* --- the rule --- */

/* Tried with Postfix 3.7: with a table of theirs that can't be read no message gets
 * through; relay_recipient_maps and the passwords of a login that is off stop none. */
static const char *const stop_all[] = {"canonical_maps", "header_checks", "mydestination",
	"recipient_bcc_maps", "recipient_canonical_maps", "relay_domains",
	"relocated_maps", "sender_bcc_maps", "sender_canonical_maps",
	"sender_dependent_default_transport_maps", "sender_dependent_relayhost_maps",
	"smtp_generic_maps", "smtp_tls_policy_maps", "transport_maps",
	"virtual_alias_maps", "virtual_mailbox_maps"};

enum reach { REACH_SOME, REACH_ALL, REACH_CLIENTS };

static enum reach
reach_of(const struct chk_item *item)
{
	const char *name = item->loc.param ? item->loc.param : "";

	if (strcmp(name, "mynetworks") == 0)
		return REACH_CLIENTS;
	for (size_t i = 0; i < sizeof(stop_all) / sizeof(*stop_all); i++)
		if (strcmp(name, stop_all[i]) == 0)
			return REACH_ALL;
	return REACH_SOME;
}

/* path: what is missing. */
static void
tell_missing(struct chk_run *run, const struct chk_item *item, enum diag_code code,
	const char *hint, const char *path)
{
	enum reach reach = reach_of(item);

	diag_add(run->out, reach == REACH_SOME ? SEV_WARN : SEV_ERROR, code, &item->loc,
		hint,
		reach == REACH_CLIENTS
			? _("%s isn't there: clients after it get \"451 Temporary lookup "
			    "failure\".")
		: reach == REACH_ALL
			? _("All mail waits or is refused for a while: %s isn't there.")
			: _("What needs this table waits or is refused for a while: %s "
			    "isn't there."),
		path);
}

static void
tell_no_file(struct chk_run *run, const struct chk_item *item, const struct table *t)
{
	tell_missing(run, item, DIAG_MAP_NO_FILE,
		_("Make the file, or take it out of the list."), t->path);
}

static void
judge_built(struct chk_run *run, const struct chk_item *item, const struct table *t,
	const struct chk_stat *text)
{
	struct chk_stat db;
	char *table = str_format("%.*s:%s", (int)t->type.n, t->type.p, t->path);
	char *hint = str_format(_("\"postmap %s\" builds it."), table);

	if (!chk_stat_of(run, t->database, &db))
		;
	else if (!db.exists && !text->exists)
		tell_no_file(run, item, t);
	else if (!db.exists) {
		tell_missing(run, item, DIAG_MAP_NOT_BUILT, hint, t->database);
		diag_offer(run->out, DIAG_MEND_BUILD, table);
	} else if (text->exists && text->mtime > db.mtime)
		diag_add(run->out, SEV_WARN, DIAG_MAP_OLD, &item->loc, hint,
			_("Postfix doesn't know the newest rows: %s is newer than its "
			  "database."),
			t->path);
	free(hint);
	free(table);
}

static void
judge_table(struct chk_run *run, const struct chk_item *item)
{
	struct chk_stat text;
	struct table t;

	if (!table_parse(run, item->text, &t) || !chk_stat_of(run, t.path, &text))
		return;
	if (t.built)
		judge_built(run, item, &t, &text);
	else if (!text.exists)
		tell_no_file(run, item, &t);
}

/* May the parameter name tables, other than those of aliases? */
static bool
may_name_tables(struct sv name)
{
	const struct cat_def *def = cat_find(name);

	if (sv_starts(name, "alias_") || sv_eq_str(name, "masquerade_domains"))
		return false;
	return sv_ends(name, "_maps") ||
	       (def && (def->type == CAT_MAP_LIST || def->type == CAT_NET_LIST ||
			       def->type == CAT_LISTING));
}

static void
judge_list(struct chk_run *run, const struct chk_def *def)
{
	const char *name = arena_sv(&run->texts, def->name);
	struct chk_item *items;
	struct chk_param p;
	size_t n;

	chk_get(run, name, &p);
	n = chk_items(run, &p, &items, NULL);
	for (size_t i = 0; i < n; i++)
		if (!sv_starts(items[i].raw, "$alias_"))
			judge_table(run, &items[i]);
}

void
rule_tables(struct chk_run *run)
{
	for (size_t i = 0; i < run->ndefs; i++) {
		const struct chk_def *def = &run->defs[i];
		struct sv text = doc_text(run->d, def->id);

		/* without ':' there is no table, and mynetworks may be long */
		if (def->last && may_name_tables(def->name) &&
			(memchr(text.p, ':', text.n) || memchr(text.p, '$', text.n)))
			judge_list(run, def);
	}
}
