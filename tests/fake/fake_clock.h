/* SPDX-License-Identifier: MIT
 *
 * A clock that stands still until the test, or a sleeper, moves it.
 */
#ifndef PR_FAKE_CLOCK_H
#define PR_FAKE_CLOCK_H

#include "port/clock.h"

struct fake_clock {
	int64_t ms;
	time_t now; /* wall clock when ms was 0 */
	int sleeps;
	/* Called at each sleep, to let something happen meanwhile; may be NULL. */
	void (*on_sleep)(void *ctx);
	void *ctx;
};

struct clock_port fake_clock_port(struct fake_clock *c);

#endif
