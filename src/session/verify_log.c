/* SPDX-License-Identifier: MIT
 *
 * A message followed in Postfix's log. A test message is known by its message-id; a probe
 * (sendmail -bv tells no number) by the uid it came from and its receiver. Log text is
 * hostile: a line counts only by its process and queue id, which Postfix writes itself,
 * and all else of it is only shown.
 */
#include "session/verify_parts.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { JOURNAL_MS = 400 };

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
vr_log_split(struct sv line, struct sv *process, struct sv *qid, struct sv *rest)
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
add_qid(struct vr_trace *t, struct sv qid)
{
	if (qid.n && !has_qid(&t->qids, qid) && !has_qid(&t->old, qid))
		str_addf(&t->qids, "%s%.*s", t->qids.n ? " " : "", (int)qid.n, qid.p);
}

/* Does this line give a number to what was handed over? */
static void
look_for_qid(struct vr_trace *t, struct sv process, struct sv qid, struct sv rest)
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

/* A forwarded message lives on under another number. */
static bool
goes_on(struct vr_trace *t, struct sv reason)
{
	static const char words[] = "forwarded as ";

	if (!sv_starts(reason, words))
		return false;
	add_qid(t, sv_sub(reason, sizeof(words) - 1, reason.n));
	return true;
}

static void
take_delivery(struct vr_trace *t, struct sv rest)
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
take_line(struct vr_trace *t, struct sv line)
{
	struct sv process, qid, rest;

	if (!vr_log_split(line, &process, &qid, &rest))
		return;
	if (qid.n)
		look_for_qid(t, process, qid, rest);
	if (has_qid(&t->qids, qid) && sv_starts(rest, "to=<") &&
		(t->id || is_for(rest, t->rcpt)))
		take_delivery(t, rest);
	if (sv_ends(process, "/smtp") && sv_starts(rest, "fatal: "))
		set(&t->died, rest);
}

static void
take_lines(struct vr_trace *t, struct sv text)
{
	struct sv line;

	while (sv_line(&text, &line))
		take_line(t, line);
}

/* --- the log file, or the journal --------------------------------------------------- */

static void
read_file(struct session *s, struct vr_trace *t)
{
	struct str news = {0};
	size_t whole = 0;
	struct svc svc;

	session_svc(s, &svc);
	svc_log_since(&svc, &t->mark, &news);
	for (size_t i = 0; i < news.n; i++)
		if (news.p[i] == '\n')
			whole = i + 1;
	take_lines(t, sv_make(str_c(&news), whole));
	t->mark.size += whole;
	str_free(&news);
}

static void
took_journal(struct session *s, struct verify *v, struct run_res *res)
{
	(void)s;
	take_lines(&v->trace, str_sv(&res->out));
}

/* What mail programs have said since then; the same lines come again each time. */
static void
ask_journal(struct session *s, struct verify *v)
{
	struct vr_trace *t = &v->trace;
	int64_t now = s->world.clock.ops->mono_ms(s->world.clock.self);
	char *since = str_format("--since=@%lld", (long long)t->since);
	const char *const argv[] = {t->journalctl, "--quiet", "--no-pager",
		"--output=short", "SYSLOG_FACILITY=2", since, NULL};
	const struct run_req req = {.argv = argv};

	if (!v->job && (t->asked_ms == 0 || now - t->asked_ms >= JOURNAL_MS)) {
		t->asked_ms = now ? now : 1;
		(void)vr_run(s, v, &req, took_journal);
	}
	free(since);
}

bool
vr_trace_has_log(const struct vr_trace *t)
{
	return t->mark.path || t->journalctl;
}

bool
vr_trace_follow(struct session *s, struct verify *v)
{
	struct vr_trace *t = &v->trace;

	if (t->mark.path)
		read_file(s, t);
	if (t->status.n || t->died.n)
		return true;
	if (!t->mark.path && t->journalctl)
		ask_journal(s, v);
	return false;
}

/* journalctl stands where systemctl does. */
static char *
find_journalctl(struct session *s)
{
	const char *systemctl = s->set->systemctl, *slash = strrchr(systemctl, '/');
	char *path =
		slash ? str_format("%.*s/journalctl", (int)(slash - systemctl), systemctl)
		      : mem_strdup("");
	struct stat st;

	if (path[0] &&
		s->world.fs.ops->fstatat(s->world.fs.self, AT_FDCWD, path, &st, 0) == 0)
		return path;
	free(path);
	return NULL;
}

static void
forget(struct vr_trace *t)
{
	struct str old = t->old;

	svc_log_free(&t->mark);
	str_free(&t->qids);
	str_free(&t->status);
	str_free(&t->reason);
	str_free(&t->relay);
	str_free(&t->died);
	free(t->journalctl);
	*t = (struct vr_trace){.old = old};
}

void
vr_trace_begin(struct session *s, struct verify *v, const char *id, const char *rcpt)
{
	struct svc svc;

	str_addf(&v->trace.old, " %s", str_c(&v->trace.qids));
	forget(&v->trace);
	session_svc(s, &svc);
	svc_log_mark(&svc, vr_value(v, "maillog_file"), &v->trace.mark);
	if (!v->trace.mark.path)
		v->trace.journalctl = find_journalctl(s);
	v->trace.since = s->world.clock.ops->now(s->world.clock.self) - 1;
	v->trace.id = id;
	v->trace.rcpt = rcpt;
}

void
vr_trace_free(struct vr_trace *t)
{
	forget(t);
	str_free(&t->old);
}

/* "host mail[192.0.2.1] said: 452 4.3.1 ..." is what the server said, with Postfix's own
 * words before it. */
void
vr_word_of_server(struct verify *v)
{
	struct sv reason = str_sv(&v->trace.reason);
	ptrdiff_t said = sv_find_sv(reason, sv_of(" said: "));

	if (said >= 0)
		reason = sv_sub(reason, (size_t)said + strlen(" said: "), reason.n);
	if (reason.n)
		vr_word(v, _("server: %.*s"), (int)reason.n, reason.p);
}
