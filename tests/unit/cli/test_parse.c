/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "cli/cmd.h"

/* "get -h relayhost" as an argv of its own. */
struct line {
	char *owned[24];
	char *argv[24]; /* reordered by cli_parse */
	int argc;
	struct cli_opts o;
	int nwords;
	enum cli_what what;
};

/* What is said about wrong lines is not the test's output. */
static enum cli_what
parse_silently(struct line *l)
{
	int err = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	enum cli_what what;

	assert_true(err >= 0 && null >= 0);
	assert_int_equal(dup2(null, STDERR_FILENO), STDERR_FILENO);
	what = cli_parse(l->argc, l->argv, &l->o, &l->nwords);
	assert_int_equal(dup2(err, STDERR_FILENO), STDERR_FILENO);
	close(err);
	close(null);
	return what;
}

static void
parse(struct line *l, const char *text)
{
	struct sv rest = sv_of(text), token;

	*l = (struct line){0};
	l->owned[l->argc++] = mem_strdup("postrelay");
	while (sv_token(&rest, " ", &token))
		l->owned[l->argc++] = sv_dup(token);
	memcpy(l->argv, l->owned, sizeof(l->argv));
	l->what = parse_silently(l);
}

static void
forget(struct line *l)
{
	for (int i = 0; i < l->argc; i++)
		free(l->owned[i]);
}

static void
check(const char *text, enum cli_what what, int nwords)
{
	struct line l;

	parse(&l, text);
	if (l.what != what || l.nwords != nwords)
		print_error("%s: %d, %d words\n", text, (int)l.what, l.nwords);
	assert_int_equal(l.what, what);
	assert_int_equal(l.nwords, nwords);
	forget(&l);
}

static void
parse_good_lines_are_told_apart(void **state)
{
	(void)state;
	check("", CLI_SCREEN, 0);
	check("-R -c /x", CLI_SCREEN, 0);
	check("networks", CLI_SCREEN, 1);
	check("params --ascii", CLI_SCREEN, 1);
	check("history", CLI_SCREEN, 1);
	check("history restore 16 --no-act", CLI_COMMAND, 3);
	check("--help", CLI_HELP, 0);
	check("-h", CLI_HELP, 0);
	check("alias --help", CLI_HELP, 1);
	check("relay set -h", CLI_HELP, 2);
	check("--version", CLI_VERSION, 0);
	check("check", CLI_COMMAND, 1);
	check("get relayhost mynetworks", CLI_COMMAND, 3);
	check("interface set all", CLI_COMMAND, 3);
	check("alias list --filter x", CLI_COMMAND, 2);
	check("alias remove n", CLI_COMMAND, 3);
	check("relay set --tls may h --user=u --password-file -", CLI_COMMAND, 3);
	check("verify run --to a@b --from c@d", CLI_COMMAND, 2);
	check("relay probe", CLI_COMMAND, 2);
	check("verify", CLI_SCREEN, 1);
	check("setup", CLI_SCREEN, 1);
	check("setup --answers f -n --accept PR-NET-005", CLI_COMMAND, 1);
	check("setup --print-answers --json", CLI_COMMAND, 1);
	check("recover", CLI_COMMAND, 1);
	check("recover keep", CLI_COMMAND, 2);
	check("recover --no-service", CLI_COMMAND, 1);
	check("alias set n -- -x", CLI_COMMAND, 4);
}

static void
parse_wrong_lines_are_refused(void **state)
{
	static const char *const rows[] = {"nonsense", "alias", "alias frob", "alias get",
		"alias get a b", "get", "set", "relay set", "relay set a b",
		"relay show x", "relay show --tls may", "relay unset --user x",
		"networks x", "verify run x", "relay probe --to x", "history undo",
		"history show", "history list 1", "--nonsense", "-z", "-c", "get --mx a",
		"check --no-act", "check --filter x", "--mx", "--json", "networks --json",
		"set --accept nonsense a=b", "set --accept", "--json=1",
		"network list --to x", "interface list -x", "recover keep old",
		"status --no-service", "--no-service"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct line l;

		parse(&l, rows[i]);
		if (l.what != CLI_WRONG)
			print_error("%s: taken\n", rows[i]);
		assert_int_equal(l.what, CLI_WRONG);
		forget(&l);
	}
}

static void
parse_options_stand_anywhere(void **state)
{
	struct line l;

	(void)state;
	parse(&l,
		"-nR network -c/etc/x add --to /y 10.0.0.0/8 --json --accept PR-NET-005 "
		"--force=PR-CF-005 --no-act -A /z --state /s -f /t");
	assert_int_equal(l.what, CLI_COMMAND);
	assert_int_equal(l.nwords, 3);
	assert_string_equal(l.argv[2], "10.0.0.0/8");
	assert_string_equal(l.o.config_dir, "/etc/x");
	assert_string_equal(l.o.to_file, "/y");
	assert_string_equal(l.o.aliases_file, "/z");
	assert_string_equal(l.o.state_dir, "/s");
	assert_string_equal(l.o.settings_file, "/t");
	assert_true(l.o.dry_run && l.o.read_only && l.o.json && l.o.no_act);
	assert_int_equal(l.o.nconsent, 2);
	assert_string_equal(l.o.consent[0], "PR-NET-005");
	assert_true(l.o.consent_danger[0]);
	assert_string_equal(l.o.consent[1], "PR-CF-005");
	assert_false(l.o.consent_danger[1]);
	assert_null(l.o.consent[2]);
	forget(&l);
}

static void
parse_letter_h_is_value_only_for_get(void **state)
{
	struct line l;

	(void)state;
	parse(&l, "get -hx relayhost");
	assert_int_equal(l.what, CLI_COMMAND);
	assert_true(l.o.value_only && l.o.expanded);
	forget(&l);
	parse(&l, "-h get relayhost");
	assert_int_equal(l.what, CLI_COMMAND);
	assert_true(l.o.value_only);
	forget(&l);
}

static void
status_worst_kind_decides(void **state)
{
	static const struct {
		enum diag_code code;
		int status;
	} rows[] = {
		{DIAG_NET_HOSTBITS, CLI_NO},
		{DIAG_NOT_FOUND, CLI_NO},
		{DIAG_FILE_MISSING, CLI_USAGE},
		{DIAG_FILE_ACCESS, CLI_USAGE},
		{DIAG_USAGE, CLI_USAGE},
		{DIAG_READ_ONLY, CLI_NOT_NOW},
		{DIAG_FILE_BUSY, CLI_NOT_NOW},
		{DIAG_FILE_CHANGED, CLI_NOT_NOW},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct diags d = {0};

		diag_add(&d, SEV_WARN, DIAG_FILE_MISSING, NULL, NULL, "only a warning");
		diag_add(&d, SEV_ERROR, rows[i].code, NULL, NULL, "x");
		assert_int_equal(cli_status_of(&d), rows[i].status);
		diag_clear(&d);
	}
}

/* Every row can be called, and its options are told by its usage line. */
static void
table_rows_are_whole(void **state)
{
	(void)state;
	for (const struct cli_cmd *c = cli_table; c->name; c++) {
		char name[32], sub[32];
		char *words[2] = {name, sub};
		struct str usage = {0};

		assert_true(strlen(c->name) < sizeof(name));
		memcpy(name, c->name, strlen(c->name) + 1);
		memcpy(sub, c->sub ? c->sub : "", strlen(c->sub ? c->sub : "") + 1);
		assert_ptr_equal(cli_find(c->sub ? 2 : 1, words), c);
		assert_non_null(c->run);
		/* A name alone opens a screen, unless an option makes a command of it. */
		assert_true(c->sub || !cli_is_screen(c->name) || c->opts & OPT_SETUP);
		cli_usage_line(c, &usage);
		assert_true(!(c->opts & OPT_TO) || strstr(str_c(&usage), "--to"));
		assert_true(!(c->opts & OPT_ADDRS) || strstr(str_c(&usage), "--from"));
		assert_true(!(c->opts & OPT_MX) || strstr(str_c(&usage), "--mx"));
		assert_true(!(c->opts & OPT_FILTER) || strstr(str_c(&usage), "--filter"));
		assert_true(!(c->opts & OPT_WRITE) || strstr(str_c(&usage), "--no-act"));
		str_free(&usage);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_good_lines_are_told_apart),
		cmocka_unit_test(parse_wrong_lines_are_refused),
		cmocka_unit_test(parse_options_stand_anywhere),
		cmocka_unit_test(parse_letter_h_is_value_only_for_get),
		cmocka_unit_test(status_worst_kind_decides),
		cmocka_unit_test(table_rows_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
