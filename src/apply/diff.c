/* SPDX-License-Identifier: MIT
 *
 * Common lines at both ends are cut off first (bytes, then back to a line's edge); a few
 * of them stay as context. The middle goes through Myers' greedy algorithm, which is
 * linear where little differs; its number of differences, and so its memory, is bounded.
 */
#include "apply/diff.h"

#include <stdlib.h>

#include "base/mem.h"

/* Differences Myers may look for: the trace holds about the square of it in 4-byte cells.
 */
enum { MAX_D = 1200 };

/* Lines of one side's middle as offsets; line i is at[i] .. at[i + 1]. */
struct side {
	struct sv text;
	uint32_t *at;
	size_t n, cap;
	uint32_t first_line; /* number of line 0 in the whole text, from 1 */
	bool *changed;
};

struct block {
	size_t a0, a1, b0, b1;
};

static size_t
common_prefix(struct sv a, struct sv b)
{
	size_t max = a.n < b.n ? a.n : b.n;
	size_t i = 0;

	while (max - i >= 4096 && memcmp(a.p + i, b.p + i, 4096) == 0)
		i += 4096;
	while (i < max && a.p[i] == b.p[i])
		i++;
	if (i == a.n && i == b.n)
		return i;
	while (i > 0 && a.p[i - 1] != '\n')
		i--;
	return i;
}

static bool
starts_line(struct sv t, size_t pos)
{
	return pos == 0 || t.p[pos - 1] == '\n';
}

/* Bytes of whole lines that both end with, not reaching into the first `from` bytes. */
static size_t
common_suffix(struct sv a, struct sv b, size_t from)
{
	size_t max = (a.n < b.n ? a.n : b.n) - from;
	size_t s = 0;

	while (max - s >= 4096 &&
		memcmp(a.p + a.n - s - 4096, b.p + b.n - s - 4096, 4096) == 0)
		s += 4096;
	while (s < max && a.p[a.n - s - 1] == b.p[b.n - s - 1])
		s++;
	if (s > 0 && starts_line(a, a.n - s) && starts_line(b, b.n - s))
		return s;
	while (s > 0 && a.p[a.n - s] != '\n')
		s--;
	return s > 0 ? s - 1 : 0;
}

static size_t
count_lines(const char *p, size_t n)
{
	const char *end = p + n;
	size_t lines = 0;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		lines++;
		p++;
	}
	return lines;
}

/* Move pos back over up to `lines` whole lines that end there. */
static size_t
back_lines(struct sv t, size_t pos, unsigned lines)
{
	for (; lines > 0 && pos > 0; lines--) {
		pos--;
		while (pos > 0 && t.p[pos - 1] != '\n')
			pos--;
	}
	return pos;
}

static size_t
forward_lines(struct sv t, size_t pos, unsigned lines)
{
	for (; lines > 0 && pos < t.n; lines--) {
		const char *lf = memchr(t.p + pos, '\n', t.n - pos);

		pos = lf ? (size_t)(lf - t.p) + 1 : t.n;
	}
	return pos;
}

static void
add_offset(struct side *s, size_t off)
{
	s->at = mem_grow(s->at, &s->cap, s->n + 1, sizeof *s->at);
	s->at[s->n++] = (uint32_t)off;
}

static void
split(struct side *s, size_t from, size_t to)
{
	size_t pos = from;

	while (pos < to) {
		const char *lf = memchr(s->text.p + pos, '\n', to - pos);

		add_offset(s, pos);
		pos = lf ? (size_t)(lf - s->text.p) + 1 : to;
	}
	add_offset(s, to);
	s->n--;
	s->changed = mem_new(s->n + 1, sizeof *s->changed);
}

static struct sv
line_of(const struct side *s, size_t i)
{
	return sv_make(s->text.p + s->at[i], s->at[i + 1] - s->at[i]);
}

static bool
same_line(const struct side *a, size_t i, const struct side *b, size_t j)
{
	return sv_eq(line_of(a, i), line_of(b, j));
}

static void
mark_all(struct side *a, struct side *b)
{
	for (size_t i = 0; i < a->n; i++)
		a->changed[i] = true;
	for (size_t j = 0; j < b->n; j++)
		b->changed[j] = true;
}

/* The furthest x on diagonal k, from the round before (its cells are -d+1 .. d-1). */
static ptrdiff_t
step_from(const int32_t *prev, ptrdiff_t d, ptrdiff_t k)
{
	if (d == 0)
		return 0;
	if (k == -d || (k != d && prev[k - 1 + d - 1] < prev[k + 1 + d - 1]))
		return prev[k + 1 + d - 1];
	return prev[k - 1 + d - 1] + 1;
}

/* One round of Myers: cur holds 2d+1 cells. True when the end was reached. */
static bool
myers_round(const struct side *a, const struct side *b, const int32_t *prev, int32_t *cur,
	ptrdiff_t d)
{
	ptrdiff_t n = (ptrdiff_t)a->n, m = (ptrdiff_t)b->n;

	for (ptrdiff_t k = -d; k <= d; k += 2) {
		ptrdiff_t x = step_from(prev, d, k);
		ptrdiff_t y = x - k;

		while (x < n && y < m && y >= 0 &&
			same_line(a, (size_t)x, b, (size_t)y)) {
			x++;
			y++;
		}
		cur[k + d] = (int32_t)x;
		if (x >= n && y >= m)
			return true;
	}
	return false;
}

/* Walk the kept rounds backwards and mark what was passed by a single step. */
static void
myers_mark(struct side *a, struct side *b, int32_t **rounds, ptrdiff_t d)
{
	ptrdiff_t x = (ptrdiff_t)a->n, y = (ptrdiff_t)b->n;

	for (; d > 0; d--) {
		const int32_t *prev = rounds[d - 1];
		ptrdiff_t k = x - y;
		bool down =
			k == -d || (k != d && prev[k - 1 + d - 1] < prev[k + 1 + d - 1]);
		ptrdiff_t pk = down ? k + 1 : k - 1;

		x = prev[pk + d - 1];
		y = x - pk;
		if (down && y < (ptrdiff_t)b->n)
			b->changed[y] = true;
		else if (!down && x < (ptrdiff_t)a->n)
			a->changed[x] = true;
	}
}

static void
compare(struct side *a, struct side *b)
{
	int32_t **rounds = mem_new(MAX_D + 1, sizeof *rounds);
	bool found = false;
	ptrdiff_t d = 0;

	for (; d <= MAX_D; d++) {
		rounds[d] = mem_new((size_t)(2 * d + 1), sizeof **rounds);
		found = myers_round(a, b, d > 0 ? rounds[d - 1] : NULL, rounds[d], d);
		if (found)
			break;
	}
	if (found)
		myers_mark(a, b, rounds, d);
	else
		mark_all(a, b);
	for (ptrdiff_t i = 0; i <= MAX_D; i++)
		free(rounds[i]);
	free(rounds);
}

static struct diff_line *
push(struct diff *out)
{
	struct diff_line *l;

	out->v = mem_grow(out->v, &out->cap, out->n + 1, sizeof *out->v);
	l = &out->v[out->n++];
	*l = (struct diff_line){0};
	return l;
}

static void
push_text(struct diff *out, char kind, const struct side *a, size_t i,
	const struct side *b, size_t j)
{
	struct diff_line *l = push(out);
	struct sv text = kind == '+' ? line_of(b, j) : line_of(a, i);

	l->kind = kind;
	l->no_eol = text.n == 0 || text.p[text.n - 1] != '\n';
	l->text = l->no_eol ? text : sv_sub(text, 0, text.n - 1);
	if (kind != '+')
		l->old_line = a->first_line + (uint32_t)i;
	if (kind != '-')
		l->new_line = b->first_line + (uint32_t)j;
	out->removed += kind == '-';
	out->added += kind == '+';
}

static uint32_t
hunk_start(const struct side *s, size_t i, size_t count)
{
	/* An empty side is named by the line before it: "-281,0". */
	return s->first_line + (uint32_t)i - (count == 0);
}

static void
push_hunk(struct diff *out, const struct side *a, const struct side *b,
	const struct block *bl, size_t nbl, size_t context)
{
	const struct block *last = &bl[nbl - 1];
	size_t before = bl->a0 < context ? bl->a0 : context;
	size_t after = a->n - last->a1 < context ? a->n - last->a1 : context;
	size_t i = bl->a0 - before, j = bl->b0 - before;
	struct diff_line *at = push(out);

	at->kind = '@';
	at->old_count = (uint32_t)(last->a1 + after - i);
	at->new_count = (uint32_t)(last->b1 + after - j);
	at->old_line = hunk_start(a, i, at->old_count);
	at->new_line = hunk_start(b, j, at->new_count);
	for (size_t c = 0; c < nbl; c++) {
		for (; i < bl[c].a0; i++, j++)
			push_text(out, ' ', a, i, b, j);
		for (; i < bl[c].a1; i++)
			push_text(out, '-', a, i, b, j);
		for (; j < bl[c].b1; j++)
			push_text(out, '+', a, i, b, j);
	}
	for (size_t end = i + after; i < end; i++, j++)
		push_text(out, ' ', a, i, b, j);
}

static struct block *
make_blocks(const struct side *a, const struct side *b, size_t *count)
{
	struct block *v = NULL;
	size_t n = 0, cap = 0, i = 0, j = 0;

	while (i < a->n || j < b->n) {
		struct block bl = {.a0 = i, .b0 = j};

		while (i < a->n && a->changed[i])
			i++;
		while (j < b->n && b->changed[j])
			j++;
		if (i > bl.a0 || j > bl.b0) {
			bl.a1 = i;
			bl.b1 = j;
			v = mem_grow(v, &cap, n + 1, sizeof *v);
			v[n++] = bl;
		} else {
			i++;
			j++;
		}
	}
	*count = n;
	return v;
}

static void
make_hunks(struct diff *out, const struct side *a, const struct side *b, size_t context)
{
	size_t n = 0;
	struct block *v = make_blocks(a, b, &n);

	for (size_t i = 0; i < n;) {
		size_t j = i + 1;

		while (j < n && v[j].a0 - v[j - 1].a1 <= 2 * context)
			j++;
		push_hunk(out, a, b, v + i, j - i, context);
		i = j;
	}
	free(v);
}

void
diff_make(struct diff *out, struct sv before, struct sv after, unsigned context)
{
	struct side a = {.text = before}, b = {.text = after};
	size_t head, tail, start, end_a, end_b;

	*out = (struct diff){0};
	if (sv_eq(before, after))
		return;
	if (context > DIFF_CONTEXT_MAX)
		context = DIFF_CONTEXT_MAX;
	head = common_prefix(before, after);
	tail = common_suffix(before, after, head);
	start = back_lines(before, head, context);
	end_a = forward_lines(before, before.n - tail, context);
	end_b = after.n - (before.n - end_a);
	a.first_line = b.first_line = (uint32_t)count_lines(before.p, start) + 1;
	split(&a, start, end_a);
	split(&b, start, end_b);
	compare(&a, &b);
	make_hunks(out, &a, &b, context);
	free(a.at);
	free(b.at);
	free(a.changed);
	free(b.changed);
}

void
diff_free(struct diff *d)
{
	free(d->v);
	*d = (struct diff){0};
}

static void
print_range(char sign, uint32_t line, uint32_t count, struct str *out)
{
	str_addf(out, "%c%u", sign, line);
	if (count != 1)
		str_addf(out, ",%u", count);
}

void
diff_print_line(const struct diff_line *l, struct str *out)
{
	if (l->kind == '@') {
		str_add_cstr(out, "@@ ");
		print_range('-', l->old_line, l->old_count, out);
		str_add_char(out, ' ');
		print_range('+', l->new_line, l->new_count, out);
		str_add_cstr(out, " @@\n");
		return;
	}
	str_add_char(out, l->kind);
	str_add_sv(out, l->text);
	str_add_char(out, '\n');
	if (l->no_eol)
		str_add_cstr(out, "\\ No newline at end of file\n");
}

void
diff_print(
	const struct diff *d, const char *old_name, const char *new_name, struct str *out)
{
	if (d->n == 0)
		return;
	str_addf(out, "--- %s\n+++ %s\n", old_name, new_name);
	for (size_t i = 0; i < d->n; i++)
		diff_print_line(&d->v[i], out);
}
