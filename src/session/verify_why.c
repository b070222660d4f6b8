/* SPDX-License-Identifier: MIT
 *
 * Reasons for which mail doesn't leave, as Postfix and servers word them, in plain words
 * and with the way out. The first row whose part is found counts, so what is more special
 * stands first. Sources: postfix's own texts of smtp, dns and tls, tried with 3.7 (the
 * words of older and newer ones are the same), and RFC 5321, 3463, 4954.
 */
#include "session/verify_parts.h"

#include "base/i18n.h"

struct row {
	/* Of the reason, small letters; one of them, | between; & joins two. */
	const char *parts;
	struct vr_why why;
};

static const struct row rows[] = {
	{"no mechanism available|no worthy mechs",
		{N_("No method of login is left that both sides can do: mail waits "
		    "here."),
			N_("Set smtp_sasl_security_options = noanonymous, and install "
			   "the SASL plug-ins (libsasl2-modules, cyrus-sasl-plain)."),
			"relayhost", "smtp_sasl_security_options"}},
	{"sasl authentication failed&said: 4",
		{N_("The upstream can't check a login now: mail waits, and is tried "
		    "again by itself."),
			N_("Try again in a few minutes. Nothing here is wrong."), NULL,
			NULL}},
	{"sasl authentication failed",
		{N_("The upstream refuses this user and password. Mail waits here, up to "
		    "5 days."),
			N_("Look at both. If they are right, ask the provider whether "
			   "SMTP is allowed."),
			"relayhost", "smtp_sasl_password_maps"}},
	{"specify a password table",
		{N_("Login is on, but no passwords are kept: the smtp client dies of it, "
		    "and all mail waits."),
			N_("Give user and password on the Relay screen, or switch login "
			   "off."),
			"relayhost", "smtp_sasl_password_maps"}},
	{"local data error",
		{N_("A table that is needed to send can't be read, often that of the "
		    "passwords: mail waits."),
			N_("postmap builds it; so does r on the Relay screen."),
			"relayhost", "smtp_sasl_password_maps"}},
	{"certificate not yet valid",
		{N_("By this machine's clock the upstream's certificate isn't valid yet: "
		    "mail waits."),
			N_("Look at date and time of this machine. If they are right, "
			   "tell the provider."),
			"relayhost", "smtp_tls_security_level"}},
	{"refused to start tls",
		{N_("The upstream offers TLS, but refuses to begin it: mail waits."),
			N_("Its words tell why. If it stays so, tell the provider."),
			"relayhost", "smtp_tls_security_level"}},
	{"certificate has expired",
		{N_("The upstream's certificate is out of date, and Postfix is told to "
		    "check it: mail waits."),
			N_("Tell the provider. Until then TLS \"required\" without the "
			   "check would do."),
			"relayhost", "smtp_tls_security_level"}},
	{"hostname mismatch",
		{N_("The upstream's certificate is for another name, and Postfix is told "
		    "to check it: mail waits."),
			N_("Use the name that stands in the certificate as relay host."),
			"relayhost", "relayhost"}},
	{"ip address mismatch",
		{N_("The upstream's certificate is for a name, not for this address: "
		    "mail "
		    "waits."),
			N_("Use the name that stands in the certificate as relay host."),
			"relayhost", "relayhost"}},
	{"untrusted issuer|self-signed certificate",
		{N_("Nobody whom this machine trusts has signed the upstream's "
		    "certificate: mail waits."),
			N_("Name the file of trusted roots (smtp_tls_CAfile); it must "
			   "hold the signer."),
			"relayhost", "smtp_tls_CAfile"}},
	{"certificate not verified|certificate verification failed",
		{N_("The upstream's certificate doesn't pass the check that is asked "
		    "for: "
		    "mail waits."),
			N_("Look at the trusted roots (smtp_tls_CAfile) and at the name "
			   "of the relay host."),
			"relayhost", "smtp_tls_CAfile"}},
	{"was not offered",
		{N_("TLS is required, but the upstream doesn't offer it on this port: "
		    "mail "
		    "waits."),
			N_("Use port 587 (or 465 with TLS from the first byte), or TLS "
			   "\"if offered\"."),
			"relayhost", "smtp_tls_security_level"}},
	{"our tls engine is unavailable",
		{N_("TLS can't be used here, because the file of trusted roots can't be "
		    "read: mail waits."),
			N_("Look at smtp_tls_CAfile: name, rights, PEM text."),
			"relayhost", "smtp_tls_CAfile"}},
	{"cannot load certification authority data",
		{N_("The file of trusted roots can't be read: there is no TLS at all, "
		    "and "
		    "mail may leave in the clear."),
			N_("Look at smtp_tls_CAfile: name, rights, PEM text."),
			"relayhost", "smtp_tls_CAfile"}},
	{"requires \"smtp_tls_security_level",
		{N_("TLS from the first byte needs TLS to be required: mail waits."),
			N_("Set smtp_tls_security_level = encrypt."), "relayhost",
			"smtp_tls_security_level"}},
	{"wrong version number",
		{N_("Postfix begins with TLS, but this port begins in plain text: mail "
		    "waits."),
			N_("Use port 465, or switch TLS from the first byte off "
			   "(smtp_tls_wrappermode)."),
			"relayhost", "smtp_tls_wrappermode"}},
	{"handshake fail|ssl_connect error|cannot start tls",
		{N_("The two sides can't agree on TLS: mail waits."),
			N_("On port 587 smtp_tls_wrappermode must be off, on 465 on. "
			   "Else the server is too old, or too new."),
			"relayhost", "smtp_tls_wrappermode"}},
	{"invalid tls level",
		{N_("The smtp client dies of smtp_tls_security_level: all mail waits."),
			N_("none, may, encrypt or secure are words that it knows."),
			"relayhost", "smtp_tls_security_level"}},
	{"nullmx", {N_("This domain says that it takes no mail at all."),
			   N_("Use the name of the provider's mail server."), "relayhost",
			   "relayhost"}},
	{"not found, try again",
		{N_("No name server answers: mail waits until one does."),
			N_("Look at /etc/resolv.conf, and at the way to the name "
			   "server."),
			NULL, NULL}},
	{"no data record",
		{N_("The name has no address that can be used: mail waits."),
			N_("Look at the name, and at inet_protocols: it may leave IPv4 "
			   "or IPv6 out."),
			"relayhost", "relayhost"}},
	{"host not found",
		{N_("DNS doesn't know this name: mail waits."),
			N_("Look at the spelling. /etc/hosts doesn't count here unless "
			   "smtp_host_lookup has native."),
			"relayhost", "relayhost"}},
	{"name service error",
		{N_("DNS gives no address for this name: mail waits."),
			N_("Look at the spelling, and at /etc/resolv.conf."), "relayhost",
			"relayhost"}},
	{"loops back to myself",
		{N_("The upstream is this machine itself: mail loops back to it, and "
		    "waits."),
			N_("Name the provider's server as relay host."), "relayhost",
			"relayhost"}},
	{"connection refused",
		{N_("The host is there, but nothing listens on this port: mail waits."),
			N_("Look at the port (587, 465, 25), or the server is down."),
			"relayhost", "relayhost"}},
	{"receiving the initial server greeting",
		{N_("The port is open, but nobody speaks: mail waits."),
			N_("The server is overloaded, or this port wants TLS from the "
			   "first byte, as 465 does."),
			"relayhost", NULL}},
	{"timed out",
		{N_("Nobody answers there, not even to refuse: mail waits."),
			N_("A firewall on the way, or the host is down. Look at host "
			   "and port."),
			"relayhost", "relayhost"}},
	{"network is unreachable",
		{N_("This machine has no route to there: mail waits."),
			N_("Look at the default route, and whether IPv6 works here."),
			NULL, NULL}},
	{"no route to host",
		{N_("This machine finds no way to there: mail waits."),
			N_("Look at the routes, and at the firewall on the way."), NULL,
			NULL}},
	{"lost connection",
		{N_("The upstream hangs up in the middle: mail waits."),
			N_("Too many connections, a filter on the way, or TLS is wanted "
			   "from the first byte."),
			NULL, NULL}},
	{"conversation with",
		{N_("The upstream stops speaking in the middle: mail waits."),
			N_("Too many connections, a filter on the way, or it is "
			   "overloaded."),
			NULL, NULL}},
	{"mail transport unavailable",
		{N_("Postfix has no such way to deliver: mail waits."),
			N_("Look at default_transport and transport_maps: no service of "
			   "master.cf has that name."),
			"params", "default_transport"}},
	{"valid hostname or network address required",
		{N_("The smtp client dies of relayhost: all mail waits."),
			N_("Write it as [mail.example.com]:587."), "relayhost",
			"relayhost"}},
	{"command startup",
		{N_("A program of Postfix dies as soon as it starts: all mail waits."),
			N_("Its last line in the log names the setting."), "params",
			NULL}},
	{"must issue a starttls",
		{N_("The upstream takes mail over TLS only."),
			N_("Choose TLS \"required\" (smtp_tls_security_level = "
			   "encrypt)."),
			"relayhost", "smtp_tls_security_level"}},
	{"authentication required",
		{N_("The upstream wants a login, and there is none: mail is refused."),
			N_("Give user and password on the Relay screen."), "relayhost",
			"smtp_sasl_auth_enable"}},
	{"access denied|relaying denied",
		{N_("The upstream doesn't relay for this machine."),
			N_("It wants a login, or must be told this machine's address: "
			   "ask the provider."),
			"relayhost", "smtp_sasl_auth_enable"}},
	{"said: 530",
		{N_("The upstream wants a login, or TLS first: mail is refused."),
			N_("Give user and password on the Relay screen, and choose TLS "
			   "\"required\"."),
			"relayhost", "smtp_sasl_auth_enable"}},
	{"said: 535",
		{N_("The upstream refuses this user and password. Mail waits here, up to "
		    "5 days."),
			N_("Look at both. If they are right, ask the provider whether "
			   "SMTP is allowed."),
			"relayhost", "smtp_sasl_password_maps"}},
	{"said: 452",
		{N_("The upstream has no room now: mail waits here and is tried again."),
			N_("Only the provider can help. Nothing here is wrong."), NULL,
			NULL}},
	{"said: 552",
		{N_("The upstream has no room for it, or the message is too large."),
			N_("Only the provider or the receiver can help."), NULL, NULL}},
	{"said: 421",
		{N_("The upstream is busy and closes: mail waits and is tried again."),
			N_("Try again later. Nothing here is wrong."), NULL, NULL}},
	{"said: 450", {N_("The upstream puts mail off for a while (greylisting does "
			  "that): it is "
			  "tried again."),
			      N_("Try again in a few minutes."), NULL, NULL}},
	{"said: 451",
		{N_("The upstream has a trouble of its own: mail waits and is tried "
		    "again."),
			N_("Try again in a few minutes."), NULL, NULL}},
	{"user unknown", {N_("There is no such receiver."), N_("Look at the address."),
				 NULL, NULL}},
	{"said: 550",
		{N_("The upstream refuses this receiver or this sender."),
			N_("Look at both addresses; its words tell which it dislikes."),
			NULL, NULL}},
	{"said: 553", {N_("The upstream refuses this sender's address."),
			      N_("Many take only the address that belongs to the login."),
			      NULL, NULL}},
	{"said: 554",
		{N_("The upstream refuses it for good."),
			N_("Its words tell why; often this machine's address is listed "
			   "as a home line."),
			NULL, NULL}},
};

static bool
has_one_of(struct sv text, const char *parts)
{
	struct sv rest = sv_of(parts), part;

	while (sv_token(&rest, "|", &part)) {
		struct sv joined;
		bool all = true;

		while (sv_token(&part, "&", &joined))
			all = all && sv_find_sv(text, joined) >= 0;
		if (all)
			return true;
	}
	return false;
}

bool
vr_why(struct sv reason, struct vr_why *out)
{
	struct str text = {0};
	bool found = false;

	for (size_t i = 0; i < reason.n; i++)
		str_add_char(&text, fold_char(reason.p[i]));
	for (size_t i = 0; !found && i < sizeof(rows) / sizeof(rows[0]); i++) {
		found = has_one_of(str_sv(&text), rows[i].parts);
		if (!found)
			continue;
		*out = rows[i].why;
		out->says = _(out->says);
		out->hint = _(out->hint);
	}
	str_free(&text);
	return found;
}

void
vr_say_why(struct verify *v, struct sv reason)
{
	struct vr_why why;

	if (!vr_why(reason, &why))
		return;
	vr_say(v, why.says, why.hint);
	if (why.screen)
		vr_where(v, why.screen, why.param);
}
