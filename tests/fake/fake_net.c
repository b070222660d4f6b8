/* SPDX-License-Identifier: MIT
 *
 * A descriptor is 1000 + the place in conn; a closed one has no service.
 */
#include "fake/fake_net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum { FIRST_FD = 1000 };

static bool
is_at(const struct fake_service *s, uint8_t fam, const uint8_t *addr, uint16_t port)
{
	uint8_t bytes[16];
	bool six = strchr(s->addr, ':') != NULL;

	return s->port == port && six == (fam == 6) &&
	       inet_pton(six ? AF_INET6 : AF_INET, s->addr, bytes) == 1 &&
	       memcmp(bytes, addr, six ? 16 : 4) == 0;
}

static int
do_connect(void *self, uint8_t fam, const uint8_t *addr, uint16_t port, int timeout_ms)
{
	struct fake_net *f = self;

	(void)timeout_ms;
	f->connects++;
	for (size_t i = 0; i < f->n; i++) {
		const struct fake_service *s = &f->services[i];

		if (!is_at(s, fam, addr, port))
			continue;
		if (s->connect_errno) {
			errno = s->connect_errno;
			return -1;
		}
		for (int k = 0; k < FAKE_NET_CONNS; k++) {
			if (f->conn[k].service)
				continue;
			f->conn[k].service = s;
			f->conn[k].line = f->conn[k].at = 0;
			return FIRST_FD + k;
		}
		errno = EMFILE;
		return -1;
	}
	errno = ECONNREFUSED;
	return -1;
}

static ssize_t
do_read(void *self, int fd, void *buf, size_t n, int timeout_ms)
{
	struct fake_net *f = self;
	size_t k = (size_t)(fd - FIRST_FD), some;
	const char *line = f->conn[k].service->lines[f->conn[k].line];

	(void)timeout_ms;
	if (!line)
		return 0;
	if (line[0] == 'C' || line[0] == 'T') { /* it waits for the client */
		if (line[0] == 'T')
			f->conn[k].line++;
		errno = ETIMEDOUT;
		return -1;
	}
	line += 2 + f->conn[k].at;
	some = strlen(line) < n ? strlen(line) : n;
	memcpy(buf, line, some);
	f->conn[k].at += some;
	if (line[some] == '\0') {
		f->conn[k].line++;
		f->conn[k].at = 0;
	}
	return (ssize_t)some;
}

static bool
is_expected(const char *line, struct sv said)
{
	struct sv want = sv_of(line ? line : "");

	if (!sv_starts(want, "C:"))
		return false;
	want = sv_sub(want, 2, want.n);
	if (sv_ends(want, "*")) {
		want = sv_sub(want, 0, want.n - 1);
		return sv_eq(sv_sub(said, 0, want.n), want);
	}
	return sv_eq(said, want);
}

static ssize_t
do_write(void *self, int fd, const void *buf, size_t n, int timeout_ms)
{
	struct fake_net *f = self;
	size_t k = (size_t)(fd - FIRST_FD);
	const char *line = f->conn[k].service->lines[f->conn[k].line];

	(void)timeout_ms;
	if (!line) {
		errno = EPIPE;
		return -1;
	}
	if (is_expected(line, sv_make(buf, n)))
		f->conn[k].line++;
	else
		str_addf(&f->mismatch, "wrote \"%.*s\" where the script has \"%s\"\n",
			(int)n, (const char *)buf, line);
	return (ssize_t)n;
}

static void
do_close(void *self, int fd)
{
	struct fake_net *f = self;

	f->conn[fd - FIRST_FD].service = NULL;
}

struct net_port
fake_net_port(struct fake_net *f)
{
	static const struct net_ops ops = {
		.connect = do_connect,
		.read = do_read,
		.write = do_write,
		.close = do_close,
	};

	return (struct net_port){&ops, f};
}

void
fake_net_free(struct fake_net *f)
{
	str_free(&f->mismatch);
}
