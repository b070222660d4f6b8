/* SPDX-License-Identifier: MIT
 *
 * relayhost in parts.
 */
#ifndef PR_SESSION_RELAY_H
#define PR_SESSION_RELAY_H

#include "session/session.h"

struct ses_hop {
	const char *host; /* without brackets; "" none */
	const char *port; /* "587", "submission"; "" = 25 by default */
	bool mx;         /* no brackets: the mail servers of this name are asked of DNS */
	bool is_address; /* a literal address: MX has no meaning */
};

struct ses_relay {
	bool set;        /* set and not empty */
	bool readable;   /* false: raw can't be taken apart; edit it raw */
	const char *raw; /* value as written */
	const struct ses_hop *hops;
	size_t n;
	bool many_ok; /* this Postfix takes several (3.5); true while not known */
	uint32_t line;
	bool edited;
	const struct diag *finding;
	const char *repair; /* value that the safe repair writes, or NULL */
};
void ses_relay_get(struct session *s, struct ses_relay *out);
const char *ses_relay_place(struct session *s);

struct ses_relay_verdict {
	bool empty, good;
	enum sev sev;
	const char *text, *hint; /* "" when good */
	const char
		*written; /* the value that would be written: "[mail.test.co.jp]:587" */
};
/* What a person typed ("mail.test.co.jp:587") as it would be written; brackets unless mx.
 */
void ses_relay_judge(
	struct session *s, const char *typed, bool mx, struct ses_relay_verdict *out);

/* Set hop i (i == n adds one) from what a person typed: host[:port]. mx keeps or drops
 * brackets; a typed port or bracket wins over what stood there. A text that is no host,
 * or no port, is kept as it was typed, and is then an error of the whole value; it is
 * refused where Postfix would read it as something else. */
bool ses_relay_set_typed(
	struct session *s, size_t i, const char *typed, bool mx, struct diags *d);
bool ses_relay_set_port(struct session *s, size_t i, const char *port, struct diags *d);
bool ses_relay_set_mx(struct session *s, size_t i, bool mx, struct diags *d);
bool ses_relay_remove(struct session *s, size_t i, struct diags *d);
/* Set the whole value, as it shall stand in the file. Here as in the calls above, a
 * password that is kept for a host follows it to its new text, and port 465 switches TLS
 * from the first byte on, leaving it off. */
bool ses_relay_put(struct session *s, const char *value, struct diags *d);
/* Swap host i with the one before (-1) or behind (1). */
bool ses_relay_move(struct session *s, size_t i, int by, struct diags *d);
/* No relay host: the parameter goes back to its default (mail leaves directly), and the
 * login at it and TLS from the first byte go with it. */
bool ses_relay_unset(struct session *s, struct diags *d);

#endif
