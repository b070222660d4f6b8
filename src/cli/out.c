/* SPDX-License-Identifier: MIT
 *
 * Text output. Invariant: no byte of a file reaches a terminal unless the locale says
 * that it prints and it leaves what stands around it alone.
 */
#include "cli/out.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "base/mem.h"
#include "base/shown.h"

static bool
may_show(wchar_t c, bool lines)
{
	if (c == L'\t')
		return true;
	if (c == L'\n')
		return lines;
	return iswprint((wint_t)c) && !shown_is_hostile(c);
}

/* The sign at p: its bytes (at least 1), and in *shown whether it may be shown. */
static size_t
next_sign(const char *p, size_t n, bool lines, bool *shown)
{
	mbstate_t state = {0};
	wchar_t c = 0;
	size_t len = mbrtowc(&c, p, n, &state);

	if (len == 0 || len > n) {
		*shown = false;
		return 1;
	}
	*shown = may_show(c, lines);
	return len;
}

void
out_escape(struct str *out, struct sv text, bool lines)
{
	for (size_t i = 0; i < text.n;) {
		bool shown;
		size_t len = next_sign(text.p + i, text.n - i, lines, &shown);

		if (shown)
			str_add(out, text.p + i, len);
		else
			for (size_t k = 0; k < len; k++)
				str_addf(out, "\\x%02X", (unsigned char)text.p[i + k]);
		i += len;
	}
}

static bool
is_terminal(FILE *stream)
{
	return isatty(fileno(stream)) == 1;
}

void
out_text(FILE *stream, struct sv text)
{
	struct str safe = {0};

	if (is_terminal(stream)) {
		out_escape(&safe, text, true);
		text = str_sv(&safe);
	}
	if (text.n)
		(void)fwrite(text.p, 1, text.n, stream);
	str_free(&safe);
}

static void put_line(FILE *stream, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

static void
put_line(FILE *stream, const char *fmt, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		return;
	out_text(stream, sv_of(text));
	(void)fputc('\n', stream);
	free(text);
}

void
out_line(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put_line(stdout, fmt, args);
	va_end(args);
}

void
out_say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put_line(stderr, fmt, args);
	va_end(args);
}

void
out_cell(struct out_table *t, const char *text)
{
	struct str safe = {0};

	t->cell = mem_grow(t->cell, &t->cap, t->ncells + 1, sizeof(*t->cell));
	if (text && is_terminal(stdout))
		out_escape(&safe, sv_of(text), false);
	else if (text)
		str_add_cstr(&safe, text);
	t->cell[t->ncells++] = str_take(&safe);
}

/* Columns on the screen; a byte that is no sign counts one. */
static size_t
width_of(const char *text)
{
	size_t width = 0;
	size_t n = strlen(text);

	for (size_t i = 0; i < n;) {
		mbstate_t state = {0};
		wchar_t c = 0;
		size_t len = mbrtowc(&c, text + i, n - i, &state);
		int w = len > 0 && len <= n - i ? wcwidth(c) : 1;

		width += w > 0 ? (size_t)w : 0;
		i += len > 0 && len <= n - i ? len : 1;
	}
	return width;
}

static void
put_row(const struct out_table *t, size_t first, const size_t *width)
{
	size_t last = t->ncols - 1;

	while (last > 0 && t->cell[first + last][0] == '\0')
		last--;
	for (size_t c = 0; c <= last; c++) {
		const char *text = t->cell[first + c];

		(void)fputs(text, stdout);
		for (size_t pad = width_of(text); c < last && pad < width[c] + 2; pad++)
			(void)fputc(' ', stdout);
	}
	(void)fputc('\n', stdout);
}

void
out_table_end(struct out_table *t)
{
	size_t *width = mem_new(t->ncols, sizeof(*width));

	for (size_t i = 0; i < t->ncells; i++) {
		size_t w = width_of(t->cell[i]);

		if (w > width[i % t->ncols])
			width[i % t->ncols] = w;
	}
	for (size_t i = 0; i + t->ncols <= t->ncells; i += t->ncols)
		put_row(t, i, width);
	for (size_t i = 0; i < t->ncells; i++)
		free(t->cell[i]);
	free(t->cell);
	free(width);
	*t = (struct out_table){0};
}
