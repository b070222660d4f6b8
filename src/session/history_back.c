/* SPDX-License-Identifier: MIT
 *
 * The way back. The state after entry N is, for a file that N wrote, what N left; for one
 * that only later entries wrote, what the first of them found. Files that nothing touched
 * since then stay as they are, whatever became of them. It is laid over the documents as
 * edits; who applies them makes an entry like any other.
 */
#include "session/history_view.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

/* What a file is to become: what was found at that place, or left there. */
struct target {
	struct history_at at;
	bool left;
};

struct targets {
	struct target *v;
	size_t n, cap;
};

static const struct hist_file *
file_at(const struct history_view *v, struct history_at at)
{
	return &v->list.v[at.entry].files[at.file];
}

static bool
has_path(const struct history_view *v, const struct targets *t, const char *path)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(file_at(v, t->v[i].at)->path, path) == 0)
			return true;
	return false;
}

/* The files of entry i that aren't among the targets yet. */
static void
add_files(const struct history_view *v, size_t i, bool left, struct targets *t)
{
	for (size_t k = 0; k < v->list.v[i].nfiles; k++) {
		if (has_path(v, t, v->list.v[i].files[k].path))
			continue;
		t->v = mem_grow(t->v, &t->cap, t->n + 1, sizeof(*t->v));
		t->v[t->n++] = (struct target){{i, k}, left};
	}
}

/* --- the documents -----------------------------------------------------------------
 */

static struct ses_file *
document(struct session *s, const struct hist_file *f, struct diags *d)
{
	struct diag_loc loc = {.file = f->path};
	enum ses_role role = ROLE_MAIN_CF;
	const char *type = NULL;
	struct ses_file *found = NULL;

	if (history_kind_read(f->kind, &role, &type)) {
		if (role == ROLE_MAIN_CF)
			found = s->files[0];
		else if (role == ROLE_ALIASES)
			found = aliases_file(s);
		else
			found = file_open(s, role, f->path, type);
	}
	if (found && found->role == role && strcmp(found->path, f->path) == 0)
		return found;
	diag_add(d, SEV_ERROR, DIAG_FILE_MISSING, &loc,
		_("Put it back by hand, or name it with -A."),
		_("%s was changed then, but it is no file of this configuration any "
		  "more."),
		f->path);
	return NULL;
}

static bool
lay_target(struct session *s, const struct target *t, struct diags *d)
{
	struct history_view *v = s->hv;
	const struct hist_file *f = file_at(v, t->at);
	const struct fileid *id = t->left ? history_left(s, t->at) : &f->before;
	struct ses_file *file = document(s, f, d);
	struct diag_loc loc = {.file = f->path};
	struct str bytes = {0};
	bool ok;

	if (!file)
		return false;
	ok = t->left ? history_left_bytes(s, t->at, &bytes, d)
		     : history_bytes(s, t->at, false, &bytes, d);
	ok = ok && file_set_bytes(s, file, str_sv(&bytes), d);
	if (ok && !id->exists && file->loaded.exists)
		diag_add(d, SEV_WARN, DIAG_FILE_MISSING, &loc,
			_("Postfix does well with an empty file, but not with a missing "
			  "one that something names. Remove it by hand once nothing "
			  "does."),
			_("%s was not there then. It becomes an empty file."), f->path);
	str_wipe(&bytes);
	return ok;
}

/* --- what else goes ----------------------------------------------------------------
 */

/* Changes by other means that lie behind a target are taken back with the rest. */
static void
warn_outside(struct session *s, const struct targets *t, struct diags *d)
{
	const struct history_view *v = s->hv;

	for (size_t i = 0; i < t->n; i++) {
		const char *path = file_at(v, t->v[i].at)->path;
		struct diag_loc loc = {.file = path};

		for (size_t g = 0; g < v->ngaps; g++) {
			size_t from = v->gap[g].from.entry;

			if (strcmp(file_at(v, v->gap[g].from)->path, path) != 0 ||
				from < t->v[i].at.entry)
				continue;
			diag_add(d, SEV_WARN, DIAG_FILE_CHANGED, &loc,
				_("Look at the diff before you apply it."),
				_("This also takes back what was changed in %s outside "
				  "postrelay after no. %u."),
				path, v->list.v[from].no);
		}
	}
}

static bool
may_go_back(struct session *s, struct diags *d)
{
	const struct ses_change *unused;

	if (ses_changes(s, &unused) > 0)
		return diag_add(d, SEV_ERROR, DIAG_APPLY_HELD, NULL,
			_("Apply them or take them back first."),
			_("Changes wait; going back would mix with them."));
	return edit_allowed(s, s->files[0], d);
}

/* What is on disk is where the way back begins. */
static bool
go_back(struct session *s, struct targets *t, const char *label, struct diags *d)
{
	const struct ses_change *unused;
	size_t mark = edit_begin(s, label);
	bool ok = true;

	for (size_t i = 0; i < t->n && ok; i++)
		ok = lay_target(s, &t->v[i], d);
	if (ok && ses_changes(s, &unused) > 0)
		warn_outside(s, t, d);
	free(t->v);
	return edit_end(s, mark, ok);
}

/* The history, when one may go back in it now; NULL with findings: not, or it can't be
 * read, so nothing can be said of it. */
static struct history_view *
begin_back(struct session *s, struct diags *d)
{
	struct history_view *v;

	if (!may_go_back(s, d) || !ses_reread(s, false, d))
		return NULL;
	v = history_open(s);
	if (!diag_has_error(&v->said))
		return v;
	for (size_t i = 0; i < v->said.n; i++)
		diag_copy(d, &v->said.v[i]);
	return NULL;
}

static bool
tell_unknown(struct session *s, unsigned no, struct diags *d)
{
	const struct hist_list *l = &s->hv->list;

	if (l->n == 0)
		return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
			_("The history is empty: nothing was applied by postrelay yet."));
	return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL,
		_("`postrelay history list` shows them."),
		_("The history has no entry no. %u: it goes from %u to %u."), no,
		l->v[0].no, l->v[l->n - 1].no);
}

bool
ses_history_restore(struct session *s, unsigned no, struct diags *d)
{
	struct history_view *v;
	struct targets t = {0};
	char *label;
	size_t i;
	bool ok;

	v = begin_back(s, d);
	if (!v)
		return false;
	i = history_find(v, no);
	if (i == v->list.n && (v->list.n == 0 || no + 1 != v->list.v[0].no))
		return tell_unknown(s, no, d);
	if (i < v->list.n)
		add_files(v, i, true, &t);
	else
		i = 0;
	for (; i < v->list.n; i++)
		add_files(v, i, false, &t);
	label = str_format(_("back to no. %u"), no);
	ok = go_back(s, &t, label, d);
	free(label);
	return ok;
}

static bool
took_effect(struct session *s, size_t i)
{
	for (size_t k = 0; k < s->hv->list.v[i].nfiles; k++)
		if (history_took(s, (struct history_at){i, k}))
			return true;
	return false;
}

bool
ses_history_undo(struct session *s, struct diags *d)
{
	struct history_view *v;
	struct targets t = {0};
	char *label;
	size_t i;
	bool ok;

	v = begin_back(s, d);
	if (!v)
		return false;
	for (i = v->list.n; i > 0 && !took_effect(s, i - 1); i--)
		;
	if (i == 0)
		return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
			_("There is no applied change to take back."));
	add_files(v, i - 1, false, &t);
	label = str_format(_("undo of no. %u"), v->list.v[i - 1].no);
	ok = go_back(s, &t, label, d);
	free(label);
	return ok;
}
