/* SPDX-License-Identifier: MIT
 *
 * "May this address relay?": what smtpd would do with a client, and which row or
 * restriction decides. Answered by the files as they are edited now, for each smtpd
 * service of master.cf with its own settings, and once more by the files as they were
 * loaded, which is what runs. Tables are asked of Postfix's own program, which takes a
 * while: nothing here waits but ses_net_test_wait().
 */
#ifndef PR_SESSION_NETTEST_H
#define PR_SESSION_NETTEST_H

#include "session/session.h"

enum ses_net_says {
	SES_NET_ALLOWED,
	SES_NET_DENIED,
	SES_NET_451,
	SES_NET_NO_GREETING,
	SES_NET_CANT_TELL,
	SES_NET_SAYS
};

struct ses_net_says_of {
	enum ses_net_says says;
	const char *service; /* of master.cf, "smtp" */
	const char *row;     /* that decides, as written; NULL: none does */
	const char *file;    /* where it stands; NULL: Postfix's own choice */
	uint32_t line;
	size_t before;           /* rows before it; none of them matches */
	const char *restriction; /* "check_policy_service inet:127.0.0.1:10023" or NULL */
	const char *list;        /* of which it is a part, or NULL */
	const char *why;         /* translated: what decides, in one short phrase */
};

struct ses_net_answer {
	bool bad_address;          /* nothing else is filled in */
	struct ses_net_says_of is; /* port 25; the one that allows least, if several */
	bool is_new;               /* the files as loaded answer otherwise: */
	enum ses_net_says running; /* that; else the same */
	const struct ses_net_says_of *others; /* services that answer otherwise */
	size_t nothers;
};

/* who: an address, or NAME[ADDRESS] as Postfix logs a client. False: Postfix is still
 * being asked; call again after ses_step(). The same question again is free; with `again`
 * tables are asked anew. Strings stay until the next call. */
bool ses_net_test(
	struct session *s, const char *who, bool again, struct ses_net_answer *out);

/* The same, and wait. */
void ses_net_test_wait(struct session *s, const char *who, struct ses_net_answer *out);

/* "allowed", "denied", "451", "no greeting", "can't tell": never translated. */
const char *ses_net_word(enum ses_net_says says);

#endif
