/* SPDX-License-Identifier: MIT
 *
 * Real connections over loopback.
 */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake/loopback.h"
#include "sys/net.h"

static const uint8_t loopback[4] = {127, 0, 0, 1};

static int
listener(uint16_t *port)
{
	int fd = loopback_bind(port);

	assert_int_equal(listen(fd, 4), 0);
	return fd;
}

static void
connect_reads_writes_and_sees_the_end(void **state)
{
	struct net_port net = sys_net();
	uint16_t port;
	char buf[16];
	int server = listener(&port), peer, fd;

	(void)state;
	fd = net.ops->connect(net.self, 4, loopback, port, 5000);
	assert_true(fd >= 0);
	peer = accept(server, NULL, NULL);
	assert_int_equal(write(peer, "220 hi", 6), 6);
	assert_int_equal(net.ops->read(net.self, fd, buf, sizeof(buf), 5000), 6);
	assert_memory_equal(buf, "220 hi", 6);
	assert_int_equal(net.ops->write(net.self, fd, "QUIT", 4, 5000), 4);
	assert_int_equal(read(peer, buf, sizeof(buf)), 4);
	assert_int_equal(net.ops->read(net.self, fd, buf, sizeof(buf), 1), -1);
	assert_int_equal(errno, ETIMEDOUT);
	close(peer);
	assert_int_equal(net.ops->read(net.self, fd, buf, sizeof(buf), 5000), 0);
	net.ops->close(net.self, fd);
	close(server);
}

static void
connect_to_closed_port_says_why(void **state)
{
	struct net_port net = sys_net();
	uint16_t port;

	(void)state;
	close(listener(&port));
	assert_int_equal(net.ops->connect(net.self, 4, loopback, port, 5000), -1);
	assert_int_equal(errno, ECONNREFUSED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connect_reads_writes_and_sees_the_end),
		cmocka_unit_test(connect_to_closed_port_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
