/* SPDX-License-Identifier: MIT
 *
 * Edits over documents: a text of the form
 *
 *	m            m main.cf, a aliases, t table, n networks
 *	DOCUMENT
 *	%%
 *	s NAME VALUE one edit a line, see each form below
 *
 * After each edit: what no edit was about has its bytes and its order; what was written
 * reads back as what the document says. At the end undo gives the loaded bytes, redo the
 * last ones.
 */
#include "fuzz.h"

#include "text/aliases.h"
#include "text/maincf.h"
#include "text/table.h"
#include "text/vlist.h"

enum { EDITS = 40, NOTES = 512 };

struct history {
	struct doc_edit v[NOTES];
	size_t n;
	bool off, full;
};

static void
note(void *ctx, struct doc *d, const struct doc_edit *e)
{
	struct history *h = ctx;

	(void)d;
	if (h->off)
		return;
	h->full |= h->n == NOTES;
	if (!h->full)
		h->v[h->n++] = *e;
}

static void
undo_and_redo(struct doc *d, struct history *h, struct sv loaded)
{
	struct str last = {0}, now = {0};

	if (h->full)
		return;
	h->off = true;
	doc_bytes(d, &last);
	for (size_t i = h->n; i-- > 0;)
		doc_restore(d, h->v[i].id, &h->v[i].before);
	doc_bytes(d, &now);
	FUZZ_HOLDS(sv_eq(str_sv(&now), loaded));
	str_clear(&now);
	for (size_t i = 0; i < h->n; i++)
		doc_restore(d, h->v[i].id, &h->v[i].after);
	doc_bytes(d, &now);
	FUZZ_HOLDS(sv_eq(str_sv(&now), str_sv(&last)));
	h->off = false;
	str_free(&last);
	str_free(&now);
}

/* The texts of all entries that `about` doesn't name, one after the other. */
static void
add_others(const struct doc *d, bool (*about)(const struct doc *, uint32_t, struct sv),
	struct sv what, struct str *out)
{
	for (size_t i = 0; i < d->norder; i++) {
		struct sv text = doc_text(d, d->order[i]), line;

		if (!doc_alive(d, d->order[i]) || about(d, d->order[i], what))
			continue;
		/* An end that is missing at the end of the file may have come. */
		while (sv_line(&text, &line))
			str_addf(out, "%.*s\n", (int)line.n, line.p);
	}
}

static struct sv
word(struct sv *line)
{
	struct sv w = {0};

	sv_token(line, " ", &w);
	*line = sv_sub(*line, line->n && line->p[0] == ' ' ? 1 : 0, line->n);
	return w.p ? w : sv_make("", 0);
}

static size_t
number(struct sv w)
{
	uint64_t n = 0;

	return sv_to_uint(w, 1000, &n) ? (size_t)n : 0;
}

/* --- main.cf -------------------------------------------------------------------------
 */

/* Name and value of each definition, in order. */
static void
add_params(const struct doc *d, struct str *out)
{
	size_t pos = 0;
	uint32_t id;

	while (mcf_each(d, sv_make(NULL, 0), &pos, &id)) {
		str_add_sv(out, mcf_name(d, id));
		str_add_char(out, '=');
		mcf_value(d, id, out);
		str_add_char(out, '\n');
	}
}

static void
reads_back(const struct doc *d)
{
	struct str bytes = {0}, mine = {0}, fresh = {0};
	struct doc again;

	doc_bytes(d, &bytes);
	mcf_load(&again, fuzz_copy(str_sv(&bytes)), bytes.n, NULL);
	add_params(d, &mine);
	add_params(&again, &fresh);
	FUZZ_HOLDS(sv_eq(str_sv(&mine), str_sv(&fresh)));
	doc_free(&again);
	str_free(&bytes);
	str_free(&mine);
	str_free(&fresh);
}

/* Definitions of name, and whatever is no definition: samples come and go. */
static bool
is_about_param(const struct doc *d, uint32_t id, struct sv name)
{
	return doc_entry(d, id)->kind != ENTRY_PARAM || sv_eq(mcf_name(d, id), name);
}

static void
edit_list(struct doc *d, uint32_t id, char op, size_t at, struct sv text)
{
	struct str raw = {0}, out = {0};
	struct vl_text t;
	bool done;

	str_add_sv(&raw, doc_text(d, id));
	t = (struct vl_text){.raw = str_sv(&raw), .off = mcf_value_offset(d, id)};
	done = op == 'i'   ? vl_insert(&t, at, text, sv_of(""), &out)
	       : op == 'r' ? vl_replace(&t, at, text, &out)
	       : op == 'd' ? vl_remove(&t, at, &out)
	       : op == 'v' ? vl_move(&t, at, number(text), &out)
	       : op == 'o' ? vl_set_on(&t, at, text.n == 0, &out)
			   : vl_set_note(&t, at, text, &out);
	FUZZ_HOLDS(done || out.n == 0);
	if (done)
		mcf_set_text(d, id, str_sv(&out));
	str_free(&raw);
	str_free(&out);
}

static void
edit_param(struct doc *d, struct sv line)
{
	struct sv op = word(&line), name = word(&line);
	struct str before = {0}, after = {0};
	uint32_t id = mcf_find(d, name);

	add_others(d, is_about_param, name, &before);
	if (op.n != 1 || !mcf_is_name(name)) {
		mcf_set(d, name, line);
	} else if (op.p[0] == 's') {
		id = mcf_set(d, name, line);
		FUZZ_HOLDS(id != DOC_NO_ID && id == mcf_find(d, name));
	} else if (op.p[0] == 'u') {
		FUZZ_HOLDS(mcf_unset(d, name) == (id != DOC_NO_ID));
		FUZZ_HOLDS(mcf_find(d, name) == DOC_NO_ID);
	} else if (op.p[0] == 'c') {
		mcf_comment_out_all(d, name);
	} else if (op.p[0] == 'b') {
		mcf_bring_back(d, name);
	} else if (id != DOC_NO_ID) {
		struct sv at = word(&line);

		edit_list(d, id, op.p[0], number(at), line);
	}
	add_others(d, is_about_param, name, &after);
	FUZZ_HOLDS(sv_eq(str_sv(&before), str_sv(&after)));
	reads_back(d);
	str_free(&before);
	str_free(&after);
}

static void
main_cf(struct sv text, struct sv edits)
{
	struct history h = {0};
	struct sv line;
	struct doc d;

	mcf_load(&d, fuzz_copy(text), text.n, NULL);
	d.on_edit = note;
	d.edit_ctx = &h;
	for (int i = 0; i < EDITS && sv_line(&edits, &line); i++)
		edit_param(&d, line);
	undo_and_redo(&d, &h, text);
	doc_free(&d);
}

/* --- aliases -------------------------------------------------------------------------
 */

/* What Postfix would store, in order, and what is off. */
static void
add_aliases(const struct aliases *al, struct str *out)
{
	for (size_t i = 0; i < al->doc.norder; i++) {
		uint32_t id = al->doc.order[i];
		enum entry_kind kind = doc_entry(&al->doc, id)->kind;

		if (!doc_alive(&al->doc, id) ||
			(kind != ENTRY_ALIAS && kind != ENTRY_ALIAS_OFF))
			continue;
		str_add_cstr(out, kind == ENTRY_ALIAS ? "on " : "off ");
		al_key(al, id, out);
		str_add_char(out, ':');
		al_value(al, id, out);
		str_add_char(out, '\n');
	}
}

static void
aliases_read_back(const struct aliases *al)
{
	struct str bytes = {0}, mine = {0}, fresh = {0};
	struct aliases again;

	doc_bytes(&al->doc, &bytes);
	al_load(&again, fuzz_copy(str_sv(&bytes)), bytes.n, NULL);
	add_aliases(al, &mine);
	add_aliases(&again, &fresh);
	FUZZ_HOLDS(sv_eq(str_sv(&mine), str_sv(&fresh)));
	al_free(&again);
	str_free(&bytes);
	str_free(&mine);
	str_free(&fresh);
}

/* Entries that are no alias may be a note, and blank lines may come. */
static bool
is_about_alias(const struct doc *d, uint32_t id, struct sv what)
{
	enum entry_kind kind = doc_entry(d, id)->kind;

	return (kind != ENTRY_ALIAS && kind != ENTRY_ALIAS_OFF) ||
	       sv_eq(sv_make((const char *)&id, sizeof(id)), what);
}

static void
edit_alias(struct aliases *al, struct sv line)
{
	struct sv op = word(&line), name = word(&line);
	struct al_targets list = {0};
	struct str before = {0}, after = {0};
	char verb = op.n == 1 ? op.p[0] : 's';
	uint32_t id = verb == 'n' ? DOC_NO_ID : al_find_any(al, name);
	struct sv what = sv_make((const char *)&id, sizeof(id));
	bool known = id != DOC_NO_ID;

	add_others(&al->doc, is_about_alias, what, &before);
	al_targets_typed(line, &list);
	if (verb == 's' || verb == 'n') {
		struct al_edit e = {.name = name, .targets = &list};

		al_set(al, &id, &e, NULL);
	} else if (known && verb == 'd') {
		al_remove(al, id);
	} else if (known && verb == 'c') {
		al_disable(al, id, NULL);
	} else if (known && verb == 'b') {
		al_enable(al, id, NULL);
	} else if (known && verb == '+') {
		al_add_targets(al, id, &list, NULL);
	} else if (known && verb == '-') {
		al_remove_targets(al, id, &list, NULL);
	} else if (known) {
		al_set_description(al, id, line, NULL);
	}
	add_others(&al->doc, is_about_alias, what, &after);
	FUZZ_HOLDS(sv_eq(str_sv(&before), str_sv(&after)));
	aliases_read_back(al);
	al_targets_free(&list);
	str_free(&before);
	str_free(&after);
}

static void
aliases(struct sv text, struct sv edits)
{
	struct history h = {0};
	struct aliases al;
	struct sv line;

	al_load(&al, fuzz_copy(text), text.n, NULL);
	al.doc.on_edit = note;
	al.doc.edit_ctx = &h;
	for (int i = 0; i < EDITS && sv_line(&edits, &line); i++)
		edit_alias(&al, line);
	undo_and_redo(&al.doc, &h, text);
	al_free(&al);
}

/* --- tables --------------------------------------------------------------------------
 */

static void
edit_row(struct doc *d, enum tbl_form form, struct sv line)
{
	struct sv op = word(&line), key = word(&line);
	uint32_t id = tbl_find(d, key);
	char verb = op.n == 1 ? op.p[0] : 's';

	if (verb == 's')
		id = tbl_set(d, key, line);
	else if (verb == 'a')
		tbl_append(d, key, line);
	else if (id != DOC_NO_ID && verb == 'd')
		tbl_remove(d, id, line.n > 0);
	else if (id != DOC_NO_ID && verb == 'c')
		tbl_set_on(d, form, id, false);
	else if (id != DOC_NO_ID && verb == 'n')
		tbl_set_note(d, id, line);
	if (verb == 's' && id != DOC_NO_ID)
		FUZZ_HOLDS(sv_eq_fold(tbl_key(d, id), key));
}

static void
table(enum tbl_form form, struct sv text, struct sv edits)
{
	struct history h = {0};
	struct sv line;
	struct doc d;

	tbl_load(&d, form, fuzz_copy(text), text.n, NULL);
	d.on_edit = note;
	d.edit_ctx = &h;
	for (int i = 0; i < EDITS && sv_line(&edits, &line); i++)
		edit_row(&d, form, line);
	undo_and_redo(&d, &h, text);
	doc_free(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sv all = fuzz_sv(data, n), form = {0}, text, edits = {0};
	ptrdiff_t cut;

	if (!sv_line(&all, &form) || form.n != 1)
		return 0;
	cut = sv_find_sv(all, sv_of("%%\n"));
	text = cut < 0 ? all : sv_sub(all, 0, (size_t)cut);
	if (cut >= 0)
		edits = sv_sub(all, (size_t)cut + 3, all.n);
	if (form.p[0] == 'm')
		main_cf(text, edits);
	else if (form.p[0] == 'a')
		aliases(text, edits);
	else
		table(form.p[0] == 't' ? TBL_MAP : TBL_NETS, text, edits);
	return 0;
}
