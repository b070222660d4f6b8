/* SPDX-License-Identifier: MIT
 *
 * Parameters by name. The document is asked each time: main.cf is small, and what isn't
 * stored can't be stale.
 */
#include "session/internal.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/names.h"
#include "text/lline.h"
#include "text/maincf.h"

struct params_view {
	uint64_t gen;
	bool ready, only_set;
	struct str filter;
	const char **names;
	size_t n, cap, set, known;
	struct arena texts;
};

void
params_free(struct session *s)
{
	if (!s->pv)
		return;
	str_free(&s->pv->filter);
	free(s->pv->names);
	arena_free(&s->pv->texts);
	free(s->pv);
	s->pv = NULL;
}

static const char *
shown_value(struct session *s, uint32_t id)
{
	struct str value = {0};
	const char *kept;

	mcf_value_shown(main_cf(s), id, &value);
	kept = arena_sv(scratch(s), str_sv(&value));
	str_free(&value);
	return kept;
}

/* The value of a commented-out definition, one '#' left out of each of its lines: as it
 * would be when it is brought back. */
static const char *
off_value(struct session *s, uint32_t id)
{
	const struct doc *doc = main_cf(s);
	size_t pos = doc_position(doc, id), end = pos + mcf_off_extent(doc, pos);
	struct str plain = {0}, value = {0};
	const char *kept;
	ptrdiff_t at;

	for (; pos < end; pos++) {
		struct sv rest = doc_text(doc, doc->order[pos]), line;

		while (doc_alive(doc, doc->order[pos]) && sv_line(&rest, &line)) {
			str_add_sv(&plain,
				sv_starts(line, "#") ? sv_sub(line, 1, line.n) : line);
			str_add_char(&plain, '\n');
		}
	}
	ll_logical(str_sv(&plain), &value);
	at = sv_find(str_sv(&value), '=');
	kept = at < 0 ? ""
		      : arena_sv(scratch(s),
				sv_trim(sv_sub(str_sv(&value), (size_t)at + 1, value.n)));
	str_free(&plain);
	str_free(&value);
	return kept;
}

/* Lines up to the last one with text: comments behind it belong to nothing. */
static uint32_t
count_lines(struct sv text)
{
	uint32_t n = 0, last = 0;
	struct sv line;

	while (sv_line(&text, &line)) {
		enum ll_kind kind = ll_line_kind(line);

		n++;
		if (kind != LL_COMMENT && kind != LL_BLANK)
			last = n;
	}
	return last ? last : n;
}

static bool
existed_before(struct session *s, const char *name)
{
	struct arena a = {0};
	bool there = param_before(s, &a, name) != NULL;

	arena_free(&a);
	return there;
}

static bool
definition_edited(struct session *s, uint32_t id)
{
	const struct ses_file *f = s->files[0];
	struct entry was = file_base_entry(f, id);

	return !file_entry_same(f, &was, doc_entry(&f->doc, id));
}

static bool
is_known(struct session *s, const char *name)
{
	struct sv unused;

	return cat_is_known_name(sv_of(name)) || default_of(s, name, &unused);
}

bool
ses_param_get(struct session *s, const char *name, struct ses_param *out)
{
	uint32_t id = mcf_find(main_cf(s), sv_of(name)), off;
	bool edited = s->files[0]->nbase > 0;
	struct sv deflt;

	*out = (struct ses_param){.name = arena_str(scratch(s), name),
		.value = "",
		.origin = SES_FROM_DEFAULT,
		.known = is_known(s, name),
		.def = cat_find(sv_of(name))};
	if (default_now(s, sv_of(name), &deflt) || default_of(s, name, &deflt))
		out->deflt = arena_sv(scratch(s), deflt);
	if (id != DOC_NO_ID) {
		out->origin = SES_FROM_FILE;
		out->value = shown_value(s, id);
		out->line = doc_line_now(main_cf(s), id);
		out->last_line = out->line + count_lines(doc_text(main_cf(s), id)) - 1;
		out->is_new = edited && !existed_before(s, name);
		out->edited = edited && !out->is_new && definition_edited(s, id);
		out->finding = finding_at(s, s->files[0]->path, id, name);
		return true;
	}
	out->removed = edited && existed_before(s, name);
	off = mcf_find_off(main_cf(s), sv_of(name));
	if (off != DOC_NO_ID) {
		out->off_value = off_value(s, off);
		out->line = 0;
		out->origin = SES_OFF;
	}
	if (out->deflt)
		out->value = out->deflt;
	if (out->origin == SES_FROM_DEFAULT && !out->known)
		out->origin = SES_NO_SUCH_NAME;
	return out->origin != SES_NO_SUCH_NAME;
}

bool
ses_param_set(struct session *s, const char *name, const char *value, struct diags *d)
{
	uint32_t id;

	if (!edit_allowed(s, s->files[0], d))
		return false;
	if (!mcf_is_name(sv_of(name)))
		return diag_add(d, SEV_ERROR, DIAG_USAGE, NULL,
			_("A name has letters, digits and _ only."),
			_("\"%s\" can't be a parameter's name."), name);
	ses_begin(s, name);
	id = mcf_set(main_cf(s), sv_of(name), sv_of(value));
	ses_end(s);
	if (id == DOC_NO_ID)
		return diag_add(d, SEV_ERROR, DIAG_USAGE, NULL, NULL,
			_("This value can't be written for %s."), name);
	return true;
}

bool
ses_param_unset(struct session *s, const char *name, struct diags *d)
{
	bool done;

	if (!edit_allowed(s, s->files[0], d))
		return false;
	ses_begin(s, name);
	done = mcf_unset(main_cf(s), sv_of(name));
	ses_end(s);
	if (!done)
		return diag_add(d, SEV_NOTE, DIAG_NOT_FOUND, NULL, NULL,
			_("%s isn't set, so its default holds already."), name);
	return true;
}

bool
ses_param_toggle(struct session *s, const char *name, struct diags *d)
{
	bool done;

	if (!edit_allowed(s, s->files[0], d))
		return false;
	ses_begin(s, name);
	if (mcf_find(main_cf(s), sv_of(name)) != DOC_NO_ID)
		done = mcf_comment_out_all(main_cf(s), sv_of(name));
	else
		done = mcf_bring_back(main_cf(s), sv_of(name)) != DOC_NO_ID;
	ses_end(s);
	if (!done)
		return diag_add(d, SEV_NOTE, DIAG_NOT_FOUND, NULL,
			_("Enter gives it a value."),
			_("%s isn't in the file, so there is nothing to comment out."),
			name);
	return true;
}

/* The entry that begins at that line of the file as it would be saved now, or
 * DOC_NO_ID. */
static uint32_t
entry_at_line(const struct doc *doc, uint32_t line)
{
	uint32_t at = 1;

	for (size_t i = 0; i < doc->norder && at <= line; i++) {
		const struct entry *e = doc_entry(doc, doc->order[i]);
		struct sv rest = doc_text(doc, doc->order[i]), one;

		if (e->flags & ENTRY_DELETED)
			continue;
		if (at == line)
			return doc->order[i];
		while (sv_line(&rest, &one))
			at++;
	}
	return DOC_NO_ID;
}

bool
ses_line_comment_out(struct session *s, uint32_t line, struct diags *d)
{
	struct doc *doc = main_cf(s);
	uint32_t id = entry_at_line(doc, line);
	bool done = false;

	if (!edit_allowed(s, s->files[0], d))
		return false;
	if (id != DOC_NO_ID) {
		ses_begin(s, _("line commented out"));
		done = mcf_comment_out(doc, id);
		ses_end(s);
	}
	return done ||
	       diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
		       _("There is no line %u that could be commented out."), line);
}

bool
ses_line_text(struct session *s, uint32_t line, struct str *out)
{
	uint32_t id = entry_at_line(main_cf(s), line);
	struct sv rest, one;

	if (id == DOC_NO_ID)
		return false;
	rest = doc_text(main_cf(s), id);
	if (sv_line(&rest, &one))
		str_add_sv(out, one);
	return true;
}

void
ses_param_judge(struct session *s, const char *name, const char *value, struct diags *d)
{
	struct chk_env env;

	session_check_env(s, &env);
	chk_value(sv_of(name), sv_of(value), &env, d);
}

/* --- rows of the Parameters screen
 * ------------------------------------------------------------ */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
contains_fold(const char *text, struct sv part)
{
	size_t n = text ? strlen(text) : 0;

	for (size_t i = 0; i + part.n <= n; i++)
		if (sv_eq_fold(sv_make(text + i, part.n), part))
			return true;
	return false;
}

static bool
passes(const char *name, struct sv filter)
{
	const struct cat_def *def;

	if (filter.n == 0 || contains_fold(name, filter))
		return true;
	def = cat_find(sv_of(name));
	return def && (contains_fold(_(def->help), filter) ||
			      contains_fold(_(def->label), filter));
}

static void
push_name(struct params_view *v, const char *name)
{
	if (!passes(name, str_sv(&v->filter)))
		return;
	v->names = mem_grow(v->names, &v->cap, v->n + 1, sizeof(*v->names));
	v->names[v->n++] = name;
}

static void
drop_doubles(struct params_view *v)
{
	size_t kept = 0;

	qsort(v->names, v->n, sizeof(*v->names), by_name);
	for (size_t i = 0; i < v->n; i++)
		if (kept == 0 || strcmp(v->names[kept - 1], v->names[i]) != 0)
			v->names[kept++] = v->names[i];
	v->n = kept;
}

/* Names of the file: set now, or set when it was loaded. */
static void
names_of_file(struct session *s, struct params_view *v)
{
	const struct ses_file *f = s->files[0];
	struct doc *doc = main_cf(s);

	v->set = 0;
	for (size_t i = 0; i < doc->norder; i++) {
		uint32_t id = doc->order[i];
		struct entry was = file_base_entry(f, id);
		struct sv name;

		if (doc_alive(doc, id) && doc_entry(doc, id)->kind == ENTRY_PARAM)
			name = mcf_name(doc, id);
		else if (was.kind == ENTRY_PARAM && !(was.flags & ENTRY_DELETED))
			name = sv_sub(file_entry_text(f, &was), 0, was.key_len);
		else
			continue;
		v->set += mcf_find(doc, name) == id;
		push_name(v, arena_sv(&v->texts, name));
	}
}

static void
build(struct session *s, struct params_view *v)
{
	v->n = 0;
	arena_reset(&v->texts);
	names_of_file(s, v);
	/* Once Postfix has told its names, those that only other versions know are none.
	 */
	for (size_t i = 0; !v->only_set && !s->ndefaults && i < names_count; i++)
		push_name(v, names_all[i]);
	for (size_t i = 0; !v->only_set && i < s->ndefaults; i++)
		push_name(v, arena_sv(&v->texts, s->defaults[i].name));
	v->known = s->ndefaults ? s->ndefaults : names_count;
	drop_doubles(v);
}

void
ses_param_rows(
	struct session *s, const char *filter, bool only_set, struct ses_param_list *out)
{
	struct params_view *v = s->pv;

	if (!v)
		v = s->pv = mem_new(1, sizeof(*v));
	if (!v->ready || v->gen != s->gen || v->only_set != only_set ||
		strcmp(str_c(&v->filter), filter) != 0) {
		str_clear(&v->filter);
		str_add_cstr(&v->filter, filter);
		v->only_set = only_set;
		build(s, v);
		v->gen = s->gen;
		v->ready = true;
	}
	*out = (struct ses_param_list){v->names, v->n, v->set, v->known};
}
