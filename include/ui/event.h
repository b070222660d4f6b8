/* SPDX-License-Identifier: MIT
 *
 * What a person does, as values. A key is one int: a wide character as it was typed, a
 * control character (UI_CTRL('g')), or one of enum ui_key, which lie above all of
 * Unicode. A paste is one event and never a row of keys, so pasted text cannot trigger a
 * command. Screens and dialogs only see KEY, PASTE and MOUSE; the frame deals with the
 * rest.
 */
#ifndef PR_UI_EVENT_H
#define PR_UI_EVENT_H

#include "base/str.h"

enum ui_event_kind {
	UI_EV_NONE, /* a deadline passed, or a watched descriptor was served */
	UI_EV_KEY,
	UI_EV_PASTE,
	UI_EV_MOUSE,
	UI_EV_RESIZE,
	UI_EV_QUIT /* SIGTERM, SIGHUP, or the terminal went away */
};

enum ui_key {
	UI_KEY_UP = 0x110000,
	UI_KEY_DOWN,
	UI_KEY_LEFT,
	UI_KEY_RIGHT,
	UI_KEY_HOME,
	UI_KEY_END,
	UI_KEY_PGUP,
	UI_KEY_PGDN,
	UI_KEY_INSERT,
	UI_KEY_DELETE,
	UI_KEY_BACKSPACE,
	UI_KEY_ENTER,
	UI_KEY_TAB,
	UI_KEY_BACKTAB,
	UI_KEY_ESC,
	UI_KEY_F1,
	UI_KEY_F2,
	UI_KEY_F3,
	UI_KEY_F4,
	UI_KEY_F5,
	UI_KEY_F6,
	UI_KEY_F7,
	UI_KEY_F8,
	UI_KEY_F9,
	UI_KEY_F10,
	UI_KEY_F11,
	UI_KEY_F12
};

enum ui_mouse { UI_MOUSE_CLICK, UI_MOUSE_DOUBLE, UI_MOUSE_WHEEL_UP, UI_MOUSE_WHEEL_DOWN };

#define UI_CTRL(letter) ((letter)&0x1f)

struct ui_event {
	enum ui_event_kind kind;
	int key;             /* UI_EV_KEY */
	struct sv paste;     /* UI_EV_PASTE; valid until the next event is asked for */
	enum ui_mouse mouse; /* UI_EV_MOUSE, at y, x of the screen, from 0 */
	int y, x;
};

/* Whether the event is the press of that key. */
static inline bool
ui_event_is(const struct ui_event *ev, int key)
{
	return ev->kind == UI_EV_KEY && ev->key == key;
}

/* Whether the event types a character: no control character, no function key. */
static inline bool
ui_event_is_text(const struct ui_event *ev)
{
	return ev->kind == UI_EV_KEY && ev->key >= 0x20 && ev->key != 0x7f &&
	       ev->key < UI_KEY_UP;
}

#endif
