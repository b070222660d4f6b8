/* SPDX-License-Identifier: MIT
 *
 * Each logical line becomes a service; then the sockets are kept: smtpd of type inet, and
 * postscreen of type inet, which passes its clients to the smtpd service of type pass.
 */
#include "model/mastercf.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/nets.h"
#include "text/lline.h"

enum { FIELDS = 8, MAX_OPTIONS = 1000 };

struct entry {
	struct mcs_service service;
	struct sv type, command;
};

/* The next word: blanks separate, but not inside {}. */
static bool
next_word(struct sv *rest, struct sv *word)
{
	size_t i = 0, level = 0, from;

	while (i < rest->n && is_blank_char(rest->p[i]))
		i++;
	from = i;
	for (; i < rest->n && (level || !is_blank_char(rest->p[i])); i++) {
		level += rest->p[i] == '{';
		level -= rest->p[i] == '}' && level > 0;
	}
	*word = sv_sub(*rest, from, i - from);
	*rest = sv_sub(*rest, i, rest->n);
	return word->n > 0;
}

static struct sv
without_braces(struct sv v)
{
	if (v.n >= 2 && v.p[0] == '{' && v.p[v.n - 1] == '}')
		return sv_trim(sv_sub(v, 1, v.n - 2));
	return v;
}

static void
add_option(struct mcs_service *s, size_t *cap, struct arena *texts, struct sv text)
{
	struct sv v = without_braces(text);
	ptrdiff_t at = sv_find(v, '=');

	if (at < 0 || s->noptions == MAX_OPTIONS)
		return;
	s->option = mem_grow(s->option, cap, s->noptions + 1, sizeof(*s->option));
	s->option[s->noptions++] =
		(struct mcs_option){arena_sv(texts, sv_trim(sv_sub(v, 0, (size_t)at))),
			arena_sv(texts, sv_trim(sv_sub(v, (size_t)at + 1, v.n)))};
}

/* -o name=value, -oname=value, -o { name = value }; the array moves into the arena. */
static void
read_options(struct mcs_service *s, struct sv rest, struct arena *texts)
{
	struct mcs_option *kept;
	struct sv word;
	size_t cap = 0;

	while (next_word(&rest, &word)) {
		if (!sv_starts(word, "-o"))
			continue;
		if (word.n > 2)
			add_option(s, &cap, texts, sv_sub(word, 2, word.n));
		else if (next_word(&rest, &word))
			add_option(s, &cap, texts, word);
	}
	if (s->noptions == 0)
		return;
	kept = arena_new(texts, s->noptions * sizeof(*kept));
	memcpy(kept, s->option, s->noptions * sizeof(*kept));
	free(s->option);
	s->option = kept;
}

static bool
is_port_25(struct sv name)
{
	for (size_t i = name.n; i > 0; i--)
		if (name.p[i - 1] == ':') {
			name = sv_sub(name, i, name.n);
			break;
		}
	return sv_eq_str(name, "smtp") || sv_eq_str(name, "25");
}

static bool
read_entry(struct sv text, struct arena *texts, struct entry *e)
{
	struct sv field[FIELDS];

	for (size_t i = 0; i < FIELDS; i++)
		if (!next_word(&text, &field[i]))
			return false;
	e->type = field[1];
	e->command = field[7];
	e->service.name = arena_sv(texts, field[0]);
	e->service.port_25 = is_port_25(field[0]);
	read_options(&e->service, text, texts);
	return true;
}

static void
keep(struct mcs_list *out, const struct mcs_service *s)
{
	out->v = mem_grow(out->v, &out->cap, out->n + 1, sizeof(*out->v));
	out->v[out->n++] = *s;
}

/* The smtpd service that postscreen hands its clients to. */
static const struct entry *
behind_postscreen(const struct entry *v, size_t n, const struct mcs_service *screen)
{
	const char *name = mcs_option(screen, sv_of("smtpd_service_name"));

	for (size_t i = 0; i < n; i++)
		if (sv_eq_str(v[i].type, "pass") && sv_eq_str(v[i].command, "smtpd") &&
			strcmp(v[i].service.name, name ? name : "smtpd") == 0)
			return &v[i];
	return NULL;
}

static void
keep_sockets(const struct entry *v, size_t n, struct mcs_list *out)
{
	for (size_t i = 0; i < n; i++) {
		struct mcs_service s = v[i].service;
		const struct entry *behind;

		if (!sv_eq_str(v[i].type, "inet"))
			continue;
		if (sv_eq_str(v[i].command, "smtpd"))
			keep(out, &s);
		if (!sv_eq_str(v[i].command, "postscreen"))
			continue;
		behind = behind_postscreen(v, n, &s);
		s.postscreen = true;
		s.line = behind ? behind->service.line : s.line;
		s.noptions = behind ? behind->service.noptions : 0;
		s.option = behind ? behind->service.option : NULL;
		keep(out, &s);
	}
}

/* The caller frees the array. */
static size_t
read_entries(struct sv text, struct arena *texts, struct entry **out)
{
	struct entry *v = NULL;
	size_t n = 0, cap = 0;
	struct ll_scan scan;
	struct lline ll;

	ll_start(&scan, text);
	while (ll_next(&scan, &ll)) {
		struct entry e = {.service = {.line = ll.line}};
		struct str logical = {0};

		if (ll.kind != LL_TEXT)
			continue;
		ll_logical(ll.text, &logical);
		if (read_entry(sv_of(arena_sv(texts, str_sv(&logical))), texts, &e)) {
			v = mem_grow(v, &cap, n + 1, sizeof(*v));
			v[n++] = e;
		}
		str_free(&logical);
	}
	*out = v;
	return n;
}

void
mcs_parse(struct sv text, struct arena *texts, struct mcs_list *out)
{
	struct entry *v;
	size_t n = read_entries(text, texts, &v);

	if (n)
		keep_sockets(v, n, out);
	free(v);
}

bool
mcs_client(struct sv text, struct arena *texts, const char *name, struct mcs_service *out)
{
	struct entry *v;
	size_t i = read_entries(text, texts, &v);
	bool found = false;

	while (!found && i-- > 0)
		found = sv_eq_str(v[i].type, "unix") &&
			strcmp(v[i].service.name, name) == 0;
	found = found && sv_eq_str(v[i].command, "smtp");
	if (found)
		*out = v[i].service;
	free(v);
	return found;
}

const char *
mcs_option(const struct mcs_service *s, struct sv name)
{
	for (size_t i = s->noptions; i > 0; i--)
		if (sv_eq_str(name, s->option[i - 1].name))
			return s->option[i - 1].value;
	return NULL;
}
