/* SPDX-License-Identifier: MIT
 *
 * A field that is open in place on a screen's row, and what its text is judged to be: the
 * mark is shown at once, words and preview after 0.25 s without a key, so that typing
 * sends one cell and not a sentence a key. The screen judges; this only keeps and waits.
 */
#ifndef PR_UI_LIVE_H
#define PR_UI_LIVE_H

#include "session/session.h"
#include "ui/app.h"
#include "ui/input.h"

enum { LIVE_PAUSE_MS = 250 };

struct live {
	struct ui_inline field;
	struct ui_message words, words_shown;
	struct str preview, preview_shown;
	int64_t settle_ms; /* words and preview are shown then; 0: they are */
};

/* May this session change anything? Else the screen says why not. Ask before a field is
 * opened. */
bool live_may_edit(struct ui_app *app, struct session *s);

/* Open the field, with words and preview empty. */
void live_open(struct live *l, size_t id, struct sv value, unsigned flags);
/* The same with pasted text in place of value, which is what Esc gives back. */
void live_paste(
	struct live *l, struct ui_app *app, size_t id, struct sv value, struct sv pasted);

/* What the field's text comes to. mark: '!' '?' or 0; first, second, preview may be NULL.
 */
void live_judged(struct live *l, char mark, const char *first, const char *second,
	const char *preview);

/* As ui_inline_event; says so when a paste lost what followed its first line. */
enum ui_inline_result live_event(
	struct live *l, struct ui_app *app, const struct ui_event *ev);

/* A key that reviews while the field is open (F2, Ctrl-O) accepts it first: true when it
 * was one; the field is then closed as by Enter. */
bool live_closes(struct live *l, const struct ui_event *ev);

/* For the screen's message, deadline and tick while the field is open. */
void live_message(const struct live *l, struct ui_message *m);
void live_tick(struct live *l, int64_t now);
void live_free(struct live *l);

#endif
