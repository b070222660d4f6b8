/* SPDX-License-Identifier: MIT
 *
 * The rules, one row each: a main.cf that makes the rule speak, where it speaks, and a
 * near miss at which it must be silent. Then what was tried with a real Postfix
 * (PR_TRUTH) and real files (PR_CORPUS): nothing that Postfix punishes passes, nothing
 * that works is an error.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "check/rules.h"
#include "text/maincf.h"

/* --- a machine --- */

static struct nic_addr machine[] = {
	{.name = "lo",
		.fam = 4,
		.addr = {127, 0, 0, 1},
		.plen = 8,
		.up = true,
		.loopback = true},
	{.name = "lo",
		.fam = 6,
		.addr = {[15] = 1},
		.plen = 128,
		.up = true,
		.loopback = true},
	{.name = "lan0", .fam = 4, .addr = {192, 168, 1, 1}, .plen = 24, .up = true},
	{.name = "lan1",
		.fam = 4,
		.addr = {192, 168, 2, 1},
		.plen = 24,
		.up = true,
		.transient = true},
	{.name = "wan0", .fam = 4, .addr = {203, 0, 113, 5}, .plen = 24, .up = true},
};
static const struct nic_list nics = {machine, 5};

static const struct {
	const char *name, *value;
} defaults[] = {
	{"compatibility_level", "0"},
	{"default_transport", "smtp"},
	{"inet_interfaces", "all"},
	{"inet_protocols", "all"},
	{"mailbox_size_limit", "51200000"},
	{"maillog_file", ""},
	{"maillog_file_prefixes", "/var, /dev/stdout"},
	{"message_size_limit", "10240000"},
	{"mydestination", "$myhostname, localhost.$mydomain, localhost"},
	{"mydomain", "test.example"},
	{"myhostname", "relay.test.example"},
	{"mynetworks", ""},
	{"mynetworks_style", "${{$compatibility_level} <level {2} ? {subnet} : {host}}"},
	{"proxy_interfaces", ""},
	{"relay_domains", ""},
	{"relayhost", ""},
	{"sender_dependent_relayhost_maps", ""},
	{"smtp_host_lookup", "dns"},
	{"smtp_sasl_auth_enable", "no"},
	{"smtp_sasl_password_maps", ""},
	{"smtp_sasl_security_options", "noplaintext, noanonymous"},
	{"smtp_sasl_tls_security_options", "$smtp_sasl_security_options"},
	{"lmtp_tcp_port", "24"},
	{"smtpd_recipient_limit", "1000"},
	{"virtual_mailbox_limit", "51200000"},
	{"smtpd_timeout", "${stress?{10}:{300}}s"},
	{"smtp_destination_rate_delay", "$default_destination_rate_delay"},
	{"default_destination_rate_delay", "0s"},
	{"smtp_tls_CAfile", ""},
	{"smtp_tls_CApath", ""},
	{"smtp_tls_note_starttls_offer", "no"},
	{"smtp_tls_policy_maps", ""},
	{"smtp_tls_security_level", ""},
	{"smtp_tls_wrappermode", "no"},
	{"smtpd_client_restrictions", ""},
	{"smtpd_recipient_restrictions", ""},
	{"smtpd_relay_restrictions",
		"${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, "
		"permit_sasl_authenticated, defer_unauth_destination}}"},
	{"smtpd_restriction_classes", ""},
	{"smtpd_sender_restrictions", ""},
	{"soft_bounce", "no"},
	{"transport_maps", ""},
	{"virtual_alias_maps", ""},
};

static bool
deflt(void *ctx, struct sv name, struct sv *value)
{
	(void)ctx;
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (sv_eq_str(name, defaults[i].name)) {
			*value = sv_of(defaults[i].value);
			return true;
		}
	return false;
}

static const struct file {
	const char *path, *text;
	uint32_t mode;
	int64_t mtime;
} files[] = {
	{"/usr/lib64/libsasl2.so.3", "", 0755, 100},
	{"/f/dir", NULL, 0755, 100},
	{"/f/nets", "# n\n192.168.9.0/24\n10.1.2.3/8\n", 0644, 100},
	{"/f/good", "192.168.9.0/24\n", 0644, 100},
	{"/f/wide.cidr", "192.168.9.0/24 OK\n198.51.100.0/24 OK\n", 0644, 100},
	{"/f/exact", "192.168.9.0/24 OK\n192.168.9.1 OK\n", 0644, 100},
	{"/f/exact.db", "", 0644, 100},
	{"/f/reject", "192.168.9.1 REJECT\n", 0644, 100},
	{"/f/reject.db", "", 0644, 100},
	{"/f/ok", "192.168.9.1 OK\n", 0644, 100},
	{"/f/ok.db", "", 0644, 100},
	{"/f/old", "a b\n", 0644, 200},
	{"/f/old.db", "", 0644, 100},
	{"/f/unbuilt", "a b\n", 0644, 100},
	{"/f/pw", "[mail.example]:587 u:p\n[mail.example]:2525 u:\n", 0600, 100},
	{"/f/novalue", "[a.example]\n", 0600, 100},
	{"/f/novalue.db", NULL, 0600, 100},
	{"/f/pw.db", "", 0600, 100},
	{"/f/open", "[mail.example]:587 u:p\n", 0644, 100},
	{"/f/open.db", "", 0600, 100},
	{"/f/ca.pem", "x", 0644, 100},
};

static const struct file *
find_file(const char *path)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(files[i].path, path) == 0)
			return &files[i];
	return NULL;
}

static bool
stat_file(void *ctx, const char *path, struct chk_stat *out)
{
	const struct file *f = find_file(path);

	(void)ctx;
	*out = (struct chk_stat){0};
	if (f)
		*out = (struct chk_stat){true, f->text == NULL, f->mode, f->mtime};
	return true;
}

static bool
read_file(void *ctx, const char *path, struct sv *bytes)
{
	const struct file *f = find_file(path);

	(void)ctx;
	if (f && f->text)
		*bytes = sv_of(f->text);
	return f && f->text;
}

static size_t
hosts(void *ctx, const char *name, struct ipaddr *out, size_t max)
{
	static const struct {
		const char *name, *addr;
	} rows[] = {
		{"localhost", "127.0.0.1"},
		{"localhost", "::1"},
		{"relay.test.example", "192.168.1.1"},
		{"inner", "192.168.1.9"},
		{"both.example", "192.168.1.8"},
		{"host.pf.test", "192.0.2.10"},
		{"six.pf.test", "2001:db8::10"},
		{"ip6-localhost", "::1"},
		{"dual.pf.test", "127.0.0.11"},
		{"mx1.pf.test", "127.0.0.10"},
		{"self.pf.test", "192.0.2.10"},
	};
	size_t n = 0;

	(void)ctx;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && n < max; i++)
		if (sv_eq_fold(sv_of(name), sv_of(rows[i].name)) &&
			addr_parse(sv_of(rows[i].addr), &out[n]))
			n++;
	return n;
}

/* A dot at the end makes a name whole. */
static bool
is_name(const char *name, const char *want)
{
	size_t n = strlen(want);

	return strncmp(name, want, n) == 0 &&
	       (name[n] == '\0' || strcmp(name + n, ".") == 0);
}

static enum chk_dns
dns(void *ctx, const char *name)
{
	static const char *const gone[] = {"gone.example", "inner", "nosuch", "pf.test"};

	(void)ctx;
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		if (is_name(name, gone[i]))
			return CHK_DNS_NOT_FOUND;
	return is_name(name, "slow.example") ? CHK_DNS_NO_ANSWER : CHK_DNS_FOUND;
}

static size_t
dns_addrs(void *ctx, const char *name, struct ipaddr *out, size_t max)
{
	const char *addr = is_name(name, "far.dns")       ? "192.0.2.77"
			   : is_name(name, "near.dns")    ? "192.168.1.1"
			   : is_name(name, "six.dns.far") ? "2001:db8::77"
							  : NULL;

	(void)ctx;
	return addr && max && addr_parse(sv_of(addr), out) ? 1 : 0;
}

static const struct chk_service services[] = {{"", 25, true}, {"127.0.0.1", 10025, true}};
static const char *const types[] = {
	"hash", "cidr", "texthash", "static", "inline", "proxy", "regexp", NULL};

static const struct chk_env relay = {.file = "main.cf",
	.config_dir = "/etc/postfix",
	.nics = &nics,
	.relayhost_list_ok = true,
	.map_types = types,
	.deflt = deflt,
	.defaults_known = true,
	.stat = stat_file,
	.read = read_file,
	.hosts = hosts,
	.dns = dns,
	.dns_addrs = dns_addrs,
	.services = services,
	.nservices = 2,
	.services_known = true,
	.facts = 1};

static void
run(const char *text, const struct chk_env *env, struct diags *d)
{
	struct doc doc;

	mcf_load(&doc, mem_strdup(text), strlen(text), NULL);
	rules_run(&doc, env, NULL, d);
	doc_free(&doc);
}

/* --- a row a rule --- */

#define LEVEL "compatibility_level = 3.6\n"

/* The formatter would spread each row over the whole width. */
/* clang-format off */
static const struct {
	const char *code;
	const char *text, *want; /* the finding: "E 2:15", with '!' behind for danger */
	const char *miss;        /* LEVEL and this has no such finding; NULL: none tried */
} rules[] = {
	{"PR-CF-001", LEVEL "x\n", "E 2:0", "soft_bounce = no\n"},
	{"PR-CF-002", LEVEL "= x\n", "E 2:0", "soft_bounce =no\n"},
	{"PR-CF-003", "  x = y\n" LEVEL, "W 1:0", "myorigin =\n  x\n"},
	{"PR-CF-004", LEVEL "soft_bounce = no\nsoft_bounce = yes\n", "W 2:0", "#soft_bounce = no\nsoft_bounce = no\n"},
	{"PR-CF-005", LEVEL "soft_bonce = no\n", "W 2:0", "lan = 10.0.0.0/8\nmynetworks = $lan\n"},
	{"PR-CF-007", "\xef\xbb\xbf" LEVEL, "W 1:0", "myorigin = \xef\xbb\xbf\n"},
	{"PR-CF-008", LEVEL "myorigin = ${myhostname\n", "E 2:12", "myorigin = ${myhostname}\n"},
	{"PR-CF-009", LEVEL "myorigin = $myorigin\n", "E 2:12", "myorigin = $myhostname\n"},
	{"PR-CF-010", LEVEL "myorigin = $nosuch_name\n", "W 2:12", "myorigin = $$nosuch_name\n"},
	{"PR-CF-011", LEVEL "myorigin = a.example # mine\n", "W 2:0", "myorigin = a.example#mine\n"},
	{"PR-CF-012", LEVEL "smtp_tls_connection_reuse = no\n", "W 2:0", "smtp_tls_wrappermode = no\n"},
	{"PR-CF-012", LEVEL "smtp_tls_connection_reuse = no\n", "W 2:0", "postscreen_blacklist_action = drop\n"},
	{"PR-TYPE-001", LEVEL "soft_bounce = maybe\n", "E 2:0", "soft_bounce = YES\n"},
	{"PR-TYPE-002", LEVEL "smtpd_client_connection_count_limit = x\n", "E 2:0", "smtp_tls_loglevel = 1\n"},
	{"PR-TYPE-003", LEVEL "queue_run_delay = 5 minutes\n", "E 2:0", "queue_run_delay = 5m\n"},
	{"PR-TYPE-004", LEVEL "message_size_limit = 10MB\n", "E 2:0", "message_size_limit = 10000000\n"},
	{"PR-TYPE-005", LEVEL "smtp_tls_security_level = bogus\n", "E 2:0", "smtp_tls_security_level = encrypt\n"},
	{"PR-TYPE-006", LEVEL "header_size_limit = 0\n", "E 2:0", "header_size_limit = 100000\n"},
	{"PR-TYPE-007", LEVEL "myhostname =\n", "E 2:0", "relayhost =\n"},
	{"PR-TYPE-008", LEVEL "myhostname = a b\n", "E 2:0", "myhostname = a.b\n"},
	{"PR-TYPE-009", LEVEL "smtp_bind_address = ::1\n", "E 2:0", "smtp_bind_address = 127.0.0.1\n"},
	{"PR-TYPE-010", LEVEL "maillog_file = log\n", "W 2:0", "maillog_file = /var/log/x\n"},
	{"PR-TYPE-011", LEVEL "transport_maps = nosuch:/x\n", "E 2:0", "transport_maps = hash:/x\n"},

	{"PR-IF-001", LEVEL "inet_interfaces = lan0, 127.0.0.1\n", "E 2:19", "inet_interfaces = all\n"},
	{"PR-IF-001", LEVEL "inet_interfaces = all,\n", "E 2:19", "inet_interfaces =  all \n"},
	{"PR-IF-001", LEVEL "inet_interfaces = 1.2.3.4.5\n", "E 2:19", "inet_interfaces = 127.1\n"},
	{"PR-IF-002", LEVEL "inet_interfaces = localhost far.dns\n", "E 2:29", "inet_interfaces = near.dns\n"},
	{"PR-IF-002", LEVEL "inet_interfaces = six.dns.far\n", "E 2:19", "inet_interfaces = six.dns.far localhost\ninet_protocols = ipv4\n"},
	{"PR-IF-002", LEVEL "inet_interfaces = 127.0.0.1, 127.0.0.2\n", "E 2:30", "inet_interfaces = 127.0.0.1 192.168.1.1\n"},
	{"PR-IF-002", LEVEL "inet_interfaces = gone.example\n", "E 2:19", "inet_interfaces = slow.example\n"},
	{"PR-IF-002", LEVEL "inet_interfaces = inner\n", "E 2:19", "inet_interfaces = $myhostname, localhost\n"},
	{"PR-IF-003", LEVEL "inet_interfaces =\n", "E 2:0", "inet_interfaces = localhost\n"},
	{"PR-IF-004", LEVEL "inet_interfaces = 192.168.2.1\n", "W 2:19", "inet_interfaces = 192.168.1.1\n"},
	{"PR-IF-005", LEVEL "inet_interfaces = ::1\ninet_protocols = ipv4\n", "E 2:19", "inet_interfaces = localhost\ninet_protocols = ipv4\n"},
	{"PR-IF-005", LEVEL "inet_protocols =\n", "E 2:0", "inet_protocols = all\n"},
	{"PR-IF-005", LEVEL "inet_protocols = ,\n", "E 2:0", "inet_protocols = ipv4,\n"},
	{"PR-IF-005", LEVEL "inet_interfaces = inner\ninet_protocols = ipv6\n", "E 2:19", "inet_interfaces = ip6-localhost\ninet_protocols = ipv4\n"},
	{"PR-IF-006", LEVEL "inet_interfaces = 192.168.1.1\n", "N 2:0", "inet_interfaces = 192.168.1.1\nsmtp_bind_address = 203.0.113.5\n"},
	{"PR-IF-007", LEVEL "inet_interfaces = 192.168.1.1, 203.0.113.5\n", "W 2:0", "inet_interfaces = 192.168.1.1, 127.0.0.1\n"},
	{"PR-IF-008", LEVEL "inet_interfaces = all\n", "N 2:0", "inet_interfaces = 192.168.1.1, localhost\n"},

	{"PR-NET-001", LEVEL "mynetworks = 127.0.0.0/8, 10.0.0.1;10.0.0.2\n", "W 2:27", "mynetworks = 127.0.0.0/8, 10.0.0.1 10.0.0.2\n"},
	{"PR-NET-001", LEVEL "mynetworks = 127.0.0.0/8 # lan\n", "W 2:26", "mynetworks = 127.0.0.0/8\n# lan\n 10.0.0.0/8\n"},
	{"PR-NET-001", LEVEL "mynetworks = 127.0.0.1:25\n", "E 2:14", "mynetworks = hash:/f/ok\n"},
	{"PR-NET-002", LEVEL "mynetworks = 10.0.0.0/33\n", "E 2:14", "mynetworks = 10.0.0.0/32\n"},
	{"PR-NET-003", LEVEL "mynetworks = ::1\n", "E 2:14", "mynetworks = [::1]\n"},
	{"PR-NET-004", LEVEL "mynetworks =\n  127.0.0.0/8\n  192.168.3.5/24\n", "E 4:3", "mynetworks = 192.168.3.0/24, 192.168.3.5/32\n"},
	{"PR-NET-004", LEVEL "mynetworks = /f/nets\n", "E 3:1", "mynetworks = /f/good\n"},
	{"PR-NET-005", LEVEL "mynetworks = 198.51.100.0/24\n", "E 2:14 !", "mynetworks = 100.64.0.0/10, [fd00::]/8, !198.51.100.0/24\n"},
	{"PR-NET-005", LEVEL "mynetworks = cidr:/f/wide.cidr\n", "E 2:1 !", "mynetworks = /f/good\n"},
	{"PR-NET-005", LEVEL "mynetworks = 198.51.100.0/24\nsmtpd_relay_restrictions = reject_unauth_destination\n", "W 2:14", "mynetworks = 198.51.100.7\n"},
	{"PR-NET-006", LEVEL "mynetworks = 10.0.0.0/8 10.1.0.0/16\n", "W 2:25", "mynetworks = 10.0.0.0/8 11.0.0.0/32\n"},
	{"PR-NET-007", LEVEL "mynetworks = 127.0.0.1 /f/missing\n", "W 2:24", "mynetworks = /f/good\n"},
	{"PR-NET-007", LEVEL "mynetworks = /f/dir\n", "E 2:14", "mynetworks = cidr:{{10.0.0.0/8 OK}}\n"},
	{"PR-NET-008", LEVEL "mynetworks = printers.test.example\n", "W 2:14", "mynetworks = !printers.test.example 127.0.0.0/8\n"},
	{"PR-NET-009", LEVEL "mynetworks = 0.0.0.0/0\n", "E 2:14 !", "mynetworks = 10.0.0.0/8\n"},
	{"PR-NET-009", LEVEL "mynetworks = static:all\n", "E 2:14 !", "mynetworks = inline:{10.0.0.1=OK}\n"},
	{"PR-NET-010", LEVEL "mynetworks = 127.0.0.0/8 unknown\n", "E 2:26 !", "mynetworks = !unknown 127.0.0.0/8\n"},
	{"PR-NET-010", LEVEL "mynetworks = jp\n", "E 2:14 !", "mynetworks = inner.example\n"},
	{"PR-NET-011", LEVEL "mynetworks = hash:/f/exact\n", "W 1:1", "mynetworks = hash:/f/ok\n"},
	{"PR-NET-012", LEVEL "mynetworks = hash:/f/reject\n", "W 1:1", "mynetworks = hash:/f/ok\n"},
	{"PR-NET-012", LEVEL "mynetworks = inline:{10.0.0.1=REJECT}\n", "W 2:14", "mynetworks = inline:{10.0.0.1=OK}\n"},
	{"PR-NET-013", LEVEL "mynetworks = 10.0.0.0/8 !10.0.0.7\n", "W 2:25", "mynetworks = !10.0.0.7 10.0.0.0/8\n"},
	{"PR-NET-014", LEVEL "mynetworks = 127.0.0.0/8\nmynetworks_style = subnet\n", "W 3:0", "mynetworks_style = host\n"},
	{"PR-NET-015", LEVEL "mynetworks_style = subnet\n", "E 0:0 !", "mynetworks_style = subnet\ninet_interfaces = 192.168.1.1\n"},
	{"PR-NET-016", LEVEL "mynetworks = 192.168.1.0/24\n", "W 2:0", "mynetworks = 127.0.0.1\n"},
	{"PR-NET-017", LEVEL "mynetworks = 127.0.0.0/8, 192.168.2.0/24\n", "N 2:0", "mynetworks = 127.0.0.0/8, 192.168.0.0/16\n"},
	{"PR-NET-018", LEVEL "mynetworks = 127.0.0.0/8 198.51.100.7\n", "N 2:26", "mynetworks = 127.0.0.0/8 192.168.1.7\n"},

	{"PR-NH-001", LEVEL "relayhost = mail.example.\n", "E 2:0", "relayhost = mail.example\n"},
	{"PR-NH-001", LEVEL "relayhost = [IPv6:192.168.1.9]\n", "E 2:0", "relayhost = [IPv6:fd00::9]\n"},
	{"PR-NH-001", LEVEL "relayhost = mail.example [oops\n", "W 2:0", "relayhost = mail.example [oops]\n"},
	{"PR-NH-002", LEVEL "relayhost = mail.example:587\n", "W 2:0", "relayhost = [mail.example]:587\n"},
	{"PR-NH-004", LEVEL "myhostname = a.example\nrelayhost = $myhostname\n", "E 3:0", "myhostname = a.example\nrelayhost = b.$myhostname\n"},
	{"PR-NH-004", LEVEL "relayhost = [192.168.1.1]\n", "E 2:0", "relayhost = [192.168.1.2]\n"},
	{"PR-NH-004", LEVEL "relayhost = [localhost]:10025\n", "E 2:0", "relayhost = [localhost]:1465\n"},
	{"PR-NH-004", LEVEL "proxy_interfaces = 198.51.100.9\nrelayhost = [198.51.100.9]\n", "E 3:0", "proxy_interfaces = 198.51.100.9\nrelayhost = [198.51.100.8]\n"},
	{"PR-NH-004", LEVEL "relayhost = [localhost], [mail.example]\n", "W 2:0", "relayhost = [mail.example]\n"},
	{"PR-NH-004", LEVEL "relayhost = near.dns\n", "E 2:0", "relayhost = [far.dns]\n"},
	{"PR-NH-004", LEVEL "relayhost = [0.0.0.0]\n", "W 2:0", "relayhost = [192.168.1.2]\n"},
	{"PR-NH-005", LEVEL "relayhost = [inner]\n", "W 2:0", "relayhost = [inner]\nsmtp_host_lookup = dns, native\n"},
	{"PR-NH-005", LEVEL "relayhost = [inner]\n", "W 2:0", "relayhost = [both.example]\n"},
	{"PR-NH-006", LEVEL "relayhost = [gone.example]\n", "W 2:0", "relayhost = [slow.example]\n"},
	{"PR-NH-007", LEVEL "relayhost = [b.example]\ndefault_transport = smtp:[c.example]\n", "W 3:0", "relayhost = [b.example]\ndefault_transport = smtp\n"},
	{"PR-NH-008", LEVEL "relayhost = [smtp.gmail.com]\n", "W 2:0", "relayhost = [smtp.gmail.com]:587\n"},
	{"PR-NH-009", LEVEL "relayhost = mail.example test\n", "W 2:0", "relayhost = mail.example, test\n"},

	{"PR-AUTH-001", LEVEL "smtp_sasl_auth_enable = yes\n", "E 2:0", "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\n"},
	{"PR-AUTH-002", LEVEL "relayhost = [mail.example]\nsmtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\n", "E 2:0",
	 "relayhost = [mail.example]:587\nsmtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\n"},
	{"PR-AUTH-003", LEVEL "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/open\n", "W 3:27", "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\n"},
	{"PR-AUTH-004", LEVEL "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\n", "W 2:0",
	 "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\nsmtp_sasl_security_options = noanonymous\n"},
	{"PR-AUTH-005", LEVEL "relayhost = [mail.example]:587\nsmtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\nsmtp_sasl_security_options =\n", "W 3:0",
	 "relayhost = [mail.example]:587\nsmtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\nsmtp_sasl_security_options =\nsmtp_tls_security_level = encrypt\n"},
	{"PR-AUTH-006", LEVEL "smtp_sasl_password_maps = hash:/f/pw\n", "W 2:0", "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\n"},
	{"PR-AUTH-007", LEVEL "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\n", "W 2:0",
	 "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\nsmtp_sasl_type = dovecot\n"},
	{"PR-AUTH-008", LEVEL "relayhost = [mail.example]:2525\nsmtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\n", "E 2:0",
	 "relayhost = [mail.example]:587\nsmtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\n"},
	{"PR-AUTH-008", LEVEL "relayhost = [mail.example]:2525\nsmtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/gone\n", "E 2:0",
	 "relayhost = [mail.example]:587\nsmtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/pw\n"},
	{"PR-TLS-001", LEVEL "relayhost = [mail.example]:465\n", "E 2:0", "relayhost = [mail.example]:465\nsmtp_tls_wrappermode = yes\nsmtp_tls_security_level = encrypt\n"},
	{"PR-TLS-001", LEVEL "relayhost = [mail.example]:587\nsmtp_tls_wrappermode = yes\nsmtp_tls_security_level = encrypt\n", "E 3:0", "relayhost = [mail.example]:587\n"},
	{"PR-TLS-002", LEVEL "relayhost = [mail.example]:465\nsmtp_tls_wrappermode = yes\n", "E 3:0", "relayhost = [mail.example]:465\nsmtp_tls_wrappermode = yes\nsmtp_tls_security_level = secure\n"},
	{"PR-TLS-003", LEVEL "smtp_tls_security_level = verify\n", "W 2:0", "smtp_tls_security_level = verify\nsmtp_tls_CAfile = /f/ca.pem\n"},

	{"PR-TLS-003", LEVEL "smtp_tls_security_level = fingerprint\n", "W 2:0", "smtp_tls_security_level = fingerprint\nsmtp_tls_fingerprint_cert_match = 3D:95\n"},
	{"PR-TLS-004", LEVEL "smtp_tls_security_level = encrypt\n", "W 2:0", "relayhost = [mail.example]\nsmtp_tls_security_level = encrypt\n"},
	{"PR-TLS-004", LEVEL "relayhost =\nsmtp_tls_security_level = secure\n", "W 3:0", "smtp_tls_security_level = secure\ntransport_maps = hash:/f/pw\n"},
	{"PR-TLS-004", LEVEL "smtp_tls_security_level = Verify\n", "W 2:0", "smtp_tls_security_level = may\n"},
	{"PR-TLS-004", LEVEL "smtp_tls_security_level = encrypt\ndefault_transport = smtp\n", "W 2:0", "smtp_tls_security_level = encrypt\ndefault_transport = smtp:[a.example]\n"},
	{"PR-AUTH-002", LEVEL "relayhost = [a.example]\nsmtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/f/novalue\n", "W 2:0", NULL},

	{"PR-REL-001", "soft_bounce = no\n", "E 0:0", "soft_bounce = no\n"},
	{"PR-REL-001", LEVEL "smtpd_relay_restrictions = permit_mynetworks\n", "E 2:0", "smtpd_relay_restrictions = permit_mynetworks, reject\n"},
	{"PR-REL-001", LEVEL "smtpd_relay_restrictions = permit_mynetworks, permit, reject_unauth_destination\n", "E 2:0",
	 "smtpd_relay_restrictions = permit\nsmtpd_recipient_restrictions = reject_unauth_destination\n"},
	{"PR-REL-001", LEVEL "smtpd_restriction_classes = cls\ncls = permit_mynetworks\nsmtpd_relay_restrictions = cls\n", "E 4:0",
	 "smtpd_restriction_classes = cls\ncls = permit_mynetworks, reject\nsmtpd_relay_restrictions = cls\n"},
	{"PR-REL-001", LEVEL "smtpd_relay_restrictions = Permit, reject_unauth_destination\n", "E 2:0", "smtpd_relay_restrictions = permit_mynetworks, Reject_Unauth_Destination\n"},
	{"PR-REL-001", LEVEL "smtpd_relay_restrictions = Warn_If_Reject reject\n", "E 2:0", "smtpd_relay_restrictions = Defer_If_Permit\n"},
	{"PR-REL-002", LEVEL "smtpd_recipient_restrictions = permit, reject_rbl_client x.example\n", "W 2:32", "smtpd_recipient_restrictions = reject_rbl_client x.example, permit\n"},
	{"PR-REL-003", LEVEL "smtpd_client_restrictions = permit_mynetwork, permit\n", "E 2:29", "smtpd_client_restrictions = permit_mynetworks, check_client_access hash:/f/ok, permit\n"},
	{"PR-REL-004", LEVEL "relay_domains = jp\n", "E 2:17 !", "relay_domains = example.jp\n"},
	{"PR-REL-004", LEVEL "relay_domains = static:all\n", "E 2:17 !", "relay_domains = hash:/f/ok\n"},

	{"PR-REL-005", LEVEL "smtpd_restriction_classes = local, cls\nlocal = permit\n", "E 2:36", "smtpd_restriction_classes = local\nlocal = permit\n"},
	{"PR-REL-005", LEVEL "smtpd_restriction_classes = cls\ncls = $nothing\n", "E 2:29", "smtpd_restriction_classes = cls\ncls = $myhostname\n"},

	{"PR-ID-001", LEVEL "myhostname = relay\n", "W 2:0", "myhostname = relay.example\n"},
	{"PR-ID-002", LEVEL "mydomain = localdomain\n", "W 2:0", "mydomain = local.example\n"},
	{"PR-ID-003", LEVEL "relayhost = [b.example]\nmydomain = c.example\nmydestination = $myhostname, $mydomain\n", "N 4:30",
	 "relayhost = [b.example]\nmydomain = c.example\nmydestination = $myhostname, localhost.$mydomain\n"},
	{"PR-ID-004", LEVEL "message_size_limit = 100000000\n", "E 2:0", "message_size_limit = 100000000\nmailbox_size_limit = 0\n"},
	{"PR-ID-004", LEVEL "message_size_limit = -1\n", "E 2:0", "message_size_limit = -1\nmailbox_size_limit = -1\n"},
	{"PR-ID-005", LEVEL "maillog_file = /root/x\n", "E 2:0", "maillog_file = /var/log/x\n"},
	{"PR-ID-006", LEVEL "maillog_file = /var/log/x\n", "E 2:0", "maillog_file =\n"},

	{"PR-MAP-001", LEVEL "transport_maps = hash:/f/missing\n", "W 2:18", "transport_maps = hash:/f/ok\n"},
	{"PR-MAP-002", LEVEL "transport_maps = hash:/f/unbuilt\n", "W 2:18", "transport_maps = texthash:/f/unbuilt\n"},
	{"PR-MAP-004", LEVEL "transport_maps = pcre:/f/ok\n", "W 2:0", "transport_maps = cidr:/f/ok\n"},
	{"PR-TYPE-001", LEVEL "smtp_tls_note_starttls_offer = maybe\n", "E 2:0", "smtp_tls_note_starttls_offer = YES\n"},
	{"PR-TYPE-002", LEVEL "smtpd_recipient_limit = many\n", "E 2:0", "smtpd_recipient_limit = 10\nlmtp_tcp_port = lmtp\nvirtual_mailbox_limit = 5242880000\n"},
	{"PR-TYPE-003", LEVEL "smtpd_timeout = 1 minute\n", "E 2:0", "smtpd_timeout = 5m\n"},
	{"PR-TYPE-003", LEVEL "smtp_destination_rate_delay = x\n", "E 2:0", "smtp_destination_rate_delay = $default_destination_rate_delay\n"},
	{"PR-TYPE-011", LEVEL "relocated_maps = /f/ok\n", "E 2:0", "relocated_maps = hash:/f/ok\nmy_own_maps = x\nmail_name = $my_own_maps\n"},
	{"PR-TYPE-007", LEVEL "setgid_group =\n", "E 2:0", "setgid_group = postdrop\n"},
	{"PR-ID-007", LEVEL "myorigin = /f/missing\n", "W 2:0", "myorigin = /f/ok\n"},
	{"PR-MAP-002", LEVEL "virtual_alias_maps = $alias_maps, hash:/f/unbuilt\nalias_maps = hash:/f/unbuilt\n", "W 2:35", "local_recipient_maps = $alias_maps\nalias_maps = hash:/f/unbuilt\n"},
	{"PR-MAP-003", LEVEL "transport_maps = hash:/f/old\n", "W 2:18", "transport_maps = hash:/f/ok\n"},
};
/* clang-format on */

static const struct diag *
find(const struct diags *d, const char *code)
{
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(diag_code_name(d->v[i].code), code) == 0)
			return &d->v[i];
	return NULL;
}

static const struct diag *
must_find(const struct diags *d, const char *code)
{
	static const struct diag none;
	const struct diag *f = find(d, code);

	assert_non_null(f);
	return f ? f : &none;
}

static void
show(const struct diags *d)
{
	for (size_t i = 0; i < d->n; i++)
		print_message("    %c %u:%u %s %s\n", "NWE"[d->v[i].sev],
			d -> v[i].loc.line, d->v[i].loc.col, diag_code_name(d->v[i].code),
			d->v[i].text);
}

static void
rule_speaks_where_it_should_and_only_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		char *miss = str_format(LEVEL "%s", rules[i].miss);
		struct diags d = {0};
		const struct diag *f;
		char got[64] = "nothing";

		run(rules[i].text, &relay, &d);
		f = find(&d, rules[i].code);
		if (f)
			snprintf(got, sizeof(got), "%c %u:%u%s", "NWE"[f->sev],
				f -> loc.line, f->loc.col, f->danger ? " !" : "");
		if (strcmp(got, rules[i].want) != 0) {
			show(&d);
			fail_msg("%s\n%s  got  %s\n  want %s", rules[i].code,
				rules[i].text, got, rules[i].want);
		}
		diag_clear(&d);
		run(miss, &relay, &d);
		if (find(&d, rules[i].code)) {
			show(&d);
			fail_msg("%s\n%s  must be silent", rules[i].code, miss);
		}
		diag_clear(&d);
		free(miss);
	}
}

/* --- the table --- */

static void
table_has_each_code_once_and_each_row_is_tried(void **state)
{
	size_t n;
	const struct rule *all = rules_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		bool tried = all[i].code == DIAG_CF_NUL || all[i].code == DIAG_NH_LIST ||
			     all[i].code == DIAG_NH_PORT;

		assert_ptr_equal(rules_find(all[i].code), &all[i]);
		assert_true(all[i].about && all[i].about[0]);
		assert_true(
			(all[i].params[0] == '\0') == ((all[i].needs & RULE_LINES) != 0));
		for (size_t k = 0; k < i; k++) {
			assert_int_not_equal(all[k].code, all[i].code);
			if (all[k].judge == all[i].judge)
				assert_ptr_equal(all[i - 1].judge, all[i].judge);
		}
		for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++)
			tried = tried ||
				strcmp(rules[k].code, diag_code_name(all[i].code)) == 0;
		if (!tried)
			fail_msg("no row tries %s", diag_code_name(all[i].code));
	}
}

static char *slurp(const char *path, size_t *n);

static void
manual_lists_each_rule(void **state)
{
	const char *path = "man/postrelay.8";
	size_t n, len;
	const struct rule *all = rules_all(&n);
	char *text;

	(void)state;
	if (access(path, R_OK) != 0) {
		print_message("not run where man/ is: left out\n");
		skip();
	}
	text = slurp(path, &len);
	for (size_t i = 0; i < n; i++) {
		char *item = str_format(".It Li %s\n", diag_code_name(all[i].code));

		if (!strstr(text, item))
			fail_msg("%s lacks %s", path, diag_code_name(all[i].code));
		free(item);
	}
	free(text);
}

static void
only_what_an_edit_touches_runs_again(void **state)
{
	static const char text[] = "# c\n" LEVEL "mynetworks = 10.0.0.1/8\n"
				   "net = 1\nrelayhost = [a.example]\n";
	struct rules_kept kept = {0};
	struct diags d = {0};
	size_t all, lines, once;
	struct doc doc;

	(void)state;
	mcf_load(&doc, mem_strdup(text), strlen(text), NULL);
	rules_run(&doc, &relay, &kept, &d);
	all = kept.ran;
	diag_clear(&d);
	rules_run(&doc, &relay, &kept, &d);
	lines = kept.ran;
	assert_true(lines < all);
	assert_int_equal(must_find(&d, "PR-NET-004")->loc.line, 3);
	diag_clear(&d);

	mcf_set(&doc, sv_of("message_size_limit"), sv_of("1000000000"));
	rules_run(&doc, &relay, &kept, &d);
	once = kept.ran;
	assert_int_equal(once, lines + 1);
	assert_non_null(find(&d, "PR-ID-004"));
	diag_clear(&d);

	/* a line above goes: the finding is the same one, its line is not */
	doc_delete(&doc, doc.order[0]);
	rules_run(&doc, &relay, &kept, &d);
	assert_int_equal(kept.ran, lines);
	assert_int_equal(must_find(&d, "PR-NET-004")->loc.line, 2);
	diag_clear(&d);

	mcf_set(&doc, sv_of("mynetworks"), sv_of("$net"));
	mcf_set(&doc, sv_of("net"), sv_of("10.0.0.0/8"));
	rules_run(&doc, &relay, &kept, &d);
	assert_null(find(&d, "PR-NET-004"));
	diag_clear(&d);
	mcf_set(&doc, sv_of("net"), sv_of("10.0.0.5/8"));
	rules_run(&doc, &relay, &kept, &d);
	assert_non_null(find(&d, "PR-NET-004"));
	diag_clear(&d);
	rules_kept_free(&kept);
	doc_free(&doc);
}

/* --- any sequence of edits --- */

static uint64_t
next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

/* One line of the rows above put into the document, or one entry taken out of it. */
static void
edit_at_random(struct doc *doc, uint64_t *seed, struct str *story)
{
	size_t row = next(seed) % (sizeof(rules) / sizeof(*rules));
	struct sv text = sv_of(next(seed) % 2 ? rules[row].text : rules[row].miss), line;
	uint32_t gone = doc->order[next(seed) % doc->norder];
	ptrdiff_t at;

	if (next(seed) % 4 == 0) {
		str_addf(story, "entry %u goes\n", gone);
		if (doc_alive(doc, gone))
			doc_delete(doc, gone);
		return;
	}
	while (sv_line(&text, &line)) {
		struct sv name, value;

		if ((at = sv_find(line, '=')) <= 0 || is_blank_char(line.p[0]))
			continue;
		name = sv_trim(sv_sub(line, 0, (size_t)at));
		value = sv_trim(sv_sub(line, (size_t)at + 1, line.n));
		if (!mcf_is_name(name) || next(seed) % 4 == 0)
			continue;
		str_add_sv(story, line);
		str_add_cstr(story, "\n");
		mcf_set(doc, name, value);
	}
}

static void
print_all(const struct diags *d, struct str *out)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *f = &d->v[i];

		str_addf(out, "%c%c %s:%u:%u %s %s: %s %s %d %s\n", "NWE"[f->sev],
			f -> danger ? '!' : ' ', f->loc.file ? f->loc.file : "",
			f->loc.line, f->loc.col, f->loc.param ? f->loc.param : "",
			diag_code_name(f->code), f->text, f->hint ? f->hint : "",
			(int)f->mend, f->repair ? f->repair : "");
	}
}

static bool
add_bytes(void *ctx, const char *p, size_t n)
{
	str_add(ctx, p, n);
	return true;
}

/* Findings that were kept, those of all rules run anew, and those of the file as it
 * would be read again are the same. */
static void
assert_same_findings(struct doc *doc, struct rules_kept *kept, const struct str *story)
{
	struct diags a = {0}, b = {0}, c = {0};
	struct str mine = {0}, anew = {0}, again = {0}, bytes = {0};
	struct doc reread;

	rules_run(doc, &relay, kept, &a);
	rules_run(doc, &relay, NULL, &b);
	doc_write(doc, add_bytes, &bytes);
	mcf_load(&reread, mem_strdup(str_c(&bytes)), bytes.n, NULL);
	rules_run(&reread, &relay, NULL, &c);
	print_all(&a, &mine);
	print_all(&b, &anew);
	print_all(&c, &again);
	if (!sv_eq(str_sv(&mine), str_sv(&anew)) || !sv_eq(str_sv(&anew), str_sv(&again)))
		fail_msg("%s--- file\n%s--- kept\n%s--- anew\n%s--- read again\n%s",
			str_c(story), str_c(&bytes), str_c(&mine), str_c(&anew),
			str_c(&again));
	doc_free(&reread);
	str_free(&mine);
	str_free(&anew);
	str_free(&again);
	str_free(&bytes);
	diag_clear(&a);
	diag_clear(&b);
	diag_clear(&c);
}

static void
kept_findings_are_those_of_a_fresh_check(void **state)
{
	static const char start[] = "# c\n" LEVEL "\nmynetworks = 10.0.0.0/8\n";
	const char *rounds = getenv("PR_FUZZ_ROUNDS");

	(void)state;
	for (long i = 0; i < (rounds ? strtol(rounds, NULL, 10) : 60); i++) {
		uint64_t seed = (uint64_t)i;
		struct rules_kept kept = {0};
		struct str story = {0};
		struct doc doc;

		mcf_load(&doc, mem_strdup(start), strlen(start), NULL);
		for (int step = 0; step < 20; step++) {
			edit_at_random(&doc, &seed, &story);
			assert_same_findings(&doc, &kept, &story);
		}
		rules_kept_free(&kept);
		str_free(&story);
		doc_free(&doc);
	}
}

static void
older_postfix_is_judged_as_such(void **state)
{
	struct chk_env env = relay;
	struct diags d = {0};

	(void)state;
	env.relayhost_list_ok = false;
	env.old_smtpd = true;
	run(LEVEL "relayhost = [a.example], [b.example]\nmynetworks = 10.0.0.1/8\n", &env,
		&d);
	assert_int_equal(must_find(&d, "PR-NH-003")->sev, SEV_ERROR);
	assert_non_null(strstr(must_find(&d, "PR-NET-004")->text, "dies"));
	diag_clear(&d);
}

static void
nothing_known_of_the_machine_nothing_said_of_it(void **state)
{
	static const struct chk_env bare = {.file = "main.cf", .relayhost_list_ok = true};
	struct diags d = {0};

	(void)state;
	run("inet_interfaces = 10.9.9.9\nrelayhost = [mail.example]:587\n"
	    "mynetworks = 127.0.0.0/8, hash:/x, /y\ntransport_maps = hash:/z\n"
	    "myhostname = a.example\nsmtp_sasl_auth_enable = yes\n"
	    "smtp_sasl_password_maps = hash:/pw\n",
		&bare, &d);
	if (diag_has_error(&d)) {
		show(&d);
		fail();
	}
	diag_clear(&d);
}

/* --- what was tried with a real Postfix --- */

static char *
slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "re");
	struct str s = {0};
	char buf[4096];
	size_t got;

	if (!f)
		fail_msg("%s can't be read", path);
	while ((got = fread(buf, 1, sizeof(buf), f)) > 0)
		str_add(&s, buf, got);
	fclose(f);
	*n = s.n;
	return str_take(&s);
}

static struct nic_addr tried_on[] = {
	{.name = "lo",
		.fam = 4,
		.addr = {127, 0, 0, 1},
		.plen = 8,
		.up = true,
		.loopback = true},
	{.name = "lo",
		.fam = 6,
		.addr = {[15] = 1},
		.plen = 128,
		.up = true,
		.loopback = true},
	{.name = "eth0", .fam = 4, .addr = {192, 0, 2, 10}, .plen = 24, .up = true},
	{.name = "eth0",
		.fam = 6,
		.addr = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x10},
		.plen = 64,
		.up = true},
};
static const struct nic_list tried_nics = {tried_on, 4};

static bool
no_file(void *ctx, const char *path, struct chk_stat *out)
{
	(void)ctx;
	*out = (struct chk_stat){
		.exists = strstr(path, "missing") == NULL && strcmp(path, "/8") != 0,
		.is_folder = strcmp(path, "/etc/postfix") == 0};
	return true;
}

static bool
their_file(void *ctx, const char *path, struct sv *bytes)
{
	(void)ctx;
	*bytes = sv_of(strstr(path, "netsbad") ? "127.0.0.5/24\n" : "127.0.0.2\n");
	return true;
}

static bool
is_bad(struct sv verdict)
{
	static const char *const words[] = {"fatal", "tempfail", "smtp-fatal-queue-stuck",
		"mail-loop-undetected", "fatal-at-check"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sv_eq_str(verdict, words[i]))
			return true;
	return false;
}

static bool
is_good(struct sv verdict)
{
	return sv_eq_str(verdict, "ok") || sv_eq_str(verdict, "ok-no-match") ||
	       sv_eq_str(verdict, "delivered");
}

/* \t in an input stands for a tab. */
static char *
unescape(struct sv v)
{
	struct str out = {0};

	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] == '\\' && i + 1 < v.n && v.p[i + 1] == 't') {
			str_add_char(&out, '\t');
			i++;
		} else {
			str_add_char(&out, v.p[i]);
		}
	return str_take(&out);
}

/* Does a finding about the parameter hold the value back (errors), or say anything at all
 * that isn't a note? */
static void
weigh(const struct diags *d, bool *error, bool *warns)
{
	*error = *warns = false;
	for (size_t i = 0; i < d->n; i++) {
		*warns = *warns || d->v[i].sev != SEV_NOTE;
		*error = *error || (d->v[i].sev == SEV_ERROR && !d->v[i].danger);
	}
}

static size_t
judge_truth(const char *dir, const char *param)
{
	static const char base[] =
		LEVEL "myhostname = host.pf.test\nmydomain = pf.test\n"
		      "maillog_file =\ninet_interfaces = 127.0.0.1, 192.0.2.10\n"
		      "mynetworks = 127.0.0.0/8\n";
	struct chk_env env = relay;
	size_t n, bad = 0, rows = 0;
	char path[4096], *text;
	struct sv rest, line;

	env.nics = &tried_nics;
	env.stat = no_file;
	env.read = their_file;
	env.services_known = false;
	snprintf(path, sizeof(path), "%s/%s.tsv", dir, param);
	text = slurp(path, &n);
	rest = sv_make(text, n);
	sv_line(&rest, &line);
	while (sv_line(&rest, &line)) {
		ptrdiff_t tab = sv_find(line, '\t'), end;
		struct sv verdict = sv_sub(line, (size_t)tab + 1, line.n);
		char *input = unescape(sv_sub(line, 0, (size_t)tab)), *cf;
		struct diags d = {0};
		bool error, warns;

		end = sv_find(verdict, '\t');
		verdict = sv_sub(verdict, 0, (size_t)end);
		cf = str_format("%s%s = %s\n", base, param, input);
		run(cf, &env, &d);
		for (size_t i = d.n;
			i-- > 0;) /* the base is set twice where it is tried */
			if (d.v[i].code == DIAG_CF_DUPLICATE)
				d.v[i].sev = SEV_NOTE;
		weigh(&d, &error, &warns);
		if ((is_bad(verdict) && !warns) || (is_good(verdict) && error)) {
			print_message("%s = %s: Postfix says %.*s\n", param, input,
				(int)verdict.n, verdict.p);
			show(&d);
			bad++;
		}
		rows++;
		diag_clear(&d);
		free(cf);
		free(input);
	}
	free(text);
	print_message("%s: %zu rows, %zu not as Postfix\n", param, rows, bad);
	return bad;
}

static void
truth_and_rules_agree(void **state)
{
	const char *dir = getenv("PR_TRUTH");
	size_t bad = 0;

	(void)state;
	if (!dir) {
		print_message("PR_TRUTH is not set: left out\n");
		skip();
	}
	bad += judge_truth(dir, "inet_interfaces");
	bad += judge_truth(dir, "mynetworks");
	bad += judge_truth(dir, "relayhost");
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_speaks_where_it_should_and_only_there),
		cmocka_unit_test(table_has_each_code_once_and_each_row_is_tried),
		cmocka_unit_test(manual_lists_each_rule),
		cmocka_unit_test(only_what_an_edit_touches_runs_again),
		cmocka_unit_test(kept_findings_are_those_of_a_fresh_check),
		cmocka_unit_test(older_postfix_is_judged_as_such),
		cmocka_unit_test(nothing_known_of_the_machine_nothing_said_of_it),
		cmocka_unit_test(truth_and_rules_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
