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
/* The file of an entry in it, in the same way; its size. */
int hist_open_entry(
	const struct fs_port *fs, int top, unsigned no, int mode, uint64_t *size);

/* Remove what a dead one was still putting together. */
void hist_sweep(const struct fs_port *fs, int state);

/* Numbers of the entries, ascending; free() *v. False with errno. */
bool hist_numbers(const struct fs_port *fs, int top, unsigned **v, size_t *n);

/* Read the notes and the end of entry no into the list. False: damaged, and told; one
 * that is gone adds nothing. */
bool hist_read_entry(const struct fs_port *fs, int top, unsigned no, struct hist_list *l,
	struct diags *d);

/* The name of an entry's file; buf holds it. */
enum { HIST_NAME_MAX = 32 };
const char *hist_number_name(char buf[HIST_NAME_MAX], unsigned no);

/* Notes of an entry, and its end, which is always as long; out is empty before. */
enum { HIST_END_BYTES = 80 };
void hist_encode(const struct hist_entry *e, struct str *out);
void hist_encode_end(enum hist_end end, int64_t ms, struct str *out);

/* Bytes that an entry keeps of a file: old ones, and those in which the new ones differ.
 * Where they stand follows from those of the files before it. */
uint64_t hist_old_bytes(const struct hist_file *f);
uint64_t hist_new_bytes(const struct hist_file *f);

/* From this size on a file is kept as differences, if it can be. */
enum { HIST_LARGE = 1 << 20 };
/* What is to be kept of file i of a staged transaction: out has its ids and gets the
 * rest. False with errno. */
bool hist_measure_file(const struct txn *t, size_t i, const struct hist_list *earlier,
	struct hist_file *out);
/* Keep that, at the end of the file `to`. False with errno; ESTALE: the file is no longer
 * what was loaded. */
bool hist_copy_file(const struct txn *t, size_t i, int to, const struct hist_file *f);

#endif
