/* SPDX-License-Identifier: MIT
 *
 * The guided set-up as data: seven steps with a few questions each (the eighth step is
 * the Review). A question shows the value in effect, or what is proposed in its place; it
 * is answered by whatever the person leaves there. Answers are kept apart from the files:
 * each answer that is given anew, and differs from what is in effect, becomes an edit of
 * the session by the very calls that the screens use; and since all of them are made anew
 * from the answers whenever one changes, going back leaves nothing behind, and the whole
 * set-up is one undo. Written are the steps that were taken, and the open one.
 *
 * Proposals are only made where nobody has decided yet: while the relay has its stock
 * settings (no relay host, and mynetworks and inet_interfaces unset or naming this host
 * alone), or when another role is chosen than the one it has. Everything else is kept, so
 * that walking through with Enter alone changes nothing.
 */
#ifndef PR_SESSION_SETUP_H
#define PR_SESSION_SETUP_H

#include "session/session.h"

enum ses_setup_step {
	SES_SETUP_ROLE,
	SES_SETUP_NAME,
	SES_SETUP_LISTEN,
	SES_SETUP_CLIENTS,
	SES_SETUP_UPSTREAM,
	SES_SETUP_PEOPLE,
	SES_SETUP_LOG,
	SES_SETUP_STEPS
};

enum ses_setup_role {
	SES_ROLE_LAN,   /* relay for the LAN, to an upstream */
	SES_ROLE_HOST,  /* this host only, to an upstream */
	SES_ROLE_DIRECT /* relay for the LAN, straight to the Internet */
};

/* The questions. Their words in an answers file are ids: "role", "hostname", "origin",
 * "destination", "listen", "clients", "relayhost", "mx", "tls", "user", "password",
 * "root", "postmaster", "aliases", "log", "logfile". */
enum ses_setup_ask {
	SES_ANS_ROLE,        /* CHOICE: relay, host, direct */
	SES_ANS_HOSTNAME,    /* TEXT */
	SES_ANS_ORIGIN,      /* TEXT */
	SES_ANS_DESTINATION, /* TEXT */
	SES_ANS_LISTEN,     /* TICKS: addresses, and "all" (also those that come later) */
	SES_ANS_CLIENTS,    /* TICKS, can be added to */
	SES_ANS_RELAYHOST,  /* TEXT: HOST[:PORT] */
	SES_ANS_MX,         /* YESNO */
	SES_ANS_TLS,        /* CHOICE: encrypt, may, none, secure, or what the file has */
	SES_ANS_USER,       /* TEXT, empty: no login */
	SES_ANS_PASSWORD,   /* SECRET: its value is never told */
	SES_ANS_ROOT,       /* TEXT: targets, empty: none */
	SES_ANS_POSTMASTER, /* TEXT */
	SES_ANS_ALIASES,    /* TICKS without ticks: "name: targets", can be added to */
	SES_ANS_LOG,        /* CHOICE: system, file; only where this Postfix can */
	SES_ANS_LOGFILE,    /* TEXT: counts where log is file */
	SES_SETUP_QUESTIONS
};

enum ses_setup_kind { SES_Q_CHOICE, SES_Q_TEXT, SES_Q_YESNO, SES_Q_SECRET, SES_Q_TICKS };

enum ses_setup_from {
	SES_Q_KEPT,     /* what is in effect; Enter keeps it */
	SES_Q_PROPOSED, /* what Enter takes, in place of .now */
	SES_Q_ANSWERED  /* by the person, in this set-up */
};

struct ses_setup_verdict {
	bool empty, incomplete;  /* nothing to judge yet */
	char mark;               /* '!', '?', 'k' (ok) or 0 */
	const char *note;        /* beside the field: "256 addresses", "" */
	const char *text, *hint; /* consequence; way out; "" */
	/* CLIENTS: smtpd can't read it; what the safe repair would be, or NULL. */
	bool unread;
	const char *repair;
};

struct ses_setup_item {
	const char *text; /* "192.168.1.0/24", "192.168.1.1", "sales: root" */
	const char *note; /* "lan0's own segment, 256 addresses" */
	bool on;
	bool is_new;             /* added in this set-up: can be removed */
	bool can_tick;           /* false: stands there to be seen */
	char mark;               /* '!', '?' or 0 */
	const char *says, *hint; /* why it is marked; "" */
};

struct ses_setup_choice {
	const char *id;    /* "relay" */
	const char *words; /* "relay for the LAN, to an upstream" (translated) */
};

struct ses_setup_question {
	enum ses_setup_ask ask;
	enum ses_setup_kind kind;
	const char *id;    /* of an answers file */
	const char *label; /* "Host" (translated) */
	enum ses_setup_from from;
	const char *value; /* TEXT: as it stands; CHOICE: its id; YESNO: "yes", "no";
			      SECRET: "yes" when there is one; TICKS: "" */
	const char *now;   /* in effect now, where from is PROPOSED; else NULL */
	const char *help;  /* one line (translated), "" none */
	/* TEXT, SECRET: of the value as it stands: a mark with words, and a note that
	 * takes the place of where it is from. */
	struct ses_setup_verdict said;
	bool can_add; /* TICKS: ses_setup_add() */
	const struct ses_setup_choice *choices;
	size_t nchoices, choice; /* CHOICE */
	const struct ses_setup_item *items;
	size_t nitems;
	size_t more; /* TICKS: items that are kept and not shown (a long list) */
};

struct ses_setup_view {
	enum ses_setup_step step;
	const char *title; /* "Clients": for the row of steps (translated) */
	const char *why;   /* one or two sentences */
	bool taken;        /* in this set-up */
	const struct ses_setup_question *q;
	size_t n; /* questions that the role leaves open, in the order to be shown */
};

/* Is set-up what makes sense now: the relay has its stock settings and main.cf can be
 * written? (The Overview offers it then, on its own and in ses_next(): screen "setup".)
 */
bool ses_setup_offered(struct session *s);

/* Begin at the first step, with what waits already taken as in effect. False with a
 * finding where nothing may be written (read-only). Beginning twice is one set-up. */
bool ses_setup_begin(struct session *s, struct diags *d);
/* End it; the edits of all steps that were taken stay, those of the open one go. The
 * answers are forgotten. */
void ses_setup_end(struct session *s);
bool ses_setup_runs(const struct session *s);
enum ses_setup_role ses_setup_role(struct session *s);

/* Go to a step (SES_SETUP_STEPS: all are taken, the Review). Steps before it count as
 * taken, itself and those behind it do not; their answers are remembered. */
void ses_setup_go(struct session *s, enum ses_setup_step step);
/* Would the answers of the steps up to this one change anything? */
bool ses_setup_changes(struct session *s, enum ses_setup_step step);
enum ses_setup_step ses_setup_at(const struct session *s);
void ses_setup_view(
	struct session *s, enum ses_setup_step step, struct ses_setup_view *out);

/* Answers. False with a finding when that can't be an answer (nothing is changed then). A
 * wrong value may be one, and is a finding of ses_findings() like any other; what is
 * found on a row that is ticked or added comes in d, too. */
bool ses_setup_answer(
	struct session *s, enum ses_setup_ask ask, const char *value, struct diags *d);
bool ses_setup_tick(
	struct session *s, enum ses_setup_ask ask, size_t item, bool on, struct diags *d);
bool ses_setup_add(
	struct session *s, enum ses_setup_ask ask, const char *text, struct diags *d);
bool ses_setup_remove(struct session *s, enum ses_setup_ask ask, size_t item);

/* What is typed in a TEXT or SECRET question, or to be added to TICKS, before it is
 * accepted. Cheap: on every key. */
void ses_setup_judge(struct session *s, enum ses_setup_ask ask, const char *typed,
	struct ses_setup_verdict *out);

/* May the step be taken? False: *which holds it back, and d says why. Only what can't be
 * meant holds (a relay without a host, a user without a password). */
bool ses_setup_ready(struct session *s, enum ses_setup_step step,
	enum ses_setup_ask *which, struct diags *d);

/* Answers from a file in libconfuse's syntax, all of them taken as if given in order:
 * only questions that it names are answered, proposals are not taken. False with findings
 * (file and line); nothing is changed then. Runs from begin to the Review. */
bool ses_setup_read(struct session *s, const char *path, struct diags *d);
/* Such a file for the present state; passwords are left out. Appended to out. Reading it
 * back changes nothing. */
void ses_setup_print(struct session *s, struct str *out);

/* The same as data. */
struct ses_setup_state {
	const char *id;
	enum ses_setup_kind kind;
	bool is_set;              /* by the files, not by default */
	const char *value;        /* as in struct ses_setup_question */
	const char *const *items; /* TICKS */
	size_t nitems;
	size_t more; /* TICKS: a list too long to be told; it has no items */
};
/* All but passwords and aliases, in the order of the questions; SES_SETUP_QUESTIONS of
 * them at most. */
size_t ses_setup_states(struct session *s, const struct ses_setup_state **out);

#endif
