/* SPDX-License-Identifier: MIT
 *
 * Expansion. Every row of the two tables is what postconf -x of Postfix 3.7.11 answered
 * when it was asked once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "model/cfexpr.h"

static bool
lookup(void *ctx, struct sv name, struct sv *value)
{
	static const char *const table[][2] = {
		{"a", "1"},
		{"b", "$a$a"},
		{"empty", ""},
		{"domain", "example.com"},
		{"ten", "10"},
		{"loop", "$loop2"},
		{"loop2", "x${loop}"},
		{"selfcmp", "${{$selfcmp} == {1}}"},
		{"badmac", "${foo"},
		{"usebad", "pre$badmac"},
		{"luser_relay", "$user@x"},
	};

	(void)ctx;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (sv_eq_str(name, table[i][0])) {
			*value = sv_of(table[i][1]);
			return true;
		}
	return false;
}

static bool
undefined(void *ctx, struct sv name)
{
	(void)ctx;
	return !sv_eq_str(name, "untold");
}

static const struct cfx_source source = {
	.lookup = lookup, .undefined = undefined, .version = 307};

struct good_row {
	const char *in, *out;
};

struct bad_row {
	const char *in;
	enum cfx_fault fault;
	size_t off;          /* in the value itself */
	const char *in_name; /* whose value is wrong */
	size_t in_off;
};

/* The formatter would spread each row over the whole width. */
/* clang-format off */
static const struct good_row good[] = {
	{"$a ${a} $(a)", "1 1 1"},
	{"$domain.x", "example.com.x"},
	{"$b-", "11-"},
	{"$$a", "$a"},
	{"$$$a", "$1"},
	{"${ a }", "1"},
	{"$( a )", "1"},
	{"${a }", "1"},
	{"${a?yes}", "yes"},
	{"${a ? yes}", " yes"},
	{"${a ?yes }", "yes "},
	{"${a? yes }", " yes "},
	{"${empty?yes}", ""},
	{"${empty:no}", "no"},
	{"${a:no}", ""},
	{"${nosuch?yes}", ""},
	{"${nosuch:no}", "no"},
	{"${a?{yes}:{no}}", "yes"},
	{"${empty?{yes}:{no $a}}", "no 1"},
	{"${a? {yes} : {no}}", "yes"},
	{"${a?{yes} }", "yes"},
	{"${a?{ yes }}", " yes "},
	{"${a?{yes}:no}", "yes"},
	{"${empty?{yes}:no}", "no"},
	{"${empty?{yes}: no }", " no "},
	{"${a?yes:no}", "yes:no"},
	{"${empty?yes:no}", ""},
	{"${a?}", ""},
	{"${empty:}", ""},
	{"${a?{}}", ""},
	{"${a?{}:{x}}", ""},
	{"${a?\?x}", "?x"},
	{"${a?:x}", ":x"},
	{"${empty::x}", ":x"},
	{"$(a?yes)", "yes"},
	{"$(empty?{x}:{y(z)})", "y(z)"},
	{"${a?{x{y}z}}", "x{y}z"},
	{"${a?x{y}z}", "x{y}z"},
	{"${a?$domain}", "example.com"},
	{"${a?{$domain}}", "example.com"},
	{"${a?{${domain}}}", "example.com"},
	{"${{$a} == {1}}", "true"},
	{"${{$a} == {2}}", ""},
	{"${{$a} == {1} ? {x} : {y}}", "x"},
	{"${{$a}=={1}?{x}:{y}}", "x"},
	{"${{$a} == {2}?{x}:{y}}", "y"},
	{"${{$a} == {2}?{x}}", ""},
	{"${{$a} == {1}:{x}}", ""},
	{"${{$a} == {2}:{x}}", "x"},
	{"${{$a} == {1}?x}", "x"},
	{"${{$a} == {2}?x:y}", ""},
	{"${ {$a} == {1} ? {x} : {y} }", "x"},
	{"${{ $a } == {1}?{x}:{y}}", "y"},
	{"${{01} == {1}?{x}:{y}}", "x"},
	{"${{+1} == {1}?{x}:{y}}", "y"},
	{"${{-1} < {1}?{x}:{y}}", "x"},
	{"${{-1} < {-2}?{x}:{y}}", "x"},
	{"${{10} > {9}?{x}:{y}}", "x"},
	{"${{10} > {9a}?{x}:{y}}", "y"},
	{"${{10} > {9 }?{x}:{y}}", "y"},
	{"${{} == {}?{x}:{y}}", "x"},
	{"${{} < {1}?{x}:{y}}", "x"},
	{"${{0} == {}?{x}:{y}}", "y"},
	{"${{1.0} == {1}?{x}:{y}}", "y"},
	{"${{a} != {A}?{x}:{y}}", "x"},
	{"${{b} > {a}?{x}:{y}}", "x"},
	{"${{b} >= {b}?{x}:{y}}", "x"},
	{"${{b} <= {a}?{x}:{y}}", "y"},
	{"${{9223372036854775807} > {1}?{x}:{y}}", "x"},
	{"${{1} == {1} ?}", ""},
	{"${{1} == {2} ?}", ""},
	{"${{1} == {2} :}", ""},
	{"${{1} ==level {1}?{x}:{y}}", "x"},
	{"${{3.6} <level {3.10}?{x}:{y}}", "x"},
	{"${{3.6} <=level {3.6.0}?{x}:{y}}", "x"},
	{"${{3.6}>level{3.5.99}?{x}:{y}}", "x"},
	{"${{3.6} !=level {3}?{x}:{y}}", "x"},
	{"${{3} >=level {3.0}?{x}:{y}}", "x"},
	{"${{3.6} < {3.10}?{x}:{y}}", "y"},
	{"${{1.1023} <level {2}?{x}:{y}}", "x"},
	{"${{+1} ==level {1}?{x}:{y}}", "x"},
	{"${{ 1} ==level {1}?{x}:{y}}", "x"},
	{"${{01.006} ==level {1.6}?{x}:{y}}", "x"},
	{"${{8796093022207} >level {1}?{x}:{y}}", "x"},
	{"${{$nosuch} == {}?{x}:{y}}", "x"},
	{"$nosuch", ""},
	{"x${nosuch}y", "xy"},
	{"${ }", ""},
	{"${?x}", ""},
	{"${:x}", "x"},
	{"$1", ""},
	{"${1}", ""},
	{"${empty?${}}", ""},
	{"${empty?{${}}:{x}}", "x"},
	{"${a?{x}:{${}}}", "x"},
	{"${{1} == {2} ? {$badmac} : {y}}", "y"},
	{"${a?a  b}", "a  b"},
	{"$$", "$"},
	{"a$$b$$", "a$b$"},
	{"${a?{$$}}", "$"},
	{"\\$a", "\\1"},
};

static const struct bad_row bad[] = {
	{"${a?{yes}x}", CFX_NO_COLON, 9, "", 9},
	{"${empty?{yes}x}", CFX_NO_COLON, 13, "", 13},
	{"${a?{yes}:{no}x}", CFX_TAIL, 14, "", 14},
	{"${a:{x}:{y}}", CFX_TAIL, 7, "", 7},
	{"${a?{yes}{no}}", CFX_NO_COLON, 9, "", 9},
	{"$(a?{ye)s})", CFX_UNBALANCED, 4, "", 4},
	{"${{99999999999999999999} > {1}?{x}:{y}}", CFX_BAD_NUMBER, 2, "", 2},
	{"${{9223372036854775808} > {1}?{x}:{y}}", CFX_BAD_NUMBER, 2, "", 2},
	{"${{9223372036854775807} > {99999999999999999999999}?{x}:{y}}", CFX_BAD_NUMBER, 2, "", 2},
	{"${{1} = {1}?{x}:{y}}", CFX_NO_OPERATOR, 6, "", 6},
	{"${{1} === {1}?{x}:{y}}", CFX_NO_OPERATOR, 6, "", 6},
	{"${{1} =< {1}?{x}:{y}}", CFX_NO_OPERATOR, 6, "", 6},
	{"${{1} {1}?{x}:{y}}", CFX_NO_OPERATOR, 6, "", 6},
	{"${{1}}", CFX_NO_OPERATOR, 5, "", 5},
	{"${{1} == 1?{x}:{y}}", CFX_NO_OPERAND, 9, "", 9},
	{"${{1} ==}", CFX_NO_OPERAND, 8, "", 8},
	{"${{1} == {1} x}", CFX_NO_QUESTION, 13, "", 13},
	{"${{1} == {1} ? {x} y}", CFX_NO_COLON, 19, "", 19},
	{"${{1} == {1} ? {x} : {y} z}", CFX_TAIL, 25, "", 25},
	{"${{1} ==foo {1}?{x}}", CFX_BAD_SUFFIX, 8, "", 8},
	{"${{} <level {1}?{x}:{y}}", CFX_BAD_LEVEL, 2, "", 2},
	{"${{x} <level {1}?{x}:{y}}", CFX_BAD_LEVEL, 2, "", 2},
	{"${{-1} <level {1}?{x}:{y}}", CFX_BAD_LEVEL, 2, "", 2},
	{"${{1.2.3.4} <level {1}?{x}:{y}}", CFX_BAD_LEVEL, 2, "", 2},
	{"${{1.} <level {1}?{x}:{y}}", CFX_BAD_LEVEL, 2, "", 2},
	{"${{1.1024} <level {1}?{x}:{y}}", CFX_BAD_LEVEL, 2, "", 2},
	{"${{1 } ==level {1}?{x}:{y}}", CFX_BAD_LEVEL, 2, "", 2},
	{"${{8796093022208} >level {1}?{x}:{y}}", CFX_BAD_LEVEL, 2, "", 2},
	{"${{1} == level {1}?{x}:{y}}", CFX_NO_OPERAND, 9, "", 9},
	{"${{1} <Level {1}?{x}:{y}}", CFX_BAD_SUFFIX, 7, "", 7},
	{"${a", CFX_TRUNCATED, 0, "", 0},
	{"a $", CFX_NO_NAME, 2, "", 2},
	{"${}", CFX_NO_NAME, 0, "", 0},
	{"$()", CFX_NO_NAME, 0, "", 0},
	{"$", CFX_NO_NAME, 0, "", 0},
	{"$ a", CFX_NO_NAME, 0, "", 0},
	{"${a b}", CFX_BAD_NAME, 3, "", 3},
	{"$-", CFX_NO_NAME, 0, "", 0},
	{"${a-b}", CFX_BAD_NAME, 3, "", 3},
	{"${\303\251}", CFX_BAD_NAME, 2, "", 2},
	{"$loop", CFX_LOOP, 0, "loop", 0},
	{"$selfcmp", CFX_LOOP, 0, "selfcmp", 3},
	{"$usebad", CFX_TRUNCATED, 0, "badmac", 0},
	{"${empty?${a}", CFX_TRUNCATED, 0, "", 0},
	{"${a?{${}}:{x}}", CFX_NO_NAME, 5, "", 5},
	{"${{$a} == {${}}?{x}:{y}}", CFX_NO_NAME, 11, "", 11},
	{"${a{x}}", CFX_BAD_NAME, 3, "", 3},
	{"${domain_to_ascii{x}}", CFX_BAD_NAME, 17, "", 17},
	{"x $(a", CFX_TRUNCATED, 2, "", 2},
	{"$a ${b", CFX_TRUNCATED, 3, "", 3},
};
/* clang-format on */

static void
expand_good_forms_mean_what_postconf_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct str out = {0};

		if (cfx_expand(sv_of(good[i].in), &source, &out) != CFX_OK)
			fail_msg("%s: not expanded", good[i].in);
		if (strcmp(str_c(&out), good[i].out) != 0)
			fail_msg("%s\n  got  %s\n  want %s", good[i].in, str_c(&out),
				good[i].out);
		str_free(&out);
	}
}

static void
expand_what_postfix_dies_of_is_told_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct bad_row *r = &bad[i];
		struct cfx_report rep = {0};
		struct diags d = {0};
		struct str out = {0};
		enum cfx_result how =
			cfx_expand_report(sv_of(r->in), &source, &out, &rep);

		if (how != (r->fault == CFX_LOOP ? CFX_NESTING : CFX_SYNTAX) ||
			rep.fault != r->fault || rep.off != r->off ||
			rep.in_off != r->in_off ||
			strcmp(str_c(&rep.in), r->in_name) != 0)
			fail_msg("%s: %d, fault %d at %zu (%s %zu)", r->in, how,
				rep.fault, rep.off, str_c(&rep.in), rep.in_off);
		assert_false(cfx_tell(&rep, "myhostname", true, NULL, &d));
		assert_int_equal(d.v[0].sev, SEV_ERROR);
		assert_non_null(strstr(d.v[0].text, "myhostname"));
		assert_true(d.v[0].text[strlen(d.v[0].text) - 1] == '.');
		assert_non_null(d.v[0].hint);
		diag_clear(&d);
		cfx_report_free(&rep);
		str_free(&out);
	}
}

static void
expand_names_without_value_are_reported_once(void **state)
{
	struct cfx_report rep = {0};
	struct str out = {0};

	(void)state;
	assert_int_equal(cfx_expand_report(sv_of("x $no1 ${a?{$no2}}$no1${a:$no3}"),
				 &source, &out, &rep),
		CFX_OK);
	assert_string_equal(str_c(&out), "x  ");
	assert_int_equal(rep.n, 2);
	assert_string_equal(rep.undefined[0].name, "no1");
	assert_int_equal(rep.undefined[0].off, 2);
	assert_string_equal(rep.undefined[1].name, "no2");
	assert_int_equal(rep.undefined[1].off, 12);
	cfx_report_free(&rep);
	str_free(&out);
}

static enum cfx_result
expand(const char *in, const struct cfx_source *src, struct str *out)
{
	str_clear(out);
	return cfx_expand(sv_of(in), src, out);
}

static void
expand_untold_names_spoil_only_what_depends_on_them(void **state)
{
	struct cfx_source nobody = {.lookup = lookup};
	struct str out = {0};

	(void)state;
	assert_int_equal(expand("$untold", &source, &out), CFX_UNKNOWN);
	assert_int_equal(expand("${untold?{$badmac}}", &source, &out), CFX_UNKNOWN);
	assert_int_equal(expand("${untold:{$badmac}}", &source, &out), CFX_UNKNOWN);
	assert_int_equal(expand("${untold?$badmac}${", &source, &out), CFX_SYNTAX);
	assert_int_equal(expand("${a?{x}:{$untold}}", &source, &out), CFX_OK);
	assert_int_equal(
		expand("${{$untold} == {1} ? {x} : {y}}", &source, &out), CFX_UNKNOWN);
	assert_int_equal(expand("$nosuch", &nobody, &out), CFX_UNKNOWN);
	str_free(&out);
}

/* n1 = $n2, n2 = $n3 ... up to the one before the last, which is the end. */
struct chain {
	int last;
	const char *end;
	char values[128][32];
};

static bool
chain_lookup(void *ctx, struct sv name, struct sv *value)
{
	struct chain *c = ctx;
	int i = 0;

	for (size_t k = 1; k < name.n; k++)
		i = i * 10 + (name.p[k] - '0');
	if (i < c->last)
		snprintf(c->values[i], sizeof(c->values[i]), "$n%d", i + 1);
	*value = sv_of(i < c->last ? c->values[i] : c->end);
	return true;
}

static void
expand_chains_end_where_postfix_ends_them(void **state)
{
	static const struct {
		const char *in, *end;
		int last;
		enum cfx_result how;
	} rows[] = {
		{"$n1", "x", 100, CFX_OK},
		{"$n1", "x", 101, CFX_NESTING},
		{"$n1", "", 101, CFX_OK},
		{"$n1", "", 102, CFX_NESTING},
		{"${n1?{$n1}}", "x", 100, CFX_NESTING},
		{"${n1?{$n1}}", "x", 99, CFX_OK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct chain c = {.last = rows[i].last, .end = rows[i].end};
		struct cfx_source src = {.lookup = chain_lookup, .ctx = &c};
		struct str out = {0};

		assert_int_equal(expand(rows[i].in, &src, &out), rows[i].how);
		str_free(&out);
	}
}

static bool
doubling_lookup(void *ctx, struct sv name, struct sv *value)
{
	char(*texts)[32] = ctx;
	int i = 0;

	for (size_t k = 1; k < name.n; k++)
		i = i * 10 + (name.p[k] - '0');
	snprintf(texts[i], sizeof(texts[i]), "$n%d$n%d", i + 1, i + 1);
	*value = sv_of(i < 60 ? texts[i] : "xx");
	return true;
}

static void
expand_doubling_sixty_times_is_given_up(void **state)
{
	char texts[64][32];
	size_t work = 100000;
	struct cfx_source src = {.lookup = doubling_lookup, .ctx = texts, .work = &work};
	struct str out = {0};

	(void)state;
	assert_int_equal(expand("$n1", &src, &out), CFX_UNKNOWN);
	str_free(&out);
}

static void
expand_older_and_newer_versions_differ(void **state)
{
	static const struct {
		unsigned version;
		const char *in;
		enum cfx_result how;
		const char *out;
	} rows[] = {
		{210, "${a?{x}:{y}}", CFX_OK, "{x}:{y}"},
		{210, "${ a }", CFX_SYNTAX, ""},
		{210, "${{1} == {1}?x}", CFX_SYNTAX, ""},
		{305, "${{1} < {2}?x}", CFX_OK, "x"},
		{305, "${{1} <level {2}?x}", CFX_SYNTAX, ""},
		{306, "${{1} <level {2}?x}", CFX_OK, "x"},
		{310, "${f{x}}", CFX_SYNTAX, ""},
		{311, "${f{x}}", CFX_UNKNOWN, ""},
		{310, "$luser_relay", CFX_OK, "@x"},
		{311, "$luser_relay", CFX_OK, "$user@x"},
		{0, "$luser_relay", CFX_UNKNOWN, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cfx_source src = source;
		struct str out = {0};

		src.version = rows[i].version;
		assert_int_equal(expand(rows[i].in, &src, &out), rows[i].how);
		if (rows[i].how == CFX_OK)
			assert_string_equal(str_c(&out), rows[i].out);
		str_free(&out);
	}
}

static void
scan_sees_all_branches_and_no_values(void **state)
{
	struct cfx_report rep = {0};

	(void)state;
	assert_true(cfx_scan(sv_of("$badmac ${a?$loop}"), &source, &rep));
	assert_true(cfx_scan(
		sv_of("${a:$no1}${{$no2} == {x}?{$no3}:{$no4}}"), &source, &rep));
	assert_int_equal(rep.n, 4);
	cfx_report_free(&rep);
	assert_false(cfx_scan(sv_of("${a?{x}:{${}}}"), &source, &rep));
	assert_int_equal(rep.fault, CFX_NO_NAME);
	assert_int_equal(rep.off, 9);
	cfx_report_free(&rep);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expand_good_forms_mean_what_postconf_says),
		cmocka_unit_test(expand_what_postfix_dies_of_is_told_with_its_place),
		cmocka_unit_test(expand_names_without_value_are_reported_once),
		cmocka_unit_test(expand_untold_names_spoil_only_what_depends_on_them),
		cmocka_unit_test(expand_chains_end_where_postfix_ends_them),
		cmocka_unit_test(expand_doubling_sixty_times_is_given_up),
		cmocka_unit_test(expand_older_and_newer_versions_differ),
		cmocka_unit_test(scan_sees_all_branches_and_no_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
