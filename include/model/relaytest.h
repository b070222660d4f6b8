/* SPDX-License-Identifier: MIT
 *
 * What smtpd does with a client at an address, and which row of mynetworks decides. Pure:
 * files and tables are asked for by callbacks. The list is read as smtpd reads it at its
 * start (match_list_parse(): files in their places, '!' carried into them, a lone '!' or
 * a folder ends the process), then matched item by item (namadr_list): the first that
 * matches decides. Where the answer hangs on the client's reverse name or on a table that
 * nobody could ask, both ways are followed: only if they differ it is "can't tell".
 */
#ifndef PR_MODEL_RELAYTEST_H
#define PR_MODEL_RELAYTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/nets.h"

/* A word of the value with its references filled in, and the row it comes from. */
struct rel_word {
	const char *text; /* may hold several items, or none */
	const char *row;  /* as written: $lan */
	const char *file; /* NULL: stands in no file */
	uint32_t line;    /* 0: none */
	bool unknown;     /* only Postfix could fill in its references */
	bool same_line;   /* goes on with the logical line of the word before: a '#' there
			     ends this one too */
};

struct rel_client {
	struct ipaddr addr; /* IPv4 inside IPv6 is the caller's to unmap */
	const char *name; /* verified reverse name, "unknown", or NULL: not known here */
};

enum rel_hit {
	REL_NO,
	REL_YES,
	REL_ERROR, /* the table can't be used: 451 */
	REL_MAYBE, /* by reverse name, or nobody could ask */
	REL_WAIT   /* being asked: call again later */
};

enum rel_file { REL_FILE_OK, REL_FILE_MISSING, REL_FILE_FOLDER, REL_FILE_HIDDEN };

struct rel_source {
	void *ctx;
	/* The bytes of a file that the list names; they stay as long as the arena. */
	enum rel_file (*file)(void *ctx, const char *path, struct sv *bytes);
	/* Does type:name match this client? */
	enum rel_hit (*table)(void *ctx, struct sv table, const struct rel_client *c);
	/* Does smtpd die of this table at its start? May be NULL. */
	bool (*kills)(void *ctx, struct sv table);
	struct arena *texts;
	bool exact_names; /* parent_domain_matches_subdomains lacks mynetworks */
	bool bad_kills;   /* Postfix up to 2.8: a bad entry kills smtpd */
};

enum rel_match {
	REL_MATCH_NO,   /* no row matches, or one that refuses */
	REL_MATCH_YES,  /* may relay */
	REL_MATCH_451,  /* the row can't be used */
	REL_MATCH_DEAD, /* smtpd dies: nobody is served */
	REL_MATCH_MAYBE,
	REL_MATCH_WAIT
};

/* A row, in the arena of the source; row NULL: none decides. */
struct rel_nets {
	enum rel_match match;
	const char *row, *file;
	uint32_t line;
	bool except;   /* the row that decides refuses */
	bool by_name;  /* MAYBE: it hangs on the reverse name, not on a table */
	size_t before; /* rows before it, none of which matches */
};

void rel_nets_match(const struct rel_word *words, size_t n, const struct rel_client *c,
	const struct rel_source *src, struct rel_nets *out);

/* "192.0.2.1", "[2001:db8::1]", or "mail.test.co.jp[192.0.2.1]" as Postfix logs a client.
 * IPv4 inside IPv6 becomes the IPv4 address. *name is a part of text, n == 0: not given.
 * False: not an address. */
bool rel_client_parse(struct sv text, struct ipaddr *addr, struct sv *name);

#endif
