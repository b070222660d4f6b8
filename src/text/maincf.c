/* SPDX-License-Identifier: MIT
 *
 * Reading main.cf: scan, names, values, lookup. A name ends at a blank or '=', the '='
 * may even stand on a continuation line (postfix util/split_nameval.c), and everything
 * behind a NUL isn't there. Invariant: the key of a parameter entry starts its text.
 */
#include "text/maincf.h"

#include "text/lline.h"
#include "text/vlist.h"

bool
mcf_is_name_char(char c)
{
	return is_alpha_char(c) || is_digit_char(c) || c == '_';
}

bool
mcf_is_name(struct sv name)
{
	if (name.n == 0 || name.n > UINT16_MAX || name.p[0] == '#')
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (is_blank_char(name.p[i]) || name.p[i] == '=' || name.p[i] == '\0')
			return false;
	return true;
}

/* Offset of the first byte at or after `at` that isn't blank; comment and blank lines
 * that start behind a line end are skipped. */
static size_t
skip_blanks(struct sv text, size_t at)
{
	while (at < text.n && is_blank_char(text.p[at])) {
		struct sv rest, line;

		if (text.p[at++] != '\n')
			continue;
		rest = sv_sub(text, at, text.n);
		while (sv_line(&rest, &line) && ll_line_kind(line) == LL_COMMENT)
			at = text.n - rest.n;
	}
	return at;
}

enum mcf_fault
mcf_parse_head(struct sv text, size_t *name_len, size_t *value_off)
{
	size_t i = 0;

	while (i < text.n && !is_blank_char(text.p[i]) && text.p[i] != '=' && text.p[i])
		i++;
	*name_len = i;
	*value_off = text.n;
	if (i == 0)
		return MCF_NO_NAME;
	i = skip_blanks(text, i);
	if (i >= text.n || text.p[i] != '=')
		return MCF_NO_EQUALS;
	*value_off = i + 1;
	return MCF_FINE;
}

/* Rows that are off at the end of mynetworks are comment lines behind the value: they and
 * the comments before them count as its own. They must be indented. Returns where they
 * end, lines are counted. */
static size_t
rows_off_behind(struct sv bytes, size_t end, uint32_t *lines)
{
	struct sv rest = sv_sub(bytes, end, bytes.n), line;
	uint32_t seen = 0;

	while (sv_line(&rest, &line)) {
		enum vl_line kind = vl_line_kind(line, vl_looks_like_net);

		if (kind == VL_LINE_TEXT || kind == VL_LINE_BLANK)
			break;
		seen++;
		if (kind == VL_LINE_OFF && is_blank_char(line.p[0])) {
			end = bytes.n - rest.n;
			*lines += seen;
			seen = 0;
		}
	}
	return end;
}

static void
add_text_entry(struct doc *d, struct ll_scan *s, const struct lline *l)
{
	struct sv bytes = sv_make(d->orig, d->orig_len);
	size_t start = (size_t)(l->text.p - d->orig), end = start + l->text.n;
	size_t name_len, value_off;
	enum mcf_fault fault = mcf_parse_head(l->text, &name_len, &value_off);
	struct entry e = {.line = l->line, .kind = ENTRY_PARAM};

	if (fault != MCF_FINE)
		e.kind = ENTRY_BAD;
	else if (name_len > UINT16_MAX)
		e.kind = ENTRY_RAW;
	else
		e.key_len = (uint16_t)name_len;
	if (e.kind == ENTRY_PARAM &&
		sv_eq_str(sv_make(l->text.p, name_len), "mynetworks"))
		end = rows_off_behind(bytes, end, &s->line);
	s->rest = sv_sub(bytes, end, bytes.n);
	e.text = (struct span){(uint32_t)start, (uint32_t)(end - start)};
	doc_add_loaded(d, &e);
}

void
mcf_load(struct doc *d, char *take_bytes, size_t n, void (*free_orig)(char *, size_t))
{
	static const enum entry_kind kinds[] = {
		[LL_BLANK] = ENTRY_BLANK,
		[LL_COMMENT] = ENTRY_COMMENT,
		[LL_ORPHAN] = ENTRY_ORPHAN,
		[LL_TEXT] = ENTRY_PARAM,
	};
	struct ll_scan s;
	struct lline l;

	doc_init(d, take_bytes, n, free_orig);
	ll_start(&s, sv_make(d->orig, d->orig_len));
	while (ll_next(&s, &l)) {
		struct entry e = {.line = l.line, .kind = (uint8_t)kinds[l.kind]};

		if (l.kind == LL_TEXT) {
			add_text_entry(d, &s, &l);
			continue;
		}
		e.text =
			(struct span){(uint32_t)(l.text.p - d->orig), (uint32_t)l.text.n};
		doc_add_loaded(d, &e);
	}
}

enum mcf_fault
mcf_fault(const struct doc *d, uint32_t id)
{
	size_t name_len, value_off;

	if (doc_entry(d, id)->kind != ENTRY_BAD)
		return MCF_FINE;
	return mcf_parse_head(doc_text(d, id), &name_len, &value_off);
}

struct sv
mcf_name(const struct doc *d, uint32_t id)
{
	return sv_sub(doc_text(d, id), 0, doc_entry(d, id)->key_len);
}

size_t
mcf_value_offset(const struct doc *d, uint32_t id)
{
	size_t name_len, value_off;

	mcf_parse_head(doc_text(d, id), &name_len, &value_off);
	return value_off;
}

void
mcf_value(const struct doc *d, uint32_t id, struct str *out)
{
	size_t start = out->n;
	struct sv v;

	str_add(out, "", 0); /* it has memory, even when there is no value */
	ll_logical(doc_text(d, id), out);
	v = sv_sub(str_sv(out), start, out->n);
	v = sv_trim(sv_sub(v, (size_t)(sv_find(v, '=') + 1), v.n));
	memmove(out->p + start, v.p, v.n);
	out->n = start + v.n;
	out->p[out->n] = '\0';
}

void
mcf_value_shown(const struct doc *d, uint32_t id, struct str *out)
{
	struct str value = {0};
	struct sv rest, word;
	bool first = true;

	mcf_value(d, id, &value);
	rest = str_sv(&value);
	while (sv_token(&rest, " \t\r\n", &word)) {
		if (!first)
			str_add_char(out, ' ');
		str_add_sv(out, word);
		first = false;
	}
	str_free(&value);
}

bool
mcf_each(const struct doc *d, struct sv name, size_t *pos, uint32_t *id)
{
	while (*pos < d->norder) {
		uint32_t i = d->order[(*pos)++];

		if (doc_entry(d, i)->kind != ENTRY_PARAM || !doc_alive(d, i))
			continue;
		if (name.p && !sv_eq(mcf_name(d, i), name))
			continue;
		*id = i;
		return true;
	}
	return false;
}

uint32_t
mcf_find(const struct doc *d, struct sv name)
{
	for (size_t i = d->norder; i-- > 0;) {
		uint32_t id = d->order[i];

		if (doc_entry(d, id)->kind == ENTRY_PARAM && doc_alive(d, id) &&
			sv_eq(mcf_name(d, id), name))
			return id;
	}
	return DOC_NO_ID;
}
