/* SPDX-License-Identifier: MIT
 *
 * The demo of the framework on a terminal, and what is looked at there: cells, cursor,
 * bytes sent. PR_BUILD names the build folder, where tests/tui/demo is.
 */
#ifndef PR_DEMO_RIG_H
#define PR_DEMO_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "tui/vt.h"

/* Screens of the demo, and a colour. */
enum { LIST = '3', VALUES = '4', HOSTILE = '1', BRIGHT_RED = 9 };

static inline struct vt *
start(char screen, struct vt_opts o)
{
	static char path[4096], arg[] = "--screen=3";
	static const char *argv[4];
	const char *build = getenv("PR_BUILD");

	snprintf(path, sizeof(path), "%s/tests/tui/demo", build ? build : "build");
	arg[9] = screen;
	argv[0] = path;
	argv[1] = arg;
	argv[2] = o.argv ? o.argv[0] : NULL;
	argv[3] = NULL;
	o.argv = argv;
	return vt_start(&o);
}

static inline struct vt *
start_plain(char screen)
{
	return start(screen, (struct vt_opts){0});
}

static inline void
assert_cursor(struct vt *v, int row, int col)
{
	int r = 0, c = 0;

	vt_cursor(v, &r, &c);
	if (r != row || c != col) {
		print_message(
			"cursor at %d,%d; the screen is:\n%s\n", r, c, vt_screen(v));
	}
	assert_int_equal(r, row);
	assert_int_equal(c, col);
}

#endif
