/* SPDX-License-Identifier: MIT
 *
 * Help, dispatch, and from a finding to an exit status.
 */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/session.h"

void
cli_format(const struct diag *d, struct str *out)
{
	static const char nowhere[] = "0:0: ";
	struct str one = {0};
	struct sv text;

	diag_format(d, &one);
	text = str_sv(&one);
	if (sv_starts(text, nowhere))
		text = sv_sub(text, sizeof(nowhere) - 1, text.n);
	str_add_sv(out, text);
	str_free(&one);
}

void
cli_say_findings(const struct diags *d)
{
	struct str text = {0};

	for (size_t i = 0; i < d->n; i++)
		cli_format(&d->v[i], &text);
	out_text(stderr, str_sv(&text));
	str_free(&text);
}

static int
status_of_code(enum diag_code code)
{
	/* no right to read is unreadable input; no right to write is told as read-only */
	static const enum diag_code unreadable[] = {DIAG_FILE_MISSING, DIAG_FILE_ACCESS,
		DIAG_FILE_KIND, DIAG_FILE_TOO_BIG, DIAG_FILE_BINARY, DIAG_USAGE,
		DIAG_AL_NO_FILE, DIAG_SET_SYNTAX};
	static const enum diag_code not_now[] = {DIAG_FILE_UNSAFE, DIAG_FILE_CHANGED,
		DIAG_FILE_WRITE, DIAG_FILE_BUSY, DIAG_READ_ONLY, DIAG_PF_MISSING,
		DIAG_PF_TIMEOUT, DIAG_APPLY_STATE, DIAG_APPLY_UNDONE};

	for (size_t k = 0; k < sizeof(unreadable) / sizeof(unreadable[0]); k++)
		if (code == unreadable[k])
			return CLI_USAGE;
	for (size_t k = 0; k < sizeof(not_now) / sizeof(not_now[0]); k++)
		if (code == not_now[k])
			return CLI_NOT_NOW;
	return CLI_NO;
}

/* The first error that says more than "no"; without an error the first finding that does
 * (Postfix not being there is only a warning until somebody needs an answer). */
int
cli_status_of(const struct diags *d)
{
	bool errors = diag_has_error(d);

	for (size_t i = 0; i < d->n; i++) {
		int status = status_of_code(d->v[i].code);

		if (status != CLI_NO && (d->v[i].sev == SEV_ERROR || !errors))
			return status;
	}
	return CLI_NO;
}

int
cli_refuse(struct diags *d)
{
	int status = cli_status_of(d);

	cli_say_findings(d);
	diag_clear(d);
	return status;
}

void
cli_warn(struct diags *d)
{
	cli_say_findings(d);
	diag_clear(d);
}

static void
help_command(const struct cli_cmd *c)
{
	struct str usage = {0};

	cli_usage_line(c, &usage);
	out_line("%s", str_c(&usage));
	out_line("    %s", _(c->help));
	str_free(&usage);
}

static void
help_all(void)
{
	out_line(_("usage: postrelay [-c DIR] [-A FILE] [-f SETTINGS] [--state DIR] [-R] "
		   "[-n]\n"
		   "                 [--json] [--ascii] [SCREEN | COMMAND]"));
	(void)fputc('\n', stdout);
	out_line(_("Without a command the full screen opens; SCREEN is one of overview,\n"
		   "interfaces, networks, relayhost, aliases, params, verify, history, "
		   "setup."));
	(void)fputc('\n', stdout);
	out_line(_("Commands:"));
	for (const struct cli_cmd *c = cli_table; c->name; c++) {
		out_line("  %s%s%s%s%s", c->name, c->sub ? " " : "", c->sub ? c->sub : "",
			c->args[0] ? " " : "", c->args);
		out_line("      %s", _(c->help));
	}
	(void)fputc('\n', stdout);
	out_line(_(
		"Options:\n"
		"  -c DIR         Postfix configuration folder (else MAIL_CONFIG, else "
		"/etc/postfix)\n"
		"  -A FILE        aliases file (else the first one in alias_database)\n"
		"  -f SETTINGS    read these settings of postrelay only\n"
		"  --state DIR    folder for locks, journal, drafts and history\n"
		"  -R             read-only: nothing can be changed\n"
		"  -n             dry run: show diff and actions, write nothing\n"
		"  --json         print one JSON document\n"
		"  --ascii        no line art\n"
		"  --version      print the version\n"
		"  --help         print this; behind a command, how that one is called"));
	(void)fputc('\n', stdout);
	out_line(_("Commands that write apply at once, service actions included:\n"
		   "  --no-act       write the files only\n"
		   "  --probe        ask the upstream whether it takes mail; put back if "
		   "not\n"
		   "  --accept CODE  consent to a danger\n"
		   "  --force CODE   consent to another new error"));
	(void)fputc('\n', stdout);
	out_line(_(
		"Exit status: 0 done, 1 the answer is no, 2 usage or unreadable input,\n"
		"3 not possible now, 4 put back because Postfix was not well,\n"
		"5 a person is needed."));
}

void
cli_help(int nwords, char **words)
{
	bool any = false;

	for (const struct cli_cmd *c = cli_table; nwords > 0 && c->name; c++) {
		if (strcmp(c->name, words[0]) != 0)
			continue;
		if (nwords > 1 && c->sub && strcmp(c->sub, words[1]) != 0)
			continue;
		help_command(c);
		any = true;
	}
	if (!any)
		help_all();
}

/* A pipe whose reader left, or a full disk: the answer didn't arrive. */
static int
flushed(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	out_say(_("The answer could not be written to the end (%s)."), strerror(errno));
	return status == CLI_DONE ? CLI_NOT_NOW : status;
}

int
cli_run(struct session *s, const struct cli_opts *o, int nwords, char **words)
{
	const struct cli_cmd *cmd = cli_find(nwords, words);
	struct cli c = {.s = s, .o = o};
	struct diags d = {0};
	int used;

	if (!cmd)
		return CLI_USAGE;
	used = cmd->sub ? 2 : 1;
	c.n = nwords - used;
	c.v = words + used;
	if (cmd->need != NEED_NONE && !ses_readable(s, cmd->need == NEED_ALIASES, &d))
		return cli_refuse(&d);
	diag_clear(&d);
	if (cmd->run != cmd_recover && ses_began_while_applied(s, &d))
		cli_say_findings(&d);
	diag_clear(&d);
	/* Files that the start has put back are news to whoever runs any command. */
	if (ses_recovered(s) && cmd->run != cmd_recover && cmd->run != cmd_check)
		cli_say_findings(ses_recovered(s));
	return flushed(cmd->run(&c));
}
