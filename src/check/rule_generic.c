/* SPDX-License-Identifier: MIT
 *
 * Rules over any value: text that was meant as a comment.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "check/maincf.h"
#include "text/maincf.h"

/* A '#' with blanks around it, outside of what may have one: banners and commands. */
static bool
may_have_hash(struct sv name)
{
	static const char *const ends[] = {"_banner", "_command", "_text", "_footer",
		"_reply_footer", "_exclude_list"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (sv_ends(name, ends[i]))
			return true;
	return sv_eq_str(name, "mynetworks") || sv_eq_str(name, "inet_interfaces") ||
	       sv_eq_str(name, "relayhost") || sv_eq_str(name, "debugger_command");
}

void
rule_notes(struct chk_run *run)
{
	for (size_t i = 0; i < run->ndefs; i++) {
		const struct chk_def *def = &run->defs[i];
		struct sv text = doc_text(run->d, def->id);
		struct diag_loc loc = chk_loc(run, def);
		char *name;
		ptrdiff_t at;

		if (!def->last || !memchr(text.p, '#', text.n) ||
			may_have_hash(def->name))
			continue;
		str_clear(&run->value);
		mcf_value(run->d, def->id, &run->value);
		at = sv_find_sv(str_sv(&run->value), sv_of(" # "));
		if (at <= 0)
			continue;
		name = sv_dup(def->name);
		loc.param = name;
		diag_add(run->out, SEV_WARN, DIAG_CF_NOTE, &loc,
			_("Put the comment on a line of its own that starts with \"#\"."),
			_("\"#\" starts no comment here: what follows it is a part of "
			  "%s."),
			name);
		str_clear(&run->value);
		free(name);
	}
}
