/* SPDX-License-Identifier: MIT
 *
 * Postfix as a session sees it: whose runs, since when, and whether with the files as
 * they are. It is looked at once a second at the most: that costs a few system calls.
 * inet_interfaces is read by the master when it starts and never again, so that its
 * sockets tell what it was then.
 */
#include "session/review_view.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "apply/svc_health.h"

#define SERVICE_LOOK_MS 1000

enum { SOCKETS_MAX = 64, HOT_S = 2 };

void
session_svc(struct session *s, struct svc *svc)
{
	const char *queue = ses_param_expanded(s, "queue_directory");

	*svc = (struct svc){
		.world = &s->world,
		.config_dir = s->config_dir,
		.command_dir = s->set->command_dir,
		.systemctl = s->set->systemctl,
		.queue_dir = queue && queue[0] == '/' ? queue : NULL,
		.is_hasty = s->holds_asking,
		.limit_ms = s->set->program_seconds * 1000,
	};
}

enum ses_service
service_now(struct session *s, time_t *since)
{
	struct svc svc;
	struct svc_master m = {0};
	char *prog;
	bool there;

	session_svc(s, &svc);
	prog = svc_find(&svc, SVC_POSTFIX);
	there = prog != NULL;
	free(prog);
	if (!there)
		return SES_NOT_INSTALLED;
	svc_quick_state(&svc, &m);
	*since = m.since;
	switch (m.state) {
	case SVC_RUNNING:
		return SES_RUNNING;
	case SVC_FOREIGN:
		return SES_FOREIGN;
	case SVC_ABSENT:
		return SES_NOT_INSTALLED;
	case SVC_STOPPED:
	case SVC_UNSAFE:
		break;
	}
	return m.hidden ? SES_HIDDEN : SES_STOPPED;
}

void
service_age(struct session *s, struct service_age *out)
{
	struct svc svc;
	struct svc_master m = {0};
	time_t read;

	*out = (struct service_age){0};
	session_svc(s, &svc);
	svc_quick_state(&svc, &m);
	if (m.state != SVC_RUNNING || !m.verified)
		return;
	read = svc_settings_read(&svc, m.pid);
	out->known = read != 0;
	out->newer = read ? svc_newer_file(&svc, read) : NULL;
}

/* Of a copy of the files nothing is to be started. */
bool
service_can_start(const struct session *s)
{
	return s->service == SES_STOPPED &&
	       strcmp(s->config_dir, s->set->config_dir) == 0;
}

/* Was main.cf written, or put there, since it started? A copy or an archive brings its
 * old mtime along, so that the time of the change of the inode counts. */
static bool
written_since(const struct session *s, time_t start)
{
	const struct fs_port *fs = &s->world.fs;
	struct stat st;

	return fs->ops->fstatat(fs->self, AT_FDCWD, s->files[0]->path, &st, 0) == 0 &&
	       st.st_ctime > start + HOT_S;
}

/* A socket of its own of a family that the files on disk leave out: each client there
 * kills the smtpd that it gets. */
static bool
has_stray(struct session *s, const struct svc *svc, pid_t pid,
	const struct svc_listen *have, size_t n)
{
	bool used[] = {ifs_family_used(s, 4, true), ifs_family_used(s, 6, true)};

	for (size_t i = 0; i < n; i++)
		if (!used[have[i].fam == 6] && svc_owns(svc, pid, &have[i]))
			return true;
	return false;
}

/* Does it leave an address out that the files on disk name, or listen where they don't
 * say? Only where main.cf was written since it started. */
static bool
listens_elsewhere(struct session *s)
{
	struct svc_listen want[SOCKETS_MAX], *have;
	struct svc_health_req req = {0};
	struct arena texts = {0};
	struct svc_master m = {0};
	size_t nwant, nhave, found = 0;
	struct svc svc;
	bool stray;

	session_svc(s, &svc);
	svc_quick_state(&svc, &m);
	if (!m.verified || m.pid <= 0 || !m.since || !written_since(s, m.since))
		return false;
	req.naddrs = ifs_listen(s, true, &texts, &req.addrs);
	nwant = svc_should_listen(&svc, &req, want, SOCKETS_MAX);
	svc_listeners(&svc, m.pid, &have, &nhave);
	for (size_t i = 0; i < nwant; i++)
		found += svc_listen_has(have, nhave, &want[i]);
	stray = has_stray(s, &svc, m.pid, have, nhave);
	free(have);
	arena_free(&texts);
	return nhave > 0 && (found < nwant || stray);
}

void
service_look(struct session *s)
{
	bool elsewhere = s->service_elsewhere;
	int64_t now = s->world.clock.ops->mono_ms(s->world.clock.self);
	enum ses_service before = s->service;
	const char *newer = s->service_newer;
	struct service_age age = {0};

	if (s->service_looked && now - s->service_looked < SERVICE_LOOK_MS)
		return;
	s->service_looked = now ? now : 1;
	s->service = service_now(s, &s->service_since);
	if (s->service == SES_RUNNING)
		service_age(s, &age);
	s->service_newer = age.newer;
	s->service_elsewhere = s->service == SES_RUNNING && listens_elsewhere(s);
	if (before != s->service || newer != age.newer ||
		elsewhere != s->service_elsewhere)
		s->gen++;
}
