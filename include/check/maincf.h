/* SPDX-License-Identifier: MIT
 *
 * What every rule sees, for the check layer only: the definitions, read once a run, and
 * values looked up by name, raw and expanded. Each name that a rule looks up is noted, so
 * that the rule runs again when its definition changes. Strings live as long as the run.
 */
#ifndef PR_CHECK_MAINCF_H
#define PR_CHECK_MAINCF_H

#include "base/arena.h"
#include "check/check.h"
#include "model/cfexpr.h"
#include "text/vlist.h"

struct chk_def {
	struct sv name;
	uint32_t id, line; /* line: as it would be saved now, from 1 */
	bool last;         /* the effective one of its name */
	struct str raw;    /* its logical value, once it was looked up; p NULL: not yet */
};

struct rule_memo;

struct chk_run {
	const struct doc *d;
	const struct chk_env *env;
	struct chk_def *defs; /* in file order */
	size_t ndefs, cap;
	struct chk_def **byname; /* sorted by name, then in file order */
	size_t work;             /* what expansions may still spend */
	struct str value;        /* scratch */
	struct arena texts;
	struct nets_entries *nets; /* of mynetworks, once a rule asked for them */
	struct rule_memo *memo;    /* of the rule that runs; NULL: nothing is noted */
	bool noting;               /* what a default follows is being noted */
	struct diags *out;         /* where its findings go */
};

/* A parameter as the rules see it. */
struct chk_param {
	const char *name;
	const struct chk_def *def; /* NULL: not in the file */
	bool known;                /* raw is known: from the file, or Postfix's default */
	struct sv raw;             /* the logical value */
	enum cfx_result how;       /* CFX_OK: value is known, too */
	struct sv value;           /* expanded and trimmed */
};

/* One word of a list, as written and as it is used. */
struct chk_item {
	struct sv raw;
	struct sv
		text; /* expanded; a $name may give several items of the same raw text */
	struct diag_loc loc; /* of the raw text; without line for a default */
};

/* Where reading a list word by word has come to. */
struct chk_words {
	struct chk_run *run;
	struct diag_loc loc; /* of the definition */
	bool in_file;        /* else the words of a default */
	bool plain;          /* no $ in any */
	struct vl_scan scan;
	size_t seen, line_start; /* of the last item in the text, and of its line */
	struct chk_item item;    /* that rest belongs to */
	struct sv rest;          /* expanded words not given yet */
	bool whole;              /* no word was left out for want of an expansion */
};

/* Read the definitions: lines, names, which counts. */
void chk_begin(struct chk_run *run, const struct doc *d, const struct chk_env *env);
void chk_end(struct chk_run *run);

/* The effective definition of name, or NULL. */
const struct chk_def *chk_find(struct chk_run *run, struct sv name);

/* The place of a finding about a whole definition. */
struct diag_loc chk_loc(const struct chk_run *run, const struct chk_def *def);

/* The place of a finding about a parameter, set or not. */
struct diag_loc chk_at(const struct chk_run *run, const struct chk_param *p);

/* Look a parameter up; true when its expanded value is known. */
bool chk_get(struct chk_run *run, const char *name, struct chk_param *out);

/* The expanded value; "" when it isn't known. */
struct sv chk_value_of(struct chk_run *run, const char *name);

/* yes or no as Postfix reads it; unknown: otherwise. */
bool chk_is_yes(struct chk_run *run, const char *name, bool otherwise);

/* A whole number; false when it is none or not known. */
bool chk_number(struct chk_run *run, const char *name, int64_t *out);

/* Expand any text with the values of this run. */
enum cfx_result chk_expand(struct chk_run *run, struct sv raw, struct sv *out);

/* The next word of an expanded text, braces keeping a group together. */
bool chk_word(struct sv *rest, struct sv *word);

/* The words of a list parameter; those that can't be expanded are left out, and whole is
 * false after the last one. */
void chk_words_start(struct chk_words *w, struct chk_run *run, const struct chk_param *p);
bool chk_words_next(struct chk_words *w, struct chk_item *out);

/* All of them, in the run's arena; whole may be NULL. */
size_t chk_items(struct chk_run *run, const struct chk_param *p, struct chk_item **out,
	bool *whole);

/* compatibility_level as a number with three digits a part (3.6 is 3006000), the level
 * that holds when it is unset included; -1: not known. */
int64_t chk_level(struct chk_run *run);

/* Does the installed Postfix know this parameter? otherwise: when that can't be told. */
bool chk_has(struct chk_run *run, const char *name, bool otherwise);

/* Old names that Postfix's own defaults still refer to: unset they are empty, and
 * `postconf -d` doesn't list them. */
bool chk_is_legacy(struct sv name);

bool chk_stat_of(struct chk_run *run, const char *path, struct chk_stat *out);

/* An address of one of this machine's NICs? False too when the NICs aren't known. */
bool chk_is_own_addr(const struct chk_run *run, const struct ipaddr *a);

/* --- the parts that look at every line, in check.c, names.c, types.c */

void chk_lines(struct chk_run *run);
/* Warn of definitions that a later one overrides. */
void chk_duplicates(struct chk_run *run);
/* Warn of names that no Postfix knows and nothing refers to, or that are too new. */
void chk_names(struct chk_run *run);
/* Judge the value of each effective definition by its type. */
void chk_types(struct chk_run *run);

/* Judge the references in a value that isn't in the file yet, alone: what the names in it
 * come to isn't looked at, but that it names itself is. True: fine. */
bool chk_typed_references(
	struct sv name, struct sv value, const struct chk_env *env, struct diags *diags);

/* Type and flags of a parameter that has no row in the catalogue, as far as its name and
 * Postfix's default tell them. */
struct cat_def;
bool chk_type_by_default(struct sv name, const struct chk_env *env, struct cat_def *out);

/* --- the rules, by subject: rule_*.c */

void rule_references(struct chk_run *run);
void rule_notes(struct chk_run *run);
void rule_tables(struct chk_run *run);

void rule_listen(struct chk_run *run);
void rule_families(struct chk_run *run);
void rule_source(struct chk_run *run);
void rule_public_nic(struct chk_run *run);

void rule_nets(struct chk_run *run);
void rule_nets_style(struct chk_run *run);
void rule_nets_left_out(struct chk_run *run);

void rule_hop(struct chk_run *run);
void rule_hop_names(struct chk_run *run);
void rule_hop_overridden(struct chk_run *run);
void rule_client(struct chk_run *run);

void rule_login(struct chk_run *run);
void rule_login_key(struct chk_run *run);
void rule_tls(struct chk_run *run);
void rule_tls_direct(struct chk_run *run);

void rule_relay(struct chk_run *run);
void rule_relay_words(struct chk_run *run);
void rule_relay_classes(struct chk_run *run);
void rule_relay_domains(struct chk_run *run);

void rule_identity(struct chk_run *run);
void rule_limits(struct chk_run *run);
void rule_maillog(struct chk_run *run);

#endif
