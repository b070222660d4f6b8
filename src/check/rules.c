/* SPDX-License-Identifier: MIT
 *
 * The table of rules and the runner. Invariant: rows with the same function stand
 * together; a code has one row (a test says so). What a rule looks up is noted while it
 * runs (memo.h), so that the runner needs no list of dependencies that could be wrong;
 * the names in the table are for people, and a test compares them with what was noted.
 */
#include "check/rules.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "check/memo.h"

#define NETS (RULE_VALUE | RULE_FILES | RULE_TYPES | RULE_HOSTS)
#define NETS_LISTS                                                                       \
	"smtpd_relay_restrictions smtpd_recipient_restrictions "                         \
	"smtpd_restriction_classes"
#define ALL_LISTS                                                                        \
	NETS_LISTS " smtpd_client_restrictions smtpd_helo_restrictions "                 \
		   "smtpd_sender_restrictions smtpd_data_restrictions "                  \
		   "smtpd_end_of_data_restrictions smtpd_etrn_restrictions"
#define NETS_PARAMS "mynetworks " NETS_LISTS
#define STYLE_PARAMS NETS_PARAMS " mynetworks_style inet_interfaces"
#define HOP_PARAMS                                                                       \
	"relayhost myhostname proxy_interfaces smtp_host_lookup "                        \
	"smtp_dns_support_level disable_dns_lookups inet_protocols"

#define DIRECT_PARAMS                                                                    \
	"relayhost smtp_tls_security_level smtp_tls_policy_maps transport_maps "         \
	"default_transport sender_dependent_relayhost_maps "                             \
	"sender_dependent_default_transport_maps"
#define TLS_PARAMS                                                                       \
	"relayhost smtp_tls_wrappermode smtp_tls_security_level smtp_enforce_tls "       \
	"smtp_tls_policy_maps smtp_tls_CAfile smtp_tls_CApath "                          \
	"smtp_tls_trust_anchor_file tls_append_default_CA "                              \
	"smtp_tls_fingerprint_cert_match"
#define LOGIN_PARAMS                                                                     \
	"smtp_sasl_auth_enable smtp_sasl_password_maps smtp_sasl_security_options "      \
	"smtp_sasl_tls_security_options smtp_tls_security_level smtp_enforce_tls "       \
	"smtp_tls_policy_maps smtp_tls_per_site relayhost smtp_sasl_type "               \
	"smtp_sender_dependent_authentication "                                          \
	"transport_maps sender_dependent_relayhost_maps "                                \
	"sender_dependent_default_transport_maps"
#define KEY_PARAMS                                                                       \
	"relayhost smtp_sasl_auth_enable smtp_sasl_password_maps "                       \
	"smtp_sender_dependent_authentication sender_dependent_relayhost_maps"
#define CLIENT_PARAMS                                                                    \
	"default_transport relay_transport relay_domains smtp_sasl_auth_enable "         \
	"smtp_sasl_password_maps smtp_sasl_security_options "                            \
	"smtp_sasl_tls_security_options smtp_tls_security_level smtp_tls_wrappermode "   \
	"smtp_tls_policy_maps smtp_tls_CAfile smtp_tls_CApath"
#define ID_PARAMS "myhostname mydomain mydestination myorigin relayhost"

/* The formatter would spread each row over the whole width. */
/* clang-format off */
static const struct rule table[] = {
	/* lines and names */
	{DIAG_CF_NO_EQUALS, SEV_ERROR, false, RULE_LINES | RULE_VALUE, "", chk_lines,
	 N_("A line without \"=\": every Postfix program stops at it.")},
	{DIAG_CF_NO_NAME, SEV_ERROR, false, RULE_LINES | RULE_VALUE, "", chk_lines,
	 N_("A line without a name before \"=\": every Postfix program stops at it.")},
	{DIAG_CF_ORPHAN, SEV_WARN, false, RULE_LINES | RULE_VALUE, "", chk_lines,
	 N_("An indented line with nothing before it: Postfix ignores it.")},
	{DIAG_CF_NUL, SEV_WARN, false, RULE_LINES | RULE_VALUE, "", chk_lines,
	 N_("A NUL byte: Postfix ignores the rest of the line.")},
	{DIAG_CF_BOM, SEV_ERROR, false, RULE_LINES | RULE_VALUE, "", chk_lines,
	 N_("A byte order mark before the first line: Postfix stops at it or ignores the "
	    "line.")},
	{DIAG_CF_DUPLICATE, SEV_WARN, false, RULE_LINES | RULE_VALUE, "", chk_duplicates,
	 N_("A parameter is set twice: the last line counts.")},
	{DIAG_CF_UNKNOWN, SEV_WARN, false, RULE_LINES | RULE_VALUE | RULE_DEFAULTS, "", chk_names,
	 N_("No Postfix knows this parameter, and no value uses it.")},
	{DIAG_CF_TOO_NEW, SEV_WARN, false, RULE_LINES | RULE_VALUE | RULE_DEFAULTS, "", chk_names,
	 N_("The installed Postfix does not know this parameter, which others do.")},
	/* values by type */
	{DIAG_TYPE_BOOL, SEV_ERROR, false, RULE_LINES | RULE_VALUE, "", chk_types,
	 N_("Neither yes nor no: the programs that read it stop.")},
	{DIAG_TYPE_INT, SEV_ERROR, false, RULE_LINES | RULE_VALUE, "", chk_types,
	 N_("Not a whole number: the programs that read it stop.")},
	{DIAG_TYPE_TIME, SEV_ERROR, false, RULE_LINES | RULE_VALUE, "", chk_types,
	 N_("Not a time such as 4h: the programs that read it stop.")},
	{DIAG_TYPE_SIZE, SEV_ERROR, false, RULE_LINES | RULE_VALUE, "", chk_types,
	 N_("Not a plain number of bytes: the programs that read it stop.")},
	{DIAG_TYPE_ENUM, SEV_ERROR, false, RULE_LINES | RULE_VALUE, "", chk_types,
	 N_("Not one of the words that this parameter takes.")},
	{DIAG_TYPE_RANGE, SEV_ERROR, false, RULE_LINES | RULE_VALUE, "", chk_types,
	 N_("A number outside of what Postfix takes.")},
	{DIAG_TYPE_EMPTY, SEV_ERROR, false, RULE_LINES | RULE_VALUE, "", chk_types,
	 N_("Empty, where Postfix wants a value.")},
	{DIAG_TYPE_HOST, SEV_ERROR, false, RULE_LINES | RULE_VALUE, "", chk_types,
	 N_("Not one host name.")},
	{DIAG_TYPE_ADDR, SEV_ERROR, false, RULE_LINES | RULE_VALUE, "", chk_types,
	 N_("Not one address of the right kind.")},
	{DIAG_TYPE_PATH, SEV_WARN, false, RULE_LINES | RULE_VALUE, "", chk_types,
	 N_("A path that does not begin with \"/\".")},
	{DIAG_MAP_TYPE, SEV_WARN, false, RULE_LINES | RULE_VALUE | RULE_TYPES, "", chk_types,
	 N_("A table of a type that the installed Postfix lacks.")},
	{DIAG_TYPE_MAP, SEV_ERROR, false, RULE_LINES | RULE_VALUE | RULE_TYPES, "", chk_types,
	 N_("Not a table that this Postfix can read.")},
	/* listening */
	{DIAG_IF_SYNTAX, SEV_ERROR, false, RULE_VALUE | RULE_NICS | RULE_HOSTS | RULE_DNS | RULE_MASTER,
	 "inet_interfaces inet_protocols", rule_listen,
	 N_("A word of inet_interfaces that is no address: no Postfix program can run.")},
	{DIAG_IF_GONE, SEV_ERROR, false, RULE_VALUE | RULE_NICS | RULE_HOSTS | RULE_DNS | RULE_MASTER,
	 "inet_interfaces inet_protocols", rule_listen,
	 N_("An address that is on no NIC, or on one that is down: no Postfix program can "
	    "run.")},
	{DIAG_IF_TRANSIENT, SEV_WARN, false, RULE_VALUE | RULE_NICS | RULE_HOSTS | RULE_DNS | RULE_MASTER,
	 "inet_interfaces inet_protocols", rule_listen,
	 N_("An address that may go away by itself (DHCP): then no Postfix program can "
	    "run.")},
	{DIAG_IF_NONE, SEV_ERROR, false, RULE_VALUE | RULE_NICS | RULE_HOSTS | RULE_DNS | RULE_MASTER,
	 "inet_interfaces inet_protocols", rule_listen,
	 N_("No address to listen on: the mail server can't start.")},
	{DIAG_IF_FAMILY, SEV_ERROR, false, RULE_NICS, "inet_protocols", rule_families,
	 N_("inet_protocols leaves out the addresses that are there or named.")},
	{DIAG_IF_NO_LOOPBACK, SEV_WARN, false, RULE_NICS | RULE_HOSTS,
	 "inet_interfaces smtp_bind_address smtp_bind_address6", rule_source,
	 N_("The relay doesn't listen for programs on this host.")},
	{DIAG_IF_SOURCE, SEV_NOTE, false, RULE_NICS | RULE_HOSTS,
	 "inet_interfaces smtp_bind_address smtp_bind_address6", rule_source,
	 N_("The only listening address is the source of outgoing mail, too.")},
	{DIAG_IF_PUBLIC, SEV_NOTE, false, RULE_NICS | RULE_HOSTS, "inet_interfaces",
	 rule_public_nic, N_("The relay listens on a public address.")},
	/* networks */
	{DIAG_NET_SYNTAX, SEV_ERROR, false, NETS, NETS_PARAMS, rule_nets,
	 N_("An entry of mynetworks that is no address, network, file or table.")},
	{DIAG_NET_MASK, SEV_ERROR, false, NETS, NETS_PARAMS, rule_nets,
	 N_("The number behind \"/\" is none, or too large: clients get 451.")},
	{DIAG_NET_BRACKETS, SEV_ERROR, false, NETS, NETS_PARAMS, rule_nets,
	 N_("IPv6 without brackets: clients get 451, or nobody is served.")},
	{DIAG_NET_HOSTBITS, SEV_ERROR, false, NETS, NETS_PARAMS, rule_nets,
	 N_("A network written with one of its machines' address: clients get 451.")},
	{DIAG_NET_PUBLIC, SEV_ERROR, true, NETS, NETS_PARAMS, rule_nets,
	 N_("A public range: strangers could relay.")},
	{DIAG_NET_DUPLICATE, SEV_WARN, false, NETS, NETS_PARAMS, rule_nets,
	 N_("An entry that another one holds already.")},
	{DIAG_NET_FILE, SEV_ERROR, false, NETS, NETS_PARAMS, rule_nets,
	 N_("A file or table that mynetworks names can't be read: clients get 451.")},
	{DIAG_NET_NAME, SEV_WARN, false, NETS, NETS_PARAMS, rule_nets,
	 N_("A name in mynetworks is compared with reverse DNS.")},
	{DIAG_NET_WORLD, SEV_ERROR, true, NETS, NETS_PARAMS, rule_nets,
	 N_("An entry that holds every address: an open relay.")},
	{DIAG_NET_UNKNOWN, SEV_ERROR, true, NETS, NETS_PARAMS, rule_nets,
	 N_("\"unknown\" or a top-level domain: nearly an open relay.")},
	{DIAG_NET_KEY, SEV_WARN, false, NETS, NETS_PARAMS, rule_nets,
	 N_("A network in a table that holds single addresses only: it matches nobody.")},
	{DIAG_NET_VALUE, SEV_WARN, false, NETS, NETS_PARAMS, rule_nets,
	 N_("REJECT in a table of mynetworks: the row permits all the same.")},
	{DIAG_NET_LATE, SEV_WARN, false, NETS, NETS_PARAMS, rule_nets,
	 N_("An exception behind the network that it is for: it has no effect.")},
	{DIAG_NET_ONE_PUBLIC, SEV_NOTE, false, NETS, NETS_PARAMS, rule_nets,
	 N_("One public address may relay.")},
	{DIAG_NET_STYLE, SEV_WARN, false, RULE_NICS | RULE_HOSTS | RULE_DEFAULTS, STYLE_PARAMS,
	 rule_nets_style, N_("mynetworks_style is ignored, because mynetworks is set.")},
	{DIAG_NET_DERIVED, SEV_ERROR, true, RULE_NICS | RULE_HOSTS | RULE_DEFAULTS, STYLE_PARAMS,
	 rule_nets_style, N_("mynetworks is unset and mynetworks_style lets strangers in.")},
	{DIAG_NET_LOOPBACK, SEV_WARN, false, RULE_NICS | RULE_HOSTS,
	 "mynetworks inet_interfaces inet_protocols", rule_nets_left_out,
	 N_("Programs on this host may not relay.")},
	{DIAG_NET_OWN, SEV_NOTE, false, RULE_NICS | RULE_HOSTS,
	 "mynetworks inet_interfaces inet_protocols", rule_nets_left_out,
	 N_("A network of this machine may not relay, though the relay listens there.")},
	/* next hop */
	{DIAG_NH_SYNTAX, SEV_ERROR, false, RULE_VALUE, "relayhost myhostname", rule_hop,
	 N_("A relay host that Postfix can't read: the whole queue is stuck.")},
	{DIAG_NH_PORT, SEV_WARN, false, RULE_VALUE, "relayhost myhostname", rule_hop,
	 N_("A port that is none, or a submission port with MX lookup.")},
	{DIAG_NH_LIST, SEV_ERROR, false, RULE_VALUE, "relayhost myhostname", rule_hop,
	 N_("Several relay hosts, where this Postfix takes one only.")},
	{DIAG_NH_WORDS, SEV_WARN, false, RULE_VALUE, "relayhost myhostname", rule_hop,
	 N_("A blank in relayhost makes two relay hosts.")},
	{DIAG_NH_SELF, SEV_ERROR, false, RULE_NICS | RULE_HOSTS | RULE_DNS | RULE_MASTER, HOP_PARAMS,
	 rule_hop_names, N_("The relay host is this machine itself.")},
	{DIAG_NH_HOSTS, SEV_WARN, false, RULE_NICS | RULE_HOSTS | RULE_DNS | RULE_MASTER, HOP_PARAMS,
	 rule_hop_names, N_("The relay host stands in /etc/hosts, where Postfix doesn't look.")},
	{DIAG_NH_NOT_FOUND, SEV_WARN, false, RULE_NICS | RULE_HOSTS | RULE_DNS | RULE_MASTER, HOP_PARAMS,
	 rule_hop_names, N_("DNS doesn't know the relay host, or no address that can be used.")},
	{DIAG_NH_PROVIDER, SEV_WARN, false, RULE_NICS | RULE_HOSTS | RULE_DNS | RULE_MASTER, HOP_PARAMS,
	 rule_hop_names, N_("A provider that takes mail at port 587, but no port is given.")},
	{DIAG_NH_OVERRIDDEN, SEV_WARN, false, 0,
	 "relayhost default_transport transport_maps sender_dependent_relayhost_maps",
	 rule_hop_overridden, N_("Another parameter goes before relayhost.")},
	{DIAG_NH_CLIENT, SEV_WARN, false, RULE_FILES | RULE_MASTER, CLIENT_PARAMS, rule_client,
	 N_("master.cf sets login or TLS for the smtp client: main.cf doesn't count.")},
	/* login and TLS */
	{DIAG_AUTH_NO_MAP, SEV_ERROR, false, RULE_FILES, LOGIN_PARAMS, rule_login,
	 N_("Login is on, but no passwords are named: no mail leaves.")},
	{DIAG_AUTH_MODE, SEV_WARN, false, RULE_FILES, LOGIN_PARAMS, rule_login,
	 N_("Others on this machine than root can read the passwords.")},
	{DIAG_AUTH_OPTIONS, SEV_WARN, false, RULE_FILES | RULE_DEFAULTS, LOGIN_PARAMS, rule_login,
	 N_("The login methods that relay hosts offer are forbidden.")},
	{DIAG_AUTH_PLAIN, SEV_WARN, false, RULE_FILES | RULE_DEFAULTS, LOGIN_PARAMS, rule_login,
	 N_("The password may go over the network unencrypted.")},
	{DIAG_AUTH_OFF, SEV_WARN, false, RULE_FILES | RULE_DEFAULTS, LOGIN_PARAMS, rule_login,
	 N_("Passwords are there, but login is off.")},
	{DIAG_AUTH_PLUGIN, SEV_WARN, false, RULE_FILES | RULE_DEFAULTS, LOGIN_PARAMS, rule_login,
	 N_("The login methods of Cyrus SASL aren't installed.")},
	{DIAG_AUTH_KEY, SEV_ERROR, false, RULE_FILES, KEY_PARAMS, rule_login_key,
	 N_("The password is not under the relay host's exact text: mail goes out without "
	    "login.")},
	{DIAG_AUTH_EMPTY, SEV_ERROR, false, RULE_FILES, KEY_PARAMS, rule_login_key,
	 N_("The login at the relay host has no password: no mail leaves.")},
	{DIAG_TLS_PORT, SEV_ERROR, false, RULE_FILES | RULE_DEFAULTS, TLS_PARAMS, rule_tls,
	 N_("Port 465 and smtp_tls_wrappermode need each other.")},
	{DIAG_TLS_LEVEL, SEV_ERROR, false, RULE_FILES | RULE_DEFAULTS, TLS_PARAMS, rule_tls,
	 N_("smtp_tls_wrappermode without level encrypt: no mail leaves.")},
	{DIAG_TLS_CA, SEV_ERROR, false, RULE_FILES | RULE_DEFAULTS, TLS_PARAMS, rule_tls,
	 N_("Certificates shall be verified, but there is nothing to verify them with.")},
	{DIAG_TLS_DIRECT, SEV_WARN, false, 0, DIRECT_PARAMS, rule_tls_direct,
	 N_("TLS is required, but there is no relay host: mail for hosts without it waits.")},
	/* who may relay */
	{DIAG_REL_NO_CHECK, SEV_ERROR, false, RULE_DEFAULTS, NETS_LISTS " compatibility_level",
	 rule_relay, N_("No list refuses strangers: the mail server dies at every start.")},
	{DIAG_REL_WORD, SEV_ERROR, false, 0, ALL_LISTS, rule_relay_words,
	 N_("A restriction that Postfix doesn't know: clients get 451.")},
	{DIAG_REL_EARLY, SEV_WARN, false, 0, ALL_LISTS, rule_relay_words,
	 N_("What stands behind permit, reject or defer is ignored.")},
	{DIAG_REL_CLASS, SEV_ERROR, false, 0, "smtpd_restriction_classes", rule_relay_classes,
	 N_("A class of restrictions without a value: the mail server dies at every start.")},
	{DIAG_REL_DOMAINS, SEV_ERROR, true, 0, "relay_domains", rule_relay_domains,
	 N_("relay_domains with a top-level domain or static: strangers can relay.")},
	/* identity and delivery */
	{DIAG_ID_HOST, SEV_WARN, false, RULE_DEFAULTS, ID_PARAMS, rule_identity,
	 N_("myhostname is not a full name.")},
	{DIAG_ID_DOMAIN, SEV_WARN, false, RULE_DEFAULTS, ID_PARAMS, rule_identity,
	 N_("mydomain is localdomain.")},
	{DIAG_ID_LOCAL, SEV_NOTE, false, RULE_DEFAULTS, ID_PARAMS, rule_identity,
	 N_("Mail for the own domain stays here instead of going to the relay host.")},
	{DIAG_ID_ORIGIN, SEV_WARN, false, RULE_DEFAULTS | RULE_FILES, ID_PARAMS, rule_identity,
	 N_("myorigin names a file that isn't there: no Postfix program can run.")},
	{DIAG_ID_LIMITS, SEV_ERROR, false, RULE_DEFAULTS, "message_size_limit mailbox_size_limit",
	 rule_limits, N_("A message may be larger than a mailbox: local mail waits.")},
	{DIAG_ID_LOG, SEV_ERROR, false, RULE_DEFAULTS | RULE_MASTER,
	 "maillog_file maillog_file_prefixes", rule_maillog,
	 N_("maillog_file where Postfix may not write: no command runs.")},
	{DIAG_ID_POSTLOG, SEV_ERROR, false, RULE_DEFAULTS | RULE_MASTER,
	 "maillog_file maillog_file_prefixes", rule_maillog,
	 N_("maillog_file without the postlog service: nothing is logged.")},
	/* any value */
	{DIAG_CF_REFERENCE, SEV_ERROR, false, RULE_LINES | RULE_DEFAULTS, "", rule_references,
	 N_("A mistake in a $name or a condition: programs that read it stop.")},
	{DIAG_CF_NESTING, SEV_ERROR, false, RULE_LINES | RULE_DEFAULTS, "", rule_references,
	 N_("A value that refers to itself: programs that read it stop.")},
	{DIAG_CF_UNDEFINED, SEV_WARN, false, RULE_LINES | RULE_DEFAULTS, "", rule_references,
	 N_("A $name that stands for nothing.")},
	{DIAG_CF_NOTE, SEV_WARN, false, RULE_LINES, "", rule_notes,
	 N_("A comment behind a value is a part of the value.")},
	{DIAG_MAP_NO_FILE, SEV_WARN, false, RULE_LINES | RULE_FILES, "", rule_tables,
	 N_("A table's file isn't there.")},
	{DIAG_MAP_NOT_BUILT, SEV_WARN, false, RULE_LINES | RULE_FILES, "", rule_tables,
	 N_("A table's database isn't built.")},
	{DIAG_MAP_OLD, SEV_WARN, false, RULE_LINES | RULE_FILES, "", rule_tables,
	 N_("A table's database is older than its text.")},
};
/* clang-format on */

#define NROWS (sizeof(table) / sizeof(*table))

const struct rule *
rules_all(size_t *n)
{
	*n = NROWS;
	return table;
}

const struct rule *
rules_find(enum diag_code code)
{
	for (size_t i = 0; i < NROWS; i++)
		if (table[i].code == code)
			return &table[i];
	return NULL;
}

void
rules_kept_free(struct rules_kept *kept)
{
	for (size_t i = 0; i < kept->n; i++)
		memo_clear(&kept->memo[i]);
	free(kept->memo);
	*kept = (struct rules_kept){0};
}

static uint32_t
line_of(struct chk_run *run, uint32_t entry)
{
	for (size_t i = 0; entry && i < run->ndefs; i++)
		if (run->defs[i].id + 1 == entry)
			return run->defs[i].line;
	return 0;
}

/* The kept findings with the lines that their entries have now. */
static void
tell_kept(struct chk_run *run, struct rule_memo *memo, struct diags *out)
{
	for (size_t i = 0; i < memo->found.n; i++) {
		struct diag_loc *loc = &memo->found.v[i].loc;
		uint32_t now = line_of(run, loc->entry);

		if (now) {
			loc->line += now - memo->line[i];
			memo->line[i] = now;
		}
		diag_copy(out, &memo->found.v[i]);
	}
}

static void
run_again(struct chk_run *run, const struct rule *rule, struct rule_memo *memo)
{
	memo_clear(memo);
	run->memo = memo;
	run->out = &memo->found;
	rule->judge(run);
	run->memo = NULL;
	memo->ran = true;
	memo->line = mem_new(memo->found.n ? memo->found.n : 1, sizeof(*memo->line));
	for (size_t i = 0; i < memo->found.n; i++)
		memo->line[i] = line_of(run, memo->found.v[i].loc.entry);
}

static void
run_one(struct chk_run *run, size_t row, struct rules_kept *kept, struct diags *out)
{
	const struct rule *rule = &table[row];
	struct rule_memo *memo = &kept->memo[row];

	if (rule->needs & RULE_LINES) {
		run->out = out;
		rule->judge(run);
		kept->ran++;
		return;
	}
	if (!memo_holds(memo, run)) {
		run_again(run, rule, memo);
		kept->ran++;
	}
	tell_kept(run, memo, out);
}

static void
run_table(const struct doc *d, const struct chk_env *env, unsigned only,
	struct rules_kept *kept, struct diags *diags)
{
	struct diags found = {0};
	struct chk_run run;

	if (kept->n && kept->facts != env->facts)
		rules_kept_free(kept);
	if (!kept->n) {
		kept->memo = mem_new(NROWS, sizeof(*kept->memo));
		kept->n = NROWS;
	}
	kept->facts = env->facts;
	kept->ran = 0;
	chk_begin(&run, d, env);
	for (size_t i = 0; i < NROWS; i++)
		if ((i == 0 || table[i].judge != table[i - 1].judge) &&
			(table[i].needs & only) == only)
			run_one(&run, i, kept, &found);
	chk_end(&run);
	diag_sort(&found);
	diag_move(diags, &found);
}

void
rules_run(const struct doc *d, const struct chk_env *env, struct rules_kept *kept,
	struct diags *diags)
{
	struct rules_kept once = {0};

	run_table(d, env, 0, kept ? kept : &once, diags);
	rules_kept_free(&once);
}

void
chk_maincf(const struct doc *d, const struct chk_env *env, struct diags *diags)
{
	struct rules_kept once = {0};

	run_table(d, env, RULE_VALUE, &once, diags);
	rules_kept_free(&once);
}
