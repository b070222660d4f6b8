/* SPDX-License-Identifier: MIT
 *
 * Lines and targets. The expected values are what postalias 3.7 and local 3.7 do; with
 * PR_TRUTH set, the whole truth table is gone through as well (in test_aliases).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "text/altok.h"

#define N_OF(a) (sizeof(a) / sizeof *(a))

static void
line_judge_knows_what_postalias_drops(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		enum al_fault want;
	} rows[] = {
		{"root: a", AL_OK},
		{"root :a", AL_OK},
		{"\"a:b\": c", AL_OK},
		{"\"a@b\": c", AL_OK},
		{"'a': c", AL_OK},
		{"a b: c", AL_OK},
		{"a\\@b: c", AL_OK},
		{"a(x@y,:): c", AL_OK},
		{"*: c", AL_OK},
		{"a;b: c", AL_OK},
		{"b!a: c", AL_OK},
		{"a:: b", AL_OK},
		{"a: \"", AL_OK},
		{"root", AL_NO_COLON},
		{"root=a", AL_NO_COLON},
		{"[a: b", AL_NO_COLON},
		{"a\\: b", AL_NO_COLON},
		{"", AL_NO_COLON},
		{"a\": c", AL_NAME_QUOTE},
		{": x", AL_NO_NAME},
		{":include:/x", AL_NO_NAME},
		{"\"\": x", AL_NO_NAME},
		{"root:", AL_NO_TARGET},
		{"root: \t", AL_NO_TARGET},
		{"a,b: c", AL_NAME_LIST},
		{"a@b,c: d", AL_NAME_LIST},
		{"a@b: c", AL_NAME_DOMAIN},
		{"@: c", AL_NAME_DOMAIN},
		{"a%b: c", AL_NAME_DOMAIN},
		{"\xe9: b", AL_NOT_UTF8},
		{"a: \xff", AL_NOT_UTF8},
		{"a: \xed\xa0\x80", AL_NOT_UTF8},
		{"a: \xc0\x80", AL_NOT_UTF8},
		{"\xc3\xa9: b", AL_OK},
		{"a: \xf0\x9f\x98\x80", AL_OK},
	};
	for (size_t i = 0; i < N_OF(rows); i++) {
		size_t key_end, value;
		enum al_fault got = al_line_judge(sv_of(rows[i].line), &key_end, &value);
		if (got != rows[i].want)
			fail_msg("%s: %d, not %d", rows[i].line, (int)got,
				(int)rows[i].want);
	}
}

static void
name_is_stored_unquoted_and_folded(void **state)
{
	(void)state;
	static const struct {
		const char *written, *want;
	} rows[] = {
		{"Root", "root"},
		{"\"a b\"", "a b"},
		{"a\tb", "a b"},
		{"a\\b", "ab"},
		{"\"a\\\"b\"", "a\"b"},
		{"h(com)", "h (com)"},
		{"a . b", "a.b"},
		{"[a]", "[a]"},
		{"\xc3\x89", "\xc3\xa9"},
		{"\xc3\x84\xc3\x9f", "\xc3\xa4ss"},
		{"\xd0\x96\xce\xa3\xc5\xbb", "\xd0\xb6\xcf\x83\xc5\xbc"},
		{"\xe5\xb1\xb1", "\xe5\xb1\xb1"},
	};
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct str plain = {0}, folded = {0};
		al_name_plain(sv_of(rows[i].written), &plain);
		al_name_fold(str_sv(&plain), &folded);
		assert_string_equal(str_c(&folded), rows[i].want);
		str_free(&plain);
		str_free(&folded);
	}
}

static void
value_is_stored_as_postalias_does(void **state)
{
	(void)state;
	static const struct {
		const char *value, *want;
	} rows[] = {
		{"a,b", "a, b"},
		{"b # c", "b # c"},
		{"\"unclosed", "\"unclosed\""},
		{"b\"c", "b \"c\""},
		{"b\\,c", "\"b,c\""},
		{"\\b", "b"},
		{": include: /x", ":include:/x"},
		{"|\"cmd a\"", "|\"cmd a\""},
		{"\"Name\"<b@c>", "\"Name\" <b@c>"},
		{"[x", "[x]"},
		{"g: b, c;", "g:b, c;"},
		{"\"a\\\\b\"", "\"a\\\\b\""},
	};
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct str got = {0};
		al_value_stored(sv_of(rows[i].value), &got);
		assert_string_equal(str_c(&got), rows[i].want);
		str_free(&got);
	}
}

/* "U:root A:a@b" and so on, kinds as letters. */
static void
describe(const struct al_targets *list, struct str *out)
{
	static const char letters[] = "UAFPIBX";
	for (size_t i = 0; i < list->n; i++)
		str_addf(out, "%s%c{%s}%s", i ? " " : "", letters[list->v[i].kind],
			list->v[i].raw, list->v[i].plain);
}

static void
targets_are_cut_as_local_does(void **state)
{
	(void)state;
	static const struct {
		const char *value, *want;
	} rows[] = {
		{"b", "U{b}b"},
		{"b # c", "U{b}b X{#}# U{c}c"},
		{"a, b c;d", "U{a}a U{b}b U{c}c U{d}d"},
		{",b", "U{b}b"},
		{"b,", "U{b}b"},
		{"\\games, news", "B{\\games}games U{news}news"},
		{"taro@example.co.jp", "A{taro@example.co.jp}taro@example.co.jp"},
		{"a@b c@d", "A{a@b}a@b A{c@d}c@d"},
		{"b!a x%y", "A{b!a}b!a A{x%y}x%y"},
		{"/var/mail/x", "F{/var/mail/x}/var/mail/x"},
		{"\"/var/mail/x y\"", "F{\"/var/mail/x y\"}/var/mail/x y"},
		{"|cmd", "P{|cmd}|cmd"},
		{"|touch /tmp/x", "P{|touch}|touch F{/tmp/x}/tmp/x"},
		{"\"|cmd arg\"", "P{\"|cmd arg\"}|cmd arg"},
		{"|\"cmd arg\", b", "P{|\"cmd arg\"}|cmd arg U{b}b"},
		{"\"|cmd \\\"x y\\\" z\"", "P{\"|cmd \\\"x y\\\" z\"}|cmd \"x y\" z"},
		{"a |cmd", "X{a |cmd}a|cmd"},
		{":include:/etc/l", "I{:include:/etc/l}:include:/etc/l"},
		{":include: /etc/l", "I{:include: /etc/l}:include:/etc/l"},
		{"\":Include:/l x\"", "I{\":Include:/l x\"}:Include:/l x"},
		{":include:l", "X{:include:l}:include:l"},
		{"\"Taro T\" <t@x>, b", "A{\"Taro T\" <t@x>}t@x U{b}b"},
		{"(comment) b", "U{b}b"},
		{"g: b, c;", "U{b}b U{c}c"},
		{"\"b c\"@d", "A{\"b c\"@d}b c@d"},
		{"b@[127.0.0.1]", "A{b@[127.0.0.1]}b@[127.0.0.1]"},
		{"\"\"", "X{\"\"}"},
		{"b@", "X{b@}b@"},
		{"@", "X{@}@"},
		{"|", "X{|}|"},
		{"b, \"open", "U{b}b X{\"open}open"},
		{"b:c", "X{b:c}b:c"},
		{"", ""},
		{";;,,", ""},
		{"<>", ""},
		{">", ""},
	};
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct al_targets list = {0};
		struct str got = {0};
		al_targets_parse(sv_of(rows[i].value), &list);
		describe(&list, &got);
		assert_string_equal(str_c(&got), rows[i].want);
		str_free(&got);
		al_targets_free(&list);
	}
}

static void
target_quote_keeps_one_target(void **state)
{
	(void)state;
	static const struct {
		const char *typed, *want;
	} rows[] = {
		{"taro", "taro"},
		{" taro@example.co.jp ", "taro@example.co.jp"},
		{"|/usr/local/bin/ticket --queue a",
			"\"|/usr/local/bin/ticket --queue a\""},
		{"|/usr/bin/x", "|/usr/bin/x"},
		{"|\"cmd arg\"", "|\"cmd arg\""},
		{"\"|cmd arg\"", "\"|cmd arg\""},
		{"|sh -c \"x y\"", "\"|sh -c \\\"x y\\\"\""},
		{"|a\\b", "\"|a\\\\b\""},
		{"|\"a\" b", "\"|\\\"a\\\" b\""},
		{"/var/mail/x y", "\"/var/mail/x y\""},
		{":include:/etc/my list", "\":include:/etc/my list\""},
		{"\\games", "\\games"},
		{"b c@d", "\"b c\"@d"},
		{"john doe", "\"john doe\""},
		{"Taro <t@x>", "Taro <t@x>"},
		{"|/bin/x (y)", "\"|/bin/x (y)\""},
		{"", ""},
	};
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct str got = {0}, again = {0};
		al_target_quote(sv_of(rows[i].typed), &got);
		assert_string_equal(str_c(&got), rows[i].want);
		al_target_quote(str_sv(&got), &again);
		assert_string_equal(str_c(&again), rows[i].want);
		str_free(&got);
		str_free(&again);
	}
}

static void
typed_list_is_cut_and_quoted(void **state)
{
	(void)state;
	static const struct {
		const char *typed, *want;
	} rows[] = {
		{"taro@example.co.jp, hanako@example.co.jp",
			"A{taro@example.co.jp}taro@example.co.jp "
			"A{hanako@example.co.jp}hanako@example.co.jp"},
		{"taro hanako", "U{taro}taro U{hanako}hanako"},
		{"|/bin/t --queue a, b",
			"P{\"|/bin/t --queue a, b\"}|/bin/t --queue a, b"},
		{"root, |/bin/t -q", "U{root}root P{\"|/bin/t -q\"}|/bin/t -q"},
		{"\"|t -q\", root", "P{\"|t -q\"}|t -q U{root}root"},
		{"|\"t -q\", root", "P{|\"t -q\"}|t -q U{root}root"},
		{"", ""},
		{" , ", ""},
	};
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct al_targets list = {0};
		struct str got = {0};
		al_targets_typed(sv_of(rows[i].typed), &list);
		describe(&list, &got);
		assert_string_equal(str_c(&got), rows[i].want);
		str_free(&got);
		al_targets_free(&list);
	}
}

/* Any bytes: no crash, every target lies in the text, and the tokens go forward. */
static void
targets_of_noise_stay_in_the_text(void **state)
{
	(void)state;
	static const char signs[] = "ab |\"\\,;:<>()[]@.%!#\t\r\n\xc3\xa9/";
	unsigned seed = 12345;
	for (int round = 0; round < 20000; round++) {
		char text[24];
		size_t n = 0;
		struct al_targets list = {0};
		struct str stored = {0};
		for (seed = seed * 1664525u + 1013904223u; n < (seed >> 8) % 23; n++) {
			unsigned pick = (seed >> 3) * 2654435761u + (unsigned)n * 40503u;
			text[n] = signs[(pick >> 7 ^ pick >> 15) % (sizeof signs - 1)];
		}
		al_targets_parse(sv_make(text, n), &list);
		for (size_t i = 0; i < list.n; i++) {
			assert_true(list.v[i].start < list.v[i].end);
			assert_true(list.v[i].end <= n);
			assert_true(i == 0 || list.v[i - 1].end <= list.v[i].start);
		}
		al_value_stored(sv_make(text, n), &stored);
		str_free(&stored);
		al_targets_free(&list);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_judge_knows_what_postalias_drops),
		cmocka_unit_test(name_is_stored_unquoted_and_folded),
		cmocka_unit_test(value_is_stored_as_postalias_does),
		cmocka_unit_test(targets_are_cut_as_local_does),
		cmocka_unit_test(target_quote_keeps_one_target),
		cmocka_unit_test(typed_list_is_cut_and_quoted),
		cmocka_unit_test(targets_of_noise_stay_in_the_text),
	};
	return cmocka_run_group_tests_name("altok", tests, NULL, NULL);
}
