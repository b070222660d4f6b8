/* SPDX-License-Identifier: MIT
 *
 * The compiled-in list of parameter names, from `postconf -d` of Postfix 2.6 to 3.12.
 * Names only: what they mean is in the catalogue or in the installed Postfix. Use
 * cat_is_known_name() and cat_nearest_name() of model/catalog.h to ask.
 */
#ifndef PR_MODEL_NAMES_H
#define PR_MODEL_NAMES_H

#include <stddef.h>

extern const char *const names_all[]; /* sorted by bytes */
extern const size_t names_count;

/* "_destination_concurrency_limit" and the like, which follow a transport's name. */
extern const char *const names_endings[];
extern const size_t names_endings_count;

#endif
