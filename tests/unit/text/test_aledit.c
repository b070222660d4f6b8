/* SPDX-License-Identifier: MIT
 *
 * Edits of aliases: what is written, what stays, and the properties that hold for any
 * file: an edit touches its own lines only, and undo gives the loaded bytes again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "text/aliases.h"

#define N_OF(a) (sizeof(a) / sizeof *(a))

static void
load(struct aliases *al, const char *text)
{
	al_load(al, mem_strdup(text), strlen(text), NULL);
}

static void
assert_bytes(const struct aliases *al, const char *want)
{
	struct str got = {0};
	doc_bytes(&al->doc, &got);
	assert_string_equal(str_c(&got), want);
	str_free(&got);
}

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

/* --- properties over any file --- */

#define UNDO_MAX 64

struct undo {
	struct doc_edit e[UNDO_MAX];
	size_t n;
};

static void
record(void *ctx, struct doc *d, const struct doc_edit *e)
{
	struct undo *u = ctx;
	(void)d;
	assert_true(u->n < UNDO_MAX);
	u->e[u->n++] = *e;
}

static void
undo_all(struct aliases *al, struct undo *u)
{
	al->doc.on_edit = NULL;
	while (u->n > 0) {
		const struct doc_edit *e = &u->e[--u->n];
		doc_restore(&al->doc, e->id, &e->before);
	}
	al->doc.on_edit = record;
}

/* The bytes of al without entry id and without new entries. */
static void
others(const struct aliases *al, uint32_t id, struct str *out)
{
	for (size_t i = 0; i < al->doc.norder; i++) {
		uint32_t other = al->doc.order[i];
		const struct entry *e = doc_entry(&al->doc, other);
		if (other != id && !(e->flags & (ENTRY_NEW | ENTRY_DELETED)))
			str_add_sv(out, doc_text(&al->doc, other));
	}
}

/* What postalias would make of the bytes, one alias a line. */
static void
meaning(const char *text, uint32_t skip, struct str *out)
{
	struct aliases al;
	load(&al, text);
	for (uint32_t id = 0; id < al.doc.npool; id++) {
		if (id == skip || doc_entry(&al.doc, id)->kind != ENTRY_ALIAS)
			continue;
		struct str value = {0};
		al_key(&al, id, out);
		str_add_char(out, '\t');
		al_value(&al, id, &value);
		al_value_stored(str_sv(&value), out);
		str_add_char(out, '\n');
		str_free(&value);
	}
	al_free(&al);
}

/* One edit of entry id by way number `way`; false: refused. */
static bool
edit(struct aliases *al, uint32_t id, unsigned way)
{
	struct al_targets t = {0};
	bool ok = false;
	al_targets_typed(sv_of("new@example.co.jp, \"|cmd x\""), &t);
	struct al_edit e = {.name = sv_of("fresh"), .targets = &t};
	switch (way % 6) {
	case 0:
		ok = al_set(al, &id, &e, NULL);
		break;
	case 1:
		ok = al_is_row(al, id) && doc_entry(&al->doc, id)->kind != ENTRY_BAD &&
		     al_add_targets(al, id, &t, NULL);
		break;
	case 2:
		ok = doc_entry(&al->doc, id)->kind == ENTRY_ALIAS
			     ? al_disable(al, id, NULL)
			     : al_enable(al, id, NULL);
		break;
	case 3:
		al_remove(al, id);
		ok = true;
		break;
	case 4:
		ok = al_set_description(al, id, sv_of("why"), NULL);
		break;
	default:
		e.off = true;
		ok = al_set(al, &id, &e, NULL);
		break;
	}
	al_targets_free(&t);
	return ok;
}

/* Edit each alias of text in each way: the others keep bytes and meaning, undo restores.
 */
static void
check_properties(const char *text, unsigned seed)
{
	struct aliases al;
	struct undo u = {.n = 0};
	load(&al, text);
	assert_true(doc_is_unchanged(&al.doc));
	assert_bytes(&al, text);
	al.doc.on_edit = record;
	al.doc.edit_ctx = &u;
	for (uint32_t id = 0, n = (uint32_t)al.doc.npool; id < n; id++) {
		struct str before = {0}, after = {0}, bytes = {0}, was = {0}, is = {0};
		unsigned way = seed + id;
		if (!al_is_row(&al, id) || doc_entry(&al.doc, id)->kind == ENTRY_RAW)
			continue;
		others(&al, id, &before);
		if (edit(&al, id, way) && way % 6 != 3 && way % 6 != 4) {
			others(&al, id, &after);
			assert_string_equal(str_c(&after), str_c(&before));
			doc_bytes(&al.doc, &bytes);
			meaning(text, id, &was);
			struct aliases again;
			load(&again, str_c(&bytes));
			/* The edited entry is found again where it was put. */
			size_t pos = 0, at = 0;
			for (size_t i = 0; i < al.doc.norder && al.doc.order[i] != id;
				i++)
				if (doc_alive(&al.doc, al.doc.order[i]))
					pos += doc_text(&al.doc, al.doc.order[i]).n;
			for (uint32_t k = 0; k < again.doc.npool; k++) {
				if (at == pos) {
					meaning(str_c(&bytes), k, &is);
					assert_int_equal(doc_entry(&again.doc, k)->kind,
						doc_entry(&al.doc, id)->kind);
				}
				at += doc_text(&again.doc, k).n;
			}
			assert_string_equal(str_c(&is), str_c(&was));
			al_free(&again);
		}
		undo_all(&al, &u);
		assert_bytes(&al, text);
		str_free(&before);
		str_free(&after);
		str_free(&bytes);
		str_free(&was);
		str_free(&is);
	}
	assert_true(doc_is_unchanged(&al.doc));
	al_free(&al);
}

/* Files put together from odd lines. */
static void
properties_hold_for_odd_files(void **state)
{
	static const char *const parts[] = {"a: b\n", "b:\tc,\n\td\n", "# text\n", "\n",
		"#off: x\n", "#o2: x,\n#\ty\n", "bad\n", " ind\n", "\tc: d\n", "a: b\r\n",
		"c :d, \"|e f\"\n", "#\tz\n", "## y\n", "x: (q) <r@s>; t\n",
		"\"q r\": s \"", "g:h \\\n", "k: l # m\n", "#n:\n", "#\n", "o@p: q\n",
		"a,\n",
		"lll: aaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
		"cccccccccccccc\n",
		"s: g: t, u;\n", "v: w,\n# in\n\n  x\n", "\\: y: z\n", "#a b: c\n"};
	unsigned state_of = 20261124;
	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct str text = {0};
		state_of = state_of * 1664525u + 1013904223u;
		for (unsigned n = (state_of >> 8) % 7 + 1; n > 0; n--) {
			state_of = state_of * 1664525u + 1013904223u;
			str_add_cstr(&text, parts[(state_of >> 8) % N_OF(parts)]);
		}
		if (round % 5 == 0 && text.n)
			text.p[--text.n] = '\0';
		check_properties(str_c(&text), state_of >> 9);
		str_free(&text);
	}
}

static void
properties_hold_for_corpus(void **state)
{
	const char *folder = getenv("PR_CORPUS");
	struct dirent *entry;
	(void)state;
	if (!folder)
		skip();
	char *path = str_format("%s/aliases", folder);
	DIR *dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		static char text[1 << 20];
		char *file = str_format("%s/%s", path, entry->d_name);
		FILE *f = entry->d_name[0] == '.' ? NULL : fopen(file, "re");
		if (f) {
			size_t n = fread(text, 1, sizeof text - 1, f);
			text[n] = '\0';
			fclose(f);
			if (strlen(text) == n && n < 20000)
				for (unsigned seed = 0; seed < 6; seed++)
					check_properties(text, seed);
		}
		free(file);
	}
	closedir(dir);
	free(path);
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
		cmocka_unit_test(comments_stay_apart_from_a_disabled_alias_above),
		cmocka_unit_test(remove_all_of_group_keeps_heading),
		cmocka_unit_test(disable_and_enable_are_inverse),
		cmocka_unit_test(disable_odd_alias_is_still_found),
		cmocka_unit_test(disable_bad_line_makes_comment),
		cmocka_unit_test(enable_never_adopts_orphans),
		cmocka_unit_test(add_and_remove_targets),
		cmocka_unit_test(properties_hold_for_odd_files),
		cmocka_unit_test(properties_hold_for_corpus),
	};
	return cmocka_run_group_tests_name("aledit", tests, NULL, NULL);
}
