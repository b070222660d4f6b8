/* SPDX-License-Identifier: MIT
 *
 * Between the parts of the guided set-up, for src/session/ only. What is in effect is
 * told of the files without the set-up's own edits; what is wanted is the answer, else
 * what is proposed, else what is in effect; and what is written is where the two differ.
 */
#ifndef PR_SESSION_SETUP_PARTS_H
#define PR_SESSION_SETUP_PARTS_H

#include "session/internal.h"
#include "session/setup.h"

#define SETUP_PASSWORD_FILE "password_file" /* in an answers file */

enum { SETUP_ITEMS = 200 }; /* rows of a list that are shown and can be ticked */

struct setup_tick {
	char *text;
	bool on;
};

struct setup_answer {
	bool given;
	char *text;              /* TEXT, CHOICE, YESNO, SECRET */
	struct setup_tick *tick; /* rows that a person ticked or unticked */
	size_t ntick, tick_cap;
	char **added; /* rows that weren't there */
	size_t nadded, added_cap;
};

struct setup_row {
	const char *text, *note;
	bool on, can_tick;
	bool is_self;   /* this machine: its loopback addresses, its own programs */
	bool is_public; /* and nobody has asked for it */
	bool is_hint;   /* a segment that isn't in mynetworks */
	bool is_good;   /* LISTEN: private, and here to stay */
	char mark;
};

struct setup_rows {
	struct setup_row *v;
	size_t n, cap;
};

/* What is in effect. Strings live in texts. */
struct setup_base {
	struct arena texts;
	const char *value[SES_SETUP_QUESTIONS];
	bool is_set[SES_SETUP_QUESTIONS];  /* by the files, not by default */
	bool touched[SES_SETUP_QUESTIONS]; /* an edit that waits */
	struct setup_rows listen, clients;
	bool listens_to_all, has_transient;
	size_t more;           /* clients that aren't in the rows */
	size_t aliases;        /* entries of the aliases file */
	struct setup_rows was; /* of the aliases that are added: name, targets so far */
	bool is_stock; /* nobody has decided anything yet, in the files as loaded */
	bool has_role;
	enum ses_setup_role role; /* what the files make of it, else a proposal */
	bool can_log;             /* by itself, without syslog */
	bool has_system_log;
};

struct setup {
	enum ses_setup_step at;
	bool only_answers; /* nothing is proposed: they come from a file */
	struct setup_answer a[SES_SETUP_QUESTIONS];
	struct setup_base base;
	uint64_t group; /* undo group that holds its edits; 0: none */
	uint64_t edits; /* of the session when they were made */
	unsigned asked; /* what Postfix had answered then */
	/* As the session had them before those edits; undo doesn't keep them. */
	bool level_raised;
	char *level_before;
	struct diags said; /* why some of it couldn't be written */
	enum ses_setup_ask said_of;
};

/* --- setup_base.c --- */

void setup_base_build(struct session *s, struct setup_base *out);
void setup_base_free(struct setup_base *b);
/* Had the files as they were loaded the settings of a Postfix just installed? */
bool setup_is_stock(struct session *s);
/* Are these several hosts, or a reference: a value of relayhost as it stands? */
bool setup_is_whole(const char *relayhost);
/* The parameter of a question, or NULL. */
const char *setup_param(enum ses_setup_ask ask);
/* The TLS level in effect; "none" for none. */
const char *setup_tls_now(struct session *s);

/* --- setup_ask.c --- */

struct setup_def {
	enum ses_setup_step step;
	enum ses_setup_kind kind;
	const char *id, *label, *help;
};
const struct setup_def *setup_def(enum ses_setup_ask ask);
bool setup_is_open(const struct setup *st, enum ses_setup_ask ask);
enum ses_setup_role setup_role(const struct setup *st, enum ses_setup_from *from);
/* The words of a role in an answers file. */
const char *setup_role_id(enum ses_setup_role role);
/* What is wanted of a question that isn't TICKS; from may be NULL. */
const char *setup_wanted(
	const struct setup *st, enum ses_setup_ask ask, enum ses_setup_from *from);
bool setup_wants(const struct setup *st, enum ses_setup_ask ask, const char *wanted);
/* The rows of LISTEN and CLIENTS, and whether one of them is wanted. */
const struct setup_rows *setup_rows(const struct setup *st, enum ses_setup_ask ask);
bool setup_row_wanted(
	const struct setup *st, enum ses_setup_ask ask, const struct setup_row *row);
bool setup_added_wanted(const struct setup_answer *a, const char *text);
/* Is a row of LISTEN or CLIENTS wanted that isn't this host itself? */
bool setup_wants_others(const struct setup *st, enum ses_setup_ask ask);
/* Is any row wanted other than it is? */
bool setup_rows_differ(const struct setup *st, enum ses_setup_ask ask);

/* --- setup_view.c --- */

struct setup_choices {
	struct ses_setup_choice v[8];
	size_t n;
};
void setup_choices(struct session *s, enum ses_setup_ask ask, struct setup_choices *out);

/* --- setup_write.c --- */

/* Write the answers of all steps before end and of end itself, as one undo group. False
 * with findings, and whose they are. */
bool setup_write(struct session *s, enum ses_setup_step end, enum ses_setup_ask *of,
	struct diags *d);

/* --- setup_alias.c --- */

/* The targets that a person typed, as they would stand in the file; false with a finding
 * when Postfix could do nothing with one. Appended to out. */
bool setup_targets(
	struct session *s, const char *typed, struct al_targets *out, struct diags *d);
/* "name: targets" taken apart; false with a finding: it is no alias. The caller frees
 * *name. */
bool setup_alias_parse(struct session *s, const char *typed, char **name,
	struct al_targets *targets, struct diags *d);
/* Make them the targets of name, unless they are. */
bool setup_alias_put(struct session *s, const char *name,
	const struct al_targets *targets, struct diags *d);
bool setup_alias_drop(struct session *s, const char *name, struct diags *d);
/* The targets of an alias that is on, or "". */
const char *setup_alias_now(struct session *s, const char *name);
/* The same without what this set-up wrote. */
const char *setup_alias_before(struct session *s, const char *name);

/* --- setup_judge.c --- */

/* Can that be an answer to this TEXT, CHOICE, YESNO or SECRET at all? */
bool setup_can_be(
	struct session *s, enum ses_setup_ask ask, const char *value, struct diags *d);

/* --- setup_ready.c --- */

/* Is there a user, and nowhere a password? */
bool setup_lacks_password(struct session *s);

/* --- setup_doubt.c --- */

void setup_say(
	struct ses_setup_verdict *out, char mark, const char *text, const char *hint);
/* One host as typed, and as it would be written. */
void setup_doubt_host(struct session *s, const char *typed, const char *written,
	struct ses_setup_verdict *out);
void setup_judge_logfile(
	struct session *s, const char *typed, struct ses_setup_verdict *out);
void setup_doubt_alias(struct session *s, const char *name, const struct al_targets *list,
	struct ses_setup_verdict *out);
/* An empty field that says something; what wasn't there before, and needn't be, doesn't.
 */
void setup_judge_empty(
	struct session *s, enum ses_setup_ask ask, struct ses_setup_verdict *out);

/* --- setup_said.c --- */

/* A value as it stands. */
void setup_said(struct session *s, enum ses_setup_ask ask, const char *value,
	struct ses_setup_verdict *out);
/* What is found on a row of CLIENTS or ALIASES as it is written now, or NULL. */
const struct diag *setup_row_finding(
	struct session *s, enum ses_setup_ask ask, const char *text);
void setup_verdict_of(
	struct session *s, const struct diag *finding, struct ses_setup_verdict *out);

/* --- setup.c --- */

/* The edits are as the answers want them, and the base is of today. */
void setup_now(struct session *s);
struct setup_tick *setup_tick_of(const struct setup_answer *a, const char *text);
void setup_tick_set(struct setup_answer *a, const char *text, bool on);
void setup_added_push(struct setup_answer *a, const char *text);

#endif
