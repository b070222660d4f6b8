/* SPDX-License-Identifier: MIT
 *
 * One item of a list that may have become another: through the same edits by which a
 * person changes a row. An item that was there before must be there still, and as it was.
 */
#include "session/lay.h"

#include <stdlib.h>

#include "session/nets_view.h"
#include "text/table.h"

void
lay_items_now(const struct lay_target *t, struct arena *a, struct lay_items *out)
{
	*out = (struct lay_items){0};
	if (t->id == DOC_NO_ID)
		items_of_file(a, t->f, out);
	else
		items_of_lines(a, doc_text(&t->f->doc, t->id), t->id, out);
}

static bool
edit(const struct lay_target *t, const struct lay_item *at, enum edit_kind kind,
	const char *text)
{
	struct net_source from = {.file = t->f, .id = at->id, .item = at->at};
	struct row_edit e = {kind, sv_of(text ? text : "")};

	return nets_edit_row(&from, &e, NULL);
}

/* Change places with its neighbours until it stands behind `above`. */
static bool
move_behind(const struct lay_target *t, const char *text, const char *above)
{
	struct arena a = {0};
	struct lay_items now = {0};
	size_t at = 0, to = 0;
	bool good = true;

	for (bool first = true; good; first = false) {
		struct net_source from, other;

		free(now.v);
		arena_reset(&a);
		lay_items_now(t, &a, &now);
		if (first)
			at = items_find(&now, text, false);
		to = above ? items_find(&now, above, false) : 0;
		if (at >= now.n || to >= now.n || at == to || (above && at == to + 1))
			break;
		from = (struct net_source){
			.file = t->f, .id = now.v[at].id, .item = now.v[at].at};
		at = at > to ? at - 1 : at + 1;
		other = (struct net_source){
			.file = t->f, .id = now.v[at].id, .item = now.v[at].at};
		good = nets_swap_rows(&from, &other, NULL);
		if (above && at == to) /* it went past: `above` stands before it now */
			break;
	}
	free(now.v);
	arena_free(&a);
	return good;
}

/* Where in a list a new item goes: behind the one it stood behind, if that is there. */
static size_t
place_of(const struct lay_items *now, const struct lay_change *c)
{
	size_t above = c->above ? items_find(now, c->above, false) : now->n;

	if (!c->above)
		return 0;
	return above < now->n ? now->v[above].at + 1 : SIZE_MAX;
}

static bool
add_item(const struct lay_target *t, const struct lay_items *now,
	const struct lay_change *c)
{
	const struct lay_form *w = &c->after;
	struct arena a = {0};
	struct lay_items then = {0};
	uint32_t id;
	size_t at;
	bool good;

	if (t->f->role != ROLE_NETS && t->f->role != ROLE_MAIN_CF)
		return false;
	if (t->id != DOC_NO_ID) {
		good = nets_insert_item(
			t->f, t->id, place_of(now, c), sv_of(w->text), sv_of(w->note));
	} else {
		id = tbl_append(&t->f->doc, sv_of(w->text), sv_of(""));
		good = id != DOC_NO_ID;
		if (good && w->note[0])
			tbl_set_note(&t->f->doc, id, sv_of(w->note));
		good = good && nets_orphans_stay(t->f, NULL) &&
		       (!c->above || move_behind(t, w->text, c->above));
	}
	if (good && w->off) {
		lay_items_now(t, &a, &then);
		at = items_find(&then, w->text, false);
		good = at < then.n && edit(t, &then.v[at], EDIT_TOGGLE, NULL);
		free(then.v);
		arena_free(&a);
	}
	return good;
}

/* Bring an item to a state; what is so already is left alone. */
static bool
settle_item(
	const struct lay_target *t, const struct lay_item *is, const struct lay_change *c)
{
	const struct lay_form *w = &c->after;
	bool note = !lay_same(c->before.note, w->note) && !lay_same(is->note, w->note);

	if (!lay_same(is->text, w->text) && !edit(t, is, EDIT_TEXT, w->text))
		return false;
	if (note && !edit(t, is, EDIT_NOTE, w->note))
		return false;
	if (is->off != w->off && !edit(t, is, EDIT_TOGGLE, NULL))
		return false;
	return !c->moved || move_behind(t, w->text, c->above);
}

/* Is the item as it was before the change, or is what differs not the change's matter? */
static bool
is_as_before(const struct lay_item *is, const struct lay_change *c)
{
	bool off = is->off == c->before.off ||
		   (is->off == c->after.off && lay_same(is->text, c->after.text));
	bool note = lay_same(c->before.note, c->after.note) ||
		    lay_same(is->note, c->before.note) ||
		    lay_same(is->note, c->after.note);

	if (!c->after.there)
		note = lay_same(is->note, c->before.note);
	return (c->after.there ? off : is->off == c->before.off) && note &&
	       lay_same(is->value, c->before.value);
}

static enum lay_verdict
lay_item_over(const struct lay_target *t, const struct lay_items *now,
	const struct lay_change *c)
{
	const struct lay_form *was = &c->before, *want = &c->after;
	size_t b = was->there ? items_find(now, was->text, was->off) : now->n;
	size_t a = want->there ? items_find(now, want->text, want->off) : now->n;
	bool renamed = was->there && want->there && !lay_same(was->text, want->text);

	if (b < now->n && !t->force && !is_as_before(&now->v[b], c))
		return LAY_CLASH;
	if (!want->there)
		return b == now->n ? LAY_THERE
				   : lay_done_if(edit(t, &now->v[b], EDIT_REMOVE, NULL));
	if (a < now->n && (renamed || !was->there)) {
		if (now->v[a].off != want->off && !t->force)
			return LAY_CLASH;
		if (b < now->n)
			return lay_done_if(edit(t, &now->v[b], EDIT_REMOVE, NULL));
		return now->v[a].off == want->off
			       ? LAY_THERE
			       : lay_done_if(edit(t, &now->v[a], EDIT_TOGGLE, NULL));
	}
	if (b < now->n)
		return lay_done_if(settle_item(t, &now->v[b], c));
	return was->there && !t->force ? LAY_CLASH : lay_done_if(add_item(t, now, c));
}

enum lay_verdict
lay_item(const struct lay_target *t, const struct lay_change *c)
{
	struct arena a = {0};
	struct lay_items now;
	enum lay_verdict v;

	lay_items_now(t, &a, &now);
	v = lay_item_over(t, &now, c);
	free(now.v);
	arena_free(&a);
	return v;
}
