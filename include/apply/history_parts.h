/* SPDX-License-Identifier: MIT
 *
 * What the files of the history share; nobody else includes this.
 */
#ifndef PR_APPLY_HISTORY_PARTS_H
#define PR_APPLY_HISTORY_PARTS_H

#include "apply/history.h"

/* The folder history of a state folder; -1 with errno, EPERM for one that isn't ours
 * alone. */
int hist_open_top(const struct fs_port *fs, int state, bool make);
/* A folder in it, in the same way. */
int hist_open_inner(const struct fs_port *fs, int top, const char *name);

/* Remove what a dead one was still putting together. */
void hist_sweep(const struct fs_port *fs, int state);

/* Numbers of the entries, ascending; free() *v. False with errno. */
bool hist_numbers(const struct fs_port *fs, int top, unsigned **v, size_t *n);

/* Read entry no into the list. False: damaged, and told; an entry without notes is the
 * rest of one that was removed and adds nothing. */
bool hist_read_entry(const struct fs_port *fs, int top, unsigned no, struct hist_list *l,
	struct diags *d);

/* Names of the texts and copies in an entry; buf holds them. */
enum { HIST_NAME_MAX = 32 };
const char *hist_copy_name(char buf[HIST_NAME_MAX], size_t file, bool after);
const char *hist_number_name(char buf[HIST_NAME_MAX], unsigned no);

/* Notes of an entry, and of its end. */
void hist_encode(const struct hist_entry *e, struct str *out);
void hist_encode_end(enum hist_end end, int64_t ms, struct str *out);

/* From this size on a file is kept as differences, if it can be. */
enum { HIST_LARGE = 1 << 20 };
/* Keep file i of a staged transaction in the folder dir of its entry. out has its ids and
 * gets the rest; stored grows by the bytes kept. False with errno; ESTALE: the file is no
 * longer what was loaded. */
bool hist_copy_file(const struct txn *t, size_t i, int dir,
	const struct hist_list *earlier, struct hist_file *out, uint64_t *stored);

#endif
