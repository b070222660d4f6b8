/* SPDX-License-Identifier: MIT
 *
 * The process without rights: giving them up, and the questions over TCP. Each answer has
 * a limit of its own that is shorter than the caller's, so that the caller learns why.
 */
#include "sys/probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/str.h"
#include "sys/clock.h"
#include "sys/net.h"
#include "sys/probe_dns.h"

enum {
	NOBODY = 65534,
	ALL_MS = 8500,   /* of one question; the caller's limit is 10 s */
	TALK_MS = 9200,  /* of a talk, from the connection to the last answer */
	LEAST_MS = 1500, /* for one of several addresses */
	REPLY_MAX = 16384,
	USAGE = 2
};

/* --- rights ------------------------------------------------------------------------- */

static bool
limit(int what, rlim_t value)
{
	const struct rlimit l = {value, value};

	return setrlimit((__rlimit_resource_t)what, &l) == 0;
}

static bool
give_up_root(void)
{
	const struct passwd *pw = getpwnam("nobody");
	uid_t uid = pw && pw->pw_uid ? pw->pw_uid : NOBODY;
	gid_t gid = pw && pw->pw_gid ? pw->pw_gid : NOBODY;

	return setgroups(0, NULL) == 0 && setgid(gid) == 0 && setuid(uid) == 0 &&
	       setuid(0) != 0;
}

static bool
give_up_rights(void)
{
	if (chdir("/") != 0 || (geteuid() == 0 && !give_up_root()))
		return false;
#ifndef __SANITIZE_ADDRESS__
	if (!limit(RLIMIT_AS, 512u << 20))
		return false;
#endif
	return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CPU, 10) &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* --- TCP ---------------------------------------------------------------------------- */

struct place {
	uint8_t fam, addr[16];
	uint16_t port;
};

static bool
read_place(const char *port, const char *addr, struct place *out)
{
	uint64_t n;

	if (!sv_to_uint(sv_of(port), 65535, &n) || n == 0)
		return false;
	out->port = (uint16_t)n;
	out->fam = strchr(addr, ':') ? 6 : 4;
	return inet_pton(out->fam == 6 ? AF_INET6 : AF_INET, addr, out->addr) == 1;
}

static const char *
reason(int err)
{
	return err == ETIMEDOUT ? "timeout" : strerror(err);
}

static int
ask_tcp(int argc, char **argv)
{
	struct net_port net = sys_net();
	int ms = ALL_MS / (argc > 2 ? argc - 2 : 1);
	struct place p;

	for (int i = 2; i < argc; i++) {
		int fd;

		if (!read_place(argv[1], argv[i], &p))
			return USAGE;
		fd = net.ops->connect(
			net.self, p.fam, p.addr, p.port, ms > LEAST_MS ? ms : LEAST_MS);
		if (fd >= 0) {
			net.ops->close(net.self, fd);
			(void)printf("connected=%s\n", argv[i]);
			return 0;
		}
		(void)printf("failed=%s %s\n", argv[i], reason(errno));
		(void)fflush(stdout);
	}
	return 0;
}

/* --- greeting and EHLO -------------------------------------------------------------- */

struct talk {
	struct net_port net;
	int fd;
	struct str in;   /* read, and not used yet */
	char code[4];    /* of the last reply */
	int64_t ends_ms; /* whatever has come by then */
};

static int
left_ms(const struct talk *t)
{
	int64_t left = t->ends_ms - sys_mono_ms();

	return left > 1 ? (int)left : 1;
}

/* Tell the lines of one reply under a name. False when it doesn't come, which is told. */
static bool
tell_reply(struct talk *t, const char *name)
{
	char buf[1024];

	for (size_t all = 0;;) {
		struct sv rest = str_sv(&t->in), line;
		ptrdiff_t lf = sv_find(rest, '\n');
		ssize_t n;

		if (lf >= 0 && t->in.p) {
			bool last;

			(void)sv_line(&rest, &line);
			line = sv_trim(line);
			last = line.n < 4 || line.p[3] != '-';
			(void)snprintf(t->code, sizeof(t->code), "%.*s",
				(int)(line.n < 3 ? line.n : 3), line.p);
			(void)printf("%s=%.*s\n", name,
				(int)(line.n < 512 ? line.n : 512), line.p);
			memmove(t->in.p, rest.p, rest.n);
			t->in.n = rest.n;
			if (last)
				return true;
			continue;
		}
		n = all > REPLY_MAX ? 0
				    : t->net.ops->read(t->net.self, t->fd, buf,
					      sizeof(buf), left_ms(t));
		if (n <= 0) {
			(void)printf("error=%s\n", n < 0 ? reason(errno) : "closed");
			return false;
		}
		all += (size_t)n;
		str_add(&t->in, buf, (size_t)n);
	}
}

static bool
say(struct talk *t, const char *word, const char *rest)
{
	char *line = str_format("%s%s\r\n", word, rest);
	size_t n = strlen(line);
	bool ok =
		t->net.ops->write(t->net.self, t->fd, line, n, left_ms(t)) == (ssize_t)n;

	free(line);
	return ok;
}

/* As Postfix does it: whoever refuses EHLO is asked with HELO, unless it hangs up. */
static bool
introduce(struct talk *t, const char *name)
{
	bool greets = t->code[0] == '2';

	if (!say(t, "EHLO ", name) || !tell_reply(t, "ehlo"))
		return false;
	if (!greets || t->code[0] == '2' || strcmp(t->code, "421") == 0)
		return true;
	return say(t, "HELO ", name) && tell_reply(t, "helo");
}

static int
ask_smtp(int argc, char **argv)
{
	struct talk t = {.net = sys_net(), .ends_ms = sys_mono_ms() + TALK_MS};
	struct place p;

	if (argc != 4 || !read_place(argv[1], argv[2], &p))
		return USAGE;
	t.fd = t.net.ops->connect(t.net.self, p.fam, p.addr, p.port, ALL_MS / 2);
	if (t.fd < 0) {
		(void)printf("error=%s\n", reason(errno));
		return 0;
	}
	if (tell_reply(&t, "greeting") && introduce(&t, argv[3]))
		(void)say(&t, "QUIT", "");
	t.net.ops->close(t.net.self, t.fd);
	str_free(&t.in);
	return 0;
}

/* --- which question ----------------------------------------------------------------- */

/* The caller's time limit ends the program too: it keeps our process group. */
static int
become(int argc, char **argv)
{
	if (argc < 2 || argv[1][0] != '/')
		return USAGE;
	execv(argv[1], argv + 1);
	(void)printf("error=%s\n", strerror(errno));
	return USAGE;
}

int
sys_probe_main(int argc, char **argv)
{
	int status = USAGE;

	if (argc < 1 || !give_up_rights())
		return USAGE;
	if (strcmp(argv[0], "dns") == 0 && argc == 3)
		status = probe_dns(argv[1], argv[2]);
	else if (strcmp(argv[0], "tcp") == 0 && argc > 2)
		status = ask_tcp(argc, argv);
	else if (strcmp(argv[0], "smtp") == 0)
		status = ask_smtp(argc, argv);
	else if (strcmp(argv[0], "run") == 0)
		status = become(argc, argv);
	return fflush(stdout) == 0 ? status : USAGE;
}
