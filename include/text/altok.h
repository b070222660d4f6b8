/* SPDX-License-Identifier: MIT
 *
 * The language inside an aliases(5) line: tokens as Postfix's tok822_scan cuts them, how
 * postalias judges a line, and how local(8) cuts a value into targets. Works on logical
 * text (inner comments and line ends gone, see lline.h) and touches no document. Blanks
 * separate targets like commas, so "a: b # c" has three. Nothing here can fail; what a
 * person typed is judged by the functions that return an enum. Lists own their texts.
 */
#ifndef PR_TEXT_ALTOK_H
#define PR_TEXT_ALTOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum al_tok_kind { AL_TOK_ATOM, AL_TOK_QUOTED, AL_TOK_COMMENT, AL_TOK_DOMAIN, AL_TOK_OP };

struct al_tok {
	enum al_tok_kind kind;
	char op;           /* AL_TOK_OP: the sign itself */
	bool closed;       /* a quote, bracket or comment that has its end */
	size_t start, end; /* as written, in the scanned text */
};

/* The next token of text from *pos on; *pos moves behind it. False at the end. */
bool al_tok_next(struct sv text, size_t *pos, struct al_tok *tok);

/* Append what the token means: without quotes and backslashes. */
void al_tok_plain(struct sv text, const struct al_tok *tok, struct str *out);

/* What postalias does with a logical line. All but AL_OK: the line is dropped. */
enum al_fault {
	AL_OK,
	AL_NO_COLON,    /* no colon outside quotes */
	AL_NO_NAME,     /* nothing, or an empty name, before the colon */
	AL_NO_TARGET,   /* nothing after it */
	AL_NAME_QUOTE,  /* the name's quote is never closed */
	AL_NAME_LIST,   /* a comma in the name */
	AL_NAME_DOMAIN, /* '@' or '%' outside quotes: a name must be local */
	AL_NOT_UTF8
};

/* Judge a logical line. *key_end: bytes of the name as written; *value: offset behind the
 * colon. Both are 0 when there is no colon. */
enum al_fault al_line_judge(struct sv line, size_t *key_end, size_t *value);

/* Append a name's meaning (unquoted), as it is stored, but with its capitals. */
void al_name_plain(struct sv written, struct str *out);

/* Append the form in which Postfix stores and looks up a plain name: ASCII capitals and
 * the common accented, Greek and Cyrillic ones become small. */
void al_name_fold(struct sv plain, struct str *out);

/* Append plain in quotes; those in it, and backslashes, with a backslash. */
void al_add_quoted(struct sv plain, struct str *out);

/* Append a plain name in the form in which it can be written before the colon. */
void al_name_quote(struct sv plain, struct str *out);

/* Append a value as postalias stores it: one blank where a token needs one, quotes
 * closed. */
void al_value_stored(struct sv value, struct str *out);

enum al_kind {
	AL_USER,
	AL_ADDRESS,
	AL_FILE,      /* /path, a maildir with '/' at the end */
	AL_PIPE,      /* |command */
	AL_INCLUDE,   /* :include:/path */
	AL_BACKSLASH, /* \user: Postfix drops the backslash */
	AL_BAD        /* nobody can get mail there */
};

struct al_target {
	char *raw;   /* as it is written in the file, quotes included; never NULL */
	char *plain; /* what Postfix makes of it; never NULL */
	enum al_kind kind;
	size_t start, end; /* place of raw in the parsed text */
};

struct al_targets {
	struct al_target *v;
	size_t n, cap;
};

/* Cut a value into targets as local(8) will, appended to out. */
void al_targets_parse(struct sv value, struct al_targets *out);

/* Cut what a person typed into targets, appended to out. A comma or blank ends one, but a
 * target that starts with '|' goes on to the end of the text and gets its quotes. */
void al_targets_typed(struct sv typed, struct al_targets *out);

/* Append one target as typed by a person, with the quotes that it needs to stay one. */
void al_target_quote(struct sv typed, struct str *out);

/* Put a target, written as raw, at the end of list. */
void al_targets_add(struct al_targets *list, struct sv raw);

/* Are the written targets the same, one by one? */
bool al_targets_equal(const struct al_targets *a, const struct al_targets *b);

void al_targets_free(struct al_targets *list);

#endif
