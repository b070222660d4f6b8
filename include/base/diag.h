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
	DIAG_PF_MISSING,    /* PR-PF-001 Postfix or a program of its isn't installed */
	DIAG_PF_SAYS,       /* PR-PF-002 Postfix's own words */
	DIAG_PF_FOREIGN,    /* PR-PF-003 the master belongs to another folder */
	DIAG_PF_UNSAFE, /* PR-PF-004 no service action on a folder that others can write
			 */
	DIAG_PF_DOWN,   /* PR-PF-005 */
	DIAG_PF_UNHEALTHY, /* PR-PF-006 */
	DIAG_PF_TIMEOUT,   /* PR-PF-007 */
	DIAG_APPLY_HELD,   /* PR-APPLY-001 a new error holds the apply back */
	DIAG_APPLY_STATE,  /* PR-APPLY-002 state folder can't be used */
	DIAG_APPLY_UNDONE, /* PR-APPLY-003 an unfinished earlier apply was found */
	DIAG_SET_SYNTAX,   /* PR-SET-001 mistake in postrelay.conf */
	DIAG_USAGE,        /* PR-USE-001 */
	DIAG_NOT_FOUND,    /* PR-USE-002 */
	DIAG_READ_ONLY,    /* PR-USE-003 */
	DIAG_TERMINAL,     /* PR-USE-004 no full screen on this terminal */
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

struct diag {
	enum diag_code code;
	enum sev sev;
	bool danger;         /* strangers could relay: consent by code only */
	struct diag_loc loc; /* file and param owned by the list */
	char *text;          /* owned; whole sentence(s), consequence first */
	char *hint;          /* owned, or NULL: the way out */
	int sys_errno;       /* 0: none */
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
