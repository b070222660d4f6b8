/* SPDX-License-Identifier: MIT
 *
 * The Parameters screen on scratch files: columns, filter, edits in place, lines that
 * Postfix refuses, the strip, defaults as Postfix tells them.
 */
#include "tui/scratch.h"

enum {
	FIRST_MOST = 2400,
	DOWN_MOST = 60,
	CHAR_MOST = 25,
	DIALOG_MOST = 1500,
	MARK_MORE = 20
};

static struct vt *
start(struct scratch *s, const char *main_cf, const char *more)
{
	scratch_new(s, &(struct scratch_files){.main_cf = main_cf});
	return scratch_start(s, "params", more, (struct vt_opts){0});
}

static void
rows_show_value_origin_and_default(void **state)
{
	struct scratch s;
	struct vt *v = start(&s,
		"inet_protocols = ipv4\n#relayhost = [old.example.com]\nno_such_name = "
		"1\n",
		NULL);

	(void)state;
	assert_true(vt_count(v) <= FIRST_MOST);
	vt_assert_row(v, 4, "Everything in main.cf");
	vt_assert_row(v, 4, "2 set of");
	assert_string_equal(vt_row(v, 5), "     Parameter                     Value      "
					  "        From        Default");
	vt_keys(v, "o");
	vt_wait_text(v, 6,
		">    inet_protocols                ipv4               line 1      all");
	vt_assert_row(v, 7,
		"?  no_such_name                  1                  line 3      -");
	vt_keys(v, "o /");
	vt_type(v, "relayhost");
	vt_wait_text(v, 0, "  #  relayhost                     off: [old.example~ off");
	vt_count_reset(v);
	vt_keys(v, "Down");
	assert_true(vt_count(v) <= DOWN_MOST);
	vt_wait_text(v, 0, "Needs: reload");
	scratch_close(&s, v);
}

static void
strip_shows_what_references_come_to(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "smtp_bind_address = $own\nown = 192.0.2.9\n", NULL);

	(void)state;
	vt_keys(v, "o");
	vt_wait_text(v, 0, "smtp_bind_address             $own");
	vt_keys(v, "Down");
	vt_wait_text(v, 0, "= 192.0.2.9");
	vt_keys(v, "Up");
	scratch_close(&s, v);
}

static void
value_is_edited_in_place_and_judged(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "message_size_limit = 1000\n", NULL);

	(void)state;
	vt_keys(v, "o");
	vt_assert_row(v, 6, ">    message_size_limit            1000");
	vt_keys(v, "Enter");
	vt_type(v, "0");
	vt_count_reset(v);
	vt_type(v, "k"); /* its mark now, the words after the pause */
	assert_true(vt_count(v) <= CHAR_MOST + MARK_MORE);
	vt_count_reset(v);
	vt_type(v, "k");
	assert_true(vt_count(v) <= CHAR_MOST);
	vt_assert_row(v, 6, "]!");
	vt_wait_text(v, 0, "Write plain bytes");
	vt_keys(v, "Enter");
	vt_assert_row(v, 6, ">*!  message_size_limit            10000kk");
	vt_keys(v, "u");
	vt_assert_row(v, 6, ">    message_size_limit            1000");
	vt_keys(v, "Enter");
	vt_type(v, "5");
	vt_keys(v, "Esc");
	vt_assert_row(v, 6, ">    message_size_limit            1000 ");
	scratch_close(&s, v);
}

static void
default_and_comment_out_are_edits(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "# head\ninet_protocols = ipv4\n", NULL);

	(void)state;
	vt_keys(v, "o Space");
	vt_assert_row(v, 1, "*1");
	vt_wait_text(v, 6, "inet_protocols");
	vt_assert_row(v, 6, "off: ipv4");
	vt_keys(v, "Space");
	vt_assert_row(
		v, 6, ">    inet_protocols                ipv4               line 2");
	vt_assert_row(v, 1, "*0");
	vt_keys(v, "d");
	vt_assert_row(
		v, 6, ">-   inet_protocols                all                default");
	vt_assert_row(v, 22, "ok Back to the default; u brings the line back.");
	scratch_close(&s, v);
}

static void
refused_line_stands_first_and_is_commented_out(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "inet_protocols = ipv4\ngarbage line\n", NULL);

	(void)state;
	vt_assert_row(v, 6, "> !  line 2  garbage line");
	vt_assert_row(v, 22, "! Every Postfix program stops at this line");
	vt_keys(v, "Enter");
	vt_assert_row(v, 22, "This line has no name that could be given a value.");
	vt_keys(v, "Space");
	vt_assert_row(v, 22, "ok Commented out; u brings it back.");
	assert_false(vt_has(v, 0, "line 2  garbage line"));
	vt_assert_row(v, 1, "!0");
	vt_keys(v, "u");
	vt_assert_row(v, 6, "line 2  garbage line");
	scratch_close(&s, v);
}

static void
few_choices_are_taken_by_space(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "append_dot_mydomain = no\n", NULL);

	(void)state;
	vt_keys(v, "o");
	vt_count_reset(v);
	vt_keys(v, "Enter");
	assert_true(vt_count(v) <= DIALOG_MOST);
	vt_wait_text(v, 0, "Value  no");
	vt_keys(v, "Space");
	vt_wait_text(v, 0, "Value  yes");
	vt_keys(v, "Enter");
	vt_assert_row(v, 6, ">*   append_dot_mydomain           yes");
	scratch_close(&s, v);
}

static void
long_value_of_many_lines_is_one_line_to_edit(void **state)
{
	struct scratch s;
	struct vt *v = start(&s,
		"smtpd_recipient_restrictions = permit_mynetworks,\n"
		"    # why\n    reject_unauth_destination\nmyorigin = a\x01z\n",
		NULL);

	(void)state;
	vt_keys(v, "o");
	vt_assert_row(v, 6, ">    myorigin                      a\\x01z");
	vt_keys(v, "Enter");
	vt_assert_row(v, 6, "[a\\x01z ");
	vt_keys(v, "Esc Down");
	vt_assert_row(v, 7, "permit_mynetworks~ line 1");
	vt_keys(v, "Enter");
	vt_assert_row(v, 7, "<");
	vt_assert_row(v, 7, "eject_unauth_destination ");
	vt_keys(v, "Enter");
	vt_assert_row(v, 1, "*0");
	scratch_close(&s, v);
}

static void
session_that_looks_refuses_kindly(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "inet_protocols = ipv4\n", "-R");

	(void)state;
	vt_keys(v, "o Enter");
	vt_assert_row(v, 22, "This session only looks: nothing can be changed.");
	vt_keys(v, "Space");
	vt_assert_row(v, 22, "This session only looks: nothing can be changed.");
	scratch_close(&s, v);
}

static void
narrow_and_low_drop_columns_but_no_name(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "inet_protocols = ipv4\n", NULL);

	(void)state;
	vt_keys(v, "o");
	vt_resize(v, 20, 60);
	assert_string_equal(
		vt_row(v, 5), "     Parameter                  Value           From");
	vt_assert_row(v, 6, ">    inet_protocols             ipv4            line 1");
	vt_resize(v, 12, 40);
	vt_assert_row(v, 4, ">    inet_protocols     ipv4");
	vt_keys(v, "/");
	vt_type(v, "inet");
	vt_assert_row(v, 4, "  /[inet            ]  1 shown");
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_show_value_origin_and_default),
		cmocka_unit_test(strip_shows_what_references_come_to),
		cmocka_unit_test(value_is_edited_in_place_and_judged),
		cmocka_unit_test(default_and_comment_out_are_edits),
		cmocka_unit_test(refused_line_stands_first_and_is_commented_out),
		cmocka_unit_test(few_choices_are_taken_by_space),
		cmocka_unit_test(long_value_of_many_lines_is_one_line_to_edit),
		cmocka_unit_test(session_that_looks_refuses_kindly),
		cmocka_unit_test(narrow_and_low_drop_columns_but_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
