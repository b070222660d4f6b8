/* SPDX-License-Identifier: MIT
 *
 * Cases that a hostile reviewer and a random walk found: each one was wrong once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "session/aliases.h"
#include "session/interfaces.h"
#include "session/internal.h"
#include "session/networks.h"
#include "session/params.h"
#include "session/relay.h"
#include "session/review.h"
#include "scratch.h"

/* Rows as "text" one a line: # off, - removed, + new, * edited. */
static void
assert_rows(struct scratch *x, const char *want)
{
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(x->s, &rows);
	struct str got = {0};

	for (size_t i = 0; i < n; i++)
		str_addf(&got, "%s%s%s%s%s\n", rows[i].removed ? "-" : "",
			rows[i].is_new ? "+" : "", rows[i].edited ? "*" : "",
			rows[i].off ? "#" : "", rows[i].text);
	assert_string_equal(str_c(&got), want);
	str_free(&got);
}

static void
failed_first_edit_leaves_nothing_and_keeps_redo(void **state)
{
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "");
	ses_wait(x.s, SES_ASK_DERIVED, NULL);
	assert_true(ses_param_set(x.s, "relayhost", "b", NULL));
	assert_non_null(ses_undo(x.s));
	assert_false(ses_net_move(x.s, &(size_t){0}, -1, NULL));
	assert_false(ses_net_edit(x.s, 0, "a b", NULL, NULL));
	assert_diff(&x, "");
	assert_string_equal(ses_redo(x.s), "relayhost");
	assert_null(ses_redo(x.s));
	scratch_close(&x);
}

static void
failed_part_of_a_group_leaves_the_rest_of_it(void **state)
{
	struct ses_net_new bad = {.text = "10.1.0.0/16, #x", .before = SIZE_MAX};
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\nmynetworks = 10.0.0.1\n", "");
	ses_begin(x.s, "setup");
	assert_true(ses_param_set(x.s, "relayhost", "[b]", NULL));
	assert_false(ses_net_add(x.s, &bad, NULL, NULL));
	assert_true(ses_param_set(x.s, "myorigin", "c", NULL));
	ses_end(x.s);
	assert_diff(&x, "-relayhost = a\n+relayhost = [b]\n+myorigin = c\n");
	assert_string_equal(ses_undo(x.s), "setup");
	assert_diff(&x, "");
	assert_null(ses_undo(x.s));
	scratch_close(&x);
}

static void
moved_row_stands_once_and_edited_row_beside_a_new_one(void **state)
{
	struct ses_net_new new = {.text = "10.4.0.0/16", .before = 0};
	struct scratch x;
	size_t row = 2;

	(void)state;
	scratch_open(&x, "mynetworks = 10.1.0.0/16 10.2.0.0/16 10.3.0.0/16\n", "");
	assert_true(ses_net_move(x.s, &row, -1, NULL));
	assert_true(ses_net_move(x.s, &row, -1, NULL));
	assert_rows(&x, "10.3.0.0/16\n*10.1.0.0/16\n*10.2.0.0/16\n");
	assert_true(ses_net_edit(x.s, 1, "10.9.0.0/16", NULL, NULL));
	assert_true(ses_net_add(x.s, &new, NULL, NULL));
	assert_true(ses_net_remove(x.s, 3, NULL));
	assert_int_equal(ses_net_rows(x.s, &(const struct ses_net_row *){NULL}), 4);
	scratch_close(&x);
}

static void
several_networks_on_a_line_are_edited_one_by_one(void **state)
{
	struct scratch x;
	size_t row = 1;

	(void)state;
	scratch_open(&x, "mynetworks = $config_directory/nets\n", "");
	scratch_write(x.dir, "nets", "10.1.0.1, 10.1.0.2\n10.1.0.3\n");
	ses_net_open(x.s, 0, true);
	assert_true(ses_net_toggle(x.s, 1, NULL));
	assert_diff(&x, "-10.1.0.1, 10.1.0.2\n+#10.1.0.1\n+10.1.0.2\n");
	assert_non_null(ses_undo(x.s));
	assert_true(ses_net_edit(x.s, 2, "10.1.0.9", "copier", NULL));
	assert_diff(&x, "-10.1.0.1, 10.1.0.2\n+10.1.0.1,\n+# copier\n+10.1.0.9\n");
	assert_non_null(ses_undo(x.s));
	row = 2;
	assert_false(ses_net_move(x.s, &row, 1, NULL));
	assert_diff(&x, "");
	scratch_close(&x);
}

static void
row_moves_in_a_file_with_its_note(void **state)
{
	struct scratch x;
	size_t row = 2;

	(void)state;
	scratch_open(&x, "mynetworks = $config_directory/nets\n", "");
	scratch_write(x.dir, "nets", "10.1.0.1\n\n# copier\n#10.1.0.2");
	ses_net_open(x.s, 0, true);
	assert_true(ses_net_move(x.s, &row, -1, NULL));
	assert_int_equal(row, 1);
	assert_diff(&x, "-10.1.0.1\n-\n-#10.1.0.2\n+#10.1.0.2\n+\n+10.1.0.1\n");
	scratch_close(&x);
}

static void
remark_behind_a_network_comes_to_no_line_start(void **state)
{
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = $config_directory/nets\n", "");
	scratch_write(x.dir, "nets", "10.1.0.1 # odd\n#inline:{{a = OK}}\n");
	ses_net_open(x.s, 0, true);
	assert_false(ses_net_remove(x.s, 1, NULL)); /* "# odd" would be a comment */
	assert_diff(&x, "");
	assert_rows(&x, "$config_directory/nets\n10.1.0.1\n#\nodd\n#inline:{{a = OK}}\n");
	scratch_close(&x);
}

static void
network_is_not_added_to_a_file_that_refuses(void **state)
{
	struct ses_net_new new = {.text = "10.4.0.0/16", .before = SIZE_MAX};
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = !$config_directory/nets\n", "");
	scratch_write(x.dir, "nets", "10.1.0.1\n");
	assert_true(ses_net_add(x.s, &new, NULL, NULL));
	assert_diff(&x, "-mynetworks = !$config_directory/nets\n"
			"+mynetworks = !$config_directory/nets, 10.4.0.0/16\n");
	scratch_close(&x);
}

static void
line_that_counts_for_nothing_stays_so(void **state)
{
	struct ses_net_new new = {.text = "10.4.0.0/16", .before = SIZE_MAX};
	struct diags d = {0};
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = $config_directory/nets\n", "");
	scratch_write(x.dir, "nets", "#10.1.0.1\n   10.9.9.9\n");
	assert_false(ses_net_add(x.s, &new, NULL, &d));
	assert_int_equal(d.v[0].code, DIAG_CF_ORPHAN);
	assert_diff(&x, "");
	diag_clear(&d);
	scratch_close(&x);
}

static void
public_derived_row_is_edited_without_the_others(void **state)
{
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "");
	ses_wait(x.s, SES_ASK_DERIVED, NULL);
	assert_true(ses_net_toggle(x.s, 2, NULL)); /* 203.0.113.0/24 */
	assert_diff(&x, "+mynetworks = 127.0.0.0/8,\n+    192.168.1.0/24,\n"
			"+    #203.0.113.0/24\n+    [::1]/128\n");
	scratch_close(&x);
}

static void
derived_row_moves_and_is_written(void **state)
{
	struct scratch x;
	size_t row = 1;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "");
	ses_wait(x.s, SES_ASK_DERIVED, NULL);
	assert_true(ses_net_move(x.s, &row, -1, NULL));
	assert_diff(&x, "+mynetworks = 192.168.1.0/24, 127.0.0.0/8, [::1]/128\n");
	scratch_close(&x);
}

static void
description_alone_is_a_change_and_goes_with_its_alias(void **state)
{
	const char *targets[] = {"b"};
	struct ses_alias_edit e = {
		.name = "a", .targets = targets, .n = 1, .note = "the copier"};
	const struct ses_change *v;
	uint32_t id = SES_ALIAS_NEW;
	struct scratch x;

	(void)state;
	scratch_open(&x, "", "a: b\n\nc: d\n");
	assert_true(ses_alias_find(x.s, "a", &id));
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	assert_int_equal(ses_changes(x.s, &v), 1);
	assert_string_equal(v[0].name, "a");
	assert_true(ses_change_drop(x.s, 0, NULL));
	assert_diff(&x, "");
	e.name = "new";
	id = SES_ALIAS_NEW;
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	assert_int_equal(ses_changes(x.s, &v), 1);
	assert_true(ses_change_drop(x.s, 0, NULL));
	assert_diff(&x, "");
	assert_int_equal(ses_changes(x.s, &v), 0);
	assert_false(ses_alias_remove(x.s, id, NULL));
	scratch_close(&x);
}

static void
alias_removed_and_made_again_is_no_change(void **state)
{
	const char *targets[] = {"b"};
	struct ses_alias_edit e = {.name = "a", .targets = targets, .n = 1};
	const struct ses_change *v;
	uint32_t id;
	struct scratch x;

	(void)state;
	scratch_open(&x, "", "c: d\na: b\n");
	assert_true(ses_alias_find(x.s, "a", &id));
	assert_true(ses_alias_remove(x.s, id, NULL));
	id = SES_ALIAS_NEW;
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	assert_int_equal(ses_changes(x.s, &v), 0);
	scratch_close(&x);
}

static void
comment_that_went_with_a_new_alias_is_a_change(void **state)
{
	const char *targets[] = {"b"};
	struct ses_alias_edit e = {.name = "a", .targets = targets, .n = 1};
	const struct ses_change *v;
	uint32_t id = SES_ALIAS_NEW;
	struct scratch x;

	(void)state;
	scratch_open(&x, "", "# Note: prose\n");
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	assert_true(ses_alias_remove(x.s, id, NULL));
	assert_diff(&x, "-# Note: prose\n");
	assert_int_equal(ses_changes(x.s, &v), 1);
	assert_true(ses_change_drop(x.s, 0, NULL));
	assert_diff(&x, "");
	scratch_close(&x);
}

static void
bad_line_is_found_where_it_stands_now(void **state)
{
	struct scratch x;

	(void)state;
	scratch_open(&x, "a = 1\nmyorigin = b\ngarbage\n", "");
	assert_true(ses_param_unset(x.s, "a", NULL));
	assert_true(ses_line_comment_out(x.s, 2, NULL));
	assert_diff(&x, "-a = 1\n-garbage\n+#garbage\n");
	scratch_close(&x);
}

static void
moved_old_error_does_not_hold(void **state)
{
	struct ses_review r;
	struct scratch x;

	(void)state;
	scratch_open(&x,
		"mydomain = x\nmynetworks = $config_directory/missing, "
		"10.0.0.5/8\ngarbage\n",
		"");
	assert_true(ses_param_unset(x.s, "mydomain", NULL));
	ses_review(x.s, true, &r);
	assert_int_equal(r.nholds, 0);
	assert_true(r.nstays >= 3);
	scratch_close(&x);
}

static size_t
told_of_missing(struct session *s)
{
	const struct diags *d = ses_findings(s);
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += d->v[i].code == DIAG_NET_FILE || d->v[i].code == DIAG_FILE_MISSING;
	return n;
}

static void
missing_file_is_told_once_and_not_when_its_row_is_gone(void **state)
{
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = $config_directory/missing, 127.0.0.0/8\n", "");
	assert_int_equal(told_of_missing(x.s), 1);
	assert_true(ses_net_remove(x.s, 0, NULL));
	assert_int_equal(told_of_missing(x.s), 0);
	scratch_close(&x);
}

/* mydomain isn't in the file: its default is cut from myhostname. */
static void
finding_goes_with_what_a_default_was_made_of(void **state)
{
	const struct diags *d;
	size_t n = 0;
	struct scratch x;

	(void)state;
	scratch_open(&x, "myhostname = relay.test\nmynetworks = $mydomain\n", "");
	ses_wait(x.s, SES_ASK_DEFAULTS, NULL);
	d = ses_findings(x.s);
	for (size_t i = 0; i < d->n; i++)
		n += strstr(d->v[i].text, "\"test\" lets strangers relay") != NULL;
	assert_int_equal(n, 1);
	assert_true(ses_param_toggle(x.s, "myhostname", NULL));
	d = ses_findings(x.s);
	for (size_t i = 0; i < d->n; i++)
		assert_null(strstr(d->v[i].text, "\"test\" lets strangers relay"));
	scratch_close(&x);
}

static void
rows_and_strings_outlive_a_review(void **state)
{
	const struct ses_net_row *rows;
	struct ses_review r;
	struct ses_param p;
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = 127.0.0.0/8\n", "");
	assert_true(ses_net_edit(x.s, 0, "10.0.0.0/8", "net ten", NULL));
	ses_net_rows(x.s, &rows);
	ses_param_get(x.s, "mynetworks", &p);
	ses_review(x.s, true, &r);
	assert_string_equal(rows[0].text, "10.0.0.0/8");
	assert_string_equal(rows[0].note, "net ten");
	assert_string_equal(p.value, "10.0.0.0/8");
	scratch_close(&x);
}

static void
table_rows_are_not_judged_as_networks(void **state)
{
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = cidr:$config_directory/nets\n", "");
	scratch_write(x.dir, "nets", "2001:db8::/32 OK\n");
	ses_net_open(x.s, 0, true);
	assert_int_equal(diag_count(ses_findings(x.s), SEV_ERROR), 0);
	assert_true(ses_net_toggle(x.s, 1, NULL));
	assert_diff(&x, "-2001:db8::/32 OK\n+#2001:db8::/32 OK\n");
	scratch_close(&x);
}

static void
comments_in_inet_interfaces_are_no_words(void **state)
{
	const struct ses_if_row *rows;
	struct scratch x;
	size_t n;

	(void)state;
	scratch_open(
		&x, "inet_interfaces = 127.0.0.1\n  #192.168.1.1\n  192.168.2.1\n", "");
	n = ses_if_rows(x.s, &rows);
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].addr, "192.168.2.1") == 0) {
			assert_true(ses_if_tick(x.s, i, false, NULL));
			break;
		}
	assert_diff(&x, "-  192.168.2.1\n");
	scratch_close(&x);
}

static void
part_of_an_unreadable_relayhost_is_not_changed(void **state)
{
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = [a.test, b.test\n", "");
	assert_false(ses_relay_set_port(x.s, 0, "587", NULL));
	assert_false(ses_relay_remove(x.s, 0, NULL));
	assert_diff(&x, "");
	scratch_close(&x);
}

static void
saved_alias_that_was_removed_is_no_row(void **state)
{
	struct fileid id = {.exists = true};
	struct ses_alias a;
	struct scratch x;
	uint32_t gone;

	(void)state;
	scratch_open(&x, "", "a: b\nc: d\n");
	assert_true(ses_alias_find(x.s, "a", &gone));
	assert_true(ses_alias_remove(x.s, gone, NULL));
	assert_int_equal(ses_alias_shown(x.s), 2);
	file_mark_saved(aliases_file(x.s), &id); /* as after an apply */
	ses_alias_filter(x.s, "x");
	ses_alias_filter(x.s, "");
	assert_int_equal(ses_alias_shown(x.s), 1);
	assert_diff(&x, "");
	assert_non_null(ses_undo(x.s));
	assert_diff(&x, "+a: b\n");
	assert_true(ses_alias_by_id(x.s, gone, &a));
	assert_true(a.is_new);
	assert_non_null(ses_redo(x.s));
	assert_diff(&x, "");
	ses_alias_filter(x.s, "x");
	ses_alias_filter(x.s, "");
	assert_int_equal(ses_alias_shown(x.s), 1);
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failed_first_edit_leaves_nothing_and_keeps_redo),
		cmocka_unit_test(failed_part_of_a_group_leaves_the_rest_of_it),
		cmocka_unit_test(moved_row_stands_once_and_edited_row_beside_a_new_one),
		cmocka_unit_test(several_networks_on_a_line_are_edited_one_by_one),
		cmocka_unit_test(row_moves_in_a_file_with_its_note),
		cmocka_unit_test(remark_behind_a_network_comes_to_no_line_start),
		cmocka_unit_test(network_is_not_added_to_a_file_that_refuses),
		cmocka_unit_test(line_that_counts_for_nothing_stays_so),
		cmocka_unit_test(public_derived_row_is_edited_without_the_others),
		cmocka_unit_test(derived_row_moves_and_is_written),
		cmocka_unit_test(description_alone_is_a_change_and_goes_with_its_alias),
		cmocka_unit_test(alias_removed_and_made_again_is_no_change),
		cmocka_unit_test(comment_that_went_with_a_new_alias_is_a_change),
		cmocka_unit_test(bad_line_is_found_where_it_stands_now),
		cmocka_unit_test(moved_old_error_does_not_hold),
		cmocka_unit_test(missing_file_is_told_once_and_not_when_its_row_is_gone),
		cmocka_unit_test(finding_goes_with_what_a_default_was_made_of),
		cmocka_unit_test(rows_and_strings_outlive_a_review),
		cmocka_unit_test(table_rows_are_not_judged_as_networks),
		cmocka_unit_test(comments_in_inet_interfaces_are_no_words),
		cmocka_unit_test(part_of_an_unreadable_relayhost_is_not_changed),
		cmocka_unit_test(saved_alias_that_was_removed_is_no_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
