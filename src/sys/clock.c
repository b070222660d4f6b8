/* SPDX-License-Identifier: MIT
 *
 * Time from the kernel: the monotonic clock for limits, the wall clock for people.
 */
#include "sys/clock.h"

#include <errno.h>

int64_t
sys_mono_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t
clock_mono_ms(void *self)
{
	(void)self;
	return sys_mono_ms();
}

static time_t
clock_now(void *self)
{
	(void)self;
	return time(NULL);
}

static void
clock_sleep_ms(void *self, int ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

	(void)self;
	while (ms > 0 && nanosleep(&t, &t) < 0 && errno == EINTR)
		continue;
}

struct clock_port
sys_clock(void)
{
	static const struct clock_ops ops = {
		.mono_ms = clock_mono_ms,
		.now = clock_now,
		.sleep_ms = clock_sleep_ms,
	};

	return (struct clock_port){&ops, NULL};
}
