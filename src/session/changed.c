/* SPDX-License-Identifier: MIT
 *
 * What somebody else changed: an apply that found a file changed on disk wrote nothing,
 * and the lines in which the file differs from what was loaded are told, so that a person
 * knows whether to read it again.
 */
#include "session/review_view.h"

#include <stdlib.h>

#include "apply/readfile.h"
#include "base/i18n.h"
#include "session/secret.h"

enum { LINES_MOST = 6, TEXT_MOST = 200 };

static struct ses_file *
file_of(struct session *s, const char *path)
{
	for (size_t i = 0; path && i < s->nfiles; i++)
		if (strcmp(s->files[i]->path, path) == 0)
			return s->files[i];
	return NULL;
}

/* Take what was told in these words out again; false: nothing was. */
static bool
untell(struct diags *told, const char *file, const char *words)
{
	struct diags rest = {0};

	for (size_t i = 0; i < told->n; i++)
		if (!told->v[i].loc.file || strcmp(told->v[i].loc.file, file) != 0 ||
			strcmp(told->v[i].text, words) != 0)
			diag_copy(&rest, &told->v[i]);
	if (rest.n < told->n) {
		diag_clear(told);
		diag_move(told, &rest);
		return true;
	}
	diag_clear(&rest);
	return false;
}

/* A line that somebody wrote and then changed once more isn't so any more, and nobody
 * here has seen it. */
static bool
is_passing(const struct ses_file *f, const struct diff_line *l, struct diags *earlier)
{
	struct arena texts = {0};
	const char *words;
	bool was;

	if (l->kind != '-' || !earlier)
		return false;
	words = arena_fmt(&texts, _("Line %u is now: %s"), l->old_line,
		review_line_text(&texts, sv_sub(l->text, 0, TEXT_MOST)));
	was = untell(earlier, f->path, words);
	arena_free(&texts);
	return was;
}

static void
tell_line(const struct ses_file *f, const struct diff_line *l, struct diags *d)
{
	struct diag_loc loc = {.file = f->path};
	struct arena texts = {0};
	const char *text = review_line_text(&texts, sv_sub(l->text, 0, TEXT_MOST));

	loc.line = l->kind == '+' ? l->new_line : 0;
	if (l->kind == '+')
		diag_add(d, SEV_NOTE, DIAG_FILE_CHANGED, &loc, NULL,
			_("Line %u is now: %s"), l->new_line, text);
	else
		diag_add(d, SEV_NOTE, DIAG_FILE_CHANGED, &loc, NULL,
			_("Line %u is gone: %s"), l->old_line, text);
	arena_free(&texts);
}

static void
tell_lines(const struct ses_file *f, const struct diff *diff, struct diags *earlier,
	struct diags *d)
{
	struct diag_loc loc = {.file = f->path};
	size_t told = 0, more = 0;

	for (size_t i = 0; i < diff->n; i++) {
		if ((diff->v[i].kind != '+' && diff->v[i].kind != '-') ||
			is_passing(f, &diff->v[i], earlier))
			continue;
		if (told < LINES_MOST) {
			tell_line(f, &diff->v[i], d);
			told++;
		} else {
			more++;
		}
	}
	if (more)
		diag_add(d, SEV_NOTE, DIAG_FILE_CHANGED, &loc, NULL,
			P_("%zu more line differs.", "%zu more lines differ.", more),
			more);
}

bool
changed_lines(
	struct session *s, struct ses_file *f, struct diags *earlier, struct diags *d)
{
	struct readfile now = {0};
	struct str before = {0};
	struct arena masked = {0};
	struct diff diff;

	switch (readfile_load(&s->world.fs, f->path, &now, d)) {
	case READFILE_OK:
		break;
	case READFILE_MISSING:
		return readfile_tell_missing(f->path, d);
	case READFILE_REFUSED:
		return false;
	}
	file_base_bytes(f, &before);
	diff_make(&diff, str_sv(&before), sv_make(now.bytes, now.n), 0);
	if (f->role == ROLE_LOGIN)
		secret_mask_table(&diff, &masked);
	else
		secret_mask_diff(&diff, str_sv(&before), sv_make(now.bytes, now.n));
	tell_lines(f, &diff, earlier, d);
	arena_free(&masked);
	diff_free(&diff);
	readfile_free(&now);
	str_free(&before);
	return true;
}

void
changed_tell(struct session *s, const struct diags *found, struct diags *d)
{
	for (size_t i = 0; i < found->n; i++) {
		const struct diag *f = &found->v[i];
		struct ses_file *file = file_of(s, f->loc.file);

		diag_copy(d, f);
		if (f->code == DIAG_FILE_CHANGED && f->sev == SEV_ERROR && file)
			(void)changed_lines(s, file, NULL, d);
	}
}
