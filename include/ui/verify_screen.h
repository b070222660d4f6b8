/* SPDX-License-Identifier: MIT
 *
 * Between the files of the Verify screen: scr_verify.c reads keys, verify_rows.c keeps
 * what is shown and draws it, verify_ask.c asks for the receiver. What is shown is a copy
 * of the ladder that is taken at a key, or once a second while it runs, so that a line
 * over which a screen comes slowly isn't busy with it.
 */
#ifndef PR_UI_VERIFY_SCREEN_H
#define PR_UI_VERIFY_SCREEN_H

#include "session/verify.h"
#include "ui/app.h"
#include "ui/list.h"

enum { VERIFY_RUNGS_MAX = 16, VERIFY_WORDS_MAX = 24, VERIFY_LINES_MAX = 400 };

struct verify_line {
	size_t rung;
	bool is_word;
	struct sv text; /* a row of a word */
};

struct verify_screen {
	struct ui_app *app;
	struct session *s;
	struct ui_list list; /* over line */
	struct ses_verify v; /* the copy; its rungs are rung, its texts own */
	struct ses_rung rung[VERIFY_RUNGS_MAX];
	const char *words[VERIFY_RUNGS_MAX][VERIFY_WORDS_MAX];
	char **own;
	size_t nown, own_cap;
	struct verify_line line[VERIFY_LINES_MAX];
	size_t nlines;
	int width;                   /* of the screen that they are made for */
	bool open[VERIFY_RUNGS_MAX]; /* the server's words are shown */
	bool follow;                 /* the focus goes with the rung that runs */
	bool stale;                  /* there is news */
	int64_t taken_ms;            /* when the copy was taken */
	char *to;                    /* receiver of the test message, or NULL */
};

/* Take a new copy; the focus stays on its rung. */
void verify_take(struct verify_screen *v);
void verify_rows_free(struct verify_screen *v);
void verify_draw(void *self, const struct ui_canvas *body);
/* The rung that has the focus, or NULL; its number. */
const struct ses_rung *verify_focused(const struct verify_screen *v, size_t *i);
bool verify_can_stop(void *self, size_t line);
/* Put the focus on a rung. */
void verify_select(struct verify_screen *v, size_t rung);
extern const struct ui_list_ops verify_rows;

/* Ask for the receiver of the test message; then it is sent. */
void verify_ask_receiver(struct verify_screen *v, struct sv pasted);
/* Start the whole ladder. False, with what hinders in d. */
bool verify_start(struct verify_screen *v, struct diags *d);

#endif
