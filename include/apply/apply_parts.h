/* SPDX-License-Identifier: MIT
 *
 * What apply's own files share; nobody else includes this. A struct work is one apply
 * from its first look to its end.
 */
#ifndef PR_APPLY_APPLY_PARTS_H
#define PR_APPLY_APPLY_PARTS_H

#include "apply/apply.h"
#include "apply/svc_way.h"
#include "base/arena.h"

/* Steps that aren't an action of the plan. */
enum {
	STEP_LOCK,
	STEP_JUDGE,
	STEP_BEFORE,
	STEP_KEEP,
	STEP_SWAP,
	STEP_ASK,
	STEP_WAY,
	STEP_LOG,
	STEP_KINDS
};

enum { NO_STEP = -1 };

/* A table that is built aside and swapped with the text. */
struct aside {
	const struct apply_table *table;
	struct text_file {
		const struct svc *svc;
		const char *path;
	} text;             /* where the text isn't changed */
	char *db;           /* the table's own path */
	const char *suffix; /* what the builder adds to the text's name */
	size_t target;      /* of the transaction */
	bool missing;       /* there is no text to make it from: it has no target */
};

struct work {
	const struct apply_req *req;
	struct svc *svc; /* what req->svc is, in apply_run */
	const struct apply_watch *watch;
	struct apply_result *out;
	struct plan_input in;
	struct plan plan;
	struct svc_master master; /* as it was before */
	char *whose, *unit;
	struct apply_step *steps;
	size_t nsteps, cap;
	int kind[STEP_KINDS]; /* index of that step, or NO_STEP */
	int *action;          /* index of the step of plan.v[i], or NO_STEP */
	bool *is_aside;       /* plan.v[i] is done before the swap; NULL: none is */
	struct aside *aside;
	size_t naside;
	struct txn_want *want; /* the request's, then the tables that are built aside */
	size_t nwant;
	int64_t started, began; /* the apply; the step that runs */
	struct txn *txn;
	struct svc_health before, after;
	struct svc_way_res way_before;
	struct svc_log mark;
	bool stopped;     /* by us, and not started again */
	bool woken;       /* started by us, or tried to: it didn't run before */
	int64_t cut_from; /* when the service was touched first; 0: not yet */
};

/* apply_layout.c: the steps, and telling them. */
void apply_lay_out(struct work *k);
/* One more step, told as APPLY_WAITS; its index. */
int apply_add_step(struct work *k, char *take_text);
/* "main.cf, aliases"; the caller frees it. */
char *apply_file_names(const struct work *k);
/* What a step that does this is called; the caller frees it. */
char *apply_action_text(const struct plan_action *a);
char *apply_ask_text(const struct apply_place *at);
int64_t apply_now_ms(const struct work *k);
void apply_tell(struct work *k, int step);
void apply_begin(struct work *k, int step);
/* The step is over; the findings from findings_before on are its words. */
void apply_end(struct work *k, int step, bool ok, size_t findings_before);
/* Another text for a step, before it is told again. */
void apply_retext(struct work *k, int step, const char *text);
/* Is Postfix looked at afterwards, and before where it ran? */
bool apply_looks(const struct work *k);
/* The wanted main.cf, or NULL. */
const struct txn_want *apply_main_cf(const struct apply_req *req);

/* apply_after.c: once the files are in place. step: where it is told, or NO_STEP. */
bool apply_act(struct work *k, int step, enum svc_verb verb);
bool apply_build(struct work *k, size_t action, int step, bool look_up);
/* Ask and read the log, and compare with k->before; false when something new is ill. Of
 * the old files the way out isn't asked about. */
bool apply_look(struct work *k, const struct apply_place *at, int ask, int way, int log);
/* Probe the way out with the files as they are now. */
void apply_ask_way(struct work *k, const struct apply_place *at, struct svc_way_res *out);
/* All of the plan that comes after the swap. False at the first that goes wrong, or when
 * it is wished back: *wished then. */
bool apply_forward(struct work *k, bool *wished);
bool apply_is_wished(const struct work *k, bool swapped);

/* apply_aside.c */
void apply_aside_plan(struct work *k);
bool apply_aside_build(struct work *k);
/* How many entries the texts have that this action builds tables from. */
size_t apply_aside_entries(const struct work *k, size_t action);
void apply_aside_free(struct work *k);

/* apply_back.c */
/* Put the old files back and bring Postfix to them; the status. */
int apply_go_back(struct work *k, bool wished);
/* Would a reload leave Postfix ill for longer than it must? */
bool apply_must_restart(const struct work *k);
/* Bring Postfix, which ran, to the files as they are now: tables, service, a look. */
bool apply_bring_up(struct work *k, const struct apply_place *at, bool restart);

/* apply_memo.c: what recovery wants to know, as the free text of the journal. */
enum { MEMO_ADDRS = 64 };

struct memo {
	struct plan plan; /* actions only */
	struct arena texts;
	struct apply_place before, after; /* point into addrs: not to be copied */
	struct svc_listen addrs[2][MEMO_ADDRS];
	struct svc_health ill; /* before */
	struct svc_way_res way;
};
void apply_memo_write(const struct work *k, struct str *out);
/* rebuild: what was built aside is to be built again, in place. */
void apply_memo_read(const char *text, bool rebuild, struct memo *out);
void apply_memo_free(struct memo *m);

/* apply_keep.c: the history. False: no copies could be kept, and nothing may be written.
 */
bool apply_keep(struct work *k);
/* Before txn_end: how it went, or that nothing was swapped. */
void apply_keep_end(struct work *k, bool swapped);

#endif
