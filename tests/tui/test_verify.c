/* SPDX-License-Identifier: MIT
 *
 * The Verify screen and the probe of the Relay host screen, over a folder whose Postfix
 * is stopped and whose relay host is a closed port of this machine: rungs of every kind,
 * without a network.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tui/scratch.h"

/* A port of this machine where nobody listens. */
static unsigned
closed_port(void)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	(void)close(fd);
	return ntohs(a.sin_port);
}

/* postconf -x of the files on disk; all other questions as in every test. */
static void
add_values(struct scratch *s, unsigned port)
{
	char text[1024], *old = scratch_read(s, "bin/postconf"),
			 *rest = strchr(old, '\n');

	(void)snprintf(text, sizeof(text),
		"relayhost = [127.0.0.1]:%u\nmyhostname = relay.test\n"
		"mydestination = relay.test\nmyorigin = relay.test\n"
		"inet_protocols = ipv4\nalias_maps = hash:/nonexistent\n",
		port);
	scratch_write(s, "values", text, 0644);
	(void)snprintf(text, sizeof(text),
		"#!/bin/sh\ncase \"$*\" in *\" -x \"*) exec cat %s/values;; esac%.600s",
		s->dir, rest);
	scratch_write(s, "bin/postconf", text, 0755);
	free(old);
}

static struct vt *
start(struct scratch *s, const char *screen, struct vt_opts o)
{
	char main_cf[256];
	unsigned port = closed_port();

	scratch_new(s, &(struct scratch_files){.main_cf = "myhostname = relay.test\n"});
	(void)snprintf(main_cf, sizeof(main_cf),
		"myhostname = relay.test\nqueue_directory = %s/queue\n"
		"relayhost = [127.0.0.1]:%u\nmynetworks = 192.168.1.0/24\n",
		s->dir, port);
	scratch_write(s, "main.cf", main_cf, 0644);
	add_values(s, port);
	return scratch_start(s, screen, NULL, o);
}

static void
nothing_runs_before_somebody_asks(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "verify", (struct vt_opts){0});

	(void)state;
	vt_assert_row(v, 2, "[7Verify]");
	vt_assert_row(v, 4, "Proof from file to inbox");
	vt_assert_row(v, 5, ">   main.cf and aliases can be read");
	vt_assert_row(v, 16, "test message");
	vt_assert_row(v, 22, "Enter proves each step");
	vt_assert_row(v, 24, "Enter prove all");
	assert_false(vt_has(v, 0, " ok main.cf"));
	scratch_close(&s, v);
}

static void
rungs_say_how_they_came_out(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "verify", (struct vt_opts){0});

	(void)state;
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "2 failed");
	vt_wait_text(v, 4, "wait");
	vt_assert_row(v, 0, " ok main.cf and aliases can be read");
	vt_assert_row(v, 0, "!  Postfix runs");
	vt_assert_row(v, 0, " -- listens                        waits for: Postfix");
	vt_assert_row(v, 0, " ?  name of the upstream           127.0.0.1 is this");
	vt_assert_row(v, 0, " !  connection                     Connection refused");
	vt_assert_row(v, 0, "127.0.0.1 port");
	vt_assert_row(v, 0, " ok a client of each segment       192.168.1.0/24 allow");
	vt_assert_row(v, 0, " ok a stranger                     198.51.100.200 is re");
	vt_assert_row(v, 6, ">!  Postfix runs"); /* the focus is on the first failure */
	vt_wait_text(v, 22, "Postfix is stopped: no mail is taken");
	scratch_close(&s, v);
}

/* Words of others may be of any length: four rows of them, then the next rung. */
static void
long_words_are_cut(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "verify", (struct vt_opts){0});

	(void)state;
	scratch_write(&s, "bin/postconf",
		"#!/bin/sh\nprintf 'postconf: fatal: ' >&2\n"
		"printf 'yyyyyyyyyy%.0s' $(seq 200) >&2\nexit 1\n",
		0755);
	vt_keys(v, "R");
	vt_wait_text(v, 5, "!  main.cf and aliases");
	vt_wait_text(v, 4, "wait");
	vt_assert_row(v, 6, "postfix:");
	vt_assert_row(v, 9, "yyyyyyyyyy");
	vt_assert_row(v, 10, "Postfix runs");
	scratch_close(&s, v);
}

static void
keys_open_words_try_again_and_lead_on(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "verify", (struct vt_opts){0});

	(void)state;
	vt_keys(v, "R");
	vt_wait_text(v, 4, "wait");
	vt_keys(v, "g Down Down Down Down");
	vt_assert_row(v, 9, ">!  connection");
	vt_assert_row(v, 22, "nothing listens on this port");
	vt_assert_row(v, 24, "Enter mend it");
	vt_count_reset(v);
	vt_keys(v, "Up");
	vt_assert_row(v, 22, "The upstream is an address of this machine");
	vt_keys(v, "Down Space");
	vt_wait_text(v, 0, " -- greeting, EHLO                 waits for: connection");
	vt_assert_row(v, 9, ">!  connection");
	vt_keys(v, "n");
	assert_false(vt_has(v, 9, ">!"));
	vt_keys(v, "g Down Down Down Down Enter");
	vt_assert_row(v, 2, "[4Relay]");
	vt_keys(v, "7");
	vt_assert_row(v, 9, ">!  connection");
	vt_keys(v, "1");
	scratch_close(&s, v);
}

static void
c_goes_on_without_what_failed(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "verify", (struct vt_opts){0});

	(void)state;
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "wait");
	vt_assert_row(v, 6, ">!  Postfix runs");
	vt_assert_row(v, 24, "c go on without");
	vt_keys(v, "Down");
	vt_assert_row(v, 7, ">-- listens");
	vt_assert_row(v, 22, "c tries it all the same, without that.");
	vt_keys(v, "c");
	vt_wait_text(v, 7, ">?  listens");
	vt_keys(v, "Down Down Down c"); /* without a connection there is no greeting */
	vt_assert_row(v, 22, "Nothing more can be tried");
	scratch_close(&s, v);
}

static void
the_receiver_is_asked_for_and_judged(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "verify", (struct vt_opts){0});

	(void)state;
	vt_keys(v, "m");
	vt_wait_text(v, 0, "Receiver of the test message");
	vt_type(v, "two words@x");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "That is no address");
	vt_keys(v, "Ctrl-U");
	vt_type(v, "taro@example.com");
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "wait");
	vt_assert_row(v, 0, " -- test message                   waits for: Postfix");
	vt_keys(v, "m");
	vt_wait_text(v, 0, "[taro@example.com");
	vt_assert_row(v, 0, "Without message");
	vt_keys(v, "Esc");
	vt_wait_gone(v, 0, "Receiver of the test message");
	scratch_close(&s, v);
}

static void
narrow_and_low_the_names_stay(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "verify", (struct vt_opts){0});

	(void)state;
	vt_keys(v, "Enter");
	vt_wait_text(v, 4, "wait");
	vt_resize(v, 20, 60);
	vt_wait_text(v, 0, "[7 Verify]");
	vt_assert_row(v, 0, " !  connection            Connection refused");
	vt_resize(v, 12, 40);
	vt_wait_text(v, 0, "Proof from file to inbox");
	vt_assert_row(v, 0, "!  Postfix runs");
	vt_count_reset(v);
	vt_keys(v, "Down");
	vt_assert_row(v, 0, ">-- listens");
	scratch_close(&s, v);
}

static void
p_on_the_relay_screen_asks_the_upstream(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost", (struct vt_opts){0});

	(void)state;
	vt_keys(v, "p");
	vt_wait_text(v, 0, "Postfix runs: stopped");
	vt_keys(v, "7");
	vt_wait_text(v, 0, "!  connection                     Connection refused");
	assert_false(vt_has(v, 0, "a stranger")); /* the probe goes to the login only */
	scratch_close(&s, v);
}

/* A change of the upstream is what is asked, not the Postfix that runs without it. */
static void
p_asks_the_upstream_that_waits(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost", (struct vt_opts){0});
	char host[32];

	(void)state;
	(void)snprintf(host, sizeof(host), "[127.0.0.1]:%u", closed_port());
	vt_keys(v, "Enter Ctrl-U");
	vt_type(v, host);
	vt_keys(v, "Enter");
	vt_wait_text(v, 1, "*1");
	vt_keys(v, "p");
	vt_wait_text(v, 0, "connection: Connection refused");
	vt_keys(v, "7");
	vt_wait_text(v, 0, "!  connection                     Connection refused");
	vt_assert_row(v, 5, "name of the upstream");
	assert_false(vt_has(v, 22, "wait"));
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_runs_before_somebody_asks),
		cmocka_unit_test(rungs_say_how_they_came_out),
		cmocka_unit_test(long_words_are_cut),
		cmocka_unit_test(keys_open_words_try_again_and_lead_on),
		cmocka_unit_test(c_goes_on_without_what_failed),
		cmocka_unit_test(the_receiver_is_asked_for_and_judged),
		cmocka_unit_test(narrow_and_low_the_names_stay),
		cmocka_unit_test(p_on_the_relay_screen_asks_the_upstream),
		cmocka_unit_test(p_asks_the_upstream_that_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
