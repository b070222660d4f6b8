/* SPDX-License-Identifier: MIT
 *
 * The aliases file: the document, names and targets, lookup, filter, findings.
 */
#include "fuzz.h"

#include "text/aliases.h"

/* Blanks of any kind read as spaces, and nothing is read after a NUL. */
static bool
is_plain(struct sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] == '\0' || (v.p[i] != ' ' && is_blank_char(v.p[i])))
			return false;
	return true;
}

/* What is quoted reads back as the same plain text. */
static void
quotes_read_back(struct sv typed)
{
	struct str quoted = {0}, plain = {0};
	struct al_targets list = {0};

	al_name_quote(typed, &quoted);
	al_name_plain(str_sv(&quoted), &plain);
	if (is_plain(typed))
		FUZZ_HOLDS(sv_eq(str_sv(&plain), typed));
	al_targets_typed(typed, &list);
	al_targets_free(&list);
	str_free(&quoted);
	str_free(&plain);
}

static void
ask(struct aliases *al, uint32_t id)
{
	struct str key = {0}, value = {0}, line = {0}, note = {0};
	struct al_targets list = {0};
	uint32_t lines, col;
	size_t at;

	al_key(al, id, &key);
	al_value(al, id, &value);
	al_targets_get(al, id, &list);
	al_value_line(al, id, &line, &at);
	FUZZ_HOLDS(at <= line.n);
	for (size_t i = 0; i < list.n; i++) {
		FUZZ_HOLDS(list.v[i].raw && list.v[i].plain);
		FUZZ_HOLDS(list.v[i].start <= list.v[i].end);
		al_place(al, id, at + list.v[i].start, &lines, &col);
	}
	al_description(al, id, &note);
	/* A plain name that begins with a quote is taken for one as in the file. */
	if (doc_entry(&al->doc, id)->kind == ENTRY_ALIAS &&
		!sv_starts(str_sv(&key), "\""))
		FUZZ_HOLDS(al_find(al, str_sv(&key)) != DOC_NO_ID);
	al_is_shadowed(al, id);
	al_targets_free(&list);
	str_free(&key);
	str_free(&value);
	str_free(&line);
	str_free(&note);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sv bytes = fuzz_sv(data, n), first = {0}, rest = bytes;
	struct al_filter filter = {0};
	struct al_ids rows = {0};
	struct diags d = {0};
	struct aliases al;

	al_load(&al, fuzz_copy(bytes), n, NULL);
	fuzz_is_tiled(&al.doc, bytes);
	al_rows(&al, &rows);
	for (size_t i = 0; i < rows.n; i++)
		if (doc_entry(&al.doc, rows.v[i])->kind != ENTRY_BAD &&
			doc_entry(&al.doc, rows.v[i])->kind != ENTRY_RAW)
			ask(&al, rows.v[i]);
		else
			al_fault_of(&al, rows.v[i]);
	al_filter(&al, sv_of("ro"), &filter);
	al_filter(&al, sv_of("root"), &filter);
	FUZZ_HOLDS(filter.hits.n <= rows.n);
	al_check(&al, "aliases", &d);
	fuzz_are_whole(&d);
	(void)sv_line(&rest, &first);
	quotes_read_back(first);
	diag_clear(&d);
	al_filter_free(&filter);
	free(rows.v);
	al_free(&al);
	return 0;
}
