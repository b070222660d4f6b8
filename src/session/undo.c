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
open_group(struct session *s, const char *label)
{
	struct undo *u = &s->undo;

	drop_undone(u);
	u->group = mem_grow(u->group, &u->group_cap, u->ngroup + 1, sizeof(*u->group));
	u->group[u->ngroup++] =
		(struct undo_group){u->nrec, u->nrec, ++s->groups, mem_strdup(label)};
	u->cursor = u->ngroup;
}

void
undo_record_edit(struct session *s, struct ses_file *f, const struct doc_edit *e)
{
	struct undo *u = &s->undo;

	if (u->replaying)
		return;
	if (u->depth == 0)
		open_group(s, _("edit"));
	else if (u->label)
		open_group(s, u->label);
	free(u->label);
	u->label = NULL;
	u->rec = mem_grow(u->rec, &u->rec_cap, u->nrec + 1, sizeof(*u->rec));
	u->rec[u->nrec++] = (struct undo_record){f, *e};
	u->group[u->ngroup - 1].to = u->nrec;
}

/* The group begins with its first record: what changes nothing leaves redo as it is. */
void
ses_begin(struct session *s, const char *label)
{
	if (s->undo.depth++ == 0)
		s->undo.label = mem_strdup(label);
}

void
ses_end(struct session *s)
{
	if (--s->undo.depth > 0)
		return;
	free(s->undo.label);
	s->undo.label = NULL;
}

size_t
edit_begin(struct session *s, const char *label)
{
	ses_begin(s, label);
	return s->undo.label ? SIZE_MAX : s->undo.nrec;
}

/* An entry that is deleted and was deleted in the saved file is no row any more. */
void
edit_restore(struct ses_file *f, uint32_t id, const struct entry *e)
{
	struct entry back = *e;

	if (back.flags & file_base_entry(f, id).flags & ENTRY_DELETED)
		back.flags |= ENTRY_NEW;
	doc_restore(&f->doc, id, &back);
}

/* Put the entries of records to-1 .. from back as they were before. */
static void
put_back(struct session *s, size_t from, size_t to)
{
	struct undo *u = &s->undo;

	u->replaying = true;
	for (size_t i = to; i > from; i--)
		edit_restore(
			u->rec[i - 1].file, u->rec[i - 1].e.id, &u->rec[i - 1].e.before);
	u->replaying = false;
	session_touch(s);
}

bool
edit_end(struct session *s, size_t mark, bool done)
{
	struct undo *u = &s->undo;

	if (!done && !u->label) {
		struct undo_group *g = &u->group[u->ngroup - 1];
		size_t from = mark == SIZE_MAX ? g->from : mark;

		put_back(s, from, u->nrec);
		u->nrec = g->to = from;
		if (g->from == g->to) {
			u->label = g->label;
			u->cursor = --u->ngroup;
		}
	}
	ses_end(s);
	return done;
}

const char *
ses_undo(struct session *s)
{
	struct undo *u = &s->undo;
	struct undo_group *g;

	if (u->cursor == 0)
		return NULL;
	g = &u->group[--u->cursor];
	put_back(s, g->from, g->to);
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
		edit_restore(u->rec[i].file, u->rec[i].e.id, &u->rec[i].e.after);
	u->replaying = false;
	session_touch(s);
	return g->label;
}

uint64_t
undo_newest(const struct session *s)
{
	const struct undo *u = &s->undo;

	return u->cursor ? u->group[u->cursor - 1].number : 0;
}

bool
undo_is_done(const struct session *s, uint64_t number)
{
	for (size_t i = 0; number && i < s->undo.cursor; i++)
		if (s->undo.group[i].number == number)
			return true;
	return false;
}

void
undo_forget_newest(struct session *s)
{
	if (ses_undo(s))
		drop_undone(&s->undo);
}

void
undo_free(struct undo *u)
{
	u->cursor = 0;
	drop_undone(u);
	free(u->rec);
	free(u->group);
	free(u->label);
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
	if (f->frozen && f->load.n) /* why, in the words of reading it */
		return diag_add(d, SEV_ERROR, f->load.v[0].code, &loc, f->load.v[0].hint,
			"%s", f->load.v[0].text);
	if (f->frozen)
		return diag_add(d, SEV_ERROR, DIAG_FILE_BINARY, &loc,
			_("Mend the file by hand, then read it again (R)."),
			_("%s can only be looked at."), f->path);
	return true;
}
