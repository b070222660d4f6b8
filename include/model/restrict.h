/* SPDX-License-Identifier: MIT
 *
 * smtpd's restriction lists as far as they answer one question: is a well-formed message
 * from this client to a place elsewhere taken? Pure. What depends on the message (its
 * sender, recipient, HELO) is assumed to be in order; what asks a table, a policy service
 * or the DNS can't be told and is named, unless the answer is the same either way. Source
 * of the rules: smtpd_check.c of Postfix 3.7 (generic_checks, has_required,
 * is_map_command).
 */
#ifndef PR_MODEL_RESTRICT_H
#define PR_MODEL_RESTRICT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/relaytest.h"

enum rel_says {
	REL_ALLOWED,
	REL_DENIED,
	REL_451,
	REL_NO_GREETING,
	REL_CANT_TELL,
	REL_WAITING /* a table is being asked: judge again later */
};

enum { REL_LISTS = 5 };

/* The lists in the order in which smtpd evaluates them, references filled in. */
struct rel_policy {
	struct {
		const char *name; /* smtpd_relay_restrictions */
		const char *value;
		bool guards; /* must hold an effective check, this one or another */
	} list[REL_LISTS];
	size_t n;
	/* The value of a restriction class, or NULL: there is no such class. */
	const char *(*class_of)(void *ctx, struct sv name);
	void *ctx;
	struct arena *texts;
};

enum rel_reason {
	REL_BY_ROW,          /* row, file, line decide */
	REL_BY_RESTRICTION,  /* `restriction` of `list` decides, or can't be told */
	REL_BY_UNKNOWN_WORD, /* smtpd doesn't know `restriction`: 451 */
	REL_BY_NO_CHECK,     /* no list holds an effective check: smtpd dies */
	REL_BY_NOTHING       /* nothing refuses */
};

struct rel_answer {
	enum rel_says says;
	enum rel_reason reason;
	struct rel_nets nets;    /* the row that matched, also where it doesn't decide */
	const char *restriction; /* with its argument, in the arena; or NULL */
	const char *list;        /* name of its list, or NULL */
};

/* Put the lists and what mynetworks says (rel_nets_match) together. */
void rel_judge(const struct rel_policy *p, const struct rel_client *c,
	const struct rel_nets *nets, struct rel_answer *out);

/* One word that smtpd knows in a list of restrictions. */
struct rel_restriction {
	const char *name;
	bool argument; /* the next word belongs to it */
	bool checks;   /* counts as the check that smtpd demands */
	bool ends;     /* nothing behind it is looked at */
};

/* Number i of all of them, in no particular order; false behind the last one. */
bool rel_restriction(size_t i, struct rel_restriction *out);

#endif
