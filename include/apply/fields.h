/* SPDX-License-Identifier: MIT
 *
 * The small texts that postrelay keeps for itself (journal, history): a heading line,
 * lines of fields between single blanks, and a sum that shows that the text is whole.
 * What is read may be anything: each reader says false or NULL for what the writer beside
 * it wouldn't have written.
 */
#ifndef PR_APPLY_FIELDS_H
#define PR_APPLY_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "port/fs.h"

/* A text as one field, "-" when empty. */
void fields_add_text(struct str *s, const char *text);
/* The text of a field, or NULL; the caller frees it. */
char *fields_text(struct sv v);

/* A number in hex, as %x writes it. */
bool fields_number(struct sv v, uint64_t *out);

/* Size and hash of a file, with a blank before: " SIZE:HASH" in hex, " -" for none. */
void fields_add_id(struct str *s, const struct fileid *id);
bool fields_id(struct sv v, struct fileid *id);

/* End a text with its sum. */
void fields_seal(struct str *s);
/* Is it whole, and its first line this heading? Then *text becomes what stands between
 * heading and sum. */
bool fields_sealed(struct sv *text, const char *head);

/* Write everything; false with errno. */
bool fields_write_all(const struct fs_port *fs, int fd, struct sv bytes);
/* Make name in the folder a file (0600) of this text, waiting for the disk if asked to;
 * false with errno. */
bool fields_write(
	const struct fs_port *fs, int dir, const char *name, struct sv text, bool wait);
/* Its text, appended to out; BAD: a link, unreadable or too large. */
enum fields_got { FIELDS_NONE, FIELDS_OK, FIELDS_BAD };
enum fields_got fields_read(
	const struct fs_port *fs, int dir, const char *name, struct str *out);

#endif
