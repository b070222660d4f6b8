/* SPDX-License-Identifier: MIT
 *
 * One pass over the lists. An outcome that is sure ends a list; a restriction that can't
 * be told is remembered with what it could have done instead (let pass, refuse), and the
 * pass goes on as if it had done nothing. In the end only a remembered one that would
 * have changed the answer counts.
 */
#include "model/restrict.h"

#include <stdlib.h>

#include "base/mem.h"

enum { MAX_DEPTH = 20 };

enum effect {
	E_NONE, /* depends on the message, or does nothing here */
	E_PERMIT,
	E_REFUSE,
	E_NETS, /* permit_mynetworks */
	E_MAY_PASS,
	E_MAY_REFUSE,
	E_MAY,  /* either */
	E_MSG,  /* either, by what stands in the message */
	E_RDNS, /* refuses clients without a verified name */
	E_IF_PERMIT,
	E_WARN, /* the next one only warns */
	E_UNKNOWN,
	E_CLASS
};

enum arg { A_NO, A_WORD, A_MAP };

struct word {
	const char *name;
	enum effect effect;
	enum arg arg;
	bool checks; /* counts as the check that smtpd demands */
};

static const struct word words[] = {
	{"permit", E_PERMIT, A_NO, false},
	{"reject", E_REFUSE, A_NO, true},
	{"defer", E_REFUSE, A_NO, true},
	{"reject_unauth_destination", E_REFUSE, A_NO, true},
	{"defer_unauth_destination", E_REFUSE, A_NO, true},
	{"check_relay_domains", E_REFUSE, A_NO, true},
	{"defer_if_permit", E_IF_PERMIT, A_NO, true},
	{"defer_if_reject", E_NONE, A_NO, false},
	{"warn_if_reject", E_WARN, A_NO, false},
	{"permit_mynetworks", E_NETS, A_NO, false},
	{"permit_inet_interfaces", E_MAY_PASS, A_NO, false},
	{"permit_sasl_authenticated", E_NONE, A_NO, false},
	{"permit_tls_clientcerts", E_NONE, A_NO, false},
	{"permit_tls_all_clientcerts", E_NONE, A_NO, false},
	{"permit_auth_destination", E_NONE, A_NO, false},
	{"permit_mx_backup", E_MAY_PASS, A_NO, false},
	{"permit_naked_ip_address", E_NONE, A_NO, false},
	{"sleep", E_NONE, A_WORD, false},
	{"reject_plaintext_session", E_MAY_REFUSE, A_NO, false},
	{"reject_unauth_pipelining", E_NONE, A_NO, false},
	{"reject_unknown_client", E_RDNS, A_NO, false},
	{"reject_unknown_client_hostname", E_RDNS, A_NO, false},
	{"reject_unknown_reverse_client_hostname", E_MAY_REFUSE, A_NO, false},
	{"reject_unknown_forward_client_hostname", E_MAY_REFUSE, A_NO, false},
	{"reject_rbl_client", E_MAY_REFUSE, A_WORD, false},
	{"reject_rbl", E_MAY_REFUSE, A_WORD, false},
	{"reject_maps_rbl", E_MAY_REFUSE, A_NO, false},
	{"permit_dnswl_client", E_MAY_PASS, A_WORD, false},
	{"reject_rhsbl_client", E_MAY_REFUSE, A_WORD, false},
	{"reject_rhsbl_reverse_client", E_MAY_REFUSE, A_WORD, false},
	{"permit_rhswl_client", E_MAY_PASS, A_WORD, false},
	{"reject_invalid_hostname", E_NONE, A_NO, false},
	{"reject_invalid_helo_hostname", E_NONE, A_NO, false},
	{"reject_non_fqdn_hostname", E_NONE, A_NO, false},
	{"reject_non_fqdn_helo_hostname", E_NONE, A_NO, false},
	{"reject_unknown_hostname", E_NONE, A_NO, false},
	{"reject_unknown_helo_hostname", E_NONE, A_NO, false},
	{"reject_rhsbl_helo", E_NONE, A_WORD, false},
	{"reject_non_fqdn_sender", E_NONE, A_NO, false},
	{"reject_unknown_sender_domain", E_NONE, A_NO, false},
	{"reject_unknown_address", E_NONE, A_NO, false},
	{"reject_unlisted_sender", E_NONE, A_NO, false},
	{"reject_unverified_sender", E_NONE, A_NO, false},
	{"reject_sender_login_mismatch", E_NONE, A_NO, false},
	{"reject_known_sender_login_mismatch", E_NONE, A_NO, false},
	{"reject_authenticated_sender_login_mismatch", E_NONE, A_NO, false},
	{"reject_unauthenticated_sender_login_mismatch", E_NONE, A_NO, false},
	{"reject_rhsbl_sender", E_NONE, A_WORD, false},
	{"reject_non_fqdn_recipient", E_NONE, A_NO, false},
	{"reject_unknown_recipient_domain", E_NONE, A_NO, false},
	{"reject_multi_recipient_bounce", E_NONE, A_NO, false},
	{"reject_unlisted_recipient", E_NONE, A_NO, false},
	{"check_recipient_maps", E_NONE, A_NO, false},
	{"reject_unverified_recipient", E_NONE, A_NO, false},
	{"reject_rhsbl_recipient", E_NONE, A_WORD, false},
	{"check_policy_service", E_MAY, A_MAP, false},
	{"check_client_access", E_MAY, A_MAP, false},
	{"check_client_a_access", E_MAY, A_MAP, false},
	{"check_client_mx_access", E_MAY, A_MAP, false},
	{"check_client_ns_access", E_MAY, A_MAP, false},
	{"check_reverse_client_hostname_access", E_MAY, A_MAP, false},
	{"check_reverse_client_hostname_a_access", E_MAY, A_MAP, false},
	{"check_reverse_client_hostname_mx_access", E_MAY, A_MAP, false},
	{"check_reverse_client_hostname_ns_access", E_MAY, A_MAP, false},
	{"check_ccert_access", E_NONE, A_MAP, false},
	{"check_sasl_access", E_NONE, A_MAP, false},
	{"check_helo_access", E_MSG, A_MAP, false},
	{"check_helo_a_access", E_MSG, A_MAP, false},
	{"check_helo_mx_access", E_MSG, A_MAP, false},
	{"check_helo_ns_access", E_MSG, A_MAP, false},
	{"check_sender_access", E_MSG, A_MAP, false},
	{"check_sender_a_access", E_MSG, A_MAP, false},
	{"check_sender_mx_access", E_MSG, A_MAP, false},
	{"check_sender_ns_access", E_MSG, A_MAP, false},
	{"check_recipient_access", E_MSG, A_MAP, false},
	{"check_recipient_a_access", E_MSG, A_MAP, false},
	{"check_recipient_mx_access", E_MSG, A_MAP, false},
	{"check_recipient_ns_access", E_MSG, A_MAP, false},
	{"check_etrn_access", E_MSG, A_MAP, false},
};

enum outcome { PASS, REFUSE, TEMP, GO_ON };

/* What a list comes to. */
struct run {
	const struct rel_policy *p;
	const struct rel_client *c;
	const struct rel_nets *nets;
	bool guards; /* what passes this list may relay */
	enum outcome outcome;
	const char *decider;  /* what made it so; NULL: the end of the list */
	bool by_row, unknown; /* the decider is the row; is a word nobody knows */
	const char *may_pass, *may_refuse; /* the first that could have, or NULL */
	bool row_may_pass;                 /* may_pass is the row that matches perhaps */
	bool if_permit;                    /* defer_if_permit was passed */
};

static const struct word *
find_word(struct sv name)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sv_eq_fold(name, sv_of(words[i].name)))
			return &words[i];
	return NULL;
}

/* --- is there a check at all? ---------------------------------------------- */

static bool has_check(const struct rel_policy *p, struct sv value, int depth);

static bool
word_checks(const struct rel_policy *p, struct sv token, int depth)
{
	const struct word *w = find_word(token);
	const char *inside;

	if (w && w->checks)
		return true;
	inside = depth < MAX_DEPTH ? p->class_of(p->ctx, token) : NULL;
	return inside && has_check(p, sv_of(inside), depth + 1);
}

static bool
has_check(const struct rel_policy *p, struct sv value, int depth)
{
	struct sv token;

	while (net_token(&value, &token)) {
		if (sv_eq_fold(token, sv_of("warn_if_reject"))) {
			if (!net_token(&value, &token))
				return false;
			continue;
		}
		if (sv_eq_fold(token, sv_of("permit")))
			return false;
		if (word_checks(p, token, depth))
			return true;
	}
	return false;
}

static bool
is_guarded(const struct rel_policy *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->list[i].guards && has_check(p, sv_of(p->list[i].value), 0))
			return true;
	return false;
}

/* --- one list -------------------------------------------------------------- */

static const char *
text_of(const struct run *r, struct sv name, struct sv arg)
{
	return arena_fmt(r->p->texts, "%.*s%s%.*s", (int)name.n, name.p, arg.n ? " " : "",
		(int)arg.n, arg.p ? arg.p : "");
}

static void
remember(const char **slot, const char *text)
{
	if (!*slot)
		*slot = text;
}

static enum outcome
networks(struct run *r)
{
	switch (r->nets->match) {
	case REL_MATCH_YES:
		r->by_row = true;
		return PASS;
	case REL_MATCH_451:
	case REL_MATCH_DEAD:
		r->by_row = true;
		return TEMP;
	case REL_MATCH_MAYBE:
		if (!r->may_pass)
			r->row_may_pass = true;
		remember(&r->may_pass, "permit_mynetworks");
		break;
	case REL_MATCH_NO:
	case REL_MATCH_WAIT:
		break;
	}
	return GO_ON;
}

static enum outcome
by_name(struct run *r, const char *text)
{
	if (!r->c->name)
		remember(&r->may_refuse, text);
	else if (strcmp(r->c->name, "unknown") == 0)
		return REFUSE;
	return GO_ON;
}

static enum outcome
one(struct run *r, enum effect effect, const char *text)
{
	switch (effect) {
	case E_PERMIT:
		return PASS;
	case E_REFUSE:
		return REFUSE;
	case E_NETS:
		return networks(r);
	case E_RDNS:
		return by_name(r, text);
	case E_MAY_PASS:
		remember(&r->may_pass, text);
		break;
	case E_MAY_REFUSE:
		remember(&r->may_refuse, text);
		break;
	case E_MAY:
		remember(&r->may_pass, text);
		remember(&r->may_refuse, text);
		break;
	case E_MSG:
		remember(&r->may_pass, text);
		if (r->guards)
			remember(&r->may_refuse, text);
		break;
	case E_IF_PERMIT:
		r->if_permit = true;
		r->decider = text;
		break;
	case E_UNKNOWN:
		r->unknown = true;
		return TEMP;
	case E_NONE:
	case E_WARN:
	case E_CLASS:
		break;
	}
	return GO_ON;
}

static enum outcome run_list(struct run *r, struct sv value, int depth);

/* A word smtpd has no own name for: a class, else it answers 451. */
static enum outcome
other_word(struct run *r, struct sv token, int depth)
{
	const char *inside = depth < MAX_DEPTH ? r->p->class_of(r->p->ctx, token) : NULL;

	if (inside)
		return run_list(r, sv_of(inside), depth + 1);
	r->decider = text_of(r, token, (struct sv){"", 0});
	return one(r, E_UNKNOWN, r->decider);
}

/* The next restriction with its argument; warn: its refusal would only be logged. */
static enum outcome
step(struct run *r, struct sv token, struct sv *rest, bool warn, int depth)
{
	const struct word *w = find_word(token);
	struct sv arg = {"", 0}, behind = *rest;
	const char *text;
	enum outcome o;

	if (!w && sv_find(token, ':') >= 0) {
		w = find_word(sv_of("check_recipient_access"));
		arg = token;
		token = sv_of(w->name);
	} else if (!w) {
		return other_word(r, token, depth);
	} else if (w->arg != A_NO) {
		if (!net_token(&behind, &arg))
			arg = (struct sv){"", 0};
		*rest = behind;
	}
	text = text_of(r, token, arg);
	if (w->arg == A_MAP && sv_find(arg, ':') < 0) {
		r->decider = text;
		return one(r, E_UNKNOWN, text);
	}
	if (warn && (w->effect == E_REFUSE || w->effect == E_MAY_REFUSE ||
			    w->effect == E_RDNS))
		return GO_ON;
	if (warn && (w->effect == E_MAY || w->effect == E_MSG))
		o = one(r, E_MAY_PASS, text);
	else
		o = one(r, w->effect, text);
	if (o != GO_ON)
		r->decider = text;
	return o;
}

static enum outcome
run_list(struct run *r, struct sv value, int depth)
{
	struct sv token;
	bool warn = false;

	while (net_token(&value, &token)) {
		enum outcome o;

		if (sv_eq_fold(token, sv_of("warn_if_reject"))) {
			warn = true;
			continue;
		}
		o = step(r, token, &value, warn, depth);
		warn = false;
		if (o != GO_ON)
			return o;
	}
	return GO_ON;
}

/* --- all of them ----------------------------------------------------------- */

static void
by_row(struct rel_answer *out, enum rel_says says)
{
	out->says = says;
	out->reason = REL_BY_ROW;
}

static void
by_restriction(
	struct rel_answer *out, enum rel_says says, const char *list, const char *what)
{
	out->says = says;
	out->reason = REL_BY_RESTRICTION;
	out->list = list;
	out->restriction = what;
}

/* The list refuses for certain: what else it could have done counts only if it is another
 * answer. False: it doesn't refuse. */
static bool
refuses(const struct run *r, const char *list, struct rel_answer *out)
{
	enum rel_says says = r->outcome == TEMP ? REL_451 : REL_DENIED;

	if (r->outcome != REFUSE && r->outcome != TEMP)
		return false;
	if (r->may_pass || (r->may_refuse && r->outcome == TEMP))
		return false;
	if (r->by_row) {
		by_row(out, says);
	} else {
		by_restriction(out, says, list, r->decider);
		if (r->unknown)
			out->reason = REL_BY_UNKNOWN_WORD;
		else if (r->nets->match == REL_MATCH_NO && r->nets->except)
			out->reason = REL_BY_ROW;
	}
	return true;
}

/* The list may do this or that: the first such list is the answer, unless a later one
 * refuses for certain. */
static bool
is_unsure(const struct run *r, const char *list, struct rel_answer *out)
{
	bool passes = r->outcome == PASS || r->outcome == GO_ON;
	const char *what = passes ? r->may_refuse : r->may_pass;

	if (!what)
		what = r->outcome == TEMP ? r->may_refuse : NULL;
	if (!what)
		return false;
	by_restriction(out, REL_CANT_TELL, list, what);
	if (what == r->may_pass && r->row_may_pass)
		out->reason = REL_BY_ROW;
	return true;
}

static void
run_all(const struct rel_policy *p, const struct rel_client *c,
	const struct rel_nets *nets, struct rel_answer *out)
{
	struct rel_answer unsure = {.nets = *nets}, now = {.nets = *nets};
	const char *if_permit = NULL, *if_list = NULL;
	bool is = false, row = false;

	for (size_t i = 0; i < p->n; i++) {
		struct run r = {
			.p = p, .c = c, .nets = nets, .guards = p->list[i].guards};
		const char *name = p->list[i].name;

		r.outcome = run_list(&r, sv_of(p->list[i].value), 0);
		row = row || (r.by_row && r.outcome == PASS);
		if (r.if_permit && !if_permit) {
			if_permit = "defer_if_permit";
			if_list = name;
		}
		if (refuses(&r, name, &now)) {
			*out = is && now.says != REL_DENIED ? unsure : now;
			return;
		}
		if (!is && is_unsure(&r, name, &unsure))
			is = true;
	}
	*out = is ? unsure : (struct rel_answer){.nets = *nets};
	if (is)
		return;
	out->reason = row ? REL_BY_ROW : REL_BY_NOTHING;
	if (if_permit)
		by_restriction(out, REL_DENIED, if_list, if_permit);
}

void
rel_judge(const struct rel_policy *p, const struct rel_client *c,
	const struct rel_nets *nets, struct rel_answer *out)
{
	*out = (struct rel_answer){.nets = *nets};
	if (nets->match == REL_MATCH_DEAD) {
		by_row(out, REL_NO_GREETING);
	} else if (!is_guarded(p)) {
		out->says = REL_NO_GREETING;
		out->reason = REL_BY_NO_CHECK;
	} else if (nets->match == REL_MATCH_WAIT) {
		out->says = REL_WAITING;
	} else {
		run_all(p, c, nets, out);
	}
}

bool
rel_restriction(size_t i, struct rel_restriction *out)
{
	if (i >= sizeof(words) / sizeof(words[0]))
		return false;
	*out = (struct rel_restriction){
		.name = words[i].name,
		.argument = words[i].arg != A_NO,
		.checks = words[i].checks,
		.ends = strcmp(words[i].name, "permit") == 0 ||
			strcmp(words[i].name, "reject") == 0 ||
			strcmp(words[i].name, "defer") == 0,
	};
	return true;
}
