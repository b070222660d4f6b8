/* SPDX-License-Identifier: MIT
 *
 * Postfix as the judge of a candidate: a private copy of the folder's text, with the
 * candidate as main.cf, read by postconf and (where Postfix may be run at all) by
 * postmap, which also dies of what postconf lets pass: addresses, sizes, relayhost =
 * myhostname. The copy's time is set back, since a main.cf younger than two seconds is
 * read again and again.
 */
#include "apply/svc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "apply/txn.h"
#include "base/i18n.h"
#include "base/mem.h"

enum { SET_BACK_S = 60 };

/* Files of a folder that Postfix may want beside main.cf. */
static const char *const beside[] = {"master.cf", "dynamicmaps.cf"};

static bool
write_all(const struct fs_port *fs, int fd, struct sv bytes)
{
	while (bytes.n > 0) {
		ssize_t n = fs->ops->write(fs->self, fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = sv_sub(bytes, (size_t)n, bytes.n - (size_t)n);
	}
	return true;
}

static bool
write_staged(const struct svc *svc, const char *dir, const char *name, struct sv bytes)
{
	const struct fs_port *fs = &svc->world->fs;
	const struct clock_port *clock = &svc->world->clock;
	const struct timespec old = {.tv_sec = clock->ops->now(clock->self) - SET_BACK_S};
	const struct timespec times[2] = {old, old};
	char *path = str_format("%s/%s", dir, name);
	int fd = fs->ops->openat(fs->self, AT_FDCWD, path,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write_all(fs, fd, bytes) &&
		  fs->ops->futimens(fs->self, fd, times) == 0;
	int why = errno;

	if (fd >= 0)
		ok = fs->ops->close(fs->self, fd) == 0 && ok;
	free(path);
	errno = why;
	return ok;
}

/* The lock of the apply is held, so a folder of that name is left over from a dead one.
 * The caller frees the name. NULL with errno. */
static char *
make_staging(const struct svc *svc, const char *state_dir)
{
	const struct fs_port *fs = &svc->world->fs;
	char *dir = txn_judge_folder(state_dir, svc->config_dir);

	txn_judge_remove(fs, dir);
	if (fs->ops->mkdirat(fs->self, AT_FDCWD, dir, 0700) == 0)
		return dir;
	free(dir);
	return NULL;
}

static bool
fill_staging(const struct svc *svc, const char *dir, struct sv main_cf)
{
	if (!write_staged(svc, dir, "main.cf", main_cf))
		return false;
	for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
		char *path = str_format("%s/%s", svc->config_dir, beside[i]);
		struct str bytes = {0};
		bool ok = !svc_slurp(svc, path, &bytes) ||
			  write_staged(svc, dir, beside[i], str_sv(&bytes));

		str_free(&bytes);
		free(path);
		if (!ok)
			return false;
	}
	return true;
}

/* Run one judge; what it says becomes findings. */
static bool
ask_judge(const struct svc *svc, enum svc_program program, const char *const *args,
	const struct svc_said_map *map, struct diags *d)
{
	struct run_res res;
	bool ran = svc_run(svc, program, args, &res, d);
	size_t errors = svc_said_diags(str_sv(&res.err), map, d);
	bool ok = ran && errors == 0 && res.code == 0;

	if (ran && !ok && errors == 0)
		diag_add(d, SEV_ERROR, DIAG_PF_SAYS, NULL, NULL,
			_("Postfix does not take this main.cf (exit status %d) and gives "
			  "no "
			  "reason."),
			res.code);
	run_res_free(&res);
	return ok;
}

char *
svc_candidate(
	const struct svc *svc, const char *state_dir, struct sv main_cf, struct diags *d)
{
	char *dir = make_staging(svc, state_dir);

	if (dir && fill_staging(svc, dir, main_cf))
		return dir;
	diag_errno(d, DIAG_APPLY_STATE, dir ? dir : state_dir, errno,
		_("Make room there, and look at the system's log."),
		_("Nothing is written: there is no place to try the change"));
	if (dir)
		txn_judge_remove(&svc->world->fs, dir);
	free(dir);
	return NULL;
}

bool
svc_judge(const struct svc *svc, const char *state_dir, struct sv main_cf, bool act,
	struct diags *d)
{
	char *dir = svc_candidate(svc, state_dir, main_cf, d);
	const struct svc_said_map map = {
		.from = dir, .to = svc->config_dir, .main_cf = main_cf};
	const char *const list[] = {"-c", dir, "-n", NULL};
	const char *const query[] = {"-c", dir, "-q", "x", "static:x", NULL};
	bool ok;

	if (!dir)
		return false;
	ok = ask_judge(svc, SVC_POSTCONF, list, &map, d) &&
	     (!act || ask_judge(svc, SVC_POSTMAP, query, &map, d));
	txn_judge_remove(&svc->world->fs, dir);
	free(dir);
	return ok;
}
