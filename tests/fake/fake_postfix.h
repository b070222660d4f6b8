/* SPDX-License-Identifier: MIT
 *
 * A machine with a Postfix that isn't there: a folder of its own with a configuration, a
 * queue, programs (empty files; what they do is the runner's script) and a /proc. The
 * file system is the real one, but every path from the root on looks like root's own, so
 * that tests need no rights; names in `open` are shown as writable by everybody.
 */
#ifndef PR_FAKE_POSTFIX_H
#define PR_FAKE_POSTFIX_H

#include "fake/fake_clock.h"
#include "fake/fake_fs.h"
#include "fake/fake_net.h"
#include "fake/fake_run.h"
#include "port/world.h"

struct fake_postfix {
	char root[64]; /* the folder, without link */
	char *conf, *queue, *bin, *proc, *state, *log;
	const char *open; /* end of a path that others can write; NULL: none */
	struct fake_fs fs;
	struct fs_ops ops; /* fs with a kinder fstatat */
	struct fake_run run;
	struct fake_clock clock;
	struct fake_net net;
	struct world world;
};

void fake_postfix_init(struct fake_postfix *f);
void fake_postfix_free(struct fake_postfix *f); /* removes the folder */

/* A file below the root: written, read (the caller frees it; NULL: not there). */
void fake_postfix_write(const struct fake_postfix *f, const char *name, const char *text);
char *fake_postfix_read(const struct fake_postfix *f, const char *name);

/* A master that runs with this folder (NULL: the own one), or runs no more. */
void fake_postfix_start(const struct fake_postfix *f, int pid, const char *folder);
/* Its queue manager began at that time: it read the files then. */
void fake_postfix_reloaded(const struct fake_postfix *f, int master, time_t when);
void fake_postfix_stop(const struct fake_postfix *f, int pid);

/* Give the runner its script. */
void fake_postfix_script(struct fake_postfix *f, const struct fake_cmd *script, size_t n);

#endif
