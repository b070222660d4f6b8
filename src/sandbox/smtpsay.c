/* SPDX-License-Identifier: MIT */
/*
 * smtpsay: sends one short message by SMTP from a chosen source address and prints the
 * dialogue, so that a person or a test sees which answer came to which command.
 *
 *	smtpsay [-t SECONDS] SOURCE SERVER PORT HELO FROM TO [SUBJECT]
 *
 * SOURCE and SERVER are numeric addresses of one family. Ends with 0: the server took the
 * message, 1: it refused (an answer of 4xx or 5xx), 2: wrong use, 3: no connection, or it
 * broke off. Belongs to the sandbox alone; it is not a part of the tool.
 */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { SAY_OK = 0, SAY_REFUSED = 1, SAY_USAGE = 2, SAY_BROKEN = 3 };
enum { LINE_MAX_LEN = 1000, REPLY_LINES_MAX = 200, TIMEOUT_DEFAULT = 15 };

struct mail {
	const char *source, *server, *port, *helo, *from, *to, *subject;
	int timeout; /* seconds, for connecting and for each answer */
};

static bool
resolve(const char *host, const char *port, struct addrinfo **out)
{
	struct addrinfo hints = {0};

	hints.ai_family = AF_UNSPEC;
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
	int rc = getaddrinfo(host, port, &hints, out);
	if (rc != 0)
		fprintf(stderr, "smtpsay: %s: %s\n", host, gai_strerror(rc));
	return rc == 0;
}

/* A connected socket, or -1 with a message. */
static int
dial(const struct mail *m, const struct addrinfo *from, const struct addrinfo *to)
{
	struct timeval limit = {.tv_sec = m->timeout};
	int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0) {
		fprintf(stderr, "smtpsay: no socket: %s\n", strerror(errno));
		return -1;
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	if (bind(fd, from->ai_addr, from->ai_addrlen) < 0) {
		fprintf(stderr, "smtpsay: can't send from %s: %s\n", m->source,
			strerror(errno));
	} else if (connect(fd, to->ai_addr, to->ai_addrlen) < 0) {
		/* A connect that ran out of SO_SNDTIMEO says "in progress". */
		fprintf(stderr, "smtpsay: no connection from %s to %s port %s: %s\n",
			m->source, m->server, m->port,
			strerror(errno == EINPROGRESS ? ETIMEDOUT : errno));
	} else {
		return fd;
	}
	close(fd);
	return -1;
}

static int
connect_to(const struct mail *m)
{
	struct addrinfo *from = NULL, *to = NULL;
	int fd = -1;

	if (resolve(m->source, "0", &from) && resolve(m->server, m->port, &to))
		fd = dial(m, from, to);
	if (from != NULL)
		freeaddrinfo(from);
	if (to != NULL)
		freeaddrinfo(to);
	return fd;
}

/* Prints a reply, its continuation lines included. Returns its code, 0 if none came. */
static int
reply(FILE *in)
{
	char line[LINE_MAX_LEN];

	for (int i = 0; i < REPLY_LINES_MAX; i++) {
		if (fgets(line, sizeof line, in) == NULL)
			break;
		line[strcspn(line, "\r\n")] = '\0';
		printf("< %s\n", line);
		if (strlen(line) < 3 || strspn(line, "0123456789") != 3)
			break;
		if (line[3] != '-')
			return (int)strtol(line, NULL, 10);
	}
	fprintf(stderr, "smtpsay: the server broke off\n");
	return 0;
}

/* Sends `verb arg tail` and reads the answer: true if its code is `wanted`, else *status.
 */
static bool
say(FILE *io[2], const char *const part[3], int wanted, int *status)
{
	printf("> %s%s%s\n", part[0], part[1], part[2]);
	fprintf(io[1], "%s%s%s\r\n", part[0], part[1], part[2]);
	if (fflush(io[1]) != 0) {
		fprintf(stderr, "smtpsay: the server broke off\n");
		*status = SAY_BROKEN;
		return false;
	}
	int code = reply(io[0]);
	if (code != wanted)
		*status = code == 0 ? SAY_BROKEN : SAY_REFUSED;
	return code == wanted;
}

static void
put_message(FILE *out, const struct mail *m)
{
	char date[64];
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	if (strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", &tm) == 0)
		date[0] = '\0';
	fprintf(out, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nDate: %s\r\n", m->from,
		m->to, m->subject, date);
	fprintf(out, "Message-ID: <%lld.%ld@%s>\r\n\r\n", (long long)now, (long)getpid(),
		m->helo);
	fprintf(out, "Sent from %s by the sandbox of postrelay.\r\n", m->source);
}

static int
converse(FILE *io[2], const struct mail *m)
{
	int status = SAY_OK, code = reply(io[0]);

	if (code != 220)
		return code == 0 ? SAY_BROKEN : SAY_REFUSED;
	if (!say(io, (const char *[]){"EHLO ", m->helo, ""}, 250, &status) ||
		!say(io, (const char *[]){"MAIL FROM:<", m->from, ">"}, 250, &status) ||
		!say(io, (const char *[]){"RCPT TO:<", m->to, ">"}, 250, &status) ||
		!say(io, (const char *[]){"DATA", "", ""}, 354, &status))
		goto quit;
	put_message(io[1], m);
	(void)say(io, (const char *[]){".", "", ""}, 250, &status);
quit:
	if (status != SAY_BROKEN) {
		int ignored = 0;
		(void)say(io, (const char *[]){"QUIT", "", ""}, 221, &ignored);
	}
	return status;
}

static int
send_mail(const struct mail *m)
{
	int fd = connect_to(m);
	if (fd < 0)
		return SAY_BROKEN;

	int copy = dup(fd);
	FILE *io[2] = {fdopen(fd, "r"), copy < 0 ? NULL : fdopen(copy, "w")};
	int status = SAY_BROKEN;
	if (io[0] != NULL && io[1] != NULL)
		status = converse(io, m);
	if (io[1] != NULL)
		fclose(io[1]);
	if (io[0] != NULL)
		fclose(io[0]);
	return status;
}

/* A line break in an argument would be a command of its own. */
static bool
one_line(int argc, char *const argv[])
{
	for (int i = 0; i < argc; i++) {
		if (strpbrk(argv[i], "\r\n") != NULL)
			return false;
	}
	return true;
}

int
main(int argc, char *argv[])
{
	struct mail m = {
		.subject = "A message through the relay", .timeout = TIMEOUT_DEFAULT};
	int opt;

	while ((opt = getopt(argc, argv, "t:")) != -1) {
		m.timeout = opt == 't' ? (int)strtol(optarg, NULL, 10) : 0;
		if (m.timeout < 1)
			break;
	}
	argc -= optind;
	argv += optind;
	if (m.timeout < 1 || argc < 6 || argc > 7 || !one_line(argc, argv)) {
		fputs("usage: smtpsay [-t SECONDS] SOURCE SERVER PORT HELO FROM TO "
		      "[SUBJECT]\n",
			stderr);
		return SAY_USAGE;
	}
	m.source = argv[0];
	m.server = argv[1];
	m.port = argv[2];
	m.helo = argv[3];
	m.from = argv[4];
	m.to = argv[5];
	if (argc > 6)
		m.subject = argv[6];
	return send_mail(&m);
}
