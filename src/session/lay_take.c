/* SPDX-License-Identifier: MIT
 *
 * Taking the net changes out of the documents. What a change is about, the list of
 * changes has worked out; here it gets the very lines, so that laid over the same file it
 * gives the same bytes.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "model/catalog.h"
#include "session/lay.h"
#include "session/login_view.h"
#include "text/maincf.h"
#include "text/table.h"

void
lay_free(struct lay_list *l)
{
	arena_free(&l->texts);
	free(l->v);
	*l = (struct lay_list){0};
}

struct lay_change *
lay_push(struct lay_list *l, const struct lay_change *c)
{
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	l->v[l->n] = *c;
	return &l->v[l->n++];
}

static void
copy_form(struct arena *a, struct lay_form *f)
{
	f->name = arena_str(a, f->name);
	f->text = arena_str(a, f->text);
	f->value = arena_str(a, f->value);
	f->note = arena_str(a, f->note);
}

void
lay_copy(struct lay_list *l, const struct lay_change *c)
{
	struct lay_change *own = lay_push(l, c);

	own->file = arena_str(&l->texts, c->file);
	own->name = arena_str(&l->texts, c->name);
	own->above = arena_str(&l->texts, c->above);
	copy_form(&l->texts, &own->before);
	copy_form(&l->texts, &own->after);
}

/* --- main.cf -------------------------------------------------------------------------
 */

/* Did an entry of this name change between set and commented out, this way? */
static bool
was_switched(const struct ses_file *f, struct sv name, bool off)
{
	for (size_t i = 0; i < f->nbase; i++) {
		const struct entry *was = &f->base[i].e,
				   *is = doc_entry(&f->doc, f->base[i].id);
		const struct entry *set = off ? was : is, *comment = off ? is : was;

		if (set->kind == ENTRY_PARAM && comment->kind == ENTRY_COMMENT &&
			!(is->flags & ENTRY_DELETED) && !(was->flags & ENTRY_DELETED) &&
			sv_eq(sv_sub(file_entry_text(f, set), 0, set->key_len), name))
			return true;
	}
	return false;
}

static bool
is_layout_only(struct arena *a, const struct lay_change *c)
{
	struct sv was = sv_of(c->before.text), is = sv_of(c->after.text);

	return strcmp(param_text_value(a, was), param_text_value(a, is)) == 0 &&
	       items_same(was, is);
}

static void
take_param(const struct ses_file *f, const char *name, struct lay_list *l)
{
	struct lay_change c = {.kind = LAY_PARAM, .file = f->path};
	struct entry e;
	uint32_t id = mcf_find(&f->doc, sv_of(name));

	c.name = arena_str(&l->texts, name);
	if (file_param_before(f, sv_of(name), &e) != DOC_NO_ID) {
		c.before.there = true;
		c.before.text = arena_sv(&l->texts, file_entry_text(f, &e));
	}
	if (id != DOC_NO_ID) {
		c.after.there = true;
		c.after.text = arena_sv(&l->texts, doc_text(&f->doc, id));
	}
	c.before.off = !c.before.there && was_switched(f, sv_of(name), false);
	c.after.off = !c.after.there && was_switched(f, sv_of(name), true);
	if (c.before.there != c.after.there ||
		(c.before.there && !is_layout_only(&l->texts, &c)))
		lay_push(l, &c);
}

/* Is this an entry that counted for nothing, and is gone or commented out now? */
static bool
is_dead_line(const struct ses_file *f, const struct ses_base *b)
{
	const struct entry *is = doc_entry(&f->doc, b->id);
	struct entry unused;
	struct sv name;

	if ((b->e.flags & ENTRY_DELETED) ||
		!(is->flags & ENTRY_DELETED || is->kind == ENTRY_COMMENT))
		return false;
	if (b->e.kind == ENTRY_BAD)
		return true;
	name = sv_sub(file_entry_text(f, &b->e), 0, b->e.key_len);
	return b->e.kind == ENTRY_PARAM && mcf_find(&f->doc, name) != DOC_NO_ID &&
	       file_param_before(f, name, &unused) != b->id;
}

static void
take_dead_lines(const struct ses_file *f, struct lay_list *l)
{
	for (size_t i = 0; i < f->nbase; i++) {
		const struct entry *was = &f->base[i].e;
		struct lay_change c = {.kind = LAY_LINE, .file = f->path};

		if (!is_dead_line(f, &f->base[i]))
			continue;
		c.before.there = true;
		c.before.text = arena_sv(&l->texts, file_entry_text(f, was));
		c.after.off = doc_alive(&f->doc, f->base[i].id);
		c.name = arena_sv(&l->texts, sv_trim(sv_of(c.before.text)));
		lay_push(l, &c);
	}
}

/* --- aliases and followed files ------------------------------------------------------
 */

static struct lay_form
alias_form(struct arena *a, const struct aliases *al, uint32_t id)
{
	uint8_t kind = doc_entry(&al->doc, id)->kind;
	bool alive = doc_alive(&al->doc, id);
	struct lay_form form = {
		.there = alive && (kind == ENTRY_ALIAS || kind == ENTRY_ALIAS_OFF ||
					  kind == ENTRY_BAD),
		.off = alive && kind == ENTRY_COMMENT,
		.note = ""};
	struct str text = {0};

	if (!form.there)
		return form;
	form.off = doc_entry(&al->doc, id)->kind == ENTRY_ALIAS_OFF;
	form.bad = doc_entry(&al->doc, id)->kind == ENTRY_BAD;
	if (!form.bad)
		al_name_plain(al_name(al, id), &text);
	form.name = arena_sv(a, str_sv(&text));
	str_clear(&text);
	if (form.bad)
		form.text = arena_sv(a, doc_text(&al->doc, id));
	else
		al_value(al, id, &text);
	if (!form.bad)
		form.text = arena_sv(a, str_sv(&text));
	str_clear(&text);
	if (al_description(al, id, &text))
		form.note = arena_sv(a, str_sv(&text));
	str_free(&text);
	return form;
}

static bool
same_form(const struct lay_form *a, const struct lay_form *b)
{
	return a->there == b->there && a->off == b->off && lay_same(a->name, b->name) &&
	       lay_same(a->text, b->text) && lay_same(a->note, b->note);
}

static void
take_alias(struct ses_file *f, const char *name, uint32_t id, struct lay_list *l)
{
	struct lay_change c = {.kind = LAY_ALIAS, .file = f->path};

	c.name = arena_str(&l->texts, name);
	c.after = alias_form(&l->texts, &f->al, id);
	file_swap_base(f);
	c.before = alias_form(&l->texts, &f->al, id);
	file_swap_base(f);
	/* Else it is a remark, or the layout only. */
	if ((c.before.there || c.after.there) && !same_form(&c.before, &c.after))
		lay_push(l, &c);
}

static void
take_items(struct ses_file *f, struct lay_list *l)
{
	struct lay_items was = {0}, now = {0};

	items_of_file(&l->texts, f, &now);
	file_swap_base(f);
	items_of_file(&l->texts, f, &was);
	file_swap_base(f);
	items_diff(&was, &now, f->path, l);
	free(was.v);
	free(now.v);
}

static struct lay_form
login_form(struct arena *a, const struct doc *d, uint32_t id)
{
	struct lay_form form = {.note = ""};
	struct str value = {0};

	if (!doc_alive(d, id) || doc_entry(d, id)->kind != ENTRY_ROW)
		return form;
	form.there = true;
	tbl_value(d, id, &value);
	form.text = arena_sv(a, tbl_key(d, id));
	form.value = arena_sv(a, str_sv(&value));
	str_wipe(&value);
	return form;
}

static void
take_login(struct ses_file *f, uint32_t id, struct lay_list *l)
{
	struct lay_change c = {.kind = LAY_LOGIN, .file = f->path};

	c.after = login_form(&l->texts, &f->doc, id);
	file_swap_base(f);
	c.before = login_form(&l->texts, &f->doc, id);
	file_swap_base(f);
	c.name = c.after.there ? c.after.text : c.before.text;
	if (c.after.there || c.before.there)
		lay_push(l, &c);
}

/* --- all -----------------------------------------------------------------------------
 */

static void
take_file(struct session *s, struct ses_file *f, struct lay_list *l)
{
	const struct ses_change *v;
	size_t n = ses_changes(s, &v), from = l->n, listed = 0;

	if (f->role == ROLE_NETS || f->role == ROLE_CIDR || f->role == ROLE_INDEXED) {
		take_items(f, l);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct ses_file *of;
		uint32_t id;

		change_place(s, i, &of, &id);
		if (of != f)
			continue;
		listed++;
		if (f->role == ROLE_LOGIN)
			take_login(f, id, l);
		else if (f->role == ROLE_ALIASES)
			take_alias(f, v[i].name, id, l);
		else if (id == DOC_NO_ID)
			take_param(f, v[i].name, l);
	}
	if (f->role == ROLE_MAIN_CF)
		take_dead_lines(f, l);
	if (l->n - from < listed)
		l->remarks += listed - (l->n - from);
}

/* A view's strings go with the next edit. */
static void
own_files(struct lay_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		l->v[i].file = arena_str(&l->texts, l->v[i].file);
}

void
lay_take(struct session *s, struct ses_file *only, struct lay_list *l)
{
	for (size_t i = 0; i < s->nfiles; i++)
		if ((!only || s->files[i] == only) && file_is_edited(s->files[i]))
			take_file(s, s->files[i], l);
	own_files(l);
}

static bool
lines_are_secret(const char *text)
{
	struct sv v = sv_of(text ? text : ""), line;

	while (sv_line(&v, &line)) {
		ptrdiff_t at;

		while (line.n && line.p[0] == '#')
			line = sv_sub(line, 1, line.n);
		at = sv_find(line, '=');
		if (at >= 0 && cat_is_secret(sv_trim(sv_sub(line, 0, (size_t)at)),
				       sv_trim(sv_sub(line, (size_t)at + 1, line.n))))
			return true;
	}
	return false;
}

static bool
value_is_secret(const struct lay_change *c, const struct lay_form *f)
{
	struct arena a = {0};
	bool secret = f->text && cat_is_secret(sv_of(c->name),
					 sv_of(param_text_value(&a, sv_of(f->text))));

	arena_free(&a);
	return secret || lines_are_secret(f->text);
}

static bool
is_secret(const struct lay_change *c)
{
	switch (c->kind) {
	case LAY_PARAM:
		return value_is_secret(c, &c->before) || value_is_secret(c, &c->after);
	case LAY_LINE:
		return lines_are_secret(c->before.text);
	case LAY_ALIAS:
	case LAY_ITEM:
	case LAY_LOGIN:
		break;
	}
	return false;
}

/* What may leave the process, appended to l: a copy without its passwords, or the count.
 */
static void
push_open(struct lay_list *l, const struct lay_change *c)
{
	struct lay_change own = *c;

	if (is_secret(c) || (c->kind == LAY_LOGIN && !lay_login_open(&l->texts, &own)))
		l->left_out++;
	else
		lay_copy(l, &own);
}

void
lay_copy_open(struct lay_list *l, const struct lay_list *from)
{
	for (size_t i = 0; i < from->n; i++)
		push_open(l, &from->v[i]);
}

void
lay_take_open(struct session *s, struct lay_list *l)
{
	struct lay_list whole = {0};

	lay_take(s, NULL, &whole);
	lay_copy_open(l, &whole);
	l->remarks += whole.remarks;
	lay_free(&whole);
}
