/* SPDX-License-Identifier: MIT
 *
 * The command line, understood as a whole before anything is opened. Options may stand
 * before or after the command; "--" ends them. Only "get" gives -h a meaning of its own.
 */
#include <string.h>

#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"

enum opt_id {
	O_CONFIG,
	O_ALIASES,
	O_SETTINGS,
	O_STATE,
	O_READ_ONLY,
	O_DRY_RUN,
	O_JSON,
	O_ASCII,
	O_VERSION,
	O_HELP,
	O_LETTER_H,
	O_EXPAND,
	O_FILTER,
	O_TO,
	O_FROM,
	O_MX,
	O_TLS,
	O_USER,
	O_PASSWORD,
	O_ANSWERS,
	O_PRINT,
	O_NO_ACT,
	O_PROBE,
	O_NO_SERVICE,
	O_ACCEPT,
	O_FORCE
};

struct opt_def {
	const char *name; /* as typed: "-c", "--json" */
	enum opt_id id;
	bool has_value;
	unsigned bit; /* of the commands that take it; 0: general */
};

static const struct opt_def opt_defs[] = {
	{"-c", O_CONFIG, true, 0},
	{"-A", O_ALIASES, true, 0},
	{"-f", O_SETTINGS, true, 0},
	{"--state", O_STATE, true, 0},
	{"-R", O_READ_ONLY, false, 0},
	{"-n", O_DRY_RUN, false, 0},
	{"--json", O_JSON, false, 0},
	{"--ascii", O_ASCII, false, 0},
	{"--version", O_VERSION, false, 0},
	{"--help", O_HELP, false, 0},
	{"-h", O_LETTER_H, false, 0},
	{"-x", O_EXPAND, false, OPT_EXPAND},
	{"--filter", O_FILTER, true, OPT_FILTER},
	{"--to", O_TO, true, OPT_TO | OPT_ADDRS},
	{"--from", O_FROM, true, OPT_ADDRS},
	{"--mx", O_MX, false, OPT_MX},
	{"--tls", O_TLS, true, OPT_LOGIN},
	{"--user", O_USER, true, OPT_LOGIN},
	{"--password-file", O_PASSWORD, true, OPT_LOGIN},
	{"--answers", O_ANSWERS, true, OPT_SETUP},
	{"--print-answers", O_PRINT, false, OPT_SETUP},
	{"--no-act", O_NO_ACT, false, OPT_WRITE},
	{"--probe", O_PROBE, false, OPT_WRITE},
	{"--no-service", O_NO_SERVICE, false, OPT_NO_SERVICE},
	{"--accept", O_ACCEPT, true, OPT_WRITE},
	{"--force", O_FORCE, true, OPT_WRITE},
};
enum { NOPTS = sizeof(opt_defs) / sizeof(opt_defs[0]) };

struct parse {
	struct cli_opts *o;
	char **argv;
	int argc, next; /* next argument to read */
	bool version, help, letter_h;
	bool given[NOPTS];
};

static enum cli_what
wrong(void)
{
	out_say(_("postrelay --help shows how it is called."));
	return CLI_WRONG;
}

static const struct opt_def *
find_opt(const char *name, size_t n)
{
	for (size_t i = 0; i < NOPTS; i++)
		if (strlen(opt_defs[i].name) == n &&
			memcmp(opt_defs[i].name, name, n) == 0)
			return &opt_defs[i];
	return NULL;
}

static bool
take_consent(struct cli_opts *o, const char *name, bool danger)
{
	enum diag_code code;

	if (!diag_code_parse(name, &code)) {
		out_say(_("%s is no code of a finding; they look like PR-NET-005."),
			name);
		return false;
	}
	if (o->nconsent == CLI_CONSENTS) {
		out_say(_("More than %d codes are not taken at once."), CLI_CONSENTS);
		return false;
	}
	o->consent_danger[o->nconsent] = danger;
	o->consent[o->nconsent++] = name;
	return true;
}

static bool
take_value(struct parse *p, enum opt_id id, const char *value)
{
	struct cli_opts *o = p->o;

	if (id == O_CONFIG)
		o->config_dir = value;
	else if (id == O_ALIASES)
		o->aliases_file = value;
	else if (id == O_SETTINGS)
		o->settings_file = value;
	else if (id == O_STATE)
		o->state_dir = value;
	else if (id == O_FILTER)
		o->filter = value;
	else if (id == O_TO)
		o->to_file = o->to_addr = value; /* by the command */
	else if (id == O_FROM)
		o->from = value;
	else if (id == O_TLS)
		o->tls = value;
	else if (id == O_USER)
		o->user = value;
	else if (id == O_PASSWORD)
		o->password_file = value;
	else if (id == O_ANSWERS)
		o->answers = value;
	else
		return take_consent(o, value, id == O_ACCEPT);
	return true;
}

static void
take_flag(struct parse *p, enum opt_id id)
{
	struct cli_opts *o = p->o;

	o->read_only |= id == O_READ_ONLY;
	o->dry_run |= id == O_DRY_RUN;
	o->json |= id == O_JSON;
	o->ascii |= id == O_ASCII;
	o->expanded |= id == O_EXPAND;
	o->mx |= id == O_MX;
	o->print_answers |= id == O_PRINT;
	o->no_act |= id == O_NO_ACT;
	o->probe |= id == O_PROBE;
	o->no_service |= id == O_NO_SERVICE;
	p->version |= id == O_VERSION;
	p->help |= id == O_HELP;
	p->letter_h |= id == O_LETTER_H;
}

/* An option that was found; its value, if it wants one, is rest or the next argument. */
static bool
take_opt(struct parse *p, const struct opt_def *def, const char *rest)
{
	p->given[def - opt_defs] = true;
	if (!def->has_value) {
		if (rest) {
			out_say(_("%s takes no value."), def->name);
			return false;
		}
		take_flag(p, def->id);
		return true;
	}
	if (!rest && p->next < p->argc)
		rest = p->argv[p->next++];
	if (!rest || !*rest) {
		out_say(_("%s wants a value behind it."), def->name);
		return false;
	}
	return take_value(p, def->id, rest);
}

static bool
take_long(struct parse *p, const char *arg)
{
	size_t n = strcspn(arg, "=");
	const struct opt_def *def = find_opt(arg, n);

	if (!def) {
		out_say(_("There is no option %s."), arg);
		return false;
	}
	return take_opt(p, def, arg[n] ? arg + n + 1 : NULL);
}

/* "-Rn", "-c/etc/postfix": letters together, the last one may have its value behind it.
 */
static bool
take_letters(struct parse *p, const char *arg)
{
	for (size_t i = 1; arg[i]; i++) {
		char name[3] = {'-', arg[i], '\0'};
		const struct opt_def *def = find_opt(name, 2);

		if (!def) {
			out_say(_("There is no option %s."), name);
			return false;
		}
		if (def->has_value)
			return take_opt(p, def, arg[i + 1] ? arg + i + 1 : NULL);
		if (!take_opt(p, def, NULL))
			return false;
	}
	return true;
}

static bool
take_all(struct parse *p, int *nwords)
{
	bool ended = false;

	*nwords = 0;
	while (p->next < p->argc) {
		char *arg = p->argv[p->next++];

		if (ended || arg[0] != '-' || !arg[1])
			p->argv[(*nwords)++] = arg;
		else if (strcmp(arg, "--") == 0)
			ended = true;
		else if (!(arg[1] == '-' ? take_long(p, arg) : take_letters(p, arg)))
			return false;
	}
	return true;
}

/* The command exists, but not with these words. */
static enum cli_what
wrong_words(int nwords, char **words)
{
	struct str subs = {0};

	if (cli_is_screen(words[0]) && !cli_is_command(words[0])) {
		out_say(_("%s opens a screen and takes no further words."), words[0]);
		return wrong();
	}
	for (const struct cli_cmd *c = cli_table; c->name; c++)
		if (c->sub && strcmp(c->name, words[0]) == 0)
			str_addf(&subs, " %s", c->sub);
	if (!subs.n)
		out_say(_("%s is no command and no screen."), words[0]);
	else if (nwords > 1)
		out_say(_("%s has no sub-command %s; it has:%s."), words[0], words[1],
			str_c(&subs));
	else
		out_say(_("%s wants one of these behind it:%s."), words[0], str_c(&subs));
	str_free(&subs);
	return wrong();
}

static bool
opts_fit(const struct parse *p, const struct cli_cmd *cmd)
{
	for (size_t i = 0; i < NOPTS; i++) {
		if (!p->given[i] || !opt_defs[i].bit ||
			(cmd && cmd->opts & opt_defs[i].bit))
			continue;
		if (cmd)
			out_say(_("%s%s%s does not take %s."), cmd->name,
				cmd->sub ? " " : "", cmd->sub ? cmd->sub : "",
				opt_defs[i].name);
		else
			out_say(_("%s goes with a command."), opt_defs[i].name);
		return false;
	}
	return true;
}

static enum cli_what
check_screen(const struct parse *p)
{
	if (!opts_fit(p, NULL))
		return wrong();
	if (p->o->json) {
		out_say(_("--json goes with a command."));
		return wrong();
	}
	return CLI_SCREEN;
}

static enum cli_what
check_command(const struct parse *p, int nwords, char **words)
{
	const struct cli_cmd *cmd = cli_find(nwords, words);
	int n;

	if (!cmd)
		return wrong_words(nwords, words);
	if (!opts_fit(p, cmd))
		return wrong();
	n = nwords - (cmd->sub ? 2 : 1);
	if (n < cmd->min || (cmd->max >= 0 && n > cmd->max)) {
		struct str usage = {0};

		cli_usage_line(cmd, &usage);
		out_say(_("usage: %s"), str_c(&usage));
		str_free(&usage);
		return wrong();
	}
	return CLI_COMMAND;
}

enum cli_what
cli_parse(int argc, char **argv, struct cli_opts *o, int *nwords)
{
	struct parse p = {.o = o, .argv = argv, .argc = argc, .next = 1};
	const struct cli_cmd *cmd;

	*o = (struct cli_opts){0};
	if (!take_all(&p, nwords))
		return wrong();
	cmd = cli_find(*nwords, argv);
	if (p.letter_h && cmd && cmd->opts & OPT_VALUE)
		o->value_only = true;
	else
		p.help |= p.letter_h;
	if (p.help)
		return CLI_HELP;
	if (p.version)
		return CLI_VERSION;
	if (*nwords == 0 || (*nwords == 1 && cli_is_screen(argv[0]) && !o->answers &&
				    !o->print_answers))
		return check_screen(&p);
	return check_command(&p, *nwords, argv);
}
