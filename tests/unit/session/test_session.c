/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "session/aliases.h"
#include "session/interfaces.h"
#include "session/params.h"
#include "session/relay.h"
#include "session/review.h"
#include "scratch.h"

static void
assert_diff(struct scratch *x, const char *want)
{
	char *got = scratch_diff(x);

	assert_string_equal(got, want);
	free(got);
}

static void
undo_and_redo_walk_over_both_files(void **state)
{
	const char *targets[] = {"root"};
	struct ses_alias_edit e = {.name = "test-str-001", .targets = targets, .n = 1};
	uint32_t id = SES_ALIAS_NEW;
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "postmaster: root\n");
	ses_begin(x.s, "both");
	assert_true(ses_param_set(x.s, "relayhost", "[b]", NULL));
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	ses_end(x.s);
	assert_diff(&x, "-relayhost = a\n+relayhost = [b]\n+test-str-001: root\n");
	assert_string_equal(ses_undo(x.s), "both");
	assert_diff(&x, "");
	assert_null(ses_undo(x.s));
	assert_string_equal(ses_redo(x.s), "both");
	assert_diff(&x, "-relayhost = a\n+relayhost = [b]\n+test-str-001: root\n");
	assert_null(ses_redo(x.s));
	scratch_close(&x);
}

static void
changes_set_back_by_hand_are_none(void **state)
{
	const struct ses_change *v;
	struct scratch x;

	(void)state;
	scratch_open(&x, "a = 1\nrelayhost  =x\n", "");
	assert_true(ses_param_set(x.s, "relayhost", "y", NULL));
	assert_int_equal(ses_changes(x.s, &v), 1);
	assert_string_equal(v[0].text, "x -> y");
	assert_int_equal(v[0].mark, '*');
	assert_string_equal(v[0].screen, "relayhost");
	assert_true(ses_param_set(x.s, "relayhost", "x", NULL));
	assert_int_equal(ses_changes(x.s, &v), 0);
	assert_diff(&x, "");
	scratch_close(&x);
}

static void
change_drop_takes_back_one_of_several(void **state)
{
	const struct ses_change *v;
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = x\n", "a: b\n");
	assert_true(ses_param_set(x.s, "relayhost", "y", NULL));
	assert_true(ses_param_set(x.s, "myorigin", "z", NULL));
	assert_int_equal(ses_changes(x.s, &v), 2);
	assert_true(ses_change_drop(x.s, 0, NULL));
	assert_int_equal(ses_changes(x.s, &v), 1);
	assert_diff(&x, "+myorigin = z\n");
	assert_non_null(ses_undo(x.s));
	assert_int_equal(ses_changes(x.s, &v), 2);
	ses_discard(x.s);
	assert_int_equal(ses_changes(x.s, &v), 0);
	scratch_close(&x);
}

static void
param_views_of_each_origin(void **state)
{
	struct ses_param p;
	struct scratch x;

	(void)state;
	scratch_open(
		&x, "#relayhost = off.example\ninet_interfaces =\n  localhost\n", "");
	assert_true(ses_wait(x.s, SES_ASK_DEFAULTS, NULL));
	assert_true(ses_param_get(x.s, "inet_interfaces", &p));
	assert_int_equal(p.origin, SES_FROM_FILE);
	assert_string_equal(p.value, "localhost");
	assert_int_equal(p.line, 2);
	assert_int_equal(p.last_line, 3);
	assert_string_equal(p.deflt, "all");
	assert_true(ses_param_get(x.s, "relayhost", &p));
	assert_int_equal(p.origin, SES_OFF);
	assert_string_equal(p.off_value, "off.example");
	assert_true(ses_param_get(x.s, "alias_maps", &p));
	assert_int_equal(p.origin, SES_FROM_DEFAULT);
	assert_false(ses_param_get(x.s, "no_such_thing", &p));
	assert_true(ses_param_toggle(x.s, "relayhost", NULL));
	assert_diff(&x, "-#relayhost = off.example\n+relayhost = off.example\n");
	scratch_close(&x);
}

/* The first screen holds questions back; what can't wait is asked all the same. */
static void
asking_held_starts_when_let_go(void **state)
{
	struct scratch x;
	int fds[4];

	(void)state;
	scratch_open(&x, "", "");
	ses_hold_asking(x.s, true);
	assert_false(ses_ask(x.s, SES_ASK_DEFAULTS));
	assert_false(ses_step(x.s));
	assert_int_equal(ses_fds(x.s, fds, 4), 0);
	assert_false(ses_ask(x.s, SES_ASK_DEFAULTS));
	ses_hold_asking(x.s, false);
	assert_true(ses_wait(x.s, SES_ASK_DEFAULTS, NULL));
	assert_true(ses_ask(x.s, SES_ASK_DEFAULTS));
	scratch_close(&x);
}

static void
interfaces_ticks_keep_the_words_that_stay(void **state)
{
	static const struct {
		const char *main_cf;
		const char *untick, *tick1, *tick2, *diff;
	} rows[] = {
		{"inet_interfaces = localhost\n", NULL, "192.168.1.1", "192.168.2.1",
			"-inet_interfaces = localhost\n"
			"+inet_interfaces = localhost, 192.168.1.1, 192.168.2.1\n"},
		{"inet_interfaces = $myhostname  localhost\n", NULL, "192.168.1.1", NULL,
			"-inet_interfaces = $myhostname  localhost\n"
			"+inet_interfaces = $myhostname  localhost  192.168.1.1\n"},
		/* what inet_protocols leaves out is not written along */
		{"inet_protocols = ipv4\ninet_interfaces = all\n", "203.0.113.5", NULL,
			NULL,
			"-inet_interfaces = all\n+inet_interfaces = 127.0.0.1, "
			"192.168.1.1, 192.168.2.1\n"},
		{"inet_interfaces = 127.0.0.1, 192.168.1.1\n", "192.168.1.1", NULL, NULL,
			"-inet_interfaces = 127.0.0.1, 192.168.1.1\n+inet_interfaces = "
			"127.0.0.1\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *const ticks[] = {
			rows[i].untick, rows[i].tick1, rows[i].tick2};
		struct scratch x;

		scratch_open(&x, rows[i].main_cf, "");
		for (size_t k = 0; k < 3; k++) {
			const struct ses_if_row *v;
			size_t n = ses_if_rows(x.s, &v);

			for (size_t r = 0; ticks[k] && r < n; r++)
				if (strcmp(v[r].addr, ticks[k]) == 0) {
					assert_true(ses_if_tick(x.s, r, k > 0, NULL));
					break;
				}
		}
		assert_diff(&x, rows[i].diff);
		scratch_close(&x);
	}
}

static void
interfaces_mode_there_and_back_is_no_change(void **state)
{
	struct scratch x;

	(void)state;
	scratch_open(&x, "inet_interfaces = all\n", "");
	assert_int_equal(ses_if_mode(x.s), SES_IF_ALL);
	assert_true(ses_if_set_mode(x.s, SES_IF_LOOPBACK, NULL));
	assert_diff(&x, "-inet_interfaces = all\n+inet_interfaces = loopback-only\n");
	assert_true(ses_if_set_mode(x.s, SES_IF_ALL, NULL));
	assert_diff(&x, "");
	scratch_close(&x);
}

static void
relay_typed_text_becomes_brackets_and_port(void **state)
{
	struct ses_relay r;
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = 127.0.0.0/8\n", "");
	assert_true(ses_relay_set_typed(x.s, 0, "mail.test.co.jp:587", false, NULL));
	assert_diff(&x, "+relayhost = [mail.test.co.jp]:587\n");
	ses_relay_get(x.s, &r);
	assert_int_equal(r.n, 1);
	assert_string_equal(r.hops[0].host, "mail.test.co.jp");
	assert_string_equal(r.hops[0].port, "587");
	assert_false(r.hops[0].mx);
	assert_true(ses_relay_set_typed(x.s, 0, "other.test", false, NULL));
	assert_diff(&x, "+relayhost = [other.test]:587\n");
	assert_true(ses_relay_set_mx(x.s, 0, true, NULL));
	assert_diff(&x, "+relayhost = other.test:587\n");
	assert_true(ses_relay_set_port(x.s, 0, "", NULL));
	assert_diff(&x, "+relayhost = other.test\n");
	assert_true(ses_relay_set_typed(x.s, 1, "[192.0.2.1]", false, NULL));
	assert_diff(&x, "+relayhost = other.test, [192.0.2.1]\n");
	assert_false(ses_relay_set_port(x.s, 0, "1, a.test", NULL)); /* a host */
	assert_false(ses_relay_set_typed(x.s, 1, "a.test b.test", false, NULL));
	assert_true(ses_relay_set_port(x.s, 0, "99999", NULL));
	assert_diff(&x, "+relayhost = other.test:99999, [192.0.2.1]\n");
	ses_relay_get(x.s, &r);
	assert_false(r.readable);
	assert_int_equal(diag_count(ses_findings(x.s), SEV_ERROR), 1);
	ses_undo(x.s);
	assert_true(ses_relay_set_typed(x.s, 1, "[half", false, NULL));
	assert_diff(&x, "+relayhost = other.test, [half\n");
	ses_undo(x.s);
	assert_true(ses_relay_remove(x.s, 0, NULL));
	assert_true(ses_relay_unset(x.s, NULL));
	assert_diff(&x, "");
	scratch_close(&x);
}

static void
alias_rows_filter_and_marks(void **state)
{
	const char *targets[] = {"root", "hanako@example.co.jp"};
	struct ses_alias_edit e = {
		.name = "sales", .targets = targets, .n = 2, .note = "team"};
	struct ses_alias a;
	uint32_t id = SES_ALIAS_NEW;
	struct scratch x;

	(void)state;
	scratch_open(&x, "", "postmaster: root\n#off: root\nsupport: taro\n");
	assert_int_equal(ses_alias_shown(x.s), 3);
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	assert_int_equal(ses_alias_filter(x.s, "SAL"), 1);
	assert_true(ses_alias_at(x.s, 0, &a));
	assert_true(a.is_new);
	assert_string_equal(a.note, "team");
	assert_string_equal(a.targets, "root, hanako@example.co.jp");
	assert_int_equal(ses_alias_filter(x.s, ""), 4);
	assert_true(ses_alias_find(x.s, "off", &id));
	assert_true(ses_alias_enable(x.s, id, true, NULL));
	assert_true(ses_alias_by_id(x.s, id, &a));
	assert_true(a.edited && !a.off);
	assert_true(ses_alias_find(x.s, "support", &id));
	assert_true(ses_alias_remove(x.s, id, NULL));
	assert_true(ses_alias_by_id(x.s, id, &a));
	assert_true(a.removed);
	scratch_close(&x);
}

static void
review_new_error_holds_old_one_does_not(void **state)
{
	struct ses_review r;
	struct scratch x;

	(void)state;
	scratch_open(&x, "mynetworks = 10.0.0.5/8\nsoft_bounce = maybe\n", "");
	assert_true(ses_param_set(x.s, "relayhost", "[b]", NULL));
	ses_review(x.s, false, &r);
	assert_int_equal(r.nholds, 0);
	assert_true(r.nstays >= 2);
	assert_true(ses_param_set(x.s, "relayhost", "b.", NULL));
	ses_review(x.s, false, &r);
	assert_int_equal(r.nholds, 1);
	assert_int_equal(r.changes, 1);
	scratch_close(&x);
}

/* Only the part with the edits is compared; its lines are counted from the file's start.
 */
/* What is judged for the review holds for the apply that follows at once. */
static void
review_is_made_once_for_its_apply(void **state)
{
	const struct ses_apply_opts o = {.no_act = true};
	struct ses_review r;
	struct scratch x;
	int status = 0;
	uint64_t gen;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "postmaster: root\n");
	assert_true(ses_param_set(x.s, "relayhost", "b.", NULL));
	ses_review(x.s, true, &r);
	assert_true(r.nholds > 0);
	gen = ses_gen(x.s);
	assert_false(ses_apply_start(x.s, &o, &status, NULL));
	assert_int_equal(status, 1);
	assert_int_equal(ses_gen(x.s), gen);
	scratch_close(&x);
}

static void
review_diff_of_edits_far_apart(void **state)
{
	const char *targets[] = {"new"};
	struct ses_alias_edit e = {.name = "a60", .targets = targets, .n = 1};
	struct str text = {0}, diff = {0};
	struct scratch x;
	uint32_t id, gone;

	(void)state;
	for (int i = 1; i <= 60; i++)
		str_addf(&text, "a%d: t%s", i, i < 60 ? "\n" : "");
	scratch_open(&x, "", str_c(&text));
	assert_true(ses_alias_find(x.s, "a40", &gone));
	assert_true(ses_alias_remove(x.s, gone, NULL));
	assert_true(ses_alias_find(x.s, "a60", &id));
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	ses_review_diff(x.s, &diff);
	assert_non_null(strstr(str_c(&diff),
		"@@ -37,7 +37,6 @@\n a37: t\n a38: t\n a39: t\n-a40: t\n a41: t\n"));
	assert_non_null(strstr(
		str_c(&diff), "@@ -57,4 +56,4 @@\n a57: t\n a58: t\n a59: t\n-a60: t\n"));
	assert_null(strstr(str_c(&diff), "a36"));
	str_free(&diff);
	str_free(&text);
	scratch_close(&x);
}

/* The rules of a large aliases file wait until its screen rests. */
static void
findings_of_large_aliases_come_when_it_rests(void **state)
{
	struct str text = {0};
	struct scratch x;

	(void)state;
	while (text.n <= 4u << 20)
		str_addf(&text, "test-str-%zu: user@some.example.jp, other@example.jp\n",
			text.n);
	str_add_cstr(&text, "bad line\n");
	scratch_open(&x, "", str_c(&text));
	assert_true(ses_alias_filter(x.s, "") > 0);
	assert_int_equal(diag_count(ses_findings(x.s), SEV_WARN), 0);
	ses_alias_rest(x.s);
	assert_int_equal(diag_count(ses_findings(x.s), SEV_WARN), 1);
	str_free(&text);
	scratch_close(&x);
}

static void
secrets_in_main_cf_are_masked(void **state)
{
	struct ses_review r;
	struct scratch x;

	(void)state;
	scratch_open(&x, "smtp_sasl_password_maps = static:user:geheim\n", "");
	assert_true(ses_param_set(
		x.s, "smtp_sasl_password_maps", "static:user:anders", NULL));
	ses_review(x.s, false, &r);
	for (size_t i = 0; i < r.nlines; i++) {
		assert_null(strstr(r.lines[i].text, "geheim"));
		assert_null(strstr(r.lines[i].text, "anders"));
	}
	scratch_close(&x);
}

static void
reread_lays_edits_over_outside_changes(void **state)
{
	struct ses_param p;
	const struct ses_clash *clash;
	const struct ses_change *unused;
	struct diags d = {0};
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "");
	scratch_write(x.dir, "main.cf", "relayhost = bb\n");
	assert_true(ses_reread(x.s, false, &d));
	ses_param_get(x.s, "relayhost", &p);
	assert_string_equal(p.value, "bb");
	assert_null(ses_others(x.s));
	assert_true(ses_param_set(x.s, "relayhost", "c", NULL));
	scratch_write(x.dir, "main.cf", "relayhost = bb\nmyhostname = ddd\n");
	assert_true(ses_reread(x.s, false, &d));
	assert_int_equal(ses_clashes(x.s, &clash), 0);
	char *diff = scratch_diff(&x);
	assert_string_equal(diff, "-relayhost = bb\n+relayhost = c\n");
	free(diff);
	assert_non_null(ses_others(x.s));
	assert_non_null(strstr(ses_others(x.s)->v[0].text, "myhostname = ddd"));
	assert_non_null(ses_undo(x.s)); /* all that was laid over is one step */
	assert_int_equal(ses_changes(x.s, &unused), 0);
	diag_clear(&d);
	scratch_close(&x);
}

static void
clash_waits_and_is_settled(void **state)
{
	struct ses_param p;
	const struct ses_clash *clash;
	const struct ses_change *unused;
	struct diags d = {0};
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "");
	for (int mine = 0; mine < 2; mine++) {
		assert_true(ses_param_set(x.s, "relayhost", "c", NULL));
		scratch_write(x.dir, "main.cf",
			mine ? "relayhost = ee\n" : "relayhost = ddd\n");
		assert_true(ses_reread(x.s, false, &d));
		assert_int_equal(ses_changes(x.s, &unused), 0);
		assert_int_equal(ses_clashes(x.s, &clash), 1);
		assert_string_equal(clash[0].mine, "c");
		assert_string_equal(clash[0].theirs, mine ? "ee" : "ddd");
		ses_clashes_tell(x.s, &d);
		assert_int_equal(d.v[0].code, DIAG_FILE_CHANGED);
		diag_clear(&d);
		assert_true(ses_clash_settle(x.s, 0, mine, &d));
		assert_int_equal(ses_clashes(x.s, &clash), 0);
		ses_param_get(x.s, "relayhost", &p);
		assert_string_equal(p.value, mine ? "c" : "ddd");
	}
	assert_true(ses_reread(x.s, true, &d)); /* and discarded */
	scratch_close(&x);
}

static void
reread_keeps_edits_where_the_file_is_gone(void **state)
{
	struct diags d = {0};
	const struct ses_change *unused;
	struct scratch x;
	char path[128];

	(void)state;
	scratch_open(&x, "relayhost = a\n", "");
	assert_true(ses_param_set(x.s, "relayhost", "c", NULL));
	(void)snprintf(path, sizeof(path), "%s/main.cf", x.dir);
	assert_int_equal(unlink(path), 0);
	assert_false(ses_reread(x.s, false, &d));
	assert_int_equal(d.v[0].code, DIAG_FILE_MISSING);
	assert_int_equal(ses_changes(x.s, &unused), 1);
	diag_clear(&d);
	scratch_close(&x);
}

static void
bad_line_is_found_and_commented_out(void **state)
{
	const struct diags *d;
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\ngarbage line\n", "");
	d = ses_findings(x.s);
	assert_int_equal(diag_count(d, SEV_ERROR), 1);
	assert_int_equal(d->v[d->n - 1].code, DIAG_CF_NO_EQUALS);
	assert_int_equal(d->v[d->n - 1].loc.line, 2);
	assert_true(ses_line_comment_out(x.s, 2, NULL));
	assert_diff(&x, "-garbage line\n+#garbage line\n");
	assert_int_equal(diag_count(ses_findings(x.s), SEV_ERROR), 0);
	scratch_close(&x);
}

static void
missing_main_cf_is_a_read_only_session(void **state)
{
	struct ses_status st;
	struct diags d = {0};
	struct scratch x;
	char path[160];

	(void)state;
	scratch_open(&x, "", "");
	ses_close(x.s);
	snprintf(path, sizeof(path), "%s/main.cf", x.dir);
	unlink(path);
	x.s = ses_open(&(struct ses_opts){.config_dir = x.dir,
			       .aliases_file = x.aliases,
			       .state_dir = x.state},
		&x.set, &x.world);
	ses_status(x.s, &st);
	assert_true(st.read_only);
	assert_non_null(st.why_read_only);
	assert_false(ses_param_set(x.s, "relayhost", "a", &d));
	assert_int_equal(d.v[0].code, DIAG_READ_ONLY);
	diag_clear(&d);
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(undo_and_redo_walk_over_both_files),
		cmocka_unit_test(changes_set_back_by_hand_are_none),
		cmocka_unit_test(change_drop_takes_back_one_of_several),
		cmocka_unit_test(param_views_of_each_origin),
		cmocka_unit_test(asking_held_starts_when_let_go),
		cmocka_unit_test(interfaces_ticks_keep_the_words_that_stay),
		cmocka_unit_test(interfaces_mode_there_and_back_is_no_change),
		cmocka_unit_test(relay_typed_text_becomes_brackets_and_port),
		cmocka_unit_test(alias_rows_filter_and_marks),
		cmocka_unit_test(review_new_error_holds_old_one_does_not),
		cmocka_unit_test(review_is_made_once_for_its_apply),
		cmocka_unit_test(review_diff_of_edits_far_apart),
		cmocka_unit_test(findings_of_large_aliases_come_when_it_rests),
		cmocka_unit_test(secrets_in_main_cf_are_masked),
		cmocka_unit_test(reread_lays_edits_over_outside_changes),
		cmocka_unit_test(clash_waits_and_is_settled),
		cmocka_unit_test(reread_keeps_edits_where_the_file_is_gone),
		cmocka_unit_test(bad_line_is_found_and_commented_out),
		cmocka_unit_test(missing_main_cf_is_a_read_only_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
