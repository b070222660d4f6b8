/* SPDX-License-Identifier: MIT
 *
 * What a change of a parameter is in words for a person: the value before and after, or
 * for a list only the words that come and go.
 */
#include "session/changes_text.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/nets.h"

const char *
change_screen(const char *name)
{
	static const char *const rows[][2] = {{"mynetworks", "networks"},
		{"mynetworks_style", "networks"}, {"inet_interfaces", "interfaces"},
		{"inet_protocols", "interfaces"}, {"smtp_bind_address", "interfaces"},
		{"smtp_bind_address6", "interfaces"}, {"relayhost", "relayhost"},
		{"smtp_sasl_auth_enable", "relayhost"},
		{"smtp_sasl_password_maps", "relayhost"},
		{"smtp_sasl_security_options", "relayhost"},
		{"smtp_sasl_tls_security_options", "relayhost"},
		{"smtp_tls_CAfile", "relayhost"}, {"smtp_tls_CApath", "relayhost"},
		{"smtp_tls_security_level", "relayhost"},
		{"smtp_tls_wrappermode", "relayhost"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i][0], name) == 0)
			return rows[i][1];
	return "params";
}

/* The words of a list, to be found by their text: lists of 100,000 networks exist. */
struct words {
	struct sv *v, sought;
	size_t n, cap;
	struct hash by_text;
};

static bool
is_sought(void *ctx, uint32_t i)
{
	struct words *w = ctx;

	return sv_eq(w->v[i], w->sought);
}

static uint64_t
hash_of_word(void *ctx, uint32_t i)
{
	struct words *w = ctx;

	return hash_bytes(w->v[i], false, 0);
}

static bool
has_word(struct words *w, struct sv word)
{
	struct hash_ops ops = {is_sought, hash_of_word, w};

	w->sought = word;
	return hash_find(&w->by_text, hash_bytes(word, false, 0), &ops) != HASH_NONE;
}

static void
words_of(const char *list, struct words *w)
{
	struct hash_ops ops = {is_sought, hash_of_word, w};
	struct sv rest = sv_of(list), token;

	while (net_token(&rest, &token)) {
		w->v = mem_grow(w->v, &w->cap, w->n + 1, sizeof(*w->v));
		w->v[w->n++] = w->sought = token;
		hash_put(&w->by_text, hash_bytes(token, false, 0), (uint32_t)(w->n - 1),
			&ops);
	}
}

static void
add_missing(struct str *out, char mark, const struct words *from, struct words *in)
{
	for (size_t i = 0; i < from->n; i++)
		if (!has_word(in, from->v[i]))
			str_addf(out, "%s%c%.*s", out->n ? " " : "", mark,
				(int)from->v[i].n, from->v[i].p);
}

/* For a list: only the words that come or go, "+192.168.2.1 -10.0.0.0/8". */
static const char *
words_changed(struct arena *a, const char *before, const char *after)
{
	struct words was = {0}, is = {0};
	struct str out = {0};
	const char *kept;

	words_of(before, &was);
	words_of(after, &is);
	add_missing(&out, '-', &was, &is);
	add_missing(&out, '+', &is, &was);
	kept = out.n ? arena_sv(a, str_sv(&out)) : NULL;
	str_free(&out);
	hash_free(&was.by_text);
	hash_free(&is.by_text);
	free(was.v);
	free(is.v);
	return kept;
}

const char *
change_param_text(
	struct arena *a, const char *name, const char *before, const char *after)
{
	const char *words = NULL;

	if (before && after && strcmp(before, after) == 0)
		return _("a note or the layout");
	if (before && after &&
		(strcmp(name, "mynetworks") == 0 || strcmp(name, "inet_interfaces") == 0))
		words = words_changed(a, before, after);
	if (words)
		return words;
	if (!before)
		return arena_fmt(a, "%s", after[0] ? after : _("(empty)"));
	if (!after)
		return arena_fmt(
			a, _("%s -> default"), before[0] ? before : _("(empty)"));
	return arena_fmt(a, "%s -> %s", before[0] ? before : _("(empty)"),
		after[0] ? after : _("(empty)"));
}
