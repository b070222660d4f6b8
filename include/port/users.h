/* SPDX-License-Identifier: MIT
 *
 * The users of this machine, as the name service knows them, and its NIS domain. A name
 * service may be slow (LDAP): a caller asks once for each name and remembers.
 */
#ifndef PR_PORT_USERS_H
#define PR_PORT_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum users_found { USERS_NO, USERS_YES, USERS_CANT_TELL };

struct users_entry {
	uid_t uid;
	gid_t gid;
	char home[256]; /* "" when it has none, or a longer one */
};

struct users_ops {
	enum users_found (*find)(void *self, const char *name, struct users_entry *out);
	/* Is there a NIS domain name on this machine? */
	bool (*nis_domain)(void *self);
};

struct users_port {
	const struct users_ops *ops;
	void *self;
};

#endif
