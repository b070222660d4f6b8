/* SPDX-License-Identifier: MIT
 *
 * Tables: what rows are, and that an edit touches only its row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/table.h"
#include "text/vlist.h"

static void
load(struct doc *d, enum tbl_form form, const char *text)
{
	tbl_load(d, form, mem_strdup(text), strlen(text), NULL);
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
check_kinds(enum tbl_form form, const char *text, const char *kinds)
{
	struct str got = {0};
	struct doc d;

	load(&d, form, text);
	for (size_t k = 0; k < d.norder; k++)
		str_add_char(&got, "BCO...R#.?"[doc_entry(&d, d.order[k])->kind]);
	assert_string_equal(str_c(&got), kinds);
	assert_bytes(&d, text);
	assert_true(doc_is_unchanged(&d));
	str_free(&got);
	doc_free(&d);
}

static void
load_tells_rows_from_comments(void **state)
{
	(void)state;

	check_kinds(TBL_MAP, "", "");
	check_kinds(TBL_MAP, "a.test smtp:\n# c\n\n#b.test smtp:[x]\n", "RCB#");
	check_kinds(TBL_MAP, "#/.*/ slow:\n#*\tlocal:\n", "##");
	check_kinds(TBL_MAP, "#[m]:587 u:p w\n", "#");
	check_kinds(
		TBL_MAP, "#see the manual\n#two words\n#a.test\n#-----.- x y\n", "CCCC");
	check_kinds(TBL_MAP, "##a.test smtp:\n # a.test smtp:\n", "CC");
	check_kinds(TBL_MAP, "  orphan\na b\n  c\n# x\n  d", "OR");
	check_kinds(TBL_NETS, "10.0.0.0/8\n#10.1.0.0/16\n# 10.2.0.0/16\n", "R#C");
	check_kinds(
		TBL_NETS, "#10.1.0.0/16,\r\n  #10.3.0.0/16\n#word\n[::1] x\n", "#CCR");
}

static void
key_and_value_are_what_postmap_reads(void **state)
{
	struct str v = {0};
	struct doc d;
	(void)state;

	load(&d, TBL_MAP,
		"[m]:587\t u:p # x \r\n#b.t  y:z\n\"a b\" c\nkey\nk\n  v\n w\n");
	assert_true(sv_eq_str(tbl_key(&d, 0), "[m]:587"));
	tbl_value(&d, 0, &v);
	assert_string_equal(str_c(&v), "u:p # x");
	assert_true(sv_eq_str(tbl_key(&d, 1), "b.t"));
	str_clear(&v);
	tbl_value(&d, 1, &v);
	assert_string_equal(str_c(&v), "y:z");
	assert_true(sv_eq_str(tbl_key(&d, 2), "\"a b\""));
	str_clear(&v);
	tbl_value(&d, 3, &v);
	assert_int_equal(v.n, 0);
	tbl_value(&d, 4, &v);
	assert_string_equal(str_c(&v), "v w");
	assert_int_equal(tbl_find(&d, sv_of("KEY")), 3);
	assert_int_equal(tbl_find(&d, sv_of("b.t")), DOC_NO_ID);
	str_free(&v);
	doc_free(&d);
}

static void
check_set(const char *text, const char *key, const char *value, const char *want)
{
	struct doc d;
	uint32_t id;

	load(&d, TBL_MAP, text);
	id = tbl_set(&d, sv_of(key), sv_of(value));
	assert_int_not_equal(id, DOC_NO_ID);
	assert_bytes(&d, want);
	doc_free(&d);
}

static void
set_keeps_the_separator(void **state)
{
	(void)state;

	check_set("a   b\n", "a", "c", "a   c\n");
	check_set("a\tb  \r\n", "a", "c", "a\tc  \r\n");
	check_set("a b", "a", "c", "a c");
	check_set("a\n  b\n", "a", "c", "a\tc\n");
	check_set("a b\n", "a", "", "a\n");
	check_set("a\n", "a", "b", "a\tb\n");
	check_set("a b\nA c\n", "A", "d", "a d\nA c\n");
	check_set("a b\n", "a", "c\nd e", "a c d e\n");
	check_set("a   b\n# end\n", "n", "v", "a   b\nn   v\n# end\n");
	check_set("# only\n", "n", "v", "# only\nn\tv\n");
	check_set("a b", "n", "v", "a b\nn v\n");
	check_set("", "n", "v", "n\tv\n");
	check_set("  orphan\n", "n", "v", "  orphan\nn\tv\n");
}

static void
set_equal_or_back_leaves_the_loaded_bytes(void **state)
{
	struct doc d;
	(void)state;

	load(&d, TBL_MAP, "a\n   b\nc d\n");
	tbl_set(&d, sv_of("c"), sv_of("d"));
	assert_int_equal(d.gen, 0);
	tbl_set(&d, sv_of("a"), sv_of("x"));
	assert_bytes(&d, "a\tx\nc d\n");
	tbl_set(&d, sv_of("a"), sv_of("b"));
	assert_true(doc_is_unchanged(&d));
	assert_int_equal(tbl_set(&d, sv_of("x y"), sv_of("b")), DOC_NO_ID);
	assert_int_equal(tbl_set(&d, sv_of("#x"), sv_of("b")), DOC_NO_ID);
	assert_int_equal(tbl_set(&d, sv_of(""), sv_of("b")), DOC_NO_ID);
	tbl_remove(&d, tbl_append(&d, sv_of("n"), sv_of("v")), true);
	assert_true(doc_is_unchanged(&d));
	doc_free(&d);
}

static void
off_and_on_are_each_others_inverse(void **state)
{
	static const char *const cases[][2] = {
		{"a.t   b:c\n", "#a.t   b:c\n"},
		{"a.t b", "#a.t b"},
		{"a.t b:\n   c\n", "#a.t b:   c\n"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct doc d;

		load(&d, TBL_MAP, cases[i][0]);
		assert_true(tbl_set_on(&d, TBL_MAP, 0, false));
		assert_bytes(&d, cases[i][1]);
		assert_int_equal(tbl_find(&d, sv_of("a.t")), DOC_NO_ID);
		assert_true(tbl_set_on(&d, TBL_MAP, 0, true));
		assert_true(doc_is_unchanged(&d));
		doc_free(&d);
		load(&d, TBL_MAP, cases[i][1]);
		assert_true(tbl_set_on(&d, TBL_MAP, 0, true));
		assert_int_equal(tbl_find(&d, sv_of("a.t")), 0);
		assert_true(tbl_set_on(&d, TBL_MAP, 0, false));
		assert_true(doc_is_unchanged(&d));
		doc_free(&d);
	}
}

static void
off_is_refused_where_it_would_read_as_prose(void **state)
{
	struct doc d;
	(void)state;

	load(&d, TBL_MAP, "word value\n");
	assert_false(tbl_set_on(&d, TBL_MAP, 0, false));
	assert_true(doc_is_unchanged(&d));
	doc_free(&d);
	load(&d, TBL_NETS, "#10.0.0.1\n  orphan\n");
	assert_false(tbl_set_on(&d, TBL_NETS, 0, true));
	assert_true(doc_is_unchanged(&d));
	doc_free(&d);
}

static void
off_of_several_networks_gives_a_line_each(void **state)
{
	struct doc d;
	(void)state;

	load(&d, TBL_NETS, "[::1]\n10.0.0.1, 10.0.0.2\n  10.0.0.3\n10.9.0.0/16\n");
	assert_true(tbl_set_on(&d, TBL_NETS, 1, false));
	assert_bytes(&d, "[::1]\n#10.0.0.1\n#10.0.0.2\n#10.0.0.3\n10.9.0.0/16\n");
	assert_int_equal(doc_entry(&d, 1)->kind, ENTRY_ROW_OFF);
	doc_free(&d);
}

static void
set_text_cuts_what_vlist_made_into_rows(void **state)
{
	struct str out = {0};
	struct vl_text t = {.off = 0};
	struct doc d;
	size_t pos = 0, rows = 0;
	uint32_t id;
	(void)state;

	load(&d, TBL_NETS, "10.0.0.1, 10.0.0.2\n10.9.0.0/16\n");
	t.raw = doc_text(&d, 0);
	assert_true(vl_set_on(&t, 0, false, &out));
	tbl_set_text(&d, 0, str_sv(&out));
	assert_bytes(&d, "#10.0.0.1\n10.0.0.2\n10.9.0.0/16\n");
	while (tbl_each(&d, &pos, &id))
		rows++;
	assert_int_equal(rows, 3);
	tbl_set_text(&d, 1, sv_of("# note\n10.8.0.0/16\n"));
	assert_bytes(&d, "#10.0.0.1\n10.0.0.2\n# note\n10.8.0.0/16\n");
	assert_true(sv_eq_str(tbl_note(&d, 1), "note"));
	tbl_set_text(&d, 1, sv_of(""));
	assert_false(doc_alive(&d, 1));
	str_free(&out);
	doc_free(&d);
}

static void
set_text_of_an_indented_off_item_makes_a_row(void **state)
{
	struct str out = {0};
	struct vl_text t = {.off = 0};
	struct doc d;
	(void)state;

	load(&d, TBL_NETS, "10.0.0.1\n# note\n   10.0.0.2\n");
	t.raw = doc_text(&d, 0);
	assert_true(vl_set_on(&t, 1, false, &out));
	tbl_set_text(&d, 0, str_sv(&out));
	assert_bytes(&d, "10.0.0.1\n# note\n#10.0.0.2\n");
	assert_int_equal(doc_entry(&d, d.order[2])->kind, ENTRY_ROW_OFF);
	str_free(&out);
	doc_free(&d);
}

static void
note_is_the_comment_right_above(void **state)
{
	struct doc d;
	(void)state;

	load(&d, TBL_NETS, "#  Osaka\n10.0.0.1\n10.0.0.2\n\n# far\n\n10.0.0.3");
	assert_true(sv_eq_str(tbl_note(&d, 1), "Osaka"));
	assert_int_equal(tbl_note(&d, 2).n, 0);
	assert_int_equal(tbl_note(&d, 6).n, 0);
	tbl_set_note(&d, 1, sv_of("Osaka"));
	assert_int_equal(d.gen, 0);
	tbl_set_note(&d, 1, sv_of("Kobe"));
	tbl_set_note(&d, 2, sv_of("two\nlines"));
	assert_bytes(&d, "# Kobe\n10.0.0.1\n# two lines\n10.0.0.2\n\n# far\n\n10.0.0.3");
	tbl_set_note(&d, 2, sv_of(" "));
	tbl_remove(&d, 1, true);
	assert_bytes(&d, "10.0.0.2\n\n# far\n\n10.0.0.3");
	tbl_append(&d, sv_of("10.0.0.4"), sv_of(""));
	assert_bytes(&d, "10.0.0.2\n\n# far\n\n10.0.0.3\n10.0.0.4\n");
	doc_free(&d);
}

static void
any_bytes_are_saved_and_undone(void **state)
{
	static const char *const lines[] = {"a.b c\n", "#a.b c:\n", "# n\n", "\n",
		"  x\n", "10.0.0.1, 10.0.0.2\n", "#10.0.0.3\n", " \t\n", "k",
		"\"q r\" s\n", "\\\n"};
	unsigned seed = 5;
	(void)state;

	for (int round = 0; round < 4000; round++) {
		enum tbl_form form = round % 2 ? TBL_MAP : TBL_NETS;
		struct str text = {0}, out = {0};
		struct entry *was;
		struct doc d;
		size_t n;

		for (int i = rand_r(&seed) % 9; i > 0; i--)
			str_add_cstr(&text, lines[rand_r(&seed) % 11]);
		if (text.n && rand_r(&seed) % 4 == 0)
			text.p[(size_t)rand_r(&seed) % text.n] =
				"\0\xff\r#"[rand_r(&seed) % 4];
		tbl_load(&d, form, mem_strndup(str_c(&text), text.n), text.n, NULL);
		doc_bytes(&d, &out);
		assert_true(sv_eq(str_sv(&out), str_sv(&text)));
		n = d.npool;
		was = mem_new(n + 1, sizeof(*was));
		if (n)
			memcpy(was, d.pool, n * sizeof(*was));
		for (uint32_t id = 0; id < n; id++) {
			if (rand_r(&seed) % 2)
				tbl_set_on(&d, form, id, rand_r(&seed) % 2);
			if (rand_r(&seed) % 3 == 0)
				tbl_set_note(&d, id, sv_of("why"));
		}
		tbl_set(&d, sv_of("a.b"), sv_of("z"));
		for (uint32_t id = 0; id < d.npool; id++)
			if (id < n)
				doc_restore(&d, id, &was[id]);
			else
				doc_delete(&d, id);
		str_clear(&out);
		doc_bytes(&d, &out);
		assert_true(sv_eq(str_sv(&out), str_sv(&text)));
		free(was);
		str_free(&text);
		str_free(&out);
		doc_free(&d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(load_tells_rows_from_comments),
		cmocka_unit_test(key_and_value_are_what_postmap_reads),
		cmocka_unit_test(set_keeps_the_separator),
		cmocka_unit_test(set_equal_or_back_leaves_the_loaded_bytes),
		cmocka_unit_test(off_and_on_are_each_others_inverse),
		cmocka_unit_test(off_is_refused_where_it_would_read_as_prose),
		cmocka_unit_test(off_of_several_networks_gives_a_line_each),
		cmocka_unit_test(set_text_cuts_what_vlist_made_into_rows),
		cmocka_unit_test(set_text_of_an_indented_off_item_makes_a_row),
		cmocka_unit_test(note_is_the_comment_right_above),
		cmocka_unit_test(any_bytes_are_saved_and_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
