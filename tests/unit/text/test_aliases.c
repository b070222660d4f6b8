/* SPDX-License-Identifier: MIT
 *
 * A file of aliases(5) as entries: what each is, which of equal names counts, the rows
 * that are shown, and what is wrong with a line.
 */
#include <stdlib.h>

#include "aliases_rig.h"

/* One letter an entry: kinds, with the names of aliases. */
static void
describe(const struct aliases *al, struct str *out)
{
	static const char letters[] = "_#oPADRrBX";
	for (size_t i = 0; i < al->doc.norder; i++) {
		uint32_t id = al->doc.order[i];
		uint8_t kind = doc_entry(&al->doc, id)->kind;
		str_add_char(out, letters[kind]);
		if (kind == ENTRY_ALIAS || kind == ENTRY_ALIAS_OFF) {
			struct str value = {0};
			al_value(al, id, &value);
			struct sv name = al_name(al, id);
			str_addf(out, "(%.*s=%s)", (int)name.n, name.p, str_c(&value));
			str_free(&value);
		}
	}
}

static void
load_cuts_entries_by_kind(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"root: a\n", "A(root=a)"},
		{"root : a, b", "A(root=a, b)"},
		{"\n# x\n\nroot:a\r\n", "_#_A(root=a)"},
		{"  x: y\n", "o"},
		{"a:\n\tb\n\n# c\n d\n", "A(a=b d)"},
		{"a\n : b\n", "A(a=b)"},
		{"bad\nroot:\na@b: c\n", "BBB"},
		{"#a: b\n", "D(a=b)"},
		{"#a: b,\n#\tc\n#\td\n# prose\n", "D(a=b, c d)#"},
		{"#a: b,\n# c\n", "D(a=b, c)"},
		{"#a: b\n# Note: c\n", "D(a=b)#"},
		{"#a:\n#\tb\n", "D(a=b)"},
		{"#a: b\n## why c\n#\tc\n## end\n", "D(a=b c)#"},
		{"# Note: x\n", "#"},
		{"#Note\n", "#"},
		{"#See also: x\n", "#"},
		{"#http://a.b/c\n", "#"},
		{"##a: b\n", "#"},
		{" #a: b\n", "#"},
		{"#\"a b\": c\n", "D(\"a b\"=c)"},
		{"#a@b: c\n", "#"},
		{"#root:\t\tmarc\n", "D(root=marc)"},
		{"#a: b\n#c: d\n", "D(a=b)D(c=d)"},
		{"a: b\n#c: d\n", "A(a=b)D(c=d)"},
		{"a: b\n#c: d\n e\n", "A(a=b e)"},
		{"", ""},
		{"\n", "_"},
		{"\xef\xbb\xbf"
		 "a: b\n",
			"A(\xef\xbb\xbf"
			"a=b)"},
		{"\xe9: b\n", "B"},
		{":include:/x\n", "B"},
	};
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct aliases al;
		struct str got = {0}, bytes = {0};
		load_bytes(&al, sv_of(rows[i].text));
		describe(&al, &got);
		assert_string_equal(str_c(&got), rows[i].want);
		doc_bytes(&al.doc, &bytes);
		assert_string_equal(str_c(&bytes), rows[i].text);
		str_free(&got);
		str_free(&bytes);
		al_free(&al);
	}
}

static void
load_very_long_name_is_raw(void **state)
{
	struct aliases al;
	struct str text = {0};
	(void)state;
	for (int i = 0; i < 70000; i++)
		str_add_char(&text, 'a');
	str_add_cstr(&text, ": b\nc: d\n");
	load_bytes(&al, str_sv(&text));
	assert_int_equal(doc_entry(&al.doc, 0)->kind, ENTRY_RAW);
	assert_int_equal(al_find(&al, sv_of("c")), 1);
	al_free(&al);
	str_free(&text);
}

static void
find_first_of_equal_names_counts(void **state)
{
	static const struct {
		const char *name;
		uint32_t find, any;
		size_t all;
	} rows[] = {
		{"root", 2, 2, 3},
		{"ROOT", 2, 2, 3},
		{"a b", 3, 3, 1},
		{"\"a b\"", 3, 3, 1},
		{"off", DOC_NO_ID, 5, 1},
		{"\xc3\xa9va", 9, 9, 1},
		{"nobody", DOC_NO_ID, DOC_NO_ID, 0},
		{"bad line", DOC_NO_ID, DOC_NO_ID, 0},
		{"", DOC_NO_ID, DOC_NO_ID, 0},
	};
	struct aliases al;
	(void)state;
	load_bytes(&al, sv_of(sample));
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct al_ids all = {0};
		struct aliases once; /* one question: answered without an index */
		load_bytes(&once, sv_of(sample));
		assert_int_equal(al_find(&once, sv_of(rows[i].name)), rows[i].find);
		assert_int_equal(al_find_any(&once, sv_of(rows[i].name)), rows[i].any);
		al_free(&once);
		assert_int_equal(al_find(&al, sv_of(rows[i].name)), rows[i].find);
		assert_int_equal(al_find_any(&al, sv_of(rows[i].name)), rows[i].any);
		al_find_all(&al, sv_of(rows[i].name), &all);
		assert_int_equal(all.n, rows[i].all);
		for (size_t k = 1; k < all.n; k++)
			assert_true(all.v[k - 1] < all.v[k]);
		free(all.v);
	}
	assert_false(al_is_shadowed(&al, 2));
	assert_true(al_is_shadowed(&al, 4));
	assert_false(al_is_shadowed(&al, 6));
	al_free(&al);
}

/* The first few names are looked for without the index. */
static void
follow_edits_and_undo(bool with_index)
{
	struct aliases al;
	struct al_targets t = {0};
	load_bytes(&al, sv_of(sample));
	for (int i = 0; with_index && i < 9; i++)
		al_find(&al, sv_of("boss"));
	al_targets_add(&t, sv_of("z"));
	assert_int_equal(al_find(&al, sv_of("root")), 2);

	struct entry was = *doc_entry(&al.doc, 2);
	uint32_t id = 2;
	const struct al_edit rename = {.name = sv_of("boss"), .targets = &t};
	assert_true(al_set(&al, &id, &rename, NULL));
	assert_int_equal(al_find(&al, sv_of("boss")), 2);
	assert_int_equal(al_find(&al, sv_of("root")), 4);
	assert_false(al_is_shadowed(&al, 4));

	struct entry is = *doc_entry(&al.doc, 2);
	doc_restore(&al.doc, 2, &was);
	assert_int_equal(al_find(&al, sv_of("boss")), DOC_NO_ID);
	assert_int_equal(al_find(&al, sv_of("root")), 2);
	doc_restore(&al.doc, 2, &is);
	assert_int_equal(al_find(&al, sv_of("boss")), 2);

	uint32_t added = DOC_NO_ID;
	const struct al_edit fresh = {.name = sv_of("boss"), .targets = &t};
	assert_true(al_set(&al, &added, &fresh, NULL));
	assert_true(al_is_shadowed(&al, added));
	doc_delete(&al.doc, 2);
	assert_int_equal(al_find(&al, sv_of("boss")), added);
	assert_true(al_enable(&al, 6, NULL));
	assert_true(al_is_shadowed(&al, 6));
	doc_delete(&al.doc, 4);
	assert_int_equal(al_find(&al, sv_of("root")), 6);
	al_targets_free(&t);
	al_free(&al);
}

static void
find_follows_edits_and_undo(void **state)
{
	(void)state;
	follow_edits_and_undo(false);
	follow_edits_and_undo(true);
}

/* A million equal names are as quick as different ones: nothing here is quadratic. */
static void
find_survives_equal_names(void **state)
{
	struct aliases al;
	struct str text = {0};
	struct diags d = {0};
	(void)state;
	for (int i = 0; i < 200000; i++)
		str_add_cstr(&text, "a: b\n");
	load_bytes(&al, str_sv(&text));
	assert_int_equal(al_find(&al, sv_of("a")), 0);
	al_check(&al, "f", &d);
	assert_int_equal(d.n, AL_CHECK_MAX + 1);
	diag_clear(&d);
	al_free(&al);
	str_free(&text);
}

static void
rows_are_aliases_bad_and_pending(void **state)
{
	struct aliases al;
	struct al_ids rows = {0};
	struct al_targets t = {0};
	uint32_t added = DOC_NO_ID;
	(void)state;
	load_bytes(&al, sv_of(sample));
	al_targets_add(&t, sv_of("z"));
	const struct al_edit e = {.name = sv_of("n"), .targets = &t};
	assert_true(al_set(&al, &added, &e, NULL));
	al_remove(&al, 3);
	al_rows(&al, &rows);
	assert_int_equal(rows.n, 9);
	assert_int_equal(rows.v[0], 2);
	assert_int_equal(rows.v[1], 3);
	assert_int_equal(rows.v[8], added);
	al_remove(&al, added);
	rows.n = 0;
	al_rows(&al, &rows);
	assert_int_equal(rows.n, 8);
	free(rows.v);
	al_targets_free(&t);
	al_free(&al);
}

static void
check_tells_code_and_line(void **state)
{
	static const char text[] = "  orphan\n"
				   "root: a\n"
				   "no colon\n"
				   "empty:\n"
				   "a@b: c\n"
				   "a,b: c\n"
				   "x\xff: c\n"
				   "y: a,\n"
				   "  b\n"
				   "ROOT: b\n"
				   "#root: c\n";
	static const struct {
		enum diag_code code;
		uint32_t line;
	} want[] = {
		{DIAG_AL_ORPHAN, 1},
		{DIAG_AL_NO_COLON, 3},
		{DIAG_AL_EMPTY, 4},
		{DIAG_AL_NAME, 5},
		{DIAG_AL_NAME, 6},
		{DIAG_AL_UTF8, 7},
		{DIAG_AL_DUPLICATE, 10},
	};
	struct aliases al;
	struct diags d = {0};
	(void)state;
	load_bytes(&al, sv_of(text));
	al_check(&al, "aliases", &d);
	assert_int_equal(d.n, N_OF(want));
	for (size_t i = 0; i < d.n; i++) {
		assert_int_equal(d.v[i].code, want[i].code);
		assert_int_equal(d.v[i].loc.line, want[i].line);
		assert_true(d.v[i].loc.entry > 0);
	}
	diag_clear(&d);
	/* Lines move with edits above; a rename can shadow an entry that was alone. */
	al_remove(&al, 1);
	al_check(&al, "aliases", &d);
	assert_int_equal(d.n, N_OF(want) - 1);
	assert_int_equal(d.v[1].loc.line, 2);
	diag_clear(&d);
	struct al_targets t = {0};
	uint32_t id = al_find(&al, sv_of("y"));
	al_targets_add(&t, sv_of("a"));
	const struct al_edit e = {.name = sv_of("root"), .targets = &t};
	assert_true(al_set(&al, &id, &e, NULL));
	al_check(&al, "aliases", &d);
	assert_int_equal(d.v[d.n - 1].code, DIAG_AL_DUPLICATE);
	assert_int_equal(d.v[d.n - 1].loc.line, 8);
	diag_clear(&d);
	al_targets_free(&t);
	al_free(&al);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(load_cuts_entries_by_kind),
		cmocka_unit_test(load_very_long_name_is_raw),
		cmocka_unit_test(find_first_of_equal_names_counts),
		cmocka_unit_test(find_follows_edits_and_undo),
		cmocka_unit_test(find_survives_equal_names),
		cmocka_unit_test(rows_are_aliases_bad_and_pending),
		cmocka_unit_test(check_tells_code_and_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
