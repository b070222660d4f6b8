/* SPDX-License-Identifier: MIT
 *
 * MX, then the addresses of each mail server in the order of their preference, from DNS
 * itself: /etc/hosts is not looked at unless the flags say so, for Postfix doesn't
 * either. A name without MX is its own mail server.
 */
#include "sys/probe_dns.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { HOSTS_MAX = 5, ANSWER_MAX = 65535, TRY_SECONDS = 2, TRIES = 2 };

enum said { SAID_FOUND, SAID_NOTHING, SAID_NO_NAME, SAID_AGAIN };

struct mx {
	unsigned pref;
	char host[NS_MAXDNAME];
};

struct asking {
	bool dns, native, v4, v6;
	bool found, again; /* an address; a server that didn't answer */
	unsigned char answer[ANSWER_MAX];
};

static enum said
query(struct asking *a, const char *name, ns_type type, ns_msg *msg)
{
	int n = res_query(name, ns_c_in, (int)type, a->answer, sizeof(a->answer));

	if (n >= 0 && ns_initparse(a->answer, n < ANSWER_MAX ? n : ANSWER_MAX, msg) == 0)
		return ns_msg_count(*msg, ns_s_an) > 0 ? SAID_FOUND : SAID_NOTHING;
	if (n >= 0)
		return SAID_AGAIN;
	return h_errno == HOST_NOT_FOUND ? SAID_NO_NAME
	       : h_errno == NO_DATA      ? SAID_NOTHING
					 : SAID_AGAIN;
}

/* --- addresses ---------------------------------------------------------------------- */

static void
tell_address(struct asking *a, int family, const void *bytes)
{
	char text[INET6_ADDRSTRLEN];

	if (!inet_ntop(family, bytes, text, sizeof(text)))
		return;
	(void)printf("addr=%s\n", text);
	a->found = true;
}

static enum said
dns_addresses(struct asking *a, const char *name, ns_type type)
{
	const bool six = type == ns_t_aaaa;
	const size_t size = six ? 16 : 4;
	ns_msg msg;
	ns_rr rr;
	enum said said = query(a, name, type, &msg);

	if (said == SAID_AGAIN)
		a->again = true;
	for (int i = 0; said == SAID_FOUND && i < ns_msg_count(msg, ns_s_an); i++)
		if (ns_parserr(&msg, ns_s_an, i, &rr) == 0 && ns_rr_type(rr) == type &&
			ns_rr_rdlen(rr) == size)
			tell_address(a, six ? AF_INET6 : AF_INET, ns_rr_rdata(rr));
	return said;
}

static void
native_addresses(struct asking *a, const char *name)
{
	const struct addrinfo want = {.ai_family = a->v4 && a->v6 ? AF_UNSPEC
						   : a->v6        ? AF_INET6
								  : AF_INET,
		.ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	int err = getaddrinfo(name, NULL, &want, &list);

	a->again = a->again || err == EAI_AGAIN;
	for (const struct addrinfo *i = err == 0 ? list : NULL; i; i = i->ai_next) {
		const void *addr = i->ai_addr;

		if (i->ai_family == AF_INET6)
			tell_address(a, AF_INET6,
				&((const struct sockaddr_in6 *)addr)->sin6_addr);
		else if (i->ai_family == AF_INET)
			tell_address(a, AF_INET,
				&((const struct sockaddr_in *)addr)->sin_addr);
	}
	if (list)
		freeaddrinfo(list);
}

/* False: there is no such name. */
static bool
addresses(struct asking *a, const char *name)
{
	bool known = false, had = a->found;

	if (a->dns && a->v6)
		known = dns_addresses(a, name, ns_t_aaaa) != SAID_NO_NAME || known;
	if (a->dns && a->v4)
		known = dns_addresses(a, name, ns_t_a) != SAID_NO_NAME || known;
	if (a->native && a->found == had)
		native_addresses(a, name);
	return known || a->found != had;
}

/* --- mail servers ------------------------------------------------------------------- */

static int
by_preference(const void *a, const void *b)
{
	const struct mx *x = a, *y = b;

	return x->pref < y->pref ? -1 : x->pref > y->pref;
}

/* The best few, sorted; returns how many. */
static size_t
read_servers(ns_msg msg, struct mx *v)
{
	size_t n = 0;
	ns_rr rr;

	for (int i = 0; i < ns_msg_count(msg, ns_s_an) && n < HOSTS_MAX; i++) {
		if (ns_parserr(&msg, ns_s_an, i, &rr) != 0 || ns_rr_type(rr) != ns_t_mx ||
			ns_rr_rdlen(rr) < 3)
			continue;
		v[n].pref = ns_get16(ns_rr_rdata(rr));
		if (ns_name_uncompress(ns_msg_base(msg), ns_msg_end(msg),
			    ns_rr_rdata(rr) + 2, v[n].host, sizeof(v[n].host)) < 0)
			continue;
		n++;
	}
	qsort(v, n, sizeof(*v), by_preference);
	return n;
}

/* True when that was the answer, for better or worse. */
static bool
servers(struct asking *a, const char *name)
{
	static struct mx v[HOSTS_MAX];
	ns_msg msg;
	size_t n = 0;

	switch (query(a, name, ns_t_mx, &msg)) {
	case SAID_FOUND:
		n = read_servers(msg, v);
		break;
	case SAID_AGAIN:
		(void)puts("error=again");
		return true;
	case SAID_NO_NAME:
	case SAID_NOTHING:
		break;
	}
	if (n == 1 && (v[0].host[0] == '\0' || strcmp(v[0].host, ".") == 0)) {
		(void)puts("error=nullmx");
		return true;
	}
	for (size_t i = 0; i < n; i++) {
		(void)printf("mx=%u %s\n", v[i].pref, v[i].host);
		(void)addresses(a, v[i].host);
	}
	if (n > 0 && !a->found)
		(void)printf("error=%s\n", a->again ? "again" : "noaddr");
	return n > 0;
}

int
probe_dns(const char *name, const char *flags)
{
	static struct asking a;
	bool known;

	a = (struct asking){.dns = strchr(flags, 'd'),
		.native = strchr(flags, 'n'),
		.v4 = strchr(flags, '4'),
		.v6 = strchr(flags, '6')};
	if (res_init() == 0) {
		_res.retrans = TRY_SECONDS;
		_res.retry = TRIES;
	}
	if (strchr(flags, 'm') && servers(&a, name))
		return 0;
	known = addresses(&a, name);
	if (!a.found)
		(void)printf("error=%s\n", a.again ? "again"
					   : known ? "noaddr"
						   : "notfound");
	return 0;
}
