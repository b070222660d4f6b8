/* SPDX-License-Identifier: MIT
 *
 * The guided set-up: a layer over the screens that walks from step to step. Enter goes on
 * (or adds one more), Esc goes back, and the last step is the Review, which stands over
 * it; Esc there leads back. What was answered is the session's, and whoever leaves is
 * asked what becomes of it. After a good apply the result goes on to Verify (applying.c).
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/networks.h"
#include "session/review.h"
#include "ui/dialog.h"
#include "ui/helptext.h"
#include "ui/screens.h"
#include "ui/scrkit.h"
#include "ui/setup_screen.h"

/* --- from step to step ---------------------------------------------------------------
 */

/* Where there is nothing to ask for this role, nobody is stopped. */
static bool
asks(struct setup_screen *u, int step)
{
	struct ses_setup_view v;

	ses_setup_view(u->s, (enum ses_setup_step)step, &v);
	return v.n > 0;
}

static void
open_step(struct setup_screen *u, int step)
{
	ses_setup_go(u->s, (enum ses_setup_step)step);
	u->step = (enum ses_setup_step)step;
	u->furthest = step > u->furthest ? step : u->furthest;
	setup_step_open(u);
	setup_probe_retry(u);
}

static int
step_before(struct setup_screen *u, int step)
{
	do {
		step--;
	} while (step >= 0 && !asks(u, step));
	return step;
}

/* The Review; where nothing would change there is none. A relay is proven in the end, so
 * a Postfix that is down is started. */
static enum ui_result
review(struct setup_screen *u)
{
	const struct ses_change *c;
	struct ses_status st;

	ses_setup_go(u->s, SES_SETUP_STEPS);
	ses_status(u->s, &st);
	if (ses_changes(u->s, &c) > 0 || st.can_start) {
		ses_review_start(u->s, true);
		scr_review_push(u->app, u->s);
		return UI_HANDLED;
	}
	ui_app_say(u->app, 'o',
		_("Nothing to change: this relay is set up as you answered."), NULL);
	return UI_DONE;
}

/* The clients begin with the networks that Postfix derives, which takes it a while where
 * main.cf was written just now. */
static bool
must_wait(struct setup_screen *u, int step)
{
	return step >= SES_SETUP_CLIENTS && ses_net_known(u->s) == SES_NET_ASKED;
}

static enum ui_result
go_on(struct setup_screen *u, int step)
{
	if (must_wait(u, step)) {
		u->goes_to = step;
		return UI_HANDLED;
	}
	u->goes_to = 0;
	if (step == SES_SETUP_STEPS) {
		return review(u);
	}
	open_step(u, step);
	return UI_HANDLED;
}

/* What the open step asks is answered: true. Else the focus is on what holds it, and that
 * is said. */
static bool
take_step(struct setup_screen *u)
{
	enum ses_setup_ask which = SES_ANS_ROLE;
	struct diags d = {0};

	if (!setup_leave(u) || !setup_add_all(u)) {
		return false;
	}
	bool ready = ses_setup_ready(u->s, u->step, &which, &d);
	if (!ready) {
		setup_hold(u, which, &d);
	}
	diag_clear(&d);
	return ready;
}

static enum ui_result
next(struct setup_screen *u)
{
	int step = (int)u->step;

	if (!take_step(u)) {
		return UI_HANDLED;
	}
	setup_probe_retry(u);
	do {
		step++;
	} while (step < SES_SETUP_STEPS && !asks(u, step));
	return go_on(u, step);
}

/* --- leaving -------------------------------------------------------------------------
 */

static void
say_left(struct setup_screen *u)
{
	const struct ses_change *c;
	size_t n = ses_changes(u->s, &c);

	if (n == 0) {
		ui_app_say(u->app, 0, _("Set-up was left; nothing is changed."), NULL);
		return;
	}
	char *text =
		str_format(P_("Set-up was left; %zu change waits, and nothing is "
			      "written yet.",
				   "Set-up was left; %zu changes wait, and nothing is "
				   "written yet.",
				   n),
			n);
	ui_app_say(u->app, 0, text,
		_("s takes set-up up again, w shows what would be written."));
	free(text);
}

/* With the answers of the steps before end; the others are forgotten. */
static void
leave(struct setup_screen *u, int end)
{
	ses_setup_go(u->s, (enum ses_setup_step)end);
	ses_setup_end(u->s);
	say_left(u);
}

/* What was typed for one more, and not added yet, is an answer, too: true. Else its step
 * is open, and why is said. */
static bool
take_pending(struct setup_screen *u)
{
	for (int ask = 0; ask < SES_SETUP_QUESTIONS; ask++) {
		if (!u->pending[ask]) {
			continue;
		}
		if (!ui_form_has(u->form, setup_id(ask, 0))) {
			open_step(u, ask == SES_ANS_CLIENTS ? SES_SETUP_CLIENTS
							    : SES_SETUP_PEOPLE);
		}
		if (!setup_add(u, ask)) {
			return false;
		}
	}
	return true;
}

enum { LEAVE_KEEP, LEAVE_DROP, LEAVE_STAY };

/* The question stands on top of the set-up, which is the next layer to close. */
static void
on_leave(void *self, int choice)
{
	struct setup_screen *u = self;
	struct ui_app *app = u->app;

	ui_app_pop(app); /* the question */
	if (choice == LEAVE_STAY ||
		(choice == LEAVE_KEEP && !(take_step(u) && take_pending(u)))) {
		return;
	}
	leave(u, choice == LEAVE_KEEP ? u->furthest + 1 : 0);
	ui_app_pop(app);
}

static enum ui_result
ask_leave(struct setup_screen *u)
{
	const struct ui_choice choices[] = {
		{LEAVE_KEEP, _("Keep as changes"), 'k', NULL},
		{LEAVE_DROP, _("Drop"), 'x', NULL},
		{LEAVE_STAY, _("Stay"), UI_KEY_ESC, NULL},
	};

	ui_dialog_ask(u->app,
		&(struct ui_question){.title = _("Leave the set-up?"),
			.text = _("You have answered questions, and nothing is written "
				  "yet. What you keep waits until w applies it."),
			.choices = choices,
			.n = sizeof(choices) / sizeof(choices[0]),
			.column = true,
			.done = on_leave,
			.self = u});
	return UI_HANDLED;
}

static bool
has_pending(const struct setup_screen *u)
{
	for (int i = 0; i < SES_SETUP_QUESTIONS; i++) {
		if (u->pending[i]) {
			return true;
		}
	}
	return false;
}

/* Whatever was answered is only dropped where that is wanted. */
static enum ui_result
ask_or_leave(struct setup_screen *u)
{
	bool fine = setup_leave(u);

	if (!fine || has_pending(u) || ses_setup_changes(u->s, u->furthest)) {
		return ask_leave(u);
	}
	leave(u, 0);
	return UI_DONE;
}

static enum ui_result
back(struct setup_screen *u)
{
	(void)setup_leave(u);
	int step = step_before(u, (int)u->step);
	if (step < 0) {
		return ask_or_leave(u);
	}
	open_step(u, step);
	return UI_HANDLED;
}

/* --- keys ----------------------------------------------------------------------------
 */

static enum ui_result
enter(struct setup_screen *u)
{
	const struct ses_setup_question *q;
	struct ses_setup_view v;
	bool adds;

	ses_setup_view(u->s, u->step, &v);
	if (setup_focused(u, &v, &q, &adds) && adds && u->pending[q->ask]) {
		(void)setup_add(u, q->ask);
		return UI_HANDLED;
	}
	return next(u);
}

static void
help(struct setup_screen *u)
{
	static const struct scr_key keys[] = {
		{"Enter", N_("the next step; or adds what was typed")},
		{"Tab", N_("the next field; Shift-Tab the one before")},
		{"Space", N_("tick or untick")},
		{"Left, Right", N_("another one of several")},
		{"Delete", N_("takes away again what was added here")},
		{"Esc", N_("a step back; answers stay")},
		{"Ctrl-T", N_("shows a password while you type it")},
		{"Ctrl-P", N_("asks the upstream (step 5)")},
		{"Ctrl-X", N_("leaves; asks what becomes of your answers")},
		{NULL, NULL},
	};
	char *title = str_format(_("Set-up: %s"), u->tab[u->step]);
	struct scr_about about = {
		.purpose = ui_help_setup(u->step), .keys = keys, .is_alone = true};

	scr_help_push_about(u->app, title, &about);
	free(title);
}

/* Letters are text here, so where no field is open they do nothing. */
static enum ui_result
to_fields(struct setup_screen *u, const struct ui_event *ev)
{
	if (ui_event_is(ev, UI_KEY_DELETE) && setup_remove(u)) {
		return UI_HANDLED;
	}
	if (ui_form_event(u->form, ev) == UI_IGNORED && ui_event_is_text(ev)) {
		ui_app_say(u->app, 0,
			_("Left and Right choose here, Space ticks; Tab goes on to the "
			  "next "
			  "field."),
			NULL);
	}
	return UI_HANDLED;
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct setup_screen *u = self;

	if (ev->kind == UI_EV_MOUSE && ev->y == 1) {
		return UI_IGNORED; /* the row of steps */
	}
	u->goes_to = 0; /* a key while it waits is another wish */
	switch (ev->kind == UI_EV_KEY ? ev->key : 0) {
	case UI_KEY_ENTER:
		return enter(u);
	case UI_KEY_ESC:
		return back(u);
	case UI_KEY_F10:
	case UI_CTRL('x'):
		return ask_or_leave(u);
	case UI_KEY_F1:
	case UI_CTRL('g'):
		help(u);
		return UI_HANDLED;
	case UI_CTRL('p'):
		if (setup_leave(u)) {
			setup_probe_start(u, true);
		}
		return UI_HANDLED;
	case UI_KEY_F2:
	case UI_CTRL('o'):
		ui_app_say(u->app, 0,
			_("The last step shows every line that changes; Enter goes on."),
			NULL);
		return UI_HANDLED;
	default:
		return to_fields(u, ev);
	}
}

/* A step was chosen in the row above. */
static void
pick(void *self, size_t step)
{
	struct setup_screen *u = self;

	if (step < (size_t)ses_setup_at(u->s) && asks(u, (int)step)) {
		(void)setup_leave(u);
		open_step(u, (int)step);
	} else if (step != (size_t)ses_setup_at(u->s)) {
		ui_app_say(u->app, 0, _("Enter goes on, step by step."), NULL);
	}
}

/* The Review was left, or an apply came to nothing: the last step is open again. */
static void
show(void *self, bool visible)
{
	struct setup_screen *u = self;

	if (!visible) {
		return;
	}
	if (!ses_setup_runs(u->s)) {
		ui_app_pop(u->app);
	} else if (ses_setup_at(u->s) == SES_SETUP_STEPS) {
		open_step(u, step_before(u, SES_SETUP_STEPS));
	}
}

/* --- the layer -----------------------------------------------------------------------
 */

/* Letters are always text. */
static bool
typing(void *self)
{
	(void)self;
	return true;
}

static int64_t
deadline(void *self)
{
	struct setup_screen *u = self;

	return u->goes_to > 0 && !must_wait(u, u->goes_to) ? 1
							   : ui_form_deadline(u->form);
}

static void
tick(void *self, int64_t now)
{
	struct setup_screen *u = self;

	if (u->goes_to > 0 && !must_wait(u, u->goes_to)) {
		if (go_on(u, u->goes_to) == UI_DONE) {
			ui_app_pop(u->app);
		}
		return;
	}
	ui_form_tick(u->form, now);
}

static void
close_layer(void *self)
{
	struct setup_screen *u = self;

	if (ses_setup_runs(u->s)) {
		ses_setup_end(u->s);
	}
	setup_step_close(u);
	for (int i = 0; i < SETUP_STEPS; i++) {
		free(u->tab[i]);
	}
	for (int i = 0; i < SES_SETUP_QUESTIONS; i++) {
		free(u->pending[i]);
	}
	free(u->probed);
	str_free(&u->title);
	free(u);
}

void
scr_setup_push(struct ui_app *app, struct session *s)
{
	static const struct ui_ops ops = {
		.close = close_layer,
		.draw = setup_draw,
		.event = event,
		.message = setup_message,
		.keys = setup_keys,
		.typing = typing,
		.deadline = deadline,
		.tick = tick,
		.show = show,
		.head = setup_head,
		.pick = pick,
	};
	struct ses_setup_view v;
	struct diags d = {0};

	if (!ses_setup_begin(s, &d)) {
		scr_say(app, &d);
		return;
	}
	diag_clear(&d);
	struct setup_screen *u = mem_new(1, sizeof(*u));
	u->app = app;
	u->s = s;
	for (int i = 0; i < SES_SETUP_STEPS; i++) {
		ses_setup_view(s, (enum ses_setup_step)i, &v);
		u->tab[i] = mem_strdup(v.title);
	}
	u->tab[SES_SETUP_STEPS] = mem_strdup(_("Review"));
	open_step(u, SES_SETUP_ROLE);
	ui_app_push(app, &ops, u, false);
}
