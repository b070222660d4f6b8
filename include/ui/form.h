/* SPDX-License-Identifier: MIT
 *
 * Fields in a dialog, or on a page of a layer's own, judged while somebody types. The
 * form owns fields, texts and focus; its maker answers a few callbacks. judge() is called
 * at opening, after every change, and when a field is left; it sets marks (shown at
 * once), notes, static texts, button labels and the two rows of words (shown after 0.25 s
 * without a key, or at once on Tab and Enter), and may add and remove fields. press() is
 * a button; it either closes the form or says with ui_form_hold which field holds it
 * back. Fields and buttons are named by the maker's own ids; naming one that does not
 * exist is harmless.
 */
#ifndef PR_UI_FORM_H
#define PR_UI_FORM_H

#include "ui/app.h"
#include "ui/input.h"

struct ui_form;

enum ui_field_kind {
	UI_FIELD_TEXT,   /* no focus: label and text (wrapped), or one of them */
	UI_FIELD_INPUT,  /* label [text  ]mark note */
	UI_FIELD_TICK,   /* [x] label note; Space */
	UI_FIELD_CHOICE, /* label choice note; Space takes the next one */
	UI_FIELD_RADIO,  /* label (x) choice  ( ) choice; Left and Right */
	UI_FIELD_BLANK   /* an empty row (goes first when rows are scarce) */
};

enum ui_field_flags {
	UI_FIELD_SAME_ROW = 1, /* stands right of the field before it, at column indent;
				  below it where that is too far right */
	UI_FIELD_LIST = 2,     /* a pasted line end becomes ", " */
	UI_FIELD_PASSWORD = 4,
	UI_FIELD_STORED = 8,   /* a password is stored: 8 stars */
	UI_FIELD_HEADING = 16, /* TEXT in the colour of headings */
	UI_FIELD_ROWS = 32     /* RADIO: a row each; Up and Down choose, too */
};

struct ui_field {
	int id;
	enum ui_field_kind kind;
	unsigned flags;
	const char *label; /* copied; NULL: none */
	const char *text;  /* copied; first text of INPUT and TEXT; note of TICK */
	int width;         /* columns between the brackets; 0: as many as fit */
	int indent;        /* column of label (or field without one); 0: 1 */
	bool on;           /* TICK */
	const char *const *choices; /* CHOICE, RADIO: NULL-ended, borrowed, translated */
	size_t choice;
};

struct ui_form_ops {
	/* id: what changed or is being left (-1 at opening); left: it is left, or Enter
	 * was pressed in it, so what is incomplete is now wrong. */
	void (*judge)(void *self, struct ui_form *f, int id, bool left);
	/* A button was pressed: true closes the form. NULL: every button closes it. */
	bool (*press)(void *self, struct ui_form *f, int button);
	/* A key before the focused field gets it: true when dealt with; words and notes
	 * are shown at once then. May be NULL. */
	bool (*key)(void *self, struct ui_form *f, int id, const struct ui_event *ev);
	/* Esc, after a possible question. May be NULL. */
	void (*cancel)(void *self);
	void (*close)(void *self); /* free self; may be NULL */
	/* Row 24; NULL: "Enter <default button>  Tab next field  Esc cancel". */
	void (*keys)(void *self, struct ui_keybar *bar);
};

enum ui_form_style {
	UI_FORM_AT_FOCUS = 1, /* below the row that has the focus, else centred */
	UI_FORM_COLUMN = 2,   /* buttons in a column, each with letter and explanation */
	UI_FORM_PAGE = 4      /* fields only, on a layer's body: no box, no buttons */
};

/* title is copied; width is the whole box, 0: 70 columns, at most 76. self is closed by
 * ops->close when the form closes or is destroyed. */
struct ui_form *ui_form_new(const struct ui_form_ops *ops, void *take_self,
	const char *title, int width, unsigned style);

/* Add a field at the end, or before the field with id before (-1: at the end). */
void ui_form_add(struct ui_form *f, const struct ui_field *def, int before);
void ui_form_remove(struct ui_form *f, int id);
/* Remove all fields. */
void ui_form_clear(struct ui_form *f);
bool ui_form_has(const struct ui_form *f, int id);

/* How many fields there are, and the id of the i-th from the top (-1: none): for rows
 * that grow. Give each new row a fresh id. */
size_t ui_form_count(const struct ui_form *f);
int ui_form_id_at(const struct ui_form *f, size_t i);

/* A button; letter presses it where letters are no text (0: none); note explains it in a
 * column of buttons. The first one is the default until ui_form_default says otherwise.
 * With the label of an existing id, its label changes; NULL hides the button. */
void ui_form_button(
	struct ui_form *f, int id, const char *label, int letter, const char *note);
void ui_form_default(struct ui_form *f, int id);

/* Push it; app then owns it. */
void ui_form_open(struct ui_form *f, struct ui_app *app);

/* --- on a page: the layer begins it in place of opening it, and destroys it ----------
 */

void ui_form_begin(struct ui_form *f, struct ui_app *app);
/* Returns the rows used. */
int ui_form_draw(struct ui_form *f, const struct ui_canvas *c);
/* Enter, Esc and what is for no field come back ignored. */
enum ui_result ui_form_event(struct ui_form *f, const struct ui_event *ev);
/* The words for the message area; nothing where there are none. */
void ui_form_message(const struct ui_form *f, struct ui_message *out);
int64_t ui_form_deadline(const struct ui_form *f);
void ui_form_tick(struct ui_form *f, int64_t now);
/* Tell judge that the focused field is being left. */
void ui_form_leave(struct ui_form *f);
/* Show at once what was set and waits for a pause. */
void ui_form_settle(struct ui_form *f);

struct ui_app *ui_form_app(struct ui_form *f);

/* What the fields hold. Texts are valid until the next edit. */
struct sv ui_form_text(const struct ui_form *f, int id);
bool ui_form_on(const struct ui_form *f, int id);
size_t ui_form_choice(const struct ui_form *f, int id);
int ui_form_focus_id(const struct ui_form *f);

void ui_form_set_text(struct ui_form *f, int id, struct sv text);
/* The same, as if the field had begun with it: nobody typed it, Esc loses nothing. */
void ui_form_load_text(struct ui_form *f, int id, struct sv text);
/* As if text had been pasted into the field: line ends become ", " or end it. */
void ui_form_paste(struct ui_form *f, int id, struct sv text);
void ui_form_set_on(struct ui_form *f, int id, bool on);
void ui_form_set_choice(struct ui_form *f, int id, size_t choice);
void ui_form_set_mark(struct ui_form *f, int id, char mark);
/* Words to the right of a field, or the text of a static one's second part. */
void ui_form_set_note(struct ui_form *f, int id, const char *note);
/* The two judgement rows above the buttons; both NULL: nothing to say. */
void ui_form_words(struct ui_form *f, char mark, const char *first, const char *second);
void ui_form_focus(struct ui_form *f, int id);

/* Put the focus on the field that holds a button back and say why, at once. */
void ui_form_hold(struct ui_form *f, int id, const char *first, const char *second);

/* Leave a form that was never opened. */
void ui_form_destroy(struct ui_form *f);

#endif
