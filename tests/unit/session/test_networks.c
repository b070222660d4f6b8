/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "session/internal.h"
#include "session/networks.h"
#include "session/params.h"
#include "session/review.h"
#include "scratch.h"

static size_t
row_of(struct scratch *x, const char *text)
{
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(x->s, &rows);

	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].text, text) == 0 && !rows[i].removed)
			return i;
	return SIZE_MAX;
}

static void
add_unset_keeps_private_derived_rows(void **state)
{
	struct ses_net_new new = {.text = "192.168.3.0/24", .before = SIZE_MAX};
	const char *said = NULL;
	struct diags d = {0};
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "");
	assert_true(ses_net_add(x.s, &new, &said, &d));
	assert_non_null(said);
	assert_diff(&x,
		"+mynetworks = 127.0.0.0/8, 192.168.1.0/24, [::1]/128, 192.168.3.0/24\n");
	assert_int_equal(d.n, 1);
	assert_int_equal(d.v[0].code, DIAG_NET_PUBLIC);
	assert_non_null(ses_undo(x.s));
	assert_diff(&x, "");
	diag_clear(&d);
	scratch_close(&x);
}

static void
add_unset_with_public_keeps_all(void **state)
{
	struct ses_net_new new = {
		.text = "10.1.0.0/16", .before = SIZE_MAX, .with_public = true};
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "");
	assert_true(ses_net_add(x.s, &new, NULL, NULL));
	assert_diff(&x,
		"+mynetworks = 127.0.0.0/8, 192.168.1.0/24, 203.0.113.0/24, [::1]/128,\n"
		"+    10.1.0.0/16\n");
	scratch_close(&x);
}

/* A text for each of them would fill the memory where the list is long. */
static void
many_at_once_are_one_edit(void **state)
{
	struct ses_net_new new = {
		.text = "10.1.0.0/16, 10.2.0.0/16 10.3.0.0/16", .before = 1};
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = 127.0.0.0/8,\n    192.168.1.0/24\n", "");
	assert_true(ses_net_add(x.s, &new, NULL, NULL));
	assert_diff(&x, "+    10.1.0.0/16,\n+    10.2.0.0/16,\n+    10.3.0.0/16,\n");
	assert_int_equal(x.s->undo.nrec, 1);
	new.text = "10.4.0.0/16, #x";
	assert_false(ses_net_add(x.s, &new, NULL, NULL));
	assert_int_equal(x.s->undo.nrec, 1);
	scratch_close(&x);
}

static void
rows_of_a_value_show_kind_note_and_state(void **state)
{
	const struct ses_net_row *rows;
	struct scratch x;
	size_t n;

	(void)state;
	scratch_open(&x,
		"mynetworks = 127.0.0.0/8,\n"
		"    # the copier team\n"
		"    192.168.3.5/24,\n"
		"    #10.0.0.0/8\n"
		"    !192.168.1.250, printers.test\n",
		"");
	n = ses_net_rows(x.s, &rows);
	assert_int_equal(n, 5);
	assert_string_equal(rows[0].kind, "net");
	assert_string_equal(rows[1].note, "the copier team");
	assert_string_equal(rows[1].repair, "192.168.3.0/24");
	assert_int_equal(rows[1].finding->code, DIAG_NET_HOSTBITS);
	assert_int_equal(rows[1].line, 3);
	assert_true(rows[2].off);
	assert_string_equal(rows[3].kind, "except");
	assert_string_equal(rows[4].kind, "name");
	scratch_close(&x);
}

static void
mend_writes_the_repair_and_nothing_else(void **state)
{
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = 127.0.0.0/8,  192.168.3.5/24 10.0.0.1\n", "");
	assert_true(ses_net_mend(x.s, row_of(&x, "192.168.3.5/24"), NULL));
	assert_diff(&x, "-mynetworks = 127.0.0.0/8,  192.168.3.5/24 10.0.0.1\n"
			"+mynetworks = 127.0.0.0/8,  192.168.3.0/24 10.0.0.1\n");
	scratch_close(&x);
}

static void
remove_row_stays_visible_until_applied(void **state)
{
	const struct ses_net_row *rows;
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = 127.0.0.0/8, 10.0.0.0/8, 192.168.1.0/24\n", "");
	assert_true(ses_net_remove(x.s, row_of(&x, "10.0.0.0/8"), NULL));
	assert_int_equal(ses_net_rows(x.s, &rows), 3);
	assert_string_equal(rows[1].text, "10.0.0.0/8");
	assert_true(rows[1].removed);
	assert_false(rows[2].is_new);
	assert_false(ses_net_remove(x.s, 1, NULL));
	scratch_close(&x);
}

static void
toggle_there_and_back_gives_the_same_items(void **state)
{
	struct ses_param p;
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = 127.0.0.0/8, 10.0.0.0/8\n", "");
	assert_true(ses_net_toggle(x.s, row_of(&x, "10.0.0.0/8"), NULL));
	ses_param_get(x.s, "mynetworks", &p);
	assert_string_equal(p.value, "127.0.0.0/8");
	assert_true(ses_net_toggle(x.s, row_of(&x, "10.0.0.0/8"), NULL));
	ses_param_get(x.s, "mynetworks", &p);
	assert_string_equal(p.value, "127.0.0.0/8, 10.0.0.0/8");
	scratch_close(&x);
}

static void
file_is_followed_edited_and_listed_in_changes(void **state)
{
	struct ses_net_new new = {
		.text = "10.21.4.9", .note = "copier", .before = SIZE_MAX};
	const struct ses_net_row *rows;
	const struct ses_change *changes;
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = $config_directory/nets\n", "");
	scratch_write(x.dir, "nets", "# heading\n\n# branch Osaka\n10.20.0.0/16\n");
	assert_int_equal(ses_net_rows(x.s, &rows), 1);
	assert_true(rows[0].expandable);
	assert_string_equal(rows[0].count, "1");
	ses_net_open(x.s, 0, true);
	assert_int_equal(ses_net_rows(x.s, &rows), 2);
	assert_int_equal(rows[1].depth, 1);
	assert_int_equal(rows[1].line, 4);
	assert_string_equal(rows[1].note, "branch Osaka");
	assert_true(ses_net_add(x.s, &new, NULL, NULL));
	assert_diff(&x, "+# copier\n+10.21.4.9\n");
	assert_true(ses_changes(x.s, &changes) >= 1);
	assert_true(ses_net_remove(x.s, row_of(&x, "10.20.0.0/16"), NULL));
	assert_diff(&x, "-# branch Osaka\n-10.20.0.0/16\n+# copier\n+10.21.4.9\n");
	assert_non_null(ses_undo(x.s));
	assert_non_null(ses_undo(x.s));
	assert_diff(&x, "");
	scratch_close(&x);
}

static void
move_changes_places_in_the_value(void **state)
{
	struct ses_param p;
	struct scratch x;
	size_t row;

	(void)state;
	scratch_open(&x, "mynetworks = 192.168.1.0/24, !192.168.1.250\n", "");
	row = row_of(&x, "!192.168.1.250");
	assert_true(ses_net_move(x.s, &row, -1, NULL));
	assert_int_equal(row, 0);
	ses_param_get(x.s, "mynetworks", &p);
	assert_string_equal(p.value, "!192.168.1.250, 192.168.1.0/24");
	assert_false(ses_net_move(x.s, &row, -1, NULL));
	scratch_close(&x);
}

static void
judge_typed_text_in_each_state(void **state)
{
	static const struct {
		const char *typed;
		bool incomplete, good;
		const char *repair;
		int sev; /* of the words, -1: none */
	} rows[] = {{"192.168.", true, false, NULL, -1},
		{"192.168.3.0/24", false, true, NULL, -1},
		{"192.168.3.5/24", false, false, "192.168.3.0/24", SEV_ERROR},
		{"::1", false, false, "[::1]", SEV_ERROR},
		{"203.0.113.0/24", false, true, NULL, SEV_ERROR},
		{"0.0.0.0/0, 10.1.0.0/16", false, true, NULL, SEV_ERROR},
		{"203.0.113.9", false, true, NULL, SEV_NOTE},
		{"copier.example.co.jp", false, true, NULL, SEV_WARN},
		{"!203.0.113.0/24", false, true, NULL, -1}};
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = 127.0.0.0/8\n", "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ses_net_verdict v;

		ses_net_judge(x.s, rows[i].typed, &v);
		if (rows[i].incomplete) {
			assert_true(v.incomplete);
			continue;
		}
		assert_int_equal(v.good, rows[i].good);
		assert_int_equal(v.text[0] ? (int)v.sev : -1, rows[i].sev);
		if (rows[i].repair)
			assert_string_equal(v.repair, rows[i].repair);
		if (strchr(rows[i].typed, ','))
			assert_string_equal(v.covers, "2 entries");
	}
	scratch_close(&x);
}

static void
hints_are_the_nics_segments_not_yet_covered(void **state)
{
	const struct ses_net_row *rows;
	const struct ses_net_hint *v;
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = 127.0.0.0/8, 192.168.1.0/24\n", "");
	assert_int_equal(ses_net_hints(x.s, &v), 2);
	assert_string_equal(v[0].text, "192.168.2.0/24");
	assert_false(v[0].is_public);
	assert_string_equal(v[1].text, "203.0.113.0/24");
	assert_true(v[1].is_public);
	scratch_close(&x);

	/* A closed file's rows count, too, also where several stand on a line. */
	scratch_open(&x, "mynetworks = $config_directory/nets\n", "");
	scratch_write(x.dir, "nets",
		"# branch\n10.0.0.0/8 192.168.1.0/24 172.16.0.0/12\n192.168.2.0/24\n");
	assert_int_equal(ses_net_rows(x.s, &rows), 1);
	assert_string_equal(rows[0].count, "4");
	assert_int_equal(ses_net_hints(x.s, &v), 1);
	assert_string_equal(v[0].text, "203.0.113.0/24");
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(add_unset_keeps_private_derived_rows),
		cmocka_unit_test(add_unset_with_public_keeps_all),
		cmocka_unit_test(many_at_once_are_one_edit),
		cmocka_unit_test(rows_of_a_value_show_kind_note_and_state),
		cmocka_unit_test(mend_writes_the_repair_and_nothing_else),
		cmocka_unit_test(remove_row_stays_visible_until_applied),
		cmocka_unit_test(toggle_there_and_back_gives_the_same_items),
		cmocka_unit_test(file_is_followed_edited_and_listed_in_changes),
		cmocka_unit_test(move_changes_places_in_the_value),
		cmocka_unit_test(judge_typed_text_in_each_state),
		cmocka_unit_test(hints_are_the_nics_segments_not_yet_covered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
