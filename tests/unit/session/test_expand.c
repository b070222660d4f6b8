/* SPDX-License-Identifier: MIT
 *
 * Expanded values of a session: what is told with and without the defaults. With
 * PR_CORPUS, and where a Postfix is installed, every main.cf there gives the values that
 * postconf -nx prints: one call of postconf a file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <dirent.h>
#include <sys/stat.h>
#include <time.h>

#include "base/mem.h"
#include "port/run.h"
#include "session/params.h"
#include "session/review.h"
#include "scratch.h"
#include "sys/run.h"

#define POSTCONF "/usr/sbin/postconf"

static const struct fake_cmd postconf[] = {
	{.argv = "/usr/sbin/postconf -d",
		.out = "append_dot_mydomain = ${{$compatibility_level} <level {1} ? "
		       "{yes} "
		       ": {no}}\n"
		       "compatibility_level = 0\nmail_version = 3.7.11\n"
		       "mydomain = localdomain\nmyhostname = vm.localdomain\n"
		       "mydestination = $myhostname, localhost.$mydomain, localhost\n"
		       "mynetworks = 10.0.0.0/8\nprocess_id = 17\n"
		       "forward_path = $home/.forward\n",
		.always = true},
	{.argv = "/usr/sbin/postconf -c * mynetworks",
		.out = "mynetworks = 127.0.0.0/8\n",
		.always = true},
};

static void
open_with(struct scratch *x, const char *main_cf)
{
	scratch_open(x, main_cf, "");
	x->run.script = postconf;
	x->run.n = sizeof(postconf) / sizeof(postconf[0]);
}

static void
assert_expanded(struct scratch *x, const char *name, const char *want)
{
	const char *got = ses_param_expanded(x->s, name);

	if (!got || !want ? got != want : strcmp(got, want) != 0)
		fail_msg("%s: got %s, want %s", name, got ? got : "(none)",
			want ? want : "(none)");
}

/* The formatter would spread each row over the whole width. */
/* clang-format off */
static const struct {
	const char *main_cf, *name, *without, *with; /* the defaults */
} rows[] = {
	{"a = 1\nrelayhost = [$a]\n", "relayhost", "[1]", "[1]"},
	{"relayhost = a,  \n b\n", "relayhost", "a, b", "a, b"},
	{"relayhost = $nosuch.x\n", "relayhost", NULL, ".x"},
	{"", "append_dot_mydomain", NULL, "yes"},
	{"compatibility_level = 3.6\n", "append_dot_mydomain", NULL, "no"},
	{"myhostname = a.b.test\nx = $mydomain\n", "x", "b.test", "b.test"},
	{"myhostname = a\nx = $mydomain\n", "x", "localdomain", "localdomain"},
	{"myhostname = a.$mydomain\nx = $mydomain.\n", "x", ".", "."},
	{"mydomain = b.test\nmyhostname = a.$mydomain\nx = $myhostname\n", "x", "a.b.test", "a.b.test"},
	{"myhostname = a.b.test\n", "mydestination", NULL, "a.b.test, localhost.b.test, localhost"},
	{"x = $process_name$service_name\nprocess_name = y\n", "x", "postconf", "postconf"},
	{"x = $process_id\n", "x", NULL, NULL},
	{"x = $relay_destination_recipient_limit\n", "x", NULL, NULL},
	{"x = $mynetworks\n", "x", NULL, NULL},
	{"forward_path = $home/a\n", "forward_path", "$home/a", "$home/a"},
	{"", "forward_path", NULL, "$home/.forward"},
	{"x = $forward_path\n", "x", NULL, "/.forward"},
	{"x = ${\n", "x", NULL, NULL},
};
/* clang-format on */

static void
expanded_tells_what_it_can(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scratch x;

		open_with(&x, rows[i].main_cf);
		assert_expanded(&x, rows[i].name, rows[i].without);
		assert_true(ses_wait(x.s, SES_ASK_DEFAULTS, NULL));
		assert_expanded(&x, rows[i].name, rows[i].with);
		scratch_close(&x);
	}
}

static void
expanded_mynetworks_is_what_postfix_derives(void **state)
{
	struct scratch x;

	(void)state;
	open_with(&x, "x = $mynetworks\n");
	assert_true(ses_wait(x.s, SES_ASK_DEFAULTS, NULL));
	assert_true(ses_wait(x.s, SES_ASK_DERIVED, NULL));
	assert_expanded(&x, "x", "127.0.0.0/8");
	scratch_close(&x);
}

static void
expand_tells_the_place_of_a_mistake(void **state)
{
	struct diags d = {0};
	struct scratch x;

	(void)state;
	open_with(&x, "# c\nown = a ${b\nrelayhost = $own\nmyorigin = $nosuch\n");
	assert_true(ses_wait(x.s, SES_ASK_DEFAULTS, NULL));
	assert_null(ses_param_expand(x.s, "relayhost", &d));
	assert_int_equal(d.n, 1);
	assert_int_equal(d.v[0].code, DIAG_CF_REFERENCE);
	assert_int_equal(d.v[0].loc.line, 2);
	assert_int_equal(d.v[0].loc.col, 9);
	diag_clear(&d);
	assert_non_null(ses_param_expand(x.s, "myorigin", &d));
	assert_int_equal(d.v[0].code, DIAG_CF_UNDEFINED);
	diag_clear(&d);
	scratch_close(&x);
}

/* --- the corpus */

struct tally {
	size_t files, dead, values, untold;
};

/* Postfix waits for a file that was written just now. */
static void
set_back(const char *path)
{
	const struct timespec t[2] = {
		{.tv_sec = time(NULL) - 60}, {.tv_sec = time(NULL) - 60}};

	assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

static void
copy_file(const char *from, const char *to)
{
	FILE *in = fopen(from, "re"), *out = fopen(to, "we");
	char buf[4096];
	size_t n;

	assert_non_null(in);
	assert_non_null(out);
	while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
		assert_int_equal(fwrite(buf, 1, n, out), n);
	fclose(in);
	assert_int_equal(fclose(out), 0);
	set_back(to);
}

static void
compare(struct scratch *x, const char *file, struct sv all, struct tally *t)
{
	struct sv line;

	while (sv_line(&all, &line)) {
		ptrdiff_t at = sv_find(line, '=');
		struct sv value = sv_trim(sv_sub(line, (size_t)at + 1, line.n));
		char *name = sv_dup(sv_trim(sv_sub(line, 0, (size_t)at)));
		const char *got = ses_param_expanded(x->s, name);

		/* $mynetworks of a file that leaves it to Postfix: asked for when needed
		 */
		if (!got && ses_wait(x->s, SES_ASK_DERIVED, NULL))
			got = ses_param_expanded(x->s, name);
		t->values++;
		if (!got && (strcmp(name, "debugger_command") == 0 ||
				    strcmp(name, "process_id") == 0))
			t->untold++; /* another number each time */
		else if (!got)
			fail_msg("%s: %s isn't told", file, name);
		else if (!sv_eq(sv_trim(sv_of(got)), value))
			fail_msg("%s: %s\n  got  %s\n  want %.*s", file, name, got,
				(int)value.n, value.p);
		free(name);
	}
}

/* postconf says "dead" of a file with a line that it refuses, or that it dies of while it
 * expands: then there must be such a finding. */
static void
assert_finding(struct scratch *x, const char *file)
{
	if (!diag_has_error(ses_findings(x->s)))
		fail_msg("%s: postconf refuses it, but there is no error", file);
}

static bool
has_finding(struct scratch *x, struct sv name)
{
	const struct diags *d = ses_findings(x->s);
	bool found = false;
	char *start = str_format("$%.*s is empty", (int)name.n, name.p);

	for (size_t i = 0; i < d->n; i++)
		found = found || sv_starts(sv_of(d->v[i].text), start);
	free(start);
	return found;
}

/* "undefined parameter: x" of postconf, and our findings: the same names. */
static void
compare_undefined(struct scratch *x, const char *file, struct sv err)
{
	static const char says[] = "undefined parameter: ";
	const struct diags *d = ses_findings(x->s);
	struct sv rest = err, line;

	while (sv_line(&rest, &line)) {
		ptrdiff_t at = sv_find_sv(line, sv_of(says));
		struct sv name = sv_sub(line, (size_t)at + strlen(says), line.n);

		if (at >= 0 && name.n && !has_finding(x, name))
			fail_msg("%s: $%.*s isn't told", file, (int)name.n, name.p);
	}
	for (size_t i = 0; i < d->n; i++) {
		struct sv name = sv_of(d->v[i].text + 1);
		char *want;

		if (d->v[i].code != DIAG_CF_UNDEFINED)
			continue;
		name = sv_sub(name, 0, (size_t)sv_find(name, ' '));
		want = str_format("%s%.*s\n", says, (int)name.n, name.p);
		if (sv_find_sv(err, sv_of(want)) < 0)
			fail_msg("%s: postconf doesn't say %s", file, want);
		free(want);
	}
}

static void
check_file(struct scratch *x, const char *folder, const char *file, struct tally *t)
{
	char *from = str_format("%s/%s", folder, file);
	char *to = str_format("%s/main.cf", x->dir);
	const char *const argv[] = {POSTCONF, "-c", x->dir, "-nx", NULL};
	struct run_req req = {.argv = argv};
	struct run_res res = {0};

	copy_file(from, to);
	assert_true(run_wait(&x->world.run, &req, &res));
	scratch_reopen(x);
	assert_true(ses_wait(x->s, SES_ASK_DEFAULTS, NULL));
	t->files++;
	if (res.end == RUN_EXITED && res.code == 0) {
		compare(x, file, str_sv(&res.out), t);
		compare_undefined(x, file, str_sv(&res.err));
	} else {
		t->dead++;
		assert_finding(x, file);
	}
	run_res_free(&res);
	free(from);
	free(to);
}

static void
corpus_values_are_those_of_postconf(void **state)
{
	const char *corpus = getenv("PR_CORPUS");
	struct tally t = {0};
	struct dirent *e;
	struct scratch x;
	char *path;
	DIR *dir;

	(void)state;
	if (!corpus || access(POSTCONF, X_OK) != 0) {
		print_message("skipped: PR_CORPUS is not set, or no Postfix is here\n");
		skip();
	}
	path = str_format("%s/main.cf", corpus);
	dir = opendir(path);
	assert_non_null(dir);
	scratch_open(&x, "", "");
	x.world.run = sys_run();
	scratch_write(x.dir, "master.cf", "");
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.')
			check_file(&x, path, e->d_name, &t);
	closedir(dir);
	free(path);
	path = str_format("%s/master.cf", x.dir);
	unlink(path);
	free(path);
	scratch_close(&x);
	print_message("%zu files, %zu refused by postconf, %zu values, %zu not told\n",
		t.files, t.dead, t.values, t.untold);
	assert_true(t.values > 0);
}

static void
compare_all(const char *main_cf)
{
	struct run_res res = {0};
	struct tally t = {0};
	struct scratch x;
	const char *const argv[] = {POSTCONF, "-c", x.dir, "-x", NULL};
	struct run_req req = {.argv = argv};
	char *path;

	scratch_open(&x, main_cf, "");
	x.world.run = sys_run();
	scratch_write(x.dir, "master.cf", "");
	path = str_format("%s/main.cf", x.dir);
	set_back(path);
	free(path);
	assert_true(run_wait(&x.world.run, &req, &res));
	scratch_reopen(&x);
	assert_true(ses_wait(x.s, SES_ASK_DEFAULTS, NULL));
	assert_int_equal(res.code, 0);
	compare(&x, main_cf, str_sv(&res.out), &t);
	assert_true(t.values > 500);
	run_res_free(&res);
	path = str_format("%s/master.cf", x.dir);
	unlink(path);
	free(path);
	scratch_close(&x);
}

static void
defaults_are_those_of_postconf(void **state)
{
	(void)state;
	if (access(POSTCONF, X_OK) != 0) {
		print_message("skipped: no Postfix is here\n");
		skip();
	}
	compare_all("myhostname = a.b.test\n");
	compare_all("compatibility_level = 3.6\nmydomain = b.test\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expanded_tells_what_it_can),
		cmocka_unit_test(expanded_mynetworks_is_what_postfix_derives),
		cmocka_unit_test(expand_tells_the_place_of_a_mistake),
		cmocka_unit_test(defaults_are_those_of_postconf),
		cmocka_unit_test(corpus_values_are_those_of_postconf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
