/* SPDX-License-Identifier: MIT
 *
 * The story by keyboard: from stock files to a working relay, over the single screens in
 * 22 presses besides what is typed, or by the guided set-up (PR_WALK=setup) in 15 with
 * the proof, or to an upstream that wants a login (PR_WALK=login) in 17. It runs on the
 * relay of a sandbox only (with PR_DOWN one whose Postfix is stopped), started by
 * tests/e2e/test_story.sh, which then judges files, sockets and mail; elsewhere it skips.
 */
#include "tui/scratch.h"

static const char inside[] = "/run/postrelay-sandbox";
enum { PRESSES = 22, SETUP_PRESSES = 15, LOGIN_PRESSES = 17 };

struct walk {
	struct vt *v;
	int presses;
	struct timespec began;
};

/* Keys that count, separated by blanks. */
static void
press(struct walk *w, const char *names)
{
	w->presses++;
	for (const char *p = names; *p; p++) {
		w->presses += *p == ' ';
	}
	vt_keys(w->v, names);
}

static void
listen_on_the_lan(struct walk *w)
{
	press(w, "2");
	vt_assert_row(w->v, 10, ">  [x] lo        127.0.0.1");
	press(w, "Down Space Down Space");
	vt_assert_row(w->v, 11, " * [x] lan0      192.168.1.1");
	vt_assert_row(w->v, 12, ">* [x] lan1      192.168.2.1");
	vt_assert_row(w->v, 13, "   [ ] wan0      203.0.113.5");
	assert_true(
		vt_has(w->v, 0, "Will be written: localhost, 192.168.1.1, 192.168.2.1"));
}

static void
let_three_segments_in(struct walk *w)
{
	static const char *const nets[] = {
		"192.168.1.0/24", "192.168.2.0/24", "192.168.3.0/24"};

	press(w, "3");
	vt_wait_text(w->v, 6, "127.0.0.1/32          host              1  default");
	for (size_t i = 0; i < 3; i++) {
		press(w, "a");
		vt_type(w->v, nets[i]);
		press(w, "Enter");
		vt_assert_row(w->v, 8 + (int)i, ">+");
		vt_assert_row(w->v, 8 + (int)i, nets[i]);
	}
	vt_assert_row(w->v, 6, " +   127.0.0.1/32");
	vt_assert_row(w->v, 7, " +   [::1]/128");
}

static void
name_the_upstream(struct walk *w)
{
	press(w, "4 Enter");
	vt_type(w->v, "mail.test.co.jp:587");
	vt_wait_text(w->v, 0, "Will be written: relayhost = [mail.test.co.jp]:587");
	press(w, "Enter");
	assert_true(vt_has(w->v, 0, "mail.test.co.jp"));
	assert_true(vt_has(w->v, 0, "587"));
	vt_assert_row(w->v, 1, "*3");
}

static void
add_an_alias(struct walk *w)
{
	press(w, "5 a");
	vt_type(w->v, "test-str-001");
	press(w, "Tab");
	vt_type(w->v, "root");
	press(w, "Enter");
	assert_true(vt_has(w->v, 0, ">+   test-str-001"));
	vt_assert_row(w->v, 1, "*4");
}

static void
review_and_apply(struct walk *w)
{
	press(w, "w");
	assert_true(vt_has(w->v, 0, "Review: 4 changes in 2 files"));
	assert_true(vt_has(w->v, 0, "-inet_interfaces = localhost"));
	assert_true(vt_has(w->v, 0, "stop, start"));
	assert_true(vt_has(w->v, 0, "all put back if not well"));
	press(w, "Enter");
	vt_wait_text(w->v, 0, "ok stop Postfix");
	vt_wait_text(w->v, 0, "ok start Postfix");
	vt_wait_text(w->v, 0, "Applied: 4 changes");
	vt_wait_text(w->v, 0, " >[< Verify >]  [ Done ]  [ Undo all of it ]");
	press(w, "Esc");
	vt_wait_gone(w->v, 0, "Applied: 4 changes");
	vt_assert_row(w->v, 1, "!0 ?1 *0"); /* root's mail is read by nobody */
}

static struct walk
start_walk(void)
{
	static char bin[4096];
	const char *build = getenv("PR_BUILD"), *argv[] = {bin, NULL};
	struct walk w = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &w.began);
	if (access(inside, F_OK) != 0) {
		print_message("skipped: it needs the sandbox; tests/e2e/test_story.sh "
			      "runs it\n");
		skip();
	}
	(void)snprintf(bin, sizeof(bin), "%s/postrelay", build ? build : "build");
	w.v = vt_start(&(struct vt_opts){.argv = argv});
	vt_wait_text(w.v, 2, "[1Overview]2Interfaces 3Networks 4Relay");
	print_message("first screen and title: %zu bytes\n", vt_count(w.v));
	return w;
}

/* The keys come at once, so nearly all of the time is waiting. */
static void
end_walk(struct walk *w, int presses)
{
	struct timespec now;

	assert_int_equal(w->presses, presses);
	assert_int_equal(vt_wait_exit(w->v), 0);
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	print_message("# %d presses, %.1f s with all waiting\n", presses,
		(double)(now.tv_sec - w->began.tv_sec) +
			(double)(now.tv_nsec - w->began.tv_nsec) / 1e9);
}

static void
story_over_single_screens_takes_22_presses(void **state)
{
	struct walk w = start_walk();

	(void)state;
	listen_on_the_lan(&w);
	let_three_segments_in(&w);
	name_the_upstream(&w);
	add_an_alias(&w);
	review_and_apply(&w);
	vt_keys(w.v, "q");
	end_walk(&w, PRESSES);
}

/* --- the guided set-up ---------------------------------------------------------------
 */

static void
answer_up_to_the_clients(struct walk *w)
{
	vt_wait_text(w->v, 0, ">  Set up this relay: who may send, where mail goes");
	press(w, "Enter");
	vt_assert_row(w->v, 1, "relay.example.co.jp  Setup, step 1 of 8  /etc/postfix");
	assert_true(vt_has(w->v, 0, "(x) relay for the LAN, to an upstream"));
	press(w, "Enter");
	vt_assert_row(w->v, 2, " 1Role[2Name]3Listen 4Clients 5Upstream 6People 7Log");
	press(w, "Enter");
	vt_assert_row(w->v, 5, "│ listens: lo lan0 lan1  │");
	vt_assert_row(w->v, 6, "│ closed: wan0");
	assert_true(vt_has(w->v, 0, "[ ] 203.0.113.5"));
	assert_false(vt_has(w->v, 0, "fe80::")); /* Postfix can't use them */
	press(w, "Enter");
	vt_assert_row(w->v, 1, "Setup, step 4 of 8");
	vt_wait_text(w->v, 4, "│ 2 segments ");
	assert_true(vt_has(w->v, 0, "   [x] 192.168.1.0/24  lan0's own segment"));
	assert_true(vt_has(w->v, 0, "   [ ] 203.0.113.0/24  wan0's own segment, PUBLIC"));
	vt_type(w->v, "192.168.3.0/24");
	vt_wait_text(w->v, 22, "ok 192.168.3.0 - 192.168.3.255, 256 addresses may send.");
	assert_true(vt_has(w->v, 0, " > Another  [192.168.3.0/24            ]  ok 256"));
	press(w, "Enter");
	vt_assert_row(w->v, 4, "│ 3 segments ");
	press(w, "Enter");
}

/* The probe runs on while the next step is open: what comes from it is read, too, so
 * nothing is settled and the next screen is waited for. */
static void
answer_from_the_upstream_on(struct walk *w)
{
	vt_assert_row(w->v, 2, "3Listen*4Clients[5Upstream]6People 7Log 8Review");
	vt_type(w->v, "mail.test.co.jp:587");
	press(w, "Enter");
	vt_wait_text(w->v, 1, "Setup, step 6 of 8");
	vt_wait_text(w->v, 5, "port 587, no MX");
	vt_wait_text(w->v, 6, "│  answers ");
	press(w, "Tab");
	vt_type(w->v, "test-str-001: root");
	press(w, "Enter Enter");
	vt_assert_row(w->v, 1, "Setup, step 7 of 8");
	press(w, "Enter");
	vt_assert_row(w->v, 2, "6People?7Log[8Review]");
	assert_true(vt_has(w->v, 0, "Review: 4 changes in 2 files"));
	assert_true(vt_has(w->v, 0, "[x] start     because Postfix is not running") ==
		    (getenv("PR_DOWN") != NULL));
}

static void
apply_and_prove(struct walk *w)
{
	press(w, "Enter");
	if (getenv("PR_DOWN")) {
		vt_wait_text(w->v, 0, "ok start Postfix");
	} else {
		vt_wait_text(w->v, 0, "ok stop Postfix");
	}
	vt_wait_text(w->v, 0, "Receiver of the test message");
	vt_assert_row(w->v, 2, "[7Verify]");
	vt_assert_row(w->v, 22, "ok Applied: 4 changes, Postfix healthy");
	/* root's mail stays here, and would prove nothing */
	assert_true(vt_has(w->v, 0, ">Address  [  "));
	vt_type(w->v, "hanako@test.co.jp");
	assert_false(vt_has(w->v, 0, "198.51.100.25")); /* of the set-up\'s probe */
	press(w, "Enter");
	vt_wait_text(w->v, 0, "ok connection");
	vt_wait_text(w->v, 0, "ok a stranger");
	vt_wait_text(w->v, 0, "ok test message");
	press(w, "Enter");
}

static void
guided_set_up_takes_15_presses(void **state)
{
	struct walk w = start_walk();

	(void)state;
	answer_up_to_the_clients(&w);
	answer_from_the_upstream_on(&w);
	apply_and_prove(&w);
	press(&w, "q");
	end_walk(&w, SETUP_PRESSES);
}

static void
log_in(struct walk *w)
{
	vt_assert_row(w->v, 1, "Setup, step 5 of 8");
	vt_type(w->v, "smtp.test.co.jp:587");
	press(w, "Tab Tab Tab");
	vt_type(w->v, "relay@test.co.jp");
	press(w, "Tab");
	vt_wait_text(w->v, 13, "(x) required");
	vt_type(w->v, "Ge:heim 1");
	vt_wait_text(w->v, 15, " > Password  [*********                 ]");
	press(w, "Enter");
	vt_wait_text(w->v, 1, "Setup, step 6 of 8");
	vt_wait_text(w->v, 7, "│  answers ");
	vt_type(w->v, "hanako@test.co.jp");
	press(w, "Enter Enter");
	assert_true(vt_has(w->v, 0, "Review: 9 changes in 3 files"));
}

static void
guided_set_up_with_a_login_takes_17_presses(void **state)
{
	struct walk w = start_walk();

	(void)state;
	answer_up_to_the_clients(&w);
	log_in(&w);
	press(&w, "Enter");
	vt_wait_text(w.v, 0, "ok stop Postfix");
	vt_wait_text(w.v, 0, "Receiver of the test message");
	assert_true(vt_has(w.v, 0, ">Address  [hanako@test.co.jp "));
	press(&w, "Enter");
	vt_wait_text(w.v, 0, "ok login");
	vt_wait_text(w.v, 4, "12 ok, 0 failed");
	vt_wait_text(w.v, 22, "ok This relay works and is closed to strangers.");
	press(&w, "Enter q");
	end_walk(&w, LOGIN_PRESSES);
}

int
main(void)
{
	const struct CMUnitTest screens[] = {
		cmocka_unit_test(story_over_single_screens_takes_22_presses),
	};
	const struct CMUnitTest setup[] = {
		cmocka_unit_test(guided_set_up_takes_15_presses),
	};
	const struct CMUnitTest login[] = {
		cmocka_unit_test(guided_set_up_with_a_login_takes_17_presses),
	};
	const char *walk = getenv("PR_WALK") ? getenv("PR_WALK") : "";

	return strcmp(walk, "setup") == 0   ? cmocka_run_group_tests(setup, NULL, NULL)
	       : strcmp(walk, "login") == 0 ? cmocka_run_group_tests(login, NULL, NULL)
					    : cmocka_run_group_tests(screens, NULL, NULL);
}
