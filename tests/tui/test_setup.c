/* SPDX-License-Identifier: MIT
 *
 * The guided set-up on a scratch copy: steps, answers, what holds a step back, leaving
 * and taking up. The walk to a relay that works is tests/tui/test_story.c's.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tui/scratch.h"

static const char set_up[] = "myhostname = relay.example.co.jp\n"
			     "mydestination = $myhostname, localhost\n"
			     "# listens\n"
			     "inet_interfaces = all\n"
			     "mynetworks = 127.0.0.0/8, 192.168.1.0/24\n"
			     "relayhost = [mail.invalid]:587\n";

static const char stock[] = "myhostname = relay.example.co.jp\n"
			    "inet_interfaces = localhost\n";

static const char people[] = "postmaster: root\nroot: hanako@example.co.jp\n";

static struct vt *
open_setup(struct scratch *s, const char *main_cf, struct vt_opts o)
{
	scratch_new(s, &(struct scratch_files){.main_cf = main_cf, .aliases = people});
	struct vt *v = scratch_start(s, "setup", NULL, o);
	vt_wait_text(v, 1, "Setup, step 1 of 8");
	return v;
}

static void
end(struct scratch *s, struct vt *v)
{
	(void)vt_close(v);
	scratch_end(s);
}

static void
go_on(struct vt *v, int from, int to)
{
	char text[32];

	for (int i = from; i < to; i++) {
		(void)snprintf(text, sizeof(text), "step %d of 8", i);
		vt_wait_text(v, 1, text);
		vt_keys(v, "Enter");
	}
	(void)snprintf(text, sizeof(text), "step %d of 8", to);
	vt_wait_text(v, 1, text);
}

static void
assert_files_as_before(struct scratch *s, const char *main_cf)
{
	char *now = scratch_read(s, "main.cf");

	assert_string_equal(now, main_cf);
	free(now);
	now = scratch_read(s, "aliases");
	assert_string_equal(now, people);
	free(now);
}

static void
enter_alone_changes_nothing(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	vt_assert_row(v, 1, "relay.example.co.jp  Setup, step 1 of 8  /tmp/");
	vt_assert_row(
		v, 2, "[1Role]2Name 3Listen 4Clients 5Upstream 6People 7Log 8Review");
	vt_assert_row(v, 4,
		"│ (step 4)            │   │ relay.example.co.jp    │   │ (step 5)");
	assert_true(vt_has(v, 0, " > Role  (x) relay for the LAN, to an upstream  kept"));
	go_on(v, 1, 6); /* without postlogd in master.cf nothing is asked of the log */
	vt_keys(v, "Enter");
	vt_assert_row(v, 1, "*0");
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(
		v, 22, "ok Nothing to change: this relay is set up as you answered.");
	assert_files_as_before(&s, set_up);
	end(&s, v);
}

static void
the_picture_grows_with_the_answers(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	go_on(v, 1, 3);
	vt_assert_row(v, 5, "listens: ");
	vt_assert_row(v, 4, "(step 4)");
	go_on(v, 3, 4);
	vt_assert_row(v, 2, "3Listen[4Clients]5Upstream");
	vt_assert_row(v, 4, "│ 1 segment ");
	vt_assert_row(v, 4, "(step 5)");
	assert_true(vt_has(v, 0, "   [x] 192.168.1.0/24"));
	assert_true(vt_has(v, 0, " > Another  [                          ]  kept"));
	vt_type(v, "192.168.77.0/24");
	vt_wait_text(v, 0, "192.168.77.0/24           ]  ok 256 addresses");
	vt_wait_text(v, 22, "ok 192.168.77.0 - 192.168.77.255");
	vt_keys(v, "Enter");
	vt_assert_row(v, 1, "Setup, step 4 of 8");
	vt_assert_row(v, 1, "*1");
	vt_assert_row(v, 4, "│ 2 segments ");
	assert_true(vt_has(v, 0, "   [x] 192.168.77.0/24"));
	vt_keys(v, "Enter");
	vt_assert_row(v, 2, "4Clients[5Upstream]6People");
	vt_assert_row(v, 4, "│ mail.invalid");
	vt_assert_row(
		v, 12, " > Host      [mail.invalid:587          ]     [ ] Look up MX");
	end(&s, v);
}

static void
answers_come_to_the_review_and_esc_leads_back(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	go_on(v, 1, 4);
	vt_type(v, "192.168.77.0/24");
	vt_keys(v, "Enter");
	go_on(v, 4, 6);
	vt_keys(v, "Tab");
	vt_type(v, "sales: hanako@example.co.jp");
	vt_keys(v, "Enter");
	assert_true(vt_has(v, 0, "[x] sales: hanako@example.co.jp"));
	vt_keys(v, "Enter");
	vt_assert_row(v, 2, "7Log[8Review]");
	vt_assert_row(v, 3, "Review: 2 changes in 2 files");
	assert_true(vt_has(
		v, 0, "+mynetworks = 127.0.0.0/8, 192.168.1.0/24, 192.168.77.0/24"));
	assert_true(vt_has(v, 0, "+sales:"));
	vt_keys(v, "Esc");
	vt_assert_row(v, 1, "Setup, step 6 of 8");
	vt_keys(v, "Esc Esc");
	vt_assert_row(v, 1, "Setup, step 4 of 8");
	assert_true(vt_has(v, 0, "[x] 192.168.77.0/24"));
	vt_keys(v, "Esc Esc Esc");
	vt_assert_row(v, 1, "*0");
	vt_keys(v, "Esc");
	vt_wait_text(v, 0, "Leave the set-up?");
	vt_keys(v, "Esc");
	vt_wait_gone(v, 0, "Leave the set-up?");
	vt_assert_row(v, 1, "Setup, step 1 of 8");
	vt_keys(v, "Esc x");
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 22, "Set-up was left; nothing is changed.");
	vt_keys(v, "s Esc"); /* nothing was answered: there is nothing to ask */
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 1, "*0");
	assert_files_as_before(&s, set_up);
	end(&s, v);
}

static void
what_was_added_can_be_taken_away(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	go_on(v, 1, 6);
	vt_keys(v, "Tab");
	vt_type(v, "sales: root");
	vt_keys(v, "Enter");
	vt_assert_row(v, 1, "*1");
	vt_keys(v, "Up");
	assert_true(vt_has(v, 0, " > [x] sales: root"));
	vt_keys(v, "Delete");
	vt_wait_gone(v, 0, "sales: root");
	vt_assert_row(v, 1, "*0");
	assert_true(vt_has(v, 0, " > Another alias  ["));
	end(&s, v);
}

static void
what_cannot_be_meant_holds_the_step(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	go_on(v, 1, 5);
	vt_keys(v, "Ctrl-U Enter");
	vt_assert_row(v, 1, "Setup, step 5 of 8");
	vt_assert_row(v, 12, " > Host      [                          ]");
	vt_assert_row(v, 22, "!");
	vt_type(v, "127.0.0.1:1");
	vt_keys(v, "Tab");
	vt_wait_text(v, 22, "! The host is there"); /* the probe has ended */
	vt_keys(v, "Tab Tab");
	vt_type(v, "relay@example.co.jp");
	vt_keys(v, "Enter");
	vt_wait_text(v, 15, " > Password  [");
	vt_wait_text(v, 22, "! A login needs a password.");
	vt_type(v, "geheim");
	vt_wait_text(v, 15, "[******                    ]");
	vt_keys(v, "Ctrl-T");
	vt_wait_text(v, 15, "[geheim                    ]");
	vt_keys(v, "Enter");
	vt_wait_text(v, 1, "Setup, step 6 of 8");
	vt_wait_text(v, 22, "! Upstream: The host is there");
	vt_keys(v, "Esc");
	vt_wait_text(v, 1, "Setup, step 5 of 8");
	vt_wait_text(v, 15, "   Password  [********                  ]");
	end(&s, v);
}

static void
a_wrong_answer_stays_where_it_was_typed(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	go_on(v, 1, 6);
	vt_keys(v, "Ctrl-U");
	vt_type(v, "a b|");
	vt_keys(v, "Enter");
	vt_assert_row(v, 1, "Setup, step 6 of 8");
	assert_true(
		vt_has(v, 0, " > root           [a b|                              ]!"));
	vt_assert_row(v, 22, "! Nobody can get mail under this target.");
	vt_keys(v, "Tab");
	assert_true(
		vt_has(v, 0, "   root           [a b|                              ]!"));
	vt_keys(v, "Enter");
	assert_true(vt_has(v, 0, " > root           [a b|"));
	vt_assert_row(v, 22, "! Nobody can get mail under this target.");
	vt_keys(v, "Ctrl-U");
	vt_type(v, "taro@example.co.jp");
	vt_keys(v, "Enter");
	vt_assert_row(v, 1, "Setup, step 8 of 8");
	vt_assert_row(v, 1, "*1");
	end(&s, v);
}

static void
text_to_be_added_is_not_lost(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	go_on(v, 1, 4);
	vt_type(v, "192.168.78.0/24");
	vt_keys(v, "Esc");
	vt_assert_row(v, 1, "Setup, step 3 of 8");
	vt_assert_row(v, 1, "*0");
	vt_keys(v, "Enter");
	assert_true(vt_has(v, 0, " > Another  [192.168.78.0/24           ]"));
	vt_keys(v, "Up");
	vt_keys(v, "Enter"); /* not in the field: it is added, and the step taken */
	vt_assert_row(v, 1, "Setup, step 5 of 8");
	vt_assert_row(v, 1, "*1");
	end(&s, v);
}

static void
leaving_asks_what_becomes_of_the_answers(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	go_on(v, 1, 4);
	vt_type(v, "192.168.77.0/24");
	vt_keys(v, "Enter");
	go_on(v, 4, 6);
	vt_keys(v, "Ctrl-U");
	vt_type(v, "taro@example.co.jp");
	vt_keys(v, "Tab");
	vt_type(v, "sales: hanako@example.co.jp");
	vt_keys(v, "Ctrl-X");
	vt_wait_text(v, 0, "Leave the set-up?");
	vt_keys(v, "k");
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 1, "*3");
	vt_assert_row(
		v, 22, "Set-up was left; 3 changes wait, and nothing is written yet.");
	vt_keys(v, "s");
	go_on(v, 1, 4);
	assert_true(vt_has(v, 0, "   [x] 192.168.77.0/24"));
	assert_true(vt_has(v, 0, " > Another  [                          ]  kept"));
	vt_keys(v, "Ctrl-X"); /* nothing was answered this time */
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 1, "*3");
	vt_keys(v, "q k");
	assert_int_equal(vt_wait_exit(v), 0);
	(void)vt_close(v);

	v = scratch_start(&s, "setup", NULL, (struct vt_opts){0});
	vt_wait_text(v, 0, "A draft of yours waits");
	vt_keys(v, "Enter");
	vt_wait_text(v, 1, "Setup, step 1 of 8");
	vt_assert_row(v, 1, "*3");
	go_on(v, 1, 4);
	assert_true(vt_has(v, 0, "   [x] 192.168.77.0/24"));
	assert_files_as_before(&s, set_up);
	end(&s, v);
}

/* What can't be an answer isn't dropped behind the person's back. */
static void
leaving_is_held_by_what_cannot_be_kept(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	go_on(v, 1, 6);
	vt_keys(v, "Ctrl-U");
	vt_type(v, "a b|");
	vt_keys(v, "Ctrl-X k");
	vt_wait_gone(v, 0, "Leave the set-up?");
	vt_assert_row(v, 1, "Setup, step 6 of 8");
	vt_assert_row(v, 22, "! Nobody can get mail under this target.");
	vt_keys(v, "Ctrl-X x");
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 1, "*0");
	vt_keys(v, "s");
	go_on(v, 1, 6);
	vt_keys(v, "Tab");
	vt_type(v, "sales"); /* to whom? */
	for (int i = 0; i < 6; i++) {
		vt_keys(v, "Esc");
	}
	vt_wait_text(v, 0, "Leave the set-up?");
	vt_keys(v, "k");
	vt_assert_row(v, 1, "Setup, step 6 of 8");
	vt_wait_text(v, 0, " > Another alias  [sales");
	vt_type(v, ": root");
	for (int i = 0; i < 6; i++) {
		vt_keys(v, "Esc");
	}
	vt_keys(v, "k");
	vt_assert_row(v, 2, "[1Overview]");
	vt_assert_row(v, 1, "*1");
	end(&s, v);
}

static const char with_login[] = "myhostname = relay.example.co.jp\n"
				 "mynetworks = 127.0.0.0/8\n"
				 "relayhost = [127.0.0.1]:1\n"
				 "smtp_sasl_auth_enable = yes\n"
				 "smtp_sasl_security_options = noanonymous\n"
				 "smtp_tls_security_level = secure\n"
				 "smtp_sasl_password_maps = texthash:%s/sasl\n";

static void
write_login(struct scratch *s, char *main_cf, size_t n)
{
	(void)snprintf(main_cf, n, with_login, s->dir);
	scratch_write(s, "main.cf", main_cf, 0644);
	scratch_write(s, "sasl", "[127.0.0.1]:1 relay:geheim\n", 0600);
}

static void
an_emptied_field_is_not_kept(void **state)
{
	struct scratch s;
	char main_cf[1024];

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = "", .aliases = people});
	write_login(&s, main_cf, sizeof(main_cf));
	struct vt *v = scratch_start(&s, "setup", NULL, (struct vt_opts){0});
	go_on(v, 1, 2);
	assert_true(vt_has(
		v, 0, "> Host name      [relay.example.co.jp               ]  kept"));
	vt_keys(v, "Ctrl-U");
	vt_wait_gone(v, 13, "kept");
	vt_type(v, "relay.example.co.jp");
	go_on(v, 2, 5);
	vt_keys(v, "Tab Tab Tab");
	assert_true(vt_has(v, 0, " > User      [relay                     ]  kept"));
	vt_keys(v, "Ctrl-U");
	vt_wait_text(v, 0, " > User      [                          ]? no login");
	vt_wait_text(v, 22, "? The login goes: this relay hands mail on without one.");
	vt_keys(v, "Tab");
	vt_wait_text(v, 0, "   User      [                          ]? no login");
	end(&s, v);
}

/* Login, TLS and the word of the probe all have their place in the picture. */
static void
the_box_of_the_upstream_cuts_nothing(void **state)
{
	struct scratch s;
	char main_cf[1024];

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = "", .aliases = people});
	write_login(&s, main_cf, sizeof(main_cf));
	struct vt *v = scratch_start(&s, "setup", NULL, (struct vt_opts){0});
	go_on(v, 1, 5);
	vt_assert_row(v, 6, "│  login relay");
	vt_assert_row(v, 7, "│  TLS checked");
	vt_keys(v, "Tab");
	vt_wait_text(v, 7, "│  does not answer");
	vt_assert_row(v, 5, "│  port 1, no MX");
	vt_assert_row(v, 6, "│  login, TLS checked");
	end(&s, v);
}

static void
rows_say_what_they_mean(void **state)
{
	static const char names[] =
		"myhostname = relay.example.co.jp\n"
		"mydestination = $myhostname, localhost.$mydomain, localhost\n";
	struct scratch s;
	struct vt *v = open_setup(&s, names, (struct vt_opts){0});

	(void)state;
	go_on(v, 1, 2);
	vt_assert_row(v, 15, "[$myhostname, localhost.$mydomain, localhost ]  kept");
	vt_keys(v, "Tab Tab");
	vt_type(v, ", example.co.jp");
	vt_assert_row(v, 15, "> Kept here      <");
	vt_keys(v, "Shift-Tab"); /* seen from its start again */
	vt_assert_row(v, 15, "[$myhostname, localhost.$mydomain, ");
	go_on(v, 2, 3);
	go_on(v, 3, 4);
	vt_type(v, "192.168.9.5/24");
	vt_keys(v, "Enter");
	assert_true(vt_has(v, 0, "[x] 192.168.9.5/24 ! "));
	assert_false(vt_has(v, 0, "proposed"));
	go_on(v, 4, 5);
	vt_type(v, "mail.invalid");
	go_on(v, 5, 6);
	assert_true(vt_has(v, 0,
		"   Another alias  [                                  ]  beside 2 "
		"others, "
		"kept"));
	end(&s, v);
}

static void
a_long_name_leaves_room_for_what_is_said(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});
	char name[301];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	go_on(v, 1, 5);
	vt_keys(v, "Ctrl-U");
	vt_type(v, name);
	vt_keys(v, "Tab");
	vt_wait_text(v, 0, "! No mail can leave while the next host is");
	vt_assert_row(v, 0, "aaaa~\": it all waits.");
	vt_assert_row(v, 0, "This is neither");
	end(&s, v);
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
	vt_assert_row(v, 1, "Setup, step 1 of 8");
	vt_keys(v, "Esc");
	vt_assert_row(v, 2, "[1Overview]");
	end(&s, v);
}

static void
roles_and_steps_are_chosen_by_keys_and_clicks(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	vt_keys(v, "Down Down");
	assert_true(
		vt_has(v, 0, " >       (x) relay for the LAN, straight to the Internet"));
	vt_keys(v, "Up");
	assert_true(vt_has(v, 0, " >       (x) this host only, to an upstream"));
	vt_keys(v, "Enter Enter");
	vt_assert_row(v, 1, "Setup, step 3 of 8");
	vt_click(v, 2, 60); /* Review: step by step */
	vt_assert_row(v, 1, "Setup, step 3 of 8");
	vt_assert_row(v, 22, "Enter goes on, step by step.");
	vt_click(v, 2, 2);
	vt_assert_row(v, 1, "Setup, step 1 of 8");
	assert_true(vt_has(v, 0, " >       (x) this host only, to an upstream"));
	vt_keys(v, "q");
	vt_assert_row(v, 1, "Setup, step 1 of 8");
	vt_assert_row(v, 22, "Space ticks or chooses here; Tab goes on");
	vt_keys(v, "Ctrl-G");
	vt_assert_row(v, 3, "Help: Set-up: Role");
	assert_true(vt_has(v, 0, "Most relays take mail from"));
	end(&s, v);
}

static void
small_screens_fold_and_keep_what_is_typed(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	go_on(v, 1, 5);
	vt_keys(v, "Ctrl-U");
	vt_type(v, "other.invalid:587");
	vt_resize(v, 20, 60);
	vt_assert_row(v, 2, " 1 2 3 4[5 Upstream]6 7 8");
	assert_true(vt_has(v, 0, " Upstream  "));
	assert_true(vt_has(v, 0, " > Host      [other.invalid:587         ]"));
	vt_resize(v, 12, 40);
	assert_true(vt_has(v, 0, " > Host      [other.invalid:587"));
	vt_assert_row(v, 3, " To which mail server does everything"); /* the question */
	vt_assert_row(v, 4, " go?");
	assert_null(strstr(vt_row(v, 4), "provider"));
	vt_assert_row(v, 12, "Enter next  Esc back");
	vt_keys(v, "Tab");
	assert_true(vt_has(v, 0, "[ ] Look up MX"));
	vt_keys(v, "Tab");
	assert_true(vt_has(v, 0, " >           "));
	assert_true(vt_has(v, 0, "(x) none"));
	vt_keys(v, "Shift-Tab");
	vt_resize(v, 10, 38);
	assert_true(vt_has(v, 0, "Please make this window"));
	vt_resize(v, 24, 80);
	vt_assert_row(
		v, 12, "   Host      [other.invalid:587         ]   > [ ] Look up MX");
	end(&s, v);
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
	end(&s, v);
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
		assert_true(vt_has(v, 0, "[mail.invalid:587"));
		assert_true(i == 0 || vt_has(v, 3, "+-"));
		end(&s, v);
	}
}

/* To the Review with one change. */
static void
review_one_change(struct vt *v)
{
	go_on(v, 1, 4);
	vt_type(v, "192.168.77.0/24");
	vt_keys(v, "Enter");
	go_on(v, 4, 6);
	vt_keys(v, "Enter");
	vt_wait_text(v, 3, "Review: 1 change in 1 file");
}

static void
without_a_postfix_it_ends_with_the_result(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

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
	end(&s, v);
}

static void
what_somebody_else_wrote_meanwhile_stays(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});
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
	go_on(v, 1, 4);
	assert_true(vt_has(v, 0, "   [x] 192.168.77.0/24"));
	end(&s, v);
}

static void
no_key_waits_for_postfix(void **state)
{
	struct scratch s;

	(void)state;
	scratch_new(&s, &(struct scratch_files){
				.main_cf = stock, .aliases = people, .slow = true});
	struct vt *v = scratch_start(&s, "setup", NULL, (struct vt_opts){0});
	vt_wait_text(v, 1, "Setup, step 1 of 8");
	go_on(v, 1, 3);
	vt_keys(v, "Enter");
	vt_wait_text(v, 22, ".. Postfix is asked which clients it trusts by itself");
	vt_assert_row(v, 1, "Setup, step 3 of 8");
	vt_keys(v, "Esc");
	vt_wait_text(v, 1, "Setup, step 2 of 8");
	go_on(v, 2, 3);
	vt_keys(v, "Enter");
	scratch_write(&s, "go", "", 0644);
	vt_wait_text(v, 1, "Setup, step 4 of 8");
	assert_true(vt_has(v, 0, "   [x] 127.0.0.0/8"));
	end(&s, v);
}

static void
what_the_upstream_says_follows(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	go_on(v, 1, 5);
	vt_keys(v, "Ctrl-U");
	vt_type(v, "127.0.0.1:1");
	vt_keys(v, "Tab");
	vt_wait_text(v, 18, " !  Connection refused                            port");
	vt_assert_row(v, 17, " ?  127.0.0.1 is this machine                     DNS");
	vt_assert_row(v, 19, " -- ");
	vt_assert_row(v, 4, "│ ! 127.0.0.1 ");
	vt_assert_row(v, 5, "│  port 1, no MX");
	vt_assert_row(v, 6, "-!>│  does not answer ");
	vt_assert_row(v, 22, "! The host is there, but nothing listens on this port");
	vt_keys(v, "Enter");
	vt_wait_text(v, 1, "Setup, step 6 of 8");
	vt_wait_text(v, 22, "! Upstream: The host is there, but nothing listens");
	vt_keys(v, "Esc");
	vt_wait_text(v, 1, "Setup, step 5 of 8");
	vt_keys(v, "Ctrl-U");
	vt_type(v, "127.0.0.1:2");
	vt_keys(v, "Ctrl-P");
	vt_wait_text(v, 5, "│  port 2, no MX");
	end(&s, v);
}

/* A socket on a port of this host; nobody listens on it yet. */
static int
bind_port(unsigned *port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

static void
an_old_failure_is_asked_about_again(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});
	unsigned port = 0;
	int fd = bind_port(&port);
	char host[32];

	(void)state;
	(void)snprintf(host, sizeof(host), "127.0.0.1:%u", port);
	go_on(v, 1, 5);
	vt_keys(v, "Ctrl-U");
	vt_type(v, host);
	vt_keys(v, "Tab");
	vt_wait_text(v, 18, " !  Connection refused");
	vt_keys(v, "Enter");
	vt_wait_text(v, 22, "! Upstream: The host is there, but nothing listens");
	assert_int_equal(listen(fd, 5), 0);
	vt_keys(v, "Esc"); /* the step is open again: it may be well by now */
	vt_wait_text(v, 1, "Setup, step 5 of 8");
	vt_wait_gone(v, 18, "Connection refused");
	(void)close(fd);
	end(&s, v);
}

/* What an answer says as it stands: beside its field, and in words where the focus is. */
static void
answers_say_what_is_wrong_with_them(void **state)
{
	struct scratch s;
	struct vt *v = open_setup(&s, set_up, (struct vt_opts){0});

	(void)state;
	go_on(v, 1, 4);
	vt_type(v, "192.168.");
	vt_keys(v, "Enter");
	vt_assert_row(v, 22, "! \"192.168.\" is no whole address yet.");
	vt_keys(v, "Ctrl-U");
	vt_type(v, "!192.168.1.7");
	vt_wait_text(v, 22, "192.168.1.7, 1 address may not send.");
	vt_keys(v, "Ctrl-U");
	vt_type(v, "/etc/no-such-nets");
	vt_keys(v, "Enter");
	vt_wait_text(v, 22, "? /etc/no-such-nets isn't there");
	assert_true(vt_has(v, 0, "[x] /etc/no-such-nets"));
	vt_keys(v, "Up Delete");
	go_on(v, 4, 6);
	assert_true(vt_has(
		v, 0, "root           [hanako@example.co.jp              ]  kept"));
	vt_keys(v, "Ctrl-U Tab");
	assert_true(vt_has(
		v, 0, "root           [                                  ]? nobody"));
	vt_keys(v, "Shift-Tab");
	vt_assert_row(v, 22, "? Nobody reads what this machine reports.");
	end(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enter_alone_changes_nothing),
		cmocka_unit_test(answers_say_what_is_wrong_with_them),
		cmocka_unit_test(the_picture_grows_with_the_answers),
		cmocka_unit_test(answers_come_to_the_review_and_esc_leads_back),
		cmocka_unit_test(what_was_added_can_be_taken_away),
		cmocka_unit_test(what_cannot_be_meant_holds_the_step),
		cmocka_unit_test(a_wrong_answer_stays_where_it_was_typed),
		cmocka_unit_test(text_to_be_added_is_not_lost),
		cmocka_unit_test(leaving_asks_what_becomes_of_the_answers),
		cmocka_unit_test(leaving_is_held_by_what_cannot_be_kept),
		cmocka_unit_test(an_emptied_field_is_not_kept),
		cmocka_unit_test(the_box_of_the_upstream_cuts_nothing),
		cmocka_unit_test(rows_say_what_they_mean),
		cmocka_unit_test(a_long_name_leaves_room_for_what_is_said),
		cmocka_unit_test(a_fresh_relay_is_offered_its_set_up),
		cmocka_unit_test(roles_and_steps_are_chosen_by_keys_and_clicks),
		cmocka_unit_test(small_screens_fold_and_keep_what_is_typed),
		cmocka_unit_test(without_a_postfix_it_ends_with_the_result),
		cmocka_unit_test(what_somebody_else_wrote_meanwhile_stays),
		cmocka_unit_test(no_key_waits_for_postfix),
		cmocka_unit_test(what_the_upstream_says_follows),
		cmocka_unit_test(an_old_failure_is_asked_about_again),
		cmocka_unit_test(nothing_is_set_up_where_nothing_may_be_changed),
		cmocka_unit_test(looks_without_colour_line_art_and_in_japanese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
