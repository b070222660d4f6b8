/* SPDX-License-Identifier: MIT
 *
 * Between the rules of mynetworks, for the check layer only: judging one entry, and what
 * stands in the file or table that it names.
 */
#ifndef PR_CHECK_NETS_H
#define PR_CHECK_NETS_H

#include "check/maincf.h"
#include "model/nets.h"

struct nets_judge {
	struct chk_run *run;
	bool counts; /* mynetworks decides who may relay: a public range is danger */
	int depth;   /* files within files */
};

/* Where an entry stands. as_written: the text there is the entry itself, not a $name for
 * it, so a repair can be put there. */
struct nets_place {
	uint32_t line, col;
	bool as_written;
};

/* The entries of mynetworks up to a comment at the end of a line, where Postfix stops. */
struct nets_entries {
	struct net_items items;
	struct nets_place *place; /* of each item */
	size_t place_cap;
};

/* Read once a run, whichever rule asks first; p is mynetworks, and it is in the file. */
const struct nets_entries *nets_entries(struct chk_run *run, const struct chk_param *p);
void nets_entries_free(struct nets_entries *e);

/* Does any list that decides about relaying ask for mynetworks? */
bool nets_count(struct chk_run *run);

/* Is it a country, or another top-level domain that comes to mind first? */
bool nets_is_top_domain(struct sv name);

/* Judge one entry at loc. as_written: the text at loc is the entry itself, not a $name
 * for it, so a repair can be put there. True: smtpd takes it. */
bool nets_judge_item(struct nets_judge *j, const struct net_item *item,
	const struct diag_loc *loc, bool as_written);

/* Judge the rows of the file or table that an entry names; others are left alone. */
void nets_judge_behind(
	struct nets_judge *j, const struct net_item *item, const struct diag_loc *loc);

#endif
