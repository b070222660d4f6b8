/* SPDX-License-Identifier: MIT
 *
 * Does anybody read root's and postmaster's mail? All that the alias leads to is followed
 * to its ends: one end outside of root's box is enough.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "check/alias_parts.h"

/* What was found at the ends. */
struct ends {
	struct al_run *run;
	bool *seen;
	struct al_ids todo;
	bool reader; /* somebody or something gets it */
	bool box;    /* it ends in root's box */
	bool root;   /* on the way was the alias root */
	uint32_t root_id;
};

static void
ids_add(struct al_ids *ids, uint32_t id)
{
	ids->v = mem_grow(ids->v, &ids->cap, ids->n + 1, sizeof(*ids->v));
	ids->v[ids->n++] = id;
}

static bool
has_forward(const struct al_run *run, const char *home)
{
	struct stat st;
	char *path;
	bool there;

	if (!home)
		return false;
	path = str_format("%s/.forward", home);
	there = run->env->stat(run->env->ctx, path, &st) != ENOENT;
	free(path);
	return there;
}

static void
take_end(struct ends *e, const struct al_dest *dest)
{
	switch (dest->kind) {
	case AL_DEST_ALIAS:
		e->root = e->root || dest->alias == e->root_id;
		if (!e->seen[dest->alias])
			ids_add(&e->todo, dest->alias);
		break;
	case AL_DEST_USER:
		if (strcmp(str_c(&dest->name), "root") == 0 &&
			!has_forward(e->run, dest->home))
			e->box = true;
		else
			e->reader = true;
		break;
	case AL_DEST_CANT_TELL:
	case AL_DEST_COMMAND:
	case AL_DEST_FILE:
	case AL_DEST_LIST:
		e->reader = true;
		break;
	case AL_DEST_NOBODY:
		e->reader = e->reader || e->run->env->catch_all;
		break;
	case AL_DEST_BAD:
		break;
	}
}

/* Follow the targets of the aliases in todo. */
static void
follow(struct ends *e)
{
	while (e->todo.n && !e->reader) {
		uint32_t id = e->todo.v[--e->todo.n];
		struct al_targets list = {0};

		if (e->seen[id])
			continue;
		e->seen[id] = true;
		al_targets_get(e->run->al, id, &list);
		for (size_t i = 0; i < list.n && !e->reader; i++) {
			al_resolve(e->run, &list.v[i], id, &e->run->dest);
			take_end(e, &e->run->dest);
		}
		al_targets_free(&list);
	}
}

static void
look(struct al_run *run, const char *name, struct ends *e)
{
	struct al_target t = {.kind = AL_USER};

	t.raw = t.plain = mem_strdup(name);
	*e = (struct ends){.run = run, .root_id = al_find(run->al, sv_of("root"))};
	e->seen = mem_new(run->al->doc.npool + 1, sizeof(bool));
	al_resolve(run, &t, DOC_NO_ID, &run->dest);
	take_end(e, &run->dest);
	if (run->dest.kind == AL_DEST_NOBODY)
		e->box = true; /* thrown away, as far as its readers go */
	follow(e);
	free(t.raw);
	free(e->seen);
	free(e->todo.v);
}

/* Where a finding on this name belongs: its entry, one that is off, or `instead`. */
static struct diag_loc
place_of(const struct al_run *run, const char *name, const char *instead)
{
	struct diag_loc loc = {.file = run->env->file};
	uint32_t id = al_find_any(run->al, sv_of(name));

	if (id == DOC_NO_ID)
		id = al_find_any(run->al, sv_of(instead));
	if (id != DOC_NO_ID) {
		loc.line = doc_line_now(&run->al->doc, id);
		loc.col = 1;
		loc.entry = id + 1;
	}
	return loc;
}

static void
check_root(struct al_run *run, bool *told)
{
	struct diag_loc loc = place_of(run, "root", "postmaster");
	struct ends e;

	look(run, "root", &e);
	*told = e.box && !e.reader;
	if (*told)
		diag_add(run->out, SEV_WARN, DIAG_AL_READER, &loc,
			_("Write \"root: \" and the address of somebody who reads it."),
			_("Root's mail ends in a box on this machine, where hardly "
			  "anybody "
			  "reads it."));
}

static void
check_postmaster(struct al_run *run, bool root_told)
{
	struct diag_loc loc = place_of(run, "postmaster", "root");
	const char *hint = _("Write \"postmaster: \" and who reads it, often root.");
	enum chk_answer user;
	struct ends e;
	const char *home;
	bool missing;

	look(run, "postmaster", &e);
	if (e.reader || !e.box)
		return;
	user = run->env->user(run->env->ctx, "postmaster", &home);
	missing = al_find(run->al, sv_of("postmaster")) == DOC_NO_ID && user == CHK_NO;
	if (!missing && root_told && (e.root || e.root_id == DOC_NO_ID))
		return; /* told of root already */
	if (missing)
		diag_add(run->out, SEV_WARN, DIAG_AL_READER, &loc, hint,
			_("Mail for postmaster is thrown away: there is no such alias "
			  "and no such user."));
	else
		diag_add(run->out, SEV_WARN, DIAG_AL_READER, &loc, hint,
			_("Postmaster's mail ends in root's box on this machine, where "
			  "hardly anybody reads it."));
}

void
al_check_readers(struct al_run *run)
{
	bool told;

	if (run->env->bare != CHK_YES || !run->env->boxes || run->env->other_tables)
		return;
	run->found = 0; /* these two are told whatever was found before */
	check_root(run, &told);
	check_postmaster(run, told);
}
