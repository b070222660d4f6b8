/* SPDX-License-Identifier: MIT
 *
 * The questions of a step as fields of a form: each answer is given when its field is
 * left, and whatever it changes is taken over. What can't be an answer stays where it was
 * typed and holds the step back.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/setup_screen.h"

/* --- what they hold ------------------------------------------------------------------
 */

static void
set_note(struct setup_screen *u, const struct ses_setup_question *q)
{
	bool speaks = q->said.note && q->said.note[0];
	char *note = speaks ? mem_strdup(q->said.note) : setup_from(q);
	int id = setup_id(q->ask, 0);

	ui_form_set_note(u->form, id, id == u->refused ? "" : note);
	if (!u->dirty && id != u->refused &&
		(q->kind == SES_Q_TEXT || q->kind == SES_Q_SECRET)) {
		ui_form_set_mark(u->form, id, q->said.mark);
	}
	free(note);
}

static void
fill_question(struct setup_screen *u, const struct ses_setup_question *q)
{
	int id = setup_id(q->ask, 0);

	set_note(u, q);
	switch (q->kind) {
	case SES_Q_CHOICE:
		ui_form_set_choice(u->form, id, q->choice);
		break;
	case SES_Q_YESNO:
		ui_form_set_on(u->form, id, strcmp(q->value, "yes") == 0);
		break;
	case SES_Q_TEXT:
		if (id != u->refused && !sv_eq_str(ui_form_text(u->form, id), q->value)) {
			ui_form_load_text(u->form, id, sv_of(q->value));
		}
		break;
	case SES_Q_SECRET:
		break;
	case SES_Q_TICKS:
		for (size_t i = 0; i < setup_items(q); i++) {
			const struct ses_setup_item *it = &q->items[i];
			ui_form_set_on(u->form, setup_id(q->ask, i + 1),
				it->can_tick ? it->on : it->is_new);
			ui_form_set_mark(u->form, setup_id(q->ask, i + 1), it->mark);
		}
		break;
	}
}

void
setup_step_sync(struct setup_screen *u)
{
	struct ses_setup_view v;
	struct str shape = {0};

	if (u->dirty || !ses_setup_runs(u->s)) {
		return;
	}
	ses_setup_view(u->s, u->step, &v);
	setup_shape(&v, &shape);
	if (!sv_eq(str_sv(&shape), str_sv(&u->shape))) {
		setup_make_fields(u, &v);
	}
	str_free(&u->shape);
	u->shape = shape;
	for (size_t i = 0; i < v.n; i++) {
		fill_question(u, &v.q[i]);
	}
	ui_form_settle(u->form);
	u->gen = ses_gen(u->s);
}

/* --- answers -------------------------------------------------------------------------
 */

static bool
give_item(struct setup_screen *u, const struct ses_setup_question *q, size_t i, bool on,
	struct diags *d)
{
	if (i >= q->nitems) {
		return true;
	}
	if (!q->items[i].can_tick) {
		return on || !q->items[i].is_new || ses_setup_remove(u->s, q->ask, i);
	}
	return q->items[i].on == on || ses_setup_tick(u->s, q->ask, i, on, d);
}

static bool
give_text(struct setup_screen *u, const struct ses_setup_question *q, int id,
	struct diags *d)
{
	struct sv typed_in = ui_form_text(u->form, id);
	/* a blank belongs to a password, and is told of */
	char *text = sv_dup(q->kind == SES_Q_SECRET ? typed_in : sv_trim(typed_in));
	bool same = q->kind == SES_Q_TEXT && strcmp(text, q->value) == 0;
	bool typed = u->dirty || u->refused == id;
	bool done = !typed || same || ses_setup_answer(u->s, q->ask, text, d);

	explicit_bzero(text, strlen(text));
	free(text);
	return done;
}

/* What the field holds becomes the answer, if it isn't. */
static bool
give(struct setup_screen *u, int id, struct diags *d)
{
	struct ses_setup_view v;
	size_t item = 0, i;

	ses_setup_view(u->s, u->step, &v);
	const struct ses_setup_question *q = setup_question_of(&v, id, &item);
	if (!q) {
		return true;
	}
	switch (q->kind) {
	case SES_Q_CHOICE:
		i = ui_form_choice(u->form, id);
		return i == q->choice || i >= q->nchoices ||
		       ses_setup_answer(u->s, q->ask, q->choices[i].id, d);
	case SES_Q_YESNO:
		return ui_form_on(u->form, id) == (strcmp(q->value, "yes") == 0) ||
		       ses_setup_answer(
			       u->s, q->ask, ui_form_on(u->form, id) ? "yes" : "no", d);
	case SES_Q_TEXT:
	case SES_Q_SECRET:
		return give_text(u, q, id, d);
	case SES_Q_TICKS:
		return item == 0 || give_item(u, q, item - 1, ui_form_on(u->form, id), d);
	}
	return true;
}

/* --- judging -------------------------------------------------------------------------
 */

static void
keep_pending(struct setup_screen *u, enum ses_setup_ask ask, struct sv text)
{
	free(u->pending[ask]);
	u->pending[ask] = text.n > 0 ? sv_dup(text) : NULL;
}

/* Mark, note and words for what stands in a field. */
static void
judge_text(struct setup_screen *u, const struct ses_setup_question *q, int id, bool left)
{
	char *text = sv_dup(ui_form_text(u->form, id));
	bool adds = q->kind == SES_Q_TICKS;
	struct ses_setup_verdict w = {.text = "", .hint = "", .note = ""};

	if (adds) {
		keep_pending(u, q->ask, sv_of(text));
	}
	ses_setup_judge(u->s, q->ask, text, &w);
	bool silent = w.empty || (w.incomplete && !left);
	bool bad = w.mark == '!' || w.mark == '?';
	ui_form_set_mark(u->form, id, silent || !bad ? 0 : w.mark);
	if (w.note && w.note[0] && !silent) {
		char *note = w.mark == 'k' ? str_format(_("ok %s"), w.note)
					   : mem_strdup(w.note);
		ui_form_set_note(u->form, id, note);
		free(note);
	} else if (text[0] || (q->kind == SES_Q_TEXT && q->value[0])) {
		ui_form_set_note(u->form, id, "");
	} else {
		set_note(u, q);
	}
	if (!silent && (bad || !left)) {
		ui_form_words(u->form, bad ? w.mark : 'o', w.text, w.hint);
	}
	explicit_bzero(text, strlen(text));
	free(text);
}

static char
mark_of(const struct diag *d)
{
	return d->sev == SEV_ERROR ? '!' : d->sev == SEV_WARN ? '?' : 0;
}

static void
judge(void *self, struct ui_form *f, int id, bool left)
{
	struct setup_screen *u = self;
	struct ses_setup_view v;
	struct diags d = {0};
	size_t item = 0;

	ses_setup_view(u->s, u->step, &v);
	const struct ses_setup_question *q = setup_question_of(&v, id, &item);
	if (!q) {
		return;
	}
	bool types = item == 0 && (q->kind == SES_Q_TEXT || q->kind == SES_Q_SECRET ||
					  q->kind == SES_Q_TICKS);
	bool was_typed = u->dirty;
	if (types && !left) {
		u->dirty = true;
		u->refused = u->refused == id ? 0 : u->refused;
	}
	ui_form_words(f, 0, NULL, NULL);
	if (types && (was_typed || !left || u->refused == id)) {
		judge_text(u, q, id, left);
	}
	if (!left) {
		return;
	}
	bool done = give(u, id, &d);
	u->dirty = false;
	u->refused = types && !done ? id : u->refused == id ? 0 : u->refused;
	setup_step_sync(u);
	if (done) {
		setup_probe_start(u, false);
	} else if (d.n > 0) {
		ui_form_set_mark(f, id, '!');
	}
	if (d.n > 0) {
		ui_form_words(f, mark_of(&d.v[0]), d.v[0].text, d.v[0].hint);
	}
	diag_clear(&d);
}

bool
setup_leave(struct setup_screen *u)
{
	ui_form_leave(u->form);
	if (u->refused) {
		ui_form_focus(u->form, u->refused);
		ui_form_leave(u->form); /* says why once more */
	}
	return u->refused == 0;
}

void
setup_hold(struct setup_screen *u, enum ses_setup_ask ask, const struct diags *d)
{
	ui_form_hold(u->form, setup_id(ask, 0), d->n ? d->v[0].text : "",
		d->n ? d->v[0].hint : NULL);
}

/* --- one more, one less --------------------------------------------------------------
 */

/* What smtpd couldn't read isn't added: true. The safe repair is put into the field, to
 * be seen before it is. */
static bool
hold_unread(struct setup_screen *u, enum ses_setup_ask ask, const char *text)
{
	int id = setup_id(ask, 0);
	struct ses_setup_verdict v;

	ses_setup_judge(u->s, ask, text, &v);
	if (!v.unread) {
		return false;
	}
	char *why = mem_strdup(v.text);
	char *how = v.repair ? str_format(_("Mended: Enter adds %s."), v.repair)
			     : mem_strdup(v.hint);
	if (v.repair) {
		keep_pending(u, ask, sv_of(v.repair));
		ui_form_load_text(u->form, id, sv_of(u->pending[ask]));
		ui_form_set_mark(u->form, id, 0);
		ui_form_set_note(u->form, id, "");
	}
	ui_form_hold(u->form, id, why, how);
	free(why);
	free(how);
	return true;
}

bool
setup_add(struct setup_screen *u, enum ses_setup_ask ask)
{
	int id = setup_id(ask, 0);
	char *text = sv_dup(sv_trim(ui_form_text(u->form, id)));
	struct diags d = {0};

	if (text[0] && hold_unread(u, ask, text)) {
		free(text);
		return false;
	}
	bool done = !text[0] || ses_setup_add(u->s, ask, text, &d);
	if (!done) {
		setup_hold(u, ask, &d);
	} else if (text[0]) {
		u->dirty = false;
		keep_pending(u, ask, sv_make("", 0));
		ui_form_load_text(u->form, id, sv_make("", 0));
		ui_form_set_mark(u->form, id, 0);
		ui_form_words(u->form, d.n ? mark_of(&d.v[0]) : 0,
			d.n ? d.v[0].text : NULL, d.n ? d.v[0].hint : NULL);
		setup_step_sync(u);
	}
	diag_clear(&d);
	free(text);
	return done;
}

bool
setup_add_all(struct setup_screen *u)
{
	for (int ask = 0; ask < SES_SETUP_QUESTIONS; ask++) {
		if (u->pending[ask] && ui_form_has(u->form, setup_id(ask, 0)) &&
			!setup_add(u, ask)) {
			return false;
		}
	}
	return true;
}

bool
setup_remove(struct setup_screen *u)
{
	struct ses_setup_view v;
	size_t item = 0;

	ses_setup_view(u->s, u->step, &v);
	const struct ses_setup_question *q =
		setup_question_of(&v, ui_form_focus_id(u->form), &item);
	if (!q || item == 0 || item > q->nitems || !q->items[item - 1].is_new) {
		return false;
	}
	(void)ses_setup_remove(u->s, q->ask, item - 1);
	setup_step_sync(u);
	return true;
}

bool
setup_focused(struct setup_screen *u, const struct ses_setup_view *v,
	const struct ses_setup_question **q, bool *adds)
{
	size_t item = 0;

	*q = setup_question_of(v, ui_form_focus_id(u->form), &item);
	*adds = *q && item == 0 && (*q)->kind == SES_Q_TICKS;
	return *q != NULL;
}

/* --- the form ------------------------------------------------------------------------
 */

/* Where typing is likely: the first text that stands open, or the field for one more. */
static void
focus_start(struct setup_screen *u, const struct ses_setup_view *v)
{
	for (size_t i = 0; i < v->n; i++) {
		bool types = v->q[i].kind == SES_Q_TEXT && v->q[i].ask != SES_ANS_LOGFILE;
		if (v->q[i].can_add || types) {
			ui_form_focus(u->form, setup_id(v->q[i].ask, 0));
			return;
		}
	}
}

void
setup_step_close(struct setup_screen *u)
{
	ui_form_destroy(u->form);
	u->form = NULL;
	for (int ask = 0; ask < SES_SETUP_QUESTIONS; ask++) {
		setup_free_words(u, ask);
	}
	str_free(&u->shape);
}

void
setup_step_open(struct setup_screen *u)
{
	static const struct ui_form_ops ops = {.judge = judge};
	struct ses_setup_view v;

	setup_step_close(u);
	u->dirty = false;
	u->refused = 0;
	u->form = ui_form_new(&ops, u, "", 0, UI_FORM_PAGE);
	setup_step_sync(u);
	ui_form_begin(u->form, u->app);
	ses_setup_view(u->s, u->step, &v);
	focus_start(u, &v);
}
