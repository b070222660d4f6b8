/* SPDX-License-Identifier: MIT
 *
 * The queue, as far as the result of an apply tells of it: how many messages were put off
 * (queue_directory/deferred, in folders of one letter each, as deep as hash_queue_depth
 * says), and to try them now. They are counted by their names: postqueue -p opens each,
 * which takes seconds where many wait, and needs a running showq.
 */
#include "apply/svc.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/i18n.h"

enum { DEEP_MAX = 8 };

struct counting {
	const struct fs_port *fs;
	int dir, deep;
	size_t n, most;
};

static void count_below(struct counting *c, int up, const char *name);

/* A queue id has more than one character, a folder of the hash has one. */
static bool
take(void *ctx, const char *name)
{
	struct counting *c = ctx;

	if (name[0] && name[1])
		c->n++;
	else if (c->deep < DEEP_MAX)
		count_below(c, c->dir, name);
	return c->n < c->most;
}

static void
count_below(struct counting *c, int up, const char *name)
{
	struct counting in = {c->fs, -1, c->deep + 1, c->n, c->most};

	in.dir = c->fs->ops->openat(c->fs->self, up, name,
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (in.dir < 0)
		return;
	(void)c->fs->ops->names(c->fs->self, in.dir, take, &in);
	c->fs->ops->close(c->fs->self, in.dir);
	c->n = in.n;
}

size_t
svc_deferred(const struct svc *svc, size_t most)
{
	struct counting c = {.fs = &svc->world->fs, .dir = -1, .most = most};
	char *path = str_format(
		"%s/deferred", svc->queue_dir ? svc->queue_dir : "/var/spool/postfix");

	count_below(&c, AT_FDCWD, path);
	free(path);
	return c.n;
}

bool
svc_flush(const struct svc *svc, struct diags *d)
{
	const char *const args[] = {"-c", svc->config_dir, "-f", NULL};
	struct run_res res;
	bool ran = svc_run(svc, SVC_POSTQUEUE, args, &res, d);
	bool ok = ran && res.code == 0;

	if (ran && !ok && svc_said_diags(str_sv(&res.err), NULL, d) == 0)
		diag_add(d, SEV_ERROR, DIAG_PF_SAYS, NULL, NULL,
			_("The messages were not tried (exit status %d)."), res.code);
	run_res_free(&res);
	return ok;
}
