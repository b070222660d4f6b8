/* SPDX-License-Identifier: MIT
 *
 * recover: end what an apply that died has left half done.
 */
#include <string.h>

#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/session.h"

int
cmd_recover(struct cli *c)
{
	enum ses_recover_wish wish = SES_RECOVER_AUTO;
	struct diags d = {0};
	int status;

	if (c->n == 1 && strcmp(c->v[0], "keep") == 0)
		wish = SES_RECOVER_KEEP;
	else if (c->n == 1 && strcmp(c->v[0], "old") == 0)
		wish = SES_RECOVER_OLD;
	else if (c->n == 1) {
		diag_add(&d, SEV_ERROR, DIAG_USAGE, NULL,
			_("keep leaves the files as they are, old brings the old ones "
			  "back."),
			_("recover knows the words keep and old, not \"%s\"."), c->v[0]);
		return cli_refuse(&d);
	}
	status = ses_recover(c->s, wish, &d);
	if (d.n == 0)
		out_line(_("Nothing is half done."));
	cli_say_findings(&d);
	diag_clear(&d);
	return status;
}
