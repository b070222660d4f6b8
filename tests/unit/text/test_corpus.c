/* SPDX-License-Identifier: MIT
 *
 * Files from real machines, where PR_CORPUS names a folder of them: saved as they were,
 * read as postconf -n read them, and an edit touches only its parameter's lines. Without
 * PR_CORPUS all of it is skipped.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/maincf.h"
#include "text/table.h"
#include "text/vlist.h"

static const char *const names[] = {"relayhost", "mynetworks", "inet_interfaces",
	"myhostname", "mydestination", "alias_maps", "smtp_tls_security_level",
	"smtpd_relay_restrictions", "message_size_limit", "smtpd_banner",
	"smtp_sasl_auth_enable", "virtual_alias_maps", "no_such_parameter"};
#define NAMES (sizeof(names) / sizeof(*names))

static bool
read_file(const char *path, struct str *out)
{
	FILE *f = fopen(path, "rbe");
	char buf[8192];
	size_t n;

	str_clear(out);
	if (!f)
		return false;
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_add(out, buf, n);
	fclose(f);
	return true;
}

/* Call visit for each file of a folder of the corpus. */
static void
each_file(const char *folder, void (*visit)(const char *name, const struct str *bytes))
{
	const char *corpus = getenv("PR_CORPUS");
	struct str bytes = {0};
	struct dirent *e;
	char *path;
	size_t n = 0;
	DIR *dir;

	if (!corpus) {
		print_message("skipped: PR_CORPUS is not set\n");
		skip();
	}
	path = str_format("%s/%s", corpus, folder);
	dir = opendir(path);
	assert_non_null(dir);
	while ((e = readdir(dir))) {
		char *file = str_format("%s/%s", path, e->d_name);

		if (e->d_name[0] != '.' && read_file(file, &bytes)) {
			visit(e->d_name, &bytes);
			n++;
		}
		free(file);
	}
	closedir(dir);
	free(path);
	str_free(&bytes);
	assert_true(n > 0);
	print_message("%zu files of %s\n", n, folder);
}

static void
load(struct doc *d, const struct str *s)
{
	mcf_load(d, mem_strndup(str_c(s), s->n), s->n, NULL);
}

static void
assert_same(const struct doc *d, const struct str *want)
{
	struct str out = {0};

	doc_bytes(d, &out);
	assert_true(sv_eq(str_sv(&out), str_sv(want)));
	str_free(&out);
}

static void
visit_identity(const char *name, const struct str *bytes)
{
	struct doc d;
	(void)name;

	load(&d, bytes);
	assert_same(&d, bytes);
	doc_free(&d);
	for (int form = TBL_MAP; form <= TBL_NETS; form++) {
		tbl_load(&d, (enum tbl_form)form, mem_strndup(str_c(bytes), bytes->n),
			bytes->n, NULL);
		assert_same(&d, bytes);
		doc_free(&d);
	}
}

static void
maincf_unedited_is_saved_as_it_was(void **state)
{
	(void)state;
	each_file("main.cf", visit_identity);
}

static void
table_unedited_is_saved_as_it_was(void **state)
{
	(void)state;
	each_file("tables", visit_identity);
}

static bool
has_bad_line(const struct doc *d)
{
	for (size_t i = 0; i < d->norder; i++)
		if (doc_entry(d, d->order[i])->kind == ENTRY_BAD)
			return true;
	return false;
}

static void
compare_values(const struct doc *d, const char *file, struct sv oracle)
{
	struct str got = {0};
	struct sv line;

	while (sv_line(&oracle, &line)) {
		ptrdiff_t eq = sv_find_sv(line, sv_of(" ="));
		struct sv name = sv_sub(line, 0, (size_t)eq), want;
		uint32_t id = mcf_find(d, name);

		want = sv_trim(sv_sub(line, (size_t)eq + 2, line.n));
		if (id == DOC_NO_ID && sv_eq_str(name, "config_directory"))
			continue;
		if (id == DOC_NO_ID)
			fail_msg("%s: %.*s not found", file, (int)name.n, name.p);
		str_clear(&got);
		mcf_value_shown(d, id, &got);
		if (!sv_eq(str_sv(&got), want) && !sv_eq_str(name, "config_directory"))
			fail_msg("%s: %.*s is '%s', not '%.*s'", file, (int)name.n,
				name.p, str_c(&got), (int)want.n, want.p);
	}
	str_free(&got);
}

static void
visit_oracle(const char *name, const struct str *bytes)
{
	char *path = str_format("%s/oracle/main.cf/%s.n.out", getenv("PR_CORPUS"), name);
	struct str oracle = {0};
	struct doc d;

	assert_true(read_file(path, &oracle));
	load(&d, bytes);
	assert_int_equal(has_bad_line(&d), oracle.n == 0);
	compare_values(&d, name, str_sv(&oracle));
	doc_free(&d);
	str_free(&oracle);
	free(path);
}

static void
maincf_values_are_those_of_postconf(void **state)
{
	(void)state;
	each_file("main.cf", visit_oracle);
}

static uint32_t
count_lines(struct sv v)
{
	struct sv line;
	uint32_t n = 0;

	while (sv_line(&v, &line))
		n++;
	return n;
}

/* Only loaded lines first .. last (from 1) may differ; last < first: only new lines. */
static void
assert_changed_within(struct sv a, struct sv b, uint32_t first, uint32_t last)
{
	uint32_t head = 0, lines = count_lines(a);
	size_t tail = 0;
	struct sv x = a, y = b, la, lb;

	while (sv_line(&x, &la) && sv_line(&y, &lb) &&
		sv_eq(sv_trim(la), sv_trim(lb))) /* a last line may get its line end */
		head++;
	assert_true(head + 1 >= first || head >= lines);
	while (tail < a.n && tail < b.n && a.p[a.n - 1 - tail] == b.p[b.n - 1 - tail])
		tail++;
	/* count whole lines of a that are in the common tail */
	assert_true(
		count_lines(sv_sub(a, 0, a.n - tail)) <= (last < first ? first : last));
}

static void
visit_edits(const char *file, const struct str *bytes)
{
	static const char *const values[] = {"x", "a, b, c", ""};
	struct str was = {0}, now = {0};

	for (size_t i = 0; i < NAMES * 3; i++) {
		struct sv name = sv_of(names[i / 3]), value = sv_of(values[i % 3]);
		struct entry e;
		struct doc d;
		uint32_t id, line;
		bool had;

		load(&d, bytes);
		id = mcf_find(&d, name);
		had = id != DOC_NO_ID;
		str_clear(&was);
		if (had)
			mcf_value_shown(&d, id, &was);
		id = mcf_set(&d, name, value);
		assert_int_not_equal(id, DOC_NO_ID);
		str_clear(&now);
		doc_bytes(&d, &now);
		line = doc_line_now(&d, id);
		if (doc_loaded(&d, id, &e))
			assert_changed_within(str_sv(bytes), str_sv(&now), e.line,
				e.line + count_lines(doc_span(&d, e.text)) - 1);
		else
			assert_changed_within(
				str_sv(bytes), str_sv(&now), line, line - 1);
		if (had)
			mcf_set(&d, name, str_sv(&was));
		else
			mcf_unset(&d, name);
		assert_same(&d, bytes);
		if (had && mcf_comment_out_all(&d, name)) {
			assert_int_not_equal(mcf_bring_back(&d, name), DOC_NO_ID);
			assert_int_not_equal(mcf_find(&d, name), DOC_NO_ID);
		}
		doc_free(&d);
	}
	(void)file;
	str_free(&was);
	str_free(&now);
}

static void
maincf_edits_touch_only_their_lines(void **state)
{
	(void)state;
	each_file("main.cf", visit_edits);
}

/* Every item of every list, out and back: the others stay as Postfix reads them. */
static void
visit_items(const char *file, const struct str *bytes)
{
	struct doc d;
	size_t pos = 0;
	uint32_t id;

	load(&d, bytes);
	while (mcf_each(&d, sv_of("mynetworks"), &pos, &id)) {
		struct vl_text t = {doc_text(&d, id), mcf_value_offset(&d, id), NULL};
		struct vl_list l, m;

		vl_parse(&t, &l);
		for (size_t i = 0; i < l.n; i++) {
			struct str out = {0};
			struct vl_text u = t;

			if (!vl_set_on(&t, i, false, &out))
				continue;
			u.raw = str_sv(&out);
			vl_parse(&u, &m);
			if (m.n != l.n || !m.v[i].is_off)
				fail_msg("%s: item %zu:\n%s", file, i, str_c(&out));
			vl_free(&m);
			str_free(&out);
		}
		vl_free(&l);
	}
	doc_free(&d);
}

static void
maincf_networks_can_be_turned_off(void **state)
{
	(void)state;
	each_file("main.cf", visit_items);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maincf_unedited_is_saved_as_it_was),
		cmocka_unit_test(table_unedited_is_saved_as_it_was),
		cmocka_unit_test(maincf_values_are_those_of_postconf),
		cmocka_unit_test(maincf_edits_touch_only_their_lines),
		cmocka_unit_test(maincf_networks_can_be_turned_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
