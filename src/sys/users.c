/* SPDX-License-Identifier: MIT
 *
 * Users by getpwnam_r(3). What a broken name service answers is no answer.
 */
#include "sys/users.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/mem.h"

#define ROOM_MAX (1u << 20)

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

struct users_port
sys_users(void)
{
	static const struct users_ops ops = {
		.find = users_find,
		.nis_domain = users_nis_domain,
	};

	return (struct users_port){&ops, NULL};
}
