/* SPDX-License-Identifier: MIT
 *
 * What is to be said about the rows of inet_interfaces. Nearly every mistake here is the
 * same catastrophe: Postfix's programs all refuse to run, `postfix stop` included.
 */
#include "model/ifaces.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "model/nexthop.h"

const char *
if_state_label(enum if_state state)
{
	switch (state) {
	case IF_UP:
		return _("up");
	case IF_DOWN:
		return _("down");
	case IF_GONE:
		return _("gone");
	case IF_NO_STATE:
		break;
	}
	return "-";
}

const char *
if_reach_label(enum if_reach reach)
{
	switch (reach) {
	case IF_SELF:
		return _("self");
	case IF_PRIVATE:
		return _("private");
	case IF_PUBLIC:
		return _("PUBLIC");
	case IF_LINK:
		return _("link");
	case IF_NO_REACH:
		break;
	}
	return "-";
}

static char *
note_nic(const struct if_row *row)
{
	char buf[ADDR_TEXT_MAX];
	struct ipaddr net = addr_network(&row->addr);

	if (row->state == IF_DOWN)
		return str_format("%s", _("this NIC is down"));
	if (row->named && !row->ticked)
		return str_format("%s", _("listens, by a name"));
	if (row->reach == IF_SELF)
		return str_format("%s", _("local programs send here"));
	if (row->reach == IF_LINK)
		return str_format("%s", _("Postfix can't use link-local"));
	if (row->transient)
		return str_format("%s", _("may change by itself (DHCP)"));
	if (row->reach == IF_PUBLIC)
		return str_format("%s", _("the Internet could connect"));
	return str_format(_("net %s"), addr_format(&net, ADDR_BARE, buf));
}

char *
if_note(const struct if_set *set, size_t row)
{
	const struct if_row *r = &set->rows[row];
	char buf[ADDR_TEXT_MAX];
	struct ipaddr host;

	switch (r->kind) {
	case IF_NIC:
		return note_nic(r);
	case IF_LOST:
		return str_format("%s", _("no NIC has this address"));
	case IF_NAME:
		break;
	}
	if (r->addr.fam == 0)
		return str_format("%s", _("kept as is"));
	host = addr_host(&r->addr);
	return str_format(_("= %s, kept as is"), addr_format(&host, ADDR_BARE, buf));
}

static bool
refused(struct sv word, const char *hint, const struct diag_loc *loc, struct diags *diags)
{
	char *text = sv_dup(word);

	diag_add(diags, SEV_ERROR, DIAG_IF_SYNTAX, loc, hint,
		_("No Postfix program can run, not even stop: \"%s\" is neither an "
		  "address "
		  "nor a host name."),
		text);
	free(text);
	return false;
}

static bool
is_nic_name(struct sv word, const struct nic_list *nics)
{
	for (size_t i = 0; nics && i < nics->n; i++)
		if (sv_eq_str(word, nics->v[i].name))
			return true;
	return false;
}

/* What is wrong with a word that is no plain address, or NULL. */
static const char *
word_hint(struct sv word, bool alone, const struct nic_list *nics)
{
	bool all = sv_eq_fold(word, sv_of("all"));
	bool lo = sv_eq_fold(word, sv_of("loopback-only"));

	if ((all || lo) && !sv_eq_str(word, all ? "all" : "loopback-only"))
		return _("Write it in small letters.");
	if ((all || lo) && !alone)
		return _("\"all\" and \"loopback-only\" must stand alone.");
	if (sv_eq_str(word, "*") || sv_eq_str(word, "any") ||
		sv_eq_str(word, "0.0.0.0") || sv_eq_str(word, "::") ||
		sv_eq_str(word, "[::]"))
		return _("Write \"all\" to listen on every address.");
	if (sv_eq_fold(word, sv_of("loopback_only")) ||
		sv_eq_fold(word, sv_of("loopback")) || sv_eq_fold(word, sv_of("local")))
		return _("Write loopback-only to listen for this host only.");
	if (is_nic_name(word, nics))
		return _("Postfix knows no NIC names: write the NIC's address.");
	if (sv_starts(word, "#"))
		return _("Put the comment on a line of its own.");
	if (sv_find(word, '/') >= 0)
		return _("Write the address without \"/\".");
	if (sv_find(word, '%') >= 0 || sv_starts(word, "fe80:") ||
		sv_starts(word, "[fe80:"))
		return _("Postfix can't use link-local addresses.");
	if (sv_find(word, ':') >= 0)
		return _("A port can't be chosen here; IPv6 is written as it is, or in "
			 "brackets.");
	return nh_is_hostname(word)
		       ? NULL
		       : _("Write an address of this machine, a host name, or "
			   "\"all\".");
}

bool
if_word_judge(struct sv word, bool alone, const struct nic_list *nics,
	const struct diag_loc *loc, struct diags *diags)
{
	struct ipaddr a;
	const char *hint;

	if (sv_find(word, '$') >= 0)
		return true;
	if (if_literal(word, &a)) {
		enum addr_class class = addr_class_of(&a);

		if (class != ADDR_UNSPECIFIED &&
			!(class == ADDR_LINK_LOCAL && a.fam == 6))
			return true;
	}
	hint = word_hint(word, alone, nics);
	return !hint || refused(word, hint, loc, diags);
}

static bool
judge_nic(const struct if_row *r, const struct diag_loc *loc, struct diags *diags)
{
	if (r->state == IF_DOWN)
		return diag_add(diags, SEV_ERROR, DIAG_IF_GONE, loc,
			_("Bring the NIC up first, or untick its address."),
			_("%s is on %s, which is down: Postfix can't start again, even "
			  "stop would fail."),
			r->text, r->nic);
	if (!r->transient)
		return true;
	return diag_add(diags, SEV_WARN, DIAG_IF_TRANSIENT, loc,
		_("Listen on all addresses instead, or give the NIC a fixed address."),
		_("When %s goes away (it isn't fixed), every Postfix program stops with "
		  "an "
		  "error."),
		r->text);
}

static bool
judge_name(const struct if_row *r, bool alone, const struct diag_loc *loc,
	struct diags *diags)
{
	if (!if_word_judge(sv_of(r->text), alone, NULL, loc, diags))
		return false;
	if (r->foreign)
		return diag_add(diags, SEV_ERROR, DIAG_IF_GONE, loc,
			_("Untick it, or let the name mean this machine's addresses "
			  "only."),
			_("%s stands for an address on no NIC: Postfix can't start "
			  "again, "
			  "even stop would fail."),
			r->text);
	if (!r->transient)
		return true;
	return diag_add(diags, SEV_WARN, DIAG_IF_TRANSIENT, loc,
		_("Listen on all addresses instead, or give the NIC a fixed address."),
		_("When the address of %s goes away (it isn't fixed), every Postfix "
		  "program stops with an error."),
		r->text);
}

/* A NIC's name among the names; judged here because the rows know the NICs. */
static bool
names_nic(const struct if_set *set, const char *text)
{
	for (size_t i = 0; i < set->nrows; i++)
		if (set->rows[i].nic && strcmp(set->rows[i].nic, text) == 0)
			return true;
	return false;
}

bool
if_row_judge(const struct if_set *set, size_t row, const struct diag_loc *loc,
	struct diags *diags)
{
	const struct if_row *r = &set->rows[row];

	if (!if_row_listens(set, row) || set->mode != IF_CHOSEN)
		return true;
	switch (r->kind) {
	case IF_NIC:
		return judge_nic(r, loc, diags);
	case IF_LOST:
		if (!if_word_judge(sv_of(r->text), true, NULL, loc, diags))
			return false;
		return diag_add(diags, SEV_ERROR, DIAG_IF_GONE, loc,
			_("Untick it, or tick the address that this machine has now."),
			_("%s is on no NIC: Postfix can't start again, even stop would "
			  "fail."),
			r->text);
	case IF_NAME:
		break;
	}
	if (names_nic(set, r->text))
		return refused(sv_of(r->text),
			_("Postfix knows no NIC names: tick the NIC's address."), loc,
			diags);
	return judge_name(r, false, loc, diags);
}

bool
if_judge(const struct if_set *set, const struct diag_loc *loc, struct diags *diags)
{
	bool fine = true, any = false;

	for (size_t i = 0; i < set->nrows; i++) {
		any = any || if_row_listens(set, i);
		fine = if_row_judge(set, i, loc, diags) && fine;
	}
	if (any || set->mode != IF_CHOSEN)
		return fine;
	return diag_add(diags, SEV_ERROR, DIAG_IF_NONE, loc,
		_("Tick an address, or choose this host only."),
		_("The mail server can't start: no address is chosen to listen on."));
}
