/* SPDX-License-Identifier: MIT
 *
 * The command line: the same engine as the screens, seen through the session facade.
 * cli_parse() understands a whole command line before anything is opened, so that
 * --help, --version and a wrong word cost nothing; cli_run() does one command and
 * answers with the exit status. Results go to stdout, plans, steps and findings of
 * commands that write go to stderr.
 */
#ifndef PR_CLI_CLI_H
#define PR_CLI_CLI_H

#include <stdbool.h>

#include "base/diag.h"

struct session;

/* Exit statuses, the same for every command. */
enum cli_status {
	CLI_DONE = 0,
	CLI_NO = 1,       /* the answer is no; nothing was written */
	CLI_USAGE = 2,    /* usage, or input that can't be read */
	CLI_NOT_NOW = 3,  /* busy, changed on disk, no room, no right, read-only */
	CLI_PUT_BACK = 4, /* applied, Postfix unhealthy, everything put back */
	CLI_PERSON = 5    /* a person is needed */
};

enum { CLI_CONSENTS = 32 };

struct cli_opts {
	/* for every command and for the full screen; borrowed from argv */
	const char *config_dir, *aliases_file, *settings_file, *state_dir;
	bool read_only, dry_run, json, ascii;
	/* of single commands */
	bool value_only, expanded;              /* get -h, -x */
	bool mx;                                /* relay set --mx */
	const char *tls, *user, *password_file; /* relay set */
	bool no_act, probe;
	bool no_service;            /* recover --no-service */
	const char *filter;         /* alias list --filter */
	const char *to_file;        /* network add --to */
	const char *from, *to_addr; /* verify run --from, --to */
	const char *answers;        /* setup --answers */
	bool print_answers;
	/* --accept CODE (a danger) and --force CODE (another new error); NULL-terminated
	 */
	const char *consent[CLI_CONSENTS + 1];
	bool consent_danger[CLI_CONSENTS]; /* given with --accept */
	int nconsent;
};

enum cli_what {
	CLI_COMMAND, /* cli_run() with the words */
	CLI_SCREEN,  /* the full screen, at words[0] if there is one */
	CLI_HELP,    /* cli_help() about the words, if any */
	CLI_VERSION,
	CLI_WRONG /* what is wrong was said on stderr: exit with CLI_USAGE */
};

/* Understand argv[1..]. argv is reordered so that the words (command, sub-command,
 * arguments) are argv[0..*nwords-1]; options go to o. */
enum cli_what cli_parse(int argc, char **argv, struct cli_opts *o, int *nwords);

/* Print how postrelay, or the command that words name, is called. */
void cli_help(int nwords, char **words);

/* Do the command. o and words come from cli_parse(). Returns an enum cli_status. */
int cli_run(struct session *s, const struct cli_opts *o, int nwords, char **words);

/* Findings for people, on stderr, hostile bytes escaped on a terminal. */
void cli_say_findings(const struct diags *d);

#endif
