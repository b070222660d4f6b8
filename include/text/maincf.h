/* SPDX-License-Identifier: MIT
 *
 * main.cf over a document: entries are blank and comment lines, orphans, parameters, and
 * lines that Postfix refuses (ENTRY_BAD). What a line means is what Postfix 3.7's
 * postconf -n says: the last definition wins, names are case-sensitive, a value ends at a
 * NUL. Edits touch only the lines of the parameter that they are about, and keep its
 * style. Ids are the document's. A value handed in is one logical value: line ends in it
 * become blanks, blanks at both ends go, and nothing after a NUL is taken.
 */
#ifndef PR_TEXT_MAINCF_H
#define PR_TEXT_MAINCF_H

#include "text/doc.h"

enum mcf_fault { MCF_FINE, MCF_NO_NAME, MCF_NO_EQUALS };

/* Take n loaded bytes (see doc_init) and cut them into entries. Any bytes are accepted.
 */
void mcf_load(
	struct doc *d, char *take_bytes, size_t n, void (*free_orig)(char *, size_t));

/* May c stand in a parameter name of Postfix's own (letters, digits, '_')? */
bool mcf_is_name_char(char c);

/* Can this be written as a name? No blank, '=' or NUL in it, no '#' at its start. */
bool mcf_is_name(struct sv name);

/* Why Postfix refuses entry id; MCF_FINE for every entry that isn't ENTRY_BAD. */
enum mcf_fault mcf_fault(const struct doc *d, uint32_t id);

/* Name of a parameter entry as written; valid until the next edit. */
struct sv mcf_name(const struct doc *d, uint32_t id);

/* Offset in doc_text() of the byte after '='. */
size_t mcf_value_offset(const struct doc *d, uint32_t id);

/* The logical value (line ends and inner comments gone, blanks kept), appended to out. */
void mcf_value(const struct doc *d, uint32_t id, struct str *out);

/* The value as postconf -n prints it: each run of blanks is one. Appended to out. */
void mcf_value_shown(const struct doc *d, uint32_t id, struct str *out);

/* Where byte off of that value stands: *line counts from 0, the first line of the entry;
 * *col is in bytes, from 1. */
void mcf_value_place(
	const struct doc *d, uint32_t id, size_t off, uint32_t *line, uint32_t *col);

/* The effective (last) definition of name, or DOC_NO_ID. */
uint32_t mcf_find(const struct doc *d, struct sv name);

/* The next definition (of name; any when name.p is NULL) at or after *pos of the order,
 * *pos moves behind it. False when there is none. Start with *pos = 0. */
bool mcf_each(const struct doc *d, struct sv name, size_t *pos, uint32_t *id);

/* The last comment `#name = ...` (no blank after '#'), a sample or a definition that is
 * off, or DOC_NO_ID. */
uint32_t mcf_find_off(const struct doc *d, struct sv name);

/* Set name: edits the last definition, brings a removed one back, or puts a new line
 * where a person would (mcf_place). An equal value changes nothing; the loaded value
 * gives the loaded bytes. Returns the entry, or DOC_NO_ID when name can't be written. */
uint32_t mcf_set(struct doc *d, struct sv name, struct sv value);

/* Remove every definition of name, so that the default holds. False: there was none. */
bool mcf_unset(struct doc *d, struct sv name);

/* Put '#' before each line of a parameter or a line that Postfix refuses. False: id is
 * neither. */
bool mcf_comment_out(struct doc *d, uint32_t id);

/* Comment out every definition of name. False: there was none. */
bool mcf_comment_out_all(struct doc *d, struct sv name);

/* Make the definition that mcf_find_off() finds, with its `#    ...` lines, effective
 * again. DOC_NO_ID: none is there, or name is set already. */
uint32_t mcf_bring_back(struct doc *d, struct sv name);

/* Give a parameter entry other whole lines, such as a text that vlist made. False, and
 * nothing is done: they wouldn't be exactly this parameter. */
bool mcf_set_text(struct doc *d, uint32_t id, struct sv text);

/* Where in the order a new definition of name goes: after its last block of commented
 * samples, else after a related parameter that is set, else at the end. */
size_t mcf_place(const struct doc *d, struct sv name);

/* How many entries, from position pos on, the commented definition there spans: it and
 * its commented continuation lines. */
size_t mcf_off_extent(const struct doc *d, size_t pos);

/* The head of a logical line: bytes of its name, and the offset after '='. */
enum mcf_fault mcf_parse_head(struct sv text, size_t *name_len, size_t *value_off);

#endif
