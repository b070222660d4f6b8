/* SPDX-License-Identifier: MIT
 *
 * The Interfaces screen on scratch files. What NICs the machine has isn't known here, but
 * that no one has 192.0.2.77 (a documentation address) is.
 */
#include "tui/scratch.h"

enum { FIELD_MOST = 25 };

static const char gone[] = "inet_interfaces = localhost, 192.0.2.77\n"
			   "mynetworks = 127.0.0.0/8\nrelayhost = [a.test]\n";

static struct vt *
start(struct scratch *s, const char *main_cf, const char *more)
{
	scratch_new(s, &(struct scratch_files){.main_cf = main_cf});
	return scratch_start(s, "interfaces", more, (struct vt_opts){0});
}

static void
address_on_no_nic_is_marked_and_mended(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, gone, NULL);

	(void)state;
	vt_assert_row(v, 4, "Where this relay listens for clients");
	vt_assert_row(v, 4, "inet_interfaces, main.cf line 1");
	vt_assert_row(v, 7, "   (x) the addresses ticked here");
	vt_assert_row(v, 0, "[x] lo        127.0.0.1");
	vt_keys(v, "n");
	vt_assert_row(v, 0, "> ![x] (none)    192.0.2.77");
	vt_assert_row(v, 22, "192.0.2.77 is on no NIC");
	vt_keys(v, "r");
	assert_false(vt_has(v, 22, "is on no NIC"));
	vt_assert_row(v, 0, "Will be written: localhost");
	vt_assert_row(v, 1, "!0 ?0 *1");
	vt_keys(v, "u");
	vt_assert_row(v, 1, "!1 ?0 *0");
	scratch_close(&s, v);
}

static void
choosing_a_mode_writes_its_word(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, gone, NULL);

	(void)state;
	vt_keys(v, "g Space");
	vt_assert_row(v, 5, ">  (x) every address of this machine (all)");
	vt_assert_row(v, 0, "Will be written: all");
	vt_keys(v, "Down Enter");
	vt_assert_row(v, 6, ">  (x) this host only (loopback-only)");
	vt_assert_row(v, 0, "Will be written: loopback-only");
	scratch_close(&s, v);
}

static void
unticking_an_address_jumps_to_chosen(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "inet_interfaces = all\n", NULL);

	(void)state;
	vt_assert_row(v, 5, "(x) every address");
	vt_keys(v, "Space");
	vt_assert_row(v, 7, "(x) the addresses ticked here");
	scratch_close(&s, v);
}

static void
word_is_edited_in_place_and_judged(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, gone, NULL);

	(void)state;
	vt_keys(v, "n Enter Ctrl-U");
	vt_type(v, "eth0/24");
	vt_assert_row(v, 0, "]!");
	vt_wait_text(v, 22, "No Postfix program can run");
	vt_keys(v, "Esc");
	vt_assert_row(v, 0, "![x] (none)    192.0.2.77");
	vt_keys(v, "Enter Ctrl-U");
	vt_type(v, "192.0.2.78");
	vt_keys(v, "Enter");
	vt_assert_row(v, 0, "(none)    192.0.2.78");
	assert_false(vt_has(v, 9, "192.0.2.77"));
	vt_assert_row(v, 0, "Will be written: localhost, 192.0.2.78");
	vt_keys(v, "u");
	vt_assert_row(v, 1, "*0");
	scratch_close(&s, v);
}

static void
adding_by_dialog_judges_the_word(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "inet_interfaces = localhost\n", NULL);

	(void)state;
	vt_keys(v, "a");
	vt_assert_row(v, 0, "Listen on another address");
	vt_keys(v, "Enter");
	vt_assert_row(v, 0, "Nothing to add yet");
	vt_type(v, "*");
	vt_wait_text(v, 0, "]!");
	vt_keys(v, "Enter");
	vt_assert_row(v, 0, "Listen on another address");
	vt_keys(v, "Ctrl-U");
	vt_type(v, "192.0.2.77");
	vt_keys(v, "Enter");
	vt_assert_row(v, 0, ">*![x] (none)    192.0.2.77");
	scratch_close(&s, v);
}

static void
ip_versions_are_chosen_and_outgoing_address_typed(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "inet_interfaces = localhost\n", NULL);

	(void)state;
	vt_wait_text(v, 1, "3.7.11");
	vt_keys(v, "G Up");
	vt_assert_row(v, 0, ">  IP versions       IPv4 and IPv6");
	vt_keys(v, "Space");
	vt_assert_row(v, 0, "IPv4 only       inet_protocols = ipv4");
	vt_keys(v, "Space Space");
	vt_assert_row(v, 0, "inet_protocols is not set");
	vt_keys(v, "Down Enter");
	vt_type(v, "10.0.0");
	vt_count_reset(v);
	vt_keys(v, ".");
	assert_true(vt_count(v) <= FIELD_MOST);
	vt_type(v, "9");
	vt_keys(v, "Enter");
	vt_assert_row(v, 0, "Outgoing address  10.0.0.9");
	vt_keys(v, "d");
	vt_assert_row(v, 0, "system chooses");
	scratch_close(&s, v);
}

static void
read_only_refuses_and_says_so(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, gone, "-R");

	(void)state;
	vt_keys(v, "Space");
	vt_assert_row(v, 22, "only looks");
	vt_keys(v, "a");
	assert_false(vt_has(v, 0, "Listen on another address"));
	vt_assert_row(v, 1, "read-only");
	scratch_close(&s, v);
}

static void
resized_it_folds_and_keeps_the_focus(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, gone, NULL);

	(void)state;
	vt_keys(v, "n");
	vt_resize(v, 20, 60);
	assert_true(vt_has(v, 0, "> ![x] (none 192.0.2.77") ||
		    vt_has(v, 0, "> ![x] (non~ 192.0.2.77"));
	vt_resize(v, 12, 40);
	vt_assert_row(v, 3, "Where this relay listens");
	vt_assert_row(v, 0, "192.0.2.77");
	vt_assert_row(v, 8, "! 192.0.2.77 is on no NIC");
	vt_resize(v, 24, 80);
	vt_assert_row(v, 0, "> ![x] (none)    192.0.2.77");
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address_on_no_nic_is_marked_and_mended),
		cmocka_unit_test(choosing_a_mode_writes_its_word),
		cmocka_unit_test(unticking_an_address_jumps_to_chosen),
		cmocka_unit_test(word_is_edited_in_place_and_judged),
		cmocka_unit_test(adding_by_dialog_judges_the_word),
		cmocka_unit_test(ip_versions_are_chosen_and_outgoing_address_typed),
		cmocka_unit_test(read_only_refuses_and_says_so),
		cmocka_unit_test(resized_it_folds_and_keeps_the_focus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
