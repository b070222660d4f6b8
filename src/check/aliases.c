/* SPDX-License-Identifier: MIT
 *
 * The run over an aliases file: one walk over the entries that count, each target judged
 * where it stands, then the rules that need all of them (loops, readers). Lines are
 * counted on the way, so that many findings stay linear.
 */
#include "check/aliases.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "check/alias_parts.h"

struct diag_loc
al_run_place(const struct al_run *run, size_t at)
{
	uint32_t lines, col;

	al_place(run->al, run->id, run->value + at, &lines, &col);
	return (struct diag_loc){.file = run->env->file,
		.line = run->line + lines,
		.col = col,
		.entry = run->id + 1};
}

bool
al_run_room(struct al_run *run, const struct diag_loc *loc)
{
	if (++run->found == AL_CHECK_MAX + 1)
		diag_add(run->out, SEV_NOTE, DIAG_AL_TARGET, loc, NULL,
			_("There are more mistakes in targets; they are not listed."));
	return run->found <= AL_CHECK_MAX;
}

void
al_graph_edge(struct al_run *run, uint32_t to)
{
	struct al_graph *g = &run->graph;

	g->to = mem_grow(g->to, &g->cap, g->nto + 1, sizeof(*g->to));
	g->to[g->nto++] = to;
	g->n[run->id]++;
}

/* What the person who wrote it most likely meant by a name that nobody has. */
static const char *
hint_for_name(const struct al_target *t)
{
	if (strchr(t->plain, '/'))
		return _("A file's path starts with \"/\".");
	return _("Correct the name, add an alias for it, or create the user.");
}

static void
tell_nobody(struct al_run *run, const struct al_target *t)
{
	struct diag_loc loc = al_run_place(run, t->start);
	/* Other machines have other users. */
	enum sev sev = run->env->here ? SEV_WARN : SEV_NOTE;
	bool dropped = strcmp(str_c(&run->dest.name), "mailer-daemon") == 0 ||
		       strcmp(str_c(&run->dest.name), "postmaster") == 0;

	if (run->env->catch_all || !al_run_room(run, &loc))
		return;
	if (dropped)
		diag_add(run->out, sev, DIAG_AL_UNKNOWN, &loc, hint_for_name(t),
			_("Mail for %s is thrown away: there is no alias \"%s\"."),
			t->plain, str_c(&run->dest.name));
	else
		diag_add(run->out, sev, DIAG_AL_UNKNOWN, &loc, hint_for_name(t),
			_("Mail goes back to its sender: %s is no user and no alias."),
			t->plain);
}

static void
tell_backslash(struct al_run *run, const struct al_target *t)
{
	struct diag_loc loc = al_run_place(run, t->start);

	if (run->dest.kind != AL_DEST_ALIAS || !al_run_room(run, &loc))
		return;
	diag_add(run->out, SEV_WARN, DIAG_AL_TARGET, &loc,
		_("An alias that names itself goes to the user of that name."),
		_("The alias %s is used all the same: Postfix drops the \"\\\" before a "
		  "target."),
		t->plain);
}

static void
tell_bad(struct al_run *run, const struct al_target *t)
{
	struct diag_loc loc = al_run_place(run, t->start);
	struct sv plain = sv_of(t->plain);
	enum sev sev = run->env->catch_all ? SEV_WARN : SEV_ERROR;

	if (!al_run_room(run, &loc))
		return;
	if (plain.n >= 9 && strncasecmp(t->plain, ":include:", 9) == 0)
		diag_add(run->out, SEV_ERROR, DIAG_AL_RELATIVE, &loc,
			_("Write the whole path, from \"/\" on."),
			_("Mail goes back to its sender: the list's path doesn't start "
			  "with \"/\"."));
	else if (sv_starts(plain, "~/"))
		diag_add(run->out, SEV_ERROR, DIAG_AL_RELATIVE, &loc,
			_("Write the whole path, from \"/\" on."),
			_("Mail goes back to its sender: an alias has no home folder, so "
			  "\"~/\" leads nowhere."));
	else if (sv_starts(plain, "-"))
		diag_add(run->out, sev, DIAG_AL_TARGET, &loc,
			_("Words of a command belong in quotes with it: \"|command "
			  "words\"."),
			_("Mail goes back to its sender: no address starts with "
			  "\"-\"."));
	else if (plain.n == 0 || plain.p[0] == '@' || plain.p[0] == '|')
		diag_add(run->out, SEV_ERROR, DIAG_AL_TARGET, &loc,
			_("Name a user, an address, a file, a |command or a list."),
			_("Mail for this target is thrown away: it names nobody."));
	else
		diag_add(run->out, sev, DIAG_AL_TARGET, &loc,
			_("Name a user, an address, a file, a |command or a list."),
			_("Mail goes back to its sender: nobody can be called %s."),
			t->raw);
}

/* A quote that never ends is closed by Postfix at the end of the line. */
static void
tell_open_quote(struct al_run *run, const struct al_target *t)
{
	struct diag_loc loc = al_run_place(run, t->start);

	if (al_run_room(run, &loc))
		diag_add(run->out, SEV_WARN, DIAG_AL_TARGET, &loc,
			_("Put a \" behind the target."),
			_("All text up to the end of the alias is one target: its quote "
			  "never ends."));
}

static bool
has_open_quote(const struct al_target *t)
{
	struct sv raw = sv_of(t->raw);
	struct al_tok tok;
	size_t pos = 0;

	while (al_tok_next(raw, &pos, &tok))
		if (tok.kind == AL_TOK_QUOTED && !tok.closed)
			return true;
	return false;
}

/* An alias that names itself goes to the user without another lookup. */
static void
note_user(struct al_run *run)
{
	if (al_find(run->al, str_sv(&run->dest.name)) != run->id)
		run->graph.user[run->id] = true;
}

static void judge_target(struct al_run *run, const struct al_target *t);

static void
judge_bad(struct al_run *run, const struct al_target *t)
{
	struct al_targets closed = {0};
	struct str stored = {0};

	if (!has_open_quote(t)) {
		tell_bad(run, t);
		return;
	}
	tell_open_quote(run, t);
	al_value_stored(sv_of(t->raw), &stored);
	al_targets_parse(str_sv(&stored), &closed);
	for (size_t i = 0; i < closed.n; i++) {
		closed.v[i].start = t->start;
		judge_target(run, &closed.v[i]);
	}
	al_targets_free(&closed);
	str_free(&stored);
}

static void
judge_target(struct al_run *run, const struct al_target *t)
{
	al_resolve(run, t, run->id, &run->dest);
	switch (run->dest.kind) {
	case AL_DEST_ALIAS:
		al_graph_edge(run, run->dest.alias);
		break;
	case AL_DEST_NOBODY:
		note_user(run);
		tell_nobody(run, t);
		break;
	case AL_DEST_COMMAND:
		al_check_command(run, t);
		break;
	case AL_DEST_FILE:
		al_check_path(run, t);
		break;
	case AL_DEST_LIST:
		al_check_list(run, t);
		break;
	case AL_DEST_BAD:
		judge_bad(run, t);
		break;
	case AL_DEST_USER:
		note_user(run);
		break;
	case AL_DEST_CANT_TELL:
		break;
	}
	if (t->kind == AL_BACKSLASH)
		tell_backslash(run, t);
}

/* Would each of the words get mail if it were meant to? */
static bool
words_are_people(struct al_run *run, size_t i, size_t n)
{
	for (size_t k = i + 1; k <= i + n; k++) {
		al_resolve(run, &run->targets.v[k], run->id, &run->dest);
		if (run->dest.kind != AL_DEST_ALIAS && run->dest.kind != AL_DEST_USER &&
			run->dest.kind != AL_DEST_CANT_TELL)
			return false;
	}
	return true;
}

static void
offer(struct al_run *run, enum diag_code code)
{
	struct al_targets list = {0};
	struct str unused = {0}, text = {0};

	if (chk_al_mend(run->al, run->id, code, &list, &unused)) {
		for (size_t i = 0; i < list.n; i++)
			str_addf(&text, "%s%s", i ? ", " : "", list.v[i].raw);
		diag_offer(run->out, DIAG_MEND_ALIAS, str_c(&text));
	}
	al_targets_free(&list);
	str_free(&unused);
	str_free(&text);
}

static void
tell_words(struct al_run *run, size_t i, size_t n)
{
	struct diag_loc loc = al_run_place(run, run->targets.v[i].start);
	enum sev sev = words_are_people(run, i, n) ? SEV_WARN : SEV_ERROR;

	if (!al_run_room(run, &loc))
		return;
	diag_add(run->out, sev, DIAG_AL_WORDS, &loc,
		_("Put the command and its words in one pair of quotes."),
		P_("The command runs without its word, and \"%s\" gets the mail as "
		   "well: without quotes these are %zu targets.",
			"The command runs without its words, and \"%s\" gets the mail "
			"as well: without quotes these are %zu targets.",
			n),
		run->targets.v[i + 1].plain, n + 1);
	offer(run, DIAG_AL_WORDS);
}

static void
tell_comment(struct al_run *run, size_t i)
{
	struct diag_loc loc = al_run_place(run, run->targets.v[i].start);

	if (!al_run_room(run, &loc))
		return;
	diag_add(run->out, run->env->catch_all ? SEV_WARN : SEV_ERROR, DIAG_AL_COMMENT,
		&loc,
		_("A comment needs a line of its own, with # as its first character."),
		_("Mail goes back to its sender: \"#\" and each word behind it are "
		  "targets, not a comment."));
	offer(run, DIAG_AL_COMMENT);
}

static bool
comment_is_a_name(struct al_run *run, const struct al_target *t)
{
	struct str key = {0};
	bool known;

	al_name_fold(sv_of(t->plain), &key);
	known = al_find(run->al, str_sv(&key)) != DOC_NO_ID;
	str_free(&key);
	return known;
}

/* Of targets that are told of already only what names an alias counts. */
static void
follow_only(struct al_run *run, size_t i, size_t end)
{
	for (; i < end; i++) {
		al_resolve(run, &run->targets.v[i], run->id, &run->dest);
		if (run->dest.kind == AL_DEST_ALIAS)
			al_graph_edge(run, run->dest.alias);
	}
}

static void
tell_empty(struct al_run *run)
{
	struct diag_loc loc = al_run_place(run, 0);

	if (al_run_room(run, &loc))
		diag_add(run->out, SEV_ERROR, DIAG_AL_EMPTY, &loc,
			_("Name who gets the mail, behind the colon."),
			_("Mail for this alias stays in the queue: nobody is named "
			  "behind "
			  "the colon."));
}

static void
judge_entry(struct al_run *run)
{
	struct sv value;
	size_t comment, words;

	str_clear(&run->text);
	al_value_line(run->al, run->id, &run->text, &run->value);
	value = sv_sub(str_sv(&run->text), run->value, run->text.n);
	run->targets.n = 0;
	al_targets_parse(value, &run->targets);
	run->graph.from[run->id] = (uint32_t)run->graph.nto;
	comment = al_comment_start(&run->targets);
	if (comment < run->targets.n && comment_is_a_name(run, &run->targets.v[comment]))
		comment = run->targets.n;
	for (size_t i = 0; i < comment; i++) {
		judge_target(run, &run->targets.v[i]);
		words = al_command_words(&run->targets, value, i);
		if (words) {
			tell_words(run, i, words);
			follow_only(run, i + 1, i + 1 + words);
			i += words;
		}
	}
	if (comment < run->targets.n) {
		tell_comment(run, comment);
		follow_only(run, comment + 1, run->targets.n);
	}
	if (run->targets.n == 0)
		tell_empty(run);
	for (size_t i = 0; i < run->targets.n; i++) {
		free(run->targets.v[i].raw);
		free(run->targets.v[i].plain);
	}
	run->targets.n = 0;
}

static uint32_t
line_count(struct sv text)
{
	uint32_t n = 0;
	struct sv line;

	while (sv_line(&text, &line))
		n++;
	return n;
}

static void
judge_all(struct al_run *run)
{
	const struct doc *d = &run->al->doc;

	run->line = 1;
	for (size_t i = 0; i < d->norder; i++) {
		uint32_t id = d->order[i];

		if (!doc_alive(d, id))
			continue;
		run->id = id;
		if (doc_entry(d, id)->kind == ENTRY_ALIAS && !al_is_shadowed(run->al, id))
			judge_entry(run);
		run->line += line_count(doc_text(d, id));
	}
}

void
chk_aliases(struct aliases *al, const struct chk_al_env *env, struct diags *d)
{
	struct al_run run = {.al = al, .env = env, .out = d};

	run.graph.from = mem_new(al->doc.npool + 1, sizeof(*run.graph.from));
	run.graph.n = mem_new(al->doc.npool + 1, sizeof(*run.graph.n));
	run.graph.user = mem_new(al->doc.npool + 1, sizeof(*run.graph.user));
	judge_all(&run);
	al_check_loops(&run);
	al_check_readers(&run);
	free(run.graph.from);
	free(run.graph.n);
	free(run.graph.to);
	free(run.graph.user);
	free(run.targets.v);
	str_free(&run.text);
	str_free(&run.dest.name);
}
