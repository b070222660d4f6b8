/* SPDX-License-Identifier: MIT
 *
 * postrelay.conf through libconfuse. A file counts only when all of it was understood; no
 * option has a default inside libconfuse, so that "not set" is told from "set to the
 * default".
 */
#include "session/settings.h"

#include <confuse.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "session/cfgfile.h"

#define SYSTEM_FILE "/etc/postrelay.conf"

enum source {
	SRC_SYSTEM, /* /etc/postrelay.conf, or what -f names */
	SRC_USER,   /* the user's own */
};

struct reading {
	struct cfgfile file;
	enum source source;
};

static void
set_defaults(struct settings *set)
{
	*set = (struct settings){
		.config_dir = mem_strdup("/etc/postfix"),
		.command_dir = mem_strdup("/usr/sbin"),
		.systemctl = mem_strdup("/usr/bin/systemctl"),
		.getent = mem_strdup("/usr/bin/getent"),
		.program_seconds = 60,
		.log_ms = 2000,
		.history_keep = 100,
		.history_days = 730,
		.history_megabytes = 200,
		.colour = SET_COLOUR_AUTO,
	};
}

/* --- libconfuse --- */

static int
check_path(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *path = cfg_opt_getstr(opt);
	bool good = path && path[0] == '/';

	for (size_t i = 0; good && path[i]; i++)
		good = (unsigned char)path[i] >= ' ';
	if (good)
		return 0;
	cfg_error(cfg, _("%s wants a path on one line that begins with /"), opt->name);
	return -1;
}

static int
check_seconds(cfg_t *cfg, cfg_opt_t *opt)
{
	long n = cfg_opt_getnint(opt, 0);

	if (n >= 1 && n <= 3600)
		return 0;
	cfg_error(cfg, _("%s wants a number of seconds from 1 to 3600"), opt->name);
	return -1;
}

static int
check_number(cfg_t *cfg, cfg_opt_t *opt, long most)
{
	long n = cfg_opt_getnint(opt, 0);

	if (n >= 1 && n <= most)
		return 0;
	cfg_error(cfg, _("%s wants a number from 1 to %ld"), opt->name, most);
	return -1;
}

static int
check_keep(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_number(cfg, opt, 1000);
}

static int
check_days(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_number(cfg, opt, 36500);
}

static int
check_megabytes(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_number(cfg, opt, 100000);
}

static int
check_colour(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *word = cfg_opt_getstr(opt);

	if (word && (strcmp(word, "auto") == 0 || strcmp(word, "never") == 0))
		return 0;
	cfg_error(cfg, _("%s wants auto or never"), opt->name);
	return -1;
}

static int
check_codes(cfg_t *cfg, cfg_opt_t *opt)
{
	enum diag_code code;

	for (unsigned i = 0; i < cfg_opt_size(opt); i++) {
		const char *name = cfg_opt_getnstr(opt, i);

		if (!name || diag_code_parse(name, &code))
			continue;
		cfg_error(cfg, _("%s names %s, but no finding has that code"), opt->name,
			name);
		return -1;
	}
	return 0;
}

static cfg_t *
new_parser(void)
{
	cfg_opt_t opts[] = {
		CFG_STR("config_dir", NULL, CFGF_NODEFAULT),
		CFG_STR("state_dir", NULL, CFGF_NODEFAULT),
		CFG_STR("command_dir", NULL, CFGF_NODEFAULT),
		CFG_STR("systemctl", NULL, CFGF_NODEFAULT),
		CFG_STR("getent", NULL, CFGF_NODEFAULT),
		CFG_INT("program_seconds", 0, CFGF_NODEFAULT),
		CFG_INT("log_seconds", 0, CFGF_NODEFAULT),
		CFG_INT("history_keep", 0, CFGF_NODEFAULT),
		CFG_INT("history_days", 0, CFGF_NODEFAULT),
		CFG_INT("history_megabytes", 0, CFGF_NODEFAULT),
		CFG_STR("colour", NULL, CFGF_NODEFAULT),
		CFG_BOOL("ascii", cfg_false, CFGF_NODEFAULT),
		CFG_STR_LIST("silence", NULL, CFGF_NODEFAULT),
		CFG_END(),
	};
	static const char *const paths[] = {
		"config_dir", "state_dir", "command_dir", "systemctl", "getent"};
	cfg_t *cfg = cfg_init(opts, CFGF_NONE);

	if (!cfg)
		return NULL;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		cfg_set_validate_func(cfg, paths[i], check_path);
	cfg_set_validate_func(cfg, "program_seconds", check_seconds);
	cfg_set_validate_func(cfg, "log_seconds", check_seconds);
	cfg_set_validate_func(cfg, "history_keep", check_keep);
	cfg_set_validate_func(cfg, "history_days", check_days);
	cfg_set_validate_func(cfg, "history_megabytes", check_megabytes);
	cfg_set_validate_func(cfg, "colour", check_colour);
	cfg_set_validate_func(cfg, "silence", check_codes);
	return cfg;
}

static void
take_string(cfg_t *cfg, const char *name, char **to)
{
	if (!cfg_size(cfg, name))
		return;
	free(*to);
	*to = mem_strdup(cfg_getstr(cfg, name));
}

static void
take_number(cfg_t *cfg, const char *name, int *to)
{
	if (cfg_size(cfg, name))
		*to = (int)cfg_getint(cfg, name);
}

static void
take_silence(cfg_t *cfg, struct settings *set)
{
	unsigned n = cfg_size(cfg, "silence");

	if (!n)
		return;
	for (size_t i = 0; set->silence && set->silence[i]; i++)
		free(set->silence[i]);
	free(set->silence);
	set->silence = mem_new((size_t)n + 1, sizeof(*set->silence));
	for (unsigned i = 0; i < n; i++)
		set->silence[i] = mem_strdup(cfg_getnstr(cfg, "silence", i));
}

/* What somebody who may be another user than root can't decide for root. */
static void
take_trusted(cfg_t *cfg, struct settings *set)
{
	take_string(cfg, "config_dir", &set->config_dir);
	take_string(cfg, "state_dir", &set->state_dir);
	take_string(cfg, "command_dir", &set->command_dir);
	take_string(cfg, "systemctl", &set->systemctl);
	take_string(cfg, "getent", &set->getent);
	take_number(cfg, "program_seconds", &set->program_seconds);
	if (cfg_size(cfg, "log_seconds"))
		set->log_ms = (int)cfg_getint(cfg, "log_seconds") * 1000;
	take_number(cfg, "history_keep", &set->history_keep);
	take_number(cfg, "history_days", &set->history_days);
	take_number(cfg, "history_megabytes", &set->history_megabytes);
	take_silence(cfg, set);
}

static bool
has_trusted(cfg_t *cfg)
{
	static const char *const names[] = {"config_dir", "state_dir", "command_dir",
		"systemctl", "getent", "program_seconds", "log_seconds", "history_keep",
		"history_days", "history_megabytes", "silence"};
	unsigned n = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		n += cfg_size(cfg, names[i]);
	return n > 0;
}

static void
take(cfg_t *cfg, const struct reading *r, struct settings *set, struct diags *d)
{
	if (cfg_size(cfg, "colour"))
		set->colour = strcmp(cfg_getstr(cfg, "colour"), "never") == 0
				      ? SET_COLOUR_NEVER
				      : SET_COLOUR_AUTO;
	if (cfg_size(cfg, "ascii"))
		set->ascii = cfg_getbool(cfg, "ascii") == cfg_true;
	if (r->source == SRC_SYSTEM || !cfgfile_is_privileged())
		take_trusted(cfg, set);
	else if (has_trusted(cfg))
		diag_add(d, SEV_NOTE, DIAG_SET_SYNTAX,
			&(struct diag_loc){.file = r->file.path},
			_("For root the others belong into /etc/postrelay.conf."),
			_("Only colour and ascii are taken from this file."));
}

static void
load_file(struct settings *set, const struct reading *r, struct diags *d)
{
	struct str text = {0};
	cfg_t *cfg = new_parser();

	if (cfg && cfgfile_load(&r->file, &text, d) &&
		cfgfile_parse(&r->file, cfg, str_sv(&text), d))
		take(cfg, r, set, d);
	if (cfg)
		cfg_free(cfg);
	str_free(&text);
}

/* $XDG_CONFIG_HOME/postrelay/postrelay.conf or NULL; the caller frees it. */
static char *
user_file(void)
{
	const char *base = secure_getenv("XDG_CONFIG_HOME");

	if (base && base[0] == '/')
		return str_format("%s/postrelay/postrelay.conf", base);
	base = secure_getenv("HOME");
	if (base && base[0] == '/')
		return str_format("%s/.config/postrelay/postrelay.conf", base);
	return NULL;
}

void
set_load(struct settings *set, const char *only, struct diags *d)
{
	bool privileged = cfgfile_is_privileged();
	struct reading r = {
		{.path = only ? only : SYSTEM_FILE,
			.hint = _("postrelay.conf(5) describes every setting."),
			.may_miss = !only,
			.no_link = privileged,
			.is_trusted_as_us = true},
		SRC_SYSTEM};
	char *own;

	set_defaults(set);
	load_file(set, &r, d);
	if (only)
		return;
	own = user_file();
	if (own) {
		r.file.path = own;
		/* a home that belongs to somebody else, as after sudo -u */
		r.file.may_deny = true;
		r.file.is_trusted_as_us = false;
		r.source = SRC_USER;
		load_file(set, &r, d);
	}
	free(own);
}

void
set_free(struct settings *set)
{
	free(set->config_dir);
	free(set->state_dir);
	free(set->command_dir);
	free(set->systemctl);
	free(set->getent);
	for (size_t i = 0; set->silence && set->silence[i]; i++)
		free(set->silence[i]);
	free(set->silence);
	*set = (struct settings){0};
}
