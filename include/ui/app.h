/* SPDX-License-Identifier: MIT
 *
 * The running full screen: a row of screens behind tabs, at most one of them open; over
 * it pushed layers (Review, dialogs), of which only the top one is drawn and gets keys.
 * There are no nested loops: a dialog is pushed, and calls its owner when it is done.
 * After each burst of events everything is drawn anew, and only what differs is sent.
 *
 * Keys go: top layer's event() first; what it ignores and no field is typing in goes to
 * the commands that all screens share (1-9, n N, u, Ctrl-R, w F2, F5 R, ? F1, q F10;
 * Ctrl-G Ctrl-O Ctrl-X also while typing; Ctrl-L always).
 */
#ifndef PR_UI_APP_H
#define PR_UI_APP_H

#include "ui/draw.h"
#include "ui/event.h"
#include "ui/frame.h"
#include "ui/term.h"

struct ui_app;

enum { UI_TABS_MAX = 9 };

/* What a pushed layer shows in rows 1 and 2 in place of the screens' own. */
struct ui_head {
	const char *title; /* in place of Postfix, version and state; the layer's */
	struct ui_tab tab[UI_TABS_MAX];
	size_t n, active;
};

enum ui_result {
	UI_IGNORED, /* not my key */
	UI_HANDLED,
	UI_DONE /* a pushed layer closes; on a tab's screen the same as HANDLED */
};

/* What a screen or a dialog does. self is what open returned (or was pushed). Only draw
 * is compulsory; NULL means nothing to do, no keys, no message. */
struct ui_ops {
	/* Tab screens only: make self, at the first visit. owner is ui_owner.ctx. */
	void *(*open)(struct ui_app *app, void *owner);
	void (*close)(void *self);
	/* Screens get the body (all but title, tabs, message, keys); dialogs the same. */
	void (*draw)(void *self, const struct ui_canvas *body);
	enum ui_result (*event)(void *self, const struct ui_event *ev);
	/* The two rows under the body for what has the focus; empty where all is well. */
	void (*message)(void *self, struct ui_message *out);
	void (*keys)(void *self, struct ui_keybar *bar);
	/* Whether a text field is open: letters are text, not commands. */
	bool (*typing)(void *self);
	/* When tick wants to be called (ui_term_now clock); 0: not. */
	int64_t (*deadline)(void *self);
	void (*tick)(void *self, int64_t now);
	/* Put the focus on the next (dir 1) or previous (-1) problem; from_edge: the
	 * first or last one of the screen. False when there is none further. */
	bool (*problem)(void *self, int dir, bool from_edge);
	/* The screen becomes or ceases to be the visible one (a field open in place may
	 * be accepted, cached rows be rebuilt). A pushed layer is told when what stood
	 * over it is gone. */
	void (*show)(void *self, bool visible);
	/* Pushed layers only: their own head, also while others are open over them;
	 * false: the screens' one. pick: one of its tabs was chosen; what stood over it
	 * is gone. */
	bool (*head)(void *self, struct ui_head *out);
	void (*pick)(void *self, size_t tab);
};

/* One row of the screen table. */
struct ui_screen {
	const char *id;    /* "networks": also the command line's name for it */
	const char *title; /* N_(), on its tab */
	int digit;         /* '1' to '9' */
	const struct ui_ops *ops;
};

enum ui_command {
	UI_CMD_HELP,
	UI_CMD_REVIEW,
	UI_CMD_REREAD,
	UI_CMD_UNDO,
	UI_CMD_REDO,
	UI_CMD_QUIT,
	UI_CMD_CHANGED, /* an apply met a file that somebody else changed */
	UI_CMD_KEEP,    /* leave, with what waits kept as a draft */
	UI_CMD_HANGUP   /* the terminal goes away or SIGTERM: save, then ui_app_stop */
};

/* Who owns the app. Every function is called from within ui_app_run. */
struct ui_owner {
	void *ctx;
	const struct ui_screen *const *screens;
	size_t nscreens;
	/* Fill row 1; texts stay valid until the next call. */
	void (*title)(void *ctx, struct ui_title *out);
	/* The worst mark of a screen, for its tab; 0: none. NULL: no marks. */
	char (*mark)(void *ctx, const struct ui_screen *screen);
	void (*command)(void *ctx, struct ui_app *app, enum ui_command cmd);
	/* Before each wait, after drawing (what to watch may have changed). Returns when
	 * it wants to be called again at the latest (ui_term_now clock); 0: no matter.
	 * NULL: nothing to do. */
	int64_t (*before_wait)(void *ctx, struct ui_app *app);
};

/* The owner struct is copied, its tables are borrowed; the terminal stays the caller's.
 */
struct ui_app *ui_app_new(struct ui_term *term, const struct ui_owner *owner);

/* Run on screen no. first until ui_app_stop. */
void ui_app_run(struct ui_app *app, size_t first);
void ui_app_stop(struct ui_app *app);
void ui_app_destroy(struct ui_app *app);

struct ui_term *ui_app_term(struct ui_app *app);

/* Choose the screen of a tab; pushed layers are closed. */
void ui_app_go(struct ui_app *app, size_t screen);
size_t ui_app_at(const struct ui_app *app);

/* The number of the screen with that id; nscreens when there is none. */
size_t ui_app_find(const struct ui_app *app, const char *id);

/* The open screen's self, opening it if need be (to put its focus somewhere). */
void *ui_app_screen(struct ui_app *app, size_t screen);

/* Push a layer; self is then closed by ops->close. is_dialog: the screen below it is
 * still drawn, without focus. */
void ui_app_push(
	struct ui_app *app, const struct ui_ops *ops, void *take_self, bool is_dialog);

/* Close the top pushed layer (from outside its own event function; inside return
 * UI_DONE). */
void ui_app_pop(struct ui_app *app);

/* Whether a layer is pushed. */
bool ui_app_is_covered(const struct ui_app *app);

/* Whether a layer is pushed that is no dialog: it stands in the place of the screen. */
bool ui_app_is_replaced(const struct ui_app *app);

/* Say something in the message area until the next key. second may be NULL. */
void ui_app_say(struct ui_app *app, char mark, const char *first, const char *second);

/* Give a command that all screens share, as its key does. */
void ui_app_command(struct ui_app *app, enum ui_command cmd);

/* Keys have been pressed so far? A dialog may open by itself only before the first. */
bool ui_app_had_key(const struct ui_app *app);

#endif
