/* SPDX-License-Identifier: MIT
 *
 * The tools of vlist's edits: a patch copies the raw bytes of a scanned value and splices
 * them in rising order of offsets; a newcomer is an item on its way in. For vledit and
 * vlinsert only.
 */
#ifndef PR_TEXT_VLPATCH_H
#define PR_TEXT_VLPATCH_H

#include "text/vlscan.h"

/* Bytes up to at are copied already. */
struct vlp {
	const struct vls *s;
	struct str *out;
	size_t at;
};

struct vlp_item {
	struct sv text, note;
	bool is_off, may_wrap; /* may_wrap: a line that grows too wide is continued */
};

static inline struct vlp
vlp_start(const struct vls *s, struct str *out)
{
	return (struct vlp){s, out, 0};
}

/* Copy up to off, then leave cut bytes out. */
void vlp_splice(struct vlp *p, size_t off, size_t cut);

/* Copy the rest. */
void vlp_finish(struct vlp *p);

/* The line `# note`; nothing when there is no note. */
void vlp_add_note(struct str *out, struct sv indent, struct sv note, const char *eol);

/* A comma behind the last item that is on, because one more comes. */
void vlp_comma_after_last(struct vlp *p);

/* The scanned value with the item as number at, appended to out. */
void vlp_insert(
	const struct vls *s, size_t at, const struct vlp_item *n, struct str *out);

#endif
