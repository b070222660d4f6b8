/* SPDX-License-Identifier: MIT
 *
 * One message followed in Postfix's log, and what its end tells of the way that mail
 * leaves by. A message is known by its message-id, a probe (sendmail -bv, which tells no
 * number) by the uid it came from and its receiver. Log text is hostile: a line counts
 * only by its process and queue id, which Postfix writes itself, and all else of it is
 * only shown.
 *
 * begin, hand the message over, then read again and again until it says true. Where there
 * is no log file the journal can be asked: by the caller, whose time it takes.
 */
#ifndef PR_APPLY_SVC_TRACE_H
#define PR_APPLY_SVC_TRACE_H

#include <stdbool.h>
#include <time.h>

#include "apply/svc.h"
#include "apply/svc_health.h"
#include "base/str.h"

/* Owns its texts but for id and rcpt; zero before the first begin. */
struct svc_trace {
	struct svc_log mark;
	char *journalctl; /* where there is no log file; NULL: no journal either */
	time_t since;     /* of the journal */
	struct str old;   /* numbers of earlier messages, which the journal tells again */
	const char *id;   /* message-id to look for, or NULL: a probe of ours */
	const char *rcpt; /* a probe's receiver */
	struct str qids;  /* those it may be, blanks between; a message's is the last */
	struct str status; /* "sent", "deliverable" */
	struct str reason; /* in brackets behind it */
	struct str relay;  /* "mail.test.co.jp[198.51.100.25]:587" */
	struct str died;   /* why the smtp client died */
};

/* From here on the log is news. maillog_file: as svc_log_mark. id and rcpt are borrowed.
 */
void svc_trace_begin(struct svc_trace *t, const struct svc *svc, const char *maillog_file,
	const char *id, const char *rcpt);
void svc_trace_free(struct svc_trace *t);

/* Is there anything to read it in? */
bool svc_trace_has_log(const struct svc_trace *t);
/* Read on in the log file, if there is one. True when the end is known: status or died
 * has text. */
bool svc_trace_read(struct svc_trace *t, const struct svc *svc);
bool svc_trace_ended(const struct svc_trace *t);

enum { SVC_JOURNAL_WORDS = 8 };
/* The program that lists what the journal has since then; argv is ended by NULL, and
 * *owned, which it points to, is the caller's to free. */
void svc_trace_journal(
	const struct svc_trace *t, const char *argv[SVC_JOURNAL_WORDS], char **owned);
/* Its output; the same lines may come again. */
void svc_trace_take(struct svc_trace *t, struct sv text);

/* What the end of a probe proves. */
enum svc_way {
	SVC_WAY_UNKNOWN,   /* the log doesn't tell how it ended */
	SVC_WAY_GOES,      /* the upstream would take mail for this receiver */
	SVC_WAY_RECEIVER,  /* it takes the login, if any, but not this receiver */
	SVC_WAY_SENDER,    /* the same with the empty sender */
	SVC_WAY_UNREACHED, /* nobody there, or it has no time now */
	SVC_WAY_REFUSED, /* it can't be spoken to as it is set, or wants another login */
	SVC_WAY_DIES     /* the smtp client dies of its settings */
};
enum svc_way svc_trace_way(const struct svc_trace *t);

/* Does the server want a login, or better one? */
bool svc_trace_wants_login(const struct svc_trace *t);

/* "host mail[192.0.2.1] said: 452 4.3.1 ..." without Postfix's own words before it. */
struct sv svc_trace_server(const struct svc_trace *t);

/* One log line taken apart: "postfix/smtp", "4F3A21C0" (n == 0: none), the rest. */
bool svc_log_split(struct sv line, struct sv *process, struct sv *qid, struct sv *rest);

#endif
