/* SPDX-License-Identifier: MIT
 *
 * Two kinds of text. struct sv is a borrowed slice of somebody else's bytes, never
 * NUL-terminated by promise, and may hold any byte. struct str owns growing bytes and
 * keeps a NUL after them. Case and character classes are ASCII only, as in Postfix,
 * whatever the locale says.
 */
#ifndef PR_BASE_STR_H
#define PR_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct sv {
	const char *p;
	size_t n;
};

struct str {
	char *p; /* NULL while empty and never used; else NUL-terminated */
	size_t n, cap;
};

static inline struct sv
sv_of(const char *s)
{
	return (struct sv){s, s ? strlen(s) : 0};
}

static inline struct sv
sv_make(const char *p, size_t n)
{
	return (struct sv){p, n};
}

/* The n bytes of v from offset from on, cut to what is there. */
struct sv sv_sub(struct sv v, size_t from, size_t n);

/* v without ASCII blanks (space, tab, CR, LF, VT, FF) at both ends. */
struct sv sv_trim(struct sv v);

bool sv_eq(struct sv a, struct sv b);
bool sv_eq_str(struct sv a, const char *b);
bool sv_eq_fold(struct sv a, struct sv b);
bool sv_starts(struct sv v, const char *prefix);
bool sv_ends(struct sv v, const char *suffix);

/* Offset of the first byte c in v, or -1. */
ptrdiff_t sv_find(struct sv v, char c);

/* Offset of the first occurrence of part in v, or -1. An empty part is found at 0. */
ptrdiff_t sv_find_sv(struct sv v, struct sv part);

/* Order of bytes as memcmp gives it, a prefix before its continuation. */
int sv_cmp(struct sv a, struct sv b);

/* A NUL-terminated copy; the caller frees it. */
char *sv_dup(struct sv v);

/* Read a decimal number without sign or blanks; false if v is not exactly one or exceeds
 * max. */
bool sv_to_uint(struct sv v, uint64_t max, uint64_t *out);

/* The next token of *rest split at any byte of seps; false when none is left. *rest moves
 * on. */
bool sv_token(struct sv *rest, const char *seps, struct sv *token);

/* The next line of *rest without its line feed; false when none is left. */
bool sv_line(struct sv *rest, struct sv *line);

/* How many lines there are; the last one counts without a line feed, too. */
uint32_t sv_count_lines(struct sv v);

/* Is one of the tokens of v, split at any byte of seps, just that word? */
bool sv_has_word(struct sv v, const char *seps, const char *word);

/* Do a and b have the same words, whatever blanks stand around them? */
bool sv_same_words(struct sv a, struct sv b);

void str_free(struct str *s);
/* The same, and its bytes are gone from memory: for passwords. */
void str_wipe(struct str *s);
void str_clear(struct str *s);
void str_add(struct str *s, const char *p, size_t n);
void str_add_sv(struct str *s, struct sv v);
void str_add_cstr(struct str *s, const char *z);
void str_add_char(struct str *s, char c);
void str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The bytes of s as a slice, valid until s changes. */
static inline struct sv
str_sv(const struct str *s)
{
	return (struct sv){s->p ? s->p : "", s->n};
}

/* The bytes of s as a C string, "" when empty; valid until s changes. */
static inline const char *
str_c(const struct str *s)
{
	return s->p ? s->p : "";
}

/* The C string of s, which is left empty; never NULL, the caller frees it. */
char *str_take(struct str *s);

/* A new formatted C string; the caller frees it. */
char *str_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The name of the file in its folder: what stands behind the last slash. */
static inline const char *
path_file(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static inline bool
is_blank_char(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

static inline bool
is_digit_char(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_alpha_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline char
fold_char(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

#endif
