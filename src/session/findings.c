/* SPDX-License-Identifier: MIT
 *
 * All findings over the files as they are edited now: what reading them said, what the
 * rules say of main.cf, of the networks' rows and the NICs' rows, and of the aliases.
 * Computed when first asked after a change.
 */
#include "session/internal.h"

#include <fcntl.h>
#include <stdlib.h>

#include "apply/readfile.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "session/alias_check.h"
#include "session/changes_text.h"
#include "session/facts.h"
#include "session/nets_view.h"

static void
copy_all(struct diags *to, const struct diags *from)
{
	for (size_t i = 0; i < from->n; i++)
		diag_copy(to, &from->v[i]);
}

/* Why Postfix has no answer is told once, however much it was asked. */
static void
copy_new(struct diags *to, const struct diags *from)
{
	for (size_t i = 0; i < from->n; i++) {
		bool there = false;

		for (size_t k = 0; k < to->n && !there; k++)
			there = to->v[k].code == from->v[i].code &&
				strcmp(to->v[k].text, from->v[i].text) == 0;
		if (!there)
			diag_copy(to, &from->v[i]);
	}
}

/* What reading a followed file said; its rows are judged by the rules. */
static void
check_followed_file(const struct ses_file *f, struct diags *out)
{
	for (size_t i = 0; i < f->load.n; i++)
		if (f->load.v[i].code != DIAG_FILE_MISSING) /* told of the row */
			diag_copy(out, &f->load.v[i]);
}

static bool
was_followed(const struct nets_view *v, size_t n, const struct ses_file *f)
{
	for (size_t i = 0; i < n; i++)
		if (v->from[i].behind == f)
			return true;
	return false;
}

/* Files that the value names; its own items are judged by the check itself. */
static void
check_followed_files(struct session *s, struct diags *out)
{
	const struct nets_view *v;

	/* What Postfix derives names no file: it needn't be asked for this. */
	if (nets_entry(s) == DOC_NO_ID || !ses_net_names_files(s))
		return;
	v = nets_now(s);
	for (size_t i = 0; i < v->n; i++) {
		if (v->rows[i].depth > 0)
			continue;
		if (v->from[i].behind && !was_followed(v, i, v->from[i].behind))
			check_followed_file(v->from[i].behind, out);
	}
}

/* A large file isn't even read for this. */
static bool
aliases_wanted(struct session *s)
{
	struct stat st;
	char *path;
	bool is_large;

	if (s->aliases)
		return s->aliases->loaded.size <= ALIASES_BIG || alias_view_rested(s) ||
		       alias_judge_wanted(s);
	if (s->aliases_looked_for ||
		(!s->opt_aliases && !ses_param_expanded(s, "alias_database")))
		return false;
	path = aliases_path(s);
	is_large = path && fs_stat(&s->world.fs, path, &st) && st.st_size >= 0 &&
		   (uint64_t)st.st_size > ALIASES_BIG;
	free(path);
	return (!is_large || alias_judge_wanted(s)) && aliases_file(s) != NULL;
}

/* What main.cf says and what Postfix says to it: of a file that couldn't be read nothing
 * is known, and its defaults are no mistakes of anybody. */
static void
main_cf_findings(struct session *s, struct diags *out)
{
	for (int i = 0; i < SES_ASKS; i++)
		copy_new(out, &s->asked[i].said);
	check_followed_files(s, out);
	facts_run_rules(s, false, out);
	alias_table_findings(s, out);
}

static void
collect(struct session *s, struct diags *out)
{
	/* First, because a file that is read now may bring findings. */
	bool aliases = aliases_wanted(s) && s->aliases;

	copy_all(out, &s->start);
	copy_all(out, &s->files[0]->load);
	if (s->aliases)
		copy_all(out, &s->aliases->load);
	copy_all(out, &s->nic_said);
	if (s->files[0]->loaded.exists)
		main_cf_findings(s, out);
	if (aliases)
		alias_findings(s, out);
	findings_silence(s, out);
	diag_sort(out);
}

const struct diags *
ses_findings(struct session *s)
{
	if (s->findings_gen == s->gen)
		return &s->findings;
	diag_clear(&s->findings);
	collect(s, &s->findings);
	s->findings_gen = s->gen;
	return &s->findings;
}

const struct diag *
finding_at(struct session *s, const char *file, uint32_t id, const char *param)
{
	const struct diag *worst = NULL;

	if (s->findings_gen == 0)
		return NULL;
	for (size_t i = 0; i < ses_findings(s)->n; i++) {
		const struct diag *d = &s->findings.v[i];
		bool here = d->loc.file && strcmp(d->loc.file, file) == 0 &&
			    (d->loc.entry ? d->loc.entry == id + 1
					  : param && d->loc.param &&
						    strcmp(d->loc.param, param) == 0);

		if (here && (!worst || d->sev > worst->sev))
			worst = d;
	}
	return worst;
}

static void
swap_base(struct session *s)
{
	for (size_t k = 0; k < s->nfiles; k++) {
		struct ses_file *f = s->files[k];

		for (size_t i = 0; f->role != ROLE_ALIASES && i < f->nbase; i++) {
			struct entry *now = &f->doc.pool[f->base[i].id], keep = *now;

			*now = f->base[i].e;
			f->base[i].e = keep;
		}
	}
}

/* Errors that edited aliases had when they were loaded. They are judged by themselves: a
 * name that is no alias in this text may be one in the file, but that is no error. */
static void
alias_errors_before(struct session *s, struct diags *out)
{
	const struct ses_file *f = s->aliases;
	struct diags found = {0};
	struct str text = {0};

	for (size_t i = 0; f && i < f->nbase; i++) {
		const struct entry *e = &f->base[i].e;

		if (e->kind != ENTRY_ALIAS || e->flags & ENTRY_DELETED)
			continue;
		str_add_sv(&text, file_entry_text(f, e));
		if (!sv_ends(str_sv(&text), "\n"))
			str_add_char(&text, '\n');
	}
	if (text.n)
		alias_check_others(s, str_sv(&text), &found);
	for (size_t i = 0; i < found.n; i++)
		if (found.v[i].sev == SEV_ERROR)
			diag_copy(out, &found.v[i]);
	diag_clear(&found);
	str_free(&text);
}

/* The loaded entries are put in place for as long as the rules look at them, with views
 * of their own: rows that somebody holds stay good. Findings of an alias that wasn't
 * edited were there before as well. */
void
findings_as_loaded(struct session *s, struct diags *out)
{
	const struct diags *now = ses_findings(s);
	struct nets_view *nets = s->nets;
	struct ifs_view *ifs = s->ifs;

	diag_clear(out);
	for (size_t i = 0; i < now->n; i++) {
		const struct diag *d = &now->v[i];
		bool touched = false;

		if (!s->aliases || !d->loc.file ||
			strcmp(d->loc.file, s->aliases->path) != 0)
			continue;
		for (size_t k = 0; d->loc.entry && k < s->aliases->nbase; k++)
			touched = touched || s->aliases->base[k].id + 1 == d->loc.entry;
		if (!touched)
			diag_copy(out, d);
	}
	alias_errors_before(s, out);
	copy_all(out, &s->start);
	copy_all(out, &s->files[0]->load);
	s->nets = NULL;
	s->ifs = NULL;
	swap_base(s);
	check_followed_files(s, out);
	facts_run_rules(s, true, out);
	alias_table_findings(s, out);
	swap_base(s);
	nets_free(s);
	ifs_free(s);
	s->nets = nets;
	s->ifs = ifs;
}

const char *
ses_finding_screen(struct session *s, const struct diag *d)
{
	if (s->aliases && d->loc.file && strcmp(d->loc.file, s->aliases->path) == 0)
		return "aliases";
	if (strncmp(diag_code_name(d->code), "PR-NET-", 7) == 0)
		return "networks";
	if (strncmp(diag_code_name(d->code), "PR-IF-", 6) == 0)
		return "interfaces";
	if (strncmp(diag_code_name(d->code), "PR-AL-", 6) == 0)
		return "aliases";
	if (d->loc.param && strcmp(change_screen(d->loc.param), "params") != 0)
		return change_screen(d->loc.param);
	if (strncmp(diag_code_name(d->code), "PR-CF-", 6) == 0 || d->loc.param)
		return "params";
	return "overview";
}

char
ses_screen_mark(struct session *s, const char *screen)
{
	const struct diags *d = ses_findings(s);
	const struct ses_change *c;
	size_t n = ses_changes(s, &c);
	char mark = ' ';

	for (size_t i = 0; i < d->n; i++) {
		if (strcmp(ses_finding_screen(s, &d->v[i]), screen) != 0)
			continue;
		if (d->v[i].sev == SEV_ERROR)
			return '!';
		if (d->v[i].sev == SEV_WARN)
			mark = '?';
	}
	for (size_t i = 0; mark == ' ' && i < n; i++)
		if (strcmp(c[i].screen, screen) == 0)
			mark = '*';
	return mark;
}
