/* SPDX-License-Identifier: MIT
 *
 * Rules over names: which definition of a name counts, and names that nothing explains. A
 * name that somebody made up is fine as long as another value uses it ($name, or a word
 * of smtpd_restriction_classes), as postconf -n sees it.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "check/maincf.h"
#include "model/catalog.h"
#include "text/maincf.h"

/* A file with more unknown names than this isn't a main.cf; a guess costs 0.1 ms. */
#define MAX_GUESSES 100

void
chk_duplicates(struct chk_run *run)
{
	for (size_t i = run->ndefs; i-- > 1;) {
		const struct chk_def *def = run->byname[i - 1], *winner = run->byname[i];
		struct diag_loc loc = chk_loc(run, def);
		char *name;

		if (def->last)
			continue;
		name = sv_dup(def->name);
		loc.param = name;
		diag_add(run->out, SEV_WARN, DIAG_CF_DUPLICATE, &loc,
			_("Keep one of the two lines."),
			_("Line %u has no effect: line %u sets %s again, and the last "
			  "one counts."),
			def->line, winner->line, name);
		diag_offer(run->out, DIAG_MEND_OFF, _("comment this line out"));
		free(name);
	}
}

/* Names that values refer to: collected one a line, then cut and sorted. */
struct uses {
	bool collected;
	struct str text;
	struct sv *v;
	size_t n, cap;
};

static void
add_use(struct uses *u, struct sv name)
{
	str_add_sv(&u->text, name);
	str_add_char(&u->text, '\n');
}

static int
by_text(const void *a, const void *b)
{
	return sv_cmp(*(const struct sv *)a, *(const struct sv *)b);
}

static void
sort_uses(struct uses *u)
{
	struct sv rest = str_sv(&u->text), name;

	while (sv_line(&rest, &name)) {
		u->v = mem_grow(u->v, &u->cap, u->n + 1, sizeof(*u->v));
		u->v[u->n++] = name;
	}
	if (u->n > 1)
		qsort(u->v, u->n, sizeof(*u->v), by_text);
}

static bool
is_used(const struct uses *u, struct sv name)
{
	return u->n && bsearch(&name, u->v, u->n, sizeof(*u->v), by_text);
}

/* $name, ${name...}, $(name...) in a value; also inside ${name?{$other}}. */
static void
add_references(struct uses *u, struct sv v)
{
	for (size_t i = 0; i + 1 < v.n; i++) {
		size_t from = i + 1, to;

		if (v.p[i] != '$')
			continue;
		if (v.p[from] == '$') {
			i++;
			continue;
		}
		if (v.p[from] == '{' || v.p[from] == '(')
			from++;
		for (to = from; to < v.n && mcf_is_name_char(v.p[to]);)
			to++;
		if (to > from)
			add_use(u, sv_sub(v, from, to - from));
	}
}

static void
collect_uses(struct chk_run *run, struct uses *u)
{
	for (size_t i = 0; i < run->ndefs; i++) {
		struct sv rest, word;

		str_clear(&run->value);
		mcf_value(run->d, run->defs[i].id, &run->value);
		add_references(u, str_sv(&run->value));
		if (!sv_eq_str(run->defs[i].name, "smtpd_restriction_classes"))
			continue;
		rest = str_sv(&run->value);
		while (sv_token(&rest, ", \t\r\n", &word))
			add_use(u, word);
	}
	sort_uses(u);
}

static void
tell_unknown(struct chk_run *run, const struct chk_def *def, bool guess)
{
	const char *nearest = guess ? cat_nearest_name(def->name) : NULL;
	struct diag_loc loc = chk_loc(run, def);
	char *name = sv_dup(def->name);
	char *hint =
		nearest ? str_format(_("Did you mean %s?"), nearest)
			: str_format("%s", _("Look at how the name is spelt, or remove "
					     "the line."));

	loc.param = name;
	diag_add(run->out, SEV_WARN, DIAG_CF_UNKNOWN, &loc, hint,
		_("Postfix ignores this line: it knows no parameter %s."), name);
	free(hint);
	free(name);
}

/* A name that other versions know; the installed one says what it has. */
static void
tell_too_new(struct chk_run *run, const struct chk_def *def)
{
	struct diag_loc loc = chk_loc(run, def);
	char *name = sv_dup(def->name);

	loc.param = name;
	diag_add(run->out, SEV_WARN, DIAG_CF_TOO_NEW, &loc,
		_("Remove the line, or install a Postfix that has it."),
		_("The installed Postfix ignores this line: its version has no %s."),
		name);
	diag_offer(run->out, DIAG_MEND_OFF, _("comment this line out"));
	free(name);
}

/* A made-up name, as user's own names and typing mistakes are. */
static void
judge_made_up(
	struct chk_run *run, const struct chk_def *def, struct uses *uses, size_t *told)
{
	if (!uses->collected)
		collect_uses(run, uses);
	uses->collected = true;
	if (is_used(uses, def->name) ||
		(run->env->known_name &&
			run->env->known_name(run->env->known_ctx, def->name)))
		return;
	tell_unknown(run, def, (*told)++ < MAX_GUESSES);
}

void
chk_names(struct chk_run *run)
{
	struct uses uses = {0};
	size_t told = 0;

	for (size_t i = 0; i < run->ndefs; i++) {
		const struct chk_def *def = &run->defs[i];
		struct sv unused;

		if (!cat_is_known_name(def->name))
			judge_made_up(run, def, &uses, &told);
		else if (run->env->defaults_known && run->env->deflt &&
			 cat_is_own_name(def->name) && !chk_is_legacy(def->name) &&
			 !run->env->deflt(run->env->ctx, def->name, &unused))
			tell_too_new(run, def);
	}
	str_free(&uses.text);
	free(uses.v);
}
