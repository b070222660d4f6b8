/* SPDX-License-Identifier: MIT
 *
 * Comparisons in main.cf values, for cfexpr only: which operator, and what it makes of
 * two texts. Both numbers (digits only): by number; else byte by byte. With the ending
 * "level" (3.6 and newer): by compatibility level, MAJOR[.MINOR[.PATCH]].
 */
#ifndef PR_MODEL_CFCMP_H
#define PR_MODEL_CFCMP_H

#include <stdbool.h>

#include "base/str.h"
#include "model/cfexpr.h"

enum cfc_op { CFC_NONE, CFC_EQ, CFC_NE, CFC_LT, CFC_LE, CFC_GE, CFC_GT };

/* The operator at the start of v; *n is how many bytes it has, also when it is none that
 * Postfix knows (CFC_NONE). */
enum cfc_op cfc_operator(struct sv v, size_t *n);

/* Compare; CFX_FINE, or why Postfix can't and stops. */
enum cfx_fault cfc_compare(
	struct sv left, enum cfc_op op, struct sv right, bool level, bool *truth);

#endif
