/* SPDX-License-Identifier: MIT
 *
 * The upstream in the guided set-up: its login, and what the probe says of it while one
 * goes on.
 */
#include "tui/setup_walk.h"
#include "fake/loopback.h"

static const char with_login[] = "myhostname = relay.example.co.jp\n"
				 "mynetworks = 127.0.0.0/8\n"
				 "relayhost = [127.0.0.1]:1\n"
				 "smtp_sasl_auth_enable = yes\n"
				 "smtp_sasl_security_options = noanonymous\n"
				 "smtp_tls_security_level = secure\n"
				 "smtp_sasl_password_maps = texthash:%s/sasl\n";

static struct vt *
open_with_login(struct scratch *s)
{
	char main_cf[1024];

	scratch_new(s, &(struct scratch_files){.main_cf = "", .aliases = people});
	(void)snprintf(main_cf, sizeof(main_cf), with_login, s->dir);
	scratch_write(s, "main.cf", main_cf, 0644);
	scratch_write(s, "sasl", "[127.0.0.1]:1 relay:geheim\n", 0600);
	return scratch_start(s, "setup", NULL, (struct vt_opts){0});
}

static void
an_emptied_field_is_not_kept(void **state)
{
	struct scratch s;
	struct vt *v = open_with_login(&s);

	(void)state;
	walk(v, 1, 2);
	vt_assert_row(
		v, 0, "> Host name      [relay.example.co.jp               ]  kept");
	vt_keys(v, "Ctrl-U");
	vt_wait_gone(v, 13, "kept");
	vt_type(v, "relay.example.co.jp");
	walk(v, 2, 5);
	vt_keys(v, "Tab Tab Tab");
	vt_assert_row(v, 0, " > User      [relay                     ]  kept");
	vt_keys(v, "Ctrl-U");
	vt_wait_text(v, 0, " > User      [                          ]? no login");
	vt_wait_text(v, 22, "? The login goes: this relay hands mail on without one.");
	vt_keys(v, "Tab");
	vt_wait_text(v, 0, "   User      [                          ]? no login");
	scratch_close(&s, v);
}

/* What would be cut is refused, and no Enter leads past it. */
static void
a_password_with_a_blank_at_its_end_is_refused(void **state)
{
	struct scratch s;
	struct vt *v = open_with_login(&s);

	(void)state;
	walk(v, 1, 5);
	vt_keys(v, "Tab Tab Tab Tab");
	vt_wait_text(v, 0, " > Password  [");
	vt_type(v, "neu ");
	vt_wait_text(v, 22, "! The password would be cut");
	vt_keys(v, "Enter");
	vt_wait_text(v, 22, "! The password would be cut");
	vt_assert_row(v, 0, " > Password  [");
	vt_keys(v, "Backspace");
	vt_wait_gone(v, 22, "would be cut");
	scratch_close(&s, v);
}

/* Login, TLS and the word of the probe all have their place in the picture. */
static void
the_box_of_the_upstream_cuts_nothing(void **state)
{
	struct scratch s;
	struct vt *v = open_with_login(&s);

	(void)state;
	walk(v, 1, 5);
	vt_assert_row(v, 6, "│  login relay");
	vt_assert_row(v, 7, "│  TLS checked");
	vt_keys(v, "Tab");
	vt_wait_text(v, 7, "│  does not answer");
	vt_assert_row(v, 5, "│  port 1, no MX");
	vt_assert_row(v, 6, "│  login, TLS checked");
	scratch_close(&s, v);
}

static void
a_long_name_leaves_room_for_what_is_said(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 1);
	char name[301];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	walk(v, 1, 5);
	retype(v, name);
	vt_keys(v, "Tab");
	vt_wait_text(v, 0, "! No mail can leave while the next host is");
	vt_assert_row(v, 0, "aaaa~\": it all waits.");
	vt_assert_row(v, 0, "This is neither");
	scratch_close(&s, v);
}

static void
what_the_upstream_says_follows(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 5);

	(void)state;
	retype(v, "127.0.0.1:1");
	vt_keys(v, "Tab");
	vt_wait_text(v, 18, " !  Connection refused                            port");
	vt_assert_row(v, 17, " ?  127.0.0.1 is this machine                     DNS");
	vt_assert_row(v, 19, " -- ");
	vt_assert_row(v, 4, "│ ! 127.0.0.1 ");
	vt_assert_row(v, 5, "│  port 1, no MX");
	vt_assert_row(v, 6, "-!>│  does not answer ");
	vt_assert_row(v, 22, "! The host is there, but nothing listens on this port");
	vt_keys(v, "Enter");
	wait_step(v, 6);
	vt_wait_text(v, 22, "! Upstream: The host is there, but nothing listens");
	vt_keys(v, "Esc");
	wait_step(v, 5);
	vt_wait_text(v, 18, " !  Connection refused");
	retype(v, "127.0.0.1:2"); /* of this one nothing is proven yet */
	assert_false(vt_has(v, 0, "Connection refused"));
	assert_false(vt_has(v, 0, "does not answer"));
	vt_keys(v, "Ctrl-P");
	vt_wait_text(v, 5, "│  port 2, no MX");
	scratch_close(&s, v);
}

static void
an_old_failure_is_asked_about_again(void **state)
{
	struct scratch s;
	struct vt *v = open_at(&s, 1);
	uint16_t port = 0;
	int fd = loopback_bind(&port);
	char host[32];

	(void)state;
	(void)snprintf(host, sizeof(host), "127.0.0.1:%u", port);
	walk(v, 1, 5);
	retype(v, host);
	vt_keys(v, "Tab");
	vt_wait_text(v, 18, " !  Connection refused");
	vt_keys(v, "Enter");
	vt_wait_text(v, 22, "! Upstream: The host is there, but nothing listens");
	assert_int_equal(listen(fd, 5), 0);
	vt_keys(v, "Esc"); /* the step is open again: it may be well by now */
	wait_step(v, 5);
	vt_wait_gone(v, 18, "Connection refused");
	(void)close(fd);
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_emptied_field_is_not_kept),
		cmocka_unit_test(a_password_with_a_blank_at_its_end_is_refused),
		cmocka_unit_test(the_box_of_the_upstream_cuts_nothing),
		cmocka_unit_test(a_long_name_leaves_room_for_what_is_said),
		cmocka_unit_test(what_the_upstream_says_follows),
		cmocka_unit_test(an_old_failure_is_asked_about_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
