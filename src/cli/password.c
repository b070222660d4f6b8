/* SPDX-License-Identifier: MIT
 *
 * A password for a command: never an argument, where every user of the machine would see
 * it. Of a file the first line counts. On a terminal nothing is shown while it is typed;
 * Ctrl-C ends the line there, so that the terminal is put back before anything else.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"

enum { MOST = 1024, CTRL_C = 3 };

/* One line of fd without its end; -1 with errno: it can't be read, or is too long. */
static ssize_t
read_line(int fd, char *buf)
{
	size_t n = 0;
	ssize_t got = 1;

	while (n < MOST && !memchr(buf, '\n', n)) {
		got = read(fd, buf + n, MOST - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
		if (buf[n - 1] == CTRL_C)
			break;
	}
	if (got < 0)
		return -1;
	if (n == MOST && !memchr(buf, '\n', n)) {
		errno = EFBIG;
		return -1;
	}
	if (memchr(buf, '\n', n))
		n = (size_t)((char *)memchr(buf, '\n', n) - buf);
	if (n && buf[n - 1] == '\r')
		n--;
	return (ssize_t)n;
}

static ssize_t
ask(char *buf)
{
	struct termios was, quiet;
	ssize_t n;
	int err;

	if (tcgetattr(STDIN_FILENO, &was) != 0)
		return -1;
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	quiet.c_cc[VEOL] = CTRL_C;
	(void)fprintf(stderr, "%s ", _("Password:"));
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) != 0)
		return -1;
	n = read_line(STDIN_FILENO, buf);
	err = errno;
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
	(void)fputc('\n', stderr);
	if (n > 0 && buf[n - 1] == CTRL_C) {
		err = EINTR;
		n = -1;
	}
	errno = err;
	return n;
}

static ssize_t
read_file(const char *file, char *buf)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY), err;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read_line(fd, buf);
	err = errno;
	(void)close(fd);
	errno = err;
	return n;
}

bool
cli_read_password(const char *file, struct str *out, struct diags *d)
{
	char buf[MOST];
	bool from_stdin = strcmp(file, "-") == 0;
	ssize_t n = !from_stdin            ? read_file(file, buf)
		    : isatty(STDIN_FILENO) ? ask(buf)
					   : read_line(STDIN_FILENO, buf);
	bool good = n > 0 && !memchr(buf, '\0', (size_t)n);

	if (good)
		str_add(out, buf, (size_t)n);
	else if (n < 0 && errno == EINTR)
		diag_add(d, SEV_ERROR, DIAG_FILE_BUSY, NULL, NULL,
			_("Stopped before a password was typed."));
	else if (n < 0)
		diag_errno(d, DIAG_FILE_ACCESS, from_stdin ? NULL : file, errno,
			_("Put the password into the first line of a file, at most 1000 "
			  "bytes long."),
			_("The password could not be read from %s."), file);
	else
		diag_add(d, SEV_ERROR, DIAG_USAGE, NULL,
			_("Put the password into its first line."),
			_("There is no password in %s."), file);
	explicit_bzero(buf, sizeof(buf));
	return good;
}
