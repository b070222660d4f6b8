/* SPDX-License-Identifier: MIT
 *
 * TLS to the relay host: port 465 speaks TLS from the first byte and no other port does,
 * and a level that verifies needs certificates to verify with.
 */
#include "base/i18n.h"
#include "check/maincf.h"
#include "model/nexthop.h"
#include "model/tlslevel.h"

static const char *const MODE = "smtp_tls_wrappermode";
static const char *const LEVEL = "smtp_tls_security_level";

struct ports {
	bool tls_port, other_port;
	bool single; /* of several hosts, another one may take the mail */
};

static bool
read_ports(struct chk_run *run, struct chk_param *relay, struct ports *out)
{
	struct nexthops list = {0};

	*out = (struct ports){.single = true};
	if (!chk_get(run, "relayhost", relay) || !relay->value.n ||
		!nh_list_parse(relay->value, true, &list, NULL, NULL)) {
		nh_list_free(&list);
		return false;
	}
	for (size_t i = 0; i < list.n; i++) {
		uint16_t port = nh_port(&list.v[i]);

		out->tls_port = out->tls_port || port == 465;
		out->other_port = out->other_port || port == 25 || port == 587;
	}
	out->single = list.n == 1;
	nh_list_free(&list);
	return true;
}

static void
judge_port(struct chk_run *run, const struct chk_param *mode)
{
	bool wraps = chk_is_yes(run, MODE, false);
	struct chk_param relay;
	struct diag_loc loc;
	struct ports p;

	if (!read_ports(run, &relay, &p) || (!mode->def && !relay.def) ||
		chk_value_of(run, "smtp_tls_policy_maps").n)
		return;
	loc = chk_at(run, relay.def ? &relay : mode);
	if (p.tls_port && !wraps) {
		diag_add(run->out,
			chk_has(run, MODE, true) && p.single ? SEV_ERROR : SEV_WARN,
			DIAG_TLS_PORT, &loc,
			chk_has(run, MODE, true)
				? _("Write smtp_tls_wrappermode = yes and "
				    "smtp_tls_security_level = encrypt, or use port 587.")
				: _("Use port 587: this Postfix is too old for port "
				    "465."),
			p.single
				? _("All mail stays in the queue: port 465 waits for TLS "
				    "at once, Postfix for a greeting.")
				: _("A host on port 465 takes no mail: it waits for TLS "
				    "at once, Postfix for a greeting."));
		if (chk_has(run, MODE, true))
			diag_offer(run->out, DIAG_MEND_PARAMS,
				"smtp_tls_wrappermode = yes\n"
				"smtp_tls_security_level = encrypt");
	} else if (p.other_port && wraps && !p.tls_port) {
		loc = chk_at(run, mode);
		diag_add(run->out, SEV_ERROR, DIAG_TLS_PORT, &loc,
			_("Write port 465, or smtp_tls_wrappermode = no."),
			_("All mail stays in the queue: smtp_tls_wrappermode is for port "
			  "465 only."));
		diag_offer(run->out, DIAG_MEND_PARAMS, "smtp_tls_wrappermode = no");
	}
}

static void
judge_wrapper_level(struct chk_run *run, const struct chk_param *mode)
{
	struct chk_param level;
	struct diag_loc loc;

	chk_get(run, LEVEL, &level);
	if (!chk_is_yes(run, MODE, false) || (level.known && level.how != CFX_OK) ||
		tls_is_strong(level.value) ||
		chk_value_of(run, "smtp_tls_policy_maps").n ||
		(!level.value.n && chk_is_yes(run, "smtp_enforce_tls", false)))
		return;
	loc = chk_at(run, mode);
	diag_add(run->out, SEV_ERROR, DIAG_TLS_LEVEL, &loc,
		_("Write smtp_tls_security_level = encrypt."),
		_("All mail stays in the queue: smtp_tls_wrappermode wants level encrypt "
		  "or "
		  "stronger."));
	diag_offer(run->out, DIAG_MEND_PARAMS, "smtp_tls_security_level = encrypt");
}

/* Each relay host may have a level of its own. */
static enum sev
sev_of_level(struct chk_run *run)
{
	return chk_value_of(run, "smtp_tls_policy_maps").n ? SEV_WARN : SEV_ERROR;
}

static void
judge_ca(struct chk_run *run)
{
	struct chk_param level, file, path;
	struct chk_stat st;
	struct diag_loc loc;

	chk_get(run, LEVEL, &level);
	chk_get(run, "smtp_tls_CAfile", &file);
	chk_get(run, "smtp_tls_CApath", &path);
	if (!tls_wants_roots(level.value))
		return;
	if (file.value.n && file.how == CFX_OK) {
		const char *name = arena_sv(&run->texts, file.value);

		loc = chk_at(run, &file);
		if (chk_stat_of(run, name, &st) && !st.exists)
			diag_add(run->out, sev_of_level(run), DIAG_TLS_CA, &loc,
				_("Name the file with your system's certificates."),
				_("All mail stays in the queue: %s isn't there, so no "
				  "certificate can be verified."),
				name);
		return;
	}
	if (path.value.n || (path.known && path.how != CFX_OK) ||
		(file.known && file.how != CFX_OK) ||
		chk_is_yes(run, "tls_append_default_CA", false) ||
		chk_value_of(run, "smtp_tls_trust_anchor_file").n)
		return;
	loc = chk_at(run, &level);
	diag_add(run->out, sev_of_level(run), DIAG_TLS_CA, &loc,
		_("Set smtp_tls_CAfile to the file with your system's certificates."),
		_("All mail stays in the queue: there are no certificates to verify the "
		  "relay host with."));
	if (chk_stat_of(run, "/etc/ssl/certs/ca-certificates.crt", &st) && st.exists)
		diag_offer(run->out, DIAG_MEND_PARAMS,
			"smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt");
	else if (chk_stat_of(run, "/etc/pki/tls/certs/ca-bundle.crt", &st) && st.exists)
		diag_offer(run->out, DIAG_MEND_PARAMS,
			"smtp_tls_CAfile = /etc/pki/tls/certs/ca-bundle.crt");
}

/* The level compares with a list that is empty: no certificate is good enough. */
static void
judge_fingerprints(struct chk_run *run)
{
	struct chk_param level, match;
	struct diag_loc loc;

	chk_get(run, LEVEL, &level);
	chk_get(run, "smtp_tls_fingerprint_cert_match", &match);
	if (!sv_eq_fold(level.value, sv_of("fingerprint")) || match.value.n ||
		(match.known && match.how != CFX_OK) ||
		chk_value_of(run, "smtp_tls_policy_maps").n)
		return;
	loc = chk_at(run, &level);
	diag_add(run->out, SEV_ERROR, DIAG_TLS_CA, &loc,
		_("Set smtp_tls_fingerprint_cert_match, or write secure or encrypt."),
		_("All mail stays in the queue: no fingerprint is named that the relay "
		  "host's certificate may have."));
}

/* Does mail that leaves go by nothing but the receivers' own hosts? */
static bool
leaves_directly(struct chk_run *run)
{
	static const char *const ways[] = {"relayhost", "transport_maps",
		"sender_dependent_relayhost_maps",
		"sender_dependent_default_transport_maps", "smtp_tls_policy_maps"};
	struct chk_param p;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		chk_get(run, ways[i], &p);
		if (p.value.n || (p.known && p.how != CFX_OK))
			return false;
	}
	chk_get(run, "default_transport", &p);
	return !p.value.n || sv_eq_str(p.value, "smtp");
}

void
rule_tls_direct(struct chk_run *run)
{
	struct chk_param level;
	struct diag_loc loc;

	chk_get(run, LEVEL, &level);
	if (!level.def || !tls_is_strong(level.value) || !leaves_directly(run))
		return;
	loc = chk_at(run, &level);
	diag_add(run->out, SEV_WARN, DIAG_TLS_DIRECT, &loc,
		_("Write smtp_tls_security_level = may: encrypted where it is offered."),
		_("Mail for hosts that offer no TLS waits and comes back: without a "
		  "relay host level %.*s is meant for every receiver's."),
		(int)level.value.n, level.value.p);
	diag_offer(run->out, DIAG_MEND_PARAMS, "smtp_tls_security_level = may");
}

void
rule_tls(struct chk_run *run)
{
	struct chk_param mode;

	chk_get(run, MODE, &mode);
	judge_port(run, &mode);
	judge_wrapper_level(run, &mode);
	judge_ca(run);
	judge_fingerprints(run);
}
