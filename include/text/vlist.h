/* SPDX-License-Identifier: MIT
 *
 * Lists inside a value: edits of one item that leave every other byte as it is. Items are
 * separated by commas, blanks and line ends; braces keep a group together. Two kinds of
 * comment lines have a meaning inside a value: `#item` (no blank after '#') is an item
 * that is off, and `# text` right above an item's line is its note. All functions are
 * pure and linear: from the raw bytes of an entry to new raw bytes appended to out,
 * always whole. Item numbers count items that are off too. False: nothing was appended
 * (no such item, or the text can't be an item); true with the same bytes: nothing to do.
 */
#ifndef PR_TEXT_VLIST_H
#define PR_TEXT_VLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define VL_WIDTH 78u /* a one-line value that grows wider is continued */

struct vl_text {
	struct sv raw; /* whole lines of an entry */
	size_t off; /* where the value begins: after '='; 0: rows of a file, items at the
		       start of lines */
	/* Is this text behind a '#' an item that is off? NULL: vl_looks_like_net. */
	bool (*accept)(struct sv item);
};

struct vl_item {
	size_t off, len;           /* the item in raw, without '#' and separators */
	size_t note_off, note_len; /* the text of its note without "# "; len 0: none */
	uint32_t line,
		last_line; /* physical lines in raw, from 0; braces may span some */
	bool is_off;
};

struct vl_list {
	struct vl_item *v;
	size_t n, cap;
};

enum vl_line {
	VL_LINE_BLANK,
	VL_LINE_TEXT,
	VL_LINE_OFF,    /* #item */
	VL_LINE_NOTE,   /* # text */
	VL_LINE_COMMENT /* any other */
};

/* Where reading a value item by item has come to. */
struct vl_scan {
	struct vl_text t;
	size_t at, end, next; /* the next byte to read, its line's end, the next line */
	size_t note_off, note_len; /* of the line above; len 0: it is no note */
	uint32_t nline;            /* lines begun; the current one is the last of them */
	enum vl_line kind;         /* of the current line */
	bool starts;               /* no item of the current line was read yet */
	size_t depth;              /* of braces */
	void (*seen)(
		void *ctx, const struct vl_scan *s); /* a line was begun; may be NULL */
	void *ctx;
};

/* Is v by its looks an address, a network, a path or a table, '!' before it allowed? */
bool vl_looks_like_net(struct sv v);

/* May v be written as one item: no separator outside braces, no '#' at its start? */
bool vl_is_item(struct sv v);

/* What one physical line inside a value is. */
enum vl_line vl_line_kind(struct sv line, bool (*accept)(struct sv item));

/* The items of t one by one, in their order, without memory of those before; false at
 * the end. */
void vl_start(struct vl_scan *s, const struct vl_text *t);
bool vl_next(struct vl_scan *s, struct vl_item *out);

/* The items of t, in their order; freed by vl_free. */
void vl_parse(const struct vl_text *t, struct vl_list *out);
void vl_free(struct vl_list *l);

/* Put an item before item number at (at or above the number of items: at the end). note
 * may be empty. */
bool vl_insert(const struct vl_text *t, size_t at, struct sv item, struct sv note,
	struct str *out);

/* Other text for an item; its place, note and state stay. False too where an item that is
 * off would not be taken for one with it. */
bool vl_replace(const struct vl_text *t, size_t at, struct sv item, struct str *out);

/* The item and its note go. */
bool vl_remove(const struct vl_text *t, size_t at, struct str *out);

/* The item, with note and state, becomes number to. */
bool vl_move(const struct vl_text *t, size_t from, size_t to, struct str *out);

/* Turn an item off (a comment line of its own; a line with several items is broken into
 * one item a line) or on again. */
bool vl_set_on(const struct vl_text *t, size_t at, bool on, struct str *out);

/* Write, change or (note empty) remove the note above an item. */
bool vl_set_note(const struct vl_text *t, size_t at, struct sv note, struct str *out);

#endif
