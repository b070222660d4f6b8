/* SPDX-License-Identifier: MIT
 *
 * Base64 of RFC 4648, with padding and without line breaks, for bytes that JSON can't
 * hold.
 */
#ifndef PR_BASE_B64_H
#define PR_BASE_B64_H

#include "base/str.h"

/* Appended to out. */
void b64_encode(struct sv bytes, struct str *out);

/* Appended to out; false when text isn't exactly what b64_encode writes. */
bool b64_decode(struct sv text, struct str *out);

#endif
