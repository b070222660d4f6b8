/* SPDX-License-Identifier: MIT
 *
 * The plan: first what the changes need (a small record), then the actions in their fixed
 * order. The rules are Postfix's own: a reload ignores inet_interfaces and its kind; an
 * indexed table is noticed by running daemons once it is built; newaliases builds
 * alias_database and not alias_maps.
 */
#include "apply/plan.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

/* What a set of changes needs, with the first name that caused it. */
struct needs {
	const char *restart, *reload, *newaliases;
	size_t nrestart, nreload, nnewaliases;
};

static void
note_need(const char **first, size_t *count, const char *name)
{
	if (!*first)
		*first = name;
	++*count;
}

static void
need_of_param(const struct plan_input *in, const char *name, struct needs *n)
{
	/* newaliases builds what the new value names. alias_maps counts too: an untyped
	 * or new table there is usually the one that has to be built. */
	if (strcmp(name, "alias_database") == 0 || strcmp(name, "alias_maps") == 0 ||
		strcmp(name, "default_database_type") == 0)
		note_need(&n->newaliases, &n->nnewaliases, name);
	switch (in->needs(name)) {
	case PLAN_NEED_RESTART:
		note_need(&n->restart, &n->nrestart, name);
		break;
	case PLAN_NEED_RELOAD:
		note_need(&n->reload, &n->nreload, name);
		break;
	case PLAN_NEED_NOTHING:
	default:
		break;
	}
}

static bool
param_seen(const struct plan_input *in, size_t upto)
{
	for (size_t i = 0; i < upto; i++)
		if (in->changes[i].kind <= CHANGE_LIST_ITEM &&
			in->files[in->changes[i].file].role == PLAN_MAIN_CF &&
			strcmp(in->changes[i].name, in->changes[upto].name) == 0)
			return true;
	return false;
}

static struct needs
collect(const struct plan_input *in)
{
	struct needs n = {0};

	for (size_t i = 0; i < in->nchanges; i++) {
		const struct change *c = &in->changes[i];

		if ((c->kind == CHANGE_PARAM || c->kind == CHANGE_LIST_ITEM) &&
			in->files[c->file].role == PLAN_MAIN_CF && !param_seen(in, i))
			need_of_param(in, c->name, &n);
	}
	for (size_t i = 0; i < in->nfiles; i++) {
		const struct plan_file *f = &in->files[i];

		if (f->role == PLAN_PLAIN_FILE)
			note_need(&n.reload, &n.nreload, f->path);
		else if (f->role == PLAN_ALIASES && f->in_database)
			note_need(&n.newaliases, &n.nnewaliases, f->path);
	}
	return n;
}

static struct plan_action *
add(struct plan *p, enum plan_act act, char *take_target, char *take_reason)
{
	struct plan_action *a;

	p->v = mem_grow(p->v, &p->cap, p->n + 1, sizeof *p->v);
	a = &p->v[p->n++];
	*a = (struct plan_action){
		.act = act, .target = take_target, .reason = take_reason};
	p->acts = p->acts || act != PLAN_WRITE;
	return a;
}

static char *
because(const char *first, size_t count)
{
	if (count == 1)
		return str_format(_("because %s changed"), first);
	return str_format(P_("because %s and %zu other setting changed",
				  "because %s and %zu other settings changed", count - 1),
		first, count - 1);
}

static char *
because_restart(const struct needs *n)
{
	if (n->nrestart == 0)
		return mem_strdup(_("because it doesn't listen where main.cf says; a "
				    "reload would leave it so"));
	if (n->nrestart == 1)
		return str_format(
			_("because %s changed; a reload would ignore it"), n->restart);
	return str_format(P_("because %s and %zu other setting changed; a reload would "
			     "ignore them",
				  "because %s and %zu other settings changed; a reload "
				  "would ignore them",
				  n->nrestart - 1),
		n->restart, n->nrestart - 1);
}

static void
add_writes(struct plan *p, const struct plan_input *in)
{
	for (size_t i = 0; i < in->nfiles; i++)
		add(p, PLAN_WRITE, mem_strdup(in->files[i].path), mem_strdup(""))->file =
			(uint16_t)i;
}

static char *
typed(const struct plan_file *f)
{
	return f->type ? str_format("%s:%s", f->type, f->path) : mem_strdup(f->path);
}

static bool
builds(const struct plan *p, const char *table)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].act == PLAN_POSTMAP && strcmp(p->v[i].target, table) == 0)
			return true;
	return false;
}

static void
add_tables(struct plan *p, const struct plan_input *in)
{
	for (size_t i = 0; i < in->nfiles; i++)
		if (in->files[i].role == PLAN_TABLE)
			add(p, PLAN_POSTMAP, typed(&in->files[i]),
				because(in->files[i].path, 1))
				->file = (uint16_t)i;
	if (in->build && !builds(p, in->build))
		add(p, PLAN_POSTMAP, mem_strdup(in->build),
			mem_strdup(_("because it isn't built")));
}

static void
warn_unread(const struct plan_file *f, struct diags *d)
{
	const struct diag_loc loc = {.file = f->path};

	if (!f->in_maps)
		diag_add(d, SEV_WARN, DIAG_AL_NO_FILE, &loc,
			_("Name it in alias_maps, or edit the file that alias_maps "
			  "names."),
			_("Postfix does not use these aliases: alias_maps does not "
			  "read %s."),
			f->path);
}

static void
add_aliases(struct plan *p, const struct plan_input *in, const struct needs *n,
	struct diags *d)
{
	for (size_t i = 0; i < in->nfiles; i++) {
		const struct plan_file *f = &in->files[i];

		if (f->role != PLAN_ALIASES || f->in_database)
			continue;
		add(p, PLAN_POSTALIAS, typed(f), because(f->path, 1))->file = (uint16_t)i;
		warn_unread(f, d);
	}
	if (n->newaliases)
		add(p, PLAN_NEWALIASES, mem_strdup(""),
			because(n->newaliases, n->nnewaliases));
}

static char *
looked_at(const struct plan *p, const struct plan_input *in)
{
	bool aliases = plan_has(p, PLAN_NEWALIASES) || plan_has(p, PLAN_POSTALIAS);

	if (!plan_ends_running(p, in))
		return aliases ? mem_strdup(_("aliases")) : NULL;
	if (in->greetings == 0)
		return mem_strdup(aliases ? _("greeting on each address, aliases, log")
					  : _("greeting on each address, log"));
	if (aliases)
		return str_format(
			P_("greeting on %u address, aliases, log",
				"greeting on %u addresses, aliases, log", in->greetings),
			in->greetings);
	return str_format(P_("greeting on %u address, log",
				  "greeting on %u addresses, log", in->greetings),
		in->greetings);
}

static char *
look_text(const struct plan *p, const struct plan_input *in)
{
	char *what = looked_at(p, in), *text;

	if (!what || in->nfiles == 0) /* nothing is written: nothing to put back */
		return what;
	text = str_format(_("%s; all put back if not well"), what);
	free(what);
	return text;
}

/* Why nothing is done with Postfix; NULL where something may be. */
static char *
hands_off(const struct plan_input *in)
{
	if (in->no_act)
		return mem_strdup(
			_("Only files are written, as asked: no table is built and "
			  "Postfix is not touched."));
	if (in->service == SVC_ABSENT)
		return mem_strdup(_("Postfix is not installed here: only files are "
				    "written."));
	if (in->service == SVC_FOREIGN)
		return in->whose
			       ? str_format(_("The Postfix that runs here belongs to %s: "
					      "only files "
					      "are written, and it is not touched."),
					 in->whose)
			       : mem_strdup(_(
					 "The Postfix that runs here belongs to another "
					 "folder: only files are written, and it is not "
					 "touched."));
	if (in->service == SVC_UNSAFE)
		return in->whose
			       ? str_format(_("Somebody besides root can write %s: only "
					      "files are written, and no program of "
					      "Postfix is run for it."),
					 in->whose)
			       : mem_strdup(
					 _("Somebody besides root can write this folder: "
					   "only files are written, and no program of "
					   "Postfix is run for it."));
	return NULL;
}

static char *
state_note(const struct plan *p, const struct plan_input *in, const struct needs *n)
{
	if (in->service == SVC_STOPPED && in->start)
		return mem_strdup(_("Postfix is not running; it is started with these "
				    "files."));
	if (in->service == SVC_STOPPED && (n->restart || n->reload))
		return mem_strdup(
			_("Postfix is not running and stays down: the new settings "
			  "count from its next start."));
	if (p->interrupts)
		return mem_strdup(_("Mail stops for about 3 seconds; clients that meet a "
				    "closed port try again."));
	return NULL;
}

/* What brings a running Postfix to the files, or a stopped one up. */
static void
add_service(
	struct plan *p, const struct plan_input *in, const struct needs *n, bool restart)
{
	if (in->service == SVC_STOPPED && in->start)
		add(p, PLAN_START, mem_strdup(""),
			mem_strdup(_("because it is not running")));
	if (in->service != SVC_RUNNING)
		return;
	if (restart)
		add(p, PLAN_START, mem_strdup(""), because_restart(n));
	else if (n->reload)
		add(p, PLAN_RELOAD, mem_strdup(""), because(n->reload, n->nreload));
	else if (in->build) /* who missed it before has given up on it */
		add(p, PLAN_RELOAD, mem_strdup(""),
			mem_strdup(_("so that all see the table that was missing")));
	else if (in->nfiles == 0 && in->newer)
		add(p, PLAN_RELOAD, mem_strdup(""),
			str_format(_("because %s is newer than what Postfix runs with"),
				in->newer));
}

void
plan_make(struct plan *out, const struct plan_input *in, struct diags *d)
{
	struct needs n = collect(in);
	/* Sockets that a reload would leave as they are get new ones with the next thing
	 * that isn't done without touching Postfix. */
	bool follows = n.reload || in->nfiles == 0,
	     restart = in->service == SVC_RUNNING &&
		       (n.restart || (follows && in->elsewhere));

	*out = (struct plan){0};
	out->note = hands_off(in);
	if (out->note) {
		add_writes(out, in);
		return;
	}
	if (restart)
		add(out, PLAN_STOP, mem_strdup(""), because_restart(&n));
	add_writes(out, in);
	add_tables(out, in);
	add_aliases(out, in, &n, d);
	add_service(out, in, &n, restart);
	out->interrupts = restart;
	if (out->acts)
		out->look = look_text(out, in);
	out->note = state_note(out, in, &n);
}

void
plan_free(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->v[i].target);
		free(p->v[i].reason);
	}
	free(p->v);
	free(p->look);
	free(p->note);
	*p = (struct plan){0};
}

bool
plan_has(const struct plan *p, enum plan_act act)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].act == act)
			return true;
	return false;
}

bool
plan_ends_running(const struct plan *p, const struct plan_input *in)
{
	return in->service == SVC_RUNNING || plan_has(p, PLAN_START);
}

const char *
plan_act_name(enum plan_act act)
{
	static const char *const names[] = {[PLAN_STOP] = "stop",
		[PLAN_WRITE] = "write",
		[PLAN_POSTMAP] = "postmap",
		[PLAN_POSTALIAS] = "postalias",
		[PLAN_NEWALIASES] = "newaliases",
		[PLAN_RELOAD] = "reload",
		[PLAN_START] = "start"};

	return names[act];
}

struct plan_row *
plan_rows(const struct plan *p, size_t *n)
{
	struct plan_row *rows = mem_new(p->n + 1, sizeof *rows);
	size_t count = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct plan_action *a = &p->v[i];
		const char *name = plan_act_name(a->act);

		if (a->act == PLAN_WRITE || a->act == PLAN_START)
			continue;
		if (a->act == PLAN_STOP)
			rows[count].label = mem_strdup(_("stop, start"));
		else if (a->target[0])
			rows[count].label = str_format("%s %s", name, a->target);
		else
			rows[count].label = mem_strdup(name);
		rows[count++].reason = mem_strdup(a->reason);
	}
	if (p->look) {
		rows[count].label = mem_strdup(_("look"));
		rows[count++].reason = mem_strdup(p->look);
	}
	*n = count;
	return rows;
}

void
plan_rows_free(struct plan_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(rows[i].label);
		free(rows[i].reason);
	}
	free(rows);
}

bool
plan_type_is_built(struct sv type)
{
	static const char *const built[] = {
		"hash", "btree", "lmdb", "cdb", "dbm", "sdbm", NULL};

	for (size_t i = 0; built[i]; i++)
		if (sv_eq_str(type, built[i]))
			return true;
	return false;
}
