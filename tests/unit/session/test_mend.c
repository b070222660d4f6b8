/* SPDX-License-Identifier: MIT
 *
 * Safe repairs: each kind writes what the finding says, the finding is gone then, and one
 * undo brings the old text back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/networks.h"
#include "session/review.h"
#include "scratch.h"
#include "verify_machine.h"

static const struct diag *
finding(struct session *s, const char *code)
{
	const struct diags *d = ses_findings(s);

	for (size_t i = 0; i < d->n; i++)
		if (strcmp(diag_code_name(d->v[i].code), code) == 0)
			return &d->v[i];
	return NULL;
}

/* The formatter would spread each row over the whole width. */
/* clang-format off */
static const struct {
	const char *main_cf, *code, *diff;
} repairs[] = {
	{"mynetworks = 127.0.0.0/8, 192.168.3.5/24\n", "PR-NET-004",
	 "-mynetworks = 127.0.0.0/8, 192.168.3.5/24\n"
	 "+mynetworks = 127.0.0.0/8, 192.168.3.0/24\n"},
	{"mynetworks =\n  127.0.0.0/8\n  # printers\n  ::1\n", "PR-NET-003",
	 "-  ::1\n+  [::1]\n"},
	{"mynetworks = 127.0.0.0/8 127.0.0.1 192.168.1.0/24\n", "PR-NET-006",
	 "-mynetworks = 127.0.0.0/8 127.0.0.1 192.168.1.0/24\n"
	 "+mynetworks = 127.0.0.0/8 192.168.1.0/24\n"},
	{"mynetworks = 192.168.1.0/24\n", "PR-NET-016",
	 "-mynetworks = 192.168.1.0/24\n+mynetworks = 127.0.0.0/8, 192.168.1.0/24\n"},
	{"mynetworks =\n", "PR-NET-016", "-mynetworks =\n+mynetworks = 127.0.0.0/8\n"},
	{"# c\nrelayhost = a.example.\n", "PR-NH-001",
	 "-relayhost = a.example.\n+relayhost = [a.example]\n"},
	{"relayhost = [a.example]:465\n", "PR-TLS-001",
	 "+smtp_tls_wrappermode = yes\n+smtp_tls_security_level = encrypt\n"},
	{"relayhost = b\nmyorigin = x\nrelayhost = [a]\n", "PR-CF-004",
	 "-relayhost = b\n+#relayhost = b\n"},
	{"garbage\n", "PR-CF-001", "-garbage\n+#garbage\n"},
	{"mynetworks = 127.0.0.0/8\nmynetworks_style = subnet\n", "PR-NET-014",
	 "-mynetworks_style = subnet\n"},
};
/* clang-format on */

static void
repair_writes_what_it_says_and_undo_takes_it_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(repairs) / sizeof(repairs[0]); i++) {
		struct diags d = {0};
		const struct diag *f;
		struct scratch x;

		scratch_open(&x, repairs[i].main_cf, "");
		f = finding(x.s, repairs[i].code);
		if (!f)
			fail_msg("%s\n  no %s", repairs[i].main_cf, repairs[i].code);
		if (!ses_repair_text(x.s, f) || !ses_mend(x.s, f, &d))
			fail_msg("%s\n  no repair", repairs[i].main_cf);
		assert_diff(&x, repairs[i].diff);
		if (finding(x.s, repairs[i].code))
			fail_msg("%s\n  %s is still there", repairs[i].main_cf,
				repairs[i].code);
		assert_non_null(ses_undo(x.s));
		assert_diff(&x, "");
		assert_null(ses_undo(x.s));
		diag_clear(&d);
		scratch_close(&x);
	}
}

static void
finding_without_repair_is_left_alone(void **state)
{
	struct diags d = {0};
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = 127.0.0.0/8, 0.0.0.0/0\n", "");
	assert_null(ses_repair_text(x.s, finding(x.s, "PR-NET-009")));
	assert_false(ses_mend(x.s, finding(x.s, "PR-NET-009"), &d));
	assert_int_equal(d.n, 1);
	assert_null(ses_undo(x.s));
	diag_clear(&d);
	scratch_close(&x);
}

static void
row_of_a_network_has_the_rules_finding_and_mends_it(void **state)
{
	const struct ses_net_row *rows;
	struct scratch x;
	char *diff;

	(void)state;
	scratch_open(&x, "mynetworks = 127.0.0.0/8, 10.0.0.0/8 10.1.0.0/16\n", "");
	assert_int_equal(ses_net_rows(x.s, &rows), 3);
	assert_null(rows[1].finding);
	assert_non_null(rows[2].finding);
	assert_int_equal(rows[2].finding->code, DIAG_NET_DUPLICATE);
	assert_true(ses_net_mend(x.s, 2, NULL));
	diff = scratch_diff(&x);
	assert_non_null(strstr(diff, "+mynetworks = 127.0.0.0/8, 10.0.0.0/8\n"));
	free(diff);
	scratch_close(&x);
}

static void
repair_in_a_file_changes_that_file(void **state)
{
	const struct diag *f;
	struct scratch x;
	char path[160];

	(void)state;
	scratch_open(&x, "mynetworks = $config_directory/nets\n", "");
	scratch_write(x.dir, "nets", "# c\n127.0.0.0/8\n192.168.3.5/24\n");
	assert_true(ses_reread(x.s, true, NULL));
	f = finding(x.s, "PR-NET-004");
	assert_non_null(f);
	snprintf(path, sizeof(path), "%s/nets", x.dir);
	assert_string_equal(f->loc.file, path);
	assert_int_equal(f->loc.line, 3);
	assert_true(ses_mend(x.s, f, NULL));
	assert_diff(&x, "-192.168.3.5/24\n+192.168.3.0/24\n");
	assert_null(finding(x.s, "PR-NET-004"));
	scratch_close(&x);
}

/* A table that the login misses is built by the Review that follows. */
static void
a_table_that_is_not_built_can_be(void **state)
{
	struct says is = {
		.nets = "mynetworks = 192.168.1.0/24\n" HOP
			"smtp_sasl_auth_enable = yes\n"
			"smtp_sasl_password_maps = hash:$config_directory/sasl\n"};
	const struct diag *missing;
	struct ses_review review;
	struct diags d = {0};
	struct machine x;

	(void)state;
	machine_open(&x, &is);
	fake_postfix_write(&x.pf, "conf/sasl", "[mail.test.co.jp]:587 a:b\n");
	missing = finding(x.s, diag_code_name(DIAG_MAP_NOT_BUILT));
	assert_non_null(missing);
	assert_true(sv_ends(sv_of(ses_repair_text(x.s, missing)), "/conf/sasl"));
	assert_true(ses_mend(x.s, missing, &d));
	assert_true(ses_review_builds(x.s));
	ses_review(x.s, false, &review);
	assert_int_equal(review.act, SES_ACT_BUILD);
	assert_int_equal(review.nlines, 0);
	assert_true(sv_starts(sv_of(review.actions[0].what), "postmap hash:/"));
	assert_string_equal(review.actions[1].what, "reload");
	ses_review_build(x.s, NULL);
	ses_review(x.s, false, &review);
	assert_int_equal(review.act, SES_ACT_NONE);
	diag_clear(&d);
	machine_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repair_writes_what_it_says_and_undo_takes_it_back),
		cmocka_unit_test(finding_without_repair_is_left_alone),
		cmocka_unit_test(row_of_a_network_has_the_rules_finding_and_mends_it),
		cmocka_unit_test(repair_in_a_file_changes_that_file),
		cmocka_unit_test(a_table_that_is_not_built_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
