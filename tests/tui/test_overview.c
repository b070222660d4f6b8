/* SPDX-License-Identifier: MIT
 *
 * The Overview, and what all screens share: title, tab marks, going to the field, undo,
 * reading again, help, quitting, the start with a wrong setting or without rights.
 */
#include "tui/scratch.h"

enum { FIRST_MOST = 2400, DOWN_MOST = 60 };

static const char faulty[] = "myhostname = relay.example.co.jp\n"
			     "mynetworks = 127.0.0.0/8, 192.168.3.5/24\n"
			     "relayhost = [mail.test.co.jp]:587\n";
static const char fine[] = "myhostname = relay.example.co.jp\n"
			   "mynetworks = 127.0.0.0/8, 192.168.1.0/24\n"
			   "relayhost = [mail.test.co.jp]:587\n";

static struct vt *
start(struct scratch *s, const char *main_cf, struct vt_opts o)
{
	scratch_new(s, &(struct scratch_files){.main_cf = main_cf});
	struct vt *v = scratch_start(s, "overview", NULL, o);
	vt_wait_text(v, 1, "3.7.11"); /* Postfix has answered */
	return v;
}

static void
first_screen_shows_picture_next_step_problems(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, faulty, (struct vt_opts){0});

	(void)state;
	assert_true(vt_count(v) <= FIRST_MOST);
	vt_assert_row(v, 1, "relay.example.co.jp  Postfix 3.7.11");
	vt_assert_row(v, 1, "!1 ?0 *0");
	vt_assert_row(v, 2, "[1Overview]2Interfaces 3Networks!4Relay");
	vt_assert_row(v, 3, "Clients");
	vt_assert_row(v, 4, "! 1 segment");
	vt_assert_row(v, 4, "mail.test.co.jp");
	vt_assert_row(v, 5, "port 587, no MX");
	vt_assert_row(v, 10, " Next step");
	vt_assert_row(v, 11, "3 Networks");
	vt_assert_row(v, 13, " Problems");
	vt_assert_row(v, 14, " ! \"192.168.3.5/24\": IPv4 clients after it get");
	vt_assert_row(v, 14, "3 Networks");
	vt_assert_row(v, 15, "   lookup failure\".");
	vt_assert_row(v, 17, " Changes that wait");
	scratch_close(&s, v);
}

/* Rows for the second half of a problem are taken from the empty ones only. */
static void
more_problems_than_room_take_a_row_each(void **state)
{
	struct scratch s;
	char text[512] = "myhostname = relay.example\n";

	(void)state;
	for (int i = 0; i < 8; i++) {
		(void)snprintf(
			text + strlen(text), sizeof(text) - strlen(text), "line%d\n", i);
	}
	struct vt *v = start(&s, text, (struct vt_opts){0});
	for (int row = 14; row < 21; row++) {
		vt_assert_row(v, row, " ! Every Postfix program stops at this line");
	}
	vt_keys(v, "Down Down");
	vt_assert_row(v, 15, ">! Every");
	scratch_close(&s, v);
}

static void
enter_on_a_problem_goes_to_its_row(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, faulty, (struct vt_opts){0});

	(void)state;
	vt_keys(v, "Down");
	vt_assert_row(v, 14, ">!");
	vt_wait_text(v, 22, "451 Temporary lookup failure");
	vt_keys(v, "Enter");
	vt_assert_row(v, 2, "[3Networks]");
	vt_assert_row(v, 7, "> !  192.168.3.5/24");
	scratch_close(&s, v);
}

static void
problem_key_then_mend_takes_two_presses(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, faulty, (struct vt_opts){0});

	(void)state;
	vt_keys(v, "n r");
	vt_assert_row(v, 7, ">*   192.168.3.0/24");
	vt_assert_row(v, 1, "!0 ?0 *1");
	vt_keys(v, "1");
	vt_assert_row(v, 2, "3Networks*4Relay");
	vt_assert_row(v, 0, " * mynetworks     -192.168.3.5/24 +192.168.3.0/24");
	scratch_close(&s, v);
}

static void
undo_and_redo_say_what_they_did(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, faulty, (struct vt_opts){0});

	(void)state;
	vt_keys(v, "u");
	vt_assert_row(v, 22, "nothing to take back");
	vt_keys(v, "n r u");
	vt_assert_row(v, 22, "Taken back: repair.");
	vt_assert_row(v, 1, "*0");
	vt_keys(v, "Ctrl-R");
	vt_assert_row(v, 22, "Done again: repair.");
	vt_assert_row(v, 1, "*1");
	scratch_close(&s, v);
}

static void
quitting_with_changes_asks_and_discard_writes_nothing(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, faulty, (struct vt_opts){0});

	(void)state;
	vt_keys(v, "n r q");
	vt_assert_row(v, 0, "1 change is not applied yet");
	vt_assert_row(v, 0, "* mynetworks");
	vt_assert_row(v, 22, "Nothing has been written so far.");
	vt_keys(v, "Esc");
	assert_false(vt_has(v, 0, "not applied yet"));
	vt_keys(v, "F10 w");
	vt_assert_row(v, 0, "Review: 1 change");
	vt_keys(v, "?");
	vt_assert_row(v, 0, "Help: Review");
	vt_keys(v, "Esc");
	vt_assert_row(v, 0, "Review: 1 change");
	vt_keys(v, "Esc q x");
	assert_int_equal(vt_wait_exit(v), 0);
	scratch_assert(&s, "main.cf", faulty);
	scratch_close(&s, v);
}

static void
quitting_without_changes_just_ends(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, fine, (struct vt_opts){0});

	(void)state;
	vt_assert_row(v, 4, "? Postfix is stopped");
	vt_assert_row(v, 11, ">  Nothing to do"); /* a copy: nobody starts it */
	vt_assert_row(v, 14, "   none");
	vt_keys(v, "q");
	assert_int_equal(vt_wait_exit(v), 0);
	scratch_close(&s, v);
}

static void
reading_again_takes_what_stands_on_disk(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, fine, (struct vt_opts){0});

	(void)state;
	scratch_write(&s, "main.cf", "relayhost = [other.test.co.jp]\n", 0644);
	vt_keys(v, "R");
	vt_assert_row(v, 22, "read again");
	vt_assert_row(v, 4, "other.test.co.jp");
	vt_keys(v, "2 a");
	vt_type(v, "192.0.2.77");
	vt_keys(v, "Enter F5"); /* what waits, waits on */
	vt_assert_row(v, 1, "*1");
	vt_assert_row(v, 23, "What waits here still fits.");
	scratch_close(&s, v);
}

static void
help_tells_of_the_row_and_closes(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, faulty, (struct vt_opts){0});

	(void)state;
	vt_keys(v, "n ?");
	vt_assert_row(v, 3, "Help: Networks, the row 192.168.3.5/24");
	vt_assert_row(v, 4, "This row  ! PR-NET-004");
	vt_keys(v, "G");
	vt_assert_row(v, 0, "postconf(5) mynetworks");
	vt_keys(v, "Esc");
	vt_assert_row(v, 7, "> !  192.168.3.5/24");
	vt_keys(v, "a F1");
	vt_assert_row(v, 0, "Help: Networks");
	vt_keys(v, "Esc");
	vt_assert_row(v, 0, "Add client segments");
	scratch_close(&s, v);
}

static void
read_only_is_told_at_the_start(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = fine});
	assert_int_equal(unlink(scratch_path(&s, "main.cf")), 0);
	v = scratch_start(&s, "overview", NULL, (struct vt_opts){0});
	vt_assert_row(v, 1, "read-only");
	vt_assert_row(v, 22, "main.cf");
	scratch_close(&s, v);
}

static void
mistake_in_the_settings_is_told_at_the_start(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = fine});
	scratch_write(&s, "settings", "\nno_such_thing = 1\n", 0600);
	v = scratch_start(&s, "overview", NULL, (struct vt_opts){0});
	vt_assert_row(v, 22, "settings:2:");
	vt_keys(v, "Down");
	assert_false(vt_has(v, 22, "settings:2:"));
	scratch_close(&s, v);
}

static void
resized_it_turns_upright(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, faulty, (struct vt_opts){0});

	(void)state;
	vt_resize(v, 20, 60);
	vt_assert_row(v, 2, "[1 Overview] 2 3! 4");
	vt_assert_row(v, 4, " Clients   ! 1 segment: 192.168.3.5/24");
	vt_assert_row(v, 8, " Upstream  ok mail.test.co.jp, port 587, no MX");
	vt_assert_row(v, 11, ">");
	vt_resize(v, 12, 40);
	vt_assert_row(v, 3, " Clients");
	vt_assert_row(v, 6, "> Next: ");
	vt_assert_row(v, 7, " ! ");
	scratch_close(&s, v);
}

static void
ascii_and_mono_use_no_line_art(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, fine, (struct vt_opts){.term = "vt100", .locale = "C"});

	(void)state;
	vt_assert_row(v, 3, " +- Clients -----------+   +- This relay");
	vt_assert_row(v, 6, "-->");
	scratch_close(&s, v);
}

static void
down_costs_few_bytes(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, faulty, (struct vt_opts){0});

	(void)state;
	vt_count_reset(v);
	vt_keys(v, "Down");
	assert_true(vt_count(v) <= DOWN_MOST);
	scratch_close(&s, v);
}

/* The words of the row before stay until the pause, so only the focus moves. */
static void
down_from_problem_to_problem_moves_only_the_focus(void **state)
{
	struct scratch s;
	struct vt *v =
		start(&s, "mynetworks = 127.0.0.0/8, 192.168.3.5/24, 192.168.4.5/24\n",
			(struct vt_opts){0});

	(void)state;
	vt_keys(v, "Down");
	vt_wait_text(v, 22, "! \"192.168.3.5/24\"");
	vt_count_reset(v);
	vt_keys(v, "Down");
	assert_true(vt_count(v) <= DOWN_MOST);
	vt_wait_text(v, 22, "! \"192.168.4.5/24\"");
	scratch_close(&s, v);
}

/* What is to be mended first is said with its way out, and r does it. */
static void
next_step_says_what_is_wrong_and_mends_it(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, faulty, (struct vt_opts){0});

	(void)state;
	vt_assert_row(v, 11, ">  Mend: \"192.168.3.5/24\": IPv4 clients after");
	vt_assert_row(v, 22, "! \"192.168.3.5/24\": IPv4 clients after");
	vt_assert_row(v, 23, "Write 192.168.3.0/24.");
	vt_assert_row(v, 24, "Enter go there  r mend");
	vt_keys(v, "r");
	vt_assert_row(v, 1, "!0 ?0 *1");
	vt_assert_row(v, 11, ">  Review and apply the change that waits");
	scratch_close(&s, v);
}

/* Defaults stand in the place of values that nobody could read: no screen may pass them
 * off as this relay's, nor judge them. */
static void
unread_files_are_told_on_every_screen(void **state)
{
	struct scratch s;

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = fine});
	assert_int_equal(unlink(scratch_path(&s, "main.cf")), 0);
	assert_int_equal(unlink(scratch_path(&s, "aliases")), 0);
	struct vt *v = scratch_start(&s, "overview", NULL, (struct vt_opts){0});
	vt_assert_row(v, 1, "!2 ?0 read-only");
	vt_assert_row(v, 0, "/main.cf can't be read, so nothing can be changed.");
	vt_assert_row(v, 4, " │ ? not known         │");
	vt_assert_row(v, 5, "listens: not known");
	assert_false(vt_has(v, 0, "none set"));
	for (const char *key = "2346"; *key; key++) {
		const char name[] = {*key, '\0'};
		vt_keys(v, name);
		vt_assert_row(v, 0, "Not this relay's values");
	}
	vt_keys(v, "5");
	vt_assert_row(v, 0, "/aliases is not there, so there is nothing to show.");
	scratch_close(&s, v);
}

/* Words of double width: nothing is pushed over the edge, whatever a label takes. */
static void
japanese_labels_are_whole(void **state)
{
	static const char *const ja[] = {"LANGUAGE=ja", NULL};
	struct scratch s;
	struct vt *v = start(&s, faulty, (struct vt_opts){.env = ja});

	(void)state;
	vt_assert_row(v, 2, "3ネットワーク!");
	vt_assert_row(v, 11, "~  3 ネットワーク");
	assert_false(vt_has(v, 11, "3 ネットワー~"));
	vt_keys(v, "4 Enter");
	vt_type(v, "a.test");
	vt_keys(v, "Enter w");
	vt_assert_row(v, 0, "3 ネットワーク");
	scratch_close(&s, v);
}

static void
upstream_box_has_login_and_tls(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	scratch_new(
		&s, &(struct scratch_files){
			    .main_cf = "myhostname = relay.example.co.jp\n"
				       "relayhost = [mail.test.co.jp]:587\n"
				       "smtp_sasl_auth_enable = yes\n"
				       "smtp_sasl_password_maps = "
				       "texthash:$config_directory/sasl_passwd\n"
				       "smtp_sasl_tls_security_options = noanonymous\n"
				       "smtp_tls_security_level = encrypt\n"});
	scratch_write(&s, "sasl_passwd", "[mail.test.co.jp]:587 relay:Geheim\n", 0600);
	v = scratch_start(&s, "overview", NULL, (struct vt_opts){0});
	vt_assert_row(v, 4, "ok mail.test.co.jp");
	vt_assert_row(v, 5, "port 587, no MX");
	vt_assert_row(v, 6, "login relay");
	vt_assert_row(v, 7, "TLS required");
	assert_false(vt_has(v, 0, "Geheim"));
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_screen_shows_picture_next_step_problems),
		cmocka_unit_test(more_problems_than_room_take_a_row_each),
		cmocka_unit_test(enter_on_a_problem_goes_to_its_row),
		cmocka_unit_test(problem_key_then_mend_takes_two_presses),
		cmocka_unit_test(undo_and_redo_say_what_they_did),
		cmocka_unit_test(quitting_with_changes_asks_and_discard_writes_nothing),
		cmocka_unit_test(quitting_without_changes_just_ends),
		cmocka_unit_test(reading_again_takes_what_stands_on_disk),
		cmocka_unit_test(help_tells_of_the_row_and_closes),
		cmocka_unit_test(read_only_is_told_at_the_start),
		cmocka_unit_test(mistake_in_the_settings_is_told_at_the_start),
		cmocka_unit_test(resized_it_turns_upright),
		cmocka_unit_test(ascii_and_mono_use_no_line_art),
		cmocka_unit_test(down_costs_few_bytes),
		cmocka_unit_test(down_from_problem_to_problem_moves_only_the_focus),
		cmocka_unit_test(next_step_says_what_is_wrong_and_mends_it),
		cmocka_unit_test(unread_files_are_told_on_every_screen),
		cmocka_unit_test(japanese_labels_are_whole),
		cmocka_unit_test(upstream_box_has_login_and_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
