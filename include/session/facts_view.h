/* SPDX-License-Identifier: MIT
 *
 * The answers themselves, between facts.c and facts_dns.c only.
 */
#ifndef PR_SESSION_FACTS_VIEW_H
#define PR_SESSION_FACTS_VIEW_H

#include "apply/svc_parse.h"
#include "session/facts.h"

struct facts_stat {
	char *path;
	bool known;
	struct chk_stat st;
};

#define FACTS_DNS_ADDRS 16

struct facts_dns {
	char *name;
	struct job *job; /* NULL: waits to be asked, or was answered */
	bool asked;
	enum chk_dns answer;
	struct ipaddr addrs[FACTS_DNS_ADDRS];
	size_t naddrs;
};

struct facts {
	struct rules_kept kept;
	uint64_t number;
	struct facts_stat *stats;
	size_t nstats, stats_cap;
	struct str text; /* the file that was read last */
	struct str hosts;
	bool hosts_read, master_read, master_known, has_postlog;
	struct svc_inet *inet;
	size_t ninet;
	struct chk_service services[SVC_INET_MAX];
	struct facts_dns *dns;
	size_t ndns, dns_cap;
};

struct facts *facts_of(struct session *s);

/* chk_env's dns: what is known of the name; puts it on the list. */
enum chk_dns facts_dns(void *ctx, const char *name);
/* chk_env's dns_addrs. */
size_t facts_dns_addrs(void *ctx, const char *name, struct ipaddr *out, size_t max);
void facts_dns_forget(struct session *s);

#endif
