/* SPDX-License-Identifier: MIT
 *
 * The findings on aliases and their databases, for src/session/ only. Those on entries
 * are kept until the aliases file, main.cf or what is known of Postfix changes; users are
 * asked for once a session (reading the files again forgets them).
 */
#ifndef PR_SESSION_ALIAS_CHECK_H
#define PR_SESSION_ALIAS_CHECK_H

#include "session/internal.h"

/* Bytes; larger files are judged line by line only, and when their screen is open, unless
 * ses_alias_judge_all() was called. */
#define ALIASES_BIG (4u << 20)

/* Findings on the entries of the aliases file, which is open, appended to out. */
void alias_findings(struct session *s, struct diags *out);

/* Findings of the rules on entries that aren't those of the file as it is now. */
void alias_check_others(struct session *s, struct sv text, struct diags *out);

/* Findings on alias_maps and alias_database. */
void alias_table_findings(struct session *s, struct diags *out);

/* Was ses_alias_judge_all() called? */
bool alias_judge_wanted(const struct session *s);

/* Users and files may be others now. */
void alias_check_forget(struct session *s);
void alias_check_free(struct session *s);

#endif
