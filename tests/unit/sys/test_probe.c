/* SPDX-License-Identifier: MIT
 *
 * The process without rights, in a child of the test: what it tells of real sockets, and
 * that it has given up what it had.
 */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "fake/loopback.h"
#include "sys/probe.h"

static int
listener(char port[8])
{
	uint16_t number;
	int fd = loopback_bind(&number);

	assert_int_equal(listen(fd, 4), 0);
	snprintf(port, 8, "%u", number);
	return fd;
}

/* Start the question; its answer comes over *out. */
static pid_t
start(const char *const *question, int *out)
{
	const char *argv[8] = {0};
	int n = 0, p[2];
	pid_t pid;

	for (; question[n]; n++)
		argv[n] = question[n];
	assert_int_equal(pipe(p), 0);
	(void)fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		union {
			const char **in;
			char **out;
		} u = {.in = argv};

		(void)dup2(p[1], STDOUT_FILENO);
		close(p[0]);
		_exit(sys_probe_main(n, u.out));
	}
	close(p[1]);
	*out = p[0];
	return pid;
}

static int
finish(pid_t pid, int out, struct str *said)
{
	char buf[1024];
	int status;
	ssize_t n;

	str_clear(said);
	while ((n = read(out, buf, sizeof(buf))) > 0)
		str_add(said, buf, (size_t)n);
	close(out);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
ask(const char *const *question, struct str *said)
{
	int out;
	pid_t pid = start(question, &out);

	return finish(pid, out, said);
}

static void
tcp_tells_the_first_that_answers(void **state)
{
	struct str said = {0};
	char port[8], closed[8];
	int server = listener(port), gone = listener(closed);
	const char *const good[] = {"tcp", port, "127.0.0.1", NULL};
	const char *const bad[] = {"tcp", closed, "127.0.0.1", NULL};
	const char *const wrong[] = {"tcp", port, "localhost", NULL};

	(void)state;
	close(gone);
	assert_int_equal(ask(good, &said), 0);
	assert_string_equal(str_c(&said), "connected=127.0.0.1\n");
	assert_int_equal(ask(bad, &said), 0);
	assert_string_equal(str_c(&said), "failed=127.0.0.1 Connection refused\n");
	assert_int_equal(ask(wrong, &said), 2);
	str_free(&said);
	close(server);
}

static void
smtp_tells_greeting_and_features(void **state)
{
	static const char ehlo[] = "250-mail\r\n250-AUTH PLAIN\r\n250 DSN\r\n";
	struct str said = {0};
	char port[8], buf[64] = "";
	int server = listener(port), peer, out;
	const char *const question[] = {"smtp", port, "127.0.0.1", "relay.test", NULL};
	pid_t pid = start(question, &out);

	(void)state;
	peer = accept(server, NULL, NULL);
	assert_int_equal(write(peer, "220-hi\r\n220 mail\r\n", 18), 18);
	assert_true(read(peer, buf, sizeof(buf) - 1) > 0);
	assert_string_equal(buf, "EHLO relay.test\r\n");
	assert_int_equal(write(peer, ehlo, sizeof(ehlo) - 1), sizeof(ehlo) - 1);
	assert_int_equal(finish(pid, out, &said), 0);
	assert_string_equal(str_c(&said),
		"greeting=220-hi\ngreeting=220 mail\n"
		"ehlo=250-mail\nehlo=250-AUTH PLAIN\nehlo=250 DSN\n");
	str_free(&said);
	close(peer);
	close(server);
}

/* Postfix says HELO then; so does whoever proves what it does. */
static void
smtp_says_helo_where_ehlo_is_refused(void **state)
{
	struct str said = {0};
	char port[8], buf[64] = "";
	int server = listener(port), peer, out;
	const char *const question[] = {"smtp", port, "127.0.0.1", "relay.test", NULL};
	pid_t pid = start(question, &out);

	(void)state;
	peer = accept(server, NULL, NULL);
	assert_int_equal(write(peer, "220 mail\r\n", 10), 10);
	assert_true(read(peer, buf, sizeof(buf) - 1) > 0);
	assert_int_equal(write(peer, "502 no\r\n", 8), 8);
	memset(buf, 0, sizeof(buf));
	assert_true(read(peer, buf, sizeof(buf) - 1) > 0);
	assert_string_equal(buf, "HELO relay.test\r\n");
	assert_int_equal(write(peer, "250 mail\r\n", 10), 10);
	assert_int_equal(finish(pid, out, &said), 0);
	assert_string_equal(
		str_c(&said), "greeting=220 mail\nehlo=502 no\nhelo=250 mail\n");
	str_free(&said);
	close(peer);
	close(server);
}

static void
smtp_tells_who_hangs_up_or_never_ends(void **state)
{
	struct str said = {0};
	char port[8], *noise = mem_new(1, 40000);
	int server = listener(port), peer, out;
	const char *const question[] = {"smtp", port, "127.0.0.1", "relay.test", NULL};
	pid_t pid = start(question, &out);

	(void)state;
	peer = accept(server, NULL, NULL);
	close(peer);
	assert_int_equal(finish(pid, out, &said), 0);
	assert_string_equal(str_c(&said), "error=closed\n");
	memset(noise, 'x', 40000);
	pid = start(question, &out);
	peer = accept(server, NULL, NULL);
	(void)!send(peer, noise, 40000, MSG_NOSIGNAL);
	assert_int_equal(finish(pid, out, &said), 0);
	assert_string_equal(str_c(&said), "error=closed\n");
	close(peer);
	close(server);
	free(noise);
	str_free(&said);
}

static void
it_has_no_rights(void **state)
{
	const char *const question[] = {"run", "/bin/cat", "/proc/self/status", NULL};
	const char *const relative[] = {"run", "cat", "/proc/self/status", NULL};
	struct str said = {0};

	(void)state;
	assert_int_equal(ask(question, &said), 0);
	assert_non_null(strstr(str_c(&said), "NoNewPrivs:\t1"));
	if (geteuid() == 0) {
		assert_null(strstr(str_c(&said), "Uid:\t0"));
		assert_null(strstr(str_c(&said), "Gid:\t0"));
		assert_non_null(strstr(str_c(&said), "CapEff:\t0000000000000000"));
	}
	assert_int_equal(ask(relative, &said), 2);
	str_free(&said);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_tells_the_first_that_answers),
		cmocka_unit_test(smtp_tells_greeting_and_features),
		cmocka_unit_test(smtp_says_helo_where_ehlo_is_refused),
		cmocka_unit_test(smtp_tells_who_hangs_up_or_never_ends),
		cmocka_unit_test(it_has_no_rights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
