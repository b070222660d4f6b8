/* SPDX-License-Identifier: MIT
 *
 * Files and tables that mynetworks names: are they there, and does what stands in them do
 * what was meant? Postfix complains of none of it before a client comes.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "check/nets.h"

#define MAX_DEPTH 8

enum form { FORM_LIST, FORM_CIDR, FORM_EXACT };

static void
tell_missing(struct nets_judge *j, const char *path, const struct diag_loc *loc)
{
	diag_add(j->run->out, SEV_ERROR, DIAG_NET_FILE, loc,
		_("Make the file, or remove this entry."),
		j->run->env->old_smtpd
			? _("%s isn't there: the mail server dies, nobody gets through.")
			: _("%s isn't there: clients after it get \"451 Temporary lookup "
			    "failure\"."),
		path);
}

/* Is the file there to be read? Else it is told, as far as that is known. */
static bool
is_there(struct nets_judge *j, const char *path, const struct diag_loc *loc)
{
	struct chk_stat st;

	if (path[0] != '/') {
		diag_add(j->run->out, SEV_ERROR, DIAG_NET_FILE, loc,
			_("Write the full path."),
			_("Clients after it get \"451 Temporary lookup failure\": "
			  "\"%s\" is looked for in the queue folder."),
			path);
		return false;
	}
	if (!chk_stat_of(j->run, path, &st))
		return false;
	if (!st.exists)
		tell_missing(j, path, loc);
	else if (st.is_folder)
		diag_add(j->run->out, SEV_ERROR, DIAG_NET_FILE, loc,
			_("Name a file in it."),
			_("The mail server dies at every start, nobody gets through: %s "
			  "is a folder."),
			path);
	return st.exists && !st.is_folder;
}

/* One word of a list file. */
static bool
judge_word(struct nets_judge *j, struct sv word, const struct diag_loc *loc)
{
	struct net_item item;

	net_item_parse(word, &item);
	if (nets_judge_item(j, &item, loc, true))
		nets_judge_behind(j, &item, loc);
	return item.kind != NET_COMMENT;
}

static void
judge_list_line(struct nets_judge *j, struct sv line, struct diag_loc *loc)
{
	struct sv rest = line, word;

	while (net_token(&rest, &word)) {
		loc->col = (uint32_t)(word.p - line.p) + 1;
		if (!judge_word(j, word, loc))
			return;
	}
}

/* A word that says no where everything says yes. */
static bool
says_no(struct sv value)
{
	static const char *const words[] = {
		"REJECT", "DISCARD", "DEFER", "NO", "DENY", "DUNNO", "HOLD"};
	struct sv rest = value, first;

	if (!sv_token(&rest, " \t\r\n,", &first))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (sv_eq_fold(first, sv_of(words[i])))
			return true;
	return first.n == 3 && (first.p[0] == '4' || first.p[0] == '5') &&
	       is_digit_char(first.p[1]) && is_digit_char(first.p[2]);
}

static void
judge_row(struct nets_judge *j, enum form form, struct sv key, struct sv value,
	const struct diag_loc *loc)
{
	struct net_item item;
	char *text = sv_dup(key), *word = sv_dup(value);

	net_item_parse(key, &item);
	if (form == FORM_CIDR && item.fault != NET_NO_BRACKETS)
		(void)nets_judge_item(j, &item, loc, false);
	else if (form == FORM_EXACT && (item.kind == NET_NET || item.fault == NET_SHORT))
		diag_add(j->run->out, SEV_WARN, DIAG_NET_KEY, loc,
			_("Use a table of type cidr for networks."),
			_("\"%s\" matches no client: this table holds single addresses "
			  "and names only."),
			text);
	else if (form == FORM_EXACT && sv_eq_fold(key, sv_of("unknown")))
		(void)nets_judge_item(j, &item, loc, false);
	if (says_no(value))
		diag_add(j->run->out, SEV_WARN, DIAG_NET_VALUE, loc,
			_("Remove the row, or name it with \"!\" before the network in "
			  "mynetworks."),
			_("%s may relay all the same: here \"%s\" means nothing, a row "
			  "that is there permits."),
			text, word);
	free(word);
	free(text);
}

static void
judge_table_line(
	struct nets_judge *j, enum form form, struct sv line, struct diag_loc *loc)
{
	struct sv rest = sv_trim(line), key;

	if (!sv_token(&rest, " \t\r", &key))
		return;
	loc->col = (uint32_t)(key.p - line.p) + 1;
	judge_row(j, form, key, sv_trim(rest), loc);
}

static void
judge_file(struct nets_judge *j, enum form form, const char *path)
{
	struct diag_loc loc = {.file = path, .param = "mynetworks"};
	struct sv bytes, line;
	char *copy;

	if (j->depth >= MAX_DEPTH || !j->run->env->read ||
		!j->run->env->read(j->run->env->ctx, path, &bytes))
		return;
	j->depth++;
	copy = arena_sv(&j->run->texts, bytes); /* a file within may be read meanwhile */
	bytes = sv_make(copy, bytes.n);
	while (sv_line(&bytes, &line)) {
		struct sv text = sv_trim(line);

		loc.line++;
		if (!text.n || text.p[0] == '#')
			continue;
		if (form == FORM_LIST)
			judge_list_line(j, line, &loc);
		else
			judge_table_line(j, form, line, &loc);
	}
	j->depth--;
}

/* inline:{a=b, {c = d}} */
static void
judge_inline(struct nets_judge *j, struct sv body, const struct diag_loc *loc)
{
	struct sv rest = sv_trim(body), word;

	if (rest.n >= 2 && rest.p[0] == '{')
		rest = sv_sub(rest, 1, rest.n - 2);
	while (net_token(&rest, &word)) {
		ptrdiff_t at;

		if (word.n >= 2 && word.p[0] == '{')
			word = sv_sub(word, 1, word.n - 2);
		at = sv_find(word, '=');
		if (at > 0)
			judge_row(j, FORM_EXACT, sv_trim(sv_sub(word, 0, (size_t)at)),
				sv_trim(sv_sub(word, (size_t)at + 1, word.n)), loc);
	}
}

static bool
form_of(struct sv type, enum form *form)
{
	static const char *const exact[] = {
		"hash", "btree", "lmdb", "cdb", "dbm", "sdbm", "texthash"};

	*form = FORM_CIDR;
	if (sv_eq_str(type, "cidr"))
		return true;
	*form = FORM_EXACT;
	for (size_t i = 0; i < sizeof(exact) / sizeof(*exact); i++)
		if (sv_eq_str(type, exact[i]))
			return true;
	return false;
}

static void
judge_table(struct nets_judge *j, struct sv body, const struct diag_loc *loc)
{
	ptrdiff_t colon;
	struct sv type, name;
	enum form form;
	char *path;

	if (sv_starts(body, "proxy:"))
		body = sv_sub(body, strlen("proxy:"), body.n);
	colon = sv_find(body, ':');
	if (colon <= 0)
		return;
	type = sv_sub(body, 0, (size_t)colon);
	name = sv_sub(body, (size_t)colon + 1, body.n);
	if (sv_eq_str(type, "inline")) {
		judge_inline(j, name, loc);
		return;
	}
	if (!form_of(type, &form) || sv_starts(name, "{"))
		return;
	path = sv_dup(name);
	if (is_there(j, path, loc))
		judge_file(j, form, path);
	free(path);
}

void
nets_judge_behind(
	struct nets_judge *j, const struct net_item *item, const struct diag_loc *loc)
{
	char *path;

	if (item->kind == NET_TABLE) {
		judge_table(j, item->body, loc);
	} else if (item->kind == NET_FILE && sv_starts(item->body, "/")) {
		path = sv_dup(item->body);
		if (is_there(j, path, loc))
			judge_file(j, FORM_LIST, path);
		free(path);
	}
}
