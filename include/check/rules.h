/* SPDX-License-Identifier: MIT
 *
 * The rules over main.cf, one row a code: what it is called, how bad it is, what it
 * depends on, who judges it, and a line for the help. rules_run() runs all of them, but
 * keeps the findings of each together with what they were made of: the definitions that
 * were looked at, defaults and facts apart. A rule whose definitions and facts are the
 * same as the last time isn't run again, so that an edit costs what it touches.
 *
 * Severities: an error is what Postfix refuses, dies of, defers or loses mail for; danger
 * is an error that lets strangers relay; a warning works but was hardly meant; a note is
 * worth knowing. What isn't on this machine (a file, a name) is a warning at most.
 */
#ifndef PR_CHECK_RULES_H
#define PR_CHECK_RULES_H

#include "check/check.h"

struct chk_run;

/* What a rule looks at besides parameters. */
enum {
	RULE_LINES = 1, /* every line of the file: runs each time */
	RULE_FILES = 2,
	RULE_NICS = 4,
	RULE_HOSTS = 8,     /* /etc/hosts */
	RULE_DNS = 16,      /* answers that come in the background */
	RULE_DEFAULTS = 32, /* postconf -d */
	RULE_TYPES = 64,    /* postconf -m */
	RULE_MASTER = 128,  /* master.cf */
	RULE_VALUE = 256    /* needs nothing else: a part of chk_maincf() */
};

struct rule {
	enum diag_code code;
	enum sev sev;       /* the usual one; a finding may be milder */
	bool danger;        /* may let strangers relay */
	unsigned needs;     /* RULE_... */
	const char *params; /* names with blanks between; "": see needs */
	/* Rows with the same function stand together; it is run once for all of them. */
	void (*judge)(struct chk_run *run);
	const char *about; /* untranslated: one sentence, what it tells */
};

const struct rule *rules_all(size_t *n);

/* The row of a code, NULL for codes that aren't a rule over main.cf. */
const struct rule *rules_find(enum diag_code code);

/* Findings kept from run to run; all zero to begin with. */
struct rules_kept {
	struct rule_memo *memo;
	size_t n;
	uint64_t facts;
	size_t ran; /* how many functions ran the last time, for tests */
};

void rules_kept_free(struct rules_kept *kept);

/* Run the rules over the document as it is now; findings in the order of the lines,
 * appended to diags. kept may be NULL (all run). The same kept goes with one document
 * only. */
void rules_run(const struct doc *d, const struct chk_env *env, struct rules_kept *kept,
	struct diags *diags);

#endif
