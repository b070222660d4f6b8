/* SPDX-License-Identifier: MIT
 *
 * Names that no row describes: known or not, and which known one was meant. The distance
 * is Damerau's (letters put in, left out, changed, swapped with the next), cut off at 2,
 * so only a narrow band of the table is computed.
 */
#include "model/catalog.h"

#include "model/names.h"

#define MAX_DISTANCE 2
#define MAX_NAME 64

static bool
in_list(struct sv name)
{
	size_t lo = 0, hi = names_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int r = sv_cmp(name, sv_of(names_all[mid]));

		if (r == 0)
			return true;
		if (r < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return false;
}

static bool
is_service_made(struct sv name)
{
	for (size_t i = 0; i < names_endings_count; i++)
		if (sv_ends(name, names_endings[i]) && name.n > strlen(names_endings[i]))
			return true;
	return false;
}

bool
cat_is_own_name(struct sv name)
{
	return in_list(name) && !is_service_made(name);
}

bool
cat_is_known_name(struct sv name)
{
	return in_list(name) || is_service_made(name);
}

static size_t
min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Distance of a and b, or MAX_DISTANCE + 1 if it is larger than MAX_DISTANCE. Both are
 * shorter than MAX_NAME. */
static size_t
distance(struct sv a, struct sv b)
{
	size_t row[3][MAX_NAME + 1];
	const size_t far = MAX_DISTANCE + 1;

	for (size_t j = 0; j <= b.n; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];
		size_t from = i > MAX_DISTANCE ? i - MAX_DISTANCE : 1;
		size_t to = i + MAX_DISTANCE < b.n ? i + MAX_DISTANCE : b.n;
		size_t best = far;

		now[from - 1] = from == 1 ? i : far;
		for (size_t j = from; j <= to; j++) {
			bool same = a.p[i - 1] == b.p[j - 1];
			size_t above = j < i + MAX_DISTANCE ? up[j] : far;

			now[j] = min3(above + 1, now[j - 1] + 1, up[j - 1] + !same);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
				a.p[i - 2] == b.p[j - 1] && up2[j - 2] + 1 < now[j])
				now[j] = up2[j - 2] + 1;
			if (now[j] < best)
				best = now[j];
		}
		if (best > MAX_DISTANCE)
			return far;
	}
	return row[a.n % 3][b.n];
}

static struct sv
fold(struct sv v, char buf[MAX_NAME])
{
	for (size_t i = 0; i < v.n; i++)
		buf[i] = v.p[i] == '-' ? '_' : fold_char(v.p[i]);
	return sv_make(buf, v.n);
}

const char *
cat_nearest_of(struct sv name, const char *const *names, size_t n)
{
	const char *found = NULL;
	size_t best = MAX_DISTANCE + 1;
	char name_buf[MAX_NAME], known_buf[MAX_NAME];

	if (name.n < 4 || name.n >= MAX_NAME)
		return NULL;
	name = fold(name, name_buf);
	for (size_t i = 0; i < n; i++) {
		struct sv known = sv_of(names[i]);
		size_t d;

		if (known.n + MAX_DISTANCE < name.n || name.n + MAX_DISTANCE < known.n ||
			known.n >= MAX_NAME)
			continue;
		d = distance(name, fold(known, known_buf));
		if (d < best) {
			best = d;
			found = names[i];
		}
	}
	return found;
}

const char *
cat_nearest_name(struct sv name)
{
	return cat_nearest_of(name, names_all, names_count);
}
