/* SPDX-License-Identifier: MIT
 *
 * main.cf parameters by name, for the Parameters screen, get/set/unset and every other
 * screen's plain fields.
 */
#ifndef PR_SESSION_PARAMS_H
#define PR_SESSION_PARAMS_H

#include "model/catalog.h"
#include "session/session.h"

enum ses_origin {
	SES_FROM_FILE,
	SES_FROM_DEFAULT,
	SES_OFF,         /* commented out in the file: #name = value, and not set */
	SES_NO_SUCH_NAME /* neither known to Postfix nor in the file */
};

struct ses_param {
	const char *name;
	const char *value;     /* logical value now; "" when empty or not known yet */
	const char *off_value; /* what the commented-out line says, or NULL */
	const char *deflt;     /* Postfix's default, raw; NULL until SES_ASK_DEFAULTS is
				  answered */
	enum ses_origin origin;
	uint32_t line; /* first line of the effective definition as saved now; 0 none */
	uint32_t last_line;
	bool is_new, edited, removed; /* against the loaded file */
	bool known;                 /* a name that Postfix knows, as far as we can tell */
	const struct cat_def *def;  /* catalogue row, or NULL */
	const struct diag *finding; /* the worst, or NULL */
};

bool ses_param_get(struct session *s, const char *name, struct ses_param *out);
/* The value as `postconf -x` prints it, $name references and conditions filled in, or
 * NULL when Postfix would stop at it, or only Postfix could tell (names that aren't in
 * the file while SES_ASK_DEFAULTS isn't answered). The session's string. */
const char *ses_param_expanded(struct session *s, const char *name);
/* The same; why Postfix would stop, and names without a value, are told to d. */
const char *ses_param_expand(struct session *s, const char *name, struct diags *d);

bool ses_param_set(
	struct session *s, const char *name, const char *value, struct diags *d);
/* Remove every definition: the default holds. */
bool ses_param_unset(struct session *s, const char *name, struct diags *d);
/* Comment out what is set, or bring back what is commented out. */
bool ses_param_toggle(struct session *s, const char *name, struct diags *d);
/* Comment out a line that Postfix refuses; its number as findings tell it, in the file as
 * it would be saved now. */
bool ses_line_comment_out(struct session *s, uint32_t line, struct diags *d);
/* What stands in the line where an entry begins, numbered the same way, without its line
 * end. Appended to out; false: no entry begins there. */
bool ses_line_text(struct session *s, uint32_t line, struct str *out);

/* What would a value be judged like? Findings go to d; nothing is changed. */
void ses_param_judge(
	struct session *s, const char *name, const char *value, struct diags *d);

/* Rows of the Parameters screen: names that are set, off or bad lines, and (unless
 * only_set) every known name; filtered by a substring of name or help; sorted by name.
 * Returns how many; *set and *known count over all. */
struct ses_param_list {
	const char *const *names;
	size_t n, set, known;
};
void ses_param_rows(
	struct session *s, const char *filter, bool only_set, struct ses_param_list *out);

#endif
