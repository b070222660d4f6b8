/* SPDX-License-Identifier: MIT
 *
 * With which state of the files Postfix runs. Master keeps no record of a reload, but
 * with each it lets its queue manager go and starts another, and nothing else ends that
 * one. So its start is when the files were read last; /proc tells it, in ticks since the
 * machine came up.
 */
#include "apply/svc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

enum {
	STARTED = 19, /* of the words behind "PID (NAME) ": starttime, proc(5) */
	AHEAD_S = 600,
	HOT_S = 3 /* a program that reads a main.cf younger than 2 s waits, and reads it
		     anew; and the kernel's seconds are cut off */
};

static bool
is_queue_manager(struct sv stat)
{
	return sv_find_sv(stat, sv_of(" (qmgr) ")) >= 0 ||
	       sv_find_sv(stat, sv_of(" (oqmgr) ")) >= 0 ||
	       sv_find_sv(stat, sv_of(" (nqmgr) ")) >= 0;
}

/* In ticks since the machine came up. */
static bool
read_start(struct sv stat, uint64_t *ticks)
{
	struct sv word = {0}, rest = stat;
	ptrdiff_t at = sv_find_sv(stat, sv_of(") "));

	if (at < 0)
		return false;
	rest = sv_sub(stat, (size_t)at + 2, stat.n);
	for (int i = 0; i <= STARTED; i++)
		if (!sv_token(&rest, " \n", &word))
			return false;
	return sv_to_uint(word, UINT64_MAX / 2, ticks);
}

static bool
child_start(const struct svc *svc, struct sv pid, uint64_t *ticks)
{
	struct str text = {0};
	uint64_t n;
	bool ok = sv_to_uint(pid, INT32_MAX, &n) &&
		  svc_proc_read(svc, (pid_t)n, "stat", &text) &&
		  is_queue_manager(str_sv(&text)) && read_start(str_sv(&text), ticks);

	str_free(&text);
	return ok;
}

/* When the machine came up: the line "btime N" of /proc/stat. Unlike what the clock and
 * /proc/uptime make together it is the same each time. */
static bool
read_boot(const struct svc *svc, uint64_t *seconds)
{
	char *path = str_format("%s/stat", svc_proc(svc));
	struct str text = {0};
	struct sv rest, line;
	bool found = false;

	if (svc_slurp(svc, path, &text)) {
		rest = str_sv(&text);
		while (!found && sv_line(&rest, &line))
			found = sv_starts(line, "btime ") &&
				sv_to_uint(sv_trim(sv_sub(line, 6, line.n)), INT64_MAX,
					seconds);
	}
	str_free(&text);
	free(path);
	return found;
}

time_t
svc_settings_read(const struct svc *svc, pid_t master)
{
	long hz = sysconf(_SC_CLK_TCK);
	char *name = str_format("task/%d/children", (int)master);
	struct str list = {0};
	struct sv rest, pid;
	uint64_t ticks = 0, boot;
	time_t read = 0;
	bool found = false;

	if (svc_proc_read(svc, master, name, &list)) {
		rest = str_sv(&list);
		while (!found && sv_token(&rest, " \n", &pid))
			found = child_start(svc, pid, &ticks);
	}
	if (found && hz > 0 && read_boot(svc, &boot))
		read = (time_t)(boot + ticks / (uint64_t)hz);
	str_free(&list);
	free(name);
	return read;
}

/* A file of tomorrow was written by another clock: it tells nothing, and would be newer
 * after every reload. */
static bool
is_newer(const struct svc *svc, const struct stat *st, time_t read)
{
	const struct clock_port *clock = &svc->world->clock;

	return st->st_mtime > read + HOT_S &&
	       st->st_mtime <= clock->ops->now(clock->self) + AHEAD_S;
}

const char *
svc_newer_file(const struct svc *svc, time_t read)
{
	static const char *const names[] = {"main.cf", "master.cf"};
	const struct fs_port *fs = &svc->world->fs;
	const char *newer = NULL;

	for (size_t i = 0; !newer && i < sizeof names / sizeof names[0]; i++) {
		char *path = str_format("%s/%s", svc->config_dir, names[i]);
		struct stat st;

		if (fs_stat(fs, path, &st) && is_newer(svc, &st, read))
			newer = names[i];
		free(path);
	}
	return newer;
}
