/* SPDX-License-Identifier: MIT
 *
 * The history as a session knows it, for src/session/ only: the entries, and between them
 * the gaps in which a file was changed by other means.
 */
#ifndef PR_SESSION_HISTORY_VIEW_H
#define PR_SESSION_HISTORY_VIEW_H

#include "apply/history.h"
#include "session/history.h"
#include "session/internal.h"

enum { HISTORY_CHANGES_MAX = 64 };
#define HISTORY_SETUP "setup" /* an entry that is a guided set-up */

/* A file of an entry. */
struct history_at {
	size_t entry, file;
};

#define HISTORY_NOWHERE SIZE_MAX

/* Between what one entry left and what the next one found (to.entry HISTORY_NOWHERE: what
 * is on disk now) a file has changed. */
struct history_gap {
	struct history_at from, to;
	time_t when;
};

struct history_view {
	bool read;
	struct hist_list list;
	struct diags said;
	struct history_gap *gap;
	size_t ngaps, gaps_cap;
	struct arena texts; /* of rows */
	struct ses_history_row *row;
	size_t *row_gap; /* the gap of a row, HISTORY_NOWHERE: an entry */
	size_t nrows, rows_cap, row_gap_cap;
	struct ses_history_row *shown; /* after the filter */
	struct arena diff_texts;
	struct ses_rline *line;
	size_t nlines, lines_cap;
	char *last; /* ses_history_last */
	unsigned newest;
	bool last_read;
};

struct txn_env history_env(const struct session *s);
/* Read it if need be. */
struct history_view *history_open(struct session *s);
/* The same without reading it. */
struct history_view *history_view_of(struct session *s);

/* Place in the list of entry no, list.n when there is none. */
size_t history_find(const struct history_view *v, unsigned no);
/* Where file `path` is in entry i; HISTORY_NOWHERE: it isn't. */
size_t history_file(const struct history_view *v, size_t i, const char *path);
/* Did this entry leave that file new? Not when it was put back, or cut off and undone. */
bool history_took(struct session *s, struct history_at at);
/* A change of one file that nothing had to follow needs no journal, and nobody waits
 * until its end is on the disk: where that is lost, but the new bytes were found, all of
 * it was done. */
bool history_was_written(struct session *s, size_t i);
/* What it left: size and hash. */
const struct fileid *history_left(struct session *s, struct history_at at);
/* The bytes before or after it; out is overwritten. */
bool history_bytes(struct session *s, struct history_at at, bool after, struct str *out,
	struct diags *d);
/* What it left, as bytes. */
bool history_left_bytes(
	struct session *s, struct history_at at, struct str *out, struct diags *d);
/* What is on disk now. False: it can't be read. */
bool history_now(struct session *s, const char *path, struct fileid *out);

/* history_note.c: what an apply of these files is called. */
void history_note(struct session *s, struct arena *a, struct ses_file *const *files,
	size_t n, struct hist_about *out);
const char *history_kind(struct arena *a, const struct ses_file *f);
bool history_kind_read(const char *kind, enum ses_role *role, const char **map_type);

/* history_diff.c: how many lines a change by other means came to; 0: not told of a large
 * file. */
size_t history_lines(struct session *s, const struct ses_history_row *row);
/* Both sides of a row's file k. */
bool history_sides(struct session *s, const struct ses_history_row *row, size_t k,
	struct str *before, struct str *after, struct diags *d);

#endif
