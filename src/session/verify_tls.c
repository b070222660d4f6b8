/* SPDX-License-Identifier: MIT
 *
 * Encryption, by Postfix's own posttls-finger: it speaks as the smtp client does and
 * tells what came, but ends with 0 whatever that was. So its words are read. It runs
 * without rights, for it is the one that a stranger's TLS is read by.
 */
#include "session/verify_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

#define WRAPS "smtp_tls_wrappermode"
#define TAG "posttls-finger: "
#define REJECTED "STARTTLS rejected: "
#define FINGER_SECONDS "9"

/* The level that Postfix's smtp client goes by, the old parameters included. */
const char *
vr_tls_level(struct verify *v)
{
	const char *level = vr_value(v, "smtp_tls_security_level");

	if (level[0])
		return level;
	if (vr_is_yes(v, "smtp_enforce_tls"))
		return "encrypt";
	return vr_is_yes(v, "smtp_use_tls") ? "may" : "none";
}

static bool
is_level(const char *level, const char *const *of)
{
	for (size_t i = 0; of[i]; i++)
		if (strcmp(level, of[i]) == 0)
			return true;
	return false;
}

/* Does this level want to know who the server is? */
static bool
checks_identity(const char *level)
{
	static const char *const levels[] = {
		"verify", "secure", "fingerprint", "dane", "dane-only", NULL};

	return is_level(level, levels);
}

bool
vr_finger(struct session *s, struct verify *v,
	void (*took)(struct session *s, struct verify *v, struct run_res *res))
{
	char *prog = str_format("%s/posttls-finger", s->set->command_dir);
	char *config = str_format("MAIL_CONFIG=%s", s->config_dir);
	const char *const env[] = {config, NULL};
	const char *cafile = vr_value(v, "smtp_tls_CAfile"),
		   *capath = vr_value(v, "smtp_tls_CApath"), *level = vr_tls_level(v);
	const char *q[24] = {
		"run", prog, "-C", "-t", FINGER_SECONDS, "-T", FINGER_SECONDS};
	size_t n = 7;
	bool started;

	q[n++] = "-l";
	q[n++] = strcmp(level, "none") == 0 ? "may" : level;
	if (v->up->wrapped)
		q[n++] = "-w";
	if (cafile[0]) {
		q[n++] = "-F";
		q[n++] = cafile;
	}
	if (capath[0]) {
		q[n++] = "-P";
		q[n++] = capath;
	}
	q[n++] = v->up->hop_text;
	started = vr_probe(s, v, q, &(struct run_req){.env = env}, took);
	free(prog);
	free(config);
	return started;
}

/* --- its words ---------------------------------------------------------------------- */

struct said {
	struct sv trust, protocol; /* "Verified", "TLSv1.3" */
	struct sv greeting, fault; /* fault: the first line that tells of one */
	struct sv library;         /* of OpenSSL, which tells more */
	struct sv refusal;         /* of STARTTLS, by the server */
	bool begun;                /* it said yes to that */
};

static void
read_reply(struct verify *v, struct sv reply, struct said *out)
{
	if (!out->greeting.n)
		out->greeting = reply;
	if (sv_starts(reply, "250") && reply.n > 9 &&
		sv_eq_fold(sv_sub(reply, 4, 5), sv_of("AUTH "))) {
		str_clear(&v->up->auth);
		str_add_sv(&v->up->auth, sv_sub(reply, 9, reply.n));
	}
}

static bool
tells_fault(struct sv line)
{
	static const char *const parts[] = {"verification failed", "SSL_connect error",
		"Failed to establish session", "lookup failed", "lost connection",
		"conversation with", "cannot load", "disabling TLS", "timed out", NULL};

	for (size_t i = 0; parts[i]; i++)
		if (sv_find_sv(line, sv_of(parts[i])) >= 0)
			return true;
	return false;
}

/* "Verified TLS connection established to HOST: TLSv1.3 with cipher ..." */
static bool
read_established(struct sv line, struct said *out)
{
	ptrdiff_t at = sv_find_sv(line, sv_of(" TLS connection established to ")),
		  end = sv_find_sv(line, sv_of(": TLS"));

	if (at < 0 || end < 0)
		return false;
	out->trust = sv_sub(line, 0, (size_t)at);
	out->protocol = sv_sub(line, (size_t)end + 2, line.n);
	end = sv_find(out->protocol, ' ');
	if (end > 0)
		out->protocol = sv_sub(out->protocol, 0, (size_t)end);
	return true;
}

static void
read_words(struct verify *v, struct said *out)
{
	struct sv rest = str_sv(&v->up->finger), line;

	*out = (struct said){0};
	while (sv_line(&rest, &line)) {
		if (!sv_starts(line, TAG))
			continue;
		line = sv_sub(line, strlen(TAG), line.n);
		if (sv_starts(line, "> EHLO"))
			str_clear(
				&v->up->auth); /* the last answer counts, that over TLS */
		else if (sv_starts(line, REJECTED))
			out->refusal = sv_sub(line, strlen(REJECTED), line.n);
		else if (sv_starts(line, "> STARTTLS"))
			out->begun = true;
		else if (sv_starts(line, "< "))
			read_reply(v, sv_sub(line, 2, line.n), out);
		else if (read_established(line, out))
			continue;
		else if (sv_find_sv(line, sv_of("TLS library problem")) >= 0)
			out->library = out->library.n ? out->library : line;
		else if (!out->fault.n && tells_fault(line))
			out->fault = line;
	}
}

static void
keep_words(struct verify *v, struct run_res *res)
{
	str_free(&v->up->finger);
	v->up->finger = res->err;
	res->err = (struct str){0};
	str_add_sv(&v->up->finger, str_sv(&res->out));
}

static void
show_word(struct verify *v, struct sv line)
{
	if (line.n)
		vr_word(v, "postfix: %.*s", (int)line.n, line.p);
}

/* --- how it comes out --------------------------------------------------------------- */

static void end_plain(struct verify *v);

/* STARTTLS is offered, but then refused: "may" goes on in plain text. */
static void
end_refused(struct verify *v, struct sv reply)
{
	vr_word(v, _("server: %.*s"), (int)reply.n, reply.p);
	if (strcmp(vr_tls_level(v), "may") == 0) {
		end_plain(v);
		return;
	}
	vr_say_why(v, sv_of("refused to start TLS"));
	vr_end(v, SES_RUNG_FAILED, "%.*s", (int)reply.n, reply.p);
}

/* Has the server said yes to STARTTLS, and then nothing that is TLS? */
static bool
is_no_tls_behind(const struct verify *v, const struct said *w)
{
	return !v->up->wrapped && w->begun &&
	       (sv_find_sv(w->library, sv_of("wrong version number")) >= 0 ||
		       (!w->library.n && w->fault.n));
}

static void
end_no_tls(struct session *s, struct verify *v, const struct said *w)
{
	struct sv fault = w->library.n ? w->library : w->fault;

	if (w->refusal.n) {
		end_refused(v, w->refusal);
		return;
	}
	if (!w->greeting.n && !v->up->wrapped &&
		v->rung[RUNG_GREETING].state == SES_RUNG_WARN) {
		v->up->auth_hidden = true;
		vr_end_slow(s, v);
		return;
	}
	vr_say(v, _("No encrypted connection comes about: mail waits."),
		_("Look at port and TLS on the Relay screen."));
	vr_where(v, "relayhost", "smtp_tls_security_level");
	if (w->fault.n)
		vr_say_why(v, w->fault);
	if (w->library.n)
		vr_say_why(v, w->library);
	if (is_no_tls_behind(v, w)) {
		vr_say(v,
			_("The upstream says yes to STARTTLS, but what follows is no "
			  "TLS: mail waits."),
			_("A filter on the way, or its own fault: tell the provider, or "
			  "try port 465."));
		vr_where(v, "relayhost", "smtp_tls_security_level");
	}
	show_word(v, w->fault);
	show_word(v, w->library);
	if (!fault.n)
		vr_words_of(v, "", str_sv(&v->up->finger));
	vr_end(v, SES_RUNG_FAILED, "%s", _("no TLS"));
}

static void
end_not_verified(struct verify *v, const struct said *w)
{
	vr_word_cert(v);
	if (v->up->cert_names.n)
		vr_word(v, _("names in the certificate: %s"), str_c(&v->up->cert_names));
	vr_say_why(v, sv_of("certificate not verified"));
	if (w->fault.n)
		vr_say_why(v, w->fault);
	vr_end(v, SES_RUNG_FAILED, _("%.*s, certificate refused"), (int)w->protocol.n,
		w->protocol.p);
}

/* "dane" asks for nothing where the server's name has no TLSA records that count.
 * posttls-finger wants more then, and doesn't say so; where there are such records, what
 * it says of a certificate that they don't fit names them. */
static bool
is_dane_without_records(struct verify *v, const char *level)
{
	static const char *const named[] = {
		"DANE RR", "DANE TLSA", "TLSA policy", "TLSA RRs found", NULL};

	if (strcmp(level, "dane") != 0)
		return false;
	for (size_t i = 0; named[i]; i++)
		if (sv_find_sv(str_sv(&v->up->finger), sv_of(named[i])) >= 0)
			return false;
	vr_word(v, "%s",
		_("no TLSA record tells its certificate, so TLS is taken as it comes"));
	return true;
}

static void
end_tls(struct session *s, struct verify *v)
{
	const char *level = vr_tls_level(v);
	struct said w;
	bool checked;

	read_words(v, &w);
	if (!w.trust.n || sv_find_sv(w.fault, sv_of("cannot load")) >= 0) {
		end_no_tls(s, v, &w);
		return;
	}
	show_word(v, w.fault);
	vr_word(v, _("level: %s (smtp_tls_security_level)"), level);
	vr_word(v, "postfix: %.*s TLS connection established", (int)w.trust.n, w.trust.p);
	if (vr_value(v, "smtp_tls_policy_maps")[0])
		vr_word(v, "%s",
			_("smtp_tls_policy_maps may say otherwise for this host"));
	checked = checks_identity(level) && !is_dane_without_records(v, level);
	if (checked && !sv_eq_str(w.trust, "Verified"))
		end_not_verified(v, &w);
	else if (vr_says_client(s, v))
		vr_end(v, SES_RUNG_WARN, "%s",
			_("tried as main.cf has it, not as master.cf does"));
	else
		vr_end_cert(s, v, w.protocol, checked);
}

/* posttls-finger isn't there, or can't read main.cf or the trusted roots without rights:
 * nothing of that is the upstream's fault, and nothing keeps mail. */
static bool
end_untried(struct verify *v)
{
	struct sv words = str_sv(&v->up->finger);

	v->up->auth_hidden = sv_starts(words, "error=") ||
			     sv_find_sv(words, sv_of("fatal: ")) >= 0 ||
			     sv_find_sv(words, sv_of("Permission denied")) >= 0;
	if (!v->up->auth_hidden)
		return false;
	vr_words_of(v, "", words);
	vr_say(v,
		_("posttls-finger, which runs without rights, can't do its work: TLS "
		  "isn't "
		  "proven."),
		_("Let all read main.cf and the trusted roots; they hold no secrets."));
	vr_end(v, SES_RUNG_WARN, "%s", _("can't be tried"));
	return true;
}

static void
took_tls(struct session *s, struct verify *v, struct run_res *res)
{
	keep_words(v, res);
	if (!end_untried(v)) {
		v->late = NULL;
		vr_cert_read(s, v, end_tls);
	}
}

void
vr_took_wrapped(struct session *s, struct verify *v, struct run_res *res)
{
	struct said w;

	keep_words(v, res);
	if (end_untried(v))
		return;
	read_words(v, &w);
	if (sv_starts(w.greeting, "220")) {
		vr_end(v, SES_RUNG_OK, "%.*s", (int)w.greeting.n, w.greeting.p);
	} else if (w.greeting.n) {
		vr_word(v, _("server: %.*s"), (int)w.greeting.n, w.greeting.p);
		vr_end_unwilling(v, w.greeting);
	} else {
		end_no_tls(s, v, &w);
	}
}

static void
end_plain(struct verify *v)
{
	bool login = vr_is_yes(v, "smtp_sasl_auth_enable");

	if (!login) {
		vr_end(v, SES_RUNG_OK, "%s", _("none: mail goes in plain text"));
		return;
	}
	vr_say(v, _("The password goes through the net unencrypted."),
		_("Choose TLS \"required\" on the Relay screen."));
	vr_where(v, "relayhost", "smtp_tls_security_level");
	vr_end(v, SES_RUNG_WARN, "%s", _("none, and there is a login"));
}

/* Whoever wrote "dane" meant mail to be encrypted. */
static void
end_dane_plain(struct verify *v)
{
	vr_say(v,
		_("Mail goes in plain text: \"dane\" asks for TLS only where TLSA "
		  "records tell of it."),
		_("Choose TLS \"required\" (encrypt), and a port that offers it."));
	vr_where(v, "relayhost", "smtp_tls_security_level");
	vr_end(v, SES_RUNG_WARN, "%s", _("none: mail goes in plain text"));
}

/* Nobody has chosen a level, and the upstream offers TLS. Who wrote "none" meant it. */
static void
end_none(struct verify *v)
{
	if (!v->up->starttls || vr_value(v, "smtp_tls_security_level")[0] ||
		vr_is_yes(v, "smtp_sasl_auth_enable")) {
		end_plain(v);
		return;
	}
	vr_say(v,
		_("The upstream offers TLS, but nobody has chosen it: mail goes in plain "
		  "text."),
		_("Choose TLS \"if offered\" (smtp_tls_security_level = may)."));
	vr_where(v, "relayhost", "smtp_tls_security_level");
	vr_end(v, SES_RUNG_WARN, "%s", _("offered, not used: plain text"));
}

/* STARTTLS isn't there: by the level that is bad, or it isn't. */
static void
end_not_offered(struct verify *v, const char *level)
{
	bool dane = strcmp(level, "dane") == 0;

	if (dane || strcmp(level, "may") == 0) {
		vr_word(v, "%s", _("the server offers no STARTTLS"));
		if (dane && !vr_is_yes(v, "smtp_sasl_auth_enable"))
			end_dane_plain(v);
		else
			end_plain(v);
		return;
	}
	vr_say_why(v, sv_of("was not offered"));
	vr_word(v, _("level: %s (smtp_tls_security_level)"), level);
	vr_end(v, SES_RUNG_FAILED, "%s", _("not offered by the server"));
}

void
vr_begin_tls(struct session *s, struct verify *v)
{
	static const char *const known[] = {"none", "may", "encrypt", "fingerprint",
		"verify", "secure", "dane", "dane-only", NULL};
	const char *level = vr_tls_level(v);

	v->up->wrapped = vr_is_yes(v, WRAPS);
	if (!v->nhosts) {
		vr_end(v, SES_RUNG_NONE, "%s", "");
	} else if (!is_level(level, known)) {
		vr_say_why(v, sv_of("invalid tls level"));
		vr_end(v, SES_RUNG_FAILED, _("no such level: %s"), level);
	} else if (v->up->wrapped &&
		   (strcmp(level, "none") == 0 || strcmp(level, "may") == 0)) {
		vr_say_why(v, sv_of("requires \"smtp_tls_security_level"));
		vr_end(v, SES_RUNG_FAILED, _("level: %s (smtp_tls_security_level)"),
			level);
	} else if (strcmp(level, "none") == 0) {
		end_none(v);
	} else if (!v->up->wrapped && !v->up->starttls && v->up->greeted) {
		end_not_offered(v, level);
	} else {
		if (v->rung[RUNG_GREETING].state == SES_RUNG_WARN)
			v->late = vr_end_slow;
		(void)vr_finger(s, v, took_tls);
	}
}
