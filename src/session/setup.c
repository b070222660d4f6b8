/* SPDX-License-Identifier: MIT
 *
 * The guided set-up's answers, and their edits. The edits are never changed: they are one
 * undo group, which is taken back and made anew from the answers whenever one of them,
 * the step, or what lies below them changes. Where somebody edited on top of it, the
 * group stays, what it wrote counts as in effect, and a new one begins.
 */
#include "session/setup_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/nets.h"

/* --- answers --- */

struct setup_tick *
setup_tick_of(const struct setup_answer *a, const char *text)
{
	for (size_t i = 0; i < a->ntick; i++)
		if (strcmp(a->tick[i].text, text) == 0)
			return &a->tick[i];
	return NULL;
}

void
setup_tick_set(struct setup_answer *a, const char *text, bool on)
{
	struct setup_tick *t = setup_tick_of(a, text);

	a->given = true;
	if (t) {
		t->on = on;
		return;
	}
	a->tick = mem_grow(a->tick, &a->tick_cap, a->ntick + 1, sizeof(*a->tick));
	a->tick[a->ntick++] = (struct setup_tick){mem_strdup(text), on};
}

void
setup_added_push(struct setup_answer *a, const char *text)
{
	a->given = true;
	a->added = mem_grow(a->added, &a->added_cap, a->nadded + 1, sizeof(*a->added));
	a->added[a->nadded++] = mem_strdup(text);
}

static void
added_remove(struct setup_answer *a, size_t at)
{
	free(a->added[at]);
	memmove(&a->added[at], &a->added[at + 1],
		(a->nadded - at - 1) * sizeof(*a->added));
	a->nadded--;
}

static void
answer_free(struct setup_answer *a)
{
	if (a->text)
		explicit_bzero(a->text, strlen(a->text));
	free(a->text);
	for (size_t i = 0; i < a->ntick; i++)
		free(a->tick[i].text);
	free(a->tick);
	for (size_t i = 0; i < a->nadded; i++)
		free(a->added[i]);
	free(a->added);
	*a = (struct setup_answer){0};
}

static struct setup_answer
answer_copy(const struct setup_answer *a)
{
	struct setup_answer copy = {.given = a->given, .text = mem_strdup(a->text)};

	for (size_t i = 0; i < a->ntick; i++)
		setup_tick_set(&copy, a->tick[i].text, a->tick[i].on);
	for (size_t i = 0; i < a->nadded; i++)
		setup_added_push(&copy, a->added[i]);
	return copy;
}

/* --- edits --- */

static unsigned
asked_now(const struct session *s)
{
	unsigned asked = 0;

	for (unsigned i = 0; i < SES_ASKS; i++)
		asked |= s->asked[i].done ? 1u << i : 0;
	return asked;
}

static void
take_back(struct session *s)
{
	struct setup *st = s->setup;

	if (!st->group || undo_newest(s) != st->group)
		return;
	undo_forget_newest(s);
	free(s->level_before);
	s->level_before = st->level_before;
	s->level_raised = st->level_raised;
	st->level_before = NULL;
	st->group = 0;
}

/* Take the edits back and make them anew; with the open step unless it is left out. */
static void
rewrite(struct session *s, bool open_step)
{
	struct setup *st = s->setup;
	enum ses_setup_step end = st->at;
	uint64_t before;

	take_back(s);
	setup_base_build(s, &st->base);
	diag_clear(&st->said);
	free(st->level_before);
	st->level_before = mem_strdup(s->level_before);
	st->level_raised = s->level_raised;
	before = s->groups;
	if (open_step || end > SES_SETUP_ROLE)
		(void)setup_write(s, open_step ? end : (enum ses_setup_step)(end - 1),
			&st->said_of, &st->said);
	st->group = s->groups != before ? s->groups : 0;
	if (st->group)
		s->setup_group = st->group;
	st->edits = s->edits;
	st->asked = asked_now(s);
}

/* In the review each change can be dropped by itself, which isn't undone here. */
void
setup_now(struct session *s)
{
	const struct setup *st = s->setup;

	if (st && st->at < SES_SETUP_STEPS && !applying_runs(s) &&
		(st->edits != s->edits || st->asked != asked_now(s)))
		rewrite(s, true);
}

/* What was written counts as in effect from now on, and is no longer to be taken back. */
void
setup_applied(struct session *s)
{
	s->setup_group = 0;
	if (s->setup)
		s->setup->group = 0;
}

void
setup_free(struct session *s)
{
	struct setup *st = s->setup;

	if (!st)
		return;
	for (int i = 0; i < SES_SETUP_QUESTIONS; i++)
		answer_free(&st->a[i]);
	setup_base_free(&st->base);
	free(st->level_before);
	diag_clear(&st->said);
	free(st);
	s->setup = NULL;
}

/* --- begin and end --- */

bool
ses_setup_offered(struct session *s)
{
	struct ses_relay r;

	if (s->read_only || !s->files[0]->loaded.exists || !setup_is_stock(s))
		return false;
	ses_relay_get(s, &r);
	return !r.set;
}

bool
ses_setup_begin(struct session *s, struct diags *d)
{
	if (s->setup)
		return true;
	if (!edit_allowed(s, s->files[0], d))
		return false;
	for (int i = 0; i < SES_ASKS; i++)
		(void)ses_ask(s, (enum ses_ask)i);
	s->setup = mem_new(1, sizeof(*s->setup));
	rewrite(s, true);
	return true;
}

void
ses_setup_end(struct session *s)
{
	if (s->setup && s->setup->at < SES_SETUP_STEPS)
		rewrite(s, false);
	setup_free(s);
}

bool
ses_setup_runs(const struct session *s)
{
	return s->setup != NULL;
}

enum ses_setup_role
ses_setup_role(struct session *s)
{
	setup_now(s);
	return s->setup ? setup_role(s->setup, NULL) : SES_ROLE_LAN;
}

void
ses_setup_go(struct session *s, enum ses_setup_step step)
{
	if (!s->setup || s->setup->at == step)
		return;
	s->setup->at = step;
	rewrite(s, true);
}

bool
ses_setup_changes(struct session *s, enum ses_setup_step step)
{
	enum ses_setup_step at = ses_setup_at(s);
	bool changes;

	ses_setup_go(s, step);
	changes = s->setup && s->setup->group != 0;
	ses_setup_go(s, at);
	return changes;
}

enum ses_setup_step
ses_setup_at(const struct session *s)
{
	return s->setup ? s->setup->at : SES_SETUP_ROLE;
}

/* --- answering --- */

/* Make the new answer the one that counts; what can't be written is no answer. */
static bool
accept(struct session *s, enum ses_setup_ask ask, struct setup_answer *take_new,
	struct diags *d)
{
	struct setup *st = s->setup;
	struct setup_answer old = st->a[ask];
	bool bad;

	st->a[ask] = *take_new;
	rewrite(s, true);
	bad = diag_has_error(&st->said);
	if (bad) {
		diag_move(d, &st->said);
		answer_free(&st->a[ask]);
		st->a[ask] = old;
		rewrite(s, true);
	} else {
		answer_free(&old);
	}
	return !bad;
}

static bool
not_running(struct diags *d)
{
	return diag_add(
		d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL, _("The set-up doesn't run."));
}

static bool
no_such_row(struct diags *d)
{
	return diag_add(
		d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL, _("There is no such row."));
}

bool
ses_setup_answer(
	struct session *s, enum ses_setup_ask ask, const char *value, struct diags *d)
{
	struct setup_answer new = {.given = true};
	enum ses_setup_kind kind = setup_def(ask)->kind;

	if (!s->setup)
		return not_running(d);
	setup_now(s);
	if (kind == SES_Q_TICKS)
		return no_such_row(d);
	if (!setup_can_be(s, ask, value, d))
		return false;
	new.text =
		kind == SES_Q_SECRET ? mem_strdup(value) : sv_dup(sv_trim(sv_of(value)));
	if (kind == SES_Q_SECRET && !value[0]) { /* what is kept, then */
		free(new.text);
		new = (struct setup_answer){0};
	}
	return accept(s, ask, &new, d);
}

/* All addresses without one: the others stay ticked. */
static void
untick_all(const struct setup *st, struct setup_answer *a)
{
	const struct setup_rows *rows = &st->base.listen;

	if (rows->n == 0 || !setup_row_wanted(st, SES_ANS_LISTEN, &rows->v[0]))
		return;
	for (size_t i = 1; i < rows->n; i++)
		setup_tick_set(a, rows->v[i].text,
			setup_row_wanted(st, SES_ANS_LISTEN, &rows->v[i]));
	setup_tick_set(a, rows->v[0].text, false);
}

/* Of so many that are added at once each is judged; the findings tell of all. */
enum { TOLD_MOST = 16 };

/* What is found on a row that is wanted from now on. */
static void
tell_row(struct session *s, enum ses_setup_ask ask, const char *text, struct diags *d)
{
	const struct diag *found = setup_row_finding(s, ask, text);
	struct ses_setup_verdict v;

	if (found && d)
		diag_copy(d, found);
	if (found || setup_def(ask)->step == SES_SETUP_LISTEN)
		return;
	ses_setup_judge(s, ask, text, &v);
	if (v.mark == '!' || v.mark == '?')
		diag_add(d, v.mark == '!' ? SEV_ERROR : SEV_WARN, DIAG_USAGE, NULL,
			v.hint, "%s", v.text);
}

bool
ses_setup_tick(
	struct session *s, enum ses_setup_ask ask, size_t item, bool on, struct diags *d)
{
	const struct setup_rows *rows;
	struct setup_answer new;
	const char *text;
	char *own;
	bool done;

	if (!s->setup)
		return not_running(d);
	setup_now(s);
	rows = setup_rows(s->setup, ask);
	if (item >= rows->n + s->setup->a[ask].nadded || ask == SES_ANS_ALIASES ||
		(item < rows->n && !rows->v[item].can_tick))
		return no_such_row(d);
	text = item < rows->n ? rows->v[item].text
			      : s->setup->a[ask].added[item - rows->n];
	new = answer_copy(&s->setup->a[ask]);
	if (ask == SES_ANS_LISTEN && item > 0 && !on)
		untick_all(s->setup, &new);
	setup_tick_set(&new, text, on);
	own = mem_strdup(text);
	done = accept(s, ask, &new, d);
	if (done && on)
		tell_row(s, ask, own, d);
	free(own);
	return done;
}

static bool
is_shown(const struct setup *st, enum ses_setup_ask ask, const char *text)
{
	const struct setup_rows *rows = setup_rows(st, ask);

	for (size_t i = 0; i < rows->n; i++)
		if (strcmp(rows->v[i].text, text) == 0)
			return true;
	for (size_t i = 0; i < st->a[ask].nadded; i++)
		if (strcmp(st->a[ask].added[i], text) == 0)
			return true;
	return false;
}

/* Several networks at once, for people who paste. */
static bool
add_clients(
	struct session *s, const char *typed, struct setup_answer *new, struct diags *d)
{
	struct sv rest = sv_of(typed), token;
	size_t n = 0;

	while (net_token(&rest, &token)) {
		char *text = sv_dup(token);
		bool shown = is_shown(s->setup, SES_ANS_CLIENTS, text),
		     good = shown || setup_can_be(s, SES_ANS_CLIENTS, text, d);

		if (shown)
			setup_tick_set(new, text, true);
		else if (good)
			setup_added_push(new, text);
		free(text);
		if (!good)
			return false;
		n++;
	}
	return n > 0 || setup_can_be(s, SES_ANS_CLIENTS, typed, d);
}

/* One that was added under this name goes: the new one takes its place. */
static void
drop_alias(struct session *s, const char *name, struct setup_answer *a)
{
	for (size_t i = a->nadded; i-- > 0;) {
		struct al_targets list = {0};
		char *other = NULL;
		bool same = setup_alias_parse(s, a->added[i], &other, &list, NULL) &&
			    sv_eq_fold(sv_of(other), sv_of(name));

		free(other);
		al_targets_free(&list);
		if (same)
			added_remove(a, i);
	}
}

/* root and postmaster have questions of their own. */
static bool
add_alias(struct session *s, const char *typed, struct setup_answer *new, struct diags *d)
{
	static const enum ses_setup_ask own[] = {SES_ANS_ROOT, SES_ANS_POSTMASTER};
	struct al_targets list = {0};
	char *name = NULL;
	bool good = setup_alias_parse(s, typed, &name, &list, d);

	for (size_t i = 0; good && i < sizeof(own) / sizeof(own[0]); i++)
		if (sv_eq_fold(sv_of(name), sv_of(setup_def(own[i])->id)))
			good = diag_add(d, SEV_ERROR, DIAG_USAGE, NULL, NULL,
				_("%s has a field of its own."), name);
	if (good) {
		drop_alias(s, name, new);
		setup_added_push(new, typed);
	}
	free(name);
	al_targets_free(&list);
	return good;
}

bool
ses_setup_add(
	struct session *s, enum ses_setup_ask ask, const char *text, struct diags *d)
{
	struct setup_answer new;
	char *trimmed;
	size_t had;
	bool good;

	if (!s->setup)
		return not_running(d);
	setup_now(s);
	if (ask != SES_ANS_CLIENTS && ask != SES_ANS_ALIASES)
		return no_such_row(d);
	trimmed = sv_dup(sv_trim(sv_of(text)));
	new = answer_copy(&s->setup->a[ask]);
	good = ask == SES_ANS_CLIENTS ? add_clients(s, trimmed, &new, d)
				      : add_alias(s, trimmed, &new, d);
	free(trimmed);
	if (!good) {
		answer_free(&new);
		return false;
	}
	had = ask == SES_ANS_ALIASES ? new.nadded - 1 : s->setup->a[ask].nadded;
	good = accept(s, ask, &new, d);
	for (size_t i = had; good && i < s->setup->a[ask].nadded && i < had + TOLD_MOST;
		i++)
		tell_row(s, ask, s->setup->a[ask].added[i], d);
	return good;
}

bool
ses_setup_remove(struct session *s, enum ses_setup_ask ask, size_t item)
{
	const struct setup_rows *rows;
	struct setup_answer new;
	size_t at;

	if (!s->setup)
		return false;
	setup_now(s);
	rows = setup_rows(s->setup, ask);
	if (item < rows->n || item - rows->n >= s->setup->a[ask].nadded)
		return false;
	new = answer_copy(&s->setup->a[ask]);
	at = item - rows->n;
	added_remove(&new, at);
	return accept(s, ask, &new, NULL);
}
