/* SPDX-License-Identifier: MIT
 *
 * Files in libconfuse's syntax, for src/session/ only: reading one safely, and parsing it
 * as a whole or not at all. libconfuse's habits decide the shape: it stops at the first
 * mistake and then leaves some options with 0 instead of their default; and it fills in
 * ${NAME} from the environment, which nobody who runs this as root wants, so a text with
 * ${ outside a comment line is refused before it is parsed.
 */
#ifndef PR_SESSION_CFGFILE_H
#define PR_SESSION_CFGFILE_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/str.h"

struct cfg_t;

struct cfgfile {
	const char *path;
	const char *hint;      /* where its words are explained */
	bool may_miss;         /* one that isn't there says nothing */
	bool may_deny;         /* one that can't be opened neither */
	bool no_link;          /* the path itself may be no symbolic link */
	bool is_trusted_as_us; /* whoever can write it is as mighty as who runs this */
};

/* Is this process mightier than the person who started it? */
bool cfgfile_is_privileged(void);

/* The bytes of the file appended to text. False (with a finding, unless it may miss): it
 * doesn't count. */
bool cfgfile_load(const struct cfgfile *f, struct str *text, struct diags *d);

/* Parse what was loaded. False with a finding, with its line: nothing in it counts. */
bool cfgfile_parse(
	const struct cfgfile *f, struct cfg_t *cfg, struct sv text, struct diags *d);

#endif
