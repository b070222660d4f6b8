/* SPDX-License-Identifier: MIT
 *
 * What follows from a change: which files are written, which tables are built, and
 * whether Postfix is reloaded or stopped and started, each with its reason. A pure
 * function of what changed and of what runs; Review, `-n` and apply all read its result.
 *
 * The order is fixed (a restart stops under the old files: with a bad new address even
 * `stop` would fail): STOP, WRITE ..., POSTMAP ..., POSTALIAS / NEWALIASES, RELOAD or
 * START. A Postfix that is down stays down unless its start is asked for. Texts are
 * translated and owned by the plan.
 */
#ifndef PR_APPLY_PLAN_H
#define PR_APPLY_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/str.h"

/* Whose Postfix runs, as far as a configuration folder is concerned. */
enum svc_state {
	SVC_STOPPED, /* none holds this folder's queue */
	SVC_RUNNING, /* this folder's own master */
	SVC_FOREIGN, /* a master of another folder holds this folder's queue */
	SVC_UNSAFE,  /* others can write the folder: nothing of Postfix may be run for it
		      */
	SVC_ABSENT   /* no Postfix, or a needed program of it, is installed */
};

/* What a changed parameter needs to count. */
enum plan_need { PLAN_NEED_NOTHING, PLAN_NEED_RELOAD, PLAN_NEED_RESTART };

enum ckind { CHANGE_PARAM, CHANGE_LIST_ITEM, CHANGE_ALIAS, CHANGE_ROW };

/* One net change. Texts are borrowed; before or after NULL: absent there. */
struct change {
	enum ckind kind;
	uint16_t file; /* index into plan_input.files */
	const char *name, *before, *after;
};

enum plan_role {
	PLAN_MAIN_CF,
	PLAN_ALIASES,
	PLAN_PLAIN_FILE, /* read whole when a process starts: plain, cidr:, regexp: ... */
	PLAN_TABLE       /* has a built index: hash:, lmdb: ... */
};

struct plan_file {
	enum plan_role role;
	const char *path; /* borrowed */
	const char
		*type; /* table type of PLAN_TABLE and PLAN_ALIASES; NULL: the default */
	bool in_database; /* PLAN_ALIASES: alias_database names it */
	bool in_maps;     /* PLAN_ALIASES: alias_maps reads it */
};

struct plan_input {
	const struct plan_file
		*files; /* the files that differ, in the order of writing */
	size_t nfiles;
	const struct change *changes;
	size_t nchanges;
	enum plan_need (*needs)(const char *param); /* the catalogue's word */
	enum svc_state service;
	const char *whose; /* SVC_FOREIGN: the master's folder; SVC_UNSAFE: what others
			      can write; NULL: not known */
	unsigned
		greetings; /* addresses that will be asked for a greeting; 0: not known */
	bool no_act;       /* only write */
	const char *newer; /* no files: the one that Postfix hasn't read as it is now,
			      which a reload mends; NULL: none */
	const char *build; /* "TYPE:PATH", a table that is built as it is; NULL: none */
	bool start;        /* if it is down, it is started */
	bool elsewhere; /* it listens elsewhere than the files have said so far, which no
			   reload mends */
};

enum plan_act {
	PLAN_STOP,
	PLAN_WRITE,
	PLAN_POSTMAP,
	PLAN_POSTALIAS,
	PLAN_NEWALIASES,
	PLAN_RELOAD,
	PLAN_START
};

struct plan_action {
	enum plan_act act;
	uint16_t file; /* PLAN_WRITE, POSTMAP, POSTALIAS: index into the input's files */
	char *target;  /* a path, "TYPE:FILE", or "" */
	char *reason;  /* "because ... changed" */
};

struct plan {
	struct plan_action *v;
	size_t n, cap;
	bool interrupts; /* clients meet a closed port for some seconds */
	bool acts;       /* anything besides writing */
	char *look;      /* what is looked at afterwards; NULL: nothing */
	char *note;      /* why nothing is done with Postfix, or what it means; NULL */
};

/* A line of Review's "Then": a word or two, and the reason. */
struct plan_row {
	char *label, *reason;
};

/* out is overwritten. Warnings (a table that nobody reads) go to d. */
void plan_make(struct plan *out, const struct plan_input *in, struct diags *d);
void plan_free(struct plan *p);

bool plan_has(const struct plan *p, enum plan_act act);

/* Does Postfix run once the plan is carried out, so that it can be looked at? */
bool plan_ends_running(const struct plan *p, const struct plan_input *in);

/* The actions for people: stop and start in one row, writing left out and so is a start
 * alone, which is the person's own choice; `look` last.
 * Returns the rows; their number in *n; freed by plan_rows_free(). */
struct plan_row *plan_rows(const struct plan *p, size_t *n);
void plan_rows_free(struct plan_row *rows, size_t n);

/* The command's own name of an action ("stop", "newaliases"), never translated. */
const char *plan_act_name(enum plan_act act);

/* Has this table type an index that must be built (hash, lmdb ...)? The others are read
 * from the text itself when a process starts. */
bool plan_type_is_built(struct sv type);

#endif
