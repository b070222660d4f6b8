/* SPDX-License-Identifier: MIT
 *
 * Stop, start and tables: what is believed to be done only once it is seen.
 */
#include "svc_rig.h"

static void
stops(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_stop(ctx, 4711);
}

static void
starts(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_start(ctx, 4712, NULL);
}

static void
act_stop_waits_for_the_end(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/postfix -c %C stop", .act = stops}};
	struct svc_master m;

	fake_postfix_start(&x->pf, 4711, NULL);
	svc_quick_state(&x->svc, &m);
	script(x, cmds, N(cmds));
	assert_true(svc_act(&x->svc, SVC_STOP, &m, NULL, &x->d));
	assert_int_equal(x->pf.run.tty, 1);
	assert_int_equal(x->terminated, 0);
	drop_script(x, cmds, N(cmds));
}

static void
act_stop_that_dies_ends_the_verified_master(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/postfix -c %C stop",
		.status = 1,
		.err = "postfix: fatal: parameter inet_interfaces: no local "
		       "interface found "
		       "for 192.0.2.1\n"}};
	struct svc_master m;

	fake_postfix_start(&x->pf, 4711, NULL);
	svc_quick_state(&x->svc, &m);
	x->dies = true;
	script(x, cmds, N(cmds));
	assert_true(svc_act(&x->svc, SVC_STOP, &m, NULL, &x->d));
	assert_int_equal(x->terminated, 4711);
	assert_int_equal(x->d.n, 0);
	drop_script(x, cmds, N(cmds));
}

static void
act_stop_that_never_ends_is_told(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/postfix -c %C stop"}};
	struct svc_master m;

	fake_postfix_start(&x->pf, 4711, NULL);
	svc_quick_state(&x->svc, &m);
	script(x, cmds, N(cmds));
	assert_false(svc_act(&x->svc, SVC_STOP, &m, NULL, &x->d));
	assert_int_equal(x->d.v[0].code, DIAG_PF_TIMEOUT);
	drop_script(x, cmds, N(cmds));
}

static void
act_start_is_believed_only_with_a_master(void **state)
{
	struct fixture *x = *state;
	/* 2.6 says 0 with the port taken */
	struct fake_cmd cmds[] = {{.argv = "%B/postfix -c %C start"},
		{.argv = "%B/postfix -c %C start", .act = starts}};
	struct svc_master m;

	svc_quick_state(&x->svc, &m);
	script(x, cmds, N(cmds));
	assert_false(svc_act(&x->svc, SVC_START, &m, NULL, &x->d));
	assert_int_equal(x->d.v[0].code, DIAG_PF_DOWN);
	diag_clear(&x->d);
	assert_true(svc_act(&x->svc, SVC_START, &m, NULL, &x->d));
	assert_int_equal(x->pf.run.never_kill, 2);
	drop_script(x, cmds, N(cmds));
}

static void
act_by_systemd_where_it_owns_the_master(void **state)
{
	struct fixture *x = *state;
	char *systemctl = str_format("%s/systemctl", x->pf.bin);
	struct fake_cmd cmds[] = {{.argv = "%B/systemctl reload postfix@-.service"}};
	struct svc_master m;
	char *unit;

	fake_postfix_start(&x->pf, 4711, NULL);
	fake_postfix_write(&x->pf, "proc/4711/cgroup",
		"0::/system.slice/system-postfix.slice/postfix@-.service\n");
	svc_quick_state(&x->svc, &m);
	assert_null(svc_unit(&x->svc, &m));
	x->svc.run_systemd = x->pf.queue;
	x->svc.systemctl = systemctl;
	unit = svc_unit(&x->svc, &m);
	assert_string_equal(unit, "postfix@-.service");
	script(x, cmds, N(cmds));
	assert_true(svc_act(&x->svc, SVC_RELOAD, &m, unit, &x->d));
	drop_script(x, cmds, N(cmds));
	free(unit);
	/* started by hand from a shell of sshd's unit */
	fake_postfix_write(&x->pf, "proc/4711/cgroup", "0::/system.slice/ssh.service\n");
	assert_null(svc_unit(&x->svc, &m));
	free(systemctl);
}

static void
newaliases_warnings_are_findings_though_it_exits_0(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/newaliases -C %C",
		.err = "postalias: warning: /etc/aliases, line 3: name must be "
		       "local and "
		       "have no domain\npostalias: warning: /etc/aliases.db: "
		       "duplicate "
		       "entry: \"root\"\n"}};

	script(x, cmds, N(cmds));
	assert_true(svc_newaliases(&x->svc, &x->d));
	assert_int_equal(diag_count(&x->d, SEV_WARN), 2);
	assert_int_equal(x->d.v[0].loc.line, 3);
	assert_string_equal(x->d.v[1].loc.file, "/etc/aliases");
	assert_int_equal(x->pf.run.never_kill, 1);
	drop_script(x, cmds, N(cmds));
}

static void
table_has_finds_the_empty_database(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "%B/postalias -c %C -q root hash:/etc/aliases", .status = 1},
		{.argv = "%B/postalias -c %C -q root hash:/etc/aliases", .out = "x\n"}};

	script(x, cmds, N(cmds));
	assert_false(svc_table_has(
		&x->svc, "hash:/etc/aliases", "hash:/a", "root", true, &x->d));
	assert_int_equal(x->d.v[0].code, DIAG_PF_UNHEALTHY);
	assert_true(svc_table_has(
		&x->svc, "hash:/etc/aliases", "hash:/a", "root", true, &x->d));
	drop_script(x, cmds, N(cmds));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(act_stop_waits_for_the_end),
		T(act_stop_that_dies_ends_the_verified_master),
		T(act_stop_that_never_ends_is_told),
		T(act_start_is_believed_only_with_a_master),
		T(act_by_systemd_where_it_owns_the_master),
		T(newaliases_warnings_are_findings_though_it_exits_0),
		T(table_has_finds_the_empty_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
