/* SPDX-License-Identifier: MIT
 *
 * Logical lines. The idea of readllines(3) (postfix util/readllines.c): a line whose
 * first byte is white space continues, empty and comment lines neither end nor join a
 * logical line. Invariant: the pieces tile the bytes. Lines behind a piece that turn out
 * not to belong to it are looked at twice, never more often, so the scan is linear.
 */
#include "text/lline.h"

void
ll_start(struct ll_scan *s, struct sv bytes)
{
	*s = (struct ll_scan){bytes, 1};
}

/* Bytes of the first line of rest, line feed included. */
static size_t
line_length(struct sv rest)
{
	const char *hit = memchr(rest.p, '\n', rest.n);

	return hit ? (size_t)(hit - rest.p) + 1 : rest.n;
}

enum ll_kind
ll_line_kind(struct sv line)
{
	size_t i = 0;

	while (i < line.n && is_blank_char(line.p[i]))
		i++;
	if (i == line.n)
		return LL_BLANK;
	if (line.p[i] == '#')
		return LL_COMMENT;
	return i > 0 ? LL_ORPHAN : LL_TEXT;
}

/* How far the logical line that has been read up to `end` goes on; *lines counts. */
static size_t
continued(struct sv bytes, size_t end, uint32_t *lines)
{
	size_t at = end;
	uint32_t seen = *lines;

	while (at < bytes.n) {
		struct sv rest = sv_make(bytes.p + at, bytes.n - at);
		size_t n;

		if (rest.p[0] != '#' && !is_blank_char(rest.p[0]))
			break;
		n = line_length(rest);
		at += n;
		seen++;
		if (ll_line_kind(sv_make(rest.p, n)) == LL_ORPHAN) {
			end = at;
			*lines = seen;
		}
	}
	return end;
}

bool
ll_next(struct ll_scan *s, struct lline *out)
{
	uint32_t lines = 1;
	size_t n;

	if (s->rest.n == 0)
		return false;
	n = line_length(s->rest);
	out->kind = ll_line_kind(sv_make(s->rest.p, n));
	if (out->kind == LL_TEXT || out->kind == LL_ORPHAN)
		n = continued(s->rest, n, &lines);
	out->text = sv_make(s->rest.p, n);
	out->line = s->line;
	s->line += lines;
	s->rest = sv_make(s->rest.p + n, s->rest.n - n);
	return true;
}

void
ll_logical(struct sv text, struct str *out)
{
	size_t start = out->n;
	struct sv line;
	char *nul;

	while (sv_line(&text, &line)) {
		enum ll_kind kind = ll_line_kind(line);

		if (kind != LL_BLANK && kind != LL_COMMENT)
			str_add_sv(out, line);
	}
	if (!out->p)
		return;
	nul = memchr(out->p + start, '\0', out->n - start);
	if (nul)
		out->n = (size_t)(nul - out->p);
	while (out->n > start && is_blank_char(out->p[out->n - 1]))
		out->n--;
	out->p[out->n] = '\0';
}
