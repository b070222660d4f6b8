/* SPDX-License-Identifier: MIT
 *
 * Slices and growing strings. Invariant: a struct str that has memory has a NUL at p[n].
 */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

struct sv
sv_sub(struct sv v, size_t from, size_t n)
{
	if (from > v.n)
		from = v.n;
	if (n > v.n - from)
		n = v.n - from;
	return sv_make(v.p ? v.p + from : "", n);
}

struct sv
sv_trim(struct sv v)
{
	while (v.n && is_blank_char(v.p[0])) {
		v.p++;
		v.n--;
	}
	while (v.n && is_blank_char(v.p[v.n - 1]))
		v.n--;
	return v;
}

bool
sv_eq(struct sv a, struct sv b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
sv_eq_str(struct sv a, const char *b)
{
	return sv_eq(a, sv_of(b));
}

bool
sv_eq_fold(struct sv a, struct sv b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (fold_char(a.p[i]) != fold_char(b.p[i]))
			return false;
	return true;
}

bool
sv_starts(struct sv v, const char *prefix)
{
	size_t n = strlen(prefix);

	return v.n >= n && (n == 0 || memcmp(v.p, prefix, n) == 0);
}

bool
sv_ends(struct sv v, const char *suffix)
{
	size_t n = strlen(suffix);

	return v.n >= n && (n == 0 || memcmp(v.p + v.n - n, suffix, n) == 0);
}

ptrdiff_t
sv_find(struct sv v, char c)
{
	const char *hit = v.n ? memchr(v.p, c, v.n) : NULL;

	return hit ? hit - v.p : -1;
}

ptrdiff_t
sv_find_sv(struct sv v, struct sv part)
{
	const char *hit;

	if (part.n == 0)
		return 0;
	if (v.n < part.n)
		return -1;
	hit = memmem(v.p, v.n, part.p, part.n);
	return hit ? hit - v.p : -1;
}

int
sv_cmp(struct sv a, struct sv b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int r = n ? memcmp(a.p, b.p, n) : 0;

	if (r)
		return r;
	return a.n < b.n ? -1 : a.n > b.n;
}

char *
sv_dup(struct sv v)
{
	return mem_strndup(v.p, v.n);
}

bool
sv_to_uint(struct sv v, uint64_t max, uint64_t *out)
{
	uint64_t n = 0;

	if (v.n == 0)
		return false;
	for (size_t i = 0; i < v.n; i++) {
		uint64_t digit = (uint64_t)(unsigned char)v.p[i] - '0';

		if (!is_digit_char(v.p[i]) || n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	if (n > max)
		return false;
	*out = n;
	return true;
}

bool
sv_token(struct sv *rest, const char *seps, struct sv *token)
{
	size_t i = 0, start;

	while (i < rest->n && rest->p[i] && strchr(seps, rest->p[i]))
		i++;
	start = i;
	while (i < rest->n && !(rest->p[i] && strchr(seps, rest->p[i])))
		i++;
	*token = sv_sub(*rest, start, i - start);
	*rest = sv_sub(*rest, i, rest->n - i);
	return token->n > 0;
}

bool
sv_line(struct sv *rest, struct sv *line)
{
	ptrdiff_t end;

	if (rest->n == 0)
		return false;
	end = sv_find(*rest, '\n');
	*line = end < 0 ? *rest : sv_sub(*rest, 0, (size_t)end);
	*rest = sv_sub(*rest, end < 0 ? rest->n : (size_t)end + 1, rest->n);
	return true;
}

uint32_t
sv_count_lines(struct sv v)
{
	struct sv line;
	uint32_t n = 0;

	while (sv_line(&v, &line))
		n++;
	return n;
}

bool
sv_has_word(struct sv v, const char *seps, const char *word)
{
	struct sv token;

	while (sv_token(&v, seps, &token))
		if (sv_eq_str(token, word))
			return true;
	return false;
}

bool
sv_same_words(struct sv a, struct sv b)
{
	struct sv x, y;
	bool more;

	do {
		more = sv_token(&a, " \t\r\n", &x);
		if (sv_token(&b, " \t\r\n", &y) != more || !sv_eq(x, y))
			return false;
	} while (more);
	return true;
}

void
str_free(struct str *s)
{
	free(s->p);
	*s = (struct str){0};
}

void
str_wipe(struct str *s)
{
	if (s->p)
		explicit_bzero(s->p, s->cap);
	str_free(s);
}

void
str_clear(struct str *s)
{
	s->n = 0;
	if (s->p)
		s->p[0] = '\0';
}

void
str_add(struct str *s, const char *p, size_t n)
{
	s->p = mem_grow(s->p, &s->cap, s->n + n + 1, 1);
	if (n)
		memcpy(s->p + s->n, p, n);
	s->n += n;
	s->p[s->n] = '\0';
}

void
str_add_sv(struct str *s, struct sv v)
{
	str_add(s, v.p, v.n);
}

void
str_add_cstr(struct str *s, const char *z)
{
	str_add(s, z, strlen(z));
}

void
str_add_char(struct str *s, char c)
{
	str_add(s, &c, 1);
}

static void
add_formatted(struct str *s, const char *fmt, va_list args)
{
	va_list again;
	int n;

	va_copy(again, args);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): started by the caller */
	n = vsnprintf(NULL, 0, fmt, args);
	if (n > 0) {
		s->p = mem_grow(s->p, &s->cap, s->n + (size_t)n + 1, 1);
		/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): va_copy above */
		vsnprintf(s->p + s->n, (size_t)n + 1, fmt, again);
		s->n += (size_t)n;
	}
	va_end(again);
}

void
str_addf(struct str *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_formatted(s, fmt, args);
	va_end(args);
}

char *
str_take(struct str *s)
{
	char *p = s->p ? s->p : mem_strndup("", 0);

	*s = (struct str){0};
	return p;
}

char *
str_format(const char *fmt, ...)
{
	struct str s = {0};
	va_list args;

	va_start(args, fmt);
	add_formatted(&s, fmt, args);
	va_end(args);
	return str_take(&s);
}
