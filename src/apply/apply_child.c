/* SPDX-License-Identifier: MIT
 *
 * An apply in a process of its own: a session of its own, deaf to the signals of a
 * terminal that goes away, with no descriptor of its parent but two pipes. Progress comes
 * as lines of fields between tabs ("S 3 2 1900 text words"), each written by one write;
 * the way back holds single bytes, wishes to put back: 'b' counts until the files are in
 * place, 'B' always. The end of that pipe is no wish: a parent that dies changes nothing.
 */
#include "apply/apply.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

struct apply {
	pid_t pid;
	int in, out; /* progress, wishes */
	struct str buf;
	struct apply_step *steps;
	size_t nsteps, cap;
	struct apply_result result;
	bool done;
};

/* --- the child -------------------------------------------------------------------------
 */

struct child {
	int out, wishes;
	bool early, late; /* wished */
};

/* Text between tabs: tab, line feed and backslash escaped; NULL is a lone "-". */
static void
add_field(struct str *s, const char *text)
{
	str_add_char(s, '\t');
	if (!text) {
		str_add_char(s, '-');
		return;
	}
	str_add_char(s, '=');
	for (; *text; text++) {
		if (*text == '\\')
			str_add_cstr(s, "\\\\");
		else if (*text == '\t')
			str_add_cstr(s, "\\t");
		else if (*text == '\n')
			str_add_cstr(s, "\\n");
		else
			str_add_char(s, *text);
	}
}

/* Write a line; a reader that is gone is not our concern. */
static void
send_line(int fd, struct str *line)
{
	struct sv v;

	str_add_char(line, '\n');
	v = str_sv(line);
	while (v.n > 0) {
		ssize_t n = write(fd, v.p, v.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		v = sv_sub(v, (size_t)n, v.n - (size_t)n);
	}
	str_free(line);
}

static void
send_step(void *ctx, size_t i, const struct apply_step *s)
{
	const struct child *c = ctx;
	struct str line = {0};

	str_addf(&line, "S\t%zu\t%d\t%" PRId64, i, (int)s->state, s->ms);
	add_field(&line, s->text);
	add_field(&line, s->said);
	send_line(c->out, &line);
}

static bool
hear_back(void *ctx, bool swapped)
{
	struct child *c = ctx;
	char byte;

	while (read(c->wishes, &byte, 1) == 1) {
		c->early = true;
		c->late = c->late || byte == 'B';
	}
	return swapped ? c->late : c->early;
}

static void
send_finding(int fd, const struct diag *d)
{
	struct str line = {0};

	str_addf(&line, "D\t%d\t%d\t%d\t%" PRIu32 "\t%" PRIu32 "\t%d", (int)d->sev,
		(int)d->code, d->danger, d->loc.line, d->loc.col, d->sys_errno);
	add_field(&line, d->loc.file);
	add_field(&line, d->loc.param);
	add_field(&line, d->text);
	add_field(&line, d->hint);
	send_line(fd, &line);
}

static void
send_result(int fd, const struct apply_result *r)
{
	struct str line = {0};

	for (size_t i = 0; i < r->findings.n; i++)
		send_finding(fd, &r->findings.v[i]);
	for (size_t i = 0; i < r->nids; i++) {
		const struct fileid *f = &r->ids[i];
		struct str id = {0};

		str_addf(&id,
			"F\t%d\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
			"\t%" PRIu64 "\t%" PRIu64,
			f->exists, f->dev, f->ino, f->size, (uint64_t)f->mtime_s,
			(uint64_t)f->mtime_ns, f->hash);
		send_line(fd, &id);
	}
	str_addf(&line, "E\t%d\t%d\t%d\t%" PRId64 "\t%u", r->status, r->written,
		r->put_back, r->cut_off_ms, r->history);
	send_line(fd, &line);
}

/* Programs that the child runs get their signals back as they are by default: the runner
 * sees to that. */
static void
be_deaf(void)
{
	static const int deaf[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGTSTP,
		SIGTTIN, SIGTTOU, SIGWINCH, SIGALRM, SIGUSR1, SIGUSR2};

	for (size_t i = 0; i < sizeof deaf / sizeof deaf[0]; i++)
		signal(deaf[i], SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
}

static void
close_between(int from, int to)
{
	if (from <= to)
		syscall(SYS_close_range, (unsigned)from, (unsigned)to, 0u);
}

/* Keep nothing of the parent's but the two pipes: its terminal above all. */
static void
let_go(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; null >= 0 && fd <= 2; fd++)
		dup2(null, fd);
	close_between(3, low - 1);
	close_between(low + 1, high - 1);
	close_between(high + 1, INT32_MAX);
}

static void
child_main(const struct apply_req *req, int out, int wishes)
{
	struct child c = {.out = out, .wishes = wishes};
	const struct apply_watch watch = {
		.ctx = &c, .step = send_step, .back = hear_back};
	struct apply_result r;

	setsid();
	be_deaf();
	let_go(out, wishes);
	(void)!chdir("/");
	apply_run(req, &watch, &r);
	send_result(out, &r);
	apply_result_free(&r);
	_exit(0);
}

/* --- the parent ------------------------------------------------------------------------
 */

static bool
make_pipes(int progress[2], int wishes[2])
{
	if (pipe2(progress, O_CLOEXEC) < 0)
		return false;
	if (pipe2(wishes, O_CLOEXEC | O_NONBLOCK) < 0) {
		int why = errno;

		close(progress[0]);
		close(progress[1]);
		errno = why;
		return false;
	}
	return true;
}

struct apply *
apply_start(const struct apply_req *req, struct diags *d)
{
	int progress[2], wishes[2];
	struct apply *a;
	pid_t pid;

	if (!make_pipes(progress, wishes)) {
		diag_errno(d, DIAG_APPLY_STATE, NULL, errno, NULL,
			_("Nothing is written: no process can be started for it"));
		return NULL;
	}
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		child_main(req, progress[1], wishes[0]);
	close(progress[1]);
	close(wishes[0]);
	if (pid < 0) {
		diag_errno(d, DIAG_APPLY_STATE, NULL, errno, NULL,
			_("Nothing is written: no process can be started for it"));
		close(progress[0]);
		close(wishes[1]);
		return NULL;
	}
	fcntl(progress[0], F_SETFL, O_NONBLOCK);
	a = mem_new(1, sizeof *a);
	*a = (struct apply){.pid = pid, .in = progress[0], .out = wishes[1]};
	return a;
}

int
apply_fd(const struct apply *a)
{
	return a->in;
}

/* Fields of a line, cut at tabs. */
static bool
next_field(struct sv *rest, struct sv *field)
{
	ptrdiff_t tab;

	if (rest->n == 0)
		return false;
	tab = sv_find(*rest, '\t');
	*field = tab < 0 ? *rest : sv_sub(*rest, 0, (size_t)tab);
	*rest = tab < 0 ? sv_make(rest->p + rest->n, 0)
			: sv_sub(*rest, (size_t)tab + 1, rest->n - (size_t)tab - 1);
	return true;
}

static uint64_t
number_field(struct sv *rest)
{
	struct sv f = {0};
	uint64_t value = 0;

	if (next_field(rest, &f))
		sv_to_uint(f, UINT64_MAX, &value);
	return value;
}

/* A text field, unescaped; NULL for "-". The caller frees it. */
static char *
text_field(struct sv *rest)
{
	struct sv f = {0};
	struct str s = {0};

	if (!next_field(rest, &f) || !sv_starts(f, "="))
		return NULL;
	for (size_t i = 1; i < f.n; i++) {
		char c = f.p[i];

		if (c == '\\' && i + 1 < f.n) {
			c = f.p[++i];
			c = c == 't' ? '\t' : c == 'n' ? '\n' : c;
		}
		str_add_char(&s, c);
	}
	return str_take(&s);
}

static void
take_step(struct apply *a, struct sv rest)
{
	size_t i = (size_t)number_field(&rest);
	struct apply_step *s;

	if (i > a->nsteps)
		return;
	if (i == a->nsteps) {
		a->steps = mem_grow(a->steps, &a->cap, i + 1, sizeof *a->steps);
		a->steps[a->nsteps++] = (struct apply_step){0};
	}
	s = &a->steps[i];
	s->state = (enum apply_state)number_field(&rest);
	s->ms = (int64_t)number_field(&rest);
	free(s->text);
	free(s->said);
	s->text = text_field(&rest);
	s->said = text_field(&rest);
}

static void
take_finding(struct apply *a, struct sv rest)
{
	enum sev sev = (enum sev)number_field(&rest);
	enum diag_code code = (enum diag_code)number_field(&rest);
	bool danger = number_field(&rest) != 0;
	uint32_t line = (uint32_t)number_field(&rest);
	uint32_t col = (uint32_t)number_field(&rest);
	int why = (int)number_field(&rest);
	char *file = text_field(&rest), *param = text_field(&rest);
	char *text = text_field(&rest), *hint = text_field(&rest);
	const struct diag_loc loc = {
		.file = file, .line = line, .col = col, .param = param};
	struct diags *d = &a->result.findings;

	diag_add(d, sev, code, &loc, hint, "%s", text ? text : "");
	d->v[d->n - 1].danger = danger;
	d->v[d->n - 1].sys_errno = why;
	free(file);
	free(param);
	free(text);
	free(hint);
}

static void
take_id(struct apply *a, struct sv rest)
{
	struct apply_result *r = &a->result;
	struct fileid *f;

	r->ids = mem_resize(r->ids, r->nids + 1, sizeof *r->ids);
	f = &r->ids[r->nids++];
	f->exists = number_field(&rest) != 0;
	f->dev = number_field(&rest);
	f->ino = number_field(&rest);
	f->size = number_field(&rest);
	f->mtime_s = (int64_t)number_field(&rest);
	f->mtime_ns = (int64_t)number_field(&rest);
	f->hash = number_field(&rest);
}

static void
take_line(struct apply *a, struct sv line)
{
	struct sv rest = line, kind;

	if (!next_field(&rest, &kind))
		return;
	if (sv_eq_str(kind, "S")) {
		take_step(a, rest);
	} else if (sv_eq_str(kind, "D")) {
		take_finding(a, rest);
	} else if (sv_eq_str(kind, "F")) {
		take_id(a, rest);
	} else if (sv_eq_str(kind, "E")) {
		a->result.status = (int)number_field(&rest);
		a->result.written = number_field(&rest) != 0;
		a->result.put_back = number_field(&rest) != 0;
		a->result.cut_off_ms = (int64_t)number_field(&rest);
		a->result.history = (unsigned)number_field(&rest);
		a->done = true;
	}
}

/* Whole lines out of the buffer. */
static void
take_lines(struct apply *a)
{
	struct sv rest = str_sv(&a->buf);
	struct str left = {0};
	ptrdiff_t lf;

	while ((lf = sv_find(rest, '\n')) >= 0) {
		take_line(a, sv_sub(rest, 0, (size_t)lf));
		rest = sv_sub(rest, (size_t)lf + 1, rest.n - (size_t)lf - 1);
	}
	str_add_sv(&left, rest);
	str_free(&a->buf);
	a->buf = left;
}

/* The pipe ended without a last word. */
static void
take_death(struct apply *a)
{
	a->done = true;
	a->result.status = APPLY_NEEDS_PERSON;
	diag_add(&a->result.findings, SEV_ERROR, DIAG_APPLY_UNDONE, NULL,
		_("Run `postrelay recover`: it finishes or undoes what is half done."),
		_("Nobody knows how far this change came: the process that applied it "
		  "died."));
}

bool
apply_read(struct apply *a)
{
	char buf[4096];
	bool new = false;
	ssize_t n;

	while (!a->done) {
		n = read(a->in, buf, sizeof buf);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		new = true;
		if (n == 0) {
			take_death(a);
			break;
		}
		str_add(&a->buf, buf, (size_t)n);
		take_lines(a);
	}
	return new;
}

bool
apply_is_done(const struct apply *a)
{
	return a->done;
}

const struct apply_step *
apply_steps(const struct apply *a, size_t *n)
{
	*n = a->nsteps;
	return a->steps;
}

const struct apply_result *
apply_result(const struct apply *a)
{
	return &a->result;
}

void
apply_put_back(struct apply *a, bool late)
{
	/* One byte into a pipe that isn't full; a child that is gone has nothing to put
	 * back. The caller's front end ignores SIGPIPE or not, so the write must not
	 * raise it. */
	struct sigaction ignore = {.sa_handler = SIG_IGN}, old;

	sigaction(SIGPIPE, &ignore, &old);
	(void)!write(a->out, late ? "B" : "b", 1);
	sigaction(SIGPIPE, &old, NULL);
}

void
apply_close(struct apply *a)
{
	if (!a)
		return;
	close(a->in);
	close(a->out);
	waitpid(a->pid, NULL, a->done ? 0 : WNOHANG);
	for (size_t i = 0; i < a->nsteps; i++) {
		free(a->steps[i].text);
		free(a->steps[i].said);
	}
	free(a->steps);
	str_free(&a->buf);
	apply_result_free(&a->result);
	free(a);
}
