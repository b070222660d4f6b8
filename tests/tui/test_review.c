/* SPDX-License-Identifier: MIT
 *
 * Review and apply on scratch files: the diff, dropping one change, folding, what holds
 * an apply back, and the result. The scratch folder lies where others can write, so only
 * files are written and no program of Postfix is run; what a real Postfix says is looked
 * at end to end.
 */
#include "tui/scratch.h"

enum { FIRST_MOST = 2400, DOWN_MOST = 60 };

static const char main_cf[] = "# A relay\nmyhostname = relay.example.co.jp\n"
			      "inet_protocols = ipv4\n";

static struct vt *
start(struct scratch *s, const char *screen, const char *more)
{
	scratch_new(s, &(struct scratch_files){.main_cf = main_cf});
	return scratch_start(s, screen, more, (struct vt_opts){0});
}

static void
change_relayhost(struct vt *v, const char *host)
{
	vt_keys(v, "4 Enter Ctrl-U");
	vt_type(v, host);
	vt_keys(v, "Enter");
}

static void
add_alias(struct vt *v)
{
	vt_keys(v, "5 a");
	vt_type(v, "sales");
	vt_keys(v, "Tab");
	vt_type(v, "taro");
	vt_keys(v, "Enter");
}

static void
diff_shows_lines_of_each_file(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost", NULL);

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	add_alias(v);
	vt_count_reset(v);
	vt_keys(v, "w");
	assert_true(vt_count(v) <= FIRST_MOST);
	vt_assert_row(v, 3, "Review: 2 changes in 2 files, nothing is written yet");
	vt_assert_row(v, 4, "/main.cf  1 line new");
	vt_assert_row(v, 5, "    @@ ");
	assert_string_equal(vt_row(v, 6), "    +relayhost = [mail.test.co.jp]:587");
	vt_assert_row(v, 7, "/aliases  1 line new");
	vt_assert_row(v, 0, "    +sales: taro");
	vt_assert_row(v, 0, " >[< Apply >]  [ Back ]");
	vt_keys(v, "z");
	vt_assert_row(v, 4, "[+] /");
	vt_assert_row(v, 5, "/aliases  1 line new");
	vt_keys(v, "Esc");
	vt_assert_row(v, 2, "[5Aliases]");
	vt_assert_row(v, 1, "*2");
	scratch_close(&s, v);
}

static void
findings_that_stay_use_the_room_there_is(void **state)
{
	struct scratch s;
	char text[512] = "myhostname = relay.example\n";

	(void)state;
	for (int i = 0; i < 20; i++) {
		(void)snprintf(
			text + strlen(text), sizeof(text) - strlen(text), "line%d\n", i);
	}
	scratch_new(&s, &(struct scratch_files){.main_cf = text});
	struct vt *v = scratch_start(&s, "relayhost", NULL, (struct vt_opts){0});
	change_relayhost(v, "a.test");
	vt_keys(v, "w");
	vt_assert_row(v, 7, " Stays");
	for (int row = 8; row < 17; row++) {
		vt_assert_row(v, row, " ! Every Postfix program stops at this line");
	}
	vt_assert_row(v, 0, " more");
	vt_assert_row(v, 0, "[ Back ]");
	scratch_close(&s, v);
}

static void
review_key_in_an_open_field_accepts_it(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost", NULL);

	(void)state;
	vt_keys(v, "Enter");
	vt_type(v, "mail.test.co.jp");
	vt_keys(v, "Ctrl-O");
	vt_assert_row(v, 0, "    +relayhost = [mail.test.co.jp]");
	scratch_close(&s, v);
}

static void
one_change_is_dropped_on_its_line(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost", NULL);

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	add_alias(v);
	vt_keys(v, "w Tab");
	vt_count_reset(v);
	vt_keys(v, "Down");
	assert_true(vt_count(v) <= DOWN_MOST);
	vt_keys(v, "Up d");
	vt_assert_row(v, 22, "d takes back the change of a line with + or -");
	vt_keys(v, "Down Down d");
	vt_assert_row(v, 22, "ok Not changed any more: relayhost. u brings it back.");
	vt_assert_row(v, 3, "Review: 1 change in 1 file");
	assert_false(vt_has(v, 0, "+relayhost"));
	vt_keys(v, "u");
	vt_assert_row(v, 3, "Review: 2 changes in 2 files");
	scratch_close(&s, v);
}

/* Neither has a name that its lines begin with. */
static void
refused_line_commented_out_is_dropped_on_its_lines(void **state)
{
	struct scratch s;

	(void)state;
	scratch_new(&s, &(struct scratch_files){
				.main_cf = "inet_protocols = ipv4\n.....\n*****\n"});
	struct vt *v = scratch_start(&s, "params", NULL, (struct vt_opts){0});
	vt_assert_row(v, 6, "> !  line 2  .....");
	vt_keys(v, "Space Space w");
	vt_assert_row(v, 3, "Review: 2 changes in 1 file");
	vt_assert_row(v, 0, "    -*****");
	vt_keys(v, "Tab Down Down Down Down d"); /* on the second + */
	vt_assert_row(v, 22, "ok Not changed any more: line 2. u brings it back.");
	assert_false(vt_has(v, 0, "    -....."));
	vt_keys(v, "g Down d"); /* on its place */
	vt_assert_row(v, 22, "Not changed any more: line 3.");
	vt_assert_row(v, 1, "*0");
	scratch_close(&s, v);
}

static void
apply_writes_and_tells_what_is_different(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost", NULL);

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	vt_keys(v, "w Enter");
	vt_wait_text(v, 4, "Applied: 1 change");
	vt_assert_row(v, 1, "*0");
	vt_assert_row(v, 5, " ok lock taken, files unchanged since read");
	vt_assert_row(v, 0, "Mail leaves by [mail.test.co.jp]:587.");
	vt_assert_row(v, 0, " >[< Done >]");
	scratch_assert(&s, "main.cf",
		"# A relay\nmyhostname = relay.example.co.jp\n"
		"inet_protocols = ipv4\nrelayhost = "
		"[mail.test.co.jp]:587\n");
	vt_keys(v, "u"); /* the last edit comes back as a change that waits */
	vt_assert_row(v, 1, "*1");
	vt_keys(v, "w");
	vt_assert_row(v, 0, "    -relayhost = [mail.test.co.jp]:587");
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "Applied: 1 change");
	scratch_assert(&s, "main.cf", main_cf);
	vt_keys(v, "Esc");
	vt_assert_row(v, 2, "[1Overview]");
	scratch_close(&s, v);
}

static void
new_error_holds_apply_back_and_says_so(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "params", NULL);

	(void)state;
	vt_keys(v, "/");
	vt_type(v, "message_size_limit");
	vt_keys(v, "Enter");
	vt_paste(v, "10m");
	vt_keys(v, "Enter w");
	vt_assert_row(v, 0, " Holds the apply back");
	vt_assert_row(v, 0, "[ Apply ] >[< Back >]");
	vt_assert_row(v, 22, "! A change brings in an error");
	vt_keys(v, "Left Enter");
	vt_assert_row(v, 22, "message_size_limit");
	vt_assert_row(v, 3, "Review: 1 change");
	scratch_assert(&s, "main.cf", main_cf);
	vt_keys(v, "Enter"); /* on Back now */
	vt_assert_row(v, 2, "[6Params]");
	scratch_close(&s, v);
}

static void
dry_run_explains_and_writes_nothing(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost", "-n");

	(void)state;
	change_relayhost(v, "mail.test.co.jp");
	vt_keys(v, "w");
	vt_assert_row(v, 22, "This is a dry run: nothing will be written.");
	vt_keys(v, "Enter");
	vt_assert_row(v, 22, "This is a dry run: nothing is written.");
	scratch_assert(&s, "main.cf", main_cf);
	scratch_close(&s, v);
}

static void
narrow_and_low_scroll_everything(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost", NULL);

	(void)state;
	change_relayhost(v, "mail.test.co.jp:587");
	add_alias(v);
	vt_keys(v, "w");
	vt_resize(v, 20, 60);
	vt_assert_row(v, 3, "Review: 2 changes in 2 files, nothing is written yet");
	vt_assert_row(v, 0, " >[< Apply >]  [ Back ]  [ Keep as draft ]");
	vt_resize(v, 12, 60);
	vt_assert_row(
		v, 3, "Review: 2 changes in 2 files       "); /* the place has room */
	vt_assert_row(v, 3, "  row 1 of ");
	vt_resize(v, 12, 40);
	vt_assert_row(v, 3, "Review: 2 changes in 2 files");
	vt_assert_row(v, 0, " >[< Apply >]  [ Back ]  [ Keep ]");
	vt_assert_row(v, 12, "Enter apply  Esc back");
	vt_keys(v, "G");
	vt_assert_row(v, 0, "+sales");
	vt_keys(v, "Enter");
	vt_wait_text(v, 3, "Applied: 2 changes");
	vt_assert_row(v, 0, " >[< Done >]");
	vt_resize(v, 24, 80);
	vt_assert_row(v, 4, "Applied: 2 changes");
	scratch_close(&s, v);
}

/* Nothing is written, and what the other one changed is told. */
static void
danger_wants_the_word_yes(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "params", NULL);

	(void)state;
	vt_keys(v, "3 a");
	vt_type(v, "198.51.100.0/24");
	vt_keys(v, "Enter w");
	vt_assert_row(v, 0, "198.51.100.0/24");
	vt_keys(v, "Left Enter");
	vt_assert_row(v, 0, "Danger: strangers could relay");
	vt_keys(v, "Enter");
	assert_false(vt_has(v, 0, "Danger: strangers could relay"));
	vt_assert_row(v, 3, "nothing is written yet");
	vt_keys(v, "Enter");
	vt_type(v, "yes");
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "Applied: 1 change");
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(diff_shows_lines_of_each_file),
		cmocka_unit_test(findings_that_stay_use_the_room_there_is),
		cmocka_unit_test(review_key_in_an_open_field_accepts_it),
		cmocka_unit_test(one_change_is_dropped_on_its_line),
		cmocka_unit_test(refused_line_commented_out_is_dropped_on_its_lines),
		cmocka_unit_test(apply_writes_and_tells_what_is_different),
		cmocka_unit_test(new_error_holds_apply_back_and_says_so),
		cmocka_unit_test(danger_wants_the_word_yes),
		cmocka_unit_test(dry_run_explains_and_writes_nothing),
		cmocka_unit_test(narrow_and_low_scroll_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
