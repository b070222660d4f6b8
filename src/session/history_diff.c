/* SPDX-License-Identifier: MIT
 *
 * What a row of the history changed, as lines. Both sides are bytes out of the history,
 * or what is on disk now. No value of a password leaves this file: parameters that hold
 * one are masked as in Review, and so is every row of a password table.
 */
#include "session/history_view.h"

#include <stdlib.h>

#include "apply/diff.h"
#include "apply/readfile.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "session/review_view.h"
#include "session/secret.h"

enum { LINES_TOLD_BYTES = 1 << 20 };

/* What is on disk now; a missing file has no bytes. */
static bool
read_now(struct session *s, const char *path, struct str *out, struct diags *d)
{
	struct readfile f = {0};
	bool ok = readfile_load(&s->world.fs, path, &f, d) != READFILE_REFUSED;

	if (f.n)
		str_add(out, f.bytes, f.n);
	readfile_free(&f);
	return ok;
}

static struct history_at
at_of(const struct history_view *v, const struct ses_history_row *row, size_t k)
{
	return (struct history_at){history_find(v, row->no), k};
}

/* The gap that a row without a number is. */
static const struct history_gap *
gap_of(const struct history_view *v, const struct ses_history_row *row)
{
	for (size_t i = 0; i < v->nrows; i++)
		if (v->row_gap[i] != HISTORY_NOWHERE && v->row[i].files == row->files)
			return &v->gap[v->row_gap[i]];
	return NULL;
}

static bool
entry_sides(struct session *s, struct history_at at, struct str *before,
	struct str *after, struct diags *d)
{
	const struct hist_list *l = &s->hv->list;

	if (at.entry >= l->n)
		return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
			_("There is no such entry in the history."));
	/* What was put back is shown as it would have been. */
	return history_bytes(s, at, false, before, d) &&
	       history_bytes(s, at, true, after, d);
}

bool
history_sides(struct session *s, const struct ses_history_row *row, size_t k,
	struct str *before, struct str *after, struct diags *d)
{
	const struct history_view *v = history_open(s);
	const struct history_gap *gap;

	if (row->no)
		return entry_sides(s, at_of(v, row, k), before, after, d);
	gap = gap_of(v, row);
	if (!gap || !history_left_bytes(s, gap->from, before, d))
		return false;
	if (gap->to.entry == HISTORY_NOWHERE)
		return read_now(s, row->files[0], after, d);
	return history_bytes(s, gap->to, false, after, d);
}

size_t
history_lines(struct session *s, const struct ses_history_row *row)
{
	const struct history_gap *gap = gap_of(s->hv, row);
	struct str before = {0}, after = {0};
	struct diff diff = {0};
	size_t n = 0;

	if (gap && history_left(s, gap->from)->size <= LINES_TOLD_BYTES &&
		history_sides(s, row, 0, &before, &after, NULL)) {
		diff_make(&diff, str_sv(&before), str_sv(&after), 0);
		n = diff.added > diff.removed ? diff.added : diff.removed;
	}
	diff_free(&diff);
	str_wipe(&before);
	str_wipe(&after);
	return n;
}

/* --- secrets -----------------------------------------------------------------------
 */

static const char *
kind_of(const struct history_view *v, const struct ses_history_row *row, size_t k)
{
	const struct history_gap *gap = row->no ? NULL : gap_of(v, row);
	struct history_at at = gap ? gap->from : at_of(v, row, k);

	return v->list.v[at.entry].files[at.file].kind;
}

static void
mask(struct session *s, const struct ses_history_row *row, size_t k, struct diff *d,
	struct sv before, struct sv after)
{
	struct history_view *v = s->hv;
	enum ses_role role = ROLE_MAIN_CF;
	const char *type;

	if (!history_kind_read(kind_of(v, row, k), &role, &type) || role == ROLE_LOGIN) {
		secret_mask_table(d, &v->diff_texts);
		return;
	}
	if (role != ROLE_MAIN_CF)
		return;
	secret_mask_diff(d, before, after);
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].kind != '@')
			d->v[i].text =
				sv_of(review_line_text(&v->diff_texts, d->v[i].text));
}

/* --- lines -------------------------------------------------------------------------
 */

static void
push_line(
	struct history_view *v, enum ses_rline_kind kind, const char *text, uint32_t line)
{
	v->line = mem_grow(v->line, &v->lines_cap, v->nlines + 1, sizeof(*v->line));
	v->line[v->nlines++] = (struct ses_rline){kind, text, line, SIZE_MAX};
}

static void
push_diff(struct history_view *v, const struct diff *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct diff_line *l = &d->v[i];

		if (l->kind == '@')
			push_line(v, SES_R_HUNK,
				arena_fmt(&v->diff_texts, "@@ %u @@",
					l->old_line ? l->old_line : l->new_line),
				0);
		else
			push_line(v,
				l->kind == '-'   ? SES_R_DEL
				: l->kind == '+' ? SES_R_ADD
						 : SES_R_SAME,
				arena_sv(&v->diff_texts, l->text),
				l->kind == '-' ? l->old_line : l->new_line);
	}
}

struct sides {
	struct str before, after;
	struct diff diff;
};

static bool
make_sides(struct session *s, const struct ses_history_row *row, size_t k,
	unsigned context, struct sides *out, struct diags *d)
{
	bool ok;

	*out = (struct sides){0};
	ok = history_sides(s, row, k, &out->before, &out->after, d);
	if (ok) {
		diff_make(&out->diff, str_sv(&out->before), str_sv(&out->after), context);
		mask(s, row, k, &out->diff, str_sv(&out->before), str_sv(&out->after));
	}
	return ok;
}

static void
free_sides(struct sides *x)
{
	diff_free(&x->diff);
	str_wipe(&x->before);
	str_wipe(&x->after);
}

size_t
ses_history_diff(struct session *s, const struct ses_history_row *row, unsigned context,
	const struct ses_rline **lines, struct diags *d)
{
	struct history_view *v = history_open(s);

	v->nlines = 0;
	arena_reset(&v->diff_texts);
	for (size_t k = 0; k < row->nfiles; k++) {
		struct sides x;

		if (make_sides(s, row, k, context, &x, d)) {
			push_line(v, SES_R_FILE, arena_str(&v->diff_texts, row->files[k]),
				0);
			push_diff(v, &x.diff);
		}
		free_sides(&x);
	}
	*lines = v->line;
	return v->nlines;
}

bool
ses_history_text(struct session *s, const struct ses_history_row *row, struct str *out,
	struct diags *d)
{
	struct history_view *v = history_open(s);
	bool ok = true;

	arena_reset(&v->diff_texts);
	for (size_t k = 0; k < row->nfiles; k++) {
		struct sides x;

		if (make_sides(s, row, k, DIFF_CONTEXT_MAX, &x, d))
			diff_print(&x.diff, row->files[k], row->files[k], out);
		else
			ok = false;
		free_sides(&x);
	}
	return ok;
}
