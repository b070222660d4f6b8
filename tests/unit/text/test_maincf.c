/* SPDX-License-Identifier: MIT
 *
 * main.cf: what lines mean, where new ones go, and that an edit touches nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/lline.h"
#include "text/maincf.h"

static void
load(struct doc *d, const char *text)
{
	mcf_load(d, mem_strdup(text), strlen(text), NULL);
}

static void
assert_bytes(const struct doc *d, const char *want)
{
	struct str out = {0};

	doc_bytes(d, &out);
	assert_string_equal(str_c(&out), want);
	str_free(&out);
}

struct kind_case {
	const char *text, *kinds; /* one letter an entry: B C O P X (bad) */
};

static void
load_tells_kinds(void **state)
{
	static const struct kind_case cases[] = {
		{"", ""},
		{"\n# c\n # c\n", "BCC"},
		{"a=b\na   =   b\nrelayhost =\n", "PPP"},
		{"garbage line\n", "X"},
		{"= foo\n", "X"},
		{"foo bar = x\n", "X"},
		{"foo.bar-baz = 1\na$b = 1\n\xc3\xa9 = 1\n", "PPP"},
		{"  orphan = x\n y\na = b\n", "OP"},
		{"\xef\xbb\xbf# c\n", "X"},
		{"\xef\xbb\xbfmyhostname = a\n", "P"},
		{"foo\n = bar\n", "P"},
		{"foo\n# c\n = bar\n", "P"},
		{"a = b\n\n# x\n", "PBC"},
		{"a = b\n    #10.0.0.1\n", "PC"},
		{"mynetworks = b\n    #10.0.0.1\n", "P"},
		{"mynetworks = b\n    # n\n    #10.0.0.1\n    # m\n", "PC"},
		{"mynetworks = b\n#10.0.0.1\n", "PC"},
		{"mynetworks = b\n# n\n#w\n    #10.0.0.1\n", "P"},
		{"mynetworks = b\n\n    #10.0.0.1\nc = d\n", "PBCP"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str got = {0};
		struct doc d;

		load(&d, cases[i].text);
		for (size_t k = 0; k < d.norder; k++)
			str_add_char(&got, "BCOP....X."[doc_entry(&d, d.order[k])->kind]);
		assert_string_equal(str_c(&got), cases[i].kinds);
		assert_bytes(&d, cases[i].text);
		str_free(&got);
		doc_free(&d);
	}
}

static void
fault_says_what_postfix_says(void **state)
{
	struct doc d;
	(void)state;

	load(&d, "garbage line\n= foo\nfoo bar = x\na = b\n");
	assert_int_equal(mcf_fault(&d, 0), MCF_NO_EQUALS);
	assert_int_equal(mcf_fault(&d, 1), MCF_NO_NAME);
	assert_int_equal(mcf_fault(&d, 2), MCF_NO_EQUALS);
	assert_int_equal(mcf_fault(&d, 3), MCF_FINE);
	doc_free(&d);
}

static void
value_is_what_postconf_prints(void **state)
{
	static const char *const cases[][2] = {
		{"a=b\n", "b"},
		{"a   =   b  \r\n", "b"},
		{"a =\n", ""},
		{"a = x,\n\t  y,\n# c\n\n   # c\n   z\n", "x, y, z"},
		{"a = #foo\n", "#foo"},
		{"a = b # note\n", "b # note"},
		{"a = b  c\td\n", "b c d"},
		{"a\n = b\n", "b"},
		{"a == b\n", "= b"},
		{"a =\n   b", "b"},
	};
	struct str v = {0};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct doc d;

		load(&d, cases[i][0]);
		str_clear(&v);
		mcf_value_shown(&d, 0, &v);
		assert_string_equal(str_c(&v), cases[i][1]);
		assert_true(sv_eq_str(mcf_name(&d, 0), "a"));
		doc_free(&d);
	}
	str_free(&v);
}

static void
find_duplicate_gives_last_and_case_matters(void **state)
{
	struct doc d;
	size_t pos = 0;
	uint32_t id;
	(void)state;

	load(&d, "a = 1\nA = 2\na = 3\n");
	assert_int_equal(mcf_find(&d, sv_of("a")), 2);
	assert_int_equal(mcf_find(&d, sv_of("A")), 1);
	assert_int_equal(mcf_find(&d, sv_of("b")), DOC_NO_ID);
	assert_true(mcf_each(&d, sv_of("a"), &pos, &id));
	assert_int_equal(id, 0);
	assert_true(mcf_each(&d, sv_of("a"), &pos, &id));
	assert_int_equal(id, 2);
	assert_false(mcf_each(&d, sv_of("a"), &pos, &id));
	doc_free(&d);
}

static void
check_set(const char *text, const char *name, const char *value, const char *want)
{
	struct doc d;

	load(&d, text);
	assert_int_not_equal(mcf_set(&d, sv_of(name), sv_of(value)), DOC_NO_ID);
	assert_bytes(&d, want);
	doc_free(&d);
}

static void
set_keeps_style_of_the_line(void **state)
{
	(void)state;

	check_set("a=b\n", "a", "c", "a=c\n");
	check_set("a   =   b\n", "a", "c", "a   =   c\n");
	check_set("a = b  \r\n", "a", "c d", "a = c d  \r\n");
	check_set("a = b", "a", "c", "a = c");
	check_set("a = b\n", "a", "", "a =\n");
	check_set("a =\n", "a", "b", "a = b\n");
	check_set("a = \n", "a", "b", "a = b\n");
	check_set("a=\n", "a", "b", "a=b\n");
	check_set("a = b\n", "a", " x\ny ", "a = x y\n");
	check_set("a = 1\na = 2\n", "a", "3", "a = 1\na = 3\n");
	check_set("a = b\n", "a", "#c", "a = #c\n");
	check_set("a\n = b\n", "a", "c", "a\n = c\n");
}

static void
set_of_several_lines_keeps_the_lines_that_stay(void **state)
{
	(void)state;

	check_set("a =\n    x,\n    y,\n    z\n", "a", "x, new, z",
		"a =\n    x,\n    new,\n    z\n");
	check_set("a =\n    x,\n    # why\n    y\n", "a", "x, w, y",
		"a =\n    x,\n    w,\n    # why\n    y\n");
	check_set("a = x,\n\ty\n", "a", "x, y, z", "a = x,\n\ty,\n\tz\n");
	check_set("a = x,\n\ty\n", "a", "q, y", "a = q,\n\ty\n");
	check_set("a = x,\n\ty\n", "a", "q", "a = q\n");
	check_set("a = x\n\ty\n", "a", "x y z", "a = x\n\ty\n\tz\n");
	check_set("a =\r\n  x,\r\n  y", "a", "y, x", "a =\r\n  y,\r\n  x");
	check_set("a =\n  check hash:/a,\n  reject\n", "a",
		"check hash:/a, permit, reject",
		"a =\n  check hash:/a,\n  permit,\n  reject\n");
	check_set("a = one two\n  three four\n", "a", "one two three five",
		"a = one two\n  three five\n");
	check_set("a =\n  x,\n  y\n", "a", "", "a =\n");
	check_set("a =\n  x\n", "a", "y", "a =\n  y\n");
	check_set("a =\n  x,\n  y\n", "a", "p,q", "a =\n  p,q\n");
	check_set("mynetworks = 1.0.0.0/8\n    #2.0.0.0/8\n", "mynetworks", "3.0.0.0/8",
		"mynetworks = 3.0.0.0/8\n    #2.0.0.0/8\n");
}

static void
set_new_goes_where_a_person_would_put_it(void **state)
{
	(void)state;

	check_set("", "a", "b", "a = b\n");
	check_set("x = y", "a", "b", "x = y\na = b\n");
	check_set("x=y\r\n", "a", "b", "x=y\r\na=b\r\n");
	check_set("# Relay\n#relayhost = $d\n#relayhost = [x]\n\nz = 1\n", "relayhost",
		"r",
		"# Relay\n#relayhost = $d\n#relayhost = [x]\nrelayhost = r\n\nz = 1\n");
	check_set("#a = x,\n#    y\n#\n# prose\n", "a", "b",
		"#a = x,\n#    y\na = b\n#\n# prose\n");
	check_set("#a = x\n# prose about it\nz = 1\n", "a", "b",
		"#a = x\na = b\n# prose about it\nz = 1\n");
	check_set("# a = x\nz = 1\n", "a", "b", "# a = x\nz = 1\na = b\n");
	check_set("relayhost = x\nz = 1\n", "smtp_sasl_auth_enable", "yes",
		"relayhost = x\nsmtp_sasl_auth_enable = yes\nz = 1\n");
	check_set("relayhost = x\nsmtp_tls_loglevel = 1\nz = 1\n", "smtp_tls_CAfile",
		"/c",
		"relayhost = x\nsmtp_tls_loglevel = 1\nsmtp_tls_CAfile = /c\nz = 1\n");
	check_set("smtpd_a = x\nsmtpd_tls_b = 1\nz = 1\n", "smtpd_tls_c", "2",
		"smtpd_a = x\nsmtpd_tls_b = 1\nsmtpd_tls_c = 2\nz = 1\n");
	check_set(
		"#a = x\n orphan\nz = 1\n", "a", "b", "#a = x\n orphan\na = b\nz = 1\n");
	check_set("x = 1\n    cont\n#a = q\n", "a", "b",
		"x = 1\n    cont\n#a = q\na = b\n");
	check_set("x = 1\n#a = q\n    cont\n", "a", "b",
		"x = 1\n#a = q\n    cont\na = b\n");
}

static void
count_edit(void *ctx, struct doc *d, const struct doc_edit *e)
{
	(void)d;
	(void)e;
	++*(int *)ctx;
}

static void
set_equal_makes_no_edit(void **state)
{
	int edits = 0;
	struct doc d;
	(void)state;

	load(&d, "a = x,\n    y\nb = c\n");
	d.on_edit = count_edit;
	d.edit_ctx = &edits;
	assert_int_equal(mcf_set(&d, sv_of("a"), sv_of("x,  y")), 0);
	assert_int_equal(mcf_set(&d, sv_of("b"), sv_of(" c")), 1);
	assert_int_equal(edits, 0);
	assert_int_equal(d.gen, 0);
	assert_int_equal(mcf_set(&d, sv_of("b d"), sv_of("c")), DOC_NO_ID);
	assert_int_equal(mcf_set(&d, sv_of("#b"), sv_of("c")), DOC_NO_ID);
	assert_int_equal(mcf_set(&d, sv_of(""), sv_of("c")), DOC_NO_ID);
	doc_free(&d);
}

static void
unset_removes_all_definitions_and_nothing_else(void **state)
{
	const char *text = "# c\na = 1,\n# in\n 2\n# after\na = 3\nb = 4\n";
	struct doc d;
	(void)state;

	load(&d, text);
	assert_true(mcf_unset(&d, sv_of("a")));
	assert_bytes(&d, "# c\n# after\nb = 4\n");
	assert_false(mcf_unset(&d, sv_of("a")));
	assert_int_equal(mcf_set(&d, sv_of("a"), sv_of("3")), 3);
	assert_bytes(&d, "# c\n# after\na = 3\nb = 4\n");
	doc_free(&d);
}

static void
comment_out_and_bring_back_are_each_others_inverse(void **state)
{
	static const char *const cases[][2] = {
		{"a = 1\n", "#a = 1\n"},
		{"a = 1,\n    2\n", "#a = 1,\n#    2\n"},
		{"a = 1,\n # x\n\t2\r\n", "#a = 1,\n# # x\n#\t2\r\n"},
		{"a = 1,\n# x\n\n    2\n", "#a = 1,\n## x\n##\n#    2\n"},
		{"a = 1,\n 2\n", "#a = 1,\n# 2\n"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct doc d, again;

		load(&d, cases[i][0]);
		assert_true(mcf_comment_out(&d, 0));
		assert_bytes(&d, cases[i][1]);
		assert_int_equal(mcf_find(&d, sv_of("a")), DOC_NO_ID);
		assert_int_equal(mcf_bring_back(&d, sv_of("a")), 0);
		assert_bytes(&d, cases[i][0]);
		assert_true(doc_is_unchanged(&d));
		assert_int_equal(mcf_bring_back(&d, sv_of("a")), DOC_NO_ID);
		doc_free(&d);

		/* and in a later session */
		load(&again, cases[i][1]);
		assert_int_equal(mcf_bring_back(&again, sv_of("a")), 0);
		if (i != 2 && i != 3)
			assert_bytes(&again, cases[i][0]);
		assert_int_equal(mcf_find(&again, sv_of("a")), 0);
		doc_free(&again);
	}
}

static void
comment_out_of_one_blank_is_found_again(void **state)
{
	struct doc d;
	(void)state;

	load(&d, "#a = 1\n#  2\n# prose\n");
	assert_int_equal(mcf_bring_back(&d, sv_of("a")), 0);
	assert_bytes(&d, "a = 1\n  2\n# prose\n");
	doc_free(&d);
	load(&d, "a = 1\n 2\n");
	mcf_comment_out(&d, 0);
	assert_bytes(&d, "#a = 1\n#  2\n");
	doc_free(&d);
}

static void
comment_out_takes_a_bad_line_but_no_comment(void **state)
{
	struct doc d;
	(void)state;

	load(&d, "garbage line\n  more\n# c\n");
	assert_true(mcf_comment_out(&d, 0));
	assert_bytes(&d, "#garbage line\n#  more\n# c\n");
	assert_false(mcf_comment_out(&d, 0));
	assert_false(mcf_comment_out(&d, 1));
	doc_free(&d);
}

static void
bring_back_is_refused_before_an_orphan(void **state)
{
	struct doc d;
	(void)state;

	load(&d, "#a = 1\n  orphan\n");
	assert_int_equal(mcf_bring_back(&d, sv_of("a")), DOC_NO_ID);
	assert_true(doc_is_unchanged(&d));
	doc_free(&d);
}

static void
set_text_takes_only_the_same_parameter(void **state)
{
	struct doc d;
	(void)state;

	load(&d, "a = 1\nb = 2\n");
	assert_false(mcf_set_text(&d, 0, sv_of("c = 1\n")));
	assert_false(mcf_set_text(&d, 0, sv_of("a = 1\nc = 1\n")));
	assert_false(mcf_set_text(&d, 0, sv_of("# a = 1\n")));
	assert_true(mcf_set_text(&d, 0, sv_of("a = 1\n")));
	assert_int_equal(d.gen, 0);
	assert_true(mcf_set_text(&d, 0, sv_of("a = 1,\n    #10.0.0.1\n    2\n")));
	assert_bytes(&d, "a = 1,\n    #10.0.0.1\n    2\nb = 2\n");
	assert_true(mcf_set_text(&d, 0, sv_of("a = 1\n\n  # of a row that went\n")));
	assert_bytes(&d, "a = 1\n\n  # of a row that went\nb = 2\n");
	doc_free(&d);
}

/* --- generated files --------------------------------------------------------------- */

static void
generate(struct str *out, unsigned *seed)
{
	static const char *const lines[] = {"a = 1\n", "a=2\n", "ab =\n", "#a = 3\n",
		"# c\n", "\n", "  x, y\n", "\tz\n", "b = p,\r\n", " q\r\n", "garbage\n",
		"= x\n", "  # in\n", "#    y\n", "a\n", "\xff\xfe = 1\n", " \n",
		"c = {x\n", "a = b", "mynetworks = 10.0.0.1,\n", "    #10.0.0.2\n",
		"a = 1, 2\n"};
	size_t n = (size_t)rand_r(seed) % 12;

	str_clear(out);
	for (size_t i = 0; i < n; i++)
		str_add_cstr(out,
			lines[(size_t)rand_r(seed) % (sizeof(lines) / sizeof(*lines))]);
	if (out->n && rand_r(seed) % 5 == 0)
		out->p[(size_t)rand_r(seed) % out->n] = "\0 \n#="[rand_r(seed) % 5];
}

static void
load_bytes(struct doc *d, const struct str *s)
{
	mcf_load(d, mem_strndup(str_c(s), s->n), s->n, NULL);
}

static void
assert_same(const struct doc *d, const struct str *want)
{
	struct str out = {0};

	doc_bytes(d, &out);
	assert_true(sv_eq(str_sv(&out), str_sv(want)));
	str_free(&out);
}

static void
any_bytes_are_saved_as_they_were(void **state)
{
	struct str text = {0};
	unsigned seed = 3;
	(void)state;

	for (int round = 0; round < 5000; round++) {
		uint32_t at = 0, line = 1;
		struct doc d;

		generate(&text, &seed);
		load_bytes(&d, &text);
		for (size_t i = 0; i < d.norder; i++) {
			const struct entry *e = doc_entry(&d, d.order[i]);
			struct sv s = doc_text(&d, d.order[i]);

			assert_int_equal(e->text.off, at);
			assert_int_equal(e->line, line);
			assert_int_equal(doc_line_now(&d, d.order[i]), line);
			at += e->text.len;
			for (size_t k = 0; k < s.n; k++)
				line += s.p[k] == '\n';
		}
		assert_int_equal(at, text.n);
		assert_same(&d, &text);
		doc_free(&d);
	}
	str_free(&text);
}

/* Names and values of a file as a fresh load reads them, without one name. */
static void
others(const struct str *bytes, const char *name, struct str *out)
{
	struct doc d;

	str_clear(out);
	load_bytes(&d, bytes);
	for (size_t i = 0; i < d.norder; i++) {
		enum entry_kind kind = (enum entry_kind)doc_entry(&d, d.order[i])->kind;

		if (kind == ENTRY_BAD || kind == ENTRY_ORPHAN)
			str_add_sv(out, sv_trim(doc_text(&d, d.order[i])));
		if (kind != ENTRY_PARAM || sv_eq_str(mcf_name(&d, d.order[i]), name))
			continue;
		str_add_sv(out, mcf_name(&d, d.order[i]));
		str_add_char(out, '=');
		mcf_value(&d, d.order[i], out);
		str_add_char(out, '\n');
	}
	doc_free(&d);
}

static void
edits_of_generated_files_touch_one_parameter(void **state)
{
	static const char *const values[] = {
		"1", "", "x, y", "p, q, r", "long value here", "1, 2, {a, b}", "x", "#z"};
	struct str text = {0}, now = {0}, before = {0}, after = {0}, v = {0};
	unsigned seed = 11;
	(void)state;

	for (int round = 0; round < 8000; round++) {
		const char *name = rand_r(&seed) % 2 ? "a" : "b";
		const char *value = values[rand_r(&seed) % 8];
		struct doc d, fresh;
		uint32_t id;
		bool had;

		generate(&text, &seed);
		load_bytes(&d, &text);
		id = mcf_find(&d, sv_of(name));
		had = id != DOC_NO_ID;
		str_clear(&v);
		if (had)
			mcf_value_shown(&d, id, &v);
		switch (rand_r(&seed) % 4) {
		case 0:
			mcf_unset(&d, sv_of(name));
			break;
		case 1:
			mcf_comment_out_all(&d, sv_of(name));
			break;
		default:
			id = mcf_set(&d, sv_of(name), sv_of(value));
			assert_int_not_equal(id, DOC_NO_ID);
			str_clear(&now);
			doc_bytes(&d, &now);
			load_bytes(&fresh, &now);
			str_clear(&now);
			mcf_value_shown(&fresh, mcf_find(&fresh, sv_of(name)), &now);
			assert_string_equal(str_c(&now), value);
			doc_free(&fresh);
		}
		str_clear(&now);
		doc_bytes(&d, &now);
		others(&text, name, &before);
		others(&now, name, &after);
		if (strcmp(str_c(&before), str_c(&after)) != 0)
			print_message("%s\n---- %s = %s ----\n%s\n", str_c(&text), name,
				value, str_c(&now));
		assert_string_equal(str_c(&before), str_c(&after));
		if (!had && mcf_find(&d, sv_of(name)) != DOC_NO_ID)
			mcf_unset(&d, sv_of(name));
		else if (had && mcf_find(&d, sv_of(name)) == id)
			mcf_set(&d, sv_of(name), str_sv(&v));
		else
			text.n = 0;
		if (text.n)
			assert_same(&d, &text);
		doc_free(&d);
	}
	str_free(&text);
	str_free(&now);
	str_free(&before);
	str_free(&after);
	str_free(&v);
}

struct log {
	struct doc_edit v[256];
	size_t n;
};

static void
record(void *ctx, struct doc *d, const struct doc_edit *e)
{
	struct log *log = ctx;
	(void)d;

	assert_true(log->n < 256);
	log->v[log->n++] = *e;
}

static void
undo_by_records_gives_the_loaded_bytes(void **state)
{
	struct str text = {0};
	unsigned seed = 19;
	(void)state;

	for (int round = 0; round < 2000; round++) {
		struct log log = {.n = 0};
		struct doc d;

		generate(&text, &seed);
		load_bytes(&d, &text);
		d.on_edit = record;
		d.edit_ctx = &log;
		for (int i = 0; i < 6; i++) {
			struct sv name = sv_of(rand_r(&seed) % 2 ? "a" : "mynetworks");

			if (rand_r(&seed) % 3 == 0)
				mcf_unset(&d, name);
			else if (rand_r(&seed) % 3 == 0)
				mcf_comment_out_all(&d, name);
			else if (rand_r(&seed) % 3 == 0)
				mcf_bring_back(&d, name);
			else
				mcf_set(&d, name, sv_of(i % 2 ? "u, v" : "w"));
		}
		d.on_edit = NULL;
		while (log.n-- > 0)
			doc_restore(&d, log.v[log.n].id, &log.v[log.n].before);
		assert_same(&d, &text);
		assert_true(doc_is_unchanged(&d));
		doc_free(&d);
	}
	str_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(load_tells_kinds),
		cmocka_unit_test(fault_says_what_postfix_says),
		cmocka_unit_test(value_is_what_postconf_prints),
		cmocka_unit_test(find_duplicate_gives_last_and_case_matters),
		cmocka_unit_test(set_keeps_style_of_the_line),
		cmocka_unit_test(set_of_several_lines_keeps_the_lines_that_stay),
		cmocka_unit_test(set_new_goes_where_a_person_would_put_it),
		cmocka_unit_test(set_equal_makes_no_edit),
		cmocka_unit_test(unset_removes_all_definitions_and_nothing_else),
		cmocka_unit_test(comment_out_and_bring_back_are_each_others_inverse),
		cmocka_unit_test(comment_out_of_one_blank_is_found_again),
		cmocka_unit_test(comment_out_takes_a_bad_line_but_no_comment),
		cmocka_unit_test(bring_back_is_refused_before_an_orphan),
		cmocka_unit_test(set_text_takes_only_the_same_parameter),
		cmocka_unit_test(any_bytes_are_saved_as_they_were),
		cmocka_unit_test(edits_of_generated_files_touch_one_parameter),
		cmocka_unit_test(undo_by_records_gives_the_loaded_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
