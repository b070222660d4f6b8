/* SPDX-License-Identifier: MIT
 *
 * Stop, start, reload, and building tables. An exit status of 0 proves little (reload
 * only sends a signal, postalias skips lines), so the master is looked at afterwards and
 * every line on stderr counts.
 */
#include "apply/svc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { POLL_MS = 100, GONE_MS = 15000, THERE_MS = 10000 };

static const char *const verbs[] = {"stop", "start", "reload"};

static bool
has_systemd(const struct svc *svc)
{
	const struct fs_port *fs = &svc->world->fs;
	const char *run = svc->run_systemd ? svc->run_systemd : "/run/systemd/system";

	return fs_has(fs, run);
}

static const char *
systemctl(const struct svc *svc)
{
	return svc->systemctl ? svc->systemctl : "/usr/bin/systemctl";
}

char *
svc_unit(const struct svc *svc, const struct svc_master *m)
{
	struct str cgroup = {0};
	struct sv unit;
	char *path, *found = NULL;

	if (m->pid == 0 || !has_systemd(svc))
		return NULL;
	path = str_format("%s/%d/cgroup", svc_proc(svc), (int)m->pid);
	/* A master started by hand sits in the unit of the shell it came from (sshd,
	 * cron): that unit isn't Postfix's and must never be stopped. */
	if (svc_slurp(svc, path, &cgroup) && svc_unit_parse(str_sv(&cgroup), &unit) &&
		sv_find_sv(unit, sv_of("postfix")) >= 0)
		found = sv_dup(unit);
	str_free(&cgroup);
	free(path);
	return found;
}

/* Of a master that is gone no cgroup tells. Debian up to 12 has a postfix.service that
 * only pretends: it is "active" all the time, and an instance of another one does it. */
char *
svc_unit_down(const struct svc *svc)
{
	static const char *const args[] = {
		"show", "-p", "LoadState", "-p", "Type", "postfix.service", NULL};
	struct run_res res;
	char *unit = NULL;

	if (!has_systemd(svc))
		return NULL;
	if (svc_run_path(svc, systemctl(svc), args, 0, &res, NULL) && res.code == 0 &&
		res.out.n && !svc_list_has(str_sv(&res.out), "LoadState=not-found"))
		unit = mem_strdup(svc_list_has(str_sv(&res.out), "Type=oneshot")
					  ? "postfix@-.service"
					  : "postfix.service");
	run_res_free(&res);
	return unit;
}

/* SIGTERM to exactly the process that was verified: the descriptor is taken first, then
 * looked at once more, so a recycled number can't be hit. */
static bool
terminate(const struct svc *svc, const struct svc_master *m)
{
	struct svc_master now;
	int fd;
	bool ok;

	if (svc->terminate)
		return svc->terminate(svc->terminate_ctx, m->pid);
	fd = (int)syscall(SYS_pidfd_open, m->pid, 0);
	svc_quick_state(svc, &now);
	if (now.pid != m->pid || !now.verified) {
		if (fd >= 0)
			close(fd);
		return now.state == SVC_STOPPED;
	}
	if (fd < 0)
		return errno == ENOSYS && kill(m->pid, SIGTERM) == 0;
	ok = syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0) == 0;
	close(fd);
	return ok;
}

static bool
wait_state(const struct svc *svc, bool running, int ms)
{
	const struct clock_port *clock = &svc->world->clock;
	int64_t end = clock->ops->mono_ms(clock->self) + ms;
	struct svc_master m;

	for (;;) {
		svc_quick_state(svc, &m);
		if ((m.state == SVC_RUNNING && m.verified) == running)
			return true;
		if (clock->ops->mono_ms(clock->self) >= end)
			return false;
		clock->ops->sleep_ms(clock->self, POLL_MS);
	}
}

static bool
run_verb(const struct svc *svc, enum svc_verb verb, const char *unit, struct run_res *res,
	struct diags *d)
{
	const char *by_systemd[] = {verbs[verb], unit, NULL};
	const char *by_hand[] = {"-c", svc->config_dir, verbs[verb], NULL};
	unsigned keep = verb == SVC_START ? SVC_RUN_KEEP | SVC_RUN_STAYS : 0;
	char *path;
	bool ok;

	if (unit)
		return svc_run_path(svc, systemctl(svc), by_systemd, keep, res, d);
	path = svc_find(svc, SVC_POSTFIX);
	if (!path) {
		*res = (struct run_res){0};
		return diag_add(d, SEV_ERROR, DIAG_PF_MISSING, NULL,
			_("Install Postfix, or name its programs' folder in "
			  "postrelay.conf."),
			_("Postfix cannot be asked: there is no %s in %s."), "postfix",
			svc_command_dir(svc));
	}
	ok = svc_run_path(svc, path, by_hand, SVC_RUN_TTY | keep, res, d);
	free(path);
	return ok;
}

/* `postfix stop` reads main.cf too and dies of an address that is gone. */
static bool
stop_end(const struct svc *svc, const struct svc_master *m, struct diags *d)
{
	if (wait_state(svc, false, 0))
		return true;
	if (terminate(svc, m) && wait_state(svc, false, GONE_MS))
		return true;
	return diag_add(d, SEV_ERROR, DIAG_PF_TIMEOUT, NULL,
		_("It was told to stop and may still do so: look with `postfix status`, "
		  "and start it again when it has."),
		_("Postfix did not stop: its master, process %d, still runs."),
		(int)m->pid);
}

static bool
start_end(const struct svc *svc, bool ok, struct diags *d)
{
	if (ok && wait_state(svc, true, THERE_MS))
		return true;
	return diag_add(d, SEV_ERROR, DIAG_PF_DOWN, NULL,
		_("Postfix's log has the reason."), _("Postfix did not start."));
}

bool
svc_act(const struct svc *svc, enum svc_verb verb, const struct svc_master *m,
	const char *unit, struct diags *d)
{
	struct run_res res;
	struct diags said = {0};
	bool ok = run_verb(svc, verb, unit, &res, &said) && res.code == 0;

	svc_said_diags(str_sv(&res.err), NULL, &said);
	run_res_free(&res);
	if (verb == SVC_STOP) {
		ok = stop_end(svc, m, &said);
		if (ok) {
			/* It is down, in one way or another: what `stop` said is history.
			 */
			diag_clear(&said);
		}
	} else if (verb == SVC_START) {
		ok = start_end(svc, ok, &said);
	} else if (!ok && !diag_has_error(&said)) {
		diag_add(&said, SEV_ERROR, DIAG_PF_SAYS, NULL,
			_("Postfix's log has the reason."), _("Postfix did not reload."));
	}
	if (d)
		diag_move(d, &said);
	diag_clear(&said);
	return ok;
}

/* What a builder said, and whether it did it. */
static bool
built(struct run_res *res, bool ran, const struct svc_said_map *map, struct diags *d)
{
	struct diags said = {0};
	bool ok = ran && res->code == 0;

	svc_said_diags(str_sv(&res->err), map, &said);
	if (ran && !ok && !diag_has_error(&said))
		diag_add(&said, SEV_ERROR, DIAG_PF_SAYS, NULL, NULL,
			_("The table was not built (exit status %d)."), res->code);
	if (d)
		diag_move(d, &said);
	diag_clear(&said);
	run_res_free(res);
	return ok;
}

bool
svc_newaliases(const struct svc *svc, struct diags *d)
{
	const char *const args[] = {"-C", svc->config_dir, NULL};
	struct run_res res;
	bool ran = svc_run(svc, SVC_NEWALIASES, args, &res, d);

	return built(&res, ran, NULL, d);
}

bool
svc_build(const struct svc *svc, enum svc_program program, const char *typefile,
	const struct svc_said_map *map, struct diags *d)
{
	const char *const args[] = {"-c", svc->config_dir, typefile, NULL};
	struct run_res res;
	bool ran = svc_run(svc, program, args, &res, d);

	return built(&res, ran, map, d);
}

bool
svc_table_has(const struct svc *svc, const char *typefile, const char *shown,
	const char *key, bool want, struct diags *d)
{
	const char *const args[] = {"-c", svc->config_dir, "-q", key, typefile, NULL};
	struct run_res res;
	bool has, ran = svc_run(svc, SVC_POSTALIAS, args, &res, d);

	has = ran && res.code == 0 && res.out.n > 0;
	run_res_free(&res);
	if (!ran || has == want)
		return ran;
	if (want)
		return diag_add(d, SEV_ERROR, DIAG_PF_UNHEALTHY, NULL,
			_("Run newaliases once more and look at what it says."),
			_("Mail for %s would bounce: the built table %s does not know "
			  "it."),
			key, shown);
	return diag_add(d, SEV_ERROR, DIAG_PF_UNHEALTHY, NULL,
		_("Run newaliases once more and look at what it says."),
		_("Mail for %s still goes the old way: the built table %s still knows "
		  "it."),
		key, shown);
}

bool
svc_table_count(const struct svc *svc, enum svc_program program, const char *typefile,
	size_t *n, struct diags *d)
{
	const char *const args[] = {"-c", svc->config_dir, "-s", typefile, NULL};
	struct run_res res;
	bool ran = svc_run(svc, program, args, &res, d);
	struct sv rest = str_sv(&res.out), line;

	*n = 0;
	while (sv_line(&rest, &line))
		++*n;
	/* Some types of table can't be listed. */
	if (res.code != 0 || res.truncated)
		*n = SIZE_MAX;
	run_res_free(&res);
	return ran;
}
