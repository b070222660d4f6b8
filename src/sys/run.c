/* SPDX-License-Identifier: MIT
 *
 * A child ends when it has exited, not when its descriptors close: daemons that it left
 * behind may hold them for ever. So step() asks waitpid and then drains what is there.
 * stdin is an unlinked file in memory, so no pipe can fill up in both directions.
 * Invariant: a descriptor in struct job is -1 or open and ours.
 */
#include "sys/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "sys/clock.h"

enum {
	DEFAULT_TIMEOUT_MS = 60000,
	KILL_GRACE_MS = 2000,
	POLL_WITHOUT_PIDFD_MS = 20,
	DEFAULT_OUT_MAX = 16 << 20,
	MAX_READS = 4096
};

struct job {
	pid_t pid;
	int pidfd; /* readable once the child has exited; -1: the kernel has none */
	int out, err;
	bool never_kill, tty;
	bool exited, given_up; /* given_up: past its limit, left running */
	bool timed_out, term_sent, kill_sent;
	int status;
	int64_t begun, limit, kill_at;
	size_t out_max;
	struct run_res res;
	struct job *next; /* among the left ones */
};

/* The child's ends, held only until it has been started. */
struct child_fds {
	int in, out, err;
};

/* Children that were left running: reaped when the runner is used again. */
static struct job *left_running;

static void
shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Move a descriptor above the standard three, so that giving the child its 0, 1 and 2
 * can't overwrite another of ours. Takes fd even on failure. */
static int
lift(int fd)
{
	int high, err;

	if (fd < 0 || fd > 2)
		return fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	err = errno;
	close(fd);
	errno = err;
	return high;
}

static bool
make_pipe(int *reader, int *writer)
{
	int p[2];

	if (pipe2(p, O_CLOEXEC) < 0)
		return false;
	*reader = lift(p[0]);
	*writer = lift(p[1]);
	return *reader >= 0 && *writer >= 0 && fcntl(*reader, F_SETFL, O_NONBLOCK) == 0;
}

/* A terminal that isn't the child's controlling one: programs that speak only to
 * terminals speak, and nothing can signal anybody through it. */
static bool
make_tty(int *master, int *slave)
{
	char name[64];
	struct termios mode;

	*master = lift(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
	if (*master < 0 || grantpt(*master) < 0 || unlockpt(*master) < 0)
		return false;
	if (ptsname_r(*master, name, sizeof(name)) != 0)
		return false;
	*slave = lift(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
	if (*slave < 0 || tcgetattr(*slave, &mode) < 0)
		return false;
	cfmakeraw(&mode);
	return tcsetattr(*slave, TCSANOW, &mode) == 0;
}

static int
make_input(struct sv input, int held)
{
	size_t at = 0;
	int fd;

	if (input.n == 0 && held > 0)
		return fcntl(held, F_DUPFD_CLOEXEC, 3);
	if (input.n == 0)
		return lift(open("/dev/null", O_RDONLY | O_CLOEXEC));
	fd = lift(memfd_create("input", MFD_CLOEXEC));
	while (fd >= 0 && at < input.n) {
		ssize_t put = write(fd, input.p + at, input.n - at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0) {
			shut(&fd);
			break;
		}
		at += (size_t)put;
	}
	if (fd >= 0 && lseek(fd, 0, SEEK_SET) < 0)
		shut(&fd);
	return fd;
}

static bool
make_fds(struct job *j, const struct run_req *req, struct child_fds *c)
{
	c->in = make_input(req->input, req->held);
	if (c->in < 0 || !make_pipe(&j->out, &c->out))
		return false;
	return req->tty ? make_tty(&j->err, &c->err) : make_pipe(&j->err, &c->err);
}

/* Loader variables are never handed on, whoever asks. */
static bool
is_env_allowed(const char *var)
{
	return strncmp(var, "LD_", 3) != 0;
}

/* The caller frees the array, not the strings. */
static const char **
make_env(const char *const *more)
{
	static const char *const fixed[] = {
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"};
	const size_t nfixed = sizeof(fixed) / sizeof(fixed[0]);
	const char **env;
	size_t n = 0, k;

	for (k = 0; more && more[k]; k++)
		continue;
	env = mem_new(nfixed + k + 1, sizeof(*env));
	for (size_t i = 0; i < nfixed; i++)
		env[n++] = fixed[i];
	for (size_t i = 0; i < k; i++)
		if (is_env_allowed(more[i]))
			env[n++] = more[i];
	return env;
}

static int
set_actions(posix_spawn_file_actions_t *fa, const struct child_fds *c)
{
	int err = posix_spawn_file_actions_adddup2(fa, c->in, 0);

	if (!err)
		err = posix_spawn_file_actions_adddup2(fa, c->out, 1);
	if (!err)
		err = posix_spawn_file_actions_adddup2(fa, c->err, 2);
#if defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 34)
	/* Descriptors that our own parent leaked to us. */
	if (!err)
		err = posix_spawn_file_actions_addclosefrom_np(fa, 3);
#endif
#endif
	return err;
}

static int
set_attributes(posix_spawnattr_t *at)
{
	sigset_t none, all;
	int err;

	sigemptyset(&none);
	sigfillset(&all);
	err = posix_spawnattr_setsigmask(at, &none);
	if (!err)
		err = posix_spawnattr_setsigdefault(at, &all);
	if (!err)
		err = posix_spawnattr_setflags(at, POSIX_SPAWN_SETSIGMASK |
							   POSIX_SPAWN_SETSIGDEF |
							   POSIX_SPAWN_SETSID);
	return err;
}

/* posix_spawn takes char ** by history; it changes none of the strings. */
static char *const *
spawn_strings(const char *const *v)
{
	union {
		const char *const *in;
		char *const *out;
	} u = {.in = v};

	return u.out;
}

static int
spawn(struct job *j, const struct run_req *req, const struct child_fds *c)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	const char **env = make_env(req->env);
	int err = posix_spawn_file_actions_init(&fa);

	if (err) {
		free(env);
		return err;
	}
	err = posix_spawnattr_init(&at);
	if (!err) {
		err = set_actions(&fa, c);
		if (!err)
			err = set_attributes(&at);
		if (!err)
			err = posix_spawn(&j->pid, req->argv[0], &fa, &at,
				spawn_strings(req->argv), spawn_strings(env));
		posix_spawnattr_destroy(&at);
	}
	posix_spawn_file_actions_destroy(&fa);
	free(env);
	return err;
}

static int
open_pidfd(pid_t pid)
{
#ifdef SYS_pidfd_open
	return (int)syscall(SYS_pidfd_open, pid, 0); /* close-on-exec by itself */
#else
	(void)pid;
	return -1;
#endif
}

/* Read what is there. Past out_max it is read and dropped, so that the child goes on;
 * what one call reads is bounded, so that a child that never stops talking can't keep us.
 */
static void
drain(struct job *j, int *fd, struct str *to)
{
	char buf[8192];

	for (int calls = 0; *fd >= 0 && calls < MAX_READS; calls++) {
		ssize_t got = read(*fd, buf, sizeof(buf));
		size_t room = j->out_max - to->n;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0) { /* a terminal's last holder went: EIO */
			shut(fd);
			return;
		}
		if ((size_t)got > room)
			j->res.truncated = true;
		str_add(to, buf, (size_t)got < room ? (size_t)got : room);
	}
}

static bool
look_exited(struct job *j)
{
	pid_t got;

	do
		got = waitpid(j->pid, &j->status, WNOHANG);
	while (got < 0 && errno == EINTR);
	if (got == 0)
		return false;
	if (got < 0)
		j->status = 0; /* somebody else reaped it: its status is lost */
	j->exited = true;
	return true;
}

static void
free_job(struct job *j)
{
	shut(&j->pidfd);
	shut(&j->out);
	shut(&j->err);
	str_free(&j->res.out);
	str_free(&j->res.err);
	free(j);
}

static void
reap_left(void)
{
	struct job **at = &left_running;

	while (*at) {
		struct job *j = *at;

		drain(j, &j->out, &j->res.out);
		drain(j, &j->err, &j->res.err);
		if (look_exited(j)) {
			*at = j->next;
			free_job(j);
		} else {
			at = &j->next;
		}
	}
}

static struct job *
run_start(void *self, const struct run_req *req, int *why)
{
	struct job *j = mem_new(1, sizeof(*j));
	struct child_fds c = {-1, -1, -1};
	int err = EINVAL;

	(void)self;
	reap_left();
	j->pidfd = j->out = j->err = -1;
	j->never_kill = req->never_kill;
	j->tty = req->tty;
	j->out_max = req->out_max ? req->out_max : DEFAULT_OUT_MAX;
	j->begun = sys_mono_ms();
	j->limit = j->begun + (req->timeout_ms ? req->timeout_ms : DEFAULT_TIMEOUT_MS);
	if (req->argv[0][0] == '/' &&
		faccessat(AT_FDCWD, req->argv[0], X_OK, AT_EACCESS) != 0)
		err = errno; /* no process is needed to find that out */
	else if (req->argv[0][0] == '/')
		err = make_fds(j, req, &c) ? spawn(j, req, &c) : errno;
	shut(&c.in);
	shut(&c.out);
	shut(&c.err);
	if (err) {
		*why = err;
		free_job(j);
		return NULL;
	}
	j->pidfd = open_pidfd(j->pid);
	return j;
}

static int
run_fds(void *self, const struct job *j, int *fds, int max)
{
	const int mine[] = {j->pidfd, j->out, j->err};
	int n = 0;

	(void)self;
	for (size_t i = 0; i < sizeof(mine) / sizeof(mine[0]); i++)
		if (mine[i] >= 0 && n < max)
			fds[n++] = mine[i];
	return n;
}

/* The leader isn't reaped yet, so its number, the group's, can't belong to others. */
static void
run_cancel(void *self, struct job *j)
{
	(void)self;
	if (j->exited || j->never_kill || j->term_sent)
		return;
	kill(-j->pid, SIGTERM);
	j->term_sent = true;
	j->kill_at = sys_mono_ms() + KILL_GRACE_MS;
}

static void
watch_limits(void *self, struct job *j)
{
	int64_t now = sys_mono_ms();

	if (now >= j->limit && !j->timed_out) {
		j->timed_out = true;
		j->given_up = j->never_kill;
		run_cancel(self, j);
	}
	if (j->term_sent && !j->kill_sent && now >= j->kill_at) {
		kill(-j->pid, SIGKILL);
		j->kill_sent = true;
	}
}

static bool
run_step(void *self, struct job *j)
{
	if (j->exited || j->given_up)
		return true;
	if (!look_exited(j))
		watch_limits(self, j);
	drain(j, &j->out, &j->res.out);
	drain(j, &j->err, &j->res.err);
	if (j->exited || j->given_up)
		j->res.ms = sys_mono_ms() - j->begun;
	return j->exited || j->given_up;
}

static void
drop_cr(struct str *s)
{
	size_t to = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->p[i] != '\r')
			s->p[to++] = s->p[i];
	if (s->p)
		s->p[to] = '\0';
	s->n = to;
}

static void
set_end(struct job *j)
{
	if (j->timed_out) {
		j->res.end = RUN_TIMEOUT;
	} else if (WIFSIGNALED(j->status)) {
		j->res.end = RUN_SIGNALLED;
		j->res.code = WTERMSIG(j->status);
	} else {
		j->res.end = RUN_EXITED;
		j->res.code = WEXITSTATUS(j->status);
	}
}

/* A job that its owner gives up before the end is killed and waited for, unless it must
 * not be. */
static void
abandon(struct job *j)
{
	j->timed_out = true;
	j->res.ms = sys_mono_ms() - j->begun;
	if (j->never_kill) {
		j->given_up = true;
		return;
	}
	kill(-j->pid, SIGKILL);
	while (waitpid(j->pid, &j->status, 0) < 0 && errno == EINTR)
		continue;
	j->exited = true;
}

static void
run_finish(void *self, struct job *j, struct run_res *res)
{
	if (!run_step(self, j))
		abandon(j);
	set_end(j);
	if (j->tty)
		drop_cr(&j->res.err);
	*res = j->res;
	j->res = (struct run_res){0};
	if (j->given_up) {
		j->out_max = 0; /* what it still says is dropped */
		j->next = left_running;
		left_running = j;
		return;
	}
	free_job(j);
}

static void
run_pause(void *self, struct job *j, int ms)
{
	struct pollfd p[3];
	int fds[3];
	int n = run_fds(self, j, fds, 3);
	int64_t now = sys_mono_ms(), until = j->term_sent ? j->kill_at : j->limit;

	if (j->pidfd < 0 && ms > POLL_WITHOUT_PIDFD_MS)
		ms = POLL_WITHOUT_PIDFD_MS;
	if (until > now && until - now < ms)
		ms = (int)(until - now);
	for (int i = 0; i < n; i++)
		p[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
	poll(p, (nfds_t)n, ms);
}

struct run_port
sys_run(void)
{
	static const struct run_ops ops = {
		.start = run_start,
		.fds = run_fds,
		.step = run_step,
		.cancel = run_cancel,
		.finish = run_finish,
		.pause = run_pause,
	};

	return (struct run_port){&ops, NULL};
}
