/* SPDX-License-Identifier: MIT
 *
 * The one-line editor. It holds bytes, moves by signs, and keeps foreign bytes verbatim
 * (shown as \xNN). [ and ] mark its ends and turn into < and > where text is hidden.
 * struct ui_inline is the same field opened in place on a screen's row; rows show bare
 * values until Enter or a paste opens one. Passwords show one * a sign.
 */
#ifndef PR_UI_INPUT_H
#define PR_UI_INPUT_H

#include "ui/draw.h"
#include "ui/event.h"

enum ui_input_flags {
	UI_INPUT_LIST = 1,     /* a pasted line end becomes ", " */
	UI_INPUT_PASSWORD = 2, /* stars; Ctrl-T shows */
	UI_INPUT_STORED = 4, /* a password is stored: 8 stars until something is typed */
	UI_INPUT_FRESH = 8   /* what is typed or pasted first replaces the text; any other
				key that edits or moves keeps it */
};

struct ui_input {
	struct str text;
	size_t cur;  /* insertion point, byte offset at the start of a sign */
	size_t left; /* first byte shown */
	unsigned flags;
	bool shown; /* password in the clear */
	char mark;  /* validity, drawn right after the ]; 0: none */
};

enum ui_edit {
	UI_EDIT_NONE,    /* not for a field: Enter, Esc, Tab, Up, Down, function keys */
	UI_EDIT_MOVED,   /* cursor or view only */
	UI_EDIT_CHANGED, /* the text is another one */
	UI_EDIT_CUT      /* changed by a paste of which only the first line was taken */
};

/* An empty field. Storage is the caller's; ui_input_free releases the text. */
void ui_input_init(struct ui_input *in, unsigned flags);
void ui_input_free(struct ui_input *in);

/* Replace the text; the cursor goes behind it. Copies. */
void ui_input_set(struct ui_input *in, struct sv text);

/* The bytes, valid until the next edit. */
struct sv ui_input_text(const struct ui_input *in);

enum ui_edit ui_input_event(struct ui_input *in, const struct ui_event *ev);

/* Draw the field with its brackets in at.w columns and its mark in the column after.
 * focused places the terminal's cursor. */
void ui_input_draw(
	struct ui_input *in, const struct ui_canvas *c, struct ui_at at, bool focused);

/* --- in place on a row ---------------------------------------------------------------
 */

struct ui_inline {
	bool open;
	size_t id; /* the caller's: which row or value is open */
	struct ui_input in;
	struct str old;
	bool cut; /* the last paste lost what followed its first line */
};

enum ui_inline_result {
	UI_INLINE_CLOSED,  /* no field is open: the event is the screen's */
	UI_INLINE_IGNORED, /* open, but not for the field (Up, F1, ...) */
	UI_INLINE_HELD,    /* dealt with */
	UI_INLINE_CHANGED, /* the text changed: judge it and set f->in.mark */
	UI_INLINE_ACCEPT,  /* Enter: closed; f->in still has the text until the next open
			    */
	UI_INLINE_CANCEL   /* Esc: closed, f->in has the old text again */
};

/* Open the field with value (copied). To open it with pasted text instead, use
 * ui_inline_paste: value is then what Esc gives back. */
void ui_inline_open(struct ui_inline *f, size_t id, struct sv value, unsigned flags);

void ui_inline_paste(struct ui_inline *f, size_t id, struct sv value, unsigned flags,
	struct sv pasted);

enum ui_inline_result ui_inline_event(struct ui_inline *f, const struct ui_event *ev);

/* Whether the accepted text differs from the value it was opened with: write only then.
 */
bool ui_inline_changed(const struct ui_inline *f);

/* Draw the field if it is open on id; false when it is not (draw the bare value then). */
bool ui_inline_draw(
	struct ui_inline *f, size_t id, const struct ui_canvas *c, struct ui_at at);

void ui_inline_free(struct ui_inline *f);

#endif
