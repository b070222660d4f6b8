/* SPDX-License-Identifier: MIT
 *
 * Lookup tables in files as the rules of main.cf see them, for the check layer only:
 * which file a "type:name" stands for, whether its database is built, and its keys.
 */
#ifndef PR_CHECK_TABLES_H
#define PR_CHECK_TABLES_H

#include "check/maincf.h"

struct table {
	struct sv type;   /* without "proxy:" */
	const char *path; /* the text file; in the run's arena */
	bool built;       /* a database beside it is what Postfix reads */
	const char *database;
};

/* Take "hash:/etc/postfix/x" or "proxy:hash:..." apart, or a path alone (a list, or with
 * default_database_type). False: not a table in a file. */
bool table_parse(struct chk_run *run, struct sv text, struct table *out);

/* Call take for each row of the text file, with what stands behind the key on its first
 * line. False: it can't be read. */
bool table_each_row(struct chk_run *run, const struct table *t,
	void (*take)(void *ctx, struct sv key, struct sv value), void *ctx);

/* As table_each_row(), of a table that stands in the value itself. False: it doesn't. */
bool table_each_inline(struct sv text,
	void (*take)(void *ctx, struct sv key, struct sv value), void *ctx);

/* --- rule_login_key.c */

/* Is no password kept for any relay host, and that known for certain? */
bool chk_no_password(struct chk_run *run);

#endif
