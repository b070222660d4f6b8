/* SPDX-License-Identifier: MIT
 *
 * Rules over the lines of a main.cf: what Postfix stops at, ignores or cuts. Lines are
 * counted on the way, never asked for, so that many findings stay linear.
 */
#include "check/check.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "check/maincf.h"
#include "text/maincf.h"

#define BOM "\xef\xbb\xbf"

static void
check_bad(struct chk_run *run, uint32_t id, const struct diag_loc *loc)
{
	if (mcf_fault(run->d, id) == MCF_NO_NAME)
		diag_add(run->out, SEV_ERROR, DIAG_CF_NO_NAME, loc,
			_("Write the parameter's name before the \"=\", or comment the "
			  "line "
			  "out."),
			_("Every Postfix program stops at this line: there is no name "
			  "before \"=\"."));
	else
		diag_add(run->out, SEV_ERROR, DIAG_CF_NO_EQUALS, loc,
			_("Write NAME = VALUE, or comment the line out."),
			_("Every Postfix program stops at this line: there is no \"=\" "
			  "after "
			  "the name."));
	diag_offer(run->out, DIAG_MEND_OFF, _("comment this line out"));
}

/* True if the entry starts with a byte order mark (which is told). */
static bool
check_bom(struct chk_run *run, struct sv text, bool bad, const struct diag_loc *loc)
{
	const char *hint = _("Save the file as UTF-8 without a byte order mark.");

	if (!sv_starts(text, BOM))
		return false;
	if (bad)
		diag_add(run->out, SEV_ERROR, DIAG_CF_BOM, loc, hint,
			_("Every Postfix program stops at this line: an invisible byte "
			  "order "
			  "mark stands before it."));
	else
		diag_add(run->out, SEV_WARN, DIAG_CF_BOM, loc, hint,
			_("Postfix ignores this line: an invisible byte order mark "
			  "stands "
			  "before the name."));
	return true;
}

static void
check_entry(struct chk_run *run, uint32_t id, uint32_t line)
{
	const struct entry *e = doc_entry(run->d, id);
	struct sv text = doc_text(run->d, id);
	struct diag_loc loc = {.file = run->env->file, .line = line, .entry = id + 1};
	bool bad = e->kind == ENTRY_BAD, is_param = e->kind == ENTRY_PARAM;
	bool bom = (bad || is_param) && line == 1 && check_bom(run, text, bad, &loc);

	if (e->kind == ENTRY_ORPHAN)
		diag_add(run->out, SEV_WARN, DIAG_CF_ORPHAN, &loc,
			_("Remove the blanks before it, or the line."),
			_("Postfix ignores this line: it begins with a blank, but there "
			  "is "
			  "nothing before it to go on with."));
	if (bad && !bom)
		check_bad(run, id, &loc);
	if ((bad || is_param) && memchr(text.p, '\0', text.n))
		diag_add(run->out, SEV_WARN, DIAG_CF_NUL, &loc,
			_("Write the line again without it."),
			_("Postfix ignores the end of this line: there is a NUL byte in "
			  "it."));
}

void
chk_lines(struct chk_run *run)
{
	const struct doc *d = run->d;
	uint32_t line = 1;

	for (size_t i = 0; i < d->norder; i++) {
		if (!doc_alive(d, d->order[i]))
			continue;
		check_entry(run, d->order[i], line);
		line += sv_count_lines(doc_text(d, d->order[i]));
	}
}
