/* SPDX-License-Identifier: MIT
 *
 * The guided set-up on a scratch copy: its steps, the keys between them, the Review at
 * its end, and its looks. The walk to a relay that works is tests/tui/test_story.c's.
 */
#include "tui/setup_walk.h"

static void
enter_alone_changes_nothing(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 1);

	(void)state;
	vt_assert_row(v, 1, "relay.example.co.jp  Setup, step 1 of 8  /tmp/");
	vt_assert_row(
		v, 2, "[1Role]2Name 3Listen 4Clients 5Upstream 6People 7Log 8Review");
	vt_assert_row(v, 4,
		"│ (step 4)            │   │ relay.example.co.jp    │   │ (step 5)");
	vt_assert_row(v, 0, " > Role  (x) relay for the LAN, to an upstream  kept");
	walk(v, 1, 6); /* without postlogd in master.cf nothing is asked of the log */
	vt_keys(v, "Enter");
	vt_assert_row(v, 1, "*0");
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(
		v, 22, "ok Nothing to change: this relay is set up as you answered.");
	assert_files_as_before(&s, set_up);
	scratch_close(&s, v);
}

static void
the_picture_grows_with_the_answers(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 3);

	(void)state;
	vt_assert_row(v, 5, "listens: ");
	vt_assert_row(v, 4, "(step 4)");
	walk(v, 3, 4);
	vt_assert_row(v, 2, "3Listen[4Clients]5Upstream");
	vt_assert_row(v, 4, "│ 1 segment ");
	vt_assert_row(v, 4, "(step 5)");
	vt_assert_row(v, 0, "   [x] 192.168.1.0/24");
	vt_assert_row(v, 0, " > Another  [                          ]  kept");
	vt_type(v, "192.168.77.0/24");
	vt_wait_text(v, 0, "192.168.77.0/24           ]  ok 256 addresses");
	vt_wait_text(v, 22, "ok 192.168.77.0 - 192.168.77.255");
	vt_keys(v, "Enter");
	assert_step(v, 4);
	vt_assert_row(v, 1, "*1");
	vt_assert_row(v, 4, "│ 2 segments ");
	vt_assert_row(v, 0, "   [x] 192.168.77.0/24");
	vt_keys(v, "Enter");
	vt_assert_row(v, 2, "4Clients[5Upstream]6People");
	vt_assert_row(v, 4, "│ mail.invalid");
	vt_assert_row(
		v, 12, " > Host      [mail.invalid:587          ]     [ ] Look up MX");
	scratch_close(&s, v);
}

static void
answers_come_to_the_review_and_esc_leads_back(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 4);

	(void)state;
	type_enter(v, "192.168.77.0/24");
	walk(v, 4, 6);
	vt_keys(v, "Tab");
	type_enter(v, "sales: hanako@example.co.jp");
	vt_assert_row(v, 0, "[x] sales: hanako@example.co.jp");
	vt_keys(v, "Enter");
	vt_assert_row(v, 2, "7Log[8Review]");
	vt_assert_row(v, 3, "Review: 2 changes in 2 files");
	vt_assert_row(v, 0, "+mynetworks = 127.0.0.0/8, 192.168.1.0/24, 192.168.77.0/24");
	vt_assert_row(v, 0, "+sales:");
	vt_keys(v, "Esc");
	assert_step(v, 6);
	vt_keys(v, "Esc Esc");
	assert_step(v, 4);
	vt_assert_row(v, 0, "[x] 192.168.77.0/24");
	vt_keys(v, "Esc Esc Esc");
	vt_assert_row(v, 1, "*0");
	vt_keys(v, "Esc");
	vt_wait_text(v, 0, "Leave the set-up?");
	vt_keys(v, "Esc");
	vt_wait_gone(v, 0, "Leave the set-up?");
	assert_step(v, 1);
	vt_keys(v, "Esc x");
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 22, "Set-up was left; nothing is changed.");
	vt_keys(v, "s Esc"); /* nothing was answered: there is nothing to ask */
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 1, "*0");
	assert_files_as_before(&s, set_up);
	scratch_close(&s, v);
}

static void
a_fresh_relay_is_offered_its_set_up(void **state)
{
	struct scratch s;

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = stock, .aliases = people});
	struct vt *v = scratch_start(&s, NULL, NULL, (struct vt_opts){0});
	vt_wait_text(v, 0,
		">  Set up this relay: who may send, where mail goes, and proof of both");
	vt_wait_text(v, 22,
		"This relay has its stock settings. Setup asks 7 questions, proposes an");
	vt_assert_row(v, 24, "Enter start set-up");
	vt_keys(v, "Enter");
	assert_step(v, 1);
	vt_keys(v, "Esc");
	vt_assert_row(v, 2, "[1Overview]");
	scratch_close(&s, v);
}

static void
roles_and_steps_are_chosen_by_keys_and_clicks(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 1);

	(void)state;
	vt_keys(v, "Down Down");
	vt_assert_row(v, 0, " >       (x) relay for the LAN, straight to the Internet");
	vt_assert_row(v, 24, "Left/Right choose");
	vt_keys(v, "Space"); /* keeps what is chosen */
	vt_assert_row(v, 0, " >       (x) relay for the LAN, straight to the Internet");
	vt_assert_row(v, 22, "Left and Right choose here, Space ticks; Tab goes on");
	vt_keys(v, "Up");
	vt_assert_row(v, 0, " >       (x) this host only, to an upstream");
	vt_keys(v, "Enter Enter");
	assert_step(v, 3);
	vt_click(v, 2, 60); /* Review: step by step */
	assert_step(v, 3);
	vt_assert_row(v, 22, "Enter goes on, step by step.");
	vt_click(v, 2, 2);
	assert_step(v, 1);
	vt_assert_row(v, 0, " >       (x) this host only, to an upstream");
	vt_keys(v, "q");
	assert_step(v, 1);
	vt_assert_row(v, 22, "Left and Right choose here, Space ticks; Tab goes on");
	vt_keys(v, "Ctrl-G");
	vt_assert_row(v, 3, "Help: Set-up: Role");
	vt_assert_row(v, 0, "Most relays take mail from");
	scratch_close(&s, v);
}

static void
small_screens_fold_and_keep_what_is_typed(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 5);

	(void)state;
	retype(v, "other.invalid:587");
	vt_resize(v, 20, 60);
	vt_assert_row(v, 2, " 1 2 3 4[5 Upstream]6 7 8");
	vt_assert_row(v, 0, " Upstream  ");
	vt_assert_row(v, 0, " > Host      [other.invalid:587         ]");
	vt_resize(v, 12, 40);
	vt_assert_row(v, 0, " > Host      [other.invalid:587");
	vt_assert_row(v, 3, " To which mail server does everything"); /* the question */
	vt_assert_row(v, 4, " go?");
	assert_null(strstr(vt_row(v, 4), "provider"));
	vt_assert_row(v, 12, "Enter next  Esc back");
	vt_keys(v, "Tab");
	vt_assert_row(v, 0, "[ ] Look up MX");
	vt_keys(v, "Tab");
	vt_assert_row(v, 0, " >           ");
	vt_assert_row(v, 0, "(x) none");
	vt_keys(v, "Shift-Tab");
	vt_resize(v, 10, 38);
	vt_assert_row(v, 0, "Please make this window");
	vt_resize(v, 24, 80);
	vt_assert_row(
		v, 12, "   Host      [other.invalid:587         ]   > [ ] Look up MX");
	scratch_close(&s, v);
}

/* To the Review with one change. */
static void
review_one_change(struct vt *v)
{
	walk(v, 1, 4);
	type_enter(v, "192.168.77.0/24");
	walk(v, 4, 6);
	vt_keys(v, "Enter");
	vt_wait_text(v, 3, "Review: 1 change in 1 file");
}

static void
without_a_postfix_it_ends_with_the_result(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 1);

	(void)state;
	review_one_change(v);
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "Applied: 1 change");
	vt_assert_row(v, 2, "[1Overview]2Interfaces");
	vt_keys(v, "Esc");
	vt_wait_text(v, 0, "Nothing to do");
	vt_assert_row(v, 1, "*0");
	char *now = scratch_read(&s, "main.cf");
	assert_non_null(strstr(now, "mynetworks = 127.0.0.0/8, 192.168.1.0/24, "
				    "192.168.77.0/24\n"));
	free(now);
	scratch_close(&s, v);
}

static void
what_somebody_else_wrote_meanwhile_stays(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 1);
	char text[1024];

	(void)state;
	review_one_change(v);
	(void)snprintf(text, sizeof(text), "# theirs\n%s", set_up);
	scratch_write(&s, "main.cf", text, 0644);
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "Review: 1 change in 1 file");
	vt_wait_text(v, 2, "[1Overview]");
	vt_assert_row(v, 1, "*1");
	vt_keys(v, "Esc s");
	walk(v, 1, 4);
	vt_assert_row(v, 0, "   [x] 192.168.77.0/24");
	scratch_close(&s, v);
}

static void
no_key_waits_for_postfix(void **state)
{
	struct scratch s;

	(void)state;
	scratch_new(&s, &(struct scratch_files){
				.main_cf = stock, .aliases = people, .slow = true});
	struct vt *v = scratch_start(&s, "setup", NULL, (struct vt_opts){0});
	wait_step(v, 1);
	walk(v, 1, 3);
	vt_keys(v, "Enter");
	vt_wait_text(v, 22, ".. Postfix is asked which clients it trusts by itself");
	assert_step(v, 3);
	vt_keys(v, "Esc");
	wait_step(v, 2);
	walk(v, 2, 3);
	vt_keys(v, "Enter");
	scratch_write(&s, "go", "", 0644);
	wait_step(v, 4);
	vt_assert_row(v, 0, "   [x] 127.0.0.0/8");
	scratch_close(&s, v);
}

static void
nothing_is_set_up_where_nothing_may_be_changed(void **state)
{
	struct scratch s;

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = set_up, .aliases = people});
	struct vt *v = scratch_start(&s, "setup", "-R", (struct vt_opts){0});
	vt_wait_text(v, 2, "[1Overview]");
	vt_wait_text(v, 22, "! This session only looks: nothing can be changed.");
	vt_assert_row(v, 23, "postrelay was started with -R; leave that out to change");
	vt_keys(v, "2 1 s");
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 22, "! This session only looks: nothing can be changed.");
	scratch_close(&s, v);
}

static void
looks_without_colour_line_art_and_in_japanese(void **state)
{
	static const struct vt_opts looks[] = {
		{.term = "vt100"}, {.locale = "C"}, {.locale = "ja_JP.UTF-8"}};

	(void)state;
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		struct scratch s;
		scratch_new(&s,
			&(struct scratch_files){.main_cf = set_up, .aliases = people});
		struct vt *v = scratch_start(&s, "setup", NULL, looks[i]);
		vt_wait_text(v, 2, "[1");
		vt_keys(v, "Enter Enter Enter Enter");
		vt_assert_row(v, 0, "[mail.invalid:587");
		assert_true(i == 0 || vt_has(v, 3, "+-"));
		scratch_close(&s, v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enter_alone_changes_nothing),
		cmocka_unit_test(the_picture_grows_with_the_answers),
		cmocka_unit_test(answers_come_to_the_review_and_esc_leads_back),
		cmocka_unit_test(a_fresh_relay_is_offered_its_set_up),
		cmocka_unit_test(roles_and_steps_are_chosen_by_keys_and_clicks),
		cmocka_unit_test(small_screens_fold_and_keep_what_is_typed),
		cmocka_unit_test(without_a_postfix_it_ends_with_the_result),
		cmocka_unit_test(what_somebody_else_wrote_meanwhile_stays),
		cmocka_unit_test(no_key_waits_for_postfix),
		cmocka_unit_test(nothing_is_set_up_where_nothing_may_be_changed),
		cmocka_unit_test(looks_without_colour_line_art_and_in_japanese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
