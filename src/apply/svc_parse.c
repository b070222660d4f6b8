/* SPDX-License-Identifier: MIT
 *
 * master.cf, master.pid, the kernel's tables of sockets and processes, and log lines.
 */
#include "apply/svc_parse.h"

#include <netdb.h>
#include <stdio.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#include "base/mem.h"

static struct sv
rest_of(struct sv v, size_t from)
{
	return sv_sub(v, from, v.n - from);
}

pid_t
svc_pid_parse(struct sv text)
{
	uint64_t pid;

	return sv_to_uint(sv_trim(text), INT32_MAX, &pid) ? (pid_t)pid : 0;
}

/* The path of a cgroup line "0::/system.slice/x.service" or "1:name=systemd:/...". */
static bool
cgroup_path(struct sv line, struct sv *path)
{
	ptrdiff_t first = sv_find(line, ':');
	struct sv rest, names;
	ptrdiff_t second;

	if (first < 0)
		return false;
	rest = rest_of(line, (size_t)first + 1);
	second = sv_find(rest, ':');
	if (second < 0)
		return false;
	names = sv_sub(rest, 0, (size_t)second);
	*path = rest_of(rest, (size_t)second + 1);
	return names.n == 0 || sv_eq_str(names, "name=systemd");
}

bool
svc_unit_parse(struct sv cgroup, struct sv *unit)
{
	struct sv line;

	while (sv_line(&cgroup, &line)) {
		struct sv path, part;

		if (!cgroup_path(line, &path) || !sv_starts(path, "/system.slice/"))
			continue;
		while (sv_token(&path, "/", &part))
			*unit = part;
		if (sv_ends(*unit, ".service"))
			return true;
	}
	return false;
}

bool
svc_environ_value(struct sv environ, const char *name, struct sv *value)
{
	size_t n = strlen(name);

	while (environ.n > 0) {
		size_t len = strnlen(environ.p, environ.n);
		struct sv one = sv_sub(environ, 0, len);

		if (one.n > n && one.p[n] == '=' && sv_starts(one, name)) {
			*value = rest_of(one, n + 1);
			return true;
		}
		environ = rest_of(environ, len < environ.n ? len + 1 : len);
	}
	return false;
}

/* Names that Postfix's own table or /etc/services knows. */
static uint16_t
port_of(struct sv name)
{
	static const struct {
		const char *name;
		uint16_t port;
	} known[] = {{"smtp", 25}, {"smtps", 465}, {"submissions", 465},
		{"submission", 587}, {"lmtp", 24}};
	char text[64];
	uint64_t number;
	struct servent *s;

	if (sv_to_uint(name, UINT16_MAX, &number))
		return (uint16_t)number;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (sv_eq_str(name, known[i].name))
			return known[i].port;
	if (name.n >= sizeof text)
		return 0;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	s = getservbyname(text, "tcp");
	return s ? ntohs((uint16_t)s->s_port) : 0;
}

/* "[::1]:25", "127.0.0.1:25", "smtp" */
static void
set_endpoint(struct svc_inet *s, struct sv name)
{
	size_t colon = name.n;
	struct sv host;

	while (colon > 0 && name.p[colon - 1] != ':')
		colon--;
	if (colon == 0) {
		s->port = port_of(name);
		return;
	}
	host = sv_sub(name, 0, colon - 1);
	if (host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = sv_sub(host, 1, host.n - 2);
	if (host.n < sizeof s->host)
		memcpy(s->host, host.p, host.n);
	s->port = port_of(rest_of(name, colon));
}

/* Fields of a master.cf line: name type private unpriv chroot wakeup maxproc command. */
static bool
set_service(struct svc_inet *s, struct sv line)
{
	struct sv rest = line, field[8];

	for (size_t i = 0; i < 8; i++)
		if (!sv_token(&rest, " \t\r", &field[i]))
			return false;
	if (field[0].p[0] == '#' || !sv_eq_str(field[1], "inet"))
		return false;
	set_endpoint(s, field[0]);
	s->smtp = sv_eq_str(field[7], "smtpd") || sv_eq_str(field[7], "postscreen");
	return true;
}

static bool
is_wrapped(struct sv line)
{
	return sv_find_sv(line, sv_of("smtpd_tls_wrappermode=yes")) >= 0 ||
	       sv_find_sv(line, sv_of("smtpd_tls_wrappermode = yes")) >= 0;
}

size_t
svc_inet_parse(struct sv text, struct svc_inet *v, size_t max)
{
	struct sv line;
	size_t n = 0;
	bool open = false;

	while (sv_line(&text, &line)) {
		struct svc_inet s = {0};

		if (line.n > 0 && line.p[0] == '#')
			continue;
		if (line.n > 0 && !is_blank_char(line.p[0]))
			open = n < max && set_service(&s, line);
		else if (open && is_wrapped(line)) {
			v[n - 1].wrapped = true;
			continue;
		} else
			continue;
		if (!open)
			continue;
		s.wrapped = is_wrapped(line);
		v[n++] = s;
	}
	return n;
}

/* Eight hexadecimal digits as the kernel prints a word of an address. */
static bool
hex_word(struct sv v, uint32_t *out)
{
	uint32_t value = 0;

	if (v.n != 8)
		return false;
	for (size_t i = 0; i < 8; i++) {
		char c = fold_char(v.p[i]);

		if (is_digit_char(c))
			value = value << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
	}
	*out = value;
	return true;
}

static bool
hex_port(struct sv v, uint16_t *out)
{
	char padded[9] = "00000000";
	uint32_t value;

	if (v.n != 4)
		return false;
	memcpy(padded + 4, v.p, 4);
	if (!hex_word(sv_make(padded, 8), &value))
		return false;
	*out = (uint16_t)value;
	return true;
}

static bool
local_address(struct sv field, uint8_t fam, struct svc_listen *l)
{
	size_t words = fam == 4 ? 1 : 4;

	if (field.n != words * 8 + 5 || field.p[words * 8] != ':')
		return false;
	for (size_t i = 0; i < words; i++) {
		uint32_t word;

		if (!hex_word(sv_sub(field, i * 8, 8), &word))
			return false;
		/* the kernel prints each word as a number of this machine */
		memcpy(l->addr + i * 4, &word, 4);
	}
	l->fam = fam;
	return hex_port(rest_of(field, words * 8 + 1), &l->port);
}

/* Behind the state: queues, timer, retransmits, user, timeout, inode. */
static uint64_t
socket_inode(struct sv rest)
{
	enum { INODE = 6 };
	struct sv word = {0};
	uint64_t inode = 0;

	for (int i = 0; i < INODE; i++)
		if (!sv_token(&rest, " ", &word))
			return 0;
	return sv_to_uint(word, UINT64_MAX, &inode) ? inode : 0;
}

void
svc_listen_parse(
	struct sv text, uint8_t fam, struct svc_listen **v, size_t *n, size_t *cap)
{
	struct sv line;

	while (sv_line(&text, &line)) {
		struct sv rest = line, number, local, remote, state;
		struct svc_listen l = {0};

		if (!sv_token(&rest, " ", &number) || !sv_token(&rest, " ", &local) ||
			!sv_token(&rest, " ", &remote) || !sv_token(&rest, " ", &state))
			continue;
		if (!sv_eq_str(state, "0A") || !local_address(local, fam, &l))
			continue;
		l.inode = socket_inode(rest);
		*v = mem_grow(*v, cap, *n + 1, sizeof **v);
		(*v)[(*n)++] = l;
	}
}

bool
svc_listen_has(const struct svc_listen *v, size_t n, const struct svc_listen *want)
{
	static const uint8_t any[16];

	for (size_t i = 0; i < n; i++) {
		size_t len = v[i].fam == 4 ? 4 : 16;

		if (v[i].port != want->port || v[i].fam != want->fam)
			continue;
		if (memcmp(v[i].addr, want->addr, len) == 0 ||
			memcmp(v[i].addr, any, len) == 0)
			return true;
	}
	return false;
}

/* Commands that people type: their mistakes are not Postfix's health. */
static bool
is_command(struct sv program)
{
	static const char *const names[] = {"postqueue", "postsuper", "postdrop",
		"postfix-script", "postlog", "postconf", "postmap", "postalias",
		"postcat", "sendmail", "postmulti", "postfix", NULL};

	for (size_t i = 0; names[i]; i++)
		if (sv_eq_str(program, names[i]))
			return true;
	return false;
}

/* The word that ends before `end`, behind its last slash: "postfix/smtpd" -> "smtpd". */
static struct sv
program_before(struct sv line, size_t end)
{
	size_t from = end;

	while (from > 0 && line.p[from - 1] != '/' && !is_blank_char(line.p[from - 1]))
		from--;
	return sv_sub(line, from, end - from);
}

/* What a daemon says, after "NAME/PROG[PID]: "; stamp and host are passed over. */
static bool
log_message(struct sv line, struct sv *message)
{
	size_t i = 0;

	for (; i + 2 < line.n; i++) {
		size_t digits = i;

		if (line.p[i] != ']' || line.p[i + 1] != ':' || line.p[i + 2] != ' ')
			continue;
		while (digits > 0 && is_digit_char(line.p[digits - 1]))
			digits--;
		if (digits == i || digits == 0 || line.p[digits - 1] != '[' ||
			is_command(program_before(line, digits - 1)))
			return false;
		*message = sv_trim(rest_of(line, i + 3));
		return true;
	}
	return false;
}

bool
svc_log_ill(struct sv line, struct sv *words)
{
	struct sv m, text;

	if (!log_message(line, &m))
		return false;
	*words = m;
	if (sv_starts(m, "fatal: ") || sv_starts(m, "panic: "))
		return true;
	if (!sv_starts(m, "warning: "))
		return false;
	text = rest_of(m, strlen("warning: "));
	if (sv_starts(text, "process ") &&
		(sv_find_sv(text, sv_of(" killed by signal ")) >= 0 ||
			sv_find_sv(text, sv_of(" exit status ")) >= 0))
		return true;
	return sv_ends(text, " -- throttling") ||
	       (sv_starts(text, "ignoring ") &&
		       sv_ends(text, " parameter value change")) ||
	       (sv_starts(text, "service ") &&
		       sv_ends(text, ": ignoring inet_interfaces change"));
}
