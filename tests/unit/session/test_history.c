/* SPDX-License-Identifier: MIT
 *
 * The history through a session: what was applied comes back byte for byte however odd
 * the file is, what others did in between is told, and no password shows anywhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "apply/readfile.h"
#include "apply/txn.h"
#include "session/aliases.h"
#include "session/history.h"
#include "session/internal.h"
#include "session/login.h"
#include "session/params.h"
#include "session/review.h"
#include "session/verify.h"
#include "scratch.h"

#define N(v) (sizeof(v) / sizeof(v)[0])

static void
open_keeping(struct scratch *x, const char *main_cf, const char *aliases)
{
	scratch_open(x, main_cf, aliases);
	scratch_keep_history(x);
}

/* Write what waits; nothing else is touched. */
static void
apply(struct scratch *x)
{
	static const char *const consent[] = {"PR-PF-002", "PR-NH-001", "PR-CF-001",
		"PR-CF-002", "PR-CF-003", "PR-NET-001", NULL};
	const struct ses_apply_opts o = {.no_act = true, .consent = consent};
	struct ses_apply_view v;
	struct diags d = {0};
	int status = 0;

	if (!ses_apply_start(x->s, &o, &status, &d))
		fail_msg("refused: %s", d.n ? d.v[0].text : "");
	if (ses_apply_wait(x->s, NULL, NULL) != 0) {
		ses_apply_view(x->s, &v);
		fail_msg("not applied: %s", v.findings->n ? v.findings->v[0].text : "");
	}
}

static void
set(struct scratch *x, const char *name, const char *value)
{
	assert_true(ses_param_set(x->s, name, value, NULL));
	apply(x);
}

static void
read_file(const struct scratch *x, const char *name, struct str *out)
{
	char path[200], buf[4096];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", x->dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		str_add(out, buf, (size_t)n);
	close(fd);
}

static void
assert_file(const struct scratch *x, const char *name, struct sv want)
{
	struct str now = {0};

	read_file(x, name, &now);
	assert_int_equal(now.n, want.n);
	assert_memory_equal(str_c(&now), want.p, want.n);
	str_free(&now);
}

static void
assert_said(const struct diags *d, enum diag_code code)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].code == code)
			return;
	fail_msg("not said: %s", diag_code_name(code));
}

/* --- byte for byte ------------------------------------------------------------------
 */

static const char *const odd[] = {
	"relayhost = a\n",
	"relayhost = a",
	"",
	"\n\n",
	"relayhost = a\r\n# note\r\nmynetworks = 10.0.0.0/8,\r\n  10.1.0.0/16\r\n",
	"relayhost = a\r\n\tb\r\nx = y",
	"\xef\xbb\xbfrelayhost = a\n",
	"# \xff\xfe\nrelayhost = \xc3\x28\n",
	"relayhost = a\nrelayhost = b\nrelayhost = c\n",
	"  orphan\nrelayhost = a\n  more\n\n# in it\n  and more\n",
	"garbage line\n= x\nrelayhost = a\n \t \n",
	"#relayhost = sample\n#relayhost = other\nmydomain = x\n",
};

static void
applied_change_of_an_odd_file_is_undone_exactly(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(odd); i++) {
		struct str new = {0};
		struct scratch x;

		open_keeping(&x, odd[i], "");
		ses_begin(x.s, "test");
		ses_param_set(x.s, "relayhost", "[new.example]:587", NULL);
		ses_param_set(x.s, "mydomain", "test.example", NULL);
		ses_end(x.s);
		apply(&x);
		read_file(&x, "main.cf", &new);
		assert_false(sv_eq(str_sv(&new), sv_of(odd[i])));
		assert_true(ses_history_undo(x.s, NULL));
		apply(&x);
		assert_file(&x, "main.cf", sv_of(odd[i]));
		assert_true(ses_history_restore(x.s, 1, NULL));
		apply(&x);
		assert_file(&x, "main.cf", str_sv(&new));
		assert_true(ses_history_restore(x.s, 0, NULL));
		apply(&x);
		assert_file(&x, "main.cf", sv_of(odd[i]));
		str_free(&new);
		scratch_close_all(&x);
	}
}

static void
assert_becomes(struct scratch *x, struct ses_file *f, struct sv want)
{
	struct str now = {0}, was = {0};

	doc_bytes(&f->doc, &was);
	assert_true(file_set_bytes(x->s, f, want, NULL));
	doc_bytes(&f->doc, &now);
	assert_true(sv_eq(str_sv(&now), want));
	if (!sv_eq(str_sv(&was), want)) {
		ses_undo(x->s);
		str_clear(&now);
		doc_bytes(&f->doc, &now);
		assert_true(sv_eq(str_sv(&now), str_sv(&was)));
		ses_redo(x->s);
	}
	str_free(&now);
	str_free(&was);
}

static void
any_text_becomes_any_other(void **state)
{
	static const char *const aliases[] = {"a: b\n",
		"a: b\nc: d,\n  e\n# x\n#off: y\n", "\"a b\": |c\n\na: b",
		"a: b\r\nA: c\r\n", "no colon\n  more\n: x\n"};
	struct scratch x;

	(void)state;
	open_keeping(&x, "", "");
	for (size_t i = 0; i < N(odd); i++)
		for (size_t k = 0; k < N(odd); k++) {
			assert_becomes(&x, x.s->files[0], sv_of(odd[i]));
			assert_becomes(&x, x.s->files[0], sv_of(odd[k]));
		}
	for (size_t i = 0; i < N(aliases); i++)
		for (size_t k = 0; k < N(aliases); k++) {
			assert_becomes(&x, aliases_file(x.s), sv_of(aliases[i]));
			assert_becomes(&x, aliases_file(x.s), sv_of(aliases[k]));
		}
	scratch_close_all(&x);
}

/* Real files, one after the other laid over what the one before has left. */
static void
real_files_become_each_other(void **state)
{
	const char *corpus = getenv("PR_CORPUS");
	char *dir = corpus ? str_format("%s/main.cf", corpus) : NULL;
	struct dirent **v;
	int n = dir ? scandir(dir, &v, NULL, alphasort) : -1;
	struct scratch x;

	(void)state;
	if (n < 0) {
		free(dir);
		skip();
	}
	open_keeping(&x, "", "");
	for (int i = 0; i < n; i++) {
		char *path = str_format("%s/%s", dir, v[i]->d_name);
		struct readfile r = {0};

		if (v[i]->d_name[0] != '.' &&
			readfile_load(&x.world.fs, path, &r, NULL) == READFILE_OK &&
			!r.has_nul && i % 7 == 0)
			assert_becomes(&x, x.s->files[0], sv_make(r.bytes, r.n));
		readfile_free(&r);
		free(path);
		free(v[i]);
	}
	free(v);
	free(dir);
	scratch_close_all(&x);
}

static void
only_what_differs_is_a_change(void **state)
{
	const struct ses_change *c;
	struct scratch x;

	(void)state;
	open_keeping(&x, "a = 1\nb = 2\nc = 3\nd = 4\n", "w: 1\nx: 2\ny: 3\nz: 4\n");
	assert_true(file_set_bytes(
		x.s, x.s->files[0], sv_of("a = 1\nb = 5\nd = 4\ne = 6\n"), NULL));
	assert_int_equal(ses_changes(x.s, &c), 3);
	assert_true(file_set_bytes(
		x.s, aliases_file(x.s), sv_of("w: 1\nnew: 0\nx: 2\ny: 5\nz: 4\n"), NULL));
	assert_int_equal(ses_changes(x.s, &c), 5);
	for (size_t i = 0; i < 5; i++)
		if (strcmp(c[i].name, "y") == 0)
			assert_string_equal(c[i].text, "3 -> 5");
	scratch_close_all(&x);
}

/* --- rows ---------------------------------------------------------------------------
 */

static void
rows_tell_undo_and_what_others_did(void **state)
{
	const struct ses_history_row *v;
	struct diags d = {0};
	struct scratch x;

	(void)state;
	open_keeping(&x, "relayhost = a\n", "root: b\n");
	assert_null(ses_history_last(x.s));
	set(&x, "relayhost", "b");
	assert_true(ses_history_undo(x.s, &d));
	apply(&x);
	assert_int_equal(ses_history(x.s, NULL, &v, &d), 2);
	assert_string_equal(v[0].of, "undo of no. 1");
	assert_string_equal(v[1].of, "");
	assert_string_equal(v[1].changes, "relayhost");
	assert_string_equal(v[1].word, "written");
	assert_int_equal(d.n, 0);
	scratch_write(x.dir, "main.cf", "relayhost = a\n# by hand\nx = y\n");
	assert_true(ses_reread(x.s, false, &d));
	set(&x, "relayhost", "c");
	assert_int_equal(ses_history(x.s, NULL, &v, &d), 4);
	assert_int_equal(v[0].no, 3);
	assert_int_equal(v[1].no, 0);
	assert_string_equal(v[1].word, "outside");
	assert_string_equal(v[1].result, "2 lines");
	assert_int_equal(v[2].no, 2);
	assert_int_equal(ses_history(x.s, "undo", &v, &d), 1);
	assert_int_equal(v[0].no, 2);
	assert_non_null(strstr(ses_history_last(x.s), ": relayhost"));
	assert_int_equal(ses_history_newest(x.s), 3);
	/* Back to no. 1 takes back what was done by hand after it. */
	assert_true(ses_history_restore(x.s, 1, &d));
	assert_said(&d, DIAG_FILE_CHANGED);
	diag_clear(&d);
	apply(&x);
	assert_file(&x, "main.cf", sv_of("relayhost = b\n"));
	scratch_close_all(&x);
}

/* Not every name of many is kept, but how many there were. */
static void
many_changes_are_counted(void **state)
{
	const struct ses_history_row *v;
	struct str lines = {0};
	struct scratch x;

	(void)state;
	open_keeping(&x, "", "");
	for (int i = 0; i < 100; i++)
		str_addf(&lines, "a%d = 1\n", i);
	assert_true(file_set_bytes(x.s, x.s->files[0], str_sv(&lines), NULL));
	apply(&x);
	assert_int_equal(ses_history(x.s, NULL, &v, NULL), 1);
	assert_int_equal(v[0].nchanges, 100);
	assert_true(sv_ends(sv_of(ses_history_last(x.s)), ": a0, a1 +98 more"));
	str_free(&lines);
	scratch_close_all(&x);
}

/* What only later entries touched is as the first of them found it; what nothing touched
 * since then stays, whatever others made of it. */
static void
restore_leaves_untouched_files_alone(void **state)
{
	static const char *const targets[] = {"hanako"};
	const struct ses_alias_edit sales = {.name = "sales", .targets = targets, .n = 1};
	uint32_t id = SES_ALIAS_NEW;
	struct diags d = {0};
	struct scratch x;

	(void)state;
	open_keeping(&x, "relayhost = a\n", "root: b\n");
	assert_true(ses_alias_set(x.s, &id, &sales, NULL));
	apply(&x);
	set(&x, "relayhost", "b");
	scratch_write(x.dir, "aliases", "root: b\nsales: hanako\n# by hand\n");
	assert_true(ses_history_restore(x.s, 2, &d));
	assert_int_equal(d.n, 0);
	assert_file(&x, "aliases", sv_of("root: b\nsales: hanako\n# by hand\n"));
	assert_true(ses_history_undo(x.s, &d));
	apply(&x);
	assert_file(&x, "main.cf", sv_of("relayhost = a\n"));
	assert_file(&x, "aliases", sv_of("root: b\nsales: hanako\n# by hand\n"));
	assert_true(ses_history_restore(x.s, 0, &d));
	assert_said(&d, DIAG_FILE_CHANGED);
	diag_clear(&d);
	apply(&x);
	assert_file(&x, "aliases", sv_of("root: b\n"));
	scratch_close_all(&x);
}

static void
restore_wants_nothing_to_wait_and_a_number_that_is_there(void **state)
{
	struct diags d = {0};
	struct scratch x;

	(void)state;
	open_keeping(&x, "relayhost = a\n", "");
	assert_false(ses_history_undo(x.s, &d));
	assert_said(&d, DIAG_NOT_FOUND);
	set(&x, "relayhost", "b");
	diag_clear(&d);
	assert_false(ses_history_restore(x.s, 2, &d));
	assert_said(&d, DIAG_NOT_FOUND);
	ses_param_set(x.s, "relayhost", "c", NULL);
	diag_clear(&d);
	assert_false(ses_history_restore(x.s, 0, &d));
	assert_said(&d, DIAG_APPLY_HELD);
	diag_clear(&d);
	ses_discard(x.s);
	assert_true(ses_history_restore(x.s, 0, &d));
	assert_int_equal(d.n, 0);
	scratch_close_all(&x);
}

static void
file_with_nul_bytes_is_left_alone(void **state)
{
	static const char bytes[] = "relayhost = a\0b\n";
	struct diags d = {0};
	struct scratch x;

	(void)state;
	open_keeping(&x, "relayhost = a\n", "");
	assert_false(file_set_bytes(
		x.s, x.s->files[0], sv_make(bytes, sizeof(bytes) - 1), &d));
	assert_said(&d, DIAG_FILE_BINARY);
	diag_clear(&d);
	scratch_close_all(&x);
}

/* How it ended never reached the disk. */
static void
lose_end(const struct scratch *x, const char *no)
{
	char path[300], key[TXN_KEY_BYTES];
	int fd;

	txn_key(x->dir, key);
	snprintf(path, sizeof(path), "%s/%s/history/%s", x->state, key, no);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "lost", 4), 4);
	close(fd);
}

/* An apply that was cut off and undone is not what u takes back. */
static void
cut_off_change_that_was_undone_is_no_change(void **state)
{
	const struct ses_history_row *v;
	struct scratch x;

	(void)state;
	open_keeping(&x, "relayhost = a\n", "");
	set(&x, "relayhost", "b");
	set(&x, "relayhost", "c");
	lose_end(&x, "2");
	scratch_write(x.dir, "main.cf", "relayhost = b\n");
	assert_true(ses_reread(x.s, false, NULL));
	assert_int_equal(ses_history(x.s, NULL, &v, NULL), 2);
	assert_string_equal(v[0].word, "interrupted");
	assert_int_equal(v[0].mark, '!');
	assert_true(ses_history_undo(x.s, NULL));
	apply(&x);
	assert_file(&x, "main.cf", sv_of("relayhost = a\n"));
	scratch_close_all(&x);
}

/* Nobody waited for the end of this one, and nothing of it was missing. */
static void
written_file_is_told_without_its_end(void **state)
{
	const struct ses_history_row *v;
	struct scratch x;

	(void)state;
	open_keeping(&x, "relayhost = a\n", "");
	set(&x, "relayhost", "b");
	set(&x, "relayhost", "c");
	lose_end(&x, "1");
	lose_end(&x, "2");
	assert_true(ses_reread(x.s, false, NULL));
	assert_int_equal(ses_history(x.s, NULL, &v, NULL), 2);
	assert_string_equal(v[0].word, "written");
	assert_string_equal(v[1].word, "written");
	assert_int_equal(v[0].mark, 0);
	scratch_close_all(&x);
}

/* --- secrets ------------------------------------------------------------------------
 */

static void
no_password_shows(void **state)
{
	const struct ses_history_row *v;
	const struct ses_rline *line;
	struct str text = {0};
	struct scratch x;

	(void)state;
	open_keeping(&x, "x = 1\n", "");
	set(&x, "smtp_sasl_password_maps", "static:user:s3cret");
	assert_int_equal(ses_history(x.s, NULL, &v, NULL), 1);
	assert_null(strstr(v[0].changes, "s3cret"));
	assert_null(strstr(ses_history_last(x.s), "s3cret"));
	assert_true(ses_history_text(x.s, &v[0], &text, NULL));
	assert_null(strstr(str_c(&text), "s3cret"));
	assert_non_null(strstr(str_c(&text), "****"));
	size_t n = ses_history_diff(x.s, &v[0], 0, &line, NULL);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++)
		assert_null(strstr(line[i].text, "s3cret"));
	str_free(&text);
	scratch_close_all(&x);
}

/* The table with the passwords is kept and comes back, and shows nothing. */
static void
no_password_of_a_table_shows(void **state)
{
	const struct ses_history_row *v;
	char main_cf[300], table[] = "[other]:25 u:0ther\n";
	struct str text = {0};
	struct scratch x;

	(void)state;
	open_keeping(&x, "", "");
	snprintf(main_cf, sizeof(main_cf),
		"relayhost = [mail.example]:587\n"
		"smtp_sasl_password_maps = texthash:%s/nets\n",
		x.dir);
	scratch_write(x.dir, "nets", table);
	scratch_write(x.dir, "main.cf", main_cf);
	assert_true(ses_reread(x.s, false, NULL));
	assert_true(ses_login_set(x.s, "hanako", "s3cret", NULL));
	apply(&x);
	assert_int_equal(ses_history(x.s, NULL, &v, NULL), 1);
	assert_null(strstr(v[0].changes, "s3cret"));
	assert_true(ses_history_text(x.s, &v[0], &text, NULL));
	assert_non_null(strstr(str_c(&text), "[mail.example]:587"));
	assert_null(strstr(str_c(&text), "s3cret"));
	assert_null(strstr(str_c(&text), "0ther"));
	assert_true(ses_history_undo(x.s, NULL));
	apply(&x);
	assert_file(&x, "nets", sv_of(table));
	assert_file(&x, "main.cf", sv_of(main_cf));
	str_free(&text);
	scratch_close_all(&x);
}

/* Back to where there was no such file: it becomes empty, and that is no secret. Removing
 * it would be worse where something still names it. */
static void
file_that_was_not_there_becomes_empty_and_says_so(void **state)
{
	struct ses_apply_view v;
	struct ses_review r;
	struct diags d = {0};
	struct scratch x;
	bool headed = false, told = false;

	(void)state;
	open_keeping(&x, "relayhost = [mail.example]:587\n", "");
	assert_true(ses_login_set(x.s, "hanako", "s3cret", NULL));
	apply(&x);
	ses_apply_view(x.s, &v);
	for (size_t i = 0; i < v.ndifferent; i++)
		assert_null(strstr(v.different[i], "empty"));
	assert_true(ses_history_restore(x.s, 0, &d));
	assert_said(&d, DIAG_FILE_MISSING);
	diag_clear(&d);
	ses_review(x.s, true, &r);
	for (size_t i = 0; i < r.nlines; i++)
		headed = headed || strstr(r.lines[i].text, "becomes an empty file");
	assert_true(headed);
	apply(&x);
	ses_apply_view(x.s, &v);
	for (size_t i = 0; i < v.ndifferent; i++)
		told = told ||
		       strstr(v.different[i], "/sasl_passwd is an empty file now.");
	assert_true(told);
	assert_file(&x, "sasl_passwd", sv_of(""));
	scratch_close_all(&x);
}

static void
history_that_cannot_be_read_is_not_called_empty(void **state)
{
	const struct ses_history_row *rows;
	struct diags d = {0};
	struct scratch x;
	char key[TXN_KEY_BYTES], path[300];

	(void)state;
	open_keeping(&x, "relayhost = [mail.example]:587\n", "");
	set(&x, "relayhost", "other.example");
	txn_key(x.dir, key);
	snprintf(path, sizeof(path), "%s/%s/history", x.state, key);
	assert_int_equal(chmod(path, 0755), 0);
	ses_history_again(x.s);
	assert_int_equal(ses_history(x.s, NULL, &rows, &d), 0);
	assert_true(diag_has_error(&d));
	diag_clear(&d);
	assert_false(ses_history_undo(x.s, &d));
	assert_said(&d, DIAG_APPLY_STATE);
	diag_clear(&d);
	assert_false(ses_history_restore(x.s, 0, &d));
	assert_said(&d, DIAG_APPLY_STATE);
	diag_clear(&d);
	scratch_close_all(&x);
}

/* What was proven before isn't proven of what was written. */
static void
an_apply_drops_the_proof(void **state)
{
	struct ses_verify v;
	struct scratch x;

	(void)state;
	open_keeping(&x, "myhostname = a.test\n", "postmaster: root\n");
	assert_true(ses_verify_start(x.s, &(struct ses_verify_opts){0}, NULL));
	ses_verify_wait(x.s, NULL, NULL);
	ses_verify_view(x.s, &v);
	assert_int_not_equal(v.rungs[0].state, SES_RUNG_NOT_YET);
	set(&x, "myhostname", "b.test");
	ses_verify_view(x.s, &v);
	assert_int_equal(v.rungs[0].state, SES_RUNG_NOT_YET);
	scratch_close_all(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_apply_drops_the_proof),
		cmocka_unit_test(applied_change_of_an_odd_file_is_undone_exactly),
		cmocka_unit_test(any_text_becomes_any_other),
		cmocka_unit_test(real_files_become_each_other),
		cmocka_unit_test(only_what_differs_is_a_change),
		cmocka_unit_test(rows_tell_undo_and_what_others_did),
		cmocka_unit_test(many_changes_are_counted),
		cmocka_unit_test(restore_leaves_untouched_files_alone),
		cmocka_unit_test(
			restore_wants_nothing_to_wait_and_a_number_that_is_there),
		cmocka_unit_test(file_with_nul_bytes_is_left_alone),
		cmocka_unit_test(cut_off_change_that_was_undone_is_no_change),
		cmocka_unit_test(written_file_is_told_without_its_end),
		cmocka_unit_test(no_password_shows),
		cmocka_unit_test(no_password_of_a_table_shows),
		cmocka_unit_test(file_that_was_not_there_becomes_empty_and_says_so),
		cmocka_unit_test(history_that_cannot_be_read_is_not_called_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
