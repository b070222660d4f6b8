/* SPDX-License-Identifier: MIT
 *
 * Edits of one part: on and off, some targets more or fewer. Each is an al_set() with the
 * other parts as they are, so the rules of layout and of refusal are in one place.
 */
#include "text/alentry.h"

#include <stdlib.h>
#include <string.h>

/* As al_set, with all but some parts as they are. */
static bool
set_parts(struct aliases *al, uint32_t id, const struct al_targets *targets, bool off,
	struct diags *d)
{
	struct al_targets old = {0};
	struct str name = {0}, key = {0};
	al_targets_get(al, id, &old);
	str_add_sv(&name, al_name(al, id));
	if (memchr(name.p ? name.p : "", '\n', name.n)) {
		al_key(al, id, &key); /* a name over several lines: its meaning */
		str_clear(&name);
		al_name_quote(str_sv(&key), &name);
	} else if (str_c(&name)[0] != '"') {
		al_name_plain(str_sv(&name), &key);
		str_clear(&name);
		str_add_sv(&name, str_sv(&key));
	}
	const struct al_edit e = {
		.name = str_sv(&name), .targets = targets ? targets : &old, .off = off};
	bool ok = al_set(al, &id, &e, d);
	str_free(&name);
	str_free(&key);
	al_targets_free(&old);
	return ok;
}

/* A line that Postfix drops becomes a comment. */
static void
comment_out(struct aliases *al, uint32_t id)
{
	struct str text = {0};
	struct sv rest = doc_text(&al->doc, id), line;
	const char *eol = doc_eol(&al->doc);
	uint64_t gen = al->doc.gen;
	while (sv_line(&rest, &line)) {
		str_add_cstr(&text, "# ");
		str_add_sv(&text, sv_trim(line));
		str_add_cstr(&text, eol);
	}
	doc_replace(&al->doc, id, str_sv(&text), ENTRY_COMMENT, 0);
	al_index_noted(al, id, gen);
	str_free(&text);
}

bool
al_disable(struct aliases *al, uint32_t id, struct diags *d)
{
	uint8_t kind = doc_entry(&al->doc, id)->kind;
	if (kind == ENTRY_ALIAS_OFF)
		return true;
	if (kind == ENTRY_ALIAS)
		return set_parts(al, id, NULL, true, d);
	if (kind == ENTRY_BAD || kind == ENTRY_ORPHAN)
		comment_out(al, id);
	return kind == ENTRY_BAD || kind == ENTRY_ORPHAN;
}

bool
al_enable(struct aliases *al, uint32_t id, struct diags *d)
{
	if (doc_entry(&al->doc, id)->kind == ENTRY_ALIAS)
		return true;
	return doc_entry(&al->doc, id)->kind == ENTRY_ALIAS_OFF &&
	       set_parts(al, id, NULL, false, d);
}

static bool
holds(const struct al_targets *list, const struct al_target *t)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i].plain, t->plain) == 0)
			return true;
	return false;
}

static bool
is_off(const struct aliases *al, uint32_t id)
{
	return doc_entry(&al->doc, id)->kind == ENTRY_ALIAS_OFF;
}

bool
al_add_targets(
	struct aliases *al, uint32_t id, const struct al_targets *more, struct diags *d)
{
	struct al_targets list = {0};
	al_targets_get(al, id, &list);
	for (size_t i = 0; i < more->n; i++)
		if (!holds(&list, &more->v[i]))
			al_targets_add(&list, sv_of(more->v[i].raw));
	bool ok = set_parts(al, id, &list, is_off(al, id), d);
	al_targets_free(&list);
	return ok;
}

bool
al_remove_targets(
	struct aliases *al, uint32_t id, const struct al_targets *fewer, struct diags *d)
{
	struct al_targets list = {0}, kept = {0};
	al_targets_get(al, id, &list);
	for (size_t i = 0; i < list.n; i++)
		if (!holds(fewer, &list.v[i]))
			al_targets_add(&kept, sv_of(list.v[i].raw));
	bool ok = set_parts(al, id, &kept, is_off(al, id), d);
	al_targets_free(&list);
	al_targets_free(&kept);
	return ok;
}
