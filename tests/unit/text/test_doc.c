/* SPDX-License-Identifier: MIT
 *
 * The byte store: tiling, edits, undo by records, line ends between entries.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/doc.h"

/* A document whose entries are the physical lines of text. */
static void
load_lines(struct doc *d, const char *text)
{
	size_t n = strlen(text), at = 0;
	uint32_t line = 1;

	doc_init(d, mem_strdup(text), n, NULL);
	while (at < n) {
		const char *nl = strchr(d->orig + at, '\n');
		size_t len = nl ? (size_t)(nl - d->orig) + 1 - at : n - at;
		struct entry e = {.text = {(uint32_t)at, (uint32_t)len},
			.line = line++,
			.kind = ENTRY_ROW,
			.key_len = 1};

		doc_add_loaded(d, &e);
		at += len;
	}
}

static void
assert_bytes(const struct doc *d, const char *want)
{
	struct str out = {0};

	doc_bytes(d, &out);
	assert_string_equal(str_c(&out), want);
	str_free(&out);
}

static void
unedited_document_is_its_bytes(void **state)
{
	struct doc d;
	(void)state;

	load_lines(&d, "a\nb\nc");
	assert_bytes(&d, "a\nb\nc");
	assert_true(doc_is_unchanged(&d));
	doc_free(&d);
	load_lines(&d, "");
	assert_bytes(&d, "");
	doc_free(&d);
}

static void
replace_changes_one_entry_and_marks_it(void **state)
{
	struct doc d;
	(void)state;

	load_lines(&d, "a\nb\nc\n");
	doc_replace(&d, 1, sv_of("bee\nbaa\n"), ENTRY_ROW, 3);
	assert_bytes(&d, "a\nbee\nbaa\nc\n");
	assert_false(doc_is_unchanged(&d));
	assert_true(doc_entry(&d, 1)->flags & ENTRY_EDITED);
	assert_int_equal(doc_entry(&d, 1)->key_len, 3);
	assert_int_equal(doc_line_now(&d, 2), 4);
	doc_free(&d);
}

static void
replace_with_loaded_text_makes_it_unedited(void **state)
{
	struct entry e;
	struct doc d;
	(void)state;

	load_lines(&d, "a\nb\nc\n");
	doc_replace(&d, 1, sv_of("x\n"), ENTRY_BAD, 3);
	doc_replace(&d, 1, sv_of("y\n"), ENTRY_BAD, 3);
	assert_true(doc_loaded(&d, 1, &e));
	assert_true(sv_eq_str(doc_span(&d, e.text), "b\n"));
	doc_delete(&d, 1);
	doc_replace(&d, 1, sv_of("z\n"), ENTRY_BAD, 3);
	assert_bytes(&d, "a\nz\nc\n");
	doc_replace(&d, 1, sv_of("b\n"), ENTRY_BAD, 3);
	assert_int_equal(doc_entry(&d, 1)->flags, 0);
	assert_int_equal(doc_entry(&d, 1)->kind, ENTRY_ROW);
	assert_true(doc_is_unchanged(&d));
	doc_free(&d);
}

static void
replace_with_own_slice_survives_growth(void **state)
{
	struct doc d;
	(void)state;

	load_lines(&d, "a\n");
	doc_insert(&d, 1, sv_of("0123456789\n"), ENTRY_ROW, 1);
	for (int i = 0; i < 200; i++)
		doc_replace(&d, 0, doc_text(&d, 1), ENTRY_ROW, 1);
	assert_bytes(&d, "0123456789\n0123456789\n");
	doc_free(&d);
}

static void
insert_after_line_without_end_puts_one_between(void **state)
{
	struct doc d;
	uint32_t id;
	(void)state;

	load_lines(&d, "a\r\nb");
	assert_true(d.crlf);
	id = doc_insert(&d, 2, sv_of("c\r\n"), ENTRY_ROW, 1);
	assert_bytes(&d, "a\r\nb\r\nc\r\n");
	assert_int_equal(doc_entry(&d, id)->line, 0);
	assert_int_equal(doc_line_now(&d, id), 3);
	assert_int_equal(doc_position(&d, id), 2);
	doc_delete(&d, id);
	assert_bytes(&d, "a\r\nb");
	assert_true(doc_is_unchanged(&d));
	doc_free(&d);
}

struct log {
	struct doc_edit v[64];
	size_t n;
};

static void
record(void *ctx, struct doc *d, const struct doc_edit *e)
{
	struct log *log = ctx;
	(void)d;

	assert_true(log->n < 64);
	log->v[log->n++] = *e;
}

static void
restore_of_records_undoes_and_redoes(void **state)
{
	struct log log = {.n = 0};
	struct doc d;
	(void)state;

	load_lines(&d, "a\nb\nc\n");
	d.on_edit = record;
	d.edit_ctx = &log;
	doc_replace(&d, 1, sv_of("B\n"), ENTRY_ROW, 1);
	doc_insert(&d, 0, sv_of("new\n"), ENTRY_ROW, 3);
	doc_delete(&d, 2);
	doc_delete(&d, 2);
	assert_int_equal(log.n, 3);
	assert_bytes(&d, "new\na\nB\n");
	d.on_edit = NULL;
	for (size_t i = log.n; i-- > 0;)
		doc_restore(&d, log.v[i].id, &log.v[i].before);
	assert_bytes(&d, "a\nb\nc\n");
	assert_true(doc_is_unchanged(&d));
	for (size_t i = 0; i < log.n; i++)
		doc_restore(&d, log.v[i].id, &log.v[i].after);
	assert_bytes(&d, "new\na\nB\n");
	doc_free(&d);
}

static bool
refuse(void *ctx, const char *p, size_t n)
{
	(void)p;
	(void)n;
	return --*(int *)ctx > 0;
}

static void
write_merges_runs_and_stops_when_told(void **state)
{
	struct doc d;
	int left = 2;
	(void)state;

	load_lines(&d, "a\nb\nc\nd\n");
	assert_true(doc_write(&d, refuse, &left));
	assert_int_equal(left, 1);
	doc_replace(&d, 1, sv_of("B\n"), ENTRY_ROW, 1);
	left = 2;
	assert_false(doc_write(&d, refuse, &left));
	doc_free(&d);
}

static void
line_now_counts_edits_before(void **state)
{
	struct doc d;
	(void)state;

	load_lines(&d, "a\nb\nc\nd\n");
	assert_int_equal(doc_line_now(&d, 3), 4);
	doc_delete(&d, 0);
	doc_insert(&d, 0, sv_of("x\ny\nz\n"), ENTRY_ROW, 1);
	assert_int_equal(doc_line_now(&d, 3), 6);
	doc_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unedited_document_is_its_bytes),
		cmocka_unit_test(replace_changes_one_entry_and_marks_it),
		cmocka_unit_test(replace_with_loaded_text_makes_it_unedited),
		cmocka_unit_test(replace_with_own_slice_survives_growth),
		cmocka_unit_test(insert_after_line_without_end_puts_one_between),
		cmocka_unit_test(restore_of_records_undoes_and_redoes),
		cmocka_unit_test(write_merges_runs_and_stops_when_told),
		cmocka_unit_test(line_now_counts_edits_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
