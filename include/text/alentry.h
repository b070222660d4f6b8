/* SPDX-License-Identifier: MIT
 *
 * What the parts of the aliases module share: an entry's text in its three forms (as in
 * the file, without the '#' of a disabled alias, and as a logical line), and the rules of
 * what belongs to an entry. Nobody outside the module needs this.
 */
#ifndef PR_TEXT_ALENTRY_H
#define PR_TEXT_ALENTRY_H

#include "text/aliases.h"

/* One stretch of a logical line: where it starts there and in the physical text. */
struct al_seg {
	size_t log, phys;
};

struct al_map {
	struct str line; /* the logical line */
	struct al_seg *seg;
	size_t n, cap;
};

/* The logical line of whole physical lines, and the way back. */
void al_map_make(struct sv text, struct al_map *m);
void al_map_free(struct al_map *m);

/* Offset in the physical text of byte `at` of the logical line. */
size_t al_map_phys(const struct al_map *m, size_t at);

/* Append text without the first '#' of each line, or with one. */
void al_text_on(struct sv text, struct str *out);
void al_text_off(struct sv text, struct str *out);

/* Bytes of the disabled alias that bytes start with, its '#' lines included; 0: none. */
size_t al_off_length(struct sv bytes, size_t *key_len);

/* Append entry id's text as it would be if it were on. */
void al_entry_on(const struct aliases *al, uint32_t id, struct str *out);

/* How many bytes at the start are letters, digits or - _ + = / .: a name of nothing else
 * stands for itself (no quotes, escapes or comments), whatever stands before the colon.
 */
size_t al_plain_length(struct sv text);

/* The kind and key length of a text (whole lines) that starts at its first byte. */
enum entry_kind al_text_kind(struct sv text, size_t *key_len);

/* Could this comment line belong to a disabled alias above it? after_comma: the alias's
 * text so far ends in a comma. */
bool al_is_off_continuation(struct sv line, bool after_comma);

/* The next living entry behind, or before, position pos; DOC_NO_ID if none. */
uint32_t al_next_alive(const struct doc *d, size_t pos);
uint32_t al_prev_alive(const struct doc *d, size_t pos);

bool al_is_alias(const struct doc *d, uint32_t id);

/* A blank line at position pos of the order. */
void al_insert_blank(struct aliases *al, size_t pos);
/* Behind a disabled alias, "#   prose" would be read as one of its lines: then a blank
 * line comes between the alias id and the comment behind it. */
void al_keep_apart(struct aliases *al, uint32_t id);

/* Swap entry id's text for the one given (whole lines, on or off); no edit if equal. */
bool al_put_text(struct aliases *al, uint32_t id, struct sv text);

/* Tell the index of an edit that has just been made to id; before it, gen was the
 * document's. */
void al_index_noted(struct aliases *al, uint32_t id, uint64_t gen);

void al_index_free(struct al_index *ix);

/* Living aliases that an earlier one of the same name shadows, in no order, appended to
 * out; an id may be there twice. */
void al_index_shadowed(struct aliases *al, struct al_ids *out);

/* The form of a name that al_find looks for. */
void al_name_sought(struct sv name, struct str *out);

void al_ids_push(struct al_ids *ids, uint32_t id);

/* The logical line of entry id, and where its value starts (its length: no value). */
size_t al_entry_line(const struct aliases *al, uint32_t id, struct str *out);

#endif
