/* SPDX-License-Identifier: MIT
 *
 * Rules on an aliases file: what local(8) will do with each target. Pure: the document,
 * and what the caller knows of the outside. What can't be told (another domain, another
 * table, a $name) has no finding. Lines that postalias drops and duplicates are told by
 * al_check() already. Linear in the size of the file. Sources of the rules: local(8),
 * aliases(5), and experiments with Postfix 3.7 that tests/e2e/test_oracle_aliases.sh
 * repeats.
 */
#ifndef PR_CHECK_ALIASES_H
#define PR_CHECK_ALIASES_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/str.h"
#include "text/aliases.h"

enum chk_answer { CHK_NO, CHK_YES, CHK_CANT_TELL };

struct chk_al_env {
	const char *file; /* for the places of the findings */
	/* The files are those of this machine: what isn't here is missing. Else it may be
	 * there where the files are used: its absence is a warning only, that of a user a
	 * note. */
	bool here;
	enum chk_answer bare;   /* is a name without a domain one of this machine? */
	const char *delimiters; /* recipient_delimiter, "" none */
	bool percent, bang;     /* allow_percent_hack, swap_bangpath */
	bool catch_all;         /* unknown names go to somebody (luser_relay ...) */
	bool other_tables; /* alias_maps has more than this file: other names may exist */
	bool commands, files; /* allow_mail_to_commands, ..._to_files name "alias" */
	bool boxes; /* users' mail goes into boxes on this machine, read by its users */
	/* Whose rights commands and files are used with; false: not known. */
	bool rights_known;
	uid_t uid;
	gid_t gid;

	/* Is there a user of this name? *home is the home folder, valid until the next
	 * call, or NULL. Asked once for each name that appears. */
	enum chk_answer (*user)(void *ctx, const char *name, const char **home);
	/* Is this domain (without a final dot) one whose mail local(8) delivers? */
	enum chk_answer (*domain)(void *ctx, struct sv domain);
	/* stat(2): 0, or errno. */
	int (*stat)(void *ctx, const char *path, struct stat *st);
	/* Read a file of lists (bounded) into *bytes; false: it can't be read. May be
	 * NULL. */
	bool (*read)(void *ctx, const char *path, struct str *bytes);
	void *ctx;
};

/* All findings on the entries, appended to d. Of more than AL_CHECK_MAX the rest is left
 * out, and one note says so. */
void chk_aliases(struct aliases *al, const struct chk_al_env *env, struct diags *d);

/* The safe repair of a finding on entry id: the targets as they should be, and in comment
 * what becomes a comment above the entry (empty: nothing). False when there is none. */
bool chk_al_mend(const struct aliases *al, uint32_t id, enum diag_code code,
	struct al_targets *targets, struct str *comment);

/* --- alias_maps, alias_database and the databases --- */

struct chk_al_db {
	const char *maps, *database; /* expanded; NULL: not known */
	struct diag_loc maps_at, database_at;
	bool maps_set;            /* in main.cf, not by default */
	const char *const *types; /* `postconf -m`, NULL-terminated; NULL: not known */
	const char *default_type; /* of a path without type; NULL: not known */
	bool here;                /* as in chk_al_env */
	bool used;                /* some domain's mail is looked up there */
	bool nis_domain;          /* there is one */
	int (*stat)(void *ctx, const char *path, struct stat *st);
	void *ctx;
};

/* Findings on the tables that the two parameters name, appended to d. */
void chk_alias_tables(const struct chk_al_db *db, struct diags *d);

/* Cut one word of such a list into type and path; type is empty when it has none. */
void chk_table_split(struct sv word, struct sv *type, struct sv *path);

#endif
