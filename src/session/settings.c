/* SPDX-License-Identifier: MIT
 *
 * postrelay.conf through libconfuse. Its habits decide the shape here: it stops at the
 * first mistake and then leaves some options with 0 instead of their default, so a file
 * counts only when all of it was understood; no option has a default inside libconfuse,
 * so that "not set" is told from "set to the default"; and it fills in ${NAME} from the
 * environment, which nobody who runs this as root wants, so a file with ${ outside a
 * comment line is refused before it is parsed.
 */
#include "session/settings.h"

#include <confuse.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"

#define SYSTEM_FILE "/etc/postrelay.conf"
#define SIZE_LIMIT ((size_t)1024 * 1024)

enum source {
	SRC_SYSTEM, /* /etc/postrelay.conf, or what -f names */
	SRC_USER,   /* the user's own */
};

struct reading {
	const char *path;
	enum source source;
	bool must_exist; /* named with -f */
	bool privileged;
};

static const char *
hint_manual(void)
{
	return _("postrelay.conf(5) describes every setting.");
}

static bool
is_privileged(void)
{
	return geteuid() == 0 || geteuid() != getuid() || getegid() != getgid();
}

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

/* --- reading the bytes --- */

/* Whoever can write a file that counts for root is root. */
static bool
is_safe(const struct reading *r, const struct stat *st, struct diags *d)
{
	struct diag_loc loc = {.file = r->path};

	if (!S_ISREG(st->st_mode))
		return diag_add(d, SEV_ERROR, DIAG_FILE_KIND, &loc, hint_manual(),
			_("This settings file is not used: it is no ordinary file."));
	if ((size_t)st->st_size > SIZE_LIMIT)
		return diag_add(d, SEV_ERROR, DIAG_FILE_TOO_BIG, &loc, hint_manual(),
			_("This settings file is not used: it is larger than 1 MiB."));
	if (!r->privileged || r->source == SRC_USER)
		return true;
	if (st->st_uid != 0 || (st->st_mode & (S_IWGRP | S_IWOTH)))
		return diag_add(d, SEV_ERROR, DIAG_FILE_UNSAFE, &loc,
			_("chown root and chmod go-w make it count."),
			_("This settings file is not used: somebody else than root can "
			  "write it."));
	return true;
}

static bool
read_all(int fd, const struct reading *r, struct str *text, struct diags *d)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return diag_errno(d, DIAG_FILE_ACCESS, r->path, errno, NULL,
				_("This settings file is not used: it could not be "
				  "read."));
		if (text->n + (size_t)n > SIZE_LIMIT)
			return diag_add(d, SEV_ERROR, DIAG_FILE_TOO_BIG,
				&(struct diag_loc){.file = r->path}, hint_manual(),
				_("This settings file is not used: it is larger than 1 "
				  "MiB."));
		str_add(text, buf, (size_t)n);
	}
	return true;
}

/* False when the file doesn't count; a default file that isn't there says nothing. */
static bool
load_text(const struct reading *r, struct str *text, struct diags *d)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	struct stat st;
	bool good;
	int fd;

	if (r->privileged)
		flags |= O_NOFOLLOW;
	fd = open(r->path, flags);
	if (fd < 0) {
		int err = errno;
		enum diag_code code = err == ENOENT  ? DIAG_FILE_MISSING
				      : err == ELOOP ? DIAG_FILE_KIND
						     : DIAG_FILE_ACCESS;

		if (!r->must_exist && (err == ENOENT || err == ENOTDIR))
			return false;
		/* a home that belongs to somebody else, as after sudo -u */
		if (r->source == SRC_USER && err == EACCES)
			return false;
		return diag_errno(d, code, r->path, err, hint_manual(),
			_("This settings file is not used: it could not be opened."));
	}
	if (fstat(fd, &st) != 0)
		good = diag_errno(d, DIAG_FILE_ACCESS, r->path, errno, NULL,
			_("This settings file is not used: it could not be read."));
	else
		good = is_safe(r, &st, d) && read_all(fd, r, text, d);
	close(fd);
	return good;
}

/* --- what libconfuse must not see --- */

/* The line of the first ${ outside a whole-line comment; 0: none. Being stricter than
 * libconfuse's scanner costs nobody anything, being laxer would. */
static uint32_t
line_of_variable(struct sv text)
{
	struct sv line;

	for (uint32_t n = 1; sv_line(&text, &line); n++) {
		line = sv_trim(line);
		if (!sv_starts(line, "#") && !sv_starts(line, "//") &&
			sv_find_sv(line, sv_of("${")) >= 0)
			return n;
	}
	return 0;
}

static bool
text_is_plain(const struct reading *r, struct sv text, struct diags *d)
{
	struct diag_loc loc = {.file = r->path, .line = line_of_variable(text), .col = 1};

	if (loc.line)
		return diag_add(d, SEV_ERROR, DIAG_SET_SYNTAX, &loc,
			_("Write the value itself."),
			_("None of the settings in this file are used: ${...} is not "
			  "filled in here."));
	if (sv_find(text, '\0') >= 0) {
		loc.line = 0;
		return diag_add(d, SEV_ERROR, DIAG_FILE_BINARY, &loc, hint_manual(),
			_("None of the settings in this file are used: it holds NUL "
			  "bytes, so it is no text."));
	}
	return true;
}

/* --- libconfuse --- */

/* libconfuse passes no pointer of ours along: the first message waits in the field for
 * annotations, which is unused without CFGF_COMMENTS. */
static void keep_message(cfg_t *cfg, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

static void
keep_message(cfg_t *cfg, const char *fmt, va_list args)
{
	if (!cfg->comment && vasprintf(&cfg->comment, fmt, args) < 0)
		cfg->comment = NULL;
}

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
	cfg_set_error_function(cfg, keep_message);
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
	if (r->source == SRC_SYSTEM || !r->privileged)
		take_trusted(cfg, set);
	else if (has_trusted(cfg))
		diag_add(d, SEV_NOTE, DIAG_SET_SYNTAX,
			&(struct diag_loc){.file = r->path},
			_("For root the others belong into /etc/postrelay.conf."),
			_("Only colour and ascii are taken from this file."));
}

static void
parse(struct settings *set, const struct reading *r, const char *text, struct diags *d)
{
	cfg_t *cfg = new_parser();
	char *message;

	if (!cfg)
		return;
	if (cfg_parse_buf(cfg, text) == CFG_SUCCESS) {
		take(cfg, r, set, d);
	} else {
		struct diag_loc loc = {.file = r->path, .col = 1};

		loc.line = cfg->line > 0 ? (uint32_t)cfg->line : 0;
		diag_add(d, SEV_ERROR, DIAG_SET_SYNTAX, &loc, hint_manual(),
			_("None of the settings in this file are used: %s."),
			cfg->comment ? cfg->comment : _("it can't be understood"));
	}
	message = cfg->comment;
	cfg->comment = NULL;
	free(message);
	cfg_free(cfg);
}

static void
load_file(struct settings *set, const struct reading *r, struct diags *d)
{
	struct str text = {0};

	if (load_text(r, &text, d) && text_is_plain(r, str_sv(&text), d))
		parse(set, r, str_c(&text), d);
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
	struct reading r = {.source = SRC_SYSTEM, .privileged = is_privileged()};
	char *own;

	set_defaults(set);
	r.path = only ? only : SYSTEM_FILE;
	r.must_exist = only != NULL;
	load_file(set, &r, d);
	if (only)
		return;
	own = user_file();
	if (own) {
		r.path = own;
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
