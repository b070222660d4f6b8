/* SPDX-License-Identifier: MIT
 *
 * Asks real SMTP services whether they would relay for clients at many addresses:
 *
 *	rcpt SECONDS ADDRESS... <ports
 *
 * For each port of the standard input (one a line) and each source address of this
 * machine: connect to the loopback address of its family, EHLO, MAIL, RCPT to a place
 * elsewhere, QUIT, and one line "PORT ADDRESS ANSWER" with allowed, denied, 451, no
 * greeting, or what else came. A service that does not greet within the seconds is asked
 * no further: it greets nobody. Several ports are asked at the same time.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 24, MAX_PORTS = 2000, REPLY = 1024, WORDS = 64 };

struct peer {
	struct sockaddr_storage from, to;
	socklen_t len;
	int family;
};

static bool
peer_of(const char *address, unsigned port, struct peer *p)
{
	struct sockaddr_in *f4 = (struct sockaddr_in *)(void *)&p->from,
			   *t4 = (struct sockaddr_in *)(void *)&p->to;
	struct sockaddr_in6 *f6 = (struct sockaddr_in6 *)(void *)&p->from,
			    *t6 = (struct sockaddr_in6 *)(void *)&p->to;

	memset(p, 0, sizeof(*p));
	p->family = strchr(address, ':') ? AF_INET6 : AF_INET;
	p->from.ss_family = p->to.ss_family = (sa_family_t)p->family;
	if (p->family == AF_INET) {
		p->len = sizeof(*f4);
		t4->sin_port = htons((uint16_t)port);
		t4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return inet_pton(AF_INET, address, &f4->sin_addr) == 1;
	}
	p->len = sizeof(*f6);
	t6->sin6_port = htons((uint16_t)port);
	t6->sin6_addr = in6addr_loopback;
	return inet_pton(AF_INET6, address, &f6->sin6_addr) == 1;
}

static int
dial(const struct peer *p, int seconds)
{
	struct timeval limit = {.tv_sec = seconds};
	int fd = socket(p->family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (bind(fd, (const struct sockaddr *)&p->from, p->len) != 0 ||
		connect(fd, (const struct sockaddr *)&p->to, p->len) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* The last line of a reply; false when the peer says nothing. */
static bool
reply(FILE *in, char line[REPLY])
{
	do {
		if (!fgets(line, REPLY, in))
			return false;
	} while (strlen(line) > 3 && line[3] == '-');
	return true;
}

static bool
say(FILE *in, int fd, const char *command, char line[REPLY])
{
	size_t n = strlen(command);

	return write(fd, command, n) == (ssize_t)n && reply(in, line);
}

static void
word_for(const char *line, char out[WORDS])
{
	const char *word = NULL;

	if (strncmp(line, "250", 3) == 0)
		word = "allowed";
	else if (strncmp(line, "451", 3) == 0)
		word = "451";
	else if (strstr(line, "Relay access denied") || strstr(line, "Access denied"))
		word = "denied";
	if (word)
		snprintf(out, WORDS, "%s", word);
	else
		snprintf(out, WORDS, "other: %.50s", line);
	out[strcspn(out, "\r\n")] = '\0';
}

/* False: no greeting. */
static bool
ask(unsigned port, const char *address, int seconds, char out[WORDS])
{
	char line[REPLY] = "";
	struct peer p;
	FILE *in = NULL;
	int fd = -1;
	bool greeted = false;

	snprintf(out, WORDS, "other: no connection");
	if (peer_of(address, port, &p) && (fd = dial(&p, seconds)) >= 0)
		in = fdopen(fd, "r");
	if (!in) {
		if (fd >= 0)
			close(fd);
		return true;
	}
	greeted = reply(in, line);
	if (greeted && say(in, fd, "EHLO client.example\r\n", line) &&
		say(in, fd, "MAIL FROM:<a@sender.example>\r\n", line) &&
		say(in, fd, "RCPT TO:<x@remote.example>\r\n", line)) {
		word_for(line, out);
		(void)say(in, fd, "QUIT\r\n", line);
	}
	fclose(in);
	return greeted;
}

static void
ask_port(unsigned port, int seconds, int n, char **address)
{
	bool greeted = true;

	for (int i = 0; i < n; i++) {
		char word[WORDS], text[256];

		if (greeted)
			greeted = ask(port, address[i], seconds, word);
		if (!greeted)
			snprintf(word, sizeof(word), "no greeting");
		int len = snprintf(
			text, sizeof(text), "%u %s %s\n", port, address[i], word);
		if (write(STDOUT_FILENO, text, (size_t)len) != len)
			_exit(1);
	}
}

int
main(int argc, char **argv)
{
	unsigned port[MAX_PORTS];
	int n = 0, bad = 0, status;

	if (argc < 3)
		return 2;
	while (n < MAX_PORTS && scanf("%u", &port[n]) == 1)
		n++;
	for (int w = 0; w < WORKERS; w++) {
		if (fork() != 0)
			continue;
		for (int i = w; i < n; i += WORKERS)
			ask_port(port[i], (int)strtol(argv[1], NULL, 10), argc - 2,
				argv + 2);
		_exit(0);
	}
	while (wait(&status) > 0 || errno == EINTR)
		bad |= status;
	return bad != 0;
}
