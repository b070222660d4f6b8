/* SPDX-License-Identifier: MIT
 *
 * mynetworks as rows: the items of the value, those that Postfix derives while it is
 * unset, and the rows of files and tables that it names. Removed rows stay, marked, until
 * applied.
 */
#ifndef PR_SESSION_NETWORKS_H
#define PR_SESSION_NETWORKS_H

#include "session/session.h"

struct ses_net_row {
	const char
		*text; /* as written: 192.168.1.0/24, !10.1.1.1, $config_directory/nets */
	const char
		*kind; /* "net", "host", "except", "file", "table", "name" (translated) */
	const char *count; /* addresses: "256", "?" */
	const char *who;   /* note, or what we know: "lan0's own segment", "off (commented
			      out)" */
	const char *note;  /* the comment that belongs to the row, or NULL */
	const char *file;  /* path of the file it stands in */
	uint32_t line;     /* in that file, 0: none (derived) */
	uint8_t depth;     /* 0 in the value, 1 in a file that the value names */
	bool off, derived, removed, is_new, edited;
	bool expandable, open; /* a file or table whose rows can be shown */
	bool editable;
	const struct diag *finding;
	const char *repair; /* the safe repair that ses_net_mend writes, or NULL */
};
size_t ses_net_rows(struct session *s, const struct ses_net_row **rows);

/* Can the rows be told? While mynetworks is unset Postfix is asked for them; that starts
 * here and never blocks. Without Postfix, or a main.cf that it takes, nobody knows. */
enum ses_net_known { SES_NET_KNOWN, SES_NET_ASKED, SES_NET_UNKNOWN };
enum ses_net_known ses_net_known(struct session *s);

/* "main.cf lines 280-287", "main.cf, not set" (translated). */
const char *ses_net_place(struct session *s);

struct ses_net_new {
	const char *text;    /* one item, or several separated by commas or blanks */
	const char *note;    /* NULL or "": none */
	const char *to_file; /* NULL: the file if the value is exactly one plain file,
				else main.cf */
	size_t before;       /* row to stand before; SIZE_MAX: at the end */
	bool with_public; /* first edit of an unset mynetworks: public derived rows too */
};
/* Add items. The first edit of an unset mynetworks writes the derived rows along, so that
 * no private client who could relay is cut off; public ones are left out with a warning
 * in d unless with_public. *said (may be NULL) is a sentence about what was written
 * along, or NULL. */
bool ses_net_add(struct session *s, const struct ses_net_new *new, const char **said,
	struct diags *d);
bool ses_net_edit(struct session *s, size_t row, const char *text, const char *note,
	struct diags *d);
bool ses_net_remove(struct session *s, size_t row, struct diags *d);
/* Remove by text (the command); false with DIAG_NOT_FOUND. */
bool ses_net_remove_text(struct session *s, const char *text, struct diags *d);
bool ses_net_toggle(struct session *s, size_t row, struct diags *d);
/* Move by one place up (-1) or down (+1) within its file; *row follows. */
bool ses_net_move(struct session *s, size_t *row, int by, struct diags *d);
bool ses_net_mend(struct session *s, size_t row, struct diags *d);
/* May one of the rows be a file or a table? A list of a hundred thousand plain networks
 * needn't be made into rows to tell. True while mynetworks is unset. */
bool ses_net_names_files(struct session *s);
/* Is mynetworks unset, so that Postfix derives the rows? */
bool ses_net_is_derived(struct session *s);
/* Show or hide the rows of a file or table. */
void ses_net_open(struct session *s, size_t row, bool open);

struct ses_net_verdict {
	bool empty, incomplete; /* nothing to judge yet: "192.168." */
	bool good;              /* smtpd takes it; it may be doubtful all the same */
	enum sev sev;           /* of text */
	const char *covers;     /* "192.168.3.0 - 192.168.3.255, 256 addresses", "" */
	const char *text,
		*hint;      /* consequence; way out; "" when there is nothing to say */
	const char *repair; /* what the safe repair would be, or NULL */
	const char *other; /* a second reading: "192.168.3.5" (only this host), or NULL */
};
/* Judge what somebody types, without changing anything. Cheap: on every key. */
void ses_net_judge(struct session *s, const char *typed, struct ses_net_verdict *out);

struct ses_net_hint {
	const char *text, *why; /* "192.168.2.0/24", "lan1's own segment" */
	bool is_public;
};
/* The NICs' own segments that no row covers yet. */
size_t ses_net_hints(struct session *s, const struct ses_net_hint **v);

#endif
