/* SPDX-License-Identifier: MIT
 *
 * What is typed into the guided set-up, judged on every key; and whether it can be an
 * answer at all. A wrong value may be one: it is a finding like any other, and errors
 * stop at the apply.
 */
#include "session/setup_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "model/nets.h"
#include "model/nexthop.h"
#include "model/tlslevel.h"
#include "session/login.h"
#include "text/vlist.h"

/* --- can it be an answer? --- */

static bool
has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

static bool
one_of(const char *value, const char *const *words, struct diags *d)
{
	struct str list = {0};

	for (size_t i = 0; words[i]; i++)
		if (strcmp(value, words[i]) == 0)
			return true;
	for (size_t i = 0; words[i]; i++)
		str_addf(&list, "%s%s", i ? ", " : "", words[i]);
	diag_add(d, SEV_ERROR, DIAG_USAGE, NULL, NULL,
		_("\"%s\" is none of the answers: %s."), value, str_c(&list));
	str_free(&list);
	return false;
}

static bool
can_be_choice(enum ses_setup_ask ask, const char *value, struct diags *d)
{
	static const char *const roles[] = {"relay", "host", "direct", NULL};
	static const char *const logs[] = {"system", "file", NULL};
	static const char *const yesno[] = {"yes", "no", NULL};
	static const char *const levels[] = {"none", "may", "encrypt", "dane",
		"dane-only", "fingerprint", "verify", "secure", NULL};

	if (ask == SES_ANS_TLS)
		return tls_is_level(sv_of(value)) || one_of(value, levels, d);
	return one_of(value,
		ask == SES_ANS_ROLE  ? roles
		: ask == SES_ANS_LOG ? logs
				     : yesno,
		d);
}

static bool
no_host(struct diags *d)
{
	return diag_add(d, SEV_ERROR, DIAG_NH_SYNTAX, NULL,
		_("Type the name that your provider gave you."),
		_("This names no host to hand mail to."));
}

/* Of several hosts those behind the first may be doubtful: that is no error. */
static bool
can_be_hosts(const char *value, struct diags *d)
{
	struct nexthops list = {0};
	struct diags said = {0};
	bool good;

	(void)nh_list_parse(sv_of(value), true, &list, NULL, &said);
	good = list.n && !diag_has_error(&said);
	if (!good && diag_has_error(&said))
		diag_move(d, &said);
	else if (!good)
		no_host(d);
	diag_clear(&said);
	nh_list_free(&list);
	return good;
}

static bool
can_be_host(struct session *s, const char *value, struct diags *d)
{
	struct ses_relay_verdict v;

	if (!sv_trim(sv_of(value)).n || strchr(value, '$'))
		return true;
	if (setup_is_whole(value))
		return can_be_hosts(value, d);
	ses_relay_judge(s, value, setup_wants(s->setup, SES_ANS_MX, "yes"), &v);
	if (v.written[0])
		return true;
	return v.text[0] ? diag_add(d, SEV_ERROR, DIAG_NH_SYNTAX, NULL, v.hint, "%s",
				   v.text)
			 : no_host(d);
}

static bool
can_be_client(const char *value, struct diags *d)
{
	if (net_is_incomplete(sv_of(value)))
		return diag_add(d, SEV_ERROR, DIAG_NET_SYNTAX, NULL,
			_("Type the rest of it, such as 192.168.3.0/24."),
			_("\"%s\" is no whole address yet."), value);
	return vl_is_item(sv_of(value)) ||
	       diag_add(d, SEV_ERROR, DIAG_NET_SYNTAX, NULL,
		       _("Write an address, a network such as 192.168.3.0/24, a /file or "
			 "type:table."),
		       _("\"%s\" can't stand in the list."), value);
}

static bool
can_be_targets(struct session *s, const char *value, struct diags *d)
{
	struct al_targets list = {0};
	bool good = setup_targets(s, value, &list, d);

	al_targets_free(&list);
	return good;
}

static bool
can_be_name(const char *value, struct diags *d)
{
	return sv_trim(sv_of(value)).n ||
	       diag_add(d, SEV_ERROR, DIAG_TYPE_EMPTY, NULL,
		       _("Type a name such as relay.example.com."),
		       _("Postfix needs a name here."));
}

bool
setup_can_be(
	struct session *s, enum ses_setup_ask ask, const char *value, struct diags *d)
{
	enum ses_setup_kind kind = setup_def(ask)->kind;

	/* What is in effect may stay, whatever it is. */
	if (kind != SES_Q_TICKS && kind != SES_Q_SECRET && ask != SES_ANS_ROLE &&
		strcmp(value, s->setup->base.value[ask]) == 0)
		return true;
	if (kind == SES_Q_CHOICE || kind == SES_Q_YESNO)
		return can_be_choice(ask, value, d);
	if (ask == SES_ANS_PASSWORD)
		return !value[0] || ses_login_judge_password(value, d);
	if (has_control(value))
		return diag_add(d, SEV_ERROR, DIAG_USAGE, NULL, _("Type it on one line."),
			_("Control signs can't stand in this value."));
	if (ask == SES_ANS_CLIENTS)
		return can_be_client(value, d);
	if (ask == SES_ANS_RELAYHOST)
		return can_be_host(s, value, d);
	if (ask == SES_ANS_USER)
		return !sv_trim(sv_of(value)).n || ses_login_judge_user(value, d);
	if (ask == SES_ANS_ROOT || ask == SES_ANS_POSTMASTER)
		return can_be_targets(s, value, d);
	if (ask == SES_ANS_HOSTNAME || ask == SES_ANS_ORIGIN)
		return can_be_name(value, d);
	return true;
}

/* --- while it is typed --- */

static void
take_first(struct session *s, const struct diags *d, struct ses_setup_verdict *out)
{
	const struct diag *worst = NULL;

	for (size_t i = 0; i < d->n; i++)
		if (!worst || d->v[i].sev > worst->sev)
			worst = &d->v[i];
	if (!worst)
		return;
	out->mark = worst->sev == SEV_ERROR ? '!' : worst->sev == SEV_WARN ? '?' : 0;
	out->text = arena_str(scratch(s), worst->text);
	out->hint = worst->hint ? arena_str(scratch(s), worst->hint) : "";
}

static void
judge_param(struct session *s, enum ses_setup_ask ask, const char *typed,
	struct ses_setup_verdict *out)
{
	struct diags d = {0};

	if (setup_can_be(s, ask, typed, &d))
		ses_param_judge(s, setup_param(ask), typed, &d);
	if (d.n == 0 && ask == SES_ANS_HOSTNAME && !strpbrk(typed, ".$"))
		diag_add(&d, SEV_WARN, DIAG_ID_HOST, NULL,
			_("Write the full name, such as relay.example.com."),
			_("Other servers may refuse this relay: \"%s\" is not a full "
			  "host name."),
			typed);
	take_first(s, &d, out);
	diag_clear(&d);
}

/* Has a NIC an address in it? Else a router must lead there. */
static bool
has_nic(struct session *s, const char *typed)
{
	const struct nic_list *nics = session_nics(s);
	struct net_item item;

	net_item_parse(sv_trim(sv_of(typed)), &item);
	if (item.kind != NET_NET && item.kind != NET_HOST)
		return true;
	for (size_t i = 0; i < nics->n; i++) {
		struct ipaddr nic =
			addr_from_bytes(nics->v[i].fam, nics->v[i].addr, nics->v[i].plen);

		if (addr_overlaps(&nic, &item.addr))
			return true;
	}
	return false;
}

static void
judge_client(struct session *s, const char *typed, struct ses_setup_verdict *out)
{
	struct ses_net_verdict v, mended;
	struct net_item item;
	const char *comma;

	net_item_parse(sv_trim(sv_of(typed)), &item);
	ses_net_judge(s, typed, &v);
	out->incomplete = v.incomplete;
	comma = strchr(v.covers, ',');
	out->unread = !v.good && !v.incomplete;
	out->note = comma ? comma + 2 : v.covers;
	out->text = v.text;
	out->hint = v.repair ? scratch_fmt(s, _("Write %s."), v.repair) : v.hint;
	/* Mended it may be worse. */
	if (v.repair)
		ses_net_judge(s, v.repair, &mended);
	if (v.repair && mended.text[0] && mended.sev == SEV_ERROR) {
		setup_say(out, '!', mended.text, mended.hint);
		return;
	}
	out->repair = out->unread ? v.repair : NULL;
	out->mark = !v.good || (v.text[0] && v.sev == SEV_ERROR) ? '!'
		    : v.text[0] && v.sev == SEV_WARN             ? '?'
								 : 'k';
	if (v.incomplete)
		out->mark = 0;
	if (out->mark != 'k' || v.text[0] || !v.covers[0])
		return;
	if (item.except) {
		out->note = scratch_fmt(s, _("excluded, %s"), out->note);
		out->text = scratch_fmt(s, _("%s may not send."), v.covers);
		out->hint = _("It stands before the networks that would let it in.");
		return;
	}
	out->text = scratch_fmt(s,
		has_nic(s, typed) ? _("%s may send.")
				  : _("%s may send. No NIC is in it, so a router must "
				      "lead there."),
		v.covers);
}

/* Several hosts by blanks alone: hardly meant. */
static bool
is_broken_up(const char *typed)
{
	struct sv rest = sv_of(typed), token;
	size_t n = 0;

	while (sv_token(&rest, " \t", &token))
		n++;
	return n > 1 && !strpbrk(typed, ",$");
}

static void
judge_host(struct session *s, const char *typed, struct ses_setup_verdict *out)
{
	bool mx = setup_wants(s->setup, SES_ANS_MX, "yes");
	struct ses_relay_verdict v;
	struct diags d = {0};

	if (setup_is_whole(sv_trim(sv_of(typed)).n ? typed : "")) {
		if (setup_can_be(s, SES_ANS_RELAYHOST, typed, &d))
			ses_param_judge(s, "relayhost", typed, &d);
		take_first(s, &d, out);
		diag_clear(&d);
		if (!out->mark && is_broken_up(typed))
			setup_say(out, '?', _("The blanks make several hosts of this."),
				_("Write one host without blanks, or commas between "
				  "several."));
		return;
	}
	ses_relay_judge(s, typed, mx, &v);
	out->incomplete = v.empty;
	out->note = v.written;
	out->text = v.text;
	out->hint = v.hint;
	if (!v.empty)
		out->mark = v.good                                ? 'k'
			    : v.sev == SEV_ERROR || !v.written[0] ? '!'
								  : '?';
	if (out->mark == 'k')
		setup_doubt_host(s, typed, v.written, out);
}

static void
judge_targets(struct session *s, const char *typed, struct ses_setup_verdict *out)
{
	struct ses_targets list = {0};
	struct ses_target_verdict v;

	ses_targets_parse(typed, &list);
	for (size_t i = 0; i < list.n && !out->mark; i++) {
		ses_target_judge(s, list.v[i].text, &v);
		if (v.good || v.quoted)
			continue;
		out->mark = '!';
		out->text = v.text;
		out->hint = v.hint;
	}
	ses_targets_free(&list);
}

static void
judge_alias(struct session *s, const char *typed, struct ses_setup_verdict *out)
{
	struct al_targets list = {0};
	struct diags d = {0};
	char *name = NULL;
	ptrdiff_t colon = sv_find(sv_of(typed), ':');

	out->incomplete =
		colon < 0 ||
		sv_trim(sv_sub(sv_of(typed), (size_t)colon + 1, SIZE_MAX)).n == 0;
	if (out->incomplete)
		return;
	if (setup_alias_parse(s, typed, &name, &list, &d))
		setup_doubt_alias(s, name, &list, out);
	take_first(s, &d, out);
	free(name);
	al_targets_free(&list);
	diag_clear(&d);
}

void
ses_setup_judge(struct session *s, enum ses_setup_ask ask, const char *typed,
	struct ses_setup_verdict *out)
{
	struct diags d = {0};

	*out = (struct ses_setup_verdict){.note = "", .text = "", .hint = ""};
	out->empty = sv_trim(sv_of(typed)).n == 0;
	if (!s->setup)
		return;
	if (out->empty) {
		setup_judge_empty(s, ask, out);
		out->empty = !out->mark && !out->note[0];
	} else if (ask == SES_ANS_CLIENTS) {
		judge_client(s, typed, out);
	} else if (ask == SES_ANS_RELAYHOST) {
		judge_host(s, typed, out);
	} else if (ask == SES_ANS_ALIASES) {
		judge_alias(s, typed, out);
	} else if (ask == SES_ANS_ROOT || ask == SES_ANS_POSTMASTER) {
		judge_targets(s, typed, out);
	} else if (ask == SES_ANS_LOGFILE) {
		setup_judge_logfile(s, typed, out);
	} else if (setup_param(ask)) {
		judge_param(s, ask, typed, out);
	} else {
		(void)setup_can_be(s, ask, typed, &d);
		take_first(s, &d, out);
		diag_clear(&d);
	}
}
