/* SPDX-License-Identifier: MIT
 *
 * Between the two halves of the networks view, for src/session/ only: where each row
 * comes from, so that an edit of a row finds the bytes it is about.
 */
#ifndef PR_SESSION_NETS_VIEW_H
#define PR_SESSION_NETS_VIEW_H

#include "model/nets.h"
#include "session/internal.h"
#include "text/vlist.h"

struct net_source {
	struct ses_file *file;   /* NULL: derived by Postfix, stands in no file */
	uint32_t id;             /* entry in it */
	size_t item;             /* number of the item in the entry */
	struct ses_file *behind; /* the file that a file or table row names, if it can be
				    followed */
	uint32_t col;            /* of the item on its line, from 1; 0: none */
};

struct nets_view {
	uint64_t gen;
	struct arena texts;
	struct ses_net_row *rows;
	struct net_source *from;
	size_t n, rows_cap, from_cap;
	struct diags said; /* findings of the rows */
	char **opened;     /* texts of the rows that are open */
	size_t nopened, opened_cap;
	struct ses_net_hint *hints;
	size_t nhints, hints_cap;
	uint64_t judged; /* gen for which the rows have the rules' findings */
};

struct nets_view *nets_now(struct session *s);

/* The effective definition of mynetworks, or DOC_NO_ID. */
uint32_t nets_entry(struct session *s);

/* The list inside an entry of a file, for vlist. */
struct vl_text nets_list_text(const struct ses_file *f, uint32_t id);

/* --- networks.c --- */

enum edit_kind { EDIT_TEXT, EDIT_NOTE, EDIT_REMOVE, EDIT_TOGGLE };

struct row_edit {
	enum edit_kind kind;
	struct sv text;
};

/* Edit what stands there; else a finding says why it can't be. */
bool nets_edit_row(
	const struct net_source *from, const struct row_edit *e, struct diags *d);
/* Let two rows of one file change places. */
bool nets_swap_rows(
	const struct net_source *from, const struct net_source *other, struct diags *d);

/* --- nets_add.c --- */

size_t nets_items_in(const struct vl_text *t);
/* Put an item before number at of a list parameter (SIZE_MAX: at its end). */
bool nets_insert_item(
	struct ses_file *f, uint32_t id, size_t at, struct sv item, struct sv note);

/* What goes along when the derived networks are written down. */
struct nets_along {
	bool with_public;
	const char *coming; /* items that are being added: what they hold isn't written */
	const char *row;    /* the derived row that is edited, also if it is public */
};

/* Write the derived networks into main.cf; their texts are added to written. False when
 * they aren't known. */
bool nets_write_derived(struct session *s, const struct nets_along *along,
	struct str *written, struct diags *d);

/* Put new whole lines (freed) with that many more items in the place of an entry; in a
 * file, an entry without items goes. False, and nothing is done: they hold other items,
 * such as when a '#' would come to the start of a line. */
bool nets_put_text(struct ses_file *f, uint32_t id, struct str *text, ptrdiff_t more);

/* "... can't stand in the list"; false. */
bool nets_not_an_item(const char *text, struct diags *d);

/* Is every line that counted for nothing still one? Else a finding. */
bool nets_orphans_stay(const struct ses_file *f, struct diags *d);

/* --- nets_who.c --- */

/* What we know of an item without being told: "lan0's own segment", "programs on this
 * host". */
const char *nets_who(struct session *s, struct arena *a, const struct net_item *item);

#endif
