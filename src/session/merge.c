/* SPDX-License-Identifier: MIT
 *
 * Two people at the same files: what waits here is taken out of a document, the file is
 * read anew, and the changes are laid over it. What somebody else made of the same thing
 * meanwhile waits as a clash until a person settles it; drafts keep it until then.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/alias_check.h"
#include "session/facts.h"
#include "session/history.h"
#include "session/lay.h"
#include "session/review_view.h"
#include "session/secret.h"

struct merge {
	struct lay_list mine; /* changes that clash */
	const char **theirs;  /* of each */
	size_t cap;
	struct ses_clash *view;
	struct arena texts; /* of the view */
	struct diags others;
};

static struct merge *
merge_of(struct session *s)
{
	if (!s->mg)
		s->mg = mem_new(1, sizeof(*s->mg));
	return s->mg;
}

void
merge_free(struct session *s)
{
	struct merge *m = s->mg;

	if (!m)
		return;
	lay_free(&m->mine);
	free(m->theirs);
	free(m->view);
	arena_free(&m->texts);
	diag_clear(&m->others);
	free(m);
	s->mg = NULL;
}

const struct lay_list *
merge_pending(const struct session *s)
{
	return s->mg && s->mg->mine.n ? &s->mg->mine : NULL;
}

void
merge_add(struct session *s, const struct lay_change *c, const char *theirs)
{
	struct merge *m = merge_of(s);

	m->theirs = mem_grow(m->theirs, &m->cap, m->mine.n + 1, sizeof(*m->theirs));
	m->theirs[m->mine.n] = arena_str(&m->mine.texts, theirs);
	lay_copy(&m->mine, c);
	s->edits++;
	session_touch(s);
}

void
merge_applied(struct session *s)
{
	if (s->mg)
		diag_clear(&s->mg->others);
}

const struct diags *
ses_others(const struct session *s)
{
	return s->mg && s->mg->others.n ? &s->mg->others : NULL;
}

/* --- clashes -------------------------------------------------------------------------
 */

static const char *
for_people(const struct lay_change *c, const char *text)
{
	return c->kind == LAY_PARAM ? secret_value(c->name, text) : text;
}

/* The name of a line is all of it. */
static const char *
name_for_people(struct arena *a, const struct lay_change *c)
{
	return c->kind == LAY_LINE ? review_line_text(a, sv_of(c->name)) : c->name;
}

size_t
ses_clashes(struct session *s, const struct ses_clash **v)
{
	struct merge *m = s->mg;

	*v = NULL;
	if (!m || m->mine.n == 0)
		return 0;
	arena_reset(&m->texts);
	m->view = mem_resize(m->view, m->mine.n, sizeof(*m->view));
	for (size_t i = 0; i < m->mine.n; i++) {
		const struct lay_change *c = &m->mine.v[i];

		m->view[i] = (struct ses_clash){name_for_people(&m->texts, c), c->file,
			for_people(c, lay_mine(&m->texts, c)),
			for_people(c, m->theirs[i])};
	}
	*v = m->view;
	return m->mine.n;
}

bool
ses_clash_settle(struct session *s, size_t i, bool mine, struct diags *d)
{
	struct merge *m = s->mg;

	if (!m || i >= m->mine.n)
		return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
			_("There is no such change."));
	if (mine && !lay_force(s, &m->mine.v[i], d))
		return false;
	m->mine.n--;
	for (size_t k = i; k < m->mine.n; k++) {
		m->mine.v[k] = m->mine.v[k + 1];
		m->theirs[k] = m->theirs[k + 1];
	}
	s->edits++;
	session_touch(s);
	return true;
}

void
ses_clashes_tell(struct session *s, struct diags *d)
{
	const struct ses_clash *v;
	size_t n = ses_clashes(s, &v);

	for (size_t i = 0; i < n; i++)
		diag_add(d, SEV_ERROR, DIAG_FILE_CHANGED,
			&(struct diag_loc){.file = v[i].file},
			_("Look at both, then make the change again."),
			_("Somebody else changed %s meanwhile. Theirs: %s. Yours: %s."),
			v[i].name, v[i].theirs ? v[i].theirs : _("(removed)"),
			v[i].mine ? v[i].mine : _("(removed)"));
}

/* --- reading again -------------------------------------------------------------------
 */

/* What waits in the files that are read again, and what was changed there. */
static bool
take_edited(struct session *s, const bool *again, struct lay_list *mine, struct diags *d)
{
	struct diags others = {0};
	bool good = true;

	for (size_t i = 0; good && i < s->nfiles; i++) {
		struct ses_file *f = s->files[i];

		if (!again[i] || !file_is_edited(f))
			continue;
		good = changed_lines(s, f, &merge_of(s)->others, &others);
		if (good)
			lay_take(s, f, mine);
		else
			diag_move(d, &others);
	}
	if (good && mine->remarks)
		diag_add(&others, SEV_NOTE, DIAG_FILE_CHANGED, NULL, NULL,
			P_("%zu change of a remark or of the layout alone isn't carried "
			   "over.",
				"%zu changes of remarks or of the layout alone aren't "
				"carried over.",
				mine->remarks),
			mine->remarks);
	if (good && others.n)
		diag_move(&merge_of(s)->others, &others);
	diag_clear(&others);
	return good;
}

static void
lay_mine_over(struct session *s, const struct lay_list *mine)
{
	struct arena a = {0};
	struct lay_outcome *out = mem_new(mine->n + 1, sizeof(*out));

	lay_over(s, mine, &a, out);
	for (size_t i = 0; i < mine->n; i++)
		if (out[i].verdict == LAY_CLASH)
			merge_add(s, &mine->v[i], out[i].theirs);
	free(out);
	arena_free(&a);
}

/* What waits for a person is compared with the new files: theirs may be another value by
 * now, or mine fit again. */
static void
lay_clashes_over(struct session *s)
{
	struct lay_list waiting = {0};

	if (!merge_pending(s))
		return;
	waiting = s->mg->mine;
	s->mg->mine = (struct lay_list){0};
	lay_mine_over(s, &waiting);
	lay_free(&waiting);
}

/* The machine may have become another one, too. */
static void
forget_outside(struct session *s)
{
	ask_again(s, SES_ASK_DERIVED);
	free(s->nics.v);
	s->nics = (struct nic_list){0};
	s->nics_read = false;
	diag_clear(&s->nic_said);
	ses_history_again(s);
	alias_view_renew(s);
	alias_check_forget(s);
	facts_forget(s);
	s->service_looked = 0;
	session_touch(s);
}

/* Looked at once: a file that changes just now is left for the next time. */
static size_t
files_to_read(struct session *s, bool *again)
{
	size_t n = 0;

	for (size_t i = 0; i < s->nfiles; i++) {
		again[i] = file_changed_on_disk(s, s->files[i]);
		n += again[i];
	}
	return n;
}

bool
ses_reread(struct session *s, bool discard, struct diags *d)
{
	bool *again = mem_new(s->nfiles, sizeof(*again));
	size_t n = files_to_read(s, again);
	struct lay_list mine = {0};
	bool good = true;

	if (discard) {
		ses_discard(s);
		merge_free(s);
	} else {
		good = take_edited(s, again, &mine, d);
	}
	for (size_t i = 0; good && n && i < s->nfiles; i++)
		if (again[i])
			file_read_again(s->files[i]);
	if (good && n) {
		undo_free(&s->undo);
		s->level_raised = false;
	}
	if (good)
		forget_outside(s);
	if (good && n)
		lay_clashes_over(s);
	if (good && mine.n)
		lay_mine_over(s, &mine);
	lay_free(&mine);
	free(again);
	return good;
}
