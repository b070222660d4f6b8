/* SPDX-License-Identifier: MIT
 *
 * What the three files of the form share: form.c keeps fields and texts, form_event.c
 * moves and presses, form_draw.c lays out. No screen includes this.
 */
#ifndef PR_UI_FORM_INTERNAL_H
#define PR_UI_FORM_INTERNAL_H

#include "ui/form.h"

struct form_field {
	struct ui_field def; /* label, text owned here */
	struct ui_input in;
	struct str initial;          /* of INPUT: what it began with */
	struct str note, note_shown; /* notes wait for the pause like words */
	struct str text_shown;       /* of TEXT */
	char mark;
	int y, x, w; /* where it was drawn, on the screen; y -1: not visible */
	int text_x;  /* of RADIO: where its choices begin */
};

struct form_button {
	int id;
	char *label, *note;
	char *shown; /* the label on the screen: it waits like words */
	int letter;
	int y, x, w;
};

struct ui_form {
	const struct ui_form_ops *ops;
	void *self;
	struct ui_app *app;
	char *title;
	int width;
	unsigned style;
	struct form_field *field;
	size_t nfield, capfield;
	struct form_button *button;
	size_t nbutton, capbutton;
	size_t focus;              /* < nfield: a field; else button focus - nfield */
	size_t deflt, deflt_shown; /* button that Enter presses from a field */
	struct ui_message words, words_shown;
	int64_t settle_ms; /* words are shown then; 0: they are */
	int words_rows;    /* the most that words needed so far: the box doesn't shrink */
	int top;           /* rows of fields scrolled away */
};

/* The focused field, or NULL when a button has the focus. */
struct form_field *form_focused(const struct ui_form *f);
bool form_can_focus(const struct form_field *field);
/* How many choices a field has. */
size_t form_choices(const struct form_field *field);
/* Where choice i of a RADIO stands, from its first row and column on, if rows are w wide.
 */
void form_radio_at(const struct form_field *field, int w, size_t i, int *row, int *col);
size_t form_index(const struct ui_form *f, int id);

/* Call judge; left shows words at once, else after the pause. */
void form_judge(struct ui_form *f, int id, bool left);

/* Show the words and notes that wait. */
void form_settle(struct ui_form *f);

void form_draw(void *self, const struct ui_canvas *body);
enum ui_result form_event(void *self, const struct ui_event *ev);

#endif
