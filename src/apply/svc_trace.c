/* SPDX-License-Identifier: MIT
 *
 * A message followed in Postfix's log: its numbers are found first, then what is said of
 * them. A forwarded message lives on under another number. What the end proves is told by
 * Postfix's own words before and around the server's: those are the same in all versions.
 */
#include "apply/svc_trace.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

/* Digits and letters, and not a mere word such as "fatal". */
static bool
is_qid(struct sv text)
{
	bool word = true;

	for (size_t i = 0; i < text.n; i++) {
		if (!is_digit_char(text.p[i]) && !is_alpha_char(text.p[i]))
			return false;
		word = word && text.p[i] >= 'a' && text.p[i] <= 'z';
	}
	return !word;
}

bool
svc_log_split(struct sv line, struct sv *process, struct sv *qid, struct sv *rest)
{
	ptrdiff_t end = sv_find_sv(line, sv_of("]: ")), open, colon;
	struct sv head;
	size_t at;

	if (end < 0)
		return false;
	head = sv_sub(line, 0, (size_t)end);
	open = sv_find(head, '[');
	if (open < 0)
		return false;
	for (at = (size_t)open; at > 0 && head.p[at - 1] != ' '; at--)
		continue;
	*process = sv_sub(head, at, (size_t)open - at);
	*rest = sv_sub(line, (size_t)end + 3, line.n);
	colon = sv_find_sv(*rest, sv_of(": "));
	*qid = sv_sub(*rest, 0, colon > 0 ? (size_t)colon : 0);
	if (!is_qid(*qid))
		qid->n = 0;
	if (qid->n)
		*rest = sv_sub(*rest, qid->n + 2, rest->n);
	return true;
}

static bool
has_qid(const struct str *list, struct sv qid)
{
	struct sv rest = str_sv(list), token;

	while (sv_token(&rest, " ", &token))
		if (sv_eq(token, qid))
			return true;
	return false;
}

static void
add_qid(struct svc_trace *t, struct sv qid)
{
	if (qid.n && !has_qid(&t->qids, qid) && !has_qid(&t->old, qid))
		str_addf(&t->qids, "%s%.*s", t->qids.n ? " " : "", (int)qid.n, qid.p);
}

/* Does this line give a number to what was handed over? */
static void
look_for_qid(struct svc_trace *t, struct sv process, struct sv qid, struct sv rest)
{
	char uid[32], *id;

	if (!t->id && sv_ends(process, "/pickup")) {
		(void)snprintf(uid, sizeof(uid), "uid=%u ", (unsigned)geteuid());
		if (sv_starts(rest, uid))
			add_qid(t, qid);
	} else if (t->id && sv_ends(process, "/cleanup")) {
		id = str_format("message-id=<%s>", t->id);
		if (sv_eq_str(rest, id))
			add_qid(t, qid);
		free(id);
	}
}

/* What stands between "name=" and the next ", ". */
static struct sv
field(struct sv rest, const char *name)
{
	ptrdiff_t at = sv_find_sv(rest, sv_of(name)), end;
	struct sv value;

	if (at < 0)
		return sv_make("", 0);
	value = sv_sub(rest, (size_t)at + strlen(name), rest.n);
	end = sv_find_sv(value, sv_of(", "));
	return end < 0 ? value : sv_sub(value, 0, (size_t)end);
}

static bool
is_for(struct sv rest, const char *rcpt)
{
	char *to = str_format("to=<%s>,", rcpt);
	bool yes = rest.n >= strlen(to) &&
		   sv_eq_fold(sv_sub(rest, 0, strlen(to)), sv_of(to));

	free(to);
	return yes;
}

static void
set(struct str *to, struct sv text)
{
	str_clear(to);
	str_add_sv(to, text);
}

static bool
goes_on(struct svc_trace *t, struct sv reason)
{
	static const char words[] = "forwarded as ";

	if (!sv_starts(reason, words))
		return false;
	add_qid(t, sv_sub(reason, sizeof(words) - 1, reason.n));
	return true;
}

static void
take_delivery(struct svc_trace *t, struct sv rest)
{
	ptrdiff_t at = sv_find_sv(rest, sv_of(", status=")), open;
	struct sv status, reason = {"", 0};

	if (at < 0)
		return;
	status = sv_sub(rest, (size_t)at + strlen(", status="), rest.n);
	open = sv_find_sv(status, sv_of(" ("));
	if (open >= 0) {
		reason = sv_sub(status, (size_t)open + 2, status.n);
		reason.n -= sv_ends(reason, ")");
		status = sv_sub(status, 0, (size_t)open);
	}
	if (goes_on(t, reason))
		return;
	set(&t->status, status);
	set(&t->reason, reason);
	set(&t->relay, field(sv_sub(rest, 0, (size_t)at), ", relay="));
}

static void
take_line(struct svc_trace *t, struct sv line)
{
	struct sv process, qid, rest;

	if (!svc_log_split(line, &process, &qid, &rest))
		return;
	if (qid.n)
		look_for_qid(t, process, qid, rest);
	if (has_qid(&t->qids, qid) && sv_starts(rest, "to=<") &&
		(t->id || is_for(rest, t->rcpt)))
		take_delivery(t, rest);
	if (sv_ends(process, "/smtp") && sv_starts(rest, "fatal: "))
		set(&t->died, rest);
}

void
svc_trace_take(struct svc_trace *t, struct sv text)
{
	struct sv line;

	while (sv_line(&text, &line))
		take_line(t, line);
}

/* --- the log file, or the journal ------------------------------------------------------
 */

bool
svc_trace_has_log(const struct svc_trace *t)
{
	return t->mark.path || t->journalctl;
}

bool
svc_trace_ended(const struct svc_trace *t)
{
	return t->status.n || t->died.n;
}

bool
svc_trace_read(struct svc_trace *t, const struct svc *svc)
{
	struct str news = {0};
	size_t whole = 0;

	svc_log_since(svc, &t->mark, &news);
	for (size_t i = 0; i < news.n; i++)
		if (news.p[i] == '\n')
			whole = i + 1;
	svc_trace_take(t, sv_make(str_c(&news), whole));
	t->mark.size += whole;
	str_free(&news);
	return svc_trace_ended(t);
}

/* What mail programs have said since then. */
void
svc_trace_journal(
	const struct svc_trace *t, const char *argv[SVC_JOURNAL_WORDS], char **owned)
{
	const char *const words[SVC_JOURNAL_WORDS] = {t->journalctl, "--quiet",
		"--no-pager", "--output=short", "SYSLOG_FACILITY=2",
		*owned = str_format("--since=@%lld", (long long)t->since)};

	memcpy(argv, words, sizeof(words));
}

/* journalctl stands where systemctl does. */
static char *
find_journalctl(const struct svc *svc)
{
	const char *systemctl = svc->systemctl ? svc->systemctl : "/usr/bin/systemctl";
	const char *slash = strrchr(systemctl, '/');
	char *path =
		slash ? str_format("%.*s/journalctl", (int)(slash - systemctl), systemctl)
		      : mem_strdup("");
	const struct fs_port *fs = &svc->world->fs;

	if (path[0] && fs_has(fs, path))
		return path;
	free(path);
	return NULL;
}

static void
forget(struct svc_trace *t)
{
	struct str old = t->old;

	svc_log_free(&t->mark);
	str_free(&t->qids);
	str_free(&t->status);
	str_free(&t->reason);
	str_free(&t->relay);
	str_free(&t->died);
	free(t->journalctl);
	*t = (struct svc_trace){.old = old};
}

void
svc_trace_begin(struct svc_trace *t, const struct svc *svc, const char *maillog_file,
	const char *id, const char *rcpt)
{
	const struct clock_port *clock = &svc->world->clock;

	str_addf(&t->old, " %s", str_c(&t->qids));
	forget(t);
	svc_log_mark(svc, maillog_file, &t->mark);
	if (!t->mark.path)
		t->journalctl = find_journalctl(svc);
	t->since = clock->ops->now(clock->self) - 1;
	t->id = id;
	t->rcpt = rcpt;
}

void
svc_trace_free(struct svc_trace *t)
{
	forget(t);
	str_free(&t->old);
}

/* --- what the end proves ---------------------------------------------------------------
 */

static bool
reason_has(const struct svc_trace *t, const char *part)
{
	return sv_find_sv(str_sv(&t->reason), sv_of(part)) >= 0;
}

static bool
reason_has_one_of(const struct svc_trace *t, const char *const *parts)
{
	while (*parts && !reason_has(t, *parts))
		parts++;
	return *parts;
}

static const char *const login_codes[] = {"said: 530", "said: 534", "said: 535", NULL};

bool
svc_trace_wants_login(const struct svc_trace *t)
{
	static const char *const words[] = {
		"uthentication", "ccess denied", "elaying denied", NULL};

	return reason_has_one_of(t, login_codes) || reason_has_one_of(t, words);
}

/* Nothing in these is wrong here, or it can't be told: another time it may go. What the
 * server says is not searched but for its code. */
static bool
is_for_now(const struct svc_trace *t)
{
	static const char *const first[] = {
		"connect to ", "lost connection with ", "conversation with ", NULL};
	static const char *const parts[] = {
		"Host not found, try again", "said: 4", "refused to talk to me: 4", NULL};

	for (size_t i = 0; first[i]; i++)
		if (sv_starts(str_sv(&t->reason), first[i]))
			return true;
	return reason_has_one_of(t, parts);
}

/* Of the words about the empty sender only codes count: "Access denied" may be just for
 * it. */
enum svc_way
svc_trace_way(const struct svc_trace *t)
{
	if (t->died.n)
		return SVC_WAY_DIES;
	if (!t->status.n || reason_has(t, "delivery temporarily suspended"))
		return SVC_WAY_UNKNOWN;
	if (sv_eq_str(str_sv(&t->status), "deliverable"))
		return SVC_WAY_GOES;
	if (reason_has(t, "in reply to RCPT TO"))
		return svc_trace_wants_login(t) ? SVC_WAY_REFUSED : SVC_WAY_RECEIVER;
	if (is_for_now(t))
		return SVC_WAY_UNREACHED;
	if (reason_has(t, "in reply to MAIL FROM") && !reason_has_one_of(t, login_codes))
		return SVC_WAY_SENDER;
	return SVC_WAY_REFUSED;
}

struct sv
svc_trace_server(const struct svc_trace *t)
{
	struct sv reason = str_sv(&t->reason);
	ptrdiff_t said = sv_find_sv(reason, sv_of(" said: "));

	return said < 0 ? reason
			: sv_sub(reason, (size_t)said + strlen(" said: "), reason.n);
}
