/* SPDX-License-Identifier: MIT
 *
 * Parameters as rows: where a value comes from, and a line that is none.
 */
#include "session/params.h"
#include "scratch.h"

static void
param_views_of_each_origin(void **state)
{
	struct ses_param p;
	struct scratch x;

	(void)state;
	scratch_open(
		&x, "#relayhost = off.example\ninet_interfaces =\n  localhost\n", "");
	assert_true(ses_wait(x.s, SES_ASK_DEFAULTS, NULL));
	assert_true(ses_param_get(x.s, "inet_interfaces", &p));
	assert_int_equal(p.origin, SES_FROM_FILE);
	assert_string_equal(p.value, "localhost");
	assert_int_equal(p.line, 2);
	assert_int_equal(p.last_line, 3);
	assert_string_equal(p.deflt, "all");
	assert_true(ses_param_get(x.s, "relayhost", &p));
	assert_int_equal(p.origin, SES_OFF);
	assert_string_equal(p.off_value, "off.example");
	assert_true(ses_param_get(x.s, "alias_maps", &p));
	assert_int_equal(p.origin, SES_FROM_DEFAULT);
	assert_false(ses_param_get(x.s, "no_such_thing", &p));
	assert_true(ses_param_toggle(x.s, "relayhost", NULL));
	assert_diff(&x, "-#relayhost = off.example\n+relayhost = off.example\n");
	scratch_close(&x);
}

static void
bad_line_is_found_and_commented_out(void **state)
{
	const struct diags *d;
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\ngarbage line\n", "");
	d = ses_findings(x.s);
	assert_int_equal(diag_count(d, SEV_ERROR), 1);
	assert_int_equal(d->v[d->n - 1].code, DIAG_CF_NO_EQUALS);
	assert_int_equal(d->v[d->n - 1].loc.line, 2);
	assert_true(ses_line_comment_out(x.s, 2, NULL));
	assert_diff(&x, "-garbage line\n+#garbage line\n");
	assert_int_equal(diag_count(ses_findings(x.s), SEV_ERROR), 0);
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(param_views_of_each_origin),
		cmocka_unit_test(bad_line_is_found_and_commented_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
