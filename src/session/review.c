/* SPDX-License-Identifier: MIT
 *
 * Review: the diff of every file that changes, the actions that follow with their
 * reasons, and the findings that stay or hold the apply back. A finding that the files
 * had when they were loaded never holds back.
 */
#include "session/review_view.h"

#include <stdlib.h>

#include "apply/txn.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "text/maincf.h"

void
review_free(struct session *s)
{
	struct review_view *v = s->rv;

	if (!v)
		return;
	plan_free(&v->plan);
	diag_clear(&v->before);
	diag_clear(&v->said);
	diag_clear(&v->mounts);
	arena_free(&v->texts);
	free(v->lines);
	free(v->stays);
	free(v->holds);
	free(v->files);
	free(v->changes);
	free(v);
	s->rv = NULL;
}

/* --- the plan's input
 * ------------------------------------------------------------------------- */

static bool
names_path(const char *list, const char *path, struct arena *a, const char **type)
{
	struct sv rest = sv_of(list ? list : ""), token;

	while (sv_token(&rest, ", \t\r\n", &token)) {
		ptrdiff_t colon = sv_find(token, ':');
		struct sv file =
			colon < 0 ? token : sv_sub(token, (size_t)colon + 1, token.n);

		if (!sv_eq_str(file, path))
			continue;
		if (type && colon > 0)
			*type = arena_sv(a, sv_sub(token, 0, (size_t)colon));
		return true;
	}
	return false;
}

/* As main.cf says; Postfix's defaults are asked for only where it doesn't. */
const char *
session_table_list(struct session *s, const char *name)
{
	const char *value = ses_param_expanded(s, name);

	if (value || s->asked[SES_ASK_DEFAULTS].done)
		return value;
	ses_wait(s, SES_ASK_DEFAULTS, NULL);
	return ses_param_expanded(s, name);
}

static struct plan_file
plan_file_of(struct session *s, const struct ses_file *f)
{
	static const enum plan_role roles[] = {PLAN_MAIN_CF, PLAN_ALIASES,
		PLAN_PLAIN_FILE, PLAN_PLAIN_FILE, PLAN_TABLE, PLAN_TABLE};
	struct plan_file p = {
		.role = roles[f->role], .path = f->path, .type = f->map_type};
	struct arena *a = &s->rv->texts;

	if (f->role == ROLE_LOGIN && !plan_type_is_built(sv_of(f->map_type)))
		p.role = PLAN_PLAIN_FILE;
	if (f->role != ROLE_ALIASES)
		return p;
	p.in_database =
		names_path(session_table_list(s, "alias_database"), f->path, a, &p.type);
	p.in_maps = names_path(session_table_list(s, "alias_maps"), f->path, a, &p.type);
	return p;
}

static enum ckind
kind_of(const struct ses_file *f)
{
	switch (f->role) {
	case ROLE_MAIN_CF:
		return CHANGE_PARAM;
	case ROLE_ALIASES:
		return CHANGE_ALIAS;
	case ROLE_NETS:
		return CHANGE_LIST_ITEM;
	case ROLE_CIDR:
	case ROLE_INDEXED:
	case ROLE_LOGIN:
		break;
	}
	return CHANGE_ROW;
}

/* Changes as well what it refers to, of those that master takes over only when it is
 * started: then this is a change of that, too. */
static void
add_referring(struct session *s, struct review_view *v, const char *name)
{
	struct reach r;

	reach_of(s, name, &r);
	for (size_t i = 0; i < v->nchanges; i++) {
		const struct change *c = &v->changes[i];

		if (v->files[c->file].role != PLAN_MAIN_CF ||
			strcmp(c->name, name) == 0 || !reach_has(&r, sv_of(c->name)))
			continue;
		v->changes[v->nchanges++] = (struct change){
			CHANGE_PARAM, c->file, arena_str(&v->texts, name), NULL, NULL};
		return;
	}
}

static void
collect(struct session *s, struct review_view *v)
{
	const struct ses_change *c;
	size_t n = ses_changes(s, &c);

	free(v->files);
	free(v->changes);
	v->files = mem_new(s->nfiles, sizeof(*v->files));
	v->changes = mem_new(n + 2, sizeof(*v->changes));
	v->nfiles = v->nchanges = 0;
	for (size_t i = 0; i < s->nfiles; i++) {
		struct ses_file *f = s->files[i];

		if (!file_is_edited(f))
			continue;
		for (size_t k = 0; k < n; k++)
			if (strcmp(c[k].file, f->path) == 0)
				v->changes[v->nchanges++] =
					(struct change){kind_of(f), (uint16_t)v->nfiles,
						c[k].name, c[k].before, c[k].after};
		v->files[v->nfiles++] = plan_file_of(s, f);
	}
	add_referring(s, v, "inet_interfaces");
	add_referring(s, v, "inet_protocols");
}

static enum plan_need
needs(const char *param)
{
	switch (cat_needs(sv_of(param))) {
	case CAT_NEEDS_RESTART:
		return PLAN_NEED_RESTART;
	case CAT_NEEDS_RELOAD:
		return PLAN_NEED_RELOAD;
	case CAT_NEEDS_NOTHING:
		break;
	}
	return PLAN_NEED_NOTHING;
}

/* How many addresses will be asked for a greeting. */
static unsigned
greetings(struct session *s)
{
	const struct svc_listen *unused;

	return (unsigned)ifs_listen(s, false, scratch(s), &unused);
}

struct plan_input
review_input(struct session *s, bool no_act)
{
	struct review_view *v = s->rv;
	struct svc_master m = {0};
	struct svc svc;
	char *whose = NULL;
	struct plan_input in;

	collect(s, v);
	session_svc(s, &svc);
	in = (struct plan_input){
		.files = v->files,
		.nfiles = v->nfiles,
		.changes = v->changes,
		.nchanges = v->nchanges,
		.needs = needs,
		.service = svc_state(&svc, &m, &whose, &v->said),
		.greetings = greetings(s),
		.no_act = no_act,
	};
	in.whose = whose ? arena_str(&v->texts, whose) : NULL;
	in.newer = s->service_newer;
	in.build = s->build_table ? arena_str(&v->texts, s->build_table) : NULL;
	in.start = s->start_down && service_can_start(s);
	/* With a mistake in those files it would not come up again. */
	in.elsewhere = s->service_elsewhere && ses_screen_mark(s, "interfaces") != '!';
	free(whose);
	return in;
}

/* Does Postfix run in the end, so that there is something to be looked at? */
static bool
make_plan(struct session *s, bool no_act)
{
	struct plan_input in = review_input(s, no_act);

	plan_free(&s->rv->plan);
	plan_make(&s->rv->plan, &in, &s->rv->said);
	s->rv->start = s->start_down;
	s->rv->builds = s->build_table != NULL;
	s->rv->can_start = in.service == SVC_STOPPED && service_can_start(s) && !no_act;
	return plan_ends_running(&s->rv->plan, &in);
}

static enum ses_service_act
act_of(const struct plan *p)
{
	return plan_has(p, PLAN_STOP)      ? SES_ACT_RESTART
	       : plan_has(p, PLAN_START)   ? SES_ACT_START
	       : plan_has(p, PLAN_POSTMAP) ? SES_ACT_BUILD
	       : plan_has(p, PLAN_RELOAD)  ? SES_ACT_RELOAD
					   : SES_ACT_NONE;
}

void
ses_review_start(struct session *s, bool on)
{
	s->start_down = on;
}

void
ses_review_build(struct session *s, const char *table)
{
	char *kept = mem_strdup(table);

	free(s->build_table);
	s->build_table = kept;
}

bool
ses_review_builds(const struct session *s)
{
	return s->build_table != NULL;
}

/* --- the diff
 * --------------------------------------------------------------------------------- */

/* Passwords must not show: values of *_password* parameters, and tables written in the
 * value. */
static bool
is_secret(struct sv line)
{
	ptrdiff_t at = sv_find(line, '=');
	struct sv name = at < 0 ? line : sv_sub(line, 0, (size_t)at);

	return at >= 0 && cat_is_secret(sv_trim(name),
				  sv_trim(sv_sub(line, (size_t)at + 1, line.n)));
}

const char *
review_line_text(struct arena *a, struct sv line)
{
	struct str out = {0};
	const char *kept;

	if (is_secret(line)) {
		str_add_sv(&out, sv_sub(line, 0, (size_t)sv_find(line, '=') + 1));
		str_add_cstr(&out, " ****");
	} else {
		str_add_sv(&out, line);
	}
	kept = arena_sv(a, str_sv(&out));
	str_free(&out);
	return kept;
}

static void
push_line(
	struct review_view *v, enum ses_rline_kind kind, const char *text, uint32_t line)
{
	v->lines = mem_grow(v->lines, &v->lines_cap, v->nlines + 1, sizeof(*v->lines));
	v->lines[v->nlines++] = (struct ses_rline){kind, text, line, SIZE_MAX};
}

/* Which change a changed line of main.cf or aliases belongs to: by the name it starts
 * with. */
static size_t
change_of(struct session *s, const char *path, struct sv line)
{
	const struct ses_change *c;
	size_t n = ses_changes(s, &c);
	struct sv v = sv_trim(line);

	while (v.n && v.p[0] == '#')
		v = sv_sub(v, 1, v.n);
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(c[i].name);

		if (strcmp(c[i].file, path) == 0 && sv_starts(v, c[i].name) &&
			(v.n == len || is_blank_char(v.p[len]) || v.p[len] == '=' ||
				v.p[len] == ':' || v.p[len] == ','))
			return i;
	}
	return SIZE_MAX;
}

/* The change of a line that has no name, such as one that Postfix refuses: the old line
 * by its number, the new one by what stands in it. */
static size_t
change_of_line(struct session *s, const char *path, const struct diff_line *l)
{
	const struct ses_change *c;
	size_t n = ses_changes(s, &c), i = 0;
	char *name = str_format(_("line %u"), l->old_line);

	for (; i < n; i++)
		if (strcmp(c[i].file, path) == 0 &&
			(l->kind == '-' ? strcmp(c[i].name, name) == 0
				: l->kind == '+'
					? c[i].after &&
						  sv_eq_str(sv_trim(l->text), c[i].after)
					: false))
			break;
	free(name);
	return i < n ? i : SIZE_MAX;
}

static void
file_heading(struct review_view *v, const struct ses_file *f, const struct diff *diff)
{
	const char *what;

	if (file_is_emptied(f))
		what = arena_fmt(&v->texts, _("%s  becomes an empty file"), f->path);
	else if (diff->removed && diff->added)
		what = arena_fmt(&v->texts,
			P_("%s  %zu line changes", "%s  %zu lines change",
				diff->added > diff->removed ? diff->added
							    : diff->removed),
			f->path,
			diff->added > diff->removed ? diff->added : diff->removed);
	else if (diff->added)
		what = arena_fmt(&v->texts,
			P_("%s  %zu line new", "%s  %zu lines new", diff->added), f->path,
			diff->added);
	else
		what = arena_fmt(&v->texts,
			P_("%s  %zu line goes", "%s  %zu lines go", diff->removed),
			f->path, diff->removed);
	push_line(v, SES_R_FILE, what, 0);
}

static void
diff_of(struct session *s, struct ses_file *f)
{
	struct review_view *v = s->rv;
	struct file_diff fd;
	size_t last = SIZE_MAX;

	file_diff_make(f, 0, &fd);
	file_heading(v, f, &fd.diff);
	for (size_t i = 0; i < fd.diff.n; i++) {
		const struct diff_line *l = &fd.diff.v[i];
		size_t own = change_of(s, f->path, l->text);

		if (own == SIZE_MAX)
			own = change_of_line(s, f->path, l);
		if (l->kind == '@') {
			push_line(v, SES_R_HUNK,
				arena_fmt(&v->texts, "@@ %u @@",
					l->old_line ? l->old_line : l->new_line),
				0);
			last = SIZE_MAX;
			continue;
		}
		push_line(v,
			l->kind == '-'   ? SES_R_DEL
			: l->kind == '+' ? SES_R_ADD
					 : SES_R_SAME,
			review_line_text(&v->texts, l->text),
			l->kind == '-' ? l->old_line : l->new_line);
		last = own != SIZE_MAX ? own : last;
		v->lines[v->nlines - 1].change = last;
	}
	file_diff_free(&fd);
}

void
ses_review_diff(struct session *s, struct str *out)
{
	for (size_t i = 0; i < s->nfiles; i++) {
		struct ses_file *f = s->files[i];
		struct file_diff fd;
		struct arena texts = {0};

		if (!file_is_edited(f))
			continue;
		file_diff_make(f, DIFF_CONTEXT_MAX, &fd);
		for (size_t k = 0; k < fd.diff.n; k++) {
			struct diff_line *l = &fd.diff.v[k];

			if (l->kind != '@' && is_secret(l->text))
				l->text = sv_of(review_line_text(&texts, l->text));
		}
		diff_print(&fd.diff, f->path, f->path, out);
		file_diff_free(&fd);
		arena_free(&texts);
	}
}

/* --- findings
 * --------------------------------------------------------------------------------- */

/* By what a finding says, wherever it stands: lines move. */
static int
by_text(const void *a, const void *b)
{
	const struct diag *x = a, *y = b;

	return x->code != y->code ? (x->code > y->code) - (x->code < y->code)
				  : strcmp(x->text, y->text);
}

/* Each finding of before stands for one of now: two of the same words are two. */
static bool
was_there(const struct diags *before, bool *taken, const struct diag *d)
{
	const struct diag *hit =
		before->n ? bsearch(d, before->v, before->n, sizeof(*d), by_text) : NULL;
	size_t i = hit ? (size_t)(hit - before->v) : before->n;

	while (i > 0 && i < before->n && by_text(&before->v[i - 1], d) == 0)
		i--;
	for (; i < before->n && by_text(&before->v[i], d) == 0; i++)
		if (!taken[i])
			return taken[i] = true;
	return false;
}

/* Nothing can take the place of a file that is a mount of its own. Written over, it may
 * be read half new, so that wants consent. */
static void
find_mounts(struct session *s, struct review_view *v)
{
	diag_clear(&v->mounts);
	for (size_t i = 0; i < v->nfiles; i++) {
		const char *path = v->files[i].path;
		struct diag_loc loc = {.file = path};

		if (!txn_path_is_mount(&s->world.fs, path))
			continue;
		diag_add(&v->mounts, SEV_ERROR, DIAG_FILE_MOUNT, &loc,
			_("Change the file at its source, or mount its folder instead."),
			_("%s is mounted by itself (a bind mount): it can only be "
			  "written over, and who reads it just then sees half of it."),
			path);
		diag_endanger(&v->mounts);
	}
}

static void
sort_findings(struct session *s, struct review_view *v)
{
	const struct diags *now = ses_findings(s);
	bool *taken;

	findings_as_loaded(s, &v->before);
	taken = mem_new(v->before.n + 1, sizeof(*taken));
	if (v->before.n)
		qsort(v->before.v, v->before.n, sizeof(*v->before.v), by_text);
	v->nstays = v->nholds = 0;
	free(v->stays);
	free(v->holds);
	v->stays = mem_new(now->n, sizeof(*v->stays));
	v->holds = mem_new(now->n + v->mounts.n, sizeof(*v->holds));
	for (size_t i = 0; i < v->mounts.n; i++)
		v->holds[v->nholds++] = &v->mounts.v[i];
	for (size_t i = 0; i < now->n; i++) {
		const struct diag *d = &now->v[i];

		if (d->sev == SEV_ERROR && !was_there(&v->before, taken, d))
			v->holds[v->nholds++] = d;
		else if (d->sev == SEV_ERROR)
			v->stays[v->nstays++] = d;
	}
	free(taken);
	for (size_t i = 0; i < now->n; i++)
		if (now->v[i].sev == SEV_WARN)
			v->stays[v->nstays++] = &now->v[i];
}

static void
fill_actions(struct review_view *v, struct ses_review *out)
{
	size_t n, kept = 0;
	struct plan_row *rows = plan_rows(&v->plan, &n);
	struct ses_action *a = arena_new(&v->texts, (n ? n : 1) * sizeof(*a));

	for (size_t i = 0; i < n; i++)
		a[kept++] = (struct ses_action){arena_str(&v->texts, rows[i].label),
			arena_str(&v->texts, rows[i].reason)};
	plan_rows_free(rows, n);
	out->actions = a;
	out->nactions = kept;
	out->look = v->plan.look ? v->plan.look : "";
}

void
ses_review(struct session *s, bool no_act, struct ses_review *out)
{
	const struct ses_change *unused;
	struct review_view *v = s->rv;
	bool runs;

	/* First, for what it finds makes a review old: the start of an apply looks, too.
	 */
	service_look(s);
	if (!v)
		v = s->rv = mem_new(1, sizeof(*v));
	if (v->gen != s->gen || v->no_act != no_act || v->start != s->start_down ||
		v->builds != (s->build_table != NULL)) {
		arena_reset(&v->texts);
		diag_clear(&v->said);
		v->nlines = 0;
		for (size_t i = 0; i < s->nfiles; i++)
			if (file_is_edited(s->files[i]))
				diff_of(s, s->files[i]);
		runs = make_plan(s, no_act);
		find_mounts(s, v);
		sort_findings(s, v);
		way_offer(s, runs);
		v->no_act = no_act;
		v->gen = s->gen;
	}
	*out = (struct ses_review){
		.lines = v->lines,
		.nlines = v->nlines,
		.changes = ses_changes(s, &unused),
		.files = v->nfiles,
		.stays = v->stays,
		.nstays = v->nstays,
		.holds = v->holds,
		.nholds = v->nholds,
		.interruption = v->plan.interrupts
					? _("Mail stops for about 3 seconds; clients "
					    "that meet a closed port try again.")
				: v->plan.note ? v->plan.note
					       : "",
		.probe_to = v->probe_to,
		.probe = v->probe_to && s->probe_way,
		.can_start = v->can_start,
		.start = v->can_start && v->start,
		.act = act_of(&v->plan),
	};
	fill_actions(v, out);
}
