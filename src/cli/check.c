/* SPDX-License-Identifier: MIT
 *
 * check: every finding, one a line, in file order.
 */
#include <unistd.h>

#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/aliases.h"
#include "session/networks.h"

#define NAMES_MS 5000 /* patience with DNS: resolv.conf's usual time for one server */

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

/* Findings of all files, also of those that a screen reads only when it is opened. Says
 * whether all of them could be read. */
static bool
read_all(struct session *s)
{
	const struct ses_net_row *rows;
	struct diags d = {0};
	bool good = ses_readable(s, false, &d);

	if (!ses_readable(s, true, &d))
		/* that there is no aliases file to read is no reason to refuse */
		for (size_t i = 0; i < d.n; i++)
			good = good && d.v[i].code == DIAG_AL_NO_FILE;
	else {
		ses_alias_judge_all(s);
		ses_alias_rest(s);
	}
	if (ses_net_names_files(s))
		(void)cli_all_networks(s, &rows);
	diag_clear(&d);
	return good;
}

int
cmd_check(struct cli *c)
{
	const struct diags *found;
	bool readable;

	/* Names that only the installed Postfix knows; without a Postfix the compiled-in
	 * list has to do. What is asked is asked at the same time. */
	(void)ses_ask(c->s, SES_ASK_DEFAULTS);
	if (ses_net_is_derived(c->s))
		(void)ses_ask(c->s, SES_ASK_DERIVED);
	if (ses_wait(c->s, SES_ASK_DEFAULTS, NULL))
		(void)ses_wait(c->s, SES_ASK_TYPES, NULL);
	readable = read_all(c->s);
	(void)ses_findings(c->s);
	ses_wait_names(c->s, NAMES_MS);
	found = ses_findings(c->s);
	if (c->o->json)
		show_json(found);
	else
		show_lines(found);
	if (!readable)
		return CLI_USAGE;
	return diag_has_error(found) ? CLI_NO : CLI_DONE;
}
