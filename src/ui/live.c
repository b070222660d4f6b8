/* SPDX-License-Identifier: MIT
 *
 * Words that wait and words that are shown; nothing here knows what is judged.
 */
#include "ui/live.h"

#include "base/i18n.h"
#include "ui/term.h"

bool
live_may_edit(struct ui_app *app, struct session *s)
{
	struct ses_status st;

	ses_status(s, &st);
	if (st.read_only) {
		ui_app_say(app, '?',
			_("This session only looks: nothing can be changed."),
			st.why_read_only);
	}
	return !st.read_only;
}

static void
settle(struct live *l)
{
	l->settle_ms = 0;
	ui_message_set(&l->words_shown, l->words.mark, str_c(&l->words.line[0]),
		str_c(&l->words.line[1]));
	str_clear(&l->preview_shown);
	str_add_sv(&l->preview_shown, str_sv(&l->preview));
}

static void
clear(struct live *l)
{
	live_judged(l, 0, NULL, NULL, NULL);
	settle(l);
}

void
live_open(struct live *l, size_t id, struct sv value, unsigned flags)
{
	ui_inline_open(&l->field, id, value, flags);
	clear(l);
}

static void
say_cut(const struct live *l, struct ui_app *app)
{
	if (l->field.cut) {
		ui_app_say(
			app, '?', _("Only the first line of the paste was taken."), NULL);
	}
}

void
live_paste(
	struct live *l, struct ui_app *app, size_t id, struct sv value, struct sv pasted)
{
	ui_inline_paste(&l->field, id, value, 0, pasted);
	clear(l);
	say_cut(l, app);
}

void
live_judged(struct live *l, char mark, const char *first, const char *second,
	const char *preview)
{
	l->field.in.mark = mark;
	ui_message_set(&l->words, mark, first, second);
	str_clear(&l->preview);
	str_add_cstr(&l->preview, preview ? preview : "");
	l->settle_ms = ui_term_now() + LIVE_PAUSE_MS;
}

enum ui_inline_result
live_event(struct live *l, struct ui_app *app, const struct ui_event *ev)
{
	enum ui_inline_result r = ui_inline_event(&l->field, ev);

	say_cut(l, app);
	if (r == UI_INLINE_ACCEPT || r == UI_INLINE_CANCEL) {
		l->settle_ms = 0;
	}
	return r;
}

bool
live_closes(struct live *l, const struct ui_event *ev)
{
	bool closes = l->field.open &&
		      (ui_event_is(ev, UI_KEY_F2) || ui_event_is(ev, UI_CTRL('o')));

	if (closes) {
		l->field.open = false;
		l->settle_ms = 0;
	}
	return closes;
}

void
live_message(const struct live *l, struct ui_message *m)
{
	const struct ui_message *w = &l->words_shown;

	if (w->line[0].n > 0) {
		ui_message_set(m, w->mark, str_c(&w->line[0]), str_c(&w->line[1]));
	} else if (l->field.in.flags & UI_INPUT_FRESH) {
		ui_message_set(m, 0,
			_("What you type replaces it. Left, Home or Backspace edit it."),
			NULL);
	}
}

void
live_tick(struct live *l, int64_t now)
{
	if (l->settle_ms && now >= l->settle_ms) {
		settle(l);
	}
}

void
live_free(struct live *l)
{
	ui_inline_free(&l->field);
	ui_message_free(&l->words);
	ui_message_free(&l->words_shown);
	str_free(&l->preview);
	str_free(&l->preview_shown);
}
