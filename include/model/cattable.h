/* SPDX-License-Identifier: MIT
 *
 * The catalogue's rows, apart from the code that reads them. For model/catalog only;
 * everybody else asks cat_find() and cat_all().
 */
#ifndef PR_MODEL_CATTABLE_H
#define PR_MODEL_CATTABLE_H

#include "model/catalog.h"

extern const struct cat_def cattable[]; /* sorted by name */
extern const size_t cattable_rows;

#endif
