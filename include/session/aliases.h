/* SPDX-License-Identifier: MIT
 *
 * The aliases file as rows, a million of them if need be: rows are numbers into a
 * filtered view, nothing is kept for a row that isn't looked at.
 */
#ifndef PR_SESSION_ALIASES_H
#define PR_SESSION_ALIASES_H

#include "session/session.h"

struct ses_alias {
	uint32_t id;         /* lasting; for edits */
	const char *name;    /* as written, unquoted where quotes are needless */
	const char *targets; /* one line, as written: "root, hanako@example.co.jp" */
	const char *note;    /* description comment, or NULL */
	uint32_t line;       /* as loaded; 0 new */
	bool off, removed, is_new, edited;
	bool bad; /* postalias drops this line */
	const struct diag *finding;
};

/* Set the filter ("" all) over name and targets. Returns how many rows are shown. */
size_t ses_alias_filter(struct session *s, const char *text);
const char *ses_alias_filter_text(struct session *s);
size_t ses_alias_shown(struct session *s);
size_t ses_alias_total(struct session *s);
/* The screen rests for a moment: a file of more than a few megabytes is judged now, and
 * not while somebody waits for the first screen or types. A million aliases take a tenth
 * of a second. */
void ses_alias_rest(struct session *s);
bool ses_alias_at(struct session *s, size_t row, struct ses_alias *out);
bool ses_alias_by_id(struct session *s, uint32_t id, struct ses_alias *out);
/* Row of id in the filtered view; shown count when it isn't in it. */
size_t ses_alias_row_of(struct session *s, uint32_t id);
/* The effective entry of a name (case folded); false when there is none. Disabled ones
 * only when no active one has the name. */
bool ses_alias_find(struct session *s, const char *name, uint32_t *id);

enum ses_target_kind {
	SES_T_EMPTY,
	SES_T_USER,
	SES_T_ADDRESS,
	SES_T_FILE,
	SES_T_PIPE,
	SES_T_INCLUDE,
	SES_T_BAD
};
struct ses_target {
	char *text; /* owned by the list; as written in the file */
	enum ses_target_kind kind;
};
struct ses_targets {
	struct ses_target *v;
	size_t n;
};
/* The targets of an entry, taken apart; the caller frees with ses_targets_free. */
bool ses_alias_targets(struct session *s, uint32_t id, struct ses_targets *out);
/* What a person typed in one field: "a@b, c" is two targets, `|cmd a b` one command. */
void ses_targets_parse(const char *typed, struct ses_targets *out);
void ses_targets_free(struct ses_targets *t);
const char *ses_target_kind_name(
	enum ses_target_kind kind); /* translated: "user", "address" */

struct ses_target_verdict {
	enum ses_target_kind kind;
	bool good;    /* it may be doubtful all the same */
	enum sev sev; /* of text, of a good one */
	const char *text, *hint;
	const char *quoted; /* how it would be with the quotes it needs, or NULL when it
			       needs none */
};
void ses_target_judge(
	struct session *s, const char *typed, struct ses_target_verdict *out);
/* The same, and this machine is asked for the user, program, file or list. Not on every
 * key: a name service may be slow. */
void ses_target_ask(struct session *s, const char *typed, struct ses_target_verdict *out);
/* "" when a name is good for a new entry (or for id); else why not. */
const char *ses_alias_name_judge(struct session *s, const char *name, uint32_t id);
/* The name as it would stand before the colon: in quotes where it needs them. */
const char *ses_alias_name_written(struct session *s, const char *name);

struct ses_alias_edit {
	const char *name;
	const char *const *targets; /* as written in the file: quotes already there */
	size_t n;
	const char *note; /* NULL keep, "" none */
	bool off;
};
#define SES_ALIAS_NEW UINT32_MAX /* DOC_NO_ID of the engine */
/* Change entry *id or, with SES_ALIAS_NEW, make one (*id is set). */
bool ses_alias_set(
	struct session *s, uint32_t *id, const struct ses_alias_edit *e, struct diags *d);
bool ses_alias_remove(struct session *s, uint32_t id, struct diags *d);
bool ses_alias_enable(struct session *s, uint32_t id, bool on, struct diags *d);
/* What the safe repair of a finding on the alias would write, or NULL. */
const char *ses_alias_repair(struct session *s, uint32_t id);
/* Do the repair: quotes around a command, words behind '#' into a comment above. */
bool ses_alias_mend(struct session *s, uint32_t id, struct diags *d);
/* From now on all rules look at all aliases, however many, and ask for every user. */
void ses_alias_judge_all(struct session *s);
/* "/etc/aliases", or a sentence that none is named. */
const char *ses_alias_place(struct session *s);

#endif
