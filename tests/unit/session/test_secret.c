/* SPDX-License-Identifier: MIT
 *
 * A password in main.cf shows nowhere, however it is laid out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "session/params.h"
#include "session/review.h"
#include "scratch.h"
#include "session/secret.h"

static void
value_is_hidden_where_it_is_a_secret(void **state)
{
	(void)state;
	assert_string_equal(
		secret_value("smtp_sasl_password_maps", "static:me:PW"), "****");
	assert_string_equal(secret_value("my_password", "PW"), "****");
	assert_string_equal(
		secret_value("smtp_sasl_password_maps", "hash:/a"), "hash:/a");
	assert_string_equal(secret_value("my_password", ""), "");
	assert_null(secret_value("my_password", NULL));
}

struct layout {
	const char *before, *after;
};

static void
diff_hides_lines_that_go_on(void **state)
{
	static const struct layout layouts[] = {
		{"smtp_sasl_password_maps =\n static:PW\n",
			"smtp_sasl_password_maps =\n static:PW2\n"},
		{"smtp_sasl_password_maps = inline:{\n # note\n\n  {a = PW1}\n  {b = PW}"
		 "\n  {c = PW3}\n  {d = PW4}\n  {e = PW5} }\nx = 1\n",
			"smtp_sasl_password_maps = inline:{\n # note\n\n  {a = PW1}\n  "
			"{b = "
			"PW2}\n  {c = PW3}\n  {d = PW4}\n  {e = PW5} }\nx = 2\n"},
		{"x = 1\nsmtp_sasl_password_maps =\n inline:{\n  {a = PW} }\n",
			"x = 2\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		struct sv before = sv_of(layouts[i].before);
		struct sv after = sv_of(layouts[i].after);
		struct str out = {0};
		struct diff d;

		diff_make(&d, before, after, i == 1 ? 0 : DIFF_CONTEXT_MAX);
		secret_mask_diff(&d, before, after);
		diff_print(&d, "a", "b", &out);
		assert_null(strstr(str_c(&out), "PW"));
		assert_non_null(strstr(str_c(&out), "****"));
		str_free(&out);
		diff_free(&d);
	}
}

static void
diff_shows_other_lines_that_go_on(void **state)
{
	struct sv before = sv_of("my_password = x\nmynetworks =\n 10.0.0.0/8\n y = 1\n");
	struct sv after = sv_of("my_password = x\nmynetworks =\n 10.1.0.0/16\n y = 1\n");
	struct str out = {0};
	struct diff d;

	(void)state;
	diff_make(&d, before, after, DIFF_CONTEXT_MAX);
	secret_mask_diff(&d, before, after);
	diff_print(&d, "a", "b", &out);
	assert_non_null(strstr(str_c(&out), "- 10.0.0.0/8"));
	assert_non_null(strstr(str_c(&out), "+ 10.1.0.0/16"));
	assert_null(strstr(str_c(&out), "****"));
	str_free(&out);
	diff_free(&d);
}

static void
changes_and_review_hide_secrets(void **state)
{
	const struct ses_change *v;
	struct str diff = {0};
	struct diags d = {0};
	struct scratch x;

	(void)state;
	scratch_open(&x, "a = 1\nsmtp_sasl_password_maps =\n  static:me:PW\n", "");
	assert_true(ses_param_set(x.s, "smtp_sasl_password_maps", "static:me:PWNEW", &d));
	assert_int_equal(ses_changes(x.s, &v), 1);
	assert_string_equal(v->before, "****");
	assert_string_equal(v->after, "****");
	assert_string_equal(v->text, "**** -> ****");
	ses_review_diff(x.s, &diff);
	assert_null(strstr(str_c(&diff), "PW"));
	assert_true(ses_param_unset(x.s, "smtp_sasl_password_maps", &d));
	assert_int_equal(ses_changes(x.s, &v), 1);
	assert_string_equal(v->text, "**** -> default");
	str_free(&diff);
	diag_clear(&d);
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(value_is_hidden_where_it_is_a_secret),
		cmocka_unit_test(diff_hides_lines_that_go_on),
		cmocka_unit_test(diff_shows_other_lines_that_go_on),
		cmocka_unit_test(changes_and_review_hide_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
