/* SPDX-License-Identifier: MIT
 *
 * Findings over a main.cf document, and what the rules are told of the machine. Pure: the
 * document, the catalogue and what the caller knows. Every finding has the file, the line
 * as it would be saved now, and the entry it is about; many offer a safe repair. The
 * rules themselves are one table, check/rules.h.
 */
#ifndef PR_CHECK_CHECK_H
#define PR_CHECK_CHECK_H

#include <stdbool.h>

#include "base/diag.h"
#include "model/addr.h"
#include "port/nic.h"
#include "text/doc.h"

/* What is known of a file. */
struct chk_stat {
	bool exists, is_folder;
	uint32_t mode; /* permission bits */
	uint32_t gid;  /* its group */
	int64_t mtime;
};

enum chk_dns { CHK_DNS_NO_ANSWER, CHK_DNS_FOUND, CHK_DNS_NOT_FOUND };

/* An inet service of master.cf. */
struct chk_service {
	const char *host; /* as written, "" where inet_interfaces decides */
	uint16_t port;    /* 0: the name isn't known here */
	bool smtp;        /* smtpd or postscreen answers */
};

/* What the caller knows of the machine and its Postfix. Every callback may be NULL, and
 * each may answer "can't tell": then a rule that needs it says nothing. None may block:
 * they run on every key. */
struct chk_env {
	const char *file;             /* for the places of the findings */
	const char *config_dir;       /* value of config_directory; NULL: not known */
	const char *hostname;         /* this machine's own name; NULL: not known */
	const struct nic_list *nics;  /* to recognise NIC names; may be NULL */
	unsigned version;             /* of Postfix: 306 is 3.6; 0: not known */
	bool relayhost_list_ok;       /* 3.5 or newer: several next hops are taken */
	const char *const *map_types; /* NULL-terminated, `postconf -m`; NULL: any */
	bool old_smtpd; /* 2.8 or older: a bad network kills smtpd instead of a 451 */
	/* Does the installed Postfix know this name, or does master.cf use it? Asked only
	 * for names that nothing else explains. NULL: nobody can tell. */
	bool (*known_name)(void *ctx, struct sv name);
	void *known_ctx;
	/* The installed Postfix's default, raw; false: it has no such name, or isn't
	 * known (then defaults_known is false). */
	bool (*deflt)(void *ctx, struct sv name, struct sv *value);
	bool defaults_known;
	/* False: can't tell. */
	bool (*stat)(void *ctx, const char *path, struct chk_stat *out);
	/* The bytes of a small text file, valid until the next call; false: can't tell.
	 */
	bool (*read)(void *ctx, const char *path, struct sv *bytes);
	/* Addresses of a name in /etc/hosts, at most max; how many. */
	size_t (*hosts)(void *ctx, const char *name, struct ipaddr *out, size_t max);
	/* What DNS said of a name, asked in the background. With a dot at its end, it is
	 * the whole name; without one the domains of resolv.conf are tried, too. */
	enum chk_dns (*dns)(void *ctx, const char *name);
	/* The addresses that DNS gave it, at most max; how many (0: none, or no answer).
	 */
	size_t (*dns_addrs)(void *ctx, const char *name, struct ipaddr *out, size_t max);
	const struct chk_service *services; /* master.cf */
	size_t nservices;
	bool services_known, has_postlog;
	void *ctx; /* of the callbacks from deflt on */
	/* Another number whenever one of the above could answer otherwise: findings kept
	 * under an older number are made anew. */
	uint64_t facts;
};

/* The findings of lines, names, types and single values: those rules of check/rules.h
 * that need no more than the document. In the order of its lines, appended to diags. */
void chk_maincf(const struct doc *d, const struct chk_env *env, struct diags *diags);

/* The findings of one value alone: what a
 * screen shows while it is typed. True when there is none. */
bool chk_value(
	struct sv name, struct sv value, const struct chk_env *env, struct diags *diags);

/* The findings of one entry of mynetworks that smtpd takes without complaint, as it is
 * typed: whom it would let in. */
struct net_item;
void chk_net_typed(const struct net_item *item, struct diags *diags);

#endif
