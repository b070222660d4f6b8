/* SPDX-License-Identifier: MIT
 *
 * Between the files of the guided set-up: scr_setup.c is the layer and walks from step to
 * step, setup_fields.c makes fields of a step's questions, setup_step.c judges them and
 * gives the answers, setup_draw.c shows it, setup_probe.c asks the upstream.
 */
#ifndef PR_UI_SETUP_SCREEN_H
#define PR_UI_SETUP_SCREEN_H

#include "session/setup.h"
#include "session/verify.h"
#include "ui/app.h"
#include "ui/form.h"

/* Numbers as a person counts them; the Review is the last one. */
enum { SETUP_STEPS = SES_SETUP_STEPS + 1 };

struct setup_screen {
	struct ui_app *app;
	struct session *s;
	struct ui_form *form; /* of this step */
	enum ses_setup_step step;
	int furthest; /* the last step that was opened */
	struct str title;
	char *tab[SETUP_STEPS]; /* titles of the steps */
	struct str shape;       /* of the fields: while it is the same, they stay */
	char **choice[SES_SETUP_QUESTIONS]; /* words of a CHOICE, NULL-ended */
	char *pending[SES_SETUP_QUESTIONS]; /* typed to be added, but not added yet */
	bool dirty;                         /* the focused field was typed in */
	int refused;  /* id of a field whose text can't be an answer; 0: none */
	int goes_to;  /* the step that opens once Postfix has answered; 0: none */
	uint64_t gen; /* of the session when fields were filled */
	bool probes;  /* a probe that was begun here runs, or is shown */
	char *probed; /* the relay host that it asks */
};

/* --- setup_fields.c --- */

enum { SETUP_ID_STEP = 1024 };

int setup_id(enum ses_setup_ask ask, size_t item);
const struct ses_setup_question *setup_question(
	const struct ses_setup_view *v, enum ses_setup_ask ask);
/* The question of a field, and which of its items; NULL: the field is of none. */
const struct ses_setup_question *setup_question_of(
	const struct ses_setup_view *v, int id, size_t *item);
size_t setup_items(const struct ses_setup_question *q);
/* "kept", where there is anything, or in place of what it stands there. */
char *setup_from(const struct ses_setup_question *q);
/* What the fields are made of: all but the values that they hold. */
void setup_shape(const struct ses_setup_view *v, struct str *out);
/* Make all fields anew; the focus stays where it is. */
void setup_make_fields(struct setup_screen *u, const struct ses_setup_view *v);
void setup_free_words(struct setup_screen *u, enum ses_setup_ask ask);

/* --- setup_step.c --- */

/* Make the form of u->step anew. */
void setup_step_open(struct setup_screen *u);
/* Fill in what has changed meanwhile; a field that is being typed in stays. */
void setup_step_sync(struct setup_screen *u);
void setup_step_close(struct setup_screen *u);
/* The question that the focus is on; false: on none. adds: it is the field for one more.
 * The view is that of ses_setup_view(). */
bool setup_focused(struct setup_screen *u, const struct ses_setup_view *v,
	const struct ses_setup_question **q, bool *adds);
/* Add what was typed for one more, where it was. False: it can't be; that is said. */
bool setup_add(struct setup_screen *u, enum ses_setup_ask ask);
bool setup_add_all(struct setup_screen *u);
/* Take an item that was added in this set-up away again: the focused one. */
bool setup_remove(struct setup_screen *u);
/* Give what was typed as its answer. False: it can't be one; the focus is on it, and that
 * is said. */
bool setup_leave(struct setup_screen *u);
/* Put the focus on what holds the step back and say why. */
void setup_hold(struct setup_screen *u, enum ses_setup_ask ask, const struct diags *d);

/* --- setup_draw.c --- */

void setup_draw(void *self, const struct ui_canvas *body);
bool setup_head(void *self, struct ui_head *out);
void setup_message(void *self, struct ui_message *m);
void setup_keys(void *self, struct ui_keybar *bar);

/* --- setup_probe.c --- */

/* Ask the upstream of the answers; by itself (again false) only when it is another one.
 */
void setup_probe_start(struct setup_screen *u, bool again);
/* On the step of the upstream, ask once more what failed: it may be well by now. */
void setup_probe_retry(struct setup_screen *u);
/* How many rows it has in room for fields and it, and those rows: 0, 1 or all. */
int setup_probe_rows(const struct setup_screen *u, int room);
void setup_probe_draw(const struct setup_screen *u, const struct ui_canvas *c);
/* '!' when a rung failed, '?' doubtful, 'o', '.' while it runs, 0: nothing to tell. */
char setup_probe_mark(const struct setup_screen *u);
/* For the upstream's box: "answers, login no"; "" nothing. */
const char *setup_probe_brief(const struct setup_screen *u);
/* What failed or is doubtful, and the way out. False: nothing. */
bool setup_probe_message(const struct setup_screen *u, struct ui_message *m);

#endif
