/* SPDX-License-Identifier: MIT
 *
 * Edits of main.cf. Invariants: an edit touches only the entries of its parameter; after
 * mcf_set() the shown value is exactly the value that was asked for (a value on several
 * lines is laid out again line by line and then read back; if that ever differed it is
 * written on one line instead).
 */
#include "text/maincf.h"

#include "text/lline.h"
#include "text/mcflines.h"

/* value as it is written: one line, no NUL, trimmed; in storage owned by out. */
static struct sv
clean_value(struct sv value, struct str *out)
{
	ptrdiff_t nul = sv_find(value, '\0');

	value = sv_trim(nul < 0 ? value : sv_sub(value, 0, (size_t)nul));
	str_add_sv(out, value);
	for (size_t i = 0; i < out->n; i++)
		if (out->p[i] == '\n' || out->p[i] == '\r')
			out->p[i] = ' ';
	return str_sv(out);
}

/* Does the parameter text (whole lines) say value? */
static bool
text_says(struct sv text, struct sv value)
{
	struct str logical = {0};
	struct sv v;
	bool same;

	ll_logical(text, &logical);
	v = str_sv(&logical);
	same = sv_same_words(sv_sub(v, (size_t)(sv_find(v, '=') + 1), v.n), value);
	str_free(&logical);
	return same;
}

/* text with its value replaced, all on the line of the '='. */
static void
write_one_line(struct sv text, size_t value_off, struct sv value, struct str *out)
{
	size_t eol = text.n, start = value_off, end;

	while (eol > value_off && (text.p[eol - 1] == '\n' || text.p[eol - 1] == '\r'))
		eol--;
	while (start < eol && (text.p[start] == ' ' || text.p[start] == '\t'))
		start++;
	for (end = eol; end > start && is_blank_char(text.p[end - 1]);)
		end--;
	if (sv_find(sv_sub(text, value_off, eol - value_off), '\n') >= 0) {
		end = eol; /* it was on several lines: no blanks to keep */
		start = value_off;
	}
	if (value.n == 0) {
		str_add(out, text.p, value_off);
	} else {
		str_add(out, text.p, start);
		if (start == value_off && value_off >= 2 &&
			is_blank_char(text.p[value_off - 2]))
			str_add_char(out, ' ');
		str_add_sv(out, value);
		str_add_sv(out, sv_sub(text, end, eol - end));
	}
	str_add_sv(out, sv_sub(text, eol, text.n));
}

static void
replace_value(struct doc *d, uint32_t id, struct sv value)
{
	struct entry loaded;
	struct str out = {0};
	struct sv text = doc_text(d, id);
	size_t name_len, off;

	if (doc_loaded(d, id, &loaded) && loaded.kind == ENTRY_PARAM &&
		text_says(doc_span(d, loaded.text), value)) {
		doc_replace(d, id, doc_span(d, loaded.text), ENTRY_PARAM, loaded.key_len);
		return;
	}
	mcf_parse_head(text, &name_len, &off);
	if (!text_says(text, value)) {
		ptrdiff_t lf = sv_find(text, '\n');

		if (lf >= 0 && (size_t)lf + 1 < text.n)
			mcf_write_lines(text, off, value, &out);
		if (out.n == 0 || !text_says(str_sv(&out), value)) {
			str_clear(&out);
			write_one_line(text, off, value, &out);
		}
		text = str_sv(&out);
	}
	doc_replace(d, id, text, ENTRY_PARAM, name_len);
	str_free(&out);
}

/* The last definition that was removed, or DOC_NO_ID. */
static uint32_t
find_removed(const struct doc *d, struct sv name)
{
	for (size_t i = d->norder; i-- > 0;) {
		uint32_t id = d->order[i];

		if (doc_entry(d, id)->kind == ENTRY_PARAM && !doc_alive(d, id) &&
			sv_eq(mcf_name(d, id), name))
			return id;
	}
	return DOC_NO_ID;
}

/* What the eight parameters on either side of place put around '=': a blank before it,
 * one after it. */
static void
neighbour_style(const struct doc *d, size_t place, bool *before, bool *after)
{
	int votes_before = 0, votes_after = 0, seen = 0;

	for (size_t step = 1; seen < 16 && step <= d->norder; step++) {
		size_t at[2] = {
			place >= step ? place - step : d->norder, place + step - 1};

		for (int k = 0; k < 2; k++) {
			uint32_t id = at[k] < d->norder ? d->order[at[k]] : DOC_NO_ID;
			struct sv text;
			size_t off;

			if (id == DOC_NO_ID || !doc_alive(d, id) ||
				doc_entry(d, id)->kind != ENTRY_PARAM)
				continue;
			text = doc_text(d, id);
			off = mcf_value_offset(d, id);
			seen++;
			votes_before += is_blank_char(text.p[off - 2]) ? 1 : -1;
			votes_after +=
				off < text.n && is_blank_char(text.p[off]) ? 1 : -1;
		}
	}
	*before = votes_before >= 0;
	*after = votes_after >= 0;
}

static uint32_t
insert_new(struct doc *d, struct sv name, struct sv value)
{
	size_t place = mcf_place(d, name);
	struct str line = {0};
	bool before, after;
	uint32_t id;

	neighbour_style(d, place, &before, &after);
	str_add_sv(&line, name);
	str_add_cstr(&line, before ? " =" : "=");
	if (after && value.n)
		str_add_char(&line, ' ');
	str_add_sv(&line, value);
	str_add_cstr(&line, doc_eol(d));
	id = doc_insert(d, place, str_sv(&line), ENTRY_PARAM, name.n);
	str_free(&line);
	return id;
}

uint32_t
mcf_set(struct doc *d, struct sv name, struct sv value)
{
	struct str name_copy = {0}, copy = {0};
	uint32_t id = DOC_NO_ID;

	if (!mcf_is_name(name))
		return id;
	str_add_sv(&name_copy, name); /* name and value may be slices of the document */
	name = str_sv(&name_copy);
	value = clean_value(value, &copy);
	id = mcf_find(d, name);
	if (id != DOC_NO_ID && text_says(doc_text(d, id), value))
		goto out;
	if (id == DOC_NO_ID)
		id = find_removed(d, name);
	if (id != DOC_NO_ID)
		replace_value(d, id, value);
	else
		id = insert_new(d, name, value);
out:
	str_free(&name_copy);
	str_free(&copy);
	return id;
}

bool
mcf_set_text(struct doc *d, uint32_t id, struct sv text)
{
	size_t name_len, value_off;
	struct ll_scan s;
	struct lline l;

	ll_start(&s, text);
	if (!ll_next(&s, &l) || l.kind != LL_TEXT ||
		mcf_parse_head(text, &name_len, &value_off) != MCF_FINE ||
		!sv_eq(sv_sub(text, 0, name_len), mcf_name(d, id)))
		return false;
	/* At the end: rows that are off, their notes, what stood before one that went. */
	while (ll_next(&s, &l))
		if (l.kind != LL_COMMENT && l.kind != LL_BLANK)
			return false;
	if (!sv_eq(text, doc_text(d, id)) || !doc_alive(d, id))
		doc_replace(d, id, text, ENTRY_PARAM, name_len);
	return true;
}

static bool
each_definition(struct doc *d, struct sv name, bool comment)
{
	struct str copy = {0};
	size_t pos = 0;
	uint32_t id;
	bool any = false;

	str_add_sv(&copy, name);
	while (mcf_each(d, str_sv(&copy), &pos, &id)) {
		if (comment)
			mcf_comment_out(d, id);
		else
			doc_delete(d, id);
		any = true;
	}
	str_free(&copy);
	return any;
}

bool
mcf_unset(struct doc *d, struct sv name)
{
	return each_definition(d, name, false);
}

bool
mcf_comment_out_all(struct doc *d, struct sv name)
{
	return each_definition(d, name, true);
}

bool
mcf_comment_out(struct doc *d, uint32_t id)
{
	enum entry_kind kind = (enum entry_kind)doc_entry(d, id)->kind;
	struct str out = {0};

	if (!doc_alive(d, id) || (kind != ENTRY_PARAM && kind != ENTRY_BAD))
		return false;
	mcf_write_off(doc_text(d, id), &out);
	doc_replace(d, id, str_sv(&out), ENTRY_COMMENT, 0);
	str_free(&out);
	return true;
}

/* Would a line at pos that is no comment any longer take an orphan in? */
static bool
orphan_follows(const struct doc *d, size_t pos)
{
	for (; pos < d->norder; pos++) {
		const struct entry *e = doc_entry(d, d->order[pos]);

		if (e->flags & ENTRY_DELETED)
			continue;
		if (e->kind == ENTRY_ORPHAN)
			return true;
		if (e->kind != ENTRY_BLANK && e->kind != ENTRY_COMMENT)
			return false;
	}
	return false;
}

/* The n entries at pos, `#name = ...` and what continues it, become a parameter. */
static void
uncomment(struct doc *d, size_t pos, size_t n)
{
	uint32_t first = d->order[pos];
	struct str out = {0};
	size_t name_len, value_off;

	for (size_t i = pos; i < pos + n; i++) {
		struct sv rest = doc_text(d, d->order[i]);

		while (doc_alive(d, d->order[i]) && rest.n) {
			struct sv line;
			size_t had = rest.n;

			sv_line(&rest, &line);
			line.n = had - rest.n;
			str_add_sv(&out,
				sv_starts(line, "#") ? sv_sub(line, 1, line.n) : line);
		}
	}
	mcf_parse_head(str_sv(&out), &name_len, &value_off);
	doc_replace(d, first, str_sv(&out), ENTRY_PARAM, name_len);
	for (size_t i = pos + 1; i < pos + n; i++)
		doc_delete(d, d->order[i]);
	str_free(&out);
}

uint32_t
mcf_bring_back(struct doc *d, struct sv name)
{
	uint32_t id = mcf_find_off(d, name);
	struct entry loaded;
	size_t pos;

	if (id == DOC_NO_ID || mcf_find(d, name) != DOC_NO_ID)
		return DOC_NO_ID;
	pos = doc_position(d, id);
	if (orphan_follows(d, pos + 1))
		return DOC_NO_ID;
	if (doc_loaded(d, id, &loaded) && loaded.kind == ENTRY_PARAM)
		doc_replace(d, id, doc_span(d, loaded.text), ENTRY_PARAM, loaded.key_len);
	else
		uncomment(d, pos, mcf_off_extent(d, pos));
	return id;
}
