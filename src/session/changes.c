/* SPDX-License-Identifier: MIT
 *
 * The net list of changes: what differs between the files as loaded and as edited. An
 * item that was set back isn't in it. One row a parameter, an alias or a row of a
 * followed file; comments and blank lines that came or went with it belong to it.
 */
#include "session/changes_text.h"
#include "session/internal.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/review_view.h"
#include "session/secret.h"
#include "text/aliases.h"
#include "text/lline.h"
#include "text/maincf.h"

/* Which entries a change is about: for taking it back. */
struct change_place {
	struct ses_file *file;
	uint32_t id; /* DOC_NO_ID: every definition of the parameter */
};

struct change_view {
	uint64_t gen;
	struct arena texts;
	struct ses_change *v;
	struct change_place *at;
	size_t n, cap, at_cap;
};

void
changes_free(struct session *s)
{
	if (!s->cv)
		return;
	arena_free(&s->cv->texts);
	free(s->cv->v);
	free(s->cv->at);
	free(s->cv);
	s->cv = NULL;
}

static void
push(struct change_view *cv, const struct ses_change *c, struct ses_file *f, uint32_t id)
{
	size_t n = cv->n;

	cv->v = mem_grow(cv->v, &cv->cap, n + 1, sizeof(*cv->v));
	cv->at = mem_grow(cv->at, &cv->at_cap, n + 1, sizeof(*cv->at));
	cv->v[n] = *c;
	cv->at[n] = (struct change_place){f, id};
	cv->n++;
}

/* Each run of blanks becomes one, as postconf prints a value. */
static void
one_blank_each(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		bool blank = is_blank_char(*p);

		if (!blank || to == text || !is_blank_char(to[-1]))
			*to++ = blank ? ' ' : *p;
	}
	*to = '\0';
}

/* The logical value of a definition's whole lines, as postconf shows it. */
char *
param_text_value(struct arena *a, struct sv text)
{
	struct str line = {0};
	struct sv v;
	ptrdiff_t at;
	char *value;

	ll_logical(text, &line);
	v = str_sv(&line);
	at = sv_find(v, '=');
	value = arena_sv(a, at < 0 ? v : sv_trim(sv_sub(v, (size_t)at + 1, v.n)));
	one_blank_each(value);
	str_free(&line);
	return value;
}

/* The effective value of name as the file had it when loaded, or NULL. */
static const char *
value_before(const struct ses_file *f, struct arena *a, struct sv name)
{
	struct entry e;

	return file_param_before(f, name, &e) == DOC_NO_ID
		       ? NULL
		       : param_text_value(a, file_entry_text(f, &e));
}

const char *
param_before(struct session *s, struct arena *a, const char *name)
{
	return value_before(s->files[0], a, sv_of(name));
}

static const char *
value_now(const struct ses_file *f, struct arena *a, struct sv name)
{
	uint32_t id = mcf_find(&f->doc, name);

	return id == DOC_NO_ID ? NULL : param_text_value(a, doc_text(&f->doc, id));
}

static bool
seen(const struct change_view *cv, struct sv name)
{
	for (size_t i = 0; i < cv->n; i++)
		if (cv->at[i].id == DOC_NO_ID && sv_eq_str(name, cv->v[i].name))
			return true;
	return false;
}

/* The text is in words only where nothing of the values shows in it. */
static void
hide_secret(struct arena *a, struct ses_change *c)
{
	const char *before = secret_value(c->name, c->before);
	const char *after = secret_value(c->name, c->after);
	bool changed = c->mark != '*' || strcmp(c->before, c->after) != 0;

	if (changed && (before != c->before || after != c->after))
		c->text = !before  ? after
			  : !after ? arena_fmt(a, _("%s -> default"), before)
				   : arena_fmt(a, "%s -> %s", before, after);
	c->before = before;
	c->after = after;
}

/* False when the name had no value and has none: then it is the line that changed. */
static bool
param_change(struct session *s, struct ses_file *f, struct sv name)
{
	struct change_view *cv = s->cv;
	struct arena *a = &cv->texts;
	struct ses_change c = {.file = f->path};

	if (name.n == 0)
		return false;
	if (seen(cv, name))
		return true;
	c.before = value_before(f, a, name);
	c.after = value_now(f, a, name);
	if (!c.before && !c.after)
		return false;
	c.name = arena_sv(a, name);
	c.mark = !c.before ? '+' : !c.after ? '-' : '*';
	c.screen = change_screen(c.name);
	c.text = change_param_text(a, c.name, c.before, c.after);
	hide_secret(a, &c);
	push(cv, &c, f, DOC_NO_ID);
	return true;
}

/* A row of passwords in a word: for whom, or what became of it. */
static const char *
login_text(struct arena *a, const struct ses_change *c)
{
	struct sv was, is, key, rest;

	if (!c->after)
		return _("removed");
	rest = sv_of(c->after);
	sv_token(&rest, " \t\r\n", &is);
	was = sv_of(c->before ? c->before : c->after);
	sv_token(&was, " \t\r\n", &key);
	if (!sv_eq(key, is))
		return arena_fmt(a, "%.*s -> %s", (int)key.n, key.p, c->name);
	if (c->before && strcmp(c->before, c->after) == 0)
		return _("another password");
	return arena_sv(a, sv_trim(rest));
}

/* Without the password, its blanks as they are read. */
static const char *
login_row_text(struct arena *a, struct sv lines)
{
	char *text = arena_str(a, secret_row(a, sv_trim(lines)));

	one_blank_each(text);
	return text;
}

/* A password's row: its key, and that it is another one. */
static void
login_change(struct session *s, struct ses_file *f, uint32_t id)
{
	struct arena *a = &s->cv->texts;
	struct entry was = file_base_entry(f, id);
	const struct entry *is = doc_entry(&f->doc, id);
	struct ses_change c = {.file = f->path, .screen = "relayhost", .is_login = true};
	struct sv text, key;

	if (!(was.flags & ENTRY_DELETED))
		c.before = login_row_text(a, file_entry_text(f, &was));
	if (!(is->flags & ENTRY_DELETED))
		c.after = login_row_text(a, doc_text(&f->doc, id));
	text = sv_of(c.after ? c.after : c.before);
	if (!sv_token(&text, " \t\r\n", &key))
		return;
	c.name = arena_sv(a, key);
	c.mark = !c.before ? '+' : !c.after ? '-' : '*';
	c.text = login_text(a, &c);
	push(s->cv, &c, f, id);
}

/* An entry that is no parameter, alias or row: a comment or a bad line. */
static void
line_change(struct session *s, struct ses_file *f, uint32_t id, const struct entry *was)
{
	struct arena *a = &s->cv->texts;
	const struct entry *is = doc_entry(&f->doc, id);
	struct ses_change c = {.file = f->path, .screen = "params"};
	struct sv before = file_entry_text(f, was), after = doc_text(&f->doc, id);

	if (f->role == ROLE_LOGIN) {
		login_change(s, f, id);
		return;
	}
	if (f->role != ROLE_MAIN_CF)
		c.screen = f->role == ROLE_ALIASES ? "aliases" : "networks";
	c.name = arena_fmt(
		a, _("line %u"), was->line ? was->line : doc_line_now(&f->doc, id));
	c.before =
		was->flags & ENTRY_DELETED ? NULL : review_line_text(a, sv_trim(before));
	c.after = is->flags & ENTRY_DELETED ? NULL : review_line_text(a, sv_trim(after));
	c.mark = !c.before ? '+' : !c.after ? '-' : '*';
	c.text = c.after ? c.after : _("removed");
	push(s->cv, &c, f, id);
}

/* --- lines that belong to another one ------------------------------------------------
 */

/* Is it there, and what a change is about, not just a comment or a blank line beside it?
 */
static bool
is_main_kind(const struct ses_file *f, const struct entry *e)
{
	if (e->flags & ENTRY_DELETED)
		return false;
	switch ((enum entry_kind)e->kind) {
	case ENTRY_PARAM:
		return f->role == ROLE_MAIN_CF;
	case ENTRY_ALIAS:
	case ENTRY_ALIAS_OFF:
	case ENTRY_ROW:
	case ENTRY_ROW_OFF:
	case ENTRY_RAW:
	case ENTRY_BAD:
		return true;
	case ENTRY_BLANK:
	case ENTRY_COMMENT:
	case ENTRY_ORPHAN:
		break;
	}
	return false;
}

static bool
is_main(const struct ses_file *f, uint32_t id)
{
	struct entry was = file_base_entry(f, id);

	return is_main_kind(f, doc_entry(&f->doc, id)) || is_main_kind(f, &was);
}

/* The nearest entry on one side that a change can be about; DOC_NO_ID: none. */
static uint32_t
neighbour(const struct ses_file *f, size_t pos, bool behind)
{
	while (behind ? ++pos < f->doc.norder : pos-- > 0)
		if (is_main(f, f->doc.order[pos]))
			return f->doc.order[pos];
	return DOC_NO_ID;
}

static bool
differs(const struct ses_file *f, uint32_t id)
{
	struct entry was;

	if (id == DOC_NO_ID)
		return false;
	was = file_base_entry(f, id);
	return !file_entry_same(f, &was, doc_entry(&f->doc, id));
}

/* The entry that a changed comment or blank line belongs to: a note stands above its row,
 * the rest of what was commented out stands below it. One that changed too is preferred.
 */
static uint32_t
owner_of(const struct ses_file *f, uint32_t id)
{
	size_t pos = doc_position(&f->doc, id);
	bool below =
		f->role != ROLE_MAIN_CF && doc_entry(&f->doc, id)->kind == ENTRY_COMMENT;
	uint32_t first = neighbour(f, pos, below), second = neighbour(f, pos, !below);

	if (differs(f, first) || (!differs(f, second) && first != DOC_NO_ID))
		return first;
	return second;
}

static void
main_cf_change(struct session *s, struct ses_file *f, const struct ses_base *b)
{
	const struct entry *was = &b->e, *is = doc_entry(&f->doc, b->id);
	struct sv old_name = sv_sub(file_entry_text(f, was), 0, was->key_len);
	bool told = false;

	if (is->kind == ENTRY_PARAM)
		told = param_change(s, f, mcf_name(&f->doc, b->id));
	if (was->kind == ENTRY_PARAM)
		told = param_change(s, f, old_name) || told;
	if (!told && (is_main(f, b->id) || !differs(f, owner_of(f, b->id))))
		line_change(s, f, b->id, was);
}

/* "name" and "targets" of an alias entry's whole lines, '#' of a disabled one left out.
 */
static void
alias_parts(struct arena *a, struct sv text, const char **name, const char **targets)
{
	struct str line = {0}, plain = {0};
	struct sv v = text;
	size_t key_end, value;

	while (v.n) {
		struct sv one;

		sv_line(&v, &one);
		if (one.n && one.p[0] == '#')
			one = sv_sub(one, 1, one.n);
		str_add_sv(&plain, one);
		str_add_char(&plain, '\n');
	}
	ll_logical(text.n && text.p[0] == '#' ? str_sv(&plain) : text, &line);
	v = str_sv(&line);
	al_line_judge(v, &key_end, &value);
	*name = arena_sv(a, sv_trim(sv_sub(v, 0, key_end ? key_end : v.n)));
	*targets = arena_sv(a, sv_trim(sv_sub(v, value, v.n)));
	str_free(&line);
	str_free(&plain);
}

static bool
has_change(const struct change_view *cv, const struct ses_file *f, uint32_t id)
{
	for (size_t i = 0; i < cv->n; i++)
		if (cv->at[i].file == f && cv->at[i].id == id)
			return true;
	return false;
}

static const char *
alias_text(struct arena *a, const struct ses_change *c, const struct entry *was,
	const struct entry *is)
{
	if (c->mark != '*')
		return c->after ? c->after : _("removed");
	if (was->kind != is->kind)
		return is->kind == ENTRY_ALIAS_OFF ? _("switched off") : _("switched on");
	if (strcmp(c->before, c->after) == 0)
		return _("a note or the layout");
	return arena_fmt(a, "%s -> %s", c->before, c->after);
}

static void
alias_change(struct session *s, struct ses_file *f, uint32_t id)
{
	struct arena *a = &s->cv->texts;
	struct entry was = file_base_entry(f, id);
	const struct entry *is = doc_entry(&f->doc, id);
	bool had = !(was.flags & ENTRY_DELETED), has = !(is->flags & ENTRY_DELETED);
	struct ses_change c = {.file = f->path, .screen = "aliases"};
	const char *old_name = NULL, *name = NULL;

	if (had)
		alias_parts(a, file_entry_text(f, &was), &old_name, &c.before);
	if (has)
		alias_parts(a, doc_text(&f->doc, id), &name, &c.after);
	c.is_off = has && is->kind == ENTRY_ALIAS_OFF;
	c.name = name ? name : old_name;
	if (!c.name)
		return;
	c.mark = !had ? '+' : !has ? '-' : '*';
	c.text = alias_text(a, &c, &was, is);
	push(s->cv, &c, f, id);
}

static void
row_change(struct session *s, struct ses_file *f, uint32_t id)
{
	struct arena *a = &s->cv->texts;
	struct entry was = file_base_entry(f, id);
	const struct entry *is = doc_entry(&f->doc, id);
	struct ses_change c = {.file = f->path, .screen = "networks"};

	if (!(was.flags & ENTRY_DELETED))
		c.before = arena_sv(a, sv_trim(file_entry_text(f, &was)));
	if (!(is->flags & ENTRY_DELETED))
		c.after = arena_sv(a, sv_trim(doc_text(&f->doc, id)));
	c.name = c.after ? c.after : c.before;
	if (!c.name)
		return;
	c.mark = !c.before ? '+' : !c.after ? '-' : '*';
	c.text = f->path;
	push(s->cv, &c, f, id);
}

/* A change of an alias or row, or of a line beside it. */
static void
entry_change(struct session *s, struct ses_file *f, const struct ses_base *b)
{
	uint32_t id = is_main(f, b->id) ? b->id : owner_of(f, b->id);

	if (id == DOC_NO_ID)
		line_change(s, f, b->id, &b->e);
	else if (id != b->id && (differs(f, id) || has_change(s->cv, f, id)))
		return;
	else if (f->role == ROLE_ALIASES)
		alias_change(s, f, id);
	else if (f->role == ROLE_LOGIN)
		login_change(s, f, id);
	else
		row_change(s, f, id);
}

static void
file_changes(struct session *s, struct ses_file *f)
{
	if (!file_is_edited(f))
		return;
	for (size_t i = 0; i < f->nbase; i++) {
		const struct ses_base *b = &f->base[i];

		if (file_entry_same(f, &b->e, doc_entry(&f->doc, b->id)))
			continue;
		if (f->role == ROLE_MAIN_CF)
			main_cf_change(s, f, b);
		else
			entry_change(s, f, b);
	}
}

void
change_place(struct session *s, size_t i, struct ses_file **file, uint32_t *id)
{
	*file = s->cv->at[i].file;
	*id = s->cv->at[i].id;
}

size_t
ses_changes(struct session *s, const struct ses_change **v)
{
	if (!s->cv)
		s->cv = mem_new(1, sizeof(*s->cv));
	if (s->cv->gen != s->gen) {
		s->cv->gen = s->gen;
		s->cv->n = 0;
		arena_reset(&s->cv->texts);
		for (size_t i = 0; i < s->nfiles; i++)
			file_changes(s, s->files[i]);
	}
	*v = s->cv->v;
	return s->cv->n;
}

/* --- taking back ---------------------------------------------------------------------
 */

static bool
is_about(const struct ses_file *f, const struct ses_base *b, struct sv name)
{
	const struct entry *is = doc_entry(&f->doc, b->id);

	return (is->kind == ENTRY_PARAM && sv_eq(mcf_name(&f->doc, b->id), name)) ||
	       (b->e.kind == ENTRY_PARAM &&
		       sv_eq(sv_sub(file_entry_text(f, &b->e), 0, b->e.key_len), name));
}

/* Is the base entry what the change at `at` is about, or a line that belongs to it? */
static bool
belongs(const struct ses_file *f, const struct ses_base *b, const struct change_place *at,
	struct sv name)
{
	uint32_t owner;

	if (at->id != DOC_NO_ID && b->id == at->id)
		return true;
	if (at->id == DOC_NO_ID && is_about(f, b, name))
		return true;
	if (is_main(f, b->id))
		return false;
	owner = owner_of(f, b->id);
	if (owner == DOC_NO_ID || at->id != DOC_NO_ID)
		return owner != DOC_NO_ID && owner == at->id;
	for (size_t i = 0; i < f->nbase; i++)
		if (f->base[i].id == owner)
			return is_about(f, &f->base[i], name);
	return false;
}

/* What belongs to it is found first: taking one entry back changes whose the others are.
 */
static void
take_back(const struct change_place *at, struct sv name)
{
	struct ses_file *f = at->file;
	bool *mine = mem_new(f->nbase + 1, sizeof(*mine));
	size_t n = f->nbase;

	for (size_t i = 0; i < n; i++)
		mine[i] = differs(f, f->base[i].id) && belongs(f, &f->base[i], at, name);
	for (size_t i = 0; i < n; i++)
		if (mine[i])
			edit_restore(f, f->base[i].id, &f->base[i].e);
	free(mine);
}

bool
ses_change_drop(struct session *s, size_t i, struct diags *d)
{
	const struct ses_change *v;
	struct change_place at;
	char *name;

	if (i >= ses_changes(s, &v))
		return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
			_("There is no such change."));
	at = s->cv->at[i];
	name = mem_strdup(v[i].name);
	ses_begin(s, _("change taken back"));
	take_back(&at, sv_of(name));
	ses_end(s);
	free(name);
	return true;
}

void
ses_discard(struct session *s)
{
	ses_begin(s, _("all changes discarded"));
	for (size_t k = 0; k < s->nfiles; k++) {
		struct ses_file *f = s->files[k];

		for (size_t i = 0; i < f->nbase; i++)
			if (!file_entry_same(
				    f, &f->base[i].e, doc_entry(&f->doc, f->base[i].id)))
				edit_restore(f, f->base[i].id, &f->base[i].e);
	}
	ses_end(s);
}
