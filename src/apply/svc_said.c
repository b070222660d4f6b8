/* SPDX-License-Identifier: MIT
 *
 * Postfix's words, taken apart: tag, severity, place, text. The forms are those of the
 * versions 2.6 to 3.12; a line in none of them is text without a place.
 */
#include "apply/svc_parse.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

static struct sv
rest_of(struct sv v, size_t from)
{
	return sv_sub(v, from, v.n - from);
}

static bool
take(struct sv *v, const char *prefix)
{
	if (!sv_starts(*v, prefix))
		return false;
	*v = rest_of(*v, strlen(prefix));
	return true;
}

/* Cut "postfix/postfix-script: ": one word without blanks, then colon and blank. */
static void
cut_tag(struct sv *v)
{
	ptrdiff_t colon = sv_find(*v, ':');

	if (colon <= 0 || (size_t)colon + 1 >= v->n || v->p[colon + 1] != ' ')
		return;
	for (ptrdiff_t i = 0; i < colon; i++)
		if (is_blank_char(v->p[i]))
			return;
	*v = rest_of(*v, (size_t)colon + 2);
}

static enum sev
cut_severity(struct sv *v)
{
	if (take(v, "fatal: ") || take(v, "panic: ") || take(v, "error: "))
		return SEV_ERROR;
	if (take(v, "warning: "))
		return SEV_WARN;
	return SEV_NOTE;
}

/* N and what follows it; false when no number stands there. */
static bool
cut_number(struct sv *v, uint32_t *line)
{
	size_t n = 0;
	uint64_t value;

	while (n < v->n && is_digit_char(v->p[n]))
		n++;
	if (!sv_to_uint(sv_sub(*v, 0, n), UINT32_MAX, &value))
		return false;
	*line = (uint32_t)value;
	*v = rest_of(*v, n);
	if (!take(v, ": "))
		take(v, ":");
	return true;
}

/* "FILE, line N: text" and "FILE: line N: text"; FILE is absolute. */
static bool
cut_place_line(struct svc_said *s, const char *mark)
{
	ptrdiff_t at = sv_find_sv(s->text, sv_of(mark));
	struct sv after;

	if (at <= 0)
		return false;
	after = rest_of(s->text, (size_t)at + strlen(mark));
	if (!cut_number(&after, &s->line))
		return false;
	s->file = sv_sub(s->text, 0, (size_t)at);
	s->text = sv_trim(after);
	return true;
}

/* "FILE: text" */
static void
cut_place_file(struct svc_said *s)
{
	ptrdiff_t at = sv_find_sv(s->text, sv_of(": "));

	if (at <= 0)
		return;
	for (ptrdiff_t i = 0; i < at; i++)
		if (is_blank_char(s->text.p[i]))
			return;
	s->file = sv_sub(s->text, 0, (size_t)at);
	s->text = sv_trim(rest_of(s->text, (size_t)at + 2));
}

static void
cut_place(struct svc_said *s)
{
	struct sv all = s->text;

	take(&s->text, "file ");
	take(&s->text, "cidr map ");
	if (!sv_starts(s->text, "/")) {
		s->text = all;
		return;
	}
	if (!cut_place_line(s, ", line ") && !cut_place_line(s, ": line "))
		cut_place_file(s);
	/* The built table stands for its text. */
	if (s->line == 0 && sv_ends(s->file, ".db"))
		s->file.n -= 3;
}

static bool
is_compat_notice(struct sv text)
{
	return sv_starts(text, "Postfix is using backwards-compatible") ||
	       sv_starts(text, "Postfix is running with backwards-compatible") ||
	       sv_starts(text, "To disable backwards compatibility") ||
	       (sv_starts(text, "See http") &&
		       sv_find_sv(text, sv_of("COMPATIBILITY_README")) >= 0);
}

bool
svc_said_parse(struct sv line, struct svc_said *out)
{
	*out = (struct svc_said){.text = sv_trim(line)};
	cut_tag(&out->text);
	out->sev = cut_severity(&out->text);
	out->text = sv_trim(out->text);
	if (out->text.n == 0 || is_compat_notice(out->text))
		return false;
	cut_place(out);
	return true;
}

/* Line of the first definition of name in a main.cf; 0: none. */
static uint32_t
first_definition(struct sv main_cf, struct sv name)
{
	struct sv line;

	for (uint32_t n = 1; sv_line(&main_cf, &line); n++) {
		struct sv after;

		if (line.n <= name.n || !sv_eq(sv_sub(line, 0, name.n), name))
			continue;
		after = sv_trim(rest_of(line, name.n));
		if (sv_starts(after, "="))
			return n;
	}
	return 0;
}

static bool
is_false_duplicate(const struct svc_said *s, const struct svc_said_map *map)
{
	struct sv text = s->text;
	ptrdiff_t eq;

	if (!take(&text, "overriding earlier entry: "))
		return false;
	eq = sv_find(text, '=');
	if (!map || map->main_cf.n == 0 || eq <= 0)
		return true;
	return s->line <=
	       first_definition(map->main_cf, sv_trim(sv_sub(text, 0, (size_t)eq)));
}

/* v with every `from` replaced by `to`; the caller frees it. */
static char *
replaced(struct sv v, const char *from, const char *to)
{
	struct str s = {0};
	ptrdiff_t at;

	while (from && (at = sv_find_sv(v, sv_of(from))) >= 0) {
		str_add_sv(&s, sv_sub(v, 0, (size_t)at));
		str_add_cstr(&s, to);
		v = rest_of(v, (size_t)at + strlen(from));
	}
	str_add_sv(&s, v);
	return str_take(&s);
}

static char *
mapped(struct sv v, const struct svc_said_map *map)
{
	char *once = replaced(v, map ? map->from : NULL, map ? map->to : NULL), *twice;

	if (!map || !map->from2)
		return once;
	twice = replaced(sv_of(once), map->from2, map->to2);
	free(once);
	return twice;
}

static bool
text_eq(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
is_told(const struct diags *d, const struct diag *new)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].code == DIAG_PF_SAYS &&
			d->v[i].loc.line == new->loc.line &&text_eq(
						    d->v[i].loc.file, new->loc.file) &&
			text_eq(d->v[i].text, new->text))
			return true;
	return false;
}

static void
tell(const struct svc_said *s, const struct svc_said_map *map, struct diags *d)
{
	struct diags one = {0};
	char *file = s->file.n ? mapped(s->file, map) : NULL;
	char *text = mapped(s->text, map);
	const struct diag_loc loc = {.file = file, .line = s->line};

	diag_add(&one, s->sev, DIAG_PF_SAYS, &loc, NULL, _("Postfix says: %s"), text);
	if (d && !is_told(d, &one.v[0]))
		diag_move(d, &one);
	diag_clear(&one);
	free(file);
	free(text);
}

size_t
svc_said_diags(struct sv err, const struct svc_said_map *map, struct diags *d)
{
	struct sv line;
	size_t errors = 0;

	while (sv_line(&err, &line)) {
		struct svc_said s;

		if (!svc_said_parse(line, &s) || s.sev == SEV_NOTE ||
			is_false_duplicate(&s, map))
			continue;
		errors += s.sev == SEV_ERROR;
		tell(&s, map, d);
	}
	return errors;
}

struct sv
svc_said_first(struct sv err)
{
	struct sv line, warning = {0};

	while (sv_line(&err, &line)) {
		struct svc_said s;

		if (!svc_said_parse(line, &s))
			continue;
		if (s.sev == SEV_ERROR)
			return s.text;
		if (s.sev == SEV_WARN && warning.n == 0)
			warning = s.text;
	}
	return warning;
}

bool
svc_said_same(const struct diag *a, const struct diag *b)
{
	return a->code == b->code && text_eq(a->loc.file, b->loc.file) &&
	       text_eq(a->text, b->text);
}

bool
svc_conf_value(struct sv out, const char *name, struct sv *value)
{
	struct sv line;

	while (sv_line(&out, &line)) {
		ptrdiff_t eq = sv_find(line, '=');

		if (eq > 0 && sv_eq_str(sv_trim(sv_sub(line, 0, (size_t)eq)), name)) {
			*value = sv_trim(rest_of(line, (size_t)eq + 1));
			return true;
		}
	}
	return false;
}

bool
svc_usage_has(struct sv usage, char option)
{
	const char want[] = {'[', '-', option, ' ', '\0'};
	const char alone[] = {'[', '-', option, ']', '\0'};

	return sv_find_sv(usage, sv_of(want)) >= 0 ||
	       sv_find_sv(usage, sv_of(alone)) >= 0;
}

bool
svc_list_has(struct sv out, const char *word)
{
	struct sv line;

	while (sv_line(&out, &line))
		if (sv_eq_str(sv_trim(line), word))
			return true;
	return false;
}
