/* SPDX-License-Identifier: MIT
 *
 * An aliases(5) file as a document: name: targets. It stands on doc.h (lossless, entries
 * with lasting ids) and adds what the lines mean: names, targets, disabled aliases
 * (#name: targets), description comments, and edits that keep an entry's style. Of equal
 * names the FIRST counts, as in Postfix. A million entries are ordinary: loading copies
 * nothing, the index by name is built at the first lookup, the filter scans bytes.
 * Undo works through doc_restore() on the entries of doc; nothing here needs to be told.
 * Functions that edit return false with a finding when what is asked can't be written.
 */
#ifndef PR_TEXT_ALIASES_H
#define PR_TEXT_ALIASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/str.h"
#include "text/altok.h"
#include "text/doc.h"

struct al_index;

struct aliases {
	struct doc doc;      /* for saving, undo and diffs */
	struct al_index *ix; /* NULL until the first lookup by name */
};

/* A growing list of entry ids; free() v. */
struct al_ids {
	uint32_t *v;
	size_t n, cap;
};

/* Take n loaded bytes (freed through free_orig, NULL: free()) and cut them into entries.
 */
void al_load(struct aliases *al, char *take_bytes, size_t n,
	void (*free_orig)(char *, size_t));
void al_free(struct aliases *al);

/* Is this a row of a list: an alias, on or off, or a line that postalias drops? Deleted
 * ones count until they are saved, unless they were never saved. */
bool al_is_row(const struct aliases *al, uint32_t id);

/* All rows in file order, appended to out. */
void al_rows(const struct aliases *al, struct al_ids *out);

/* The name as written, quotes included; empty for entries without one. */
struct sv al_name(const struct aliases *al, uint32_t id);

/* Append the name as Postfix stores it: unquoted, small letters. */
void al_key(const struct aliases *al, uint32_t id, struct str *out);

/* Append the targets as written, on one line with single blanks between them; the whole
 * text of a line without a colon. */
void al_value(const struct aliases *al, uint32_t id, struct str *out);

/* Append the targets to out; a disabled alias has them too. */
void al_targets_get(const struct aliases *al, uint32_t id, struct al_targets *out);

/* Append the logical line to *line; its targets stand behind *value bytes. */
void al_value_line(
	const struct aliases *al, uint32_t id, struct str *line, size_t *value);

/* Where byte `at` of that line is: how many lines below the entry's first, and the column
 * in bytes, from 1. */
void al_place(
	const struct aliases *al, uint32_t id, size_t at, uint32_t *lines, uint32_t *col);

/* Why postalias drops an ENTRY_BAD, AL_OK for the others. */
enum al_fault al_fault_of(const struct aliases *al, uint32_t id);

/* --- lookup by name; name is plain, or quoted as in the file --- */

/* The entry that counts: the first alias of that name that is on; DOC_NO_ID if none. */
uint32_t al_find(struct aliases *al, struct sv name);

/* As al_find, else the first one that is off. */
uint32_t al_find_any(struct aliases *al, struct sv name);

/* All living entries of that name, on and off, in file order, appended to out. */
void al_find_all(struct aliases *al, struct sv name, struct al_ids *out);

/* Does an earlier entry of the same name make this alias count for nothing? */
bool al_is_shadowed(struct aliases *al, uint32_t id);

/* --- edits --- */

struct al_edit {
	struct sv name;                   /* plain, or quoted as in the file */
	const struct al_targets *targets; /* raw texts are written; one target each */
	struct sv comment;                /* description; .p NULL: leave, empty: none */
	bool off;
};

/* Change entry *id, or with *id DOC_NO_ID add one behind the last alias; *id is then the
 * new entry. Only what differs is written; equal values make no edit. */
bool al_set(struct aliases *al, uint32_t *id, const struct al_edit *e, struct diags *d);

/* Delete the entry and its description. */
void al_remove(struct aliases *al, uint32_t id);

/* Put '#' before each line of an alias, or take it away. */
bool al_disable(struct aliases *al, uint32_t id, struct diags *d);
bool al_enable(struct aliases *al, uint32_t id, struct diags *d);

/* Add those of more that are missing; take those of fewer away (what Postfix makes of
 * them is compared). Taking the last target away is refused. */
bool al_add_targets(
	struct aliases *al, uint32_t id, const struct al_targets *more, struct diags *d);
bool al_remove_targets(
	struct aliases *al, uint32_t id, const struct al_targets *fewer, struct diags *d);

/* The description: the comment right above the entry, if the line behind the entry is
 * blank, a comment, or the end; without '#', its lines joined by blanks. False: none. */
bool al_description(const struct aliases *al, uint32_t id, struct str *out);

/* Give, change, or (empty text) take away the description. Blank lines are added where
 * without them the comment would be read as a heading. */
bool al_set_description(struct aliases *al, uint32_t id, struct sv text, struct diags *d);

/* --- filter --- */

struct al_filter {
	struct al_ids hits; /* rows that match, in file order */
	struct str needle;  /* that hits were made for */
	uint64_t gen;       /* of the document, then */
	bool ready;
};

/* Rows whose name or targets hold needle (ASCII case doesn't matter); an empty needle
 * gives all rows. Keeps the answer, and uses it when the needle grows. */
void al_filter(const struct aliases *al, struct sv needle, struct al_filter *f);
void al_filter_free(struct al_filter *f);

/* --- findings --- */

#define AL_CHECK_MAX                                                                     \
	1000 /* findings of one call; one more says that there are others                \
	      */

/* Lines that postalias drops or ignores, and aliases that an earlier one shadows. */
void al_check(struct aliases *al, const char *file, struct diags *d);

#endif
