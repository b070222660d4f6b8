/* SPDX-License-Identifier: MIT
 *
 * What the history is told of an apply: who, where, and the names of what changes; never
 * a value. For each file its part in the configuration is noted ("4:hash"), so that its
 * old bytes can be read again as what they were.
 */
#include "session/history_view.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

const char *
history_kind(struct arena *a, const struct ses_file *f)
{
	return arena_fmt(a, "%d:%s", (int)f->role, f->map_type ? f->map_type : "");
}

bool
history_kind_read(const char *kind, enum ses_role *role, const char **map_type)
{
	if (kind[0] < '0' + ROLE_MAIN_CF || kind[0] > '0' + ROLE_LOGIN || kind[1] != ':')
		return false;
	*role = (enum ses_role)(kind[0] - '0');
	*map_type = kind[2] ? kind + 2 : NULL;
	return true;
}

/* A row of a table is named by its key: what stands behind it may be a password. */
static struct hist_change
change_of(struct session *s, struct arena *a, const struct ses_change *c)
{
	const struct ses_file *f = file_find(s, c->file);
	struct sv rest = sv_of(c->name), key;

	if (f && f->role == ROLE_ALIASES)
		return (struct hist_change){HIST_ALIAS, arena_str(a, c->name)};
	if (f && f->role != ROLE_MAIN_CF && f->role != ROLE_NETS &&
		sv_token(&rest, " \t", &key))
		return (struct hist_change){
			c->is_login ? HIST_LOGIN : HIST_ROW, arena_sv(a, key)};
	return (struct hist_change){f && f->role == ROLE_MAIN_CF ? HIST_PARAM : HIST_ROW,
		arena_str(a, c->name)};
}

static void
note_person(struct session *s, struct arena *a, struct hist_about *out)
{
	const struct users_port *u = &s->world.users;
	struct users_who who = {.uid = getuid()};

	if (u->ops && u->ops->who)
		u->ops->who(u->self, &who);
	out->uid = who.uid;
	out->who = arena_str(a, who.name);
	out->terminal = arena_str(a, who.terminal);
}

void
history_note(struct session *s, struct arena *a, struct ses_file *const *files, size_t n,
	struct hist_about *out)
{
	const struct ses_change *c;
	size_t nchanges = ses_changes(s, &c);
	struct hist_change *changes = arena_new(a, (nchanges + 1) * sizeof(*changes));
	const char **kinds = arena_new(a, (n + 1) * sizeof(*kinds));

	*out = (struct hist_about){.changes = changes, .kinds = kinds, .total = nchanges};
	if (nchanges > HISTORY_CHANGES_MAX)
		nchanges = HISTORY_CHANGES_MAX;
	for (; out->nchanges < nchanges; out->nchanges++)
		changes[out->nchanges] = change_of(s, a, &c[out->nchanges]);
	for (size_t i = 0; i < n; i++)
		kinds[i] = history_kind(a, files[i]);
	out->keep = (struct hist_keep){(unsigned)s->set->history_keep,
		(unsigned)s->set->history_days, (unsigned)s->set->history_megabytes};
	if (undo_is_done(s, s->setup_group))
		out->as = HISTORY_SETUP;
	note_person(s, a, out);
}
