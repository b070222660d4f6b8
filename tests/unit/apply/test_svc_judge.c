/* SPDX-License-Identifier: MIT
 *
 * A candidate judged by Postfix's own programs, in a folder beside the real one.
 */
#include <unistd.h>
#include <stdio.h>

#include "apply/txn.h"
#include "svc_rig.h"

static void
look_at_staging(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;
	char *path = str_format("%s/main.cf", req->argv[2]);
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mtime, pf->clock.now + pf->clock.ms / 1000 - 60);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(path);
}

static void
judge_errors_name_the_real_file(void **state)
{
	struct fixture *x = *state;
	char *left = txn_judge_folder(x->pf.state, x->pf.conf);
	char *err = str_format("postconf: fatal: %s/main.cf, line 2: missing '=' "
			       "after attribute name: \"junk\"\n",
		left);
	struct fake_cmd cmds[] = {{.argv = "%B/postconf -c * -n",
		.err = err,
		.status = 1,
		.act = look_at_staging}};
	char *main_cf = str_format("%s/main.cf", x->pf.conf);

	script(x, cmds, N(cmds));
	assert_false(
		svc_judge(&x->svc, x->pf.state, sv_of("a = b\njunk\n"), true, &x->d));
	assert_int_equal(x->d.n, 1);
	assert_string_equal(x->d.v[0].loc.file, main_cf);
	assert_int_equal(x->d.v[0].loc.line, 2);
	assert_int_equal(access(left, F_OK), -1);
	drop_script(x, cmds, N(cmds));
	free(err);
	free(main_cf);
	free(left);
}

static void
judge_takes_the_place_of_a_dead_one(void **state)
{
	struct fixture *x = *state;
	char *left = txn_judge_folder(x->pf.state, x->pf.conf);
	char *file = str_format("%s/main.cf", left);
	struct fake_cmd cmds[] = {
		{.argv = "%B/postconf -c * -n", .act = look_at_staging}};
	FILE *f;

	assert_int_equal(mkdir(left, 0700), 0);
	f = fopen(file, "w");
	assert_non_null(f);
	fputs("my_password = x\n", f);
	fclose(f);
	script(x, cmds, N(cmds));
	assert_true(svc_judge(&x->svc, x->pf.state, sv_of("a = b\n"), false, &x->d));
	assert_int_equal(access(left, F_OK), -1);
	drop_script(x, cmds, N(cmds));
	free(file);
	free(left);
}

static void
judge_without_act_runs_postconf_alone(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/postconf -c * -n", .out = "a = b\n"}};

	script(x, cmds, N(cmds));
	assert_true(svc_judge(&x->svc, x->pf.state, sv_of("a = b\n"), false, &x->d));
	assert_int_equal(x->d.n, 0);
	drop_script(x, cmds, N(cmds));
}

static void
judge_postmap_sees_more(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/postconf -c * -n"},
		{.argv = "%B/postmap -c * -q x static:x",
			.status = 1,
			.err = "postmap: fatal: config variable inet_interfaces: host "
			       "not "
			       "found: eth0\n"}};

	script(x, cmds, N(cmds));
	assert_false(svc_judge(&x->svc, x->pf.state, sv_of("a = b\n"), true, &x->d));
	assert_int_equal(x->d.n, 1);
	assert_non_null(strstr(x->d.v[0].text, "host not found: eth0"));
	drop_script(x, cmds, N(cmds));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(judge_errors_name_the_real_file),
		T(judge_takes_the_place_of_a_dead_one),
		T(judge_without_act_runs_postconf_alone),
		T(judge_postmap_sees_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
