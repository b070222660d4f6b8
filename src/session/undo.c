/* SPDX-License-Identifier: MIT
 *
 * Undo over all files. Every change of an entry comes here as a record (before, after);
 * records between ses_begin and ses_end are one group. Undoing puts entries back, newest
 * first; nothing is copied, because documents never free text.
 */
#include "session/internal.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

static void
drop_undone(struct undo *u)
{
	while (u->ngroup > u->cursor)
		free(u->group[--u->ngroup].label);
	u->nrec = u->ngroup ? u->group[u->ngroup - 1].to : 0;
}

static void
open_group(struct undo *u, const char *label)
{
	drop_undone(u);
	u->group = mem_grow(u->group, &u->group_cap, u->ngroup + 1, sizeof(*u->group));
	u->group[u->ngroup++] = (struct undo_group){u->nrec, u->nrec, mem_strdup(label)};
	u->cursor = u->ngroup;
}

static void
drop_empty_group(struct undo *u)
{
	struct undo_group *g = &u->group[u->ngroup - 1];

	if (g->from != g->to)
		return;
	free(g->label);
	u->ngroup--;
	u->cursor = u->ngroup;
}

void
undo_record_edit(struct session *s, struct ses_file *f, const struct doc_edit *e)
{
	struct undo *u = &s->undo;
	bool alone = u->depth == 0;

	if (u->replaying)
		return;
	if (alone)
		open_group(u, _("edit"));
	u->rec = mem_grow(u->rec, &u->rec_cap, u->nrec + 1, sizeof(*u->rec));
	u->rec[u->nrec++] = (struct undo_record){f, *e};
	u->group[u->ngroup - 1].to = u->nrec;
}

void
ses_begin(struct session *s, const char *label)
{
	if (s->undo.depth++ == 0)
		open_group(&s->undo, label);
}

void
ses_end(struct session *s)
{
	if (--s->undo.depth == 0)
		drop_empty_group(&s->undo);
}

const char *
ses_undo(struct session *s)
{
	struct undo *u = &s->undo;
	struct undo_group *g;

	if (u->cursor == 0)
		return NULL;
	g = &u->group[--u->cursor];
	u->replaying = true;
	for (size_t i = g->to; i > g->from; i--)
		doc_restore(&u->rec[i - 1].file->doc, u->rec[i - 1].e.id,
			&u->rec[i - 1].e.before);
	u->replaying = false;
	session_touch(s);
	return g->label;
}

const char *
ses_redo(struct session *s)
{
	struct undo *u = &s->undo;
	struct undo_group *g;

	if (u->cursor == u->ngroup)
		return NULL;
	g = &u->group[u->cursor++];
	u->replaying = true;
	for (size_t i = g->from; i < g->to; i++)
		doc_restore(&u->rec[i].file->doc, u->rec[i].e.id, &u->rec[i].e.after);
	u->replaying = false;
	session_touch(s);
	return g->label;
}

void
ses_undo_if_label(struct session *s, const char *label)
{
	struct undo *u = &s->undo;

	if (u->cursor == 0 || strcmp(u->group[u->cursor - 1].label, label) != 0)
		return;
	ses_undo(s);
	drop_undone(u);
}

void
undo_free(struct undo *u)
{
	u->cursor = 0;
	drop_undone(u);
	free(u->rec);
	free(u->group);
	*u = (struct undo){0};
}

bool
edit_allowed(struct session *s, const struct ses_file *f, struct diags *d)
{
	struct diag_loc loc = {.file = f ? f->path : NULL};

	if (s->read_only)
		return diag_add(d, SEV_ERROR, DIAG_READ_ONLY, NULL,
			s->why_read_only
				? s->why_read_only
				: _("Start postrelay without -R to change things."),
			_("This session only looks: nothing can be changed."));
	if (!f)
		return diag_add(d, SEV_ERROR, DIAG_AL_NO_FILE, NULL,
			_("Name the file with -A, or set alias_database."),
			_("No aliases file is known."));
	if (f->frozen)
		return diag_add(d, SEV_ERROR, DIAG_FILE_BINARY, &loc,
			_("Mend the file by hand, then read it again (R)."),
			_("%s can only be looked at."), f->path);
	return true;
}
