/* SPDX-License-Identifier: MIT
 *
 * Whose master runs, and whether it may be touched. `postfix -c DIR` acts on whatever
 * master holds DIR's queue, and runs a script that DIR's main.cf names; so both questions
 * are answered from files and /proc before any program but postconf runs.
 */
#include "apply/svc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { MAX_LINKS = 40, LINK_MAX_BYTES = 4096 };

static bool
stat_path(const struct svc *svc, const char *path, struct stat *st, int flags)
{
	const struct fs_port *fs = &svc->world->fs;

	return fs->ops->fstatat(fs->self, AT_FDCWD, path, st, flags) == 0;
}

bool
svc_proc_read(const struct svc *svc, pid_t pid, const char *name, struct str *out)
{
	char *path = str_format("%s/%d/%s", svc_proc(svc), (int)pid, name);
	bool ok = svc_slurp(svc, path, out);

	free(path);
	return ok;
}

/* Is this process a living Postfix master at all? By "PID (NAME) STATE", which anybody
 * can read; a stale pid file usually names something else, nothing, or what is left of a
 * dead one. */
static bool
is_master(const struct svc *svc, pid_t pid)
{
	struct str stat = {0};
	struct sv text;
	ptrdiff_t at;
	bool yes = false;

	if (svc_proc_read(svc, pid, "stat", &stat)) {
		text = str_sv(&stat);
		at = sv_find_sv(text, sv_of(" (master) "));
		yes = at >= 0 && (size_t)at + 10 < text.n && text.p[at + 10] != 'Z' &&
		      text.p[at + 10] != 'X';
	}
	str_free(&stat);
	return yes;
}

static bool
same_folder(const struct svc *svc, const char *a, const char *b)
{
	struct stat sa, sb;

	if (strcmp(a, b) == 0)
		return true;
	return stat_path(svc, a, &sa, 0) && stat_path(svc, b, &sb, 0) &&
	       sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

/* The folder that the master was started with. postfix(1) always puts it into the
 * environment, under one of two names. */
static bool
master_folder(const struct svc *svc, pid_t pid, char *folder, size_t size)
{
	struct str env = {0};
	struct sv value = {0};
	bool ok = false;

	if (svc_proc_read(svc, pid, "environ", &env) &&
		(svc_environ_value(str_sv(&env), "MAIL_CONFIG", &value) ||
			svc_environ_value(str_sv(&env), "config_directory", &value)) &&
		value.n > 0 && value.n < size) {
		memcpy(folder, value.p, value.n);
		folder[value.n] = '\0';
		ok = true;
	}
	str_free(&env);
	return ok;
}

/* --- a master on another queue ------------------------------------------------------ */

/* Is this folder, as that process sees it, the very one that we see? One in a container
 * may have a folder of the same name. */
static bool
sees_same_folder(const struct svc *svc, pid_t pid, const char *folder)
{
	char *path = str_format("%s/%d/root%s", svc_proc(svc), (int)pid, folder);
	struct stat own, its;
	bool same = stat_path(svc, path, &its, 0) &&
		    stat_path(svc, svc->config_dir, &own, 0) &&
		    its.st_dev == own.st_dev && its.st_ino == own.st_ino;

	free(path);
	return same;
}

/* Root's: anybody can call a process of his "master". */
static bool
is_roots_process(const struct svc *svc, pid_t pid)
{
	char *path = str_format("%s/%d", svc_proc(svc), (int)pid);
	struct stat st;
	bool yes = stat_path(svc, path, &st, 0) && st.st_uid == 0;

	free(path);
	return yes;
}

static bool
is_master_of_folder(const struct svc *svc, pid_t pid)
{
	char folder[sizeof((struct svc_master *)0)->folder];

	return pid > 0 && is_master(svc, pid) && is_roots_process(svc, pid) &&
	       master_folder(svc, pid, folder, sizeof folder) &&
	       sees_same_folder(svc, pid, folder);
}

/* The fifth word of "13: FLOCK  ADVISORY  WRITE 240 00:5a:2 0 EOF"; one that only waits
 * has an arrow before, and no number there. */
static pid_t
lock_holder(struct sv line)
{
	struct sv word = {0};

	for (int i = 0; i < 5; i++)
		if (!sv_token(&line, " ", &word))
			return 0;
	return svc_pid_parse(word);
}

/* queue_directory may name another queue since it started, in the file or in an edit. A
 * master holds a lock on its pid file: holders of locks are few, processes many. */
static pid_t
find_by_folder(const struct svc *svc)
{
	char *path = str_format("%s/locks", svc_proc(svc));
	struct str text = {0};
	struct sv rest, line;
	pid_t found = 0, seen = 0;

	(void)svc_slurp(svc, path, &text);
	rest = str_sv(&text);
	while (!found && sv_line(&rest, &line)) {
		pid_t pid = lock_holder(line);

		/* It holds two of them. */
		if (pid != seen && is_master_of_folder(svc, pid))
			found = pid;
		seen = pid;
	}
	str_free(&text);
	free(path);
	return found;
}

static void
look_elsewhere(const struct svc *svc, struct svc_master *out)
{
	out->pid = find_by_folder(svc);
	if (out->pid == 0)
		return;
	out->state = SVC_RUNNING;
	out->verified = true;
}

/* --- whose master ------------------------------------------------------------------- */

void
svc_quick_state(const struct svc *svc, struct svc_master *out)
{
	char *path = str_format("%s/pid/master.pid",
		svc->queue_dir ? svc->queue_dir : "/var/spool/postfix");
	struct str text = {0};
	struct stat st;
	char folder[sizeof out->folder];

	*out = (struct svc_master){.state = SVC_STOPPED};
	if (svc_slurp(svc, path, &text))
		out->pid = svc_pid_parse(str_sv(&text));
	else
		out->hidden = errno == EACCES;
	if (out->pid > 0 && is_master(svc, out->pid)) {
		out->state = SVC_RUNNING;
		if (stat_path(svc, path, &st, 0))
			out->since = st.st_mtime;
		if (master_folder(svc, out->pid, folder, sizeof folder)) {
			out->verified = same_folder(svc, folder, svc->config_dir);
			if (!out->verified) {
				out->state = SVC_FOREIGN;
				memcpy(out->folder, folder, sizeof folder);
			}
		}
	} else if (!svc->is_hasty) {
		look_elsewhere(svc, out);
	}
	str_free(&text);
	free(path);
}

/* A path on the way: its text and how many links may still be followed. */
struct walk {
	const struct svc *svc;
	int links;
	char *bad; /* owned: what others can write */
};

static bool is_safe_path(struct walk *w, const char *path);

static bool
is_roots(const struct stat *st)
{
	if (st->st_uid != 0)
		return false;
	return S_ISLNK(st->st_mode) || (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* A link's target with what follows it in the path; the caller frees it. */
static char *
follow(struct walk *w, const char *link, size_t parent_len, const char *rest)
{
	const struct fs_port *fs = &w->svc->world->fs;
	char target[LINK_MAX_BYTES];
	ssize_t n = fs->ops->readlinkat(fs->self, AT_FDCWD, link, target, sizeof target);

	if (n <= 0 || (size_t)n >= sizeof target)
		return NULL;
	if (target[0] == '/')
		return str_format("%.*s%s", (int)n, target, rest);
	return str_format("%.*s/%.*s%s", (int)parent_len, link, (int)n, target, rest);
}

static bool
is_safe_link(struct walk *w, const char *link, size_t parent_len, const char *rest)
{
	char *target;
	bool ok;

	if (w->links-- == 0)
		return false;
	target = follow(w, link, parent_len, rest);
	ok = target && is_safe_path(w, target);
	free(target);
	return ok;
}

/* Every part of an absolute path from the root on. What isn't there is safe: only root
 * can make it. */
static bool
is_safe_path(struct walk *w, const char *path)
{
	size_t end = 0, parent = 0;

	for (;;) {
		char *part = end ? mem_strndup(path, end) : mem_strdup("/");
		struct stat st;
		bool there = stat_path(w->svc, part, &st, AT_SYMLINK_NOFOLLOW);
		bool ok = !there || is_roots(&st);

		if (!ok && !w->bad)
			w->bad = mem_strdup(part);
		if (ok && there && S_ISLNK(st.st_mode)) {
			ok = is_safe_link(w, part, parent, path + end);
			free(part);
			return ok;
		}
		free(part);
		if (!ok || !there || path[end] == '\0')
			return ok;
		parent = end;
		while (path[end] == '/')
			end++;
		if (path[end] == '\0')
			return true;
		while (path[end] && path[end] != '/')
			end++;
	}
}

bool
svc_path_safe(const struct svc *svc, const char *path)
{
	struct walk w = {.svc = svc, .links = MAX_LINKS};
	bool ok = is_safe_path(&w, path);

	free(w.bad);
	return ok;
}

bool
svc_folder_safe(const struct svc *svc, char **which, struct diags *d)
{
	static const char *const names[] = {"", "/main.cf", "/master.cf"};
	struct walk w = {.svc = svc, .links = MAX_LINKS};
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof names / sizeof names[0]; i++) {
		char *path = str_format("%s%s", svc->config_dir, names[i]);

		ok = is_safe_path(&w, path);
		if (!ok && !w.bad)
			w.bad = mem_strdup(path);
		free(path);
	}
	if (!ok) {
		const struct diag_loc loc = {.file = w.bad};

		diag_add(d, SEV_WARN, DIAG_FILE_UNSAFE, &loc,
			_("Let root own it and take the right to write from all others."),
			_("Postfix is not touched: somebody besides root can write %s."),
			w.bad);
	}
	if (which)
		*which = w.bad;
	else
		free(w.bad);
	return ok;
}

enum svc_state
svc_state(const struct svc *svc, struct svc_master *m, char **whose, struct diags *d)
{
	char *postfix = svc_find(svc, SVC_POSTFIX);
	char *postconf = svc_find(svc, SVC_POSTCONF);
	bool there = postfix && postconf;

	free(postfix);
	free(postconf);
	*whose = NULL;
	svc_quick_state(svc, m);
	if (!there)
		return SVC_ABSENT;
	if (!svc_folder_safe(svc, whose, d))
		return SVC_UNSAFE;
	if (m->state == SVC_FOREIGN)
		*whose = mem_strdup(m->folder);
	/* A master that can't be looked at isn't known to be ours. */
	if (m->state == SVC_RUNNING && !m->verified)
		return SVC_FOREIGN;
	return m->state;
}
