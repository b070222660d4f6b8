/* SPDX-License-Identifier: MIT
 *
 * The words of smtp_tls_security_level, compared as Postfix does, without case.
 */
#ifndef PR_MODEL_TLSLEVEL_H
#define PR_MODEL_TLSLEVEL_H

#include <stdbool.h>

#include "base/str.h"

/* One that Postfix knows? Empty is none of them. */
bool tls_is_level(struct sv word);
/* Nothing goes unencrypted at it. */
bool tls_is_strong(struct sv word);
/* It checks certificates against trusted roots. */
bool tls_wants_roots(struct sv word);

#endif
