/* SPDX-License-Identifier: MIT
 *
 * "May this address relay?" on the Networks screen.
 */
#include "tui/scratch.h"

enum { KEY_MOST = 60 };

static const char main_cf[] =
	"myhostname = relay.example.co.jp\n"
	"smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination\n"
	"mynetworks = 127.0.0.0/8, !192.168.1.250, 192.168.1.0/24,\n"
	"    $config_directory/nets\n";

static struct vt *
start(struct scratch *s)
{
	scratch_new(s, &(struct scratch_files){.main_cf = main_cf,
			       .nets = "# branches\n10.20.0.0/16\n10.21.4.9\n"});
	return scratch_start(s, "networks", NULL, (struct vt_opts){0});
}

static void
asked_answer_row_and_history_are_shown(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	vt_assert_row(v, 24, "t may relay?");
	vt_keys(v, "t");
	vt_assert_row(v, 24, "Enter asks");
	vt_assert_row(v, 22, "Judged as smtpd does it");
	vt_type(v, "192.168.1.250");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "No, denied: !192.168.1.250, line 3 of");
	vt_assert_row(v, 0, "1 row before it doesn't match. Running Postfix: the same");
	vt_assert_row(v, 7, ">    !192.168.1.250");
	vt_keys(v, "Ctrl-U");
	vt_type(v, "10.20.7.31");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "Yes, allowed: 10.20.0.0/16, line 2 of");
	vt_assert_row(v, 0, "3 rows before it don't match.");
	vt_assert_row(v, 0, "Asked before");
	vt_assert_row(v, 0, "192.168.1.250   denied      !192.168.1.250");
	vt_keys(v, "Up Up");
	vt_assert_row(v, 0, "relay?  [192.168.1.250");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "No, denied: !192.168.1.250");
	vt_keys(v, "Esc");
	assert_false(vt_has(v, 0, "May this address relay?"));
	vt_assert_row(v, 24, "a add");
	scratch_close(&s, v);
}

static void
asked_with_waiting_edits_tells_what_runs(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	vt_keys(v, "a");
	vt_type(v, "192.168.3.0/24");
	vt_keys(v, "Enter");
	vt_keys(v, "t");
	vt_type(v, "192.168.3.7");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "Yes, allowed: 192.168.3.0/24, line");
	vt_assert_row(v, 0, "Running Postfix: denied, until you apply.");
	vt_keys(v, "Ctrl-U");
	vt_type(v, "nonsense");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "This is not an address.");
	vt_assert_row(v, 0, "192.168.3.0/24 (new: not before you apply)");
	scratch_close(&s, v);
}

static void
narrow_and_low_the_question_stays(void **state)
{
	struct scratch s;
	struct vt *v = start(&s);

	(void)state;
	vt_keys(v, "t");
	vt_type(v, "203.0.113.77");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "No, denied: no row matches");
	vt_resize(v, 12, 40);
	vt_wait_text(v, 0, "May this address relay?");
	vt_assert_row(v, 0, "No, denied:");
	vt_count_reset(v);
	vt_type(v, "1");
	assert_true(vt_count(v) <= KEY_MOST);
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asked_answer_row_and_history_are_shown),
		cmocka_unit_test(asked_with_waiting_edits_tells_what_runs),
		cmocka_unit_test(narrow_and_low_the_question_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
