/* SPDX-License-Identifier: MIT
 *
 * The parts of chk_aliases(), for the check layer only: one run over the entries that
 * count, with the graph of which alias leads to which. Findings are made by tell(), which
 * knows the place of a target in its physical line.
 */
#ifndef PR_CHECK_ALIAS_PARTS_H
#define PR_CHECK_ALIAS_PARTS_H

#include "check/aliases.h"

/* Where the mail for a target goes. */
enum al_dest_kind {
	AL_DEST_ALIAS,
	AL_DEST_USER,
	AL_DEST_NOBODY,    /* no user, no alias */
	AL_DEST_CANT_TELL, /* another domain, another table */
	AL_DEST_COMMAND,
	AL_DEST_FILE,
	AL_DEST_LIST,
	AL_DEST_BAD
};

struct al_dest {
	enum al_dest_kind kind;
	uint32_t alias;  /* AL_DEST_ALIAS: entry id */
	struct str name; /* the name asked for, in small letters, without extension */
	const char *home;
};

/* Edges from alias to alias: from[id] .. from[id] + n[id] of to. By entry id. */
struct al_graph {
	uint32_t *from, *n;
	uint32_t *to;
	bool *user; /* does one of the targets go to a user? */
	size_t nto, cap;
};

struct al_run {
	struct aliases *al;
	const struct chk_al_env *env;
	struct diags *out;
	size_t found; /* findings so far */
	struct al_graph graph;
	/* the entry that is judged */
	uint32_t id, line;
	size_t value; /* where its value starts in the logical line */
	struct str text;
	struct al_targets targets;
	struct al_dest dest; /* scratch */
};

/* The place of byte `at` of the value of the entry that is judged. */
struct diag_loc al_run_place(const struct al_run *run, size_t at);

/* May one more finding be made? Says once that there are more. */
bool al_run_room(struct al_run *run, const struct diag_loc *loc);

/* Where target t of entry self leads; frees nothing of dest, reuses it. */
void al_resolve(struct al_run *run, const struct al_target *t, uint32_t self,
	struct al_dest *dest);

/* Note that the mail of the judged entry goes on to alias `to`. */
void al_graph_edge(struct al_run *run, uint32_t to);

void al_check_path(struct al_run *run, const struct al_target *t);
void al_check_command(struct al_run *run, const struct al_target *t);
void al_check_list(struct al_run *run, const struct al_target *t);
void al_check_loops(struct al_run *run);
void al_check_readers(struct al_run *run);

/* How many targets behind i are written as words of an unquoted command; 0: none. */
size_t al_command_words(const struct al_targets *list, struct sv value, size_t i);

/* The first target that looks like the start of a comment; n: none. */
size_t al_comment_start(const struct al_targets *list);

#endif
