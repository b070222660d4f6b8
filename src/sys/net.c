/* SPDX-License-Identifier: MIT
 *
 * TCP with a limit on every step: each call polls until its own deadline.
 */
#include "sys/net.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/clock.h"

/* Wait for events on fd until the deadline; false with errno (ETIMEDOUT when it passed).
 */
static bool
wait_for(int fd, short events, int64_t deadline)
{
	struct pollfd p = {.fd = fd, .events = events};

	for (;;) {
		int64_t left = deadline - sys_mono_ms();
		int n;

		if (left < 0)
			left = 0;
		n = poll(&p, 1, left > 60000 ? 60000 : (int)left);
		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		if (n == 0 && sys_mono_ms() >= deadline) {
			errno = ETIMEDOUT;
			return false;
		}
	}
}

static int
start_connect(int fd, uint8_t fam, const uint8_t *addr, uint16_t port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

	if (fam == 4) {
		memcpy(&v4.sin_addr, addr, 4);
		return connect(fd, (const struct sockaddr *)&v4, sizeof(v4));
	}
	memcpy(&v6.sin6_addr, addr, 16);
	return connect(fd, (const struct sockaddr *)&v6, sizeof(v6));
}

/* The result of a connect that was under way; false with errno. */
static bool
end_connect(int fd, int64_t deadline)
{
	int err = 0;
	socklen_t n = sizeof(err);

	if (!wait_for(fd, POLLOUT, deadline))
		return false;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &n) < 0)
		return false;
	errno = err;
	return err == 0;
}

static int
net_connect(void *self, uint8_t fam, const uint8_t *addr, uint16_t port, int timeout_ms)
{
	int64_t deadline = sys_mono_ms() + timeout_ms;
	int fd = socket(fam == 4 ? AF_INET : AF_INET6,
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	(void)self;
	if (fd < 0)
		return -1;
	if (start_connect(fd, fam, addr, port) < 0 &&
		((errno != EINPROGRESS && errno != EINTR) ||
			!end_connect(fd, deadline))) {
		int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

static ssize_t
net_read(void *self, int fd, void *buf, size_t n, int timeout_ms)
{
	int64_t deadline = sys_mono_ms() + timeout_ms;

	(void)self;
	for (;;) {
		ssize_t got = recv(fd, buf, n, 0);

		if (got >= 0 || (errno != EAGAIN && errno != EINTR))
			return got;
		if (!wait_for(fd, POLLIN, deadline))
			return -1;
	}
}

static ssize_t
net_write(void *self, int fd, const void *buf, size_t n, int timeout_ms)
{
	int64_t deadline = sys_mono_ms() + timeout_ms;

	(void)self;
	for (;;) {
		ssize_t put = send(fd, buf, n, MSG_NOSIGNAL);

		if (put >= 0 || (errno != EAGAIN && errno != EINTR))
			return put;
		if (!wait_for(fd, POLLOUT, deadline))
			return -1;
	}
}

static void
net_close(void *self, int fd)
{
	(void)self;
	close(fd);
}

struct net_port
sys_net(void)
{
	static const struct net_ops ops = {
		.connect = net_connect,
		.read = net_read,
		.write = net_write,
		.close = net_close,
	};

	return (struct net_port){&ops, NULL};
}
