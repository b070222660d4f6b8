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

/* Who started this program, as far as the system knows. */
struct users_who {
	uid_t uid;         /* of the login, else of who called sudo, else our own */
	char name[64];     /* "" when nobody has that number */
	char terminal[64]; /* "pts/3", "" when there is none */
};

struct users_ops {
	enum users_found (*find)(void *self, const char *name, struct users_entry *out);
	/* Is there a NIS domain name on this machine? */
	bool (*nis_domain)(void *self);
	void (*who)(void *self, struct users_who *out);
};

struct users_port {
	const struct users_ops *ops;
	void *self;
};

#endif
