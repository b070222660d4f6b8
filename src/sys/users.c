/* SPDX-License-Identifier: MIT
 *
 * Users by getpwnam_r(3). What a broken name service answers is no answer. Who started us
 * is for telling people later, never for deciding what is allowed.
 */
#include "sys/users.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/mem.h"

#define ROOM_MAX (1u << 20)
#define NO_UID 4294967295UL /* no login, in loginuid */

static enum users_found
users_find(void *self, const char *name, struct users_entry *out)
{
	struct passwd pw, *hit = NULL;
	size_t room = 4096;
	char *buf = mem_new(room, 1);
	int why;

	(void)self;
	while ((why = getpwnam_r(name, &pw, buf, room, &hit)) == ERANGE &&
		room < ROOM_MAX) {
		room *= 2;
		buf = mem_resize(buf, room, 1);
	}
	*out = (struct users_entry){0};
	if (hit) {
		out->uid = pw.pw_uid;
		out->gid = pw.pw_gid;
		if (pw.pw_dir && strlen(pw.pw_dir) < sizeof(out->home))
			memcpy(out->home, pw.pw_dir, strlen(pw.pw_dir) + 1);
	}
	free(buf);
	if (hit)
		return USERS_YES;
	/* The manual page lists these as ways of saying that there is no such user. */
	return why == 0 || why == ENOENT || why == ESRCH ? USERS_NO : USERS_CANT_TELL;
}

static bool
users_nis_domain(void *self)
{
	struct utsname name;

	(void)self;
	return uname(&name) == 0 && name.domainname[0] != '\0' &&
	       strcmp(name.domainname, "(none)") != 0;
}

/* A number that stands alone in text; false for anything else. */
static bool
read_uid(const char *text, uid_t *out)
{
	char *end;
	unsigned long n;

	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || (*end && *end != '\n') || n >= NO_UID)
		return false;
	*out = (uid_t)n;
	return true;
}

/* The login that this process belongs to stays the same under su and sudo. */
static bool
login_uid(uid_t *out)
{
	char text[32] = "";
	int fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	return n > 0 && read_uid(text, out);
}

static void
name_of(uid_t uid, char *out, size_t room)
{
	struct passwd pw, *hit = NULL;
	char buf[4096];

	out[0] = '\0';
	if (getpwuid_r(uid, &pw, buf, sizeof(buf), &hit) == 0 && hit)
		snprintf(out, room, "%s", hit->pw_name);
}

static void
users_who(void *self, struct users_who *out)
{
	char path[64] = "";

	(void)self;
	*out = (struct users_who){.uid = getuid()};
	if (!login_uid(&out->uid))
		(void)read_uid(getenv("SUDO_UID"), &out->uid);
	name_of(out->uid, out->name, sizeof(out->name));
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO && !path[0]; fd++)
		if (ttyname_r(fd, path, sizeof(path)) != 0)
			path[0] = '\0';
	snprintf(out->terminal, sizeof(out->terminal), "%s",
		strncmp(path, "/dev/", 5) == 0 ? path + 5 : path);
}

struct users_port
sys_users(void)
{
	static const struct users_ops ops = {
		.find = users_find,
		.nis_domain = users_nis_domain,
		.who = users_who,
	};

	return (struct users_port){&ops, NULL};
}
