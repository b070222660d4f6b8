/* SPDX-License-Identifier: MIT
 *
 * Lookup table source files over a document: one key and value a line (password map,
 * transport), or networks, one or several a line (mynetworks file). Entries: blank and
 * comment lines, orphans, ENTRY_ROW, and ENTRY_ROW_OFF: `#key ...` without a blank after
 * '#', where the reader takes the line for a row that is off. Logical lines are those of
 * main.cf. A note is the comment line `# text` right above a row. Values handed in are
 * one line; line ends in them become blanks.
 */
#ifndef PR_TEXT_TABLE_H
#define PR_TEXT_TABLE_H

#include "text/doc.h"

enum tbl_form {
	TBL_MAP, /* key and value; off is `#key value` where the key has one of . @ [ / *
		    : in it, and the value is one word or begins with one that has a colon
		  */
	TBL_NETS /* networks; off is `#item` that vl_looks_like_net */
};

/* Take n loaded bytes (see doc_init) and cut them into entries. Any bytes are accepted.
 */
void tbl_load(struct doc *d, enum tbl_form form, char *take_bytes, size_t n,
	void (*free_orig)(char *, size_t));

/* The key of a row, on or off, as written; valid until the next edit. */
struct sv tbl_key(const struct doc *d, uint32_t id);

/* The logical value of a row: what stands behind the key. Appended to out. */
void tbl_value(const struct doc *d, uint32_t id, struct str *out);

/* The next row (on or off) at or after *pos of the order; *pos moves behind it. */
bool tbl_each(const struct doc *d, size_t *pos, uint32_t *id);

/* The first row that is on and has this key; keys are compared without case, as indexed
 * tables fold them. DOC_NO_ID: none. */
uint32_t tbl_find(const struct doc *d, struct sv key);

/* Give the row with this key another value, or append one. The blanks between key and
 * value stay; a new row takes those of the other rows. DOC_NO_ID: the key can't be
 * written (empty, blanks outside quotes, '#' first). */
uint32_t tbl_set(struct doc *d, struct sv key, struct sv value);

/* Give a row, on or off, another key; what stands around it stays. False: the key can't
 * be written. */
bool tbl_rename(struct doc *d, uint32_t id, struct sv key);

/* A row behind the last one (of a file without rows: at its end); value may be empty. */
uint32_t tbl_append(struct doc *d, struct sv key, struct sv value);

/* A row with its lines and comments inside goes; with_note: the note above it too. */
void tbl_remove(struct doc *d, uint32_t id, bool with_note);

/* Comment a row out (a row of several lines becomes one, several networks one line each)
 * or in again. False: not a row, what is off would not be taken for a row again, or what
 * is on would take in an orphan behind it. */
bool tbl_set_on(struct doc *d, enum tbl_form form, uint32_t id, bool on);

/* The note above row id, or an empty slice. */
struct sv tbl_note(const struct doc *d, uint32_t id);

/* Write, change or (text empty) remove the note above row id. */
void tbl_set_note(struct doc *d, uint32_t id, struct sv text);

/* Replace a row of networks by other whole lines, such as vlist makes from one: they are
 * cut into entries of their own, and the first row keeps the id. */
void tbl_set_text(struct doc *d, uint32_t id, struct sv text);

#endif
