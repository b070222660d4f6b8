/* SPDX-License-Identifier: MIT
 *
 * The net list of changes: what differs between the files as loaded and as edited. An
 * item that was set back isn't in it. One row a parameter, an alias or a row of a
 * followed file.
 */
#include "session/internal.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
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
static char *
value_of_text(struct arena *a, struct sv text)
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

static bool
is_definition_of(struct sv text, const struct entry *e, struct sv name)
{
	return e->kind == ENTRY_PARAM && !(e->flags & ENTRY_DELETED) &&
	       e->key_len == name.n && sv_eq(sv_sub(text, 0, name.n), name);
}

/* The effective value of name as the file had it when loaded, or NULL. */
static const char *
value_before(const struct ses_file *f, struct arena *a, struct sv name)
{
	for (size_t i = f->doc.norder; i > 0; i--) {
		uint32_t id = f->doc.order[i - 1];
		struct entry e = file_base_entry(f, id);
		struct sv text = file_entry_text(f, &e);

		if (is_definition_of(text, &e, name))
			return value_of_text(a, text);
	}
	return NULL;
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

	return id == DOC_NO_ID ? NULL : value_of_text(a, doc_text(&f->doc, id));
}

static const char *
screen_of_param(const char *name)
{
	static const char *const rows[][2] = {
		{"mynetworks",         "networks"  },
                {"inet_interfaces",    "interfaces"},
		{"inet_protocols",     "interfaces"},
                {"smtp_bind_address",  "interfaces"},
		{"smtp_bind_address6", "interfaces"},
                {"relayhost",          "relayhost" }
        };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i][0], name) == 0)
			return rows[i][1];
	return "params";
}

static bool
has_word(const char *list, struct sv word)
{
	struct sv rest = sv_of(list ? list : ""), token;

	while (sv_token(&rest, ", \t\r\n", &token))
		if (sv_eq(token, word))
			return true;
	return false;
}

/* For a list: only the words that come or go, "+192.168.2.1 -10.0.0.0/8". */
static const char *
words_changed(struct arena *a, const char *before, const char *after)
{
	struct str out = {0};
	struct sv rest, token;
	const char *kept;

	rest = sv_of(before);
	while (sv_token(&rest, ", \t\r\n", &token))
		if (!has_word(after, token))
			str_addf(
				&out, "%s-%.*s", out.n ? " " : "", (int)token.n, token.p);
	rest = sv_of(after);
	while (sv_token(&rest, ", \t\r\n", &token))
		if (!has_word(before, token))
			str_addf(
				&out, "%s+%.*s", out.n ? " " : "", (int)token.n, token.p);
	kept = out.n ? arena_sv(a, str_sv(&out)) : NULL;
	str_free(&out);
	return kept;
}

static const char *
param_text(struct arena *a, const char *name, const char *before, const char *after)
{
	const char *screen = screen_of_param(name), *words = NULL;

	if (before && after && strcmp(before, after) == 0)
		return _("a note or the layout");
	if (before && after &&
		(strcmp(screen, "networks") == 0 || strcmp(name, "inet_interfaces") == 0))
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

static bool
seen(const struct change_view *cv, struct sv name)
{
	for (size_t i = 0; i < cv->n; i++)
		if (cv->at[i].id == DOC_NO_ID && sv_eq_str(name, cv->v[i].name))
			return true;
	return false;
}

static void
param_change(struct session *s, struct ses_file *f, struct sv name)
{
	struct change_view *cv = s->cv;
	struct arena *a = &cv->texts;
	struct ses_change c = {.file = f->path};

	if (name.n == 0 || seen(cv, name))
		return;
	c.before = value_before(f, a, name);
	c.after = value_now(f, a, name);
	if (!c.before && !c.after)
		return;
	c.name = arena_sv(a, name);
	c.mark = !c.before ? '+' : !c.after ? '-' : '*';
	c.screen = screen_of_param(c.name);
	c.text = param_text(a, c.name, c.before, c.after);
	push(cv, &c, f, DOC_NO_ID);
}

/* An entry that is no parameter before or after: a comment or a bad line. */
static void
line_change(struct session *s, struct ses_file *f, uint32_t id, const struct entry *was)
{
	struct arena *a = &s->cv->texts;
	const struct entry *is = doc_entry(&f->doc, id);
	struct ses_change c = {.file = f->path, .screen = "params", .mark = '*'};
	struct sv before = file_entry_text(f, was), after = doc_text(&f->doc, id);

	c.name = arena_fmt(a, _("line %u"), was->line);
	c.before = was->flags & ENTRY_DELETED ? NULL : arena_sv(a, sv_trim(before));
	c.after = is->flags & ENTRY_DELETED ? NULL : arena_sv(a, sv_trim(after));
	if (!c.before && !c.after)
		return;
	c.mark = !c.before ? '+' : !c.after ? '-' : '*';
	c.text = c.after ? c.after : _("removed");
	push(s->cv, &c, f, id);
}

static void
main_cf_changes(struct session *s, struct ses_file *f)
{
	for (size_t i = 0; i < f->nbase; i++) {
		const struct entry *was = &f->base[i].e,
				   *is = doc_entry(&f->doc, f->base[i].id);
		struct sv old_name = sv_sub(file_entry_text(f, was), 0, was->key_len);

		if (file_entry_same(f, was, is))
			continue;
		if (is->kind == ENTRY_PARAM)
			param_change(s, f, mcf_name(&f->doc, f->base[i].id));
		if (was->kind == ENTRY_PARAM)
			param_change(s, f, old_name);
		if (is->kind != ENTRY_PARAM && was->kind != ENTRY_PARAM)
			line_change(s, f, f->base[i].id, was);
	}
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
is_alias_kind(uint8_t kind)
{
	return kind == ENTRY_ALIAS || kind == ENTRY_ALIAS_OFF;
}

static void
alias_change(struct session *s, struct ses_file *f, const struct ses_base *b)
{
	struct arena *a = &s->cv->texts;
	const struct entry *is = doc_entry(&f->doc, b->id);
	bool had = !(b->e.flags & ENTRY_DELETED), has = !(is->flags & ENTRY_DELETED);
	struct ses_change c = {.file = f->path, .screen = "aliases"};
	const char *old_name = NULL, *name = NULL;

	if (!is_alias_kind(had ? b->e.kind : is->kind) && !is_alias_kind(is->kind))
		return;
	if (had)
		alias_parts(a, file_entry_text(f, &b->e), &old_name, &c.before);
	if (has)
		alias_parts(a, doc_text(&f->doc, b->id), &name, &c.after);
	c.name = name ? name : old_name;
	c.mark = !had ? '+' : !has ? '-' : '*';
	if (had && has && b->e.kind != is->kind)
		c.text = is->kind == ENTRY_ALIAS_OFF ? _("switched off")
						     : _("switched on");
	else if (c.mark == '*')
		c.text = arena_fmt(a, "%s -> %s", c.before, c.after);
	else
		c.text = has ? c.after : _("removed");
	push(s->cv, &c, f, b->id);
}

static void
row_change(struct session *s, struct ses_file *f, const struct ses_base *b)
{
	struct arena *a = &s->cv->texts;
	const struct entry *is = doc_entry(&f->doc, b->id);
	struct ses_change c = {.file = f->path, .screen = "networks"};

	if (!(b->e.flags & ENTRY_DELETED))
		c.before = arena_sv(a, sv_trim(file_entry_text(f, &b->e)));
	if (!(is->flags & ENTRY_DELETED))
		c.after = arena_sv(a, sv_trim(doc_text(&f->doc, b->id)));
	c.name = c.after ? c.after : c.before;
	c.mark = !c.before ? '+' : !c.after ? '-' : '*';
	c.text = f->path;
	push(s->cv, &c, f, b->id);
}

static void
file_changes(struct session *s, struct ses_file *f)
{
	if (f->role == ROLE_MAIN_CF) {
		main_cf_changes(s, f);
		return;
	}
	for (size_t i = 0; i < f->nbase; i++) {
		if (file_entry_same(f, &f->base[i].e, doc_entry(&f->doc, f->base[i].id)))
			continue;
		if (f->role == ROLE_ALIASES)
			alias_change(s, f, &f->base[i]);
		else
			row_change(s, f, &f->base[i]);
	}
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

static void
take_back_param(struct ses_file *f, struct sv name)
{
	for (size_t i = 0; i < f->nbase; i++) {
		const struct entry *was = &f->base[i].e,
				   *is = doc_entry(&f->doc, f->base[i].id);
		bool about =
			(is->kind == ENTRY_PARAM &&
				sv_eq(mcf_name(&f->doc, f->base[i].id), name)) ||
			(was->kind == ENTRY_PARAM &&
				sv_eq(sv_sub(file_entry_text(f, was), 0, was->key_len),
					name));

		if (about && !file_entry_same(f, was, is))
			doc_restore(&f->doc, f->base[i].id, was);
	}
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
	if (at.id == DOC_NO_ID)
		take_back_param(at.file, sv_of(name));
	else {
		struct entry was = file_base_entry(at.file, at.id);

		doc_restore(&at.file->doc, at.id, &was);
	}
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
				doc_restore(&f->doc, f->base[i].id, &f->base[i].e);
	}
	ses_end(s);
}
