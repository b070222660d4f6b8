/* SPDX-License-Identifier: MIT
 *
 * Login, proven by Postfix's own smtp client: `sendmail -bv` lets it connect, log in and
 * name sender and receiver, but sends nothing. Whatever the server says of the receiver,
 * it has taken the login by then. The password is looked up only to tell whose it is, and
 * is wiped at once; it appears in no argument, log or word.
 */
#include "session/verify_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/nets.h"

const char *
vr_sendmail(struct verify *v)
{
	const char *path = vr_value(v, "sendmail_path");

	return path[0] == '/' ? path : "/usr/sbin/sendmail";
}

bool
vr_is_local_domain(struct verify *v, struct sv domain)
{
	return vr_is_listed(vr_value(v, "mydestination"), domain);
}

static void
late_log(struct session *s, struct verify *v)
{
	(void)s;
	vr_say(v, _("Postfix has it, but its log doesn't tell how it ended."),
		svc_trace_has_log(&v->trace)
			? _("Only root can read the log; or the upstream is slow: try "
			    "again.")
			: _("No log file was found: set maillog_file, or look in the "
			    "journal."));
	vr_end(v, SES_RUNG_WARN, "%s", _("not known after 10 seconds"));
}

void
vr_sent(struct session *s, struct verify *v, const struct run_res *res,
	void (*poll)(struct session *s, struct verify *v))
{
	if (res->end != RUN_EXITED || res->code != 0) {
		vr_words_of(v, "postfix: ", str_sv(&res->err));
		vr_say(v, _("Postfix doesn't take a message from this machine."), NULL);
		vr_end(v, SES_RUNG_FAILED, "%s", _("not taken"));
		return;
	}
	v->poll = poll;
	v->late = late_log;
	if (!svc_trace_has_log(&v->trace))
		late_log(s, v);
}

/* --- how it comes out --------------------------------------------------------------- */

/* "mail.test.co.jp[198.51.100.25]:587", taken apart. */
struct taker {
	struct sv name, addr;
	uint64_t port; /* 0: not told */
};

static bool
read_taker(struct sv relay, struct taker *out)
{
	ptrdiff_t open = sv_find(relay, '['), close = sv_find(relay, ']');

	if (open < 0 || close < open)
		return false;
	*out = (struct taker){sv_sub(relay, 0, (size_t)open),
		sv_sub(relay, (size_t)open + 1, (size_t)(close - open) - 1), 0};
	if (!sv_to_uint(sv_sub(relay, (size_t)close + 2, relay.n), 65535, &out->port))
		out->port = 0;
	return true;
}

/* Is this one of that host's servers, by name or address? A name may have another address
 * each time it is asked for. */
static bool
is_of(const struct vr_host *h, const struct taker *t)
{
	struct sv rest = str_sv(&h->servers), token;

	for (size_t i = 0; i < h->naddrs; i++)
		if (sv_eq_str(t->addr, h->addr[i]))
			return true;
	while (sv_token(&rest, " ", &token))
		if (sv_eq_fold(token, t->name))
			return true;
	return sv_eq_fold(t->name, sv_of(h->hop.host));
}

/* The relay host that took the probe, by its port too where several are there; NULL: mail
 * went another way than to those that were looked at. */
static const struct vr_host *
taken_by(const struct verify *v)
{
	const struct vr_host *found = NULL;
	struct taker t;

	if (v->direct || !read_taker(str_sv(&v->trace.relay), &t))
		return v->host;
	for (size_t i = v->nhosts; i-- > 0;)
		if (is_of(&v->host[i], &t) &&
			(!found || t.port == nh_port(&v->host[i].hop)))
			found = &v->host[i];
	return found;
}

static bool
is_not_offered(const struct verify *v)
{
	return (v->sasl || v->names_user) && !v->up->auth.n && !v->up->auth_hidden;
}

static void
end_not_offered(struct verify *v)
{
	vr_say(v, _("The upstream offers no login here: mail goes without one."),
		_("Many offer it only over TLS, or only on port 587."));
	vr_where(v, "relayhost", "smtp_tls_security_level");
	vr_end(v, SES_RUNG_WARN, "%s", _("not offered by the server"));
}

static void
say_no_password(struct verify *v)
{
	vr_say(v, _("No password is kept for this upstream: mail goes without login."),
		_("The key must be the relay host as it is written, and the table "
		  "built."));
	vr_where(v, "relayhost", "smtp_sasl_password_maps");
}

/* The receiver isn't taken; whoever logs in has been let in by then. */
static void
end_receiver(struct verify *v)
{
	vr_say_why(v, str_sv(&v->trace.reason));
	if (v->user)
		vr_end(v, SES_RUNG_WARN, _("%s is let in, the receiver not"), v->user);
	else
		vr_end(v, SES_RUNG_WARN, "%s",
			_("no login is used; the receiver is refused"));
}

static void
end_no_bounces(struct verify *v)
{
	vr_say(v,
		_("The upstream refuses mail without a sender: reports of mail that "
		  "can't be delivered don't leave."),
		_("Ask the provider whether that can be allowed."));
	if (v->user)
		vr_end(v, SES_RUNG_WARN, _("%s is let in, bounces not"), v->user);
	else
		vr_end(v, SES_RUNG_WARN, "%s", _("bounces are refused"));
}

static void
end_good(struct verify *v)
{
	const struct vr_host *by = taken_by(v);

	if (!by) {
		vr_say(v,
			_("Mail leaves by another way than the relay host, so this "
			  "proves "
			  "nothing of it."),
			_("transport_maps, default_transport or a map by sender goes "
			  "before it."));
		vr_where(v, "params", "transport_maps");
		vr_end(v, SES_RUNG_WARN, _("by %s"), str_c(&v->trace.relay));
	} else if (by != v->host) {
		vr_say(v,
			_("Mail leaves by a spare relay host: the first didn't take it."),
			_("The words of the rungs above tell what keeps the first."));
		vr_where(v, "relayhost", "relayhost");
		vr_end(v, SES_RUNG_WARN, _("by the spare %s"), by->hop_text);
	} else if (v->sasl && !v->user) {
		say_no_password(v);
		vr_end(v, SES_RUNG_WARN, _("no password for %s"), v->up->hop_text);
	} else if (is_not_offered(v)) {
		end_not_offered(v);
	} else if (svc_trace_way(&v->trace) == SVC_WAY_RECEIVER) {
		end_receiver(v);
	} else if (v->real_sender) {
		end_no_bounces(v);
	} else if (v->user) {
		vr_end(v, SES_RUNG_OK, _("%s is let in"), v->user);
	} else {
		vr_end(v, SES_RUNG_OK, "%s", _("not wanted by the server"));
	}
}

/* Are tokens all that it takes for a login? Postfix has none. */
static bool
wants_oauth_only(const struct verify *v)
{
	struct sv rest = str_sv(&v->up->auth), token;
	bool only = rest.n > 0;

	while (sv_token(&rest, " ", &token))
		only = only && (sv_eq_fold(token, sv_of("XOAUTH2")) ||
				       sv_eq_fold(token, sv_of("OAUTHBEARER")));
	return only;
}

static void
end_refused(struct session *s, struct verify *v)
{
	struct sv reason = str_sv(v->trace.died.n ? &v->trace.died : &v->trace.reason);

	vr_say(v, _("Mail doesn't leave by this upstream."), NULL);
	vr_where(v, "relayhost", "smtp_sasl_password_maps");
	vr_say_why(v, reason);
	if (v->sasl && !v->user && svc_trace_wants_login(&v->trace))
		say_no_password(v);
	if (v->sasl && wants_oauth_only(v))
		vr_say(v,
			_("The upstream takes logins by OAuth only, and not by a "
			  "password: mail waits."),
			_("Ask the provider for an app password, or for a server that "
			  "takes one."));
	(void)vr_says_client(s, v);
	vr_end(v, SES_RUNG_FAILED, "%s",
		v->trace.died.n                             ? _("the smtp client dies")
		: sv_find_sv(reason, sv_of("said: 4")) >= 0 ? _("not now")
							    : _("refused"));
}

static bool begin_probe(struct session *s, struct verify *v);

static void
end_login(struct session *s, struct verify *v)
{
	enum svc_way way = svc_trace_way(&v->trace);

	if (way == SVC_WAY_SENDER && !v->real_sender) {
		v->real_sender = true;
		(void)begin_probe(s, v);
		return;
	}
	if (v->trace.died.n)
		vr_word(v, "postfix: %s", str_c(&v->trace.died));
	vr_word_of_server(v);
	if (v->user)
		vr_word(v, _("sent: user %s; the password is never shown"), v->user);
	if (v->up->auth.n)
		vr_word(v, _("the server offers: %s"), str_c(&v->up->auth));
	if (v->real_sender)
		vr_word(v, "%s",
			_("the empty sender is refused there; a report goes to the "
			  "sender"));
	if (way == SVC_WAY_GOES || way == SVC_WAY_RECEIVER)
		end_good(v);
	else
		end_refused(s, v);
}

static void
poll_login(struct session *s, struct verify *v)
{
	if (vr_trace_follow(s, v))
		end_login(s, v);
}

/* --- the probe ---------------------------------------------------------------------- */

static void
took_probe(struct session *s, struct verify *v, struct run_res *res)
{
	vr_sent(s, v, res, poll_login);
}

/* Somebody elsewhere: the receiver that was named, else the upstream's postmaster, whom
 * every server has. */
static const char *
probe_receiver(struct verify *v)
{
	struct arena *a = &vr_now(v)->texts;
	const char *at = v->to ? strrchr(v->to, '@') : NULL;

	if (at && !vr_is_local_domain(v, sv_of(at + 1)))
		return arena_str(a, v->to);
	return way_postmaster(a, &v->up->hop);
}

static bool
begin_probe(struct session *s, struct verify *v)
{
	const char *to = probe_receiver(v);
	const char *argv[10] = {vr_sendmail(v), "-C", s->config_dir, "-bv"};
	const struct run_req req = {.argv = argv};
	size_t n = 4;

	if (!v->real_sender || v->from) {
		argv[n++] = "-f";
		argv[n++] = v->real_sender ? v->from : "";
	}
	argv[n++] = "--";
	argv[n++] = to;
	v->poll = NULL;
	vr_trace_begin(s, v, NULL, to);
	return vr_run(s, v, &req, took_probe);
}

/* --- whose login -------------------------------------------------------------------- */

/* "KEY<tab>USER:PASSWORD"; the first of our keys that answers, as Postfix asks for them.
 */
static void
took_password(struct session *s, struct verify *v, struct run_res *res)
{
	struct sv rest = str_sv(&res->out), line;
	ptrdiff_t tab, colon;

	while (!v->user && sv_line(&rest, &line)) {
		tab = sv_find(line, '\t');
		if (tab < 0)
			continue;
		line = sv_sub(line, (size_t)tab + 1, line.n);
		colon = sv_find(line, ':');
		v->user = sv_dup(sv_sub(line, 0, colon < 0 ? 0 : (size_t)colon));
	}
	if (res->out.p)
		explicit_bzero(res->out.p, res->out.n);
	if (!v->user && sv_find_sv(str_sv(&res->err), sv_of("Permission denied")) >= 0) {
		vr_say(v, _("Only root can read the passwords, and so try the login."),
			NULL);
		vr_end(v, SES_RUNG_WARN, "%s", _("can't be tried"));
		return;
	}
	if (!v->user && svc_said_first(str_sv(&res->err)).n) {
		vr_words_of(v, "postfix: ", str_sv(&res->err));
		vr_say_why(v, sv_of("local data error"));
		vr_end(v, SES_RUNG_FAILED, "%s", _("the passwords can't be read"));
		return;
	}
	(void)begin_probe(s, v);
}

static void
ask_password(struct session *s, struct verify *v, const char *maps)
{
	enum { MAPS = 8 };
	char *prog = str_format("%s/postmap", s->set->command_dir);
	char *keys = str_format("%s\n%s\n%s\n",
		v->up->server ? v->up->server : v->up->hop.host, v->up->hop_text,
		v->up->hop.host);
	const char *argv[MAPS + 6] = {prog, "-c", s->config_dir, "-q", "-"};
	const struct run_req req = {.argv = argv, .input = sv_of(keys)};
	struct sv rest = sv_of(maps), token;

	for (size_t n = 5; n < MAPS + 5 && net_token(&rest, &token); n++)
		argv[n] = arena_sv(&vr_now(v)->texts, token);
	(void)vr_run(s, v, &req, took_password);
	free(prog);
	free(keys);
}

/* Postfix logs in with what is in its files, and with nothing else. */
static void
end_edited(struct verify *v)
{
	bool offered = v->up->auth.n > 0;

	if (offered)
		vr_word(v, _("the server offers: %s"), str_c(&v->up->auth));
	if (is_not_offered(v))
		end_not_offered(v);
	else if (v->sasl)
		vr_end(v, SES_RUNG_WAITS, "%s",
			offered ? _("offered; tried once it is applied")
				: _("tried once it is applied"));
	else if (v->names_user)
		vr_end(v, SES_RUNG_WAITS, "%s",
			offered ? _("offered; its password is still missing")
				: _("its password is still missing"));
	else
		vr_end(v, SES_RUNG_NONE, "%s",
			offered ? _("offered; no user is named") : _("no user is named"));
}

void
vr_begin_login(struct session *s, struct verify *v)
{
	const char *maps = vr_value(v, "smtp_sasl_password_maps");

	free(v->user);
	v->user = NULL;
	v->real_sender = false;
	v->sasl = vr_is_yes(v, "smtp_sasl_auth_enable");
	/* Tried without what failed: what the server offers wasn't heard. */
	v->up->auth_hidden = v->up->auth_hidden ||
			     v->rung[RUNG_TLS].state == SES_RUNG_FAILED ||
			     v->rung[RUNG_TLS].state == SES_RUNG_WAITS;
	if (!v->nhosts) {
		vr_end(v, SES_RUNG_NONE, "%s", "");
	} else if (v->edited) {
		end_edited(v);
	} else if (!vr_may_act(s, v)) {
		return;
	} else if (v->sasl && !maps[0]) {
		vr_say_why(v, sv_of("specify a password table"));
		vr_end(v, SES_RUNG_FAILED, "%s", _("no passwords are kept"));
	} else if (v->sasl) {
		ask_password(s, v, maps);
	} else {
		(void)begin_probe(s, v);
	}
}
