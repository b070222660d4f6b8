/* SPDX-License-Identifier: MIT
 *
 * The layout of a value on several lines. Old lines and the new value are cut into fields
 * (at blanks behind commas, or at all blanks where the value has none); lines at both
 * ends whose fields stay are kept byte for byte, and what is between is written again:
 * one field a line where the old value was so, else filled up to 78 columns. Comment
 * lines between stay.
 */
#include "text/mcflines.h"

#include <stdlib.h>

#include "base/mem.h"
#include "text/lline.h"

#define FILL_COLUMN 78u

struct fields {
	struct sv *v;
	size_t n, cap;
};

struct phys {
	struct sv raw; /* with its line end */
	size_t first, n;
	bool text;
};

struct layout {
	struct phys *line;
	size_t n, cap;
	struct fields old, new;
	bool commas, one_a_line;
	size_t kept_head, kept_tail; /* lines kept; comments above a kept one included */
	size_t head_fields, tail_fields;
	struct sv indent;
	const char *eol;
};

static void
cut_fields(struct sv v, bool commas, struct fields *f)
{
	size_t i = 0, depth = 0;

	while (i < v.n) {
		size_t start;

		while (i < v.n && is_blank_char(v.p[i]))
			i++;
		start = i;
		for (; i < v.n; i++) {
			if (is_blank_char(v.p[i]) && depth == 0 &&
				(!commas || v.p[i - 1] == ','))
				break;
			depth += v.p[i] == '{';
			depth -= v.p[i] == '}' && depth > 0;
		}
		if (i == start)
			break;
		f->v = mem_grow(f->v, &f->cap, f->n + 1, sizeof(*f->v));
		f->v[f->n++] = sv_trim(sv_sub(v, start, i - start));
	}
}

static void
cut_lines(struct layout *l, struct sv region)
{
	while (region.n) {
		size_t had = region.n;
		struct phys p = {.text = true};

		sv_line(&region, &p.raw);
		if (l->n > 0) {
			enum ll_kind kind = ll_line_kind(p.raw);

			p.text = kind == LL_ORPHAN || kind == LL_TEXT;
		}
		l->commas = l->commas || (p.text && sv_ends(sv_trim(p.raw), ","));
		p.raw.n = had - region.n;
		l->line = mem_grow(l->line, &l->cap, l->n + 1, sizeof(*l->line));
		l->line[l->n++] = p;
	}
}

static void
read_old_fields(struct layout *l)
{
	l->one_a_line = true;
	for (size_t i = 0; i < l->n; i++) {
		struct phys *p = &l->line[i];
		size_t blanks = 0;

		p->first = l->old.n;
		if (p->text)
			cut_fields(p->raw, l->commas, &l->old);
		p->n = l->old.n - p->first;
		if (p->n > 1)
			l->one_a_line = false;
		if (i == 0 || !p->text || l->indent.n)
			continue;
		while (blanks < p->raw.n &&
			(p->raw.p[blanks] == ' ' || p->raw.p[blanks] == '\t'))
			blanks++;
		l->indent = sv_sub(p->raw, 0, blanks);
	}
	if (l->indent.n == 0)
		l->indent = sv_of("    ");
}

static bool
fields_stay(const struct layout *l, const struct phys *p, size_t at)
{
	for (size_t i = 0; i < p->n; i++)
		if (!sv_same_words(l->old.v[p->first + i], l->new.v[at + i]))
			return false;
	return true;
}

static void
find_kept(struct layout *l)
{
	size_t left;

	for (size_t i = 0; i < l->n; i++) {
		const struct phys *p = &l->line[i];

		if (p->n > l->new.n - l->head_fields ||
			!fields_stay(l, p, l->head_fields))
			break;
		if (p->text)
			l->kept_head = i + 1;
		l->head_fields += p->n;
	}
	left = l->new.n - l->head_fields;
	for (size_t i = l->n; i-- > l->kept_head && i > 0;) {
		const struct phys *p = &l->line[i];

		if (p->n > left || !fields_stay(l, p, l->new.n - l->tail_fields - p->n))
			break;
		l->kept_tail = l->n - i;
		l->tail_fields += p->n;
		left -= p->n;
	}
}

static void
end_line(const struct layout *l, struct str *out)
{
	while (out->n && (out->p[out->n - 1] == ' ' || out->p[out->n - 1] == '\t'))
		out->n--;
	if (out->n && out->p[out->n - 1] != '\n')
		str_add_cstr(out, l->eol);
}

static void
add_line(const struct layout *l, const struct phys *p, struct str *out)
{
	str_add_sv(out, p->raw);
	if (!sv_ends(p->raw, "\n"))
		str_add_cstr(out, l->eol);
}

/* The fields between the kept lines; column is that of the line begun in out, 0: none. */
static void
write_fields(const struct layout *l, size_t column, struct str *out)
{
	for (size_t i = l->head_fields; i < l->new.n - l->tail_fields; i++) {
		struct sv f = l->new.v[i];

		if (column && (l->one_a_line || column + 1 + f.n > FILL_COLUMN)) {
			end_line(l, out);
			column = 0;
		}
		if (column == 0)
			str_add_sv(out, l->indent);
		else
			str_add_char(out, ' ');
		column += f.n + (column ? 1 : l->indent.n);
		str_add_sv(out, f);
	}
	if (column)
		end_line(l, out);
}

static void
write_layout(struct layout *l, struct sv head, struct str *out)
{
	size_t tail = l->n - l->kept_tail, i = l->kept_head;

	str_add_sv(out, head);
	for (size_t k = 0; k < l->kept_head; k++)
		add_line(l, &l->line[k], out);
	if (i == 0) { /* the line of the '=' gets the first new field */
		struct sv raw = l->line[i++].raw;
		size_t blanks = 0;

		while (blanks < raw.n && is_blank_char(raw.p[blanks]))
			blanks++;
		if (l->head_fields < l->new.n - l->tail_fields) {
			str_add_sv(out, sv_sub(raw, 0, blanks));
			str_add_sv(out, l->new.v[l->head_fields++]);
		}
		end_line(l, out);
	}
	for (; i < tail; i++)
		if (!l->line[i].text)
			add_line(l, &l->line[i], out);
	write_fields(l, 0, out);
	for (i = tail; i < l->n; i++)
		add_line(l, &l->line[i], out);
}

void
mcf_write_lines(struct sv text, size_t off, struct sv value, struct str *out)
{
	ptrdiff_t lf = sv_find(text, '\n');
	struct layout l = {.eol = "\n"};

	if (lf > 0 && text.p[lf - 1] == '\r')
		l.eol = "\r\n";
	cut_lines(&l, sv_sub(text, off, text.n));
	for (size_t i = 0; i + 1 < value.n; i++)
		l.commas =
			l.commas || (value.p[i] == ',' && is_blank_char(value.p[i + 1]));
	cut_fields(value, l.commas, &l.new);
	read_old_fields(&l);
	if (l.n) {
		find_kept(&l);
		write_layout(&l, sv_sub(text, 0, off), out);
	}
	if (!sv_ends(text, "\n") && out->n)
		out->n = sv_trim(str_sv(out)).n;
	free(l.line);
	free(l.old.v);
	free(l.new.v);
}

void
mcf_write_off(struct sv text, struct str *out)
{
	char end = '\0';
	struct sv line;

	while (text.n) {
		size_t had = text.n;
		enum ll_kind kind;
		struct sv body;

		sv_line(&text, &line);
		kind = ll_line_kind(line);
		body = sv_trim(line);
		line.n = had - text.n;
		str_add_char(out, '#');
		if (kind == LL_BLANK)
			str_add_char(out, '#'); /* "#" alone would end the block */
		else if (line.p[0] == ' ' && !is_blank_char(line.p[1]) && end != ',' &&
			 end != '=')
			str_add_char(out, ' '); /* one blank would look like prose */
		str_add_sv(out, line);
		if (body.n)
			end = body.p[body.n - 1];
	}
}
