/* SPDX-License-Identifier: MIT
 *
 * Login and TLS at the relay host, with relayhost one unit: read from the files as they
 * are, a set-up made by hand included, and written so that nothing but what is needed
 * changes. The password itself leaves the session only by ses_login_password().
 */
#ifndef PR_SESSION_LOGIN_H
#define PR_SESSION_LOGIN_H

#include "session/session.h"

struct ses_login {
	bool on;          /* smtp_sasl_auth_enable */
	const char *host; /* the relay host as written: what the password is kept for;
			     "" none, or it can't be read */
	bool stored;      /* there is a row for this host, found or not */
	bool fits;        /* Postfix finds it */
	const char *key;  /* of that row, "" none */
	const char *user; /* "" none */
	bool has_password;
	const char *file; /* where the row is, or a new one goes; NULL: the tables are
			     none in text files */
	bool is_new;      /* the file is made by the next apply */
	unsigned mode;    /* of the file; 0: not known */
	const char *maps; /* smtp_sasl_password_maps; secrets are **** */
	size_t others;    /* rows for other hosts */
	bool unread;      /* a table couldn't be read, so there may be more */
	bool edited;      /* on or off, or the row is another one */
	bool key_edited, user_edited, password_edited; /* of a row that there was */
};
void ses_login_get(struct session *s, struct ses_login *out);
/* The stored password, appended to out; the caller wipes it. False: there is none. */
bool ses_login_password(struct session *s, struct str *out);

/* Log in at the relay host; NULL keeps what is stored. Where no login was, TLS becomes
 * required unless the host is this machine. */
bool ses_login_set(
	struct session *s, const char *user, const char *password, struct diags *d);
/* What was typed, before it is accepted. */
bool ses_login_judge_user(const char *user, struct diags *d);
bool ses_login_judge_password(const char *password, struct diags *d);
/* No login at this host: all its rows go, and where no other row is left, what makes
 * Postfix log in. */
bool ses_login_off(struct session *s, struct diags *d);
/* Give the row the very text of the relay host as its key. */
bool ses_login_mend(struct session *s, struct diags *d);

struct ses_tls {
	const char *level; /* Postfix's word; "" is none */
	bool strong;       /* nothing goes unencrypted */
	bool wraps;        /* smtp_tls_wrappermode: TLS from the first byte */
	const char *ca;    /* smtp_tls_CAfile, else smtp_tls_CApath; "" */
	bool level_edited, wraps_edited, ca_edited;
};
void ses_tls_get(struct session *s, struct ses_tls *out);
/* "required", "if offered" for a person; NULL for levels that are told by Postfix's word.
 */
const char *ses_tls_words(const char *level);
/* The level that checks certificates by name gets the system's roots where none are
 * named. */
bool ses_tls_set_level(struct session *s, const char *level, struct diags *d);
bool ses_tls_set_wraps(struct session *s, bool on, struct diags *d);
/* "" : none. */
bool ses_tls_set_ca(struct session *s, const char *path, struct diags *d);

#endif
