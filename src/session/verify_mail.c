/* SPDX-License-Identifier: MIT
 *
 * The test message: handed to Postfix as any program of this machine does it, and
 * followed by its message-id to the end. What it says is English: its reader may be
 * anywhere.
 */
#include "session/verify_parts.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

static void
show_trace(struct verify *v)
{
	const struct svc_trace *t = &v->trace;

	if (t->relay.n)
		vr_word(v, _("for %s by %s"), v->to, str_c(&t->relay));
	if (!sv_eq_str(str_sv(&t->status), "sent"))
		vr_word_of_server(v);
	if (t->status.n)
		vr_word(v, "status=%s (%s)", str_c(&t->status), str_c(&t->reason));
	if (t->died.n)
		vr_word(v, "postfix: %s", str_c(&t->died));
}

static struct sv
last_qid(const struct svc_trace *t)
{
	struct sv rest = str_sv(&t->qids), token, last = {"", 0};

	while (sv_token(&rest, " ", &token))
		last = token;
	return last;
}

/* "mail.test.co.jp[198.51.100.25]:587" is elsewhere; "local", "virtual", "none", the name
 * of a pipe and "host[/socket]" are not. */
static bool
stayed_here(struct sv relay)
{
	ptrdiff_t open = sv_find(relay, '[');

	return open < 0 || sv_find(relay, '/') > open;
}

static void
end_stayed(struct verify *v, struct sv qid)
{
	char *says = str_format(_("The message lies here, where %s leads to."), v->to);

	if (v->nhosts && !v->direct) {
		vr_say_keys(v,
			_("The message stayed on this machine: it proves nothing of the "
			  "upstream."),
			_("m names a receiver elsewhere."));
		vr_end(v, SES_RUNG_WARN, "%s", _("stayed on this machine"));
	} else {
		vr_say(v, says, NULL);
		vr_end(v, SES_RUNG_OK, _("%.*s sent, %s"), (int)qid.n, qid.p,
			str_c(&v->trace.reason));
	}
	free(says);
}

static void
end_sent(struct verify *v)
{
	struct sv qid = last_qid(&v->trace), relay = str_sv(&v->trace.relay), host;
	char *says;

	if (stayed_here(relay)) {
		end_stayed(v, qid);
		return;
	}
	host = sv_sub(relay, 0, (size_t)sv_find(relay, '['));
	says = str_format(
		_("%.*s took the message; whether it lies in the inbox only %s can see."),
		(int)host.n, host.p, v->to);
	vr_say(v, says, NULL);
	free(says);
	vr_end(v, SES_RUNG_OK, _("%.*s sent, %s"), (int)qid.n, qid.p,
		str_c(&v->trace.reason));
}

static void
end_message(struct session *s, struct verify *v)
{
	const struct svc_trace *t = &v->trace;
	struct sv status = str_sv(&t->status);

	(void)s;
	show_trace(v);
	if (sv_eq_str(status, "sent")) {
		end_sent(v);
		return;
	}
	if (t->died.n)
		vr_say(v, _("The smtp client dies: all mail waits."), NULL);
	else if (sv_eq_str(status, "deferred"))
		vr_say(v, _("The message waits here and is tried again."),
			_("The queue keeps it for 5 days."));
	else
		vr_say(v, _("The message was returned to its sender."), NULL);
	vr_say_why(v, str_sv(t->died.n ? &t->died : &t->reason));
	vr_end(v, SES_RUNG_FAILED, "%s",
		t->died.n                       ? _("the smtp client dies")
		: sv_eq_str(status, "deferred") ? _("deferred")
						: _("returned"));
}

static void
poll_message(struct session *s, struct verify *v)
{
	if (vr_trace_follow(s, v))
		end_message(s, v);
}

static void
took_message(struct session *s, struct verify *v, struct run_res *res)
{
	vr_sent(s, v, res, poll_message);
}

static void
compose(struct session *s, struct verify *v, const char *id, struct str *out)
{
	const char *host = vr_value(v, "myhostname");

	(void)s;
	if (v->from)
		str_addf(out, "From: <%s>\n", v->from);
	str_addf(out,
		"To: <%s>\nSubject: Test message of %s\nMessage-ID: <%s>\n"
		"Auto-Submitted: auto-generated\n\n"
		"This message was sent by postrelay on %s, to prove that its mail "
		"arrives.\nNobody needs to answer it.\n",
		v->to, host, id, host);
}

static void
send_message(struct session *s, struct verify *v)
{
	const char *host = vr_value(v, "myhostname");
	const char *id = arena_fmt(&vr_now(v)->texts, "postrelay.%lld.%d.%lld@%s",
		(long long)v->began, (int)getpid(),
		(long long)s->world.clock.ops->mono_ms(s->world.clock.self),
		host[0] ? host : "localhost");
	const char *argv[10] = {vr_sendmail(v), "-C", s->config_dir, "-i"};
	struct str text = {0};
	struct run_req req = {.argv = argv};
	size_t n = 4;

	if (v->from) {
		argv[n++] = "-f";
		argv[n++] = v->from;
	}
	argv[n++] = "--";
	argv[n++] = v->to;
	compose(s, v, id, &text);
	req.input = str_sv(&text);
	vr_trace_begin(s, v, id, NULL);
	(void)vr_run(s, v, &req, took_message);
	str_free(&text);
}

void
vr_begin_message(struct session *s, struct verify *v)
{
	if (!v->to) {
		vr_say_keys(v, _("No receiver was named, so no test message is sent."),
			_("m names a receiver elsewhere."));
		vr_end(v, SES_RUNG_NONE, "%s", _("no receiver was named"));
	} else if (s->dry_run) {
		vr_end(v, SES_RUNG_NONE, "%s", _("not sent in a dry run"));
	} else if (vr_may_act(s, v)) {
		send_message(s, v);
	}
}
