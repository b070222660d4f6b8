/* SPDX-License-Identifier: MIT
 *
 * Time, so that tests can move it.
 */
#ifndef PR_PORT_CLOCK_H
#define PR_PORT_CLOCK_H

#include <stdint.h>
#include <time.h>

struct clock_ops {
	int64_t (*mono_ms)(void *self);
	time_t (*now)(void *self);
	void (*sleep_ms)(void *self, int ms);
};

struct clock_port {
	const struct clock_ops *ops;
	void *self;
};

#endif
