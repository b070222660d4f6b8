/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "session/settings.h"

struct fixture {
	char *dir, *file;
	struct settings set;
	struct diags d;
};

static int
set_up(void **state)
{
	struct fixture *f = mem_new(1, sizeof(*f));

	f->dir = mem_strdup("/tmp/postrelay-test-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->file = str_format("%s/postrelay.conf", f->dir);
	assert_int_equal(setenv("XDG_CONFIG_HOME", f->dir, 1), 0);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;
	char *own = str_format("%s/postrelay/postrelay.conf", f->dir);
	char *folder = str_format("%s/postrelay", f->dir);

	unlink(own);
	rmdir(folder);
	unlink(f->file);
	rmdir(f->dir);
	set_free(&f->set);
	diag_clear(&f->d);
	free(own);
	free(folder);
	free(f->file);
	free(f->dir);
	free(f);
	return 0;
}

static void
write_bytes(const char *path, const char *text, size_t n)
{
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, n, out), n);
	assert_int_equal(fclose(out), 0);
}

static void
load(struct fixture *f, const char *text)
{
	set_free(&f->set);
	diag_clear(&f->d);
	write_bytes(f->file, text, strlen(text));
	set_load(&f->set, f->file, &f->d);
}

static void
assert_defaults(const struct settings *set)
{
	assert_string_equal(set->config_dir, "/etc/postfix");
	assert_string_equal(set->command_dir, "/usr/sbin");
	assert_string_equal(set->systemctl, "/usr/bin/systemctl");
	assert_string_equal(set->getent, "/usr/bin/getent");
	assert_null(set->state_dir);
	assert_int_equal(set->program_seconds, 60);
	assert_int_equal(set->log_ms, 2000);
	assert_int_equal(set->history_keep, 100);
	assert_int_equal(set->history_days, 730);
	assert_int_equal(set->history_megabytes, 200);
	assert_int_equal(set->colour, SET_COLOUR_AUTO);
	assert_false(set->ascii);
	assert_null(set->silence);
}

static void
load_whole_file_is_taken(void **state)
{
	struct fixture *f = *state;

	load(f, "# a comment with ${HOME}\n"
		"config_dir = \"/srv/postfix\"\n"
		"state_dir = '/srv/state'\n"
		"command_dir = /opt/sbin\n"
		"systemctl = /bin/true\n"
		"getent = /bin/false\n"
		"program_seconds = 7\n"
		"log_seconds = 3\n"
		"history_keep = 7\n"
		"history_days = 30\n"
		"history_megabytes = 5\n"
		"colour = never\n"
		"ascii = true\n"
		"silence = {\"PR-NET-006\", \"PR-AL-004\"}\n");
	assert_int_equal(f->d.n, 0);
	assert_string_equal(f->set.config_dir, "/srv/postfix");
	assert_string_equal(f->set.state_dir, "/srv/state");
	assert_string_equal(f->set.command_dir, "/opt/sbin");
	assert_string_equal(f->set.systemctl, "/bin/true");
	assert_string_equal(f->set.getent, "/bin/false");
	assert_int_equal(f->set.program_seconds, 7);
	assert_int_equal(f->set.log_ms, 3000);
	assert_int_equal(f->set.history_keep, 7);
	assert_int_equal(f->set.history_days, 30);
	assert_int_equal(f->set.history_megabytes, 5);
	assert_int_equal(f->set.colour, SET_COLOUR_NEVER);
	assert_true(f->set.ascii);
	assert_string_equal(f->set.silence[0], "PR-NET-006");
	assert_string_equal(f->set.silence[1], "PR-AL-004");
	assert_null(f->set.silence[2]);
}

static void
load_empty_file_gives_defaults(void **state)
{
	struct fixture *f = *state;

	load(f, "");
	assert_int_equal(f->d.n, 0);
	assert_defaults(&f->set);
}

/* The good line before the mistake must not count either. */
static void
load_mistake_is_told_with_line_and_nothing_counts(void **state)
{
	static const struct {
		const char *text;
		uint32_t line;
	} rows[] = {
		{"ascii = true\ncolur = never\n", 2},
		{"ascii = true\ncolour = pink\n", 2},
		{"ascii = true\n\nprogram_seconds = ten\n", 3},
		{"ascii = true\nprogram_seconds = 0\n", 2},
		{"ascii = true\nlog_seconds = 3601\n", 2},
		{"ascii = true\nlog_seconds = 99999999999999999999\n", 2},
		{"ascii = true\nhistory_keep = 0\n", 2},
		{"ascii = true\nhistory_keep = 1001\n", 2},
		{"ascii = true\nhistory_days = -1\n", 2},
		{"ascii = true\nhistory_megabytes = 100001\n", 2},
		{"ascii = true\nconfig_dir = etc\n", 2},
		{"ascii = true\nconfig_dir = \"\"\n", 2},
		{"ascii = true\nsilence = {\"PR-NET-006\", \"PR-NOT-001\"}\n", 2},
		{"ascii = true\nconfig_dir = \"${HOME}\"\n", 2},
		{"ascii = true\nconfig_dir = /x/${HOME}\n", 2},
		{"ascii = true\ninclude(\"/etc/passwd\")\n", 2},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		load(f, rows[i].text);
		assert_int_equal(f->d.n, 1);
		assert_int_equal(f->d.v[0].code, DIAG_SET_SYNTAX);
		assert_int_equal(f->d.v[0].loc.line, rows[i].line);
		assert_string_equal(f->d.v[0].loc.file, f->file);
		assert_defaults(&f->set);
	}
}

static void
load_variable_on_a_later_line_of_a_string_is_not_filled_in(void **state)
{
	static const char *const texts[] = {"config_dir = \"/x\n# ${HOME}\"\n",
		"config_dir = \"/x\\\n#${HOME}\"\n", "config_dir = \"/\\\n//${HOME}\"\n",
		"config_dir = \"/x\\\n# ${HOME\\\n}\"\n"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		load(f, texts[i]);
		assert_int_equal(f->d.n, 1);
		assert_int_equal(f->d.v[0].code, DIAG_SET_SYNTAX);
		assert_int_equal(f->d.v[0].loc.line, 2);
		assert_defaults(&f->set);
	}
}

static void
load_nul_bytes_and_cut_off_text_are_refused(void **state)
{
	struct fixture *f = *state;

	write_bytes(f->file, "ascii = true\0\n", 14);
	set_load(&f->set, f->file, &f->d);
	assert_int_equal(f->d.v[0].code, DIAG_FILE_BINARY);
	assert_defaults(&f->set);
	load(f, "ascii = true\nconfig_dir = \"/et");
	assert_int_equal(f->d.n, 1);
	assert_defaults(&f->set);
}

static void
load_named_file_missing_or_folder_is_told(void **state)
{
	struct fixture *f = *state;

	set_load(&f->set, f->file, &f->d);
	assert_int_equal(f->d.n, 1);
	assert_int_equal(f->d.v[0].code, DIAG_FILE_MISSING);
	assert_defaults(&f->set);
	set_free(&f->set);
	diag_clear(&f->d);
	set_load(&f->set, f->dir, &f->d);
	assert_int_equal(f->d.n, 1);
	assert_int_equal(f->d.v[0].code, DIAG_FILE_KIND);
	assert_defaults(&f->set);
}

static void
load_as_root_file_of_others_or_link_is_refused(void **state)
{
	struct fixture *f = *state;
	char *link = str_format("%s/link.conf", f->dir);

	if (geteuid() != 0) {
		free(link);
		skip();
	}
	write_bytes(f->file, "ascii = true\n", 13);
	assert_int_equal(chmod(f->file, 0666), 0);
	set_load(&f->set, f->file, &f->d);
	assert_int_equal(f->d.v[0].code, DIAG_FILE_UNSAFE);
	assert_defaults(&f->set);
	diag_clear(&f->d);
	set_free(&f->set);
	assert_int_equal(chmod(f->file, 0644), 0);
	assert_int_equal(symlink(f->file, link), 0);
	set_load(&f->set, link, &f->d);
	unlink(link);
	free(link);
	assert_int_equal(f->d.v[0].code, DIAG_FILE_KIND);
	assert_defaults(&f->set);
	diag_clear(&f->d);
	set_free(&f->set);
	assert_int_equal(chown(f->file, 65534, 0), 0);
	set_load(&f->set, f->file, &f->d);
	assert_int_equal(f->d.v[0].code, DIAG_FILE_UNSAFE);
	assert_defaults(&f->set);
}

static void
load_own_file_as_root_gives_looks_only(void **state)
{
	static const char text[] = "config_dir = /srv/postfix\nascii = true\n"
				   "colour = never\nsilence = {\"PR-NET-006\"}\n";
	struct fixture *f = *state;
	char *folder = str_format("%s/postrelay", f->dir);
	char *own = str_format("%s/postrelay.conf", folder);

	assert_int_equal(mkdir(folder, 0700), 0);
	write_bytes(own, text, sizeof(text) - 1);
	set_load(&f->set, NULL, &f->d);
	free(own);
	free(folder);
	if (access("/etc/postrelay.conf", F_OK) == 0)
		skip();
	assert_true(f->set.ascii);
	assert_int_equal(f->set.colour, SET_COLOUR_NEVER);
	if (geteuid() == 0) {
		assert_string_equal(f->set.config_dir, "/etc/postfix");
		assert_null(f->set.silence);
		assert_int_equal(f->d.n, 1);
		assert_int_equal(f->d.v[0].sev, SEV_NOTE);
	} else {
		assert_string_equal(f->set.config_dir, "/srv/postfix");
		assert_string_equal(f->set.silence[0], "PR-NET-006");
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(load_whole_file_is_taken),
		TEST(load_empty_file_gives_defaults),
		TEST(load_mistake_is_told_with_line_and_nothing_counts),
		TEST(load_variable_on_a_later_line_of_a_string_is_not_filled_in),
		TEST(load_nul_bytes_and_cut_off_text_are_refused),
		TEST(load_named_file_missing_or_folder_is_told),
		TEST(load_as_root_file_of_others_or_link_is_refused),
		TEST(load_own_file_as_root_gives_looks_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
