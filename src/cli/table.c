/* SPDX-License-Identifier: MIT
 *
 * The one table of commands: parsing, help and dispatch follow from it.
 */
#include <string.h>

#include "base/i18n.h"
#include "cli/cmd.h"

const struct cli_cmd cli_table[] = {
	{"check", NULL, 0, 0, 0, NEED_NONE, cmd_check, "",
		N_("every finding, one a line; status 1 if there is an error")},
	{"get", NULL, 1, -1, OPT_VALUE | OPT_EXPAND, NEED_MAIN_CF, cmd_get,
		"[-h] [-x] NAME...",
		N_("print main.cf parameters; -h value only, -x filled in")},
	{"set", NULL, 1, -1, OPT_WRITE, NEED_MAIN_CF, cmd_set, "NAME=VALUE...",
		N_("set main.cf parameters")},
	{"unset", NULL, 1, -1, OPT_WRITE, NEED_MAIN_CF, cmd_unset, "NAME...",
		N_("remove main.cf parameters: their defaults hold")},
	{"interface", "list", 0, 0, 0, NEED_MAIN_CF, cmd_interface_list, "",
		N_("network interfaces, and on which addresses Postfix listens")},
	{"interface", "set", 1, -1, OPT_WRITE, NEED_MAIN_CF, cmd_interface_set,
		"all|loopback-only|ADDR...", N_("say where Postfix listens")},
	{"network", "list", 0, 0, 0, NEED_MAIN_CF, cmd_network_list, "",
		N_("client segments that may relay (mynetworks)")},
	{"network", "add", 1, -1, OPT_WRITE | OPT_TO, NEED_MAIN_CF, cmd_network_add,
		"[--to FILE] NET...", N_("let segments or hosts relay")},
	{"network", "remove", 1, -1, OPT_WRITE, NEED_MAIN_CF, cmd_network_remove,
		"NET...", N_("take segments or hosts out again")},
	{"network", "test", 1, -1, 0, NEED_MAIN_CF, cmd_network_test, "ADDR...",
		N_("may these clients relay, and which row decides")},
	{"relay", "show", 0, 0, 0, NEED_MAIN_CF, cmd_relay_show, "",
		N_("where mail for other places goes, with login and TLS")},
	{"relay", "set", 1, 1, OPT_WRITE | OPT_MX | OPT_LOGIN, NEED_MAIN_CF,
		cmd_relay_set,
		"HOST[:PORT] [--mx] [--tls LEVEL] [--user USER --password-file FILE]",
		N_("hand all mail to this host; --mx looks up its MX, FILE - is stdin")},
	{"relay", "unset", 0, 0, OPT_WRITE, NEED_MAIN_CF, cmd_relay_unset, "",
		N_("no relay host and no login at it: mail leaves directly")},
	{"relay", "probe", 0, 0, 0, NEED_MAIN_CF, cmd_relay_probe, "",
		N_("does the relay host answer, from its name to the login; status 1 if "
		   "not")},
	{"verify", "run", 0, 0, OPT_ADDRS, NEED_NONE, cmd_verify_run,
		"[--from ADDR] [--to ADDR]",
		N_("prove the relay rung by rung; with --to by a test message, too")},
	{"alias", "list", 0, 0, OPT_FILTER, NEED_ALIASES, cmd_alias_list,
		"[--filter TEXT]", N_("aliases, as aliases(5) writes them")},
	{"alias", "get", 1, 1, 0, NEED_ALIASES, cmd_alias_get, "NAME",
		N_("the targets of one alias")},
	{"alias", "set", 2, -1, OPT_WRITE, NEED_ALIASES, cmd_alias_set, "NAME TARGET...",
		N_("create an alias, or replace all its targets")},
	{"alias", "add", 2, -1, OPT_WRITE, NEED_ALIASES, cmd_alias_add, "NAME TARGET...",
		N_("add targets to an alias")},
	{"alias", "remove", 1, -1, OPT_WRITE, NEED_ALIASES, cmd_alias_remove,
		"NAME [TARGET...]", N_("remove an alias, or some of its targets")},
	{"alias", "enable", 1, 1, OPT_WRITE, NEED_ALIASES, cmd_alias_enable, "NAME",
		N_("bring a disabled alias back")},
	{"alias", "disable", 1, 1, OPT_WRITE, NEED_ALIASES, cmd_alias_disable, "NAME",
		N_("disable an alias: its line becomes a comment")},
	{"setup", NULL, 0, 0, OPT_WRITE | OPT_SETUP, NEED_MAIN_CF, cmd_setup,
		"[--answers FILE | --print-answers]",
		N_("the guided set-up; with a file of answers also without a screen")},
	{"status", NULL, 0, 0, 0, NEED_NONE, cmd_status, "",
		N_("what runs, and from which files")},
	{"history", "list", 0, 0, 0, NEED_NONE, cmd_history_list, "",
		N_("what was applied: when, by whom, and how it went")},
	{"history", "show", 1, 1, 0, NEED_NONE, cmd_history_show, "N",
		N_("the lines that one of them changed")},
	{"history", "restore", 1, 1, OPT_WRITE, NEED_MAIN_CF, cmd_history_restore, "N",
		N_("make the files what they were after no. N")},
	{"recover", NULL, 0, 1, OPT_NO_SERVICE, NEED_NONE, cmd_recover,
		"[--no-service] [keep|old]",
		N_("end what an interrupted apply left; keep or old decides where it "
		   "can't")},
	{NULL, NULL, 0, 0, 0, NEED_NONE, NULL, NULL, NULL},
};

const struct cli_cmd *
cli_find(int nwords, char **words)
{
	for (const struct cli_cmd *c = cli_table; nwords > 0 && c->name; c++) {
		if (strcmp(c->name, words[0]) != 0)
			continue;
		if (!c->sub || (nwords > 1 && strcmp(c->sub, words[1]) == 0))
			return c;
	}
	return NULL;
}

bool
cli_is_command(const char *name)
{
	for (const struct cli_cmd *c = cli_table; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return true;
	return false;
}

bool
cli_is_screen(const char *word)
{
	static const char *const screens[] = {"overview", "interfaces", "networks",
		"relayhost", "aliases", "params", "verify", "history", "setup"};

	for (size_t i = 0; i < sizeof(screens) / sizeof(screens[0]); i++)
		if (strcmp(screens[i], word) == 0)
			return true;
	return false;
}

void
cli_usage_line(const struct cli_cmd *cmd, struct str *out)
{
	str_addf(out, "postrelay %s", cmd->name);
	if (cmd->sub)
		str_addf(out, " %s", cmd->sub);
	if (cmd->args[0])
		str_addf(out, " %s", cmd->args);
	if (cmd->opts & OPT_WRITE)
		str_add_cstr(out, " [--no-act] [--probe] [--accept CODE] [--force CODE]");
}
