/* SPDX-License-Identifier: MIT
 *
 * Between review and applying, for src/session/ only: the plan that was shown is the plan
 * that is carried out.
 */
#ifndef PR_SESSION_REVIEW_VIEW_H
#define PR_SESSION_REVIEW_VIEW_H

#include "apply/diff.h"
#include "apply/plan.h"
#include "apply/svc.h"
#include "session/internal.h"

struct review_view {
	uint64_t gen;
	bool no_act, start, can_start, builds;
	struct arena texts;
	struct ses_rline *lines;
	size_t nlines, lines_cap;
	struct plan plan;
	/* Whom the upstream can be asked about, with the new files and with the old ones;
	 * NULL: it can't be asked. */
	const char *probe_to, *probe_before;
	struct plan_file
		*files; /* input of the plan: the edited files, in session order */
	struct change *changes;
	size_t nfiles, nchanges;
	struct diags before; /* findings of the files as loaded */
	struct diags said;   /* findings of the plan itself */
	struct diags mounts; /* files that can only be written over */
	const struct diag **stays, **holds;
	size_t nstays, nholds;
};

/* The lines in which an edited file differs from the one that was loaded. They are slices
 * of before and after, which hold only the part of the file that they need. */
struct file_diff {
	struct str before, after;
	struct arena masked; /* lines of a password table, in their place */
	struct diff diff;
};

/* out is overwritten; context as in diff_make(). */
void file_diff_make(struct ses_file *f, unsigned context, struct file_diff *out);
void file_diff_free(struct file_diff *d);

/* One line of a file for a person: secrets are ****. Kept in a. */
const char *review_line_text(struct arena *a, struct sv line);

/* Copies of found, the findings of an apply, in d; where a file has changed on disk, each
 * is followed by notes on the lines in which it differs from the loaded one. */
void changed_tell(struct session *s, const struct diags *found, struct diags *d);

/* The tables that the plan's actions build; kept in a. */
struct apply_table;
size_t session_tables(struct session *s, struct arena *a, const struct apply_table **out);

/* A list of tables as main.cf has it, or Postfix's default; NULL: none. */
const char *session_table_list(struct session *s, const char *name);

/* What an apply that was put back comes to; texts are kept in a. */
struct apply_result;
void put_back_tell(struct session *s, const struct apply_result *r, struct arena *a,
	struct ses_apply_view *out);

/* Notes on the lines in which an edited file on disk differs from the loaded one. What
 * earlier notes (NULL: there are none) say of a line that is another one again goes.
 * False: it can't be read, and d says why. */
bool changed_lines(
	struct session *s, struct ses_file *f, struct diags *earlier, struct diags *d);

/* The plan's input from what is edited and what runs now; it lives in s->rv. */
struct plan_input review_input(struct session *s, bool no_act);

/* reach.c: a parameter, and all names that its value refers to, directly or over others,
 * as many as there is room for; they live as long as scratch. */
enum { REACH_MAX = 64 };

struct reach {
	struct sv name[REACH_MAX];
	size_t n;
};

void reach_of(struct session *s, const char *name, struct reach *out);
bool reach_has(const struct reach *r, struct sv name);

/* way_out.c: fill in whom the upstream can be asked about, once plan and findings are
 * there. runs: Postfix does. */
void way_offer(struct session *s, bool runs);
/* Does a setting change by which mail leaves, or a login? */
bool way_changes(struct session *s);
/* The program that takes the probe, kept in a; NULL: Postfix's usual one. */
const char *way_sendmail(struct session *s, struct arena *a);

/* How Postfix is reached for this session's folder; strings live as long as scratch. */
void session_svc(struct session *s, struct svc *svc);

#endif
