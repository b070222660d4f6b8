/* SPDX-License-Identifier: MIT
 *
 * The real file system with a counter: one chosen call fails, or the process "dies" there
 * and no later call does anything (each gives FAKE_FS_DEAD), so that the disk is what a
 * prefix of the calls has made of it. fake_fs_revive() closes what the dead one had open,
 * which drops its locks, as the kernel would.
 */
#ifndef PR_FAKE_FS_H
#define PR_FAKE_FS_H

#include <sys/types.h>

#include "port/fs.h"

enum { FAKE_FS_DEAD = 1999, FAKE_FS_FDS = 1024 };

struct fake_fs {
	struct fs_port real;
	int calls;      /* so far */
	int fail_at;    /* number of the call that fails; 0: none */
	int fail_errno; /* with this */
	bool die;       /* ... and all later ones with FAKE_FS_DEAD, nothing done */
	bool dead;
	const char *failed; /* name of the call that failed */
	int exchange_errno; /* every exchange of two names fails with it; 0: works */
	int noreplace_errno;
	const char *mountinfo; /* read instead of /proc/self/mountinfo; NULL: that one */
	/* Folder shown as root's own and closed to others, whatever it is: tests live in
	 * /tmp. */
	dev_t trusted_dev;
	ino_t trusted_ino;
	/* Called before each call, to change things under the caller's hands; name: what
	 * the call names, or where the descriptor leads that is written or synced. */
	void (*before)(void *ctx, const char *call, const char *name);
	void *ctx;
	bool open[FAKE_FS_FDS];
};

void fake_fs_init(struct fake_fs *f, struct fs_port real);
struct fs_port fake_fs_port(struct fake_fs *f);
void fake_fs_trust(struct fake_fs *f, const char *folder);

/* A new process: counter and faults are reset, what the old one had open is closed. */
void fake_fs_revive(struct fake_fs *f);

/* How many descriptors are still open. */
int fake_fs_open(const struct fake_fs *f);

#endif
