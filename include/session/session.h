/* SPDX-License-Identifier: MIT
 *
 * The facade: all that a front end sees of the engine. One session is one Postfix
 * configuration folder with its aliases file: opened, read, edited with undo, judged, and
 * applied. Nothing is written before ses_apply_*. Strings and rows that a call returns
 * are the session's and stay valid until the next call that edits, reads again or steps.
 * When ses_gen() differs from what a front end remembers, it asks for its rows again.
 */
#ifndef PR_SESSION_SESSION_H
#define PR_SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/diag.h"
#include "port/world.h"

struct session;
struct settings;

struct ses_opts {
	const char *
		config_dir; /* NULL: MAIL_CONFIG, else the settings', else /etc/postfix */
	const char *aliases_file; /* NULL: the first file of alias_database */
	const char *state_dir;    /* NULL: /var/lib/postrelay for root, else XDG state */
	bool read_only, dry_run;
	bool no_service; /* of what is recovered: Postfix isn't touched, nor asked */
};

/* Open and read. Never NULL: what can't be read is a finding and the rest works (a
 * main.cf that isn't there gives an empty, read-only document). settings is borrowed for
 * the session's life. */
struct session *ses_open(const struct ses_opts *opts, const struct settings *settings,
	const struct world *world);
void ses_close(struct session *s);

enum ses_service {
	SES_UNKNOWN, /* not looked at yet */
	SES_RUNNING,
	SES_STOPPED,
	SES_FOREIGN, /* a master runs on this queue, but with another configuration folder
		      */
	SES_NOT_INSTALLED,
	SES_HIDDEN /* only root can tell */
};

struct ses_status {
	const char
		*host; /* myhostname where the file gives it, else the machine's name */
	const char *version; /* "3.7.11", or "" until known */
	enum ses_service service;
	time_t since;        /* start of the master, 0 unknown */
	bool older_settings; /* files were written after the master last read them */
	bool can_start;      /* it is down, and this machine's own: Review can start it */
	const char *config_dir; /* absolute */
	const char *main_cf;    /* path */
	const char *aliases;    /* path, or NULL when alias_database names no file */
	bool read_only, dry_run;
	bool unread; /* main.cf couldn't be read: values are Postfix's defaults */
	const char *why_read_only; /* a whole sentence, or NULL */
	size_t errors, warnings;   /* findings now, waiting changes included */
	size_t changes;            /* changes that wait */
};
void ses_status(struct session *s, struct ses_status *out);

/* Could main.cf be read, and with aliases the aliases file too? Else what kept it from it
 * (missing, no right, a folder, too large, none named) is added to d. Reads the aliases
 * file only when asked for it; judges nothing. */
bool ses_readable(struct session *s, bool aliases, struct diags *d);

/* Grows with whatever can change a row, a count or a finding. */
uint64_t ses_gen(const struct session *s);

/* What is asked of Postfix only when first needed. */
enum ses_ask {
	SES_ASK_DEFAULTS, /* version, names and default values (postconf -d, 17 ms) */
	SES_ASK_DERIVED,  /* mynetworks as Postfix derives it while unset (reads main.cf:
			     up to 2.5 s  when that was written just now) */
	SES_ASK_TYPES,    /* the table types it has (postconf -m, 15 ms) */
	SES_ASKS
};
/* Is the answer here? Starts asking if nobody has; never blocks. */
bool ses_ask(struct session *s, enum ses_ask what);
/* Hold back what ses_ask() would start, until hold is false: starting a program takes as
 * long as a screen does, and the first one shall not wait for it. */
void ses_hold_asking(struct session *s, bool hold);
/* Ask and wait; false (with findings) when Postfix can't answer. */
bool ses_wait(struct session *s, enum ses_ask what, struct diags *d);
/* Wait until DNS has said what it knows of the names that ses_findings() came across, or
 * ms have passed. */
void ses_wait_names(struct session *s, int ms);
/* Descriptors to poll for reading while something is asked or applied; how many of max.
 */
int ses_fds(struct session *s, int *fds, int max);
/* Take what came over them; true when something new is known (ses_gen has grown). Cheap.
 */
bool ses_step(struct session *s);
/* Within how many milliseconds it wants to be stepped though nothing came over them (a
 * log is watched); 0: no matter. */
int ses_due_ms(const struct session *s);

/* --- findings
 * ------------------------------------------------------------------------------- */

/* All findings over the files as they are edited now, in file order. Recomputed when
 * needed. */
const struct diags *ses_findings(struct session *s);
/* The screen ("networks", ...) whose field a finding is about. */
const char *ses_finding_screen(struct session *s, const struct diag *d);
/* What findings of this code are about, in one sentence; NULL for codes that are no rule
 * over main.cf. */
const char *ses_code_about(enum diag_code code);
/* What the safe repair of a finding would do, for a line on the screen; NULL: it has
 * none. */
const char *ses_repair_text(struct session *s, const struct diag *f);
/* Do the safe repair, one edit that undo takes back. */
bool ses_mend(struct session *s, const struct diag *f, struct diags *d);
/* The worst mark of a screen: '!', '?', '*' (changes wait) or ' '. */
char ses_screen_mark(struct session *s, const char *screen);

/* --- undo
 * ----------------------------------------------------------------------------------- */

/* Edits between begin and end are one undo over all files. Calls nest; label is the
 * outermost. */
void ses_begin(struct session *s, const char *label);
void ses_end(struct session *s);
/* Take back or do again the newest group; NULL when there is none, else its label. */
const char *ses_undo(struct session *s);
const char *ses_redo(struct session *s);

/* --- changes that wait
 * ---------------------------------------------------------------------- */

/* A net change against the files as loaded: an item that is set back isn't there any
 * more. */
struct ses_change {
	char mark;          /* '*' changed, '+' new, '-' removed */
	const char *name;   /* parameter, network or alias name */
	const char *before; /* NULL: absent */
	const char *after;  /* NULL: absent */
	const char *text;   /* for a person: "mail.a -> [mail.a]:587", "+192.168.2.1" */
	const char *file;   /* path */
	const char *screen; /* where it is edited */
	bool is_login;      /* the row of a password; name is the host */
	bool is_off;        /* an alias that is commented out afterwards */
};
size_t ses_changes(struct session *s, const struct ses_change **v);
/* Take back one change (an edit like any other: undo brings it back). */
bool ses_change_drop(struct session *s, size_t i, struct diags *d);
/* Throw all changes away (undo can bring them back until the session ends). */
void ses_discard(struct session *s);

/* Read the files again. What waits is laid over those that somebody else changed
 * meanwhile (what can't be is in ses_clashes()), or dropped with discard. False: an
 * edited file can't be read now; everything stays as it was. */
bool ses_reread(struct session *s, bool discard, struct diags *d);

/* --- two people --------------------------------------------------------------- */

/* What somebody else changed in files that were edited here, since the last apply; notes,
 * each about a line. NULL: nothing. */
const struct diags *ses_others(const struct session *s);

/* A change of mine that met another one of the same thing. It waits to be settled and is
 * not in ses_changes(). */
struct ses_clash {
	const char *name, *file;
	const char *mine, *theirs; /* NULL: it goes, it is gone */
};
size_t ses_clashes(struct session *s, const struct ses_clash **v);
/* Take mine (an edit like any other) or leave theirs; either way it is no clash any
 * more. False: mine can't be written. */
bool ses_clash_settle(struct session *s, size_t i, bool mine, struct diags *d);
/* Say all clashes, with both sides. */
void ses_clashes_tell(struct session *s, struct diags *d);

/* --- an apply that died ------------------------------------------------------ */

enum ses_recover_wish {
	SES_RECOVER_AUTO, /* finish or undo where the files say which */
	SES_RECOVER_KEEP, /* the files stay as they are now */
	SES_RECOVER_OLD   /* the old files come back */
};
/* End what an apply that died has left half done, tables and service included. ses_open
 * does it by itself (AUTO); this is for what it had to leave. Edits are discarded. The
 * exit status: 0 done, or there was nothing; 3 another apply is at it; 5 a person must
 * choose KEEP or OLD, or Postfix is not well. */
int ses_recover(struct session *s, enum ses_recover_wish wish, struct diags *d);
/* What ses_open found and did of that; NULL: nothing was half done. Belongs to s. */
const struct diags *ses_recovered(const struct session *s);
/* Was somebody applying when it was opened? Then what was read may be of the files before
 * and of those after, and a finding says so. */
bool ses_began_while_applied(const struct session *s, struct diags *d);

/* --- what the overview shows
 * ---------------------------------------------------------------- */

struct ses_picture {
	const char *clients[4];
	size_t nclients;     /* "192.168.1.0/24", best first */
	size_t segments;     /* networks beyond this host; 0: this host only */
	char clients_mark;   /* ' ', '!', '?' or 'k' (ok) */
	const char *listens; /* "lo lan0", "all addresses" */
	const char *closed;  /* NICs where it does not listen, "" none */
	char relay_mark;
	const char *upstream;                      /* "mail.test.co.jp", "" none */
	const char *upstream_how;                  /* "port 587, no MX", "" */
	const char *upstream_login, *upstream_tls; /* "login relay", "TLS required", "" */
	char upstream_mark;
};
void ses_picture(struct session *s, struct ses_picture *out);

/* The one step that makes sense now: a sentence, the screen that Enter opens, and the
 * finding that it is about, or NULL. */
struct ses_next {
	const char *text, *screen;
	const struct diag *finding;
};
void ses_next(struct session *s, struct ses_next *out);

#endif
