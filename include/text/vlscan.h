/* SPDX-License-Identifier: MIT
 *
 * What vlist's edits know about a value: its physical lines, items and style. For vlist
 * and vledit only. Slices point into the raw bytes that were scanned.
 */
#ifndef PR_TEXT_VLSCAN_H
#define PR_TEXT_VLSCAN_H

#include "text/vlist.h"

#define VLS_NONE SIZE_MAX

struct vls_line {
	size_t start, end, next; /* end: before the line end; next: after it */
	enum vl_line kind;
};

struct vls_style {
	bool commas;   /* items are separated by commas */
	bool one_line; /* all on one line, none off */
	bool wrapped;  /* some line has several items */
	struct sv sep; /* between two items of a line */
	struct sv indent;
	const char *eol;
};

struct vls {
	struct vl_text t;
	struct vls_line *line;
	size_t nline, line_cap;
	struct vl_list items;
	struct vls_style style;
	size_t last_on; /* last item that is on, or VLS_NONE */
};

/* All that an edit has to know, style and lines included. */
void vls_scan(struct vls *s, const struct vl_text *t);
void vls_free(struct vls *s);

static inline size_t
vls_end(const struct vl_item *it)
{
	return it->off + it->len;
}

static inline struct sv
vls_text(const struct vls *s, const struct vl_item *it)
{
	return sv_sub(s->t.raw, it->off, it->len);
}

/* Does item at stand behind another one on the same line? */
bool vls_joined_prev(const struct vls *s, size_t at);
bool vls_joined_next(const struct vls *s, size_t at);

/* Does item at begin a line of its own right (not that of the '=')? */
bool vls_starts_line(const struct vls *s, size_t at);

/* The first item at or after at that is on, or VLS_NONE. */
size_t vls_next_on(const struct vls *s, size_t at);

/* Offset of the comma behind item at, before the next item that is on; VLS_NONE: none. */
size_t vls_comma_after(const struct vls *s, size_t at);

/* First line of item at with its note. */
size_t vls_block_line(const struct vls *s, size_t at);

/* The blanks that line starts with. */
struct sv vls_indent_of(const struct vls *s, size_t line);

#endif
