/* SPDX-License-Identifier: MIT
 *
 * Aliases as rows of a filtered view. Nothing is kept for a row that isn't looked at: the
 * view is a list of entry ids, and a row's text is taken from the document when it is
 * drawn.
 */
#include "session/internal.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

struct alias_view {
	struct al_filter filter;
	struct str needle;
	uint64_t gen; /* of the document when the rows were made */
	bool ready;
	bool rested; /* ses_alias_rest() was called */
};

void
alias_view_free(struct session *s)
{
	if (!s->av)
		return;
	al_filter_free(&s->av->filter);
	str_free(&s->av->needle);
	free(s->av);
	s->av = NULL;
}

void
alias_view_renew(struct session *s)
{
	if (!s->av)
		return;
	al_filter_free(&s->av->filter);
	s->av->filter = (struct al_filter){0};
	s->av->ready = false;
}

void
ses_alias_rest(struct session *s)
{
	if (!s->av || s->av->rested)
		return;
	s->av->rested = true;
	session_touch(s);
}

bool
alias_view_rested(const struct session *s)
{
	return s->av && s->av->rested;
}

/* The path of the first file in alias_database ("hash:/etc/aliases, ..."), or NULL. */
static char *
path_in_database(struct session *s)
{
	const char *value = ses_param_expanded(s, "alias_database");
	struct sv rest, token;

	if (!value && ses_wait(s, SES_ASK_DEFAULTS, NULL))
		value = ses_param_expanded(s, "alias_database");
	rest = sv_of(value ? value : "");
	while (sv_token(&rest, ", \t\r\n", &token)) {
		ptrdiff_t colon = sv_find(token, ':');
		struct sv path =
			colon < 0 ? token : sv_sub(token, (size_t)colon + 1, token.n);

		if (path.n && path.p[0] == '/')
			return sv_dup(path);
	}
	return NULL;
}

char *
aliases_path(struct session *s)
{
	return s->opt_aliases ? mem_strdup(s->opt_aliases) : path_in_database(s);
}

struct ses_file *
aliases_file(struct session *s)
{
	char *path;

	if (s->aliases_looked_for)
		return s->aliases;
	s->aliases_looked_for = true;
	path = aliases_path(s);
	if (path)
		s->aliases = file_open(s, ROLE_ALIASES, path, NULL);
	free(path);
	s->gen++;
	return s->aliases;
}

static struct aliases *
aliases_of(struct session *s)
{
	struct ses_file *f = aliases_file(s);

	return f ? &f->al : NULL;
}

static struct alias_view *
view_now(struct session *s)
{
	struct aliases *al = aliases_of(s);

	if (!al)
		return NULL;
	if (!s->av)
		s->av = mem_new(1, sizeof(*s->av));
	if (!s->av->ready || s->av->gen != al->doc.gen) {
		al_filter(al, str_sv(&s->av->needle), &s->av->filter);
		s->av->gen = al->doc.gen;
		s->av->ready = true;
	}
	return s->av;
}

size_t
ses_alias_filter(struct session *s, const char *text)
{
	struct alias_view *v = view_now(s);

	if (!v)
		return 0;
	if (strcmp(str_c(&v->needle), text) != 0) {
		str_clear(&v->needle);
		str_add_cstr(&v->needle, text);
		v->ready = false;
		session_touch(s);
	}
	return ses_alias_shown(s);
}

const char *
ses_alias_filter_text(struct session *s)
{
	return s->av ? str_c(&s->av->needle) : "";
}

size_t
ses_alias_shown(struct session *s)
{
	struct alias_view *v = view_now(s);

	return v ? v->filter.hits.n : 0;
}

size_t
ses_alias_total(struct session *s)
{
	struct aliases *al = aliases_of(s);
	size_t n = 0;

	if (s->av && s->av->needle.n == 0)
		return ses_alias_shown(s);
	for (size_t i = 0; al && i < al->doc.norder; i++)
		n += al_is_row(al, al->doc.order[i]);
	return n;
}

static void
name_for_people(const struct aliases *al, uint32_t id, struct str *out)
{
	struct sv name = al_name(al, id);

	if (name.n)
		al_name_plain(name, out);
}

bool
ses_alias_by_id(struct session *s, uint32_t id, struct ses_alias *out)
{
	struct ses_file *f = aliases_file(s);
	struct str text = {0};
	const struct entry *e;
	struct entry was;

	if (!f || id >= f->doc.npool)
		return false;
	e = doc_entry(&f->doc, id);
	was = file_base_entry(f, id);
	*out = (struct ses_alias){.id = id, .line = e->line};
	name_for_people(&f->al, id, &text);
	out->name = arena_sv(scratch(s), str_sv(&text));
	str_clear(&text);
	al_value(&f->al, id, &text);
	out->targets = arena_sv(scratch(s), str_sv(&text));
	str_clear(&text);
	if (al_description(&f->al, id, &text))
		out->note = arena_sv(scratch(s), str_sv(&text));
	str_free(&text);
	out->off = e->kind == ENTRY_ALIAS_OFF;
	out->bad = e->kind == ENTRY_BAD || e->kind == ENTRY_RAW;
	out->removed = e->flags & ENTRY_DELETED;
	out->is_new = (was.flags & ENTRY_DELETED) && !out->removed;
	out->edited = !out->is_new && !out->removed && !file_entry_same(f, &was, e);
	out->finding = finding_at(s, f->path, id, NULL);
	return true;
}

bool
ses_alias_at(struct session *s, size_t row, struct ses_alias *out)
{
	struct alias_view *v = view_now(s);

	return v && row < v->filter.hits.n &&
	       ses_alias_by_id(s, v->filter.hits.v[row], out);
}

size_t
ses_alias_row_of(struct session *s, uint32_t id)
{
	struct alias_view *v = view_now(s);

	for (size_t i = 0; v && i < v->filter.hits.n; i++)
		if (v->filter.hits.v[i] == id)
			return i;
	return v ? v->filter.hits.n : 0;
}

bool
ses_alias_find(struct session *s, const char *name, uint32_t *id)
{
	struct aliases *al = aliases_of(s);

	if (!al)
		return false;
	*id = al_find_any(al, sv_of(name));
	return *id != DOC_NO_ID;
}

static enum ses_target_kind
kind_of(enum al_kind kind)
{
	switch (kind) {
	case AL_USER:
	case AL_BACKSLASH:
		return SES_T_USER;
	case AL_ADDRESS:
		return SES_T_ADDRESS;
	case AL_FILE:
		return SES_T_FILE;
	case AL_PIPE:
		return SES_T_PIPE;
	case AL_INCLUDE:
		return SES_T_INCLUDE;
	case AL_BAD:
		break;
	}
	return SES_T_BAD;
}

static void
hand_out(const struct al_targets *list, struct ses_targets *out)
{
	out->v = mem_new(list->n, sizeof(*out->v));
	out->n = list->n;
	for (size_t i = 0; i < list->n; i++) {
		out->v[i].text = mem_strdup(list->v[i].raw);
		out->v[i].kind = kind_of(list->v[i].kind);
	}
}

bool
ses_alias_targets(struct session *s, uint32_t id, struct ses_targets *out)
{
	struct aliases *al = aliases_of(s);
	struct al_targets list = {0};

	if (!al || id >= al->doc.npool)
		return false;
	al_targets_get(al, id, &list);
	hand_out(&list, out);
	al_targets_free(&list);
	return true;
}

void
ses_targets_parse(const char *typed, struct ses_targets *out)
{
	struct al_targets list = {0};

	al_targets_typed(sv_of(typed), &list);
	hand_out(&list, out);
	al_targets_free(&list);
}

void
ses_targets_free(struct ses_targets *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i].text);
	free(t->v);
	*t = (struct ses_targets){0};
}

const char *
ses_target_kind_name(enum ses_target_kind kind)
{
	static const char *const names[] = {"", N_("user"), N_("address"), N_("file"),
		N_("command"), N_("list"), N_("nobody")};

	return names[kind][0] ? _(names[kind]) : "";
}

void
ses_target_judge(struct session *s, const char *typed, struct ses_target_verdict *out)
{
	struct al_targets list = {0};
	struct str quoted = {0};
	struct sv v = sv_trim(sv_of(typed));

	*out = (struct ses_target_verdict){
		.kind = SES_T_EMPTY, .good = true, .text = "", .hint = ""};
	if (v.n == 0)
		return;
	al_targets_parse(v, &list);
	out->kind = list.n ? kind_of(list.v[0].kind) : SES_T_BAD;
	al_target_quote(v, &quoted);
	if (out->kind == SES_T_PIPE && list.n > 1) {
		out->good = false;
		out->quoted = arena_sv(scratch(s), str_sv(&quoted));
		out->text = scratch_fmt(s,
			_("Without quotes this is %zu targets: a command and then its "
			  "words as receivers."),
			list.n);
		out->hint = _("In quotes it is one command with its words.");
	} else if (out->kind == SES_T_BAD) {
		out->good = false;
		out->text = _("Nobody can get mail under this target.");
		out->hint = _("Type a user, an address, /a/file, |a command or "
			      ":include:/a/list.");
	}
	al_targets_free(&list);
	str_free(&quoted);
}

const char *
ses_alias_name_judge(struct session *s, const char *name, uint32_t id)
{
	struct aliases *al = aliases_of(s);
	struct sv v = sv_trim(sv_of(name));
	struct str line = {0};
	size_t key_end, value;
	enum al_fault fault;
	uint32_t other;

	if (v.n == 0)
		return _("Type the name that gets the mail.");
	al_name_quote(v, &line);
	str_add_cstr(&line, ": x");
	fault = al_line_judge(str_sv(&line), &key_end, &value);
	str_free(&line);
	if (sv_find(v, '@') >= 0)
		return _("A name here is the part before the @; Postfix drops the line "
			 "otherwise.");
	if (fault != AL_OK)
		return _("Postfix would drop an alias with this name.");
	other = al ? al_find(al, v) : DOC_NO_ID;
	if (other != DOC_NO_ID && other != id)
		return scratch_fmt(s, _("%s is there already, in line %u."), name,
			doc_line_now(&al->doc, other));
	return "";
}

const char *
ses_alias_name_written(struct session *s, const char *name)
{
	struct sv v = sv_trim(sv_of(name));
	struct str out = {0};
	const char *kept;

	if (v.n == 0 || v.p[0] == '"')
		return arena_sv(scratch(s), v);
	al_name_quote(v, &out);
	kept = arena_sv(scratch(s), str_sv(&out));
	str_free(&out);
	return kept;
}

/* Is this an entry that can be edited: there, and not removed? */
static bool
is_alias_id(const struct ses_file *f, uint32_t id, struct diags *d)
{
	if (id < f->doc.npool && doc_alive(&f->doc, id))
		return true;
	return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL,
		_("Undo (u) brings back what was removed."),
		_("There is no such alias any more."));
}

bool
ses_alias_set(
	struct session *s, uint32_t *id, const struct ses_alias_edit *e, struct diags *d)
{
	struct ses_file *f = aliases_file(s);
	struct al_targets list = {0};
	struct al_edit edit = {
		.name = sv_trim(sv_of(e->name)), .targets = &list, .off = e->off};
	size_t mark;
	bool done;

	if (!edit_allowed(s, f, d) || (*id != SES_ALIAS_NEW && !is_alias_id(f, *id, d)))
		return false;
	for (size_t i = 0; i < e->n; i++)
		al_targets_add(&list, sv_trim(sv_of(e->targets[i])));
	edit.comment = e->note ? sv_of(e->note) : (struct sv){0};
	mark = edit_begin(
		s, *id == SES_ALIAS_NEW ? _("alias added") : _("alias changed"));
	done = edit_end(s, mark, al_set(&f->al, id, &edit, d));
	al_targets_free(&list);
	return done;
}

bool
ses_alias_remove(struct session *s, uint32_t id, struct diags *d)
{
	struct ses_file *f = aliases_file(s);

	if (!edit_allowed(s, f, d) || !is_alias_id(f, id, d))
		return false;
	ses_begin(s, _("alias removed"));
	al_remove(&f->al, id);
	ses_end(s);
	return true;
}

bool
ses_alias_enable(struct session *s, uint32_t id, bool on, struct diags *d)
{
	struct ses_file *f = aliases_file(s);
	size_t mark;

	if (!edit_allowed(s, f, d) || !is_alias_id(f, id, d))
		return false;
	mark = edit_begin(s, on ? _("alias switched on") : _("alias switched off"));
	return edit_end(
		s, mark, on ? al_enable(&f->al, id, d) : al_disable(&f->al, id, d));
}

const char *
ses_alias_place(struct session *s)
{
	struct ses_file *f = aliases_file(s);

	return f ? f->path : _("no aliases file is named by alias_database");
}
