/* SPDX-License-Identifier: MIT
 *
 * The machine on which the rules are tried: its NICs, files, names and Postfix's
 * defaults. Nothing of it is real, and every test sees the same.
 */
#ifndef PR_RULES_MACHINE_H
#define PR_RULES_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "check/rules.h"
#include "text/maincf.h"

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
	{"relay_transport", "relay"},
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

static inline bool
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
	uint32_t gid;
} files[] = {
	{"/usr/lib64/libsasl2.so.3", "", 0755, 100, 0},
	{"/etc/postfix/master.cf",
		"smtp inet n - y - - smtpd -o smtp_tls_security_level=secure\n"
		"smtp unix - - y - - smtp\n  -o smtp_sasl_auth_enable=no\n"
		"# c\n  -o { smtp_tls_security_level = may }\n"
		"lan unix - - n - - smtp -o syslog_name=lan\n"
		"relay unix - - n - - smtp -o smtp_sasl_password_maps=static:u:SECRET\n",
		0644, 100, 0},
	{"/f/dir", NULL, 0755, 100, 0},
	{"/f/nets", "# n\n192.168.9.0/24\n10.1.2.3/8\n", 0644, 100, 0},
	{"/f/good", "192.168.9.0/24\n", 0644, 100, 0},
	{"/f/wide.cidr", "192.168.9.0/24 OK\n198.51.100.0/24 OK\n", 0644, 100, 0},
	{"/f/exact", "192.168.9.0/24 OK\n192.168.9.1 OK\n", 0644, 100, 0},
	{"/f/exact.db", "", 0644, 100, 0},
	{"/f/reject", "192.168.9.1 REJECT\n", 0644, 100, 0},
	{"/f/reject.db", "", 0644, 100, 0},
	{"/f/ok", "192.168.9.1 OK\n", 0644, 100, 0},
	{"/f/ok.db", "", 0644, 100, 0},
	{"/f/old", "a b\n", 0644, 200, 0},
	{"/f/old.db", "", 0644, 100, 0},
	{"/f/unbuilt", "a b\n", 0644, 100, 0},
	{"/f/pw", "[mail.example]:587 u:p\n[mail.example]:2525 u:\n", 0600, 100, 0},
	{"/f/novalue", "[a.example]\n", 0600, 100, 0},
	{"/f/novalue.db", NULL, 0600, 100, 0},
	{"/f/pw.db", "", 0600, 100, 0},
	{"/f/open", "[mail.example]:587 u:p\n", 0644, 100, 0},
	{"/f/open.db", "", 0600, 100, 0},
	{"/f/group", "[mail.example]:587 u:p\n", 0640, 100, 8},
	{"/f/group.db", "", 0640, 100, 0},
	{"/f/ca.pem", "x", 0644, 100, 0},
};

static inline const struct file *
find_file(const char *path)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(files[i].path, path) == 0)
			return &files[i];
	return NULL;
}

static inline bool
stat_file(void *ctx, const char *path, struct chk_stat *out)
{
	const struct file *f = find_file(path);

	(void)ctx;
	*out = (struct chk_stat){0};
	if (f)
		*out = (struct chk_stat){
			true, f->text == NULL, f->mode, f->gid, f->mtime};
	return true;
}

static inline bool
read_file(void *ctx, const char *path, struct sv *bytes)
{
	const struct file *f = find_file(path);

	(void)ctx;
	if (f && f->text)
		*bytes = sv_of(f->text);
	return f && f->text;
}

static inline size_t
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
static inline bool
is_name(const char *name, const char *want)
{
	size_t n = strlen(want);

	return strncmp(name, want, n) == 0 &&
	       (name[n] == '\0' || strcmp(name + n, ".") == 0);
}

static inline enum chk_dns
dns(void *ctx, const char *name)
{
	static const char *const gone[] = {"gone.example", "inner", "nosuch", "pf.test"};

	(void)ctx;
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		if (is_name(name, gone[i]))
			return CHK_DNS_NOT_FOUND;
	return is_name(name, "slow.example") ? CHK_DNS_NO_ANSWER : CHK_DNS_FOUND;
}

static inline size_t
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

static inline void
run(const char *text, const struct chk_env *env, struct diags *d)
{
	struct doc doc;

	mcf_load(&doc, mem_strdup(text), strlen(text), NULL);
	rules_run(&doc, env, NULL, d);
	doc_free(&doc);
}

#define LEVEL "compatibility_level = 3.6\n"

/* clang-format on */
static inline const struct diag *
find(const struct diags *d, const char *code)
{
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(diag_code_name(d->v[i].code), code) == 0)
			return &d->v[i];
	return NULL;
}

static inline const struct diag *
must_find(const struct diags *d, const char *code)
{
	static const struct diag none;
	const struct diag *f = find(d, code);

	assert_non_null(f);
	return f ? f : &none;
}

static inline void
show(const struct diags *d)
{
	for (size_t i = 0; i < d->n; i++)
		print_message("    %c %u:%u %s %s\n", "NWE"[d->v[i].sev],
			d -> v[i].loc.line, d->v[i].loc.col, diag_code_name(d->v[i].code),
			d->v[i].text);
}

static inline char *
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

#endif
