/* SPDX-License-Identifier: MIT
 *
 * Lookup tables whose contents are text that we can read as Postfix does: static:,
 * inline:, cidr:, texthash:, and the source of an indexed table. Only the question
 * whether a client is in it: its address, its name, and the domains above it. Sources:
 * dict_inline.c, dict_cidr.c, dict_thash.c and match_ops.c of Postfix 3.7.
 */
#ifndef PR_MODEL_MAPTEXT_H
#define PR_MODEL_MAPTEXT_H

#include <stdbool.h>

#include "base/str.h"
#include "model/relaytest.h"

/* Can a table of this type be judged from its text (inline and static: its name)? */
bool map_is_text(struct sv type);

/* Is the client in type:name? text: the file's bytes; for inline:, static: and cidr:{{}}
 * the name itself. REL_ERROR where Postfix can't open the table. */
enum rel_hit map_text_match(
	struct sv type, struct sv name, struct sv text, const struct rel_client *c);

/* The same for the source of an indexed table (hash:, lmdb:, ...). */
enum rel_hit map_source_match(struct sv text, const struct rel_client *c);

#endif
