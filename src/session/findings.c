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
#include "session/nets_view.h"

static void
add_copy(struct diags *to, const struct diag *f)
{
	struct diag *new;

	diag_add(to, f->sev, f->code, &f->loc, f->hint, "%s", f->text);
	new = &to->v[to->n - 1];
	new->danger = f->danger;
	new->sys_errno = f->sys_errno;
}

static void
copy_all(struct diags *to, const struct diags *from)
{
	for (size_t i = 0; i < from->n; i++)
		add_copy(to, &from->v[i]);
}

static bool
known_name(void *ctx, struct sv name)
{
	struct str text = {0};
	struct sv unused;
	bool known;

	str_add_sv(&text, name);
	known = default_of(ctx, str_c(&text), &unused);
	str_free(&text);
	return known;
}

void
session_check_env(struct session *s, struct chk_env *env)
{
	*env = (struct chk_env){
		.file = s->files[0]->path,
		.nics = session_nics(s),
		.relayhost_list_ok = session_relay_list_ok(s),
		.known_name = known_name,
		.known_ctx = s,
	};
}

static void
check_main_cf(struct session *s, struct diags *out)
{
	struct chk_env env;

	session_check_env(s, &env);
	chk_maincf(main_cf(s), &env, out);
}

/* Addresses that left the machine or may leave it; what a word's shape is wrong with, the
 * check itself tells. */
static void
check_addresses(struct session *s, struct diags *out)
{
	const struct ses_if_row *rows;
	size_t n = ses_if_rows(s, &rows);

	for (size_t i = 0; i < n; i++)
		if (rows[i].finding && rows[i].finding->code != DIAG_IF_SYNTAX)
			add_copy(out, rows[i].finding);
}

/* One entry of a followed file, item by item. */
static void
check_followed_entry(
	const struct ses_file *f, uint32_t id, uint32_t line, struct diags *out)
{
	struct vl_text t = nets_list_text(f, id);
	struct vl_list list = {0};

	vl_parse(&t, &list);
	for (size_t i = 0; i < list.n; i++) {
		struct diag_loc loc = {.file = f->path,
			.line = line + list.v[i].line,
			.entry = id + 1,
			.param = "mynetworks"};
		struct net_item item;

		if (list.v[i].is_off)
			continue;
		net_item_parse(sv_sub(t.raw, list.v[i].off, list.v[i].len), &item);
		net_item_judge(&item, NULL, &loc, out);
	}
	vl_free(&list);
}

/* What reading a followed file said, and what its items are like; whether its rows are
 * shown or not. A table's keys have rules of their own. */
static void
check_followed_file(const struct ses_file *f, struct diags *out)
{
	uint32_t line = 1;

	for (size_t i = 0; i < f->load.n; i++)
		if (f->load.v[i].code != DIAG_FILE_MISSING) /* told of the row */
			add_copy(out, &f->load.v[i]);
	for (size_t i = 0; f->role == ROLE_NETS && i < f->doc.norder; i++) {
		uint32_t id = f->doc.order[i];
		struct sv rest = doc_text(&f->doc, id), one;

		if (!doc_alive(&f->doc, id))
			continue;
		if (doc_entry(&f->doc, id)->kind == ENTRY_ROW)
			check_followed_entry(f, id, line, out);
		while (sv_line(&rest, &one))
			line++;
	}
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
	if (nets_entry(s) == DOC_NO_ID)
		return;
	v = nets_now(s);
	for (size_t i = 0; i < v->n; i++) {
		const struct diag *f = v->rows[i].finding;

		if (v->rows[i].depth > 0)
			continue;
		if (f && f->code == DIAG_NET_FILE)
			add_copy(out, f);
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
	is_large =
		path &&
		s->world.fs.ops->fstatat(s->world.fs.self, AT_FDCWD, path, &st, 0) == 0 &&
		st.st_size >= 0 && (uint64_t)st.st_size > ALIASES_BIG;
	free(path);
	return (!is_large || alias_judge_wanted(s)) && aliases_file(s) != NULL;
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
	for (int i = 0; i < SES_ASKS; i++)
		copy_all(out, &s->asked[i].said);
	check_main_cf(s, out);
	check_addresses(s, out);
	check_followed_files(s, out);
	if (aliases)
		alias_findings(s, out);
	alias_table_findings(s, out);
	findings_silence(s->set, out);
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
			add_copy(out, d);
	}
	copy_all(out, &s->files[0]->load);
	s->nets = NULL;
	s->ifs = NULL;
	swap_base(s);
	check_main_cf(s, out);
	check_addresses(s, out);
	check_followed_files(s, out);
	alias_table_findings(s, out);
	swap_base(s);
	nets_free(s);
	ifs_free(s);
	s->nets = nets;
	s->ifs = ifs;
}

static const struct {
	const char *param, *screen;
} screens[] = {{"mynetworks", "networks"}, {"mynetworks_style", "networks"},
	{"inet_interfaces", "interfaces"}, {"inet_protocols", "interfaces"},
	{"smtp_bind_address", "interfaces"}, {"smtp_bind_address6", "interfaces"},
	{"relayhost", "relayhost"}};

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
	for (size_t i = 0; d->loc.param && i < sizeof(screens) / sizeof(screens[0]); i++)
		if (strcmp(d->loc.param, screens[i].param) == 0)
			return screens[i].screen;
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
