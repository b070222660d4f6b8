/* SPDX-License-Identifier: MIT
 *
 * Whether a line goes on with a secret is told by the lines above it, which a diff
 * doesn't hold. So each side is read along with the diff, and from the last line that
 * begins something wherever the diff leaps. Invariant: `secret` is what is known when all
 * lines before `next` are read.
 */
#include "session/secret.h"

#include "model/catalog.h"

struct side {
	struct sv all;
	const char *next;
	struct sv name; /* of the parameter that goes on */
	bool secret;
};

const char *
secret_value(const char *name, const char *value)
{
	return value && value[0] && cat_is_secret(sv_of(name), sv_of(value)) ? "****"
									     : value;
}

/* Blank lines and comments stand anywhere and end nothing. */
static bool
says_nothing(struct sv line)
{
	line = sv_trim(line);
	return line.n == 0 || line.p[0] == '#';
}

static bool
goes_on(struct sv line)
{
	return line.n > 0 && is_blank_char(line.p[0]) && !says_nothing(line);
}

static void
read_line(struct side *s, struct sv line)
{
	s->next = line.p + line.n + 1;
	if (says_nothing(line))
		return;
	if (goes_on(line)) {
		s->secret = s->secret || cat_is_secret(s->name, sv_trim(line));
	} else {
		ptrdiff_t at = sv_find(line, '=');
		size_t end = at < 0 ? line.n : (size_t)at;

		s->name = sv_trim(sv_sub(line, 0, end));
		s->secret = at >= 0 && cat_is_secret(s->name,
					       sv_trim(sv_sub(line, end + 1, line.n)));
	}
}

/* Read from the last line before p that begins something up to p. */
static void
go_to(struct side *s, const char *p)
{
	const char *from = p;
	struct sv rest, line;

	while (from > s->all.p) {
		from--;
		while (from > s->all.p && from[-1] != '\n')
			from--;
		if (!is_blank_char(*from) && *from != '\n' && *from != '#')
			break;
	}
	s->name = sv_make("", 0);
	s->secret = false;
	rest = sv_make(from, (size_t)(p - from));
	while (sv_line(&rest, &line))
		read_line(s, line);
	s->next = p;
}

static bool
holds(const struct side *s, struct sv line)
{
	return line.p >= s->all.p && line.p < s->all.p + s->all.n;
}

void
secret_mask_diff(struct diff *d, struct sv before, struct sv after)
{
	struct side sides[2] = {{.all = before}, {.all = after}};

	for (size_t i = 0; i < d->n; i++) {
		struct diff_line *l = &d->v[i];
		struct side *s = holds(&sides[0], l->text) ? &sides[0] : &sides[1];
		bool more = goes_on(l->text);

		if (l->kind == '@' || !holds(s, l->text))
			continue;
		if (s->next != l->text.p)
			go_to(s, l->text.p);
		read_line(s, l->text);
		if (more && s->secret)
			l->text = sv_of("    ****");
	}
}

/* --- password tables --- */

/* Where the secret of a line begins: behind the colon after the user, else with what
 * stands behind the first word; of a line that goes on, with its text. A colon and a
 * blank is prose, in comments. */
static size_t
secret_at(struct sv line)
{
	bool comment = sv_starts(sv_trim(line), "#");
	size_t i = 0;

	if (goes_on(line))
		return line.n - sv_trim(line).n;
	while (i < line.n && !is_blank_char(line.p[i]))
		i++;
	while (i < line.n && is_blank_char(line.p[i]))
		i++;
	for (size_t k = i; k < line.n; k++)
		if (line.p[k] == ':' &&
			(!comment || (k + 1 < line.n && !is_blank_char(line.p[k + 1]))))
			return k + 1;
	return comment ? line.n : i;
}

const char *
secret_row(struct arena *a, struct sv lines)
{
	struct str out = {0};
	struct sv line;
	const char *kept;

	while (sv_line(&lines, &line)) {
		size_t at = secret_at(line);

		if (out.n)
			str_add_char(&out, '\n');
		str_add_sv(&out, sv_sub(line, 0, at));
		if (at < line.n && sv_trim(sv_sub(line, at, line.n)).n)
			str_add_cstr(&out, "****");
	}
	kept = arena_sv(a, str_sv(&out));
	str_free(&out);
	return kept;
}

void
secret_mask_table(struct diff *d, struct arena *a)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].kind != '@')
			d->v[i].text = sv_of(secret_row(a, d->v[i].text));
}
