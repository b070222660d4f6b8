/* SPDX-License-Identifier: MIT
 *
 * check: every finding, one a line, in file order.
 */
#include <unistd.h>

#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/session.h"

static void
show_json(const struct diags *found)
{
	json_t *doc = json_object();

	(void)json_object_set_new(doc, "findings", out_json_findings(found));
	(void)json_object_set_new(
		doc, "errors", json_integer((json_int_t)diag_count(found, SEV_ERROR)));
	(void)json_object_set_new(
		doc, "warnings", json_integer((json_int_t)diag_count(found, SEV_WARN)));
	out_json_end(doc);
}

static void
show_lines(const struct diags *found)
{
	struct str text = {0};

	for (size_t i = 0; i < found->n; i++)
		diag_format(&found->v[i], &text);
	out_text(stdout, str_sv(&text));
	str_free(&text);
	if (!found->n && isatty(STDOUT_FILENO) == 1)
		out_say(_("Nothing to complain about."));
}

int
cmd_check(struct cli *c)
{
	struct diags d = {0};
	const struct diags *found;
	bool readable;

	/* Names that only the installed Postfix knows; without a Postfix the compiled-in
	 * list has to do. */
	(void)ses_wait(c->s, SES_ASK_DEFAULTS, NULL);
	readable = ses_readable(c->s, false, &d);
	diag_clear(&d);
	found = ses_findings(c->s);
	if (c->o->json)
		show_json(found);
	else
		show_lines(found);
	if (!readable)
		return CLI_USAGE;
	return diag_has_error(found) ? CLI_NO : CLI_DONE;
}
