/* SPDX-License-Identifier: MIT
 *
 * Steps with their time while an apply runs, then the result: what is different now, or
 * why everything was put back, in Postfix's own words, and the way to the change that it
 * complains of. Redrawn when a step goes on, and once a second for the time of a running
 * one; not at all afterwards.
 */
#include "ui/applying.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/review.h"
#include "session/setup.h"
#include "ui/applying_rows.h"
#include "ui/buttons.h"
#include "ui/dialog.h"
#include "ui/glyph.h"
#include "ui/list.h"
#include "ui/screens.h"
#include "ui/scrkit.h"
#include "ui/term.h"

enum {
	SECOND_MS = 1000,
	PUT_BACK = 4,
	NEEDS_PERSON = 5,
	BUTTON_W = 6 /* brackets and gap of one; two more where the focus is */
};

/* What a button does. */
enum does { DO_VERIFY, DO_CLOSE, DO_UNDO, DO_GO, DO_LOG, DO_FLUSH };

struct applying {
	struct ui_app *app;
	struct session *s;
	size_t changes;
	char *interruption;
	int64_t shown_at; /* ui_term_now clock: when seconds were drawn */
	struct apply_rows rows;
	struct ui_list list;
	struct buttons buttons;
	enum does does[BUTTONS_MAX];
	char *go_label; /* owned; of the button to what Postfix complains of, or NULL */
	bool asked_back, told; /* told: the end was reached, and the focus is there */
};

/* --- drawing -------------------------------------------------------------------------
 */

static size_t
count(void *self)
{
	return ((const struct applying *)self)->rows.n;
}

static void
draw_line(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	(void)row;
	apply_rows_draw(&((const struct applying *)self)->rows, i, c);
}

static const struct ui_list_ops rows = {count, draw_line};

static char *
headline(const struct applying *a, const struct ses_apply_view *v)
{
	struct ses_status st;
	size_t n = a->changes;

	if (v->running) {
		return mem_strdup(n                           ? _("Applying")
				  : v->act == SES_ACT_START   ? _("Starting")
				  : v->act == SES_ACT_RESTART ? _("Restarting")
				  : v->act == SES_ACT_BUILD   ? _("Building")
							      : _("Reloading"));
	}
	if (v->status == NEEDS_PERSON) {
		return mem_strdup(
			v->written    ? _("Written, but somebody must look at it")
			: v->put_back ? _("The old files are back, but Postfix is not "
					  "well")
				      : _("Not settled: somebody must look at it"));
	}
	if (v->put_back) {
		return mem_strdup(
			v->status != PUT_BACK ? _("Not applied: put back, as you asked")
			: v->no_way ? _("Not applied: mail would not leave, the old "
					"state is back")
				    : _("Not applied: Postfix was not well, the "
					"old state is back"));
	}
	if (v->status != 0) {
		return mem_strdup(_("Not applied: nothing was written"));
	}
	if (apply_rows_ill(v)) {
		return n == 0 ? mem_strdup(_("Done, but Postfix is not well, as before"))
			      : str_format(P_("Applied: %zu change; Postfix is not well, "
					      "as before",
						   "Applied: %zu changes; Postfix is not "
						   "well, as before",
						   n),
					n);
	}
	if (n == 0) {
		return mem_strdup(
			v->act == SES_ACT_START     ? _("Started: Postfix healthy")
			: v->act == SES_ACT_RESTART ? _("Restarted: Postfix healthy")
			: v->act == SES_ACT_BUILD   ? _("The table is built")
						    : _("Reloaded: Postfix healthy"));
	}
	ses_status(a->s, &st);
	return st.service == SES_RUNNING
		       ? str_format(P_("Applied: %zu change, Postfix healthy",
					    "Applied: %zu changes, Postfix healthy", n),
				 n)
		       : str_format(
				 P_("Applied: %zu change", "Applied: %zu changes", n), n);
}

static void
draw_head(const struct applying *a, const struct ses_apply_view *v,
	const struct ui_canvas *body, int y)
{
	struct ui_canvas row = ui_canvas_sub(body, y, 0, 1, body->w);
	char *text = headline(a, v);

	ui_put(&row, ui_at(0, 0, row.w - 8), UI_STRONG, text);
	apply_rows_put_ms(&row, v->ms, v->running);
	free(text);
}

static bool
is_outcome(const struct apply_line *l)
{
	return l->kind == L_FINDING || l->kind == L_LABEL;
}

static void
add_button(struct applying *a, enum does does, const char *label)
{
	a->does[a->buttons.n] = does;
	a->buttons.label[a->buttons.n++] = label;
}

/* Its words in full where they fit. */
static void
add_log_button(struct applying *a)
{
	const char *label = _("Show Postfix's whole log");
	int w = ui_width(sv_of(label)) + BUTTON_W + 2;

	for (size_t i = 0; i < a->buttons.n; i++) {
		w += ui_width(sv_of(a->buttons.label[i])) + BUTTON_W;
	}
	add_button(a, DO_LOG, w < a->rows.width ? label : _("Log"));
}

/* Only a running Postfix can be proven, and only what was put back has a log that tells
 * why. */
static void
set_buttons(struct applying *a, const struct ses_apply_view *v)
{
	bool good = v->status == 0;
	struct ses_status st;

	ses_status(a->s, &st);
	a->buttons = (struct buttons){0};
	if (good && st.service == SES_RUNNING) {
		add_button(a, DO_VERIFY, _("Verify"));
	}
	if (v->can_flush) {
		add_button(a, DO_FLUSH, _("Try them now"));
	}
	if (!good && v->status != NEEDS_PERSON && v->screen) {
		a->go_label = str_format(_("Go to %s"), v->name ? v->name : "");
		add_button(a, DO_GO, a->go_label);
	}
	add_button(
		a, DO_CLOSE, good || v->status == NEEDS_PERSON ? _("Done") : _("Back"));
	if (good && v->history) {
		add_button(a, DO_UNDO, _("Undo all of it"));
	}
	if (v->has_log) {
		add_log_button(a);
	}
}

/* Once at the end: what went wrong comes into sight, else the steps from their start. */
static void
settle_end(struct applying *a, const struct ses_apply_view *v, int room)
{
	if (a->told || v->running) {
		return;
	}
	a->told = true;
	set_buttons(a, v);
	size_t first = 0;
	while (first < a->rows.n && !is_outcome(&a->rows.line[first])) {
		first++;
	}
	if (v->status != 0 && first < a->rows.n) {
		a->list.page = room; /* that of the frame before had no buttons */
		ui_list_select(&a->list, a->rows.n - 1);
		ui_list_select(&a->list, first);
	}
}

static void
draw(void *self, const struct ui_canvas *body)
{
	struct applying *a = self;
	struct ses_apply_view v;
	int top = scr_is_low(body) ? 0 : 1;

	ses_apply_view(a->s, &v);
	apply_rows_build(&a->rows, &v, body->w);
	a->shown_at = ui_term_now();
	draw_head(a, &v, body, top);
	int foot = v.running ? 0 : scr_is_low(body) ? 1 : 2;
	int room = body->h - top - 1 - foot;
	struct ui_canvas c = ui_canvas_sub(body, top + 1, 0, room, body->w);
	settle_end(a, &v, room);
	bool hidden = body->paint->hide_focus;
	body->paint->hide_focus = true; /* the rows only stand there */
	ui_list_draw(&a->list, &c);
	body->paint->hide_focus = hidden;
	if (v.running) {
		ui_cursor(body, top, 0);
		return;
	}
	int y = top + 1 + (a->rows.n < (size_t)room ? (int)a->rows.n : room) +
		(foot > 1 ? 1 : 0);
	buttons_draw(&a->buttons, body, y, true);
}

/* --- events --------------------------------------------------------------------------
 */

static enum ui_result
running_event(struct applying *a, const struct ui_event *ev)
{
	if (ui_event_is(ev, UI_KEY_ESC) && !a->asked_back) {
		a->asked_back = true;
		ses_apply_cancel(a->s, true);
	}
	return ui_event_is(ev, UI_KEY_F1) || ui_event_is(ev, UI_CTRL('g')) ? UI_IGNORED
									   : UI_HANDLED;
}

/* Move by one row more than is seen. */
static bool
scroll(struct applying *a, const struct ui_event *ev)
{
	size_t page = a->list.page > 0 ? (size_t)a->list.page : 1;

	if (ui_event_is(ev, UI_KEY_DOWN) || ui_event_is(ev, 'j')) {
		ui_list_select(&a->list, a->list.top + page);
	} else if (ui_event_is(ev, UI_KEY_UP) || ui_event_is(ev, 'k')) {
		ui_list_select(&a->list, a->list.top > 0 ? a->list.top - 1 : 0);
	} else {
		return ui_list_event(&a->list, ev) == UI_LIST_MOVED;
	}
	return true;
}

/* What is done shows on the Overview; what isn't leaves a person where the changes are.
 */
static enum ui_result
close_result(struct applying *a, int status)
{
	if (status == 0 || status == NEEDS_PERSON) {
		(void)scr_go(a->app, a->s, "overview", NULL);
	}
	return UI_DONE;
}

static enum ui_result
undo(struct applying *a)
{
	return scr_history_undo(a->app, a->s) ? UI_DONE : UI_HANDLED;
}

static void
show_log(struct applying *a)
{
	struct str text = {0};

	ses_apply_log(a->s, &text);
	if (text.n == 0) {
		str_add_cstr(&text, _("Postfix has written nothing since this began."));
	}
	ui_dialog_page(a->app, _("Postfix's log since this began"), str_sv(&text));
	str_free(&text);
}

/* It can be pressed once: the buttons are those of what is left to do then. */
static void
flush(struct applying *a)
{
	struct ses_apply_view v;
	struct diags d = {0};

	if (!ses_apply_flush(a->s, &d)) {
		ui_app_say(a->app, '!', _("Postfix did not begin to try them."),
			d.n > 0 ? d.v[0].text : NULL);
	}
	diag_clear(&d);
	ses_apply_view(a->s, &v);
	set_buttons(a, &v);
}

static enum ui_result
press(struct applying *a, const struct ses_apply_view *v, size_t button)
{
	struct scr_target target = {.name = v->name, .file = v->file};

	switch (a->does[button]) {
	case DO_GO:
		(void)scr_go(a->app, a->s, v->screen, &target);
		return UI_DONE;
	case DO_UNDO:
		return undo(a);
	case DO_VERIFY:
		scr_verify_run(a->app);
		return UI_DONE;
	case DO_LOG:
		show_log(a);
		return UI_HANDLED;
	case DO_FLUSH:
		flush(a);
		return UI_HANDLED;
	case DO_CLOSE:
		break;
	}
	return close_result(a, v->status);
}

static bool
move_button(struct applying *a, const struct ui_event *ev)
{
	if (ui_event_is(ev, UI_KEY_TAB) || ui_event_is(ev, UI_KEY_BACKTAB)) {
		a->buttons.at = (a->buttons.at + 1) % a->buttons.n;
		return true;
	}
	return a->buttons.n > 1 && buttons_move(&a->buttons, ev);
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct applying *a = self;
	struct ses_apply_view v;

	ses_apply_view(a->s, &v);
	if (v.running) {
		return running_event(a, ev);
	}
	size_t hit = buttons_hit(&a->buttons, ev);
	if (hit < a->buttons.n || ui_event_is(ev, UI_KEY_ENTER)) {
		return press(a, &v, hit < a->buttons.n ? hit : a->buttons.at);
	}
	if (ui_event_is(ev, UI_KEY_ESC)) {
		return close_result(a, v.status);
	}
	if (ui_event_is(ev, 'u') && v.status == 0 && v.history) {
		return undo(a);
	}
	if (move_button(a, ev)) {
		return UI_HANDLED;
	}
	return scroll(a, ev) ? UI_HANDLED : UI_IGNORED;
}

static void
running_message(struct applying *a, const struct ses_apply_view *v, struct ui_message *m)
{
	const char *first =
		a->interruption[0] ? a->interruption : _("Mail goes on meanwhile.");

	if (apply_rows_back(v) < v->nsteps) {
		ui_message_set(m, 0, _("Everything is being put back."), NULL);
	} else if (a->changes == 0) {
		ui_message_set(m, 0, first, NULL);
	} else if (a->asked_back) {
		ui_message_set(m, 0, first,
			_("After this step it stops and puts everything back."));
	} else {
		ui_message_set(m, 0, first,
			_("Esc stops after this step and puts everything back."));
	}
}

static void
message(void *self, struct ui_message *m)
{
	struct applying *a = self;
	struct ses_apply_view v;

	ses_apply_view(a->s, &v);
	if (v.running) {
		running_message(a, &v, m);
	} else if (v.status == NEEDS_PERSON) {
		ui_message_set(m, '!',
			v.put_back ? _("The files are as they were before; Postfix needs "
				       "a person.")
				   : _("Look at what is said above: it needs a person."),
			a->changes ? _("Your changes still wait here.") : NULL);
	} else if (v.status == PUT_BACK) {
		ui_message_set(m, '!',
			v.no_way ? _("Mend what the words above are about, then apply "
				     "again.")
				 : _("Mend what Postfix complains of, then apply again."),
			NULL);
	} else if (v.status != 0) {
		ui_message_set(m, v.put_back ? 0 : '!',
			_("The files are as they were, and your changes still wait "
			  "here."),
			NULL);
	} else if (a->changes == 0) {
		ui_message_set(
			m, 'o', _("Postfix runs with the files as they are now."), NULL);
	} else {
		ui_message_set(m, 'o',
			v.history ? _("Applied; u takes all of it back, as a change that "
				      "you see first.")
				  : _("Applied; u gives the last edit back as a change "
				      "that waits."),
			NULL);
	}
}

static const char *
enter_does(const struct applying *a)
{
	switch (a->does[a->buttons.at]) {
	case DO_VERIFY:
		return _("verify");
	case DO_UNDO:
		return _("undo");
	case DO_GO:
		return _("go there");
	case DO_LOG:
		return _("read the log");
	case DO_FLUSH:
		return _("try them");
	case DO_CLOSE:
		break;
	}
	return a->go_label ? _("back") : _("done");
}

static void
result_keys(struct applying *a, struct ui_keybar *bar)
{
	const struct ses_change *c;

	ui_keybar_add(bar, "Enter", enter_does(a));
	if (a->buttons.n > 1) {
		ui_keybar_add(bar, "Tab", _("button"));
	}
	if (a->go_label) {
		ui_keybar_add(bar, "Esc", _("back"));
	}
	if (ses_changes(a->s, &c) > 0) {
		ui_keybar_add(bar, "w", _("review again"));
	}
	if (a->list.page > 0 && a->rows.n > (size_t)a->list.page) {
		ui_keybar_add(bar, "j/k", _("scroll"));
	}
	ui_keybar_add(bar, "u", _("undo"));
	ui_keybar_add(bar, "q", _("quit"));
}

static void
keys(void *self, struct ui_keybar *bar)
{
	struct applying *a = self;
	struct ses_apply_view v;

	ses_apply_view(a->s, &v);
	if (!v.running) {
		result_keys(a, bar);
		return;
	}
	bar->help_key = NULL;
	if (a->changes && !a->asked_back && apply_rows_back(&v) == v.nsteps) {
		ui_keybar_add(bar, "Esc", _("put back"));
	}
	ui_keybar_add(bar, "",
		_("(leaving the terminal is safe: applying goes on to its end)"));
}

/* A guided set-up was applied. */
static bool
ends_setup(const struct applying *a, const struct ses_apply_view *v)
{
	return !v->running && v->status == 0 && ses_setup_runs(a->s);
}

/* It ends with proof, where something can be proven; else with this result. */
static void
end_setup(struct applying *a, const struct ses_apply_view *v)
{
	struct ses_status st;
	char label[SCR_LABEL_MAX];

	ses_setup_end(a->s);
	ses_status(a->s, &st);
	if (st.service != SES_RUNNING) {
		return;
	}
	char *first = headline(a, v);
	char *second =
		str_format(_("%s has every line of it. Now the proof: Enter sends a "
			     "test message."),
			scr_label("history", label));
	ui_app_say(a->app, 'o', first, second);
	free(first);
	free(second);
	scr_verify_prove(a->app, a->s);
}

static int64_t
deadline(void *self)
{
	struct applying *a = self;
	struct ses_apply_view v;

	ses_apply_view(a->s, &v);
	return v.running                        ? a->shown_at + SECOND_MS
	       : v.changed || ends_setup(a, &v) ? 1
						: 0;
}

/* For the frame being called is all: it is drawn anew. A file that somebody else changed
 * is a matter for Review, not for this result. */
static void
tick(void *self, int64_t now)
{
	struct applying *a = self;
	struct ses_apply_view v;

	a->shown_at = now;
	ses_apply_view(a->s, &v);
	if (ends_setup(a, &v)) {
		end_setup(a, &v);
	} else if (!v.running && v.changed) {
		struct ui_app *app = a->app;
		ui_app_pop(app);
		ui_app_command(app, UI_CMD_CHANGED);
	}
}

static void
close_layer(void *self)
{
	struct applying *a = self;

	apply_rows_clear(&a->rows);
	free(a->interruption);
	free(a->go_label);
	free(a->rows.line);
	free(a);
}

void
applying_push(
	struct ui_app *app, struct session *s, size_t changes, char *take_interruption)
{
	static const struct ui_ops ops = {
		.close = close_layer,
		.draw = draw,
		.event = event,
		.message = message,
		.keys = keys,
		.deadline = deadline,
		.tick = tick,
	};
	struct applying *a = mem_new(1, sizeof(*a));

	a->app = app;
	a->s = s;
	a->changes = changes;
	a->interruption = take_interruption;
	a->shown_at = ui_term_now();
	add_button(a, DO_CLOSE, _("Done"));
	ui_list_init(&a->list, &rows, a);
	ui_app_push(app, &ops, a, false);
}
