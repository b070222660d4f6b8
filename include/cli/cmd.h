/* SPDX-License-Identifier: MIT
 *
 * What the command files share: one row a command in the table of table.c, and the way
 * by which every command that writes goes (write.c). For src/cli/ only.
 */
#ifndef PR_CLI_CMD_H
#define PR_CLI_CMD_H

#include "cli/cli.h"

struct cli {
	struct session *s;
	const struct cli_opts *o;
	int n; /* arguments behind the command and its sub-command */
	char **v;
};

/* Options that a command takes besides the general ones. */
enum {
	OPT_VALUE = 1 << 0,  /* -h */
	OPT_EXPAND = 1 << 1, /* -x */
	OPT_FILTER = 1 << 2,
	OPT_TO = 1 << 3,
	OPT_MX = 1 << 4,
	OPT_WRITE = 1 << 5, /* --no-act, --probe, --accept, --force */
	OPT_LOGIN = 1 << 6, /* --tls, --user, --password-file */
	OPT_ADDRS = 1 << 7, /* --from ADDR, --to ADDR */
	OPT_SETUP = 1 << 8, /* --answers FILE, --print-answers */
	OPT_NO_SERVICE = 1 << 9
};

/* The files without which a command can't work. */
enum cli_need { NEED_NONE, NEED_MAIN_CF, NEED_ALIASES };

struct cli_cmd {
	const char *name, *sub; /* sub: NULL when the command has none */
	int min, max;           /* arguments; max -1: any number */
	unsigned opts;
	enum cli_need need;
	int (*run)(struct cli *c);
	const char *args; /* for the usage line */
	const char *help; /* N_() */
};

/* The table, ended by a row without name. */
extern const struct cli_cmd cli_table[];
/* The row of words[0] and words[1]; NULL when none fits. */
const struct cli_cmd *cli_find(int nwords, char **words);
/* Is there a command of this name, with whatever sub-command? */
bool cli_is_command(const char *name);
/* Is word one of the screens that can be opened by name? */
bool cli_is_screen(const char *word);
/* "postrelay network add NET... [options]", without line end; appended to out. */
void cli_usage_line(const struct cli_cmd *cmd, struct str *out);

/* A finding for a person, appended to out: as diag_format, but without "0:0: " where it
 * has no place. */
void cli_format(const struct diag *d, struct str *out);
/* The exit status that a finding asks for when nothing was written. */
int cli_status_of(const struct diags *d);
/* Say the findings and free them; returns their exit status. */
int cli_refuse(struct diags *d);
/* Say what else was found (warnings of an edit that was made) and free it. */
void cli_warn(struct diags *d);
/* Show what the edits made so far would change and, unless -n, apply it. same is the
 * sentence for "nothing to do". */
int cli_write(struct cli *c, const char *same);

/* The first line of a file, or with "-" of standard input, where a terminal is asked
 * without showing it. Appended to out, which the caller wipes. */
bool cli_read_password(const char *file, struct str *out, struct diags *d);

struct ses_net_row;
/* Rows of mynetworks with every file and table opened, so that the list is whole. */
size_t cli_all_networks(struct session *s, const struct ses_net_row **rows);

int cmd_check(struct cli *c);
int cmd_get(struct cli *c);
int cmd_set(struct cli *c);
int cmd_unset(struct cli *c);
int cmd_interface_list(struct cli *c);
int cmd_interface_set(struct cli *c);
int cmd_network_list(struct cli *c);
int cmd_network_add(struct cli *c);
int cmd_network_remove(struct cli *c);
int cmd_network_test(struct cli *c);
int cmd_relay_show(struct cli *c);
int cmd_relay_probe(struct cli *c);
int cmd_verify_run(struct cli *c);
int cmd_relay_set(struct cli *c);
int cmd_relay_unset(struct cli *c);
int cmd_alias_list(struct cli *c);
int cmd_alias_get(struct cli *c);
int cmd_alias_set(struct cli *c);
int cmd_alias_add(struct cli *c);
int cmd_alias_remove(struct cli *c);
int cmd_alias_enable(struct cli *c);
int cmd_alias_disable(struct cli *c);
int cmd_setup(struct cli *c);
int cmd_status(struct cli *c);
int cmd_recover(struct cli *c);
int cmd_history_list(struct cli *c);
int cmd_history_show(struct cli *c);
int cmd_history_restore(struct cli *c);

#endif
