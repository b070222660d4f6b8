/* SPDX-License-Identifier: MIT
 *
 * Aliases edited: the bytes that an edit writes, and what it leaves alone.
 */
#include "aliases_rig.h"

/* Set alias `find` (NULL: a new one) to name and targets as typed. */
static bool
set(struct aliases *al, const char *find, const char *name, const char *typed,
	const char *comment)
{
	struct al_targets t = {0};
	uint32_t id = find ? al_find_any(al, sv_of(find)) : DOC_NO_ID;
	bool off = find && doc_entry(&al->doc, id)->kind == ENTRY_ALIAS_OFF;
	al_targets_typed(sv_of(typed), &t);
	const struct al_edit e = {.name = sv_of(name),
		.targets = &t,
		.comment = comment ? sv_of(comment) : (struct sv){0},
		.off = off};
	bool ok = al_set(al, &id, &e, NULL);
	al_targets_free(&t);
	return ok;
}

static void
set_targets_keeps_style(void **state)
{
	static const struct {
		const char *text, *typed, *want;
	} rows[] = {
		{"a: b\n", "b", "a: b\n"},
		{"a: b\n", "c", "a: c\n"},
		{"a:\tb\r\n", "b, c", "a:\tb, c\r\n"},
		{"a : b,c\n", "b, c, d", "a : b,c,d\n"},
		{"a: b c\n", "b, c, d", "a: b c d\n"},
		{"a: b,\n\tc\n", "b, c, d", "a: b,\n\tc,\n\td\n"},
		{"a: b\n  c\n", "b, c, d", "a: b\n  c\n  d\n"},
		{"a: b,\n\tc,\n\td\n", "b, d", "a: b,\n\td\n"},
		{"a: b,\n\tc,\n\td\n", "b, c", "a: b,\n\tc\n"},
		{"a: b,\n\tc,\n\td\n", "c, d", "a: c,\n\td\n"},
		{"a: b,\n# why c\n\tc\n", "b, c, d", "a: b,\n# why c\n\tc,\n\td\n"},
		{"a:\n\tb\n", "b, c", "a:\n\tb,\n\tc\n"},
		{"a: b", "c", "a: c"},
		{"a: b", "b, c", "a: b, c"},
		{"a: b, c, d\n", "x, c, d", "a: x, c, d\n"},
		{"a: b, c\n", "x, b, c", "a: x, b, c\n"},
		{"a: \"Name\" <b@c>, d\n", "d", "a: d\n"},
		{"a: b, \"|cmd x\"\n", "b, \"|cmd x\", c", "a: b, \"|cmd x\", c\n"},
		{"a: b\n", "|/bin/t --queue a", "a: \"|/bin/t --queue a\"\n"},
		{"a:b\n", "c, d", "a:c, d\n"},
		{"#a: b\n", "b, c", "#a: b, c\n"},
		{"#a: b,\n#\tc\n", "b, c, d", "#a: b,\n#\tc,\n#\td\n"},
		{"a: g: b, c;\n", "b, c", "a: g: b, c;\n"},
		{"a: g: b, c;\n", "b, d", "a: g: b, d;\n"},
		{"a: g: b, c;\n", "x", "a: g: x;\n"},
	};
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct aliases al;
		load(&al, rows[i].text);
		assert_true(set(&al, "a", "a", rows[i].typed, NULL));
		assert_bytes(&al, rows[i].want);
		assert_true(
			(strcmp(rows[i].text, rows[i].want) == 0) == (al.doc.gen == 0));
		al_free(&al);
	}
}

static void
set_long_list_wraps(void **state)
{
	static const char want[] = "sales: taro@example.co.jp, hanako@example.co.jp, "
				   "jiro@example.co.jp,\n"
				   "    saburo@example.co.jp, shiro@example.co.jp\n";
	struct aliases al;
	(void)state;
	load(&al, "");
	assert_true(set(&al, NULL, "sales",
		"taro@example.co.jp hanako@example.co.jp jiro@example.co.jp "
		"saburo@example.co.jp shiro@example.co.jp",
		NULL));
	assert_bytes(&al, want);
	assert_true(set(&al, "sales", "sales",
		"taro@example.co.jp hanako@example.co.jp jiro@example.co.jp "
		"saburo@example.co.jp",
		NULL));
	assert_true(set(&al, "sales", "sales",
		"taro@example.co.jp hanako@example.co.jp jiro@example.co.jp "
		"saburo@example.co.jp shiro@example.co.jp",
		NULL));
	assert_bytes(&al, want);
	al_free(&al);
}

static void
set_name_and_comment(void **state)
{
	static const struct {
		const char *text, *name, *comment, *want;
	} rows[] = {
		{"a: b\n", "c", NULL, "c: b\n"},
		{"A:\tb\n", "A", NULL, "A:\tb\n"},
		{"a:\tb\n", "A", NULL, "A:\tb\n"},
		{"a: b\n", "x y", NULL, "\"x y\": b\n"},
		{"a: b\n", "\"x y\"", NULL, "\"x y\": b\n"},
		{"\"a\": b\n", "a", NULL, "\"a\": b\n"},
		{"a: b\n", "a", "who", "# who\na: b\n"},
		{"# who\na: b\n", "a", "who", "# who\na: b\n"},
		{"#who\na: b\n", "a", "else", "# else\na: b\n"},
		{"#  who\na: b\n", "a", "else", "#  else\na: b\n"},
		{"# who\na: b\n", "a", "", "a: b\n"},
		{"# h\na: b\nc: d\n", "a", "", "# h\na: b\nc: d\n"},
		{"# h\na: b\nc: d\n", "a", "x", "# h\n\n# x\na: b\n\nc: d\n"},
		{"a: b\nc: d\n", "a", "x", "# x\na: b\n\nc: d\n"},
		{"# one\n# two\na: b\n", "a", "x", "# x\na: b\n"},
		{"# head\n#\n# two\na: b\n", "a", "x", "# head\n#\n# x\na: b\n"},
		{"a: b\r\n\r\nc: d\r\n", "a", "x", "# x\r\na: b\r\n\r\nc: d\r\n"},
	};
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct aliases al;
		load(&al, rows[i].text);
		assert_true(set(&al, "a", rows[i].name, "b", rows[i].comment));
		assert_bytes(&al, rows[i].want);
		al_free(&al);
		/* What was written is read back the same way. */
		load(&al, rows[i].want);
		assert_true(set(&al, rows[i].name, rows[i].name, "b",
			strcmp(rows[i].want, rows[i].text) ? rows[i].comment : NULL));
		assert_int_equal(al.doc.gen, 0);
		al_free(&al);
	}
}

static void
set_new_goes_behind_last_alias(void **state)
{
	static const struct {
		const char *text, *comment, *want;
	} rows[] = {
		{"", NULL, "new: x, y\n"},
		{"# head\n", NULL, "# head\nnew: x, y\n"},
		{"a:\tb\n", NULL, "a:\tb\nnew:\tx, y\n"},
		{"a: b", NULL, "a: b\nnew: x, y\n"},
		{"a: b\r\n", NULL, "a: b\r\nnew: x, y\r\n"},
		{"mailer-daemon:\troot\npostmaster:\troot\n", NULL,
			"mailer-daemon:\troot\npostmaster:\troot\nnew:\t\tx, y\n"},
		{"a:        b\n", NULL, "a:        b\nnew:      x, y\n"},
		{"a: b,\n   c\n", NULL, "a: b,\n   c\nnew: x, y\n"},
		{"# h\na: b\nc: d\n\n# end\n", NULL,
			"# h\na: b\nc: d\nnew: x, y\n\n# end\n"},
		{"# about a\na: b\n\n# end\n", NULL,
			"# about a\na: b\n\nnew: x, y\n\n# end\n"},
		{"a: b\n", "why", "a: b\n\n# why\nnew: x, y\n"},
		{"", "why", "# why\nnew: x, y\n"},
		{"a: b\n#c: d\n", "why", "a: b\n\n# why\nnew: x, y\n\n#c: d\n"},
		{"a:b\n", NULL, "a:b\nnew:x, y\n"},
		{"  orphan\n", NULL, "  orphan\nnew: x, y\n"},
	};
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct aliases al;
		load(&al, rows[i].text);
		assert_true(set(&al, NULL, "new", "x y", rows[i].comment));
		assert_bytes(&al, rows[i].want);
		al_free(&al);
	}
}

static void
set_what_postfix_would_drop_is_refused(void **state)
{
	static const struct {
		const char *name, *raw;
		enum diag_code code;
	} rows[] = {
		{"a@b", "x", DIAG_AL_NAME}, /* plain: needs its quotes, and gets them */
		{"", "x", DIAG_AL_NAME},
		{"a\nb", "x", DIAG_AL_NAME},
		{"a\xff", "x", DIAG_AL_NAME},
		{"a", NULL, DIAG_AL_EMPTY},
		{"a", "", DIAG_AL_TARGET},
		{"a", "x y", DIAG_AL_TARGET},
		{"a", "\"x", DIAG_AL_TARGET},
		{"a", "x\ny", DIAG_AL_TARGET},
		{"a", "b@", DIAG_AL_TARGET},
		{"a", "x\xff", DIAG_AL_TARGET},
		{"a", "x,", DIAG_AL_TARGET},
	};
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct aliases al;
		struct al_targets t = {0};
		struct diags d = {0};
		uint32_t id = DOC_NO_ID;
		load(&al, "r: s\n");
		if (rows[i].raw)
			al_targets_add(&t, sv_of(rows[i].raw));
		const struct al_edit e = {.name = sv_of(rows[i].name), .targets = &t};
		bool ok = al_set(&al, &id, &e, &d);
		if (i == 0) {
			assert_true(ok);
			assert_bytes(&al, "r: s\n\"a@b\": x\n");
		} else {
			assert_false(ok);
			assert_int_equal(d.n, 1);
			assert_int_equal(d.v[0].code, rows[i].code);
			assert_non_null(d.v[0].hint);
			assert_bytes(&al, "r: s\n");
		}
		diag_clear(&d);
		al_targets_free(&t);
		al_free(&al);
	}
}

static void
set_bad_line_is_written_anew(void **state)
{
	struct aliases al;
	struct al_targets t = {0};
	uint32_t id = 1;
	(void)state;
	load(&al, "a:\tb\nbroken line\n");
	al_targets_add(&t, sv_of("x"));
	const struct al_edit e = {.name = sv_of("broken"), .targets = &t};
	assert_true(al_set(&al, &id, &e, NULL));
	assert_bytes(&al, "a:\tb\nbroken:\tx\n");
	assert_int_equal(al_find(&al, sv_of("broken")), 1);
	al_targets_free(&t);
	al_free(&al);
}

static void
remove_takes_description_not_heading(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"a: b\n", ""},
		{"# about a\na: b\n", ""},
		{"# about a\na: b\n\nc: d\n", "\nc: d\n"},
		{"# h\na: b\nc: d\n", "# h\nc: d\n"},
		{"# h\n#a: b\nc: d\n", "# h\nc: d\n"},
		{"# h\na: b\n#c: d\n", "# h\n#c: d\n"},
		{"x: y\n# about a\na: b\n# z\n", "x: y\n# z\n"},
		{"# head\n\na: b,\n\tc\n", "# head\n\n"},
		{"# 1\n# 2\n# 3\n# 4\n# 5\na: b\n", "# 1\n# 2\n# 3\n# 4\n# 5\n"},
		{"# ----\na: b\n", "# ----\n"},
	};
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct aliases al;
		load(&al, rows[i].text);
		al_remove(&al, al_find_any(&al, sv_of("a")));
		assert_bytes(&al, rows[i].want);
		al_free(&al);
	}
}

/* A heading of two stays a heading when both go. */
static void
remove_all_of_group_keeps_heading(void **state)
{
	struct aliases al;
	(void)state;
	load(&al, "# h\na: b\nc: d\n");
	al_remove(&al, al_find(&al, sv_of("c")));
	al_remove(&al, al_find(&al, sv_of("a")));
	assert_bytes(&al, "# h\n");
	al_free(&al);
}

static void
disable_and_enable_are_inverse(void **state)
{
	static const struct {
		const char *on, *off;
	} rows[] = {
		{"a: b\n", "#a: b\n"},
		{"a: b", "#a: b"},
		{"a: b,\n\tc\n", "#a: b,\n#\tc\n"},
		{"a: b,\r\n  c\r\n", "#a: b,\r\n#  c\r\n"},
		{"a: b,\n c\nd: e\n", "#a: b,\n# c\nd: e\n"},
		{"a:\n\tb\n", "#a:\n#\tb\n"},
		{"a: b\n# in\n\tc\n", "#a: b\n## in\n#\tc\n"},
		{"a: b, \\x\n", "#a: b, \\x\n"},
	};
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct aliases al;
		load(&al, rows[i].on);
		assert_true(al_disable(&al, 0, NULL));
		assert_bytes(&al, rows[i].off);
		assert_true(al_enable(&al, 0, NULL));
		assert_bytes(&al, rows[i].on);
		assert_true(doc_is_unchanged(&al.doc));
		al_free(&al);
		load(&al, rows[i].off); /* and again after a restart */
		assert_int_equal(doc_entry(&al.doc, 0)->kind, ENTRY_ALIAS_OFF);
		assert_true(al_enable(&al, 0, NULL));
		assert_bytes(&al, rows[i].on);
		al_free(&al);
	}
}

static void
disable_odd_alias_is_still_found(void **state)
{
	static const struct {
		const char *on, *off;
	} rows[] = {
		{"a: b\n c\n", "#a: b c\n"},               /* "# c" would be prose */
		{"a: b\n\n\tc\n", "#a: b c\n"},            /* a blank line inside */
		{"a b: c\n", "#\"a b\": c\n"},             /* "#a b: c" would be prose */
		{"a: b\n#\tnote\n", "#a: b\n\n#\tnote\n"}, /* not a target of a */
	};
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct aliases al;
		load(&al, rows[i].on);
		assert_true(al_disable(&al, 0, NULL));
		assert_bytes(&al, rows[i].off);
		al_free(&al);
	}
}

static void
disable_bad_line_makes_comment(void **state)
{
	struct aliases al;
	(void)state;
	load(&al, "  orphan: x\nbad line\n  more\na: b\n");
	assert_true(al_disable(&al, 0, NULL));
	assert_true(al_disable(&al, 1, NULL));
	assert_bytes(&al, "# orphan: x\n# bad line\n# more\na: b\n");
	al_free(&al);
}

static void
enable_never_adopts_orphans(void **state)
{
	struct aliases al;
	struct diags d = {0};
	(void)state;
	load(&al, "#a: b\n\n  orphan\n");
	assert_false(al_enable(&al, 0, &d));
	assert_int_equal(d.v[0].code, DIAG_AL_ORPHAN);
	assert_int_equal(al.doc.gen, 0);
	diag_clear(&d);
	al_free(&al);
}

static void
add_and_remove_targets(void **state)
{
	struct aliases al;
	struct al_targets t = {0};
	struct diags d = {0};
	(void)state;
	load(&al, "a: b, \"|cmd x\"\n#off: b\nx\\y: b\n");
	al_targets_typed(sv_of("b, c"), &t);
	assert_true(al_add_targets(&al, 0, &t, &d));
	assert_true(al_add_targets(&al, 1, &t, &d));
	assert_true(al_add_targets(&al, 2, &t, &d));
	assert_bytes(&al, "a: b, \"|cmd x\", c\n#off: b, c\nx\\y: b, c\n");
	al_targets_free(&t);
	al_targets_typed(sv_of("|cmd x"), &t);
	assert_true(al_remove_targets(&al, 0, &t, &d));
	assert_bytes(&al, "a: b, c\n#off: b, c\nx\\y: b, c\n");
	al_targets_free(&t);
	al_targets_typed(sv_of("c b"), &t);
	assert_false(al_remove_targets(&al, 0, &t, &d));
	assert_int_equal(d.v[0].code, DIAG_AL_EMPTY);
	assert_bytes(&al, "a: b, c\n#off: b, c\nx\\y: b, c\n");
	diag_clear(&d);
	al_targets_free(&t);
	al_free(&al);
}

/* A disabled alias that ends in a comma would take the comment behind it for a target. */
static void
comments_stay_apart_from_a_disabled_alias_above(void **state)
{
	struct aliases al;
	(void)state;
	load(&al, "#f: a,\ns: x\n");
	assert_true(
		al_set_description(&al, al_find(&al, sv_of("s")), sv_of("why"), NULL));
	assert_bytes(&al, "#f: a,\n\n# why\ns: x\n");
	al_free(&al);
	load(&al, "#f: a,\n#x\ns: x\n");
	assert_true(
		al_set_description(&al, al_find(&al, sv_of("s")), sv_of("why"), NULL));
	assert_bytes(&al, "#f: a,\n\n# why\ns: x\n");
	al_free(&al);
	load(&al, "#f: a\ns: x\n#  prose\n");
	al_remove(&al, al_find(&al, sv_of("s")));
	assert_bytes(&al, "#f: a\n\n#  prose\n");
	al_free(&al);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_targets_keeps_style),
		cmocka_unit_test(set_long_list_wraps),
		cmocka_unit_test(set_name_and_comment),
		cmocka_unit_test(set_new_goes_behind_last_alias),
		cmocka_unit_test(set_what_postfix_would_drop_is_refused),
		cmocka_unit_test(set_bad_line_is_written_anew),
		cmocka_unit_test(remove_takes_description_not_heading),
		cmocka_unit_test(remove_all_of_group_keeps_heading),
		cmocka_unit_test(disable_and_enable_are_inverse),
		cmocka_unit_test(disable_odd_alias_is_still_found),
		cmocka_unit_test(disable_bad_line_makes_comment),
		cmocka_unit_test(enable_never_adopts_orphans),
		cmocka_unit_test(add_and_remove_targets),
		cmocka_unit_test(comments_stay_apart_from_a_disabled_alias_above),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
