/* SPDX-License-Identifier: MIT
 *
 * What the upstream says first, heard by the process without rights: greeting and EHLO,
 * or HELO where that is refused. Who is slow proves nothing: Postfix waits much longer.
 */
#include "session/verify_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"

void
vr_forget_greeting(struct verify *v)
{
	v->up->greeted = v->up->starttls = false;
	v->up->auth_hidden = false;
	v->up->size_max = 0;
	str_free(&v->up->auth);
	str_free(&v->up->cert_names);
	str_free(&v->up->finger);
}

static void
take_feature(struct verify *v, struct sv line)
{
	struct sv word = sv_trim(sv_sub(line, 4, line.n));

	if (sv_eq_fold(word, sv_of("STARTTLS")))
		v->up->starttls = true;
	if (word.n > 5 && sv_eq_fold(sv_sub(word, 0, 5), sv_of("AUTH "))) {
		str_clear(&v->up->auth);
		str_add_sv(&v->up->auth, sv_sub(word, 5, word.n));
	}
	if (word.n > 5 && sv_eq_fold(sv_sub(word, 0, 5), sv_of("SIZE ")) &&
		!sv_to_uint(sv_sub(word, 5, word.n), UINT64_MAX / 2, &v->up->size_max))
		v->up->size_max = 0;
}

/* Messages that this relay takes, and the upstream won't. */
static void
note_size(struct verify *v)
{
	const char *limit = vr_value(v, "message_size_limit");
	uint64_t own;

	if (v->up->size_max && sv_to_uint(sv_of(limit), UINT64_MAX / 2, &own) &&
		(own == 0 || own > v->up->size_max))
		vr_word(v,
			_("it takes messages up to %llu bytes; message_size_limit is "
			  "%s here"),
			(unsigned long long)v->up->size_max, limit);
}

void
vr_end_slow(struct session *s, struct verify *v)
{
	const char *limit = vr_value(v, "smtp_helo_timeout");
	char *hint = str_format(
		_("Postfix waits longer (smtp_helo_timeout = %s), so all else is tried."),
		limit[0] ? limit : "300s");

	(void)s;
	vr_say(v, _("The upstream is slow, or it doesn't speak at all."), hint);
	vr_where(v, "relayhost", NULL);
	vr_end(v, SES_RUNG_WARN, "%s", _("slow: no answer so far"));
	free(hint);
}

void
vr_end_unwilling(struct verify *v, struct sv reply)
{
	vr_where(v, "relayhost", NULL);
	if (sv_starts(reply, "4")) {
		vr_say(v,
			_("The upstream has no time now: mail waits, and is tried again "
			  "by itself."),
			_("Try again in a few minutes. Nothing here is wrong."));
	} else {
		vr_say(v, _("The upstream doesn't want to speak with this machine."),
			_("Its words tell why; often its address is not known there."));
		vr_say_why(v, reply);
	}
	vr_end(v, SES_RUNG_FAILED, "%.*s", (int)reply.n, reply.p);
}

static void
end_no_greeting(struct session *s, struct verify *v, struct sv error)
{
	unsigned port = nh_port(&v->up->hop);

	vr_where(v, "relayhost", NULL);
	if (sv_eq_str(error, "timeout") && port == 465) {
		vr_say(v,
			_("Port 465 speaks TLS from the first byte, and Postfix is not "
			  "told so: no mail leaves."),
			_("Set smtp_tls_wrappermode = yes, or use port 587."));
		vr_where(v, "relayhost", "smtp_tls_wrappermode");
	} else if (sv_eq_str(error, "timeout")) {
		vr_end_slow(s, v);
		return;
	} else {
		vr_say_why(v, sv_of("lost connection"));
	}
	vr_end(v, SES_RUNG_FAILED, "%s",
		sv_eq_str(error, "timeout")  ? _("no greeting")
		: sv_eq_str(error, "closed") ? _("hangs up")
					     : _("the connection broke"));
}

struct talked {
	struct sv greeting, ehlo, error; /* the last lines; ehlo: or HELO's */
	bool helo;                       /* EHLO was refused */
};

static void
read_talk(struct verify *v, struct sv rest, struct talked *out)
{
	struct sv name, value;

	*out = (struct talked){{"", 0}, {"", 0}, {"", 0}, false};
	while (vr_next_answer(&rest, &name, &value)) {
		if (sv_eq_str(name, "error"))
			out->error = value;
		if (sv_eq_str(name, "greeting") &&
			(!out->greeting.n || !sv_starts(out->greeting, "220")))
			out->greeting = value; /* a refusal's last line tells most */
		if (sv_eq_str(name, "ehlo")) {
			out->ehlo = value;
			take_feature(v, value);
		}
		if (sv_eq_str(name, "helo")) {
			out->ehlo = value;
			out->helo = true;
		}
	}
}

static void
show_talk(struct verify *v, struct sv rest)
{
	struct sv name, value;

	while (vr_next_answer(&rest, &name, &value))
		vr_word(v, sv_eq_str(name, "error") ? "%.*s" : _("server: %.*s"),
			(int)value.n, value.p);
}

static void
took_greeting(struct session *s, struct verify *v, struct run_res *res)
{
	struct talked t;
	bool greets;

	read_talk(v, str_sv(&res->out), &t);
	note_size(v);
	show_talk(v, str_sv(&res->out));
	greets = sv_starts(t.greeting, "220");
	v->up->greeted = greets && sv_starts(t.ehlo, "250");
	if (!t.greeting.n || (t.error.n && greets))
		end_no_greeting(s, v, t.error.n ? t.error : sv_of("timeout"));
	else if (v->up->greeted && t.helo)
		vr_end(v, SES_RUNG_OK, "%s", _("HELO only: without TLS and login"));
	else if (v->up->greeted)
		vr_end(v, SES_RUNG_OK, "%.*s", (int)t.greeting.n, t.greeting.p);
	else
		vr_end_unwilling(v, greets ? t.ehlo : t.greeting);
}

void
vr_begin_greeting(struct session *s, struct verify *v)
{
	const char *helo = vr_value(v, "smtp_helo_name"), *question[5] = {"smtp"};
	char port[8];

	if (!vr_has_upstream(v))
		return;
	vr_forget_greeting(v);
	v->up->wrapped = vr_is_yes(v, "smtp_tls_wrappermode");
	if (v->up->wrapped) {
		(void)vr_finger(s, v, vr_took_wrapped);
		return;
	}
	if (!helo[0])
		helo = vr_value(v, "myhostname");
	(void)snprintf(port, sizeof(port), "%u", nh_port(&v->up->hop));
	question[1] = port;
	question[2] = v->up->connected;
	question[3] = helo[0] ? helo : "localhost";
	v->late = vr_end_slow;
	(void)vr_probe(s, v, question, NULL, took_greeting);
}
