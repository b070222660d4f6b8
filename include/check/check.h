/* SPDX-License-Identifier: MIT
 *
 * Findings of syntax and types over a main.cf document: lines that Postfix refuses or
 * ignores, names that no Postfix knows, and values that the programs reading them die of
 * or misread. Pure: the document, the catalogue and what the caller knows of this
 * machine. Every finding has the file, the line as it would be saved now, and the entry
 * it is about. Addresses that are on no NIC are the caller's (if_judge), as are other
 * files.
 */
#ifndef PR_CHECK_CHECK_H
#define PR_CHECK_CHECK_H

#include <stdbool.h>

#include "base/diag.h"
#include "port/nic.h"
#include "text/doc.h"

struct chk_env {
	const char *file;             /* for the places of the findings */
	const struct nic_list *nics;  /* to recognise NIC names; may be NULL */
	bool relayhost_list_ok;       /* 3.5 or newer: several next hops are taken */
	const char *const *map_types; /* NULL-terminated, `postconf -m`; NULL: any */
	bool old_smtpd; /* 2.8 or older: a bad network kills smtpd instead of a 451 */
	/* Does the installed Postfix know this name, or does master.cf use it? Asked only
	 * for names that nothing else explains. NULL: nobody can tell. */
	bool (*known_name)(void *ctx, struct sv name);
	void *known_ctx;
};

/* All findings of the document, in the order of its lines, appended to diags. */
void chk_maincf(const struct doc *d, const struct chk_env *env, struct diags *diags);

/* The findings of one value alone: what a
 * screen shows while it is typed. True when there is none. */
bool chk_value(
	struct sv name, struct sv value, const struct chk_env *env, struct diags *diags);

#endif
