/* SPDX-License-Identifier: MIT
 *
 * Tables in an apply: built beside the old ones, looked into, and swapped with their
 * texts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "apply_rig.h"

static void
run_aliases_are_built_and_looked_up(void **state)
{
	struct fixture *x = *state;
	const struct apply_lookup lookup = {"hash:/al", "root", true};
	struct fake_cmd cmds[] = {{.argv = "newaliases -C *",
					  .err = "postalias: warning: /al, line 2: need "
						 "name:value pair\n"},
		{.argv = "postalias -c * -q root hash:/al", .status = 1},
		{.argv = "newaliases -C *"}, /* for the old text */
		{.argv = "postfix -c * reload"}};

	x->file.role = PLAN_ALIASES;
	x->file.in_database = true;
	x->want.main_cf = false;
	x->in.nchanges = 0;
	x->req.lookups = &lookup;
	x->req.nlookups = 1;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_PUT_BACK);
	assert_back(x);
	assert_int_equal(x->r.findings.v[0].loc.line, 2);
	assert_int_equal(x->r.findings.v[1].code, DIAG_PF_UNHEALTHY);
}

#define BUILD_ARGV "postalias -c * *"

#define COUNT                                                                            \
	{                                                                                \
		.argv = "postalias -c * -s *", .out = "a b\n"                            \
	}

static void
run_table_is_built_aside_and_swapped(void **state)
{
	struct fixture *x = *state;
	char *typefile;
	struct apply_lookup lookup = {.key = "root", .want = true};
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds},
		{.argv = "postalias -c * -q root *", .out = "x\n"}, COUNT};
	struct stat st;
	char *db = str_format("%s/al.db", x->pf.conf);

	fake_postfix_write(&x->pf, "conf/al.db", "old table");
	assert_int_equal(chmod(db, 0640), 0);
	change_aliases(x, "hash");
	lookup.typefile = typefile = str_format("hash:%s", x->path);
	x->req.lookups = &lookup;
	x->req.nlookups = 1;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.n, 0);
	assert_file(x, "conf/al", NEW);
	assert_file(x, "conf/al.db", NEW);
	assert_int_equal(stat(db, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_no_litter(x);
	assert_int_equal(x->r.nids, 1);
	free(db);
	free(typefile);
}

static char table_aside[512];

static void
remembers_its_table(void *ctx, const struct run_req *req)
{
	(void)ctx;
	snprintf(
		table_aside, sizeof(table_aside), "%s.db", strchr(req->argv[3], ':') + 1);
}

/* A builder would write through it. */
static void
run_table_is_not_built_through_a_link(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd first[] = {
		{.argv = BUILD_ARGV, .act = remembers_its_table, .status = 1}};
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds}, COUNT};
	char *other = str_format("%s/other", x->pf.conf);

	fake_postfix_write(&x->pf, "conf/other", "somebody's");
	change_aliases(x, "hash");
	run(x, first, N(first));
	apply_result_free(&x->r);
	assert_int_equal(symlink(other, table_aside), 0);
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_file(x, "conf/other", "somebody's");
	assert_file(x, "conf/al.db", NEW);
	assert_no_litter(x);
	free(other);
}

static void
run_table_that_is_not_built_writes_nothing(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV,
		.act = builds,
		.status = 1,
		.err = "postalias: fatal: no room\n"}};

	fake_postfix_write(&x->pf, "conf/al.db", "old table");
	change_aliases(x, "hash");
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NO);
	assert_file(x, "conf/al", OLD);
	assert_file(x, "conf/al.db", "old table");
	assert_no_litter(x);
}

static void
run_table_without_the_name_writes_nothing(void **state)
{
	struct fixture *x = *state;
	char *typefile;
	struct apply_lookup lookup = {.key = "root", .want = true};
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds},
		{.argv = "postalias -c * -q root *", .status = 1}};

	change_aliases(x, "hash");
	lookup.typefile = typefile = str_format("hash:%s", x->path);
	x->req.lookups = &lookup;
	x->req.nlookups = 1;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NO);
	assert_non_null(strstr(x->r.findings.v[0].text, typefile));
	assert_file(x, "conf/al", OLD);
	assert_no_litter(x);
	free(typefile);
}

static void
run_table_that_is_not_whole_writes_nothing(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = BUILD_ARGV, .act = builds}, {.argv = "postalias -c * -s *"}};

	change_aliases(x, "hash");
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NO);
	assert_file(x, "conf/al", OLD);
	assert_no_litter(x);
}

static void
run_table_that_cannot_be_counted_writes_nothing(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds},
		{.argv = "postalias -c * -s *", .start_errno = EAGAIN}};

	change_aliases(x, "hash");
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NOT_NOW);
	assert_int_equal(x->r.findings.v[0].code, DIAG_PF_MISSING);
	assert_file(x, "conf/al", OLD);
	assert_no_litter(x);
}

static void
run_table_of_a_type_that_lists_nothing_is_taken(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds},
		{.argv = "postalias -c * -s *", .status = 1}};

	change_aliases(x, "hash");
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.n, 0);
}

/* What the builder says names the real file and its lines. */
static void
run_warnings_of_a_table_aside_name_the_file(void **state)
{
	struct fixture *x = *state;
	char *err;
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds}, COUNT};

	change_aliases(x, "hash");
	err = str_format("postalias: warning: %s/.al.db.postrelay-%s.src, line 2: need "
			 "name:value pair\n",
		x->pf.conf, "0");
	cmds[0].err = err;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(x->r.findings.v[0].loc.line, 2);
	free(err);
}

static void
run_table_goes_back_with_its_text(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = BUILD_ARGV, .act = builds}, COUNT,
		{.argv = "postfix -c * reload"}};

	fake_postfix_write(&x->pf, "conf/al.db", "old table");
	change_aliases(x, "hash");
	x->back_at = 3; /* after the look */
	x->late = true;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NOT_NOW);
	assert_file(x, "conf/al", OLD);
	assert_file(x, "conf/al.db", "old table");
	assert_no_litter(x);
}

static void
run_other_types_are_built_in_place(void **state)
{
	static const char *const types[] = {"dbm", "sdbm", "proxy"};

	for (size_t i = 0; i < N(types); i++) {
		struct fixture *x = *state;
		struct fake_cmd cmds[] = {{.argv = "newaliases -C *"}};

		change_aliases(x, types[i]);
		run(x, cmds, N(cmds));
		assert_int_equal(x->r.status, APPLY_DONE);
		assert_no_litter(x);
		apply_result_free(&x->r);
	}
}

static void
run_text_that_is_missing_writes_nothing(void **state)
{
	struct fixture *x = *state;
	const struct apply_table tables[] = {
		{PLAN_NEWALIASES, "hash", "/nonexistent/al", SIZE_MAX}};
	struct fake_cmd cmds[] = {JUDGE};

	x->change.name = "alias_database";
	x->req.tables = tables;
	x->req.ntables = 1;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_NO);
	assert_int_equal(x->r.findings.v[0].code, DIAG_FILE_MISSING);
	assert_main_cf(x, OLD);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		APPLY_TEST(run_aliases_are_built_and_looked_up),
		APPLY_TEST(run_table_is_built_aside_and_swapped),
		APPLY_TEST(run_table_is_not_built_through_a_link),
		APPLY_TEST(run_table_that_is_not_built_writes_nothing),
		APPLY_TEST(run_table_without_the_name_writes_nothing),
		APPLY_TEST(run_table_that_is_not_whole_writes_nothing),
		APPLY_TEST(run_table_that_cannot_be_counted_writes_nothing),
		APPLY_TEST(run_table_of_a_type_that_lists_nothing_is_taken),
		APPLY_TEST(run_warnings_of_a_table_aside_name_the_file),
		APPLY_TEST(run_table_goes_back_with_its_text),
		APPLY_TEST(run_other_types_are_built_in_place),
		APPLY_TEST(run_text_that_is_missing_writes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
