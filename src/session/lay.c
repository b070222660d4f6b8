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
#include "text/table.h"

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

/* --- the table of passwords ----------------------------------------------------------
 */

static bool
write_login(struct ses_file *f, const struct lay_change *c)
{
	uint32_t old =
		c->before.there ? tbl_find(&f->doc, sv_of(c->before.text)) : DOC_NO_ID;

	if (old != DOC_NO_ID && !lay_same(c->before.text, c->after.text))
		tbl_remove(&f->doc, old, true);
	return !c->after.there ||
	       tbl_set(&f->doc, sv_of(c->after.text), sv_of(c->after.value)) != DOC_NO_ID;
}

/* Has the table this row, or none of the key where form isn't there? */
static bool
login_is(const struct ses_file *f, const struct lay_form *form, const char *key)
{
	uint32_t id = tbl_find(&f->doc, sv_of(key));
	struct str value = {0};
	bool same;

	if (id == DOC_NO_ID || !form->there)
		return (id == DOC_NO_ID) == !form->there;
	tbl_value(&f->doc, id, &value);
	same = sv_eq_str(str_sv(&value), form->value);
	str_wipe(&value);
	return same;
}

bool
lay_lacks_password(const struct lay_change *c)
{
	struct sv value = sv_of(c->after.value ? c->after.value : "");

	return c->kind == LAY_LOGIN && c->after.there && value.n > 1 &&
	       sv_find(value, ':') == (ptrdiff_t)value.n - 1;
}

/* The row is there with this user, and has its password. */
static bool
has_user(const struct ses_file *f, const struct lay_change *c)
{
	uint32_t id = tbl_find(&f->doc, sv_of(c->name));
	struct str value = {0};
	bool same = false;

	if (id == DOC_NO_ID || !lay_lacks_password(c))
		return false;
	tbl_value(&f->doc, id, &value);
	same = sv_starts(str_sv(&value), c->after.value);
	str_wipe(&value);
	return same;
}

static enum lay_verdict
lay_login(struct ses_file *f, const struct lay_change *c)
{
	const struct lay_form *was = &c->before, *want = &c->after;
	bool renamed = was->there && want->there && !lay_same(was->text, want->text);

	if (has_user(f, c))
		return LAY_THERE;
	if (login_is(f, want, c->name) &&
		(!renamed || tbl_find(&f->doc, sv_of(was->text)) == DOC_NO_ID))
		return LAY_THERE;
	if (!login_is(f, was, was->there ? was->text : c->name))
		return LAY_CLASH;
	return lay_done_if(write_login(f, c));
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
		return force ? lay_done_if(write_login(f, c)) : lay_login(f, c);
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
		kept = tbl_find(&f->doc, sv_of(c->name)) == DOC_NO_ID ? NULL : "****";
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

	if (!w->there)
		return w->off ? _("commented out") : NULL;
	if (lay_lacks_password(c))
		return arena_fmt(a, _("%.*s, its password is to be typed again"),
			(int)strlen(w->value) - 1, w->value);
	if (c->kind == LAY_LOGIN)
		return "****";
	if (c->kind == LAY_PARAM)
		return param_text_value(a, sv_of(w->text));
	return w->off ? arena_fmt(a, _("%s, off"), w->text) : w->text;
}

char
lay_mark(const struct lay_change *c)
{
	return !c->before.there ? '+' : !c->after.there ? '-' : '*';
}

/* main.cf first: it names the files of the others. */
void
lay_over(struct session *s, const struct lay_list *l, struct arena *a,
	struct lay_outcome *out)
{
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
