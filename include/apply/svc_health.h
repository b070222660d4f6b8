/* SPDX-License-Identifier: MIT
 *
 * Is Postfix well? Its log stays silent until somebody comes, so health is provoked: each
 * smtp service is asked for a greeting and for a recipient, its sockets are looked for,
 * and then the log is read from where it was. The same is asked before a change, and what
 * was ill then and still is doesn't count against the change.
 */
#ifndef PR_APPLY_SVC_HEALTH_H
#define PR_APPLY_SVC_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apply/svc.h"

/* Where the log is and how long it was: what comes later is news. */
struct svc_log {
	char *path; /* NULL: none found, judged by sockets only */
	uint64_t dev, ino, size;
};

/* Find the log: maillog_file (expanded; NULL or "": not set), else the usual places if
 * written since boot. Remembers its end. */
void svc_log_mark(const struct svc *svc, const char *maillog_file, struct svc_log *out);
void svc_log_free(struct svc_log *log);

/* What was written since the mark (at most its first 256 KiB), appended to out; a file
 * that was put in its place counts from its start. */
void svc_log_since(const struct svc *svc, const struct svc_log *log, struct str *out);

struct svc_health_req {
	const struct svc_listen *addrs; /* where smtp services without a host of their own
					   should listen; port is not used */
	size_t naddrs;
	const char *maillog_file; /* as svc_log_mark */
	int log_ms;               /* how long the log is read after provoking */
};

enum svc_sick_kind { SVC_SICK_MASTER, SVC_SICK_SOCKET, SVC_SICK_SMTP, SVC_SICK_LOG };

/* One sign of ill health. key is the same before and after for the same illness. */
struct svc_sick {
	enum svc_sick_kind kind;
	char *key;
	char *words; /* Postfix's, or ours where it says nothing */
};

struct svc_health {
	struct svc_sick *v;
	size_t n, cap;
	size_t asked;  /* addresses that were asked for a greeting */
	bool log_read; /* false: judged by sockets only */
};

/* First half: ask every service and look for its sockets. out is overwritten. A greeting
 * that doesn't come is waited for, but not once the log tells why. */
void svc_health_ask(const struct svc *svc, const struct svc_health_req *req,
	const struct svc_log *mark, struct svc_health *out);

/* Second half: wait log_ms, then add what the log says since the mark. */
void svc_health_log(const struct svc *svc, const struct svc_health_req *req,
	const struct svc_log *mark, struct svc_health *out);

void svc_health_free(struct svc_health *h);

enum svc_half { SVC_HALF_ASKED, SVC_HALF_LOG };

/* What one half found ill now and was not before, as findings (errors); what was ill
 * before too comes as warnings. Returns how many are new. before may be NULL. */
size_t svc_health_diags(const struct svc_health *now, const struct svc_health *before,
	enum svc_half half, struct diags *d);

/* Add to before what a reload ignored: a plan that changes such a setting restarts, so
 * after a reload that is older than the change. */
void svc_health_note_ignored(struct svc_health *before, const struct svc_health *now);

/* The addresses and ports where the services of master.cf should listen, at most max;
 * returns how many. */
size_t svc_should_listen(const struct svc *svc, const struct svc_health_req *req,
	struct svc_listen *v, size_t max);

/* All listening sockets that a process sees; the caller frees *v. */
void svc_listeners(const struct svc *svc, pid_t pid, struct svc_listen **v, size_t *n);

/* Is this socket the process's own? False too where that can't be seen. */
bool svc_owns(const struct svc *svc, pid_t pid, const struct svc_listen *at);

/* Ask one smtp service: greeting, EHLO, MAIL, RCPT to two names of this machine, RSET,
 * QUIT. True when no answer is a 4xx and the greeting is a 220; else *words (the caller
 * frees it) says what came. mark may be NULL. */
bool svc_greet(const struct svc *svc, const struct svc_listen *at,
	const struct svc_log *mark, char **words);

#endif
