/* SPDX-License-Identifier: MIT
 *
 * Reading what Postfix's programs, its master.cf and the kernel's tables say: pure
 * functions over bytes. Postfix's tag before a text ("postfix/postlog: ") differs from
 * version to version and from terminal to pipe, so only the text after it counts; its
 * notice about old default settings comes before any answer and is no finding.
 */
#ifndef PR_APPLY_SVC_PARSE_H
#define PR_APPLY_SVC_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/diag.h"
#include "base/str.h"

/* One line of a program's stderr, taken apart; slices of that line. */
struct svc_said {
	enum sev sev;   /* fatal, error, panic -> SEV_ERROR; warning; else SEV_NOTE */
	struct sv text; /* after tag, severity and place */
	struct sv file; /* n == 0: none */
	uint32_t line;  /* 0: none */
};

/* False for a line that says nothing (empty, the compatibility notice). */
bool svc_said_parse(struct sv line, struct svc_said *out);

/* How staged names are told as the real ones, and whose duplicates are believed. */
struct svc_said_map {
	const char *from, *to;   /* path prefix and what it stands for; NULL: none */
	const char *from2, *to2; /* and another */
	struct sv main_cf;       /* bytes of the main.cf in question, for telling a true
				    "overriding earlier entry" from the false ones that 2.11 to
				    3.5 add; n == 0: such lines are left out */
};

/* Every error and warning in a program's stderr as DIAG_PF_SAYS, each once. map may be
 * NULL. Returns the number of errors (also those told before). */
size_t svc_said_diags(struct sv err, const struct svc_said_map *map, struct diags *d);

/* The first error's words (or the first warning's), for a step's line; n == 0: none. */
struct sv svc_said_first(struct sv err);

/* Do two findings say the same, whatever line number they name? */
bool svc_said_same(const struct diag *a, const struct diag *b);

/* Value of NAME in lines "NAME = value"; false when it isn't there. */
bool svc_conf_value(struct sv out, const char *name, struct sv *value);

/* "[-x (expand ...)]" in the usage text of a refused option. */
bool svc_usage_has(struct sv usage, char option);

/* Is a word alone on a line (`postconf -m`)? */
bool svc_list_has(struct sv out, const char *word);

/* The number in master.pid (blanks before it, a line feed after it); 0: none. */
pid_t svc_pid_parse(struct sv text);

/* The systemd unit ("postfix@-.service") in /proc/PID/cgroup; false outside of system
 * services. Valid as long as the text. */
bool svc_unit_parse(struct sv cgroup, struct sv *unit);

/* Value of NAME in /proc/PID/environ. */
bool svc_environ_value(struct sv environ, const char *name, struct sv *value);

enum { SVC_INET_MAX = 64 };

/* One inet service of `postconf -M`. */
struct svc_inet {
	char host[128]; /* as written, "" where inet_interfaces decides */
	uint16_t port;  /* 0: the name isn't known here */
	bool smtp;      /* smtpd or postscreen answers: it can be asked */
	bool wrapped;   /* TLS from the first byte: can't be asked in plain text */
};

/* The inet services, at most max; returns how many. Reads the list form of `postconf -M`
 * and master.cf itself. */
size_t svc_inet_parse(struct sv text, struct svc_inet *v, size_t max);

/* A listening socket. */
struct svc_listen {
	uint8_t fam; /* 4 or 6 */
	uint8_t addr[16];
	uint16_t port;
	uint64_t inode; /* of the socket; 0: not known */
};

/* Listening sockets of /proc/net/tcp (fam 4) or tcp6 (fam 6), appended to *v. */
void svc_listen_parse(
	struct sv text, uint8_t fam, struct svc_listen **v, size_t *n, size_t *cap);

/* Does one of them take connections to addr:port, itself or as the wildcard? */
bool svc_listen_has(const struct svc_listen *v, size_t n, const struct svc_listen *want);

/* A log line that tells of ill health (fatal, panic, throttling, a change that a reload
 * ignored, a process killed): its words, without stamp and process. False for any other
 * line, also one that only quotes such words. */
bool svc_log_ill(struct sv line, struct sv *words);

#endif
