/* SPDX-License-Identifier: MIT
 *
 * Each rule speaks where it should and only there, stands in the table and in the manual,
 * and says nothing of what isn't known.
 */
#include <unistd.h>

#include "rules_rows.h"

static void
rule_speaks_where_it_should_and_only_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		char *miss = str_format(LEVEL "%s", rules[i].miss);
		struct diags d = {0};
		const struct diag *f;
		char got[64] = "nothing";

		run(rules[i].text, &relay, &d);
		f = find(&d, rules[i].code);
		if (f)
			snprintf(got, sizeof(got), "%c %u:%u%s", "NWE"[f->sev],
				f -> loc.line, f->loc.col, f->danger ? " !" : "");
		if (strcmp(got, rules[i].want) != 0) {
			show(&d);
			fail_msg("%s\n%s  got  %s\n  want %s", rules[i].code,
				rules[i].text, got, rules[i].want);
		}
		diag_clear(&d);
		run(miss, &relay, &d);
		if (find(&d, rules[i].code)) {
			show(&d);
			fail_msg("%s\n%s  must be silent", rules[i].code, miss);
		}
		diag_clear(&d);
		free(miss);
	}
}

static void
table_has_each_code_once_and_each_row_is_tried(void **state)
{
	size_t n;
	const struct rule *all = rules_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		bool tried = all[i].code == DIAG_CF_NUL || all[i].code == DIAG_NH_LIST ||
			     all[i].code == DIAG_NH_PORT;

		assert_ptr_equal(rules_find(all[i].code), &all[i]);
		assert_true(all[i].about && all[i].about[0]);
		assert_true(
			(all[i].params[0] == '\0') == ((all[i].needs & RULE_LINES) != 0));
		for (size_t k = 0; k < i; k++) {
			assert_int_not_equal(all[k].code, all[i].code);
			if (all[k].judge == all[i].judge)
				assert_ptr_equal(all[i - 1].judge, all[i].judge);
		}
		for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++)
			tried = tried ||
				strcmp(rules[k].code, diag_code_name(all[i].code)) == 0;
		if (!tried)
			fail_msg("no row tries %s", diag_code_name(all[i].code));
	}
}

static void
manual_lists_each_rule(void **state)
{
	const char *path = "man/postrelay.8";
	size_t n, len;
	const struct rule *all = rules_all(&n);
	char *text;

	(void)state;
	if (access(path, R_OK) != 0) {
		print_message("not run where man/ is: left out\n");
		skip();
	}
	text = slurp(path, &len);
	for (size_t i = 0; i < n; i++) {
		char *item = str_format(".It Li %s\n", diag_code_name(all[i].code));

		if (!strstr(text, item))
			fail_msg("%s lacks %s", path, diag_code_name(all[i].code));
		free(item);
	}
	free(text);
}

static void
older_postfix_is_judged_as_such(void **state)
{
	struct chk_env env = relay;
	struct diags d = {0};

	(void)state;
	env.relayhost_list_ok = false;
	env.old_smtpd = true;
	run(LEVEL "relayhost = [a.example], [b.example]\nmynetworks = 10.0.0.1/8\n", &env,
		&d);
	assert_int_equal(must_find(&d, "PR-NH-003")->sev, SEV_ERROR);
	assert_non_null(strstr(must_find(&d, "PR-NET-004")->text, "dies"));
	diag_clear(&d);
}

static void
nothing_known_of_the_machine_nothing_said_of_it(void **state)
{
	static const struct chk_env bare = {.file = "main.cf", .relayhost_list_ok = true};
	struct diags d = {0};

	(void)state;
	run("inet_interfaces = 10.9.9.9\nrelayhost = [mail.example]:587\n"
	    "mynetworks = 127.0.0.0/8, hash:/x, /y\ntransport_maps = hash:/z\n"
	    "myhostname = a.example\nsmtp_sasl_auth_enable = yes\n"
	    "smtp_sasl_password_maps = hash:/pw\n",
		&bare, &d);
	if (diag_has_error(&d)) {
		show(&d);
		fail();
	}
	diag_clear(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_speaks_where_it_should_and_only_there),
		cmocka_unit_test(table_has_each_code_once_and_each_row_is_tried),
		cmocka_unit_test(manual_lists_each_rule),
		cmocka_unit_test(older_postfix_is_judged_as_such),
		cmocka_unit_test(nothing_known_of_the_machine_nothing_said_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
