/* SPDX-License-Identifier: MIT
 *
 * Diagnostics: every failure is a value with a place, a reason and a way out. Functions
 * that can fail return bool and take a struct diags * as last argument; screens, commands
 * and tests read the same list. Texts are translated when they are added and owned by the
 * list.
 */
#ifndef PR_BASE_DIAG_H
#define PR_BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum sev { SEV_NOTE, SEV_WARN, SEV_ERROR };

/* One code a rule; printed as PR-NET-004. The names and numbers never change once
 * released. */
enum diag_code {
	DIAG_FILE_MISSING, /* PR-FILE-001 */
	DIAG_FILE_ACCESS,  /* PR-FILE-002 */
	DIAG_FILE_KIND,    /* PR-FILE-003 a folder, a device, a loop of links */
	DIAG_FILE_TOO_BIG, /* PR-FILE-004 */
	DIAG_FILE_BINARY,  /* PR-FILE-005 holds NUL bytes, read-only */
	DIAG_FILE_UNSAFE,  /* PR-FILE-006 somebody else can write it or its folder */
	DIAG_FILE_CHANGED, /* PR-FILE-007 changed on disk meanwhile */
	DIAG_FILE_WRITE,   /* PR-FILE-008 no room, I/O error */
	DIAG_FILE_BUSY,    /* PR-FILE-009 another program holds the lock */
	DIAG_FILE_MANAGED, /* PR-FILE-010 the head says that another tool writes this file
			    */
	DIAG_FILE_LINKS,   /* PR-FILE-011 has other names: they keep the old text */
	DIAG_FILE_MOUNT,   /* PR-FILE-012 a mount of its own: not to be swapped */
	DIAG_CF_NO_EQUALS, /* PR-CF-001 line without '=' */
	DIAG_CF_NO_NAME,   /* PR-CF-002 '= value' */
	DIAG_CF_ORPHAN,    /* PR-CF-003 indented first line, ignored */
	DIAG_CF_DUPLICATE, /* PR-CF-004 overridden by a later line */
	DIAG_CF_UNKNOWN,   /* PR-CF-005 no such parameter */
	DIAG_CF_NUL,       /* PR-CF-006 */
	DIAG_CF_BOM,       /* PR-CF-007 */
	DIAG_CF_REFERENCE, /* PR-CF-008 a mistake in a $name or a condition */
	DIAG_CF_NESTING,   /* PR-CF-009 a value that refers to itself */
	DIAG_CF_UNDEFINED, /* PR-CF-010 $name of a name without value */
	DIAG_TYPE_BOOL,    /* PR-TYPE-001 */
	DIAG_TYPE_INT,     /* PR-TYPE-002 */
	DIAG_TYPE_TIME,    /* PR-TYPE-003 */
	DIAG_TYPE_SIZE,    /* PR-TYPE-004 */
	DIAG_TYPE_ENUM,    /* PR-TYPE-005 */
	DIAG_TYPE_RANGE,   /* PR-TYPE-006 */
	DIAG_TYPE_EMPTY,   /* PR-TYPE-007 */
	DIAG_TYPE_HOST,    /* PR-TYPE-008 */
	DIAG_TYPE_ADDR,    /* PR-TYPE-009 */
	DIAG_TYPE_PATH,    /* PR-TYPE-010 */
	DIAG_TYPE_MAP,     /* PR-TYPE-011 */
	DIAG_NET_SYNTAX,   /* PR-NET-001 not an address, net, path or table */
	DIAG_NET_MASK,     /* PR-NET-002 */
	DIAG_NET_BRACKETS, /* PR-NET-003 IPv6 without [] */
	DIAG_NET_HOSTBITS, /* PR-NET-004 */
	DIAG_NET_PUBLIC,   /* PR-NET-005 public range left out or about to be let in */
	DIAG_NET_DUPLICATE, /* PR-NET-006 */
	DIAG_NET_FILE,      /* PR-NET-007 file or table behind an entry can't be read */
	DIAG_IF_SYNTAX,     /* PR-IF-001 a NIC name, a word with company ... */
	DIAG_IF_GONE,       /* PR-IF-002 address on no NIC */
	DIAG_IF_NONE,       /* PR-IF-003 no address chosen */
	DIAG_IF_TRANSIENT,  /* PR-IF-004 address may go away (DHCP, RA) */
	DIAG_NH_SYNTAX,     /* PR-NH-001 malformed next hop */
	DIAG_NH_PORT,       /* PR-NH-002 */
	DIAG_NH_LIST,       /* PR-NH-003 several next hops where the version takes one */
	DIAG_AL_NO_COLON,   /* PR-AL-001 */
	DIAG_AL_NAME,       /* PR-AL-002 name not local, empty, not closed quote */
	DIAG_AL_EMPTY,      /* PR-AL-003 no targets */
	DIAG_AL_DUPLICATE,  /* PR-AL-004 an earlier entry wins */
	DIAG_AL_ORPHAN,     /* PR-AL-005 */
	DIAG_AL_UTF8,       /* PR-AL-006 */
	DIAG_AL_TARGET,     /* PR-AL-007 */
	DIAG_AL_NO_FILE,    /* PR-AL-008 no aliases file is named by alias_database */
	DIAG_AL_LOOP,       /* PR-AL-009 aliases lead in a circle, or too far */
	DIAG_AL_UNKNOWN,    /* PR-AL-010 a target that is no user and no alias */
	DIAG_AL_COMMENT,    /* PR-AL-011 '#' behind a value: targets, no comment */
	DIAG_AL_WORDS,      /* PR-AL-012 the words of a command without quotes */
	DIAG_AL_PROGRAM,    /* PR-AL-013 a program that can't be run */
	DIAG_AL_WRITABLE,   /* PR-AL-014 anybody can change the program */
	DIAG_AL_LIST,       /* PR-AL-015 a list that Postfix doesn't read, or empty */
	DIAG_AL_PATH,       /* PR-AL-016 a file that can't be written */
	DIAG_AL_RELATIVE,   /* PR-AL-017 a path that doesn't start with '/' */
	DIAG_AL_READER,     /* PR-AL-018 nobody reads root's or postmaster's mail */
	DIAG_AL_FORBIDDEN,  /* PR-AL-019 allow_mail_to_commands, allow_mail_to_files */
	DIAG_AL_MAPS,       /* PR-AL-020 alias_maps and alias_database differ */
	DIAG_AL_NOT_BUILT,  /* PR-AL-021 the database isn't there, or is older */
	DIAG_AL_TYPE,       /* PR-AL-022 a table type that doesn't work there */
	DIAG_AL_NIS,        /* PR-AL-023 nis: without a NIS domain */
	DIAG_PF_MISSING,    /* PR-PF-001 Postfix or a program of its isn't installed */
	DIAG_PF_SAYS,       /* PR-PF-002 Postfix's own words */
	DIAG_PF_FOREIGN,    /* PR-PF-003 the master belongs to another folder */
	DIAG_PF_UNSAFE, /* PR-PF-004 no service action on a folder that others can write
			 */
	DIAG_PF_DOWN,   /* PR-PF-005 */
	DIAG_PF_UNHEALTHY,  /* PR-PF-006 */
	DIAG_PF_TIMEOUT,    /* PR-PF-007 */
	DIAG_APPLY_HELD,    /* PR-APPLY-001 a new error holds the apply back */
	DIAG_APPLY_STATE,   /* PR-APPLY-002 state folder can't be used */
	DIAG_APPLY_UNDONE,  /* PR-APPLY-003 an unfinished earlier apply was found */
	DIAG_SET_SYNTAX,    /* PR-SET-001 mistake in postrelay.conf */
	DIAG_USAGE,         /* PR-USE-001 */
	DIAG_NOT_FOUND,     /* PR-USE-002 */
	DIAG_READ_ONLY,     /* PR-USE-003 */
	DIAG_TERMINAL,      /* PR-USE-004 no full screen on this terminal */
	DIAG_CF_NOTE,       /* PR-CF-011 text that looks like a comment is in the value */
	DIAG_CF_TOO_NEW,    /* PR-CF-012 the installed Postfix is older than this name */
	DIAG_MAP_NO_FILE,   /* PR-MAP-001 a table's file isn't there */
	DIAG_MAP_NOT_BUILT, /* PR-MAP-002 the database beside a table isn't there */
	DIAG_MAP_OLD,       /* PR-MAP-003 the database is older than its text */
	DIAG_NET_NAME,      /* PR-NET-008 a name: by reverse DNS */
	DIAG_NET_WORLD,     /* PR-NET-009 everybody may relay */
	DIAG_NET_UNKNOWN,   /* PR-NET-010 clients without reverse DNS may relay */
	DIAG_NET_KEY,       /* PR-NET-011 a network as key of an exact table */
	DIAG_NET_VALUE,     /* PR-NET-012 REJECT in a table permits all the same */
	DIAG_NET_LATE,      /* PR-NET-013 an exception after the net that it is for */
	DIAG_NET_STYLE,     /* PR-NET-014 mynetworks_style is ignored */
	DIAG_NET_DERIVED,   /* PR-NET-015 who may relay is decided by the NICs */
	DIAG_NET_LOOPBACK,  /* PR-NET-016 programs on this host may not relay */
	DIAG_NET_OWN,       /* PR-NET-017 a NIC's segment may not relay */
	DIAG_NET_ONE_PUBLIC, /* PR-NET-018 one public address */
	DIAG_IF_FAMILY,      /* PR-IF-005 inet_protocols leaves an address out */
	DIAG_IF_SOURCE,      /* PR-IF-006 the one address is the source of mail, too */
	DIAG_IF_NO_LOOPBACK, /* PR-IF-007 local programs can't connect */
	DIAG_IF_PUBLIC,      /* PR-IF-008 listens to the Internet */
	DIAG_NH_SELF,        /* PR-NH-004 the relay sends to itself */
	DIAG_NH_HOSTS,       /* PR-NH-005 a name of /etc/hosts, but DNS is asked */
	DIAG_NH_NOT_FOUND,   /* PR-NH-006 DNS doesn't know the name */
	DIAG_NH_OVERRIDDEN,  /* PR-NH-007 another parameter goes before relayhost */
	DIAG_NH_PROVIDER,    /* PR-NH-008 a provider that wants a submission port */
	DIAG_NH_WORDS,       /* PR-NH-009 a blank makes two next hops */
	DIAG_NH_CLIENT,      /* PR-NH-010 master.cf has its own for the smtp client */
	DIAG_AUTH_NO_MAP,    /* PR-AUTH-001 login without passwords: smtp dies */
	DIAG_AUTH_KEY,       /* PR-AUTH-002 no password for this relay host */
	DIAG_AUTH_MODE,      /* PR-AUTH-003 others can read the passwords */
	DIAG_AUTH_OPTIONS,   /* PR-AUTH-004 no login method is left */
	DIAG_AUTH_PLAIN,     /* PR-AUTH-005 the password may go unencrypted */
	DIAG_AUTH_OFF,       /* PR-AUTH-006 passwords, but login is off */
	DIAG_AUTH_PLUGIN,    /* PR-AUTH-007 the login methods aren't installed */
	DIAG_AUTH_EMPTY,     /* PR-AUTH-008 a user without a password */
	DIAG_TLS_PORT,       /* PR-TLS-001 port 465 and wrappermode don't match */
	DIAG_TLS_LEVEL,      /* PR-TLS-002 wrappermode without encryption */
	DIAG_TLS_CA,         /* PR-TLS-003 nothing to verify certificates with */
	DIAG_TLS_DIRECT,     /* PR-TLS-004 TLS required of all, without a relay host */
	DIAG_REL_NO_CHECK,   /* PR-REL-001 smtpd dies: nobody is refused */
	DIAG_REL_EARLY,      /* PR-REL-002 what stands after permit is ignored */
	DIAG_REL_WORD,       /* PR-REL-003 no such restriction: 451 */
	DIAG_REL_DOMAINS,    /* PR-REL-004 relay_domains lets strangers in */
	DIAG_REL_CLASS,      /* PR-REL-005 a class without a value: smtpd dies */
	DIAG_ID_HOST,        /* PR-ID-001 myhostname isn't a full name */
	DIAG_ID_DOMAIN,      /* PR-ID-002 mydomain = localdomain */
	DIAG_ID_LOCAL,       /* PR-ID-003 the company's mail stays here */
	DIAG_ID_LIMITS,      /* PR-ID-004 message_size_limit over mailbox_size_limit */
	DIAG_ID_LOG,         /* PR-ID-005 maillog_file where Postfix may not write */
	DIAG_ID_ORIGIN,      /* PR-ID-007 myorigin names a file that isn't there */
	DIAG_MAP_TYPE,       /* PR-MAP-004 the installed Postfix lacks this table type */
	DIAG_ID_POSTLOG,     /* PR-ID-006 maillog_file without the postlog service */
	DIAG_APPLY_BACK,     /* PR-APPLY-004 written, then put back */
	DIAG_PF_NO_WAY,      /* PR-PF-008 what a probe of the way out met */
	DIAG_CODES
};

struct diag_loc {
	const char *file; /* borrowed when added, copied by the list; NULL: none */
	uint32_t line;    /* from 1; 0: none */
	uint32_t col;     /* in bytes, from 1; 0: none */
	uint32_t
		entry; /* document entry id + 1; 0: none. Outlives edits of other lines */
	const char *param; /* parameter the finding is about, copied; NULL: none */
};

/* What the text of a safe repair is. */
enum diag_mend {
	DIAG_MEND_NONE,
	DIAG_MEND_PARAMS, /* lines "name = value" to set, "name" to remove; main.cf */
	DIAG_MEND_ITEM,   /* the list item at loc.line and loc.col becomes this; "": it
			     goes */
	DIAG_MEND_ADD,    /* a new first item of the list parameter loc.param */
	DIAG_MEND_OFF,    /* the definition loc.entry is commented out; the text is what a
			     person is told */
	DIAG_MEND_KEY,    /* two lines, a key in a table of passwords and its new text */
	DIAG_MEND_BUILD,  /* "TYPE:PATH", a table that postmap builds: no edit, but what
			     Review does */
	DIAG_MEND_ALIAS   /* what stands right of the colon in alias loc.entry becomes
			     this; "": the alias goes */
};

struct diag {
	enum diag_code code;
	enum sev sev;
	bool danger;         /* strangers could relay, or worse: consent by code only */
	struct diag_loc loc; /* file and param owned by the list */
	char *text;          /* owned; whole sentence(s), consequence first */
	char *hint;          /* owned, or NULL: the way out */
	int sys_errno;       /* 0: none */
	char *repair;        /* owned, or NULL: a safe repair that one key applies */
	enum diag_mend mend; /* what repair is */
};

struct diags {
	struct diag *v;
	size_t n, cap;
};

/* Add a finding; the format is translated by the caller: diag_add(d, ..., _("..."), ...).
 * loc and hint may be NULL; hint is copied. d may be NULL (nothing happens).
 * Returns false always, so that `return diag_add(...)` reads as a failure. */
bool diag_add(struct diags *d, enum sev sev, enum diag_code code,
	const struct diag_loc *loc, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* As diag_add with SEV_ERROR, and errno err kept and its text appended in brackets. */
bool diag_errno(struct diags *d, enum diag_code code, const char *file, int err,
	const char *hint, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* Offer a safe repair for the newest finding of d; text is copied. For functions that
 * have just added one: does nothing without d or finding. */
void diag_offer(struct diags *d, enum diag_mend mend, const char *text);

/* Say that the newest finding of d wants consent by its code. */
void diag_endanger(struct diags *d);

/* A copy of f with all that it owns, appended to d. */
void diag_copy(struct diags *d, const struct diag *f);

/* "PR-NET-004", a constant string. */
const char *diag_code_name(enum diag_code code);

/* The code that has this name; false when none has. */
bool diag_code_parse(const char *name, enum diag_code *out);

/* "error", "warning", "note": never translated. */
const char *diag_sev_name(enum sev sev);

size_t diag_count(const struct diags *d, enum sev sev);
bool diag_has_error(const struct diags *d);

/* Order by file, line, column; equal places keep their order. */
void diag_sort(struct diags *d);

/* Move all findings of from to the end of to; from is left empty. */
void diag_move(struct diags *to, struct diags *from);

void diag_clear(struct diags *d);

/* "FILE:LINE:COL: error: TEXT [CODE]" plus "\n    HINT"; appended to out. */
void diag_format(const struct diag *d, struct str *out);

#endif
