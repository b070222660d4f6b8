/* SPDX-License-Identifier: MIT
 *
 * Between the files of login and TLS, for src/session/ only: where the password of a
 * relay host stands, and parameters that are set only where that makes a difference.
 */
#ifndef PR_SESSION_LOGIN_VIEW_H
#define PR_SESSION_LOGIN_VIEW_H

#include "model/nexthop.h"
#include "session/internal.h"
#include "session/login.h"

enum { LOGIN_MAPS = 8 };

/* The tables of smtp_sasl_password_maps that are text files. */
struct login_maps {
	struct ses_file *v[LOGIN_MAPS];
	size_t n;
	bool others;               /* tables of other kinds are named as well */
	bool unread;               /* one of them couldn't be read */
	const char *value, *hosts; /* of smtp_sasl_password_maps and relayhost */
};
void login_maps_of(struct session *s, struct login_maps *out);
/* Rows that are on, in all of them. */
size_t login_count_rows(const struct login_maps *m);

/* A relay host, and the row with its password; file NULL: there is none. */
struct login_row {
	struct ses_file *file;
	uint32_t id;
	bool fits; /* Postfix finds it */
};

/* Relay host i as the rows are looked up: text and parts. False: there is none. */
bool login_host(struct session *s, size_t i, const char **text, struct nexthop *out);
void login_find(const struct login_maps *m, const char *text, const struct nexthop *h,
	struct login_row *out);
/* The (first) relay host's text, where a row of its login was taken away and that waits;
 * else NULL. */
const char *login_taken_away(struct session *s);
/* Does Postfix log in at the (first) relay host? */
bool login_is_on(struct session *s);

/* The relay hosts are others now: the password goes along. */
bool login_follow(struct session *s, const struct nexthops *was,
	const struct nexthops *now, struct diags *d);
/* The row with this key gets another one. */
bool login_rename(struct session *s, const char *from, const char *to, struct diags *d);
/* The rows of all relay hosts go. */
bool login_drop_all(struct session *s, struct diags *d);
/* The login methods that relay hosts offer may be used at the TLS level there is. */
bool login_allow_plain(struct session *s, struct diags *d);

/* The expanded value, "" when it isn't known. */
const char *effective(struct session *s, const char *name);
bool effective_yes(struct session *s, const char *name);
/* Was it yes when the file was loaded? */
bool loaded_yes(struct session *s, const char *name);
/* Set it unless that value holds already. */
bool put_value(struct session *s, const char *name, const char *value, struct diags *d);
/* As it was when the file was loaded; what it was for says nothing against it. */
bool take_back(struct session *s, const char *name, struct diags *d);

/* What a login at the relay host asks of TLS: at another machine nothing goes
 * unencrypted, unless it did with a login before. */
bool login_asks_tls(struct session *s, struct diags *d);

/* Nothing unencrypted from now on / as before that, where nothing needs it any more. */
bool tls_raise(struct session *s, struct diags *d);
bool tls_lower(struct session *s, struct diags *d);
/* Without a relay host: a level that was chosen for it, and its roots, go, as far as they
 * wait or the history knows what was there before. */
bool tls_take_back(struct session *s, struct diags *d);
/* relay_before.c: what a parameter was in the file when no relay host was set; NULL: it
 * wasn't there. False: not known, or somebody has changed it by other means since. */
bool relay_param_before(
	struct session *s, struct arena *a, const char *name, const char **value);
/* Port 465 is TLS from the first byte, no other one is. */
bool tls_follow(struct session *s, const struct nexthops *was, const struct nexthops *now,
	struct diags *d);

#endif
