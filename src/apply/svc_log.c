/* SPDX-License-Identifier: MIT
 *
 * The log's place and what is new in it. A log that is turned over while we look is read
 * from the new file's start; what was still written to the old one is lost to us, which
 * costs a sign of ill health at worst, and the sockets are asked anyhow.
 */
#include "apply/svc_health.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

enum { SINCE_MAX = 256 * 1024 };

/* Seconds since 1970 of this boot; 0 where /proc doesn't tell. */
static int64_t
boot_time(const struct svc *svc)
{
	char *path = str_format("%s/stat", svc_proc(svc));
	struct str text = {0};
	struct sv rest, line;
	uint64_t boot = 0;

	if (svc_slurp(svc, path, &text)) {
		rest = str_sv(&text);
		while (sv_line(&rest, &line))
			if (sv_starts(line, "btime "))
				sv_to_uint(sv_trim(sv_sub(line, 6, line.n)), INT64_MAX,
					&boot);
	}
	str_free(&text);
	free(path);
	return (int64_t)boot;
}

static bool
mark_file(const struct svc *svc, const char *path, int64_t since, struct svc_log *out)
{
	const struct fs_port *fs = &svc->world->fs;
	struct stat st;

	if (!fs_stat(fs, path, &st) || !S_ISREG(st.st_mode) || st.st_mtime < since)
		return false;
	*out = (struct svc_log){.path = mem_strdup(path),
		.dev = (uint64_t)st.st_dev,
		.ino = (uint64_t)st.st_ino,
		.size = (uint64_t)st.st_size};
	return true;
}

void
svc_log_mark(const struct svc *svc, const char *maillog_file, struct svc_log *out)
{
	static const char *const usual[] = {"/var/log/mail.log", "/var/log/maillog"};
	int64_t boot;

	*out = (struct svc_log){0};
	if (maillog_file && maillog_file[0] == '/') {
		if (!mark_file(svc, maillog_file, 0, out))
			/* Not there yet: all of it will be news. */
			out->path = mem_strdup(maillog_file);
		return;
	}
	boot = boot_time(svc);
	for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
		if (mark_file(svc, usual[i], boot, out))
			return;
}

void
svc_log_free(struct svc_log *log)
{
	free(log->path);
	*log = (struct svc_log){0};
}

static void
read_from(const struct fs_port *fs, int fd, uint64_t from, struct str *out)
{
	char buf[8192];
	ssize_t n;

	if (fs->ops->lseek(fs->self, fd, (off_t)from) < 0)
		return;
	while (out->n < SINCE_MAX &&
		(n = fs->ops->read(fs->self, fd, buf, sizeof buf)) > 0)
		str_add(out, buf, (size_t)n);
}

void
svc_log_since(const struct svc *svc, const struct svc_log *log, struct str *out)
{
	const struct fs_port *fs = &svc->world->fs;
	struct stat st;
	uint64_t from = log->size;
	int fd;

	if (!log->path)
		return;
	fd = fs->ops->openat(fs->self, AT_FDCWD, log->path,
		O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0)
		return;
	if (fs->ops->fstat(fs->self, fd, &st) == 0) {
		if ((uint64_t)st.st_ino != log->ino || (uint64_t)st.st_dev != log->dev ||
			(uint64_t)st.st_size < log->size)
			from = 0;
		read_from(fs, fd, from, out);
	}
	fs->ops->close(fs->self, fd);
}
