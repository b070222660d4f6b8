/* SPDX-License-Identifier: MIT
 *
 * Laying changes over files that may have become others: through the same calls by which
 * a person edits, each change whole or not at all. A thing that is as it was before gets
 * the change, one that is already as wanted is done, and any other is a clash.
 */
#include "session/lay.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "model/catalog.h"
#include "session/login_view.h"
#include "session/nets_view.h"
#include "text/maincf.h"

/* --- parameters ----------------------------------------------------------------------
 */

/* Lists whose items stand by themselves. Restrictions don't: there an order and pairs of
 * words count. */
static bool
is_item_list(const char *name)
{
	const struct cat_def *def = cat_find(sv_of(name));

	return def && (def->flags & CAT_LIST) && def->type != CAT_RESTRICTIONS;
}

/* inet_interfaces = all and the like: a word that can't have company. */
static bool
stands_alone(const struct lay_items *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].text, "all") == 0 ||
			strcmp(l->v[i].text, "loopback-only") == 0)
			return true;
	return false;
}

static enum lay_verdict
lay_list(struct session *s, uint32_t id, const struct lay_change *c)
{
	struct lay_target t = {s, s->files[0], id, false};
	struct lay_items was = {0}, want = {0}, now = {0};
	struct lay_list steps = {0};
	enum lay_verdict v = LAY_THERE;

	items_of_lines(&steps.texts, sv_of(c->before.text), id, &was);
	items_of_lines(&steps.texts, sv_of(c->after.text), id, &want);
	lay_items_now(&t, &steps.texts, &now);
	items_diff(&was, &want, c->file, &steps);
	if (steps.n && (stands_alone(&want) || stands_alone(&now)))
		v = LAY_CLASH;
	for (size_t i = 0; v != LAY_CLASH && i < steps.n; i++) {
		/* Another order among other items: a person must say which. */
		enum lay_verdict one =
			steps.v[i].moved ? LAY_CLASH : lay_item(&t, &steps.v[i]);

		v = one == LAY_THERE ? v : one;
	}
	free(was.v);
	free(want.v);
	free(now.v);
	lay_free(&steps);
	return v;
}

static bool
says(struct session *s, uint32_t id, const struct lay_form *form)
{
	struct arena a = {0};
	bool same =
		id == DOC_NO_ID
			? !form->there
			: form->there &&
				  strcmp(param_text_value(&a, doc_text(main_cf(s), id)),
					  param_text_value(&a, sv_of(form->text))) == 0;

	arena_free(&a);
	return same;
}

static bool
has_lines(struct session *s, uint32_t id, const struct lay_form *form)
{
	return id != DOC_NO_ID && form->there &&
	       sv_eq_str(doc_text(main_cf(s), id), form->text);
}

static bool
write_param(struct session *s, uint32_t id, const struct lay_change *c)
{
	struct sv name = sv_of(c->name);
	struct doc *doc = main_cf(s);
	struct arena a = {0};

	if (!c->after.there && c->after.off)
		return mcf_comment_out_all(doc, name) || id == DOC_NO_ID;
	if (!c->after.there)
		return mcf_unset(doc, name) || id == DOC_NO_ID;
	if (has_lines(s, id, &c->before) && mcf_set_text(doc, id, sv_of(c->after.text)))
		return true;
	if (c->before.off && id == DOC_NO_ID)
		(void)mcf_bring_back(doc, name);
	id = mcf_set(doc, name, sv_of(param_text_value(&a, sv_of(c->after.text))));
	arena_free(&a);
	return id != DOC_NO_ID;
}

static enum lay_verdict
lay_param(struct session *s, const struct lay_change *c)
{
	uint32_t id = mcf_find(main_cf(s), sv_of(c->name));
	bool exact = has_lines(s, id, &c->before);

	if (has_lines(s, id, &c->after))
		return LAY_THERE;
	if (!exact && id != DOC_NO_ID && c->before.there && is_item_list(c->name)) {
		if (c->after.there)
			return lay_list(s, id, c);
		if (!items_same(sv_of(c->before.text), doc_text(main_cf(s), id)))
			return LAY_CLASH; /* an item that is off, say */
	}
	if (!exact && says(s, id, &c->after))
		return LAY_THERE;
	if (!exact && !says(s, id, &c->before))
		return LAY_CLASH;
	return lay_done_if(write_param(s, id, c));
}

/* A line that counted for nothing; where nobody has it any more, nothing is to do. */
static enum lay_verdict
lay_line(struct session *s, const struct lay_change *c)
{
	struct doc *doc = main_cf(s);
	struct sv line = sv_trim(sv_of(c->before.text));

	for (size_t i = 0; i < doc->norder; i++) {
		uint32_t id = doc->order[i];
		uint8_t kind = doc_entry(doc, id)->kind;

		if (!doc_alive(doc, id) || (kind != ENTRY_PARAM && kind != ENTRY_BAD) ||
			!sv_eq(sv_trim(doc_text(doc, id)), line))
			continue;
		if (kind == ENTRY_PARAM && mcf_find(doc, mcf_name(doc, id)) == id)
			continue; /* this one counts */
		if (c->after.off)
			return lay_done_if(mcf_comment_out(doc, id));
		doc_delete(doc, id);
		return LAY_DONE;
	}
	return LAY_THERE;
}

/* --- one and all ---------------------------------------------------------------------
 */

static bool
is_of_networks(const struct ses_file *f)
{
	return f->role == ROLE_NETS || f->role == ROLE_CIDR || f->role == ROLE_INDEXED;
}

/* The file of a change, if this configuration still reads it. */
static struct ses_file *
file_of(struct session *s, const struct lay_change *c)
{
	struct login_maps maps;
	struct ses_file *f;

	if (c->kind == LAY_ALIAS)
		f = aliases_file(s);
	else if (c->kind == LAY_ITEM)
		f = (nets_now(s), file_find(s, c->file));
	else if (c->kind == LAY_LOGIN)
		f = (login_maps_of(s, &maps), file_find(s, c->file));
	else
		f = s->files[0];
	if (!f || strcmp(f->path, c->file) != 0 || !edit_allowed(s, f, NULL))
		return NULL;
	return (c->kind == LAY_LOGIN) == (f->role == ROLE_LOGIN) &&
			       (c->kind == LAY_ITEM) == is_of_networks(f)
		       ? f
		       : NULL;
}

static enum lay_verdict
lay_one(struct session *s, const struct lay_change *c, bool force)
{
	struct ses_file *f = file_of(s, c);
	struct lay_target t = {s, f, DOC_NO_ID, force};

	if (!f)
		return LAY_CLASH;
	switch (c->kind) {
	case LAY_PARAM:
		if (force)
			return lay_done_if(
				write_param(s, mcf_find(main_cf(s), sv_of(c->name)), c));
		return lay_param(s, c);
	case LAY_LINE:
		return lay_line(s, c);
	case LAY_ALIAS:
		return lay_alias(s, c, force);
	case LAY_ITEM:
		return lay_item(&t, c);
	case LAY_LOGIN:
		return lay_login(f, c, force);
	}
	return LAY_CLASH;
}

/* What the clashing thing is now. */
static const char *
theirs_of(struct session *s, struct arena *a, const struct lay_change *c)
{
	struct ses_file *f = file_of(s, c);
	const char *kept = NULL;
	uint32_t id;

	if (f && c->kind == LAY_ALIAS) {
		kept = lay_alias_theirs(s, a, c);
	} else if (f && c->kind == LAY_PARAM) {
		id = mcf_find(&f->doc, sv_of(c->name));
		kept = id == DOC_NO_ID ? NULL
				       : param_text_value(a, doc_text(&f->doc, id));
	} else if (f && c->kind == LAY_LOGIN) {
		kept = lay_login_theirs(f, a, c);
	} else if (f && c->kind == LAY_ITEM) {
		struct lay_items now = {0};
		size_t i;

		items_of_file(a, f, &now);
		i = items_find(&now, c->name, false);
		if (i < now.n)
			kept = arena_fmt(a, now.v[i].off ? _("%s %s, off") : "%s %s",
				now.v[i].text, now.v[i].value ? now.v[i].value : "");
		free(now.v);
	}
	return kept;
}

const char *
lay_mine(struct arena *a, const struct lay_change *c)
{
	const struct lay_form *w = &c->after;

	if (c->kind == LAY_LOGIN)
		return lay_login_mine(a, c);
	if (!w->there)
		return w->off ? _("commented out") : NULL;
	if (c->kind == LAY_PARAM)
		return param_text_value(a, sv_of(w->text));
	return w->off ? arena_fmt(a, _("%s, off"), w->text) : w->text;
}

char
lay_mark(const struct lay_change *c)
{
	return !c->before.there ? '+' : !c->after.there ? '-' : '*';
}

/* A table of passwords that main.cf names no more once the changes are laid over it is
 * found among the open files. */
static void
open_tables(struct session *s, const struct lay_list *l)
{
	struct login_maps maps;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].kind == LAY_LOGIN) {
			login_maps_of(s, &maps);
			return;
		}
}

/* main.cf first: it names the files of the others. */
void
lay_over(struct session *s, const struct lay_list *l, struct arena *a,
	struct lay_outcome *out)
{
	open_tables(s, l);
	ses_begin(s, _("changes laid over the files"));
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < l->n; i++) {
			const struct lay_change *c = &l->v[i];
			uint64_t before = s->edits;
			size_t mark;

			if ((c->kind != LAY_PARAM && c->kind != LAY_LINE) != (pass == 1))
				continue;
			mark = edit_begin(s, "");
			out[i] = (struct lay_outcome){.verdict = lay_one(s, c, false)};
			edit_end(s, mark, out[i].verdict == LAY_DONE);
			if (out[i].verdict == LAY_DONE && s->edits == before)
				out[i].verdict = LAY_THERE;
			if (out[i].verdict == LAY_CLASH)
				out[i].theirs = theirs_of(s, a, c);
		}
	ses_end(s);
}

bool
lay_force(struct session *s, const struct lay_change *c, struct diags *d)
{
	size_t mark = edit_begin(s, c->name);

	if (edit_end(s, mark, lay_one(s, c, true) != LAY_CLASH))
		return true;
	return diag_add(d, SEV_ERROR, DIAG_FILE_CHANGED,
		&(struct diag_loc){.file = c->file}, _("Make the change by hand."),
		_("%s can't be changed like that any more."), c->name);
}
