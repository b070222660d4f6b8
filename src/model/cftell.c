/* SPDX-License-Identifier: MIT
 *
 * Words for the mistakes that cfexpr finds.
 */
#include "model/cfexpr.h"

#include "base/i18n.h"

bool
cfx_is_raw(struct sv name)
{
	static const char *const names[] = {"command_execution_directory",
		"default_rbl_reply", "forward_path", "luser_relay", "mailbox_command",
		"postscreen_expansion_filter", "postscreen_reject_footer",
		"smtpd_expansion_filter", "smtpd_reject_footer"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sv_eq_str(name, names[i]))
			return true;
	return false;
}

static const char *
reason(enum cfx_fault fault)
{
	switch (fault) {
	case CFX_TRUNCATED:
		return _("a \"${\" or \"$(\" in it isn't closed.");
	case CFX_NO_NAME:
		return _("a \"$\" in it has no name after it.");
	case CFX_BAD_NAME:
		return _("a name between \"${\" and \"}\" in it has something else than "
			 "letters, digits and _.");
	case CFX_UNBALANCED:
		return _("a \"{\" in it isn't closed.");
	case CFX_NO_OPERATOR:
		return _("a comparison in it lacks one of == != < <= > >=.");
	case CFX_BAD_SUFFIX:
		return _("a comparison in it has an ending other than \"level\".");
	case CFX_NO_OPERAND:
		return _("a comparison in it has no {text} on its right side.");
	case CFX_NO_QUESTION:
		return _("a comparison in it is followed by something else than \"?\" or "
			 "\":\".");
	case CFX_NO_COLON:
		return _("a {text} in it is followed by something else than \":\".");
	case CFX_TAIL:
		return _(
			"the last {text} of a condition in it is followed by more text.");
	case CFX_BAD_NUMBER:
		return _("a number in it is too large to be compared.");
	case CFX_BAD_LEVEL:
		return _("it compares something that is no compatibility level.");
	case CFX_LOOP:
		return _("it refers to itself, or through more than 100 others.");
	case CFX_FINE:
		break;
	}
	return "";
}

static const char *
way_out(enum cfx_fault fault)
{
	switch (fault) {
	case CFX_NO_NAME:
		return _("Write \"$$\" for the sign itself, or a name behind it.");
	case CFX_TRUNCATED:
	case CFX_UNBALANCED:
		return _("Close the bracket, or write \"$$\" for the sign itself.");
	case CFX_BAD_NAME:
		return _("Write it as ${name}, ${name?text} or ${name:text}.");
	case CFX_BAD_LEVEL:
		return _("A level is written like 2, 3.6 or 3.6.1.");
	case CFX_LOOP:
		return _("Replace one of the references by the text it stands for.");
	case CFX_NO_OPERATOR:
	case CFX_BAD_SUFFIX:
	case CFX_NO_OPERAND:
	case CFX_NO_QUESTION:
	case CFX_NO_COLON:
	case CFX_TAIL:
	case CFX_BAD_NUMBER:
	case CFX_FINE:
		break;
	}
	return _("Write it as ${{a} == {b} ? {text} : {text}}.");
}

bool
cfx_tell(const struct cfx_report *rep, const char *param, bool fatal,
	const struct diag_loc *loc, struct diags *diags)
{
	enum diag_code code =
		rep->fault == CFX_LOOP ? DIAG_CF_NESTING : DIAG_CF_REFERENCE;

	if (fatal)
		return diag_add(diags, SEV_ERROR, code, loc, way_out(rep->fault),
			_("Every Postfix program that uses %s stops: %s"), param,
			reason(rep->fault));
	return diag_add(diags, SEV_WARN, code, loc, way_out(rep->fault),
		_("A Postfix program would stop if it needed this part of %s: %s"), param,
		reason(rep->fault));
}
