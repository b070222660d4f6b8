/* SPDX-License-Identifier: MIT
 *
 * What is opened is looked at by its descriptor, so that nobody can change it in between;
 * what libconfuse would do more than it should is kept from it.
 */
#include "session/cfgfile.h"

#include <confuse.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

#define SIZE_LIMIT ((size_t)1024 * 1024)

bool
cfgfile_is_privileged(void)
{
	return geteuid() == 0 || geteuid() != getuid() || getegid() != getgid();
}

/* --- reading the bytes --- */

/* Whoever can write a file that counts for root is root. */
static bool
is_safe(const struct cfgfile *f, const struct stat *st, struct diags *d)
{
	struct diag_loc loc = {.file = f->path};

	if (!S_ISREG(st->st_mode))
		return diag_add(d, SEV_ERROR, DIAG_FILE_KIND, &loc, f->hint,
			_("This file is not used: it is no ordinary file."));
	if ((size_t)st->st_size > SIZE_LIMIT)
		return diag_add(d, SEV_ERROR, DIAG_FILE_TOO_BIG, &loc, f->hint,
			_("This file is not used: it is larger than 1 MiB."));
	if (!f->is_trusted_as_us || !cfgfile_is_privileged())
		return true;
	if (st->st_uid != 0 || (st->st_mode & (S_IWGRP | S_IWOTH)))
		return diag_add(d, SEV_ERROR, DIAG_FILE_UNSAFE, &loc,
			_("chown root and chmod go-w make it count."),
			_("This file is not used: somebody else than root can write "
			  "it."));
	return true;
}

static bool
read_all(int fd, const struct cfgfile *f, struct str *text, struct diags *d)
{
	char buf[4096];
	bool good = true;
	ssize_t n = 0;

	while (good && (n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			good = diag_errno(d, DIAG_FILE_ACCESS, f->path, errno, NULL,
				_("This file is not used: it could not be read."));
		else if (text->n + (size_t)n > SIZE_LIMIT)
			good = diag_add(d, SEV_ERROR, DIAG_FILE_TOO_BIG,
				&(struct diag_loc){.file = f->path}, f->hint,
				_("This file is not used: it is larger than 1 MiB."));
		else
			str_add(text, buf, (size_t)n);
	}
	explicit_bzero(buf, sizeof(buf)); /* it may have held a password */
	return good;
}

static bool
not_opened(const struct cfgfile *f, int err, struct diags *d)
{
	enum diag_code code = err == ENOENT  ? DIAG_FILE_MISSING
			      : err == ELOOP ? DIAG_FILE_KIND
					     : DIAG_FILE_ACCESS;

	if (f->may_miss && (err == ENOENT || err == ENOTDIR))
		return false;
	if (f->may_deny && err == EACCES)
		return false;
	return diag_errno(d, code, f->path, err, f->hint,
		_("This file is not used: it could not be opened."));
}

bool
cfgfile_load(const struct cfgfile *f, struct str *text, struct diags *d)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	struct stat st;
	bool good;
	int fd;

	fd = open(f->path, flags | (f->no_link ? O_NOFOLLOW : 0));
	if (fd < 0)
		return not_opened(f, errno, d);
	if (fstat(fd, &st) != 0)
		good = diag_errno(d, DIAG_FILE_ACCESS, f->path, errno, NULL,
			_("This file is not used: it could not be read."));
	else
		good = is_safe(f, &st, d) && read_all(fd, f, text, d);
	close(fd);
	return good;
}

/* --- what libconfuse must not see --- */

/* The line of the first ${ outside a whole-line comment; 0: none. */
static uint32_t
line_of_variable(struct sv text)
{
	struct sv line;

	for (uint32_t n = 1; sv_line(&text, &line); n++) {
		line = sv_trim(line);
		if (!sv_starts(line, "#") && !sv_starts(line, "//") &&
			sv_find_sv(line, sv_of("${")) >= 0)
			return n;
	}
	return 0;
}

static bool
text_is_plain(const struct cfgfile *f, struct sv text, struct diags *d)
{
	struct diag_loc loc = {.file = f->path, .line = line_of_variable(text), .col = 1};

	if (loc.line)
		return diag_add(d, SEV_ERROR, DIAG_SET_SYNTAX, &loc,
			_("Write the value itself."),
			_("Nothing in this file is used: ${...} is not filled in "
			  "here."));
	if (sv_find(text, '\0') >= 0) {
		loc.line = 0;
		return diag_add(d, SEV_ERROR, DIAG_FILE_BINARY, &loc, f->hint,
			_("Nothing in this file is used: it holds NUL bytes, so it is no "
			  "text."));
	}
	return true;
}

/* What looks like a comment line is none within a quoted text that goes on there: an
 * escape that libconfuse doesn't know takes the place of what it would fill in, and
 * stops it. In a comment nobody reads it. */
static void
disarm(char *text)
{
	while ((text = strstr(text, "${")) != NULL) {
		text[0] = '\\';
		text[1] = '9';
	}
}

/* --- libconfuse --- */

/* libconfuse passes no pointer of ours along: the first message waits in the field for
 * annotations, which is unused without CFGF_COMMENTS. */
static void keep_message(cfg_t *cfg, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

static void
keep_message(cfg_t *cfg, const char *fmt, va_list args)
{
	if (!cfg->comment && vasprintf(&cfg->comment, fmt, args) < 0)
		cfg->comment = NULL;
}

bool
cfgfile_parse(const struct cfgfile *f, struct cfg_t *cfg, struct sv text, struct diags *d)
{
	struct diag_loc loc = {.file = f->path, .col = 1};
	char *own, *message;
	bool good;

	if (!text_is_plain(f, text, d))
		return false;
	own = sv_dup(text);
	disarm(own);
	cfg_set_error_function(cfg, keep_message);
	good = cfg_parse_buf(cfg, own) == CFG_SUCCESS;
	free(own);
	message = cfg->comment;
	cfg->comment = NULL;
	if (!good) {
		loc.line = cfg->line > 0 ? (uint32_t)cfg->line : 0;
		diag_add(d, SEV_ERROR, DIAG_SET_SYNTAX, &loc, f->hint,
			_("Nothing in this file is used: %s."),
			message ? message : _("it can't be understood"));
	}
	free(message);
	return good;
}
