/* SPDX-License-Identifier: MIT
 *
 * The rules of Postfix's mac_expand(3) and compat_level(3), found out by asking postconf.
 */
#include "model/cfcmp.h"

#define LEVEL_BITS 10 /* of minor version and patch, in a level made one number */
#define LEVEL_PART (((uint64_t)1 << LEVEL_BITS) - 1)
#define MAJOR_MAX ((uint64_t)INT64_MAX >> (2 * LEVEL_BITS))

enum cfc_op
cfc_operator(struct sv v, size_t *n)
{
	static const struct {
		const char *text;
		enum cfc_op op;
	} table[] = {
		{"==", CFC_EQ},
		{"!=", CFC_NE},
		{"<", CFC_LT},
		{"<=", CFC_LE},
		{">=", CFC_GE},
		{">", CFC_GT},
	};

	*n = 0;
	while (*n < v.n && v.p[*n] && strchr("<>!=?+-*/~&|%", v.p[*n]))
		(*n)++;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (sv_eq_str(sv_sub(v, 0, *n), table[i].text))
			return table[i].op;
	return CFC_NONE;
}

/* One number of a level at the start of *v, as strtol reads it: blanks and a sign may
 * stand before it. False: none, negative or above max. */
static bool
take_part(struct sv *v, uint64_t max, uint64_t *out)
{
	size_t i = 0, from;
	bool minus;

	while (i < v->n && is_blank_char(v->p[i]))
		i++;
	minus = i < v->n && v->p[i] == '-';
	if (i < v->n && (v->p[i] == '-' || v->p[i] == '+'))
		i++;
	from = i;
	while (i < v->n && is_digit_char(v->p[i]))
		i++;
	if (!sv_to_uint(sv_sub(*v, from, i - from), max, out) || (minus && *out))
		return false;
	*v = sv_sub(*v, i, v->n);
	return true;
}

static bool
parse_level(struct sv v, uint64_t *out)
{
	uint64_t part[3] = {0};

	for (int i = 0; i < 3; i++) {
		if (!take_part(&v, i ? LEVEL_PART : MAJOR_MAX, &part[i]))
			return false;
		if (v.n == 0)
			break;
		if (v.p[0] != '.' || i == 2)
			return false;
		v = sv_sub(v, 1, v.n);
	}
	*out = part[0] << (2 * LEVEL_BITS) | part[1] << LEVEL_BITS | part[2];
	return true;
}

static bool
all_digits(struct sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_digit_char(v.p[i]))
			return false;
	return v.n > 0;
}

static bool
holds(enum cfc_op op, int order)
{
	switch (op) {
	case CFC_EQ:
		return order == 0;
	case CFC_NE:
		return order != 0;
	case CFC_LT:
		return order < 0;
	case CFC_LE:
		return order <= 0;
	case CFC_GE:
		return order >= 0;
	case CFC_GT:
		return order > 0;
	case CFC_NONE:
		break;
	}
	return false;
}

enum cfx_fault
cfc_compare(struct sv left, enum cfc_op op, struct sv right, bool level, bool *truth)
{
	uint64_t a, b;

	if (level) {
		if (!parse_level(left, &a) || !parse_level(right, &b))
			return CFX_BAD_LEVEL;
		*truth = holds(op, a < b ? -1 : a > b);
		return CFX_FINE;
	}
	if (!all_digits(left) || !all_digits(right)) {
		*truth = holds(op, sv_cmp(left, right));
		return CFX_FINE;
	}
	if (!sv_to_uint(left, INT64_MAX, &a) || !sv_to_uint(right, INT64_MAX, &b))
		return CFX_BAD_NUMBER;
	*truth = holds(op, a < b ? -1 : a > b);
	return CFX_FINE;
}
