/* SPDX-License-Identifier: MIT
 *
 * The rows that every screen shares: title, tabs, message area, keys. Screens and the
 * owner fill small structs; frame.c decides what gives way when the terminal is narrow.
 */
#ifndef PR_UI_FRAME_H
#define PR_UI_FRAME_H

#include "ui/draw.h"

/* Row 1. Texts are borrowed while the frame is drawn; product.h's order of giving way:
 * folder, the word "Postfix", the host's domain, then the version; never the counts. */
struct ui_title {
	const char *host;
	const char *product; /* "Postfix"; NULL when version is a text of its own */
	const char *version; /* "3.7.11", or "Setup, step 4 of 8" */
	const char *state;   /* "running"; NULL: none */
	const char *folder;
	const char *right; /* "!0 ?2 *0"; marks in it are coloured */
};

/* Rows 22 and 23: what will happen, and the way out. Long ones begin a row or two higher.
 */
struct ui_message {
	char mark;          /* '!' '?' 'o' or 0 */
	struct str line[2]; /* line[1] empty: line[0] may wrap over both rows */
};

/* Row 24. An entry that does not fit is left out whole, and shorter ones after it may
 * still be shown; the help entry is kept and comes last. */
enum { UI_KEYBAR_MAX = 16 };

struct ui_keybar {
	struct {
		const char *key, *label; /* borrowed; label may be "" */
	} entry[UI_KEYBAR_MAX];
	size_t n;
	const char *help_key;   /* "?" unless changed; NULL: no help entry */
	const char *help_label; /* _("help") unless changed */
};

struct ui_tab {
	int digit; /* '1' to '9' */
	const char *label;
	char mark; /* '!' '?' '*' or 0 */
};

/* Add an entry, the most useful first. */
void ui_keybar_add(struct ui_keybar *bar, const char *key, const char *label);

/* Set a message; second may be NULL. Texts are copied. */
void ui_message_set(
	struct ui_message *m, char mark, const char *first, const char *second);
void ui_message_free(struct ui_message *m);

void ui_frame_title(const struct ui_canvas *c, const struct ui_title *title);
void ui_frame_tabs(
	const struct ui_canvas *c, const struct ui_tab *tabs, size_t n, size_t active);
/* The tab at that column; n when there is none. */
size_t ui_frame_tab_at(
	int cols, const struct ui_tab *tabs, size_t n, size_t active, int col);
/* c is the message area, two rows or more; the second line begins in the first column. */
void ui_frame_message(const struct ui_canvas *c, const struct ui_message *m);
/* The same inside a dialog: the second line stands under the words of the first. */
void ui_frame_words(const struct ui_canvas *c, const struct ui_message *m);
/* How many rows of w columns hold all of it, at least 2 and at most `most`. */
int ui_frame_message_rows(const struct ui_message *m, int w, int most);
int ui_frame_words_rows(const struct ui_message *m, int w, int most);
void ui_frame_keys(const struct ui_canvas *c, const struct ui_keybar *bar);

#endif
