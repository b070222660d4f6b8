/* SPDX-License-Identifier: MIT
 *
 * Comparing the list of networks with what it was when loaded, for src/session/ only.
 */
#ifndef PR_SESSION_NETS_BEFORE_H
#define PR_SESSION_NETS_BEFORE_H

#include "text/vlist.h"

#define NETS_NOWHERE SIZE_MAX

struct nets_list {
	struct vl_list list;
	struct sv raw; /* that the items are cut from */
};

struct sv nets_item_text(const struct nets_list *l, size_t i);

enum nets_mark { NETS_KEPT, NETS_EDITED, NETS_NEW };

struct nets_gone {
	size_t was, before; /* item that is gone, and the item now that it stood before */
};

struct nets_marks {
	enum nets_mark *of; /* of each item now */
	struct nets_gone *gone;
	size_t ngone;
};

/* Kept, edited and gone items together are those of was; kept, edited and new ones those
 * of now. Free with nets_marks_free. */
void nets_mark(
	const struct nets_list *was, const struct nets_list *now, struct nets_marks *out);
void nets_marks_free(struct nets_marks *m);

#endif
