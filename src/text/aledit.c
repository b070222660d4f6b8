/* SPDX-License-Identifier: MIT
 *
 * Edits. A new text is always made first, read again, and only taken if it says exactly
 * what was asked for; the smallest change is tried first, then the entry is written anew.
 * So no quote, comment or group of an odd line can make an edit mean something else.
 */
#include "text/alstyle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

uint32_t
al_next_alive(const struct doc *d, size_t pos)
{
	for (size_t i = pos + 1; i < d->norder; i++)
		if (doc_alive(d, d->order[i]))
			return d->order[i];
	return DOC_NO_ID;
}

uint32_t
al_prev_alive(const struct doc *d, size_t pos)
{
	for (size_t i = pos; i-- > 0;)
		if (doc_alive(d, d->order[i]))
			return d->order[i];
	return DOC_NO_ID;
}

bool
al_put_text(struct aliases *al, uint32_t id, struct sv text)
{
	struct doc *d = &al->doc;
	uint64_t gen = d->gen;
	size_t key_len = 0;
	enum entry_kind kind = ENTRY_ALIAS_OFF;
	if (doc_alive(d, id) && sv_eq(doc_text(d, id), text))
		return true;
	if (text.n == 0)
		return false;
	if (text.p[0] != '#')
		kind = al_text_kind(text, &key_len);
	else if (al_off_length(text, &key_len) != text.n)
		return false;
	doc_replace(d, id, text, kind, key_len);
	al_index_noted(al, id, gen);
	return true;
}

static uint32_t
insert_text(struct aliases *al, size_t pos, struct sv text, enum entry_kind kind)
{
	uint64_t gen = al->doc.gen;
	uint32_t id = doc_insert(&al->doc, pos, text, kind, 0);
	al_index_noted(al, id, gen);
	return id;
}

void
al_insert_blank(struct aliases *al, size_t pos)
{
	insert_text(al, pos, sv_of(doc_eol(&al->doc)), ENTRY_BLANK);
}

static bool
has_line_break(struct sv v)
{
	return v.n && (memchr(v.p, '\n', v.n) || memchr(v.p, '\r', v.n) ||
			      memchr(v.p, '\0', v.n));
}

/* Append the name as it is to be written; false if it can't be one. */
static bool
write_name(struct sv name, struct str *out)
{
	struct str line = {0};
	struct al_tok tok;
	size_t key_end, value, pos = 0;
	bool quoted = name.n > 1 && name.p[0] == '"' && al_tok_next(name, &pos, &tok) &&
		      tok.closed && tok.end == name.n;
	if (quoted)
		str_add_sv(out, name);
	else
		al_name_quote(name, out);
	str_add_sv(&line, str_sv(out));
	str_add_cstr(&line, ": x");
	bool ok = !has_line_break(name) && out->n <= UINT16_MAX &&
		  al_line_judge(str_sv(&line), &key_end, &value) == AL_OK &&
		  key_end == out->n;
	str_free(&line);
	return ok;
}

/* Does name, plain or quoted, mean what is written? Capitals count. */
static bool
is_same_name(struct sv name, struct sv written)
{
	struct str a = {0}, b = {0};
	al_name_plain(written, &b);
	if (name.n && name.p[0] == '"')
		al_name_plain(name, &a);
	else
		str_add_sv(&a, name);
	bool same = sv_eq(name, written) || sv_eq(str_sv(&a), str_sv(&b));
	str_free(&a);
	str_free(&b);
	return same;
}

static bool
is_known(const struct al_targets *old, const char *raw)
{
	for (size_t i = 0; i < old->n; i++)
		if (strcmp(old->v[i].raw, raw) == 0)
			return true;
	return false;
}

/* A target can be written if it is one target, whole; a hopeless one only if it was there
 * before. */
static bool
is_writable(const struct al_targets *old, const char *raw)
{
	struct sv text = sv_of(raw);
	struct str line = {0};
	struct al_targets list = {0};
	size_t key_end, value;
	str_addf(&line, "x: %s", raw);
	al_targets_parse(text, &list);
	bool ok = list.n == 1 && list.v[0].kind != AL_BAD && list.v[0].start == 0 &&
		  list.v[0].end == text.n && !has_line_break(text) &&
		  al_line_judge(str_sv(&line), &key_end, &value) == AL_OK;
	al_targets_free(&list);
	str_free(&line);
	return ok || is_known(old, raw);
}

static bool
check_edit(const struct al_targets *old, const struct al_edit *e, struct diags *d)
{
	if (e->targets->n == 0)
		return diag_add(d, SEV_ERROR, DIAG_AL_EMPTY, NULL,
			_("Name at least one: a user, an address, a file, a command."),
			_("This alias would be ignored by Postfix: it has no target."));
	for (size_t i = 0; i < e->targets->n; i++)
		if (!is_writable(old, e->targets->v[i].raw))
			return diag_add(d, SEV_ERROR, DIAG_AL_TARGET, NULL,
				_("Write one user, address, file or command; put one "
				  "with blanks "
				  "in quotes."),
				_("Mail to \"%s\" would not arrive: this is not one "
				  "target."),
				e->targets->v[i].raw);
	if (has_line_break(e->comment))
		return diag_add(d, SEV_ERROR, DIAG_AL_NAME, NULL,
			_("Write the comment on one line."),
			_("Nothing was changed: the comment has several lines."));
	return true;
}

/* Does text (whole lines, on) say name and targets, and nothing else? */
static bool
says(struct sv text, struct sv name, const struct al_targets *targets)
{
	struct al_map m = {0};
	struct al_targets got = {0};
	size_t key_end, value;
	al_map_make(text, &m);
	struct sv line = str_sv(&m.line);
	bool ok = al_line_judge(line, &key_end, &value) == AL_OK;
	al_targets_parse(sv_sub(line, value, line.n), &got);
	ok = ok && al_targets_equal(&got, targets) &&
	     is_same_name(name, sv_sub(line, 0, key_end));
	al_targets_free(&got);
	al_map_free(&m);
	return ok;
}

/* A text of the document made whole: `on` is the alias when on, `text` as it is to be. */
struct draft {
	struct str on, text;
};

static void
draft_free(struct draft *w)
{
	str_free(&w->on);
	str_free(&w->text);
}

/* Make text from on; false if what came out is not what was asked for. */
static bool
finish(struct draft *w, const struct al_edit *e, struct sv name)
{
	size_t key_len;
	if (!says(str_sv(&w->on), name, e->targets))
		return false;
	if (e->off) {
		al_text_off(str_sv(&w->on), &w->text);
		return al_off_length(str_sv(&w->text), &key_len) == w->text.n;
	}
	str_add_sv(&w->text, str_sv(&w->on));
	return true;
}

static bool
is_neighbour_style(const struct aliases *al, uint32_t id)
{
	return al_is_alias(&al->doc, id) && doc_alive(&al->doc, id);
}

/* The layout of the nearest alias before position pos, else of the first behind it. */
static void
neighbour_style(const struct aliases *al, size_t pos, struct al_style *st)
{
	const struct doc *d = &al->doc;
	uint32_t id = DOC_NO_ID;
	struct str on = {0};
	for (size_t i = pos; i-- > 0 && id == DOC_NO_ID;)
		if (is_neighbour_style(al, d->order[i]))
			id = d->order[i];
	for (size_t i = pos; i < d->norder && id == DOC_NO_ID; i++)
		if (is_neighbour_style(al, d->order[i]))
			id = d->order[i];
	if (id != DOC_NO_ID)
		al_entry_on(al, id, &on);
	al_style_read(str_sv(&on), doc_eol(d), st);
	st->eol = doc_eol(d);
	st->per_line = false;
	str_free(&on);
}

/* The smallest change of an alias: its name, its targets. */
static bool
amend(const struct aliases *al, uint32_t id, const struct al_edit *e, struct draft *w)
{
	struct al_style st;
	struct str old = {0}, named = {0};
	al_entry_on(al, id, &old);
	if (is_same_name(e->name, al_name(al, id))) {
		str_add_sv(&named, str_sv(&old));
	} else {
		write_name(e->name, &named);
		str_add_sv(&named,
			sv_sub(str_sv(&old), doc_entry(&al->doc, id)->key_len, old.n));
	}
	al_style_read(str_sv(&named), doc_eol(&al->doc), &st);
	al_style_exchange(str_sv(&named), &st, e->targets, &w->on);
	al_style_free(&st);
	str_free(&old);
	str_free(&named);
	return finish(w, e, e->name);
}

/* Write the whole entry anew, like its neighbours. */
static bool
compose(const struct aliases *al, size_t pos, const struct al_edit *e, struct draft *w)
{
	struct al_style st;
	struct str name = {0};
	write_name(e->name, &name);
	neighbour_style(al, pos, &st);
	str_clear(&w->on);
	str_clear(&w->text);
	al_style_write(&st, str_sv(&name), e->targets, &w->on);
	al_style_free(&st);
	str_free(&name);
	return finish(w, e, e->name);
}

void
al_keep_apart(struct aliases *al, uint32_t id)
{
	const struct doc *d = &al->doc;
	size_t pos = doc_position(d, id);
	uint32_t next = al_next_alive(d, pos);
	if (doc_entry(d, id)->kind != ENTRY_ALIAS_OFF || next == DOC_NO_ID ||
		doc_entry(d, next)->kind != ENTRY_COMMENT)
		return;
	struct sv text = sv_trim(doc_text(d, id));
	bool comma = text.n && text.p[text.n - 1] == ',';
	struct sv line = doc_text(d, next);
	if (al_is_off_continuation(line, comma) || sv_starts(line, "##"))
		al_insert_blank(al, pos + 1);
}

/* Would switching on make orphaned lines behind it continue this alias? */
static bool
swallows(const struct aliases *al, uint32_t id)
{
	const struct doc *d = &al->doc;
	for (size_t i = doc_position(d, id) + 1; i < d->norder; i++) {
		uint8_t kind = doc_entry(d, d->order[i])->kind;
		if (!doc_alive(d, d->order[i]) || kind == ENTRY_BLANK ||
			kind == ENTRY_COMMENT || kind == ENTRY_ALIAS_OFF)
			continue;
		return kind == ENTRY_ORPHAN;
	}
	return false;
}

static bool
refuse_orphan(struct diags *d)
{
	return diag_add(d, SEV_ERROR, DIAG_AL_ORPHAN, NULL,
		_("Remove the indented lines behind it first, or put # before them."),
		_("The indented lines behind this alias would become targets of it."));
}

static bool
refuse_name(struct diags *d, struct sv name)
{
	return diag_add(d, SEV_ERROR, DIAG_AL_NAME, NULL,
		_("Write a local name, without @ and on one line."),
		_("Postfix would ignore this alias: \"%.*s\" can't be its name."),
		(int)(name.n < 200 ? name.n : 200), name.p ? name.p : "");
}

/* Where a new alias goes: behind the last one that is on; *first: there is none. */
static size_t
place_for_new(const struct aliases *al, uint32_t *last)
{
	const struct doc *d = &al->doc;
	*last = DOC_NO_ID;
	for (size_t i = d->norder; i-- > 0;)
		if (doc_alive(d, d->order[i]) &&
			doc_entry(d, d->order[i])->kind == ENTRY_ALIAS) {
			*last = d->order[i];
			return i + 1;
		}
	return d->norder;
}

/* Insert a new entry. An alias with a description keeps a blank line behind it, else its
 * description would become the heading of both. */
static uint32_t
insert_new(struct aliases *al, struct sv text, bool off)
{
	struct str unused = {0};
	uint32_t last;
	size_t pos = place_for_new(al, &last), key_len = 0;
	if (last != DOC_NO_ID && al_description(al, last, &unused))
		al_insert_blank(al, pos++);
	str_free(&unused);
	enum entry_kind kind = ENTRY_ALIAS_OFF;
	if (off)
		al_off_length(text, &key_len);
	else
		kind = al_text_kind(text, &key_len);
	uint64_t gen = al->doc.gen;
	uint32_t id = doc_insert(&al->doc, pos, text, kind, key_len);
	al_index_noted(al, id, gen);
	return id;
}

static bool
set_text(struct aliases *al, uint32_t *id, const struct al_edit *e, struct diags *d)
{
	struct draft w = {0};
	uint32_t last;
	bool isnew = *id == DOC_NO_ID, ok = false;
	if (!isnew && al_is_alias(&al->doc, *id))
		ok = amend(al, *id, e, &w);
	if (!ok)
		ok = compose(al,
			isnew ? place_for_new(al, &last) : doc_position(&al->doc, *id), e,
			&w);
	if (!ok)
		diag_add(d, SEV_ERROR, DIAG_AL_TARGET, NULL,
			_("Write it with an editor, or give simpler targets."),
			_("Nothing was changed: this alias can't be written so that "
			  "Postfix "
			  "reads what you ask for."));
	else if (isnew)
		*id = insert_new(al, str_sv(&w.text), e->off);
	else
		ok = al_put_text(al, *id, str_sv(&w.text));
	draft_free(&w);
	return ok;
}

bool
al_set(struct aliases *al, uint32_t *id, const struct al_edit *e, struct diags *d)
{
	struct al_targets old = {0};
	struct str name = {0};
	bool isnew = *id == DOC_NO_ID;
	bool was_off = !isnew && doc_entry(&al->doc, *id)->kind == ENTRY_ALIAS_OFF;
	if (!isnew)
		al_targets_get(al, *id, &old);
	bool ok = check_edit(&old, e, d);
	al_targets_free(&old);
	assert(isnew || al_is_row(al, *id));
	if (ok && !write_name(e->name, &name) &&
		(isnew || !is_same_name(e->name, al_name(al, *id))))
		ok = refuse_name(d, e->name);
	str_free(&name);
	if (ok && was_off && !e->off && swallows(al, *id))
		ok = refuse_orphan(d);
	ok = ok && set_text(al, id, e, d);
	if (ok && e->comment.p)
		ok = al_set_description(al, *id, e->comment, d);
	if (ok && e->off && !was_off)
		al_keep_apart(al, *id);
	return ok;
}
