/* SPDX-License-Identifier: MIT
 *
 * Provoking health: the services of master.cf at the addresses that should answer, their
 * sockets in the kernel's table, then the log. A 5xx is an answer of a well smtpd; a 4xx
 * to postmaster, or no greeting, is how broken tables and lists show.
 */
#include "apply/svc_health.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/i18n.h"
#include "base/mem.h"

enum {
	REPLY_MS = 12000,
	SHORT_MS = 3000,
	SLICE_MS = 250,
	CONNECT_MS = 5000,
	REPLY_MAX = 4096,
	TARGETS_MAX = 64,
	LOG_STEP_MS = 200
};

static void
add_sick(struct svc_health *h, enum svc_sick_kind kind, char *take_key, char *take_words)
{
	h->v = mem_grow(h->v, &h->cap, h->n + 1, sizeof *h->v);
	h->v[h->n++] = (struct svc_sick){kind, take_key, take_words};
}

void
svc_health_free(struct svc_health *h)
{
	for (size_t i = 0; i < h->n; i++) {
		free(h->v[i].key);
		free(h->v[i].words);
	}
	free(h->v);
	*h = (struct svc_health){0};
}

static void
addr_text(const struct svc_listen *a, char *out, size_t size)
{
	if (!inet_ntop(a->fam == 4 ? AF_INET : AF_INET6, a->addr, out, (socklen_t)size))
		snprintf(out, size, "?");
}

/* --- one conversation ------------------------------------------------------------------
 */

struct talk {
	const struct svc *svc;
	const struct net_port *net;
	const struct svc_log *mark; /* NULL: don't look there */
	int patience_ms;            /* for one reply */
	int fd;
	struct str in; /* bytes not used yet */
};

static bool
log_is_ill(const struct talk *t)
{
	struct str news = {0};
	struct sv rest, line, words;
	bool ill = false;

	if (!t->mark)
		return false;
	svc_log_since(t->svc, t->mark, &news);
	rest = str_sv(&news);
	while (!ill && sv_line(&rest, &line))
		ill = svc_log_ill(line, &words);
	str_free(&news);
	return ill;
}

/* Read in slices: a dying smtpd keeps the line open and silent for as long as master
 * throttles it, and the log has its reason at once. */
static ssize_t
read_some(struct talk *t, char *buf, size_t size)
{
	for (int ms = 0; ms < t->patience_ms; ms += SLICE_MS) {
		ssize_t n = t->net->ops->read(t->net->self, t->fd, buf, size, SLICE_MS);

		if (n >= 0 || errno != ETIMEDOUT || log_is_ill(t))
			return n;
	}
	return -1;
}

/* Cut the next line from what was read; false when none is whole. */
static bool
cut_line(struct talk *t, struct str *line)
{
	ptrdiff_t lf = sv_find(str_sv(&t->in), '\n');
	struct str rest = {0};

	if (lf < 0)
		return false;
	str_clear(line);
	str_add_sv(line, sv_trim(sv_sub(str_sv(&t->in), 0, (size_t)lf)));
	str_add_sv(&rest, sv_sub(str_sv(&t->in), (size_t)lf + 1, t->in.n));
	str_free(&t->in);
	t->in = rest;
	return true;
}

/* The last line of a reply ("250 ..."); false when it doesn't come. */
static bool
read_reply(struct talk *t, struct str *line)
{
	char buf[1024];

	for (;;) {
		ssize_t n;

		while (cut_line(t, line))
			if (line->n < 4 || line->p[3] != '-')
				return true;
		if (t->in.n > REPLY_MAX)
			return false;
		n = read_some(t, buf, sizeof buf);
		if (n <= 0)
			return false;
		str_add(&t->in, buf, (size_t)n);
	}
}

static bool
say(struct talk *t, const char *command, struct str *reply)
{
	char *line = str_format("%s\r\n", command);
	size_t n = strlen(line);
	bool ok =
		t->net->ops->write(t->net->self, t->fd, line, n, REPLY_MS) == (ssize_t)n;

	free(line);
	return ok && read_reply(t, reply);
}

/* NULL when all went well; else what came, the caller frees it. self is the address
 * asked, as a name in brackets. Mail to postmaster there is mail for this machine, so its
 * lists are all read; the bare name <postmaster> is let through before any of them
 * (smtpd_check.c), so a mynetworks that answers 451 to everybody wouldn't show. It is
 * taken without a look at the tables, too: another name, usually an alias and no user,
 * shows an alias_maps that can't be read. */
static char *
converse(struct talk *t, const char *self)
{
	char *const commands[] = {str_format("EHLO %s", self), mem_strdup("MAIL FROM:<>"),
		str_format("RCPT TO:<postmaster@%s>", self),
		str_format("RCPT TO:<abuse@%s>", self), mem_strdup("RSET")};
	struct str reply = {0};
	char *bad = NULL;

	if (!read_reply(t, &reply))
		bad = mem_strdup(_("no greeting"));
	else if (!sv_starts(str_sv(&reply), "220"))
		bad = mem_strdup(str_c(&reply));
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (!bad && !say(t, commands[i], &reply))
			bad = str_format(_("the line was cut after %s"), commands[i]);
		else if (!bad && sv_starts(str_sv(&reply), "4"))
			bad = mem_strdup(str_c(&reply));
		free(commands[i]);
	}
	if (!bad)
		say(t, "QUIT", &reply);
	str_free(&reply);
	return bad;
}

static bool
greet(const struct svc *svc, const struct svc_listen *at, const struct svc_log *mark,
	int patience_ms, char **words)
{
	struct talk t = {.svc = svc,
		.net = &svc->world->net,
		.mark = mark,
		.patience_ms = patience_ms};
	char addr[INET6_ADDRSTRLEN];
	char *self;

	addr_text(at, addr, sizeof addr);
	t.fd = t.net->ops->connect(t.net->self, at->fam, at->addr, at->port, CONNECT_MS);
	if (t.fd < 0) {
		*words = mem_strdup(strerror(errno));
		return false;
	}
	/* An address in brackets is a name that no restriction can look up and dislike.
	 */
	self = str_format("[%s%s]", at->fam == 4 ? "" : "IPv6:", addr);
	*words = converse(&t, self);
	t.net->ops->close(t.net->self, t.fd);
	str_free(&t.in);
	free(self);
	return *words == NULL;
}

bool
svc_greet(const struct svc *svc, const struct svc_listen *at, const struct svc_log *mark,
	char **words)
{
	return greet(svc, at, mark, REPLY_MS, words);
}

/* --- what should be there --------------------------------------------------------------
 */

struct target {
	struct svc_listen at;
	bool greet;
};

struct targets {
	struct target v[TARGETS_MAX];
	size_t n;
};

static void
add_target(struct targets *t, const struct svc_listen *addr, const struct svc_inet *s)
{
	if (t->n == TARGETS_MAX)
		return;
	t->v[t->n].at = *addr;
	t->v[t->n].at.port = s->port;
	t->v[t->n++].greet = s->smtp && !s->wrapped;
}

static void
add_service(struct targets *t, const struct svc_inet *s, const struct svc_health_req *req)
{
	struct svc_listen own = {0};

	if (s->port == 0)
		return;
	if (s->host[0] == '\0') {
		for (size_t i = 0; i < req->naddrs; i++)
			add_target(t, &req->addrs[i], s);
		return;
	}
	/* A host of its own counts where it is an address; names are Postfix's business.
	 */
	if (inet_pton(AF_INET, s->host, own.addr) == 1)
		own.fam = 4;
	else if (inet_pton(AF_INET6, s->host, own.addr) == 1)
		own.fam = 6;
	if (own.fam)
		add_target(t, &own, s);
}

static void
collect_targets(
	const struct svc *svc, const struct svc_health_req *req, struct targets *t)
{
	char *path = str_format("%s/master.cf", svc->config_dir);
	struct str text = {0};
	struct svc_inet v[SVC_INET_MAX];
	size_t n = 0;

	t->n = 0;
	/* The file itself: its form is that of `postconf -M`, which versions before 2.9
	 * don't have, and no program has to wait for a main.cf written just now. */
	if (svc_slurp(svc, path, &text))
		n = svc_inet_parse(str_sv(&text), v, SVC_INET_MAX);
	for (size_t i = 0; i < n; i++)
		add_service(t, &v[i], req);
	str_free(&text);
	free(path);
}

size_t
svc_should_listen(const struct svc *svc, const struct svc_health_req *req,
	struct svc_listen *v, size_t max)
{
	struct targets t;
	size_t n = 0;

	collect_targets(svc, req, &t);
	for (; n < t.n && n < max; n++)
		v[n] = t.v[n].at;
	return n;
}

void
svc_listeners(const struct svc *svc, pid_t pid, struct svc_listen **v, size_t *n)
{
	size_t cap = 0;

	*v = NULL;
	*n = 0;
	for (int i = 0; i < 2; i++) {
		char *path = str_format(
			"%s/%d/net/%s", svc_proc(svc), (int)pid, i == 0 ? "tcp" : "tcp6");
		struct str text = {0};

		if (svc_slurp(svc, path, &text))
			svc_listen_parse(str_sv(&text), i == 0 ? 4 : 6, v, n, &cap);
		str_free(&text);
		free(path);
	}
}

struct owned {
	const struct fs_port *fs;
	int dir;
	uint64_t inode;
	bool found;
};

static bool
look_at_fd(void *ctx, const char *name)
{
	struct owned *o = ctx;
	struct stat st;

	o->found = o->fs->ops->fstatat(o->fs->self, o->dir, name, &st, 0) == 0 &&
		   st.st_ino == o->inode;
	return !o->found;
}

bool
svc_owns(const struct svc *svc, pid_t pid, const struct svc_listen *at)
{
	const struct fs_port *fs = &svc->world->fs;
	char *path = str_format("%s/%d/fd", svc_proc(svc), (int)pid);
	struct owned o = {.fs = fs, .inode = at->inode};

	o.dir = fs->ops->openat(
		fs->self, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	free(path);
	if (o.dir < 0)
		return false;
	if (at->inode)
		(void)fs->ops->names(fs->self, o.dir, look_at_fd, &o);
	fs->ops->close(fs->self, o.dir);
	return o.found;
}

static bool
has_kind(const struct svc_health *h, enum svc_sick_kind kind)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind == kind)
			return true;
	return false;
}

static void
look_at(const struct svc *svc, const struct target *t, bool listens,
	const struct svc_log *mark, struct svc_health *out)
{
	char addr[INET6_ADDRSTRLEN];
	char *words = NULL;

	addr_text(&t->at, addr, sizeof addr);
	if (!listens) {
		add_sick(out, SVC_SICK_SOCKET,
			str_format("socket %s %u", addr, t->at.port),
			str_format(_("Nobody listens on %s port %u."), addr, t->at.port));
		return;
	}
	if (!t->greet)
		return;
	out->asked++;
	/* Where one service is silent the others usually are too: don't wait for each. */
	/* The key has no address: an illness that was there before is none of a new
	 * address's. Both families have their own, for each reads its own part of a list.
	 */
	if (!greet(svc, &t->at, mark, has_kind(out, SVC_SICK_SMTP) ? SHORT_MS : REPLY_MS,
		    &words))
		add_sick(out, SVC_SICK_SMTP,
			str_format("smtp %u %u %.3s", t->at.fam, t->at.port, words),
			str_format(_("%s port %u answers clients with: %s"), addr,
				t->at.port, words));
	free(words);
}

/* --- the log ---------------------------------------------------------------------------
 */

/* Words without their numbers: process ids differ from one time to the next. */
static char *
log_key(struct sv words)
{
	struct str s = {0};

	str_add_cstr(&s, "log ");
	for (size_t i = 0; i < words.n; i++)
		if (!is_digit_char(words.p[i]))
			str_add_char(&s, words.p[i]);
	return str_take(&s);
}

static bool
has_key(const struct svc_health *h, const char *key)
{
	for (size_t i = 0; i < h->n; i++)
		if (strcmp(h->v[i].key, key) == 0)
			return true;
	return false;
}

static void
scan_log(struct sv text, struct svc_health *out)
{
	struct sv line, words;

	while (sv_line(&text, &line)) {
		char *key;

		if (!svc_log_ill(line, &words))
			continue;
		key = log_key(words);
		if (has_key(out, key))
			free(key);
		else
			add_sick(out, SVC_SICK_LOG, key, sv_dup(words));
	}
}

void
svc_health_log(const struct svc *svc, const struct svc_health_req *req,
	const struct svc_log *mark, struct svc_health *out)
{
	const struct clock_port *clock = &svc->world->clock;
	int64_t end = clock->ops->mono_ms(clock->self) + req->log_ms;
	struct str news = {0};

	out->log_read = mark->path != NULL;
	if (!mark->path)
		return;
	while (clock->ops->mono_ms(clock->self) < end)
		clock->ops->sleep_ms(clock->self, LOG_STEP_MS);
	svc_log_since(svc, mark, &news);
	scan_log(str_sv(&news), out);
	str_free(&news);
}

void
svc_health_ask(const struct svc *svc, const struct svc_health_req *req,
	const struct svc_log *mark, struct svc_health *out)
{
	struct targets targets;
	struct svc_listen *listeners;
	size_t nlisteners;
	struct svc_master m;

	*out = (struct svc_health){0};
	svc_quick_state(svc, &m);
	if (m.state != SVC_RUNNING) {
		add_sick(out, SVC_SICK_MASTER, mem_strdup("master"),
			mem_strdup(_("Postfix's master does not run.")));
		return;
	}
	collect_targets(svc, req, &targets);
	svc_listeners(svc, m.pid, &listeners, &nlisteners);
	for (size_t i = 0; i < targets.n; i++)
		look_at(svc, &targets.v[i],
			svc_listen_has(listeners, nlisteners, &targets.v[i].at), mark,
			out);
	free(listeners);
}

void
svc_health_note_ignored(struct svc_health *before, const struct svc_health *now)
{
	for (size_t i = 0; i < now->n; i++) {
		const struct svc_sick *s = &now->v[i];

		if (s->kind == SVC_SICK_LOG && !has_key(before, s->key) &&
			sv_find_sv(sv_of(s->words), sv_of("ignoring ")) >= 0 &&
			sv_ends(sv_of(s->words), " change"))
			add_sick(before, s->kind, mem_strdup(s->key),
				mem_strdup(s->words));
	}
}

size_t
svc_health_diags(const struct svc_health *now, const struct svc_health *before,
	enum svc_half half, struct diags *d)
{
	size_t new = 0;

	for (size_t i = 0; i < now->n; i++) {
		const struct svc_sick *s = &now->v[i];
		bool was = before && has_key(before, s->key);

		if ((s->kind == SVC_SICK_LOG) != (half == SVC_HALF_LOG))
			continue;
		new += !was;
		if (was)
			diag_add(d, SEV_WARN, DIAG_PF_UNHEALTHY, NULL,
				_("It was so before this change."),
				_("Postfix is not well: %s"), s->words);
		else
			diag_add(d, SEV_ERROR, DIAG_PF_UNHEALTHY, NULL, NULL,
				_("Postfix is not well: %s"), s->words);
	}
	return new;
}
