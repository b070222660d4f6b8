/* SPDX-License-Identifier: MIT
 *
 * Running Postfix's programs, finding them, and asking postconf what is installed.
 */
#include "apply/svc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { MAX_ARGS = 32, SLURP_MAX = 1 << 20, OUTPUT_MAX = 1 << 20 };

const char *
svc_command_dir(const struct svc *svc)
{
	return svc->command_dir ? svc->command_dir : "/usr/sbin";
}

const char *
svc_proc(const struct svc *svc)
{
	return svc->proc ? svc->proc : "/proc";
}

bool
svc_slurp(const struct svc *svc, const char *path, struct str *out)
{
	const struct fs_port *fs = &svc->world->fs;
	int fd = fs->ops->openat(fs->self, AT_FDCWD, path,
		O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
	char buf[8192];
	ssize_t n = 0;

	if (fd < 0)
		return false;
	while (out->n < SLURP_MAX &&
		(n = fs->ops->read(fs->self, fd, buf, sizeof buf)) > 0)
		str_add(out, buf, (size_t)n);
	fs->ops->close(fs->self, fd);
	return n >= 0;
}

static bool
is_program(const struct svc *svc, const char *path)
{
	const struct fs_port *fs = &svc->world->fs;
	struct stat st;

	return fs_stat(fs, path, &st) && S_ISREG(st.st_mode) && (st.st_mode & 0111) != 0;
}

/* Names to try, best first. Where several mail systems are installed side by side, the
 * plain `newaliases` may be another one's, and Postfix's has its name behind it. */
static const char *const program_names[SVC_PROGRAMS][3] = {
	[SVC_POSTCONF] = {"postconf", NULL, NULL},
	[SVC_POSTFIX] = {"postfix", NULL, NULL},
	[SVC_POSTALIAS] = {"postalias", NULL, NULL},
	[SVC_POSTMAP] = {"postmap", NULL, NULL},
	[SVC_NEWALIASES] = {"newaliases.postfix", "newaliases", NULL},
	[SVC_POSTQUEUE] = {"postqueue", NULL, NULL},
};

char *
svc_find(const struct svc *svc, enum svc_program program)
{
	const char *const dirs[] = {svc_command_dir(svc), "/usr/bin", NULL};
	/* newaliases alone lives outside of command_directory. */
	size_t ndirs = program == SVC_NEWALIASES ? 2 : 1;

	for (size_t i = 0; program_names[program][i]; i++)
		for (size_t k = 0; k < ndirs; k++) {
			char *path =
				str_format("%s/%s", dirs[k], program_names[program][i]);

			if (is_program(svc, path))
				return path;
			free(path);
		}
	return NULL;
}

static bool
tell_end(const struct svc *svc, const char *path, const struct run_res *res, int limit,
	struct diags *d)
{
	(void)svc;
	switch (res->end) {
	case RUN_EXITED:
		return true;
	case RUN_NOT_STARTED:
		return diag_errno(d, DIAG_PF_MISSING, path, res->sys_errno, NULL,
			_("Postfix cannot be asked: %s does not start"), path);
	case RUN_TIMEOUT:
		return diag_add(d, SEV_ERROR, DIAG_PF_TIMEOUT, NULL,
			_("Raise the time limit in postrelay.conf, or look what Postfix "
			  "waits "
			  "for (often a name server)."),
			_("%s gave no answer within %d seconds."), path, limit / 1000);
	case RUN_SIGNALLED:
	default:
		return diag_add(d, SEV_ERROR, DIAG_PF_SAYS, NULL, NULL,
			_("%s was ended by signal %d."), path, res->code);
	}
}

bool
svc_run_path(const struct svc *svc, const char *path, const char *const *args,
	unsigned flags, struct run_res *res, struct diags *d)
{
	const char *argv[MAX_ARGS + 2] = {path};
	int limit = svc->limit_ms > 0 ? svc->limit_ms : 60000;
	struct run_req req = {.argv = argv,
		.tty = flags & SVC_RUN_TTY,
		.never_kill = flags & SVC_RUN_KEEP,
		.held = flags & SVC_RUN_STAYS ? 0 : svc->held,
		.timeout_ms = limit,
		.out_max = OUTPUT_MAX};

	for (size_t i = 0; i < MAX_ARGS && args[i]; i++)
		argv[i + 1] = args[i];
	*res = (struct run_res){0};
	run_wait(&svc->world->run, &req, res);
	return tell_end(svc, path, res, limit, d);
}

bool
svc_run(const struct svc *svc, enum svc_program program, const char *const *args,
	struct run_res *res, struct diags *d)
{
	char *path = svc_find(svc, program);
	unsigned flags = program == SVC_NEWALIASES || program == SVC_POSTALIAS ||
					 program == SVC_POSTMAP
				 ? SVC_RUN_KEEP
				 : 0;
	bool ok;

	*res = (struct run_res){0};
	if (!path)
		return diag_add(d, SEV_ERROR, DIAG_PF_MISSING, NULL,
			_("Install Postfix, or name its programs' folder in "
			  "postrelay.conf."),
			_("Postfix cannot be asked: there is no %s in %s."),
			program_names[program][program == SVC_NEWALIASES],
			svc_command_dir(svc));
	ok = svc_run_path(svc, path, args, flags, res, d);
	free(path);
	return ok;
}

void
svc_probe_defaults(struct svc_probe *p, struct sv defaults)
{
	struct sv value;

	if (svc_conf_value(defaults, "mail_version", &value)) {
		free(p->version);
		p->version = sv_dup(value);
	}
	if (svc_conf_value(defaults, "default_database_type", &value)) {
		free(p->default_database_type);
		p->default_database_type = sv_dup(value);
	}
	/* Parameters that came with the version that first can do it. */
	p->relay_list = svc_conf_value(defaults, "info_log_address_format", &value);
	p->masters_listed = svc_conf_value(defaults, "enable_long_queue_ids", &value);
}

static bool
ask_defaults(const struct svc *svc, struct svc_probe *out, struct diags *d)
{
	static const char *const args[] = {"-d", "mail_version", "default_database_type",
		"info_log_address_format", "enable_long_queue_ids", NULL};
	struct run_res res;
	bool ok = svc_run(svc, SVC_POSTCONF, args, &res, d);

	if (ok)
		svc_probe_defaults(out, str_sv(&res.out));
	run_res_free(&res);
	return ok;
}

static void
ask_types(const struct svc *svc, struct svc_probe *out)
{
	const char *const args[] = {"-c", svc->config_dir, "-m", NULL};
	struct run_res res;

	if (svc_run(svc, SVC_POSTCONF, args, &res, NULL) && res.code == 0) {
		free(out->types);
		out->types = str_take(&res.out);
	}
	run_res_free(&res);
}

bool
svc_probe(const struct svc *svc, struct svc_probe *out, struct diags *d)
{
	bool ok;

	*out = (struct svc_probe){0};
	out->version = mem_strdup("");
	out->default_database_type = mem_strdup("");
	out->types = mem_strdup("");
	for (int i = 0; i < SVC_PROGRAMS; i++)
		out->path[i] = svc_find(svc, (enum svc_program)i);
	ok = ask_defaults(svc, out, d);
	if (ok)
		ask_types(svc, out);
	return ok;
}

void
svc_probe_free(struct svc_probe *p)
{
	for (int i = 0; i < SVC_PROGRAMS; i++)
		free(p->path[i]);
	free(p->version);
	free(p->default_database_type);
	free(p->types);
	*p = (struct svc_probe){0};
}

/* One try: with -x (since 2.10) or without. */
static char *
ask_value(const struct svc *svc, const char *name, bool expand)
{
	const char *args[] = {"-c", svc->config_dir, expand ? "-x" : name, name, NULL};
	struct run_res res;
	struct sv value;
	char *found = NULL;

	if (!expand)
		args[3] = NULL;
	if (svc_run(svc, SVC_POSTCONF, args, &res, NULL) &&
		svc_conf_value(str_sv(&res.out), name, &value))
		found = sv_dup(value);
	run_res_free(&res);
	return found;
}

char *
svc_value(const struct svc *svc, const char *name)
{
	char *plain = ask_value(svc, name, false);
	char *expanded;

	if (!plain || !strchr(plain, '$'))
		return plain;
	expanded = ask_value(svc, name, true);
	if (!expanded)
		return plain;
	free(plain);
	return expanded;
}
