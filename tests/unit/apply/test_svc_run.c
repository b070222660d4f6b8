/* SPDX-License-Identifier: MIT
 *
 * What Postfix is here: asked of postconf, and of no version number.
 */
#include "svc_rig.h"

static void
probe_asks_postconf_and_not_the_number(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "%B/postconf -d mail_version default_database_type "
			 "info_log_address_format enable_long_queue_ids",
			.out = "mail_version = 3.4.23\ndefault_database_type = hash\n"
			       "enable_long_queue_ids = no\n",
			.err = "postconf: warning: info_log_address_format: unknown "
			       "parameter\n"},
		{.argv = "%B/postconf -c %C -m", .out = "btree\nhash\nstatic\n"}};
	struct svc_probe p;

	script(x, cmds, N(cmds));
	assert_true(svc_probe(&x->svc, &p, &x->d));
	assert_string_equal(p.version, "3.4.23");
	assert_string_equal(p.default_database_type, "hash");
	assert_false(p.relay_list);
	assert_true(p.masters_listed);
	assert_true(svc_list_has(sv_of(p.types), "btree"));
	assert_non_null(p.path[SVC_NEWALIASES]);
	svc_probe_free(&p);
	drop_script(x, cmds, N(cmds));
}

static void
probe_without_postfix_is_a_finding(void **state)
{
	struct fixture *x = *state;
	struct svc_probe p;

	x->svc.command_dir = x->pf.queue;
	assert_false(svc_probe(&x->svc, &p, &x->d));
	assert_int_equal(x->d.v[0].code, DIAG_PF_MISSING);
	svc_probe_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(probe_asks_postconf_and_not_the_number),
		T(probe_without_postfix_is_a_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
