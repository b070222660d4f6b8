/* SPDX-License-Identifier: MIT
 *
 * The rows of the history, newest first: entries, and gaps right after what they follow.
 * What an entry takes back is told by what it left, however it came about: a change that
 * was typed in again the other way round is an undo, too.
 */
#include "session/history_view.h"

#include <stdio.h>
#include <stdlib.h>

#include "apply/readfile.h"
#include "base/i18n.h"
#include "base/mem.h"

/* --- what an entry takes back ------------------------------------------------------
 */

/* Is every file of entry i, and all that was touched from entry `first` on, as it was
 * before `first`? */
static bool
is_back_before(const struct history_view *v, size_t i, size_t first)
{
	for (size_t m = first; m <= i; m++)
		for (size_t k = 0; k < v->list.v[m].nfiles; k++) {
			const struct hist_file *was = &v->list.v[m].files[k];
			size_t now = history_file(v, i, was->path);
			bool seen = false;

			for (size_t j = first; j < m && !seen; j++)
				seen = history_file(v, j, was->path) != HISTORY_NOWHERE;
			if (!seen &&
				(now == HISTORY_NOWHERE ||
					!readfile_is_same(&v->list.v[i].files[now].after,
						&was->before)))
				return false;
		}
	return true;
}

/* "undo of no. 16", where what entry i left is what was there before an earlier one. */
static const char *
taken_back(struct history_view *v, size_t i)
{
	if (v->list.v[i].end == HIST_PUT_BACK)
		return "";
	for (size_t m = i; m > 0; m--) {
		if (!is_back_before(v, i, m - 1))
			continue;
		if (m == i)
			return arena_fmt(
				&v->texts, _("undo of no. %u"), v->list.v[i - 1].no);
		return arena_fmt(&v->texts, _("back to no. %u"), v->list.v[m - 1].no - 1);
	}
	return "";
}

/* --- rows --------------------------------------------------------------------------
 */

static void
add_name(struct str *out, const struct hist_change *c)
{
	if (c->kind == HIST_ALIAS)
		str_addf(out, _("alias %s"), c->name);
	else if (c->kind == HIST_LOGIN)
		str_addf(out, _("login at %s"), c->name);
	else
		str_add_cstr(out, c->name);
}

/* The names one by one, and in a row. */
static void
name_changes(struct arena *a, const struct hist_entry *e, struct ses_history_row *r)
{
	const char **names = arena_new(a, (e->nchanges + 1) * sizeof(*names));
	struct str all = {0};

	for (size_t i = 0; i < e->nchanges; i++) {
		struct str one = {0};

		add_name(&one, &e->changes[i]);
		names[i] = arena_sv(a, str_sv(&one));
		str_addf(&all, "%s%s", i ? ", " : "", names[i]);
		str_free(&one);
	}
	if (e->total > e->nchanges) {
		str_add_char(&all, ' ');
		str_addf(&all, _("+%zu more"), e->total - e->nchanges);
	}
	r->names = names;
	r->nnames = e->nchanges;
	r->nchanges = e->total;
	r->changes = strcmp(e->as, HISTORY_SETUP) == 0
			     ? arena_fmt(a, _("set-up: %s"), str_c(&all))
			     : arena_sv(a, str_sv(&all));
	str_free(&all);
}

static const char *
person(struct arena *a, const struct hist_entry *e)
{
	return e->who[0] ? e->who : arena_fmt(a, "uid %u", e->uid);
}

static void
judge_row(struct session *s, size_t i, struct ses_history_row *r)
{
	const struct hist_entry *e = &s->hv->list.v[i];

	switch (history_was_written(s, i) ? HIST_WRITTEN : e->end) {
	case HIST_HEALTHY:
		r->word = "healthy";
		r->result = _("healthy");
		return;
	case HIST_WRITTEN:
		r->word = "written";
		r->result = _("written");
		return;
	case HIST_ILL:
		r->word = "not-well";
		r->result = _("not well");
		break;
	case HIST_PUT_BACK:
		r->word = "put-back";
		r->result = _("put back");
		break;
	case HIST_OPEN:
		r->word = e->runs ? "running" : "interrupted";
		r->result = e->runs ? _("running") : _("interrupted");
		break;
	}
	r->mark = e->runs ? 0 : '!';
}

static void
push(struct history_view *v, const struct ses_history_row *r, size_t gap)
{
	v->row = mem_grow(v->row, &v->rows_cap, v->nrows + 1, sizeof(*v->row));
	v->row_gap =
		mem_grow(v->row_gap, &v->row_gap_cap, v->nrows + 1, sizeof(*v->row_gap));
	v->row_gap[v->nrows] = gap;
	v->row[v->nrows++] = *r;
}

static void
push_entry(struct session *s, size_t i)
{
	struct history_view *v = s->hv;
	const struct hist_entry *e = &v->list.v[i];
	const char **files = arena_new(&v->texts, (e->nfiles + 1) * sizeof(*files));
	struct ses_history_row r = {.no = e->no,
		.when = (time_t)e->when,
		.who = person(&v->texts, e),
		.terminal = e->terminal,
		.nfiles = e->nfiles,
		.files = files,
		.of = taken_back(v, i),
		.actions = e->actions,
		.ms = e->ms};

	for (size_t k = 0; k < e->nfiles; k++)
		files[k] = e->files[k].path;
	name_changes(&v->texts, e, &r);
	judge_row(s, i, &r);
	push(v, &r, HISTORY_NOWHERE);
}

/* "2 lines": how much was changed by other means, where that is quickly told. */
static const char *
gap_size(struct session *s, const struct ses_history_row *r)
{
	struct history_view *v = s->hv;
	size_t lines = history_lines(s, r);

	return lines ? arena_fmt(&v->texts, P_("%zu line", "%zu lines", lines), lines)
		     : "";
}

static void
push_gap(struct session *s, size_t g)
{
	struct history_view *v = s->hv;
	const struct history_gap *gap = &v->gap[g];
	const char **files = arena_new(&v->texts, 2 * sizeof(*files));
	struct ses_history_row r = {.when = gap->when,
		.who = "",
		.terminal = "",
		.nfiles = 1,
		.files = files,
		.of = "",
		.actions = "",
		.word = "outside",
		.mark = '?'};

	files[0] = v->list.v[gap->from.entry].files[gap->from.file].path;
	r.changes = files[0];
	r.result = "";
	push(v, &r, g);
	v->row[v->nrows - 1].result = gap_size(s, &r);
}

/* A gap stands right before the entry that found it, the newest at the top. */
static void
make_rows(struct session *s)
{
	struct history_view *v = s->hv;

	for (size_t i = v->list.n + 1; i > 0; i--) {
		size_t next = i == v->list.n + 1 ? HISTORY_NOWHERE : i - 1;

		if (next != HISTORY_NOWHERE)
			push_entry(s, next);
		for (size_t g = 0; g < v->ngaps; g++)
			if (v->gap[g].to.entry == next)
				push_gap(s, g);
	}
}

static bool
holds(const char *text, const char *part)
{
	return strcasestr(text, part) != NULL;
}

static bool
is_shown(const struct ses_history_row *r, const char *filter)
{
	char no[16] = "--";

	if (!filter || !filter[0])
		return true;
	if (r->no)
		snprintf(no, sizeof(no), "%u", r->no);
	return holds(no, filter) || holds(r->who, filter) || holds(r->changes, filter) ||
	       holds(r->of, filter) || holds(r->result, filter);
}

size_t
ses_history(struct session *s, const char *filter, const struct ses_history_row **rows,
	struct diags *d)
{
	struct history_view *v = history_open(s);
	size_t n = 0;

	if (!v->nrows)
		make_rows(s);
	v->shown = mem_resize(v->shown, v->nrows + 1, sizeof(*v->shown));
	for (size_t i = 0; i < v->nrows; i++)
		if (is_shown(&v->row[i], filter))
			v->shown[n++] = v->row[i];
	for (size_t i = 0; d && i < v->said.n; i++)
		diag_copy(d, &v->said.v[i]);
	*rows = v->shown;
	return n;
}

/* --- the newest --------------------------------------------------------------------
 */

enum { NAMES_SHOWN = 2 };

static char *
in_few_words(const struct hist_entry *e)
{
	char when[32] = "";
	time_t t = (time_t)e->when;
	struct tm tm;
	struct str out = {0};

	if (localtime_r(&t, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M", &tm);
	if (e->who[0])
		str_addf(&out, _("%s by %s:"), when, e->who);
	else
		str_addf(&out, _("%s by uid %u:"), when, e->uid);
	for (size_t i = 0; i < e->nchanges && i < NAMES_SHOWN; i++) {
		str_add_cstr(&out, i ? ", " : " ");
		add_name(&out, &e->changes[i]);
	}
	if (e->total > NAMES_SHOWN) {
		str_add_char(&out, ' ');
		str_addf(&out, _("+%zu more"), e->total - NAMES_SHOWN);
	}
	return str_take(&out);
}

static void
read_last(struct session *s, struct history_view *v)
{
	struct txn_env env = history_env(s);
	struct hist_list l;

	if (v->last_read)
		return;
	v->last_read = true;
	hist_load(&env, true, &l, NULL);
	free(v->last);
	v->last = l.n ? in_few_words(&l.v[0]) : NULL;
	v->newest = l.n ? l.v[0].no : 0;
	hist_free(&l);
}

const char *
ses_history_last(struct session *s)
{
	read_last(s, history_view_of(s));
	return s->hv->last;
}

unsigned
ses_history_newest(struct session *s)
{
	read_last(s, history_view_of(s));
	return s->hv->newest;
}
