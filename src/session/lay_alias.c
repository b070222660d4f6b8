/* SPDX-License-Identifier: MIT
 *
 * An alias that may have become another. Of several with one name the one that is as it
 * was before is meant.
 */
#include "session/lay.h"

#include <stdlib.h>

#include "base/mem.h"

static bool
alias_is(const struct aliases *al, uint32_t id, const struct lay_form *form)
{
	bool off = doc_entry(&al->doc, id)->kind == ENTRY_ALIAS_OFF, same;
	struct al_targets is = {0}, want = {0};

	if (form->bad)
		return sv_eq(sv_trim(doc_text(&al->doc, id)), sv_trim(sv_of(form->text)));
	al_targets_get(al, id, &is);
	al_targets_parse(sv_of(form->text), &want);
	same = off == form->off && al_targets_equal(&is, &want);
	al_targets_free(&is);
	al_targets_free(&want);
	return same;
}

/* All entries that the change may be about. */
static void
alias_candidates(struct aliases *al, const struct lay_form *form, struct al_ids *out)
{
	if (!form->bad) {
		al_find_all(al, sv_of(form->name), out);
		return;
	}
	for (size_t i = 0; i < al->doc.norder; i++) {
		uint32_t id = al->doc.order[i];

		if (doc_alive(&al->doc, id) &&
			doc_entry(&al->doc, id)->kind == ENTRY_BAD) {
			out->v = mem_grow(out->v, &out->cap, out->n + 1, sizeof(*out->v));
			out->v[out->n++] = id;
		}
	}
}

/* The entry that is as form says; else the first one of its name, and *same is false. */
static uint32_t
find_alias(struct aliases *al, const struct lay_form *form, bool *same)
{
	struct al_ids ids = {0};
	uint32_t found = DOC_NO_ID;

	*same = false;
	if (!form->there)
		return found;
	alias_candidates(al, form, &ids);
	for (size_t i = 0; i < ids.n && !*same; i++)
		if (alias_is(al, ids.v[i], form)) {
			found = ids.v[i];
			*same = true;
		}
	if (!*same && ids.n && !form->bad)
		found = ids.v[0];
	free(ids.v);
	return found;
}

static bool
has_note(const struct aliases *al, uint32_t id, const char *text)
{
	struct str note = {0};
	bool same;

	if (id != DOC_NO_ID)
		al_description(al, id, &note);
	same = sv_eq_str(str_sv(&note), text ? text : "");
	str_free(&note);
	return same;
}

/* A note that somebody else changed stays theirs, unless it is all that I changed. */
static bool
is_note_only(const struct lay_change *c)
{
	return c->before.there && c->after.there && c->before.off == c->after.off &&
	       lay_same(c->before.name, c->after.name) &&
	       lay_same(c->before.text, c->after.text);
}

static bool
write_alias(struct session *s, uint32_t id, const struct lay_change *c)
{
	struct aliases *al = &s->aliases->al;
	struct al_targets list = {0};
	struct al_edit e = {.name = sv_of(c->after.name), .targets = &list};
	bool done;

	if (!c->after.there && id != DOC_NO_ID && c->after.off)
		return al_disable(al, id, NULL);
	if (!c->after.there) {
		if (id != DOC_NO_ID)
			al_remove(al, id);
		return true;
	}
	if (c->after.bad)
		return false;
	e.off = c->after.off;
	if (!lay_same(c->before.note, c->after.note) &&
		(id == DOC_NO_ID || has_note(al, id, c->before.note) || is_note_only(c)))
		e.comment = sv_of(c->after.note);
	al_targets_parse(sv_of(c->after.text), &list);
	done = al_set(al, &id, &e, NULL);
	al_targets_free(&list);
	return done;
}

enum lay_verdict
lay_alias(struct session *s, const struct lay_change *c, bool force)
{
	struct aliases *al = &s->aliases->al;
	bool as_before, as_wanted;
	uint32_t was = find_alias(al, &c->before, &as_before);
	uint32_t now = find_alias(al, &c->after, &as_wanted);
	uint32_t at = was != DOC_NO_ID ? was : now;

	if (force)
		return lay_done_if(write_alias(s, at, c));
	if (c->after.there && as_wanted && !is_note_only(c))
		return LAY_THERE;
	if (!c->after.there && was == DOC_NO_ID)
		return LAY_THERE;
	if (c->before.there ? !as_before : now != DOC_NO_ID)
		return LAY_CLASH;
	if (now != DOC_NO_ID && now != was && !lay_same(c->before.name, c->after.name))
		return LAY_CLASH;
	if (is_note_only(c) && has_note(al, at, c->after.note))
		return LAY_THERE;
	if (is_note_only(c) && !has_note(al, at, c->before.note))
		return LAY_CLASH;
	return lay_done_if(write_alias(s, at, c));
}

const char *
lay_alias_theirs(struct session *s, struct arena *a, const struct lay_change *c)
{
	struct aliases *al = &s->aliases->al;
	struct str text = {0};
	const char *kept = NULL;
	bool unused;
	uint32_t id = find_alias(
		al, c->before.there && !c->before.bad ? &c->before : &c->after, &unused);

	if (id != DOC_NO_ID) {
		al_value(al, id, &text);
		kept = arena_sv(a, str_sv(&text));
	}
	str_free(&text);
	return kept;
}
