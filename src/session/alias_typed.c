/* SPDX-License-Identifier: MIT
 *
 * What this machine says to a target that somebody has typed: whether its user, program,
 * file or list is there. The rules that judge the entries of the file judge an entry of
 * its own with this one target; other aliases are asked for in the real file.
 */
#include "base/mem.h"
#include "session/alias_check.h"
#include "session/aliases.h"
#include "text/aliases.h"

/* Names of users only, so no alias is in its way. */
static const char NAME[] = "postrelay-typed-target";

static bool
is_alias(struct session *s, struct sv typed)
{
	struct ses_file *f = aliases_file(s);

	return f && al_find(&f->al, typed) != DOC_NO_ID;
}

static void
judge_entry(struct session *s, struct sv typed, struct diags *out)
{
	struct str text = {0};

	str_addf(&text, "%s: ", NAME);
	str_add_sv(&text, typed);
	str_add_char(&text, '\n');
	alias_check_others(s, str_sv(&text), out);
	str_free(&text);
}

void
ses_target_ask(struct session *s, const char *typed, struct ses_target_verdict *out)
{
	struct sv v = sv_trim(sv_of(typed));
	struct diags found = {0};

	ses_target_judge(s, typed, out);
	if (!out->good || v.n == 0 || !aliases_file(s) ||
		(out->kind == SES_T_USER && is_alias(s, v)))
		return;
	judge_entry(s, v, &found);
	for (size_t i = 0; i < found.n; i++) {
		const struct diag *d = &found.v[i];

		if (d->loc.entry == 0 || (out->text[0] && d->sev <= out->sev))
			continue;
		out->sev = d->sev;
		out->text = arena_str(scratch(s), d->text);
		out->hint = d->hint ? arena_str(scratch(s), d->hint) : "";
	}
	diag_clear(&found);
}
