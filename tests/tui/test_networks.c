/* SPDX-License-Identifier: MIT
 *
 * The Networks screen on scratch files: rows, the dialog that judges, files that are
 * followed, folding.
 */
#include "tui/scratch.h"

enum { DOWN_MOST = 60, CHAR_MOST = 25, DIALOG_MOST = 1500 };

static const char head[] = "myhostname = relay.example.co.jp\n";

static struct vt *
start(struct scratch *s, const char *nets_value, const char *nets_file)
{
	char main_cf[1024];

	(void)snprintf(main_cf, sizeof(main_cf), "%s%s", head, nets_value);
	scratch_new(s, &(struct scratch_files){.main_cf = main_cf, .nets = nets_file});
	return scratch_start(s, "networks", NULL, (struct vt_opts){0});
}

static void
rows_show_kind_count_note_and_faults(void **state)
{
	struct scratch s;
	struct vt *v = start(&s,
		"mynetworks = 127.0.0.0/8,\n    # branch Osaka\n    10.20.0.0/16,\n"
		"    #192.168.7.0/24,\n    !192.168.1.250, 192.168.3.5/24\n",
		NULL);

	(void)state;
	vt_assert_row(v, 4, "Clients that may relay without login");
	vt_assert_row(v, 4, "mynetworks, main.cf lines 2-6");
	vt_assert_row(v, 5, "     Network               Kind      Addresses  Who, notes");
	assert_string_equal(vt_row(v, 6),
		">    127.0.0.0/8           net        16777216  programs on this host");
	assert_string_equal(vt_row(v, 7),
		"     10.20.0.0/16          net           65536  branch Osaka");
	vt_assert_row(v, 8, "  #  192.168.7.0/24        net             256  off");
	vt_assert_row(v, 9, "     !192.168.1.250        except            1  refused");
	vt_assert_row(v, 10, "  !  192.168.3.5/24        net             256  host bits");
	vt_keys(v, "n");
	vt_assert_row(v, 10, ">");
	vt_assert_row(v, 22, "451");
	vt_keys(v, "r");
	vt_assert_row(v, 10, ">*   192.168.3.0/24");
	assert_string_equal(vt_row(v, 22), "");
	vt_keys(v, "u");
	vt_assert_row(v, 10, ">");
	vt_assert_row(v, 10, "!  192.168.3.5/24");
	scratch_close(&s, v);
}

static void
dialog_while_typing_judges_and_offers_repair(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "mynetworks = 127.0.0.0/8\n", NULL);

	(void)state;
	vt_count_reset(v);
	vt_keys(v, "a");
	assert_true(vt_count(v) <= DIALOG_MOST);
	vt_wait_text(v, 0, "Add client segments");
	vt_keys(v, "Ctrl-O");
	vt_assert_row(v, 22, "Esc closes this first.");
	vt_type(v, "192.168.");
	assert_false(vt_has(v, 0, "]!"));
	vt_type(v, "3.5/24");
	vt_assert_row(v, 8, "192.168.3.5/24                         ]!");
	vt_wait_text(v, 0, "[< Use 192.168.3.0/24 >]  [ Only host 192.168.3.5 ]");
	vt_wait_text(v, 0, "Covers   192.168.3.0 - 192.168.3.255, 256 addresses");
	vt_keys(v, "Enter");
	vt_assert_row(v, 7, ">+   192.168.3.0/24");
	vt_keys(v, "a");
	vt_type(v, "192.168.3.5/24");
	vt_wait_text(v, 0, "Only host");
	vt_keys(v, "Shift-Tab Shift-Tab");
	vt_keys(v, "Enter");
	vt_assert_row(v, 8, ">+");
	vt_assert_row(v, 8, "192.168.3.5 ");
	vt_assert_row(v, 1, "*1");
	scratch_close(&s, v);
}

static void
dialog_with_nothing_typed_says_so_and_stays(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "mynetworks = 127.0.0.0/8\n", NULL);

	(void)state;
	vt_keys(v, "a Enter");
	vt_assert_row(v, 0, "Nothing to add yet");
	vt_assert_row(v, 0, "Add client segments");
	vt_type(v, "10.0.0.0/8");
	vt_keys(v, "Tab");
	vt_type(v, "head office");
	vt_keys(v, "Esc");
	vt_assert_row(v, 0, "Drop what you typed?");
	vt_keys(v, "d");
	assert_false(vt_has(v, 0, "Add client segments"));
	vt_assert_row(v, 1, "*0");
	scratch_close(&s, v);
}

static void
dialog_pasted_lines_add_each(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "mynetworks = 127.0.0.0/8\n", NULL);

	(void)state;
	vt_paste(v, "192.168.1.0/24\n192.168.2.0/24\n");
	vt_keys(v, "Enter");
	vt_assert_row(v, 7, " +   192.168.1.0/24");
	vt_assert_row(v, 8, ">+   192.168.2.0/24");
	scratch_close(&s, v);
}

static void
unset_value_shows_derived_rows_and_first_add_writes_them(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = head,
				.derived = "127.0.0.0/8 203.0.113.0/24"});
	v = scratch_start(&s, "networks", NULL, (struct vt_opts){0});
	vt_wait_text(v, 6, "127.0.0.0/8           net        16777216  default");
	vt_keys(v, "a");
	vt_assert_row(v, 0, "public: tick to keep");
	vt_assert_row(v, 0, "[ ] 203.0.113.0/24");
	vt_type(v, "192.168.1.0/24");
	vt_keys(v, "Enter");
	vt_assert_row(v, 6, " +   127.0.0.0/8");
	vt_assert_row(v, 7, ">+   192.168.1.0/24");
	assert_false(vt_has(v, 8, "203.0.113"));
	vt_keys(v, "u");
	vt_assert_row(v, 6, "default");
	scratch_close(&s, v);
}

static void
derived_row_edited_writes_all_of_them(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = head,
				.derived = "127.0.0.0/8 192.168.1.0/24"});
	v = scratch_start(&s, "networks", NULL, (struct vt_opts){0});
	vt_wait_text(v, 7, "192.168.1.0/24");
	vt_keys(v, "Down Enter Ctrl-U");
	vt_assert_row(v, 0, "Change this row");
	vt_type(v, "192.168.0.0/16");
	vt_keys(v, "Enter");
	vt_assert_row(v, 6, " +   127.0.0.0/8");
	vt_assert_row(v, 7, ">+   192.168.0.0/16");
	scratch_close(&s, v);
}

static void
typed_while_postfix_is_asked_is_added_by_itself(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = head, .slow = true});
	v = scratch_start(&s, "networks", NULL, (struct vt_opts){0});
	vt_assert_row(v, 6, "Postfix is asked who may relay now ..");
	vt_keys(v, "a");
	vt_type(v, "192.168.1.0/24");
	vt_keys(v, "Enter a");
	vt_type(v, "192.168.2.0/24");
	vt_keys(v, "Enter");
	vt_assert_row(v, 22, "Postfix is asked who may relay now");
	scratch_write(&s, "go", "", 0600);
	vt_wait_text(v, 8, ">+   192.168.2.0/24");
	vt_assert_row(v, 6, " +   127.0.0.0/8");
	vt_assert_row(v, 7, " +   192.168.1.0/24");
	scratch_close(&s, v);
}

static void
long_list_tells_where_the_focus_is(void **state)
{
	struct scratch s;
	char text[1024] = "mynetworks = 127.0.0.0/8";

	(void)state;
	for (int i = 1; i < 30; i++) {
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
			", 10.%d.0.0/16", i);
	}
	(void)strcat(text, "\n");
	struct vt *v = start(&s, text, NULL);
	vt_assert_row(v, 5, "Who, notes          row 1 of 30");
	vt_count_reset(v);
	vt_keys(v, "Down");
	assert_true(vt_count(v) <= DOWN_MOST);
	vt_assert_row(v, 5, "row 2 of 30");
	vt_keys(v, "g /");
	vt_type(v, "10.1.");
	assert_false(vt_has(v, 0, " of "));
	scratch_close(&s, v);
}

static void
unknown_derived_rows_hold_the_first_add_back(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = head, .no_postconf = true});
	v = scratch_start(&s, "networks", NULL, (struct vt_opts){0});
	vt_keys(v, "a");
	vt_type(v, "192.168.1.0/24");
	vt_keys(v, "Enter");
	vt_assert_row(v, 0, "Add client segments");
	vt_assert_row(v, 0, "not known");
	vt_keys(v, "Esc");
	vt_assert_row(v, 1, "*0");
	vt_assert_row(v, 6, "Who may relay is not known: Postfix gives no answer.");
	vt_keys(v, "1");
	vt_assert_row(v, 4, "? not known");
	scratch_close(&s, v);
}

static void
file_row_enter_opens_and_its_rows_are_edited(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "mynetworks = 127.0.0.0/8, $config_directory/nets\n",
		"10.20.0.0/16\n# copier\n10.21.4.9\n");

	(void)state;
	vt_keys(v, "Down");
	vt_assert_row(v, 7, ">    [+] $config_director~");
	vt_keys(v, "Enter");
	vt_assert_row(v, 8, "       10.20.0.0/16        net           65536");
	vt_assert_row(v, 8, "line 1");
	vt_assert_row(v, 9, "10.21.4.9");
	vt_assert_row(v, 9, "copier");
	vt_keys(v, "Down d");
	vt_assert_row(v, 8, ">-");
	vt_assert_row(v, 22, "u brings it back");
	vt_keys(v, "Up Enter");
	assert_false(vt_has(v, 0, "10.21.4.9"));
	scratch_close(&s, v);
}

static void
moving_and_switching_off_keep_the_focus_on_the_row(void **state)
{
	struct scratch s;
	struct vt *v = start(
		&s, "mynetworks = 127.0.0.0/8, 192.168.1.0/24, 192.168.2.0/24\n", NULL);

	(void)state;
	vt_keys(v, "Down J");
	vt_assert_row(v, 8, ">");
	vt_assert_row(v, 8, "192.168.1.0/24");
	vt_keys(v, "Space");
	vt_assert_row(v, 8, "#  192.168.1.0/24");
	vt_keys(v, "K");
	vt_assert_row(v, 7, ">");
	vt_assert_row(v, 7, "192.168.1.0/24");
	scratch_close(&s, v);
}

static void
filter_shows_matching_rows_until_dropped(void **state)
{
	struct scratch s;
	struct vt *v =
		start(&s, "mynetworks = 127.0.0.0/8, 192.168.1.0/24, 10.0.0.0/8\n", NULL);

	(void)state;
	vt_keys(v, "/");
	vt_type(v, "192");
	vt_assert_row(v, 5, "  /[192");
	vt_assert_row(v, 5, "1 shown");
	vt_assert_row(v, 7, "192.168.1.0/24");
	vt_keys(v, "Enter d");
	vt_assert_row(v, 22, "Removed");
	vt_keys(v, "Esc");
	vt_assert_row(v, 6, "127.0.0.0/8");
	scratch_close(&s, v);
}

static void
read_only_refuses_and_says_why(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = "mynetworks = 127.0.0.0/8\n"});
	v = scratch_start(&s, "networks", "-R", (struct vt_opts){0});
	vt_assert_row(v, 1, "read-only");
	vt_assert_row(v, 22, "-R");
	vt_keys(v, "a");
	assert_false(vt_has(v, 0, "Add client segments"));
	vt_assert_row(v, 22, "only looks");
	vt_assert_row(v, 23, "-R");
	vt_keys(v, "d");
	vt_assert_row(v, 23, "-R");
	scratch_close(&s, v);
}

static void
resized_it_folds_and_keeps_the_focus(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "mynetworks = 127.0.0.0/8, 192.168.3.5/24\n", NULL);

	(void)state;
	vt_keys(v, "Down");
	vt_resize(v, 20, 60);
	vt_assert_row(v, 2, "[3 Networks]");
	vt_assert_row(v, 5, "     Network             Addresses  Who, notes");
	vt_assert_row(v, 7, "> !  192.168.3.5/24            256  host bits");
	vt_resize(v, 12, 40);
	vt_assert_row(v, 5, "> !  192.168.3.5/24   host bits");
	vt_assert_row(v, 8, "! \"192.168.3.5/24\""); /* long words grow upwards */
	vt_keys(v, "a");
	vt_assert_row(v, 3, "Add client segments");
	vt_type(v, "10.0.0.0/8");
	vt_resize(v, 24, 80);
	vt_assert_row(v, 0, "[10.0.0.0/8");
	vt_keys(v, "Enter");
	vt_assert_row(v, 8, ">+   10.0.0.0/8");
	scratch_close(&s, v);
}

static void
wide_signs_in_a_note_are_cut_by_columns(void **state)
{
	struct scratch s;
	struct vt *v = start(&s,
		"mynetworks =\n    # 大阪支店の複合機とプリンタ\n    10.20.0.0/16\n",
		NULL);

	(void)state;
	assert_string_equal(vt_row(v, 6), ">    10.20.0.0/16          net           "
					  "65536  大阪支店の複合機とプリンタ");
	vt_resize(v, 12, 40);
	assert_string_equal(vt_row(v, 4), ">    10.20.0.0/16     大阪支店の複合機~");
	scratch_close(&s, v);
}

static void
bytes_of_moving_and_typing_stay_in_budget(void **state)
{
	struct scratch s;
	struct vt *v = start(
		&s, "mynetworks = 127.0.0.0/8, 192.168.1.0/24, 192.168.2.0/24\n", NULL);

	(void)state;
	vt_count_reset(v);
	vt_keys(v, "Down");
	assert_true(vt_count(v) <= DOWN_MOST);
	vt_keys(v, "a");
	vt_type(v, "10.0.0");
	vt_count_reset(v);
	vt_keys(v, ".");
	assert_true(vt_count(v) <= CHAR_MOST);
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_show_kind_count_note_and_faults),
		cmocka_unit_test(dialog_while_typing_judges_and_offers_repair),
		cmocka_unit_test(dialog_with_nothing_typed_says_so_and_stays),
		cmocka_unit_test(dialog_pasted_lines_add_each),
		cmocka_unit_test(
			unset_value_shows_derived_rows_and_first_add_writes_them),
		cmocka_unit_test(derived_row_edited_writes_all_of_them),
		cmocka_unit_test(typed_while_postfix_is_asked_is_added_by_itself),
		cmocka_unit_test(long_list_tells_where_the_focus_is),
		cmocka_unit_test(unknown_derived_rows_hold_the_first_add_back),
		cmocka_unit_test(file_row_enter_opens_and_its_rows_are_edited),
		cmocka_unit_test(moving_and_switching_off_keep_the_focus_on_the_row),
		cmocka_unit_test(filter_shows_matching_rows_until_dropped),
		cmocka_unit_test(read_only_refuses_and_says_why),
		cmocka_unit_test(resized_it_folds_and_keeps_the_focus),
		cmocka_unit_test(wide_signs_in_a_note_are_cut_by_columns),
		cmocka_unit_test(bytes_of_moving_and_typing_stay_in_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
