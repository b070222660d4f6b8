/* SPDX-License-Identifier: MIT
 *
 * Sleeping moves the clock by exactly what was asked.
 */
#include "fake/fake_clock.h"

static int64_t
do_mono_ms(void *self)
{
	const struct fake_clock *c = self;

	return c->ms;
}

static time_t
do_now(void *self)
{
	const struct fake_clock *c = self;

	return c->now + (time_t)(c->ms / 1000);
}

static void
do_sleep_ms(void *self, int ms)
{
	struct fake_clock *c = self;

	c->sleeps++;
	c->ms += ms;
	if (c->on_sleep)
		c->on_sleep(c->ctx);
}

struct clock_port
fake_clock_port(struct fake_clock *c)
{
	static const struct clock_ops ops = {
		.mono_ms = do_mono_ms,
		.now = do_now,
		.sleep_ms = do_sleep_ms,
	};

	return (struct clock_port){&ops, c};
}
