/* SPDX-License-Identifier: MIT
 *
 * The Aliases screen and its dialog on scratch files, the large one included.
 */
#include "tui/scratch.h"

enum {
	FIRST_MOST = 2400,
	DOWN_MOST = 60,
	CHAR_MOST = 25,
	DIALOG_MOST = 1500,
	MANY = 100000
};

static const char few[] = "# Basic names\nmailer-daemon: postmaster\npostmaster: root\n\n"
			  "# asked for by the copier team\ncopier: hanako, taro\n\n"
			  "#old: root\nno colon here\ncopier: root\n";

static struct vt *
start(struct scratch *s, const char *aliases, const char *more)
{
	scratch_new(s,
		&(struct scratch_files){.main_cf = "myhostname = relay.example.co.jp\n",
			.aliases = aliases});
	return scratch_start(s, "aliases", more, (struct vt_opts){0});
}

static void
rows_show_names_targets_lines_and_marks(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, few, NULL);

	(void)state;
	assert_true(vt_count(v) <= FIRST_MOST);
	vt_assert_row(v, 3, "Who gets mail for local names");
	vt_assert_row(v, 3, "/aliases, 6");
	assert_string_equal(vt_row(v, 4), "     Name               Targets               "
					  "                         Line");
	assert_string_equal(vt_row(v, 5), ">    mailer-daemon      postmaster            "
					  "                            2");
	vt_assert_row(v, 7, "     copier             hanako, taro");
	vt_assert_row(v, 8, "  #  old                off: root");
	vt_assert_row(v, 9, "  ?  "); /* as its words have it */
	vt_assert_row(v, 10, "  ?  copier             root");
	vt_count_reset(v);
	vt_keys(v, "Down");
	assert_true(vt_count(v) <= DOWN_MOST);
	vt_keys(v, "Down");
	vt_wait_text(v, 21, " # asked for by the copier team");
	vt_keys(v, "n");
	vt_assert_row(v, 9, ">");
	vt_assert_row(v, 22, "? ");
	vt_assert_row(v, 22, "no colon");
	vt_keys(v, "n");
	vt_assert_row(v, 10, ">");
	scratch_close(&s, v);
}

static void
filter_while_typing_shows_what_has_it(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, few, NULL);

	(void)state;
	vt_keys(v, "/");
	vt_assert_row(v, 4, "  /[                        ]  6 shown, name or target");
	vt_type(v, "hana");
	vt_assert_row(v, 4, "  /[hana                    ]  1 shown");
	vt_assert_row(v, 6, ">    copier             hanako, taro");
	assert_string_equal(vt_row(v, 7), "");
	vt_keys(v, "Enter Space"); /* on the row, not in the field */
	vt_assert_row(v, 6, ">*#  copier             off: hanako, taro");
	vt_keys(v, "u Esc");
	vt_assert_row(v, 7, ">    copier");
	vt_assert_row(v, 4, "     Name");
	scratch_close(&s, v);
}

/* The walk of the product's plan: a, name, Tab, targets, Enter. */
static void
quick_alias_takes_three_presses(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, few, NULL);

	(void)state;
	vt_count_reset(v);
	vt_keys(v, "a");
	assert_true(vt_count(v) <= DIALOG_MOST);
	vt_type(v, "sale");
	vt_count_reset(v);
	vt_type(v, "s");
	assert_true(vt_count(v) <= CHAR_MOST);
	vt_keys(v, "Tab");
	vt_type(v, "taro@example.co.jp, hanako@example.co.jp");
	vt_wait_text(v, 0, "[taro@example.co.jp                  ]  address, ok");
	vt_wait_text(v, 0, "[hanako@example.co.jp                ]  address");
	assert_false(vt_has(v, 0, "[hanako@example.co.jp                ]  address, ok"));
	vt_wait_text(v, 0, "Written  sales: taro@example.co.jp, hanako@example.co.jp");
	vt_keys(v, "Enter");
	vt_assert_row(v, 11,
		">+   sales              taro@example.co.jp, hanako@example.co.jp        "
		"new");
	vt_keys(v, "u");
	assert_false(vt_has(v, 0, "sales "));
	vt_keys(v, "a");
	vt_type(v, "new guy"); /* quotes that are written are shown */
	vt_wait_text(v, 0, "Written  \"new guy\": ");
	scratch_close(&s, v);
}

static void
name_that_is_there_opens_its_entry(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, few, NULL);

	(void)state;
	vt_keys(v, "a");
	vt_type(v, "copier");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "copier is there already: this is its entry.");
	vt_wait_text(v, 0, "[hanako  ");
	vt_wait_text(v, 0, "[taro  ");
	vt_wait_text(v, 0, "[asked for by the copier team");
	vt_keys(v, "Enter"); /* nothing was changed, so nothing is */
	vt_assert_row(v, 1, "*0");
	vt_keys(v, "a");
	vt_type(v, "copier");
	vt_keys(v, "Tab");
	vt_type(v, "jiro"); /* one more, not glued to the last one */
	vt_keys(v, "Enter");
	vt_assert_row(v, 7, ">*   copier             hanako, taro, jiro");
	vt_keys(v, "Enter Esc"); /* nothing typed: no question */
	assert_false(vt_has(v, 0, "Drop what you typed?"));
	vt_assert_row(v, 7, ">*   copier             hanako, taro, jiro");
	scratch_close(&s, v);
}

static void
emptied_target_goes_and_added_one_is_written(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, few, NULL);

	(void)state;
	vt_keys(v, "Down Down Enter Tab Tab Tab Ctrl-U Tab");
	vt_wait_gone(v, 0, "[hanako");
	vt_keys(v, "Tab");
	vt_type(v, "root");
	vt_keys(v, "Enter");
	vt_assert_row(v, 7, ">*   copier             taro, root");
	scratch_close(&s, v);
}

static void
command_without_quotes_gets_them(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, few, NULL);

	(void)state;
	vt_keys(v, "a");
	vt_type(v, "support");
	vt_keys(v, "Tab");
	vt_type(v, "|/usr/local/bin/ticket --queue a");
	vt_wait_text(v, 0, "> [|/usr/local/bin/ticket --queue a    ]!");
	vt_wait_text(v, 0, "[< Put in quotes >]  [ Keep all ]  [ Cancel ]");
	vt_keys(v, "Enter");
	vt_assert_row(
		v, 11, ">+?  support            \"|/usr/local/bin/ticket --queue a\"");
	scratch_close(&s, v);
}

/* A name that is nobody's is said, but holds nothing back. */
static void
targets_are_judged_when_they_are_left(void **state)
{
	struct scratch s;

	(void)state;
	scratch_new(
		&s, &(struct scratch_files){
			    .main_cf = "mydestination = localhost\nmyorigin = localhost\n"
				       "local_transport = local\n",
			    .aliases = few});
	struct vt *v = scratch_start(&s, "aliases", NULL, (struct vt_opts){0});
	vt_keys(v, "a");
	vt_type(v, "support");
	vt_keys(v, "Tab");
	vt_type(v, "no-such-user-here, postmaster, ");
	vt_wait_text(v, 0, "Mail goes back to its sender: no-such-user-here is no user");
	vt_assert_row(v, 0, "[postmaster                          ]  user, ok");
	assert_false(vt_has(v, 0, "[no-such-user-here                   ]  user, ok"));
	vt_keys(v, "Enter");
	vt_assert_row(v, 0, "  support            no-such-user-here, postmaster ");
	scratch_close(&s, v);
}

static void
mend_key_puts_a_command_in_quotes(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "root: a@b.test\nticket: |/nowhere/ticket -q a\n", NULL);

	(void)state;
	vt_keys(v, "Down");
	vt_assert_row(v, 6, "> !  ticket             |/nowhere/ticket -q a");
	vt_assert_row(v, 24, "r mend");
	vt_keys(v, "r");
	vt_wait_text(v, 0, ">*?  ticket             \"|/nowhere/ticket -q a\"");
	vt_keys(v, "u");
	vt_wait_text(v, 0, "> !  ticket             |/nowhere/ticket -q a");
	scratch_close(&s, v);
}

static void
button_pressed_too_early_says_what_holds_it(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, few, NULL);

	(void)state;
	vt_keys(v, "a Enter");
	vt_assert_row(v, 0, "Type the name that gets the mail.");
	vt_type(v, "x");
	vt_keys(v, "Tab Enter");
	vt_assert_row(v, 0, "Nobody would get this mail yet.");
	vt_keys(v, "Esc");
	assert_false(vt_has(v, 0, "Nobody would"));
	scratch_close(&s, v);
}

static void
removed_and_switched_rows_stay_marked(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, few, NULL);

	(void)state;
	vt_keys(v, "d");
	vt_assert_row(v, 5, ">-   mailer-daemon      postmaster");
	vt_assert_row(v, 5, "removed");
	vt_assert_row(v, 22, "ok Removed; u brings it back.");
	vt_keys(v, "d");
	vt_assert_row(v, 22, "removed already; u brings it back");
	vt_keys(v, "u");
	vt_assert_row(v, 5, ">    mailer-daemon");
	vt_keys(v, "Down Down Down Space");
	vt_assert_row(v, 8, ">*   old                root");
	vt_assert_row(v, 1, "*1");
	scratch_close(&s, v);
}

static void
session_that_looks_refuses_kindly(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, few, "-R");

	(void)state;
	vt_keys(v, "a");
	vt_assert_row(v, 22, "This session only looks: nothing can be changed.");
	vt_keys(v, "d");
	vt_assert_row(v, 22, "This session only looks: nothing can be changed.");
	scratch_close(&s, v);
}

static void
narrow_and_low_drop_columns_but_no_name(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, few, NULL);

	(void)state;
	vt_resize(v, 20, 60);
	assert_string_equal(vt_row(v, 4), "     Name               Targets");
	vt_assert_row(v, 7, "     copier             hanako, taro");
	vt_keys(v, "a");
	vt_assert_row(v, 0, "Name     [");
	vt_resize(v, 12, 40);
	vt_assert_row(v, 3, "Alias");
	vt_assert_row(v, 0, "Name     [");
	vt_keys(v, "Esc");
	vt_assert_row(v, 4, ">    mailer-daemon postmaster");
	vt_keys(v, "/");
	vt_type(v, "cop");
	vt_assert_row(v, 4, "  /[cop             ]  2 shown");
	vt_assert_row(v, 5, ">    copier");
	scratch_close(&s, v);
}

static void
hundred_thousand_rows_are_as_quick_to_use(void **state)
{
	struct scratch s;

	(void)state;
	scratch_new(&s,
		&(struct scratch_files){.main_cf = "myhostname = relay.example.co.jp\n"});
	FILE *f = fopen(scratch_path(&s, "aliases"), "w");
	assert_non_null(f);
	for (int i = 1; i <= MANY; i++) {
		assert_true(
			fprintf(f, "user%06d: box%d@example.co.jp\n", i, i % 977) > 0);
	}
	assert_int_equal(fclose(f), 0);
	struct vt *v = scratch_start(&s, "aliases", NULL, (struct vt_opts){0});
	assert_true(vt_count(v) <= FIRST_MOST);
	vt_assert_row(v, 3, "row 1 of 100000");
	vt_keys(v, "G");
	vt_assert_row(v, 20, ">    user100000");
	vt_keys(v, "/");
	vt_type(v, "user09999");
	vt_assert_row(v, 4, "]  10 shown");
	vt_assert_row(v, 6, "user099990");
	vt_keys(v, "Enter d Esc");
	vt_assert_row(v, 3, "row 99990 of 100000");
	vt_assert_row(v, 0, ">-   user099990");
	vt_assert_row(v, 1, "*1");
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_show_names_targets_lines_and_marks),
		cmocka_unit_test(filter_while_typing_shows_what_has_it),
		cmocka_unit_test(quick_alias_takes_three_presses),
		cmocka_unit_test(name_that_is_there_opens_its_entry),
		cmocka_unit_test(emptied_target_goes_and_added_one_is_written),
		cmocka_unit_test(command_without_quotes_gets_them),
		cmocka_unit_test(targets_are_judged_when_they_are_left),
		cmocka_unit_test(mend_key_puts_a_command_in_quotes),
		cmocka_unit_test(button_pressed_too_early_says_what_holds_it),
		cmocka_unit_test(removed_and_switched_rows_stay_marked),
		cmocka_unit_test(session_that_looks_refuses_kindly),
		cmocka_unit_test(narrow_and_low_drop_columns_but_no_name),
		cmocka_unit_test(hundred_thousand_rows_are_as_quick_to_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
