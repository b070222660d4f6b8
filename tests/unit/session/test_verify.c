/* SPDX-License-Identifier: MIT
 *
 * The ladder over a pretended machine: programs and the process without rights say what a
 * case wants, and the right rung must come out with the right reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"
#include "fake/fake_nic.h"
#include "fake/fake_postfix.h"
#include "session/settings.h"
#include "session/networks.h"
#include "session/params.h"
#include "session/internal.h"
#include "session/review.h"
#include "session/verify.h"

enum { MASTER = 4711, SCRIPT_MAX = 16 };

/* What differs from the good machine of the first case; NULL: as there. */
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
	const char *to;
	bool stopped, no_log, silent, journal;
	int postconf_status;
	const char *postconf_err;
};

struct rig {
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

static struct rig *rig; /* of the test that runs: a file system has no place for it */

/* /proc is the pretended machine's. */
static int
proc_openat(void *self, int dir, const char *path, int flags, mode_t mode)
{
	char *moved = strncmp(path, "/proc/", 6) == 0
			      ? str_format("%s/%s", rig->pf.proc, path + 6)
			      : mem_strdup(path);
	int fd = rig->under->openat(self, dir, moved, flags, mode);

	free(moved);
	return fd;
}

static void log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void
log_line(const char *fmt, ...)
{
	FILE *f = fopen(rig->pf.log, "ae");
	char line[600];
	va_list args;

	assert_non_null(f);
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	fprintf(f, "Nov 27 16:49:18 relay %s\n", line);
	fclose(f);
	str_addf(rig->messages > 1 ? &rig->late : &rig->journal,
		"Nov 27 16:49:18 relay %s\n", line);
	if (rig->journalctl)
		rig->journalctl->out = str_c(&rig->journal);
}

/* A message after the first one isn't in the journal at once. */
static void
ask_journal(void *ctx, const struct run_req *req)
{
	(void)ctx;
	(void)req;
	if (rig->late.n && rig->asks++ > 0) {
		str_add_sv(&rig->journal, str_sv(&rig->late));
		str_clear(&rig->late);
		rig->asks = 0;
	}
	rig->journalctl->out = str_c(&rig->journal);
}

static const char *
last_of(const struct run_req *req)
{
	size_t n = 0;

	while (req->argv[n + 1])
		n++;
	return req->argv[n];
}

/* What Postfix does with a probe or a message, in its log. */
static void
deliver(void *ctx, const struct run_req *req)
{
	const struct says *is = &rig->is;
	bool probe = strcmp(req->argv[3], "-bv") == 0;
	struct sv rest = req->input, line;
	const char *status;

	(void)ctx;
	if (is->silent)
		return;
	rig->messages++;
	if (!probe)
		status = is->message ? is->message : "sent (250 2.0.0 Ok: queued)";
	else if (rig->probes++ == 0)
		status = is->probe ? is->probe : "deliverable (250 2.1.5 Ok)";
	else
		status = is->real ? is->real : "deliverable (250 2.1.5 Ok)";
	log_line("postfix/pickup[9]: AAAA1: uid=%u from=<x>", (unsigned)geteuid() + 1);
	log_line("postfix/pickup[9]: BBBB%d: uid=%u from=<x>", rig->messages,
		(unsigned)geteuid());
	while (sv_line(&rest, &line))
		if (sv_starts(line, "Message-ID: "))
			log_line("postfix/cleanup[9]: BBBB%d: message-id=%.*s",
				rig->messages, (int)line.n - 12, line.p + 12);
	if (sv_starts(sv_of(status), "fatal: ")) {
		log_line("postfix/smtp[10]: %s", status);
		return;
	}
	log_line("postfix/smtp[9]: AAAA1: to=<%s>, relay=x[192.0.2.1]:25, dsn=4.0.0, "
		 "status=bounced (somebody else's)",
		last_of(req));
	log_line("postfix/smtp[9]: BBBB%d: to=<%s>, relay=%s, delay=0.05, dsn=2.1.5, "
		 "status=%s",
		rig->messages, last_of(req),
		is->relay && !probe ? is->relay : "mail.test.co.jp[198.51.100.25]:587",
		status);
}

static void
add(const char *argv, const char *out, const char *err, int status)
{
	struct fake_cmd *c = &rig->cmd[rig->n];

	rig->owned[rig->n++] = str_format("%s", argv);
	*c = (struct fake_cmd){.argv = rig->owned[rig->n - 1],
		.out = out,
		.err = err,
		.status = status,
		.always = true};
}

static void
add_tool(const char *tool, const char *args, const char *out, const char *err, int status)
{
	char *argv = str_format("%s/%s %s", rig->pf.bin, tool, args);

	add(argv, out, err, status);
	free(argv);
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

static void
look_at_chain(void *ctx, const struct run_req *req)
{
	(void)ctx;
	assert_true(sv_ends(req->input, chain));
}

static void
write_script(const struct says *is)
{
	const char *conf = is->conf ? is->conf : HOP SECURE LOGIN;
	int status = is->postconf_status;

	rig->conf = str_format("%smaillog_file = %s\n"
			       "alias_maps = hash:/etc/aliases\ninet_protocols = ipv4\n"
			       "mydestination = relay.test, localhost\n"
			       "myhostname = relay.test\nmyorigin = relay.test\n"
			       "sendmail_path = /usr/sbin/sendmail\n",
		conf, is->no_log ? "" : rig->pf.log);
	add_tool("postconf", "-d", defaults, NULL, 0);
	add_tool("postconf", "-m", "hash\n", NULL, 0);
	add_tool("postconf", "-c * -x ...", status ? NULL : rig->conf, is->postconf_err,
		status);
	add("/proc/self/exe --net-probe dns ...",
		is->dns ? is->dns : "addr=198.51.100.25\n", NULL, 0);
	add("/proc/self/exe --net-probe tcp ...",
		is->tcp ? is->tcp : "connected=198.51.100.25\n", NULL, 0);
	add("/proc/self/exe --net-probe smtp * * relay.test",
		is->smtp ? is->smtp
			 : "greeting=220 mail.test.co.jp ESMTP\n"
			   "ehlo=250-mail.test.co.jp\nehlo=250 STARTTLS\n",
		NULL, 0);
	add("/proc/self/exe --net-probe run /usr/bin/openssl x509 -noout -enddate",
		is->cert, NULL, 0);
	rig->cmd[rig->n - 1].act = look_at_chain;
	add("/proc/self/exe --net-probe run * -C ...", is->cert ? chain : NULL,
		is->finger ? is->finger : finger_good, 0);
	add_tool("postmap", "-c * -q - hash:/etc/sasl",
		is->passwords ? is->passwords
			      : "[mail.test.co.jp]:587\trelay@test.co.jp:geheim\n",
		is->passwords_err, is->passwords_err ? 1 : 0);
	add_tool("postalias", "-c * -q - hash:/etc/aliases",
		is->aliases ? is->aliases
			    : "root:\thanako@example.com\npostmaster:\troot\n",
		NULL, 0);
	add("/usr/sbin/sendmail -C ...", NULL, NULL, 0);
	rig->cmd[rig->n - 1].act = deliver;
	if (is->journal) {
		add_tool("journalctl", "--quiet ...", "", NULL, 0);
		rig->journalctl = &rig->cmd[rig->n - 1];
		rig->journalctl->act = ask_journal;
		fake_postfix_write(&rig->pf, "bin/journalctl", "");
	}
	fake_postfix_script(&rig->pf, rig->cmd, rig->n);
}

static void
open_with(struct rig *x, const struct says *is)
{
	static const char *const nics[] = {
		"lo 127.0.0.1/8 up loopback", "lan0 192.168.1.1/24 up", NULL};
	struct str main_cf = {0};

	*x = (struct rig){.is = *is};
	rig = x;
	fake_postfix_init(&x->pf);
	x->under = x->pf.world.fs.ops;
	x->ops = *x->under;
	x->ops.openat = proc_openat;
	x->pf.world.fs.ops = &x->ops;
	x->nic.rows = nics;
	x->pf.world.nic = fake_nic_port(&x->nic);
	str_addf(&main_cf, "queue_directory = %s\ninet_interfaces = 127.0.0.1\n%s",
		x->pf.queue, is->nets ? is->nets : "mynetworks = 192.168.1.0/24\n");
	fake_postfix_write(&x->pf, "conf/main.cf", str_c(&main_cf));
	fake_postfix_write(&x->pf, "conf/master.cf", "smtp inet n - n - - smtpd\n");
	fake_postfix_write(&x->pf, "aliases", "root: hanako@example.com\n");
	fake_postfix_write(&x->pf, "maillog", "");
	if (!is->stopped)
		fake_postfix_start(&x->pf, MASTER, NULL);
	write_script(is);
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

static void
done(struct rig *x)
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
static void
listen_on(struct rig *x, const char *line)
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

static void
run(struct rig *x, const char *to, bool probe)
{
	struct diags d = {0};

	if (!x->is.stopped)
		listen_on(x, LO_25);
	assert_true(ses_verify_start(
		x->s, &(struct ses_verify_opts){.to = to, .probe = probe}, &d));
	ses_verify_wait(x->s, NULL, NULL);
}

static const struct ses_rung *
rung_of(struct rig *x, const char *id)
{
	static struct ses_rung kept;
	struct ses_verify v;

	ses_verify_view(x->s, &v);
	for (size_t i = 0; i < v.n; i++)
		if (strcmp(v.rungs[i].id, id) == 0) {
			kept = v.rungs[i];
			return &kept;
		}
	fail_msg("no rung %s", id);
	return NULL;
}

static void
print_all(struct rig *x)
{
	struct ses_verify v;

	ses_verify_view(x->s, &v);
	for (size_t i = 0; i < v.n; i++) {
		print_message("%s %d: %s | %s | %s\n", v.rungs[i].id,
			(int)v.rungs[i].state, v.rungs[i].text, v.rungs[i].says,
			v.rungs[i].hint);
		for (size_t k = 0; k < v.rungs[i].nwords; k++)
			print_message("   %s\n", v.rungs[i].words[k]);
	}
}

static bool
tells(const struct ses_rung *r, const char *part)
{
	bool found =
		strstr(r->text, part) || strstr(r->says, part) || strstr(r->hint, part);

	for (size_t i = 0; i < r->nwords; i++)
		found = found || strstr(r->words[i], part);
	return found;
}

static void
a_good_relay_has_twelve_good_rungs(void **state)
{
	struct says is = {0};
	struct ses_verify v;
	struct rig x;

	(void)state;
	open_with(&x, &is);
	run(&x, "taro@example.com", false);
	ses_verify_view(x.s, &v);
	if (v.ok != 12)
		print_all(&x);
	assert_int_equal(v.ok, 12);
	assert_int_equal(v.failed + v.waits + v.warned, 0);
	assert_false(v.running);
	assert_true(tells(rung_of(&x, "encryption"), "TLSv1.3, certificate checked"));
	assert_true(tells(rung_of(&x, "login"), "relay@test.co.jp is let in"));
	assert_false(tells(rung_of(&x, "login"), "geheim"));
	assert_true(tells(rung_of(&x, "message"), "BBBB2 sent, 250 2.0.0 Ok: queued"));
	assert_true(tells(rung_of(&x, "people"), "both reach hanako@example.com"));
	/* no secret, and no login's password, in any argument */
	assert_null(strstr(str_c(&x.pf.run.log), "geheim"));
	done(&x);
}

/* Before it is applied, an upstream can be asked; the login can't be tried. */
static void
edits_are_probed_up_to_the_login(void **state)
{
	struct says is = {.conf = "relayhost =\n"};
	struct ses_verify v;
	struct diags d = {0};
	struct rig x;

	(void)state;
	open_with(&x, &is);
	run(&x, NULL, true);
	assert_int_equal(rung_of(&x, "name")->state, SES_RUNG_NONE);
	assert_true(ses_param_set(x.s, "myhostname", "relay.test", &d));
	assert_true(ses_param_set(x.s, "relayhost", "[mail.test.co.jp]:587", &d));
	assert_true(ses_param_set(x.s, "smtp_tls_security_level", "encrypt", &d));
	assert_true(ses_param_set(x.s, "smtp_sasl_auth_enable", "yes", &d));
	assert_true(ses_verify_start(
		x.s, &(struct ses_verify_opts){.probe = true, .edited = true}, &d));
	ses_verify_wait(x.s, NULL, NULL);
	ses_verify_view(x.s, &v);
	if (v.ok != 4)
		print_all(&x);
	assert_int_equal(v.n, 5);
	assert_int_equal(v.ok, 4);
	assert_int_equal(rung_of(&x, "login")->state, SES_RUNG_WAITS);
	assert_true(tells(rung_of(&x, "login"), "once it is applied"));
	assert_int_equal(x.probes, 0);
	done(&x);
}

struct expect {
	const char *what; /* of the case, for whoever reads its failure */
	struct says is;
	const char *rung;
	enum ses_rung_state state;
	const char *tells, *and;
};

#define FINGER(lines)                                                                    \
	"posttls-finger: Connected to mail[1]:587\nposttls-finger: < 220 mail "          \
	"ESMTP\n" lines
#define UNTRUSTED                                                                        \
	"posttls-finger: Untrusted TLS connection established to mail[1]:587: TLSv1.3 "  \
	"with cipher X\n"
#define SAID "undeliverable (host mail.test.co.jp[198.51.100.25] said: "

static const struct expect cases[] = {
	{"files",
		{.postconf_status = 1,
			.postconf_err =
				"postconf: fatal: /x/main.cf, line 3: missing '=' after "
				"attribute name: \"garbage\"\n"},
		"files", SES_RUNG_FAILED, "missing '='", "every program"},
	{"stopped", {.stopped = true}, "runs", SES_RUNG_FAILED, "stopped",
		"postfix start"},
	{"stopped, so no login", {.stopped = true}, "login", SES_RUNG_WAITS,
		"Postfix runs", ""},
	{"stopped, greeting all the same", {.stopped = true}, "greeting", SES_RUNG_OK,
		"220", ""},
	{"no such name", {.dns = "error=notfound\n"}, "name", SES_RUNG_FAILED,
		"not found", "spelling"},
	{"no name server", {.dns = "error=again\n"}, "name", SES_RUNG_FAILED,
		"DNS doesn't answer", "resolv.conf"},
	{"null MX", {.dns = "error=nullmx\n", .conf = "relayhost = test.co.jp\n" PLAIN},
		"name", SES_RUNG_FAILED, "null MX", "takes no mail"},
	{"no address", {.dns = "error=noaddr\n"}, "name", SES_RUNG_FAILED, "no address",
		"inet_protocols"},
	{"the child died", {.dns = ""}, "name", SES_RUNG_FAILED, "DNS doesn't answer",
		""},
	{"MX",
		{.conf = "relayhost = test.co.jp:587\n" PLAIN,
			.dns = "mx=10 "
			       "mail.test.co.jp\naddr=198.51.100.25\naddr=198.51.100."
			       "26\n"},
		"name", SES_RUNG_OK, "MX mail.test.co.jp = 198.51.100.25", "2 addresses"},
	{"malformed", {.conf = "relayhost = [mail\n" PLAIN}, "name", SES_RUNG_FAILED,
		"can't be read", "relayhost = [mail"},
	{"loop", {.conf = "relayhost = [192.168.1.1]\n" PLAIN}, "name", SES_RUNG_FAILED,
		"this machine", "loops back"},
	{"loop on another port", {.conf = "relayhost = [127.0.0.1]:10025\n" PLAIN},
		"name", SES_RUNG_WARN, "this machine", "another program"},
	{"no relay host", {.conf = PLAIN, .to = ""}, "name", SES_RUNG_NONE,
		"no relay host is set", ""},
	{"no relay host, no TLS rung", {.conf = PLAIN, .to = ""}, "encryption",
		SES_RUNG_NONE, "", ""},
	{"refused", {.tcp = "failed=198.51.100.25 Connection refused\n"}, "connection",
		SES_RUNG_FAILED, "Connection refused", "nothing listens"},
	{"timed out", {.tcp = "failed=198.51.100.25 timeout\n"}, "connection",
		SES_RUNG_FAILED, "timed out", "firewall"},
	{"port 25 timed out",
		{.conf = "relayhost = [mail.test.co.jp]\n" PLAIN,
			.tcp = "failed=198.51.100.25 timeout\n"},
		"connection", SES_RUNG_FAILED, "often blocked", "587"},
	{"a route that swallows", {.tcp = "failed=198.51.100.25 Invalid argument\n"},
		"connection", SES_RUNG_FAILED, "Invalid argument", "ip route"},
	{"something new under the sun", {.tcp = "failed=198.51.100.25 Out of cheese\n"},
		"connection", SES_RUNG_FAILED, "mail waits", "firewall"},
	{"no route", {.tcp = "failed=198.51.100.25 No route to host\n"}, "connection",
		SES_RUNG_FAILED, "No route", "routes"},
	{"one of two", {.tcp = "failed=198.51.100.24 timeout\nconnected=198.51.100.25\n"},
		"connection", SES_RUNG_WARN, "others fail", "198.51.100.24"},
	{"no IPv6 here",
		{.tcp = "failed=2001:db8::1 Network is unreachable\n"
			"connected=198.51.100.25\n"},
		"connection", SES_RUNG_OK, "198.51.100.25 port 587", "2001:db8::1"},
	{"silent", {.smtp = "error=timeout\n"}, "greeting", SES_RUNG_FAILED,
		"no greeting", "overloaded"},
	{"hangs up", {.smtp = "greeting=220 x\nerror=closed\n"}, "greeting",
		SES_RUNG_FAILED, "hangs up", "filter"},
	{"not wanted, and hung up",
		{.smtp = "greeting=554-no\ngreeting=554 5.7.1 go away\n"
			 "error=closed\n"},
		"greeting", SES_RUNG_FAILED, "554 5.7.1 go away", "Its words tell why"},
	{"not wanted", {.smtp = "greeting=554 5.7.1 go away\n"}, "greeting",
		SES_RUNG_FAILED, "554 5.7.1 go away", ""},
	{"TLS not offered", {.smtp = "greeting=220 x\nehlo=250 DSN\n"}, "encryption",
		SES_RUNG_FAILED, "not offered", "587"},
	{"no TLS, with a login", {.conf = HOP PLAIN LOGIN}, "encryption", SES_RUNG_WARN,
		"unencrypted", "required"},
	{"may, not offered",
		{.conf = HOP "smtp_tls_security_level = may\n",
			.smtp = "greeting=220 x\nehlo=250 DSN\n"},
		"encryption", SES_RUNG_OK, "plain text", ""},
	{"dane, not offered",
		{.conf = HOP "smtp_tls_security_level = dane\n",
			.smtp = "greeting=220 x\nehlo=250 DSN\n"},
		"encryption", SES_RUNG_WARN, "plain text", "encrypt"},
	{"dane, no records",
		{.conf = HOP "smtp_tls_security_level = dane\n",
			.finger = FINGER("posttls-finger: certificate verification "
					 "failed for mail[1]:587: untrusted issuer "
					 "/CN=Test CA\n" UNTRUSTED)},
		"encryption", SES_RUNG_OK, "TLSv1", ""},
	{"dane, records that don't fit",
		{.conf = HOP "smtp_tls_security_level = dane\n",
			.finger = FINGER("posttls-finger: certificate verification "
					 "failed for mail[1]:587: not trusted by local "
					 "or TLSA policy\n" UNTRUSTED)},
		"encryption", SES_RUNG_FAILED, "certificate refused", ""},
	{"no such level", {.conf = HOP "smtp_tls_security_level = bogus\n"}, "encryption",
		SES_RUNG_FAILED, "bogus", "encrypt or secure"},
	{"nobody signed it",
		{.finger = FINGER("posttls-finger: certificate verification "
				  "failed for mail[1]:587: untrusted issuer /CN=Test "
				  "CA\n" UNTRUSTED)},
		"encryption", SES_RUNG_FAILED, "certificate refused", "smtp_tls_CAfile"},
	{"another name",
		{.finger = FINGER("posttls-finger: server certificate "
				  "verification failed for mail[1]:587: num=62:hostname "
				  "mismatch\n" UNTRUSTED)},
		"encryption", SES_RUNG_FAILED, "another name", ""},
	{"out of date",
		{.finger = FINGER(
			 "posttls-finger: certificate verification "
			 "failed for mail[1]:587: certificate has expired\n" UNTRUSTED),
			.cert = "notAfter=Sep 20 15:00:00 2026 GMT\n"},
		"encryption", SES_RUNG_FAILED, "out of date",
		"certificate: to 2026-09-20"},
	{"not asked for",
		{.conf = HOP "smtp_tls_security_level = encrypt\n" LOGIN,
			.finger = FINGER(UNTRUSTED)},
		"encryption", SES_RUNG_OK, "unchecked", ""},
	{"a certificate for long", {.cert = "notAfter=Feb  7 09:00:00 2027 GMT\n"},
		"encryption", SES_RUNG_OK, "TLSv1.3, certificate to 2027-02",
		"certificate: to 2027-02-07, checked"},
	{"one day more than is told", {.cert = "notAfter=Oct  5 14:13:21 2026 GMT\n"},
		"encryption", SES_RUNG_OK, "certificate to 2026-10", ""},
	{"a certificate that ends soon", {.cert = "notAfter=Oct  5 14:13:20 2026 GMT\n"},
		"encryption", SES_RUNG_WARN, "certificate ends 2026-10-05",
		"within 14 days: from then"},
	{"ends soon, and nobody minds",
		{.conf = HOP "smtp_tls_security_level = encrypt\n" LOGIN,
			.cert = "notAfter=Sep 21 15:00:00 2026 GMT\n",
			.finger = FINGER(UNTRUSTED)},
		"encryption", SES_RUNG_WARN, "within 1 day. Postfix doesn't mind",
		"provider"},
	{"out of date, and nobody minds",
		{.conf = HOP "smtp_tls_security_level = encrypt\n" LOGIN,
			.cert = "notAfter=Sep 20 15:00:00 2026 GMT\n",
			.finger = FINGER(UNTRUSTED)},
		"encryption", SES_RUNG_WARN, "certificate ended 2026-09-20",
		"sends all the same"},
	{"no openssl", {.cert = "error=No such file or directory\n"}, "encryption",
		SES_RUNG_OK, "TLSv1.3, certificate checked", ""},
	{"a date that is none", {.cert = "notAfter=Bad time value\n"}, "encryption",
		SES_RUNG_OK, "TLSv1.3, certificate checked", ""},
	{"roots can't be read",
		{.finger = "posttls-finger: cannot load Certification "
			   "Authority data, CAfile=\"/x\": disabling TLS support\n"},
		"encryption", SES_RUNG_FAILED, "trusted roots", "PEM"},
	{"main.cf is for root only",
		{.finger = "posttls-finger: fatal: open "
			   "/etc/postfix/main.cf: Permission denied\n"},
		"encryption", SES_RUNG_WARN, "can't be tried", "without rights"},
	{"roots are for root only",
		{.finger = "posttls-finger: cannot load Certification "
			   "Authority data, CAfile=\"/x\": disabling TLS "
			   "support\nposttls-finger: "
			   "warning: TLS library problem: error:8000000D:system "
			   "library::Permission "
			   "denied:x.c:67:calling fopen(/x, r):\n"},
		"login", SES_RUNG_OK, "is let in", ""},
	{"plain port, TLS first",
		{.conf = HOP "smtp_tls_security_level = encrypt\n"
			     "smtp_tls_wrappermode = yes\n",
			.finger = "posttls-finger: SSL_connect error to mail[1]:587: -1\n"
				  "posttls-finger: warning: TLS library problem: "
				  "error:0A00010B:SSL "
				  "routines::wrong version number:x.c:350:\n"},
		"greeting", SES_RUNG_FAILED, "plain text", "465"},
	{"wrapped is good",
		{.conf = "relayhost = [mail.test.co.jp]:465\n"
			 "smtp_tls_security_level = secure\nsmtp_tls_wrappermode = "
			 "yes\n"},
		"encryption", SES_RUNG_OK, "certificate checked", ""},
	{"wrapped, greeting",
		{.conf = "relayhost = [mail.test.co.jp]:465\n"
			 "smtp_tls_security_level = secure\nsmtp_tls_wrappermode = "
			 "yes\n"},
		"greeting", SES_RUNG_OK, "220 mail.test.co.jp", ""},
	{"wrapped without TLS",
		{.conf = "relayhost = [mail.test.co.jp]:465\n"
			 "smtp_tls_security_level =\nsmtp_tls_wrappermode = yes\n"},
		"encryption", SES_RUNG_FAILED, "level: none", "encrypt"},
	{"another address of the same name", {.dns = "addr=198.51.100.77\n"}, "login",
		SES_RUNG_OK, "is let in", ""},
	{"another of the mail servers",
		{.conf = "relayhost = test.co.jp:587\n" SECURE LOGIN,
			.dns = "mx=5 a.test.co.jp\naddr=198.51.100.77\nmx=10 "
			       "mail.test.co.jp\n",
			.passwords = "test.co.jp\tu:p\n"},
		"login", SES_RUNG_OK, "u is let in", ""},
	{"another way than the relay host",
		{.conf = "relayhost = [other.test]:587\n" SECURE,
			.dns = "addr=198.51.100.77\n"},
		"login", SES_RUNG_WARN, "by mail.test.co.jp", "transport_maps"},
	{"login refused",
		{.probe = "undeliverable (SASL authentication failed; server "
			  "mail.test.co.jp[1] said: 535 5.7.8 Error: authentication "
			  "failed)"},
		"login", SES_RUNG_FAILED, "535 5.7.8", "refuses this user and password"},
	{"login refused, no message",
		{.probe = "undeliverable (SASL authentication "
			  "failed; server mail.test.co.jp[1] said: 535 5.7.8 Error)"},
		"message", SES_RUNG_WAITS, "login", ""},
	{"no mechanism",
		{.probe = "undeliverable (SASL authentication failed; cannot "
			  "authenticate to server x[1]: no mechanism available)"},
		"login", SES_RUNG_FAILED, "No method of login", "libsasl2-modules"},
	{"login wanted",
		{.conf = HOP SECURE,
			.probe = SAID
			"530 5.7.0 Authentication required (in reply to MAIL FROM "
			"command))",
			.real = SAID
			"530 5.7.0 Authentication required (in reply to MAIL FROM "
			"command))"},
		"login", SES_RUNG_FAILED, "wants a login", "user and password"},
	{"no relay there",
		{.conf = HOP SECURE,
			.probe = SAID
			"554 5.7.1 <x>: Relay access denied (in reply to RCPT TO "
			"command))"},
		"login", SES_RUNG_FAILED, "doesn't relay", "ask the provider"},
	{"the empty sender",
		{.probe = SAID "550 5.7.1 no null sender (in reply to MAIL FROM "
			       "command))"},
		"login", SES_RUNG_OK, "is let in", "a report goes to the sender"},
	{"receiver unknown",
		{.probe = SAID "550 5.1.1 <x>: User unknown (in reply to RCPT TO "
			       "command))"},
		"login", SES_RUNG_WARN, "let in, the receiver not", "no such receiver"},
	{"452 at the receiver",
		{.probe = SAID "452 4.3.1 Insufficient system storage (in "
			       "reply to RCPT TO command))"},
		"login", SES_RUNG_WARN, "no room now", ""},
	{"smtp dies",
		{.probe = "fatal: specify a password table via the "
			  "`smtp_sasl_password_maps' configuration parameter"},
		"login", SES_RUNG_FAILED, "smtp client dies", "user and password"},
	{"no table of passwords", {.conf = HOP SECURE "smtp_sasl_auth_enable = yes\n"},
		"login", SES_RUNG_FAILED, "no passwords are kept", ""},
	{"another key, and a login is wanted",
		{.passwords = "",
			.probe = SAID
			"554 5.7.1 <x>: Recipient address rejected: Access denied (in "
			"reply to RCPT TO command))"},
		"login", SES_RUNG_FAILED, "refused", "No password is kept"},
	{"another key", {.passwords = ""}, "login", SES_RUNG_WARN,
		"no password for [mail.test.co.jp]:587", "as it is written"},
	{"passwords not built",
		{.passwords = "",
			.passwords_err = "postmap: fatal: open database /etc/sasl.db: No "
					 "such file "
					 "or directory\n"},
		"login", SES_RUNG_FAILED, "can't be read", "postmap builds it"},
	{"AUTH not offered",
		{.finger = FINGER(
			 "posttls-finger: Verified TLS connection "
			 "established to mail[1]:587: TLSv1.3 with cipher X\n"
			 "posttls-finger: > EHLO x\nposttls-finger: < 250 DSN\n")},
		"login", SES_RUNG_WARN, "not offered", "goes without one"},
	{"log silent", {.silent = true}, "login", SES_RUNG_WARN, "not known",
		"Only root"},
	{"no log", {.no_log = true}, "message", SES_RUNG_WARN, "not known",
		"maillog_file"},
	{"the journal", {.no_log = true, .journal = true}, "message", SES_RUNG_OK,
		"BBBB2 sent", ""},
	{"the journal tells the first probe again",
		{.no_log = true,
			.journal = true,
			.probe = SAID
			"550 5.7.1 no null sender (in reply to MAIL FROM command))"},
		"login", SES_RUNG_OK, "is let in", "a report goes to the sender"},
	{"only root",
		{.passwords = "",
			.passwords_err = "postmap: fatal: open database "
					 "/etc/sasl.db: Permission denied\n"},
		"login", SES_RUNG_WARN, "can't be tried", "Only root"},
	{"deferred",
		{.message = "deferred (host mail[1] said: 452 4.3.1 Insufficient "
			    "system storage (in reply to DATA command))"},
		"message", SES_RUNG_FAILED, "deferred", "no room now"},
	{"bounced",
		{.message = "bounced (host mail[1] said: 550 5.1.1 <x>: User unknown (in "
			    "reply to RCPT TO command))"},
		"message", SES_RUNG_FAILED, "returned", "no such receiver"},
	{"loops back", {.message = "deferred (mail for x loops back to myself)"},
		"message", SES_RUNG_FAILED, "deferred", "this machine itself"},
	{"nobody to send to", {.to = ""}, "message", SES_RUNG_NONE, "no receiver",
		"--to"},
	{"open to the world", {.nets = "mynetworks = 192.168.1.0/24 0.0.0.0/0\n"},
		"stranger", SES_RUNG_FAILED, "198.51.100.200 may relay", "Danger"},
	{"public net of one's own", {.nets = "mynetworks = 198.51.100.0/24\n"},
		"stranger", SES_RUNG_OK, "203.0.113.200 is refused", ""},
	{"host bits", {.nets = "mynetworks = 192.168.1.5/24\n"}, "clients",
		SES_RUNG_FAILED, "1 of 1", "451"},
	{"an exception", {.nets = "mynetworks = !192.168.1.128 192.168.1.0/24\n"},
		"clients", SES_RUNG_OK, "192.168.1.0/24 allowed", ""},
	{"this host only", {.nets = "mynetworks = 127.0.0.0/8\n"}, "clients", SES_RUNG_OK,
		"this host only", ""},
	{"root's box", {.aliases = "postmaster:\troot\n"}, "people", SES_RUNG_WARN,
		"root reaches nobody", "alias root"},
	{"dropped", {.aliases = "root:\t/dev/null\npostmaster:\thanako@example.com\n"},
		"people", SES_RUNG_WARN, "root reaches nobody", ""},
	{"in a circle", {.aliases = "root:\ta\na:\troot\npostmaster:\ta\n"}, "people",
		SES_RUNG_WARN, "reaches nobody", ""},
};

static void
each_failure_is_told_by_its_rung(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct expect *e = &cases[i];
		const struct ses_rung *r;
		struct rig x;

		open_with(&x, &e->is);
		run(&x, e->is.to ? e->is.to : "taro@example.com", false);
		r = rung_of(&x, e->rung);
		if (r->state != e->state || !tells(r, e->tells) || !tells(r, e->and)) {
			print_message("%s:\n", e->what);
			print_all(&x);
			fail_msg("%s: %s %d", e->what, r->id, (int)r->state);
		}
		done(&x);
	}
}

static void
what_does_not_depend_on_a_failure_is_done(void **state)
{
	struct says is = {.dns = "error=notfound\n"};
	struct ses_verify v;
	struct rig x;

	(void)state;
	open_with(&x, &is);
	run(&x, "taro@example.com", false);
	ses_verify_view(x.s, &v);
	assert_int_equal(v.failed, 1);
	assert_int_equal(v.waits, 5); /* connection to login, message */
	assert_int_equal(rung_of(&x, "stranger")->state, SES_RUNG_OK);
	assert_int_equal(rung_of(&x, "people")->state, SES_RUNG_OK);
	done(&x);
}

static void
again_does_a_rung_and_what_waited_for_it(void **state)
{
	struct says is = {.dns = "error=notfound\n"};
	struct ses_verify v;
	struct rig x;

	(void)state;
	open_with(&x, &is);
	run(&x, "taro@example.com", false);
	for (size_t i = 0; i < x.n; i++)
		if (strstr(x.cmd[i].argv, " dns "))
			x.cmd[i].out = "addr=198.51.100.25\n";
	ses_verify_again(x.s, 4); /* the connection waits for the name */
	ses_verify_wait(x.s, NULL, NULL);
	ses_verify_view(x.s, &v);
	assert_int_equal(v.ok, 12);
	done(&x);
}

static void
says_at(struct rig *x, const char *part, const char *out)
{
	for (size_t i = 0; i < x->n; i++)
		if (strstr(x->cmd[i].argv, part))
			x->cmd[i].out = out;
}

/* A failed name: no connection can be tried, but Postfix's own way can. */
static void
without_a_failed_rung_the_others_are_tried(void **state)
{
	struct says is = {.dns = "error=notfound\n"};
	struct ses_verify v;
	struct rig x;

	(void)state;
	open_with(&x, &is);
	run(&x, "taro@example.com", false);
	assert_true(rung_of(&x, "name")->can_without);
	assert_false(rung_of(&x, "connection")->can_without);
	assert_false(rung_of(&x, "stranger")->can_without);
	assert_false(ses_verify_without(x.s, 4)); /* no address */
	assert_true(ses_verify_without(x.s, 3));
	ses_verify_wait(x.s, NULL, NULL);
	assert_int_equal(rung_of(&x, "connection")->state, SES_RUNG_WAITS);
	assert_int_equal(rung_of(&x, "greeting")->state, SES_RUNG_WAITS);
	assert_int_equal(rung_of(&x, "encryption")->state, SES_RUNG_OK);
	assert_int_equal(rung_of(&x, "login")->state, SES_RUNG_OK);
	assert_int_equal(rung_of(&x, "message")->state, SES_RUNG_OK);
	/* mended, it counts again */
	says_at(&x, " dns ", "addr=198.51.100.25\n");
	ses_verify_again(x.s, 4);
	ses_verify_wait(x.s, NULL, NULL);
	ses_verify_view(x.s, &v);
	assert_int_equal(v.ok, 12);
	done(&x);
}

/* Only the rung that waits, when the focus is there. */
static void
a_rung_that_waits_is_tried_by_itself(void **state)
{
	struct says is = {.passwords = "", .passwords_err = "postmap: fatal: open x\n"};
	struct rig x;

	(void)state;
	open_with(&x, &is);
	run(&x, "taro@example.com", false);
	assert_int_equal(rung_of(&x, "login")->state, SES_RUNG_FAILED);
	assert_int_equal(rung_of(&x, "message")->state, SES_RUNG_WAITS);
	assert_true(ses_verify_without(x.s, 11));
	ses_verify_wait(x.s, NULL, NULL);
	assert_int_equal(rung_of(&x, "login")->state, SES_RUNG_FAILED);
	assert_int_equal(rung_of(&x, "message")->state, SES_RUNG_OK);
	assert_false(ses_verify_without(x.s, 7));
	done(&x);
}

/* A probe has no row for where Postfix listens: the rows after it are others. */
static void
rows_of_a_probe_are_its_own(void **state)
{
	struct says is = {.dns = "error=notfound\n"};
	struct ses_verify v;
	struct rig x;

	(void)state;
	open_with(&x, &is);
	run(&x, "", true);
	says_at(&x, " dns ", "addr=198.51.100.25\n");
	ses_verify_again(x.s, 2);
	ses_verify_wait(x.s, NULL, NULL);
	ses_verify_view(x.s, &v);
	assert_int_equal(v.n, 7);
	assert_int_equal(v.ok, 7);
	done(&x);
}

#define TWO "relayhost = [mail.test.co.jp]:587, [spare.test.co.jp]:587\n" SECURE LOGIN

/* All rungs of a relay with a spare host; what the spare one says of its name. */
static void
open_with_spare(struct rig *x, struct says *is, const char *name)
{
	is->conf = is->conf ? is->conf : TWO;
	open_with(x, is);
	for (size_t i = x->n; i > 0; i--) {
		x->cmd[i] = x->cmd[i - 1];
		x->owned[i] = x->owned[i - 1];
	}
	x->owned[0] = str_format("/proc/self/exe --net-probe dns spare.test.co.jp *");
	x->cmd[0] = (struct fake_cmd){.argv = x->owned[0], .out = name, .always = true};
	fake_postfix_script(&x->pf, x->cmd, ++x->n);
	run(x, "taro@example.com", false);
}

static size_t
times(const struct rig *x, const char *part)
{
	const char *at = str_c(&x->pf.run.log);
	size_t n = 0;

	for (; (at = strstr(at, part)) != NULL; at++)
		n++;
	return n;
}

static void
every_relay_host_is_asked(void **state)
{
	struct says is = {0};
	struct ses_verify v;
	struct rig x;

	(void)state;
	open_with_spare(&x, &is, "addr=198.51.100.26\n");
	ses_verify_view(x.s, &v);
	assert_int_equal(v.ok, 12);
	assert_true(tells(rung_of(&x, "name"), "mail.test.co.jp = 198.51.100.25"));
	assert_true(tells(rung_of(&x, "name"),
		"spare [spare.test.co.jp]:587: spare.test.co.jp = 198.51.100.26"));
	assert_true(tells(rung_of(&x, "encryption"),
		"spare [spare.test.co.jp]:587: TLSv1.3, certificate checked"));
	assert_int_equal(times(&x, "tcp 587 198.51.100.26"), 1);
	assert_int_equal(times(&x, "[spare.test.co.jp]:587\n"), 1); /* posttls-finger */
	done(&x);
}

static void
a_spare_host_that_is_not_well_is_a_doubt(void **state)
{
	struct says is = {0};
	struct ses_verify v;
	struct rig x;

	(void)state;
	open_with_spare(&x, &is, "error=notfound\n");
	ses_verify_view(x.s, &v);
	assert_int_equal(v.ok, 11);
	assert_int_equal(v.warned, 1);
	assert_int_equal(rung_of(&x, "name")->state, SES_RUNG_WARN);
	assert_string_equal(
		rung_of(&x, "name")->text, "spare spare.test.co.jp: not found");
	assert_true(tells(rung_of(&x, "name"), "Mail leaves by the first relay host"));
	assert_true(tells(rung_of(&x, "name"), "spelling")); /* the spare one's way out */
	assert_false(tells(rung_of(&x, "connection"), "spare"));
	assert_int_equal(times(&x, "--net-probe tcp"), 1);
	done(&x);
}

/* The first fails: that is told as ever, and of the spare one what it is good for. */
static void
spare_hosts_are_asked_when_the_first_fails(void **state)
{
	struct says is = {.dns = "error=notfound\n"};
	struct rig x;

	(void)state;
	open_with_spare(&x, &is, "addr=198.51.100.26\n");
	assert_int_equal(rung_of(&x, "name")->state, SES_RUNG_FAILED);
	assert_string_equal(rung_of(&x, "name")->text, "not found");
	assert_int_equal(rung_of(&x, "greeting")->state, SES_RUNG_WAITS);
	assert_true(tells(rung_of(&x, "greeting"), "spare [spare.test.co.jp]:587: 220"));
	assert_int_equal(rung_of(&x, "login")->state, SES_RUNG_WAITS);
	/* mended, and everything on the way is asked anew */
	says_at(&x, " dns mail", "addr=198.51.100.25\n");
	says_at(&x, " dns ...", "addr=198.51.100.25\n");
	ses_verify_again(x.s, 3);
	ses_verify_wait(x.s, NULL, NULL);
	assert_int_equal(rung_of(&x, "greeting")->state, SES_RUNG_OK);
	assert_int_equal(rung_of(&x, "message")->state, SES_RUNG_OK);
	assert_int_equal(times(&x, "tcp 587 198.51.100.26"), 2);
	done(&x);
}

/* The first relay host is away, and Postfix goes to the spare one: proven with c. */
static void
mail_that_a_spare_host_takes_is_told(void **state)
{
	struct says is = {.conf = "relayhost = [spare.test.co.jp]:587, "
				  "[mail.test.co.jp]:587\n" SECURE LOGIN};
	struct rig x;

	(void)state;
	open_with_spare(&x, &is, "error=notfound\n");
	assert_true(ses_verify_without(x.s, 3));
	ses_verify_wait(x.s, NULL, NULL);
	assert_int_equal(rung_of(&x, "login")->state, SES_RUNG_WARN);
	assert_string_equal(
		rung_of(&x, "login")->text, "by the spare [mail.test.co.jp]:587");
	assert_int_equal(rung_of(&x, "message")->state, SES_RUNG_OK);
	done(&x);
}

/* Files that were written after Postfix read them: told everywhere, and a reload offered.
 */
static void
older_settings_are_told_and_a_reload_offered(void **state)
{
	struct says is = {0};
	struct ses_status st;
	struct ses_next next;
	struct ses_review review;
	struct rig x;

	(void)state;
	open_with(&x, &is);
	x.pf.clock.now = time(NULL); /* the files are real ones */
	ses_status(x.s, &st);
	assert_false(st.older_settings); /* not known */
	fake_postfix_reloaded(&x.pf, MASTER, time(NULL) + 60);
	run(&x, "taro@example.com", false);
	assert_true(tells(rung_of(&x, "runs"), ", with these settings"));
	fake_postfix_reloaded(&x.pf, MASTER, time(NULL) - 60);
	x.pf.clock.ms += 2000;
	ses_status(x.s, &st);
	assert_true(st.older_settings);
	ses_next(x.s, &next);
	assert_string_equal(next.screen, "review");
	assert_non_null(strstr(next.text, "main.cf is newer"));
	ses_review(x.s, false, &review);
	assert_int_equal(review.nlines, 0);
	assert_string_equal(review.actions[0].what, "reload");
	run(&x, "taro@example.com", false);
	assert_int_equal(rung_of(&x, "runs")->state, SES_RUNG_WARN);
	assert_true(tells(rung_of(&x, "runs"), "older settings"));
	done(&x);
}

/* inet_interfaces was edited by hand: a reload would leave the sockets as they are. */
static void
sockets_elsewhere_are_told_and_a_restart_offered(void **state)
{
	const struct timespec old[2] = {
		{.tv_sec = time(NULL) - 3600}, {.tv_sec = time(NULL) - 3600}};
	struct says is = {0};
	struct ses_status st;
	struct ses_next next;
	struct ses_review review;
	struct rig x;
	char *pid;

	(void)state;
	open_with(&x, &is);
	pid = str_format("%s/pid/master.pid", x.pf.queue);
	listen_on(&x, "  sl\n   0: 0501A8C0:0019 00000000:0000 0A 0 0 0 0 0 1\n");
	ses_status(x.s, &st);
	assert_false(st.older_settings); /* main.cf is as old as the master */
	assert_int_equal(utimensat(AT_FDCWD, pid, old, 0), 0);
	x.pf.clock.ms += 2000;
	ses_status(x.s, &st);
	assert_true(st.older_settings);
	ses_next(x.s, &next);
	assert_string_equal(next.screen, "review");
	assert_non_null(strstr(next.text, "Restart Postfix"));
	assert_true(ses_verify_start(x.s, &(struct ses_verify_opts){0}, NULL));
	ses_verify_wait(x.s, NULL, NULL);
	assert_string_equal(rung_of(&x, "listens")->screen, "review");
	ses_review(x.s, false, &review);
	assert_int_equal(review.act, SES_ACT_RESTART);
	assert_string_equal(review.actions[0].what, "stop, start");
	listen_on(&x, LO_25);
	x.pf.clock.ms += 2000;
	ses_status(x.s, &st);
	assert_false(st.older_settings);
	free(pid);
	done(&x);
}

/* What inet_interfaces refers to moves it as well; a name that only begins so doesn't. */
static void
what_moves_the_listeners_by_reference_restarts(void **state)
{
	struct says is = {.nets = "inet_interfaces = 127.0.0.1, ${lan}\n"
				  "lan = 192.168.1.1\n"};
	struct ses_review review;
	struct rig x;

	(void)state;
	open_with(&x, &is);
	assert_true(ses_param_set(x.s, "la", "1", NULL));
	ses_review(x.s, false, &review);
	assert_string_equal(review.actions[0].what, "reload");
	assert_true(ses_param_set(x.s, "lan", "192.168.2.1", NULL));
	ses_review(x.s, false, &review);
	assert_string_equal(review.actions[0].what, "stop, start");
	assert_non_null(strstr(review.actions[0].why, "inet_interfaces"));
	done(&x);
}

static void
a_stopped_one_can_be_started(void **state)
{
	struct says is = {.stopped = true};
	struct ses_status st;
	struct ses_next next;
	struct ses_review review;
	struct rig x;

	(void)state;
	open_with(&x, &is);
	ses_status(x.s, &st);
	assert_true(st.can_start);
	ses_next(x.s, &next);
	assert_string_equal(next.screen, "review");
	run(&x, NULL, false);
	assert_string_equal(rung_of(&x, "runs")->screen, "review");
	ses_review(x.s, false, &review);
	assert_true(review.can_start && !review.start);
	assert_int_equal(review.act, SES_ACT_NONE);
	ses_review_start(x.s, true);
	ses_review(x.s, false, &review);
	assert_true(review.start);
	assert_int_equal(review.act, SES_ACT_START);
	/* one of another folder than the machine's own is not */
	x.set.config_dir = x.pf.root;
	x.s->gen++;
	ses_review(x.s, false, &review);
	assert_false(review.can_start);
	assert_int_equal(review.act, SES_ACT_NONE);
	done(&x);
}

/* It needs no segments of clients. */
static void
a_relay_of_this_host_only_is_finished(void **state)
{
	struct says is = {.nets = "mynetworks = 127.0.0.0/8\n"
				  "relayhost = [mail.test.co.jp]:587\n"};
	struct ses_next next;
	struct rig x;

	(void)state;
	open_with(&x, &is);
	ses_next(x.s, &next);
	assert_string_not_equal(next.screen, "networks");
	done(&x);
	is.nets = "mynetworks = 127.0.0.0/8\nrelayhost = [mail.test.co.jp]:587\n"
		  "inet_interfaces = all\n";
	open_with(&x, &is);
	ses_next(x.s, &next);
	assert_string_equal(next.screen, "networks");
	done(&x);
}

/* A table that the login misses: r builds it, once Review was seen. */
static void
a_table_that_is_not_built_can_be(void **state)
{
	struct says is = {0};
	const struct diags *found;
	const struct diag *missing = NULL;
	struct ses_review review;
	struct diags d = {0};
	struct rig x;

	(void)state;
	is.nets = "mynetworks = 192.168.1.0/24\nrelayhost = [mail.test.co.jp]:587\n"
		  "smtp_sasl_auth_enable = yes\n"
		  "smtp_sasl_password_maps = hash:$config_directory/sasl\n";
	open_with(&x, &is);
	fake_postfix_write(&x.pf, "conf/sasl", "[mail.test.co.jp]:587 a:b\n");
	found = ses_findings(x.s);
	for (size_t i = 0; i < found->n; i++)
		if (found->v[i].code == DIAG_MAP_NOT_BUILT)
			missing = &found->v[i];
	assert_non_null(missing);
	assert_true(sv_ends(sv_of(ses_repair_text(x.s, missing)), "/conf/sasl"));
	assert_true(ses_mend(x.s, missing, &d));
	assert_true(ses_review_builds(x.s));
	ses_review(x.s, false, &review);
	assert_int_equal(review.act, SES_ACT_BUILD);
	assert_int_equal(review.nlines, 0);
	assert_true(sv_starts(sv_of(review.actions[0].what), "postmap hash:/"));
	assert_string_equal(review.actions[1].what, "reload");
	ses_review_build(x.s, NULL);
	ses_review(x.s, false, &review);
	assert_int_equal(review.act, SES_ACT_NONE);
	diag_clear(&d);
	done(&x);
}

/* A message that never left proves nothing of the upstream, whoever has it here. */
static void
a_message_that_stayed_here_is_doubtful(void **state)
{
	static const char *const here[] = {
		"local", "virtual", "none", "procmail", "relay.test[private/lmtp]"};
	struct rig x;

	(void)state;
	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++) {
		struct says is = {.relay = here[i]};

		open_with(&x, &is);
		run(&x, "root", false);
		assert_int_equal(rung_of(&x, "message")->state, SES_RUNG_WARN);
		assert_true(
			tells(rung_of(&x, "message"), "proves nothing of the upstream"));
		done(&x);
	}
	/* without an upstream there is nothing else to prove */
	struct says direct = {.conf = SECURE, .relay = "local"};
	open_with(&x, &direct);
	run(&x, "root", false);
	assert_int_equal(rung_of(&x, "message")->state, SES_RUNG_OK);
	done(&x);
}

static void
a_receiver_elsewhere_is_proposed(void **state)
{
	static const struct {
		const char *aliases, *conf, *want;
	} rows[] = {
		{"root: hanako@example.com\n", "", "hanako@example.com"},
		{"root: taro, \\root, x@relay.test\nx: |/bin/cat\ntaro: a@example.com\n",
			"", "a@example.com"},
		{"root: taro\ntaro: root\n", "", NULL},
		{"#root: hanako@example.com\n", "", NULL},
		{"postmaster: p@example.com\n", "", "p@example.com"},
		{"root: root@localhost\n", "", NULL},
		{"root: taro\n", "myorigin = example.co.jp\n", "root@example.co.jp"},
	};
	struct says is = {0};
	struct rig x;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *to;
		char *nets = str_format(
			"mydestination = relay.test, localhost\n%s", rows[i].conf);

		is.nets = nets;
		open_with(&x, &is);
		fake_postfix_write(&x.pf, "aliases", rows[i].aliases);
		to = ses_verify_receiver(x.s);
		if ((to && !rows[i].want) || (!to && rows[i].want))
			print_error("%s: %s\n", rows[i].aliases, to ? to : "nobody");
		assert_true(!to == !rows[i].want);
		if (to)
			assert_string_equal(to, rows[i].want);
		done(&x);
		free(nets);
	}
}

static void
stopping_leaves_the_rest_undone(void **state)
{
	struct says is = {0};
	struct ses_verify v;
	struct diags d = {0};
	struct rig x;

	(void)state;
	open_with(&x, &is);
	for (size_t i = 0; i < x.n; i++)
		x.cmd[i].delay_ms = 3000;
	assert_true(ses_verify_start(x.s, &(struct ses_verify_opts){0}, &d));
	(void)ses_step(x.s);
	ses_verify_stop(x.s);
	ses_verify_view(x.s, &v);
	assert_true(v.stopped && !v.running);
	assert_int_equal(v.rungs[v.n - 1].state, SES_RUNG_NOT_YET);
	done(&x);
}

static void
who_never_answers_is_given_up_after_ten_seconds(void **state)
{
	struct says is = {0};
	const struct ses_rung *r;
	struct rig x;

	(void)state;
	open_with(&x, &is);
	for (size_t i = 0; i < x.n; i++)
		if (strstr(x.cmd[i].argv, " tcp "))
			x.cmd[i].delay_ms = 600000;
	run(&x, "", false);
	r = rung_of(&x, "connection");
	assert_int_equal(r->state, SES_RUNG_FAILED);
	assert_true(tells(r, "no answer within 10 seconds"));
	assert_in_range(r->ms, 10000, 13000);
	assert_int_equal(rung_of(&x, "stranger")->state, SES_RUNG_OK);
	done(&x);
}

static void
edits_that_wait_are_not_judged(void **state)
{
	struct says is = {0};
	struct ses_verify v;
	struct diags d = {0};
	struct rig x;

	(void)state;
	open_with(&x, &is);
	assert_true(ses_net_add(x.s,
		&(struct ses_net_new){.text = "0.0.0.0/0", .before = SIZE_MAX}, NULL,
		&d));
	diag_clear(&d);
	run(&x, "", false);
	ses_verify_view(x.s, &v);
	assert_int_equal(v.edits, 1);
	assert_int_equal(rung_of(&x, "stranger")->state, SES_RUNG_OK);
	done(&x);
}

static void
the_probe_goes_from_name_to_login(void **state)
{
	struct says is = {0};
	struct ses_verify v;
	struct rig x;

	(void)state;
	open_with(&x, &is);
	run(&x, NULL, true);
	ses_verify_view(x.s, &v);
	assert_int_equal(v.n, 7);
	assert_string_equal(v.rungs[v.n - 1].id, "login");
	assert_int_equal(v.ok, 7);
	done(&x);
}

static void
nothing_but_postconf_runs_on_a_folder_that_others_can_write(void **state)
{
	struct says is = {0};
	struct rig x;

	(void)state;
	open_with(&x, &is);
	x.pf.open = "conf/main.cf";
	run(&x, "taro@example.com", false);
	assert_int_equal(rung_of(&x, "login")->state, SES_RUNG_WARN);
	assert_int_equal(rung_of(&x, "people")->state, SES_RUNG_WARN);
	assert_int_equal(rung_of(&x, "message")->state, SES_RUNG_WARN);
	assert_null(strstr(str_c(&x.pf.run.log), "/usr/sbin/sendmail"));
	assert_null(strstr(str_c(&x.pf.run.log), "/postmap "));
	done(&x);
}

static void
the_last_proof_is_the_next_step(void **state)
{
	struct says is = {.aliases = "root:\thanako@example.com\npostmaster:\troot\n"};
	struct ses_next next = {0};
	struct rig x;

	(void)state;
	open_with(&x, &is);
	assert_false(verify_next(x.s, &next));
	run(&x, "taro@example.com", false);
	assert_true(verify_next(x.s, &next));
	assert_string_equal(next.screen, "verify");
	assert_non_null(strstr(next.text, "all 12 rungs ok"));
	for (size_t i = 0; i < x.n; i++)
		if (strstr(x.cmd[i].argv, " dns "))
			x.cmd[i].out = "error=notfound\n";
	run(&x, "taro@example.com", false);
	assert_true(verify_next(x.s, &next));
	assert_non_null(strstr(next.text, "failed: name of the upstream"));
	run(&x, NULL, true); /* a probe is no proof */
	assert_false(verify_next(x.s, &next));
	done(&x);
}

static void
addresses_that_are_none_are_refused(void **state)
{
	static const char *const bad[] = {"-bv", "a b@c", "<a@b>", "a@", "@b", "a\n@b"};
	struct says is = {0};
	struct rig x;

	(void)state;
	open_with(&x, &is);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct diags d = {0};

		assert_false(ses_verify_start(
			x.s, &(struct ses_verify_opts){.to = bad[i]}, &d));
		assert_int_equal(d.v[0].code, DIAG_USAGE);
		diag_clear(&d);
	}
	done(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_relay_has_twelve_good_rungs),
		cmocka_unit_test(edits_are_probed_up_to_the_login),
		cmocka_unit_test(each_failure_is_told_by_its_rung),
		cmocka_unit_test(what_does_not_depend_on_a_failure_is_done),
		cmocka_unit_test(again_does_a_rung_and_what_waited_for_it),
		cmocka_unit_test(without_a_failed_rung_the_others_are_tried),
		cmocka_unit_test(a_rung_that_waits_is_tried_by_itself),
		cmocka_unit_test(rows_of_a_probe_are_its_own),
		cmocka_unit_test(every_relay_host_is_asked),
		cmocka_unit_test(a_spare_host_that_is_not_well_is_a_doubt),
		cmocka_unit_test(spare_hosts_are_asked_when_the_first_fails),
		cmocka_unit_test(mail_that_a_spare_host_takes_is_told),
		cmocka_unit_test(older_settings_are_told_and_a_reload_offered),
		cmocka_unit_test(sockets_elsewhere_are_told_and_a_restart_offered),
		cmocka_unit_test(what_moves_the_listeners_by_reference_restarts),
		cmocka_unit_test(a_stopped_one_can_be_started),
		cmocka_unit_test(a_table_that_is_not_built_can_be),
		cmocka_unit_test(a_message_that_stayed_here_is_doubtful),
		cmocka_unit_test(a_receiver_elsewhere_is_proposed),
		cmocka_unit_test(a_relay_of_this_host_only_is_finished),
		cmocka_unit_test(stopping_leaves_the_rest_undone),
		cmocka_unit_test(who_never_answers_is_given_up_after_ten_seconds),
		cmocka_unit_test(edits_that_wait_are_not_judged),
		cmocka_unit_test(the_probe_goes_from_name_to_login),
		cmocka_unit_test(
			nothing_but_postconf_runs_on_a_folder_that_others_can_write),
		cmocka_unit_test(the_last_proof_is_the_next_step),
		cmocka_unit_test(addresses_that_are_none_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
