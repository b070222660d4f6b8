/* SPDX-License-Identifier: MIT
 *
 * Tables: scan, rows, edits. Invariants: the key of a row starts its text, of a row that
 * is off one byte later; a row that is turned off is always written so that the next scan
 * takes it for one.
 */
#include "text/table.h"

#include "text/lline.h"
#include "text/vlist.h"

static bool
is_key_end(enum tbl_form form, char c)
{
	return is_blank_char(c) || c == '\0' || (form == TBL_NETS && c == ',');
}

/* Bytes of the key that starts v; a key of a map may stand in double quotes. */
static size_t
key_length(enum tbl_form form, struct sv v)
{
	size_t i = 0, level = 0;

	if (form == TBL_MAP && v.n && v.p[0] == '"') {
		for (i = 1; i < v.n && v.p[i] != '"' && v.p[i] != '\n'; i++)
			i += v.p[i] == '\\';
		if (i < v.n && v.p[i] == '"')
			return i + 1;
		i = 0;
	}
	/* Braces keep a group of a list together, blanks and all. */
	for (; i < v.n && (level > 0 || !is_key_end(form, v.p[i])); i++) {
		if (form != TBL_NETS)
			continue;
		if (v.p[i] == '\n')
			break;
		level += v.p[i] == '{';
		level -= v.p[i] == '}' && level > 0;
	}
	return i;
}

/* Is this comment line a row that is off? */
static bool
is_off(enum tbl_form form, struct sv line)
{
	struct sv v, key, word;
	size_t n;

	if (form == TBL_NETS)
		return line.p[0] == '#' && vl_line_kind(line, NULL) == VL_LINE_OFF;
	if (line.n < 2 || line.p[0] != '#' || is_blank_char(line.p[1]))
		return false;
	v = sv_trim(sv_sub(line, 1, line.n));
	n = key_length(form, v);
	key = sv_sub(v, 0, n);
	v = sv_trim(sv_sub(v, n, v.n));
	if (v.n == 0 || sv_find(v, '\0') >= 0 || key.n == 0 || key.p[0] == '#')
		return false;
	for (size_t i = 0; i < key.n; i++)
		if (key.p[i] && strchr(".@[/*:", key.p[i]))
			return !sv_token(&v, " \t\r\n", &word) || sv_trim(v).n == 0 ||
			       sv_find(word, ':') >= 0;
	return false;
}

static enum entry_kind
classify(enum tbl_form form, const struct lline *l, size_t *key_len)
{
	*key_len = 0;
	switch (l->kind) {
	case LL_BLANK:
		return ENTRY_BLANK;
	case LL_ORPHAN:
		return ENTRY_ORPHAN;
	case LL_COMMENT:
		if (!is_off(form, l->text))
			return ENTRY_COMMENT;
		*key_len = key_length(form, sv_sub(l->text, 1, l->text.n));
		return *key_len > UINT16_MAX ? ENTRY_RAW : ENTRY_ROW_OFF;
	case LL_TEXT:
	default:
		*key_len = key_length(form, l->text);
		return *key_len > UINT16_MAX ? ENTRY_RAW : ENTRY_ROW;
	}
}

void
tbl_load(struct doc *d, enum tbl_form form, char *take_bytes, size_t n,
	void (*free_orig)(char *, size_t))
{
	struct ll_scan s;
	struct lline l;

	doc_init(d, take_bytes, n, free_orig);
	ll_start(&s, sv_make(d->orig, d->orig_len));
	while (ll_next(&s, &l)) {
		size_t key_len;
		enum entry_kind kind = classify(form, &l, &key_len);
		struct entry e = {.line = l.line, .kind = (uint8_t)kind};

		e.key_len = (uint16_t)(kind == ENTRY_RAW ? 0 : key_len);
		e.text =
			(struct span){(uint32_t)(l.text.p - d->orig), (uint32_t)l.text.n};
		doc_add_loaded(d, &e);
	}
}

static bool
is_row(const struct doc *d, uint32_t id)
{
	const struct entry *e = doc_entry(d, id);

	return doc_alive(d, id) && (e->kind == ENTRY_ROW || e->kind == ENTRY_ROW_OFF);
}

static size_t
key_offset(const struct doc *d, uint32_t id)
{
	return doc_entry(d, id)->kind == ENTRY_ROW_OFF;
}

struct sv
tbl_key(const struct doc *d, uint32_t id)
{
	return sv_sub(doc_text(d, id), key_offset(d, id), doc_entry(d, id)->key_len);
}

/* The logical value in the lines text of a row. */
static void
value_of(struct sv text, size_t key_off, size_t key_len, struct str *out)
{
	struct str logical = {0};

	ll_logical(sv_sub(text, key_off, text.n), &logical);
	str_add_sv(out, sv_trim(sv_sub(str_sv(&logical), key_len, logical.n)));
	str_free(&logical);
}

void
tbl_value(const struct doc *d, uint32_t id, struct str *out)
{
	value_of(doc_text(d, id), key_offset(d, id), doc_entry(d, id)->key_len, out);
}

bool
tbl_each(const struct doc *d, size_t *pos, uint32_t *id)
{
	while (*pos < d->norder) {
		uint32_t i = d->order[(*pos)++];

		if (is_row(d, i)) {
			*id = i;
			return true;
		}
	}
	return false;
}

uint32_t
tbl_find(const struct doc *d, struct sv key)
{
	size_t pos = 0;
	uint32_t id;

	while (tbl_each(d, &pos, &id))
		if (doc_entry(d, id)->kind == ENTRY_ROW &&
			sv_eq_fold(tbl_key(d, id), key))
			return id;
	return DOC_NO_ID;
}

static void
add_clean(struct str *out, struct sv value)
{
	size_t from = out->n;
	ptrdiff_t nul = sv_find(value, '\0');

	str_add_sv(out, sv_trim(nul < 0 ? value : sv_sub(value, 0, (size_t)nul)));
	for (size_t i = from; i < out->n; i++)
		if (out->p[i] == '\n' || out->p[i] == '\r')
			out->p[i] = ' ';
}

static bool
is_key(struct sv key)
{
	return key.n > 0 && key.n <= UINT16_MAX && key.p[0] != '#' &&
	       key_length(TBL_MAP, key) == key.n && sv_find(key, '\n') < 0 &&
	       sv_find(key, '\0') < 0;
}

/* What stands between key and value on the line of row id; empty: nothing does. */
static struct sv
separator(const struct doc *d, uint32_t id)
{
	struct sv text = doc_text(d, id);
	size_t from = key_offset(d, id) + doc_entry(d, id)->key_len, i = from;

	while (i < text.n && (text.p[i] == ' ' || text.p[i] == '\t'))
		i++;
	if (i == text.n || is_blank_char(text.p[i]))
		return sv_of("");
	return sv_sub(text, from, i - from);
}

uint32_t
tbl_append(struct doc *d, struct sv key, struct sv value)
{
	struct str line = {0};
	struct sv sep = sv_of("");
	size_t pos = d->norder;
	uint32_t id = DOC_NO_ID;

	if (!is_key(key))
		return id;
	while (pos > 0 && !is_row(d, d->order[pos - 1]))
		pos--;
	if (pos == 0)
		pos = d->norder;
	else
		sep = separator(d, d->order[pos - 1]);
	str_add_sv(&line, key);
	if (sv_trim(value).n) {
		str_add_sv(&line, sep.n ? sep : sv_of("\t"));
		add_clean(&line, value);
	}
	str_add_cstr(&line, doc_eol(d));
	id = doc_insert(d, pos, str_sv(&line), ENTRY_ROW, key.n);
	str_free(&line);
	return id;
}

bool
tbl_rename(struct doc *d, uint32_t id, struct sv key)
{
	struct sv old = tbl_key(d, id), text = doc_text(d, id);
	size_t at = key_offset(d, id);
	struct str out = {0};

	if (!is_key(key))
		return false;
	str_add_sv(&out, sv_sub(text, 0, at));
	str_add_sv(&out, key);
	str_add_sv(&out, sv_sub(text, at + old.n, text.n));
	doc_replace(d, id, str_sv(&out), (enum entry_kind)doc_entry(d, id)->kind, key.n);
	str_free(&out);
	return true;
}

static void
replace_value(struct doc *d, uint32_t id, struct sv value)
{
	struct sv text = doc_text(d, id), sep = separator(d, id);
	size_t end = doc_entry(d, id)->key_len, eol = text.n, blanks;
	struct str line = {0};

	while (eol > end && (text.p[eol - 1] == '\n' || text.p[eol - 1] == '\r'))
		eol--;
	for (blanks = eol; blanks > end && is_blank_char(text.p[blanks - 1]);)
		blanks--;
	str_add_sv(&line, sv_sub(text, 0, end));
	if (value.n) {
		str_add_sv(&line, sep.n ? sep : sv_of("\t"));
		str_add_sv(&line, value);
		str_add_sv(&line, sv_sub(text, blanks, eol - blanks));
	}
	str_add_sv(&line, sv_sub(text, eol, text.n));
	doc_replace(d, id, str_sv(&line), ENTRY_ROW, end);
	str_free(&line);
}

uint32_t
tbl_set(struct doc *d, struct sv key, struct sv value)
{
	struct str want = {0}, has = {0};
	struct entry loaded;
	uint32_t id;

	if (!is_key(key))
		return DOC_NO_ID;
	id = tbl_find(d, key);
	if (id == DOC_NO_ID)
		return tbl_append(d, key, value);
	add_clean(&want, value);
	tbl_value(d, id, &has);
	if (!sv_eq(str_sv(&want), str_sv(&has))) {
		str_clear(&has);
		if (doc_loaded(d, id, &loaded) && loaded.kind == ENTRY_ROW)
			value_of(doc_span(d, loaded.text), 0, loaded.key_len, &has);
		if (has.n && sv_eq(str_sv(&want), str_sv(&has)))
			doc_replace(d, id, doc_span(d, loaded.text), ENTRY_ROW,
				loaded.key_len);
		else
			replace_value(d, id, str_sv(&want));
	}
	str_free(&want);
	str_free(&has);
	return id;
}

/* The entry right above id that is its note, or DOC_NO_ID. */
static uint32_t
note_entry(const struct doc *d, uint32_t id)
{
	size_t pos = doc_position(d, id);

	while (pos-- > 0) {
		uint32_t above = d->order[pos];

		if (!doc_alive(d, above))
			continue;
		if (doc_entry(d, above)->kind == ENTRY_COMMENT &&
			vl_line_kind(doc_text(d, above), NULL) == VL_LINE_NOTE)
			return above;
		return DOC_NO_ID;
	}
	return DOC_NO_ID;
}

struct sv
tbl_note(const struct doc *d, uint32_t id)
{
	uint32_t note = note_entry(d, id);
	struct sv v;

	if (note == DOC_NO_ID)
		return sv_of("");
	v = sv_trim(doc_text(d, note));
	return sv_trim(sv_sub(v, 1, v.n));
}

void
tbl_set_note(struct doc *d, uint32_t id, struct sv text)
{
	uint32_t note = note_entry(d, id);
	struct str line = {0};

	if (sv_trim(text).n == 0) {
		if (note != DOC_NO_ID)
			doc_delete(d, note);
		return;
	}
	if (note != DOC_NO_ID && sv_eq(tbl_note(d, id), sv_trim(text)))
		return;
	str_add_cstr(&line, "# ");
	add_clean(&line, text);
	str_add_cstr(&line, doc_eol(d));
	if (note != DOC_NO_ID)
		doc_replace(d, note, str_sv(&line), ENTRY_COMMENT, 0);
	else
		doc_insert(d, doc_position(d, id), str_sv(&line), ENTRY_COMMENT, 0);
	str_free(&line);
}

void
tbl_remove(struct doc *d, uint32_t id, bool with_note)
{
	uint32_t note = with_note ? note_entry(d, id) : DOC_NO_ID;

	if (note != DOC_NO_ID)
		doc_delete(d, note);
	doc_delete(d, id);
}

/* A row that is off and was more of the row above it stands at the start of its line when
 * it becomes a row of its own. */
static void
unindent_off(struct lline *l)
{
	struct sv v = l->text;

	while (v.n && (v.p[0] == ' ' || v.p[0] == '\t'))
		v = sv_sub(v, 1, v.n);
	if (l->kind == LL_COMMENT && is_off(TBL_NETS, v))
		l->text = v;
}

void
tbl_set_text(struct doc *d, uint32_t id, struct sv text)
{
	struct str copy = {0};
	struct ll_scan s;
	struct lline l;
	bool done = false;
	size_t pos = doc_position(d, id);

	if (sv_eq(text, doc_text(d, id)))
		return;
	str_add_sv(&copy, text); /* it may be a slice of the document */
	ll_start(&s, str_sv(&copy));
	while (ll_next(&s, &l)) {
		size_t key_len;
		enum entry_kind kind;
		bool row;

		unindent_off(&l);
		kind = classify(TBL_NETS, &l, &key_len);
		row = kind == ENTRY_ROW || kind == ENTRY_ROW_OFF;

		if (row && !done)
			doc_replace(d, id, l.text, kind, key_len);
		else
			doc_insert(d, pos, l.text, kind, key_len);
		done = done || row;
		pos++;
	}
	if (!done)
		doc_delete(d, id);
	str_free(&copy);
}

/* The lines of a row that is off. */
static void
write_off(const struct doc *d, enum tbl_form form, uint32_t id, struct str *out)
{
	struct vl_text t = {doc_text(d, id), 0, NULL};
	struct vl_list items;

	if (form == TBL_MAP) {
		str_add_char(out, '#');
		ll_logical(t.raw, out);
		str_add_cstr(out, doc_eol(d));
		return;
	}
	vl_parse(&t, &items);
	for (size_t i = 0; i < items.n; i++) {
		str_add_char(out, '#');
		str_add_sv(out, sv_sub(t.raw, items.v[i].off, items.v[i].len));
		str_add_cstr(out, doc_eol(d));
	}
	vl_free(&items);
}

static bool
all_off(enum tbl_form form, struct sv text)
{
	struct sv line;

	if (text.n == 0)
		return false;
	while (sv_line(&text, &line))
		if (line.n < 2 || !is_off(form, line))
			return false;
	return true;
}

static bool
turn_off(struct doc *d, enum tbl_form form, uint32_t id)
{
	struct str out = {0};
	struct sv text = doc_text(d, id);
	struct entry loaded;
	bool one_line =
		sv_find(text, '\n') < 0 || (size_t)sv_find(text, '\n') + 1 == text.n;
	bool ok;

	if (one_line) { /* only the '#' is new */
		str_add_char(&out, '#');
		str_add_sv(&out, text);
	}
	if (!all_off(form, str_sv(&out))) {
		str_clear(&out);
		write_off(d, form, id, &out);
	}
	ok = all_off(form, str_sv(&out));
	if (ok && doc_loaded(d, id, &loaded) && loaded.kind == ENTRY_ROW_OFF &&
		sv_eq(sv_trim(doc_span(d, loaded.text)), sv_trim(str_sv(&out))))
		doc_replace(
			d, id, doc_span(d, loaded.text), ENTRY_ROW_OFF, loaded.key_len);
	else if (ok && form == TBL_NETS)
		tbl_set_text(d, id, str_sv(&out));
	else if (ok)
		doc_replace(
			d, id, str_sv(&out), ENTRY_ROW_OFF, doc_entry(d, id)->key_len);
	str_free(&out);
	return ok;
}

static bool
turn_on(struct doc *d, uint32_t id)
{
	struct str off = {0}, was = {0};
	struct entry loaded;
	struct sv text = doc_text(d, id);
	bool is_loaded = doc_loaded(d, id, &loaded) && loaded.kind == ENTRY_ROW;

	for (size_t i = doc_position(d, id) + 1; i < d->norder; i++) {
		const struct entry *e = doc_entry(d, d->order[i]);

		if ((e->flags & ENTRY_DELETED) || e->kind == ENTRY_BLANK ||
			e->kind == ENTRY_COMMENT)
			continue;
		if (e->kind == ENTRY_ORPHAN)
			return false;
		break;
	}
	ll_logical(sv_sub(text, 1, text.n), &off);
	if (is_loaded)
		ll_logical(doc_span(d, loaded.text), &was);
	if (is_loaded && sv_eq(str_sv(&off), str_sv(&was)))
		doc_replace(d, id, doc_span(d, loaded.text), ENTRY_ROW, loaded.key_len);
	else
		doc_replace(d, id, sv_sub(text, 1, text.n), ENTRY_ROW,
			doc_entry(d, id)->key_len);
	str_free(&off);
	str_free(&was);
	return true;
}

bool
tbl_set_on(struct doc *d, enum tbl_form form, uint32_t id, bool on)
{
	if (!is_row(d, id))
		return false;
	if (on == (doc_entry(d, id)->kind == ENTRY_ROW))
		return true;
	return on ? turn_on(d, id) : turn_off(d, form, id);
}
