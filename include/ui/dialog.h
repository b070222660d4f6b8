/* SPDX-License-Identifier: MIT
 *
 * Ready-made dialogs on top of the form: a question with buttons, a message, a text to
 * page through. Each is pushed and returns at once; done is called when it closes.
 */
#ifndef PR_UI_DIALOG_H
#define PR_UI_DIALOG_H

#include "ui/app.h"

/* A button. letter: its key, 0 none; UI_KEY_ESC on the harmless one, which Esc presses.
 * note: a word of explanation; if any choice has one, buttons stand in a column. */
struct ui_choice {
	int id;
	const char *label;
	int letter;
	const char *note;
};

/* A line of the question, with its mark in front (0: none). */
struct ui_line {
	char mark;
	const char *text;
};

struct ui_question {
	const char *title;
	const char *text;            /* wrapped; NULL: none */
	const struct ui_line *lines; /* below it; NULL: none */
	size_t nlines;
	const struct ui_choice *choices; /* the first one is the default, if not deflt */
	size_t n;
	int deflt;   /* index of the choice that has the focus */
	bool column; /* letters and notes beside the buttons */
	const char
		*word; /* must be typed before any but the harmless one ("yes"); NULL */
	const char *word_label;               /* "Type yes to apply all the same:" */
	void (*done)(void *self, int choice); /* id; the dialog is closed after it */
	void *self;                           /* borrowed, must outlive the dialog */
};

/* Everything is copied but self. Esc presses the choice whose letter is UI_KEY_ESC (else
 * it closes without calling done). */
void ui_dialog_ask(struct ui_app *app, const struct ui_question *q);

/* A message with one button that closes it. */
void ui_dialog_message(struct ui_app *app, const char *title, const char *text);

/* A text of any length over the whole body: Space, j k, arrows, g G; Esc, q or Enter
 * closes. Lines are wrapped; title and text are copied. */
void ui_dialog_page(struct ui_app *app, const char *title, struct sv text);

/* The keys of a text that is paged through. */
void ui_pager_keys(void *self, struct ui_keybar *bar);

#endif
