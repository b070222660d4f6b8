/* SPDX-License-Identifier: MIT
 *
 * A pretended machine for the ladder: its Postfix runs, and the programs that a rung
 * asks, and the process without rights, say what a case wants. What a case leaves out is
 * as on a good relay.
 */
#ifndef PR_VERIFY_MACHINE_H
#define PR_VERIFY_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fake/fake_nic.h"
#include "fake/fake_postfix.h"
#include "session/settings.h"
#include "session/verify.h"

enum { MASTER = 4711, SCRIPT_MAX = 16 };

/* What differs from a good relay; NULL: as there. */
struct says {
	const char *conf; /* lines before the usual ones */
	const char *dns, *tcp, *smtp, *finger;
	const char *cert; /* what openssl says of the certificate that came */
	const char *passwords, *passwords_err;
	const char *aliases;
	const char *probe;   /* status and reason of sendmail -bv */
	const char *real;    /* of the second probe, with the real sender */
	const char *message; /* of the test message */
	const char *relay;   /* who takes it */
	const char *nets;
	const char *derived; /* what Postfix makes of an unset mynetworks */
	const char *const *nics;
	const char *client; /* master.cf's line of the smtp client */
	const char *to;
	bool stopped, no_log, silent, journal;
	int postconf_status;
	const char *postconf_err;
};

struct machine {
	struct fake_postfix pf;
	struct fs_ops ops;
	const struct fs_ops *under;
	struct fake_nic nic;
	struct settings set;
	struct session *s;
	struct says is;
	struct fake_cmd cmd[SCRIPT_MAX];
	char *owned[SCRIPT_MAX];
	size_t n;
	char *conf, *systemctl;
	int probes, messages;
	struct str journal, late; /* what journalctl says; from the second time on */
	int asks;
	struct fake_cmd *journalctl;
};

static struct machine
	*machine; /* of the test that runs: a file system has no place for it */

/* /proc is the pretended machine's. */
static inline int
proc_openat(void *self, int dir, const char *path, int flags, mode_t mode)
{
	char *moved = strncmp(path, "/proc/", 6) == 0
			      ? str_format("%s/%s", machine->pf.proc, path + 6)
			      : mem_strdup(path);
	int fd = machine->under->openat(self, dir, moved, flags, mode);

	free(moved);
	return fd;
}

static inline void log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static inline void
log_line(const char *fmt, ...)
{
	FILE *f = fopen(machine->pf.log, "ae");
	char line[600];
	va_list args;

	assert_non_null(f);
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	fprintf(f, "Nov 27 16:49:18 relay %s\n", line);
	fclose(f);
	str_addf(machine->messages > 1 ? &machine->late : &machine->journal,
		"Nov 27 16:49:18 relay %s\n", line);
	if (machine->journalctl)
		machine->journalctl->out = str_c(&machine->journal);
}

/* A message after the first one isn't in the journal at once. */
static inline void
ask_journal(void *ctx, const struct run_req *req)
{
	(void)ctx;
	(void)req;
	if (machine->late.n && machine->asks++ > 0) {
		str_add_sv(&machine->journal, str_sv(&machine->late));
		str_clear(&machine->late);
		machine->asks = 0;
	}
	machine->journalctl->out = str_c(&machine->journal);
}

static inline const char *
last_of(const struct run_req *req)
{
	size_t n = 0;

	while (req->argv[n + 1])
		n++;
	return req->argv[n];
}

/* What Postfix does with a probe or a message, in its log. */
static inline void
deliver(void *ctx, const struct run_req *req)
{
	const struct says *is = &machine->is;
	bool probe = strcmp(req->argv[3], "-bv") == 0;
	struct sv rest = req->input, line;
	const char *status;

	(void)ctx;
	if (is->silent)
		return;
	machine->messages++;
	if (!probe)
		status = is->message ? is->message : "sent (250 2.0.0 Ok: queued)";
	else if (machine->probes++ == 0)
		status = is->probe ? is->probe : "deliverable (250 2.1.5 Ok)";
	else
		status = is->real ? is->real : "deliverable (250 2.1.5 Ok)";
	log_line("postfix/pickup[9]: AAAA1: uid=%u from=<x>", (unsigned)geteuid() + 1);
	log_line("postfix/pickup[9]: BBBB%d: uid=%u from=<x>", machine->messages,
		(unsigned)geteuid());
	while (sv_line(&rest, &line))
		if (sv_starts(line, "Message-ID: "))
			log_line("postfix/cleanup[9]: BBBB%d: message-id=%.*s",
				machine->messages, (int)line.n - 12, line.p + 12);
	if (sv_starts(sv_of(status), "fatal: ")) {
		log_line("postfix/smtp[10]: %s", status);
		return;
	}
	log_line("postfix/smtp[9]: AAAA1: to=<%s>, relay=x[192.0.2.1]:25, dsn=4.0.0, "
		 "status=bounced (somebody else's)",
		last_of(req));
	log_line("postfix/smtp[9]: BBBB%d: to=<%s>, relay=%s, delay=0.05, dsn=2.1.5, "
		 "status=%s",
		machine->messages, last_of(req),
		is->relay && !probe ? is->relay : "mail.test.co.jp[198.51.100.25]:587",
		status);
}

static inline struct fake_cmd *
machine_add(const char *argv, const char *out, const char *err, int status)
{
	size_t i = machine->n++;

	machine->owned[i] = mem_strdup(argv);
	machine->cmd[i] = (struct fake_cmd){.argv = machine->owned[i],
		.out = out,
		.err = err,
		.status = status,
		.always = true};
	return &machine->cmd[i];
}

static inline struct fake_cmd *
machine_add_tool(
	const char *tool, const char *args, const char *out, const char *err, int status)
{
	char *argv = str_format("%s/%s %s", machine->pf.bin, tool, args);
	struct fake_cmd *c = machine_add(argv, out, err, status);

	free(argv);
	return c;
}

static const char defaults[] =
	"compatibility_level = 3.6\nmail_version = 3.7.11\nmyhostname = relay.test\n"
	"enable_long_queue_ids = no\nmynetworks_style = host\n"
	"parent_domain_matches_subdomains = mynetworks\n"
	"smtpd_client_restrictions = \nsmtpd_recipient_restrictions = \n"
	"smtpd_peername_lookup = yes\nsmtpd_relay_before_recipient_restrictions = yes\n"
	"smtpd_relay_restrictions = permit_mynetworks, defer_unauth_destination\n"
	"smtpd_restriction_classes = \ninet_interfaces = all\ninet_protocols = all\n"
	"relayhost = \nalias_maps = \nalias_database = \n";

#define SECURE "smtp_tls_security_level = secure\nsmtp_tls_wrappermode = no\n"
#define PLAIN "smtp_tls_security_level =\nsmtp_tls_wrappermode = no\n"
#define LOGIN "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/etc/sasl\n"
#define HOP "relayhost = [mail.test.co.jp]:587\n"

static const char finger_good[] =
	"posttls-finger: Connected to mail.test.co.jp[198.51.100.25]:587\n"
	"posttls-finger: < 220 mail.test.co.jp ESMTP\n"
	"posttls-finger: > EHLO relay.test\nposttls-finger: < 250-mail.test.co.jp\n"
	"posttls-finger: < 250 STARTTLS\nposttls-finger: > STARTTLS\n"
	"posttls-finger: < 220 go\n"
	"posttls-finger: mail[1]:587: matched peername: mail.test.co.jp\n"
	"posttls-finger: Verified TLS connection established to "
	"mail.test.co.jp[198.51.100.25]:587: TLSv1.3 with cipher X (256/256 bits)\n"
	"posttls-finger: > EHLO relay.test\nposttls-finger: < 250-mail.test.co.jp\n"
	"posttls-finger: < 250-AUTH PLAIN LOGIN\nposttls-finger: < 250 DSN\n";

static const char chain[] = "---\nCertificate chain\n 0 subject: /CN=mail.test.co.jp\n"
			    "-----BEGIN CERTIFICATE-----\nMIIBjzCC\n"
			    "-----END CERTIFICATE-----\n";

static inline void
look_at_chain(void *ctx, const struct run_req *req)
{
	(void)ctx;
	assert_true(sv_ends(req->input, chain));
}

static inline const char *
machine_or(const char *said, const char *good)
{
	return said ? said : good;
}

static inline void
machine_script_postconf(const struct says *is)
{
	int status = is->postconf_status;

	machine->conf =
		str_format("%smaillog_file = %s\n"
			   "alias_maps = hash:/etc/aliases\ninet_protocols = ipv4\n"
			   "mydestination = relay.test, localhost\n"
			   "myhostname = relay.test\nmyorigin = relay.test\n"
			   "sendmail_path = /usr/sbin/sendmail\n",
			machine_or(is->conf, HOP SECURE LOGIN),
			is->no_log ? "" : machine->pf.log);
	machine_add_tool("postconf", "-d", defaults, NULL, 0);
	machine_add_tool("postconf", "-m", "hash\n", NULL, 0);
	machine_add_tool("postconf", "-c * -x ...", status ? NULL : machine->conf,
		is->postconf_err, status);
	if (is->derived)
		machine_add_tool("postconf", "-c * mynetworks", is->derived, NULL, 0);
}

/* What the process without rights brings. */
static inline void
machine_script_net(const struct says *is)
{
	machine_add("/proc/self/exe --net-probe dns ...",
		machine_or(is->dns, "addr=198.51.100.25\n"), NULL, 0);
	machine_add("/proc/self/exe --net-probe tcp ...",
		machine_or(is->tcp, "connected=198.51.100.25\n"), NULL, 0);
	machine_add("/proc/self/exe --net-probe smtp * * relay.test",
		machine_or(is->smtp, "greeting=220 mail.test.co.jp ESMTP\n"
				     "ehlo=250-mail.test.co.jp\nehlo=250 STARTTLS\n"),
		NULL, 0);
	machine_add("/proc/self/exe --net-probe run /usr/bin/openssl x509 -noout "
		    "-enddate -text",
		is->cert, NULL, 0)
		->act = look_at_chain;
	machine_add("/proc/self/exe --net-probe run * -C ...", is->cert ? chain : NULL,
		machine_or(is->finger, finger_good), 0);
}

static inline void
machine_script(const struct says *is)
{
	machine_script_postconf(is);
	machine_script_net(is);
	machine_add_tool("postmap", "-c * -q - hash:/etc/sasl",
		machine_or(is->passwords,
			"[mail.test.co.jp]:587\trelay@test.co.jp:geheim\n"),
		is->passwords_err, is->passwords_err ? 1 : 0);
	machine_add_tool("postalias", "-c * -q - hash:/etc/aliases",
		machine_or(is->aliases, "root:\thanako@example.com\npostmaster:\troot\n"),
		NULL, 0);
	machine_add("/usr/sbin/sendmail -C ...", NULL, NULL, 0)->act = deliver;
	if (is->journal) {
		machine->journalctl =
			machine_add_tool("journalctl", "--quiet ...", "", NULL, 0);
		machine->journalctl->act = ask_journal;
		fake_postfix_write(&machine->pf, "bin/journalctl", "");
	}
	fake_postfix_script(&machine->pf, machine->cmd, machine->n);
}

static inline void
machine_open(struct machine *x, const struct says *is)
{
	static const char *const nics[] = {
		"lo 127.0.0.1/8 up loopback", "lan0 192.168.1.1/24 up", NULL};
	struct str main_cf = {0};

	*x = (struct machine){.is = *is};
	machine = x;
	fake_postfix_init(&x->pf);
	x->under = x->pf.world.fs.ops;
	x->ops = *x->under;
	x->ops.openat = proc_openat;
	x->pf.world.fs.ops = &x->ops;
	x->nic.rows = is->nics ? is->nics : nics;
	x->pf.world.nic = fake_nic_port(&x->nic);
	str_addf(&main_cf, "queue_directory = %s\ninet_interfaces = 127.0.0.1\n%s",
		x->pf.queue, is->nets ? is->nets : "mynetworks = 192.168.1.0/24\n");
	fake_postfix_write(&x->pf, "conf/main.cf", str_c(&main_cf));
	char *master =
		str_format("smtp inet n - n - - smtpd\n%s", is->client ? is->client : "");
	fake_postfix_write(&x->pf, "conf/master.cf", master);
	free(master);
	fake_postfix_write(&x->pf, "aliases", "root: hanako@example.com\n");
	fake_postfix_write(&x->pf, "maillog", "");
	if (!is->stopped)
		fake_postfix_start(&x->pf, MASTER, NULL);
	machine_script(is);
	x->systemctl = str_format("%s/systemctl", x->pf.bin);
	x->set = (struct settings){.config_dir = x->pf.conf,
		.command_dir = x->pf.bin,
		.systemctl = x->systemctl,
		.getent = x->pf.bin,
		.program_seconds = 60};
	char *aliases = str_format("%s/aliases", x->pf.root);
	x->s = ses_open(&(struct ses_opts){.config_dir = x->pf.conf,
				.aliases_file = aliases,
				.state_dir = x->pf.state},
		&x->set, &x->pf.world);
	free(aliases);
	str_free(&main_cf);
}

static inline void
machine_close(struct machine *x)
{
	ses_close(x->s);
	assert_string_equal(str_c(&x->pf.run.mismatch), "");
	for (size_t i = 0; i < x->n; i++)
		free(x->owned[i]);
	free(x->conf);
	free(x->systemctl);
	str_free(&x->journal);
	str_free(&x->late);
	fake_postfix_free(&x->pf);
}

/* A listening socket of the pretended machine. */
static inline void
machine_listen(struct machine *x, const char *line)
{
	char *name = str_format("proc/%d/net", MASTER), *path;

	path = str_format("%s/%s", x->pf.root, name);
	(void)mkdir(path, 0700);
	free(path);
	path = str_format("%s/tcp", name);
	fake_postfix_write(&x->pf, path, line);
	free(path);
	free(name);
}

#define LO_25                                                                            \
	"  sl  local_address rem_address   st\n"                                         \
	"   0: 0100007F:0019 00000000:0000 0A 0 0 0 0 0 1\n"

/* From now on, the programs whose call has the part say this. */
static inline void
machine_say(struct machine *x, const char *part, const char *out)
{
	for (size_t i = 0; i < x->n; i++)
		if (strstr(x->cmd[i].argv, part))
			x->cmd[i].out = out;
}

/* The programs whose call has the part take so long. */
static inline void
machine_delay(struct machine *x, const char *part, int ms)
{
	for (size_t i = 0; i < x->n; i++)
		if (strstr(x->cmd[i].argv, part))
			x->cmd[i].delay_ms = ms;
}

/* A program that stands before those that the call would fit, too. */
static inline void
machine_add_first(struct machine *x, const char *argv, const char *out)
{
	memmove(x->cmd + 1, x->cmd, x->n * sizeof(x->cmd[0]));
	memmove(x->owned + 1, x->owned, x->n * sizeof(x->owned[0]));
	x->owned[0] = mem_strdup(argv);
	x->cmd[0] = (struct fake_cmd){.argv = x->owned[0], .out = out, .always = true};
	fake_postfix_script(&x->pf, x->cmd, ++x->n);
}

/* How often a program was called with the part. */
static inline size_t
machine_asked(const struct machine *x, const char *part)
{
	const char *at = str_c(&x->pf.run.log);
	size_t n = 0;

	for (; (at = strstr(at, part)) != NULL; at++)
		n++;
	return n;
}

#endif
