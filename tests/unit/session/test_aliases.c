/* SPDX-License-Identifier: MIT
 *
 * Aliases as rows, and the rules of a file that is large.
 */
#include "session/aliases.h"
#include "scratch.h"

static void
alias_rows_filter_and_marks(void **state)
{
	const char *targets[] = {"root", "hanako@example.co.jp"};
	struct ses_alias_edit e = {
		.name = "sales", .targets = targets, .n = 2, .note = "team"};
	struct ses_alias a;
	uint32_t id = SES_ALIAS_NEW;
	struct scratch x;

	(void)state;
	scratch_open(&x, "", "postmaster: root\n#off: root\nsupport: taro\n");
	assert_int_equal(ses_alias_shown(x.s), 3);
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	assert_int_equal(ses_alias_filter(x.s, "SAL"), 1);
	assert_true(ses_alias_at(x.s, 0, &a));
	assert_true(a.is_new);
	assert_string_equal(a.note, "team");
	assert_string_equal(a.targets, "root, hanako@example.co.jp");
	assert_int_equal(ses_alias_filter(x.s, ""), 4);
	assert_true(ses_alias_find(x.s, "off", &id));
	assert_true(ses_alias_enable(x.s, id, true, NULL));
	assert_true(ses_alias_by_id(x.s, id, &a));
	assert_true(a.edited && !a.off);
	assert_true(ses_alias_find(x.s, "support", &id));
	assert_true(ses_alias_remove(x.s, id, NULL));
	assert_true(ses_alias_by_id(x.s, id, &a));
	assert_true(a.removed);
	scratch_close(&x);
}

/* The rules of a large aliases file wait until its screen rests. */
static void
findings_of_large_aliases_come_when_it_rests(void **state)
{
	struct str text = {0};
	struct scratch x;

	(void)state;
	while (text.n <= 4u << 20)
		str_addf(&text, "test-str-%zu: user@some.example.jp, other@example.jp\n",
			text.n);
	str_add_cstr(&text, "bad line\n");
	scratch_open(&x, "", str_c(&text));
	assert_true(ses_alias_filter(x.s, "") > 0);
	assert_int_equal(diag_count(ses_findings(x.s), SEV_WARN), 0);
	ses_alias_rest(x.s);
	assert_int_equal(diag_count(ses_findings(x.s), SEV_WARN), 1);
	str_free(&text);
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alias_rows_filter_and_marks),
		cmocka_unit_test(findings_of_large_aliases_come_when_it_rests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
