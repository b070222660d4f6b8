/* SPDX-License-Identifier: MIT
 *
 * Findings about $name references: what Postfix dies of, at its place; mistakes that
 * nothing reaches; names without a value.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "check/check.h"
#include "check/rules.h"
#include "text/maincf.h"

static bool
known_name(void *ctx, struct sv name)
{
	(void)ctx;
	return sv_eq_str(name, "brand_new_name");
}

static bool
deflt(void *ctx, struct sv name, struct sv *value)
{
	(void)ctx;
	*value = sv_of("mail.example.com");
	return sv_eq_str(name, "myhostname");
}

static const struct chk_env stock = {.file = "main.cf",
	.config_dir = "/etc/postfix",
	.version = 307,
	.known_name = known_name,
	.deflt = deflt};

/* "W CF-010 1:5": the findings about references, in their order. */
static void
findings(const char *text, const struct chk_env *env, struct str *out)
{
	struct diags d = {0};
	struct doc doc;

	mcf_load(&doc, mem_strdup(text), strlen(text), NULL);
	rules_run(&doc, env, NULL, &d);
	for (size_t i = 0; i < d.n; i++)
		if (d.v[i].code == DIAG_CF_REFERENCE || d.v[i].code == DIAG_CF_NESTING ||
			d.v[i].code == DIAG_CF_UNDEFINED)
			str_addf(out, "%s%c %s %u:%u", out->n ? ", " : "",
				"NWE"[d.v[i].sev], diag_code_name(d.v[i].code) + 3,
				d.v[i].loc.line, d.v[i].loc.col);
	diag_clear(&d);
	doc_free(&doc);
}

/* The formatter would spread each row over the whole width. */
/* clang-format off */
static const struct {
	const char *text, *want;
} rows[] = {
	{"myorigin = $myhostname\n", ""},
	{"myorigin = $config_directory/x\n", ""},
	{"myorigin = ${x\n", "E CF-008 1:12"},
	{"myorigin = a,\n# note\n\tb $\n", "E CF-008 3:4"},
	{"myorigin=\n  ${}\n", "E CF-008 2:3"},
	{"\nmyorigin = $own\nown = x ${y\n", "E CF-008 3:9"},
	{"own = x ${y\n", "W CF-008 1:9"},
	{"own = x ${y\nmyorigin = a ${own?{b}}\n", "W CF-008 1:9"},
	{"myorigin = ${myhostname?{x}:{${}}}\n", "W CF-008 1:30"},
	{"brand_new_name = $\n", "E CF-008 1:18"},
	{"smtpd_restriction_classes = strict\nstrict = $\n", "E CF-008 2:10"},
	{"strict = $\n", "W CF-008 1:10"},
	{"myorigin = $\nmyorigin = a\n", ""},
	{"myorigin = $myorigin\n", "E CF-009 1:12"},
	{"a = $b\nb = x $a\nmyorigin = y $a\n", "E CF-009 3:14"},
	{"a = $b\nb = $a\n", ""},
	{"myorigin = x $nosuch, $nosuch\n", "W CF-010 1:14"},
	{"myorigin = ${nosuch?x}$brand_new_name\n", "W CF-010 1:12"},
	{"myorigin = $virtual_maps ${?x}\n", ""},
	{"own = $nosuch\n", "W CF-010 1:7"},
	{"luser_relay = $user ${\n", ""},
	{"myorigin = $$nosuch\n", ""},
	{"myorigin = $mydomain\n", ""},
	{"myorigin = ${{$mydomain} == {x} ? {$} : {y}}\n", "W CF-008 1:36"},
	{"myorigin = ${{1} <level {x} ? {a} : {b}}\n", "E CF-008 1:14"},
	{"myorigin = ${f{x}}\n", "E CF-008 1:15"},
};
/* clang-format on */

static void
references_that_can_not_be_filled_in_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str got = {0};

		findings(rows[i].text, &stock, &got);
		if (strcmp(str_c(&got), rows[i].want) != 0)
			fail_msg("%s\n  got  %s\n  want %s", rows[i].text, str_c(&got),
				rows[i].want);
		str_free(&got);
	}
}

static void
known_names_without_value_are_told_with_the_defaults_only(void **state)
{
	struct chk_env env = stock;
	struct str got = {0};

	(void)state;
	env.defaults_known = true;
	findings("myorigin = $mydomain\n", &env, &got);
	assert_string_equal(str_c(&got), "W CF-010 1:12");
	str_clear(&got);
	findings("myorigin = $relay_destination_recipient_limit\n", &env, &got);
	assert_string_equal(str_c(&got), "");
	str_free(&got);
}

static void
typed_value_is_judged_alone(void **state)
{
	static const struct {
		const char *name, *value, *want;
	} typed[] = {
		{"myorigin", "$myhostname", ""},
		{"myorigin", "a${", "E CF-008"},
		{"own", "a${", "W CF-008"},
		{"myorigin", "${x?{$}}", "W CF-008"},
		{"myorigin", "a $myorigin", "E CF-009"},
		{"luser_relay", "${", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
		struct diags d = {0};
		char got[32] = "";

		assert_int_equal(chk_value(sv_of(typed[i].name), sv_of(typed[i].value),
					 &stock, &d),
			typed[i].want[0] == '\0');
		if (d.n)
			snprintf(got, sizeof(got), "%c %s", "NWE"[d.v[0].sev],
				diag_code_name(d.v[0].code) + 3);
		assert_string_equal(got, typed[i].want);
		diag_clear(&d);
	}
}

static void
doubling_values_end(void **state)
{
	struct str text = {0}, got = {0};

	(void)state;
	for (int i = 0; i < 90; i++)
		str_addf(&text, "n%d = $n%d$n%d\n", i, i + 1, i + 1);
	str_add_cstr(&text, "n90 = x\nmyorigin = $n0\nmydomain = $n1\n");
	findings(str_c(&text), &stock, &got);
	assert_string_equal(str_c(&got), "");
	str_free(&got);
	str_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_that_can_not_be_filled_in_are_told),
		cmocka_unit_test(
			known_names_without_value_are_told_with_the_defaults_only),
		cmocka_unit_test(typed_value_is_judged_alone),
		cmocka_unit_test(doubling_values_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
