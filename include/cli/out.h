/* SPDX-License-Identifier: MIT
 *
 * Output of commands. Text from files is hostile: on a terminal its control bytes, what
 * isn't valid in the locale and what hides or turns its neighbours become \xNN; into a
 * pipe or file it goes as it is. JSON holds U+FFFD in such places and the bytes in
 * base64. For src/cli/ only.
 */
#ifndef PR_CLI_OUT_H
#define PR_CLI_OUT_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "base/diag.h"
#include "base/str.h"

/* Append text as it may be shown on a terminal. Line feeds stay when lines is set. */
void out_escape(struct str *out, struct sv text, bool lines);

/* Write text to stream: escaped if that is a terminal. Line feeds stay as they are. */
void out_text(FILE *stream, struct sv text);

/* One formatted line (the line end is added) to stdout, or to stderr for people. */
void out_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void out_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Columns: what a heading needs to line up with its rows. */
struct out_table {
	size_t ncols;
	size_t ncells, cap;
	char **cell; /* owned */
};
void out_cell(struct out_table *t, const char *text);
/* Write the rows with two blanks between columns, and free them. */
void out_table_end(struct out_table *t);

/* text as a JSON string; what isn't UTF-8 becomes U+FFFD and *bad is set. NULL gives
 * null. The caller owns the result. */
json_t *out_json_text(const char *text, bool *bad);
/* obj[key] = text, and the raw bytes in base64 as obj["bytes"] (KEY_bytes when that is
 * taken) where text isn't UTF-8. */
void out_json_set(json_t *obj, const char *key, const char *text);
json_t *out_json_finding(const struct diag *d);
json_t *out_json_findings(const struct diags *d);
/* Print the document and free it. */
void out_json_end(json_t *doc);

#endif
