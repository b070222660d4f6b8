/* SPDX-License-Identifier: MIT
 *
 * Walking through the guided set-up on a scratch copy: open it, go on to a step, type an
 * answer.
 */
#ifndef PR_TUI_SETUP_WALK_H
#define PR_TUI_SETUP_WALK_H

#include "tui/scratch.h"

static const char set_up[] = "myhostname = relay.example.co.jp\n"
			     "mydestination = $myhostname, localhost\n"
			     "# listens\n"
			     "inet_interfaces = all\n"
			     "mynetworks = 127.0.0.0/8, 192.168.1.0/24\n"
			     "relayhost = [mail.invalid]:587\n";

static const char stock[] = "myhostname = relay.example.co.jp\n"
			    "inet_interfaces = localhost\n";

static const char people[] = "postmaster: root\nroot: hanako@example.co.jp\n";

#define assert_step(v, n) vt_assert_row(v, 1, "Setup, step " #n " of 8")
#define wait_step(v, n) vt_wait_text(v, 1, "Setup, step " #n " of 8")

static inline struct vt *
open_setup(struct scratch *s, const char *main_cf)
{
	scratch_new(s, &(struct scratch_files){.main_cf = main_cf, .aliases = people});
	struct vt *v = scratch_start(s, "setup", NULL, (struct vt_opts){0});
	wait_step(v, 1);
	return v;
}

/* From a step to another, with Enter alone. */
static inline void
walk(struct vt *v, int from, int to)
{
	char text[32];

	for (int i = from; i < to; i++) {
		(void)snprintf(text, sizeof(text), "step %d of 8", i);
		vt_wait_text(v, 1, text);
		vt_keys(v, "Enter");
	}
	(void)snprintf(text, sizeof(text), "step %d of 8", to);
	vt_wait_text(v, 1, text);
}

/* A relay that is set up, at a step. */
static inline struct vt *
open_at(struct scratch *s, int step)
{
	struct vt *v = open_setup(s, set_up);

	walk(v, 1, step);
	return v;
}

/* An answer in the place of the one that stands in the field. */
static inline void
retype(struct vt *v, const char *text)
{
	vt_keys(v, "Ctrl-U");
	vt_type(v, text);
}

static inline void
type_enter(struct vt *v, const char *text)
{
	vt_type(v, text);
	vt_keys(v, "Enter");
}

static inline void
assert_files_as_before(struct scratch *s, const char *main_cf)
{
	scratch_assert(s, "main.cf", main_cf);
	scratch_assert(s, "aliases", people);
}

#endif
