/* SPDX-License-Identifier: MIT
 *
 * What is typed into the guided set-up: beside its field stands what is wrong with it,
 * and what can't be meant holds the step.
 */
#include "tui/setup_walk.h"

static void
what_was_added_can_be_taken_away(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 6);

	(void)state;
	vt_keys(v, "Tab");
	type_enter(v, "sales: root");
	vt_assert_row(v, 1, "*1");
	vt_keys(v, "Up");
	vt_assert_row(v, 0, " > [x] sales: root");
	vt_keys(v, "Delete");
	vt_wait_gone(v, 0, "sales: root");
	vt_assert_row(v, 1, "*0");
	vt_assert_row(v, 0, " > Another alias  [");
	scratch_close(&s, v);
}

static void
what_cannot_be_meant_holds_the_step(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 5);

	(void)state;
	vt_keys(v, "Ctrl-U Enter");
	assert_step(v, 5);
	vt_assert_row(v, 12, " > Host      [                          ]");
	vt_assert_row(v, 22, "!");
	vt_type(v, "127.0.0.1:1");
	vt_keys(v, "Tab");
	vt_wait_text(v, 22, "! The host is there"); /* the probe has ended */
	vt_keys(v, "Tab Tab");
	type_enter(v, "relay@example.co.jp");
	vt_wait_text(v, 15, " > Password  [");
	vt_wait_text(v, 22, "! A login needs a password.");
	vt_type(v, "geheim");
	vt_wait_text(v, 15, "[******                    ]");
	vt_keys(v, "Ctrl-T");
	vt_wait_text(v, 15, "[geheim                    ]");
	vt_keys(v, "Enter");
	wait_step(v, 6);
	vt_wait_text(v, 22, "! Upstream: The host is there");
	vt_keys(v, "Esc");
	wait_step(v, 5);
	vt_wait_text(v, 15, "   Password  [********                  ]");
	scratch_close(&s, v);
}

static void
a_wrong_answer_stays_where_it_was_typed(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 6);

	(void)state;
	retype(v, "a b|");
	vt_keys(v, "Enter");
	assert_step(v, 6);
	vt_assert_row(v, 0, " > root           [a b|                              ]!");
	vt_assert_row(v, 22, "! Nobody can get mail under this target.");
	vt_keys(v, "Tab");
	vt_assert_row(v, 0, "   root           [a b|                              ]!");
	vt_keys(v, "Enter");
	vt_assert_row(v, 0, " > root           [a b|");
	vt_assert_row(v, 22, "! Nobody can get mail under this target.");
	retype(v, "taro@example.co.jp");
	vt_keys(v, "Enter");
	assert_step(v, 8);
	vt_assert_row(v, 1, "*1");
	scratch_close(&s, v);
}

static void
rows_say_what_they_mean(void **state)
{
	static const char names[] =
		"myhostname = relay.example.co.jp\n"
		"mydestination = $myhostname, localhost.$mydomain, localhost\n";
	struct scratch s;
	struct vt *v = open_setup(&s, names);

	(void)state;
	walk(v, 1, 2);
	vt_assert_row(v, 15, "[$myhostname, localhost.$mydomain, localhost ]  kept");
	vt_keys(v, "Tab Tab");
	vt_type(v, ", example.co.jp");
	vt_assert_row(v, 15, "> Kept here      <");
	vt_keys(v, "Shift-Tab"); /* seen from its start again */
	vt_assert_row(v, 15, "[$myhostname, localhost.$mydomain, ");
	walk(v, 2, 4);
	type_enter(v, "192.168.9.5/24"); /* mended, to be seen before it is added */
	vt_assert_row(v, 0, "Another  [192.168.9.0/24");
	vt_assert_row(v, 23, "Mended: Enter adds 192.168.9.0/24.");
	vt_keys(v, "Enter");
	vt_assert_row(v, 0, "[x] 192.168.9.0/24");
	type_enter(v, "10.0.0.5/8, 10.1.0.0/16"); /* what to make of a list is asked */
	vt_assert_row(v, 0, "Another  [10.0.0.5/8, 10.1.0.0/16");
	assert_false(vt_has(v, 0, "[x] 10.0.0.5/8"));
	vt_keys(v, "Ctrl-U");
	type_enter(v, "");
	wait_step(v, 5);
	vt_keys(v, "Esc");
	wait_step(v, 4);
	assert_false(vt_has(v, 0, "proposed"));
	walk(v, 4, 5);
	vt_type(v, "mail.invalid");
	walk(v, 5, 6);
	vt_assert_row(v, 0,
		"   Another alias  [                                  ]  beside 2 "
		"others, "
		"kept");
	scratch_close(&s, v);
}

/* What an answer says as it stands: beside its field, and in words where the focus is. */
static void
answers_say_what_is_wrong_with_them(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 4);

	(void)state;
	type_enter(v, "192.168.");
	vt_assert_row(v, 22, "! \"192.168.\" is no whole address yet.");
	retype(v, "!192.168.1.7");
	vt_wait_text(v, 22, "192.168.1.7, 1 address may not send.");
	retype(v, "/etc/no-such-nets");
	vt_keys(v, "Enter");
	vt_wait_text(v, 22, "! /etc/no-such-nets isn't there");
	vt_assert_row(v, 0, "[x] /etc/no-such-nets");
	vt_keys(v, "Up Delete");
	walk(v, 4, 6);
	vt_assert_row(v, 0, "root           [hanako@example.co.jp              ]  kept");
	vt_keys(v, "Ctrl-U Tab");
	vt_assert_row(
		v, 0, "root           [                                  ]? nobody");
	vt_keys(v, "Shift-Tab");
	vt_assert_row(v, 22, "? Nobody reads what this machine reports.");
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_added_can_be_taken_away),
		cmocka_unit_test(what_cannot_be_meant_holds_the_step),
		cmocka_unit_test(a_wrong_answer_stays_where_it_was_typed),
		cmocka_unit_test(rows_say_what_they_mean),
		cmocka_unit_test(answers_say_what_is_wrong_with_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
